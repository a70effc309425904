package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What befalls a standby must not befall its clients.
class StandbyMishapsTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition ITEM =
            Platform.definition(
                    "{\"fields\": {\"text\": {\"type\": \"text\", \"indexed\": true}, \"n\": {\"type\": \"integer\"}}}");

    /// Copies the schema beside itself and swaps the copy in, as a rebuild does.
    private static final String SWAP =
            """
            DO $$
            DECLARE t record;
            BEGIN
                CREATE SCHEMA read_next AUTHORIZATION headwater_owner;
                GRANT USAGE, CREATE ON SCHEMA read_next TO read_projector;
                GRANT USAGE ON SCHEMA read_next TO read_reader;
                FOR t IN SELECT replace(pg_get_functiondef(oid), 'read.', 'read_next.') AS definition, proowner::regrole AS owner,
                                format('read_next.%I(%s)', proname, pg_get_function_identity_arguments(oid)) AS name
                           FROM pg_proc WHERE pronamespace = 'read'::regnamespace ORDER BY oid LOOP
                    EXECUTE t.definition;
                    EXECUTE format('ALTER FUNCTION %s OWNER TO %s', t.name, t.owner);
                END LOOP;
                FOR t IN SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'read' LOOP
                    EXECUTE format('CREATE TABLE read_next.%1$I (LIKE read.%1$I INCLUDING ALL)', t.tablename);
                    EXECUTE format('INSERT INTO read_next.%1$I SELECT * FROM read.%1$I', t.tablename);
                    EXECUTE format('ALTER TABLE read_next.%I OWNER TO %I', t.tablename, t.tableowner);
                    EXECUTE format('GRANT SELECT ON read_next.%I TO read_reader', t.tablename);
                    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON read_next.%I TO read_projector', t.tablename);
                END LOOP;
                ALTER SCHEMA read RENAME TO read_old;
                ALTER SCHEMA read_next RENAME TO read;
                DROP SCHEMA read_old CASCADE;
            END $$
            """;

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("item", ITEM);
        platform.tables().insert("item", ITEM, 1, Map.of("a", object("{\"text\":\"x\",\"n\":1}")));
        platform.replicate();
    }

    @Test
    void aRebuildThatIsSwappedInIsNotNoticed() throws Exception {
        hammer(() -> {
            for (int i = 0; i < 5; i++) {
                platform.superuser(SWAP);
                platform.replicate();
            }
        });
    }

    @Test
    void lostConnectionsAreNotNoticed() throws Exception {
        hammer(() -> {
            for (int i = 0; i < 3; i++) {
                try (Connection standby = platform.cluster().standby().superuser();
                        var statement = standby.createStatement()) {
                    statement.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'headwater-query'");
                }
                platform.replicate();
            }
        });
    }

    @Test
    void aTableThatIsRewrittenUnderAPreparedStatementIsReadAgain() throws Exception {
        for (int i = 0; i < 8; i++) { // the driver prepares on the server from the fifth time on
            assertThat(platform.get("/records/item/a").status()).isEqualTo(200);
        }
        platform.superuser("ALTER TABLE read.record_item ALTER COLUMN n TYPE numeric");
        platform.replicate();
        for (int i = 0; i < 8; i++) {
            Answer answer = platform.get("/records/item/a");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
        platform.superuser("ALTER TABLE read.record_item ALTER COLUMN n TYPE bigint");
        platform.replicate();
    }

    private interface Mishap {
        void happen() throws Exception;
    }

    private static void hammer(Mishap mishap) throws Exception {
        var wrong = new ConcurrentLinkedQueue<String>();
        var answered = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        var running = new java.util.concurrent.atomic.AtomicBoolean(true);
        for (int i = 0; i < 4; i++) {
            String path =
                    i % 2 == 0 ? "/records/item/a" : "/records/item?filter%5Btext%5D%5Beq%5D=x";
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (running.get()) {
                                    Answer answer = platform.get(path);
                                    answered.incrementAndGet();
                                    if (answer.status() != 200
                                            || !answer.body().contains("\"id\":\"a\"")) {
                                        wrong.add(answer.status() + " " + answer.body());
                                    }
                                }
                            }));
        }
        try {
            mishap.happen();
            await().atMost(Duration.ofMinutes(1)).until(() -> answered.get() > 10);
        } finally {
            running.set(false);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }
}
