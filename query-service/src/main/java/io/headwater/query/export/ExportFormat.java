package io.headwater.query.export;

import io.headwater.contract.ModelName;
import io.headwater.query.sql.CompiledQuery;
import java.io.IOException;
import java.io.OutputStream;

/// A format of exports; the end of the route names it.
enum ExportFormat {
    CSV("text/csv;header=present;charset=UTF-8"),
    NDJSON("application/x-ndjson"),
    PARQUET("application/vnd.apache.parquet");

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    static ExportFormat ofPath(String path) {
        for (ExportFormat format : values()) {
            if (path.endsWith(format.suffix())) {
                return format;
            }
        }
        throw new IllegalStateException("A route has no format: " + path);
    }

    String mediaType() {
        return mediaType;
    }

    /// Ends the route, and the name of the file: `.csv`.
    String suffix() {
        return "." + name().toLowerCase(java.util.Locale.ROOT);
    }

    RecordSink sink(ModelName model, CompiledQuery query, OutputStream out) throws IOException {
        return switch (this) {
            case CSV -> new CsvSink(query.table(), out);
            case NDJSON -> new NdjsonSink(model, query, out);
            case PARQUET -> new ParquetSink(model, query.table(), out);
        };
    }
}
