package io.headwater.command.records;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.CommandDesk.Body;
import io.headwater.command.http.ProblemException;
import io.headwater.command.http.Problems;
import io.headwater.command.records.Operation.Place;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.eventstore.EventLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.function.BiFunction;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `/records`: create, replace, change, delete, restore one record.
@RestController
class RecordController {
    private static final Set<String> PARAMETERS = Set.of("id");

    private final CommandDesk desk;
    private final FormerRevisions revisions;

    RecordController(CommandDesk desk, EventLog log) {
        this.desk = desk;
        this.revisions = new FormerRevisions(log);
    }

    @PostMapping("/records/{model}")
    void create(
            @PathVariable("model") String model,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        ModelName name = name(model);
        desk.serve(
                request,
                response,
                RecordSlices.ONE,
                Body.RECORD,
                body -> {
                    String id = CommandDesk.parameter(request, "id", PARAMETERS);
                    RecordRef record =
                            record(
                                    name,
                                    id == null ? UuidCreator.getTimeOrderedEpoch().toString() : id);
                    return new ChangeRecords(
                            new Operation.Create(
                                    record, body, Place.BODY, CommandDesk.validFrom(request)));
                });
    }

    @PutMapping("/records/{model}/{id}")
    void put(
            @PathVariable("model") String model,
            @PathVariable("id") String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        replace(model, id, request, response, (_, body) -> body);
    }

    @PatchMapping("/records/{model}/{id}")
    void patch(
            @PathVariable("model") String model,
            @PathVariable("id") String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        RecordRef record = record(name(model), id);
        desk.serve(
                request,
                response,
                RecordSlices.ONE,
                Body.PATCH,
                body -> {
                    CommandDesk.noParameters(request);
                    return new ChangeRecords(
                            new Operation.Patch(
                                    record,
                                    body,
                                    desk.expected(request),
                                    Place.BODY,
                                    CommandDesk.validFrom(request)));
                });
    }

    @DeleteMapping("/records/{model}/{id}")
    void delete(
            @PathVariable("model") String model,
            @PathVariable("id") String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        RecordRef record = record(name(model), id);
        CommandDesk.noParameters(request);
        desk.serve(
                request,
                response,
                RecordSlices.ONE,
                new ChangeRecords(
                        new Operation.Delete(
                                record,
                                desk.expected(request),
                                Place.BODY,
                                CommandDesk.validFrom(request))));
    }

    /// Makes the record what it was at a former revision.
    @PostMapping("/records/{model}/{id}/restore")
    void restore(
            @PathVariable("model") String model,
            @PathVariable("id") String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        replace(model, id, request, response, revisions::fields);
    }

    /// @param fields what the record is to hold, by what the body says
    private void replace(
            String model,
            String id,
            HttpServletRequest request,
            HttpServletResponse response,
            BiFunction<RecordRef, JsonNode, JsonNode> fields)
            throws IOException {
        RecordRef record = record(name(model), id);
        desk.serve(
                request,
                response,
                RecordSlices.ONE,
                Body.RECORD,
                body -> {
                    CommandDesk.noParameters(request);
                    return new ChangeRecords(
                            new Operation.Put(
                                    record,
                                    fields.apply(record, body),
                                    desk.expected(request),
                                    Place.BODY,
                                    CommandDesk.validFrom(request)));
                });
    }

    private static ModelName name(String model) {
        if (!ModelName.isValid(model)) {
            throw new ProblemException(Problems.invalidId(ModelName.RULE));
        }
        return new ModelName(model);
    }

    private static RecordRef record(ModelName model, String id) {
        if (!RecordId.isValid(id)) {
            throw new ProblemException(Problems.invalidId(RecordId.RULE));
        }
        return new RecordRef(model, new RecordId(id));
    }
}
