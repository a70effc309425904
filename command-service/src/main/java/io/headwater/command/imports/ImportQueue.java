package io.headwater.command.imports;

import io.headwater.command.ledger.Commands;
import io.headwater.command.spool.Spool;
import io.headwater.command.spool.SpooledFile;
import io.headwater.contract.ImportId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs imports in the background, some at a time, and takes over files whose service is gone. Safe
/// for concurrent use.
final class ImportQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportQueue.class);

    private final Spool spool;
    private final ImportLog log;
    private final Commands commands;
    private final ImportProperties bounds;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<ImportId, Phase> phases = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor runners;
    private final ScheduledExecutorService lookout;

    /// Where an import of this service is.
    enum Phase {
        WAITING,
        RUNNING
    }

    ImportQueue(Spool spool, ImportLog log, Commands commands, ImportProperties bounds) {
        this.spool = spool;
        this.log = log;
        this.commands = commands;
        this.bounds = bounds;
        this.runners =
                (ThreadPoolExecutor)
                        Executors.newFixedThreadPool(
                                bounds.running(), Thread.ofPlatform().name("import-", 1).factory());
        this.lookout =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("import-lookout").factory());
        // It ends with the lookout; each look logs its own failures.
        var _ =
                lookout.scheduleWithFixedDelay(
                        this::lookAround, 0, bounds.lookAround().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Whether one more import may wait.
    boolean hasRoom() {
        return runners.getQueue().size() < bounds.waiting();
    }

    /// @return empty if this service does not have the import
    Optional<Phase> phase(ImportId id) {
        return Optional.ofNullable(phases.get(id));
    }

    int waiting() {
        return runners.getQueue().size();
    }

    int running() {
        return runners.getActiveCount();
    }

    /// Runs an import when its turn comes. The file is let go when that has ended.
    void add(SpooledFile file) {
        phases.put(file.id(), Phase.WAITING);
        runners.execute(() -> run(file));
    }

    private void run(SpooledFile file) {
        phases.put(file.id(), Phase.RUNNING);
        boolean done = false;
        try {
            done = new ImportRun(file, log, commands, bounds, stop).run();
        } finally {
            phases.remove(file.id());
            if (done) {
                file.delete();
            } else {
                file.release();
            }
        }
    }

    /// Takes over what a crash left, of this service or of another on the same folder.
    private void lookAround() {
        try {
            for (ImportId id : spool.safe()) {
                if (stop.getCount() > 0 && hasRoom()) {
                    spool.hold(id).ifPresent(this::add);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("the folder for uploads cannot be looked at");
        }
    }

    /// Ends after the chunks at hand; what is not done goes on at the next start.
    @Override
    public void close() {
        stop.countDown();
        lookout.shutdownNow();
        runners.close();
    }
}
