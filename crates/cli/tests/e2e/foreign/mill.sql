CREATE DOMAIN short_text AS text CHECK (length(VALUE) BETWEEN 3 AND 12);
CREATE DOMAIN upper_code AS short_text CHECK (VALUE = upper(VALUE));
CREATE DOMAIN farm_code AS upper_code CHECK (VALUE ~ '^F(?=.*[0-9])[A-Z0-9]{4,8}$') NOT NULL;

CREATE FUNCTION check_digit(number text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT number ~ '^[0-9]{9}$'
        AND (SELECT sum((10 - i) * substr(number, i, 1)::int) FROM generate_series(1, 9) AS i) % 11 = 0
$$;

CREATE TABLE farms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code farm_code UNIQUE,
    name varchar(80) NOT NULL CHECK (name = initcap(name) AND name !~ '[0-9]'),
    tax_number varchar(20) NOT NULL UNIQUE CHECK (check_digit(tax_number)),
    settings jsonb NOT NULL,
    CONSTRAINT farms_settings CHECK (
        jsonb_typeof(settings) = 'object'
        AND settings ?& ARRAY['currency', 'silo']
        AND settings ->> 'currency' ~ '^[A-Z]{3}$'
        AND jsonb_typeof(settings -> 'silo') = 'number'
        AND (settings ->> 'silo')::numeric > 0
    )
);

CREATE TABLE deliveries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    farm_id uuid NOT NULL REFERENCES farms,
    ticket varchar(20) NOT NULL UNIQUE CHECK (ticket ~ '^(T|R)-[0-9]{4}/[0-9]{2,3}$'),
    gross numeric(8, 2) NOT NULL,
    tare numeric(8, 2) NOT NULL,
    net numeric(8, 2) NOT NULL,
    moisture integer NOT NULL CHECK (moisture BETWEEN 0 AND 100),
    status text NOT NULL DEFAULT 'weighed' CHECK (status IN ('weighed', 'accepted', 'rejected')),
    accepted_at timestamptz,
    grade varchar(4),
    dry numeric GENERATED ALWAYS AS (net * (100 - moisture) / 100) STORED,
    CONSTRAINT deliveries_net CHECK (net = gross - tare),
    CONSTRAINT deliveries_heavy CHECK (net > 0 AND tare >= 0),
    CONSTRAINT deliveries_dry CHECK (dry <= gross),
    CONSTRAINT deliveries_accepted CHECK (status <> 'accepted' OR accepted_at IS NOT NULL),
    CONSTRAINT deliveries_grade CHECK (status <> 'accepted' OR (grade IS NOT NULL AND grade SIMILAR TO '[ABC][1-3]'))
);

CREATE FUNCTION deliveries_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'weighed' THEN
            RAISE EXCEPTION 'a delivery is weighed first';
        END IF;
    ELSIF NEW.status <> OLD.status AND OLD.status <> 'weighed' THEN
        RAISE EXCEPTION 'from % to %', OLD.status, NEW.status;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deliveries_step BEFORE INSERT OR UPDATE ON deliveries FOR EACH ROW EXECUTE FUNCTION deliveries_step();

CREATE TABLE batches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    label varchar(20) NOT NULL,
    milled_on date NOT NULL CHECK (extract(isodow FROM milled_on) BETWEEN 1 AND 5),
    shelf_until date NOT NULL,
    weight numeric(8, 2) NOT NULL CHECK (weight > 0),
    shares jsonb NOT NULL CHECK (jsonb_typeof(shares) = 'array' AND jsonb_array_length(shares) BETWEEN 1 AND 4),
    CONSTRAINT batches_shelf CHECK (shelf_until - milled_on BETWEEN 90 AND 180),
    CONSTRAINT batches_label CHECK (label LIKE 'B-____-%' AND right(label, 1) IN ('X', 'Y'))
);
