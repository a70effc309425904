package io.headwater.query.export;

import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.query.api.RecordWriter;
import io.headwater.query.sql.CompiledQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import tools.jackson.core.JsonGenerator;

/// One line for each record: its envelope, as a query answers it.
final class NdjsonSink implements RecordSink {
    private final ModelName model;
    private final CompiledQuery query;
    private final Counted out;
    private final JsonGenerator json;

    NdjsonSink(ModelName model, CompiledQuery query, OutputStream out) {
        this.model = model;
        this.query = query;
        this.out = new Counted(out);
        this.json = Json.mapper().writer().withRootValueSeparator("\n").createGenerator(this.out);
    }

    @Override
    public void write(ResultSet row) throws SQLException {
        RecordWriter.envelope(json, model, query, row);
    }

    @Override
    public void end() throws IOException {
        json.flush();
        if (bytes() > 0) {
            out.write('\n');
        }
        out.flush();
    }

    @Override
    public long bytes() {
        return out.bytes() + json.streamWriteOutputBuffered();
    }
}
