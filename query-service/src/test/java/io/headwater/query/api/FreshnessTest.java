package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class FreshnessTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition NOTE =
            Platform.definition("{\"fields\": {\"text\": {\"type\": \"text\"}}}");
    private static final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("note", NOTE);
        platform.tables().insert("note", NOTE, 1, Map.of("a", object("{\"text\":\"x\"}")));
    }

    @BeforeEach
    void begin() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
        platform.replicate();
    }

    @AfterAll
    static void end() {
        clients.shutdownNow();
    }

    @Test
    void whatHasBeenReachedIsAnsweredAtOnce() {
        Answer answer = get("/records/note/a", 1000, 0);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Consistency-Token")).isEqualTo(Platform.EPOCH + ".1000");
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=0");
    }

    @Test
    void whatDoesNotComeInTimeIsRefusedWithATimeToTryAgain() {
        for (String path :
                List.of(
                        "/records/note/a",
                        "/records/note",
                        "/records/note/none",
                        "/records/none/a",
                        "/models",
                        "/models/note")) {
            Answer answer = get(path, 1001, 0);
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(answer.problem()).isEqualTo("not-there-yet");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.header("Consistency-Token")).isEqualTo(Platform.EPOCH + ".1000");
        }
        assertThat(get("/records/note/a", 1001, 1).status()).isEqualTo(503);
        assertThat(
                        platform.get(
                                        "/records/note/a",
                                        "Consistency-At-Least",
                                        Platform.EPOCH + ".1001")
                                .status())
                .isEqualTo(503);
    }

    @Test
    void aLongerWaitThanAllowedIsCutAndSaidSo() {
        assertThat(get("/records/note/a", 1000, 86_400).header("Preference-Applied"))
                .isEqualTo("wait=30");
    }

    @Test
    void manyWaitForOneChangeWithoutHoldingConnectionsAndAllSeeIt() throws Exception {
        var pool = platform.bean(HikariDataSource.class, "queryDataSource");
        List<CompletableFuture<Answer>> waiting = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            String path =
                    i % 2 == 0
                            ? "/records/note/late"
                            : "/records/note?filter%5Btext%5D%5Beq%5D=late";
            waiting.add(CompletableFuture.supplyAsync(() -> get(path, 1002, 30), clients));
        }
        var meters = platform.bean(MeterRegistry.class);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> meters.get("headwater.reads.waiting").gauge().value() == 150);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isLessThanOrEqualTo(1);
        assertThat(platform.get("/records/note/a").status()).isEqualTo(200);

        platform.tables().checkpoint(Platform.EPOCH, 1001);
        platform.tables().insert("note", NOTE, 1002, Map.of("late", object("{\"text\":\"late\"}")));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        platform.tables().checkpoint(Platform.EPOCH, 1002);
        for (CompletableFuture<Answer> answer : waiting) {
            assertThat(answer.get(60, TimeUnit.SECONDS).status())
                    .as(answer.get().body())
                    .isEqualTo(200);
            assertThat(answer.get().body()).contains("\"id\":\"late\"");
            assertThat(answer.get().header("Consistency-Token"))
                    .isEqualTo(Platform.EPOCH + ".1002");
        }
        assertThat(meters.get("headwater.reads.waiting").gauge().value()).isZero();
    }

    @Test
    void aNewFieldOfAModelIsThereWithTheTokenOfItsEvolution() throws Exception {
        ModelDefinition before = Platform.definition("{\"fields\": {\"a\": {\"type\": \"text\"}}}");
        ModelDefinition after =
                Platform.definition(
                        "{\"fields\": {\"a\": {\"type\": \"text\"}, \"b\": {\"type\": \"integer\"}}}");
        platform.tables().define("growing", before);
        platform.replicate();
        String filter = "/records/growing?filter%5Bb%5D%5Beq%5D=5";
        assertThat(platform.get("/records/growing/x").status()).isEqualTo(404);
        assertThat(platform.get(filter).json().at("/errors/0/code").asString())
                .isEqualTo("unknown-field");
        var asked = CompletableFuture.supplyAsync(() -> get(filter, 1001, 30), clients);
        platform.tables().evolve("growing", 2, before, after);
        platform.tables()
                .insert("growing", after, 1001, Map.of("x", object("{\"a\":\"1\",\"b\":5}")));
        platform.tables().checkpoint(Platform.EPOCH, 1001);
        assertThat(asked.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(asked.get().json().at("/items/0/fields/b").intValue()).isEqualTo(5);
        assertThat(platform.get("/records/growing/x").json().at("/fields/b").intValue())
                .isEqualTo(5);
        assertThat(get("/models/growing", 1001, 0).json().get("version").intValue()).isEqualTo(2);
    }

    @Test
    void aModelThatIsOnItsWayIsWaitedFor() throws Exception {
        var asked = CompletableFuture.supplyAsync(() -> get("/records/coming", 1001, 30), clients);
        platform.tables().define("coming", NOTE);
        platform.tables().checkpoint(Platform.EPOCH, 1001);
        assertThat(asked.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void afterARestoreTokensOfTheLostFutureAreRefused() throws Exception {
        platform.superuser(
                "INSERT INTO log.epoch (epoch, after_position) VALUES ('aaaabbbb', 990)");
        platform.tables().checkpoint("aaaabbbb", 995);
        platform.replicate();
        try {
            Answer kept = get("/records/note/a", 990, 0);
            assertThat(kept.status()).isEqualTo(200);
            assertThat(kept.header("Consistency-Token")).isEqualTo("aaaabbbb.995");
            Answer lost = get("/records/note/a", 991, 30);
            assertThat(lost.status()).isEqualTo(409);
            assertThat(lost.problem()).isEqualTo("lost-position");
            Answer unknown =
                    platform.get(
                            "/records/note/a",
                            "Consistency-At-Least",
                            "00000000.1",
                            "Prefer",
                            "wait=0");
            assertThat(unknown.status()).isEqualTo(409);
            assertThat(unknown.problem()).isEqualTo("unknown-epoch");
            assertThat(
                            platform.get("/records/note/a", "Consistency-At-Least", "aaaabbbb.995")
                                    .status())
                    .isEqualTo(200);
        } finally {
            platform.superuser("DELETE FROM log.epoch WHERE epoch = 'aaaabbbb'");
        }
    }

    private static Answer get(String path, long position, int seconds) {
        return platform.get(
                path,
                "Consistency-At-Least",
                Platform.EPOCH + "." + position,
                "Prefer",
                "respond-async, wait=" + seconds);
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }
}
