package io.headwater.command.records;

import io.headwater.command.ledger.Slice;
import java.util.List;

/// The commands for records, for the ledger to handle.
public final class RecordSlices {
    /// One operation, asked for by its own route.
    static final Slice<ChangeRecords, List<Written>> ONE =
            new Slice<>(
                    "headwater.ChangeRecord",
                    ChangeRecords.class,
                    RecordDecider::decide,
                    (command, written) -> RecordReplies.one(written));

    /// Many operations, all or none.
    public static final Slice<ChangeRecords, List<Written>> BATCH =
            new Slice<>(
                    "headwater.ChangeRecords",
                    ChangeRecords.class,
                    RecordDecider::decide,
                    RecordReplies::batch);

    private RecordSlices() {}

    public static List<Slice<?, ?>> all() {
        return List.of(ONE, BATCH);
    }
}
