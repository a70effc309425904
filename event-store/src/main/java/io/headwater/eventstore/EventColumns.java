package io.headwater.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Events laid out as columns, for `unnest`.
final class EventColumns {

    private final Integer[] owners;
    private final UUID[] ids;
    private final String[] types;
    private final String[] versions;
    private final Long[] ats;
    private final String[] payloads;
    private final String[] metadata;
    private final String[] tags;
    private final byte[][] digests;

    /// @param appends whose events go in, each append's under its index in the list
    EventColumns(List<PendingAppend> appends) {
        int n = appends.stream().mapToInt(append -> append.request().events().size()).sum();
        owners = new Integer[n];
        ids = new UUID[n];
        types = new String[n];
        versions = new String[n];
        ats = new Long[n];
        payloads = new String[n];
        metadata = new String[n];
        tags = new String[n];
        digests = new byte[n][];
        int i = 0;
        for (int owner = 0; owner < appends.size(); owner++) {
            PendingAppend append = appends.get(owner);
            System.arraycopy(append.digests(), 0, digests, i, append.digests().length);
            for (NewEvent event : append.request().events()) {
                owners[i] = owner;
                ids[i] = event.id();
                types[i] = event.type();
                versions[i] = event.version();
                ats[i] = event.atMicros();
                payloads[i] = event.payload();
                metadata[i] = event.metadata();
                tags[i] = ArrayLiteral.of(event.tags());
                i++;
            }
        }
    }

    /// @param index of the first of nine parameters
    void bind(PreparedStatement statement, int index) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(index, connection.createArrayOf("int4", owners));
        statement.setArray(index + 1, connection.createArrayOf("uuid", ids));
        statement.setArray(index + 2, connection.createArrayOf("text", types));
        statement.setArray(index + 3, connection.createArrayOf("text", versions));
        statement.setArray(index + 4, connection.createArrayOf("int8", ats));
        statement.setArray(index + 5, connection.createArrayOf("text", payloads));
        statement.setArray(index + 6, connection.createArrayOf("text", metadata));
        statement.setArray(index + 7, connection.createArrayOf("text", tags));
        statement.setArray(index + 8, connection.createArrayOf("bytea", digests));
    }
}
