//! Schemas that others wrote, each right as it is, and the same with one flaw planted: every flaw must be
//! named, and nothing else.

mod awkward;
mod barred;
mod carried;
mod company;
mod guest;
mod own;
mod owners;
mod totals;

use serde_json::Value;

use crate::shared_server::Shared;
use crate::underpin;
use underpin_testkit::{Binary, temp_dir_with};

const ALBUMS: &str = include_str!("albums.md");
const ALBUMS_OF_USERS: &str = include_str!("albums.sql");
const CLINIC: &str = include_str!("clinic.md");
const STUDIO: &str = include_str!("studio.md");
const STUDIO_TRIGGERS: &str = include_str!("studio.sql");
const HARBOUR: &str = include_str!("harbour.md");
const HARBOUR_OFFICE: &str = include_str!("harbour.sql");
const OFFICES: &str = include_str!("offices.md");
const OFFICES_ROW_SECURITY: &str = include_str!("offices.sql");
const SHOP: &str = include_str!("shop.md");
const CLINIC_RANGES: &str = include_str!("clinic_ranges.sql");
const CLINIC_TRIGGERS: &str = include_str!("clinic_triggers.sql");
const SHOP_LOOKUP: &str = include_str!("shop_lookup.sql");
const SHOP_TRIGGERS: &str = include_str!("shop_uniques_by_trigger.sql");

/// A flaw: what is replaced by what, and the claim that must be refuted.
struct Flaw {
    from: &'static str,
    to: &'static str,
    named: &'static str,
}

const fn flaw(from: &'static str, to: &'static str, named: &'static str) -> Flaw {
    Flaw { from, to, named }
}

/// What is found out about a schema.
fn evidence(shared: &Shared, document: &str, schema: &str) -> Value {
    let folder = temp_dir_with(&[("docs/model.md", document), ("schema.sql", schema)]);
    let ran = underpin()
        .args(["verify", "--schema", "schema.sql", "docs", "--format", "json"])
        .args(["--database-url", &shared.plain_url("postgres")])
        .current_dir(folder.path())
        .run();
    let evidence: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", ran.stdout, ran.stderr));
    let claims = evidence["claims"].as_array().unwrap();
    let is_refuted = claims.iter().any(|claim| claim["verdict"] == "refuted");
    let _ = ran.expect_code(i32::from(is_refuted));
    evidence
}

/// Judges a schema; the ids of what is refuted, and all of it for messages.
fn refuted(shared: &Shared, document: &str, schema: &str) -> (Vec<String>, String) {
    let evidence = evidence(shared, document, schema);
    let claims = evidence["claims"].as_array().unwrap();
    let refuted: Vec<String> = claims
        .iter()
        .filter(|claim| claim["verdict"] == "refuted")
        .map(|claim| claim["id"].as_str().unwrap().to_owned())
        .collect();
    let shown: Vec<String> = claims
        .iter()
        .filter(|claim| claim["verdict"] != "proven")
        .map(|claim| format!("{} {}: {}", claim["verdict"], claim["id"], claim["note"]))
        .collect();
    (refuted, shown.join("\n"))
}

fn judge(document: &str, schema: &str, flaws: &[Flaw]) {
    let shared = Shared::start();
    let (found, shown) = refuted(&shared, document, schema);
    assert!(found.is_empty(), "the schema as it is has no flaw:\n{shown}");
    for Flaw { from, to, named } in flaws {
        assert!(schema.contains(from), "{from} is not there");
        let (found, shown) = refuted(&shared, document, &schema.replacen(from, to, 1));
        assert!(
            found.iter().any(|id| id.starts_with(named)),
            "{from} became {to}, and {named} was not refuted:\n{shown}"
        );
        let table = |id: &str| id.split('/').nth(1).map(str::to_owned);
        for id in &found {
            assert_eq!(table(id), table(named), "{from} became {to}:\n{shown}");
        }
    }
}

