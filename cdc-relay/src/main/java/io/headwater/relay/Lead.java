package io.headwater.relay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One time of following the log: to the loss of the lead or the first failure. Used by one thread.
///
/// The slot tells of each event as it comes; the table has every event. So a backlog is read from
/// the table, many times faster, and so is whatever the slot does not give.
final class Lead {
    private static final Logger log = LoggerFactory.getLogger(Lead.class);
    private static final Duration STANDBY_WITHIN = Duration.ofSeconds(10);
    private static final Duration STANDBY_SOON = Duration.ofMillis(200);
    private static final Duration STANDBY_LOOK = Duration.ofMillis(20);
    private static final Duration CUT_WITHIN = Duration.ofSeconds(2);

    private final RelayProperties.Relay settings;
    private final LogServer server;
    private final KafkaClients kafka;
    private final RelayTopics topics;
    private final Publisher publisher;
    private final Leadership leadership;
    private final RelayState state;
    private final RelayMetrics metrics;
    private final CountDownLatch stopping;

    Lead(
            RelayProperties.Relay settings,
            LogServer server,
            KafkaClients kafka,
            RelayTopics topics,
            Publisher publisher,
            Leadership leadership,
            RelayState state,
            RelayMetrics metrics,
            CountDownLatch stopping) {
        this.settings = settings;
        this.server = server;
        this.kafka = kafka;
        this.topics = topics;
        this.publisher = publisher;
        this.leadership = leadership;
        this.state = state;
        this.metrics = metrics;
        this.stopping = stopping;
    }

    /// The lead went to another relay, or this one is to end: nothing is wrong.
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Returns when the lead is lost or the relay is to end.
    void run() throws SQLException, InterruptedException {
        // The order matters: first an older relay is fenced (by the publisher), then its reader is
        // ended, then the place is what it is.
        try (var connection = server.connect()) {
            var identity =
                    new ServerCheck(
                                    server,
                                    connection,
                                    settings.publication(),
                                    settings.adoptServer())
                            .look(publisher.place(), publisher.newest());
            var slot = new Slot(settings.slot(), connection).prepare();
            var ledger = new Ledger(connection);
            var lines = ledger.lines();
            boolean rewound =
                    new Rewind(kafka, topics, publisher, ledger, lines)
                            .ifNeeded(identity, slot.confirmed());
            state.found(lines.current(), publisher.head());
            var following =
                    new Following(
                            ledger,
                            identity,
                            lines.current(),
                            rewound ? slot.confirmed() : startOf(slot, identity));
            // What was before a slot that was made just now is in the table only.
            following.catchUp(slot.fresh() || rewound);
            while (leads()) {
                following.follow(connection);
                following.catchUp(false);
            }
        }
    }

    private boolean leads() {
        return stopping.getCount() > 0 && leadership.holds();
    }

    private LogSequenceNumber startOf(Slot.Start slot, ServerCheck.Identity identity) {
        var place = publisher.place();
        return place.isPresent()
                        && place.get().systemId().equals(identity.systemId())
                        && place.get().lsn().compareTo(slot.confirmed()) > 0
                        && place.get().lsn().compareTo(identity.written()) <= 0
                ? place.get().lsn()
                : slot.confirmed();
    }

    private final class Following {
        private final Ledger ledger;
        private final ServerCheck.Identity identity;
        private final String epoch;
        private final Envelope.Origin origin;
        private LogSequenceNumber committed;

        Following(
                Ledger ledger,
                ServerCheck.Identity identity,
                String epoch,
                LogSequenceNumber committed) {
            this.ledger = ledger;
            this.identity = identity;
            this.epoch = epoch;
            this.origin = new Envelope.Origin(epoch);
            this.committed = committed;
        }

        /// Publishes what is in the table, if that is much or has to be, and moves the place in the
        /// WAL behind it. What is appended meanwhile comes through the slot.
        void catchUp(boolean always) throws SQLException, InterruptedException {
            for (boolean must = always; leads(); must = false) {
                long behind = ledger.head() - publisher.head();
                if (behind <= (must ? 0 : settings.farBehind())) {
                    return;
                }
                var cut = ledger.cut(CUT_WITHIN);
                long to = cut.map(Ledger.Cut::head).orElse(publisher.head() + behind);
                log.atInfo()
                        .addKeyValue("from", publisher.head() + 1)
                        .addKeyValue("to", to)
                        .log("catching up from the table");
                awaitStandbys();
                makeUp(to);
                cut.filter(place -> place.lsn().compareTo(committed) > 0)
                        .ifPresent(place -> committed = place.lsn());
                publish(List.of(), committed);
            }
        }

