package io.headwater.ops.drill;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.Json;
import io.headwater.ops.drill.Load.Acknowledged;
import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Door;
import io.headwater.ops.stack.Stack;
import io.headwater.ops.stack.Trouble;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares each acknowledged write with log, Kafka and read model, one by one.
final class Audit {
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(150);
    private static final String LOG_TOPIC = "headwater.log";

    private final Stack stack;
    private final Cluster cluster;
    private final Door door;
    private final String model;
    private final long positionBefore;
    private final long offsetBefore;

    /// @param lost acknowledged, and not in the log, or not where the answer said
    /// @param repeated commands that are in the log twice, and events that are on Kafka twice
    /// @param phantom on Kafka, and not in the log
    /// @param missing in the log, and not on Kafka
    /// @param outOfOrder gaps in the log's positions, and events on Kafka before an earlier one
    /// @param misread records whose read model is not what the log says
    record Finding(
            int acknowledged,
            int lost,
            int repeated,
            int phantom,
            int missing,
            int outOfOrder,
            int misread,
            List<String> examples) {
        int wrong() {
            return lost + repeated + phantom + missing + outOfOrder + misread;
        }
    }

    private record Event(
            long position, String id, @Nullable String mark, String record, long revision) {}

    Audit(Stack stack, Cluster cluster, Door door, String model) {
        this.stack = stack;
        this.cluster = cluster;
        this.door = door;
        this.model = model;
        positionBefore = head();
        try (var consumer = consumer()) {
            offsetBefore = end(consumer);
        }
    }

    private long head() {
        return Long.parseLong(
                cluster.sqlOrTrouble(
                        cluster.leaderOrTrouble(),
                        "SELECT coalesce(max(position), 0) FROM log.event"));
    }

    Finding of(List<Acknowledged> acknowledged) {
        var count = new Count();
        List<Event> log = log();
        awaitFreshness(log);
        checkLog(log, acknowledged, count);
        checkKafka(log, count);
        checkReadModel(log, count);
        return count.finding(acknowledged.size());
    }