#[test]
fn flaws_of_a_schema_with_ranges() {
    judge(
        CLINIC,
        CLINIC_RANGES,
        &[
            flaw(
                "practitioner_id WITH =, during WITH &&",
                "patient_id WITH =, during WITH &&",
                "exclusion/appointments/during",
            ),
            flaw(
                "    IF NEW.fee IS DISTINCT FROM OLD.fee THEN\n        RAISE EXCEPTION 'the fee is fixed';\n    END IF;\n",
                "",
                "check/appointments/fee/unchanged",
            ),
            flaw(
                "        IF NEW.state <> 'requested' THEN\n            RAISE EXCEPTION 'an appointment is born requested';\n        END IF;\n",
                "",
                "lifecycle/appointments/state/birth",
            ),
            flaw(
                "('confirmed', 'completed'), ('confirmed', 'cancelled')",
                "('confirmed', 'completed'), ('completed', 'cancelled'), ('confirmed', 'cancelled')",
                "lifecycle/appointments/state/steps",
            ),
            flaw(
                "('confirmed', 'completed'), ('confirmed', 'cancelled')",
                "('confirmed', 'cancelled')",
                "lifecycle/appointments/state/lives",
            ),
            flaw(
                "CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL)",
                "CHECK (state <> 'confirmed' OR confirmed_at > '2020-01-01')",
                "check/appointments/",
            ),
            flaw(
                "licence_no varchar(20) NOT NULL UNIQUE",
                "licence_no varchar(20) UNIQUE",
                "not_null/practitioners/licence_no",
            ),
            flaw(
                "UNIQUE (clinic_id, email)",
                "UNIQUE (email)",
                "unique/practitioners/clinic_id,email",
            ),
            flaw("fee numeric(10, 2)", "fee numeric(10, 1)", "check/appointments/fee/digits"),
            flaw(
                "fee numeric(10, 2) NOT NULL CHECK (fee >= 0)",
                "fee numeric(10, 2) NOT NULL CHECK (fee > 0)",
                "check/appointments/fee/rule",
            ),
            flaw(
                "REFERENCES appointments ON DELETE CASCADE",
                "REFERENCES appointments",
                "on_delete/notes/appointment_id",
            ),
            flaw(
                "confirmed_at timestamptz",
                "confirmed_at timestamp",
                "check/appointments/confirmed_at/moment",
            ),
        ],
    );
}

#[test]
fn flaws_of_a_schema_with_row_security() {
    const POLICY: &str = "CREATE POLICY hires_of_tenant ON hires USING (tenant_id = \
                          nullif(current_setting('app.tenant', true), '')::uuid)";
    judge(
        OFFICES,
        OFFICES_ROW_SECURITY,
        &[
            flaw(
                POLICY,
                "CREATE POLICY hires_of_tenant ON hires USING (tenant_id = \
                 nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (true)",
                "isolation/hires/hires_of_tenant/",
            ),
            flaw("ALTER TABLE bills ENABLE ROW LEVEL SECURITY;\n", "", "isolation/bills/"),
            flaw(
                "ALTER TABLE desks FORCE ROW LEVEL SECURITY;\n",
                "",
                "isolation/desks/tenant_id/owner",
            ),
            flaw(
                "CREATE UNIQUE INDEX desks_name ON desks (tenant_id, lower(name))",
                "CREATE UNIQUE INDEX desks_name ON desks (lower(name))",
                "unique/desks/tenant_id,name",
            ),
            flaw(
                "CHECK (closes_at > opens_at)",
                "CHECK (closes_at >= opens_at)",
                "check/desks/opens_at,closes_at/rule",
            ),
            flaw("('asked', 'refused'), ", "", "lifecycle/hires/state/lives"),
            flaw(
                "IF OLD.state IN ('granted', 'over') AND",
                "IF OLD.state = 'granted' AND",
                "check/hires/price/unchanged",
            ),
            flaw("UPDATE OR DELETE ON hires", "UPDATE ON hires", "check/hires/delete/unchanged"),
            flaw(
                "ON hires (desk_id) WHERE state <> 'refused'",
                "ON hires (desk_id) WHERE state = 'granted'",
                "unique/hires/desk_id",
            ),
            flaw("ON DELETE CASCADE", "", "on_delete/bills/desk_id"),
            flaw("WHERE id = NEW.desk_id FOR UPDATE", "WHERE id = NEW.desk_id", "check/bills/"),
        ],
    );
}

