package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/// Looks, before anything is read, whether the server is one that the relay can and may follow.
/// Used by one thread.
final class ServerCheck {
    private static final String LOOK =
            """
            SELECT pg_is_in_recovery(),
                   current_setting('wal_level'),
                   (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),
                   to_regclass('log.event') IS NOT NULL AND to_regclass('log.epoch') IS NOT NULL,
                   (SELECT pubinsert FROM pg_publication WHERE pubname = ?),
                   EXISTS (SELECT FROM pg_publication_tables
                            WHERE pubname = ? AND schemaname = 'log' AND tablename = 'event'),
                   current_user
            """;

    private static final String MAY_SELECT =
            """
            SELECT has_table_privilege('log.event', 'SELECT') AND has_table_privilege('log.epoch', 'SELECT')
            """;

    private final LogServer server;
    private final Connection connection;
    private final String publication;
    private final String adopt;

    /// @param adopt `<system id>/<timeline>` to follow whatever the place says; may be empty
    ServerCheck(LogServer server, Connection connection, String publication, String adopt) {
        this.server = server;
        this.connection = connection;
        this.publication = publication;
        this.adopt = adopt;
    }

    /// Who the server is.
    ///
    /// @param written how far its WAL goes
    record Identity(String systemId, int timeline, LogSequenceNumber written) {}

    /// @param place the relay's last; empty if it never ran
    /// @param newest the newest event on Kafka
    /// @throws Obstacle saying what is wrong and what to do
    Identity look(Optional<Place> place, Optional<Publisher.Published> newest) throws SQLException {
        lookAtSettings();
        // After a restore that began a new line of life the old place says nothing; see Rewind.
        var line = new Ledger(connection).lines().current();
        if (place.isPresent() && !place.get().epoch().equals(line)) {
            return lookAtIdentity(Optional.empty());
        }
        var identity = lookAtIdentity(place);
        if (newest.isPresent()) {
            lookAtHistory(newest.get());
        }
        return identity;
    }

