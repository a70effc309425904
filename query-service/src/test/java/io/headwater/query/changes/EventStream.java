package io.headwater.query.changes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A client of server-sent events on a plain socket, so that it can stop to read. Speaks HTTP/1.0,
/// so that the body has no chunks.
final class EventStream implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;
    final int status;
    private String lastId = "";

    /// @param type empty for one without
    record Event(String id, String type, String data) {
        JsonNode json() {
            return Json.mapper().readTree(data);
        }

        long position() {
            return Long.parseLong(id.substring(id.indexOf('.') + 1));
        }
    }

    EventStream(int port, String path, String token, @Nullable String lastEventId)
            throws IOException {
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String id = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        socket.getOutputStream()
                .write(
                        "GET %s HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n"
                                .formatted(path, token, id)
                                .getBytes(US_ASCII));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        status =
                Integer.parseInt(
                        in.readLine().substring("HTTP/1.0 ".length(), "HTTP/1.0 200".length()));
        for (String header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
            if (header.toLowerCase(java.util.Locale.ROOT).startsWith("x-none")) {
                throw new IOException(header);
            }
        }
        if (status == 200) {
            readBlock(); // the greeting
        }
    }

    /// The newest id, also that of a sign of life.
    String lastId() {
        return lastId;
    }

    /// Waits for the next event; null once the stream has ended.
    @Nullable Event next() throws IOException {
        while (true) {
            Event block = readBlock();
            if (block == null || !block.data().isEmpty()) {
                return block;
            }
        }
    }

    List<Event> next(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            Event event = next();
            if (event == null) {
                throw new IOException("The stream ended after " + events.size() + " events");
            }
            events.add(event);
        }
        return events;
    }

    /// Waits for the next sign of life, and its id.
    String heartbeat() throws IOException {
        Event block = readBlock();
        if (block == null || !block.data().isEmpty()) {
            throw new IOException("Expected a sign of life, got " + block);
        }
        return block.id();
    }

    private @Nullable Event readBlock() throws IOException {
        String type = "";
        String data = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                return new Event(lastId, type, data);
            }
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
