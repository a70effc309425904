package io.headwater.command.imports;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How imports are run.
///
/// @param running most that are read at the same time; 1 to 64
/// @param waiting most that wait for their turn; 1 to 10,000
/// @param chunkRows most rows in one append; 1 to 10,000
/// @param row most bytes of a row; 1 KB to 4 MB
/// @param lookAround pause between two looks for files that a crashed service left; 100 ms to 1 h
/// @param dryRunMemory most records and unique values of the file that a dry run remembers; 0 to
///   10,000,000
@Validated
@ConfigurationProperties("headwater.imports")
record ImportProperties(
        @Min(1) @Max(64) @DefaultValue("2") int running,
        @Min(1) @Max(10_000) @DefaultValue("100") int waiting,
        @Min(1) @Max(10_000) @DefaultValue("1000") int chunkRows,
        @NotNull @DefaultValue("1MB") DataSize row,
        @NotNull @DefaultValue("10s") Duration lookAround,
        @Min(0) @Max(10_000_000) @DefaultValue("200000") int dryRunMemory) {

    ImportProperties {
        if (row.toBytes() < 1_024 || row.toBytes() > DataSize.ofMegabytes(4).toBytes()) {
            throw new IllegalArgumentException("headwater.imports.row is 1 KB to 4 MB, not " + row);
        }
        if (lookAround.toMillis() < 100 || lookAround.toHours() > 1) {
            throw new IllegalArgumentException(
                    "headwater.imports.look-around is 100 ms to 1 h, not " + lookAround);
        }
    }

    /// Most bytes of a row.
    int longestRow() {
        return (int) row.toBytes();
    }
}
