package io.headwater.command.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.RecordId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LayoutTest {
    private static final ModelDefinition RUNWAY =
            model(
                    """
                    {"fields": {"airport": {"type": "reference", "to": "airport"},
                                "length":  {"type": "integer"},
                                "code":    {"type": "text"},
                                "lit":     {"type": "boolean"},
                                "tags":    {"type": "list", "items": {"type": "text"}}}}
                    """);

    @Test
    void cellsBecomeValuesOfTheFieldsTypes() {
        var layout = layout(null, Map.of("airport_ident", "airport"));
        var header = List.of("id", "airport_ident", "length", "code", "lit", "tags");
        var row = cells("r1", "EDDF", "2500", "02", "true", "[\"a\"]");
        assertThat(layout.misfits(header)).isEmpty();
        assertThat(layout.lay(row, header))
                .isEqualTo(
                        new Layout.Laid(
                                new RecordId("r1"),
                                json(
                                        """
                                        {"airport":"EDDF","length":2500,"code":"02","lit":true,
                                         "tags":["a"]}
                                        """),
                                List.of()));
    }

    @Test
    void anEmptyCellIsMissingOrKept() {
        var header = List.of("id", "code");
        var row = cells("r1", "");
        assertThat(layout(null, Map.of()).lay(row, header).fields()).isEqualTo(json("{}"));
        var keeping =
                new Layout(
                        RUNWAY,
                        new LayoutChoice(
                                null,
                                Map.of(),
                                LayoutChoice.Unknown.REJECT,
                                LayoutChoice.Empty.KEEP));
        assertThat(keeping.lay(row, header).fields()).isEqualTo(json("{\"code\":\"\"}"));
    }

    @Test
    void theColumnOfTheIdMayBeAFieldToo() {
        var laid = layout("code", Map.of()).lay(cells("02", "5"), List.of("code", "length"));
        assertThat(laid.id()).isEqualTo(new RecordId("02"));
        assertThat(laid.fields()).isEqualTo(json("{\"code\":\"02\",\"length\":5}"));
    }

    @Test
    void aFieldNamedIdIsNoIdUnlessTheClientSaysSo() {
        var model = model("{\"fields\": {\"id\": {\"type\": \"integer\"}}}");
        var line = new Row.Members(1, "", json("{\"id\":7}"));
        assertThat(new Layout(model, choice(null, Map.of())).lay(line))
                .isEqualTo(new Layout.Laid(null, json("{\"id\":7}"), List.of()));
        assertThat(new Layout(model, choice("id", Map.of())).lay(line).id())
                .isEqualTo(new RecordId("7"));
    }

    @Test
    void aRowMustHaveTheIdThatTheClientNamed() {
        var laid = layout("code", Map.of()).lay(cells("", "5"), List.of("code", "length"));
        assertThat(laid.faults()).extracting(Fault::pointer).containsExactly("/code");
        assertThat(laid.faults()).extracting(Fault::code).containsExactly("required");
    }

    @Test
    void anIdOfAnotherFormIsAFault() {
        var laid = layout(null, Map.of()).lay(cells("a b"), List.of("id"));
        assertThat(laid.id()).isNull();
        assertThat(laid.faults()).extracting(Fault::code).containsExactly("id");
        var member = layout(null, Map.of()).lay(new Row.Members(1, "", json("{\"id\":[1]}")));
        assertThat(member.faults()).extracting(Fault::code).containsExactly("id");
    }

    @Test
    void twoMembersForOneFieldAreAFault() {
        var line = new Row.Members(1, "", json("{\"code\":\"a\",\"other\":\"b\"}"));
        assertThat(layout(null, Map.of("other", "code")).lay(line).faults())
                .extracting(Fault::code)
                .containsExactly("duplicate");
    }

    @Test
    void whatDoesNotFitTheHeaderIsToldWithItsParameter() {
        assertThat(told(layout(null, Map.of("x", "code")), "id", "length"))
                .containsExactly("map unknown-column");
        assertThat(told(layout("icao", Map.of()), "code")).containsExactly("id unknown-column");
        assertThat(told(layout(null, Map.of("x", "nope")), "x"))
                .containsExactly("map unknown-field");
        assertThat(told(layout(null, Map.of("x", "code")), "x", "code"))
                .containsExactly("map duplicate");
        assertThat(told(layout(null, Map.of()), "code", "code"))
                .containsExactly("body duplicate-column");
        assertThat(told(layout(null, Map.of()), "code", "colour"))
                .containsExactly("unknown unknown-field");
    }

    @Test
    void unknownColumnsAreIgnoredWhereTheClientSaysSo() {
        var layout =
                new Layout(
                        RUNWAY,
                        new LayoutChoice(
                                null,
                                Map.of(),
                                LayoutChoice.Unknown.IGNORE,
                                LayoutChoice.Empty.MISSING));
        assertThat(told(layout, "code", "colour")).isEmpty();
        assertThat(layout.lay(cells("02", "red"), List.of("code", "colour")).fields())
                .isEqualTo(json("{\"code\":\"02\"}"));
        assertThat(layout.lay(new Row.Members(1, "", json("{\"colour\":1}"))).fields())
                .isEqualTo(json("{}"));
    }

    private static List<String> told(Layout layout, String... header) {
        return layout.misfits(List.of(header)).stream()
                .map(misfit -> misfit.parameter() + " " + misfit.code())
                .toList();
    }

    private static Layout layout(@Nullable String id, Map<String, String> map) {
        return new Layout(RUNWAY, choice(id, map));
    }

    private static LayoutChoice choice(@Nullable String id, Map<String, String> map) {
        return new LayoutChoice(id, map, LayoutChoice.Unknown.REJECT, LayoutChoice.Empty.MISSING);
    }

    private static Row.Cells cells(String... cells) {
        return new Row.Cells(2, 2, String.join(",", cells), List.of(cells));
    }

    private static ModelDefinition model(String definition) {
        var faults = new Faults();
        var model = ModelDefinition.read(json(definition), faults);
        if (model == null) {
            throw new IllegalArgumentException(faults.list().toString());
        }
        return model;
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.mapper().readTree(text);
    }
}
