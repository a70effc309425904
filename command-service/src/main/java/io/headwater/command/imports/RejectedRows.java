package io.headwater.command.imports;

import io.headwater.contract.Fault;
import io.headwater.contract.Json;
import io.headwater.contract.RejectedRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// Writes rejected rows for download, one after the other.
final class RejectedRows {
    private static final MediaType CSV = MediaType.parseMediaType("text/csv");
    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");

    private RejectedRows() {}

    enum Format {
        NDJSON("application/x-ndjson", "ndjson"),
        CSV("text/csv;charset=UTF-8", "csv");

        private final String mediaType;
        private final String ending;

        Format(String mediaType, String ending) {
            this.mediaType = mediaType;
            this.ending = ending;
        }

        String mediaType() {
            return mediaType;
        }

        String ending() {
            return ending;
        }
    }

    /// @param accept what the client prefers, as its header says; NDJSON if it says nothing of
    ///   either
    static Format format(@Nullable String accept) {
        try {
            List<MediaType> wanted = MediaType.parseMediaTypes(accept);
            double csv = quality(wanted, CSV);
            return csv > 0 && csv > quality(wanted, NDJSON) ? Format.CSV : Format.NDJSON;
        } catch (InvalidMediaTypeException e) {
            return Format.NDJSON;
        }
    }

    private static double quality(List<MediaType> wanted, MediaType type) {
        return wanted.stream()
                .filter(range -> range.includes(type))
                .mapToDouble(MediaType::getQualityValue)
                .max()
                .orElse(0);
    }

    static void write(Stream<RejectedRow> rows, Format format, OutputStream out)
            throws IOException {
        var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        if (format == Format.CSV) {
            writer.write("line,pointer,code,detail,raw\r\n");
        }
        for (Iterator<RejectedRow> each = rows.iterator(); each.hasNext(); ) {
            RejectedRow row = each.next();
            switch (format) {
                case CSV -> csv(row, writer);
                case NDJSON -> {
                    writer.write(Json.mapper().writeValueAsString(ImportView.of(row)));
                    writer.write('\n');
                }
            }
        }
        writer.flush();
    }

    /// Several faults of one row stand in the same cells, one a line.
    private static void csv(RejectedRow row, Writer writer) throws IOException {
        writer.write(Long.toString(row.line()));
        cell(joined(row, Fault::pointer), writer);
        cell(joined(row, Fault::code), writer);
        cell(joined(row, Fault::detail), writer);
        cell(row.raw(), writer);
        writer.write("\r\n");
    }

    private static String joined(RejectedRow row, java.util.function.Function<Fault, String> part) {
        return row.faults().stream().map(part).collect(Collectors.joining("\n"));
    }

    private static void cell(String text, Writer writer) throws IOException {
        writer.write(",\"");
        writer.write(text.replace("\"", "\"\""));
        writer.write('"');
    }
}
