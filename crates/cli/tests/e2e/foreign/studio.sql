CREATE TABLE rooms (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    seats int NOT NULL CHECK (seats > 0),
    opens_at time NOT NULL,
    closes_at time NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    CHECK (closes_at > opens_at)
);
CREATE TABLE members (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email varchar(60) NOT NULL,
    badge_no char(8) UNIQUE,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX members_email ON members (email) WHERE deleted_at IS NULL;
CREATE TABLE courses (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id int NOT NULL REFERENCES rooms,
    held_on date NOT NULL,
    fee numeric(8, 2) NOT NULL CHECK (fee >= 0),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'held', 'cancelled')),
    host_id int REFERENCES members,
    weekdays int[] NOT NULL CHECK (cardinality(weekdays) BETWEEN 2 AND 3),
    -- Nobody wrote it down, and all the same it is so: who holds a course is known when it is open.
    CHECK (state = 'draft' OR state = 'cancelled' OR host_id IS NOT NULL)
);
CREATE UNIQUE INDEX courses_open ON courses (room_id) WHERE state = 'open';
CREATE FUNCTION course_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'born draft' USING ERRCODE = '23514'; END IF;
        RETURN NEW;
    END IF;
    IF NEW.fee <> OLD.fee THEN RAISE EXCEPTION 'the fee is fixed' USING ERRCODE = '23514'; END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
        (('draft', 'open'), ('open', 'held'), ('open', 'cancelled')) THEN
        RAISE EXCEPTION 'no such step' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER course_steps BEFORE INSERT OR UPDATE ON courses FOR EACH ROW EXECUTE FUNCTION course_steps();
CREATE TABLE seats (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    course_id int NOT NULL REFERENCES courses,
    member_id int NOT NULL REFERENCES members
);
CREATE FUNCTION seats_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM courses WHERE id = NEW.course_id FOR UPDATE;
    IF (SELECT count(*) FROM seats WHERE course_id = NEW.course_id AND id <> NEW.id) >= 4 THEN
        RAISE EXCEPTION 'the course is full' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seats_left BEFORE INSERT OR UPDATE ON seats FOR EACH ROW EXECUTE FUNCTION seats_left();
CREATE TABLE payments (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    course_id int NOT NULL REFERENCES courses,
    amount numeric(8, 2) NOT NULL CHECK (amount > 0),
    kind text NOT NULL CHECK (kind IN ('cash', 'card')),
    receipt text,
    -- A listed value may ask for another one beside it.
    CHECK (kind <> 'card' OR receipt IS NOT NULL)
);
CREATE FUNCTION payments_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owed numeric;
BEGIN
    SELECT fee INTO owed FROM courses WHERE id = NEW.course_id FOR UPDATE;
    IF (SELECT coalesce(sum(amount), 0) FROM payments WHERE course_id = NEW.course_id AND id <> NEW.id) + NEW.amount > owed THEN
        RAISE EXCEPTION 'more than owed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_left BEFORE INSERT OR UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION payments_left();
CREATE TABLE audit_logs (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    said text NOT NULL
);
CREATE FUNCTION audit_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said stays';
END $$;
CREATE TRIGGER audit_final BEFORE UPDATE ON audit_logs FOR EACH ROW EXECUTE FUNCTION audit_final();
