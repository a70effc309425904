package io.headwater.query.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.FieldType;
import io.headwater.query.api.RecordWriter;
import io.headwater.query.sql.CompiledQuery.Shown;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/// CSV (RFC 4180): a row of names, then a row for each record. An unset field is an empty cell, an
/// empty text is `""`; a list is JSON. Values stand as they are, also those that a spreadsheet
/// would take for a formula.
final class CsvSink implements RecordSink {
    private static final String END_OF_ROW = "\r\n";

    private final List<Shown> columns;
    private final Counted out;
    private final Writer writer;

    CsvSink(List<Shown> columns, OutputStream out) throws IOException {
        this.columns = columns;
        this.out = new Counted(out);
        this.writer = new BufferedWriter(new OutputStreamWriter(this.out, UTF_8));
        writer.write(
                columns.stream().map(Shown::name).collect(Collectors.joining(",", "", END_OF_ROW)));
    }

    @Override
    public void write(ResultSet row) throws SQLException, IOException {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                writer.write(',');
            }
            Shown column = columns.get(i);
            cell(text(column.type(), row, column.index()));
        }
        writer.write(END_OF_ROW);
    }

    @Override
    public void end() throws IOException {
        writer.flush();
    }

    @Override
    public long bytes() {
        return out.bytes();
    }

    private void cell(@Nullable String text) throws IOException {
        if (text == null) {
            return;
        }
        if (!text.isEmpty() && !mustBeQuoted(text)) {
            writer.write(text);
            return;
        }
        writer.write('"');
        writer.write(text.replace("\"", "\"\""));
        writer.write('"');
    }

    private static boolean mustBeQuoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        // Readers that trim would lose it else.
        return text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ';
    }

    private static @Nullable String text(FieldType type, ResultSet row, int index)
            throws SQLException {
        if (!(type instanceof FieldType.Items list)) {
            return RecordWriter.text(type, row, index);
        }
        List<String> items = RecordWriter.items(list.items(), row, index);
        boolean bare =
                list.items() instanceof FieldType.WholeNumber
                        || list.items() instanceof FieldType.Truth;
        return items == null
                ? null
                : items.stream()
                        .map(item -> bare ? item : StringNode.valueOf(item).toString())
                        .collect(Collectors.joining(",", "[", "]"));
    }
}