        /// Follows the slot until the lead is lost or the log is far ahead.
        void follow(Connection connection) throws SQLException, InterruptedException {
            bridge();
            try (var reader = new WalReader(server.addressOf(connection), settings, committed)) {
                ledger.commitNothing();
                boolean alive = false;
                while (leads() && !isFarBehind()) {
                    var batch = reader.poll();
                    publisher.lookAtEnds();
                    if (!batch.alive()) {
                        if (!alive) {
                            bridge();
                        }
                        continue;
                    }
                    if (!alive) {
                        alive = true;
                        following();
                    }
                    var upTo = batch.committed();
                    take(
                            batch.events(),
                            upTo != null && upTo.compareTo(committed) > 0 ? upTo : committed);
                    reader.acknowledge(committed);
                    if (state.hasMissed(committed)) {
                        makeUpMissed();
                    }
                }
            } catch (ConnectException e) {
                state.readerRestarts.increment();
                throw e;
            }
        }

        private boolean isFarBehind() {
            var seen = state.log();
            return seen != null && seen.head() - publisher.head() > settings.farBehind();
        }

        private void following() {
            state.following();
            log.atInfo()
                    .addKeyValue("position", publisher.head())
                    .addKeyValue("lsn", committed)
                    .log("following the slot");
        }

        /// Publishes those of the events that are new, having made up what lies between.
        ///
        /// @param upTo end of a commit whose events are all among these or before
        private void take(List<StoredEvent> read, LogSequenceNumber upTo)
                throws SQLException, InterruptedException {
            int from = 0;
            while (from < read.size() && read.get(from).position() <= publisher.head()) {
                from++;
            }
            for (int i = from; i < read.size(); i++) {
                long expected = i == from ? publisher.head() + 1 : read.get(i - 1).position() + 1;
                long position = read.get(i).position();
                if (position > expected) {
                    publish(read.subList(from, i), committed);
                    log.atWarn()
                            .addKeyValue("from", expected)
                            .addKeyValue("to", position - 1)
                            .log("the slot left events out; making them up from the table");
                    awaitStandbys();
                    makeUp(position - 1);
                    from = i;
                } else if (position < expected) {
                    throw new Obstacle(
                            Obstacle.Kind.GAP_IN_LOG,
                            "The WAL gave position %d after position %d: the log is not in order. Nothing after position %d is published."
                                    .formatted(position, expected - 1, publisher.head()));
                }
            }
            boolean moved = upTo.compareTo(committed) > 0;
            if (from < read.size() || moved) {
                publish(read.subList(from, read.size()), upTo);
                committed = upTo;
            }
        }

        /// The slot has gone past events that the table has.
        private void makeUpMissed() throws SQLException, InterruptedException {
            long head = ledger.head();
            if (head > publisher.head()) {
                log.atWarn()
                        .addKeyValue("from", publisher.head() + 1)
                        .addKeyValue("to", head)
                        .log("the slot left these events out; making them up from the table");
                awaitStandbys();
                makeUp(head);
            }
        }

        /// Publishes what the table has by now. After a take-over it takes seconds until the slot
        /// gives its first, and somebody may wait for a change; the slot gives it once more then.
        private void bridge() throws SQLException, InterruptedException {
            long head = ledger.head();
            if (head > publisher.head() && behindAfter(STANDBY_SOON, ledger.endOfSeen()) == null) {
                makeUp(head);
            }
        }

        /// Publishes the positions up to `to` from the table; reads on while it publishes.
        private void makeUp(long to) throws SQLException, InterruptedException {
            long next = publisher.head() + 1;
            if (next > to) {
                return;
            }
            try (var ahead = new ReadAhead(ledger, settings, next, to)) {
                while (publisher.head() < to) {
                    if (!leads()) {
                        throw new Lost();
                    }
                    var events = ahead.next();
                    publish(events, committed);
                    state.madeUp.add(events.size());
                }
            }
        }

        private void publish(List<StoredEvent> events, LogSequenceNumber upTo) {
            var place =
                    new Place(
                            identity.systemId(),
                            identity.timeline(),
                            upTo,
                            epoch,
                            publisher.head() + events.size());
            publisher.publish(events, origin, place);
            state.transactions.increment();
            if (!events.isEmpty()) {
                metrics.published(events);
                state.published(events.getLast().position(), events.getLast().atMicros());
            }
        }

        /// The slot gives nothing that a failover could forget; the table does, so ask.
        private void awaitStandbys() throws SQLException, InterruptedException {
            var seen = ledger.endOfSeen();
            var behind = behindAfter(STANDBY_WITHIN, seen);
            if (behind != null) {
                throw new Obstacle(
                        Obstacle.Kind.STANDBY_NOT_CONFIRMING,
                        "The standby of slot %s (synchronized_standby_slots) has not confirmed the WAL up to %s. Publishing nothing that a failover to it would forget: start that standby, or take its slot out of synchronized_standby_slots."
                                .formatted(behind, seen));
            }
        }

        /// @return the slot of a standby that has still not confirmed the WAL up to there; null for
        ///   none
        private @Nullable String behindAfter(Duration patience, LogSequenceNumber written)
                throws SQLException, InterruptedException {
            long deadline = System.nanoTime() + patience.toNanos();
            var behind = ledger.standbysBehind(written);
            while (behind != null && System.nanoTime() < deadline) {
                if (!leads() || stopping.await(STANDBY_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new Lost();
                }
                behind = ledger.standbysBehind(written);
            }
            return behind;
        }
    }
}