/// Users are a table here and live elsewhere for the documents; trees, births, and what belongs together.
#[test]
fn flaws_of_rows_that_belong_to_one_user() {
    judge(
        ALBUMS,
        ALBUMS_OF_USERS,
        &[
            flaw(
                "ON albums (user_id, lower(title))",
                "ON albums (user_id, title)",
                "unique/albums/user_id,title",
            ),
            flaw(
                "ON albums (user_id, lower(title))",
                "ON albums (lower(title))",
                "unique/albums/user_id,title",
            ),
            flaw("BETWEEN 1 AND 60", "BETWEEN 1 AND 59", "check/albums/title/rule"),
            flaw("share_code text UNIQUE", "share_code text", "unique/albums/share_code"),
            flaw(
                "FOREIGN KEY (user_id, parent_id) REFERENCES albums (user_id, id)",
                "FOREIGN KEY (parent_id) REFERENCES albums (id)",
                "foreign_key/albums/parent_id/tenant",
            ),
            flaw("INSERT OR UPDATE OF parent_id", "INSERT", "acyclic/albums/parent_id"),
            flaw(
                "    PERFORM 1 FROM users WHERE id = NEW.user_id FOR UPDATE;\n",
                "",
                "acyclic/albums/parent_id",
            ),
            flaw(
                "        IF NEW.state <> 'new' THEN RAISE EXCEPTION 'a picture begins as new'; END IF;",
                "        RETURN NEW;",
                "lifecycle/pictures/state/birth",
            ),
            flaw(
                "state <> 'closed' OR closed_by IS NOT NULL",
                "state <> 'closed' OR closed_by <> user_id",
                "check/albums/state,closed_by/rule",
            ),
            flaw(
                "    UNIQUE (album_id, picture_id),\n",
                "",
                "unique/album_pictures/album_id,picture_id",
            ),
            flaw(
                "    UNIQUE (album_id, picture_id),",
                "    UNIQUE (picture_id),",
                "unique/album_pictures/album_id,picture_id",
            ),
            flaw(
                "FOREIGN KEY (user_id, picture_id) REFERENCES pictures (user_id, id)",
                "FOREIGN KEY (picture_id) REFERENCES pictures (id)",
                "foreign_key/album_pictures/picture_id/tenant",
            ),
        ],
    );
}

#[test]
fn flaws_of_a_schema_with_triggers() {
    judge(
        CLINIC,
        CLINIC_TRIGGERS,
        &[
            flaw(
                "CREATE INDEX ON app_appointment (practitioner_id, start_time);",
                "CREATE INDEX ON app_appointment (start_time, practitioner_id);",
                "serves/app_appointment/list_appointments_of_a_practitioner",
            ),
            flaw(
                "CREATE TRIGGER overlap BEFORE INSERT OR UPDATE ON",
                "CREATE TRIGGER overlap BEFORE INSERT ON",
                "exclusion/app_appointment/start_time,end_time",
            ),
            flaw(
                "CREATE TRIGGER overlap BEFORE INSERT OR UPDATE ON",
                "CREATE TRIGGER overlap BEFORE INSERT OR UPDATE OF start_time ON",
                "exclusion/app_appointment/start_time,end_time",
            ),
            flaw(
                "a.start_time < NEW.end_time AND NEW.start_time < a.end_time",
                "NEW.start_time >= a.start_time AND NEW.start_time < a.end_time",
                "exclusion/app_appointment/start_time,end_time",
            ),
            flaw(
                "    PERFORM pg_advisory_xact_lock(hashtext(NEW.practitioner_id::text));\n",
                "",
                "exclusion/app_appointment/start_time,end_time",
            ),
            flaw(
                "CHECK (end_time > start_time)",
                "CHECK (end_time >= start_time)",
                "check/app_appointment/start_time,end_time/rule",
            ),
            flaw(
                "practitioner_id uuid NOT NULL REFERENCES app_practitioner",
                "practitioner_id uuid NOT NULL",
                "foreign_key/app_appointment/practitioner_id",
            ),
            flaw(
                "CREATE TRIGGER life BEFORE INSERT OR UPDATE ON",
                "CREATE TRIGGER life BEFORE INSERT ON",
                "lifecycle/app_appointment/status/steps",
            ),
            flaw(
                "CHECK (length(reason) <= 500)",
                "CHECK (length(reason) <= 50)",
                "check/app_appointment/reason/length",
            ),
            flaw(
                "full_name person_name NOT NULL",
                "full_name person_name",
                "not_null/app_patient/full_name",
            ),
        ],
    );
}

