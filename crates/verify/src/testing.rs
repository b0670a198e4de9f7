//! A small design that is right, for tests to verify as it is or against a script that differs from it.

use underpin_claim::{Claim, Family, Subject, Verdict, Verification};
use underpin_logical::{AttributeId, LogicalDesign, RelationId, Separation};
use underpin_model::{AccessKind, LifecycleId, Model, PatternId};
use underpin_pg::{
    BinaryOperator, CheckConstraint, Column, Exclusion, ExclusionElement, ExclusionOperator, Expr,
    ForeignKey, Ident, Identity, Index, IndexColumn, IndexKey, Key, Literal, Method, OrderBy,
    Output, QualifiedName, ReferentialAction, Script, Select, Statement, Table, TableRef, Trigger,
    TriggerEvent, TriggerTiming, Type, plpgsql,
};
use underpin_physical::{
    ExclusionDesign, MachineDesign, Parameter, ParameterRole, PhysicalDesign, Query, TableDesign,
};
use underpin_server::{Places, Search, Server};

use crate::{LoadOptions, Options, verify};

/// Users with orders, orders with lines; one life cycle, rules of every sort, two queries.
pub(crate) struct Shop {
    pub(crate) physical: PhysicalDesign,
}

/// A customer in one context whose orders another keeps, with their lines.
const CONTEXTS: &str = "\
## Bounded Contexts

### Ordering

Owns: Order, OrderLine

### Customers

Owns: Customer

## Customer

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| name | string | required |

## Order

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| customer_id | uuid | required, references Customer |

## OrderLine

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | required, references Order |

## Note

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | required, references Order |
";

/// Meters and what they count, in tables of which one is split by time.
pub(crate) const READINGS: &str = "\
## Meter

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |

## Reading

| Field | Type | Key | Required |
|---|---|---|---|
| meter_id | uuid | PK, FK → Meter | yes |
| read_at | timestamp | PK | yes |
| value | integer | | yes |

## Volumes

| Entity | Rows | Growth per month |
|---|---|---|
| Meter | 1,000 | 10 |
| Reading | 0 | 10,000,000 |

## Retention

| Entity | Kept for | Counted from | Then |
|---|---|---|---|
| Reading | 12 months | `read_at` | Deleted |

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |
|---|---|---|---|---|---|---|---|
| readings of a meter | read | Reading | meter_id, read_at between | read_at | 100 | 4/s | |
| latest readings of a meter | read | Reading | meter_id | read_at desc | 1 | 4/s | |
";

/// A table that is split by a hash, and one that is split by a list with a partition for all others.
pub(crate) const CHAT: &str = "\
## Conversation
| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |

## Message
| Field | Type | Key | Required | Description |
|---|---|---|---|---|
| id | bigint | PK | yes | auto-increment |
| conversation_id | uuid | FK → Conversation | yes | |
| sent_at | timestamp | | yes | |

## Event

| Field | Type | Key | Required | Description |
|---|---|---|---|---|
| id | bigint | PK | yes | auto-increment |
| region | text | | yes | |
| happened_at | timestamp | | yes | |

## Scale
- Partition messages by hash of conversation_id into 16.
- Events are partitioned by list of region: eu, us, apac.

## Access patterns
| Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |
|---|---|---|---|---|---|---|---|
| messages of a conversation | read | Message | conversation_id | sent_at desc | 20 | 50/s | |
| events of a region | read | Event | region, happened_at between | happened_at desc | 20 | 5/s | |
";

/// What came of a verification.
pub(crate) struct Judged {
    claims: Vec<Claim>,
    pub(crate) verification: Verification,
}

/// A server for one test.
pub(crate) fn server() -> Server {
    let installation = Search::on_this_machine(None)
        .find()
        .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error}"));
    Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Judges the claims of one family on a design whose script was edited.
pub(crate) fn judged(shop: Shop, family: Family, edit: impl FnOnce(&mut String)) -> Judged {
    judged_at(shop, family, None, edit)
}

