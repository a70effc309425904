package io.headwater.command.rows;

import io.headwater.command.rows.CsvSplitter.Place;
import io.headwater.contract.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV by RFC 4180: a header row, then rows with as many cells; line breaks LF or CRLF, also inside
/// quotes. Blank lines between rows are passed over.
///
/// A quote that is opened and never closed would swallow the rest of the file. So a row that is
/// broken, too long, or still open at the end of the file is given up at its first line only, and
/// reading goes on with the line after it.
public final class CsvReader implements RowReader {
    private static final int MOST_LINES = 10_000;

    private final Lines lines;
    private final int longest;
    private final CsvSplitter splitter;
    private final List<String> header;

    /// @param longest most bytes of a row
    /// @throws HeaderMissing if the file has no first row that can be read
    public CsvReader(InputStream in, char delimiter, int longest) throws IOException {
        this.lines = new Lines(in, longest);
        this.longest = longest;
        this.splitter = new CsvSplitter(delimiter);
        this.header =
                switch (read()) {
                    case null -> throw new HeaderMissing("The file is empty");
                    case Row.Cells cells -> cells.cells();
                    case Row.Unreadable row -> throw new HeaderMissing(row.fault().detail());
                    case Row.Members _ -> throw new IllegalStateException("no row of CSV");
                };
    }

    /// The file does not start with a row of names.
    public static final class HeaderMissing extends IOException {
        HeaderMissing(String why) {
            super(why + ". A CSV file starts with a row that names its columns");
        }
    }

    /// Names of the columns.
    public List<String> header() {
        return header;
    }

    @Override
    public @Nullable Row next() throws IOException {
        Row row = read();
        if (row instanceof Row.Cells given && given.cells().size() != header.size()) {
            return new Row.Unreadable(
                    row.line(),
                    row.lastLine(),
                    row.raw(),
                    false,
                    new Fault(
                            "",
                            "cells",
                            "The header has %,d columns, the row has %,d cells"
                                    .formatted(header.size(), given.cells().size())));
        }
        return row;
    }

    private @Nullable Row read() throws IOException {
        while (true) {
            Lines.Line line = lines.next();
            if (line == null) {
                return null;
            }
            if (line.tooLong() || line.length() > 0) {
                return row(line);
            }
        }
    }

    private Row row(Lines.Line first) throws IOException {
        var followers = new ArrayList<Lines.Line>();
        Place place = splitter.scan(first.bytes(), first.length(), Place.CELL_START);
        Lines.Line last = first;
        long bytes = first.bytes().length;
        Fault fault = tooLong(first, bytes, 0);
        while (fault == null && place == Place.QUOTED_CELL) {
            // The line break belongs to the cell; it changes nothing about the place.
            Lines.Line next = lines.next();
            if (next == null) {
                fault = new Fault("", "quote", "A double quote is opened and never closed");
            } else {
                followers.add(next);
                bytes += next.bytes().length;
                last = next;
                place = splitter.scan(next.bytes(), next.length(), place);
                fault = tooLong(next, bytes, followers.size());
            }
        }
        if (fault == null && place == Place.BROKEN) {
            fault =
                    new Fault(
                            "",
                            "quote",
                            "After the double quote that closes a cell, line %,d goes on without a"
                                            .formatted(last.number())
                                    + " delimiter; a quote inside a cell is written twice");
        }
        if (fault != null) {
            lines.putBack(followers);
            var text = StrictUtf8.decode(first.bytes(), first.length(), first.number());
            return new Row.Unreadable(
                    first.number(), first.number(), text.text(), first.tooLong(), fault);
        }
        return whole(first, followers, last);
    }

    private Row whole(Lines.Line first, List<Lines.Line> followers, Lines.Line last) {
        byte[] bytes = first.bytes();
        int length = first.length();
        if (!followers.isEmpty()) {
            var row = new ByteArrayOutputStream();
            row.writeBytes(first.bytes());
            followers.forEach(line -> row.writeBytes(line.bytes()));
            bytes = row.toByteArray();
            length = bytes.length - (last.bytes().length - last.length());
        }
        var text = StrictUtf8.decode(bytes, length, first.number());
        return text.fault() == null
                ? new Row.Cells(
                        first.number(), last.number(), text.text(), splitter.cells(text.text()))
                : new Row.Unreadable(
                        first.number(), last.number(), text.text(), false, text.fault());
    }

    private @Nullable Fault tooLong(Lines.Line line, long bytes, int followers) {
        if (!line.tooLong() && bytes <= longest && followers < MOST_LINES) {
            return null;
        }
        String bound = "A row has at most %,d bytes and %,d lines".formatted(longest, MOST_LINES);
        return new Fault(
                "",
                "tooLong",
                followers == 0 ? bound : bound + "; is a double quote never closed?");
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
