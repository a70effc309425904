package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.RecordEvent;
import io.headwater.query.api.Past.State;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.rows.ReadTables.Logged;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What records were, asked over HTTP, is what a plain reading of the log says.
class TimeTravelTest {
    private static final Platform platform = Platform.get();
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int QUERIES = Integer.getInteger("queries", 150);
    private static final Past past = new Past("timed", SEED);
    private static final List<String> SORTS =
            List.of("name", "n", "@updatedAt", "@createdAt", "@position", "@id");

    @BeforeAll
    static void fill() throws SQLException {
        emptyLog();
        project(List.of(past.define(Past.FIRST)));
        for (int i = 0; i < 40; i++) {
            project(past.append(1 + past.log().size() % 37));
            if (i == 20) {
                project(List.of(past.define(Past.SECOND)));
            }
        }
        platform.replicate();
    }

    @AfterAll
    static void end() throws SQLException {
        emptyLog();
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    /// What a query asks for, twice: in its words, and as a predicate and an order.
    private record Asked(
            Map<String, String> words,
            long asOf,
            @Nullable Instant validAt,
            Predicate<State> filter,
            Comparator<State> order) {}

    @Test
    void aCollectionOfAnyMomentIsWhatTheLogHeldThen() {
        var random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            Asked asked = asked(random);
            List<String> expected =
                    past.at(asked.asOf(), asked.validAt()).values().stream()
                            .filter(asked.filter())
                            .sorted(asked.order())
                            .map(state -> envelope(state, asked.asOf()))
                            .toList();
            assertThat(pages(asked.words()))
                    .as("seed %d, query %d %s, position %d", SEED, i, asked.words(), asked.asOf())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aRecordOfAnyMomentIsWhatTheLogHeldThen() {
        var random = new Random(SEED + 1);
        for (int i = 0; i < QUERIES; i++) {
            Asked asked = asked(random);
            String id = "r" + random.nextInt(60);
            var words = new LinkedHashMap<>(asked.words());
            words.keySet().retainAll(List.of("asOf", "validAt"));
            Answer answer = platform.get("/records/timed/" + id + "?" + url(words));
            State expected = past.at(asked.asOf(), asked.validAt()).get(id);
            String when = "seed %d, %s of %s, position %d".formatted(SEED, id, words, asked.asOf());
            if (expected == null) {
                assertThat(answer.problem()).as(when).isEqualTo("unknown-record");
            } else {
                assertThat(withoutModel(answer.json()))
                        .as(when)
                        .isEqualTo(envelope(expected, asked.asOf()));
            }
        }
    }

    @Test
    void theModelIsThatOfThen() {
        Answer then =
                platform.get(
                        "/records/timed?filter%5Bnote%5D%5Beq%5D=1&asOf=" + Platform.EPOCH + ".2");
        assertThat(then.status()).isEqualTo(400);
        assertThat(then.json().at("/errors/0/parameter").stringValue())
                .isEqualTo("filter[note][eq]");
        assertThat(then.json().at("/errors/0/code").stringValue()).isEqualTo("unknown-field");
        assertThat(platform.get("/records/timed?filter%5Bold%5D%5Beq%5D=1").status())
                .isEqualTo(400);
        assertThat(platform.get("/records/timed?asOf=" + Platform.EPOCH + ".0").problem())
                .isEqualTo("unknown-model");
    }

    @Test
    void pagesOfOneListAreOfOneSnapshotWhateverIsWrittenMeanwhile() throws Exception {
        var stop = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                while (!stop.get()) {
                                    project(past.append(20));
                                }
                            } catch (SQLException | RuntimeException e) {
                                failure.set(e);
                            }
                        });
        try {
            for (String sort :
                    List.of(
                            "@id",
                            "-@id",
                            "name",
                            "-n",
                            "n",
                            "-@updatedAt",
                            "@position",
                            "-name,n")) {
                Answer page = platform.get("/records/timed?page%5Bsize%5D=7&sort=" + sort);
                long seen = Long.parseLong(page.header("Consistency-Token").split("\\.", 2)[1]);
                var ids = new ArrayList<String>();
                while (true) {
                    assertThat(page.status()).as(page.body()).isEqualTo(200);
                    page.json().get("items").forEach(item -> ids.add(withoutModel(item)));
                    String next = page.json().path("next").asString(null);
                    if (next == null) {
                        break;
                    }
                    page =
                            platform.get(
                                    "/records/timed?page%5Bsize%5D=7&sort="
                                            + sort
                                            + "&page%5Bafter%5D="
                                            + next);
                }
                List<String> expected =
                        past.at(seen, null).values().stream()
                                .sorted(order(sort))
                                .map(state -> envelope(state, seen))
                                .toList();
                assertThat(ids)
                        .as("seed %d, sort %s, position %d", SEED, sort, seen)
                        .isEqualTo(expected);
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void theHistoryTellsWhoChangedWhatWhen() {
        var random = new Random(SEED + 2);
        for (int i = 0; i < QUERIES / 4; i++) {
            String id = "r" + random.nextInt(60);
            long asOf = 1L + random.nextInt((int) past.position());
            var words = new LinkedHashMap<String, String>();
            words.put("asOf", Platform.EPOCH + "." + asOf);
            words.put("page[size]", "" + (1 + random.nextInt(9)));
            Predicate<Logged> filter = logged -> true;
            if (random.nextBoolean()) {
                String actor = actor(random.nextInt(3));
                words.put("actor", actor);
                filter = logged -> actor(logged.position()).equals(actor);
            }
            if (random.nextBoolean()) {
                Instant since = past.log().get(random.nextInt((int) asOf)).time();
                words.put("since", since.toString());
                filter = filter.and(logged -> !logged.time().isBefore(since));
            }
            String field = random.nextBoolean() ? "old" : null;
            if (field != null) {
                words.put("field", field);
            }
            List<String> expected = history(id, asOf, field, filter);
            if (expected.isEmpty()) {
                continue; // of a record that was never there it is a 404
            }
            assertThat(pages("/records/timed/" + id + "/history?", words, JsonNode::toString))
                    .as("seed %d, %s %s", SEED, id, words)
                    .isEqualTo(expected);
        }
    }

    /// Newest first.
    private static List<String> history(
            String id, long asOf, @Nullable String field, Predicate<Logged> filter) {
        var revisions = new ArrayList<String>();
        ObjectNode before = Json.mapper().createObjectNode();
        for (Logged logged : past.log().subList(0, (int) asOf)) {
            if (logged.event() instanceof RecordEvent event
                    && event.record().id().value().equals(id)) {
                ObjectNode after =
                        event instanceof RecordEvent.Written written
                                ? written.fields()
                                : Json.mapper().createObjectNode();
                Set<String> changed = Past.changed(before, after);
                if (filter.test(logged) && (field == null || changed.contains(field))) {
                    revisions.addFirst(revision(logged, event, before, after));
                }
                before = after;
            }
        }
        return revisions;
    }

    private static String revision(
            Logged logged, RecordEvent event, ObjectNode before, ObjectNode after) {
        Instant from = event.validFrom() == null ? logged.time() : event.validFrom();
        ObjectNode json =
                Json.mapper()
                        .createObjectNode()
                        .put("revision", event.revision())
                        .put("position", logged.position())
                        .put(
                                "change",
                                event.getClass()
                                        .getSimpleName()
                                        .substring(6)
                                        .toLowerCase(Locale.ROOT))
                        .put("at", FieldType.Moment.text(logged.time()))
                        .put("validFrom", FieldType.Moment.text(from))
                        .put("modelVersion", event.modelVersion())
                        .put("actor", actor(logged.position()))
                        .put("cause", "c" + logged.position());
        var changes = json.putArray("changes");
        var names = new LinkedHashSet<>(after.propertyNames());
        names.addAll(before.propertyNames());
        names.retainAll(Past.changed(before, after));
        for (String name : names) {
            ObjectNode change = changes.addObject().put("field", name);
            if (before.has(name)) {
                change.set("from", before.get(name));
            }
            if (after.has(name)) {
                change.set("to", after.get(name));
            }
        }
        return json.toString();
    }

    private static String actor(long position) {
        return "actor" + position % 3;
    }

    @Test
    void aRecordHasMementos() {
        Answer now = platform.get("/records/timed?page%5Bsize%5D=1");
        String path = "/records/timed/" + now.json().at("/items/0/id").stringValue();
        Answer map =
                platform.get(
                        path + "/history?page%5Bsize%5D=1000", "Accept", "application/link-format");
        assertThat(map.header("Content-Type")).isEqualTo("application/link-format");
        var mementos =
                Pattern.compile("<([^>]*)>; rel=\"memento\"; datetime=\"([^\"]*)\"")
                        .matcher(map.body());
        for (int i = 0; i < 5 && mementos.find(); i++) {
            Answer memento = platform.get(mementos.group(1));
            assertThat(memento.status()).as(memento.body()).isEqualTo(200);
            assertThat(memento.header("Memento-Datetime")).isEqualTo(mementos.group(2));
            assertThat(memento.header("Link"))
                    .contains("<" + path + ">; rel=\"original timegate\"");
            Answer gate = platform.get(path, "Accept-Datetime", mementos.group(2));
            // several mementos may be of one second: the gate answers with the last
            assertThat(gate.header("Memento-Datetime")).isEqualTo(mementos.group(2));
            assertThat(gate.header("Vary")).containsIgnoringCase("accept-datetime");
            assertThat(platform.get(gate.header("Content-Location")).body()).isEqualTo(gate.body());
        }
        assertThat(platform.get(path, "Accept-Datetime", "yesterday").status()).isEqualTo(400);
    }

    private static Asked asked(Random random) {
        var words = new LinkedHashMap<String, String>();
        long asOf = past.position();
        // not before the model's definition
        long position = 1L + random.nextInt((int) past.position());
        switch (random.nextInt(3)) {
            case 0 -> {
                asOf = position;
                words.put("asOf", Platform.EPOCH + "." + position);
            }
            case 1 -> {
                Instant time =
                        past.log()
                                .get((int) position - 1)
                                .time()
                                .plusNanos(random.nextInt(2) * 1_000L);
                asOf = past.positionAt(time);
                words.put("asOf", time.toString());
            }
            default -> {}
        }
        Instant validAt = null;
        if (random.nextBoolean()) {
            validAt = Past.START.plus(Duration.ofMillis(random.nextInt(2_000) - 400));
            words.put("validAt", validAt.toString());
        }
        Predicate<State> filter = state -> true;
        if (random.nextBoolean()) {
            String name = "name" + random.nextInt(5);
            words.put("filter[name][eq]", name);
            filter = state -> name.equals(text(state, "name"));
        }
        if (random.nextBoolean()) {
            int n = random.nextInt(8);
            words.put("filter[n][gte]", "" + n);
            filter = filter.and(state -> state.written().fields().path("n").asInt(-1) >= n);
        }
        String sort = (random.nextBoolean() ? "-" : "") + SORTS.get(random.nextInt(SORTS.size()));
        words.put("sort", sort);
        words.put("page[size]", "" + (1 + random.nextInt(30)));
        return new Asked(words, asOf, validAt, filter, order(sort));
    }

    private static Comparator<State> order(String sort) {
        Comparator<State> order = (_, _) -> 0;
        boolean descending = false;
        for (String key : sort.split(",", -1)) {
            descending = key.startsWith("-");
            Comparator<State> by = by(descending ? key.substring(1) : key);
            order = order.thenComparing(descending ? by.reversed() : by);
        }
        Comparator<State> byId = Comparator.comparing(State::id);
        return order.thenComparing(descending ? byId.reversed() : byId);
    }

    private static Comparator<State> by(String key) {
        return switch (key) {
            case "@id" -> Comparator.comparing(State::id);
            case "@position" -> Comparator.comparingLong(State::position);
            case "@createdAt" -> Comparator.comparing(State::createdAt);
            case "@updatedAt" -> Comparator.comparing(State::updatedAt);
            case "n" ->
                    Comparator.comparingInt(
                            state -> state.written().fields().path("n").asInt(Integer.MAX_VALUE));
            default ->
                    Comparator.comparing(
                            state -> Objects.requireNonNullElse(text(state, key), "~"));
        };
    }

    private static @Nullable String text(State state, String field) {
        return state.written().fields().path(field).asString(null);
    }

    /// All pages of a list, by GET.
    private static List<String> pages(Map<String, String> words) {
        return pages("/records/timed?", words, TimeTravelTest::withoutModel);
    }

    private static List<String> pages(
            String path, Map<String, String> words, Function<JsonNode, String> text) {
        var items = new ArrayList<String>();
        var asked = new LinkedHashMap<>(words);
        while (true) {
            Answer page = platform.get(path + url(asked));
            assertThat(page.status()).as("seed " + SEED + " " + asked + page.body()).isEqualTo(200);
            page.json().get("items").forEach(item -> items.add(text.apply(item)));
            String next = page.json().path("next").asString(null);
            if (next == null) {
                return items;
            }
            asked.put("page[after]", next);
        }
    }

    private static String url(Map<String, String> words) {
        var parameters = new LinkedHashMap<String, List<String>>();
        words.forEach((name, value) -> parameters.put(name, List.of(value)));
        return new QueryString(parameters).with("", "").replaceAll("&?=$", "");
    }

    private static String withoutModel(JsonNode item) {
        return item.get("id").stringValue()
                + item.get("revision")
                + "|"
                + item.get("position")
                + "|"
                + item.get("createdAt").stringValue()
                + item.get("updatedAt").stringValue()
                + item.get("fields");
    }

    private static String envelope(State state, long asOf) {
        ModelDefinition model = Objects.requireNonNull(past.definition(asOf));
        var fields = state.written().fields().objectNode();
        for (String name : model.fields().keySet()) {
            if (state.written().fields().has(name)) {
                fields.set(name, state.written().fields().get(name));
            }
        }
        return state.id()
                + state.written().revision()
                + "|"
                + state.position()
                + "|"
                + FieldType.Moment.text(state.createdAt())
                + FieldType.Moment.text(state.updatedAt())
                + fields;
    }

    /// Log, tables and checkpoint, as command service and projection would.
    private static void project(List<Logged> events) throws SQLException {
        try (Connection connection = platform.cluster().superuser();
                PreparedStatement event =
                        connection.prepareStatement(
                                "INSERT INTO log.event VALUES (?, gen_random_uuid(), ?, '1', ?, ?, ?, ?)");
                PreparedStatement tag =
                        connection.prepareStatement("INSERT INTO log.event_tag VALUES (?, ?, ?)")) {
            for (Logged logged : events) {
                String about =
                        logged.event() instanceof RecordEvent record
                                ? "record=" + record.record()
                                : "model=timed";
                event.setLong(1, logged.position());
                event.setString(2, EventType.of(logged.event()));
                event.setLong(3, ChronoUnit.MICROS.between(Instant.EPOCH, logged.time()));
                event.setString(4, EventJson.write(logged.event()));
                event.setString(
                        5,
                        "{\"actor\":\"%s\",\"cause\":\"c%d\"}"
                                .formatted(actor(logged.position()), logged.position()));
                event.setArray(6, connection.createArrayOf("text", new String[] {about}));
                event.addBatch();
                tag.setString(1, about);
                tag.setLong(2, logged.position());
                tag.setString(3, EventType.of(logged.event()));
                tag.addBatch();
            }
            event.executeBatch();
            tag.executeBatch();
        }
        platform.tables().project(Platform.EPOCH, events);
    }

    private static void emptyLog() throws SQLException {
        platform.superuser(
                "SET session_replication_role = replica; DELETE FROM log.event; DELETE FROM log.event_tag");
    }
}
