package io.headwater.bench.measure;

import java.time.Duration;

/// How much is measured. Ratios are comparable between plans; absolute figures of a short plan are
/// not worth quoting.
///
/// @param name for the report
/// @param rounds how often the two sides take turns
/// @param slice how long one side of a round takes, where it is bounded by time
/// @param warmUp how long what is measured runs unrecorded before the first round, at least
/// @param bigLog events in the large log
/// @param backlog events that wait for the relay, and for the projection
/// @param longHistory changes of the record with the long history
/// @param imported records of one import
/// @param openLoop how long commands are sent at a fixed rate
/// @param rate commands per second then
public record Plan(
        String name,
        int rounds,
        Duration slice,
        Duration warmUp,
        long bigLog,
        int backlog,
        int longHistory,
        int imported,
        Duration openLoop,
        int rate) {

    public static Plan full() {
        return new Plan(
                "full",
                5,
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                5_000_000,
                300_000,
                10_000,
                100_000,
                Duration.ofSeconds(30),
                200);
    }

    /// With the backlog of the full plan: in a shorter one, compiling would be what is measured.
    public static Plan quick() {
        return new Plan(
                "quick",
                3,
                Duration.ofSeconds(2),
                Duration.ofSeconds(40),
                300_000,
                300_000,
                10_000,
                20_000,
                Duration.ofSeconds(8),
                200);
    }

    /// Rounds of what takes minutes each.
    public int longRounds() {
        return Math.max(1, rounds - 2);
    }

    public Plan withRounds(int rounds) {
        return with(rounds, rate);
    }

    public Plan withRate(int rate) {
        return with(rounds, rate);
    }

    private Plan with(int rounds, int rate) {
        return new Plan(
                name,
                rounds,
                slice,
                warmUp,
                bigLog,
                backlog,
                longHistory,
                imported,
                openLoop,
                rate);
    }
}
