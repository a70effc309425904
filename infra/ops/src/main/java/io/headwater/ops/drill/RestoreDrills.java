package io.headwater.ops.drill;

import io.headwater.ops.stack.Restore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The log taken back to a time, and the warm standby as the last server that is left.
final class RestoreDrills {
    /// Everything that the log says and that is read of it, in one line each.
    @SuppressWarnings("InlineFormatString") // a whole text, readable in psql
    private static final String STATE =
            """
            SELECT 'log ' || count(*) || ' ' || md5(string_agg(position || id::text || type || at_micros || payload || metadata || tags::text, ',' ORDER BY position)) FROM log.event;
            SELECT 'tags ' || count(*) || ' ' || md5(string_agg(tag || position || type, ',' ORDER BY position, tag)) FROM log.event_tag;
            SELECT 'read ' || count(*) || ' ' || md5(string_agg(r::text, ',' ORDER BY _id)) FROM read.record_%s AS r
            """;

    private RestoreDrills() {}

    static List<Drill> all() {
        return List.of(
                new Drill(
                        "restore",
                        "the cluster is restored to a time: into a fresh container, then for good",
                        1,
                        true,
                        RestoreDrills::restore,
                        (scene, outages) -> List.of()),
                new Drill(
                        "promote-warm",
                        "the warm standby, which lives from the archive alone, is promoted",
                        1,
                        false,
                        RestoreDrills::promoteWarm,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))));
    }

    private static void restore(Scene scene) {
        var restore = new Restore(scene.stack, scene::tell);
        // Still water, so that the state of the time is known exactly.
        scene.stopLoad();
        var last = scene.lastAcknowledged();
        settle(scene, last.token().toString());
        String leader = scene.cluster.leaderOrTrouble();
        String before = state(scene, scene.stack.container(leader));
        Instant time =
                Instant.parse(
                        scene.cluster.sqlOrTrouble(
                                leader,
                                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        scene.steady(1);
        scene.event("the time to go back to");
        String undone = scene.writeInVain().token().toString();
        settle(scene, undone);

        double began = scene.now();
        String trial = restore.onTrial(time);
        double trialTook = scene.now() - began;
        scene.event("restored into a container");
        var found = restore.look(trial);
        scene.bar(
                Bar.holds(
                        "the container has the exact state of that time",
                        state(scene, trial).equals(before),
                        state(scene, trial).equals(before)
                                ? "yes"
                                : before + " became " + state(scene, trial)));
        scene.bar(
                Bar.holds(
                        "pg_amcheck finds nothing, positions gapless",
                        found.sound(),
                        found.sound() ? "yes" : "no"));
        scene.bar(Bar.atMost("into a container", 60, trialTook, "s"));
        restore.throwAway(trial);

        began = scene.now();
        scene.fault("the restore for good begins");
        restore.bringBack(time);
        scene.event("the services start");
        scene.bar(Bar.atMost("for good, until services start", 60, scene.now() - began, "s"));
        restore.completeCluster();
        scene.event("every node is back");
        String node = scene.cluster.leaderOrTrouble();
        String after = state(scene, scene.stack.container(node));
        scene.bar(
                Bar.holds(
                        "the cluster has the exact state of that time",
                        after.equals(before),
                        after.equals(before) ? "yes" : before + " became " + after));
        scene.await(
                "the door takes commands",
                Duration.ofMinutes(3),
                () -> scene.door.get("/models/" + scene.model).accepted());
        var lost =
                scene.door.get(
                        "/models/" + scene.model,
                        "Consistency-At-Least",
                        undone,
                        "Prefer",
                        "wait=5");
        scene.bar(
                Bar.holds(
                        "a token of what is undone is refused",
                        lost.status() == 409 && lost.body().contains("lost-position"),
                        lost.status() == 409 ? "409 lost-position" : lost.toString()));
        scene.checkToken(last);
        scene.startLoad("again");
    }

    private static void promoteWarm(Scene scene) {
        scene.stopLoad();
        var last = scene.lastAcknowledged();
        settle(scene, last.token().toString());
        String leader = scene.cluster.leaderOrTrouble();
        String before = state(scene, scene.stack.container(leader));
        String lsn = scene.cluster.sqlOrTrouble(leader, "SELECT pg_current_wal_lsn()");
        scene.cluster.sqlOrTrouble(leader, "SELECT pg_switch_wal()");
        scene.event("the last segment goes to the archive");
        scene.await(
                "the warm standby has replayed it",
                Duration.ofMinutes(5),
                () ->
                        scene.cluster
                                .sql("warm", "SELECT pg_last_wal_replay_lsn() >= '" + lsn + "'")
                                .equals("t"));
        // What it would archive after its promotion must not be taken for the cluster's.
        scene.cluster.sqlOrTrouble("warm", "ALTER SYSTEM SET archive_command = '/bin/false'");
        scene.cluster.sqlOrTrouble("warm", "SELECT pg_reload_conf()");
        double began = scene.now();
        scene.fault("promote warm");
        scene.stack
                .in(
                        Duration.ofMinutes(1),
                        "warm",
                        "pg_ctl",
                        "promote",
                        "-w",
                        "-D",
                        "/var/lib/postgresql/data/pg")
                .orTrouble("Promoting warm");
        scene.await(
                "warm takes writes",
                Duration.ofMinutes(1),
                () -> scene.cluster.sql("warm", "SELECT pg_is_in_recovery()").equals("f"));
        double took = scene.now() - began;
        scene.event("warm takes writes");
        String after = state(scene, scene.stack.container("warm"));
        scene.bar(
                Bar.holds(
                        "it has the exact state of that time",
                        after.equals(before),
                        after.equals(before) ? "yes" : before + " became " + after));
        var checked =
                scene.stack.in(
                        Duration.ofMinutes(10),
                        "warm",
                        "pg_amcheck",
                        "--install-missing",
                        "--heapallindexed",
                        "-d",
                        "headwater");
        scene.bar(
                Bar.holds(
                        "pg_amcheck finds nothing",
                        checked.well(),
                        checked.well() ? "yes" : checked.reason()));
        scene.bar(Bar.atMost("promotion", 60, took, "s"));
        scene.stack.stop("warm");
        scene.stack
                .compose(Duration.ofMinutes(2), "run", "--rm", "--no-deps", "-T", "warm", "empty")
                .orTrouble("Emptying warm");
        scene.stack.start("warm");
        scene.event("warm begins anew");
        scene.startLoad("again");
        scene.await(
                "warm replays again",
                Duration.ofMinutes(5),
                () -> scene.cluster.sql("warm", "SELECT pg_is_in_recovery()").equals("t"));
    }

    private static void settle(Scene scene, String token) {
        scene.await(
                "the read model has " + token,
                Duration.ofMinutes(3),
                () ->
                        scene.door
                                .get(
                                        "/models/" + scene.model,
                                        "Consistency-At-Least",
                                        token,
                                        "Prefer",
                                        "wait=20")
                                .accepted());
    }

    private static String state(Scene scene, String container) {
        return scene.stack
                .docker(
                        Duration.ofMinutes(2),
                        "exec",
                        container,
                        "psql",
                        "-XAtq",
                        "-d",
                        "headwater",
                        "-c",
                        STATE.formatted(scene.model))
                .orTrouble("Reading the state of " + container)
                .strip();
    }
}
