package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.acceptance.World.Op;
import io.headwater.acceptance.World.Outcome;
import io.headwater.acceptance.World.Ref;
import io.headwater.acceptance.World.Revision;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Json;
import io.headwater.local.LocalPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/// Random models, commands, restarts and questions, put to the whole system over HTTP and to a few
/// plain maps beside it: both give the same answers.
///
/// `-Dheadwater.seed=` repeats a run, `-Dheadwater.steps=` makes it longer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeSystemAgainstModelTest {
    private static final List<String> MODELS = List.of("alpha", "beta", "gamma");

    private final long seed = Long.getLong("headwater.seed", System.nanoTime());
    private final int steps = Integer.getInteger("headwater.steps", 2_000);
    private final int restartEach = Math.max(130, Math.min(300, steps / 4));
    private final Random random = new Random(seed);
    private final World world = new World();
    private final RandomCommands commands = new RandomCommands(random, world);
    private final Map<String, Integer> counts = new HashMap<>();
    private Scene scene;
    private Witness witness;
    private Connection log;
    private int step;
    private int keys;

    @BeforeAll
    void start() throws SQLException {
        System.out.println(
                "WholeSystemAgainstModelTest: repeat with -Dheadwater.seed=%d -Dheadwater.steps=%d"
                        .formatted(seed, steps));
        scene = new Scene();
        log = scene.platform.cluster().superuser();
        witness = new Witness(scene, log, world);
    }

    @AfterAll
    void stop() throws SQLException {
        System.out.println("WholeSystemAgainstModelTest: " + counts);
        log.close();
        scene.close();
    }

    @Test
    void bothGiveTheSameAnswers() throws SQLException {
        for (int i = 0; i < MODELS.size(); i++) {
            // Each refers to those before it, and to itself.
            define(MODELS.get(i), Shape.random(random, MODELS.subList(0, i + 1)), 201);
        }
        for (step = 1; step <= steps; step++) {
            step();
        }
        for (String model : MODELS) {
            list(model, world.shape(model), null, null);
        }
        assertThat(counts.keySet())
                .contains(
                        "accepted", "refused", "evolved", "asOf", "validAt", "restart", "repeated");
    }

    private void step() throws SQLException {
        if (step % restartEach == restartEach / 2) {
            restart();
        }
        int kind = random.nextInt(100);
        if (kind < 28) {
            single(commands.one());
        } else if (kind < 50) {
            batch(commands.batch());
        } else if (kind < 54) {
            restore();
        } else if (kind < 57) {
            evolve();
        } else {
            ask();
        }
    }

    private void restart() {
        var platform = scene.platform;
        LocalPart part =
                List.of(
                                platform.query(),
                                platform.command(),
                                platform.relay(),
                                platform.cluster().kafka())
                        .get(step / restartEach % 4);
        if (random.nextBoolean()) {
            part.kill();
        } else {
            part.stop();
        }
        part.start();
        count("restart");
    }

    private void single(Op op) throws SQLException {
        Ref ref = op.ref();
        List<String> headers = new ArrayList<>();
        if (op.expected() != null) {
            long expected = op.expected();
            headers.add(expected == 0 ? "If-None-Match" : "If-Match");
            headers.add(expected <= 0 ? "*" : "\"" + expected + "\"");
        }
        if (op.validFrom() != null) {
            headers.add("Valid-From");
            headers.add(op.validFrom().toString());
        }
        String path = "/records/" + ref.model();
        send(
                List.of(op),
                switch (op.kind()) {
                    case "create" -> "POST";
                    case "put" -> "PUT";
                    case "patch" -> "PATCH";
                    default -> "DELETE";
                },
                path + (op.kind().equals("create") ? "?id=" : "/") + ref.id(),
                op.fields() == null ? null : op.fields().toString(),
                headers);
    }

    private void batch(List<Op> batch) throws SQLException {
        ObjectNode body = Json.mapper().createObjectNode();
        var operations = body.putArray("operations");
        for (int i = 0; i < batch.size(); i++) {
            Op op = batch.get(i);
            ObjectNode json =
                    operations
                            .addObject()
                            .put("op", op.kind())
                            .put("model", op.ref().model())
                            .put("id", op.ref().id());
            if (op.fields() != null) {
                json.set(op.kind().equals("patch") ? "patch" : "fields", withLocals(op, batch));
            }
            if (op.kind().equals("create") || op.kind().equals("put")) {
                json.put("local", "l" + i);
            }
            if (op.expected() != null) {
                json.put("expectedRevision", op.expected());
            }
            if (op.validFrom() != null) {
                json.put("validFrom", op.validFrom().toString());
            }
        }
        send(batch, "POST", "/commands", body.toString(), List.of());
    }

    /// References to what the batch itself writes, by its local name.
    private ObjectNode withLocals(Op op, List<Op> batch) {
        ObjectNode fields = Objects.requireNonNull(op.fields()).deepCopy();
        world.shape(op.ref().model())
                .columns()
                .forEach((name, column) -> {
                    for (int i = 0; i < batch.size(); i++) {
                        Op other = batch.get(i);
                        if (column.to() != null
                                && (other.kind().equals("create") || other.kind().equals("put"))
                                && fields.path(name).asString("").equals(other.ref().id())
                                && column.to().equals(other.ref().model())) {
                            fields.putObject(name).put("$local", "l" + i);
                            return;
                        }
                    }
                });
        return fields;
    }

    private void restore() throws SQLException {
        List<Revision> all = world.log();
        if (all.isEmpty()) {
            return;
        }
        Revision revision = Shape.any(all, random);
        Ref ref = revision.ref();
        String path = "/records/%s/%s/restore".formatted(ref.model(), ref.id());
        String body = "{\"revision\":" + revision.revision() + "}";
        if (revision.fields() == null) {
            refused(scene.commands.send("POST", path, body), "deleted-revision");
            return;
        }
        send(
                List.of(new Op("put", ref, revision.fields(), null, null)),
                "POST",
                path,
                body,
                List.of());
    }

    private void send(
            List<Op> operations,
            String method,
            String path,
            @Nullable String body,
            List<String> headers)
            throws SQLException {
        List<String> all = new ArrayList<>(headers);
        boolean keyed = random.nextInt(4) == 0;
        if (keyed) {
            all.addAll(List.of("Idempotency-Key", "key-" + keys++));
        }
        String[] given = all.toArray(String[]::new);
        Outcome outcome = world.decide(operations);
        Answer answer = scene.commands.send(method, path, body, given);
        if (!outcome.faults().isEmpty()) {
            assertThat(answer.status()).as(told(answer)).isBetween(400, 499);
            assertThat(outcome.faults()).as(told(answer)).contains(code(answer));
            count("refused");
            return;
        }
        assertThat(answer.status()).as(told(answer)).isBetween(200, 299);
        count("accepted");
        witness.happened(answer, outcome.changed());
        if (keyed) {
            again(answer, method, path, body, given);
        }
    }

    /// The same again, and another request with the same key.
    private void again(
            Answer first, String method, String path, @Nullable String body, String[] headers)
            throws SQLException {
        Answer second = scene.commands.send(method, path, body, headers);
        assertThat(second.status()).as(told(second)).isEqualTo(first.status());
        assertThat(second.response().body()).isEqualTo(first.response().body());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        Answer other =
                scene.commands.send(
                        "PUT",
                        "/records/alpha/other",
                        "{}",
                        "Idempotency-Key",
                        headers[headers.length - 1]);
        refused(other, "idempotency-key-reused");
        witness.happened(second, Map.of());
        count("repeated");
    }

    private void define(String model, Shape shape, int status) throws SQLException {
        Answer answer = scene.commands.send("PUT", "/models/" + model, shape.json());
        assertThat(answer.status()).as(told(answer)).isEqualTo(status);
        witness.happened(answer, Map.of());
        world.define(model, shape, witness.head().position());
    }

    private void evolve() throws SQLException {
        String model = Shape.any(MODELS, random);
        if (random.nextInt(3) == 0) {
            String broken = world.shape(model).broken(random).json();
            refused(scene.commands.send("PUT", "/models/" + model, broken), "incompatible-change");
        } else {
            define(model, world.shape(model).evolved(random), 200);
            count("evolved");
        }
    }

    private void ask() throws SQLException {
        String model = Shape.any(MODELS, random);
        Long asOf =
                random.nextInt(2) == 0
                        ? null
                        : (Long) (1 + random.nextLong(witness.head().position()));
        Instant validAt = random.nextInt(2) == 0 || world.log().isEmpty() ? null : moment();
        Shape shape = world.shapeAt(model, asOf == null ? witness.head().position() : asOf);
        if (asOf != null) {
            count("asOf");
        }
        if (validAt != null) {
            count("validAt");
        }
        if (shape != null && asOf != null && random.nextInt(4) == 0) {
            newerField(model, shape, asOf);
        }
        switch (random.nextInt(4)) {
            case 0 -> record(new Ref(model, Shape.id(random)), shape, asOf, validAt);
            case 1 -> history(new Ref(model, Shape.id(random)));
            default -> list(model, shape, asOf, validAt);
        }
    }

    /// At, right before, or right after something.
    private Instant moment() {
        Revision revision = Shape.any(world.log(), random);
        return (random.nextBoolean() ? revision.from() : revision.time())
                .plus(random.nextInt(3) - 1, ChronoUnit.MICROS);
    }

    private String asOfText(long asOf) {
        List<Revision> log = world.log();
        // A time stands for the last event that is not later, if nothing else has happened
        // meanwhile.
        if (random.nextBoolean()) {
            for (Revision each : log) {
                boolean last =
                        log.stream()
                                .noneMatch(o ->
                                        o.time().equals(each.time())
                                                && o.position() > each.position());
                if (each.position() == asOf && last && witness.isNewestAt(each)) {
                    return each.time().toString();
                }
            }
        }
        return new ConsistencyToken(witness.head().epoch(), asOf).toString();
    }

    private void record(
            Ref ref, @Nullable Shape shape, @Nullable Long asOf, @Nullable Instant validAt) {
        String parameters =
                (asOf == null ? "" : "&asOf=" + asOfText(asOf))
                        + (validAt == null ? "" : "&validAt=" + validAt);
        Answer answer =
                witness.query(
                        "GET",
                        "/records/%s/%s%s"
                                .formatted(
                                        ref.model(), ref.id(), parameters.replaceFirst("&", "?")),
                        null);
        Revision expected =
                world.at(ref.model(), asOf == null ? witness.head().position() : asOf, validAt)
                        .get(ref.id());
        if (shape == null) {
            refused(answer, "unknown-model");
        } else if (expected == null) {
            refused(answer, "unknown-record");
        } else {
            assertThat(answer.status()).as(told(answer)).isEqualTo(200);
            assertThat(Witness.line(answer.json()))
                    .as(told(answer))
                    .isEqualTo(Witness.line(expected));
        }
        count("record");
    }

    private void history(Ref ref) {
        Answer answer =
                witness.query(
                        "GET",
                        "/records/%s/%s/history?page%%5Bsize%%5D=1000"
                                .formatted(ref.model(), ref.id()),
                        null);
        List<Revision> expected =
                world.log().stream().filter(each -> each.ref().equals(ref)).toList().reversed();
        if (expected.isEmpty()) {
            refused(answer, "unknown-record");
            return;
        }
        assertThat(answer.json().get("items").valueStream())
                .as(told(answer))
                .extracting(item -> item.get("revision") + "@" + item.get("position"))
                .containsExactlyElementsOf(
                        expected.stream()
                                .map(each -> each.revision() + "@" + each.position())
                                .toList());
        count("history");
    }

    /// A field that the model got later is not known then.
    private void newerField(String model, Shape then, long asOf) {
        for (String name : world.shape(model).columns().keySet()) {
            if (!then.columns().containsKey(name)) {
                String token = new ConsistencyToken(witness.head().epoch(), asOf).toString();
                Answer answer =
                        witness.query(
                                "GET",
                                "/records/%s?asOf=%s&sort=%s".formatted(model, token, name),
                                null);
                assertThat(answer.status()).as(told(answer)).isEqualTo(400);
                assertThat(answer.response().body()).contains("unknown-field");
                count("newer field");
                return;
            }
        }
    }

    /// Pages of a list, while others write.
    private void list(
            String model, @Nullable Shape shape, @Nullable Long asOf, @Nullable Instant validAt)
            throws SQLException {
        var questions = new RandomQuestions(random, shape == null ? world.shape(model) : shape);
        ObjectNode query = Json.mapper().createObjectNode();
        ObjectNode filter = random.nextInt(3) == 0 ? null : questions.filter(3);
        List<String> sort = questions.sort();
        if (filter != null) {
            query.set("filter", filter);
        }
        sort.forEach(query.putArray("sort")::add);
        if (asOf != null) {
            query.put("asOf", asOfText(asOf));
        }
        if (validAt != null) {
            query.put("validAt", validAt.toString());
        }
        int size = 1 + random.nextInt(9);
        query.putObject("page").put("size", size);
        String path = "/records/" + model + "/query";
        Answer answer = witness.query("POST", path, query.toString());
        if (shape == null) {
            refused(answer, "unknown-model");
            return;
        }
        List<String> expected =
                questions
                        .answer(
                                world.at(
                                        model,
                                        asOf == null ? witness.head().position() : asOf,
                                        validAt),
                                filter,
                                sort)
                        .stream()
                        .map(Witness::line)
                        .toList();
        List<String> found = new ArrayList<>();
        while (true) {
            assertThat(answer.status()).as(told(answer)).isEqualTo(200);
            answer.json().get("items").forEach(item -> found.add(Witness.line(item)));
            String next = answer.json().path("next").asString(null);
            if (next == null) {
                break;
            }
            if (random.nextInt(3) == 0) {
                single(commands.one());
            }
            query.putObject("page").put("size", size).put("after", next);
            answer = witness.query("POST", path, query.toString());
        }
        assertThat(found).as("%s, asOf %s", told(answer), asOf).isEqualTo(expected);
        count("list");
    }

    private void refused(Answer answer, String code) {
        assertThat(answer.status()).as(told(answer)).isBetween(400, 499);
        assertThat(code(answer)).as(told(answer)).isEqualTo(code);
        count("refused");
    }

    private static String code(Answer answer) {
        String type = answer.json().path("type").asString("");
        return type.substring(type.lastIndexOf('/') + 1);
    }

    private String told(Answer answer) {
        return "seed %d, step %d: %s".formatted(seed, step, answer);
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }
}
