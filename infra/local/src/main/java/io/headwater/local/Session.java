package io.headwater.local;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// One run at a terminal: from the first line printed to the last part stopped.
final class Session implements Progress {
    private final LocalPlatform platform;
    private final boolean demo;
    private final PrintStream out = System.out;
    private final CountDownLatch forever = new CountDownLatch(1);
    private volatile boolean stopping;

    Session(Path home, boolean demo) {
        this.demo = demo;
        LocalFolders.makePrivate(home);
        this.platform =
                LocalPlatform.builder()
                        .inFolder(home)
                        .on(LocalPorts.from(System.getenv()))
                        .tell(this)
                        .build();
    }

    /// Runs until the process is told to end.
    ///
    /// @throws LocalFailure if a part does not start; then all are stopped
    void run() {
        Thread main = Thread.currentThread();
        Thread stop = new Thread(() -> stop(main), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            start();
            forever.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException broken) {
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(stop);
                platform.close();
                throw broken;
            }
        }
    }

    private void start() {
        long from = System.nanoTime();
        say("Headwater starts. Data and logs are in " + platform.home() + ".");
        platform.start();
        platform.supervise();
        say(
                "All is ready after %.1f s. Ctrl-C stops it."
                        .formatted((System.nanoTime() - from) / 1e9));
        Welcome welcome = new Welcome(platform);
        welcome.print(out);
        if (demo) {
            demonstrate(welcome);
        }
    }

    // Without its data the platform is as good as with them, so a failure here is told and no more.
    private void demonstrate(Welcome welcome) {
        long from = System.nanoTime();
        Demo demonstration = new Demo(platform);
        try {
            say("Loading reference data of this JDK.");
            Map<String, Integer> counts = demonstration.load();
            counts.forEach((model, count) -> say("  %-16s %,6d records".formatted(model, count)));
            say(
                    "Loaded and to be seen in queries after %.1f s."
                            .formatted((System.nanoTime() - from) / 1e9));
            say("");
            demonstration.printQueries(out, welcome.header());
        } catch (LocalFailure broken) {
            if (!stopping) {
                say(String.valueOf(broken.getMessage()));
            }
        }
    }

    private void stop(Thread main) {
        stopping = true;
        main.interrupt();
        say("");
        say("Stopping.");
        platform.close();
        say("All is stopped; the data stay in " + platform.home() + ".");
    }

    @Override
    public void ready(String part, Duration took) {
        say("  %-16s ready  %5.1f s".formatted(part, took.toMillis() / 1e3));
    }

    @Override
    public synchronized void say(String line) {
        out.println(line);
        out.flush();
    }
}
