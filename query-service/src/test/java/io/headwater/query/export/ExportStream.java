package io.headwater.query.export;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/// A client of an export on a plain socket, so that it can be slow, hang up, and see how the answer
/// ends.
final class ExportStream implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;

    ExportStream(int port, String path, String token) throws IOException {
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        OutputStream out = socket.getOutputStream();
        out.write(
                "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(path, token)
                        .getBytes(US_ASCII));
        InputStream answer = socket.getInputStream();
        String status = asciiLine(answer);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status);
        }
        String header = status;
        while (!header.isEmpty()) {
            header = asciiLine(answer);
        }
        in = new BufferedReader(new InputStreamReader(new Chunks(answer), UTF_8));
    }

    /// The next line; null at the end.
    ///
    /// @throws IOException if the answer is cut off
    @Nullable String line() throws IOException {
        return in.readLine();
    }

    /// Hangs up so that the other side is told at once.
    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static String asciiLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /// The body, out of its chunks (RFC 9112, 7.1).
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private int left;
        private boolean begun;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                chunk();
            }
            if (ended) {
                return -1;
            }
            int read = in.read(bytes, offset, Math.min(length, left));
            if (read < 0) {
                throw new IOException("The answer is cut off");
            }
            left -= read;
            return read;
        }

        private void chunk() throws IOException {
            if (begun) {
                asciiLine(in);
            }
            begun = true;
            String size = asciiLine(in);
            if (size.isEmpty()) {
                throw new IOException("The answer is cut off");
            }
            left = Integer.parseInt(size, 16);
            ended = left == 0;
        }
    }
}
