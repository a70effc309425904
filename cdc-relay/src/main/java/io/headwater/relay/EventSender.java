package io.headwater.relay;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Sends events within an open transaction. Sending is what publishing costs most, so of many
/// events a second thread sends what goes to the models' topics while the caller sends what goes to
/// the log: each partition is still written by one thread, in order. Used by one thread.
final class EventSender implements AutoCloseable {
    /// Events that are handed over at a time: so few that what they become fits into memory.
    private static final int CHUNK = 256;

    private final Producer<byte[], byte[]> producer;
    private final ExecutorService second =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("publisher-models").factory());

    EventSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /// On return all are with the producer; whether Kafka has them, the commit tells.
    void send(List<Envelope> events) {
        Future<?> others = null;
        for (int from = 0; from < events.size(); from += CHUNK) {
            var chunk =
                    events.subList(from, Math.min(from + CHUNK, events.size())).stream()
                            .map(Envelope::records)
                            .toList();
            if (events.size() <= CHUNK) {
                sendToModels(chunk);
            } else {
                await(others);
                others = second.submit(() -> sendToModels(chunk));
            }
            chunk.forEach(records -> send(records.getFirst()));
        }
        await(others);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        // no need to look at it: the commit fails if any send has
        var _ = producer.send(record);
    }

    private void sendToModels(List<List<ProducerRecord<byte[], byte[]>>> events) {
        for (var records : events) {
            records.subList(1, records.size()).forEach(this::send);
        }
    }

    private static void await(@Nullable Future<?> sent) {
        if (sent == null) {
            return;
        }
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        second.shutdownNow();
    }
}
