package io.headwater.contract;

/// What the log holds. Each kind has a stable type name, [EventType], and JSON, [EventJson].
public sealed interface LogEvent
        permits ModelEvent, RecordEvent, QueryEvent, ImportEvent, CommandAnswered {}
