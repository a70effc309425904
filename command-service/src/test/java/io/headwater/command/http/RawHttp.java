package io.headwater.command.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// Sends bytes as they are, for requests that no HTTP client would make.
final class RawHttp {
    private static final int MOST = 100_000;

    private RawHttp() {}

    /// @return all that the server says until it closes the connection
    static String send(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            var answer = new StringBuilder();
            try {
                byte[] buffer = new byte[8192];
                int length;
                while (answer.length() < MOST
                        && (length = socket.getInputStream().read(buffer)) > 0) {
                    answer.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
                }
            } catch (SocketException reset) {
                // What it said before stands.
            }
            return answer.toString();
        }
    }
}
