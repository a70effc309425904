-- Each event's hash is made of the hash before it and of all that the event says: docs/log.md has the form.
ALTER TABLE log.event ADD COLUMN hash bytea;

COMMENT ON COLUMN log.event.hash IS 'SHA-256 of the hash before (32 zero bytes before the first) and log.event_digest.';

-- The bytes that are hashed. Whoever appends makes the same ones; GET /log hands out these.
CREATE FUNCTION log.event_json(e log.event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN '{"id":"' || e.id || '","type":' || to_json(e.type) || ',"version":' || to_json(e.version)
    || ',"at":' || e.at_micros || ',"tags":' || array_to_json(e.tags)
    || ',"metadataBytes":' || octet_length(e.metadata)
    || ',"metadata":' || e.metadata || ',"payload":' || e.payload || '}';

CREATE FUNCTION log.event_digest(e log.event) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(log.event_json(e), 'UTF8'));

-- PL/pgSQL, since it evaluates so short an expression several times as fast as an SQL function does here.
CREATE FUNCTION log.next_hash(before bytea, start bytea, digest bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN sha256(coalesce(before, start) || digest);
END
$$;

-- The hash after each of several events, as a window function over their digests.
CREATE AGGREGATE log.chain(start bytea, digest bytea) (SFUNC = log.next_hash, STYPE = bytea);

CREATE FUNCTION log.hash_before(at bigint) RETURNS bytea LANGUAGE plpgsql STABLE AS
$$
DECLARE
    hash_there bytea;
BEGIN
    IF at = 1 THEN
        RETURN decode(repeat('00', 32), 'hex');
    END IF;
    SELECT hash INTO hash_there FROM log.event WHERE position = at - 1;
    IF hash_there IS NULL THEN
        RAISE EXCEPTION 'Position % of the log has no hash, so nothing can come after it', at - 1
            USING HINT = 'Positions have no gaps; find out which events are missing, and why.';
    END IF;
    RETURN hash_there;
END
$$;

-- What was there before, a thousand events at a time. Readers and appenders wait meanwhile.
ALTER TABLE log.event DISABLE TRIGGER append_only;

DO
$$
DECLARE
    done   bigint := 0;
    before bytea  := decode(repeat('00', 32), 'hex');
BEGIN
    LOOP
        WITH digests AS (
            SELECT e.position, log.event_digest(e) AS digest
              FROM log.event e
             WHERE e.position > done
             ORDER BY e.position
             LIMIT 1000),
        hashes AS (
            SELECT d.position, log.chain(before, d.digest) OVER (ORDER BY d.position ROWS UNBOUNDED PRECEDING) AS hash
              FROM digests d),
        hashed AS (
            UPDATE log.event e SET hash = h.hash FROM hashes h WHERE e.position = h.position
            RETURNING e.position, e.hash)
        SELECT h.position, h.hash INTO done, before FROM hashed h ORDER BY h.position DESC LIMIT 1;
        EXIT WHEN done IS NULL;
    END LOOP;
END
$$;

ALTER TABLE log.event ENABLE TRIGGER append_only;
ALTER TABLE log.event ALTER COLUMN hash SET NOT NULL;
ALTER TABLE log.event ADD CONSTRAINT event_hash_check CHECK (octet_length(hash) = 32);

-- For whoever inserts without it: a service of the release before, while the services are renewed one by one.
CREATE FUNCTION log.add_hash() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.hash := sha256(log.hash_before(NEW.position) || log.event_digest(NEW));
    RETURN NEW;
END
$$;

CREATE TRIGGER add_hash BEFORE INSERT ON log.event
    FOR EACH ROW WHEN (NEW.hash IS NULL) EXECUTE FUNCTION log.add_hash();

-- Consumers of Kafka do not get the hash, so the relay need not carry it.
ALTER PUBLICATION headwater SET TABLE log.event (position, id, type, version, at_micros, payload, metadata, tags);
