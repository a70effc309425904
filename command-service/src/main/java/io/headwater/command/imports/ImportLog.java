package io.headwater.command.imports;

import io.headwater.command.ledger.EventTag;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportEvent.ImportAdvanced;
import io.headwater.contract.ImportId;
import io.headwater.contract.Json;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import io.headwater.contract.RejectedRow;
import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.StoredEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// Imports as the log has them. Safe for concurrent use; blocks.
final class ImportLog {
    private static final String RECENT =
            """
            SELECT split_part(tag, '=', 2)
              FROM log.event
             CROSS JOIN LATERAL unnest(tags) AS tag
             WHERE position IN (SELECT position
                                  FROM log.event_tag
                                 WHERE tag = ?
                                 ORDER BY position DESC
                                 LIMIT ?)
               AND starts_with(tag, 'import=')
             ORDER BY position DESC
            """;

    private final EventLog log;
    private final DataSource database;

    ImportLog(EventLog log, DataSource database) {
        this.log = log;
        this.database = database;
    }

    /// An event of an import.
    ///
    /// @param metadata `actor`, `cause`, `traceparent`
    /// @param at when it was appended
    record Stored(ImportEvent event, Map<String, String> metadata, long position, Instant at) {}

    /// The newest event of an import.
    Optional<Stored> newest(ImportId id) {
        var criterion = tagged(EventTag.ofImport(id));
        return Optional.ofNullable(log.newest(List.of(criterion)).events().get(criterion))
                .map(ImportLog::stored);
    }

    /// The newest event of each import, those that started last first.
    ///
    /// @param limit most imports; 1 to 1,000
    List<Stored> recent(int limit) {
        List<Criterion> criteria = started(limit);
        var newest = log.newest(criteria).events();
        var found = new ArrayList<Stored>();
        for (var criterion : criteria) {
            StoredEvent event = newest.get(criterion);
            if (event != null) {
                found.add(stored(event));
            }
        }
        return found;
    }

    private List<Criterion> started(int limit) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(RECENT)) {
            statement.setString(1, ImportSlices.EACH.key() + "=" + ImportSlices.EACH.value());
            statement.setInt(2, limit);
            var criteria = new ArrayList<Criterion>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    criteria.add(Criterion.tagged("import=" + rows.getString(1)));
                }
            }
            return criteria;
        } catch (SQLException e) {
            throw new UncheckedSqlException(e);
        }
    }

    /// The database could not be asked.
    static final class UncheckedSqlException extends RuntimeException {
        UncheckedSqlException(SQLException cause) {
            super(cause);
        }
    }

    /// The rejected rows of an import, in the order of the file, read as the stream is consumed.
    Stream<RejectedRow> rejected(ImportId id) {
        EventTag tag = EventTag.ofImport(id);
        var criterion =
                new Criterion(
                        Set.of(EventType.IMPORT_ADVANCED), Set.of(tag.key() + "=" + tag.value()));
        return log.read(List.of(criterion), 0, Long.MAX_VALUE)
                .flatMap(event ->
                        EventJson.read(event.type(), event.payload())
                                        instanceof ImportAdvanced advanced
                                ? advanced.rejected().stream()
                                : Stream.of());
    }

    /// The newest event of a model.
    Optional<ModelEvent> model(ModelName name) {
        var criterion = tagged(EventTag.model(name));
        StoredEvent event = log.newest(List.of(criterion)).events().get(criterion);
        return event != null
                        && EventJson.read(event.type(), event.payload()) instanceof ModelEvent model
                ? Optional.of(model)
                : Optional.empty();
    }

    String epoch() {
        return log.epoch();
    }

    private static Criterion tagged(EventTag tag) {
        return Criterion.tagged(tag.key() + "=" + tag.value());
    }

    private static Stored stored(StoredEvent event) {
        if (EventJson.read(event.type(), event.payload()) instanceof ImportEvent imported) {
            var metadata = new LinkedHashMap<String, String>();
            for (var member : Json.mapper().readTree(event.metadata()).properties()) {
                metadata.put(member.getKey(), member.getValue().asString(""));
            }
            return new Stored(
                    imported,
                    metadata,
                    event.position(),
                    Instant.EPOCH.plus(event.atMicros(), ChronoUnit.MICROS));
        }
        throw new IllegalStateException("Event " + event.position() + " is none of an import");
    }
}
