package io.headwater.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Since when a change is so in the world, as a client writes it: a time with offset, or a day,
/// which begins at midnight UTC.
public final class ValidFrom {
    /// Header of a command.
    public static final String HEADER = "Valid-From";

    /// Member of an operation, and of the events.
    public static final String MEMBER = "validFrom";

    public static final String RULE =
            "A time with offset such as 2026-01-31T10:00:00Z, at most microseconds fine, or a day such as 2026-01-31";

    private ValidFrom() {}

    /// @return empty if the text is neither
    public static Optional<Instant> parse(String text) {
        JsonNode given = StringNode.valueOf(text);
        JsonNode day = new FieldType.Day(null, null).canonical(given, "", new Faults());
        if (day != null) {
            return Optional.of(
                    LocalDate.parse(day.stringValue()).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        JsonNode moment = new FieldType.Moment(null, null).canonical(given, "", new Faults());
        return moment == null ? Optional.empty() : Optional.of(Instant.parse(moment.stringValue()));
    }
}
