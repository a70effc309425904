package io.headwater.contract;

import java.util.Optional;
import java.util.UUID;

/// Identity of one import of a file into a model.
public record ImportId(UUID value) {

    /// @return empty if the text is no UUID in its usual form of 36 characters
    public static Optional<ImportId> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ImportId(UUID.fromString(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
