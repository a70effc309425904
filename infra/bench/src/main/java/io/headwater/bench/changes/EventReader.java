package io.headwater.bench.changes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// Reads one stream of server-sent events, as its bytes come, across connections. Checks that each
/// position comes once and in order. For one thread.
final class EventReader {
    private static final byte[] TIME = "\"time\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 512;

    private final LongConsumer latencies;
    private final byte[] line = new byte[HEAD];
    private int length;
    private boolean greeted;
    private String id = "";
    private String event = "";
    private Instant time = Instant.EPOCH;
    private boolean hasChange;
    private String lastId = "";
    private long lastPosition;
    private long received;
    private long sum;
    private int behind;

    /// @param latencies takes the nanoseconds from when an event was appended to when it came
    EventReader(LongConsumer latencies) {
        this.latencies = latencies;
    }

    /// A new connection begins, with headers of its own.
    void begin() {
        greeted = false;
        length = 0;
        id = "";
        event = "";
        hasChange = false;
    }

    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                end();
                length = 0;
            } else if (length < HEAD) {
                // Of a longer line, nothing that counts is further back.
                line[length++] = next;
            }
        }
    }

    private void end() {
        if (!greeted) {
            if (length <= 1) {
                greeted = true;
            } else if (startsWith("HTTP/") && !startsWith("HTTP/1.1 200")) {
                throw new IllegalStateException("The service answered " + text(0));
            }
        } else if (length == 0) {
            dispatch();
        } else if (startsWith("id: ")) {
            id = text(4);
        } else if (startsWith("event: ")) {
            event = text(7);
        } else if (startsWith("data: {\"specversion\"")) {
            hasChange = true;
            time = time();
        }
    }

    private void dispatch() {
        if (hasChange) {
            long position = Long.parseLong(id, id.indexOf('.') + 1, id.length(), 10);
            if (position <= lastPosition) {
                throw new IllegalStateException(
                        "Position %d came after %d".formatted(position, lastPosition));
            }
            lastPosition = position;
            received++;
            sum += position;
            latencies.accept(Duration.between(time, Instant.now()).toNanos());
        } else if (event.equals("headwater.ListenerBehind")) {
            behind++;
        }
        lastId = id.isEmpty() ? lastId : id;
        id = "";
        event = "";
        hasChange = false;
    }

    private Instant time() {
        for (int i = 6; i < length - TIME.length; i++) {
            if (Arrays.equals(line, i, i + TIME.length, TIME, 0, TIME.length)) {
                int start = i + TIME.length;
                int end = start;
                while (end < length && line[end] != '"') {
                    end++;
                }
                return Instant.parse(
                        new String(line, start, end - start, StandardCharsets.US_ASCII));
            }
        }
        throw new IllegalStateException("An event without a time: " + text(0));
    }

    private boolean startsWith(String start) {
        if (length < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (line[i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from) {
        return new String(line, from, length - from, StandardCharsets.UTF_8).strip();
    }

    /// Where to go on; empty before the first.
    String lastId() {
        return lastId;
    }

    /// Whether the service has begun to send.
    boolean isListening() {
        return !lastId.isEmpty();
    }

    long received() {
        return received;
    }

    /// Of all positions.
    long sum() {
        return sum;
    }

    /// How often it was told that it is behind.
    int behind() {
        return behind;
    }
}
