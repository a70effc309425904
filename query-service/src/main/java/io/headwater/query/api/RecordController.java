package io.headwater.query.api;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.query.language.QueryDocument;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.language.RecordQuery;
import io.headwater.query.language.RecordShape;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Queries of records. A retired model takes no commands any more; its records can be read as
/// before.
@RestController
class RecordController {
    private static final int LARGEST_QUERY = 1024 * 1024;

    private final RecordReads records;
    private final Moments moments;
    private final FreshnessHeaders headers;

    RecordController(RecordReads records, Moments moments, FreshnessHeaders headers) {
        this.records = records;
        this.moments = moments;
        this.headers = headers;
    }

    @GetMapping(path = "/records/{model}/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> record(
            @PathVariable String model, @PathVariable String id, HttpServletRequest request) {
        QueryString parameters =
                QueryString.of(request)
                        .only(
                                QueryParameters.AS_OF,
                                QueryParameters.VALID_AT,
                                QueryParameters.EXPAND);
        RecordRef record = record(model, id);
        String expand = parameters.once(QueryParameters.EXPAND);
        Instant accepted = parameters.parameters().isEmpty() ? Memento.accepted(request) : null;
        AskedMoment moment = accepted == null ? asked(parameters) : moments.asOf(accepted);
        Seen<RecordReads.OneRecord> seen =
                moments.read(
                        moment,
                        headers.of(request),
                        () ->
                                records.record(
                                        record.model(),
                                        record.id(),
                                        moment.source(),
                                        shape ->
                                                checked(
                                                        Place.PARAMETER,
                                                        faults ->
                                                                QueryParameters.expand(
                                                                        expand, shape, faults))));
        RecordReads.OneRecord found = seen.orRefuse();
        String etag = "\"" + found.revision() + "\"";
        // The revision is not that of what is put beside the record.
        boolean isKnown =
                expand == null
                        && EntityTags.anyMatches(
                                Collections.list(request.getHeaders(HttpHeaders.IF_NONE_MATCH)),
                                etag);
        ResponseEntity.BodyBuilder answer =
                headers.answer(
                                isKnown ? HttpStatus.NOT_MODIFIED : HttpStatus.OK,
                                seen.at(),
                                request)
                        .eTag(expand == null ? etag : null);
        if (moment.asOf() == null) {
            Memento.original(answer, record);
        } else {
            Memento.memento(answer, record, found.at(), accepted == null ? null : moment.asOf());
        }
        return isKnown ? answer.build() : answer.body(found.body());
    }

    @GetMapping(path = "/records/{model}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> list(@PathVariable String model, HttpServletRequest request) {
        QueryString parameters = QueryString.of(request);
        Seen<RecordReads.Page> seen =
                page(
                        model,
                        asked(parameters),
                        request,
                        shape ->
                                checked(
                                        Place.PARAMETER,
                                        faults ->
                                                QueryParameters.read(
                                                        parameters.parameters(), shape, faults)));
        RecordReads.Page page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer = headers.answer(HttpStatus.OK, seen.at(), request);
        if (page.next() != null) {
            answer.header(
                    HttpHeaders.LINK,
                    "</records/%s?%s>; rel=\"next\""
                            .formatted(model, parameters.with(QueryParameters.AFTER, page.next())));
        }
        return answer.body(page.body());
    }

    /// A query that is too long, or too intricate, for a URL. It changes nothing, though it is a
    /// POST.
    @PostMapping(
            path = "/records/{model}/query",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> query(@PathVariable String model, HttpServletRequest request)
            throws IOException {
        QueryString.of(request).only();
        JsonNode document = document(request.getInputStream());
        Seen<RecordReads.Page> seen =
                page(
                        model,
                        asked(document),
                        request,
                        shape ->
                                checked(
                                        Place.POINTER,
                                        faults -> QueryDocument.read(document, shape, faults)));
        return headers.answer(HttpStatus.OK, seen.at(), request).body(seen.orRefuse().body());
    }

    private Seen<RecordReads.Page> page(
            String model,
            AskedMoment moment,
            HttpServletRequest request,
            Function<RecordShape, RecordQuery> query) {
        ModelName name = ModelLookup.name(model);
        return moments.read(moment, headers.of(request), () -> records.page(name, moment, query));
    }

    private AskedMoment asked(QueryString parameters) {
        return moments.asked(
                parameters.once(QueryParameters.AS_OF),
                parameters.once(QueryParameters.VALID_AT),
                parameters.once(QueryParameters.AFTER),
                Place.PARAMETER,
                "");
    }

    private AskedMoment asked(JsonNode document) {
        return moments.asked(
                text(document, "asOf"),
                text(document, "validAt"),
                document.path("page").path("after").asString(null),
                Place.POINTER,
                "/");
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

    private static <T> T checked(Place place, Function<Faults, @Nullable T> read) {
        var faults = new Faults();
        T query = read.apply(faults);
        if (query == null || !faults.isEmpty()) {
            throw Refusal.badInput(place, faults.list());
        }
        return query;
    }

    private static JsonNode document(InputStream body) throws IOException {
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

    /// The record that a path names.
    static RecordRef record(String model, String id) {
        ModelName name = ModelLookup.name(model);
        if (!RecordId.isValid(id)) {
            throw Refusal.badInput(
                    Place.PARAMETER,
                    "id",
                    "id",
                    "%s; got \"%s\"".formatted(RecordId.RULE, Excerpt.of(id)));
        }
        return new RecordRef(name, new RecordId(id));
    }
}
