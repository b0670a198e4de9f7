CREATE EXTENSION btree_gist;
CREATE DOMAIN mail AS varchar(120) CHECK (VALUE LIKE '%_@_%');
CREATE TYPE service_kind AS ENUM ('power', 'water');

CREATE TABLE skippers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email mail NOT NULL,
    rank integer NOT NULL CHECK (rank BETWEEN 1 AND 9)
);
CREATE UNIQUE INDEX skippers_email ON skippers (lower(email));

CREATE TABLE quays (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(40) NOT NULL UNIQUE
);

CREATE TABLE stays (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    skipper_id uuid NOT NULL REFERENCES skippers,
    quay_id uuid NOT NULL REFERENCES quays,
    berth integer NOT NULL CHECK (berth > 0),
    status text NOT NULL DEFAULT 'asked' CHECK (status IN ('asked', 'moored', 'left', 'refused')),
    left_at timestamptz,
    dues numeric(8, 2) NOT NULL CHECK (dues >= 0),
    CONSTRAINT stays_left CHECK (status <> 'left' OR left_at IS NOT NULL)
);
CREATE UNIQUE INDEX stays_one_refused ON stays (skipper_id) WHERE status = 'refused';
CREATE INDEX stays_skipper ON stays (skipper_id);

CREATE TABLE services (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    stay_id uuid NOT NULL REFERENCES stays ON DELETE CASCADE,
    kind service_kind NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CHECK (ends_on > starts_on),
    CONSTRAINT services_apart EXCLUDE USING gist
        (stay_id WITH =, kind WITH =, daterange(starts_on, ends_on, '[)') WITH &&)
);

CREATE TABLE log_lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text varchar(200) NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE FUNCTION stays_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'asked' THEN
            RAISE EXCEPTION 'a stay is asked for first';
        END IF;
    ELSIF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
        (('asked', 'moored'), ('asked', 'refused'), ('moored', 'left')) THEN
        RAISE EXCEPTION 'from % to %', OLD.status, NEW.status;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays_step BEFORE INSERT OR UPDATE ON stays FOR EACH ROW EXECUTE FUNCTION stays_step();

CREATE FUNCTION stays_moored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM skippers WHERE id = NEW.skipper_id FOR UPDATE;
    IF NEW.status = 'moored' AND (SELECT count(*) FROM stays
            WHERE skipper_id = NEW.skipper_id AND status = 'moored' AND id <> NEW.id) >= 3 THEN
        RAISE EXCEPTION 'enough berths are taken';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays_moored BEFORE INSERT OR UPDATE ON stays FOR EACH ROW EXECUTE FUNCTION stays_moored();

CREATE FUNCTION log_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is written once';
END $$;
CREATE TRIGGER log_kept BEFORE UPDATE ON log_lines FOR EACH ROW EXECUTE FUNCTION log_kept();
