package io.headwater.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Ports on the loopback that nobody listens on. Below the range that the kernel hands out for
/// outgoing connections, so that a port is still free when the process that is to have it comes up
/// a second later.
final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 31_999;
    private static final int ATTEMPTS = 1_000;
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Set<Integer> HANDED_OUT = new HashSet<>();

    private FreePorts() {}

    /// A port that is free now and that this JVM has not handed out before.
    static synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (!HANDED_OUT.contains(port) && isFree(port)) {
                HANDED_OUT.add(port);
                return port;
            }
        }
        throw new LocalFailure(
                "No free port on 127.0.0.1 between " + LOWEST + " and " + HIGHEST + ".");
    }

    /// Waits a moment for a port that a killed process had: what it had just forked still listens
    /// until it is scheduled and sees that its parent is gone.
    static boolean becomesFree(int port) {
        long deadline = System.nanoTime() + LEFT_BEHIND.toNanos();
        while (!isFree(port)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Pause.of(POLL);
        }
        return true;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException busy) {
            return false;
        }
    }
}
