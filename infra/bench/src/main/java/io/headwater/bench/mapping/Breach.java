package io.headwater.bench.mapping;

import io.headwater.contract.Json;
import tools.jackson.databind.node.ObjectNode;

/// A rule that a file breaks.
///
/// @param row of the file, counted from 1; 0 for the whole of it
/// @param detail what is wrong, for people
public record Breach(Rule rule, Verdict verdict, String path, int row, String detail) {
    public ObjectNode json() {
        return Json.mapper()
                .createObjectNode()
                .put("rule", rule.key())
                .put("verdict", verdict.key())
                .put("path", path)
                .put("row", row)
                .put("detail", detail);
    }

    @Override
    public String toString() {
        return "%s: %s%s: %s".formatted(rule.key(), path, row > 0 ? " row " + row : "", detail);
    }
}
