-- What was before: beside each table of records one of its former states, history_<model>, made by the projection with the
-- other. Where tables of records are there already, they get theirs here, empty: history begins at the checkpoint, and a
-- rebuild makes all of it.

ALTER TABLE ${flyway:defaultSchema}.checkpoint ADD COLUMN history_since bigint NOT NULL DEFAULT 0;
UPDATE ${flyway:defaultSchema}.checkpoint SET history_since = position;

COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.history_since IS 'The tables of history have every state from this position on; 0 for all.';

DO
$$
DECLARE
    records record;
    history text;
    ix      record;
BEGIN
    FOR records IN
        SELECT c.oid, c.relname, pg_get_userbyid(c.relowner) AS owner
          FROM pg_class c
         WHERE c.relnamespace = '${flyway:defaultSchema}'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'record\_%'
    LOOP
        history := 'history_' || substr(records.relname, length('record_') + 1);
        EXECUTE format('ALTER TABLE %s ADD COLUMN _valid_from timestamptz', records.oid::regclass);
        EXECUTE format('UPDATE %s SET _valid_from = _updated_at', records.oid::regclass);
        EXECUTE format('ALTER TABLE %s ALTER COLUMN _valid_from SET NOT NULL', records.oid::regclass);
        EXECUTE format('CREATE TABLE ${flyway:defaultSchema}.%I (LIKE %s, _until bigint NOT NULL, _deleted boolean NOT NULL,'
                       || ' PRIMARY KEY (_id, _until, _position))', history, records.oid::regclass);
        EXECUTE format('ALTER TABLE ${flyway:defaultSchema}.%I OWNER TO %I', history, records.owner);
        EXECUTE format('GRANT SELECT ON ${flyway:defaultSchema}.%I TO read_reader', history);
        EXECUTE format('CREATE INDEX ON ${flyway:defaultSchema}.%I (_until)', history);
        EXECUTE format('CREATE INDEX ON %s USING brin (_position) WITH (pages_per_range = 16, autosummarize = on)',
                       records.oid::regclass);
        FOR ix IN
            SELECT c.relname, pg_get_indexdef(c.oid, 1, true) AS field
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = records.oid AND c.relname LIKE 'ix\_%'
        LOOP
            EXECUTE format('CREATE INDEX %I ON ${flyway:defaultSchema}.%I (%s, _id, _until, _position)',
                           'ih_' || substr(ix.relname, length('ix_') + 1), history, ix.field);
        END LOOP;
    END LOOP;
END
$$;
