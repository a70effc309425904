-- The read schema: what the projection makes of the log. Tables of records (record_<model>) are made by the projection
-- when a model is defined. Run by a role that owns the database; ${flyway:defaultSchema} is `read`, or `read_next` while
-- a rebuild fills a second schema beside the one that is read.

CREATE TABLE ${flyway:defaultSchema}.checkpoint (
    projection   text        PRIMARY KEY,
    epoch        text        NOT NULL DEFAULT '',
    position     bigint      NOT NULL DEFAULT 0,
    kafka_offset bigint      NOT NULL DEFAULT 0,
    event_at     timestamptz,
    -- from the clock, so that no two schemas ever have a fence in common
    fence        bigint      NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    leader       text        NOT NULL DEFAULT '',
    lease_until  timestamptz NOT NULL DEFAULT '-infinity',
    alarm        text,
    alarm_position bigint,
    alarmed_at   timestamptz
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE ${flyway:defaultSchema}.checkpoint IS 'How far the projection is; committed together with the rows.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.epoch IS 'The log''s line of life; empty before the first event.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.position IS 'Position of the last event in the tables; 0 for none.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.kafka_offset IS 'Where to go on in headwater.log.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.event_at IS 'Time of the last event.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.fence IS 'Counts changes of the leader; only who knows it may write.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.leader IS 'The instance that projects.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.lease_until IS 'Until when others leave it to the leader.';
COMMENT ON COLUMN ${flyway:defaultSchema}.checkpoint.alarm IS 'Why the projection stands still; null while it goes on.';

INSERT INTO ${flyway:defaultSchema}.checkpoint (projection) VALUES ('records');

CREATE TABLE ${flyway:defaultSchema}.model (
    name       text COLLATE "C" PRIMARY KEY,
    version    integer NOT NULL,
    retired_at timestamptz
);

COMMENT ON TABLE ${flyway:defaultSchema}.model IS 'The models; version is the newest in model_version.';
COMMENT ON COLUMN ${flyway:defaultSchema}.model.retired_at IS 'Null while the model takes commands.';

CREATE TABLE ${flyway:defaultSchema}.model_version (
    name       text COLLATE "C" NOT NULL,
    version    integer          NOT NULL,
    definition json             NOT NULL,
    position   bigint           NOT NULL,
    defined_at timestamptz      NOT NULL,
    PRIMARY KEY (name, version)
);

COMMENT ON TABLE ${flyway:defaultSchema}.model_version IS 'Every version of every definition, as in the event that defined it.';

-- Group roles belong to the cluster and may be there already; login roles are made by whoever set it up.
DO
$$
DECLARE
    membership record;
BEGIN
    FOR membership IN
        SELECT * FROM (VALUES ('read_projector', 'headwater_projection'),
                              ('read_reader', 'headwater_query')) AS membership (role, login)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = membership.role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', membership.role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made by another migration at the same moment
            END;
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = membership.login)
           AND NOT pg_has_role(membership.login, membership.role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', membership.role, membership.login);
        END IF;
    END LOOP;
END
$$;

GRANT USAGE, CREATE ON SCHEMA ${flyway:defaultSchema} TO read_projector;
GRANT USAGE ON SCHEMA ${flyway:defaultSchema} TO read_reader;
GRANT SELECT, UPDATE ON ${flyway:defaultSchema}.checkpoint TO read_projector;
GRANT SELECT, INSERT, UPDATE ON ${flyway:defaultSchema}.model, ${flyway:defaultSchema}.model_version TO read_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA ${flyway:defaultSchema} TO read_reader;
