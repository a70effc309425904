package io.headwater.command.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.Client.Answer;
import io.headwater.command.RunningService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What records owe one another holds whoever is faster: two instances of the service on one
/// database, many clients, many rounds each.
class RacesTest {
    private static final int ROUNDS = 25;
    private static final int RACERS = 8;
    private static final RunningService ONE = RunningService.shared();
    private static RunningService two;
    private static List<Client> clients;

    @BeforeAll
    static void start() {
        two = ONE.another(Map.of());
        clients = List.of(ONE.client(), two.client());
        define("race_parent", "{\"name\": {\"type\": \"text\"}}");
        define(
                "race_unique",
                "{\"code\": {\"type\": \"text\", \"unique\": true}, \"n\": {\"type\": \"integer\"}}");
        for (String policy : List.of("restrict", "clear", "cascade")) {
            define(
                    "race_" + policy,
                    "{\"parent\": {\"type\": \"reference\", \"to\": \"race_parent\", \"onDelete\": \""
                            + policy
                            + "\"}, \"n\": {\"type\": \"integer\"}}");
        }
    }

    @AfterAll
    static void stop() {
        two.close();
    }

    @Test
    void oneOfManyGetsAUniqueValue() {
        for (int round = 0; round < ROUNDS; round++) {
            String body = "{\"code\": \"u" + round + "\"}";
            var answers = race(i -> client(i).post("/records/race_unique", body));
            assertThat(statuses(answers)).containsOnlyOnce(201).containsOnly(201, 409);
            assertThat(answers).extracting(Answer::problem).containsOnly("", "not-unique");
        }
    }

    @Test
    void oneOfManyChangesARevision() {
        client(0).put("/records/race_unique/rev", "{\"n\": 0}");
        for (int round = 1; round <= ROUNDS; round++) {
            String etag = "\"" + round + "\"";
            int base = round * 100;
            var answers =
                    race(i ->
                            client(i)
                                    .patch(
                                            "/records/race_unique/rev",
                                            "{\"n\": " + (base + i) + "}",
                                            "If-Match",
                                            etag));
            assertThat(statuses(answers)).containsOnlyOnce(200).containsOnly(200, 412);
        }
    }

