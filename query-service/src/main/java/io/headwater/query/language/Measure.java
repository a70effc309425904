package io.headwater.query.language;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import io.headwater.contract.FieldType;
import io.headwater.query.shape.Column;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// What is worked out of the records of a group: `count`, or another and a field, `sum:amount`.
enum Measure {
    COUNT,
    /// How many different values there are.
    DISTINCT,
    SUM,
    /// Rounded to four digits more than the values have.
    AVG,
    MIN,
    MAX;

    private static final int DIGITS_OF_AVERAGE = 4;
    private static final int MOST_DIGITS = 38;

    /// As it stands in a query.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Measure> of(String code) {
        return Arrays.stream(values()).filter(measure -> measure.code().equals(code)).findFirst();
    }

    /// The type of the result; null if it makes no sense for a field of this type.
    ///
    /// Sums and averages of whole numbers are decimals too, since they need not fit into 64 bits.
    @Nullable FieldType resultOf(FieldType type) {
        return switch (this) {
            case COUNT -> null;
            case DISTINCT -> isPlain(type) ? new FieldType.WholeNumber(null, null) : null;
            case SUM -> decimal(type, 0);
            case AVG -> decimal(type, DIGITS_OF_AVERAGE);
            case MIN, MAX -> isPlain(type) && hasOrder(type) ? type : null;
        };
    }

    private static @Nullable FieldType decimal(FieldType type, int more) {
        return switch (type) {
            case FieldType.WholeNumber _ -> new FieldType.Decimal(MOST_DIGITS, more, null, null);
            case FieldType.Decimal decimal ->
                    new FieldType.Decimal(
                            MOST_DIGITS, Math.min(MOST_DIGITS, decimal.scale() + more), null, null);
            case FieldType.Text _,
                    FieldType.Truth _,
                    FieldType.Day _,
                    FieldType.Moment _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    null;
        };
    }

    private static boolean isPlain(FieldType type) {
        return !(type instanceof FieldType.AnyJson || type instanceof FieldType.Items);
    }

    private static boolean hasOrder(FieldType type) {
        return !(type instanceof FieldType.Truth || type instanceof FieldType.Uuid);
    }

    /// @param of null for [#COUNT]
    Field<?> sql(@Nullable Column of, FieldType result) {
        Field<?> value = of == null ? inline(1) : of.sql();
        return switch (this) {
            case COUNT -> field("count(*)", SQLDataType.BIGINT);
            case DISTINCT -> field("count(DISTINCT {0})", SQLDataType.BIGINT, value);
            case SUM -> field("sum({0})::numeric", SQLDataType.NUMERIC, value);
            case AVG ->
                    field(
                            "round(avg({0})::numeric, {1})",
                            SQLDataType.NUMERIC,
                            value,
                            inline(((FieldType.Decimal) result).scale()));
            case MIN -> field("min({0})", value.getDataType(), value);
            case MAX -> field("max({0})", value.getDataType(), value);
        };
    }
}
