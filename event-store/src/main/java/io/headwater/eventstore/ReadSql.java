package io.headwater.eventstore;

/// The statements that read the log.
final class ReadSql {

    static final String READ_HEAD = "SELECT coalesce(max(position), 0) FROM log.event";

    static final String READ_EPOCH = "SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1";

    static final String POSITION_BEFORE_TIME =
            """
            SELECT coalesce((SELECT position - 1 FROM log.event WHERE at_micros >= ? ORDER BY position LIMIT 1),
                            (SELECT max(position) FROM log.event), 0)
            """;

    static final String READ_EVERY_EVENT =
            """
            SELECT h.head, e.matched, e.position, e.id, e.type, e.version, e.at_micros, e.payload, e.metadata, e.tags
              FROM (SELECT coalesce(max(position), 0) AS head FROM log.event) h
              LEFT JOIN LATERAL (
                   SELECT s.*
                     FROM (SELECT p.*,
                                  count(*) OVER () AS matched,
                                  sum(octet_length(p.payload)::bigint + octet_length(p.metadata))
                                      OVER (ORDER BY p.position ROWS UNBOUNDED PRECEDING)
                                      - octet_length(p.payload) - octet_length(p.metadata) AS bytes_before
                             FROM (SELECT * FROM log.event
                                    WHERE position > ? AND position <= ?
                                    ORDER BY position
                                    LIMIT ?) p) s
                    WHERE s.bytes_before < ?) e ON true
             ORDER BY e.position
            """;

    static final String READ_MATCHING =
            """
            WITH asked AS MATERIALIZED (
                SELECT * FROM unnest(?::text[], ?::text[], ?::text[]) AS c (tag, types, other_tags)),
            bounds AS MATERIALIZED (
                SELECT ?::bigint AS after, ?::bigint AS up_to, ?::bigint AS most),
            page AS MATERIALIZED (
                SELECT m.position
                  FROM (SELECT t.position
                          FROM bounds b
                         CROSS JOIN asked c
                         CROSS JOIN LATERAL (
                               SELECT t.position
                                 FROM log.event_tag t
                                WHERE t.tag = c.tag
                                  AND t.position > b.after AND t.position <= b.up_to
                                  AND (c.types IS NULL OR t.type = ANY (c.types::text[]))
                                  AND (c.other_tags IS NULL OR NOT EXISTS (
                                          SELECT FROM unnest(c.other_tags::text[]) AS o (tag)
                                           WHERE NOT EXISTS (SELECT FROM log.event_tag ot
                                                              WHERE ot.tag = o.tag AND ot.position = t.position)))
                                ORDER BY t.position
                                LIMIT b.most) t
                         WHERE c.tag IS NOT NULL
                        UNION
                        SELECT t.position
                          FROM bounds b
                         CROSS JOIN asked c
                         CROSS JOIN LATERAL (
                               SELECT e.position
                                 FROM log.event e
                                WHERE e.position > b.after AND e.position <= b.up_to
                                  AND (c.types IS NULL OR e.type = ANY (c.types::text[]))
                                ORDER BY e.position
                                LIMIT b.most) t
                         WHERE c.tag IS NULL) m
                 ORDER BY m.position
                 LIMIT (SELECT most FROM bounds))
            SELECT h.head, e.matched, e.position, e.id, e.type, e.version, e.at_micros, e.payload, e.metadata, e.tags
              FROM (SELECT coalesce(max(position), 0) AS head FROM log.event) h
              LEFT JOIN (
                   SELECT s.*
                     FROM (SELECT f.*,
                                  count(*) OVER () AS matched,
                                  sum(octet_length(f.payload)::bigint + octet_length(f.metadata))
                                      OVER (ORDER BY f.position ROWS UNBOUNDED PRECEDING)
                                      - octet_length(f.payload) - octet_length(f.metadata) AS bytes_before
                             FROM page p
                            CROSS JOIN LATERAL (SELECT * FROM log.event x WHERE x.position = p.position LIMIT 1) f) s
                    WHERE s.bytes_before < ?) e ON true
             ORDER BY e.position
            """;

    static final String READ_NEWEST =
            """
            WITH newest AS MATERIALIZED (
                SELECT n.position, array_agg(c.owner) AS owners
                  FROM unnest(?::int[], ?::text[], ?::text[], ?::text[]) AS c (owner, tag, types, other_tags)
                 CROSS JOIN LATERAL (
                       SELECT t.position
                         FROM log.event_tag t
                        WHERE t.tag = c.tag
                          AND (c.types IS NULL OR t.type = ANY (c.types::text[]))
                          AND (c.other_tags IS NULL OR NOT EXISTS (
                                  SELECT FROM unnest(c.other_tags::text[]) AS o (tag)
                                   WHERE NOT EXISTS (SELECT FROM log.event_tag ot
                                                      WHERE ot.tag = o.tag AND ot.position = t.position)))
                        ORDER BY t.position DESC
                        LIMIT 1) n
                 GROUP BY n.position)
            SELECT h.head, e.owners, e.position, e.id, e.type, e.version, e.at_micros, e.payload, e.metadata, e.tags
              FROM (SELECT coalesce(max(position), 0) AS head FROM log.event) h
              LEFT JOIN (
                   SELECT n.owners, f.*
                     FROM newest n
                    CROSS JOIN LATERAL (SELECT * FROM log.event x WHERE x.position = n.position LIMIT 1) f) e ON true
            """;

    private ReadSql() {}
}
