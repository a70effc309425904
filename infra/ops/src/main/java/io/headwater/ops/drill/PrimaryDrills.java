package io.headwater.ops.drill;

import io.headwater.ops.stack.Cluster.Member;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.List;

/// What may befall the database nodes.
final class PrimaryDrills {
    private static final Duration REJOIN = Duration.ofMinutes(2);

    /// So many answers tell that another takes writes. Nobody else is asked: on a small machine
    /// each question would make the outage longer.
    private static final int MORE_THAN_IN_FLIGHT = 2 * Load.WRITERS;

    /// Seconds. Each look is a process in a container, which takes from those who take over.
    private static final double BETWEEN_LOOKS = 1;

    private PrimaryDrills() {}

    static List<Drill> all() {
        return List.of(
                new Drill(
                        "kill-primary",
                        "SIGKILL of the primary's container, time and again; the last time onto a node that has only just rejoined",
                        5,
                        false,
                        PrimaryDrills::kill,
                        (scene, outages) ->
                                List.of(
                                        Drill.noneFailed(scene),
                                        Bar.atMost(
                                                "write outage, median",
                                                3,
                                                Outages.median(outages.afterFaults(true)),
                                                "s"),
                                        Bar.atMost(
                                                "write outage, worst",
                                                10,
                                                Outages.worst(outages.afterFaults(true)),
                                                "s"))),
                new Drill(
                        "phantom",
                        "the standbys are cut off for 1.5 s, then the primary is killed",
                        1,
                        false,
                        PrimaryDrills::phantom,
                        (scene, outages) -> List.of()),
                new Drill(
                        "switchover",
                        "a planned change of the primary, time and again",
                        5,
                        false,
                        PrimaryDrills::switchOver,
                        (scene, outages) ->
                                List.of(
                                        Drill.noneFailed(scene),
                                        Bar.atMost(
                                                "write outage, median",
                                                2.5,
                                                Outages.median(outages.afterFaults(true)),
                                                "s"))),
                new Drill(
                        "isolate-primary",
                        "the primary is cut off from the network for 40 s, not dead",
                        1,
                        false,
                        scene -> silence(scene, true),
                        (scene, outages) ->
                                List.of(
                                        Bar.atMost(
                                                "new leader takes writes",
                                                22,
                                                outages.longest(true),
                                                "s"))),
                new Drill(
                        "freeze-primary",
                        "all processes of the primary are paused for 40 s",
                        1,
                        false,
                        scene -> silence(scene, false),
                        (scene, outages) ->
                                List.of(
                                        Bar.atMost(
                                                "new leader takes writes",
                                                22,
                                                outages.longest(true),
                                                "s"))),
                new Drill(
                        "kill-standby",
                        "SIGKILL of a standby that confirms commits",
                        1,
                        false,
                        PrimaryDrills::killStandby,
                        (scene, outages) ->
                                List.of(
                                        Drill.noneFailed(scene),
                                        Bar.atMost(
                                                "writes stall",
                                                2,
                                                Outages.worst(outages.afterFaults(true)),
                                                "s"))));
    }

    private static void kill(Scene scene) {
        for (int round = 1; round <= scene.rounds; round++) {
            scene.awaitWhole();
            String leader = scene.cluster.leaderOrTrouble();
            boolean last = round == scene.rounds && scene.rounds > 1;
            String paused = last ? justRejoined(scene, leader) : "";
            var before = scene.lastAcknowledged();
            scene.fault("kill " + leader);
            scene.stack.kill(leader);
            if (last) {
                scene.stack.unpause(paused);
            }
            scene.awaitWrites(MORE_THAN_IN_FLIGHT);
            scene.checkToken(before);
            scene.stack.start(leader);
            scene.event(leader + " is started again");
        }
        scene.awaitWhole();
    }

    /// Leaves one standby, which has rejoined this moment; the other is paused, as one that hangs.
    ///
    /// @return the one that is paused
    private static String justRejoined(Scene scene, String leader) {
        var others = scene.stack.nodes().stream().filter(node -> !node.equals(leader)).toList();
        String rejoins = others.getFirst();
        String away = others.getLast();
        scene.layout(rejoins + " is killed and rejoins, " + away + " is paused");
        scene.stack.pause(away);
        scene.stack.kill(rejoins);
        scene.stack.start(rejoins);
        scene.await(
                rejoins + " confirms commits again, and " + away + " does not",
                REJOIN,
                () -> confirms(scene, rejoins) && !confirms(scene, away));
        return away;
    }

    private static boolean confirms(Scene scene, String node) {
        return scene.cluster.members().stream()
                .anyMatch(member ->
                        member.name().equals(node)
                                && member.confirms()
                                && member.state().equals("streaming"));
    }