    @Test
    void changesWithoutAnExpectationAllGoThroughOneAfterTheOther() {
        client(0).put("/records/race_unique/all", "{\"n\": -1}");
        var answers = race(i -> client(i).patch("/records/race_unique/all", "{\"n\": " + i + "}"));
        assertThat(statuses(answers)).containsOnly(200);
        assertThat(answers)
                .extracting(answer -> answer.header("ETag"))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(2, RACERS + 2).mapToObj(n -> "\"" + n + "\"").toList());
    }

    @Test
    void oneOfManyCreatesARecord() {
        for (int round = 0; round < ROUNDS; round++) {
            String path = "/records/race_unique?id=c" + round;
            var answers = race(i -> client(i).post(path, "{}"));
            assertThat(statuses(answers)).containsOnlyOnce(201).containsOnly(201, 409);
        }
    }

    @Test
    void aRequestWithOneKeyIsCarriedOutOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key-" + round;
            var answers =
                    race(i ->
                            client(i)
                                    .post(
                                            "/records/race_unique",
                                            "{\"n\": 1}",
                                            "Idempotency-Key",
                                            key));
            assertThat(statuses(answers)).containsOnly(201);
            assertThat(answers)
                    .extracting(a -> a.header("Location"))
                    .containsOnly(answers.getFirst().header("Location"));
            assertThat(answers.stream().filter(a -> a.header("Idempotency-Replayed").isEmpty()))
                    .hasSize(1);
        }
    }

    @Test
    void noReferenceDanglesWhileItsTargetIsDeleted() {
        for (String policy : List.of("restrict", "clear", "cascade")) {
            for (int round = 0; round < ROUNDS; round++) {
                String parent = policy + round;
                client(0).put("/records/race_parent/" + parent, "{}");
                String body = "{\"parent\": \"" + parent + "\"}";
                var answers =
                        race(i ->
                                i == 0
                                        ? client(i).delete("/records/race_parent/" + parent)
                                        : client(i)
                                                .put(
                                                        "/records/race_"
                                                                + policy
                                                                + "/"
                                                                + parent
                                                                + "-"
                                                                + i,
                                                        body));
                boolean deleted = answers.getFirst().status() == 204;
                long pointing = pointing(policy, parent);
                for (Answer answer : answers.subList(1, RACERS)) {
                    assertThat(answer.status() + answer.problem())
                            .isIn("201", "409unresolved-reference");
                }
                if (deleted) {
                    assertThat(pointing).as("%s %s", policy, parent).isZero();
                } else {
                    assertThat(policy).isEqualTo("restrict");
                    assertThat(answers.getFirst().problem()).isEqualTo("still-referenced");
                    assertThat(pointing).isEqualTo(RACERS - 1);
                }
            }
        }
    }

    @Test
    void changesOfATargetDoNotStandInTheWayOfThoseWhoReferToIt() {
        client(0).put("/records/race_parent/busy", "{\"name\": \"0\"}");
        var answers =
                race(i ->
                        i % 2 == 0
                                ? client(i)
                                        .patch(
                                                "/records/race_parent/busy",
                                                "{\"name\": \"" + i + "\"}")
                                : client(i)
                                        .post("/records/race_restrict", "{\"parent\": \"busy\"}"));
        assertThat(statuses(answers)).containsOnly(200, 201);
    }

    @Test
    void noRecordIsMadeByADefinitionThatIsNoLongerTheNewest() {
        define("race_model", "{\"size\": {\"type\": \"integer\", \"max\": 0}}");
        for (int round = 1; round <= ROUNDS; round++) {
            int max = round;
            race(i ->
                    i == 0
                            ? client(i)
                                    .put(
                                            "/models/race_model",
                                            "{\"fields\": {\"size\": {\"type\": \"integer\", \"max\": "
                                                    + max
                                                    + "}}}")
                            : client(i).post("/records/race_model", "{\"size\": " + max + "}"));
        }
        assertThat(
                        ONE.count(
                                """
                                SELECT count(*) FROM log.event r
                                 WHERE r.type = 'headwater.RecordCreated' AND r.payload::json ->> 'model' = 'race_model'
                                   AND (r.payload::json ->> 'modelVersion')::int <>
                                       (SELECT (m.payload::json ->> 'version')::int FROM log.event m
                                         WHERE m.tags @> '{model=race_model}' AND m.position < r.position
                                         ORDER BY m.position DESC LIMIT 1)
                                """))
                .isZero();
    }

    @Test
    void noRecordIsMadeOfAModelOnceItIsRetired() {
        for (int round = 0; round < ROUNDS; round++) {
            String model = "race_retire_" + round;
            define(model, "{\"size\": {\"type\": \"integer\"}}");
            var answers =
                    race(i ->
                            i == 0
                                    ? client(i).delete("/models/" + model)
                                    : client(i).post("/records/" + model, "{}"));
            assertThat(answers.getFirst().status()).isEqualTo(204);
            assertThat(
                            ONE.count(
                                    "SELECT count(*) FROM log.event r WHERE r.type = 'headwater.RecordCreated'"
                                            + " AND r.payload::json ->> 'model' = '"
                                            + model
                                            + "' AND r.position >"
                                            + " (SELECT position FROM log.event WHERE type = 'headwater.ModelRetired'"
                                            + " AND tags @> '{model="
                                            + model
                                            + "}')"))
                    .isZero();
        }
    }

    @Test
    void aModelIsNotRetiredWhileAnotherComesToReferToIt() {
        for (int round = 0; round < ROUNDS; round++) {
            String target = "race_target_" + round;
            String model = "race_source_" + round;
            define(target, "{\"size\": {\"type\": \"integer\"}}");
            var answers =
                    race(i ->
                            switch (i) {
                                case 0 -> client(i).delete("/models/" + target);
                                case 1 ->
                                        client(i)
                                                .put(
                                                        "/models/" + model,
                                                        "{\"fields\": {\"t\": {\"type\": \"reference\", \"to\": \""
                                                                + target
                                                                + "\"}}}");
                                default -> client(i).post("/records/" + target, "{}");
                            });
            boolean retired = answers.get(0).status() == 204;
            boolean defined = answers.get(1).status() == 201;
            assertThat(retired).as("%s", answers).isNotEqualTo(defined);
        }
    }

    private static long pointing(String policy, String parent) {
        return ONE.count(
                """
                SELECT count(*) FROM (
                    SELECT DISTINCT ON (payload::json ->> 'id') type, payload::json -> 'fields' ->> 'parent' AS parent
                      FROM log.event
                     WHERE type LIKE 'headwater.Record%%' AND payload::json ->> 'model' = 'race_%s'
                     ORDER BY payload::json ->> 'id', position DESC) newest
                 WHERE type <> 'headwater.RecordDeleted' AND parent = '%s'
                """
                        .formatted(policy, parent));
    }

    private interface Racer {
        Answer run(int index);
    }

    /// Starts all at the same moment; their answers in their order.
    private static List<Answer> race(Racer racer) {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                int index = i;
                Callable<Answer> task =
                        () -> {
                            start.await();
                            return racer.run(index);
                        };
                futures.add(threads.submit(task));
            }
            start.countDown();
            return futures.stream().map(RacesTest::get).toList();
        }
    }

    private static Answer get(Future<Answer> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Client client(int index) {
        return clients.get(index % clients.size());
    }

    private static List<Integer> statuses(List<Answer> answers) {
        return answers.stream().map(Answer::status).toList();
    }

    private static void define(String model, String fields) {
        var answer = clients.getFirst().put("/models/" + model, "{\"fields\": " + fields + "}");
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    }
}
