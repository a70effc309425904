package io.headwater.ops.drill;

import io.headwater.ops.stack.Cluster.Member;
import io.headwater.ops.stack.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What operators do on purpose, while clients go on.
final class UpkeepDrills {
    private static final Duration UP_WITHIN = Duration.ofMinutes(4);

    private UpkeepDrills() {}

    static List<Drill> all() {
        return List.of(
                new Drill(
                        "roll-services",
                        "each service is made anew, one after the other, as for a new version",
                        1,
                        false,
                        UpkeepDrills::rollServices,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "roll-database",
                        "each database node is made anew, the one that leads last, as for a new minor version",
                        1,
                        false,
                        UpkeepDrills::rollDatabase,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))),
                new Drill(
                        "rotate-secrets",
                        "a standby gets a new certificate, the relay's role a new password",
                        1,
                        false,
                        UpkeepDrills::rotateSecrets,
                        (scene, outages) -> List.of(Drill.noneFailed(scene))));
    }

    private static void rollServices(Scene scene) {
        Stream.of("command", "relay", "query")
                .map(scene.stack::several)
                .flatMap(List::stream)
                .forEach(service -> {
                    scene.fault(service + " is made anew");
                    makeAnew(scene, service);
                });
    }

    private static void rollDatabase(Scene scene) {
        String leader = scene.cluster.leaderOrTrouble();
        var standbys = scene.stack.nodes().stream().filter(node -> !node.equals(leader)).toList();
        for (String node : standbys) {
            scene.fault(node + " is made anew");
            makeAnew(scene, node);
            scene.awaitWhole();
        }
        String next =
                scene.cluster.members().stream()
                        .filter(Member::confirms)
                        .map(Member::name)
                        .findFirst()
                        .orElseThrow(() -> new Trouble("No standby confirms commits"));
        scene.fault(leader + " hands over to " + next);
        scene.cluster.switchover(leader, next);
        scene.awaitWhole();
        scene.fault(leader + " is made anew");
        makeAnew(scene, leader);
        scene.awaitWhole();
    }

    private static void rotateSecrets(Scene scene) {
        String leader = scene.cluster.leaderOrTrouble();
        String standby =
                scene.stack.nodes().stream()
                        .filter(node -> !node.equals(leader))
                        .findFirst()
                        .orElseThrow();
        Path secrets = scene.stack.folder().resolve("secrets");
        delete(secrets.resolve(standby + ".crt"));
        scene.stack.script("./make-secrets").orTrouble("Making a certificate");
        scene.fault(standby + " gets a new certificate");
        makeAnew(scene, standby);
        scene.awaitWhole();

        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        scene.cluster.sqlOrTrouble(
                leader, "ALTER ROLE headwater_relay PASSWORD '%s'".formatted(password));
        write(secrets.resolve("relay.password"), password);
        scene.fault("the relay's role has a new password");
        scene.stack.several("relay").forEach(relay -> makeAnew(scene, relay));
    }

    private static void makeAnew(Scene scene, String service) {
        scene.stack
                .compose(UP_WITHIN, "up", "-d", "--wait", "--no-deps", "--force-recreate", service)
                .orTrouble("Making " + service + " anew");
        scene.event(service + " is ready");
    }

    private static void write(Path file, String text) {
        try {
            // not written over: the file is read-only, as make-secrets leaves it
            Path half = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(half, text);
            Files.setPosixFilePermissions(half, Files.getPosixFilePermissions(file));
            Files.move(half, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
