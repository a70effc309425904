package io.headwater.query.export;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Where the records of an export go, one after the other. For one thread.
interface RecordSink {

    /// Takes the record in the current row.
    void write(ResultSet row) throws SQLException, IOException;

    /// Ends the answer. Where it fails before, it must not be called: an answer without its end is
    /// seen to be none.
    void end() throws IOException;

    /// Roughly how many bytes the records so far have.
    long bytes();
}
