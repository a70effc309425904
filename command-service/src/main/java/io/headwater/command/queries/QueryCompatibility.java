package io.headwater.command.queries;

import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.QueryDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whether whoever calls one definition of a query can call another the same way, and finds in its
/// answer what was there before. Which records are in the answer may change: that is what the
/// version is for.
final class QueryCompatibility {
    private final List<Fault> breaks = new ArrayList<>();

    private QueryCompatibility() {}

    /// What the change from one definition to the other could break; empty for a safe change.
    static List<Fault> breaks(QueryDefinition before, QueryDefinition after) {
        var compatibility = new QueryCompatibility();
        if (!before.model().equals(after.model())) {
            compatibility.add("/model", "changed-model", "The query was about " + before.model());
        }
        compatibility.parameters(before.fields(), after.fields());
        compatibility.fields(before.query().get("fields"), after.query().get("fields"));
        return compatibility.breaks;
    }

    private void parameters(Map<String, Field> before, Map<String, Field> after) {
        for (Field old : before.values()) {
            String at = Faults.member("/parameters", old.name());
            Field now = after.get(old.name());
            if (now == null) {
                add(
                        at,
                        "removed-parameter",
                        "The parameter %s is missing; callers may send it".formatted(old.name()));
            } else if (!takesAll(old.type(), now.type())) {
                add(
                        at,
                        "narrowed-parameter",
                        "The parameter %s may refuse values that it took; add another parameter instead"
                                .formatted(old.name()));
            } else if (mustBeGiven(now) && !mustBeGiven(old)) {
                add(
                        at + "/required",
                        "required",
                        "The parameter %s could be left out".formatted(old.name()));
            }
        }
        for (Field added : after.values()) {
            if (!before.containsKey(added.name()) && mustBeGiven(added)) {
                add(
                        Faults.member("/parameters", added.name()) + "/required",
                        "new-required-parameter",
                        "Callers do not send the new parameter %s; make it optional, or give it a default"
                                .formatted(added.name()));
            }
        }
    }

    private static boolean mustBeGiven(Field parameter) {
        return parameter.required() && parameter.preset() == null;
    }

    /// Whether each value of the one type is one of the other.
    private static boolean takesAll(FieldType old, FieldType now) {
        if (!old.name().equals(now.name())) {
            return false;
        }
        return switch (old) {
            case FieldType.Text text -> {
                var other = (FieldType.Text) now;
                String pattern = other.pattern() == null ? null : other.pattern().pattern();
                String before = text.pattern() == null ? null : text.pattern().pattern();
                yield other.maxLength() >= text.maxLength()
                        && other.minLength() <= text.minLength()
                        && (pattern == null || pattern.equals(before));
            }
            case FieldType.WholeNumber number -> {
                var other = (FieldType.WholeNumber) now;
                yield within(number.min(), number.max(), other.min(), other.max());
            }
            case FieldType.Decimal number -> {
                var other = (FieldType.Decimal) now;
                yield other.scale() >= number.scale()
                        && other.precision() - other.scale() >= number.precision() - number.scale()
                        && within(number.min(), number.max(), other.min(), other.max());
            }
            case FieldType.Day day -> {
                var other = (FieldType.Day) now;
                yield within(day.min(), day.max(), other.min(), other.max());
            }
            case FieldType.Moment moment -> {
                var other = (FieldType.Moment) now;
                yield within(moment.min(), moment.max(), other.min(), other.max());
            }
            case FieldType.Choice choice ->
                    ((FieldType.Choice) now).options().containsAll(choice.options());
            case FieldType.Items list -> {
                var other = (FieldType.Items) now;
                yield other.maxItems() >= list.maxItems() && takesAll(list.items(), other.items());
            }
            case FieldType.Reference _, FieldType.Truth _, FieldType.Uuid _, FieldType.AnyJson _ ->
                    true;
        };
    }

    private static <T extends Comparable<? super T>> boolean within(
            @Nullable T oldMin, @Nullable T oldMax, @Nullable T min, @Nullable T max) {
        return (min == null || (oldMin != null && min.compareTo(oldMin) <= 0))
                && (max == null || (oldMax != null && max.compareTo(oldMax) >= 0));
    }

    private void fields(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (after == null || !after.isArray()) {
            return;
        }
        if (before == null) {
            add(
                    "/query/fields",
                    "removed-field",
                    "The answer had all fields; name none, so that it still has");
            return;
        }
        Set<JsonNode> shown = new HashSet<>();
        after.forEach(shown::add);
        for (JsonNode field : before) {
            if (!shown.contains(field)) {
                add(
                        "/query/fields",
                        "removed-field",
                        "The answer had the field %s".formatted(field.asString("")));
            }
        }
    }

    private void add(String at, String code, String detail) {
        breaks.add(new Fault(at, code, detail));
    }
}
