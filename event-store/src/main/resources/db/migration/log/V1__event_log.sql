-- The event log. Run in the schema "log", which Flyway makes, by a role that owns the database and may create roles.
-- Who writes here is settled by grants below: an appender can INSERT and SELECT, and nothing else.

CREATE TABLE log.event (
    position  bigint PRIMARY KEY,
    id        uuid   NOT NULL,
    type      text   NOT NULL,
    version   text   NOT NULL,
    at_micros bigint NOT NULL,
    payload   text   NOT NULL,
    metadata  text   NOT NULL,
    tags      text[] NOT NULL,
    CONSTRAINT event_id_key UNIQUE (id),
    CONSTRAINT event_position_check CHECK (position > 0)
);

COMMENT ON TABLE log.event IS 'Every event, once. position is gapless and equals commit order.';
COMMENT ON COLUMN log.event.at_micros IS 'Microseconds since 1970-01-01T00:00:00Z.';
COMMENT ON COLUMN log.event.payload IS 'JSON.';
COMMENT ON COLUMN log.event.metadata IS 'JSON, a flat object of strings.';
COMMENT ON COLUMN log.event.tags IS 'key=value; the same as the rows of log.event_tag.';

-- The B-tree on (tag, position) makes the check of a condition a range scan of new rows only.
CREATE TABLE log.event_tag (
    tag      text COLLATE "C" NOT NULL,
    position bigint           NOT NULL,
    type     text COLLATE "C" NOT NULL,
    PRIMARY KEY (tag, position) INCLUDE (type)
);

COMMENT ON TABLE log.event_tag IS 'One row for each tag of each event.';

-- A log that was restored to an earlier point begins a new line of life, so that positions handed out
-- before the restore are not taken for those handed out after it.
CREATE TABLE log.epoch (
    epoch          text   PRIMARY KEY,
    after_position bigint NOT NULL,
    line           bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    CONSTRAINT epoch_epoch_check CHECK (epoch ~ '^[0-9a-f]{8}$')
);

COMMENT ON TABLE log.epoch IS 'The log''s lines of life; the row with the highest line is the current one.';
COMMENT ON COLUMN log.epoch.after_position IS 'The last position that this line has in common with the one before.';

INSERT INTO log.epoch (epoch, after_position)
VALUES (substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), 0);

-- Only ever appended to: keep the visibility map fresh, so that index-only scans stay that.
ALTER TABLE log.event SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE log.event_tag SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Grants keep the services from rewriting history; this keeps a slip of the owner from it.
CREATE FUNCTION log.refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: the log is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Append an event that says what has changed instead.';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event_tag
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.epoch
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_rewrite();

CREATE PUBLICATION headwater FOR TABLE log.event WITH (publish = 'insert');

-- Group roles belong to the cluster and may be there already; login roles are made by whoever set it up.
DO
$$
DECLARE
    membership record;
BEGIN
    FOR membership IN
        SELECT * FROM (VALUES ('log_appender'), ('log_reader'), ('log_relay'), ('read_projector')) AS role (name)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = membership.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', membership.name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made by another migration at the same moment
            END;
        END IF;
    END LOOP;

    FOR membership IN
        SELECT * FROM (VALUES ('log_appender', 'headwater_command'),
                              ('log_relay', 'headwater_relay'),
                              ('log_reader', 'headwater_query'),
                              ('read_projector', 'headwater_projection')) AS membership (role, login)
    LOOP
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = membership.login) THEN
            EXECUTE format('GRANT %I TO %I', membership.role, membership.login);
        END IF;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA log TO log_appender, log_reader, log_relay, read_projector;
GRANT SELECT, INSERT ON log.event, log.event_tag TO log_appender;
GRANT SELECT ON log.epoch TO log_appender, log_reader, log_relay, read_projector;
GRANT SELECT ON log.event, log.event_tag TO log_reader;
GRANT SELECT ON log.event TO log_relay;
