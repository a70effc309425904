package io.headwater.contract;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The answer to a command that carried an `Idempotency-Key`, stored in the same append as the
/// command's events, so that a retry gets the same answer.
///
/// @param fingerprint SHA-256 (hex) of the request: method, path, query and body
/// @param status HTTP status of the answer
/// @param headers names and values of the answer that matter (`Location`, `ETag`)
/// @param body the answer's body; a null node for none
public record CommandAnswered(String fingerprint, int status, ObjectNode headers, JsonNode body)
        implements LogEvent {}
