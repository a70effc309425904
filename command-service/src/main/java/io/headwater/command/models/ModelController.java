package io.headwater.command.models;

import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.CommandDesk.Body;
import io.headwater.command.http.Problem;
import io.headwater.command.http.ProblemException;
import io.headwater.command.http.Problems;
import io.headwater.command.models.ModelCommand.DefineModel;
import io.headwater.command.models.ModelCommand.RetireModel;
import io.headwater.contract.Faults;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `/models`: define, evolve, retire.
@RestController
class ModelController {
    private static final Set<String> PARAMETERS = Set.of("dryRun");

    private final CommandDesk desk;

    ModelController(CommandDesk desk) {
        this.desk = desk;
    }

    @PutMapping("/models/{model}")
    void define(
            @PathVariable("model") String model,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        ModelName name = name(model);
        desk.serve(
                request,
                response,
                ModelSlices.DEFINE,
                Body.RECORD,
                body ->
                        new DefineModel(
                                name,
                                definition(body),
                                desk.expected(request),
                                CommandDesk.flag(request, "dryRun", PARAMETERS)));
    }

    @DeleteMapping("/models/{model}")
    void retire(
            @PathVariable("model") String model,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        CommandDesk.noParameters(request);
        desk.serve(
                request,
                response,
                ModelSlices.RETIRE,
                new RetireModel(name(model), desk.expected(request)));
    }

    private static ModelName name(String model) {
        if (!ModelName.isValid(model)) {
            throw new ProblemException(Problems.invalidId(ModelName.RULE));
        }
        return new ModelName(model);
    }

    private static ModelDefinition definition(JsonNode body) {
        var faults = new Faults();
        ModelDefinition definition = ModelDefinition.read(body, faults);
        if (definition == null) {
            throw new ProblemException(
                    new Problem(
                                    422,
                                    "invalid-model",
                                    "The model is not valid",
                                    faults.list().getFirst().detail())
                            .withFaults(faults.list()));
        }
        return definition;
    }
}
