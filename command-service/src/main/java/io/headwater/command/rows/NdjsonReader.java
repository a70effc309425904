package io.headwater.command.rows;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Newline-delimited JSON: one object a line. Blank lines are passed over.
public final class NdjsonReader implements RowReader {
    private final Lines lines;
    private final int longest;

    /// @param longest most bytes of a line
    public NdjsonReader(InputStream in, int longest) {
        this.lines = new Lines(in, longest);
        this.longest = longest;
    }

    @Override
    public @Nullable Row next() throws IOException {
        while (true) {
            Lines.Line line = lines.next();
            if (line == null) {
                return null;
            }
            var text = StrictUtf8.decode(line.bytes(), line.length(), line.number());
            if (!text.text().isBlank()) {
                return row(line, text);
            }
        }
    }

    private Row row(Lines.Line line, StrictUtf8 text) {
        if (line.tooLong()) {
            return unreadable(
                    line,
                    text,
                    new Fault("", "tooLong", "A line has at most %,d bytes".formatted(longest)));
        }
        if (text.fault() != null) {
            return unreadable(line, text, text.fault());
        }
        try {
            JsonNode json = Json.read(text.text());
            if (json instanceof ObjectNode members) {
                return new Row.Members(line.number(), text.text(), members);
            }
            return unreadable(
                    line,
                    text,
                    new Fault(
                            "",
                            "type",
                            "A line is a JSON object with the record's fields; got "
                                    + Excerpt.of(text.text())));
        } catch (MalformedJsonException e) {
            return unreadable(
                    line,
                    text,
                    new Fault(
                            "",
                            "json",
                            "No JSON, at character %,d: %s"
                                    .formatted(Math.max(1, e.column()), e.reason())));
        }
    }

    private static Row unreadable(Lines.Line line, StrictUtf8 text, Fault fault) {
        return new Row.Unreadable(line.number(), line.number(), text.text(), line.tooLong(), fault);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
