package io.headwater.contract;

import java.util.regex.Pattern;

/// Name of a named query.
///
/// @throws IllegalArgumentException if the name has another form
public record QueryName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    /// The rule, in words for people.
    public static final String RULE =
            "A query's name is a lower-case letter followed by up to 47 lower-case letters, digits"
                    + " or underscores";

    public QueryName {
        if (!isValid(value)) {
            throw new IllegalArgumentException(RULE + "; got \"" + Excerpt.of(value) + "\"");
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
