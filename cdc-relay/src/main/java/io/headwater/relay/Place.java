package io.headwater.relay;

import io.headwater.contract.Json;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.JsonNode;

/// How far the relay has come: written to Kafka in the same transaction as the events.
///
/// @param systemId of the PostgreSQL cluster
/// @param timeline of the server that the events were read from
/// @param lsn end of a commit: all transactions that end at or before it are on Kafka
/// @param position of the newest event on Kafka; 0 for none
record Place(String systemId, int timeline, LogSequenceNumber lsn, String epoch, long position) {

    String toJson() {
        var json = Json.mapper().createObjectNode();
        json.put("systemId", systemId);
        json.put("timeline", timeline);
        json.put("lsn", lsn.asString());
        json.put("epoch", epoch);
        json.put("position", position);
        return json.toString();
    }

    static Place fromJson(String text) {
        JsonNode json = Json.mapper().readTree(text);
        return new Place(
                json.path("systemId").asString(),
                json.path("timeline").asInt(),
                LogSequenceNumber.valueOf(json.path("lsn").asString()),
                json.path("epoch").asString(),
                json.path("position").asLong());
    }
}
