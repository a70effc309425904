package io.headwater.command.ledger;

import io.headwater.contract.ModelName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A value that only one record of a model may have in a field.
///
/// @param value text of the canonical value: `12.50`, `ada@example.org`
public record UniqueValue(ModelName model, String field, String value) {

    String tag() {
        return model.value() + "/" + field + "/" + sha256(value);
    }

    /// SHA-256 of a text's UTF-8, in hex.
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /// SHA-256 in hex.
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
