package io.headwater.command.rows;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
    private static final int LONGEST = 200;

    @Test
    void cellsFollowRfc4180() throws IOException {
        assertThat(cells("a,b,c\n" + "1,\"two, with \"\"quotes\"\"\",\n" + "\"\",x\"y,\"مطار\"\n"))
                .containsExactly(
                        List.of("1", "two, with \"quotes\"", ""), List.of("", "x\"y", "مطار"));
    }

    @Test
    void lineBreaksInsideQuotesBelongToTheCellAndLinesAreStillCounted() throws IOException {
        var rows = rows("a,b\r\n1,\"x\r\ny\n\nz\"\r\n2,3\r\n");
        assertThat(rows)
                .extracting(Row::line, Row::lastLine)
                .containsExactly(tuple(2, 5), tuple(6, 6));
        assertThat(((Row.Cells) rows.getFirst()).cells()).containsExactly("1", "x\r\ny\n\nz");
        assertThat(rows.getFirst().raw()).isEqualTo("1,\"x\r\ny\n\nz\"");
    }

    @Test
    void aByteOrderMarkAndBlankLinesArePassedOver() throws IOException {
        try (var reader = reader("\uFEFFa,b\n\n\r\n1,2")) {
            assertThat(reader.header()).containsExactly("a", "b");
            Row row = reader.next();
            assertThat(row).isEqualTo(new Row.Cells(4, 4, "1,2", List.of("1", "2")));
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void anotherDelimiterIsTaken() throws IOException {
        try (var reader = new CsvReader(bytes("a;b\n1,5;\"x;y\"\n"), ';', LONGEST)) {
            assertThat(reader.next())
                    .isEqualTo(new Row.Cells(2, 2, "1,5;\"x;y\"", List.of("1,5", "x;y")));
        }
    }

    @Test
    void aRowWithTheWrongNumberOfCellsIsRefusedAlone() throws IOException {
        assertThat(rows("a,b\n1\n1,2,3\n1,2\n"))
                .extracting(CsvReaderTest::told)
                .containsExactly("2 cells", "3 cells", "4 ok");
    }

    @Test
    void aQuoteThatIsNeverClosedCostsOnlyItsOwnLine() throws IOException {
        assertThat(rows("a,b\n1,\"open\n3,4\n5,6"))
                .extracting(CsvReaderTest::told)
                .containsExactly("2 quote", "3 ok", "4 ok");
    }

    @Test
    void aQuoteThatIsClosedByAnotherRowsQuoteCostsOnlyItsOwnLine() throws IOException {
        assertThat(rows("a,b\n1,\"open\n3,4\n\"5\",6\n"))
                .extracting(CsvReaderTest::told)
                .containsExactly("2 quote", "3 ok", "4 ok");
    }

    @Test
    void aRowOverTheBoundIsRefusedAndTheNextIsRead() throws IOException {
        var rows = rows("a,b\n1," + "x".repeat(100_000) + "\n1,2\n");
        assertThat(rows).extracting(CsvReaderTest::told).containsExactly("2 tooLong", "3 ok");
        assertThat(rows.getFirst().raw()).hasSize(LONGEST).startsWith("1,xx");
        assertThat(((Row.Unreadable) rows.getFirst()).cut()).isTrue();
    }

    @Test
    void aQuotedCellOverTheBoundIsGivenUpAtItsFirstLine() throws IOException {
        var rows = rows("a,b\n1,\"open\n" + "5,6\n".repeat(100));
        assertThat(rows).hasSize(101);
        assertThat(told(rows.getFirst())).isEqualTo("2 tooLong");
        assertThat(rows.subList(1, 101)).allMatch(row -> row instanceof Row.Cells);
    }

    @Test
    void aQuotedCellOfVeryManyShortLinesIsGivenUp() throws IOException {
        try (var reader =
                new CsvReader(bytes("a\n\"" + "\n".repeat(20_000)), ',', Integer.MAX_VALUE)) {
            assertThat(told(reader.next())).isEqualTo("2 tooLong");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void bytesThatAreNoUtf8AreToldByLineAndPlace() throws IOException {
        byte[] file = "a,b\n1,\"x\nyéz\"\n1,2\n".getBytes(StandardCharsets.ISO_8859_1);
        try (var reader = new CsvReader(new ByteArrayInputStream(file), ',', LONGEST)) {
            var row = (Row.Unreadable) requireNonNull(reader.next());
            assertThat(told(row)).isEqualTo("2 encoding");
            assertThat(row.fault().detail()).contains("0xE9 at byte 2 of line 3");
            assertThat(row.raw()).isEqualTo("1,\"x\ny\uFFFDz\"");
            assertThat(told(reader.next())).isEqualTo("4 ok");
        }
    }

    @Test
    void theLastBytesOfATornCharacterAreNoUtf8Either() throws IOException {
        byte[] file = {'a', '\n', 'x', (byte) 0xC3};
        try (var reader = new CsvReader(new ByteArrayInputStream(file), ',', LONGEST)) {
            assertThat(told(reader.next())).isEqualTo("2 encoding");
        }
    }

    @Test
    void aFileWithoutHeaderIsRefused() {
        for (String file : List.of("", "\n\n", "\uFEFF", "\"a", "\"a\"b,c\n")) {
            assertThatThrownBy(() -> reader(file))
                    .as(file)
                    .isInstanceOf(CsvReader.HeaderMissing.class)
                    .hasMessageContaining("starts with a row that names its columns");
        }
    }

    @Test
    void aFileThatIsUtf16IsRefusedByItsHeader() {
        var file = new ByteArrayInputStream("a,b\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> new CsvReader(file, ',', LONGEST))
                .isInstanceOf(CsvReader.HeaderMissing.class)
                .hasMessageContaining("no UTF-8");
    }

    private static org.assertj.core.groups.Tuple tuple(long line, long lastLine) {
        return org.assertj.core.groups.Tuple.tuple(line, lastLine);
    }

    private static String told(@Nullable Row row) {
        return switch (row) {
            case null -> "end";
            case Row.Unreadable bad -> bad.line() + " " + bad.fault().code();
            case Row.Cells cells -> cells.line() + " ok";
            case Row.Members members -> members.line() + " ok";
        };
    }

    private static List<List<String>> cells(String file) throws IOException {
        return rows(file).stream().map(row -> ((Row.Cells) row).cells()).toList();
    }

    private static List<Row> rows(String file) throws IOException {
        var rows = new ArrayList<Row>();
        try (var reader = reader(file)) {
            for (Row row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static CsvReader reader(String file) throws IOException {
        return new CsvReader(bytes(file), ',', LONGEST);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
