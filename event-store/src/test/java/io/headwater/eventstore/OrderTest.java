package io.headwater.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.eventstore.WalReader.Inserted;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Two processes append to one log; a WAL reader and a follower watch.
class OrderTest {

    private static final int ROUNDS = 250;
    private static final int APPENDS_PER_THREAD = 300;

    @Test
    void positionsAreCommitOrderAndWalOrderAndNoConflictIsMissed() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                WalReader wal = new WalReader(database, "order_test");
                EventLog log = new EventLog(database.appender());
                Peer peer = new Peer(database);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ContestedRounds here = new ContestedRounds(log, "here");
            Future<List<Long>> followed = threads.submit(() -> follow(log));

            List<Long> winnersHere = new ArrayList<>();
            for (int round = 1; round <= ROUNDS; round++) {
                peer.order("race " + round);
                long wonHere = here.race(round);
                assertThat(wonHere + peer.count()).as("winners of round %d", round).isEqualTo(1);
                winnersHere.add(wonHere);
            }
            assertThat(winnersHere.stream().mapToLong(Long::longValue).sum())
                    .as("rounds won here: both processes did race")
                    .isBetween(1L, ROUNDS - 1L);

            peer.order("load " + APPENDS_PER_THREAD);
            long events = here.load(APPENDS_PER_THREAD);
            events += peer.count();
            long head = log.head();
            assertThat(head).isEqualTo(ROUNDS + events);
            Events.append(log, Events.always(Events.event("Ended")));

            List<Long> gapless = LongStream.rangeClosed(1, head + 1).boxed().toList();
            List<Inserted> inWal = wal.readUpTo(head + 1);
            assertThat(inWal)
                    .extracting(Inserted::position)
                    .as("order of the WAL")
                    .isEqualTo(gapless);
            assertThat(Events.all(log))
                    .extracting(StoredEvent::id)
                    .isEqualTo(inWal.stream().map(Inserted::id).toList());
            assertThat(followed.get())
                    .as("what a reader saw while others wrote")
                    .isEqualTo(gapless);
        }
    }

    private static List<Long> follow(EventLog log) throws InterruptedException {
        List<Long> seen = new ArrayList<>();
        try (Follower follower = log.follow(0, List.of(Criterion.everyEvent()))) {
            while (true) {
                for (StoredEvent event : follower.next(Duration.ofSeconds(30))) {
                    seen.add(event.position());
                    if (event.type().equals("Ended")) {
                        return seen;
                    }
                }
            }
        }
    }

    private static final class Peer implements AutoCloseable {
        private final Process process;
        private final PrintWriter orders;
        private final BufferedReader answers;

        Peer(TestDatabase database) throws Exception {
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx256m",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    OrderPeer.class.getName(),
                                    database.url(),
                                    database.password())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            answer("ready");
        }

        void order(String order) {
            orders.println(order);
        }

        long count() throws Exception {
            return Long.parseLong(answer("count ").substring("count ".length()));
        }

        private String answer(String beginning) throws Exception {
            Callable<String> read = answers::readLine;
            for (String line = read.call(); line != null; line = read.call()) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
            throw new IllegalStateException("The second process ended");
        }

        @Override
        public void close() throws Exception {
            orders.close();
            if (!process.waitFor(Duration.ofSeconds(20))) {
                process.destroyForcibly();
            }
        }
    }
}
