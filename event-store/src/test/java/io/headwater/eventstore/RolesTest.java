package io.headwater.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static TestDatabase database;

    @BeforeAll
    static void open() throws SQLException {
        database = TestDatabase.create();
        try (EventLog log = new EventLog(database.appender())) {
            Events.append(log, Events.always(Events.event("Made", "k=1")));
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.event", "log.event_tag", "log.epoch"})
    void theAppenderCannotRewriteHistory(String table) throws SQLException {
        String column = table.equals("log.epoch") ? "after_position" : "position";
        List<String> attempts =
                List.of(
                        "UPDATE %s SET %s = 7".formatted(table, column),
                        "DELETE FROM %s".formatted(table),
                        "TRUNCATE %s".formatted(table),
                        "TRUNCATE %s CASCADE".formatted(table),
                        "SELECT * FROM %s FOR UPDATE".formatted(table),
                        "MERGE INTO %1$s a USING %1$s b ON a.%2$s = b.%2$s WHEN MATCHED THEN DELETE"
                                .formatted(table, column),
                        "ALTER TABLE %s ADD COLUMN extra text".formatted(table),
                        "ALTER TABLE %s DISABLE TRIGGER ALL".formatted(table),
                        "ALTER TABLE %s DISABLE TRIGGER append_only".formatted(table),
                        "ALTER TABLE %s OWNER TO headwater_command".formatted(table),
                        "DROP TRIGGER append_only ON %s".formatted(table),
                        "DROP TABLE %s".formatted(table),
                        "DROP TABLE %s CASCADE".formatted(table),
                        "CREATE TRIGGER mine BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION log.refuse_rewrite()"
                                .formatted(table),
                        "CREATE RULE mine AS ON INSERT TO %s DO INSTEAD NOTHING".formatted(table),
                        // PostgreSQL answers the first half with a warning and grants nothing.
                        "GRANT ALL ON %1$s TO headwater_command; DELETE FROM %1$s"
                                .formatted(table));
        assertThat(attempts).allSatisfy(sql -> refused("headwater_command", sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP SCHEMA log CASCADE",
                "CREATE TABLE log.mine (a int)",
                "CREATE OR REPLACE FUNCTION log.refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "INSERT INTO log.epoch (epoch, after_position) VALUES ('00000000', 0)",
                "INSERT INTO log.event SELECT * FROM log.event ON CONFLICT (position) DO UPDATE SET payload = '{}'",
                "SET session_replication_role = replica",
                "SET ROLE headwater_owner",
                "ALTER ROLE headwater_command SUPERUSER",
                "DROP PUBLICATION headwater",
                "ALTER PUBLICATION headwater SET (publish = 'insert, update')",
                "SELECT * FROM log.flyway_schema_history"
            })
    void theAppenderCannotGoRoundItsGrants(String sql) {
        refused("headwater_command", sql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headwater_query      | INSERT INTO log.event SELECT * FROM log.event",
                "headwater_query      | DELETE FROM log.event_tag",
                "headwater_relay      | INSERT INTO log.event SELECT * FROM log.event",
                "headwater_relay      | DELETE FROM log.event_tag",
                "headwater_projection | SELECT * FROM log.event",
                "headwater_projection | DELETE FROM log.epoch"
            })
    void theOthersHaveNoMoreThanTheyNeed(String role, String sql) {
        refused(role, sql);
    }

    @ParameterizedTest
    @CsvSource({
        "headwater_command, log.event",
        "headwater_command, log.event_tag",
        "headwater_command, log.epoch",
        "headwater_query, log.event",
        "headwater_query, log.event_tag",
        "headwater_query, log.epoch",
        "headwater_relay, log.event",
        "headwater_relay, log.event_tag",
        "headwater_relay, log.epoch",
        "headwater_projection, log.epoch"
    })
    void eachCanReadWhatItNeeds(String role, String table) throws SQLException {
        try (Connection connection = connect(role);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE log.event SET payload = '{}'",
                "DELETE FROM log.event",
                "TRUNCATE log.event",
                "DELETE FROM log.event_tag",
                "DELETE FROM log.epoch"
            })
    void evenTheOwnerDoesNotRewriteHistoryByASlip(String sql) {
        assertThatThrownBy(() -> run("headwater_owner", sql)).hasMessageContaining("append-only");
    }

    @Test
    void thePublicationHoldsInsertsOfEventsOnly() throws SQLException {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT pubinsert, pubupdate OR pubdelete OR pubtruncate,
                                       (SELECT string_agg(schemaname || '.' || tablename, ',') FROM pg_publication_tables
                                         WHERE pubname = 'headwater')
                                  FROM pg_publication WHERE pubname = 'headwater'
                                """)) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getBoolean(2)).isFalse();
            assertThat(row.getString(3)).isEqualTo("log.event");
        }
    }

    private static void refused(String role, String sql) {
        assertThatThrownBy(() -> run(role, sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }

    private static void run(String role, String sql) throws SQLException {
        try (Connection connection = connect(role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(database.url(), role, database.password());
    }
}
