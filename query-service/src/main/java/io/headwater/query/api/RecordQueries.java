package io.headwater.query.api;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import io.headwater.contract.ModelName;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.language.QueryDocument;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.standby.ModelLookup;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Understands what a request asks of a model's records, in the URL or as a document. Safe for
/// concurrent use.
@Component
public class RecordQueries {
    private static final int LARGEST_QUERY = 1024 * 1024;

    private final Moments moments;

    RecordQueries(Moments moments) {
        this.moments = moments;
    }

    /// What is asked, before a model is looked at.
    ///
    /// @param query the query as far as it fits a model; it throws a [Refusal] if it does not
    public record Asked(
            ModelName model, AskedMoment moment, Function<RecordShape, RecordQuery> query) {}

    public Asked of(String model, QueryString parameters) {
        return new Asked(
                ModelLookup.name(model),
                moments.asked(
                        parameters.once(QueryParameters.AS_OF),
                        parameters.once(QueryParameters.VALID_AT),
                        parameters.once(QueryParameters.AFTER),
                        Place.PARAMETER,
                        ""),
                shape ->
                        checked(
                                Place.PARAMETER,
                                faults ->
                                        QueryParameters.read(
                                                parameters.parameters(), shape, faults)));
    }

    public Asked of(String model, JsonNode document) {
        return new Asked(
                ModelLookup.name(model),
                moments.asked(
                        text(document, QueryParameters.AS_OF),
                        text(document, QueryParameters.VALID_AT),
                        document.path("page").path("after").asString(null),
                        Place.POINTER,
                        "/"),
                shape ->
                        checked(
                                Place.POINTER,
                                faults -> QueryDocument.read(document, shape, faults)));
    }

    /// The query in the body of a request.
    public static JsonNode document(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST_QUERY + 1);
        if (bytes.length > LARGEST_QUERY) {
            throw Refusal.of(
                    413,
                    "too-large",
                    "The query is too large",
                    "A query has at most %,d bytes".formatted(LARGEST_QUERY));
        }
        try {
            JsonNode document = Json.read(bytes);
            if (!document.isMissingNode()) {
                return document;
            }
        } catch (MalformedJsonException malformed) {
            throw Refusal.badInput(
                    Place.POINTER, "", "json", "The body is no JSON: " + malformed.located());
        }
        throw Refusal.badInput(
                Place.POINTER, "", "json", "The body is empty; expected a query, such as {}");
    }

    private static @Nullable String text(JsonNode document, String name) {
        JsonNode given = document.get(name);
        if (given == null || given.isNull()) {
            return null;
        }
        if (!given.isString()) {
            throw Refusal.badInput(
                    Place.POINTER, "/" + name, "type", "%s is a text".formatted(name));
        }
        return given.stringValue();
    }

    static <T> T checked(Place place, Function<Faults, @Nullable T> read) {
        var faults = new Faults();
        T query = read.apply(faults);
        if (query == null || !faults.isEmpty()) {
            throw Refusal.badInput(place, faults.list());
        }
        return query;
    }
}
