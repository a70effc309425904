package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Random queries, answered by the service and by a few lines of Java that know nothing of SQL.
class QueryAgainstModelTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition SAMPLE =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text"},
                                "code": {"type": "text", "indexed": true},
                                "essay": {"type": "text", "maxLength": 5000},
                                "amount": {"type": "decimal", "precision": 20, "scale": 4},
                                "rank": {"type": "integer", "indexed": true},
                                "active": {"type": "boolean"},
                                "day": {"type": "date"},
                                "moment": {"type": "timestamp", "indexed": true},
                                "key": {"type": "uuid"},
                                "tier": {"type": "enum", "options": ["basic", "gold", "Silver"]},
                                "country": {"type": "reference", "to": "nation"},
                                "tags": {"type": "list", "items": {"type": "text"}},
                                "days": {"type": "list", "items": {"type": "date"}}}}
                    """);
    private static final ModelDefinition NATION =
            Platform.definition(
                    "{\"fields\": {\"name\": {\"type\": \"text\", \"indexed\": true}}}");

    /// Names of the nations that there are; a record may refer to one that is gone.
    private static final Map<String, String> NATIONS = Map.of("NZ", "ab", "de", "Éa");

    /// A field of the record that is referred to.
    private static final String REFERRED = "country.name";

    private static final List<String> TEXTS =
            List.of(
                    "\"\"",
                    "\"a\"",
                    "\"ab\"",
                    "\"abc\"",
                    "\"Ab\"",
                    "\"a%b\"",
                    "\"a_b\"",
                    "\"a\\\\b\"",
                    "\"z😀\"",
                    "\"z\uFFFD\"",
                    "\"é\"",
                    "\"e\u0301A\"",
                    "\"ÉÀB\"",
                    "\"'; DROP TABLE read.checkpoint; --\"",
                    "\"\uD7FF\"",
                    "\"\uD7FFx\"",
                    "\"\uDBFF\uDFFF\"");
    private static final Map<String, List<String>> POOLS =
            Map.ofEntries(
                    Map.entry("name", TEXTS),
                    Map.entry("code", TEXTS),
                    Map.entry(
                            "essay",
                            List.of(
                                    "\"" + "x".repeat(499) + "\"",
                                    "\"" + "x".repeat(500) + "\"",
                                    "\"y\"")),
                    Map.entry(
                            "amount",
                            List.of(
                                    "\"-1.5000\"",
                                    "\"0.0000\"",
                                    "\"0.1250\"",
                                    "\"10.0000\"",
                                    "\"9.0000\"")),
                    Map.entry(
                            "rank",
                            List.of("-9223372036854775808", "-1", "0", "3", "9223372036854775807")),
                    Map.entry("active", List.of("true", "false")),
                    Map.entry(
                            "day",
                            List.of(
                                    "\"0001-01-01\"",
                                    "\"2026-01-31\"",
                                    "\"2026-02-01\"",
                                    "\"9999-12-31\"")),
                    Map.entry(
                            "moment",
                            List.of(
                                    "\"0001-01-01T00:00:00.000000Z\"",
                                    "\"2026-03-29T00:59:59.999999Z\"",
                                    "\"2026-03-29T01:00:00.000000Z\"",
                                    "\"9999-12-31T23:59:59.999999Z\"")),
                    Map.entry(
                            "key",
                            List.of(
                                    "\"00000000-0000-0000-0000-000000000000\"",
                                    "\"80000000-0000-4000-8000-000000000000\"",
                                    "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"")),
                    Map.entry("tier", List.of("\"basic\"", "\"gold\"", "\"Silver\"")),
                    Map.entry("country", List.of("\"NZ\"", "\"de\"", "\"~\"")),
                    Map.entry(REFERRED, List.of("\"ab\"", "\"Éa\"", "\"e\"", "\"\"")),
                    Map.entry("tags", TEXTS),
                    Map.entry("days", List.of("\"0001-01-01\"", "\"2026-01-31\"")));
    private static final List<String> ORDER =
            List.of("eq", "ne", "lt", "lte", "gt", "gte", "in", "null");
    private static final List<String> SAMENESS = List.of("eq", "ne", "in", "null");
    private static final List<String> TEXT =
            List.of("eq", "ne", "lt", "lte", "gt", "gte", "in", "null", "contains", "starts");
    private static final List<String> LIST = List.of("contains", "null", "any", "all");
    private static final Map<String, ObjectNode> RECORDS = new LinkedHashMap<>();
    private static final Comparator<String> CODE_POINTS =
            (a, b) ->
                    java.util.Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    @BeforeAll
    static void fill() throws Exception {
        var random = new Random(42);
        for (int i = 0; i < 300; i++) {
            ObjectNode record = Json.mapper().createObjectNode();
            for (String field : SAMPLE.fields().keySet()) {
                if (random.nextInt(4) > 0) {
                    record.set(field, value(field, random));
                }
            }
            RECORDS.put("r" + random.nextInt(10) + "~" + i, record);
        }
        platform.tables().define("nation", NATION);
        platform.tables().define("sample", SAMPLE);
        platform.tables().checkpoint(Platform.EPOCH, 3);
        platform.tables().insert("sample", SAMPLE, 3, RECORDS);
        Map<String, ObjectNode> nations = new LinkedHashMap<>();
        NATIONS.forEach(
                (id, name) -> nations.put(id, Json.mapper().createObjectNode().put("name", name)));
        platform.tables().insert("nation", NATION, 3, nations);
        // What the answers are held against has it as one field more.
        for (ObjectNode record : RECORDS.values()) {
            String name = NATIONS.get(record.path("country").asString(""));
            if (name != null) {
                record.put(REFERRED, name);
            }
        }
        platform.replicate();
    }

    private static JsonNode value(String field, Random random) {
        List<String> pool = pool(field);
        if (!operators(field).equals(LIST)) {
            return Json.mapper().readTree(pool.get(random.nextInt(pool.size())));
        }
        ArrayNode list = Json.mapper().createArrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(Json.mapper().readTree(pool.get(random.nextInt(pool.size()))));
        }
        return list;
    }

    private static List<String> pool(String field) {
        return Objects.requireNonNull(POOLS.get(field));
    }

    private static String typeOf(String field) {
        return field.equals(REFERRED)
                ? "text"
                : Objects.requireNonNull(SAMPLE.fields().get(field)).type().name();
    }

    private static List<String> fields() {
        List<String> fields = new ArrayList<>(SAMPLE.fields().keySet());
        fields.add(REFERRED);
        return fields;
    }

    private static ObjectNode record(String id) {
        return Objects.requireNonNull(RECORDS.get(id));
    }

    private static List<String> operators(String field) {
        return switch (typeOf(field)) {
            case "text" -> TEXT;
            case "integer", "decimal", "date", "timestamp" -> ORDER;
            case "list" -> LIST;
            default -> SAMENESS;
        };
    }

    @Test
    void everyOperatorOnEveryFieldFindsWhatItShould() {
        for (String field : fields()) {
            for (String operator : operators(field)) {
                List<String> values =
                        operator.equals("null") ? List.of("true", "false") : pool(field);
                for (String value : values) {
                    String given =
                            takesList(operator)
                                    ? "[" + value + "," + values.getFirst() + "]"
                                    : value;
                    ObjectNode filter = comparison(field, operator, Json.mapper().readTree(given));
                    checkPages(filter, List.of(), 1000, filter.toString());
                    if (takesList(operator) || !value.equals("\"\uDBFF\uDFFF\"")) {
                        checkUrl(field, operator, Json.mapper().readTree(given), filter);
                    }
                }
            }
        }
    }

    @Test
    void randomQueriesPageThroughExactlyTheRecordsTheyShould() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            ObjectNode filter = random.nextInt(4) == 0 ? null : filter(random, 4);
            checkPages(
                    filter, sort(random), 7 + random.nextInt(60), "seed " + seed + ", query " + i);
        }
    }

    private static List<String> sort(Random random) {
        List<String> sort = new ArrayList<>();
        List<String> names = fields();
        names.removeAll(List.of("tags", "days"));
        names.addAll(List.of("@id", "@updatedAt"));
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = names.remove(random.nextInt(names.size()));
            sort.add((random.nextBoolean() ? "-" : "") + name);
        }
        return sort;
    }

    private static ObjectNode filter(Random random, int depth) {
        int kind = depth == 0 ? 3 : random.nextInt(6);
        ObjectNode filter = Json.mapper().createObjectNode();
        if (kind == 0) {
            return filter.set("not", filter(random, depth - 1));
        }
        if (kind <= 2) {
            ArrayNode parts = filter.putArray(kind == 1 ? "and" : "or");
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                parts.add(filter(random, depth - 1));
            }
            return filter;
        }
        List<String> fields = fields();
        String field = fields.get(random.nextInt(fields.size()));
        List<String> operators = operators(field);
        String operator = operators.get(random.nextInt(operators.size()));
        List<String> pool = operator.equals("null") ? List.of("true", "false") : pool(field);
        JsonNode value = Json.mapper().readTree(pool.get(random.nextInt(pool.size())));
        return comparison(
                field,
                operator,
                takesList(operator) ? Json.mapper().createArrayNode().add(value) : value);
    }

    private static boolean takesList(String operator) {
        return List.of("in", "any", "all").contains(operator);
    }

    private static ObjectNode comparison(String field, String operator, JsonNode value) {
        return Json.mapper()
                .createObjectNode()
                .put("field", field)
                .put("op", operator)
                .set("value", value);
    }

    private static void checkPages(
            @Nullable ObjectNode filter, List<String> sort, int size, String what) {
        List<String> expected = expected(filter, sort);
        List<String> found = new ArrayList<>();
        String after = null;
        do {
            ObjectNode query = Json.mapper().createObjectNode();
            if (filter != null) {
                query.set("filter", filter);
            }
            sort.forEach(query.putArray("sort")::add);
            query.putObject("page").put("size", size).put("after", after);
            query.putArray("fields").add("name");
            Answer answer = platform.post("/records/sample/query", query.toString());
            assertThat(answer.status()).as(what + " " + query + " " + answer.body()).isEqualTo(200);
            List<String> page = ids(answer);
            assertThat(page.size()).isLessThanOrEqualTo(size);
            found.addAll(page);
            after = answer.json().path("next").asString(null);
            assertThat(after == null || page.size() == size).as(what).isTrue();
        } while (after != null);
        assertThat(found).as(what + " " + filter + " " + sort + " by " + size).isEqualTo(expected);
    }

    private static void checkUrl(String field, String operator, JsonNode value, ObjectNode filter) {
        String text =
                value.isArray()
                        ? value.get(0).asString() + "," + value.get(1).asString()
                        : value.asString();
        Answer answer =
                platform.get(
                        "/records/sample?page%%5Bsize%%5D=1000&filter%%5B%s%%5D%%5B%s%%5D=%s"
                                .formatted(
                                        field,
                                        operator,
                                        URLEncoder.encode(text, StandardCharsets.UTF_8)));
        assertThat(answer.status()).as(filter + " " + answer.body()).isEqualTo(200);
        assertThat(ids(answer)).as(filter.toString()).isEqualTo(expected(filter, List.of()));
    }

    private static List<String> ids(Answer answer) {
        return answer.json()
                .get("items")
                .valueStream()
                .map(item -> item.get("id").stringValue())
                .toList();
    }

    private static List<String> expected(@Nullable ObjectNode filter, List<String> sort) {
        Comparator<String> order = null;
        boolean descending = false;
        for (String key : sort) {
            descending = key.startsWith("-");
            String name = key.replaceFirst("-", "");
            Comparator<String> one =
                    name.equals("@id")
                            ? CODE_POINTS
                            : name.startsWith("@") ? (_, _) -> 0 : byField(name);
            one = descending ? one.reversed() : one;
            order = order == null ? one : order.thenComparing(one);
        }
        Comparator<String> last = descending ? CODE_POINTS.reversed() : CODE_POINTS;
        return RECORDS.keySet().stream()
                .filter(id -> filter == null || matches(filter, record(id)))
                .sorted(order == null ? last : order.thenComparing(last))
                .toList();
    }

    /// Unset after every value.
    private static Comparator<String> byField(String field) {
        return Comparator.comparing(
                id -> record(id).get(field),
                Comparator.nullsLast((a, b) -> compare(field, cut(a), cut(b))));
    }

    private static JsonNode cut(JsonNode value) {
        return value.isString() && value.stringValue().length() > 500
                ? Json.mapper().getNodeFactory().stringNode(value.stringValue().substring(0, 500))
                : value;
    }

    private static int compare(String field, JsonNode a, JsonNode b) {
        return switch (typeOf(field)) {
            case "integer" -> Long.compare(a.longValue(), b.longValue());
            case "decimal" ->
                    new BigDecimal(a.stringValue()).compareTo(new BigDecimal(b.stringValue()));
            case "boolean" -> Boolean.compare(a.booleanValue(), b.booleanValue());
            default -> CODE_POINTS.compare(a.stringValue(), b.stringValue());
        };
    }

    /// Of the few letters that stand in [#TEXTS].
    private static String folded(JsonNode text) {
        return text.stringValue()
                .toLowerCase(java.util.Locale.ROOT)
                .replace("\u0301", "")
                .replace("\u00E9", "e")
                .replace("\u00E0", "a")
                .replace("\uDBFF\uDFFF", "\uFFFD");
    }

    private static boolean matches(JsonNode filter, ObjectNode record) {
        if (filter.has("not")) {
            return !matches(filter.get("not"), record);
        }
        if (filter.has("and")) {
            return filter.get("and").valueStream().allMatch(part -> matches(part, record));
        }
        if (filter.has("or")) {
            return filter.get("or").valueStream().anyMatch(part -> matches(part, record));
        }
        String field = filter.get("field").stringValue();
        String operator = filter.get("op").stringValue();
        JsonNode value = filter.get("value");
        JsonNode actual = record.get(field);
        if (operator.equals("null")) {
            return (actual == null) == value.booleanValue();
        }
        if (actual == null) {
            return operator.equals("ne");
        }
        return switch (operator) {
            case "eq" -> compare(field, actual, value) == 0;
            case "ne" -> compare(field, actual, value) != 0;
            case "lt" -> compare(field, actual, value) < 0;
            case "lte" -> compare(field, actual, value) <= 0;
            case "gt" -> compare(field, actual, value) > 0;
            case "gte" -> compare(field, actual, value) >= 0;
            case "in" -> value.valueStream().anyMatch(one -> compare(field, actual, one) == 0);
            case "contains" ->
                    actual.isArray()
                            ? actual.valueStream().anyMatch(value::equals)
                            : folded(actual).contains(folded(value));
            case "starts" -> folded(actual).startsWith(folded(value));
            case "any" ->
                    value.valueStream().anyMatch(one -> actual.valueStream().anyMatch(one::equals));
            case "all" ->
                    value.valueStream().allMatch(one -> actual.valueStream().anyMatch(one::equals));
            default -> throw new IllegalArgumentException(operator);
        };
    }
}
