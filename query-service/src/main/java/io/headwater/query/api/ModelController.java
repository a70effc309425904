package io.headwater.query.api;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.FreshReads;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.Seen;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/// Queries of models, retired ones too.
@RestController
class ModelController {
    private static final String SIZE = "page[size]";
    private static final String VERSION = "version";

    private final ModelReads models;
    private final FreshReads fresh;
    private final FreshnessHeaders headers;

    ModelController(ModelReads models, FreshReads fresh, FreshnessHeaders headers) {
        this.models = models;
        this.fresh = fresh;
        this.headers = headers;
    }

    /// By name; `page[after]` is the name of the last model of the page before.
    @GetMapping(path = "/models", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        QueryString parameters = QueryString.of(request).only(SIZE, QueryParameters.AFTER);
        int size =
                number(
                        parameters.once(SIZE),
                        SIZE,
                        RecordQuery.USUAL_PAGE,
                        RecordQuery.LARGEST_PAGE);
        String after = parameters.once(QueryParameters.AFTER);
        if (after != null && !ModelName.isValid(after)) {
            throw Refusal.badInput(
                    Place.PARAMETER,
                    QueryParameters.AFTER,
                    "cursor",
                    "This is no cursor of this service; take it from next of the page before");
        }
        Seen<ModelReads.ModelPage> seen =
                fresh.read(
                        headers.of(request), () -> models.list(after == null ? "" : after, size));
        ModelReads.ModelPage page = seen.orRefuse();
        ResponseEntity.BodyBuilder answer = headers.answer(HttpStatus.OK, seen.at(), request);
        ObjectNode body = Json.mapper().createObjectNode();
        body.set("items", page.items());
        if (page.next() != null) {
            body.put("next", page.next());
            answer.header(
                    HttpHeaders.LINK,
                    "</models?%s>; rel=\"next\""
                            .formatted(parameters.with(QueryParameters.AFTER, page.next())));
        }
        byte[] bytes = Json.mapper().writeValueAsBytes(body);
        return answer.eTag(EntityTags.ofContent(bytes)).body(bytes);
    }

    @GetMapping(path = "/models/{model}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> model(@PathVariable String model, HttpServletRequest request) {
        QueryString.of(request).only();
        ModelName name = name(model);
        Seen<ObjectNode> seen = fresh.read(headers.of(request), () -> models.model(name));
        ObjectNode found = seen.orRefuse();
        // What If-Match of a command goes by; retiring it has counted on.
        int version = found.path("version").asInt() + (found.path("retired").asBoolean() ? 1 : 0);
        return answer(seen, "\"%d\"".formatted(version), request);
    }

    /// Schema of the payload of the model's record events; with `version` that of an earlier
    /// version, as `ce_dataschema` names it.
    @GetMapping(
            path = "/models/{model}/schema",
            produces = {"application/schema+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<byte[]> schema(@PathVariable String model, HttpServletRequest request) {
        String version = QueryString.of(request).only(VERSION).once(VERSION);
        ModelName name = name(model);
        Integer number = version == null ? null : number(version, VERSION, 0, 999_999_999);
        return answer(
                fresh.read(headers.of(request), () -> models.schema(name, number)), null, request);
    }

    /// @param etag null for one of the content
    private ResponseEntity<byte[]> answer(
            Seen<ObjectNode> seen, @Nullable String etag, HttpServletRequest request) {
        byte[] body = Json.mapper().writeValueAsBytes(seen.orRefuse());
        return headers.answer(HttpStatus.OK, seen.at(), request)
                .eTag(etag == null ? EntityTags.ofContent(body) : etag)
                .body(body);
    }

    private static ModelName name(String text) {
        if (!ModelName.isValid(text)) {
            throw ModelLookup.unknown(text);
        }
        return new ModelName(text);
    }

    private static int number(@Nullable String text, String parameter, int usual, int most) {
        if (text == null) {
            return usual;
        }
        if (text.matches("[0-9]{1,9}")
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw Refusal.badInput(
                Place.PARAMETER,
                parameter,
                "bound",
                "Expected a whole number from 1 to %,d; got \"%s\""
                        .formatted(most, Excerpt.of(text)));
    }
}
