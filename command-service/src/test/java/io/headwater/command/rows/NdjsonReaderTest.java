package io.headwater.command.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonReaderTest {
    private static final int LONGEST = 1_000;

    @Test
    void eachLineIsOneObject() throws IOException {
        assertThat(rows("{\"a\":1}\r\n\n  \n{\"a\":\"é\"}"))
                .containsExactly(
                        new Row.Members(
                                1, "{\"a\":1}", Json.mapper().createObjectNode().put("a", 1)),
                        new Row.Members(
                                4,
                                "{\"a\":\"é\"}",
                                Json.mapper().createObjectNode().put("a", "é")));
    }

    @Test
    void aBadLineIsToldAndTheNextIsRead() throws IOException {
        String deep = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
        var bad = List.of("{\"a\":", "[1]", "7", "{\"a\":1,\"a\":2}", "{} {}", "{'a':1}", deep);
        for (String line : bad) {
            var rows = rows(line + "\n{\"a\":1}\n");
            assertThat(rows).as(line).hasSize(2);
            assertThat(rows.getFirst()).as(line).isInstanceOf(Row.Unreadable.class);
            assertThat(rows.getFirst().raw()).isEqualTo(line);
            assertThat(rows.getLast().line()).isEqualTo(2);
        }
    }

    @Test
    void theFaultSaysWhere() throws IOException {
        var row = (Row.Unreadable) rows("{\"a\":1,}").getFirst();
        assertThat(row.fault().code()).isEqualTo("json");
        assertThat(row.fault().detail()).startsWith("No JSON, at character 8");
    }

    @Test
    void aLineOverTheBoundIsRefusedAndTheNextIsRead() throws IOException {
        var rows = rows("{\"a\":\"" + "x".repeat(1_000_000) + "\"}\n{}");
        assertThat(((Row.Unreadable) rows.getFirst()).fault().code()).isEqualTo("tooLong");
        assertThat(rows.getFirst().raw()).hasSize(LONGEST);
        assertThat(rows.getLast()).isInstanceOf(Row.Members.class);
    }

    @Test
    void bytesThatAreNoUtf8AreToldByLine() throws IOException {
        byte[] file = "{}\n{\"a\":\"\u00fc\"}\n{}".getBytes(StandardCharsets.ISO_8859_1);
        var rows = read(file);
        assertThat(rows).hasSize(3);
        assertThat(((Row.Unreadable) rows.get(1)).fault().detail())
                .contains("0xFC at byte 7 of line 2");
    }

    private static List<Row> rows(String file) throws IOException {
        return read(file.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Row> read(byte[] file) throws IOException {
        var rows = new ArrayList<Row>();
        try (var reader = new NdjsonReader(new ByteArrayInputStream(file), LONGEST)) {
            for (Row row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
