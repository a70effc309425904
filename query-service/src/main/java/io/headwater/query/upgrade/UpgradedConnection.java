package io.headwater.query.upgrade;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.util.Objects;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// A connection without the web server's request: once the head of an answer is out, the server
/// takes back its buffers for heads and bodies, which are most of what an open connection costs.
///
/// Servlets upgrade a connection to another protocol, after an answer with status 101. Nothing in
/// it needs another protocol: here what follows the head is the body of the answer, which ends with
/// the connection (RFC 9112, 6.3). The handler is of Tomcat's own kind, since with that of the
/// servlet API no thread but the server's can close the connection.
///
/// Nothing here blocks. Safe for concurrent use.
public final class UpgradedConnection implements InternalHttpUpgradeHandler {

    /// Whose connection it is. Told by threads of the server.
    public interface Owner {
        /// The head is out, and the client waits for the body. Never called if the client has gone
        /// before.
        void onOpen(UpgradedConnection connection);

        /// The client takes more, after it did not.
        void onWritable();

        /// The client is gone.
        void onGone();
    }

    // Tomcat keeps what a write could not send, so each is small.
    private static final int CHUNK = 8_192;

    /// Bytes that the kernel keeps for a client that takes them slowly. By itself it takes
    /// megabytes, and for minutes does not tell that some were taken.
    private static final int KERNEL_BUFFER = 64 * 1024;

    private @Nullable Owner owner;
    private @Nullable SocketWrapperBase<?> socket;

    // Guarded by this.
    private boolean blocked;
    private long blockedSince;
    private boolean closed;

    /// For Tomcat, in [#take].
    public UpgradedConnection() {}

    /// Sends the head of the answer and takes the connection, as soon as the caller is done with
    /// the request.
    ///
    /// @param response with all its headers
    /// @throws IOException if the client is gone
    public static void take(HttpServletRequest request, HttpServletResponse response, Owner owner)
            throws IOException {
        try {
            response.setHeader(HttpHeaders.CONNECTION, "close"); // so the body has no chunks
            request.upgrade(UpgradedConnection.class).owner = owner;
            response.setStatus(HttpServletResponse.SC_OK);
            response.flushBuffer();
        } catch (IOException e) {
            owner.onGone();
            throw e;
        } catch (ServletException e) {
            throw new IllegalStateException("Tomcat cannot make the handler", e);
        }
    }

    /// Writes as much as the client takes just now. If that is less than all, the owner is told
    /// when it takes more.
    ///
    /// @return how many bytes were taken
    /// @throws IOException if the client is gone
    public synchronized int write(byte[] bytes, int from) throws IOException {
        int at = from;
        while (at < bytes.length && isReady()) {
            int length = Math.min(CHUNK, bytes.length - at);
            socket().write(false, bytes, at, length);
            at += length;
        }
        return at - from;
    }

    /// Sends what small writes have left in a buffer.
    ///
    /// @throws IOException if the client is gone
    public synchronized void flush() throws IOException {
        if (!closed && !blocked && socket().flush(false)) {
            block();
        }
    }

    /// How long the client has taken nothing though there is something, in nanoseconds.
    public synchronized long blockedFor() {
        return blocked ? System.nanoTime() - blockedSince : 0;
    }

    /// Closes it at once, whatever is still to be sent.
    public synchronized void close() {
        if (!closed) {
            closed = true;
            socket().close();
        }
    }

    private boolean isReady() {
        if (!closed && !blocked && !socket().isReadyForWrite()) {
            block();
        }
        return !closed && !blocked;
    }

    private void block() {
        blocked = true;
        blockedSince = System.nanoTime();
        socket().registerWriteInterest();
    }

    private SocketWrapperBase<?> socket() {
        return Objects.requireNonNull(socket, "before setSocketWrapper");
    }

    private Owner owner() {
        return Objects.requireNonNull(owner, "before take");
    }

    @Override
    public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
        socket = wrapper;
        if (wrapper.getSocket() instanceof NioChannel channel) {
            try {
                channel.getIOChannel().setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
            } catch (IOException e) {
                // The client is gone, which the first write finds.
            }
        }
    }

    @Override
    public void init(WebConnection connection) {
        owner().onOpen(this);
    }

    @Override
    public SocketState upgradeDispatch(SocketEvent event) {
        boolean goesOn =
                switch (event) {
                    case OPEN_READ -> isThere();
                    case OPEN_WRITE -> goOn();
                    case STOP, TIMEOUT, DISCONNECT, ERROR, CONNECT_FAIL -> false;
                };
        if (goesOn) {
            return SocketState.UPGRADED;
        }
        destroy();
        return SocketState.CLOSED;
    }

    /// What a client sends meanwhile is nobody's; only that it is gone is of interest.
    private boolean isThere() {
        try {
            return socket().read(false, new byte[256], 0, 256) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean goOn() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            try {
                if (socket().flush(false) || !socket().isReadyForWrite()) {
                    block();
                    return true;
                }
            } catch (IOException e) {
                return false;
            }
            blocked = false;
        }
        owner().onWritable();
        return true;
    }

    @Override
    public void destroy() {
        synchronized (this) {
            closed = true;
        }
        owner().onGone();
    }

    @Override
    public void timeoutAsync(long now) {}

    @Override
    public void setSslSupport(SSLSupport sslSupport) {}

    @Override
    public void pause() {}
}
