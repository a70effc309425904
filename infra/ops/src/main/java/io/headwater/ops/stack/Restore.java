package io.headwater.ops.stack;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Point-in-time recovery: on trial, into a container that is thrown away; and for good, of the
/// whole cluster.
public final class Restore {
    private static final DateTimeFormatter FOR_POSTGRES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    /// The other nodes are down, and pgBackRest would wait a minute for each.
    @SuppressWarnings("InlineFormatString") // a whole script
    private static final String BACKUP_OF_ONE_NODE =
            """
            sed -n -e '/^pg[0-9]/!p' -e 's/^pg%d-/pg1-/p' /run/headwater/pgbackrest.conf >/tmp/one-node.conf
            exec pgbackrest --config=/tmp/one-node.conf --type=full --no-backup-standby backup
            """;

    private static final Duration LONG = Duration.ofHours(6);
    private static final Duration SHORT = Duration.ofMinutes(5);

    private final Stack stack;
    private final Cluster cluster;
    private final Consumer<String> progress;

    public Restore(Stack stack, Consumer<String> progress) {
        this.stack = stack;
        this.cluster = new Cluster(stack);
        this.progress = progress;
    }

    /// What the log is, restored.
    ///
    /// @param newest when its last event was appended
    public record Found(long events, long head, String newest, boolean sound) {}

    /// @throws Trouble if there is no backup to begin from, or the time has not yet come
    public void requirePossible(Instant to) {
        var backups = Status.backups(stack);
        if (backups.isEmpty()) {
            throw new Trouble("There is no backup to begin from, or `backup` does not answer");
        }
        var earliest = Instant.ofEpochSecond(backups.getFirst().ended() + 1);
        if (to.isBefore(earliest)) {
            throw new Trouble(
                    "The earliest time that can be restored is %s, the end of the oldest backup"
                            .formatted(earliest));
        }
        if (to.isAfter(Instant.now())) {
            throw new Trouble(to + " has not yet come");
        }
    }

    /// Restores into a container of its own and looks at it. The container is left running under
    /// the name that is given back; nothing else is touched.
    public String onTrial(Instant to) {
        archiveAll();
        String name = stack.container("restore-trial");
        var _ = stack.docker(Duration.ofMinutes(1), "rm", "-fv", name);
        progress.accept("restores into container " + name);
        stack.compose(
                        SHORT,
                        "--profile",
                        "restore",
                        "run",
                        "-d",
                        "--no-deps",
                        "--name",
                        name,
                        "-e",
                        "TARGET=" + FOR_POSTGRES.format(to),
                        "restore")
                .orTrouble("Starting the trial");
        awaitOpen(name);
        return name;
    }

    private void awaitOpen(String container) {
        boolean open =
                Cluster.await(
                        LONG,
                        () -> {
                            if (psql(container, "SELECT pg_is_in_recovery()")
                                    .out()
                                    .strip()
                                    .equals("f")) {
                                return true;
                            }
                            if (!stack.docker("inspect", "-f", "{{.State.Running}}", container)
                                    .out()
                                    .strip()
                                    .equals("true")) {
                                var logs = stack.docker("logs", "--tail", "15", container);
                                throw new Trouble(
                                        "The restore ended before it was done:\n"
                                                + logs.out()
                                                + logs.err());
                            }
                            return false;
                        });
        if (!open) {
            throw new Trouble("The restore took longer than six hours");
        }
    }

    /// Counts the log of a restored server and has PostgreSQL check each table and index of it.
    public Found look(String container) {
        String[] row =
                psql(
                                container,
                                """
                                SELECT count(*), coalesce(max(position), 0),
                                       coalesce(to_timestamp(max(at_micros) / 1e6)::text, 'none')
                                  FROM log.event
                                """)
                        .orTrouble("Looking at the restored log")
                        .strip()
                        .split("\\|", -1);
        progress.accept("checks every table and index (pg_amcheck)");
        var checked =
                stack.docker(
                        LONG,
                        "exec",
                        container,
                        "pg_amcheck",
                        "--install-missing",
                        "--heapallindexed",
                        "-d",
                        "headwater");
        if (!checked.well()) {
            progress.accept(checked.reason());
        }
        long events = Long.parseLong(row[0]);
        long head = Long.parseLong(row[1]);
        return new Found(events, head, row[2], events == head && checked.well());
    }

