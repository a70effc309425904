package io.headwater.command.queries;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.QueryDefinition;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Whether a query can be asked of a model, as far as that is seen without the language of queries:
/// that each field it names is there, and that parameters which are compared with a field have a
/// type that can be. The rest is seen where it is run.
final class QueryFit {
    /// Operators that compare with a value of the field's own type.
    private static final Set<String> SAME_TYPE =
            Set.of("eq", "ne", "lt", "lte", "gt", "gte", "starts");

    /// Types whose values are written as texts without a form of their own.
    private static final Set<String> WORDS = Set.of("text", "enum", "reference", "uuid");

    private final QueryDefinition query;
    private final ModelDefinition model;
    private final Faults faults = new Faults();

    private QueryFit(QueryDefinition query, ModelDefinition model) {
        this.query = query;
        this.model = model;
    }

    /// What of the query does not fit.
    static List<Fault> misfits(QueryDefinition query, ModelDefinition model) {
        var fit = new QueryFit(query, model);
        JsonNode document = query.query();
        if (document.has("filter")) {
            fit.filter(document.get("filter"), "/query/filter");
        }
        fit.names(document.path("sort"), "/query/sort");
        fit.names(document.path("fields"), "/query/fields");
        return fit.faults.list();
    }

    private void names(JsonNode names, String at) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isString()) {
                String name = names.get(i).stringValue();
                field(name.startsWith("-") ? name.substring(1) : name, at + "/" + i);
            }
        }
    }

    private void filter(JsonNode filter, String at) {
        if (filter.isArray()) {
            for (int i = 0; i < filter.size(); i++) {
                filter(filter.get(i), at + "/" + i);
            }
        } else if (filter.path("field").isString()) {
            field(filter.get("field").stringValue(), at + "/field");
            comparison(filter, at);
        } else if (filter.isObject()) {
            filter.properties()
                    .forEach(part -> filter(part.getValue(), Faults.member(at, part.getKey())));
        }
    }

    /// The first step of a path must be a field; parts of the envelope begin with `@`.
    private void field(String path, String at) {
        String name = path.split("\\.", 2)[0];
        if (!name.startsWith("@") && !model.fields().containsKey(name)) {
            faults.add(
                    at,
                    "unknown-field",
                    "The model %s has no field \"%s\"; it has %s"
                            .formatted(
                                    query.model(),
                                    Excerpt.of(name),
                                    String.join(", ", model.fields().keySet())));
        }
    }

    private void comparison(JsonNode comparison, String at) {
        Field field = model.fields().get(comparison.get("field").stringValue());
        Field parameter = query.fields().get(comparison.path("value").path("$param").asString(""));
        if (field != null
                && parameter != null
                && SAME_TYPE.contains(comparison.path("op").asString(""))
                && !canBeCompared(parameter.type(), field.type())) {
            faults.add(
                    at + "/value",
                    "type",
                    "The field %s is of type %s, and the parameter %s of type %s"
                            .formatted(
                                    field.name(),
                                    field.type().name(),
                                    parameter.name(),
                                    parameter.type().name()));
        }
    }

    private static boolean canBeCompared(FieldType parameter, FieldType field) {
        return field instanceof FieldType.AnyJson
                || parameter.name().equals(field.name())
                || (WORDS.contains(parameter.name()) && WORDS.contains(field.name()))
                || (parameter instanceof FieldType.WholeNumber
                        && field instanceof FieldType.Decimal);
    }
}
