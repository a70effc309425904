package io.headwater.query.named;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Json;
import io.headwater.contract.QueryName;
import io.headwater.query.api.EntityTags;
import io.headwater.query.api.FreshnessHeaders;
import io.headwater.query.api.Moments;
import io.headwater.query.api.QueryString;
import io.headwater.query.api.RecordQueries;
import io.headwater.query.api.RecordReads;
import io.headwater.query.export.Exports;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.FreshReads;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `/queries`: which there are, and what they answer.
@RestController
class NamedQueryController {
    private static final int MOST = 1_000;

    private final NamedQueryReads named;
    private final RecordQueries queries;
    private final RecordReads records;
    private final Exports exports;
    private final Moments moments;
    private final FreshReads fresh;
    private final FreshnessHeaders headers;

    NamedQueryController(
            NamedQueryReads named,
            RecordQueries queries,
            RecordReads records,
            Exports exports,
            Moments moments,
            FreshReads fresh,
            FreshnessHeaders headers) {
        this.named = named;
        this.queries = queries;
        this.records = records;
        this.exports = exports;
        this.moments = moments;
        this.fresh = fresh;
        this.headers = headers;
    }

    @GetMapping(path = "/queries", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        QueryString parameters =
                QueryString.of(request).only(QueryParameters.SIZE, QueryParameters.AFTER);
        Integer asked = number(parameters, QueryParameters.SIZE, MOST);
        int size = asked == null ? 50 : asked;
        String after = parameters.once(QueryParameters.AFTER);
        if (after != null && !QueryName.isValid(after)) {
            throw Refusal.badInput(
                    Place.PARAMETER,
                    QueryParameters.AFTER,
                    "cursor",
                    "This is no cursor of this service; take it from next of the page before");
        }
        Seen<List<NamedQuery>> seen =
                fresh.read(headers.of(request), () -> named.list(after == null ? "" : after, size));
        List<NamedQuery> found = seen.orRefuse();
        ResponseEntity.BodyBuilder answer = headers.answer(HttpStatus.OK, seen.at(), request);
        var body = Json.mapper().createObjectNode();
        var items = body.putArray("items");
        found.stream().limit(size).forEach(query -> items.add(query.json(false)));
        if (found.size() > size) {
            String next = found.get(size - 1).name().value();
            body.put("next", next);
            answer.header(
                    HttpHeaders.LINK,
                    "</queries?%s>; rel=\"next\""
                            .formatted(parameters.with(QueryParameters.AFTER, next)));
        }
        byte[] bytes = Json.mapper().writeValueAsBytes(body);
        return answer.eTag(EntityTags.ofContent(bytes)).body(bytes);
    }

    @GetMapping(path = "/queries/{query}/definition", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> definition(@PathVariable String query, HttpServletRequest request) {
        QueryString parameters = QueryString.of(request).only(Call.VERSION);
        Seen<NamedQuery> seen = find(query, parameters, request);
        NamedQuery found = seen.orRefuse();
        byte[] body = Json.mapper().writeValueAsBytes(found.json(true));
        return headers.answer(HttpStatus.OK, seen.at(), request)
                .eTag(parameters.parameters().isEmpty() ? found.etag() : EntityTags.ofContent(body))
                .body(body);
    }

    @GetMapping(path = "/queries/{query}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> run(@PathVariable String query, HttpServletRequest request) {
        QueryString parameters = QueryString.of(request);
        NamedQuery found = runnable(query, parameters, request);
        RecordQueries.Asked asked = asked(found, parameters);
        Seen<RecordReads.Page> seen =
                moments.read(
                        asked.moment(),
                        headers.of(request),
                        () -> records.page(asked.model(), asked.moment(), asked.query()));
        RecordReads.Page page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer =
                headers.answer(HttpStatus.OK, seen.at(), request).eTag(page.etag());
        if (page.next() != null) {
            // The pages of one list are of one version, whatever it is by then.
            String version = Integer.toString(found.version());
            String next =
                    parameters.and(Call.VERSION, version).with(QueryParameters.AFTER, page.next());
            answer.header(
                    HttpHeaders.LINK, "</queries/%s?%s>; rel=\"next\"".formatted(query, next));
        }
        return answer.body(page.body());
    }

    @GetMapping({"/queries/{query}.csv", "/queries/{query}.ndjson", "/queries/{query}.parquet"})
    void export(
            @PathVariable String query, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        QueryString parameters = QueryString.of(request);
        Exports.requireNoPage(parameters);
        NamedQuery found = runnable(query, parameters, request);
        exports.send(asked(found, parameters), query, request, response);
    }

    private RecordQueries.Asked asked(NamedQuery found, QueryString parameters) {
        Call call = Call.of(found.definition(), parameters);
        try {
            RecordQueries.Asked asked =
                    queries.of(found.definition().model().value(), call.document());
            return new RecordQueries.Asked(
                    asked.model(),
                    asked.moment(),
                    shape -> {
                        try {
                            return asked.query().apply(shape);
                        } catch (Refusal refusal) {
                            throw call.told(refusal);
                        }
                    });
        } catch (Refusal refusal) {
            throw call.told(refusal);
        }
    }

    private NamedQuery runnable(String query, QueryString parameters, HttpServletRequest request) {
        Seen<NamedQuery> seen = find(query, parameters, request);
        NamedQuery found = seen.orRefuse();
        if (found.retiredAt() != null) {
            throw Refusal.of(
                            410,
                            "query-retired",
                            "The query is retired",
                            "The query %s is not run any more; /queries/%s/definition tells what it was"
                                    .formatted(query, query))
                    .seenAt(seen.at().token());
        }
        return found;
    }

    private Seen<NamedQuery> find(
            String query, QueryString parameters, HttpServletRequest request) {
        if (!QueryName.isValid(query)) {
            throw NamedQueryReads.unknown(query);
        }
        var name = new QueryName(query);
        Integer version = number(parameters, Call.VERSION, 999_999_999);
        return fresh.read(headers.of(request), () -> named.find(name, version));
    }

    private static @Nullable Integer number(QueryString parameters, String name, int most) {
        String text = parameters.once(name);
        if (text == null) {
            return null;
        }
        if (text.matches("[0-9]{1,9}")
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= most) {
            return Integer.valueOf(text);
        }
        throw Refusal.badInput(
                Place.PARAMETER,
                name,
                "bound",
                "Expected a whole number from 1 to %,d; got \"%s\""
                        .formatted(most, Excerpt.of(text)));
    }
}
