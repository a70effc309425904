package io.headwater.contract;

/// Headers of a record on Kafka: CloudEvents 1.0, Kafka protocol binding, binary mode. All are
/// UTF-8 text.
public final class EventHeaders {
    public static final String SPEC_VERSION = "ce_specversion";

    /// UUID of the event.
    public static final String ID = "ce_id";

    /// `headwater.RecordCreated` and the like.
    public static final String TYPE = "ce_type";

    /// `/headwater/<epoch>`.
    public static final String SOURCE = "ce_source";

    /// `<model>/<id>` of a record event, `<model>` of a model event, else absent.
    public static final String SUBJECT = "ce_subject";

    /// When the event was appended, RFC 3339, UTC.
    public static final String TIME = "ce_time";

    /// Position in the log, decimal, gapless.
    public static final String SEQUENCE = "ce_sequence";

    public static final String DATA_SCHEMA = "ce_dataschema";
    public static final String ACTOR = "ce_actor";
    public static final String CAUSE = "ce_cause";
    public static final String TRACE_PARENT = "traceparent";
    public static final String CONTENT_TYPE = "content-type";

    private EventHeaders() {}
}
