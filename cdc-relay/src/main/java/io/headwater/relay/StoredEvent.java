package io.headwater.relay;

/// One row of `log.event`, as far as Kafka needs it.
///
/// @param payload JSON text
/// @param metadata JSON text, a flat object of strings
record StoredEvent(
        long position, String id, String type, long atMicros, String payload, String metadata) {

    /// Rough size on Kafka, in bytes.
    int size() {
        return payload.length() + metadata.length() + 200;
    }
}