    public void throwAway(String container) {
        stack.docker(Duration.ofMinutes(1), "rm", "-fv", container).orTrouble("Removing the trial");
    }

    /// Takes the log back, on the node that leads. Afterwards the services start, the log has a new
    /// epoch, and the relay tells consumers what is undone. Then [#completeCluster].
    public void bringBack(Instant to) {
        String node = cluster.leader().orElse("pg1");
        archiveAll();
        progress.accept("stops services and database");
        var services =
                Stream.of("command", "relay", "query")
                        .map(stack::several)
                        .flatMap(List::stream)
                        .toArray(String[]::new);
        stack.stop(services);
        if (!stack.small()) {
            stack.stop("warm", "deathwatch");
        }
        // The standbys first, so that none of them takes over.
        stack.nodes().stream()
                .filter(other -> !other.equals(node))
                .forEach(other -> stack.stop(other));
        stack.stop(node);
        progress.accept("restores " + node + " to " + to);
        stack.compose(
                        LONG,
                        "run",
                        "--rm",
                        "--no-deps",
                        "-T",
                        "-e",
                        "TARGET=" + FOR_POSTGRES.format(to),
                        node,
                        "restore-for-good")
                .orTrouble(
                        "The restore of %s (nothing else was changed; to give up: docker compose rm -sf %1$s, remove its volume, docker compose up -d)"
                                .formatted(node));
        progress.accept("forgets what the cluster had agreed upon");
        stack.compose(SHORT, "run", "--rm", "--no-deps", "-T", node, "forget-cluster")
                .orTrouble("Forgetting the cluster's state");
        stack.start(node);
        if (!Cluster.await(
                SHORT, () -> cluster.sql(node, "SELECT pg_is_in_recovery()").equals("f"))) {
            throw new Trouble(node + " did not begin to lead; see docker compose logs " + node);
        }
        progress.accept("starts the services");
        stack.start(services);
    }

    /// Makes a backup of the new line of life, and all other nodes anew from it.
    public void completeCluster() {
        String node = cluster.leaderOrTrouble();
        progress.accept("makes a full backup of the new line");
        stack.in(
                        LONG,
                        "backup",
                        "sh",
                        "-c",
                        BACKUP_OF_ONE_NODE.formatted(stack.nodes().indexOf(node) + 1))
                .orTrouble("The backup");
        stack.nodes().stream().filter(other -> !other.equals(node)).forEach(this::beginAnew);
        if (!stack.small()) {
            beginAnew("warm");
            stack.start("deathwatch");
        }
        progress.accept("waits until every node is back");
        if (!Cluster.await(LONG, cluster::whole)) {
            throw new Trouble("Not every node came back; see `headwater status`");
        }
    }

    private void beginAnew(String service) {
        progress.accept(service + " begins anew from that backup");
        stack.compose(SHORT, "run", "--rm", "--no-deps", "-T", service, "empty")
                .orTrouble("Emptying " + service);
        stack.start(service);
    }

    /// What was written up to now has to be in the archive before anything else.
    private void archiveAll() {
        String leader = cluster.leader().orElse("");
        if (leader.isEmpty()) {
            progress.accept("no node leads: what was not archived is not restored");
            return;
        }
        progress.accept("archives what is not yet archived");
        String file =
                cluster.sqlOrTrouble(
                        leader,
                        "SELECT pg_walfile_name(lsn) FROM (SELECT pg_current_wal_lsn() AS lsn, pg_logical_emit_message(true, 'restore', 'a commit after the time, where recovery can stop')) AS now");
        cluster.sqlOrTrouble(leader, "SELECT pg_switch_wal()");
        if (!Cluster.await(
                SHORT,
                () ->
                        cluster.sql(
                                        leader,
                                        "SELECT last_archived_wal >= '%s' FROM pg_stat_archiver"
                                                .formatted(file))
                                .equals("t"))) {
            throw new Trouble(
                    "WAL does not get into the archive; `headwater status` says why. Nothing was changed");
        }
    }

    private Program.Ran psql(String container, String query) {
        return stack.docker(
                SHORT, "exec", container, "psql", "-XAtq", "-d", "headwater", "-c", query);
    }
}
