package io.headwater.contract;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far an import is.
///
/// @param model that the rows become records of
/// @param parameters how to read the file, as the client gave them: `id`, `map`, `unknown`, …
/// @param digest SHA-256 (hex) of the file as it was sent, decompressed
/// @param bytes length of the file, decompressed
/// @param startedAt when the file was accepted, microseconds fine
/// @param line of the file on which the last decided row ends, counted from 1; 0 before the first
/// @param created rows that became new records
/// @param changed rows that changed a record that was there
/// @param skipped rows that needed nothing: the record was there, and was to be kept or is equal
/// @param rejected rows that were refused
public record ImportState(
        ImportId id,
        ModelName model,
        Map<String, String> parameters,
        String digest,
        long bytes,
        Instant startedAt,
        long line,
        long created,
        long changed,
        long skipped,
        long rejected) {

    public ImportState {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// Rows that the log agrees with now.
    public long accepted() {
        return created + changed + skipped;
    }

    /// Rows decided so far.
    public long rows() {
        return accepted() + rejected;
    }
}
