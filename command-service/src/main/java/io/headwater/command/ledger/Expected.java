package io.headwater.command.ledger;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a client goes by: the revision of a record, or the version of a model.
public sealed interface Expected {

    /// Why a thing is not as expected; null if it is.
    ///
    /// @param what it is, for people: `model customer`
    /// @param version that it is at; 0 if it is not there
    default @Nullable Refusal missedBy(String what, long version) {
        return switch (this) {
            case Anything _ -> null;
            case Missing _ ->
                    version == 0
                            ? null
                            : new Refusal(
                                    Refusal.Reason.ALREADY_THERE,
                                    "The %s is there already, at version %d"
                                            .formatted(what, version),
                                    List.of());
            case Existing _ -> version > 0 ? null : stale("any", what, version);
            case OneOf(var versions) ->
                    versions.contains(version)
                            ? null
                            : stale(
                                    versions.stream()
                                            .sorted()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(" or ")),
                                    what,
                                    version);
        };
    }

    private static Refusal stale(String expected, String what, long version) {
        return new Refusal(
                Refusal.Reason.STALE_REVISION,
                version == 0
                        ? "There is no " + what
                        : "The %s is at version %d, not %s".formatted(what, version, expected),
                List.of());
    }

    /// Whatever it is.
    record Anything() implements Expected {}

    /// There is none (`If-None-Match: *`).
    record Missing() implements Expected {}

    /// There is one (`If-Match: *`).
    record Existing() implements Expected {}

    /// It is one of these (`If-Match: "7"`).
    record OneOf(Set<Long> revisions) implements Expected {
        public OneOf {
            revisions = Set.copyOf(revisions);
        }
    }
}
