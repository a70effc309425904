package io.headwater.contract;

/// Something that happened to a named query.
public sealed interface QueryEvent extends LogEvent {
    QueryName query();

    /// Version of the query after the event, counted from 1.
    int version();

    /// The query was defined, or changed to a new version.
    record QueryDefined(QueryName query, int version, QueryDefinition definition)
            implements QueryEvent {}

    /// The query is not to be run any more; its versions can be looked at.
    record QueryRetired(QueryName query, int version) implements QueryEvent {}
}