#[test]
fn flaws_of_a_schema_with_tables_of_states() {
    judge(
        SHOP,
        SHOP_LOOKUP,
        &[
            flaw("WHERE status_id = 1;", "WHERE status_id = 2;", "unique/orders/customer_id"),
            flaw(
                "idempotency_key varchar(64) NOT NULL",
                "idempotency_key varchar(64)",
                "not_null/payment/idempotency_key",
            ),
            flaw(
                "    UNIQUE (merchant_id, idempotency_key)",
                "    UNIQUE (merchant_id, order_id, idempotency_key)",
                "unique/payment/merchant_id,idempotency_key",
            ),
            flaw(
                "CHECK (quantity BETWEEN 1 AND 999)",
                "CHECK (quantity BETWEEN 1 AND 99)",
                "check/order_line/quantity/rule",
            ),
            flaw(
                "CHECK (discount_percent BETWEEN 0 AND 100)",
                "CHECK (discount_percent BETWEEN 0 AND 101)",
                "check/order_line/discount_percent/rule",
            ),
            flaw("(2, 3), (2, 5)", "(2, 3), (3, 2), (2, 5)", "lifecycle/orders/status_id/steps"),
            flaw("ON DELETE RESTRICT,", "ON DELETE CASCADE,", "on_delete/orders/customer_id"),
            flaw("price numeric(12, 2)", "price numeric(8, 2)", "check/product/price/digits"),
            flaw(
                "'card', 'transfer', 'cash'",
                "'card', 'transfer', 'cash', 'voucher'",
                "check/payment/method/values",
            ),
            flaw("'card', 'transfer', 'cash'", "'card', 'transfer'", "check/payment/method/values"),
        ],
    );
}

#[test]
fn flaws_of_a_schema_with_keys_kept_by_triggers() {
    judge(
        SHOP,
        SHOP_TRIGGERS,
        &[
            flaw(
                "CREATE TRIGGER customers_email BEFORE INSERT OR UPDATE ON",
                "CREATE TRIGGER customers_email BEFORE INSERT ON",
                "unique/Customers/MerchantId,Email",
            ),
            flaw(
                "    PERFORM pg_advisory_xact_lock(hashtext(NEW.\"MerchantId\"::text || NEW.\"Email\"));\n",
                "",
                "unique/Customers/MerchantId,Email",
            ),
            flaw(
                "CREATE TRIGGER payments_fixed BEFORE UPDATE ON \"Payments\"",
                "CREATE TRIGGER payments_fixed BEFORE UPDATE OF \"Amount\" ON \"Payments\"",
                "check/Payments/",
            ),
            flaw(
                "\"Email\" varchar(255) NOT NULL",
                "\"Email\" varchar(25) NOT NULL",
                "check/Customers/Email/length",
            ),
        ],
    );
}

