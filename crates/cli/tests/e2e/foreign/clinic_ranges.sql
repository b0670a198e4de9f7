-- Identity keys, a range for the span, a native enumeration, one trigger that raises plain exceptions.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA clinic;
SET search_path = clinic, public;
CREATE TYPE appointment_state AS ENUM ('requested', 'confirmed', 'completed', 'cancelled');
CREATE TABLE clinics (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(120) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE practitioners (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id bigint NOT NULL REFERENCES clinics,
    full_name varchar(120) NOT NULL,
    email varchar(255) NOT NULL,
    licence_no varchar(20) NOT NULL UNIQUE,
    UNIQUE (clinic_id, email)
);
CREATE TABLE patients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id bigint NOT NULL REFERENCES clinics,
    full_name varchar(120) NOT NULL,
    birth_date date
);
CREATE TABLE appointments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id bigint NOT NULL REFERENCES patients ON DELETE RESTRICT,
    practitioner_id bigint NOT NULL REFERENCES practitioners,
    during tstzrange NOT NULL
        CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    state appointment_state NOT NULL DEFAULT 'requested',
    fee numeric(10, 2) NOT NULL CHECK (fee >= 0),
    confirmed_at timestamptz,
    reason varchar(500),
    CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL),
    EXCLUDE USING gist (practitioner_id WITH =, during WITH &&) WHERE (state <> 'cancelled')
);
CREATE FUNCTION appointments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'requested' THEN
            RAISE EXCEPTION 'an appointment is born requested';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.fee IS DISTINCT FROM OLD.fee THEN
        RAISE EXCEPTION 'the fee is fixed';
    END IF;
    IF NEW.state <> OLD.state AND NOT ((OLD.state, NEW.state) IN (
        ('requested', 'confirmed'), ('requested', 'cancelled'),
        ('confirmed', 'completed'), ('confirmed', 'cancelled'))) THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointments_guard BEFORE INSERT OR UPDATE ON appointments
    FOR EACH ROW EXECUTE FUNCTION appointments_guard();
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id bigint NOT NULL REFERENCES appointments ON DELETE CASCADE,
    body text NOT NULL
);
CREATE INDEX ON appointments (practitioner_id, lower(during));
CREATE VIEW open_appointments AS SELECT * FROM appointments WHERE state = 'requested';
