package io.headwater.query.export;

import io.headwater.query.api.QueryString;
import io.headwater.query.api.RecordQueries;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// The routes of lists, each with the format behind it: all records instead of a page.
@RestController
class ExportController {
    private final Exports exports;
    private final RecordQueries queries;

    ExportController(Exports exports, RecordQueries queries) {
        this.exports = exports;
        this.queries = queries;
    }

    @GetMapping({"/records/{model}.csv", "/records/{model}.ndjson", "/records/{model}.parquet"})
    void list(@PathVariable String model, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        QueryString parameters = QueryString.of(request);
        Exports.requireNoPage(parameters);
        exports.send(queries.of(model, parameters), model, request, response);
    }

    @PostMapping(
            path = {
                "/records/{model}/query.csv",
                "/records/{model}/query.ndjson",
                "/records/{model}/query.parquet"
            },
            consumes = MediaType.APPLICATION_JSON_VALUE)
    void query(@PathVariable String model, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        QueryString.of(request).only();
        JsonNode document = RecordQueries.document(request.getInputStream());
        if (document.has("page")) {
            throw Refusal.badInput(Place.POINTER, "/page", "no-pages", Exports.NO_PAGES);
        }
        exports.send(queries.of(model, document), model, request, response);
    }
}
