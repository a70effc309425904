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

/// A span of the calendar, in UTC, by which times are grouped: `at:month`. It is told by the day on
/// which it begins, an hour by its first moment. Weeks begin on Monday.
enum Bucket {
    YEAR,
    QUARTER,
    MONTH,
    WEEK,
    DAY,
    HOUR;

    /// As it stands in a query.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Bucket> of(String code) {
        return Arrays.stream(values()).filter(bucket -> bucket.code().equals(code)).findFirst();
    }

    /// The type that tells it; null if fields of this type have no such spans.
    @Nullable FieldType resultOf(FieldType type) {
        return switch (type) {
            case FieldType.Day _ -> this == HOUR ? null : new FieldType.Day(null, null);
            case FieldType.Moment _ ->
                    this == HOUR ? new FieldType.Moment(null, null) : new FieldType.Day(null, null);
            case FieldType.Text _,
                    FieldType.WholeNumber _,
                    FieldType.Decimal _,
                    FieldType.Truth _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    null;
        };
    }

    Field<?> sql(Column of) {
        Field<?> value = of.sql();
        Field<?> utc =
                of.type() instanceof FieldType.Moment
                        ? field("({0} AT TIME ZONE 'UTC')", SQLDataType.TIMESTAMP, value)
                        : field("{0}::timestamp", SQLDataType.TIMESTAMP, value);
        return this == HOUR
                ? field(
                        "date_trunc({0}, {1}) AT TIME ZONE 'UTC'",
                        SQLDataType.INSTANT, inline(code()), utc)
                : field("date_trunc({0}, {1})::date", SQLDataType.LOCALDATE, inline(code()), utc);
    }
}
