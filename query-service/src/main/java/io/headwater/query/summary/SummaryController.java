package io.headwater.query.summary;

import io.headwater.contract.Faults;
import io.headwater.query.api.AskedMoment;
import io.headwater.query.api.FreshnessHeaders;
import io.headwater.query.api.Moments;
import io.headwater.query.api.QueryString;
import io.headwater.query.asked.SummaryQuery;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.language.SummaryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SummaryController {
    private final SummaryReads summaries;
    private final Moments moments;
    private final FreshnessHeaders headers;

    SummaryController(SummaryReads summaries, Moments moments, FreshnessHeaders headers) {
        this.summaries = summaries;
        this.moments = moments;
        this.headers = headers;
    }

    /// A record may have the id `summary` all the same: it is found by `filter[@id][eq]=summary`.
    @GetMapping(path = "/records/{model}/summary", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> summary(@PathVariable String model, HttpServletRequest request) {
        QueryString parameters = QueryString.of(request);
        AskedMoment moment =
                moments.asked(
                        parameters.once(QueryParameters.AS_OF),
                        parameters.once(QueryParameters.VALID_AT),
                        parameters.once(QueryParameters.AFTER),
                        Place.PARAMETER,
                        "");
        Seen<SummaryReads.Page> seen =
                moments.read(
                        moment,
                        headers.of(request),
                        () ->
                                summaries.page(
                                        ModelLookup.name(model),
                                        moment,
                                        shape -> checked(parameters, shape)));
        SummaryReads.Page page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer = headers.answer(HttpStatus.OK, seen.at(), request);
        if (page.next() != null) {
            answer.header(
                    HttpHeaders.LINK,
                    "</records/%s/summary?%s>; rel=\"next\""
                            .formatted(model, parameters.with(QueryParameters.AFTER, page.next())));
        }
        return answer.body(page.body());
    }

    private static SummaryQuery checked(QueryString parameters, RecordShape shape) {
        var faults = new Faults();
        SummaryQuery query = SummaryParameters.read(parameters.parameters(), shape, faults);
        if (query == null || !faults.isEmpty()) {
            throw Refusal.badInput(Place.PARAMETER, faults.list());
        }
        return query;
    }
}
