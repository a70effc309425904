package io.headwater.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SharedReadsTest {

    @Test
    void callersWhoComeWhileOthersReadShareOneStatement() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<List<Criterion>> statements = new ArrayList<>();
        AtomicInteger entered = new AtomicInteger();
        SharedReads reads =
                new SharedReads(criteria -> {
                    synchronized (statements) {
                        statements.add(criteria);
                    }
                    entered.incrementAndGet();
                    await(gate);
                    return new Newest(7, new ConcurrentHashMap<>());
                });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Newest>> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Criterion own = Criterion.tagged("k=" + i);
                answers.add(callers.submit(() -> reads.newest(List.of(own))));
            }
            Awaitility.await().until(() -> entered.get() == 2);
            for (int i = 2; i < 32; i++) {
                Criterion own = Criterion.tagged("k=" + i);
                answers.add(callers.submit(() -> reads.newest(List.of(own))));
            }
            Awaitility.await().until(() -> reads.waiting() == 30);
            gate.countDown();
            for (Future<Newest> answer : answers) {
                assertThat(answer.get().head()).isEqualTo(7);
            }
        }
        assertThat(statements).hasSizeBetween(3, 4);
        assertThat(statements.stream().mapToInt(List::size).sum()).isEqualTo(32);
    }

    @Test
    void aFailureReachesEveryoneWhoSharedItAndNobodyAfter() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SharedReads reads =
                new SharedReads(criteria -> {
                    if (calls.incrementAndGet() <= 2) {
                        throw new IllegalStateException("away");
                    }
                    return new Newest(1, new ConcurrentHashMap<>());
                });
        for (int i = 0; i < 2; i++) {
            Criterion own = Criterion.tagged("k=" + i);
            assertThatThrownBy(() -> reads.newest(List.of(own))).hasMessage("away");
        }
        assertThat(reads.newest(List.of(Criterion.tagged("k=1"))).head()).isEqualTo(1);
    }

    /// Each caller appends to a tag of its own and must find, every time, just that event.
    @Test
    void eachCallerGetsItsOwnNewestAndNeverAnOlderOne() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                EventLog log = new EventLog(database.appender());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 32; caller++) {
                String tag = "record=" + caller;
                all.add(callers.submit(() -> appendAndFind(log, tag)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void appendAndFind(EventLog log, String tag) {
        Criterion own = Criterion.tagged(tag);
        Criterion nobodys = Criterion.tagged("none=" + tag);
        for (int i = 0; i < 50; i++) {
            Appended place = Events.append(log, Events.always(Events.event("Made", tag)));
            Newest newest = log.newest(List.of(own, nobodys));
            assertThat(newest.events()).containsOnlyKeys(own);
            assertThat(newest.events().get(own)).returns(place.last(), StoredEvent::position);
            assertThat(newest.head()).isGreaterThanOrEqualTo(place.last());
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
