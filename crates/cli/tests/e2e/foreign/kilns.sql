CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TYPE firing_status AS ENUM ('planned', 'approved', 'fired', 'scrapped');
CREATE TABLE guild (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (char_length(name) <= 80)
);
CREATE TABLE potter (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  email text NOT NULL CHECK (char_length(email) <= 200),
  left_at timestamptz,
  UNIQUE (guild_id, id),
  UNIQUE (guild_id, email)
);
CREATE TABLE kiln (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  code text NOT NULL CHECK (char_length(code) <= 20),
  volume_l numeric(6,1) NOT NULL CHECK (volume_l > 0 AND volume_l <= 4000),
  UNIQUE (guild_id, id),
  UNIQUE (guild_id, code)
);
CREATE TABLE kiln_firing (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  kiln_id uuid NOT NULL,
  status firing_status NOT NULL DEFAULT 'planned',
  heated_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  signed_by uuid,
  UNIQUE (guild_id, id),
  FOREIGN KEY (guild_id, kiln_id) REFERENCES kiln (guild_id, id),
  FOREIGN KEY (guild_id, signed_by) REFERENCES potter (guild_id, id),
  CHECK (CASE WHEN status IN ('approved', 'fired') THEN signed_by IS NOT NULL ELSE true END),
  CHECK (opened_at > heated_at),
  CHECK (opened_at - heated_at <= interval '60 hours'),
  EXCLUDE USING gist (kiln_id WITH =, tstzrange(heated_at, opened_at) WITH &&)
);
CREATE TABLE firing_load (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  firing_id uuid NOT NULL,
  label text NOT NULL CHECK (char_length(label) <= 40),
  litres numeric(6,1) NOT NULL CHECK (litres > 0),
  UNIQUE (guild_id, id),
  FOREIGN KEY (guild_id, firing_id) REFERENCES kiln_firing (guild_id, id)
);
CREATE TABLE load_inspection (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  load_id uuid NOT NULL,
  inspected_by uuid NOT NULL,
  grade integer NOT NULL CHECK (grade BETWEEN 1 AND 5),
  FOREIGN KEY (guild_id, load_id) REFERENCES firing_load (guild_id, id),
  FOREIGN KEY (guild_id, inspected_by) REFERENCES potter (guild_id, id)
);
CREATE TABLE firing_sheet (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guild_id uuid NOT NULL REFERENCES guild,
  firing_id uuid NOT NULL,
  sheet_no integer NOT NULL CHECK (sheet_no > 0),
  UNIQUE (firing_id, sheet_no),
  FOREIGN KEY (guild_id, firing_id) REFERENCES kiln_firing (guild_id, id)
);
CREATE FUNCTION firing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'planned' THEN
      RAISE EXCEPTION 'a firing begins planned' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
      ('planned', 'approved'), ('approved', 'fired'), ('planned', 'scrapped'), ('approved', 'scrapped')) THEN
    RAISE EXCEPTION 'a firing cannot go from % to %', OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  IF NEW.status = 'approved' AND OLD.status <> 'approved'
     AND NOT EXISTS (SELECT 1 FROM firing_load WHERE firing_id = NEW.id) THEN
    RAISE EXCEPTION 'the kiln is empty' USING ERRCODE = '23514';
  END IF;
  IF NEW.status = 'fired' AND OLD.status <> 'fired' AND EXISTS (
      SELECT 1 FROM firing_load l WHERE l.firing_id = NEW.id
      AND NOT EXISTS (SELECT 1 FROM load_inspection i WHERE i.load_id = l.id)) THEN
    RAISE EXCEPTION 'not everything was looked at' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER firing_guard BEFORE INSERT OR UPDATE ON kiln_firing FOR EACH ROW EXECUTE FUNCTION firing_guard();
CREATE FUNCTION load_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  f record;
  room numeric;
BEGIN
  FOR f IN SELECT status FROM kiln_firing WHERE id IN (OLD.firing_id, NEW.firing_id) ORDER BY id FOR NO KEY UPDATE LOOP
    IF f.status <> 'planned' THEN
      RAISE EXCEPTION 'the loads are settled' USING ERRCODE = '23514';
    END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (SELECT count(*) FROM firing_load WHERE firing_id = NEW.firing_id AND id <> NEW.id) >= 3 THEN
    RAISE EXCEPTION 'three loads at most' USING ERRCODE = '23514';
  END IF;
  SELECT k.volume_l INTO room FROM kiln_firing held JOIN kiln k ON k.id = held.kiln_id WHERE held.id = NEW.firing_id;
  IF NEW.litres > room THEN
    RAISE EXCEPTION 'there is room for % only', room USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER load_guard BEFORE INSERT OR UPDATE OR DELETE ON firing_load FOR EACH ROW EXECUTE FUNCTION load_guard();
CREATE FUNCTION sheet_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state firing_status;
BEGIN
  SELECT status INTO state FROM kiln_firing WHERE id = NEW.firing_id FOR SHARE;
  IF (TG_OP = 'INSERT' OR NEW.firing_id <> OLD.firing_id) AND state <> 'fired' THEN
    RAISE EXCEPTION 'no sheet for what is %', state USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sheet_guard BEFORE INSERT OR UPDATE ON firing_sheet FOR EACH ROW EXECUTE FUNCTION sheet_guard();
CREATE FUNCTION inspection_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM firing_load l JOIN kiln_firing f ON f.id = l.firing_id
                 WHERE l.id = NEW.load_id AND f.status = 'approved') THEN
    RAISE EXCEPTION 'the firing is not approved' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspection_guard BEFORE INSERT ON load_inspection FOR EACH ROW EXECUTE FUNCTION inspection_guard();
