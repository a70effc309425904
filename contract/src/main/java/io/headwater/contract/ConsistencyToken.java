package io.headwater.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/// How far a client has seen the log: written `<epoch>.<position>`, `7f3a91c2.1042`.
///
/// @param epoch the log's line of life; another after a point-in-time recovery, so that a position
///   of a lost future is not taken for one of the new
/// @param position last position seen; 0 for none
public record ConsistencyToken(String epoch, long position) {
    /// Header of an answer: what the answer has seen or done.
    public static final String HEADER = "Consistency-Token";

    /// Header of a request: what the answer must have seen.
    public static final String AT_LEAST_HEADER = "Consistency-At-Least";

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{8})\\.(0|[1-9][0-9]{0,17})");

    /// @return empty if the text is no token
    public static Optional<ConsistencyToken> parse(String text) {
        var parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new ConsistencyToken(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return epoch + "." + position;
    }
}
