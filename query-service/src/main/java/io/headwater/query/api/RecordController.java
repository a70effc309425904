package io.headwater.query.api;

import io.headwater.contract.Excerpt;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
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
    private final RecordReads records;
    private final RecordQueries queries;
    private final Moments moments;
    private final FreshnessHeaders headers;

    RecordController(
            RecordReads records, RecordQueries queries, Moments moments, FreshnessHeaders headers) {
        this.records = records;
        this.queries = queries;
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
        AskedMoment moment =
                accepted == null
                        ? moments.asked(
                                parameters.once(QueryParameters.AS_OF),
                                parameters.once(QueryParameters.VALID_AT),
                                null,
                                Place.PARAMETER,
                                "")
                        : moments.asOf(accepted);
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
                                                RecordQueries.checked(
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
                        .eTag(expand == null ? etag : EntityTags.ofContent(found.body()));
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
        Seen<RecordReads.Page> seen = page(queries.of(model, parameters), request);
        RecordReads.Page page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer =
                headers.answer(HttpStatus.OK, seen.at(), request).eTag(page.etag());
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
        JsonNode document = RecordQueries.document(request.getInputStream());
        Seen<RecordReads.Page> seen = page(queries.of(model, document), request);
        return headers.answer(HttpStatus.OK, seen.at(), request).body(seen.orRefuse().body());
    }

    private Seen<RecordReads.Page> page(RecordQueries.Asked asked, HttpServletRequest request) {
        return moments.read(
                asked.moment(),
                headers.of(request),
                () -> records.page(asked.model(), asked.moment(), asked.query()));
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
