package io.headwater.contract;

/// Kafka topics that the relay writes; see `docs/architecture.md` for partitions, keys and values.
public final class Topics {
    /// Every event, one partition, in position order.
    public static final String LOG = "headwater.log";

    private static final String RECORDS = "headwater.records.";
    private static final String STATE = "headwater.state.";

    private Topics() {}

    /// Every record event of one model, keyed by record id, never compacted.
    public static String records(ModelName model) {
        return RECORDS + model.value();
    }

    /// The newest state of each record of one model, compacted; a tombstone on delete.
    public static String state(ModelName model) {
        return STATE + model.value();
    }

    /// Whether a topic of that name is one of these.
    public static boolean isOfTheRelay(String name) {
        return name.equals(LOG) || name.startsWith(RECORDS) || name.startsWith(STATE);
    }
}
