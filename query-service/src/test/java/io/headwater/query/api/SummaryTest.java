package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.query.api.Platform.Answer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Summaries are what plain Java works out of the same records.
class SummaryTest {
    private static final Platform platform = Platform.get();
    private static final Atlas atlas = new Atlas(platform, "sum_");
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Map<String, Sale> SALES = new TreeMap<>();
    private static String before = "";

    /// What a sale was, before the last changes.
    private record Sale(
            @Nullable String country,
            @Nullable BigDecimal amount,
            @Nullable Long pieces,
            String at) {
        String json() {
            var json =
                    Json.mapper().createObjectNode().put("at", at).put("day", at.substring(0, 10));
            if (country != null) {
                json.put("country", country);
            }
            if (amount != null) {
                json.put("amount", amount.toPlainString());
            }
            if (pieces != null) {
                json.put("pieces", pieces);
            }
            return json.toString();
        }
    }

    @BeforeAll
    static void fill() throws SQLException {
        atlas.fill();
        atlas.define(
                "sale",
                """
                {"country": {"type": "reference", "to": "^country"},
                 "amount": {"type": "decimal", "precision": 12, "scale": 2},
                 "pieces": {"type": "integer"}, "at": {"type": "timestamp", "indexed": true},
                 "day": {"type": "date"}, "note": {"type": "text", "search": true}, "more": {"type": "json"}}\
                """);
        var random = new Random(SEED);
        List<String> countries = List.of("NZ", "DE", "XX", "gone");
        for (int i = 0; i < 200; i++) {
            var sale =
                    new Sale(
                            random.nextInt(6) == 0 ? null : countries.get(random.nextInt(4)),
                            random.nextInt(6) == 0
                                    ? null
                                    : BigDecimal.valueOf(random.nextLong(-9999, 99999), 2),
                            random.nextInt(6) == 0
                                    ? null
                                    : random.nextInt(9) == 0 ? Long.MAX_VALUE : random.nextLong(9),
                            "202%d-%02d-%02dT%02d:59:59.999999Z"
                                    .formatted(
                                            random.nextInt(3),
                                            1 + random.nextInt(12),
                                            1 + random.nextInt(28),
                                            random.nextInt(24)));
            SALES.put("s" + i, sale);
            atlas.put("sale", "s" + i, sale.json());
        }
        before = atlas.project();
        atlas.delete("country", "NZ");
        for (int i = 0; i < 150; i++) {
            atlas.delete("sale", "s" + i);
        }
        atlas.project();
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    @Test
    void withoutGroupsAllRecordsAreOne() {
        JsonNode all =
                only(
                        summary(
                                "measures=count,sum:amount,avg:amount,min:at,max:pieces,distinct:country,sum:pieces&asOf="
                                        + before));
        List<BigDecimal> amounts =
                SALES.values().stream().map(Sale::amount).filter(a -> a != null).toList();
        BigDecimal sum = amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(all.get("group")).isEmpty();
        assertThat(all.get("count").longValue()).isEqualTo(200);
        assertThat(all.get("sum:amount").stringValue()).isEqualTo(sum.setScale(2).toPlainString());
        assertThat(all.get("avg:amount").stringValue())
                .as("seed %d", SEED)
                .isEqualTo(
                        sum.divide(BigDecimal.valueOf(amounts.size()), 6, RoundingMode.HALF_UP)
                                .toPlainString());
        assertThat(all.get("min:at").stringValue())
                .isEqualTo(
                        SALES.values().stream().map(Sale::at).sorted().findFirst().orElseThrow());
        assertThat(all.get("max:pieces").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(all.get("distinct:country").intValue()).isEqualTo(4);
        assertThat(new BigDecimal(all.get("sum:pieces").stringValue()))
                .isEqualTo(
                        SALES.values().stream()
                                .filter(sale -> sale.pieces() != null)
                                .map(sale -> BigDecimal.valueOf(sale.pieces()))
                                .reduce(BigDecimal.ZERO, BigDecimal::add));
        JsonNode none = only(summary("filter[pieces][eq]=77&measures=count,sum:amount,max:at"));
        assertThat(none).isEqualTo(Json.mapper().readTree("{\"group\":{},\"count\":0}"));
        assertThat(only(summary("")).get("count").intValue()).isEqualTo(50);
    }

    @Test
    void groupsGoThroughReferences() {
        Map<String, Long> expected =
                SALES.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        sale ->
                                                switch (String.valueOf(sale.country())) {
                                                    case "NZ" -> "Oceania";
                                                    case "DE" -> "Europe";
                                                    default -> "-";
                                                },
                                        TreeMap::new,
                                        Collectors.counting()));
        Map<String, Long> found = new TreeMap<>();
        items(summary("group=country.continent.name&sort=-count&asOf=" + before))
                .forEach(item ->
                        found.put(
                                item.at("/group/country.continent.name").asString("-"),
                                item.get("count").longValue()));
        assertThat(found).as("seed %d", SEED).isEqualTo(expected);
        assertThat(
                        items(summary("group=country.continent.name")).stream()
                                .map(item ->
                                        item.at("/group/country.continent.name").asString("-")))
                .doesNotContain("Oceania");
    }

