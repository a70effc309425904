package io.headwater.command.records;

import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.CommandDesk.Body;
import io.headwater.command.http.Problem;
import io.headwater.command.http.ProblemException;
import io.headwater.contract.Faults;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `/commands`: many operations over many models, all or none.
@RestController
class BatchController {
    private final CommandDesk desk;

    BatchController(CommandDesk desk) {
        this.desk = desk;
    }

    @PostMapping("/commands")
    void batch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        desk.serve(
                request,
                response,
                RecordSlices.BATCH,
                Body.BATCH,
                body -> {
                    CommandDesk.noParameters(request);
                    return read(body, CommandDesk.validFrom(request));
                });
    }

    private ChangeRecords read(JsonNode body, @Nullable Instant validFrom) {
        var faults = new Faults();
        ChangeRecords command =
                BatchReader.read(body, desk.limits().operations(), validFrom, faults);
        if (command == null) {
            throw new ProblemException(
                    new Problem(
                                    422,
                                    "invalid-batch",
                                    "The batch is not valid",
                                    faults.list().getFirst().detail())
                            .withFaults(faults.list()));
        }
        return command;
    }
}
