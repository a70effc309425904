package io.headwater.bench.mapping;

import io.headwater.bench.git.Commit;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What a mapping file says.
///
/// @param branch whose first-parent line is the history
/// @param actor which part of the author is the actor
/// @param clock whose time is the valid time
/// @param operations most in a batch; 1 to 10,000
/// @param verdicts one for each rule
/// @param models by name
/// @param digest of the file: another digest is another mapping
public record Mapping(
        String branch,
        Actor actor,
        Clock clock,
        int operations,
        Map<Rule, Verdict> verdicts,
        Map<ModelName, ModelMapping> models,
        String digest) {
    /// Which part of the author is the actor.
    public enum Actor {
        EMAIL,
        NAME
    }

    /// Whose time is the valid time.
    public enum Clock {
        COMMITTER,
        AUTHOR
    }

    public Mapping {
        verdicts = Map.copyOf(verdicts);
        models = Map.copyOf(models);
    }

    /// @throws IOException if there is none, or it is not valid; with what is wrong
    public static Mapping read(Path file) throws IOException {
        return MappingReader.read(Files.readString(file));
    }

    public Verdict verdict(Rule rule) {
        return Objects.requireNonNull(verdicts.get(rule));
    }

    /// 1 to 200 characters, none of them a control character.
    public String actorOf(Commit commit) {
        String first = actor == Actor.EMAIL ? commit.email() : commit.name();
        String given = first.isBlank() ? commit.email() + commit.name() : first;
        String plain = given.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.isEmpty() ? "unknown" : plain.substring(0, Math.min(200, plain.length()));
    }

    public Instant timeOf(Commit commit) {
        return clock == Clock.COMMITTER ? commit.time() : commit.authored();
    }

    /// The models, each after those that it refers to.
    ///
    /// @throws IOException if models refer to one another in a circle
    public List<ModelMapping> inOrder() throws IOException {
        Set<ModelName> done = new LinkedHashSet<>();
        List<ModelMapping> order = new ArrayList<>();
        while (order.size() < models.size()) {
            int before = order.size();
            for (ModelMapping each : models.values().stream().sorted(byName()).toList()) {
                boolean ready =
                        each.references().stream()
                                .map(field -> ((Reference) field.type()).to())
                                .allMatch(to ->
                                        done.contains(to)
                                                || to.equals(each.model())
                                                || !models.containsKey(to));
                if (ready && done.add(each.model())) {
                    order.add(each);
                }
            }
            if (order.size() == before) {
                throw new IOException(
                        "Models refer to one another in a circle: define them by hand first, in two"
                                + " steps, and run with --no-define");
            }
        }
        return order;
    }

    private static java.util.Comparator<ModelMapping> byName() {
        return java.util.Comparator.comparing(ModelMapping::model);
    }
}