/// As [`judged`], with so many rows at which the growth of queries is judged.
pub(crate) fn judged_at(
    mut shop: Shop,
    family: Family,
    scale: Option<u64>,
    edit: impl FnOnce(&mut String),
) -> Judged {
    let server = server();
    shop.physical.claims.retain(|claim| claim.family == family);
    let mut sql = Script::create(&shop.physical.schema).to_string();
    edit(&mut sql);
    let load = LoadOptions { seconds: 1, doublings: 1, ..LoadOptions::default() };
    let options = Options { max_rows: 9_000, scale, load, runs: 10, ..Options::default() };
    let (model, logical) = (Model::default(), LogicalDesign::default());
    let verification =
        verify(&server, &model, &logical, &shop.physical, &sql, &options, &mut |_| {}).unwrap();
    Judged { claims: shop.physical.claims, verification }
}

impl Shop {
    /// Two bounded contexts, and a table that neither owns.
    pub(crate) fn in_contexts() -> Self {
        Self::of_document(CONTEXTS)
    }

    /// What is designed of a document.
    pub(crate) fn of_document(document: &str) -> Self {
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let logical = underpin_logical::design(&model);
        Self { physical: underpin_physical::design(&model, &logical) }
    }
}

impl Judged {
    fn evidence(&self, family: Family, object: Option<&str>) -> &underpin_claim::Evidence {
        let claim = self
            .claims
            .iter()
            .find(|claim| claim.family == family && claim.subject.object.as_deref() == object)
            .unwrap_or_else(|| panic!("no claim {family:?} about {object:?}"));
        self.verification.of(&claim.id).unwrap()
    }

    /// The verdicts, in the order of the claims.
    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        self.verification.evidence.iter().map(|evidence| evidence.verdict).collect()
    }

    /// The notes, in the order of the claims.
    pub(crate) fn notes(&self) -> Vec<String> {
        let notes = self.verification.evidence.iter().map(|evidence| evidence.note.clone());
        notes.map(Option::unwrap_or_default).collect()
    }

    pub(crate) fn verdict(&self, family: Family, object: Option<&str>) -> Verdict {
        self.evidence(family, object).verdict
    }

    pub(crate) fn note(&self, family: Family, object: Option<&str>) -> String {
        self.evidence(family, object).note.clone().unwrap_or_default()
    }

    pub(crate) fn measured(&self, family: Family, object: &str, name: &str) -> String {
        self.evidence(family, Some(object)).measured[name].to_string()
    }
}

pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

pub(crate) fn named(name: &str) -> QualifiedName {
    QualifiedName::new(ident("public"), ident(name))
}

pub(crate) fn column(name: &str, data_type: Type, not_null: bool) -> Column {
    Column {
        name: ident(name),
        data_type,
        not_null,
        default: None,
        identity: None,
        generated: None,
        comment: None,
    }
}

fn key(name: &str, columns: &[&str]) -> Key {
    Key {
        name: ident(name),
        columns: columns.iter().map(|it| ident(it)).collect(),
        deferrable: false,
        comment: None,
    }
}

fn check(name: &str, expression: Expr) -> CheckConstraint {
    CheckConstraint { name: ident(name), expression, comment: None }
}

fn foreign_key(name: &str, column: &str, to: &str, on_delete: ReferentialAction) -> ForeignKey {
    ForeignKey {
        name: ident(name),
        columns: vec![ident(column)],
        references: named(to),
        referenced_columns: vec![ident("id")],
        on_delete,
        set_columns: Vec::new(),
        on_update: ReferentialAction::NoAction,
        deferred: false,
        comment: None,
    }
}

pub(crate) fn index(name: &str, table: &str, columns: &[&str]) -> Index {
    let columns = columns
        .iter()
        .map(|name| IndexColumn {
            key: IndexKey::Column(ident(name)),
            descending: false,
            operator_class: None,
        })
        .collect();
    Index {
        name: named(name),
        table: named(table),
        columns,
        include: Vec::new(),
        unique: false,
        method: Method::Btree,
        predicate: None,
        comment: None,
    }
}

