CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE studios (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(80) NOT NULL);

CREATE TABLE presses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    studio_id uuid NOT NULL REFERENCES studios,
    code varchar(20) NOT NULL,
    retired_at timestamptz,
    UNIQUE (studio_id, id),
    UNIQUE (studio_id, code)
);

CREATE TABLE print_jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    studio_id uuid NOT NULL REFERENCES studios,
    press_id uuid NOT NULL,
    copies integer NOT NULL CHECK (copies BETWEEN 1 AND 500),
    price numeric(8,2) NOT NULL CHECK (price >= 0),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'queued', 'printed', 'dropped')),
    UNIQUE (studio_id, id),
    FOREIGN KEY (studio_id, press_id) REFERENCES presses (studio_id, id)
);

CREATE TABLE proofs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    studio_id uuid NOT NULL REFERENCES studios,
    print_job_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
    FOREIGN KEY (studio_id, print_job_id) REFERENCES print_jobs (studio_id, id)
);

CREATE TABLE shifts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    studio_id uuid NOT NULL REFERENCES studios,
    press_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date CHECK (last_day >= first_day),
    FOREIGN KEY (studio_id, press_id) REFERENCES presses (studio_id, id),
    EXCLUDE USING gist (press_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
);

CREATE FUNCTION print_jobs_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone timestamptz;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status <> 'draft' THEN
        RAISE EXCEPTION 'a print job begins as a draft' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' OR NEW.press_id <> OLD.press_id THEN
        SELECT retired_at INTO gone FROM presses WHERE id = NEW.press_id FOR SHARE;
        IF gone IS NOT NULL THEN
            RAISE EXCEPTION 'the press is retired' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
        (('draft', 'queued'), ('draft', 'dropped'), ('queued', 'printed'), ('queued', 'dropped')) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status = 'queued' AND (NEW.press_id, NEW.price) IS DISTINCT FROM (OLD.press_id, OLD.price) THEN
        RAISE EXCEPTION 'it is queued' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'printed' AND OLD.status <> 'printed'
       AND EXISTS (SELECT FROM proofs WHERE print_job_id = NEW.id AND state = 'open') THEN
        RAISE EXCEPTION 'a proof is open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER print_jobs_write BEFORE INSERT OR UPDATE ON print_jobs
    FOR EACH ROW EXECUTE FUNCTION print_jobs_write();

CREATE FUNCTION proofs_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'open' THEN
        RAISE EXCEPTION 'a proof begins as open' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND OLD.state <> 'open' THEN
        RAISE EXCEPTION 'the proof was judged' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proofs_write BEFORE INSERT OR UPDATE ON proofs
    FOR EACH ROW EXECUTE FUNCTION proofs_write();

CREATE FUNCTION presses_retire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM print_jobs WHERE press_id = NEW.id AND status = 'queued') THEN
        RAISE EXCEPTION 'the press has queued print jobs' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER presses_retire BEFORE UPDATE ON presses
    FOR EACH ROW WHEN (NEW.retired_at IS NOT NULL) EXECUTE FUNCTION presses_retire();
