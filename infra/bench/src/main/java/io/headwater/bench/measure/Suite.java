package io.headwater.bench.measure;

import java.util.List;

/// Rows that share what has to be started for them.
public interface Suite {
    List<Row> rows();

    /// Measures those of its rows that are wanted, starts what they need and stops it again.
    ///
    /// @throws Exception if what the rows share cannot be started; a row that fails is reported to
    ///   the session instead
    void run(Session session) throws Exception;
}
