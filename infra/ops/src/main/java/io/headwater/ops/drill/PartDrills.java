package io.headwater.ops.drill;

import io.headwater.ops.stack.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What may befall everything but the database nodes, and everything at once.
final class PartDrills {
    private PartDrills() {}

    static List<Drill> all() {
        return List.of(
                new Drill(
                        "kill-relay",
                        "SIGKILL of the relay that leads",
                        1,
                        true,
                        PartDrills::killRelay,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "kill-kafka",
                        "SIGKILL of Kafka for 60 s",
                        1,
                        true,
                        PartDrills::killKafka,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "kill-query",
                        "SIGKILL of a query service",
                        1,
                        true,
                        scene -> killService(scene, "query1"),
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "kill-command",
                        "SIGKILL of a command service in the middle of its commands",
                        1,
                        true,
                        scene -> killService(scene, "command1"),
                        (scene, outages) ->
                                List.of(
                                        Bar.atMost(
                                                "failed commands: those in flight",
                                                Load.WRITERS,
                                                scene.failures().size()))),
                new Drill(
                        "kill-all",
                        "SIGKILL of the whole stack, and up again",
                        1,
                        true,
                        PartDrills::killAll,
                        (scene, outages) -> List.of()));
    }

    private static void killRelay(Scene scene) {
        String leading =
                scene.stack.several("relay").stream()
                        .filter(relay ->
                                scene.stack
                                        .in(relay, "curl", "-s", "localhost:8082/actuator/relay")
                                        .out()
                                        .contains("\"leading\""))
                        .findFirst()
                        .orElse("relay1");
        scene.fault("kill " + leading);
        scene.stack.kill(leading);
        scene.steady(scene.away(15));
        scene.stack.start(leading);
        scene.event(leading + " is started again");
        scene.steady(10);
    }

    private static void killKafka(Scene scene) {
        scene.fault("kill kafka");
        scene.stack.kill("kafka");
        scene.steady(scene.away(60));
        scene.stack.start("kafka");
        scene.event("kafka is started again");
        scene.steady(scene.away(15));
    }

    private static void killService(Scene scene, String service) {
        scene.fault("kill " + service);
        scene.stack.kill(service);
        scene.steady(scene.away(10));
        scene.stack.start(service);
        scene.event(service + " is started again");
        scene.await(
                service + " is ready",
                Duration.ofMinutes(3),
                () ->
                        scene.stack
                                .in(
                                        service,
                                        "sh",
                                        "-c",
                                        "curl -sf http://localhost:$SERVER_PORT/actuator/health/readiness")
                                .well());
        scene.steady(5);
    }

    private static void killAll(Scene scene) {
        var running = new ArrayList<String>();
        scene.stack
                .states()
                .forEach((service, state) -> {
                    if (state.startsWith("running")) {
                        running.add(service);
                    }
                });
        scene.fault("kill all " + running.size() + " containers");
        scene.stack.kill(running.toArray(String[]::new));
        scene.stack
                .compose(Duration.ofMinutes(8), "up", "-d", "--wait")
                .orTrouble("Starting the stack again");
        scene.event("up again");
        scene.await("the cluster is whole", Duration.ofMinutes(4), new Cluster(scene.stack)::whole);
        scene.awaitWrites(20);
    }
}
