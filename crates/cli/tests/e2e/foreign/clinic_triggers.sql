-- UUID keys, names with a prefix, text with CHECKs and domains, overlaps refused by a trigger that takes a lock.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE DOMAIN person_name AS text CHECK (length(VALUE) BETWEEN 1 AND 120);
CREATE TABLE app_clinic (
    clinic_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    clinic_name person_name NOT NULL
);
CREATE TABLE app_practitioner (
    practitioner_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    clinic_id uuid NOT NULL REFERENCES app_clinic,
    name_full person_name NOT NULL,
    email citext NOT NULL,
    licence_number text NOT NULL CHECK (length(licence_number) <= 20),
    deleted_at timestamptz
);
CREATE UNIQUE INDEX app_practitioner_email ON app_practitioner (clinic_id, email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX app_practitioner_licence ON app_practitioner (licence_number);
CREATE TABLE app_patient (
    patient_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    clinic_id uuid NOT NULL REFERENCES app_clinic,
    full_name person_name NOT NULL,
    birth_date date CHECK (birth_date < DATE '2025-06-01')
);
CREATE TABLE app_appointment (
    appointment_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id uuid NOT NULL REFERENCES app_patient,
    practitioner_id uuid NOT NULL REFERENCES app_practitioner,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'REQUESTED'
        CHECK (status IN ('REQUESTED', 'CONFIRMED', 'COMPLETED', 'CANCELLED')),
    fee numeric(10, 2) NOT NULL CHECK (fee >= 0),
    confirmed_at timestamptz,
    reason text CHECK (length(reason) <= 500),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT span CHECK (end_time > start_time),
    CONSTRAINT confirmed CHECK (status <> 'CONFIRMED' OR confirmed_at IS NOT NULL)
);
CREATE INDEX ON app_appointment (practitioner_id, start_time);
CREATE FUNCTION app_appointment_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(NEW.practitioner_id::text));
    IF NEW.status <> 'CANCELLED' AND EXISTS (
        SELECT FROM app_appointment a
        WHERE a.practitioner_id = NEW.practitioner_id AND a.appointment_id <> NEW.appointment_id
            AND a.status <> 'CANCELLED' AND a.start_time < NEW.end_time AND NEW.start_time < a.end_time) THEN
        RAISE EXCEPTION 'the practitioner is busy' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER overlap BEFORE INSERT OR UPDATE ON app_appointment
    FOR EACH ROW EXECUTE FUNCTION app_appointment_overlap();
CREATE FUNCTION app_appointment_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.status := 'REQUESTED';
        RETURN NEW;
    END IF;
    NEW.fee := OLD.fee;
    IF NEW.status <> OLD.status AND NEW.status <> ALL (CASE OLD.status
        WHEN 'REQUESTED' THEN ARRAY['CONFIRMED', 'CANCELLED']
        WHEN 'CONFIRMED' THEN ARRAY['COMPLETED', 'CANCELLED']
        ELSE ARRAY[]::text[] END) THEN
        RAISE EXCEPTION 'illegal step' USING ERRCODE = '22000';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app_appointment
    FOR EACH ROW EXECUTE FUNCTION app_appointment_life();
CREATE TABLE app_note (
    note_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    appointment_id uuid NOT NULL REFERENCES app_appointment ON DELETE CASCADE,
    body text NOT NULL
);
CREATE TABLE app_audit (id bigserial PRIMARY KEY, entry jsonb NOT NULL);
