package io.headwater.eventstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// SHA-256 of all that an event says, which the database chains to the hash of the event before.
///
/// The bytes are those of `log.event_json` in the migrations, and what `GET /log` hands out.
final class EventDigest {

    private EventDigest() {}

    /// One for each event, 32 bytes each.
    static byte[][] of(List<NewEvent> events) {
        MessageDigest sha256 = sha256();
        byte[][] digests = new byte[events.size()][];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = of(events.get(i), sha256);
        }
        return digests;
    }

    private static byte[] of(NewEvent event, MessageDigest sha256) {
        byte[] metadata = event.metadata().getBytes(UTF_8);
        StringBuilder head = new StringBuilder(256);
        head.append("{\"id\":\"").append(event.id()).append("\",\"type\":");
        quote(event.type(), head);
        head.append(",\"version\":");
        quote(event.version(), head);
        head.append(",\"at\":").append(event.atMicros()).append(",\"tags\":[");
        for (int i = 0; i < event.tags().size(); i++) {
            if (i > 0) {
                head.append(',');
            }
            quote(event.tags().get(i), head);
        }
        head.append("],\"metadataBytes\":").append(metadata.length).append(",\"metadata\":");
        sha256.update(head.toString().getBytes(UTF_8));
        sha256.update(metadata);
        sha256.update(",\"payload\":".getBytes(UTF_8));
        sha256.update(event.payload().getBytes(UTF_8));
        return sha256.digest(new byte[] {'}'});
    }

    /// As PostgreSQL's `to_json` does it.
    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u00")
                                .append(c < 0x10 ? "0" : "")
                                .append(Integer.toHexString(c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
