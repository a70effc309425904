package io.headwater.command.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a client is told about an accepted command.
///
/// @param status HTTP status
/// @param headers that belong to the answer (`Location`, `ETag`)
/// @param body null for none
public record Reply(int status, Map<String, String> headers, @Nullable JsonNode body) {}
