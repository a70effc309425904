package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.acceptance.World.Op;
import io.headwater.acceptance.World.Outcome;
import io.headwater.acceptance.World.Ref;
import io.headwater.acceptance.World.Revision;
import io.headwater.acceptance.World.Stored;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.RecordEvent;
import io.headwater.local.LocalPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Random models, commands, restarts and questions, put to the whole system over HTTP and to a few
/// plain maps beside it: both give the same answers.
///
/// `-Dheadwater.seed=` repeats a run, `-Dheadwater.steps=` makes it longer.
class WholeSystemAgainstModelTest {
    private static final List<String> MODELS = List.of("alpha", "beta", "gamma");

    private final long seed = Long.getLong("headwater.seed", System.nanoTime());
    private final int steps = Integer.getInteger("headwater.steps", 1_000);
    private final int restartEach = Math.max(100, Math.min(300, steps / 4));
    private final Random random = new Random(seed);
    private final World world = new World();
    private final RandomCommands commands = new RandomCommands(random, world);
    private final Map<String, Integer> counts = new HashMap<>();
    private Scene scene;
    private Connection log;
    private ConsistencyToken head = new ConsistencyToken("none", 0);
    private int step;
    private int keys;

    @Test
    void bothGiveTheSameAnswers() throws Exception {
        System.out.println(
                "WholeSystemAgainstModelTest: repeat with -Dheadwater.seed=" + seed + ", " + steps);
        try (var running = new Scene();
                var connection = running.platform.cluster().superuser()) {
            scene = running;
            log = connection;
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
        }
        System.out.println("WholeSystemAgainstModelTest: " + counts);
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
        happened(answer, outcome.changed());
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
        happened(second, Map.of());
        count("repeated");
    }

    /// The log says where and when; what, it must say as the plain maps do.
    private void happened(Answer answer, Map<Ref, Stored> changed) throws SQLException {
        Map<Ref, Stored> open = new HashMap<>(changed);
        long last = head.position();
        try (var rows =
                log.createStatement()
                        .executeQuery(
                                "SELECT position, at_micros, type, payload FROM log.event WHERE position > "
                                        + head.position()
                                        + " ORDER BY position")) {
            while (rows.next()) {
                last = rows.getLong(1);
                if (!EventType.isRecordEvent(rows.getString(3))) {
                    continue;
                }
                var event = (RecordEvent) EventJson.read(rows.getString(3), rows.getString(4));
                var ref = new Ref(event.record().model().value(), event.record().id().value());
                Stored expected = open.remove(ref);
                assertThat(expected).as("%s, event %s", told(answer), event).isNotNull();
                ObjectNode fields =
                        event instanceof RecordEvent.Written written ? written.fields() : null;
                assertThat(text(fields)).as(told(answer)).isEqualTo(text(expected.fields()));
                assertThat(event.revision()).as(told(answer)).isEqualTo(expected.revision());
                assertThat(event.validFrom()).as(told(answer)).isEqualTo(expected.validFrom());
                world.accept(
                        ref,
                        expected,
                        last,
                        Instant.EPOCH.plus(rows.getLong(2), ChronoUnit.MICROS));
            }
        }
        assertThat(open).as("without an event: %s", told(answer)).isEmpty();
        // Where nothing was appended, the answer may name an earlier place.
        assertThat(answer.token().position())
                .as(told(answer))
                .isBetween(last == head.position() ? 0 : last, last);
        head = new ConsistencyToken(answer.token().epoch(), last);
    }

