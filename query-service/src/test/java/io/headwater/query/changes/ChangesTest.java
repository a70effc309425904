package io.headwater.query.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.query.api.Platform;
import io.headwater.query.changes.EventStream.Event;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Listens over real connections.
class ChangesTest {
    private static final Platform platform = Platform.get();
    private final List<EventStream> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (EventStream stream : open) {
            stream.close();
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> listeners() == 0);
    }

    @Test
    void aNewChangeIsSentAsACloudEvent() throws Exception {
        EventStream stream = listen("/changes");
        append(1, "alpha", "name", 10);
        Event event = stream.next(1).getFirst();
        assertThat(event.type()).isEqualTo("headwater.RecordChanged");
        assertThat(event.id()).isEqualTo(Platform.EPOCH + "." + head());
        assertThat(event.json().path("sequence").stringValue()).isEqualTo(Long.toString(head()));
        assertThat(event.json().path("source").stringValue())
                .isEqualTo("/headwater/" + Platform.EPOCH);
        assertThat(event.json().path("subject").stringValue()).isEqualTo("alpha/r1");
        assertThat(event.json().path("actor").stringValue()).isEqualTo("ada");
        assertThat(event.json().path("time").stringValue())
                .isEqualTo("1970-01-01T00:00:00.000001Z");
        assertThat(event.json().at("/data/changed/0").stringValue()).isEqualTo("name");
    }

    @Test
    void modelsFieldsAndTypesAreFiltered() throws Exception {
        EventStream model = listen("/changes?model=beta,gamma");
        EventStream field = listen("/changes?field=limit");
        EventStream type = listen("/changes?model=beta&type=deleted,created");
        EventStream all = listen("/changes");
        append(1, "alpha", "limit", 10);
        append(1, "beta", "name", 10);
        append(
                "headwater.RecordDeleted",
                "{\"model\":\"beta\",\"modelVersion\":1,\"id\":\"r1\",\"revision\":2}");
        append("headwater.CommandAnswered", "{}");
        append("headwater.ModelDefined", "{\"model\":\"beta\",\"version\":1,\"definition\":{}}");
        long last = head();
        assertThat(positions(model.next(3))).containsExactly(last - 3, last - 2, last);
        assertThat(positions(field.next(2))).containsExactly(last - 4, last - 2);
        assertThat(positions(type.next(1))).containsExactly(last - 2);
        assertThat(positions(all.next(4))).containsExactly(last - 4, last - 3, last - 2, last);
        assertThat(type.heartbeat())
                .as("says how far it has looked, though nothing was sent")
                .isEqualTo(Platform.EPOCH + "." + last);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(platform.get("/changes?type=made").problem()).isEqualTo("invalid-query");
        assertThat(platform.get("/changes?model=A!").problem()).isEqualTo("invalid-query");
        assertThat(platform.get("/changes?after=x").problem()).isEqualTo("invalid-query");
        assertThat(platform.get("/changes?fields=x").problem()).isEqualTo("invalid-query");
        assertThat(platform.get("/changes", "Last-Event-ID", "x").problem())
                .isEqualTo("invalid-query");
        assertThat(platform.get("/changes", "Last-Event-ID", "00000000.7").problem())
                .isEqualTo("unknown-epoch");
        assertThat(platform.get("/changes", "Authorization", "Bearer x").status()).isEqualTo(401);
    }

    @Test
    void aClientGoesOnFromAnyPosition() throws Exception {
        append(700, "resumed", "name", 10);
        long last = head();
        for (long from : new long[] {last - 700, last - 699, last - 300, last - 1}) {
            EventStream stream =
                    open(
                            new EventStream(
                                    platform.port(),
                                    "/changes?after=0",
                                    platform.token("read"),
                                    Platform.EPOCH + "." + from));
            assertThat(positions(stream.next((int) (last - from))))
                    .isEqualTo(LongStream.rangeClosed(from + 1, last).boxed().toList());
            append(1, "resumed", "name", 10);
            assertThat(stream.next(1).getFirst().position())
                    .as("the first that is new")
                    .isEqualTo(++last);
        }
    }

    @Test
    void aReaderThatDoesNotKeepUpIsToldAndMissesNothing() throws Exception {
        double before = behind();
        EventStream slow = listen("/changes");
        append(1, "slow", "name", 10);
        long first = slow.next(1).getFirst().position();
        // More than the ring holds, and more than the sockets do.
        append(600, "slow", "name", 40_000);
        EventStream other = listen("/changes?after=" + (first + 599));
        other.next(1);
        append(1, "slow", "name", 10);
        other.next(1);

        var events = new ArrayList<Event>();
        do {
            events.addAll(slow.next(1));
        } while (events.getLast().position() < first + 601);
        assertThat(behind()).isGreaterThan(before);
        assertThat(events)
                .filteredOn(event -> event.type().equals("headwater.ListenerBehind"))
                .isNotEmpty()
                .allSatisfy(told ->
                        assertThat(told.json().path("head").longValue())
                                .isGreaterThan(told.position()));
        assertThat(
                        positions(
                                events.stream()
                                        .filter(e -> e.type().equals("headwater.RecordChanged"))
                                        .toList()))
                .isEqualTo(LongStream.rangeClosed(first + 1, first + 601).boxed().toList());
    }

    @Test
    void aReaderThatTakesNothingIsClosedAndHoldsNobodyUp() throws Exception {
        EventStream stuck = listen("/changes?model=stuck");
        EventStream other = listen("/changes?model=stuck");
        append(1, "stuck", "name", 10);
        long first = other.next(1).getFirst().position();
        append(600, "stuck", "name", 40_000);
        Event event;
        do {
            event = other.next(1).getFirst();
        } while (event.position() < first + 600);
        other.close();
        await().atMost(Duration.ofMinutes(1)).until(() -> closed("stuck") > 0);
        // What was on its way is there, and the id to go on from; then the stream ends.
        long seen = first - 1;
        try {
            for (event = stuck.next(); event != null; event = stuck.next()) {
                // That it is behind may be among them; it is no change.
                boolean change = event.type().equals("headwater.RecordChanged");
                assertThat(event.position()).isEqualTo(change ? seen + 1 : seen);
                seen = event.position();
            }
        } catch (IOException cut) {
            // Cut in the middle of an event.
        }
        assertThat(seen).isLessThan(first + 600);
    }

    @Test
    void aRestoreIsToldAndListenersGoOnFromThere() throws Exception {
        append(4, "rewound", "name", 10);
        long kept = head() - 2;
        EventStream live = listen("/changes");
        append(1, "rewound", "name", 10);
        assertThat(live.next(1).getFirst().position()).isEqualTo(kept + 3);
        platform.superuser(
                """
                SET session_replication_role = replica;
                DELETE FROM log.event WHERE position > %1$d;
                INSERT INTO log.epoch (epoch, after_position) VALUES ('0b6f11d2', %1$d)
                """
                        .formatted(kept));
        try {
            Event mark = live.next(1).getFirst();
            assertThat(mark.type()).isEqualTo("headwater.LogRewound");
            assertThat(mark.id()).isEqualTo("0b6f11d2." + kept);
            assertThat(mark.json().path("from").stringValue()).isEqualTo(Platform.EPOCH);
            append(1, "rewound", "name", 10);
            assertThat(live.next(1).getFirst().id()).isEqualTo("0b6f11d2." + (kept + 1));

            EventStream back = resume(Platform.EPOCH + "." + (kept + 3));
            assertThat(back.next(1).getFirst().id()).isEqualTo("0b6f11d2." + kept);
            assertThat(back.next(1).getFirst().json().path("source").stringValue())
                    .isEqualTo("/headwater/0b6f11d2");
            EventStream before = resume(Platform.EPOCH + "." + (kept - 1));
            assertThat(before.next(1).getFirst().id()).isEqualTo("0b6f11d2." + (kept - 1));
            Event older = before.next(1).getFirst();
            assertThat(older.position()).isEqualTo(kept);
            assertThat(older.json().path("source").stringValue())
                    .isEqualTo("/headwater/" + Platform.EPOCH);
            assertThat(
                            platform.get(
                                            "/log?after=" + Platform.EPOCH + "." + (kept + 1),
                                            "Authorization",
                                            "Bearer " + platform.token("audit"))
                                    .problem())
                    .isEqualTo("lost-position");
        } finally {
            close();
            platform.superuser(
                    "SET session_replication_role = replica; DELETE FROM log.epoch WHERE epoch = '0b6f11d2'");
            platform.replicate();
        }
    }

    private EventStream resume(String id) throws IOException {
        return open(new EventStream(platform.port(), "/changes", platform.token("read"), id));
    }

    private EventStream listen(String path) throws IOException {
        EventStream stream =
                open(new EventStream(platform.port(), path, platform.token("read"), null));
        assertThat(stream.status).isEqualTo(200);
        return stream;
    }

    private EventStream open(EventStream stream) {
        open.add(stream);
        return stream;
    }

    private static List<Long> positions(List<Event> events) {
        return events.stream().map(Event::position).toList();
    }

    private static void append(int count, String model, String changed, int size)
            throws SQLException {
        append(
                count,
                "headwater.RecordChanged",
                "{\"model\":\"%s\",\"modelVersion\":1,\"id\":\"r1\",\"revision\":2,\"fields\":{\"text\":\"%s\"},\"changed\":[\"%s\"]}"
                        .formatted(model, "x".repeat(size), changed));
    }

    private static void append(String type, String payload) throws SQLException {
        append(1, type, payload);
    }

    private static void append(int count, String type, String payload) throws SQLException {
        platform.superuser(
                """
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags)
                SELECT h.head + n, gen_random_uuid(), '%s', '1', n, '%s', '{"actor":"ada"}', '{}'
                  FROM (SELECT coalesce(max(position), 0) AS head FROM log.event) h, generate_series(1, %d) n
                """
                        .formatted(type, payload, count));
        platform.replicate();
    }

    private static long head() throws SQLException {
        try (var connection = platform.cluster().superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT max(position) FROM log.event")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static double listeners() {
        return Objects.requireNonNull(meters().find("headwater.changes.listeners").gauge()).value();
    }

    private static double behind() {
        return count("headwater.changes.behind", null);
    }

    private static double closed(String reason) {
        return count("headwater.changes.closed", reason);
    }

    private static double count(String name, @Nullable String reason) {
        var search = meters().find(name);
        var counter = reason == null ? search.counter() : search.tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    private static MeterRegistry meters() {
        return platform.bean(MeterRegistry.class);
    }
}
