package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.ContainerState;

/// Two database nodes as operators run them: our PostgreSQL image with Patroni, of the stack's own
/// `compose.yml`, with what they need of it. Runs where a Docker engine answers.
@EnabledIf("io.headwater.acceptance.Docker#answers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PatroniTest {
    private static final File COMPOSE = new File("../compose/compose.yml");
    private static final List<String> NODES = List.of("pg1", "pg2");
    private static final String USABLE =
            "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'reader' AND NOT temporary AND invalidation_reason IS NULL";

    private static ComposeContainer stack;

    @BeforeAll
    static void start() throws Exception {
        assertThat(exitOf("../compose/make-secrets")).isZero();
        assumeTrue(
                exitOf("docker", "compose", "-f", COMPOSE.getPath(), "build", "pg1") == 0,
                "The image of the database could not be built: no Debian packages here?");
        stack =
                new ComposeContainer("headwater-patroni-test", COMPOSE)
                        .withServices("pg1", "pg2", "deathwatch")
                        .withPull(false)
                        .withStartupTimeout(Duration.ofMinutes(8));
        stack.start();
        awaitStandby(leader());
    }

    private static int exitOf(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(new File("target/patroni-images.log")))
                .start()
                .waitFor();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.stop();
        }
    }

    /// What a reader of the log relies on when another node leads: its slot is there and gives what
    /// was committed before.
    @Test
    @Order(3) // it leaves one node only
    void aSlotOutlivesASwitchoverAndTheDeathOfThePrimary() throws Exception {
        String first = leader();
        sql(first, "CREATE TABLE ledger (n int PRIMARY KEY)");
        sql(
                first,
                "SELECT pg_create_logical_replication_slot('reader', 'test_decoding', false, false, true)");
        readTo(first, other(first));
        sql(first, "INSERT INTO ledger VALUES (1)");

        run(first, "hand-over", other(first));
        String second = other(first);
        awaitLeader(second);
        assertThat(sql(second, USABLE)).as("after a switchover").isEqualTo("1");
        assertThat(unread(second)).contains("INSERT: n[integer]:1");
        awaitStandby(second);
        readTo(second, first);
        sql(second, "INSERT INTO ledger VALUES (2)");

        kill(second);
        awaitLeader(first);
        assertThat(sql(first, USABLE)).as("after a death").isEqualTo("1");
        assertThat(unread(first)).contains("INSERT: n[integer]:2");
        assertThat(sql(first, "SELECT string_agg(n::text, ',' ORDER BY n) FROM ledger"))
                .isEqualTo("1,2");
    }

    /// The archive has the segment, and while the standby streams it is not asked for it.
    @Test
    @Order(1)
    void aStandbyThatStreamsLeavesTheArchiveAlone() throws Exception {
        String leader = leader();
        String standby = other(leader);
        awaitStandby(leader);
        String segment = sql(leader, "SELECT pg_walfile_name(pg_switch_wal())");
        // An archiver that has failed three times waits a minute, and the archive may yet be made.
        await().atMost(Duration.ofMinutes(4))
                .until(() ->
                        sql(
                                        leader,
                                        "SELECT last_archived_wal >= '%s' FROM pg_stat_archiver"
                                                .formatted(segment))
                                .equals("t"));
        String command =
                sql(standby, "SHOW restore_command")
                        .replace("%f", segment)
                        .replace("%p", "/tmp/" + segment);
        await().atMost(Duration.ofSeconds(30)).until(() -> exitIn(standby, command) == 1);
        assertThat(exitIn(standby, command.replace("/streams", "/streams-not"))).isZero();
    }

    /// It might yet live and lead on, but who would take over need not wait for its answer.
    @Test
    @Order(2)
    void aLeaderThatIsSilentIsWrittenDownWithoutAnAddress() throws Exception {
        String leader = leader();
        assertThat(member(leader)).contains("api_url");
        docker().pauseContainerCmd(container(leader).getContainerId()).exec();
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            member(leader).contains("stopped")
                                    && !member(leader).contains("api_url"));
        } finally {
            docker().unpauseContainerCmd(container(leader).getContainerId()).exec();
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> member(leader).contains("api_url"));
        awaitStandby(leader());
    }

    @Test
    @Order(2)
    void aNodeThatDoesNotLeadHandsNothingOver() throws Exception {
        String leader = leader();
        var refused = container(other(leader)).execInContainer("hand-over", leader);
        assertThat(refused.getExitCode()).isNotZero();
        assertThat(refused.getStderr()).contains("does not lead; nothing was done");
        assertThat(leader()).isEqualTo(leader);
    }

    /// What etcd has of a node.
    private static String member(String node) throws Exception {
        return run(
                "deathwatch",
                "etcdctl",
                "--endpoints=https://etcd1:2379",
                "--cacert=/run/secrets/ca.crt",
                "--cert=/run/headwater/host.crt",
                "--key=/run/headwater/host.key",
                "get",
                "/service/headwater/members/" + node);
    }

    private static int exitIn(String node, String command) throws Exception {
        return container(node)
                .execInContainer("sh", "-c", "cd /var/lib/postgresql/data/pg; " + command)
                .getExitCode();
    }

    private static String unread(String leader) throws Exception {
        return sql(leader, "SELECT data FROM pg_logical_slot_peek_changes('reader', NULL, NULL)");
    }

    private static void awaitLeader(String node) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() -> sql(node, "SELECT pg_is_in_recovery()").equals("f"));
    }

    /// The other node streams, and commits wait for it.
    private static void awaitStandby(String leader) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() ->
                        sql(
                                        leader,
                                        "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum' AND state = 'streaming'")
                                .equals("1"));
    }

    /// Reads all there is, until the standby has a copy of the slot that it could go on from: a
    /// copy of a slot that nobody reads never becomes one.
    private static void readTo(String leader, String standby) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() -> {
                    sql(
                            leader,
                            "SELECT pg_replication_slot_advance('reader', pg_current_wal_lsn())");
                    return sql(standby, USABLE + " AND synced").equals("1");
                });
    }

    private static String leader() {
        return await().atMost(Duration.ofMinutes(3))
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .until(
                        () -> NODES.stream().filter(PatroniTest::leads).findFirst().orElse(""),
                        node -> !node.isEmpty());
    }

    private static boolean leads(String node) {
        try {
            return container(node)
                            .execInContainer(
                                    "curl",
                                    "-sfk",
                                    "-o",
                                    "/dev/null",
                                    "https://localhost:8008/primary")
                            .getExitCode()
                    == 0;
        } catch (Exception e) {
            return false;
        }
    }

    private static String other(String node) {
        return NODES.get(1 - NODES.indexOf(node));
    }

    private static String sql(String node, String query) throws Exception {
        return run(node, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "headwater", "-c", query);
    }

    private static String run(String node, String... command) throws Exception {
        var ran = container(node).execInContainer(command);
        assertThat(ran.getExitCode()).as("%s", ran.getStderr()).isZero();
        return ran.getStdout().strip();
    }

    private static void kill(String node) {
        docker().killContainerCmd(container(node).getContainerId()).exec();
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    private static ContainerState container(String node) {
        return stack.getContainerByServiceName(node + "-1").orElseThrow();
    }
}
