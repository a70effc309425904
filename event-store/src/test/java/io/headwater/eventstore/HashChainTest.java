package io.headwater.eventstore;

import static io.headwater.eventstore.Events.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Every event's hash is made of the one before it and of its own bytes, whoever put it there.
class HashChainTest {

    /// Rows whose hash is not that of the hash before and of their bytes as SQL sees them.
    private static final String BROKEN =
            """
            SELECT count(*)
              FROM (SELECT hash, sha256(lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY position)
                                        || sha256(convert_to(log.event_json(e), 'UTF8'))) AS expected
                      FROM log.event e) c
             WHERE hash IS DISTINCT FROM expected
            """;

    private static final String[] ODD = {
        "", "a", "\"", "\\", "\b\f\t\u0001\u001f\u007f", "é", "中文", "😀", "\u2028", "{},NULL", "='"
    };

    @Test
    void appendsOfSeveralProcessesAreChainedAlsoWhereSomeAreRefused() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (TestDatabase database = TestDatabase.create();
                EventLog one = new EventLog(database.appender());
                EventLog other = new EventLog(database.appender())) {
            List<CompletableFuture<Appended>> outcomes = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                List<NewEvent> events = new ArrayList<>();
                for (int n = random.nextInt(1, 5); n > 0; n--) {
                    events.add(oddEvent(random));
                }
                AppendCondition condition =
                        AppendCondition.noneOf(0, Criterion.tagged("once=" + random.nextInt(300)));
                events.add(Events.event("Marked", "once=" + random.nextInt(300)));
                outcomes.add(
                        (random.nextBoolean() ? one : other)
                                .append(new AppendRequest(events, condition)));
            }
            long refused =
                    outcomes.stream()
                            .filter(outcome -> outcome.handle((at, e) -> e != null).join())
                            .count();
            assertThat(refused).as("seed " + seed).isBetween(1L, 399L);
            assertThat(number(database, BROKEN)).as("seed " + seed).isZero();
        }
    }

    @Test
    void aRowThatComesWithoutAHashGetsOne() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                EventLog log = new EventLog(database.appender())) {
            append(log, Events.always(Events.event("First")));
            run(database, insert(2, 3));
            append(log, Events.always(Events.event("Last")));
            assertThat(number(database, BROKEN)).isZero();
            assertThatThrownBy(() -> run(database, insert(9, 9)))
                    .hasMessageContaining("Position 8 of the log has no hash");
        }
    }

    @Test
    void aLogOfBeforeGetsItsHashesFromTheMigration() throws Exception {
        try (TestDatabase database = TestDatabase.createEmpty()) {
            database.migrate("2");
            run(database, insert(1, 2_345));
            database.migrate("latest");
            try (EventLog log = new EventLog(database.appender())) {
                assertThat(append(log, Events.always(Events.event("New"))).first())
                        .isEqualTo(2_346);
            }
            assertThat(number(database, BROKEN)).isZero();
            assertThatThrownBy(() -> run(database, "UPDATE log.event SET payload = '{}'"))
                    .hasMessageContaining("append-only");
        }
    }

    @Test
    void textOfMoreThanOneLineIsRefused() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                EventLog log = new EventLog(database.appender())) {
            assertThatThrownBy(() -> append(log, Events.always(Events.withPayload("{\n}"))))
                    .hasMessageContaining("a line break at index 1");
        }
    }

    private static String insert(int first, int last) {
        return """
        INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags)
        SELECT n, gen_random_uuid(), 'Type "é"', '1', -n, '{"n":' || n || '}', '{"actor":"ä"}',
               ARRAY['record=a/' || n, E'odd=\\\\ " \\t']
          FROM generate_series(%d, %d) n
        """
                .formatted(first, last);
    }

    private static NewEvent oddEvent(Random random) {
        List<String> tags = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            tags.add(odd(random) + "=" + odd(random));
        }
        return new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                "Type" + odd(random),
                odd(random),
                random.nextLong(),
                "{\"text\":\"" + odd(random) + "\"}",
                "{\"" + odd(random) + "\":\"\"}",
                tags);
    }

    private static String odd(Random random) {
        return ODD[random.nextInt(ODD.length)] + ODD[random.nextInt(ODD.length)];
    }

    private static void run(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