    private void define(String model, Shape shape, int status) throws SQLException {
        Answer answer = scene.commands.send("PUT", "/models/" + model, shape.json());
        assertThat(answer.status()).as(told(answer)).isEqualTo(status);
        happened(answer, Map.of());
        world.define(model, shape, head.position());
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
        Long asOf = random.nextInt(2) == 0 ? null : (Long) (1 + random.nextLong(head.position()));
        Instant validAt = random.nextInt(2) == 0 || world.log().isEmpty() ? null : moment();
        Shape shape = world.shapeAt(model, asOf == null ? head.position() : asOf);
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
                if (each.position() == asOf && last && nothingElseAt(each)) {
                    return each.time().toString();
                }
            }
        }
        return new ConsistencyToken(head.epoch(), asOf).toString();
    }

    private boolean nothingElseAt(Revision revision) {
        try (var rows =
                log.createStatement()
                        .executeQuery(
                                "SELECT max(position) FROM log.event WHERE at_micros <= "
                                        + ChronoUnit.MICROS.between(
                                                Instant.EPOCH, revision.time()))) {
            return rows.next() && rows.getLong(1) == revision.position();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void record(
            Ref ref, @Nullable Shape shape, @Nullable Long asOf, @Nullable Instant validAt) {
        String parameters =
                (asOf == null ? "" : "&asOf=" + asOfText(asOf))
                        + (validAt == null ? "" : "&validAt=" + validAt);
        Answer answer =
                query(
                        "GET",
                        "/records/%s/%s%s"
                                .formatted(
                                        ref.model(), ref.id(), parameters.replaceFirst("&", "?")),
                        null);
        Revision expected =
                world.at(ref.model(), asOf == null ? head.position() : asOf, validAt).get(ref.id());
        if (shape == null) {
            refused(answer, "unknown-model");
        } else if (expected == null) {
            refused(answer, "unknown-record");
        } else {
            assertThat(answer.status()).as(told(answer)).isEqualTo(200);
            assertThat(line(answer.json())).as(told(answer)).isEqualTo(line(expected));
        }
        count("record");
    }

    private void history(Ref ref) {
        Answer answer =
                query(
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
                String token = new ConsistencyToken(head.epoch(), asOf).toString();
                Answer answer =
                        query("GET", "/records/%s?asOf=%s&sort=%s".formatted(model, token, name), null);
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
        Answer answer = query("POST", path, query.toString());
        if (shape == null) {
            refused(answer, "unknown-model");
            return;
        }
        List<String> expected =
                questions
                        .answer(
                                world.at(model, asOf == null ? head.position() : asOf, validAt),
                                filter,
                                sort)
                        .stream()
                        .map(WholeSystemAgainstModelTest::line)
                        .toList();
        List<String> found = new ArrayList<>();
        while (true) {
            assertThat(answer.status()).as(told(answer)).isEqualTo(200);
            answer.json().get("items").forEach(item -> found.add(line(item)));
            String next = answer.json().path("next").asString(null);
            if (next == null) {
                break;
            }
            if (random.nextInt(3) == 0) {
                single(commands.one());
            }
            query.putObject("page").put("size", size).put("after", next);
            answer = query("POST", path, query.toString());
        }
        assertThat(found).as("%s, asOf %s", told(answer), asOf).isEqualTo(expected);
        count("list");
    }

    /// A record as far as the plain maps know it.
    private static String line(JsonNode item) {
        return "%s %s %s %s %s %s"
                .formatted(
                        item.get("id").stringValue(),
                        item.get("revision"),
                        item.get("position"),
                        item.get("createdAt").stringValue(),
                        item.get("updatedAt").stringValue(),
                        text((ObjectNode) item.get("fields")));
    }

    private static String line(Revision revision) {
        return "%s %d %d %s %s %s"
                .formatted(
                        revision.ref().id(),
                        revision.revision(),
                        revision.position(),
                        FieldType.Moment.text(revision.createdAt()),
                        FieldType.Moment.text(revision.time()),
                        text(revision.fields()));
    }

    /// In the order of names.
    private static String text(@Nullable ObjectNode fields) {
        var text = new StringBuilder();
        if (fields != null) {
            fields.propertyNames().stream()
                    .sorted()
                    .forEach(name ->
                            text.append(name).append('=').append(fields.get(name)).append(' '));
        }
        return fields == null ? "gone" : text.toString();
    }

    /// Answers at least as new as the last command; a service that is starting is asked again.
    private Answer query(String method, String path, @Nullable String body) {
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(
                        () ->
                                scene.queries.send(
                                        method,
                                        path,
                                        body,
                                        ConsistencyToken.AT_LEAST_HEADER,
                                        head.toString(),
                                        "Prefer",
                                        "wait=30"),
                        answer -> answer.status() != 503);
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
