package io.headwater.command.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who sends a command, why, and what makes it safe to send again.
///
/// @param metadata of each event that comes of it: `actor`, `cause`, `traceparent`
/// @param key null if the client gave none
public record Submission(Map<String, String> metadata, @Nullable RepeatKey key) {

    /// @param key hash of the idempotency key and its owner
    /// @param fingerprint SHA-256 (hex) of the request
    public record RepeatKey(String key, String fingerprint) {}
}
