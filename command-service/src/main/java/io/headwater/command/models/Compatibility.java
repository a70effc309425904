package io.headwater.command.models;

import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether every record that obeys one definition obeys another, and whoever reads such records by
/// the old one can read those of the new one, but for values and fields that were added.
final class Compatibility {
    private static final int MOST = 100;

    private final List<Fault> breaks = new ArrayList<>();

    private Compatibility() {}

    /// What the change from one definition to the other could break; empty for a safe change.
    static List<Fault> breaks(ModelDefinition before, ModelDefinition after) {
        var compatibility = new Compatibility();
        for (Field old : before.fields().values()) {
            compatibility.compare(old, after.fields().get(old.name()));
        }
        for (Field added : after.fields().values()) {
            if (added.required() && !before.fields().containsKey(added.name())) {
                compatibility.add(
                        Faults.member("/fields", added.name()) + "/required",
                        "new-required-field",
                        "The new field %s is required, and stored records do not have it; make it"
                                        .formatted(added.name())
                                + " optional");
            }
        }
        return compatibility.breaks;
    }

    private void compare(Field old, @Nullable Field now) {
        String at = Faults.member("/fields", old.name());
        if (now == null) {
            add(
                    at,
                    "removed-field",
                    "The field %s is missing; stored records have it".formatted(old.name()));
            return;
        }
        if (now.required() && !old.required()) {
            add(
                    at + "/required",
                    "required",
                    "The field %s was optional, and stored records may lack it"
                            .formatted(old.name()));
        }
        if (now.unique() && !old.unique()) {
            add(
                    at + "/unique",
                    "unique",
                    "Stored records may have the same value of %s".formatted(old.name()));
        }
        compare(at, old.type(), now.type());
    }

    private void compare(String at, FieldType old, FieldType now) {
        if (!old.name().equals(now.name())) {
            add(
                    at + "/type",
                    "changed-type",
                    "The type was %s; add a field of type %s instead"
                            .formatted(old.name(), now.name()));
            return;
        }
        switch (old) {
            case FieldType.Text text -> text(at, text, (FieldType.Text) now);
            case FieldType.WholeNumber number -> {
                var other = (FieldType.WholeNumber) now;
                bounds(at, number.min(), number.max(), other.min(), other.max());
            }
            case FieldType.Decimal number -> decimal(at, number, (FieldType.Decimal) now);
            case FieldType.Day day -> {
                var other = (FieldType.Day) now;
                bounds(at, day.min(), day.max(), other.min(), other.max());
            }
            case FieldType.Moment moment -> {
                var other = (FieldType.Moment) now;
                bounds(at, moment.min(), moment.max(), other.min(), other.max());
            }
            case FieldType.Choice choice -> options(at, choice, (FieldType.Choice) now);
            case FieldType.Reference reference -> {
                var other = (FieldType.Reference) now;
                if (!reference.to().equals(other.to())) {
                    add(
                            at + "/to",
                            "changed-target",
                            "The reference was to %s".formatted(reference.to()));
                }
            }
            case FieldType.Items list -> {
                var other = (FieldType.Items) now;
                compare(at + "/items", list.items(), other.items());
                atMost(at, "maxItems", list.maxItems(), other.maxItems());
            }
            case FieldType.Truth _, FieldType.Uuid _, FieldType.AnyJson _ -> {}
        }
    }

    private void text(String at, FieldType.Text old, FieldType.Text now) {
        atMost(at, "maxLength", old.maxLength(), now.maxLength());
        if (now.minLength() > old.minLength()) {
            narrowed(at, "minLength", old.minLength(), now.minLength());
        }
        String pattern = now.pattern() == null ? null : now.pattern().pattern();
        String before = old.pattern() == null ? null : old.pattern().pattern();
        if (pattern != null && !pattern.equals(before)) {
            add(
                    at + "/pattern",
                    "changed-pattern",
                    "Stored texts may not match the pattern; it can only be taken away");
        }
    }

    private void decimal(String at, FieldType.Decimal old, FieldType.Decimal now) {
        if (old.scale() != now.scale()) {
            add(
                    at + "/scale",
                    "changed-scale",
                    "The scale was %d, and stored numbers are written with it"
                            .formatted(old.scale()));
        }
        atMost(at, "precision", old.precision(), now.precision());
        bounds(at, old.min(), old.max(), now.min(), now.max());
    }

    private void options(String at, FieldType.Choice old, FieldType.Choice now) {
        for (String option : old.options()) {
            if (!now.options().contains(option)) {
                add(
                        at + "/options",
                        "removed-option",
                        "The option %s is missing; stored records may have it".formatted(option));
            }
        }
    }

    private void atMost(String at, String name, int old, int now) {
        if (now < old) {
            narrowed(at, name, old, now);
        }
    }

    private <T extends Comparable<? super T>> void bounds(
            String at, @Nullable T oldMin, @Nullable T oldMax, @Nullable T min, @Nullable T max) {
        if (min != null && (oldMin == null || min.compareTo(oldMin) > 0)) {
            narrowed(at, "min", oldMin, min);
        }
        if (max != null && (oldMax == null || max.compareTo(oldMax) < 0)) {
            narrowed(at, "max", oldMax, max);
        }
    }

    private void narrowed(String at, String name, @Nullable Object old, Object now) {
        add(
                at + "/" + name,
                "narrowed-bound",
                "%s was %s; %s is narrower, and stored records may be outside"
                        .formatted(name, Objects.requireNonNullElse(old, "not given"), now));
    }

    private void add(String at, String code, String detail) {
        if (breaks.size() < MOST) {
            breaks.add(new Fault(at, code, detail));
        }
    }
}
