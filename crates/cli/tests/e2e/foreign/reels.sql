CREATE EXTENSION btree_gist;
CREATE TABLE archives (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code text NOT NULL UNIQUE CHECK (code <> ''));

CREATE TABLE prints (
    archive_id uuid NOT NULL REFERENCES archives,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    accession_no text NOT NULL,
    reel_m integer NOT NULL,
    status text NOT NULL DEFAULT 'vault' CHECK (status IN ('vault', 'in_repair', 'sold')),
    PRIMARY KEY (archive_id, id),
    UNIQUE (archive_id, accession_no)
);

CREATE TABLE reels (
    archive_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    print_id uuid NOT NULL,
    position integer NOT NULL,
    length_m integer NOT NULL,
    PRIMARY KEY (archive_id, id),
    FOREIGN KEY (archive_id, print_id) REFERENCES prints (archive_id, id) ON DELETE CASCADE,
    CONSTRAINT reels_place UNIQUE (archive_id, print_id, position)
);

CREATE TABLE borrowers (
    archive_id uuid NOT NULL REFERENCES archives,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    contact_email text,
    deleted_at timestamptz,
    PRIMARY KEY (archive_id, id)
);
CREATE UNIQUE INDEX borrowers_email ON borrowers (archive_id, lower(contact_email)) WHERE deleted_at IS NULL;

CREATE TABLE loans (
    archive_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    print_id uuid NOT NULL,
    borrower_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    PRIMARY KEY (archive_id, id),
    FOREIGN KEY (archive_id, print_id) REFERENCES prints (archive_id, id),
    FOREIGN KEY (archive_id, borrower_id) REFERENCES borrowers (archive_id, id),
    CHECK (starts_on <= ends_on),
    EXCLUDE USING gist (archive_id WITH =, print_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);

CREATE FUNCTION reel_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.length_m > (SELECT reel_m FROM prints WHERE archive_id = NEW.archive_id AND id = NEW.print_id FOR SHARE) THEN
        RAISE EXCEPTION 'the reel is too long' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reel_fits BEFORE INSERT OR UPDATE ON reels FOR EACH ROW EXECUTE FUNCTION reel_fits();

CREATE FUNCTION print_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM reels WHERE archive_id = NEW.archive_id AND print_id = NEW.id AND length_m > NEW.reel_m) THEN
        RAISE EXCEPTION 'a reel is longer' USING ERRCODE = '23514';
    END IF;
    IF NEW.accession_no <> OLD.accession_no AND EXISTS (SELECT FROM reels WHERE archive_id = NEW.archive_id AND print_id = NEW.id) THEN
        RAISE EXCEPTION 'the print has reels' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER print_kept BEFORE UPDATE ON prints FOR EACH ROW EXECUTE FUNCTION print_kept();

CREATE FUNCTION loan_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.print_id = OLD.print_id THEN
        RETURN NEW;
    END IF;
    PERFORM FROM prints WHERE archive_id = NEW.archive_id AND id = NEW.print_id AND status = 'vault' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the print is not there' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER loan_allowed BEFORE INSERT OR UPDATE ON loans FOR EACH ROW EXECUTE FUNCTION loan_allowed();
