package io.headwater.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.bench.git.SampleHistory;
import io.headwater.bench.mapping.Mapping;
import io.headwater.contract.Json;
import io.headwater.local.LocalPlatform;
import io.headwater.local.TokenIssuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A made-up history on the whole system.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
    private static final int COMMITS = 80;

    private Path folder;
    private LocalPlatform platform;
    private Path repository;
    private Mapping mapping;
    private Authors authors;
    private Service commands;
    private Service queries;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        repository = folder.resolve("history.git");
        SampleHistory.make(repository, 60, COMMITS, 7);
        Path file = folder.resolve("mapping.yaml");
        Files.writeString(file, "operations: 20\n" + SampleHistory.MAPPING);
        mapping = Mapping.read(file);
        platform = LocalPlatform.builder().inFolder(folder.resolve("home")).start();
        authors = new Authors(TokenIssuer.of(folder.resolve("home/token-key.pem")));
        commands = new Service(platform.command().url());
        queries = new Service(platform.query().url());
    }

    @AfterAll
    void stop() {
        commands.close();
        queries.close();
        platform.close();
    }

    @Test
    void eachCommitIsValidWhenItWasMadeHoweverOftenTheReplayStops() throws Exception {
        replay("journal", 30);
        replay("journal", 1_000);
        long head = head();

        try (var journal = new Journal(folder.resolve("journal"), mapping)) {
            assertThat(journal.all()).hasSize(COMMITS);
            var verification = new Verification(repository, mapping, queries, authors);
            String last = Objects.requireNonNull(journal.last()).token();
            int records = 0;
            for (Journal.Done commit : journal.all()) {
                Verification.Result result = verification.of(commit, Objects.requireNonNull(last));
                assertThat(result.differences()).as(commit.toString()).isEmpty();
                records += result.records();
            }
            assertThat(records).isGreaterThan(COMMITS * 20);
            isWrittenDown(journal);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("is too large for one batch", "duplicateId", "danglingReference");

        replay("another journal", 1_000);
        assertThat(head()).as("all once more appends nothing").isEqualTo(head);
    }

    /// Who made the newest change to a record, and in which commit.
    private void isWrittenDown(Journal journal) throws IOException {
        JsonNode airports =
                get("/records/airport?sort=-@position&page%5Bsize%5D=1").path("items").get(0);
        JsonNode newest =
                get("/records/airport/%s/history".formatted(airports.path("id").asString()))
                        .path("items")
                        .get(0);
        assertThat(newest.path("actor").asString()).endsWith("@example.org");
        assertThat(journal.all())
                .extracting(Journal.Done::commit)
                .contains(newest.path("cause").asString());
    }

    @Test
    void aJournalOfAnotherMappingIsRefused() throws Exception {
        Path other = folder.resolve("other.yaml");
        Files.writeString(other, SampleHistory.MAPPING);
        Path file = folder.resolve("refused");
        new Journal(file, mapping).close();

        assertThatThrownBy(() -> new Journal(file, Mapping.read(other)))
                .hasMessageContaining("another mapping");
    }

    private void replay(String journal, int most) throws IOException {
        try (var kept = new Journal(folder.resolve(journal), mapping)) {
            var target = new CommandTarget(commands, authors, mapping);
            target.define("replay");
            var out = new PrintStream(said, true, StandardCharsets.UTF_8);
            new Replay(repository, mapping, kept, new Progress(out, null)).run(target, most);
        }
    }

    private JsonNode get(String path) throws IOException {
        return Json.mapper()
                .readTree(queries.send("GET", path, authors.token("replay"), "").body());
    }

    private long head() throws SQLException {
        try (var connection = platform.cluster().superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT max(position) FROM log.event")) {
            row.next();
            return row.getLong(1);
        }
    }
}
