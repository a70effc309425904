package io.headwater.ops.drill;

import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Door;
import io.headwater.ops.stack.Stack;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All drills, and how one is run: load, fault, and then each acknowledged write is looked for.
public final class Drills {
    private static final List<Drill> ALL =
            Stream.of(
                            PrimaryDrills.all(),
                            PartDrills.all(),
                            ArchiveDrills.all(),
                            RestoreDrills.all(),
                            UpkeepDrills.all())
                    .flatMap(List::stream)
                    .toList();
    private static final double STEADY_SECONDS = 5;

    private Drills() {}

    /// @param rounds how often; null for as often as a drill has it by itself
    /// @param brief whether parts are away for a third of the time that a drill has them away by
    ///   itself
    public record Form(@Nullable Integer rounds, boolean brief) {}

    /// Name and description of each.
    public static Map<String, String> all(boolean small) {
        var all = new LinkedHashMap<String, String>();
        ALL.stream()
                .filter(drill -> !small || drill.small())
                .forEach(drill -> all.put(drill.name(), drill.about()));
        return all;
    }

    /// @throws Trouble if there is no such drill, or the stack is not whole
    public static Report run(Stack stack, String name, Form form, Consumer<String> progress) {
        var drill =
                ALL.stream()
                        .filter(one -> one.name().equals(name) && (!stack.small() || one.small()))
                        .findFirst()
                        .orElseThrow(() ->
                                new Trouble(
                                        "There is no drill %s for this form of the stack; there are %s"
                                                .formatted(
                                                        name,
                                                        String.join(
                                                                ", ",
                                                                all(stack.small()).keySet()))));
        var cluster = new Cluster(stack);
        progress.accept("waits until the stack is whole");
        if (!Cluster.await(Duration.ofMinutes(4), cluster::ready)) {
            throw new Trouble("The stack is not whole; `headwater status` says why");
        }
        var at = Instant.now();
        String model = "drill_" + Long.toString(at.toEpochMilli(), 36);
        try (var door = new Door(stack);
                var scene =
                        new Scene(
                                stack,
                                door,
                                model,
                                new Form(
                                        Objects.requireNonNullElse(form.rounds(), drill.rounds()),
                                        form.brief()),
                                progress)) {
            var audit = new Audit(stack, cluster, door, model);
            scene.startLoad("c");
            scene.steady(STEADY_SECONDS);
            runToItsEnd(drill, scene);
            scene.stopLoad();
            progress.accept(
                    "compares %,d acknowledged writes".formatted(scene.acknowledged().size()));
            return report(drill, at, scene, scene.audit(audit));
        }
    }

    /// What was acknowledged is looked for also where a drill has to be given up.
    private static void runToItsEnd(Drill drill, Scene scene) {
        try {
            drill.course().run(scene);
            scene.steady(STEADY_SECONDS);
        } catch (Trouble e) {
            String reason = String.valueOf(e.getMessage());
            scene.event("given up: " + reason);
            scene.bar(Bar.holds("the drill went to its end", false, reason));
        }
    }

    private static Report report(Drill drill, Instant at, Scene scene, Audit.Finding found) {
        var outages = new Outages(scene.samples(), scene.marks());
        var bars = new ArrayList<Bar>();
        bars.addAll(
                Arrays.asList(
                        Bar.none("lost", found.lost()),
                        Bar.none("repeated, in the log or on Kafka", found.repeated()),
                        Bar.none("phantom on Kafka", found.phantom()),
                        Bar.none("missing on Kafka", found.missing()),
                        Bar.none("out of order", found.outOfOrder()),
                        Bar.none("read models other than the log", found.misread()),
                        Bar.none("unsettled by the same key", scene.unsettled().size())));
        bars.addAll(scene.bars());
        bars.addAll(drill.judge().judge(scene, outages));
        return new Report(drill, at, bars, found, outages, scene.failures());
    }
}
