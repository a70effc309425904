package io.headwater.bench.replay;

import io.headwater.bench.mapping.Mapping;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which commits are done, one line of JSON each. A line that got lost costs nothing: the commit is
/// sent again with its `Idempotency-Key`, and nothing comes of it twice. Not safe for concurrent
/// use.
final class Journal implements AutoCloseable {
    /// A commit that is done.
    ///
    /// @param validFrom when it is so
    /// @param token of its last part; that of the one before, if there was nothing to send; null
    ///   before the first
    record Done(String commit, Instant validFrom, @Nullable String token) {}

    private final Map<String, Done> done = new LinkedHashMap<>();
    private final Writer lines;
    private @Nullable Done last;

    /// @throws ReplayStopped if the file is of another mapping
    Journal(Path file, Mapping mapping) throws IOException {
        boolean isNew = !Files.exists(file) || Files.size(file) == 0;
        if (!isNew) {
            read(file, mapping);
        }
        lines = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (isNew) {
            write(Json.mapper().createObjectNode().put("mapping", mapping.digest()));
        }
    }

    private void read(Path file, Mapping mapping) throws IOException {
        List<String> all = Files.readAllLines(file, StandardCharsets.UTF_8);
        String of = json(file, all.getFirst()).path("mapping").asString("");
        if (!of.equals(mapping.digest())) {
            throw new ReplayStopped(
                    "The journal %s is of another mapping. What is sent depends on the mapping, so put the former one back, or begin anew with another journal, other models and the new one."
                            .formatted(file));
        }
        for (String line : all.subList(1, all.size())) {
            JsonNode json = json(file, line);
            add(
                    new Done(
                            json.path("commit").asString(),
                            Instant.parse(json.path("validFrom").asString()),
                            json.path("token").asString(null)));
        }
    }

    private static JsonNode json(Path file, String line) throws ReplayStopped {
        try {
            return Json.read(line);
        } catch (MalformedJsonException broken) {
            throw new ReplayStopped(
                    "The journal %s has a line that is no JSON; delete this line and those after it: %s"
                            .formatted(file, line));
        }
    }

    void done(Done commit, int operations, int parts) throws IOException {
        add(commit);
        write(
                Json.mapper()
                        .createObjectNode()
                        .put("commit", commit.commit())
                        .put("validFrom", commit.validFrom().toString())
                        .put("token", commit.token())
                        .put("operations", operations)
                        .put("parts", parts));
    }

    private void add(Done commit) {
        done.put(commit.commit(), commit);
        last = commit;
    }

    private void write(JsonNode line) throws IOException {
        lines.write(line + "\n");
        lines.flush();
    }

    /// In the order of the history.
    List<Done> all() {
        return List.copyOf(done.values());
    }

    /// @return null before the first
    @Nullable Done last() {
        return last;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
