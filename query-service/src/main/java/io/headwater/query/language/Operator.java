package io.headwater.query.language;

import io.headwater.contract.FieldType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a filter compares a field with a value. Each comparison is either true or false for a
/// record: where the field is unset, [#NE] is true (it is [#EQ] turned round), [#NULL] says so, and
/// all others are false.
enum Operator {
    EQ,
    NE,
    LT,
    LTE,
    GT,
    GTE,
    IN,
    NULL,
    /// A text has this text somewhere in it, case and all; a list has this value; a json value has
    /// all of this one.
    CONTAINS,
    /// A text begins with this text, case and all.
    STARTS;

    private static final Set<Operator> SAMENESS = EnumSet.of(EQ, NE, IN, NULL);
    private static final Set<Operator> ORDER = EnumSet.of(EQ, NE, LT, LTE, GT, GTE, IN, NULL);
    private static final Set<Operator> TEXT = EnumSet.allOf(Operator.class);

    /// As it stands in a query.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Operator> of(String code) {
        return Arrays.stream(values()).filter(operator -> operator.code().equals(code)).findFirst();
    }

    /// Those that make sense for fields of a type.
    static Set<Operator> of(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> TEXT;
            case FieldType.WholeNumber _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _ ->
                    ORDER;
            case FieldType.Truth _, FieldType.Uuid _, FieldType.Choice _, FieldType.Reference _ ->
                    SAMENESS;
            case FieldType.AnyJson _ -> EnumSet.of(EQ, NE, NULL, CONTAINS);
            case FieldType.Items _ -> EnumSet.of(NULL, CONTAINS);
        };
    }

    static String list(Set<Operator> operators) {
        return operators.stream().map(Operator::code).collect(Collectors.joining(", "));
    }
}