    private void lookAtSettings() throws SQLException {
        try (var statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, publication);
            statement.setString(2, publication);
            try (var rows = statement.executeQuery()) {
                rows.next();
                var user = rows.getString(7);
                demand(
                        !rows.getBoolean(1),
                        Obstacle.Kind.NOT_A_PRIMARY,
                        "The server is a standby; the relay reads from the primary.");
                demand(
                        "logical".equals(rows.getString(2)),
                        Obstacle.Kind.WAL_LEVEL,
                        "The server's wal_level is %s: set it to logical and restart the server."
                                .formatted(rows.getString(2)));
                demand(
                        rows.getBoolean(3),
                        Obstacle.Kind.NO_REPLICATION_RIGHT,
                        "Role %1$s may not replicate: ALTER ROLE %1$s REPLICATION."
                                .formatted(user));
                demand(
                        rows.getBoolean(4),
                        Obstacle.Kind.LOG_NOT_MIGRATED,
                        "There is no table log.event yet, or role %s may not see it: the command service makes it when it starts."
                                .formatted(user));
                var inserts = flag(rows, 5);
                demand(
                        inserts != null,
                        Obstacle.Kind.PUBLICATION_MISSING,
                        "There is no publication %1$s: CREATE PUBLICATION %1$s FOR TABLE log.event WITH (publish = 'insert')."
                                .formatted(publication));
                demand(
                        Boolean.TRUE.equals(inserts) && rows.getBoolean(6),
                        Obstacle.Kind.PUBLICATION_WITHOUT_EVENTS,
                        "Publication %1$s does not publish the inserts of log.event: ALTER PUBLICATION %1$s SET TABLE log.event; ALTER PUBLICATION %1$s SET (publish = 'insert')."
                                .formatted(publication));
                try (var may = connection.createStatement();
                        var answer = may.executeQuery(MAY_SELECT)) {
                    answer.next();
                    demand(
                            answer.getBoolean(1),
                            Obstacle.Kind.NO_SELECT_RIGHT,
                            "Role %1$s may not read log.event and log.epoch: GRANT log_relay TO %1$s."
                                    .formatted(user));
                }
            }
        }
    }

    private Identity lookAtIdentity(Optional<Place> place) throws SQLException {
        try (var replication = server.connectForReplication(server.addressOf(connection));
                var statement = replication.createStatement()) {
            Identity identity;
            try (var rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
                rows.next();
                identity =
                        new Identity(
                                rows.getString("systemid"),
                                rows.getInt("timeline"),
                                LogSequenceNumber.valueOf(rows.getString("xlogpos")));
            }
            if (place.isPresent() && !adopt.equals(name(identity))) {
                compare(replication, place.get(), identity);
            }
            return identity;
        }
    }

    private static void compare(Connection replication, Place place, Identity server)
            throws SQLException {
        demand(
                place.systemId().equals(server.systemId()),
                Obstacle.Kind.OTHER_SERVER,
                "Kafka holds the log of PostgreSQL system %s up to position %d, but this server is system %s. Is headwater.log.url right? %s"
                        .formatted(
                                place.systemId(),
                                place.position(),
                                server.systemId(),
                                howToAdopt(server)));
        demand(
                place.timeline() <= server.timeline(),
                Obstacle.Kind.OTHER_TIMELINE,
                "Kafka holds the log up to timeline %d, but this server is on timeline %d: it is an old primary or an old restore. %s"
                        .formatted(place.timeline(), server.timeline(), howToAdopt(server)));
        if (place.timeline() < server.timeline()) {
            var left = leftTimelineAt(replication, place.timeline(), server.timeline());
            demand(
                    left != null && place.lsn().compareTo(left) <= 0,
                    Obstacle.Kind.OTHER_TIMELINE,
                    "Kafka holds the log up to %s on timeline %d, but this server left that timeline at %s: it has forgotten events that Kafka has. %s"
                            .formatted(place.lsn(), place.timeline(), left, howToAdopt(server)));
        }
        demand(
                place.lsn().compareTo(server.written()) <= 0,
                Obstacle.Kind.PLACE_AHEAD,
                "Kafka holds the log up to %s, but this server's WAL ends at %s: it has forgotten events that Kafka has. %s"
                        .formatted(place.lsn(), server.written(), howToAdopt(server)));
    }

    private void lookAtHistory(Publisher.Published newest) throws SQLException {
        var id = new Ledger(connection).idAt(newest.position());
        demand(
                newest.id().equals(id),
                Obstacle.Kind.OTHER_HISTORY,
                "Kafka's newest event is %s at position %d, but log.event has %s there: this log is not the one that Kafka was filled from, or it was restored to an earlier point. Publishing nothing, so that the two do not mix."
                        .formatted(
                                newest.id(),
                                newest.position(),
                                id == null ? "nothing" : "event " + id));
    }

    private static @Nullable LogSequenceNumber leftTimelineAt(
            Connection replication, int timeline, int now) throws SQLException {
        try (var statement = replication.createStatement();
                var rows = statement.executeQuery("TIMELINE_HISTORY " + now)) {
            rows.next();
            // each line: timeline, tab, where it was left, tab, why
            for (var line : new String(rows.getBytes("content"), UTF_8).lines().toList()) {
                var parts = line.strip().split("\\s+", 3);
                if (parts.length >= 2 && parts[0].equals(Integer.toString(timeline))) {
                    return LogSequenceNumber.valueOf(parts[1]);
                }
            }
            return null;
        }
    }

    private static String howToAdopt(Identity server) {
        return "If this server is meant all the same, start the relay once with HEADWATER_RELAY_ADOPT_SERVER="
                + name(server)
                + ".";
    }

    private static String name(Identity server) {
        return server.systemId() + "/" + server.timeline();
    }

    private static @Nullable Boolean flag(ResultSet rows, int column) throws SQLException {
        boolean value = rows.getBoolean(column);
        return rows.wasNull() ? null : value;
    }

    private static void demand(boolean holds, Obstacle.Kind kind, String words) {
        if (!holds) {
            throw new Obstacle(kind, words);
        }
    }
}
