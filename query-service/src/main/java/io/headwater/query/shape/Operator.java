package io.headwater.query.shape;

import io.headwater.contract.Field;
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
public enum Operator {
    EQ,
    NE,
    LT,
    LTE,
    GT,
    GTE,
    IN,
    NULL,
    /// A list has at least one of these values.
    ANY,
    /// A list has every one of these values.
    ALL,
    /// A text has this text somewhere in it, whatever the case and the accents; a list has this
    /// value; a json value has all of this one.
    CONTAINS,
    /// A text begins with this text, whatever the case and the accents.
    STARTS;

    private static final Set<Operator> SAMENESS = EnumSet.of(EQ, NE, IN, NULL);
    private static final Set<Operator> ORDER = EnumSet.of(EQ, NE, LT, LTE, GT, GTE, IN, NULL);
    private static final Set<Operator> TEXT =
            EnumSet.of(EQ, NE, LT, LTE, GT, GTE, IN, NULL, CONTAINS, STARTS);

    /// As it stands in a query.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Operator> of(String code) {
        return Arrays.stream(values()).filter(operator -> operator.code().equals(code)).findFirst();
    }

    /// Whether it takes several values.
    public boolean takesList() {
        return this == IN || this == ANY || this == ALL;
    }

    boolean isOfOrder() {
        return this == LT || this == LTE || this == GT || this == GTE;
    }

    /// Whether it is about the characters of a text.
    public boolean isOfText() {
        return this == CONTAINS || this == STARTS;
    }

    /// Those that make sense for a column.
    public static Set<Operator> of(Column column) {
        if (column.isMember()) {
            return TEXT;
        }
        return switch (column.type()) {
            case FieldType.Text _ -> TEXT;
            case FieldType.WholeNumber _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _ ->
                    ORDER;
            case FieldType.Truth _, FieldType.Uuid _, FieldType.Choice _, FieldType.Reference _ ->
                    SAMENESS;
            case FieldType.AnyJson _ -> EnumSet.of(EQ, NE, NULL, CONTAINS);
            case FieldType.Items _ -> EnumSet.of(NULL, CONTAINS, ANY, ALL);
        };
    }

    /// Those that the indexes of a field serve.
    static Set<Operator> indexed(Field field) {
        Set<Operator> served = EnumSet.noneOf(Operator.class);
        if (field.hasIndex()) {
            served.addAll(
                    field.type() instanceof FieldType.Items
                            ? EnumSet.of(CONTAINS, ANY, ALL)
                            : EnumSet.of(EQ, LT, LTE, GT, GTE, IN, NULL));
        }
        if (field.hasPrefixIndex() || field.hasPartIndex()) {
            served.add(STARTS);
        }
        if (field.hasPartIndex()) {
            served.add(CONTAINS);
        }
        return served;
    }

    public static String list(Set<Operator> operators) {
        return operators.stream().map(Operator::code).collect(Collectors.joining(", "));
    }
}