    private List<Event> log() {
        var events = new ArrayList<Event>();
        String text =
                cluster.sqlOrTrouble(
                        cluster.leaderOrTrouble(),
                        """
                        SELECT json_build_object('position', position, 'id', id, 'type', type,
                                   'payload', CASE WHEN type LIKE 'headwater.Record%%' THEN payload::json END)
                          FROM log.event
                         WHERE position > %d
                         ORDER BY position
                        """
                                .formatted(positionBefore));
        text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> Json.mapper().readTree(line))
                .forEach(row -> {
                    JsonNode payload = row.path("payload");
                    boolean ours = payload.path("model").asString("").equals(model);
                    events.add(
                            new Event(
                                    row.path("position").longValue(),
                                    row.path("id").stringValue(),
                                    ours ? payload.path("fields").path("mark").stringValue() : null,
                                    ours ? payload.path("id").stringValue() : "",
                                    ours ? payload.path("revision").longValue() : 0));
                });
        return events;
    }

    /// The stored answer comes with the event, after it, so the token is of that.
    private static boolean isPlace(Acknowledged write, long position) {
        long due = write.token().position() - 1;
        return write.repeated() ? position <= due : position == due;
    }

    private void checkLog(List<Event> log, List<Acknowledged> acknowledged, Count count) {
        var byMark = new HashMap<String, Event>();
        long expected = positionBefore + 1;
        for (var event : log) {
            if (event.position() != expected) {
                count.outOfOrder("the log has %d where %d was due", event.position(), expected);
            }
            expected = event.position() + 1;
            if (event.mark() != null && byMark.put(event.mark(), event) != null) {
                count.repeated("command %s is in the log twice", event.mark());
            }
        }
        for (var write : acknowledged) {
            var event = byMark.get(write.mark());
            if (event == null) {
                count.lost(
                        "%s of %s, acknowledged at %.2f s as %s, is not in the log",
                        write.mark(), write.id(), write.at(), write.token());
            } else if (!isPlace(write, event.position())
                    || event.revision() != write.revision()
                    || !event.record().equals(write.id())) {
                count.lost(
                        "%s was acknowledged as %s revision %d, and the log has it as %d revision %d",
                        write.mark(),
                        write.token(),
                        write.revision(),
                        event.position(),
                        event.revision());
            }
        }
    }

    private void checkKafka(List<Event> log, Count count) {
        var ids = new HashMap<Long, String>();
        log.forEach(event -> ids.put(event.position(), event.id()));
        var seen = new HashSet<String>();
        long before = positionBefore;
        for (var event : kafka()) {
            if (!event.id().equals(ids.get(event.position()))) {
                count.phantom(
                        "Kafka has %s at %d, and the log does not", event.id(), event.position());
            } else if (!seen.add(event.id())) {
                count.repeated("Kafka has %s twice", event.id());
            } else if (event.position() < before) {
                count.outOfOrder("Kafka has %d after %d", event.position(), before);
            }
            before = Math.max(before, event.position());
        }
        log.stream()
                .filter(event -> !seen.contains(event.id()))
                .forEach(event -> count.missing("Kafka does not have %d", event.position()));
    }

    /// What a consumer has collected from the start of the drill up to now. After a point-in-time
    /// recovery it lets go of what the topic says is undone, as `docs/consuming.md` tells it to.
    private List<Event> kafka() {
        var events = new ArrayList<Event>();
        try (var consumer = consumer()) {
            var partition = new TopicPartition(LOG_TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, offsetBefore);
            long end = end(consumer);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    if (header(record, EventHeaders.TYPE).equals("headwater.LogRewound")) {
                        long upTo =
                                Json.mapper().readTree(record.value()).path("position").longValue();
                        events.removeIf(event -> event.position() > upTo);
                    } else {
                        events.add(
                                new Event(
                                        Long.parseLong(header(record, EventHeaders.SEQUENCE)),
                                        header(record, EventHeaders.ID),
                                        null,
                                        "",
                                        0));
                    }
                }
            }
        }
        return events;
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private void checkReadModel(List<Event> log, Count count) {
        Map<String, Event> newest = new HashMap<>();
        log.stream()
                .filter(event -> event.mark() != null)
                .sorted(Comparator.comparingLong(Event::position))
                .forEach(event -> newest.put(event.record(), event));
        Map<String, String> rows = readModel();
        newest.forEach((id, event) -> {
            String expected = event.mark() + "@" + event.revision();
            String row = rows.remove(id);
            if (!expected.equals(row)) {
                count.misread("record %s is read as %s, and the log says %s", id, row, expected);
            }
        });
        rows.keySet()
                .forEach(
                        id -> count.misread("record %s is read, and the log does not have it", id));
    }

    private void awaitFreshness(List<Event> log) {
        if (log.isEmpty()) {
            return;
        }
        String epoch =
                cluster.sqlOrTrouble(
                        cluster.leaderOrTrouble(),
                        "SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1");
        String token = epoch + "." + log.getLast().position();
        var there =
                Cluster.await(
                        SETTLE_WITHIN,
                        () ->
                                door.get(
                                                "/models/" + model,
                                                "Consistency-At-Least",
                                                token,
                                                "Prefer",
                                                "wait=20")
                                        .accepted());
        if (!there) {
            throw new Trouble("The read model did not get to " + token + " within 150 s");
        }
    }

    private Map<String, String> readModel() {
        var rows = new HashMap<String, String>();
        String first = "/records/" + model + "?page%5Bsize%5D=1000&sort=@id";
        String path = first;
        while (true) {
            var answer = door.get(path);
            if (!answer.accepted()) {
                throw new Trouble("The read model was not read: " + answer);
            }
            var page = answer.json();
            for (JsonNode item : page.path("items")) {
                rows.put(
                        item.path("id").stringValue(),
                        item.path("fields").path("mark").stringValue()
                                + "@"
                                + item.path("revision").longValue());
            }
            if (!page.path("next").isString()) {
                return rows;
            }
            path =
                    first
                            + "&page%5Bafter%5D="
                            + URLEncoder.encode(
                                    page.path("next").stringValue(), StandardCharsets.UTF_8);
        }
    }

    private static long end(KafkaConsumer<String, String> consumer) {
        var partition = new TopicPartition(LOG_TOPIC, 0);
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stack.address("kafka", 19092).replace("0.0.0.0", "127.0.0.1"),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static final class Count {
        private static final int MOST_EXAMPLES = 20;
        private final List<String> examples = new ArrayList<>();
        private int lost;
        private int repeated;
        private int phantom;
        private int missing;
        private int outOfOrder;
        private int misread;

        @SuppressWarnings("AnnotateFormatMethod") // no dependency for one annotation
        private void example(String format, @Nullable Object... arguments) {
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(format.formatted(arguments));
            }
        }

        void lost(String format, @Nullable Object... arguments) {
            lost++;
            example("lost: " + format, arguments);
        }

        void repeated(String format, @Nullable Object... arguments) {
            repeated++;
            example("repeated: " + format, arguments);
        }

        void phantom(String format, @Nullable Object... arguments) {
            phantom++;
            example("phantom: " + format, arguments);
        }

        void missing(String format, @Nullable Object... arguments) {
            missing++;
            example("missing: " + format, arguments);
        }

        void outOfOrder(String format, @Nullable Object... arguments) {
            outOfOrder++;
            example("out of order: " + format, arguments);
        }

        void misread(String format, @Nullable Object... arguments) {
            misread++;
            example("misread: " + format, arguments);
        }

        Finding finding(int acknowledged) {
            return new Finding(
                    acknowledged, lost, repeated, phantom, missing, outOfOrder, misread, examples);
        }
    }
}
