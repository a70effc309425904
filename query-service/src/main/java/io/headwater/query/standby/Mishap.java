package io.headwater.query.standby;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/// What can befall a read, by SQLSTATE (PostgreSQL manual, appendix A).
public enum Mishap {
    /// Cancelled by a conflict with recovery, connection lost, server starting or stopping: another
    /// attempt may succeed.
    PASSING,
    /// A table or column is gone or has another type, or the statement was prepared against
    /// another.
    SCHEMA,
    /// `statement_timeout`.
    SLOW,
    /// A stored or given value that no comparison takes.
    VALUE,
    /// More than PostgreSQL can hold at once.
    LARGE,
    /// A fault of ours.
    OTHER;

    private static final Set<String> PASSING_STATES =
            Set.of("40001", "40P01", "57P01", "57P02", "57P03", "57P05", "53300", "25P03");
    private static final Set<String> SCHEMA_STATES =
            Set.of("42P01", "42703", "3F000", "0A000", "26000", "42804", "42883", "XX000");

    public static Mishap of(SQLException failure) {
        String state = failure.getSQLState();
        if (failure instanceof SQLTransientConnectionException || state == null) {
            return PASSING; // no connection to be had from the pool
        }
        if (state.startsWith("08") || PASSING_STATES.contains(state)) {
            return PASSING;
        }
        if (SCHEMA_STATES.contains(state)) {
            return SCHEMA;
        }
        if (state.equals("57014")) {
            return SLOW;
        }
        if (state.startsWith("54") || state.equals("53200")) {
            return LARGE;
        }
        return state.startsWith("22") ? VALUE : OTHER;
    }
}
