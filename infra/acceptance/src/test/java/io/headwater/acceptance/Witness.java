package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.acceptance.World.Ref;
import io.headwater.acceptance.World.Revision;
import io.headwater.acceptance.World.Stored;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.FieldType;
import io.headwater.contract.RecordEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads in the log what came of each command, holds it against the plain maps, and tells them
/// where and when.
final class Witness {
    private final Scene scene;
    private final Connection log;
    private final World world;
    private ConsistencyToken head = new ConsistencyToken("none", 0);

    Witness(Scene scene, Connection log, World world) {
        this.scene = scene;
        this.log = log;
        this.world = world;
    }

    /// The end of the log.
    ConsistencyToken head() {
        return head;
    }

    /// The log says where and when; what, it must say as the plain maps do.
    void happened(Answer answer, Map<Ref, Stored> changed) throws SQLException {
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
                Stored expected =
                        Objects.requireNonNull(open.remove(ref), () -> answer + " led to " + event);
                ObjectNode fields =
                        event instanceof RecordEvent.Written written ? written.fields() : null;
                assertThat(text(fields)).as(answer.toString()).isEqualTo(text(expected.fields()));
                assertThat(event.revision()).as(answer.toString()).isEqualTo(expected.revision());
                assertThat(event.validFrom()).as(answer.toString()).isEqualTo(expected.validFrom());
                world.accept(
                        ref,
                        expected,
                        last,
                        Instant.EPOCH.plus(rows.getLong(2), ChronoUnit.MICROS));
            }
        }
        assertThat(open).as("without an event: %s", answer).isEmpty();
        // Where nothing was appended, the answer may name an earlier place.
        assertThat(answer.token().position())
                .as(answer.toString())
                .isBetween(last == head.position() ? 0 : last, last);
        head = new ConsistencyToken(answer.token().epoch(), last);
    }

    /// Whether the revision is what the log came to at its time.
    boolean isNewestAt(Revision revision) {
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

    /// Answers at least as new as the last command; a service that is starting is asked again.
    Answer query(String method, String path, @Nullable String body) {
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

    /// A record as far as the plain maps know it.
    static String line(JsonNode item) {
        return "%s %s %s %s %s %s"
                .formatted(
                        item.get("id").stringValue(),
                        item.get("revision"),
                        item.get("position"),
                        item.get("createdAt").stringValue(),
                        item.get("updatedAt").stringValue(),
                        text((ObjectNode) item.get("fields")));
    }

    static String line(Revision revision) {
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
}
