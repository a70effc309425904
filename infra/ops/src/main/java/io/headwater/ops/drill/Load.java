package io.headwater.ops.drill;

import io.headwater.contract.ConsistencyToken;
import io.headwater.ops.stack.Door;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Clients that write and read through the door at a steady pace, each write with an
/// `Idempotency-Key`. A command that is refused or not answered counts as failed, and is sent again
/// with the same key until it is settled, as any client should.
final class Load implements AutoCloseable {
    static final int WRITERS = 4;
    static final int READERS = 2;
    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration SETTLE_WITHIN = Duration.ofMinutes(3);

    private final Door door;
    private final String model;
    private final String name;
    private final long origin;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> unsettled = new ConcurrentLinkedQueue<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    /// A write that was acknowledged.
    ///
    /// @param mark in the record's field `mark`; no other write has it
    /// @param repeated whether it was sent more than once: the answer may be the stored one then,
    ///   and its token is of when that was found
    record Acknowledged(
            String id,
            String mark,
            long revision,
            ConsistencyToken token,
            boolean repeated,
            double at) {}

    /// One request.
    ///
    /// @param at seconds from the start of the drill to the answer
    /// @param took milliseconds
    record Sample(boolean write, double at, double took, boolean well) {}

    /// @param name tells its records and keys from those of another load
    /// @param origin of the drill's clock, by [System#nanoTime]
    Load(Door door, String model, String name, long origin) {
        this.door = door;
        this.model = model;
        this.name = name;
        this.origin = origin;
    }

    void start() {
        for (int i = 0; i < WRITERS; i++) {
            int client = i;
            running.add(clients.submit(() -> writeUntilStopped(client)));
        }
        for (int i = 0; i < READERS; i++) {
            int client = i;
            running.add(clients.submit(() -> readUntilStopped(client)));
        }
    }

    private void writeUntilStopped(int client) {
        var random = new Random(client);
        var pace = new Pace(client);
        int created = 0;
        for (int n = 0; !stopped; n++) {
            boolean create = created == 0 || random.nextInt(3) == 0;
            String id = name + client + "-" + (create ? created++ : random.nextInt(created));
            write(create ? "PUT" : "PATCH", id, name + client + "-" + n);
            pace.await();
        }
    }

    private void write(String method, String id, String mark) {
        String path = "/records/" + model + "/" + id;
        String body = "{\"mark\":\"" + mark + "\"}";
        String key = model + "-" + mark;
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            long sent = System.nanoTime();
            var answer = door.send(method, path, body, "Idempotency-Key", key);
            samples.add(sample(true, sent, answer.accepted()));
            if (answer.accepted()) {
                acknowledged.add(
                        new Acknowledged(
                                id,
                                mark,
                                answer.json().path("revision").longValue(),
                                answer.token()
                                        .flatMap(ConsistencyToken::parse)
                                        .orElseThrow(
                                                () -> new Trouble("No token in answer " + answer)),
                                attempt > 1,
                                now()));
                return;
            }
            if (attempt == 1) {
                failures.add("%.1f s: %s %s: %s".formatted(now(), method, path, answer));
            }
            if (System.nanoTime() - begin > SETTLE_WITHIN.toNanos()) {
                unsettled.add("%s %s: %s".formatted(method, path, answer));
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private void readUntilStopped(int client) {
        var pace = new Pace(client + WRITERS);
        while (!stopped) {
            long sent = System.nanoTime();
            var answer = door.get("/records/" + model + "?page%5Bsize%5D=5");
            samples.add(sample(false, sent, answer.accepted()));
            pace.await();
        }
    }

    private Sample sample(boolean write, long sent, boolean well) {
        return new Sample(write, now(), (System.nanoTime() - sent) / 1e6, well);
    }

    double now() {
        return (System.nanoTime() - origin) / 1e9;
    }

    /// Requests at equal distances; one that took too long is not made up for.
    private static final class Pace {
        private long next;

        Pace(int client) {
            next = System.nanoTime() + PACE.toNanos() * client / WRITERS;
        }

        void await() {
            next = Math.max(next + PACE.toNanos(), System.nanoTime());
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    int acknowledgedSoFar() {
        return acknowledged.size();
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /// Commands whose first answer was none or a refusal.
    List<String> failures() {
        return List.copyOf(failures);
    }

    /// Commands of which nobody knows what became of them, however often they were sent.
    List<String> unsettled() {
        return List.copyOf(unsettled);
    }

    /// Ends the load; each client finishes what it is at.
    void stop() {
        stopped = true;
        for (var client : running) {
            try {
                client.get(SETTLE_WITHIN.toSeconds() + 90, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Trouble("Interrupted", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new Trouble("A client of the load failed: " + e, e);
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        clients.shutdownNow();
    }
}
