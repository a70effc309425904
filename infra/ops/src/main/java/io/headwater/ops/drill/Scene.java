package io.headwater.ops.drill;

import static java.util.Objects.requireNonNull;

import io.headwater.ops.drill.Load.Acknowledged;
import io.headwater.ops.drill.Load.Sample;
import io.headwater.ops.drill.Outages.Mark;
import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Door;
import io.headwater.ops.stack.Stack;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Where a drill takes place: the stack under load, and what has been done to it. For one thread.
final class Scene implements AutoCloseable {
    private static final Duration WHOLE_WITHIN = Duration.ofMinutes(4);

    final Stack stack;
    final Cluster cluster;
    final Door door;
    final String model;
    final int rounds;
    private final boolean brief;
    private final Consumer<String> progress;
    private final long origin = System.nanoTime();
    private final List<Load> loads = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();

    /// @param form with its rounds settled
    Scene(Stack stack, Door door, String model, Drills.Form form, Consumer<String> progress) {
        this.stack = stack;
        this.cluster = new Cluster(stack);
        this.door = door;
        this.model = model;
        this.rounds = requireNonNull(form.rounds());
        this.brief = form.brief();
        this.progress = progress;
        var answer =
                door.send(
                        "PUT",
                        "/models/" + model,
                        "{\"fields\":{\"mark\":{\"type\":\"text\",\"required\":true}}}");
        if (!answer.accepted()) {
            throw new Trouble("The drill's model was not taken: " + answer);
        }
        String token = answer.token().orElse("");
        await(
                "the drill's model can be read",
                Duration.ofMinutes(2),
                () ->
                        door.get(
                                        "/models/" + model,
                                        "Consistency-At-Least",
                                        token,
                                        "Prefer",
                                        "wait=20")
                                .accepted());
    }

    void startLoad(String name) {
        var load = new Load(door, model, name, origin);
        loads.add(load);
        load.start();
        awaitWrites(30);
    }

    /// Writes that are going to be undone, and so are not looked for afterwards.
    ///
    /// @return the last of them
    Acknowledged writeInVain() {
        try (var load = new Load(door, model, "vain", origin)) {
            load.start();
            await(
                    "writes are acknowledged",
                    Duration.ofMinutes(1),
                    () -> load.acknowledgedSoFar() > 50);
            load.stop();
            return newest(load.acknowledged());
        }
    }

    void stopLoad() {
        loads.forEach(Load::stop);
    }

    double now() {
        return (System.nanoTime() - origin) / 1e9;
    }

    /// Marks a fault: what the outage after it is measured from.
    void fault(String what) {
        mark(what, Mark.Kind.FAULT);
    }

    /// Marks what only sets the stage for a fault.
    void layout(String what) {
        mark(what, Mark.Kind.LAYOUT);
    }

    void event(String what) {
        mark(what, Mark.Kind.EVENT);
    }

    private void mark(String what, Mark.Kind kind) {
        marks.add(new Mark(now(), what, kind));
        progress.accept("%6.1f s  %s".formatted(now(), what));
    }

    void tell(String what) {
        progress.accept("%6.1f s  %s".formatted(now(), what));
    }

    /// How long a part is away: in the brief form a third of what it is else.
    double away(double seconds) {
        return brief ? seconds / 3 : seconds;
    }

    /// Goes on with the load for a while.
    void steady(double seconds) {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("Interrupted", e);
        }
    }

    void await(String what, Duration atMost, BooleanSupplier condition) {
        if (!Cluster.await(atMost, Duration.ofMillis(500), condition)) {
            throw new Trouble("Waited %d s in vain until %s".formatted(atMost.toSeconds(), what));
        }
    }

    /// All nodes are there, and another may take over without a loss of the slot.
    void awaitWhole() {
        await("every node streams and has the slot's copy", WHOLE_WITHIN, cluster::ready);
    }

    void awaitWrites(int more) {
        int until = acknowledgedSoFar() + more;
        await(
                more + " more writes were acknowledged",
                Duration.ofSeconds(150),
                () -> acknowledgedSoFar() >= until);
    }

    private int acknowledgedSoFar() {
        return loads.stream().mapToInt(Load::acknowledgedSoFar).sum();
    }

    /// A token from before an event is honoured after it.
    void checkToken(Acknowledged write) {
        var answer =
                door.get(
                        "/records/" + model + "/" + write.id(),
                        "Consistency-At-Least",
                        write.token().toString(),
                        "Prefer",
                        "wait=30");
        bars.add(
                Bar.holds(
                        "a token of before is honoured",
                        answer.accepted()
                                && answer.json().path("revision").asLong(0) >= write.revision(),
                        answer.accepted() ? "yes" : answer.toString()));
    }

    Acknowledged lastAcknowledged() {
        return newest(acknowledged());
    }

    private static Acknowledged newest(List<Acknowledged> writes) {
        return writes.stream()
                .max(Comparator.comparingLong(write -> write.token().position()))
                .orElseThrow(() -> new Trouble("No write was acknowledged"));
    }

    void bar(Bar bar) {
        bars.add(bar);
    }

    Audit.Finding audit(Audit audit) {
        return audit.of(acknowledged());
    }

    List<Bar> bars() {
        return bars;
    }

    List<Mark> marks() {
        return marks;
    }

    List<Acknowledged> acknowledged() {
        return loads.stream().map(Load::acknowledged).flatMap(Collection::stream).toList();
    }

    List<Sample> samples() {
        return loads.stream().map(Load::samples).flatMap(Collection::stream).toList();
    }

    List<String> failures() {
        return loads.stream().map(Load::failures).flatMap(Collection::stream).toList();
    }

    List<String> unsettled() {
        return loads.stream().map(Load::unsettled).flatMap(Collection::stream).toList();
    }

    @Override
    public void close() {
        loads.forEach(Load::close);
    }
}
