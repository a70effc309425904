package io.headwater.eventstore;

import static io.headwater.eventstore.Events.event;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// What each of the two processes of the order proof does.
final class ContestedRounds {

    static final String HOT = "model=hot";
    private static final int THREADS = 8;

    private final EventLog log;
    private final String process;

    ContestedRounds(EventLog log, String process) {
        this.log = log;
        this.process = process;
    }

    /// All threads go for one unique tag.
    ///
    /// @return how many got it
    long race(int round) throws Exception {
        String unique = "unique=" + round;
        return inThreads(thread -> {
            try {
                NewEvent claim = event("Claimed", unique, HOT, "process=" + process);
                Events.append(log, Events.unless(0, Criterion.tagged(unique), claim));
                return 1L;
            } catch (EventLogException.Conflict e) {
                return 0L;
            }
        });
    }

    /// All threads append one to three events at a time, all with the hot tag.
    ///
    /// @return how many events
    long load(int appendsPerThread) throws Exception {
        return inThreads(thread -> {
            long events = 0;
            for (int i = 0; i < appendsPerThread; i++) {
                String own = "record=" + process + "/" + thread + "/" + i;
                NewEvent[] some =
                        IntStream.rangeClosed(0, i % 3)
                                .mapToObj(n -> event("Made", own, HOT))
                                .toArray(NewEvent[]::new);
                Events.append(log, Events.unless(0, Criterion.tagged(own), some));
                events += some.length;
            }
            return events;
        });
    }

    private interface Work {
        long run(int thread) throws Exception;
    }

    private static long inThreads(Work work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> all =
                    IntStream.range(0, THREADS)
                            .mapToObj(thread ->
                                    threads.submit((Callable<Long>) () -> work.run(thread)))
                            .toList();
            long sum = 0;
            for (Future<Long> one : all) {
                sum += one.get();
            }
            return sum;
        }
    }
}
