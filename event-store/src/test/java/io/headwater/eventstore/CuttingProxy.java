package io.headwater.eventstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Stands between a client and PostgreSQL, and cuts the connection where a test wants it.
/// Statements that pgjdbc has prepared travel without their text, so clients must connect with
/// `prepareThreshold=0`.
final class CuttingProxy implements AutoCloseable {

    /// Where to cut, once.
    enum Cut {
        /// The server never gets the COMMIT.
        BEFORE_COMMIT_IS_FORWARDED,
        /// The server commits, the client never hears of it.
        AFTER_COMMIT_BEFORE_ITS_ANSWER,
        /// The same, and the server's connection is left open, as a network that swallows packets
        /// does.
        COMMIT_IS_SWALLOWED
    }

    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

    private final int target;
    private final ServerSocket listener;
    private final AtomicReference<Cut> cut = new AtomicReference<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    CuttingProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Cuts the next COMMIT that comes by.
    void cutNext(Cut where) {
        cut.set(where);
    }

    int cuts() {
        return cuts.get();
    }

    /// Turns newcomers away, as a server that is down.
    void refuseNewcomers(boolean refuse) {
        refusing = refuse;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(client, server));
                AtomicReference<Cut> waitingForAnswer = new AtomicReference<>();
                Thread.ofVirtual().start(() -> forward(client, server, waitingForAnswer));
                Thread.ofVirtual().start(() -> backward(server, client, waitingForAnswer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void forward(Socket client, Socket server, AtomicReference<Cut> waitingForAnswer) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                Cut where = contains(buffer, n) ? cut.getAndSet(null) : null;
                if (where == Cut.BEFORE_COMMIT_IS_FORWARDED) {
                    cuts.incrementAndGet();
                    close(client, server);
                    return;
                } else if (where == Cut.COMMIT_IS_SWALLOWED) {
                    cuts.incrementAndGet();
                    close(client);
                    return;
                } else if (where == Cut.AFTER_COMMIT_BEFORE_ITS_ANSWER) {
                    waitingForAnswer.set(where);
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // Ends with the connection.
        }
        close(client, server);
    }

    private void backward(Socket server, Socket client, AtomicReference<Cut> waitingForAnswer) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (waitingForAnswer.get() != null) {
                    // ReadyForQuery, idle: the commit is done.
                    if (n >= 6 && buffer[n - 6] == 'Z' && buffer[n - 1] == 'I') {
                        cuts.incrementAndGet();
                        break;
                    }
                    continue;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // Ends with the connection.
        }
        close(client, server);
    }

    private static boolean contains(byte[] buffer, int n) {
        outer:
        for (int i = 0; i + COMMIT.length <= n; i++) {
            for (int j = 0; j < COMMIT.length; j++) {
                if (buffer[i + j] != COMMIT[j]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }

    private static void close(Socket... sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(CuttingProxy::close);
    }
}
