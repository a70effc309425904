package io.headwater.command.imports;

import io.headwater.command.http.Problem;
import io.headwater.command.http.ProblemException;
import io.headwater.command.rows.CsvReader;
import io.headwater.command.rows.Layout;
import io.headwater.command.spool.SpoolException;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.ImportId;
import io.headwater.contract.ModelName;
import java.util.List;

/// What clients are told that want an import which cannot be.
final class ImportProblems {
    private ImportProblems() {}

    static ProblemException unknownModel(ModelName model) {
        return refusal(404, "unknown-model", "No such model", "There is no model " + model);
    }

    static ProblemException retiredModel(ModelName model) {
        return refusal(
                410,
                "model-retired",
                "The model is retired",
                "The model " + model + " is retired and takes no more records");
    }

    static ProblemException invalidModel(String name) {
        return refusal(
                400,
                "invalid-id",
                "The path names nothing that could exist",
                ModelName.RULE + "; got \"" + Excerpt.of(name) + "\"");
    }

    static ProblemException unknownImport(String id) {
        return refusal(
                404,
                "unknown-import",
                "No such import",
                "There is no import \"" + Excerpt.of(id) + "\"");
    }

    static ProblemException mediaType() {
        return new ProblemException(
                new Problem(
                                415,
                                "unsupported-media-type",
                                "The body is of the wrong kind",
                                "Send the file as text/csv or application/x-ndjson, in UTF-8, and say"
                                        + " so in Content-Type")
                        .withHeader("Accept", "text/csv, application/x-ndjson"));
    }

    static ProblemException contentEncoding(String given) {
        return new ProblemException(
                new Problem(
                                415,
                                "unsupported-content-encoding",
                                "The body is packed in an unknown way",
                                "Send the file as it is or with Content-Encoding: gzip; got \""
                                        + Excerpt.of(given)
                                        + "\"")
                        .withHeader("Accept-Encoding", "gzip"));
    }

    static ProblemException brokenGzip(Upload.BrokenGzip e) {
        return refusal(
                400,
                "malformed-gzip",
                "The body is no gzip",
                "The body cannot be unpacked: " + Excerpt.of(String.valueOf(e.getMessage())));
    }

    static ProblemException parameters(List<Layout.Misfit> misfits) {
        var faults =
                misfits.stream()
                        .limit(100)
                        .map(m -> new Fault(Excerpt.of(m.parameter()), m.code(), m.detail()))
                        .toList();
        return new ProblemException(
                new Problem(
                                400,
                                "invalid-parameter",
                                "A query parameter is not valid",
                                faults.getFirst().detail())
                        .withParameters(faults));
    }

    static ProblemException empty() {
        return refusal(
                400, "empty-body", "The body is empty", "Send the rows in the body of the request");
    }

    static ProblemException header(CsvReader.HeaderMissing e) {
        return refusal(
                400,
                "invalid-csv-header",
                "The header row is not valid",
                String.valueOf(e.getMessage()));
    }

    static ProblemException keyReused() {
        return refusal(
                422,
                "idempotency-key-reused",
                "The key belongs to another request",
                "This Idempotency-Key came before with another file, model or parameters. Send a new"
                        + " key with each new import");
    }

    static ProblemException spool(SpoolException e) {
        return switch (e) {
            case SpoolException.NoRoom full ->
                    retry(507, "no-room", "There is no room for the file", message(full), 60);
            case SpoolException.TooLarge large ->
                    refusal(413, "body-too-large", "The body is too large", message(large));
            case SpoolException.Busy busy ->
                    retry(409, "import-busy", "The file is in use", message(busy), 5);
        };
    }

    static ProblemException overloaded(int waiting) {
        return retry(
                503,
                "overloaded",
                "Too much to do",
                "%,d imports are waiting already; nothing was kept of this one".formatted(waiting),
                60);
    }

    /// The import's own words for a command that the ledger refused.
    static ProblemException refused(ImportId id, String detail) {
        return retry(409, "conflict", "Others were faster", "Import " + id + ": " + detail, 1);
    }

    private static String message(SpoolException e) {
        return String.valueOf(e.getMessage()) + ". Nothing was kept of it";
    }

    private static ProblemException refusal(int status, String code, String title, String detail) {
        return new ProblemException(new Problem(status, code, title, detail));
    }

    private static ProblemException retry(
            int status, String code, String title, String detail, int seconds) {
        return new ProblemException(
                new Problem(status, code, title, detail)
                        .withHeader("Retry-After", String.valueOf(seconds)));
    }
}
