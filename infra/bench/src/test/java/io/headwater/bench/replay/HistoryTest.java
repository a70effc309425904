package io.headwater.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.bench.git.Commit;
import io.headwater.bench.git.GitBlobs;
import io.headwater.bench.git.GitHistory;
import io.headwater.bench.git.SampleHistory;
import io.headwater.bench.mapping.Change;
import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.mapping.RecordTree;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A made-up history, commit by commit, beside each commit's files read anew.
class HistoryTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"leaveOut", "letThrough"})
    void whatACommitChangesLeadsToWhatItsFilesAreAndNoPartBreaksARule(String verdict)
            throws Exception {
        Path repository = folder.resolve("history.git");
        SampleHistory.make(repository, 60, 120, 42);
        Path file = folder.resolve("mapping.yaml");
        Files.writeString(
                file,
                "operations: 7\n"
                        + SampleHistory.MAPPING
                                .replaceAll("(leaveOut|letThrough)", verdict)
                                .replace("unreadable: letThrough", "unreadable: leaveOut"));
        Mapping mapping = Mapping.read(file);
        var tree = new RecordTree(mapping);
        Map<RecordRef, ObjectNode> service = new HashMap<>();
        int split = 0;
        int breaches = 0;
        try (var history = new GitHistory(repository, "HEAD", null);
                var blobs = new GitBlobs(repository)) {
            for (Commit commit = history.next(); commit != null; commit = history.next()) {
                RecordTree.Step step = tree.apply(commit.changes(), blobs);
                breaches += step.breaches().size();
                List<Change> changes = step.changes();
                List<String> parts = Parts.of(mapping, changes);
                split += parts.size() > 1 ? 1 : 0;
                for (String part : parts) {
                    apply(part, service);
                    checkRules(mapping, service, commit.hash());
                }
                var anew = new RecordTree(mapping);
                anew.apply(GitHistory.files(repository, commit.hash()), blobs);
                assertThat(tree.records()).as(commit.hash()).isEqualTo(anew.records());
                assertThat(texts(service)).as(commit.hash()).isEqualTo(texts(anew.records()));
            }
        }
        assertThat(split).as("commits in parts").isGreaterThan(1);
        assertThat(breaches).as("broken rules").isGreaterThan(50);
    }

    private static Map<RecordRef, String> texts(Map<RecordRef, ObjectNode> records) {
        Map<RecordRef, String> texts = new HashMap<>();
        records.forEach((record, fields) -> texts.put(record, fields.toString()));
        return texts;
    }

    private static void apply(String part, Map<RecordRef, ObjectNode> service) {
        List<JsonNode> operations = new ArrayList<>();
        Json.mapper().readTree(part).path("operations").forEach(operations::add);
        assertThat(operations).hasSizeBetween(1, 7);
        for (JsonNode operation : operations) {
            var record =
                    new RecordRef(
                            new ModelName(operation.path("model").asString()),
                            new RecordId(operation.path("id").asString()));
            if (operation.path("op").asString().equals("delete")) {
                assertThat(service.remove(record)).as(record.toString()).isNotNull();
            } else {
                service.put(record, (ObjectNode) operation.get("fields"));
            }
        }
    }

    /// What the command service would see to at the end of each batch.
    private static void checkRules(
            Mapping mapping, Map<RecordRef, ObjectNode> service, String commit) {
        Set<String> values = new HashSet<>();
        service.forEach((record, fields) -> {
            for (Field field :
                    Objects.requireNonNull(mapping.models().get(record.model()))
                            .definition()
                            .fields()
                            .values()) {
                JsonNode value = fields.get(field.name());
                if (value != null && field.type() instanceof Reference reference) {
                    assertThat(service)
                            .as(commit + " " + record)
                            .containsKey(
                                    new RecordRef(reference.to(), new RecordId(value.asString())));
                }
                if (value != null && field.unique()) {
                    assertThat(values.add(record.model() + "/" + field.name() + "/" + value))
                            .as(commit + " " + record + " " + value)
                            .isTrue();
                }
                assertThat(value != null || !field.required()).as(record.toString()).isTrue();
            }
        });
    }
}
