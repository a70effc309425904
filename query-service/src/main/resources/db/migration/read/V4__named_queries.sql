-- Named queries, as the log has them; io.headwater.query.named runs them.

CREATE TABLE ${flyway:defaultSchema}.query (
    name       text COLLATE "C" PRIMARY KEY,
    version    integer NOT NULL,
    retired_at timestamptz
);

COMMENT ON TABLE ${flyway:defaultSchema}.query IS 'The named queries; version is the newest in query_version.';
COMMENT ON COLUMN ${flyway:defaultSchema}.query.retired_at IS 'Null while the query can be run.';

CREATE TABLE ${flyway:defaultSchema}.query_version (
    name       text COLLATE "C" NOT NULL,
    version    integer          NOT NULL,
    definition json             NOT NULL,
    position   bigint           NOT NULL,
    defined_at timestamptz      NOT NULL,
    PRIMARY KEY (name, version)
);

COMMENT ON TABLE ${flyway:defaultSchema}.query_version IS 'Every version of every named query, as in the event that defined it.';

GRANT SELECT, INSERT, UPDATE ON ${flyway:defaultSchema}.query, ${flyway:defaultSchema}.query_version TO read_projector;
GRANT SELECT ON ${flyway:defaultSchema}.query, ${flyway:defaultSchema}.query_version TO read_reader;
