package io.headwater.eventstore;

import static io.headwater.eventstore.Events.always;
import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.eventstore.EventLogException.Failed;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody foresaw must not take the log down with it.
class FaultTest {

    /// Of the states, the first says that the transaction failed; the second leaves that open.
    @ParameterizedTest
    @ValueSource(strings = {"22000", "XX000"})
    void anAppendThatTheServerCannotTakeIsRefusedAndItsNeighboursGoThrough(String state)
            throws SQLException {
        try (TestDatabase database = TestDatabase.create();
                EventLog log = new EventLog(database.appender())) {
            CompletableFuture<Appended> before;
            CompletableFuture<Appended> poison;
            CompletableFuture<Appended> after;
            try (Connection connection = database.superuser();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        """
                        CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '%s'; END $$;
                        CREATE TRIGGER poison BEFORE INSERT ON log.event
                            FOR EACH ROW WHEN (NEW.type = 'Poison') EXECUTE FUNCTION poison();
                        """
                                .formatted(state));
                statement.execute("SELECT pg_advisory_lock(" + AppendSql.LOCK + ")");
                var _ = log.append(always(event("Stuck")));
                Awaitility.await().until(() -> log.queued() == 0);
                before = log.append(always(event("Before")));
                poison = log.append(always(event("Innocent"), event("Poison")));
                after = log.append(always(event("After")));
            }
            assertThatThrownBy(poison::join)
                    .cause()
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("Nothing was appended")
                    .hasMessageContaining("poison");
            assertThat(before.join().first()).isPositive();
            assertThat(after.join().first()).isPositive();
            assertThat(Events.all(log))
                    .extracting(StoredEvent::type)
                    .containsExactlyInAnyOrder("Stuck", "Before", "After");
        }
    }

    @Test
    void aFaultOfThePoolRefusesOneAppendAndNotTheNext() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            DataSource sound = database.appender();
            AtomicBoolean faulty = new AtomicBoolean(true);
            DataSource unsound =
                    (DataSource)
                            Proxy.newProxyInstance(
                                    DataSource.class.getClassLoader(),
                                    new Class<?>[] {DataSource.class},
                                    (proxy, method, arguments) -> {
                                        if (faulty.get()) {
                                            throw new IllegalStateException("out of order");
                                        }
                                        return method.invoke(sound, arguments);
                                    });
            try (EventLog log = new EventLog(unsound)) {
                assertThatThrownBy(() -> append(log, always(event("A"))))
                        .isInstanceOf(Failed.class)
                        .hasMessageContaining("out of order");
                faulty.set(false);
                assertThat(append(log, always(event("A"))).first()).isEqualTo(1);
            }
        }
    }
}
