package io.headwater.command.queries;

import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.CommandDesk.Body;
import io.headwater.command.http.Problem;
import io.headwater.command.http.ProblemException;
import io.headwater.command.http.Problems;
import io.headwater.command.queries.QueryCommand.DefineQuery;
import io.headwater.command.queries.QueryCommand.RetireQuery;
import io.headwater.contract.Faults;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `/queries`: define, change, retire.
@RestController
class QueryController {
    private static final Set<String> PARAMETERS = Set.of("dryRun");

    private final CommandDesk desk;

    QueryController(CommandDesk desk) {
        this.desk = desk;
    }

    @PutMapping("/queries/{query}")
    void define(
            @PathVariable("query") String query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        QueryName name = name(query);
        desk.serve(
                request,
                response,
                QuerySlices.DEFINE,
                Body.RECORD,
                body ->
                        new DefineQuery(
                                name,
                                definition(body),
                                desk.expected(request),
                                CommandDesk.flag(request, "dryRun", PARAMETERS)));
    }

    @DeleteMapping("/queries/{query}")
    void retire(
            @PathVariable("query") String query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        CommandDesk.noParameters(request);
        desk.serve(
                request,
                response,
                QuerySlices.RETIRE,
                new RetireQuery(name(query), desk.expected(request)));
    }

    private static QueryName name(String query) {
        if (!QueryName.isValid(query)) {
            throw new ProblemException(Problems.invalidId(QueryName.RULE));
        }
        return new QueryName(query);
    }

    private static QueryDefinition definition(JsonNode body) {
        var faults = new Faults();
        QueryDefinition definition = QueryDefinition.read(body, faults);
        if (definition == null) {
            throw new ProblemException(
                    new Problem(
                                    422,
                                    "invalid-query",
                                    "The query is not valid",
                                    faults.list().getFirst().detail())
                            .withFaults(faults.list()));
        }
        return definition;
    }
}
