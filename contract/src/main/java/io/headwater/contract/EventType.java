package io.headwater.contract;

/// Stable names of the events, as they stand in the log and in `ce_type`.
public final class EventType {
    public static final String MODEL_DEFINED = "headwater.ModelDefined";
    public static final String MODEL_RETIRED = "headwater.ModelRetired";
    public static final String QUERY_DEFINED = "headwater.QueryDefined";
    public static final String QUERY_RETIRED = "headwater.QueryRetired";
    public static final String RECORD_CREATED = "headwater.RecordCreated";
    public static final String RECORD_CHANGED = "headwater.RecordChanged";
    public static final String RECORD_DELETED = "headwater.RecordDeleted";
    public static final String COMMAND_ANSWERED = "headwater.CommandAnswered";
    public static final String IMPORT_STARTED = "headwater.ImportStarted";
    public static final String IMPORT_ADVANCED = "headwater.ImportAdvanced";
    public static final String IMPORT_ENDED = "headwater.ImportEnded";

    /// Stands on Kafka only: the log was restored to an earlier point, see [LogRewound].
    public static final String LOG_REWOUND = "headwater.LogRewound";

    /// Version of every payload so far.
    public static final String VERSION = "1";

    private EventType() {}

    public static String of(LogEvent event) {
        return switch (event) {
            case ModelEvent.ModelDefined _ -> MODEL_DEFINED;
            case ModelEvent.ModelRetired _ -> MODEL_RETIRED;
            case QueryEvent.QueryDefined _ -> QUERY_DEFINED;
            case QueryEvent.QueryRetired _ -> QUERY_RETIRED;
            case RecordEvent.RecordCreated _ -> RECORD_CREATED;
            case RecordEvent.RecordChanged _ -> RECORD_CHANGED;
            case RecordEvent.RecordDeleted _ -> RECORD_DELETED;
            case CommandAnswered _ -> COMMAND_ANSWERED;
            case ImportEvent.ImportStarted _ -> IMPORT_STARTED;
            case ImportEvent.ImportAdvanced _ -> IMPORT_ADVANCED;
            case ImportEvent.ImportEnded _ -> IMPORT_ENDED;
        };
    }

    /// Whether events of this type happened to a record.
    public static boolean isRecordEvent(String type) {
        return type.equals(RECORD_CREATED)
                || type.equals(RECORD_CHANGED)
                || type.equals(RECORD_DELETED);
    }

    /// Whether events of this type happened to a named query.
    public static boolean isQueryEvent(String type) {
        return type.equals(QUERY_DEFINED) || type.equals(QUERY_RETIRED);
    }

    /// Whether events of this type happened to a model.
    public static boolean isModelEvent(String type) {
        return type.equals(MODEL_DEFINED) || type.equals(MODEL_RETIRED);
    }
}
