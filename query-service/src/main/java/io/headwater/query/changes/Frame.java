package io.headwater.query.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.Json;
import tools.jackson.databind.node.ObjectNode;

/// Server-sent events as bytes. Each has an id, `<epoch>.<position>`: up to there the client has
/// what it asked for, also where the event itself is none, and so `Last-Event-ID` goes on from
/// there.
final class Frame {
    private Frame() {}

    static byte[] event(String epoch, long position, String type, byte[] json) {
        byte[] head = (id(epoch, position) + "event: " + type + "\ndata: ").getBytes(UTF_8);
        byte[] frame = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(json, 0, frame, head.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }

    /// The first of a stream.
    static byte[] greeting(String epoch, long position) {
        return ("retry: 1000\n" + id(epoch, position) + "\n").getBytes(UTF_8);
    }

    static byte[] heartbeat(String epoch, long position) {
        return (": alive\n" + id(epoch, position) + "\n").getBytes(UTF_8);
    }

    /// Tells that the client takes events more slowly than they come.
    ///
    /// @param head the newest event
    static byte[] behind(String epoch, long position, long head) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("position", position).put("head", head);
        return event(epoch, position, "headwater.ListenerBehind", json.toString().getBytes(UTF_8));
    }

    /// Tells that the log was restored: what came after `position` is undone.
    static byte[] rewound(String epoch, String from, long position) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("epoch", epoch).put("from", from).put("position", position);
        return event(epoch, position, "headwater.LogRewound", json.toString().getBytes(UTF_8));
    }

    private static String id(String epoch, long position) {
        return "id: " + epoch + "." + position + "\n";
    }
}