    private static void phantom(Scene scene) {
        scene.awaitWhole();
        String leader = scene.cluster.leaderOrTrouble();
        var standbys = scene.stack.nodes().stream().filter(node -> !node.equals(leader)).toList();
        scene.fault("cut off " + String.join(" and ", standbys));
        standbys.parallelStream().forEach(scene.stack::cutOff);
        scene.steady(1.5);
        scene.event("kill " + leader);
        scene.stack.kill(leader);
        standbys.parallelStream().forEach(scene.stack::reconnect);
        scene.event("the standbys are back");
        scene.awaitWrites(MORE_THAN_IN_FLIGHT);
        scene.stack.start(leader);
        scene.event(leader + " is started again");
        scene.awaitWhole();
    }

    private static void switchOver(Scene scene) {
        for (int round = 1; round <= scene.rounds; round++) {
            scene.awaitWhole();
            String leader = scene.cluster.leaderOrTrouble();
            String next =
                    scene.cluster.members().stream()
                            .filter(Member::confirms)
                            .map(Member::name)
                            .findFirst()
                            .orElseThrow(() -> new Trouble("No standby confirms commits"));
            var before = scene.lastAcknowledged();
            scene.fault(leader + " hands over to " + next);
            String leads = scene.cluster.switchover(leader, next);
            scene.event(leads + " leads");
            scene.awaitWrites(MORE_THAN_IN_FLIGHT);
            scene.checkToken(before);
        }
    }

    /// The primary lives and nobody hears of it. Each write that it might take by itself shows.
    private static void silence(Scene scene, boolean network) {
        scene.awaitWhole();
        String leader = scene.cluster.leaderOrTrouble();
        scene.cluster.sqlOrTrouble(
                leader,
                "CREATE TABLE IF NOT EXISTS public.drill_local (n serial, at timestamptz DEFAULT clock_timestamp())");
        var before = scene.lastAcknowledged();
        scene.fault((network ? "cut off " : "pause ") + leader);
        if (network) {
            scene.stack.cutOff(leader);
        } else {
            scene.stack.pause(leader);
        }
        long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        double opened = 0;
        double closed = 0;
        int acknowledged = 0;
        while (System.nanoTime() < until) {
            if (opened == 0 && leadsElsewhere(scene, leader)) {
                opened = scene.now();
                scene.event("another leads");
            }
            if (network) {
                var local = writeLocally(scene, leader);
                acknowledged += local == Local.ACKNOWLEDGED ? 1 : 0;
                if (closed == 0 && local == Local.CLOSED) {
                    closed = scene.now();
                    scene.event(leader + " has closed");
                }
            }
            scene.steady(BETWEEN_LOOKS);
        }
        if (network) {
            scene.stack.reconnect(leader);
            scene.bar(
                    Bar.holds(
                            "closed before the new one opens",
                            closed > 0 && opened > 0 && closed < opened,
                            "at %.1f s and %.1f s".formatted(closed, opened)));
        } else {
            scene.stack.unpause(leader);
            acknowledged += writeLocally(scene, leader) == Local.ACKNOWLEDGED ? 1 : 0;
        }
        scene.event(leader + " is back");
        scene.bar(Bar.none("acknowledged on the old side", acknowledged));
        scene.awaitWhole();
        scene.event("all nodes stream again");
        scene.bar(Bar.holds("back after heal without hands", true, "yes"));
        scene.checkToken(before);
    }

    private enum Local {
        ACKNOWLEDGED,
        /// written, but never acknowledged: no standby confirms it
        HELD,
        CLOSED
    }

    /// Tries to write on the silent node itself, by its socket.
    private static Local writeLocally(Scene scene, String node) {
        var ran =
                scene.stack.in(
                        Duration.ofSeconds(8),
                        node,
                        "psql",
                        "-XAtq",
                        "-d",
                        "headwater",
                        "-c",
                        "SET statement_timeout = '1s'",
                        "-c",
                        "INSERT INTO public.drill_local DEFAULT VALUES RETURNING n");
        if (ran.well() && !ran.out().isBlank() && !ran.err().contains("canceling wait")) {
            return Local.ACKNOWLEDGED;
        }
        return ran.well() || ran.exit() == 124 || ran.err().contains("statement timeout")
                ? Local.HELD
                : Local.CLOSED;
    }

    private static void killStandby(Scene scene) {
        scene.awaitWhole();
        String standby =
                scene.cluster.members().stream()
                        .filter(Member::confirms)
                        .map(Member::name)
                        .findFirst()
                        .orElseThrow(() -> new Trouble("No standby confirms commits"));
        scene.fault("kill " + standby);
        scene.stack.kill(standby);
        scene.steady(scene.away(15));
        scene.stack.start(standby);
        scene.event(standby + " is started again");
        scene.awaitWhole();
    }

    /// Asks a node that is sure to answer.
    private static boolean leadsElsewhere(Scene scene, String former) {
        return scene.stack.nodes().stream()
                .filter(node -> !node.equals(former))
                .anyMatch(
                        node -> scene.cluster.sql(node, "SELECT pg_is_in_recovery()").equals("f"));
    }
}
