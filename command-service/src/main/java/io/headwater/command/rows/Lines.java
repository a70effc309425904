package io.headwater.command.rows;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lines of a file as bytes, each with its number. A line ends with LF; a byte order mark of
/// UTF-8 at the very beginning is dropped. Holds one buffer and the line at hand.
final class Lines implements Closeable {
    private static final int BUFFER = 64 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final int longest;
    private final Deque<Line> putBack = new ArrayDeque<>();
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long number;

    static final class Line {
        private final long number;
        private final byte[] bytes;
        private final boolean tooLong;

        private Line(long number, byte[] bytes, boolean tooLong) {
            this.number = number;
            this.bytes = bytes;
            this.tooLong = tooLong;
        }

        /// Counted from 1.
        long number() {
            return number;
        }

        /// With the line break, if there is one; of a line that is too long the beginning.
        byte[] bytes() {
            return bytes;
        }

        /// Whether the line has more than the most bytes.
        boolean tooLong() {
            return tooLong;
        }

        /// Length without the line break, LF or CRLF.
        int length() {
            int end = bytes.length;
            if (end > 0 && bytes[end - 1] == '\n') {
                end--;
            }
            return end > 0 && bytes[end - 1] == '\r' ? end - 1 : end;
        }
    }

    /// @param longest most bytes of a line, with its line break
    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /// @return null at the end of the file
    @Nullable Line next() throws IOException {
        Line again = putBack.pollFirst();
        return again == null ? read() : again;
    }

    /// Lines that [#next] gives again, in this order.
    void putBack(List<Line> lines) {
        lines.reversed().forEach(putBack::addFirst);
    }

    private @Nullable Line read() throws IOException {
        byte[] line = new byte[0];
        boolean tooLong = false;
        boolean ended = false;
        while (!ended && (from < to || fill())) {
            int end = lineBreak();
            ended = end >= 0;
            int stop = ended ? end + 1 : to;
            int kept = Math.min(stop - from, longest - line.length);
            tooLong |= kept < stop - from;
            if (kept > 0) {
                int before = line.length;
                line = Arrays.copyOf(line, before + kept);
                System.arraycopy(buffer, from, line, before, kept);
            }
            from = stop;
        }
        if (line.length == 0) {
            return null;
        }
        number++;
        return new Line(number, number == 1 ? withoutMark(line) : line, tooLong);
    }

    private int lineBreak() {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.readNBytes(buffer, 0, BUFFER));
        return to > 0;
    }

    private static byte[] withoutMark(byte[] line) {
        boolean marked = line.length >= 3 && Arrays.equals(line, 0, 3, BYTE_ORDER_MARK, 0, 3);
        return marked ? Arrays.copyOfRange(line, 3, line.length) : line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
