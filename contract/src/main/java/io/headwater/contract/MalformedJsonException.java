package io.headwater.contract;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/// A text is no JSON, or beyond the bounds of [Json]. The message says why, for people: without
/// what the parser adds for programmers.
public final class MalformedJsonException extends IllegalArgumentException {
    private static final Pattern FOR_PROGRAMMERS =
            Pattern.compile(
                    "\n.*"
                            + "|:? *\\((start marker )?at \\[Source:.*"
                            + "|:? *\\(not recognized as one .*"
                            + "| *\\(bound as .*"
                            + "|:? *(enable|not allowed as per) `.*"
                            + "|, from `[^`]*`"
                            + "| *\\(through reference chain.*"
                            + "|`(JsonToken\\.)?",
                    Pattern.DOTALL);

    private final int line;
    private final int column;

    MalformedJsonException(JacksonException cause) {
        super(plain(String.valueOf(cause.getOriginalMessage())), cause);
        TokenStreamLocation at = cause.getLocation();
        line = at == null ? 0 : Math.max(0, at.getLineNr());
        column = at == null ? 0 : Math.max(0, at.getColumnNr());
    }

    MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
        line = 0;
        column = 0;
    }

    private static String plain(String message) {
        return Excerpt.of(FOR_PROGRAMMERS.matcher(message).replaceAll(""));
    }

    /// In characters from 1; 0 if that cannot be told.
    public int column() {
        return column;
    }

    /// The message, led by the line and column if they can be told.
    public String located() {
        return line == 0 ? reason() : "Line %d, column %d: %s".formatted(line, column, reason());
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