fn field(name: &str) -> Expr {
    Expr::Column(ident(name))
}

fn users() -> Table {
    let mut users = Table::new(named("users"));
    users.columns = vec![
        column("id", Type::Uuid, true),
        column("email", Type::Text, true),
        column("full_name", Type::Text, false),
        Column { identity: Some(Identity::Always), ..column("number", Type::BigInt, true) },
        column("updated_at", Type::TimestampTz, true),
    ];
    users.primary_key = Some(key("users_pkey", &["id"]));
    users.uniques = vec![key("users_email_key", &["email"])];
    let length = Expr::Call("char_length", vec![field("full_name")]);
    users.checks = vec![
        check(
            "users_email_check",
            Expr::binary(field("email"), BinaryOperator::Matches, Expr::text(r"^[^@\s]+@[^@\s]+$")),
        ),
        check(
            "users_full_name_check",
            Expr::binary(length, BinaryOperator::LessOrEqual, Expr::integer(20)),
        ),
    ];
    users
}

fn orders() -> Table {
    let mut orders = Table::new(named("orders"));
    orders.columns = vec![
        column("id", Type::Uuid, true),
        column("user_id", Type::Uuid, true),
        column("parent_id", Type::Uuid, false),
        column("status", Type::Text, true),
        column("total", Type::Numeric(Some((12, 2))), true),
        column("placed_at", Type::TimestampTz, true),
        column("paid_at", Type::TimestampTz, false),
        column("note", Type::Text, false),
    ];
    let call = |name| Expr::Call(name, Vec::new());
    let defaults = [
        ("id", call("gen_random_uuid")),
        ("status", Expr::text("new")),
        ("placed_at", call("now")),
    ];
    for (name, default) in defaults {
        let column = orders.columns.iter_mut().find(|column| column.name.as_str() == name);
        column.expect("listed above").default = Some(default);
    }
    orders.primary_key = Some(key("orders_pkey", &["id"]));
    let states = ["new", "paid", "done"].map(Expr::text).to_vec();
    let paid = Expr::In(Box::new(field("status")), ["paid", "done"].map(Expr::text).to_vec());
    orders.checks = vec![
        check("orders_status_check", Expr::In(Box::new(field("status")), states)),
        check(
            "orders_total_check",
            Expr::And(vec![
                Expr::binary(
                    field("total"),
                    BinaryOperator::GreaterOrEqual,
                    Expr::Literal(Literal::Integer(0)),
                ),
                Expr::binary(field("total"), BinaryOperator::NotEqual, Expr::text("NaN")),
            ]),
        ),
        check(
            "orders_paid_at_check",
            Expr::Or(vec![Expr::Not(Box::new(paid)), Expr::IsNotNull(Box::new(field("paid_at")))]),
        ),
        check("orders_note_check", Expr::Verbatim("note = lower(note)".to_owned())),
    ];
    orders.foreign_keys = vec![
        foreign_key("orders_user_id_fkey", "user_id", "users", ReferentialAction::Restrict),
        foreign_key("orders_parent_id_fkey", "parent_id", "orders", ReferentialAction::SetNull),
    ];
    orders
}

fn lines() -> Table {
    let mut lines = Table::new(named("lines"));
    lines.columns = vec![
        column("order_id", Type::Uuid, true),
        column("line_number", Type::Integer, true),
        column("quantity", Type::Integer, true),
    ];
    lines.primary_key = Some(key("lines_pkey", &["order_id", "line_number"]));
    lines.foreign_keys =
        vec![foreign_key("lines_order_id_fkey", "order_id", "orders", ReferentialAction::Cascade)];
    lines
}