    @ParameterizedTest
    @CsvSource({"year,4,-01-01", "month,7,-01", "day,10,''", "hour,13,:00:00.000000Z"})
    void timesAreGroupedBySpansOfTheCalendar(String bucket, int prefix, String rest) {
        List<String> expected =
                List.copyOf(
                        SALES.values().stream()
                                .map(sale -> sale.at().substring(0, prefix) + rest)
                                .collect(Collectors.toCollection(TreeSet::new)));
        List<String> found = new ArrayList<>();
        pages("group=at:" + bucket + "&page[size]=7&asOf=" + before)
                .forEach(item -> found.add(item.at("/group/at:" + bucket).stringValue()));
        assertThat(found).as("seed %d", SEED).isEqualTo(expected);
        if (!bucket.equals("hour")) {
            assertThat(pages("group=day:" + bucket + "&asOf=" + before)).hasSameSizeAs(expected);
        }
    }

    @Test
    void weeksAndQuartersBeginWhereTheCalendarSays() {
        JsonNode item =
                only(summary("group=at:week,at:quarter&filter[@id][eq]=s160&asOf=" + before));
        var day = java.time.LocalDate.parse(sale("s160").at().substring(0, 10));
        assertThat(item.at("/group/at:week").stringValue())
                .isEqualTo(day.with(java.time.DayOfWeek.MONDAY).toString());
        assertThat(item.at("/group/at:quarter").stringValue())
                .isEqualTo(
                        day.withDayOfMonth(1)
                                .withMonth((day.getMonthValue() - 1) / 3 * 3 + 1)
                                .toString());
    }

    @Test
    void pagesOfSortedGroupsNeitherMissNorRepeatOne() {
        for (String sort :
                List.of(
                        "",
                        "&sort=-sum:amount,country",
                        "&sort=max:pieces,-at:month",
                        "&sort=-count")) {
            String asked =
                    "group=country,at:month&measures=count,sum:amount,max:pieces"
                            + sort
                            + "&asOf="
                            + before;
            List<JsonNode> whole = items(summary(asked + "&page[size]=1000"));
            assertThat(pages(asked + "&page[size]=11")).as(asked).isEqualTo(whole);
            assertThat(
                            new TreeSet<>(
                                    whole.stream()
                                            .map(item -> item.get("group").toString())
                                            .toList()))
                    .hasSameSizeAs(whole);
        }
    }

