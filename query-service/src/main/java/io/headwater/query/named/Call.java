package io.headwater.query.named;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.Json;
import io.headwater.contract.QueryDefinition;
import io.headwater.query.api.QueryString;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Flaw;
import io.headwater.query.problem.Refusal.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A named query with the parameters of one call put in.
///
/// @param document query that can be run
/// @param places name of the call's parameter that stands there, by JSON Pointer into the document
record Call(ObjectNode document, Map<String, String> places) {
    static final String VERSION = "version";
    private static final String PAGE = "page";

    /// Parameters that every named query has, by the place in the document where they go.
    private static final Map<String, String> EVERYWHERE =
            Map.of(
                    QueryParameters.AS_OF, "/asOf",
                    QueryParameters.VALID_AT, "/validAt",
                    QueryParameters.SIZE, "/page/size",
                    QueryParameters.AFTER, "/page/after");

    /// @throws Refusal naming each parameter with which something is wrong
    static Call of(QueryDefinition definition, QueryString parameters) {
        var arguments = Json.mapper().createObjectNode();
        var flaws = new ArrayList<Flaw>();
        for (String name : parameters.parameters().keySet()) {
            Field field = definition.fields().get(name);
            if (field != null) {
                String text = String.valueOf(parameters.once(name));
                arguments.set(name, field.type().fromText(text));
            } else if (!EVERYWHERE.containsKey(name) && !name.equals(VERSION)) {
                flaws.add(unknown(name, definition));
            }
        }
        var faults = new Faults();
        QueryDefinition.Bound bound = definition.bind(arguments, faults);
        faults.list()
                .forEach(fault ->
                        flaws.add(
                                new Flaw(
                                        Place.PARAMETER,
                                        name(fault.pointer()),
                                        fault.code(),
                                        fault.detail())));
        if (bound == null || !flaws.isEmpty()) {
            throw Refusal.badInput(flaws);
        }
        Map<String, String> places = new java.util.HashMap<>(bound.places());
        EVERYWHERE.forEach((name, place) -> places.put(place, name));
        return new Call(withPage(bound.document(), parameters), places);
    }

    private static Flaw unknown(String name, QueryDefinition definition) {
        var known = new TreeSet<>(EVERYWHERE.keySet());
        known.add(VERSION);
        known.addAll(definition.fields().keySet());
        return new Flaw(
                Place.PARAMETER,
                Excerpt.of(name),
                "unknown-parameter",
                "There is no parameter \"%s\"; there is %s"
                        .formatted(Excerpt.of(name), String.join(", ", known)));
    }

    private static ObjectNode withPage(ObjectNode document, QueryString parameters) {
        String asOf = parameters.once(QueryParameters.AS_OF);
        String validAt = parameters.once(QueryParameters.VALID_AT);
        String size = parameters.once(QueryParameters.SIZE);
        String after = parameters.once(QueryParameters.AFTER);
        if (asOf != null) {
            document.put(QueryParameters.AS_OF, asOf);
        }
        if (validAt != null) {
            document.put(QueryParameters.VALID_AT, validAt);
        }
        if (size != null || after != null) {
            ObjectNode page =
                    document.path(PAGE) instanceof ObjectNode given
                            ? given
                            : document.putObject(PAGE);
            if (size != null && size.matches("[0-9]{1,9}")) {
                page.put("size", Integer.parseInt(size));
            } else if (size != null) {
                page.put("size", size);
            }
            if (after != null) {
                page.put("after", after);
            }
        }
        return document;
    }

    /// The same refusal, told by the names of the parameters.
    Refusal told(Refusal refusal) {
        if (refusal.flaws().isEmpty()) {
            return refusal;
        }
        List<Flaw> flaws = refusal.flaws().stream().map(this::told).toList();
        return Refusal.badInput(flaws).seenAt(refusal.seen());
    }

    private Flaw told(Flaw flaw) {
        String parameter = parameter(flaw.name());
        return parameter == null
                ? flaw
                : new Flaw(Place.PARAMETER, parameter, flaw.code(), flaw.detail());
    }

    /// The parameter that stands there, or whose value has the place within.
    private @Nullable String parameter(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            String parameter = places.get(at);
            if (parameter != null) {
                return parameter;
            }
        }
        return null;
    }

    /// The name that a pointer to a member begins with.
    private static String name(String pointer) {
        return pointer.isEmpty() ? "" : pointer.substring(1).split("/", 2)[0];
    }
}