/// Rules about several rows, keys that rows come to later, and what the schema asks for besides the documents.
#[test]
fn flaws_of_what_several_rows_come_to() {
    judge(
        STUDIO,
        STUDIO_TRIGGERS,
        &[
            flaw(
                "ON courses (room_id) WHERE",
                "ON courses (room_id, held_on) WHERE",
                "unique/courses/room_id",
            ),
            flaw(
                "ON courses (room_id) WHERE state = 'open'",
                "ON courses (room_id)",
                "unique/courses/room_id",
            ),
            flaw(">= 4 THEN", "> 4 THEN", "check/seats/course_id/limit"),
            flaw(
                "    PERFORM 1 FROM courses WHERE id = NEW.course_id FOR UPDATE;\n",
                "",
                "check/seats/course_id/limit",
            ),
            flaw(
                "BEFORE INSERT OR UPDATE ON seats",
                "BEFORE INSERT ON seats",
                "check/seats/course_id/limit",
            ),
            flaw("+ NEW.amount > owed", "+ NEW.amount >= owed", "check/payments/course_id/sum"),
            flaw(
                "BEFORE INSERT OR UPDATE ON payments",
                "BEFORE INSERT ON payments",
                "check/payments/course_id/sum",
            ),
            flaw(
                "WHERE id = NEW.course_id FOR UPDATE;\n    IF (SELECT coalesce",
                "WHERE id = NEW.course_id;\n    IF (SELECT coalesce",
                "check/payments/course_id/sum",
            ),
            flaw("DEFAULT 'draft'", "DEFAULT 'open'", "default/courses/state"),
            flaw(
                "BEFORE UPDATE ON audit_logs",
                "BEFORE DELETE ON audit_logs",
                "check/audit_logs/update/unchanged",
            ),
        ],
    );
}

/// What bold lines announce, a domain with a pattern, rows that share a kind, and what states do not ask for.
#[test]
fn flaws_of_aggregates_that_bold_lines_announce() {
    judge(
        HARBOUR,
        HARBOUR_OFFICE,
        &[
            flaw("(lower(email))", "(email)", "unique/skippers/email"),
            flaw("rank BETWEEN 1 AND 9", "rank BETWEEN 1 AND 8", "check/skippers/rank/rule"),
            flaw("berth > 0", "berth >= 0", "check/stays/berth/rule"),
            flaw("dues >= 0", "dues > 0", "check/stays/dues/rule"),
            flaw("'power', 'water'", "'power', 'water', 'waste'", "check/services/kind/values"),
            flaw("'[)') WITH &&", "'()') WITH &&", "exclusion/services/starts_on,ends_on"),
            flaw("kind WITH =, ", "", "exclusion/services/starts_on,ends_on"),
            flaw(
                "status <> 'left' OR left_at",
                "status NOT IN ('left', 'refused') OR left_at",
                "not_null/stays/left_at/in_states",
            ),
            flaw(
                "ON stays (skipper_id) WHERE",
                "ON stays (skipper_id, quay_id) WHERE",
                "unique/stays/skipper_id",
            ),
            flaw(
                "    PERFORM 1 FROM skippers WHERE id = NEW.skipper_id FOR UPDATE;\n",
                "",
                "check/stays/skipper_id/limit",
            ),
            flaw("('moored', 'left'))", "('moored', 'refused'))", "lifecycle/stays/status"),
            flaw("DEFAULT 'asked'", "DEFAULT 'moored'", "default/stays/status"),
            flaw(
                "BEFORE UPDATE ON log_lines",
                "BEFORE UPDATE OR DELETE ON log_lines",
                "check/log_lines/delete/retention",
            ),
            flaw("CREATE INDEX stays_skipper ON stays (skipper_id);", "", "serves/stays/"),
        ],
    );
}

fn verify(files: &[(&str, &str)], arguments: &[&str]) -> (Binary, tempfile_guard::Guard) {
    let folder = temp_dir_with(files);
    let binary = underpin().args(["verify"]).args(arguments).current_dir(folder.path());
    (binary, tempfile_guard::Guard(Box::new(folder)))
}

mod tempfile_guard {
    /// Keeps a folder until the binary ran.
    pub(super) struct Guard(
        #[expect(dead_code, reason = "it is dropped at the end")] pub(super) Box<dyn std::any::Any>,
    );
}

