//! Numbers that a row keeps of others, right after each change; where a schema leaves them to whoever writes, nothing is
//! claimed of them.

use super::{flaw, judge, refuted};
use crate::shared_server::Shared;

const DOCUMENT: &str = "# Graveyard\n\n\
## Plot\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| id | uuid | yes | Primary key |\n| name | text | yes | |\n\
| done_count | integer | yes | Defaults to 0 |\n\n\
## Burial\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| id | uuid | yes | Primary key |\n\
| plot_id | uuid | yes | Foreign key → Plot |\n| name | text | yes | |\n\
| status | enum | yes | `planned`, `done`, `undone` |\n\n\
## Bill\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| id | uuid | yes | Primary key |\n\
| total_cents | integer | yes | Defaults to 0 |\n\n\
## Line\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| id | uuid | yes | Primary key |\n\
| bill_id | uuid | yes | Foreign key → Bill |\n| cents | integer | yes | 1 or more |\n\n\
## Life cycles\n\n**Burial** (`status`). A new burial is `planned`; `planned` → `done`, `done` → `undone`.\n\n\
## Rules\n\n- `done_count` of a plot always equals the number of its done burials.\n\
- `total_cents` of a bill always equals the sum of the `cents` of its lines.\n";

const SCHEMA: &str = "\
CREATE TABLE plot (id uuid PRIMARY KEY, name text NOT NULL, done_count integer NOT NULL DEFAULT 0);
CREATE TABLE burial (
  id uuid PRIMARY KEY, plot_id uuid NOT NULL REFERENCES plot, name text NOT NULL,
  status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'done', 'undone')));
CREATE TABLE bill (id uuid PRIMARY KEY, total_cents integer NOT NULL DEFAULT 0);
CREATE TABLE line (id uuid PRIMARY KEY, bill_id uuid NOT NULL REFERENCES bill, cents integer NOT NULL CHECK (cents > 0));
CREATE FUNCTION burial_life() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'planned' THEN RAISE EXCEPTION 'new burials are planned' USING ERRCODE = '23514'; END IF;
  ELSIF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('planned', 'done'), ('done', 'undone')) THEN
    RAISE EXCEPTION 'no such step' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER burial_life BEFORE INSERT OR UPDATE ON burial FOR EACH ROW EXECUTE FUNCTION burial_life();
CREATE FUNCTION plot_counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.done_count := (SELECT count(*) FROM burial b WHERE b.plot_id = NEW.id AND b.status = 'done');
  RETURN NEW;
END $$;
CREATE TRIGGER plot_counts BEFORE INSERT OR UPDATE ON plot FOR EACH ROW EXECUTE FUNCTION plot_counts();
CREATE FUNCTION burial_counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE plot SET name = name WHERE id IN (OLD.plot_id, NEW.plot_id);
  RETURN NULL;
END $$;
CREATE TRIGGER burial_counts AFTER INSERT OR UPDATE OR DELETE ON burial FOR EACH ROW EXECUTE FUNCTION burial_counts();
CREATE FUNCTION bill_adds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.total_cents := (SELECT coalesce(sum(l.cents), 0) FROM line l WHERE l.bill_id = NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER bill_adds BEFORE INSERT OR UPDATE ON bill FOR EACH ROW EXECUTE FUNCTION bill_adds();
CREATE FUNCTION line_adds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE bill SET id = id WHERE id IN (OLD.bill_id, NEW.bill_id);
  RETURN NULL;
END $$;
CREATE TRIGGER line_adds AFTER INSERT OR UPDATE OR DELETE ON line FOR EACH ROW EXECUTE FUNCTION line_adds();
";

#[test]
fn flaws_of_numbers_that_are_kept() {
    let (burials, bills) = ("check/plot/done_count/total", "check/bill/total_cents/total");
    judge(
        DOCUMENT,
        SCHEMA,
        &[
            flaw("UPDATE OR DELETE ON burial", "UPDATE OF status OR DELETE ON burial", burials),
            flaw("UPDATE OR DELETE ON burial", "UPDATE ON burial", burials),
            flaw("b.status = 'done'", "b.status <> 'planned'", burials),
            flaw("IN (OLD.plot_id, NEW.plot_id)", "= NEW.plot_id", burials),
            flaw("UPDATE OR DELETE ON line", "UPDATE OF bill_id OR DELETE ON line", bills),
            flaw("BEFORE INSERT OR UPDATE ON bill", "BEFORE UPDATE OF id ON bill", bills),
        ],
    );
}

#[test]
fn what_a_schema_leaves_to_whoever_writes_is_not_refuted() {
    let left = SCHEMA.replace("CREATE TRIGGER line_adds", "-- CREATE TRIGGER line_adds");
    let shared = Shared::start();
    let (found, shown) = refuted(&shared, DOCUMENT, &left);
    assert!(found.is_empty(), "{shown}");
    assert!(shown.contains("check/bill/total_cents/total"), "{shown}");
}
