package io.headwater.query.changes;

import io.headwater.contract.Excerpt;
import io.headwater.contract.ModelName;
import io.headwater.query.api.QueryString;
import io.headwater.query.changes.Change.Kind;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which changes a listener wants. Of each of the three, an empty one lets all through.
///
/// @param fields of which one must have changed; a deletion changes all
record ChangeFilter(Set<String> models, Set<String> fields, Set<Kind> types) {
    private static final int MOST = 100;
    private static final String KINDS =
            Arrays.stream(Kind.values())
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));

    /// From the parameters `model`, `field` and `type`, each a list with commas.
    static ChangeFilter of(QueryString parameters) {
        Set<String> models = list("model", parameters.once("model"));
        for (String model : models) {
            if (!ModelName.isValid(model)) {
                throw bad("model", "model-name", "\"%s\" is no name of a model", model);
            }
        }
        Set<Kind> types = EnumSet.noneOf(Kind.class);
        for (String type : list("type", parameters.once("type"))) {
            types.add(kind(type));
        }
        return new ChangeFilter(models, list("field", parameters.once("field")), types);
    }

    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                return kind;
            }
        }
        throw bad("type", "unknown-type", "There is no type \"%s\"; there is " + KINDS, text);
    }

    private static Set<String> list(String parameter, @Nullable String text) {
        if (text == null) {
            return Set.of();
        }
        Set<String> values = new HashSet<>(Arrays.asList(text.split(",", MOST + 1)));
        if (values.contains("")) {
            throw bad(parameter, "empty", "\"%s\" has an empty part between commas", text);
        }
        if (values.size() > MOST) {
            throw bad(parameter, "bound", "At most " + MOST + " values; got \"%s\"", text);
        }
        return Set.copyOf(values);
    }

    private static Refusal bad(String parameter, String code, String words, String text) {
        return Refusal.badInput(
                Place.PARAMETER, parameter, code, words.formatted(Excerpt.of(text)));
    }

    boolean lets(Change change) {
        Kind kind = change.kind();
        return kind != null
                && (types.isEmpty() || types.contains(kind))
                && (models.isEmpty() || models.contains(change.model()))
                && (fields.isEmpty() || touchesField(kind, change));
    }

    private boolean touchesField(Kind kind, Change change) {
        return kind == Kind.DELETED
                || (kind.isOfRecord() && change.fields().stream().anyMatch(fields::contains));
    }
}
