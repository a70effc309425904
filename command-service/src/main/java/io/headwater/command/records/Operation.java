package io.headwater.command.records;

import io.headwater.command.ledger.Expected;
import io.headwater.contract.RecordRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is asked for one record.
public sealed interface Operation {
    RecordRef record();

    /// The revision that the client goes by: what the record is at before the whole command.
    Expected expected();

    Place place();

    /// Since when what it makes of the record is so in the world; null for the time of the event.
    @Nullable Instant validFrom();

    /// The record must not be there yet.
    ///
    /// @param fields as the client wrote them; a reference may name a record of the same command:
    ///   `{"$local": "a"}`
    record Create(RecordRef record, JsonNode fields, Place place, @Nullable Instant validFrom)
            implements Operation {
        public Create(RecordRef record, JsonNode fields, Place place) {
            this(record, fields, place, null);
        }

        @Override
        public Expected expected() {
            return new Expected.Anything();
        }
    }

    /// The record is made so, whether it is there or not.
    record Put(
            RecordRef record,
            JsonNode fields,
            Expected expected,
            Place place,
            @Nullable Instant validFrom)
            implements Operation {
        public Put(RecordRef record, JsonNode fields, Expected expected, Place place) {
            this(record, fields, expected, place, null);
        }
    }

    /// The record is changed by a merge patch (RFC 7396).
    record Patch(
            RecordRef record,
            JsonNode patch,
            Expected expected,
            Place place,
            @Nullable Instant validFrom)
            implements Operation {
        public Patch(RecordRef record, JsonNode patch, Expected expected, Place place) {
            this(record, patch, expected, place, null);
        }
    }

    record Delete(RecordRef record, Expected expected, Place place, @Nullable Instant validFrom)
            implements Operation {
        public Delete(RecordRef record, Expected expected, Place place) {
            this(record, expected, place, null);
        }
    }

    /// Where an operation stands in the input, for faults.
    ///
    /// @param operation JSON Pointer to the operation; empty for the whole input
    /// @param fields JSON Pointer to its fields
    record Place(String operation, String fields) {
        /// The body is the record.
        public static final Place BODY = new Place("", "");
    }
}
