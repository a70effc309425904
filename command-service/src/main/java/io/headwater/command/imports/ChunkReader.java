package io.headwater.command.imports;

import io.headwater.command.rows.Layout;
import io.headwater.command.rows.Row;
import io.headwater.command.rows.RowReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a file in chunks of bounded size. Rows of the same id never share a chunk, so that each
/// sees what became of the one before. Not safe for concurrent use.
final class ChunkReader implements Closeable {
    /// Most characters in all rows of a chunk, if it has more than one.
    private static final int MOST_CHARACTERS = 1024 * 1024;

    private final RowReader reader;
    private final @Nullable List<String> header;
    private final @Nullable String idName;
    private final int mostRows;

    /// A row that was read and belongs to the next chunk.
    private @Nullable Row kept;

    /// @param idName column or member that is the record's id
    ChunkReader(RowReader reader, @Nullable String idName, int mostRows) {
        this.reader = reader;
        this.header = ImportParameters.header(reader);
        this.idName = idName == null ? Layout.PRESET_ID : idName;
        this.mostRows = mostRows;
    }

    RowReader rows() {
        return reader;
    }

    /// Passes over rows that end on this line or before it.
    void skip(long line) throws IOException {
        Row row = read();
        while (row != null && row.lastLine() <= line) {
            row = read();
        }
        kept = row;
    }

    /// The next rows; none if the file has no more.
    Chunk next() throws IOException {
        var rows = new ArrayList<Row>();
        Set<String> ids = new HashSet<>();
        long characters = 0;
        Row row = read();
        while (row != null) {
            characters += row.raw().length();
            boolean full = rows.size() == mostRows || characters > MOST_CHARACTERS;
            if (!rows.isEmpty() && (full || !isNew(row, ids))) {
                kept = row;
                return chunk(rows, false);
            }
            if (rows.isEmpty()) {
                isNew(row, ids);
            }
            rows.add(row);
            row = read();
        }
        return chunk(rows, true);
    }

    private Chunk chunk(List<Row> rows, boolean last) {
        return new Chunk(header, rows, rows.isEmpty() ? 0 : rows.getLast().lastLine(), last);
    }

    private @Nullable Row read() throws IOException {
        Row row = kept;
        kept = null;
        return row == null ? reader.next() : row;
    }

    private boolean isNew(Row row, Set<String> ids) {
        String id =
                switch (row) {
                    case Row.Unreadable _ -> null;
                    case Row.Members members -> {
                        var value = members.members().get(idName);
                        yield value == null ? null : value.asString("");
                    }
                    case Row.Cells cells -> {
                        int column = header == null ? -1 : header.indexOf(idName);
                        yield column < 0 ? null : cells.cells().get(column);
                    }
                };
        return id == null || id.isEmpty() || ids.add(id);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
