package io.headwater.ops.drill;

import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.List;

/// The disk of the archive is full; the slot is over its limit of WAL.
final class ArchiveDrills {
    private static final Duration ALARM_WITHIN = Duration.ofMinutes(4);
    private static final Duration HEALED_WITHIN = Duration.ofMinutes(4);
    private static final Duration RESTART = Duration.ofMinutes(2);

    private ArchiveDrills() {}

    static List<Drill> all() {
        return List.of(
                new Drill(
                        "archive-full",
                        "no room is left where the archive is; then there is again",
                        1,
                        true,
                        ArchiveDrills::archiveFull,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "slot-over-limit",
                        "the relays are away until the slot has lost the WAL that it needs",
                        1,
                        true,
                        ArchiveDrills::slotOverLimit,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))));
    }

    private static void archiveFull(Scene scene) {
        String leader = scene.cluster.leaderOrTrouble();
        scene.fault("the archive's disk is full");
        scene.stack
                .composeOver("drills/archive-full.yml", RESTART, "up", "-d", "--no-deps", "backup")
                .orTrouble("Giving the archive a small disk");
        try {
            switchWal(scene, leader);
            scene.await(
                    "archiving fails",
                    ALARM_WITHIN,
                    () -> archiving(scene, leader).equals("failing"));
            scene.event("archiving fails");
            scene.await(
                    "status tells the reason",
                    ALARM_WITHIN,
                    () -> status(scene).contains("make room on the disk"));
            scene.bar(Bar.holds("status tells the reason and what to do", true, "yes"));
            scene.event("status tells the reason");
            scene.await("the alert fires", ALARM_WITHIN, () -> fires(scene, "ArchiveFails"));
            scene.bar(Bar.holds("alert ArchiveFails", true, "fires"));
            scene.event("alert ArchiveFails");
            scene.awaitWrites(50);
        } finally {
            scene.stack
                    .compose(RESTART, "up", "-d", "--no-deps", "backup")
                    .orTrouble("Giving the archive its disk back");
        }
        scene.event("there is room again");
        switchWal(scene, leader);
        scene.await(
                "archiving goes on",
                HEALED_WITHIN,
                () ->
                        archiving(scene, leader).equals("going on")
                                && scene.cluster
                                        .sql(
                                                leader,
                                                "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'")
                                        .matches("[01]"));
        scene.event("archiving goes on");
        var check = scene.stack.in(Duration.ofMinutes(2), "backup", "pgbackrest", "check");
        scene.bar(
                Bar.holds(
                        "the archive is whole (pgbackrest check)",
                        check.well(),
                        check.well() ? "yes" : check.reason()));
    }

    private static void slotOverLimit(Scene scene) {
        String leader = scene.cluster.leaderOrTrouble();
        limitWal(scene, leader, "64MB", "32MB");
        try {
            var relays = scene.stack.several("relay").toArray(String[]::new);
            scene.fault("the relays are stopped");
            scene.stack.stop(relays);
            for (int i = 0; i < 40 && !slot(scene, leader).equals("lost"); i++) {
                scene.cluster.sqlOrTrouble(
                        leader,
                        "SELECT count(pg_logical_emit_message(false, 'drill', repeat('x', 1000000))) FROM generate_series(1, 16);"
                                + " SELECT pg_switch_wal(); CHECKPOINT");
            }
            scene.bar(
                    Bar.holds(
                            "the slot is lost",
                            slot(scene, leader).equals("lost"),
                            slot(scene, leader)));
            scene.event("the slot is lost");
            String said = status(scene);
            scene.bar(
                    Bar.holds(
                            "status tells the reason and what to do",
                            said.contains("headwater_relay") && said.contains("start relay"),
                            said.contains("headwater_relay") ? "yes" : said));
            scene.await("the alert fires", ALARM_WITHIN, () -> fires(scene, "SlotLost"));
            scene.bar(Bar.holds("alert SlotLost", true, "fires"));
            scene.awaitWrites(20);
            scene.stack.start(relays);
            scene.event("the relays are started again");
            scene.await(
                    "the slot is there again",
                    HEALED_WITHIN,
                    () -> slot(scene, leader).matches("reserved|extended"));
            scene.event("a new slot; the relay goes on from the table");
        } finally {
            limitWal(scene, leader, "8GB", "512MB");
        }
    }

    private static void limitWal(Scene scene, String node, String ofSlots, String kept) {
        scene.stack
                .in(
                        Duration.ofMinutes(1),
                        node,
                        "patronictl",
                        "edit-config",
                        "--force",
                        "-p",
                        "max_slot_wal_keep_size=" + ofSlots,
                        "-p",
                        "wal_keep_size=" + kept)
                .orTrouble("Changing the limit of WAL");
        scene.await(
                "the limit holds",
                Duration.ofMinutes(1),
                () -> scene.cluster.sql(node, "SHOW max_slot_wal_keep_size").equals(ofSlots));
    }

    private static String slot(Scene scene, String node) {
        return scene.cluster.sql(
                node,
                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'headwater_relay'");
    }

    private static String archiving(Scene scene, String node) {
        return scene.cluster.sql(
                node,
                "SELECT CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN 'failing' ELSE 'going on' END FROM pg_stat_archiver");
    }

    private static void switchWal(Scene scene, String node) {
        scene.cluster.sqlOrTrouble(node, "SELECT pg_switch_wal()");
    }

    private static String status(Scene scene) {
        return io.headwater.ops.stack.Status.of(scene.stack).text();
    }

    private static boolean fires(Scene scene, String alert) {
        var ran =
                scene.stack.in(
                        "prometheus",
                        "curl",
                        "-sG",
                        "localhost:9090/api/v1/query",
                        "--data-urlencode",
                        "query=ALERTS{alertname=\"" + alert + "\",alertstate=\"firing\"}");
        if (!ran.well()) {
            throw new Trouble("Prometheus does not answer: " + ran.reason());
        }
        return ran.out().contains("\"alertname\"");
    }
}