/// Tables that a user books for a time; what is cancelled does not count.
fn bookings() -> (Table, ExclusionDesign) {
    let mut bookings = Table::new(named("bookings"));
    bookings.columns = vec![
        column("id", Type::Uuid, true),
        column("user_id", Type::Uuid, true),
        column("starts_at", Type::TimestampTz, true),
        column("ends_at", Type::TimestampTz, true),
        column("status", Type::Text, true),
    ];
    bookings.primary_key = Some(key("bookings_pkey", &["id"]));
    let states = ["held", "cancelled"].map(Expr::text).to_vec();
    let [starts, ends, status] = ["starts_at", "ends_at", "status"].map(field);
    bookings.checks = vec![
        check("bookings_status_check", Expr::In(Box::new(status.clone()), states)),
        check(
            "bookings_ends_at_starts_at_check",
            Expr::binary(ends.clone(), BinaryOperator::Greater, starts.clone()),
        ),
    ];
    bookings.foreign_keys =
        vec![foreign_key("bookings_user_id_fkey", "user_id", "users", ReferentialAction::Cascade)];
    let range = Expr::Call("tstzrange", vec![starts, ends, Expr::text("[)")]);
    bookings.exclusions = vec![Exclusion {
        name: ident("bookings_user_id_tstzrange_excl"),
        method: Method::Gist,
        elements: vec![
            ExclusionElement {
                key: IndexKey::Column(ident("user_id")),
                operator: ExclusionOperator::Equal,
            },
            ExclusionElement {
                key: IndexKey::Expression(range),
                operator: ExclusionOperator::Overlaps,
            },
        ],
        predicate: Some(Expr::binary(status, BinaryOperator::NotEqual, Expr::text("cancelled"))),
        comment: None,
    }];
    let attribute = AttributeId::from_index;
    let design = ExclusionDesign {
        constraint: ident("bookings_user_id_tstzrange_excl"),
        separation: Separation {
            from: attribute(2),
            to: attribute(3),
            same: vec![attribute(1)],
            condition: None,
            closed: false,
            text: "no overlapping bookings of one user".to_owned(),
            source: None,
        },
        day: None,
    };
    (bookings, design)
}

fn machine() -> MachineDesign {
    MachineDesign {
        lifecycle: LifecycleId::from_index(0),
        column: ident("status"),
        states: ["new", "paid", "done"].map(str::to_owned).to_vec(),
        initial: Some("new".to_owned()),
        transitions: vec![
            ("new".to_owned(), vec!["paid".to_owned()]),
            ("paid".to_owned(), vec!["done".to_owned()]),
        ],
        initial_rule: ident("orders_status_initial"),
        transition_rule: ident("orders_status_transition"),
        trigger: ident("orders_status_guard"),
    }
}

impl Shop {
    pub(crate) fn new() -> Self {
        let mut physical = PhysicalDesign::default();
        let schema = &mut physical.schema;
        let (bookings, exclusion) = bookings();
        schema.extensions.insert(ident("btree_gist"));
        for table in [users(), orders(), lines(), bookings] {
            schema.add_table(table);
        }
        schema.add_index(index(
            "orders_user_id_placed_at_idx",
            "orders",
            &["user_id", "placed_at"],
        ));
        let mut open = index("orders_user_id_open_key", "orders", &["user_id"]);
        open.unique = true;
        open.predicate = Some(Expr::equals(field("status"), Expr::text("new")));
        schema.add_index(open);
        let machine = machine();
        let orders_name = named("orders");
        let guard = machine.guard(&orders_name);
        schema.add_function(guard.function());
        schema.add_trigger(Trigger {
            name: machine.trigger.clone(),
            table: named("orders"),
            timing: TriggerTiming::Before,
            events: [TriggerEvent::Insert, TriggerEvent::Update].into(),
            update_columns: vec![ident("status")],
            condition: None,
            function: named("orders_status_guard"),
            comment: None,
        });
        let touched = ident("updated_at");
        schema.add_function(plpgsql::touch_timestamp(named("touch_updated_at"), &touched));
        schema.add_trigger(Trigger {
            name: ident("users_updated_at_touch"),
            table: named("users"),
            timing: TriggerTiming::Before,
            events: [TriggerEvent::Update].into(),
            update_columns: Vec::new(),
            condition: None,
            function: named("touch_updated_at"),
            comment: None,
        });
        for (at, name) in ["users", "orders", "lines", "bookings"].into_iter().enumerate() {
            let table = &physical.schema.tables[&named(name)];
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            physical.tables.push(TableDesign {
                exclusions: if name == "bookings" { vec![exclusion.clone()] } else { Vec::new() },
                machines: if name == "orders" { vec![machine.clone()] } else { Vec::new() },
                ..TableDesign::new(RelationId::from_index(at), table.name.clone(), columns)
            });
        }
        physical.queries = vec![list_orders()];
        physical.claims = claims(&physical);
        Self { physical }
    }
}

