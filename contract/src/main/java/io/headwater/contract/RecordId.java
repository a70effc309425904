package io.headwater.contract;

import java.util.regex.Pattern;

/// Identity of a record inside its model: 1 to 200 of the characters that RFC 3986 calls
/// unreserved, and neither `.` nor `..`, so that it stands in a URL path as it is.
///
/// @throws IllegalArgumentException if the id has another form
public record RecordId(String value) implements Comparable<RecordId> {
    private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,200}");

    /// The rule, in words for people.
    public static final String RULE =
            "A record's id is 1 to 200 letters (A-Z, a-z), digits, or one of . _ ~ -";

    public RecordId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(RULE + "; got \"" + Excerpt.of(value) + "\"");
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(RecordId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
