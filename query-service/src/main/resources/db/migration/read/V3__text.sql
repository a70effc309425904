-- Texts without regard to case and accents, for filters and for the search for words.

-- Not in the read schema: that changes its name when a rebuild is swapped in, and is dropped later.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- The same everywhere, whatever the locale of the database: so it may be in an index. The last code point there is becomes
-- another, so that it is greater than any that a folded text has.
CREATE FUNCTION ${flyway:defaultSchema}.fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length($1) = char_length($1) THEN lower($1 COLLATE pg_catalog.pg_c_utf8)
       ELSE normalize(replace(replace(replace(replace(
                translate(lower(regexp_replace(normalize($1, NFKD), U&'[\0300-\036F]+', '', 'g') COLLATE pg_catalog.pg_c_utf8),
                          U&'\00F8\0142\0111\0131\0127\0167\03C2\+10FFFF', U&'oldiht\03C3\FFFD'),
                U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe'), U&'\00FE', 'th'), NFC)
       END;

COMMENT ON FUNCTION ${flyway:defaultSchema}.fold(text) IS 'The text without case and accents.';

-- For LIKE, with more before or after it; nothing in it is a wildcard.
CREATE FUNCTION ${flyway:defaultSchema}.pattern(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(${flyway:defaultSchema}.fold($1), '([\\%_])', '\\\1', 'g');

COMMENT ON FUNCTION ${flyway:defaultSchema}.pattern(text) IS 'The text, folded, as a pattern of LIKE.';

-- Bounded, since what an index entry says of a row has at most 1 MiB.
CREATE FUNCTION ${flyway:defaultSchema}.words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(regexp_replace(${flyway:defaultSchema}.fold(left($1, 20000)) COLLATE pg_catalog.pg_c_utf8, '[^[:alnum:]]+', ' ', 'g'), 20000);

COMMENT ON FUNCTION ${flyway:defaultSchema}.words(text) IS 'The words of a text, folded, with a space between them.';

-- A phrase, and whether its last word may go on.
CREATE FUNCTION ${flyway:defaultSchema}.phrase(text, boolean) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $2 AND numnode(phraseto_tsquery('simple', ${flyway:defaultSchema}.words($1))) > 0
            THEN (phraseto_tsquery('simple', ${flyway:defaultSchema}.words($1))::text || ':*')::tsquery
            ELSE phraseto_tsquery('simple', ${flyway:defaultSchema}.words($1)) END;

COMMENT ON FUNCTION ${flyway:defaultSchema}.phrase(text, boolean) IS 'These words, one after the other; the last is a beginning if the flag says so.';

-- Indexed texts are found by their beginning without regard to case and accents from now on.
DO
$$
DECLARE
    ix record;
BEGIN
    FOR ix IN
        SELECT t.relname AS records, 'history_' || substr(t.relname, length('record_') + 1) AS history, c.relname AS name,
               pg_get_indexdef(c.oid, 1, true) AS field
          FROM pg_class t
          JOIN pg_index i ON i.indrelid = t.oid
          JOIN pg_class c ON c.oid = i.indexrelid AND c.relname LIKE 'ix\_%'
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
          JOIN ${flyway:defaultSchema}.model m ON m.name = substr(t.relname, length('record_') + 1)
          JOIN ${flyway:defaultSchema}.model_version v ON v.name = m.name AND v.version = m.version
         WHERE t.relnamespace = '${flyway:defaultSchema}'::regnamespace AND t.relkind = 'r' AND t.relname LIKE 'record\_%'
           AND v.definition -> 'fields' -> ltrim(a.attname, '_') ->> 'type' = 'text'
           AND v.definition -> 'fields' -> ltrim(a.attname, '_') ->> 'indexed' = 'true'
    LOOP
        EXECUTE format('CREATE INDEX %I ON ${flyway:defaultSchema}.%I ((${flyway:defaultSchema}.fold(%s) COLLATE "C"), _id)',
                       'sx_' || substr(ix.name, length('ix_') + 1), ix.records, ix.field);
        EXECUTE format('CREATE INDEX %I ON ${flyway:defaultSchema}.%I ((${flyway:defaultSchema}.fold(%s) COLLATE "C"), _id, _until, _position)',
                       'sh_' || substr(ix.name, length('ix_') + 1), ix.history, ix.field);
    END LOOP;
END
$$;
