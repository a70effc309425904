package io.headwater.bench.replay;

import io.headwater.bench.git.GitBlobs;
import io.headwater.bench.git.GitHistory;
import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.mapping.RecordTree;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Compares what a query service says was valid when a commit was made with the files of this
/// commit, read anew and all at once. Not safe for concurrent use.
final class Verification {
    private static final int MOST_TOLD = 20;

    private final Path repository;
    private final Mapping mapping;
    private final Service queries;
    private final Authors authors;

    Verification(Path repository, Mapping mapping, Service queries, Authors authors) {
        this.repository = repository;
        this.mapping = mapping;
        this.queries = queries;
        this.authors = authors;
    }

    /// @param records how many were compared
    /// @param differences in words; the first 20
    record Result(int records, List<String> differences) {}

    /// @param atLeast a token of the end of the replay
    Result of(Journal.Done commit, String atLeast) throws IOException {
        RecordTree tree = new RecordTree(mapping);
        try (GitBlobs blobs = new GitBlobs(repository)) {
            tree.apply(GitHistory.files(repository, commit.commit()), blobs);
        }
        Map<RecordRef, ObjectNode> missing = new HashMap<>(tree.records());
        int records = missing.size();
        List<String> differences = new ArrayList<>();
        for (ModelName model : mapping.models().keySet()) {
            String after = null;
            do {
                JsonNode page = page(model, commit, atLeast, after);
                for (JsonNode item : page.path("items")) {
                    compare(model, item, missing, differences);
                }
                after = page.path("next").asString(null);
            } while (after != null);
        }
        missing.keySet().forEach(record -> tell(differences, record + " is in the files only"));
        return new Result(records, differences);
    }

    private static void compare(
            ModelName model,
            JsonNode item,
            Map<RecordRef, ObjectNode> missing,
            List<String> differences) {
        var record = new RecordRef(model, new RecordId(item.path("id").asString()));
        ObjectNode expected = missing.remove(record);
        JsonNode found = item.path("fields");
        if (expected == null) {
            tell(differences, record + " is not in the files: " + found);
        } else if (!expected.equals(Verification::compare, found)) {
            tell(differences, "%s is %s, in the files %s".formatted(record, found, expected));
        }
    }

    // 1.0 and 1.00 are the same number.
    private static int compare(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1;
    }

    private static void tell(List<String> differences, String difference) {
        if (differences.size() < MOST_TOLD) {
            differences.add(difference);
        }
    }

    private JsonNode page(
            ModelName model, Journal.Done commit, String atLeast, @Nullable String after)
            throws IOException {
        String path =
                "/records/%s?page%%5Bsize%%5D=1000&validAt=%s%s"
                        .formatted(
                                model,
                                encoded(commit.validFrom().toString()),
                                after == null ? "" : "&page%5Bafter%5D=" + encoded(after));
        HttpResponse<String> answer =
                queries.send(
                        "GET",
                        path,
                        authors.token("replay"),
                        "",
                        ConsistencyToken.AT_LEAST_HEADER,
                        atLeast,
                        "Prefer",
                        "wait=30");
        if (answer.statusCode() != 200) {
            throw new ReplayStopped(
                    "GET %s: %d %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return Json.mapper().readTree(answer.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
