package io.headwater.contract;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// What a field holds, and which values it takes. Each type turns a given JSON value into its one
/// canonical form, in which equal values are equal JSON.
public sealed interface FieldType {

    /// Most code points in a text.
    int LONGEST_TEXT = 100_000;

    /// Most code points in a text that is unique or indexed, so that an index entry always fits.
    int LONGEST_INDEXED_TEXT = 500;

    /// Name of the type in a model definition.
    String name();

    /// The canonical form of a value.
    ///
    /// @param given any JSON value but null
    /// @param pointer where the value stands, for faults
    /// @return null if a fault was added
    @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults);

    /// A value written as bare text (a query parameter, a CSV cell), as the JSON value that it
    /// stands for. Text that does not fit comes back as a JSON string, for [#canonical] to refuse.
    default JsonNode fromText(String text) {
        return StringNode.valueOf(text);
    }

    /// @param minLength least code points
    /// @param maxLength most code points
    /// @param pattern RE2 expression that must be found in the text; null for none
    record Text(int minLength, int maxLength, @Nullable Pattern pattern) implements FieldType {
        @Override
        public String name() {
            return "text";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            if (!given.isString()) {
                return refuse(given, pointer, faults, "a text in double quotes");
            }
            String text = given.stringValue();
            String flaw = UnicodeText.flaw(text);
            int length = text.codePointCount(0, text.length());
            if (flaw != null) {
                faults.add(pointer, "text", "The text " + flaw);
            } else if (length > maxLength) {
                faults.add(
                        pointer,
                        "maxLength",
                        "At most %,d characters; got %,d".formatted(maxLength, length));
            } else if (length < minLength) {
                faults.add(
                        pointer,
                        "minLength",
                        "At least %,d characters; got %,d".formatted(minLength, length));
            } else if (pattern != null && !pattern.matcher(text).find()) {
                faults.add(
                        pointer,
                        "pattern",
                        "\"%s\" does not match the pattern %s"
                                .formatted(Excerpt.of(text), pattern.pattern()));
            } else {
                return given;
            }
            return null;
        }
    }

    /// A whole number of 64 bits, written as a JSON number without fraction.
    record WholeNumber(@Nullable Long min, @Nullable Long max) implements FieldType {
        private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
        private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

        @Override
        public String name() {
            return "integer";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            BigInteger whole = wholeNumber(given);
            if (whole == null) {
                return refuse(given, pointer, faults, "a whole number");
            }
            if (whole.compareTo(LEAST) < 0 || whole.compareTo(MOST) > 0) {
                faults.add(pointer, "range", "The number does not fit into 64 bits");
                return null;
            }
            long value = whole.longValue();
            return inRange(value, min, max, pointer, faults) ? LongNode.valueOf(value) : null;
        }

        /// 5, 5.0 and 5e3 are whole; a huge exponent is not written out to find that out.
        private static @Nullable BigInteger wholeNumber(JsonNode given) {
            if (!given.isNumber()) {
                return null;
            }
            BigDecimal number = given.decimalValue();
            if (number.signum() == 0) {
                return BigInteger.ZERO;
            }
            if ((long) number.precision() - number.scale() > 40) {
                return MOST.add(BigInteger.ONE);
            }
            BigDecimal bare = number.stripTrailingZeros();
            return bare.scale() > 0 ? null : bare.toBigInteger();
        }

        @Override
        public JsonNode fromText(String text) {
            return number(text);
        }
    }

    /// An exact decimal number, in canonical form a JSON string with `scale` digits after the
    /// point, since many JSON readers round numbers. A JSON number is taken as well.
    ///
    /// @param precision most digits in all; 1 to 38
    /// @param scale digits after the point; 0 to precision
    record Decimal(int precision, int scale, @Nullable BigDecimal min, @Nullable BigDecimal max)
            implements FieldType {
        @Override
        public String name() {
            return "decimal";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            BigDecimal number = decimal(given);
            if (number == null) {
                return refuse(given, pointer, faults, "a decimal number such as \"12.50\"");
            }
            BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            if (bare.scale() > scale) {
                faults.add(
                        pointer,
                        "scale",
                        "At most %d digits after the point; got %d".formatted(scale, bare.scale()));
                return null;
            }
            if ((long) bare.precision() - bare.scale() > precision - scale) {
                faults.add(
                        pointer,
                        "precision",
                        "At most %d digits before the point".formatted(precision - scale));
                return null;
            }
            return inRange(bare, min, max, pointer, faults)
                    ? StringNode.valueOf(bare.setScale(scale).toPlainString())
                    : null;
        }

        private static @Nullable BigDecimal decimal(JsonNode given) {
            if (given.isNumber()) {
                return given.decimalValue();
            }
            if (!given.isString() || given.stringValue().length() > 1_000) {
                return null;
            }
            try {
                return new BigDecimal(given.stringValue());
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    record Truth() implements FieldType {
        @Override
        public String name() {
            return "boolean";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            return given.isBoolean() ? given : refuse(given, pointer, faults, "true or false");
        }

        @Override
        public JsonNode fromText(String text) {
            return switch (text) {
                case "true" -> BooleanNode.TRUE;
                case "false" -> BooleanNode.FALSE;
                default -> StringNode.valueOf(text);
            };
        }
    }

    /// A day of the ISO calendar, years 0001 to 9999.
    record Day(@Nullable LocalDate min, @Nullable LocalDate max) implements FieldType {
        @Override
        public String name() {
            return "date";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            try {
                if (given.isString() && given.stringValue().length() == 10) {
                    var day = LocalDate.parse(given.stringValue());
                    if (day.getYear() >= 1) {
                        return inRange(day, min, max, pointer, faults)
                                ? StringNode.valueOf(day.toString())
                                : null;
                    }
                }
            } catch (DateTimeException e) {
                // falls through to the refusal
            }
            return refuse(given, pointer, faults, "a date such as \"2026-01-31\"");
        }
    }

    /// A moment, at most microseconds fine, years 0001 to 9999; in canonical form UTC with six
    /// digits of fraction.
    record Moment(@Nullable Instant min, @Nullable Instant max) implements FieldType {
        private static final DateTimeFormatter CANONICAL =
                new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);
        private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
        private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

        @Override
        public String name() {
            return "timestamp";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            Instant moment = moment(given);
            if (moment == null) {
                return refuse(
                        given,
                        pointer,
                        faults,
                        "a time with offset such as \"2026-01-31T10:00:00Z\", at most microseconds"
                                + " fine");
            }
            return inRange(moment, min, max, pointer, faults)
                    ? StringNode.valueOf(text(moment))
                    : null;
        }

        /// Canonical text of a moment.
        public static String text(Instant moment) {
            return CANONICAL.format(moment);
        }

        private static @Nullable Instant moment(JsonNode given) {
            if (!given.isString() || given.stringValue().length() > 40) {
                return null;
            }
            try {
                var moment = OffsetDateTime.parse(given.stringValue()).toInstant();
                boolean fits =
                        moment.truncatedTo(ChronoUnit.MICROS).equals(moment)
                                && !moment.isBefore(FIRST)
                                && !moment.isAfter(LAST);
                return fits ? moment : null;
            } catch (DateTimeException e) {
                return null;
            }
        }
    }

    record Uuid() implements FieldType {
        @Override
        public String name() {
            return "uuid";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            if (given.isString() && given.stringValue().length() == 36) {
                try {
                    return StringNode.valueOf(UUID.fromString(given.stringValue()).toString());
                } catch (IllegalArgumentException e) {
                    // falls through to the refusal
                }
            }
            return refuse(
                    given, pointer, faults, "a UUID such as 123e4567-e89b-12d3-a456-426614174000");
        }
    }

    /// One of a closed list of texts.
    record Choice(List<String> options) implements FieldType {
        public Choice {
            options = List.copyOf(options);
        }

        @Override
        public String name() {
            return "enum";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            if (given.isString() && options.contains(given.stringValue())) {
                return given;
            }
            return refuse(given, pointer, faults, "one of " + String.join(", ", options));
        }
    }

    /// Id of a record of another model, or of the same.
    record Reference(ModelName to, OnDelete onDelete) implements FieldType {
        @Override
        public String name() {
            return "reference";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            if (given.isString() && RecordId.isValid(given.stringValue())) {
                return given;
            }
            return refuse(given, pointer, faults, "the id of a record of " + to);
        }
    }

    /// What becomes of a record when the one it refers to is deleted.
    enum OnDelete {
        /// The delete is refused.
        RESTRICT,
        /// The reference is removed from the record.
        CLEAR,
        /// The record is deleted too.
        CASCADE
    }

    /// Any JSON value.
    record AnyJson() implements FieldType {
        @Override
        public String name() {
            return "json";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            String flaw = UnicodeText.flaw(given);
            if (flaw != null) {
                faults.add(pointer, "text", "A text in the value " + flaw);
                return null;
            }
            return given;
        }

        @Override
        public JsonNode fromText(String text) {
            return json(text);
        }
    }

    /// Several values of one scalar type, in order.
    ///
    /// @param items type of each
    /// @param maxItems most values; 1 to 10,000
    record Items(FieldType items, int maxItems) implements FieldType {
        @Override
        public String name() {
            return "list";
        }

        @Override
        public @Nullable JsonNode canonical(JsonNode given, String pointer, Faults faults) {
            if (!given.isArray()) {
                return refuse(given, pointer, faults, "a list in square brackets");
            }
            if (given.size() > maxItems) {
                faults.add(
                        pointer,
                        "maxItems",
                        "At most %,d values; got %,d".formatted(maxItems, given.size()));
                return null;
            }
            var list = JsonNodeFactory.instance.arrayNode(given.size());
            for (int i = 0; i < given.size(); i++) {
                JsonNode item = given.get(i);
                JsonNode canonical =
                        item.isNull()
                                ? refuse(item, pointer + "/" + i, faults, "a value")
                                : items.canonical(item, pointer + "/" + i, faults);
                if (canonical != null) {
                    list.add(canonical);
                }
            }
            return list.size() == given.size() ? list : null;
        }

        @Override
        public JsonNode fromText(String text) {
            return json(text);
        }
    }

    private static @Nullable JsonNode refuse(
            JsonNode given, String pointer, Faults faults, String expected) {
        faults.add(
                pointer,
                "type",
                "Expected %s; got %s".formatted(expected, Excerpt.of(given.toString())));
        return null;
    }

    private static <T extends Comparable<? super T>> boolean inRange(
            T value, @Nullable T min, @Nullable T max, String pointer, Faults faults) {
        if (min != null && value.compareTo(min) < 0) {
            faults.add(pointer, "min", "At least " + min);
            return false;
        }
        if (max != null && value.compareTo(max) > 0) {
            faults.add(pointer, "max", "At most " + max);
            return false;
        }
        return true;
    }

    private static JsonNode number(String text) {
        JsonNode value = json(text);
        return value.isNumber() ? value : StringNode.valueOf(text);
    }

    private static JsonNode json(String text) {
        try {
            JsonNode value = Json.read(text);
            return value.isMissingNode() ? StringNode.valueOf(text) : value;
        } catch (MalformedJsonException e) {
            return StringNode.valueOf(text);
        }
    }
}
