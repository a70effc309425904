package io.headwater.command.rows;

import java.util.ArrayList;
import java.util.List;

/// Where the cells of a row of CSV end, by RFC 4180: a cell that starts with a double quote ends at
/// the next quote that is not doubled, and may hold delimiters and line breaks. A quote inside a
/// cell that does not start with one stands for itself, as most programs write and read it.
final class CsvSplitter {

    /// Where the scan of a row is after some of its bytes.
    enum Place {
        CELL_START,
        BARE_CELL,
        QUOTED_CELL,
        /// After a quote inside a quoted cell: the end of the cell, or the first half of a doubled
        /// one.
        QUOTE,
        /// Something else than a delimiter came after the closing quote.
        BROKEN
    }

    private final char delimiter;

    CsvSplitter(char delimiter) {
        this.delimiter = delimiter;
    }

    /// Scans bytes of a row. All that matters is ASCII, so UTF-8 need not be decoded for it.
    ///
    /// @param length without the line break that may end the row
    Place scan(byte[] bytes, int length, Place start) {
        Place place = start;
        for (int i = 0; i < length && place != Place.BROKEN; i++) {
            place = after(place, (char) (bytes[i] & 0xFF));
        }
        return place;
    }

    private Place after(Place place, char c) {
        return switch (place) {
            case CELL_START ->
                    c == '"'
                            ? Place.QUOTED_CELL
                            : c == delimiter ? Place.CELL_START : Place.BARE_CELL;
            case BARE_CELL -> c == delimiter ? Place.CELL_START : Place.BARE_CELL;
            case QUOTED_CELL -> c == '"' ? Place.QUOTE : Place.QUOTED_CELL;
            case QUOTE ->
                    c == '"' ? Place.QUOTED_CELL : c == delimiter ? Place.CELL_START : Place.BROKEN;
            case BROKEN -> Place.BROKEN;
        };
    }

    /// The cells of a whole row that [#scan] found in order.
    List<String> cells(String row) {
        var cells = new ArrayList<String>();
        int at = 0;
        while (at <= row.length()) {
            if (at < row.length() && row.charAt(at) == '"') {
                int end = closingQuote(row, at + 1);
                cells.add(row.substring(at + 1, end).replace("\"\"", "\""));
                at = end + 2;
            } else {
                int next = row.indexOf(delimiter, at);
                int end = next < 0 ? row.length() : next;
                cells.add(row.substring(at, end));
                at = end + 1;
            }
        }
        return cells;
    }

    private static int closingQuote(String row, int from) {
        int at = row.indexOf('"', from);
        while (at + 1 < row.length() && row.charAt(at + 1) == '"') {
            at = row.indexOf('"', at + 2);
        }
        return at;
    }
}