    @Test
    void havingChoosesGroups() {
        List<JsonNode> groups =
                items(
                        summary(
                                "group=country&measures=count,sum:amount&having[count][gte]=30&having[country][ne]=DE&asOf="
                                        + before));
        Map<String, Long> counts =
                SALES.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        sale -> String.valueOf(sale.country()),
                                        Collectors.counting()));
        assertThat(groups)
                .as("seed %d", SEED)
                .hasSize(
                        (int)
                                counts.entrySet().stream()
                                        .filter(group ->
                                                group.getValue() >= 30
                                                        && !group.getKey().equals("DE"))
                                        .count());
        assertThat(groups)
                .allMatch(group -> group.get("count").longValue() >= 30)
                .noneMatch(group -> group.at("/group/country").asString("").equals("DE"));
    }

    @Test
    void itIsOneStatement() {
        String path = "group=country.continent.name,at:month&measures=sum:amount&sort=-sum:amount";
        summary(path);
        assertThat(platform.statements().during(() -> summary(path))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    group=nope                       | group              | unknown-field
                    group=more                       | group              | no-measure
                    group=more.x                     | group              | no-measure
                    group=note                       | group              | no-measure
                    group=at:decade                  | group              | no-measure
                    group=day:hour                   | group              | no-measure
                    group=pieces:month               | group              | no-measure
                    group=country,country            | group              | repeated
                    group=a,b,c,d,e,f                | group              | bound
                    measures=total                   | measures           | no-measure
                    measures=count:country           | measures           | no-measure
                    measures=sum                     | measures           | no-measure
                    measures=sum:country             | measures           | no-measure
                    measures=sum:nope                | measures           | unknown-field
                    measures=max:more                | measures           | no-measure
                    measures=                        | measures           | no-measure
                    having[sum:amount][gt]=1         | having[sum:amount][gt] | unknown-field
                    having[count][gt]=x              | having[count][gt]  | type
                    having[count][like]=1            | having[count][like] | unknown-operator
                    sort=amount                      | sort               | unknown-field
                    sort=@id                         | sort               | unknown-field
                    expand=country                   | expand             | unknown-parameter
                    page[size]=0                     | page[size]         | bound
                    page[after]=x                    | page[after]        | cursor
                    filter[nope][eq]=1               | filter[nope][eq]   | unknown-field
                    """)
    void whatIsNoSummaryIsNamed(String parameters, String parameter, String code) {
        Answer answer = get(parameters);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/parameter").stringValue()).isEqualTo(parameter);
        assertThat(answer.json().at("/errors/0/code").stringValue()).isEqualTo(code);
    }

    private static Sale sale(String id) {
        return java.util.Objects.requireNonNull(SALES.get(id));
    }

    private static List<JsonNode> pages(String parameters) {
        List<JsonNode> items = new ArrayList<>();
        Answer page = summary(parameters);
        while (true) {
            items.addAll(items(page));
            String next = page.json().path("next").asString(null);
            if (next == null) {
                return items;
            }
            assertThat(page.header("Link")).contains("/records/sum_sale/summary?");
            page = summary(parameters + "&page[after]=" + next);
        }
    }

    private static List<JsonNode> items(Answer answer) {
        return answer.json().get("items").valueStream().toList();
    }

    private static JsonNode only(Answer answer) {
        assertThat(items(answer)).hasSize(1);
        return items(answer).getFirst();
    }

    private static Answer summary(String parameters) {
        Answer answer = get(parameters);
        assertThat(answer.status()).as(parameters + " " + answer.body()).isEqualTo(200);
        return answer;
    }

    private static Answer get(String parameters) {
        String query =
                java.util.Arrays.stream(parameters.split("&", -1))
                        .filter(pair -> !pair.isEmpty())
                        .map(pair ->
                                URLEncoder.encode(pair.split("=", 2)[0], StandardCharsets.UTF_8)
                                        + "="
                                        + URLEncoder.encode(
                                                pair.split("=", 2)[1], StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return platform.get("/records/sum_sale/summary?" + query);
    }
}
