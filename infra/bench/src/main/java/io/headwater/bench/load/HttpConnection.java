package io.headwater.bench.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One persistent HTTP/1.1 connection to a service on the loopback, lean enough not to be what is
/// measured. Opens itself anew when the service closes it. Not safe for concurrent use.
public final class HttpConnection implements AutoCloseable {
    /// An answer.
    ///
    /// @param headers by name in lower case
    public record Answer(int status, Map<String, String> headers, String body) {
        /// @throws IOException if the answer is not of the 2xx kind; with the body, which says why
        public Answer expectSuccess() throws IOException {
            if (status / 100 != 2) {
                throw new IOException("The service answered " + status + ": " + body);
            }
            return this;
        }

        /// @throws IOException if there is no such header
        public String header(String name) throws IOException {
            String value = headers.get(name.toLowerCase(Locale.ROOT));
            if (value == null) {
                throw new IOException("The answer has no " + name + ": " + headers);
            }
            return value;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BUFFER = 16 * 1024;

    private final URI service;
    private final String credentials;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();

    public HttpConnection(URI service, String token) {
        this.service = service;
        this.credentials = "Authorization: Bearer " + token + "\r\n";
    }

    public Answer get(String path, String... headers) throws IOException {
        return send("GET", path, "", headers);
    }

    /// @param body JSON; empty for none
    /// @param headers names and values in turn
    public Answer send(String method, String path, String body, String... headers)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(1024);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ");
        head.append(service.getAuthority()).append("\r\n").append(credentials);
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            typed |= headers[i].equalsIgnoreCase("Content-Type");
        }
        if (content.length > 0) {
            if (!typed) {
                head.append("Content-Type: application/json\r\n");
            }
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        head.append("\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + content.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(content, 0, whole, start.length, content.length);
        open();
        out.write(whole);
        return read();
    }

    private void open() throws IOException {
        if (socket != null) {
            return;
        }
        Socket fresh = new Socket();
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        fresh.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), service.getPort()),
                Math.toIntExact(PATIENCE.toMillis()));
        in = new BufferedInputStream(fresh.getInputStream(), BUFFER);
        out = fresh.getOutputStream();
        socket = fresh;
    }

    private Answer read() throws IOException {
        String status = line();
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body =
                "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
                        ? chunks()
                        : exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        if ("close".equalsIgnoreCase(headers.get("connection"))) {
            close();
        }
        return new Answer(
                Integer.parseInt(status, 9, 12, 10),
                headers,
                new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String line = line();
        int end = line.indexOf(';');
        return Integer.parseInt(end < 0 ? line : line.substring(0, end), 16);
    }

    private byte[] exactly(int bytes) throws IOException {
        byte[] body = in.readNBytes(bytes);
        if (body.length < bytes) {
            throw new EOFException("The service closed the connection in the middle of an answer.");
        }
        return body;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The service closed the connection without an answer.");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
