package io.headwater.relay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay's replication slot on the server. Used by one thread.
final class Slot {
    private static final Logger log = LoggerFactory.getLogger(Slot.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private static final String LOOK =
            """
            SELECT slot.plugin, slot.database = current_database(), slot.temporary, slot.failover,
                   slot.confirmed_flush_lsn::text, slot.invalidation_reason, slot.wal_status,
                   slot.active_pid, reader.usename, reader.application_name
              FROM pg_replication_slots AS slot
              LEFT JOIN pg_stat_replication AS reader ON reader.pid = slot.active_pid
             WHERE slot.slot_name = ?
            """;

    private static final String FREE =
            """
            SELECT current_setting('max_replication_slots')::int
                   - (SELECT count(*) FROM pg_replication_slots)
            """;

    private final String name;
    private final Connection connection;

    Slot(String name, Connection connection) {
        this.name = name;
        this.connection = connection;
    }

    private record Row(
            @Nullable String plugin,
            boolean here,
            boolean temporary,
            boolean failover,
            @Nullable String confirmed,
            @Nullable String invalidated,
            @Nullable String walStatus,
            int activePid,
            @Nullable String user,
            @Nullable String application) {
        boolean lost() {
            return invalidated != null || "lost".equals(walStatus) || confirmed == null;
        }
    }

    /// What the relay finds when it starts.
    ///
    /// @param confirmed up to there the server need not send anything
    /// @param fresh whether it was made just now, so that what was before is in the table only
    record Start(LogSequenceNumber confirmed, boolean fresh) {}

    /// Makes the slot ready for this relay alone: ends who reads it, drops it if it is of no more
    /// use, makes it if there is none.
    ///
    /// @throws Obstacle if that cannot be done
    Start prepare() throws SQLException {
        var row = look();
        if (row != null) {
            refuseForeign(row);
            if (row.activePid() != 0) {
                endReader(row);
            }
            var confirmed = row.confirmed();
            if (!row.lost() && confirmed != null) {
                if (!row.failover()) {
                    log.atWarn()
                            .addKeyValue("slot", name)
                            .log(
                                    "the slot is no failover slot: after a failover it has to be made anew");
                }
                return new Start(LogSequenceNumber.valueOf(confirmed), false);
            }
            log.atWarn()
                    .addKeyValue("slot", name)
                    .addKeyValue("reason", row.invalidated())
                    .log("the slot is lost; it is made anew and events are made up from the table");
            execute("SELECT pg_drop_replication_slot(?)");
        }
        return make();
    }

    private void refuseForeign(Row row) {
        if (!"pgoutput".equals(row.plugin()) || !row.here() || row.temporary()) {
            throw new Obstacle(
                    Obstacle.Kind.SLOT_OF_ANOTHER_KIND,
                    "Replication slot %s is there, but it is not the relay's (plugin %s%s%s). Drop it, or set headwater.relay.slot to another name."
                            .formatted(
                                    name,
                                    row.plugin() == null ? "none: a physical slot" : row.plugin(),
                                    row.here() ? "" : ", of another database",
                                    row.temporary() ? ", temporary" : ""));
        }
    }

    private void endReader(Row row) throws SQLException {
        log.atInfo()
                .addKeyValue("slot", name)
                .addKeyValue("pid", row.activePid())
                .log("ending the slot's reader before this one");
        try (var statement = connection.prepareStatement("SELECT pg_terminate_backend(?, ?)")) {
            statement.setInt(1, row.activePid());
            statement.setLong(2, END_WITHIN.toMillis());
            statement.execute();
        } catch (SQLException e) {
            throw busy(row, e.getMessage());
        }
        var after = look();
        if (after != null && after.activePid() == row.activePid()) {
            throw busy(row, "it does not end within " + END_WITHIN.toSeconds() + " s");
        }
    }

    private Obstacle busy(Row row, @Nullable String why) {
        return new Obstacle(
                Obstacle.Kind.SLOT_BUSY,
                "Replication slot %s is read by process %d (user %s, application %s), and this relay may not end it: %s. Stop that program, or give it a slot of its own."
                        .formatted(name, row.activePid(), row.user(), row.application(), why));
    }

    private Start make() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(FREE)) {
            rows.next();
            if (rows.getInt(1) <= 0) {
                throw new Obstacle(
                        Obstacle.Kind.NO_FREE_SLOT,
                        "There is no free replication slot for %s. Drop one that nobody uses (SELECT slot_name, active FROM pg_replication_slots), or raise max_replication_slots and restart the server."
                                .formatted(name));
            }
        }
        // logical, not temporary, no two-phase, failover
        execute("SELECT pg_create_logical_replication_slot(?, 'pgoutput', false, false, true)");
        var made = look();
        var confirmed = made == null ? null : made.confirmed();
        if (confirmed == null) {
            throw new Obstacle(
                    Obstacle.Kind.NO_FREE_SLOT, "Replication slot " + name + " went away at once.");
        }
        log.atInfo().addKeyValue("slot", name).addKeyValue("lsn", confirmed).log("slot made");
        return new Start(LogSequenceNumber.valueOf(confirmed), true);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    private @Nullable Row look() throws SQLException {
        try (var statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return !rows.next()
                        ? null
                        : new Row(
                                rows.getString(1),
                                rows.getBoolean(2),
                                rows.getBoolean(3),
                                rows.getBoolean(4),
                                rows.getString(5),
                                rows.getString(6),
                                rows.getString(7),
                                rows.getInt(8),
                                rows.getString(9),
                                rows.getString(10));
            }
        }
    }
}
