package io.headwater.query.rows;

import io.headwater.contract.EventHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// One event as it stands in `headwater.log`, its payload not yet read.
///
/// @param offset in the topic's one partition
/// @param position in the log; gapless
/// @param epoch the log's line of life
/// @param subject what it happened to; null for an event that is about no record and no model
/// @param time RFC 3339
/// @param bytes size of the payload
public record LogRecord(
        long offset,
        long position,
        String epoch,
        String id,
        String type,
        @Nullable String subject,
        String time,
        String payload,
        int bytes) {
    private static final String SOURCE_PREFIX = "/headwater/";

    /// @throws UnappliableException if a header is missing or malformed; the message says which
    public static LogRecord of(ConsumerRecord<byte[], byte[]> given) {
        byte[] value = given.value();
        if (value == null) {
            throw new UnappliableException("it has no payload");
        }
        return new LogRecord(
                given.offset(),
                position(required(given, EventHeaders.SEQUENCE)),
                epoch(required(given, EventHeaders.SOURCE)),
                required(given, EventHeaders.ID),
                required(given, EventHeaders.TYPE),
                header(given, EventHeaders.SUBJECT),
                required(given, EventHeaders.TIME),
                new String(value, StandardCharsets.UTF_8),
                value.length);
    }

    /// The event in words, for alarms.
    public String describe() {
        return "Event %d (%s%s, id %s)"
                .formatted(position, type, subject == null ? "" : " of " + subject, id);
    }

    private static long position(String sequence) {
        try {
            return Long.parseLong(sequence);
        } catch (NumberFormatException e) {
            throw new UnappliableException(
                    "its header " + EventHeaders.SEQUENCE + " is no number: " + sequence, e);
        }
    }

    private static String epoch(String source) {
        if (!source.startsWith(SOURCE_PREFIX)) {
            throw new UnappliableException(
                    "its header %s is not %s<epoch>: %s"
                            .formatted(EventHeaders.SOURCE, SOURCE_PREFIX, source));
        }
        return source.substring(SOURCE_PREFIX.length());
    }

    private static String required(ConsumerRecord<byte[], byte[]> given, String name) {
        String value = header(given, name);
        if (value == null) {
            throw new UnappliableException("it has no header " + name);
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> given, String name) {
        Header header = given.headers().lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
