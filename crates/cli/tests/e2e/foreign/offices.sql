CREATE TABLE desks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    opens_at time NOT NULL,
    closes_at time NOT NULL,
    budget numeric(10, 2),
    ceiling numeric(10, 2) NOT NULL CHECK (ceiling > 0),
    UNIQUE (tenant_id, id),
    CONSTRAINT desks_hours CHECK (closes_at > opens_at),
    CONSTRAINT desks_budget CHECK (budget <= ceiling)
);
CREATE UNIQUE INDEX desks_name ON desks (tenant_id, lower(name));

CREATE TABLE hires (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'granted', 'over', 'refused')),
    price numeric(10, 2) NOT NULL CHECK (price > 0),
    settled_at timestamptz,
    receipt text,
    CONSTRAINT hires_receipt CHECK (settled_at IS NULL OR receipt IS NOT NULL),
    FOREIGN KEY (tenant_id, desk_id) REFERENCES desks (tenant_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX hires_live ON hires (desk_id) WHERE state <> 'refused';

CREATE TABLE bills (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    amount numeric(10, 2) NOT NULL CHECK (amount > 0),
    FOREIGN KEY (tenant_id, desk_id) REFERENCES desks (tenant_id, id) ON DELETE CASCADE
);

CREATE FUNCTION hires_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.settled_at IS NOT NULL THEN RAISE EXCEPTION 'a settled hire stays'; END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' THEN RAISE EXCEPTION 'a hire is asked for first'; END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('asked', 'granted'), ('asked', 'refused'), ('granted', 'over')) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.state, NEW.state;
    END IF;
    IF OLD.state IN ('granted', 'over') AND NEW.price <> OLD.price THEN
        RAISE EXCEPTION 'the price is fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hires_guard BEFORE INSERT OR UPDATE OR DELETE ON hires FOR EACH ROW EXECUTE FUNCTION hires_guard();

CREATE FUNCTION bills_within_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most numeric;
BEGIN
    SELECT budget INTO most FROM desks WHERE id = NEW.desk_id FOR UPDATE;
    IF (SELECT coalesce(sum(amount), 0) FROM bills WHERE desk_id = NEW.desk_id AND id <> NEW.id) + NEW.amount > coalesce(most, 0) THEN
        RAISE EXCEPTION 'the bills of desk % exceed its budget', NEW.desk_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bills_within_budget BEFORE INSERT OR UPDATE ON bills FOR EACH ROW EXECUTE FUNCTION bills_within_budget();

CREATE FUNCTION desks_budget_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount), 0) FROM bills WHERE desk_id = NEW.id) > coalesce(NEW.budget, 0) THEN
        RAISE EXCEPTION 'the bills of desk % exceed the new budget', NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER desks_budget_kept BEFORE UPDATE OF budget ON desks FOR EACH ROW EXECUTE FUNCTION desks_budget_kept();

ALTER TABLE desks ENABLE ROW LEVEL SECURITY;
ALTER TABLE desks FORCE ROW LEVEL SECURITY;
CREATE POLICY desks_of_tenant ON desks USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
ALTER TABLE hires ENABLE ROW LEVEL SECURITY;
ALTER TABLE hires FORCE ROW LEVEL SECURITY;
CREATE POLICY hires_of_tenant ON hires USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
ALTER TABLE bills ENABLE ROW LEVEL SECURITY;
ALTER TABLE bills FORCE ROW LEVEL SECURITY;
CREATE POLICY bills_of_tenant ON bills USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
