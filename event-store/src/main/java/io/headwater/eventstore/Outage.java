package io.headwater.eventstore;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/// Tells trouble that passes from trouble that stays, by SQLSTATE.
final class Outage {

    /// State of a fault of this process: it does not pass, and says nothing about what the server
    /// did.
    static final String FAULT = "XX000";

    private Outage() {}

    /// True where a new connection, a moment later, may well succeed.
    static boolean passes(SQLException e) {
        String state = e.getSQLState();
        if (state == null) {
            return e instanceof SQLTransientException
                    || (e.getCause() instanceof SQLException cause && passes(cause));
        }
        return switch (state) {
            // In this order: the lock was not to be had in time, a primary became a standby, the
            // statement was cancelled, the server ended a transaction that stood still.
            case "55P03", "25006", "57014", "25P03" -> true;
            default ->
                    state.startsWith("08")
                            || state.startsWith("53")
                            || state.startsWith("40")
                            || state.startsWith("57P")
                            || state.startsWith("58");
        };
    }

    /// True where the server said that the transaction failed, so that it cannot have been
    /// committed.
    static boolean leftNothing(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && !state.startsWith("08")
                && !state.startsWith("57")
                && !state.startsWith("58")
                && !state.startsWith("53")
                && !state.startsWith("XX")
                && !state.equals("25P03");
    }
}