#[test]
fn what_cannot_be_judged_is_said() {
    let shop = ("docs/shop.md", SHOP);
    let (binary, _folder) = verify(&[shop], &["--schema", "none.sql", "docs"]);
    assert!(binary.run().expect_code(2).stderr.contains("error[I001]"));

    let broken = "CREATE TABLE a (id int);\n\nCREATE TABLE b (\n    id int,\n    x strange\n);\n";
    let (binary, _folder) = verify(&[shop, ("a.sql", broken)], &["--schema", "a.sql", "docs"]);
    let ran = binary.run().expect_code(1);
    assert!(ran.stderr.contains("error[I080]") && ran.stderr.contains("a.sql:5"), "{}", ran.stderr);

    let other = ("a.sql", "CREATE TABLE planets (id int, radius int);");
    let (binary, _folder) = verify(&[shop, other], &["--schema", "a.sql", "docs"]);
    assert!(binary.run().expect_code(1).stderr.contains("error[I081]"));

    let map = (
        "map.yaml",
        "tables:\n  Customer:\n    table: planets\n    columns: { e_mail: radius, name: depth }\n",
    );
    let (binary, _folder) =
        verify(&[shop, other, map], &["--schema", "a.sql", "--map", "map.yaml", "docs"]);
    let ran = binary.run().expect_code(1);
    assert!(ran.stderr.contains("error[I082]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`Customer` has no field `e_mail`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("has no column `depth`"), "{}", ran.stderr);
}

/// Scripts as tools write them: what says nothing of the schema keeps nobody from judging the rest.
#[test]
fn what_is_no_part_of_a_schema_is_passed_over() {
    let document = "## Ship\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| name | string(40) | yes |\n";
    let table = "CREATE TABLE public.ships (id uuid PRIMARY KEY, name varchar(40) NOT NULL);\n";
    let dump = format!(
        "SET a_setting_of_tomorrow = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE DATABASE fleet;\n\\connect fleet\nCREATE EXTENSION IF NOT EXISTS no_such_extension;\n{table}ALTER TABLE public.ships OWNER TO fleet_owner;\nALTER PUBLICATION none ADD TABLE public.ships;\n"
    );
    let guarded =
        format!("BEGIN;\n{table}GRANT SELECT ON public.ships TO one_app, two_app;\nCOMMIT;\n");
    let platform = "create extension pgcrypto with schema extensions;\ncreate table ships (id uuid primary key references auth.users, name varchar(40) not null);\nalter table ships enable row level security;\ncreate policy own on ships to authenticated using (auth.uid() = id);\n";
    let including = "\\ir parts/table.sql\n";
    for (script, notes) in
        [(dump.as_str(), 4), (guarded.as_str(), 0), (platform, 1), (including, 0)]
    {
        let files = [("docs/a.md", document), ("a.sql", script), ("parts/table.sql", table)];
        let (binary, _folder) = verify(&files, &["--schema", "a.sql", "docs"]);
        let ran = binary.run().expect_code(0);
        assert_eq!(ran.stderr.matches("note[I083]").count(), notes, "{}", ran.stderr);
        assert!(ran.stdout.contains("Ship is kept in public.ships"), "{}", ran.stdout);
    }
    // A type that an extension brings is a part of it.
    let typed = "CREATE EXTENSION no_such_extension;\nCREATE TABLE ships (id uuid PRIMARY KEY, name varchar(40), at no_such_type);\n";
    let (binary, _folder) =
        verify(&[("docs/a.md", document), ("a.sql", typed)], &["--schema", "a.sql", "docs"]);
    let ran = binary.run().expect_code(1);
    assert!(ran.stderr.contains("line 1 asks for an extension"), "{}", ran.stderr);
}

#[test]
fn a_person_corrects_the_mapping() {
    let document = "## Ship\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| draught | decimal(4,2) | yes |\n";
    let schema = "CREATE TABLE x7 (k uuid PRIMARY KEY, d numeric(4,2));";
    let map = "tables:\n  Ship: { table: x7, columns: { draught: d } }\n";
    let files = [("docs/a.md", document), ("a.sql", schema), ("map.yaml", map)];
    let (binary, _folder) = verify(&files, &["--schema", "a.sql", "--map", "map.yaml", "docs"]);
    let ran = binary.run().expect_code(1);
    assert!(ran.stdout.contains("refuted  not_null/x7/d"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Ship is kept in public.x7"), "{}", ran.stdout);
}
