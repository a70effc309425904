package io.headwater.command.imports;

import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.Submissions;
import io.headwater.command.imports.ImportCommand.EndImport;
import io.headwater.command.ledger.Commands;
import io.headwater.command.ledger.Ledger;
import io.headwater.command.ledger.Outcome;
import io.headwater.command.ledger.Submission;
import io.headwater.command.rows.Layout;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportId;
import io.headwater.contract.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/// Routes of imports.
@RestController
final class ImportController {
    private static final int MOST_LISTED = 100;

    private final ImportIntake intake;
    private final DryRun dryRun;
    private final ImportLog log;
    private final ImportView view;
    private final Commands commands;

    ImportController(
            ImportIntake intake, DryRun dryRun, ImportLog log, ImportView view, Ledger ledger) {
        this.intake = intake;
        this.dryRun = dryRun;
        this.log = log;
        this.view = view;
        this.commands = ledger.commands();
    }

    /// Takes a file in and answers at once; the rows are taken in afterwards. A dry run answers
    /// when it has read all rows.
    @PostMapping("/imports/{model}")
    void start(
            @PathVariable("model") String model,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var upload = Upload.of(model, request);
        if (upload.dryRun()) {
            write(response, 200, dryRun.report(upload));
            return;
        }
        var accepted = intake.accept(upload);
        response.setHeader("Location", ImportView.place(accepted.id()));
        answer(response, 202, find(accepted.id().toString()));
    }

    @GetMapping("/imports")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String given = CommandDesk.parameter(request, "limit", Set.of("limit"));
        var json = Json.mapper().createObjectNode();
        var imports = json.putArray("imports");
        log.recent(limit(given)).forEach(stored -> imports.add(view.of(stored)));
        write(response, 200, json);
    }

    @GetMapping("/imports/{id}")
    void show(@PathVariable("id") String id, HttpServletResponse response) throws IOException {
        answer(response, 200, find(id));
    }

    /// Ends an import; the rows that are in stay.
    @DeleteMapping("/imports/{id}")
    void cancel(
            @PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ImportId known = find(id).event().state().id();
        var submission = new Submission(Submissions.of(request, new byte[0]).metadata(), null);
        var command = new EndImport(known, ImportEvent.Outcome.CANCELLED, "");
        if (commands.send(ImportSlices.END, command, submission)
                instanceof Outcome.Refused<ImportEvent>(var refusal)) {
            throw ImportProblems.refused(known, refusal.detail());
        }
        answer(response, 200, find(id));
    }

    /// Rows that were rejected so far: NDJSON, or CSV where the client prefers it.
    @GetMapping("/imports/{id}/rejected")
    void rejected(
            @PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ImportId known = find(id).event().state().id();
        var format = RejectedRows.format(request.getHeader("Accept"));
        response.setContentType(format.mediaType());
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"rejected-%s.%s\"".formatted(known, format.ending()));
        try (var rows = log.rejected(known)) {
            RejectedRows.write(rows, format, response.getOutputStream());
        }
    }

    private ImportLog.Stored find(String text) {
        return ImportId.parse(text)
                .flatMap(log::newest)
                .orElseThrow(() -> ImportProblems.unknownImport(text));
    }

    private void answer(HttpServletResponse response, int status, ImportLog.Stored stored)
            throws IOException {
        response.setHeader(ConsistencyToken.HEADER, view.token(stored.position()).toString());
        write(response, status, view.of(stored));
    }

    private static void write(HttpServletResponse response, int status, ObjectNode json)
            throws IOException {
        byte[] body = Json.mapper().writeValueAsBytes(json);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static int limit(@Nullable String given) {
        if (given == null) {
            return 20;
        }
        if (!given.matches("[1-9][0-9]{0,2}") || Integer.parseInt(given) > MOST_LISTED) {
            throw ImportProblems.parameters(
                    List.of(new Layout.Misfit("limit", "range", "1 to " + MOST_LISTED)));
        }
        return Integer.parseInt(given);
    }
}
