package io.headwater.query.api;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Json;
import io.headwater.contract.RecordRef;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The revisions of a record, newest first: who, when, why, and what changed from what to what. Of
/// a deleted record too.
@RestController
class HistoryController {
    private static final String FIELD = "field";
    private static final String ACTOR = "actor";
    private static final String SINCE = "since";
    private static final String UNTIL = "until";
    private static final String SIZE = "page[size]";

    /// What microseconds since 1970 can be asked for; every event is between the two.
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final HistoryReads history;
    private final Moments moments;
    private final FreshnessHeaders headers;

    HistoryController(HistoryReads history, Moments moments, FreshnessHeaders headers) {
        this.history = history;
        this.moments = moments;
        this.headers = headers;
    }

    @GetMapping(
            path = "/records/{model}/{id}/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, Memento.LINK_FORMAT})
    ResponseEntity<byte[]> history(
            @PathVariable String model, @PathVariable String id, HttpServletRequest request) {
        QueryString parameters =
                QueryString.of(request)
                        .only(
                                FIELD,
                                ACTOR,
                                SINCE,
                                UNTIL,
                                SIZE,
                                QueryParameters.AFTER,
                                QueryParameters.AS_OF);
        RecordRef record = RecordController.record(model, id);
        AskedMoment moment =
                moments.asked(
                        parameters.once(QueryParameters.AS_OF), null, null, Place.PARAMETER, "");
        var asked =
                new HistoryReads.Asked(
                        record,
                        moment.source().position(),
                        after(parameters.once(QueryParameters.AFTER)),
                        parameters.once(FIELD),
                        parameters.once(ACTOR),
                        time(parameters, SINCE, FIRST),
                        time(parameters, UNTIL, LAST),
                        size(parameters.once(SIZE)));
        Seen<HistoryReads.Page> seen =
                moments.reach(moment, headers.of(request), () -> history.page(asked));
        HistoryReads.Page page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer = headers.answer(HttpStatus.OK, seen.at(), request);
        answer.varyBy(HttpHeaders.ACCEPT);
        String next =
                page.next() == null
                        ? null
                        : "/records/%s/history?%s"
                                .formatted(
                                        record,
                                        parameters.with(
                                                QueryParameters.AFTER, page.next().toString()));
        if (next != null) {
            answer.header(HttpHeaders.LINK, "<%s>; rel=\"next\"".formatted(next));
        }
        if (Memento.wantsLinkFormat(request)) {
            return answer.contentType(MediaType.parseMediaType(Memento.LINK_FORMAT))
                    .body(
                            Memento.timeMap(record, seen.at(), page.revisions(), next)
                                    .getBytes(StandardCharsets.UTF_8));
        }
        var body = Json.mapper().createObjectNode();
        var items = body.putArray("items");
        page.revisions().forEach(revision -> items.add(revision.json()));
        if (page.next() != null) {
            body.put("next", page.next().toString());
        }
        return answer.contentType(MediaType.APPLICATION_JSON)
                .body(Json.mapper().writeValueAsBytes(body));
    }

    private static Instant time(QueryString parameters, String name, Instant otherwise) {
        String given = parameters.once(name);
        return given == null
                ? otherwise
                : Moments.time(given, Place.PARAMETER, name, "Expected a time");
    }

    private static long after(@Nullable String text) {
        if (text == null) {
            return Long.MAX_VALUE;
        }
        if (text.matches("[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        throw Refusal.badInput(
                Place.PARAMETER,
                QueryParameters.AFTER,
                "cursor",
                "This is no cursor of this service; take it from next of the page before");
    }

    private static int size(@Nullable String text) {
        if (text == null) {
            return RecordQuery.USUAL_PAGE;
        }
        if (text.matches("[0-9]{1,4}")
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= RecordQuery.LARGEST_PAGE) {
            return Integer.parseInt(text);
        }
        throw Refusal.badInput(
                Place.PARAMETER,
                SIZE,
                "bound",
                "A page has 1 to %,d revisions; got \"%s\""
                        .formatted(RecordQuery.LARGEST_PAGE, Excerpt.of(text)));
    }
}
