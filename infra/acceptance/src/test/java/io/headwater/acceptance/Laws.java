package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.Topics;
import io.headwater.local.LocalCluster;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ObjectNode;

/// Checks that the log, Kafka and the read model tell the same story, and that each acknowledged
/// write is in it once.
final class Laws {
    /// A row of the event table.
    record Stored(long position, String id, String type, String payload) {}

    private final LocalCluster cluster;
    private final Client queries;

    Laws(LocalCluster cluster, Client queries) {
        this.cluster = cluster;
        this.queries = queries;
    }

    void hold(String model, List<Load.Acknowledged> acknowledged) throws SQLException {
        List<Stored> log = log();
        positionsAreGapless(log);
        acknowledgedIsInTheLogOnce(model, log, acknowledged);
        kafkaHasTheLogInOrder(log);
        modelTopicsHaveTheirEventsOnce(model, log);
        readModelIsTheFoldOfTheLog(model, log);
    }

    List<Stored> log() throws SQLException {
        var log = new ArrayList<Stored>();
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT position, id, type, payload FROM log.event ORDER BY position")) {
            while (rows.next()) {
                log.add(
                        new Stored(
                                rows.getLong(1),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4)));
            }
        }
        return log;
    }

    private static void positionsAreGapless(List<Stored> log) {
        assertThat(log.stream().map(Stored::position))
                .as("positions, from 1 without a gap")
                .containsExactlyElementsOf(LongStream.rangeClosed(1, log.size()).boxed().toList());
    }

    private static void acknowledgedIsInTheLogOnce(
            String model, List<Stored> log, List<Load.Acknowledged> acknowledged) {
        Map<String, Long> times =
                recordEvents(model, log).stream()
                        .collect(
                                Collectors.groupingBy(
                                        e -> e.record().id() + "@" + e.revision(),
                                        Collectors.counting()));
        assertThat(times.values()).as("events with the same id and revision").containsOnly(1L);
        assertThat(times.keySet())
                .as("acknowledged writes in the log")
                .containsAll(acknowledged.stream().map(a -> a.id() + "@" + a.revision()).toList());
    }

    private void kafkaHasTheLogInOrder(List<Stored> log) {
        var seen = new KafkaLog(cluster.bootstrapServers()).read(Topics.LOG);
        assertThat(seen.stream().map(s -> s.position() + " " + s.id() + " " + s.type()))
                .as(Topics.LOG)
                .containsExactlyElementsOf(
                        log.stream()
                                .map(e -> e.position() + " " + e.id() + " " + e.type())
                                .toList());
    }

    private void modelTopicsHaveTheirEventsOnce(String model, List<Stored> log) {
        var name = new ModelName(model);
        var kafka = new KafkaLog(cluster.bootstrapServers());
        var seen = kafka.read(Topics.records(name));
        var positions =
                log.stream().filter(e -> belongsTo(model, e)).map(Stored::position).toList();
        assertThat(seen.stream().map(KafkaLog.Seen::position).sorted())
                .as(Topics.records(name))
                .containsExactlyElementsOf(positions);
        var last = new HashMap<String, Long>();
        for (var event : seen) {
            Long before = last.put(event.key(), event.position());
            assertThat(before == null || before < event.position())
                    .as("order of key " + event.key())
                    .isTrue();
        }
    }

    private void readModelIsTheFoldOfTheLog(String model, List<Stored> log) {
        Map<String, ObjectNode> expected = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (var event : recordEvents(model, log)) {
            String id = event.record().id().value();
            switch (event) {
                case RecordEvent.Written written -> expected.put(id, written.fields());
                case RecordEvent.RecordDeleted _ -> expected.remove(id);
            }
            revisions.put(id, event.revision());
        }
        var found = new HashMap<String, ObjectNode>();
        String next = "/records/" + model + "?page%5Bsize%5D=1000&sort=@id";
        String after = null;
        do {
            var answer = queries.get(after == null ? next : next + "&page%5Bafter%5D=" + after);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            var page = answer.json();
            page.get("items")
                    .forEach(item -> {
                        String id = item.get("id").stringValue();
                        assertThat(item.get("revision").longValue())
                                .as("revision of " + id)
                                .isEqualTo(revisions.get(id));
                        assertThat(found.put(id, (ObjectNode) item.get("fields")))
                                .as("the same record twice in pages: " + id)
                                .isNull();
                    });
            after =
                    page.path("next").isString()
                            ? java.net.URLEncoder.encode(
                                    page.get("next").stringValue(),
                                    java.nio.charset.StandardCharsets.UTF_8)
                            : null;
        } while (after != null);
        assertThat(found).as("read model of " + model).isEqualTo(expected);
    }

    private static boolean belongsTo(String model, Stored event) {
        return EventType.isRecordEvent(event.type())
                && ((RecordEvent) EventJson.read(event.type(), event.payload()))
                        .record()
                        .model()
                        .value()
                        .equals(model);
    }

    private static List<RecordEvent> recordEvents(String model, List<Stored> log) {
        return log.stream()
                .filter(e -> belongsTo(model, e))
                .sorted(Comparator.comparingLong(Stored::position))
                .map(e -> (RecordEvent) EventJson.read(e.type(), e.payload()))
                .toList();
    }
}
