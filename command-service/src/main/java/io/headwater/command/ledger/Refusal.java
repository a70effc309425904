package io.headwater.command.ledger;

import io.headwater.contract.Fault;
import java.util.List;

/// Why a command was not carried out. Nothing of it is in the log.
///
/// @param reason what kind, for programs
/// @param detail what was wrong and what to do, for people
/// @param faults where in the input, if anywhere
public record Refusal(Reason reason, String detail, List<Fault> faults) {
    public Refusal {
        faults = List.copyOf(faults);
    }

    public enum Reason {
        UNKNOWN_MODEL,
        MODEL_RETIRED,
        MODEL_REFERENCED,
        INVALID_MODEL,
        INCOMPATIBLE_CHANGE,
        UNKNOWN_QUERY,
        QUERY_RETIRED,
        INVALID_QUERY,
        BREAKING_CHANGE,
        UNKNOWN_RECORD,
        RECORD_EXISTS,
        ALREADY_THERE,
        INVALID_RECORD,
        STALE_REVISION,
        NOT_UNIQUE,
        UNRESOLVED_REFERENCE,
        STILL_REFERENCED,
        CASCADE_TOO_LARGE,
        IDEMPOTENCY_KEY_REUSED,
        CONFLICT
    }
}
