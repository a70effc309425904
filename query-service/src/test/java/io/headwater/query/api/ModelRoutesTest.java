package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ModelRoutesTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition FIRST =
            Platform.definition(
                    "{\"label\":\"Gadget\",\"fields\":{\"name\":{\"type\":\"text\",\"required\":true}}}");
    private static final ModelDefinition SECOND =
            Platform.definition(
                    "{\"label\":\"Gadget\",\"fields\":{\"name\":{\"type\":\"text\",\"required\":true},\"size\":{\"type\":\"integer\"}}}");

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("gadget", FIRST);
        platform.tables().evolve("gadget", 2, FIRST, SECOND);
        platform.tables().define("gadget_old", FIRST);
        platform.tables()
                .insert(
                        "gadget_old",
                        FIRST,
                        1,
                        Map.of("a", (ObjectNode) Json.mapper().readTree("{\"name\":\"x\"}")));
        platform.tables().retire("gadget_old");
        platform.replicate();
    }

    @Test
    void aModelIsDescribed() {
        Answer answer = platform.get("/models/gadget");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("name").stringValue()).isEqualTo("gadget");
        assertThat(answer.json().get("version").intValue()).isEqualTo(2);
        assertThat(answer.json().get("retired").booleanValue()).isFalse();
        assertThat(answer.json().get("definition")).isEqualTo(SECOND.toJson());
        assertThat(answer.header("Consistency-Token")).isNotEmpty();
        assertThat(platform.get("/models/nothing").problem()).isEqualTo("unknown-model");
    }

    @Test
    void itsSchemaIsThatOfTheVersionAskedFor() {
        Answer newest = platform.get("/models/gadget/schema");
        assertThat(newest.header("Content-Type")).isEqualTo("application/schema+json");
        assertThat(newest.json().get("$id").stringValue())
                .isEqualTo("/models/gadget/schema?version=2");
        assertThat(newest.json().at("/properties/fields/properties").propertyNames())
                .containsExactly("name", "size");
        Answer first = platform.get("/models/gadget/schema?version=1");
        assertThat(first.json().at("/properties/fields/properties").propertyNames())
                .containsExactly("name");
        assertThat(platform.get("/models/gadget/schema?version=3").problem())
                .isEqualTo("unknown-version");
        assertThat(platform.get("/models/gadget/schema", "Accept", "application/json").status())
                .isEqualTo(200);
    }

    @Test
    void aRetiredModelIsReadAsBefore() {
        Answer model = platform.get("/models/gadget_old");
        assertThat(model.json().get("retired").booleanValue()).isTrue();
        assertThat(model.json().get("retiredAt").stringValue())
                .isEqualTo("2026-01-31T10:00:00.123456Z");
        assertThat(platform.get("/records/gadget_old/a").status()).isEqualTo(200);
        assertThat(platform.get("/records/gadget_old").json().get("items").size()).isEqualTo(1);
    }

    @Test
    void theListIsPagedByName() {
        List<String> names = new ArrayList<>();
        String path = "/models?page%5Bsize%5D=1";
        while (!path.isEmpty()) {
            Answer answer = platform.get(path);
            answer.json().get("items").forEach(item -> names.add(item.get("name").stringValue()));
            String link = answer.header("Link");
            path = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
        }
        assertThat(names).isSorted().contains("gadget", "gadget_old").doesNotHaveDuplicates();
    }
}