/// The orders of a user, oldest first.
fn list_orders() -> Query {
    let output = vec![Output { value: field("id"), name: None }];
    let mut select = Select::new(output, Some(TableRef { table: named("orders"), alias: None }));
    select.filter = Some(Expr::equals(field("user_id"), Expr::Parameter(1)));
    select.order_by = vec![OrderBy { value: field("placed_at"), descending: false }];
    select.limit = Some(Expr::integer(20));
    Query {
        pattern: PatternId::from_index(0),
        name: "list_orders".to_owned(),
        table: named("orders"),
        tables: vec![named("orders")],
        kind: AccessKind::Read,
        statement: Some(Statement::Select(select)),
        draft: None,
        parameters: vec![Parameter {
            name: "user_id".to_owned(),
            data_type: Type::Uuid,
            column: Some((named("orders"), ident("user_id"))),
            role: ParameterRole::Equals,
        }],
        windows: Vec::new(),
        follows: None,
        narrows: None,
        promised_index: Some(named("orders_user_id_placed_at_idx")),
        equivalent_indexes: Vec::new(),
        remark: None,
        frequency: None,
        per_second: None,
        latency_ms: Some(1_000.0),
    }
}

fn claims(physical: &PhysicalDesign) -> Vec<Claim> {
    let claim = |family, table: &str, object: &str| {
        Claim::new(family, Subject::of(table, object), format!("{table}.{object}"))
    };
    let mut claims: Vec<Claim> =
        [Family::Applies, Family::Introspects, Family::Idempotent, Family::Reversible]
            .map(|family| Claim::new(family, Subject::whole(), family.as_str()))
            .to_vec();
    for table in physical.schema.tables.values() {
        let name = table.name.name.as_str();
        let mut add = |family, object: &Ident| claims.push(claim(family, name, object.as_str()));
        for column in &table.columns {
            if column.identity.is_some() {
                add(Family::Identity, &column.name);
            } else if column.not_null {
                add(Family::NotNull, &column.name);
            }
            if column.default.is_some() {
                add(Family::Default, &column.name);
            }
        }
        for key in table.keys() {
            add(Family::Unique, &key.name);
        }
        for index in physical.schema.indexes_of(&table.name).filter(|index| index.unique) {
            add(Family::Unique, &index.name.name);
        }
        for check in &table.checks {
            add(Family::Check, &check.name);
        }
        for exclusion in &table.exclusions {
            add(Family::Exclusion, &exclusion.name);
        }
        for key in &table.foreign_keys {
            add(Family::ForeignKey, &key.name);
            add(Family::OnDelete, &key.name);
        }
    }
    claims.push(claim(Family::Lifecycle, "orders", "status"));
    claims.push(claim(Family::Touch, "users", "updated_at"));
    claims.push(
        claim(Family::Supports, "orders", "orders_user_id_fkey")
            .demand("index", "orders_user_id_placed_at_idx"),
    );
    claims.push(claim(Family::Prepares, "orders", "list_orders"));
    claims.push(
        claim(Family::Serves, "orders", "list_orders")
            .demand("index", "orders_user_id_placed_at_idx"),
    );
    claims.push(claim(Family::Latency, "orders", "list_orders").demand("latency_ms", 1_000.0));
    claims
}
