package io.headwater.contract;

import java.util.regex.Pattern;

/// Name of a data model: a lower-case letter, then up to 47 lower-case letters, digits or `_`. So
/// it fits a URL, a Kafka topic and a PostgreSQL identifier unchanged.
///
/// @throws IllegalArgumentException if the name has another form
public record ModelName(String value) implements Comparable<ModelName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    /// The rule, in words for people.
    public static final String RULE =
            "A model's name is a lower-case letter followed by up to 47 lower-case letters, digits"
                    + " or underscores";

    public ModelName {
        if (!isValid(value)) {
            throw new IllegalArgumentException(RULE + "; got \"" + Excerpt.of(value) + "\"");
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
