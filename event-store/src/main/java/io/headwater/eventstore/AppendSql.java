package io.headwater.eventstore;

/// The statements of an append. Several statements in one text go to the server in one round trip,
/// and each has a snapshot of its own (READ COMMITTED): what follows the lock sees what was
/// committed while the lock was waited for.
final class AppendSql {

    /// Key of the advisory lock that is held by whoever appends, until its transaction is over.
    static final long LOCK = 0x6865616477617465L;

    // ORDER BY … LIMIT 1 instead of EXISTS keeps the planner on the index: it must not guess that a
    // match would turn up
    // early in a scan of the table.
    private static final String CONFLICTING =
            """
            SELECT ARRAY(
                SELECT DISTINCT c.owner
                  FROM unnest(?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[])
                       AS c (owner, after, tag, types, other_tags)
                 WHERE CASE
                       WHEN c.tag IS NOT NULL THEN
                           (SELECT t.position
                              FROM log.event_tag t
                             WHERE t.tag = c.tag
                               AND t.position > c.after
                               AND (c.types IS NULL OR t.type = ANY (c.types::text[]))
                               AND (c.other_tags IS NULL OR NOT EXISTS (
                                       SELECT FROM unnest(c.other_tags::text[]) AS o (tag)
                                        WHERE NOT EXISTS (SELECT FROM log.event_tag ot
                                                           WHERE ot.tag = o.tag
                                                             AND ot.position = t.position)))
                             ORDER BY t.position
                             LIMIT 1)
                       ELSE
                           (SELECT e.position
                              FROM log.event e
                             WHERE e.position > c.after
                               AND (c.types IS NULL OR e.type = ANY (c.types::text[]))
                             ORDER BY e.position
                             LIMIT 1)
                       END IS NOT NULL) AS owners
            """;

    /// Parameters: lock; criteria. Answers with the head and the owners of criteria that an event
    /// in the log matches.
    static final String LOCK_AND_CHECK =
            """
            SELECT pg_advisory_xact_lock(?);
            SELECT (SELECT coalesce(max(position), 0) FROM log.event), conflicting.owners
              FROM (
            """
                    + CONFLICTING
                    + ") AS conflicting";

    // unnest hands rows out in the order of the arrays, so they are in the WAL in the order of
    // positions.
    // Never COPY: its rows would share one place in the WAL, and a relay could not go on in the
    // middle of them. The window without an order runs over them in that order, too.
    private static final String INSERT =
            """
            head AS MATERIALIZED (
                SELECT position, log.hash_before(position + 1) AS hash FROM newest),
            appended AS (
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags, hash)
                SELECT (SELECT position FROM head) + row_number() OVER (),
                       e.id, e.type, e.version, e.at_micros, e.payload, e.metadata, e.tags::text[],
                       log.chain((SELECT hash FROM head), e.digest) OVER (ROWS UNBOUNDED PRECEDING)
                  FROM unnest(?::int[], ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                       AS e (owner, id, type, version, at_micros, payload, metadata, tags, digest)
                 WHERE e.owner <> ALL ((SELECT owners FROM conflicting)::int[])
                RETURNING position, type, tags),
            tagged AS (
                INSERT INTO log.event_tag (tag, position, type)
                SELECT t.tag, a.position, a.type
                  FROM appended a, unnest(a.tags) AS t (tag))
            SELECT (SELECT position FROM head), (SELECT owners FROM conflicting);
            COMMIT
            """;

    /// Parameters: lock; criteria; events and whose they are. Appends the events whose owner has no
    /// criterion that an event in the log matches, and commits. Answers with the head before, and
    /// the owners that were left out.
    static final String LOCK_CHECK_INSERT_AND_COMMIT =
            """
            SELECT pg_advisory_xact_lock(?);
            WITH newest AS MATERIALIZED (
                SELECT coalesce(max(position), 0) AS position FROM log.event),
            conflicting AS MATERIALIZED (
            """
                    + CONFLICTING
                    + "),\n"
                    + INSERT;

    /// Parameters: head; events and whose they are. Appends all of them and commits.
    static final String INSERT_AND_COMMIT =
            """
            WITH newest AS MATERIALIZED (SELECT ?::bigint AS position),
            conflicting AS MATERIALIZED (SELECT '{}'::int[] AS owners),
            """
                    + INSERT;

    /// Parameters: lock; ids of events; a position that they can only be after. Answers with id and
    /// position of each that is in the log.
    static final String LOCK_AND_LOOK_UP =
            """
            SELECT pg_advisory_xact_lock(?);
            SELECT id, position FROM log.event WHERE id = ANY (?::uuid[]) AND position > ?
            """;

    static final String READ_EPOCH = "SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1";

    static final String SET_TIMEOUTS =
            """
            SELECT set_config('lock_timeout', ?, false),
                   set_config('idle_in_transaction_session_timeout', ?, false)
            """;

    /// Planning one of these statements takes longer than running it. Left to itself, PostgreSQL
    /// would plan anew each time, since it takes an array whose length it does not know for a long
    /// one.
    static final String PLAN_ONCE =
            "SELECT set_config('plan_cache_mode', 'force_generic_plan', false)";

    private AppendSql() {}
}
