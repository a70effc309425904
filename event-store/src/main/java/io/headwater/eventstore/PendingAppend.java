package io.headwater.eventstore;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// An append that was taken and has no outcome yet.
///
/// @param bytes of all text of its events
/// @param digests of its events, as [EventDigest] makes them
/// @param deadline [System#nanoTime] until which it waits for a database that is away
@SuppressWarnings("ArrayRecordComponent") // not compared, not changed
record PendingAppend(
        AppendRequest request,
        long bytes,
        byte[][] digests,
        long deadline,
        CompletableFuture<Appended> outcome) {

    UUID firstId() {
        return request.events().getFirst().id();
    }

    boolean isOverdue() {
        return System.nanoTime() - deadline > 0;
    }
}
