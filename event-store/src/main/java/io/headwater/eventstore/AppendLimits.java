package io.headwater.eventstore;

/// The bounds on appends. Whatever goes over one is refused by an [EventLogException] of its own.
///
/// @param eventsPerAppend most events in one append; 1 to 1,000,000
/// @param bytesPerEvent most bytes of one event, all its text in UTF-8; 1 KiB to 256 MiB
/// @param bytesPerBatch most bytes in one append, and in one transaction; at least `bytesPerEvent`,
///   at most 512 MiB
/// @param requestsPerBatch most appends that share one transaction; 1 to 10,000
/// @param tagsPerEvent most tags of one event; 1 to 100,000
/// @param criteriaPerCondition most criteria in one append condition; 1 to 1,000,000
/// @param queuedRequests most appends that wait for the appender; 1 to 1,000,000
/// @param queuedBytes most bytes that wait for the appender; at least `bytesPerBatch`
public record AppendLimits(
        int eventsPerAppend,
        int bytesPerEvent,
        int bytesPerBatch,
        int requestsPerBatch,
        int tagsPerEvent,
        int criteriaPerCondition,
        int queuedRequests,
        long queuedBytes) {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /// Most bytes of a tag. A tag and a type have to fit into one entry of a B-tree, 2,704 bytes.
    public static final int BYTES_PER_TAG = 1024;

    /// Most bytes of a type, and of a version.
    public static final int BYTES_PER_TYPE = 512;

    public AppendLimits {
        require("eventsPerAppend", eventsPerAppend, 1, 1_000_000);
        require("bytesPerEvent", bytesPerEvent, KIB, 256L * MIB);
        require("bytesPerBatch", bytesPerBatch, bytesPerEvent, 512L * MIB);
        require("requestsPerBatch", requestsPerBatch, 1, 10_000);
        require("tagsPerEvent", tagsPerEvent, 1, 100_000);
        require("criteriaPerCondition", criteriaPerCondition, 1, 1_000_000);
        require("queuedRequests", queuedRequests, 1, 1_000_000);
        require("queuedBytes", queuedBytes, bytesPerBatch, Long.MAX_VALUE);
    }

    public static AppendLimits defaults() {
        return new AppendLimits(
                20_000, 4 * MIB, 64 * MIB, 1_000, 10_000, 200_000, 10_000, 256L * MIB);
    }

    public AppendLimits withEventsPerAppend(int most) {
        return new AppendLimits(
                most,
                bytesPerEvent,
                bytesPerBatch,
                requestsPerBatch,
                tagsPerEvent,
                criteriaPerCondition,
                queuedRequests,
                queuedBytes);
    }

    public AppendLimits withBytes(int perEvent, int perBatch, long queued) {
        return new AppendLimits(
                eventsPerAppend,
                perEvent,
                perBatch,
                requestsPerBatch,
                tagsPerEvent,
                criteriaPerCondition,
                queuedRequests,
                queued);
    }

    public AppendLimits withTagsPerEvent(int most) {
        return new AppendLimits(
                eventsPerAppend,
                bytesPerEvent,
                bytesPerBatch,
                requestsPerBatch,
                most,
                criteriaPerCondition,
                queuedRequests,
                queuedBytes);
    }

    public AppendLimits withCriteriaPerCondition(int most) {
        return new AppendLimits(
                eventsPerAppend,
                bytesPerEvent,
                bytesPerBatch,
                requestsPerBatch,
                tagsPerEvent,
                most,
                queuedRequests,
                queuedBytes);
    }

    public AppendLimits withQueuedRequests(int most) {
        return new AppendLimits(
                eventsPerAppend,
                bytesPerEvent,
                bytesPerBatch,
                requestsPerBatch,
                tagsPerEvent,
                criteriaPerCondition,
                most,
                queuedBytes);
    }

    private static void require(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", must be " + least + " to " + most);
        }
    }
}
