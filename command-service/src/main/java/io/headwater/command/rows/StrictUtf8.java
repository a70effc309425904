package io.headwater.command.rows;

import io.headwater.contract.Fault;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Bytes of a row as text.
///
/// @param text with U+FFFD for bytes that are no UTF-8
/// @param fault null if all of it is UTF-8
record StrictUtf8(String text, @Nullable Fault fault) {

    /// @param firstLine number of the line on which the bytes start
    static StrictUtf8 decode(byte[] bytes, int length, long firstLine) {
        var out = CharBuffer.allocate(length);
        var in = ByteBuffer.wrap(bytes, 0, length);
        CoderResult result =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(in, out, true);
        if (!result.isError()) {
            return new StrictUtf8(out.flip().toString(), null);
        }
        return new StrictUtf8(
                new String(bytes, 0, length, StandardCharsets.UTF_8),
                fault(bytes, in.position(), firstLine));
    }

    private static Fault fault(byte[] bytes, int at, long firstLine) {
        long line = firstLine;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Fault(
                "",
                "encoding",
                "Byte 0x%02X at byte %,d of line %,d is no UTF-8; save the file as UTF-8"
                        .formatted(bytes[at], at - start + 1, line));
    }
}
