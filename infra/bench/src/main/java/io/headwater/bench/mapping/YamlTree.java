package io.headwater.bench.mapping;

import io.headwater.contract.Json;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Documents of YAML 1.2 as JSON: only what JSON would call a number, a truth or null is one, so
/// that `NO`, `007` and `2026-01-31` are texts; a number keeps its digits. Aliases are written out,
/// within bounds.
final class YamlTree {
    private static final int LARGEST = 1_000_000;
    private static final int DEEPEST = 100;
    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    .setSchema(new JsonSchema())
                    .setCodePointLimit(16 * 1024 * 1024)
                    .build();

    private int nodes;

    private YamlTree() {}

    static List<JsonNode> read(String text) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        var tree = new YamlTree();
        try {
            for (Node document :
                    new Compose(SETTINGS).composeAllFromReader(new StringReader(text))) {
                documents.add(tree.json(document, 0));
            }
        } catch (YamlEngineException broken) {
            String message = broken.getMessage() == null ? broken.toString() : broken.getMessage();
            throw new IOException(
                    message.lines().limit(3).reduce((a, b) -> a + " " + b).orElse(""));
        }
        return documents;
    }

    private JsonNode json(Node node, int depth) throws IOException {
        if (depth > DEEPEST || ++nodes > LARGEST) {
            throw new IOException(
                    "Deeper than %d levels, or more than %,d values with aliases written out"
                            .formatted(DEEPEST, LARGEST));
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, depth);
            case SequenceNode sequence -> {
                ArrayNode list = Json.mapper().createArrayNode();
                for (Node item : sequence.getValue()) {
                    list.add(json(item, depth + 1));
                }
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IOException("Unknown node " + node.getNodeType());
        };
    }

    private ObjectNode object(MappingNode mapping, int depth) throws IOException {
        ObjectNode object = Json.mapper().createObjectNode();
        for (NodeTuple member : mapping.getValue()) {
            if (!(member.getKeyNode() instanceof ScalarNode name)) {
                throw new IOException("A key is no text");
            }
            JsonNode value = json(member.getValueNode(), depth + 1);
            if (object.replace(name.getValue(), value) != null) {
                throw new IOException("The key %s is there twice".formatted(name.getValue()));
            }
        }
        return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return StringNode.valueOf(text);
        }
        if (tag.equals(Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return JsonNodeFactory.instance.numberNode(new BigInteger(text));
            }
            if (tag.equals(Tag.FLOAT)) {
                return JsonNodeFactory.instance.numberNode(new BigDecimal(text));
            }
        } catch (NumberFormatException notANumberOfJson) {
            return StringNode.valueOf(text);
        }
        return StringNode.valueOf(text);
    }
}
