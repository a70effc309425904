package io.headwater.bench.mapping;

import java.nio.charset.StandardCharsets;

/// Ids as files have them, in the form that records' ids have: what a URL would not take as it is
/// becomes `~` and two hexadecimal digits for each byte, so that two that differ stay different.
final class PlainId {
    private PlainId() {}

    static String of(String text) {
        var plain = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (isPlain(c)) {
                plain.append(c);
            } else {
                plain.append("~%02X".formatted((int) c));
            }
        }
        // The two ids that a URL's path would swallow.
        String id = plain.toString();
        return id.equals(".") || id.equals("..") ? id.replace(".", "~2E") : id;
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    /// For the second record of an id and those after it; no id of a file comes out like that.
    ///
    /// @param place 2 and up
    static String of(String id, int place) {
        return id + "~~" + place;
    }
}
