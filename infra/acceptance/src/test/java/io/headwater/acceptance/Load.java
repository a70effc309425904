package io.headwater.acceptance;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Client apps that write records of one model and retry with the same `Idempotency-Key` until they
/// get an answer, as any client should. Remembers each acknowledged write.
final class Load implements AutoCloseable {
    /// Between two writes, and two tries, of one client: at full speed a service that was killed
    /// would hardly come to start beside its load.
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// A write that the command service acknowledged.
    record Acknowledged(String id, long revision, long position) {}

    private final Client commands;
    private final String model;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> unexpected = new ConcurrentLinkedQueue<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    Load(Client commands, String model) {
        this.commands = commands;
        this.model = model;
    }

    /// @param clients how many write at the same time, each its own records
    /// @param seed of the random choices
    void start(int clients, long seed) {
        for (int i = 0; i < clients; i++) {
            String name = "c" + i;
            var random = new Random(seed + i);
            running.add(this.clients.submit(() -> writeUntilStopped(name, random)));
        }
    }

    private void writeUntilStopped(String client, Random random) {
        int created = 0;
        for (int n = 0; !stopped; n++) {
            boolean create = created == 0 || random.nextInt(3) == 0;
            String id = client + "-" + (create ? created++ : random.nextInt(created));
            String key = client + "-" + n;
            String body = "{\"name\":\"%s %d\",\"amount\":\"%d.50\"}".formatted(id, n, n);
            write(create ? "PUT" : "PATCH", id, key, body);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Retries until there is an answer; only then is it known whether the write is in.
    private void write(String method, String id, String key, String body) {
        while (true) {
            try {
                Answer answer =
                        commands.send(
                                method,
                                "/records/" + model + "/" + id,
                                body,
                                "Idempotency-Key",
                                key,
                                "Content-Type",
                                method.equals("PATCH")
                                        ? "application/merge-patch+json"
                                        : "application/json");
                if (answer.status() < 300) {
                    acknowledged.add(
                            new Acknowledged(id, answer.revision(), answer.token().position()));
                    return;
                }
                if (answer.status() != 503 && answer.status() != 409 && answer.status() != 429) {
                    unexpected.add(answer);
                    return;
                }
            } catch (UncheckedIOException noAnswer) {
                // The command service is away; the key makes the retry safe.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    int acknowledgedSoFar() {
        return acknowledged.size();
    }

    /// Ends the load; each client finishes the write that it is at.
    List<Acknowledged> stop() throws Exception {
        stopped = true;
        for (var client : running) {
            client.get(120, TimeUnit.SECONDS);
        }
        return List.copyOf(acknowledged);
    }

    /// Answers that are neither acceptance nor a request to come again.
    List<Answer> unexpected() {
        return List.copyOf(unexpected);
    }

    @Override
    public void close() {
        stopped = true;
        clients.close();
    }
}
