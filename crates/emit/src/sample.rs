//! Hand-made designs for tests: a small one with one of everything, and one with names that try to break out.

mod evidence;

use underpin_base::{DocumentId, Sources, Span};
use underpin_claim::{Claim, Environment, Family, Subject, Value, Verdict, Verification};
use underpin_logical::{
    Attribute, AttributeId, Decision, Invariant, LogicalDesign, Reference, Relation, RelationId,
    RelationKind,
};
use underpin_model::{
    AccessKind, Assumption, Entity, EntityId, EntityKind, Field, FieldId, FieldKind, Lifecycle,
    LifecycleId, Model, OnDelete, Origin, Pattern, PatternId, Question, Recovery,
    RecoveryObjective, Retention, Transition, Volume,
};
use underpin_pg::{
    CheckConstraint, Column, Expr, ForeignKey, Ident, Index, IndexColumn, IndexKey, Key, Method,
    OrderBy, Output, QualifiedName, ReferentialAction, Select, Statement, Table, TableRef, Trigger,
    TriggerEvent, TriggerTiming, Type, naming, plpgsql::TransitionGuard,
};
use underpin_physical::{
    CheckDesign, CheckPurpose, Growth, IndexDesign, MachineDesign, Parameter, ParameterRole,
    PhysicalDesign, Query, TableDesign,
};

use crate::{Artifact, Input, emit};
use evidence::evidence;

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) sources: Sources,
    pub(crate) model: Model,
    pub(crate) logical: LogicalDesign,
    pub(crate) physical: PhysicalDesign,
    pub(crate) verification: Verification,
}

/// What the small design is made of; the nasty one has other names.
struct Names {
    project: &'static str,
    path: &'static str,
    customer: String,
    order: String,
    status: String,
    states: [&'static str; 3],
    rule: &'static str,
    pattern: String,
}

const DOCUMENT: &str = "# Shop\n\nA customer places orders.\n\nAn order has a status and a total; the total is not negative.\n\
    Kept 10 years from `placed_at`, then deleted.\nRPO: 5 minutes. RTO: 1 hour.\n";

impl Sample {
    pub(crate) fn new() -> Self {
        build(&Names {
            project: "Shop",
            path: "docs/04-data-model.md",
            customer: "customers".to_owned(),
            order: "orders".to_owned(),
            status: "status".to_owned(),
            states: ["pending", "paid", "cancelled"],
            rule: "`total` must be at least 0",
            pattern: "list_orders_of_a_customer".to_owned(),
        })
    }

    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            sources: &self.sources,
            model: &self.model,
            logical: &self.logical,
            physical: &self.physical,
            verification: &self.verification,
            version: "1.2.3",
        }
    }

    pub(crate) fn emit(&self) -> Vec<Artifact> {
        emit(&self.input())
    }

    /// The text of one artifact.
    pub(crate) fn text(&self, path: &str) -> String {
        let artifact = self.emit().into_iter().find(|it| it.path == path).expect("is written");
        String::from_utf8(artifact.bytes).expect("is text")
    }

    pub(crate) fn with_other_measurements(mut self) -> Self {
        for evidence in &mut self.verification.evidence {
            evidence.seconds += 1.0;
            for value in evidence.measured.values_mut() {
                if let Value::Number(number) = value {
                    *number *= 2.0;
                }
            }
        }
        self
    }

    pub(crate) fn without_a_server(mut self) -> Self {
        self.verification = Verification::not_run(&self.physical.claims, "no server was asked for");
        self
    }

    pub(crate) fn with_a_refuted_claim(mut self) -> Self {
        let last = self.verification.evidence.last_mut().expect("there are claims");
        last.verdict = Verdict::Refuted;
        last.note = Some("took 40 ms".to_owned());
        self
    }
}

/// A design whose every name holds what ends a string, a comment, a cell, a tag or a script somewhere.
pub(crate) fn nasty() -> Sample {
    let nasty = |stem: &str| {
        let text = format!("{stem}\"'`|\\]]>*/--\n<script>$$;%I\u{202e}😀");
        naming::fit(&text, "").as_str().to_owned()
    };
    build(&Names {
        project: "x</title><script>alert(1)</script>\n-- DROP TABLE x;",
        path: "docs/|`<b>.md",
        customer: nasty("c"),
        order: naming::fit(&"שלום\n; DROP TABLE x; --".repeat(9), "").as_str().to_owned(),
        status: nasty("s"),
        states: ["a'b", "c|`d\n", "</text>\""],
        rule: "x\n; DROP TABLE x; --\r*/ | <script>",
        pattern: nasty("p"),
    })
}

fn ident(name: &str) -> Ident {
    Ident::new(name).expect("a name")
}

fn qualified(name: &str) -> QualifiedName {
    QualifiedName::new(ident("public"), ident(name))
}

fn span_of(document: DocumentId, words: &str) -> Span {
    let start = DOCUMENT.find(words).expect("stands in the document");
    Span::new(document, start..start + words.len())
}

fn column(name: &str, data_type: Type, default: Option<Expr>) -> Column {
    Column {
        name: ident(name),
        data_type,
        not_null: true,
        default,
        identity: None,
        generated: None,
        comment: None,
    }
}

fn key(name: &str, column: &str) -> Key {
    Key { name: ident(name), columns: vec![ident(column)], deferrable: false, comment: None }
}

fn build(names: &Names) -> Sample {
    let mut sources = Sources::default();
    let document = sources.add(names.path, DOCUMENT);
    let span = |words: &str| span_of(document, words);
    let mut model = Model { project: Some(names.project.to_owned()), ..Model::default() };
    let mut logical = LogicalDesign::default();
    let mut physical = PhysicalDesign::default();

    let parts: [(&str, &[(&str, FieldKind)]); 2] = [
        (
            &names.customer,
            &[("id", FieldKind::Uuid), ("email", FieldKind::Text { max: Some(255) })],
        ),
        (
            &names.order,
            &[
                ("id", FieldKind::Uuid),
                ("customer_id", FieldKind::Uuid),
                (&names.status, FieldKind::Unknown),
                ("total", FieldKind::Money { precision: Some(12), scale: Some(2) }),
                ("placed_at", FieldKind::Timestamp),
            ],
        ),
    ];
    for (at, (name, fields)) in parts.iter().enumerate() {
        let entity = EntityId::from_index(at);
        let source = span(if at == 0 { "A customer" } else { "An order has" });
        let mut attributes = Vec::new();
        let mut ids = Vec::new();
        for (field, kind) in *fields {
            let id = FieldId::from_index(model.fields.len());
            ids.push(id);
            let sensitivity = (*field == "email").then(|| "Contact".to_owned());
            let assumed = || Origin::Assumed("no document gives its type".to_owned());
            let origin = if *kind == FieldKind::Unknown { assumed() } else { Origin::Stated };
            model.fields.push(Field {
                entity,
                name: (*field).to_owned(),
                named: true,
                kind: kind.clone(),
                type_text: None,
                required: Some(true),
                marked: true,
                unique: false,
                ignores_case: false,
                default: None,
                references: None,
                external: None,
                rules: Vec::new(),
                sensitivity: sensitivity.clone(),
                unit: None,
                description: None,
                origin: origin.clone(),
                source,
            });
            attributes.push(Attribute {
                name: (*field).to_owned(),
                kind: kind.clone(),
                required: true,
                default: None,
                touched: false,
                field: Some(id),
                ignores_case: false,
                sensitivity,
                unit: None,
                description: (*field == "total").then(|| "What the customer | pays".to_owned()),
                origin,
                source: Some(source),
            });
        }
        model.entities.push(Entity {
            name: (*name).to_owned(),
            aliases: Vec::new(),
            table: None,
            kind: EntityKind::Entity,
            description: None,
            fields: ids,
            primary_key: Vec::new(),
            unique: Vec::new(),
            deleted_values: underpin_model::DeletedValues::default(),
            origin: Origin::Stated,
            source,
        });
        logical.relations.push(Relation {
            name: (*name).to_owned(),
            table: None,
            kind: RelationKind::Entity,
            entity: Some(entity),
            context: None,
            description: Some(sources.text(source).to_owned()),
            attributes,
            key: vec![AttributeId::from_index(0)],
            uniques: Vec::new(),
            references: Vec::new(),
            crossings: Vec::new(),
            invariants: Vec::new(),
            separations: Vec::new(),
            limits: Vec::new(),
            owner_states: Vec::new(),
            owner_bounds: Vec::new(),
            holds: Vec::new(),
            machines: Vec::new(),
            trees: Vec::new(),
            permanences: Vec::new(),
            seeds: Vec::new(),
            version: None,
            source: Some(source),
        });
        let columns = fields.iter().map(|(field, _)| ident(field)).collect();
        physical.tables.push(TableDesign::new(
            RelationId::from_index(at),
            qualified(name),
            columns,
        ));
    }
    references_and_rules(names, document, &mut logical, &mut physical);
    tables(names, &mut physical);
    life_cycle(names, document, &mut model, &mut physical);
    query(names, document, &mut model, &mut physical);
    surroundings(document, &mut model, &mut physical);

    logical.decisions.push(
        Decision::new(
            "L010",
            "Order",
            "An order is identified by an opaque identifier",
            "no document names a field that identifies it",
        )
        .instead_of("a number that the database counts up")
        .changes_when("a document names an identifying field")
        .so_that("two orders that differ in nothing else are not refused")
        .significant("Identity of an order")
        .from_statement(span("An order has a status")),
    );
    physical.decisions.push(Decision::new("P020", names.rule, "a CHECK", "a rule of one row"));
    let evidence = evidence(&physical.claims);
    let environment = Environment {
        server_version: Some("PostgreSQL 15.8".to_owned()),
        facts: [("rows".to_owned(), Value::Integer(1000))].into(),
    };
    Sample {
        sources,
        model,
        logical,
        physical,
        verification: Verification { environment, evidence },
    }
}

fn references_and_rules(
    names: &Names,
    document: DocumentId,
    logical: &mut LogicalDesign,
    physical: &mut PhysicalDesign,
) {
    let source = span_of(document, "the total is not negative");
    let order = &mut logical.relations[1];
    order.references.push(Reference {
        attributes: vec![AttributeId::from_index(1)],
        target: RelationId::from_index(0),
        target_attributes: vec![AttributeId::from_index(0)],
        on_delete: OnDelete::Restrict,
        reason: "an order outlives the wish to delete its customer".to_owned(),
        source: Some(span_of(document, "places orders")),
    });
    order.invariants.push(Invariant {
        expression: None,
        sql: None,
        text: names.rule.to_owned(),
        attributes: vec![AttributeId::from_index(3)],
        source: Some(source),
    });
    physical.tables[1].checks.push(CheckDesign {
        constraint: ident("orders_total_check"),
        purpose: CheckPurpose::Rule,
        expression: None,
        attributes: vec![AttributeId::from_index(3)],
        source: Some(source),
    });
    physical.tables[1].growth =
        Growth { rows: Some(1000.0), per_month: Some(100.0), retention_days: Some(3650) };
}

fn tables(names: &Names, physical: &mut PhysicalDesign) {
    let new_id = || Some(Expr::Call("gen_random_uuid", Vec::new()));
    let mut customers = Table::new(qualified(&names.customer));
    customers.columns = vec![column("id", Type::Uuid, new_id()), column("email", Type::Text, None)];
    customers.primary_key = Some(key("customers_pkey", "id"));
    customers.uniques.push(key("customers_email_key", "email"));
    customers.comment = Some(names.rule.to_owned());
    let mut orders = Table::new(qualified(&names.order));
    orders.columns = vec![
        column("id", Type::Uuid, new_id()),
        column("customer_id", Type::Uuid, None),
        column(&names.status, Type::Text, Some(Expr::text(names.states[0]))),
        column("total", Type::Numeric(Some((12, 2))), None),
        column("placed_at", Type::TimestampTz, Some(Expr::Call("now", Vec::new()))),
    ];
    orders.primary_key = Some(key("orders_pkey", "id"));
    orders.checks.push(CheckConstraint {
        name: ident("orders_total_check"),
        expression: Expr::binary(
            Expr::Column(ident("total")),
            underpin_pg::BinaryOperator::GreaterOrEqual,
            Expr::integer(0),
        ),
        comment: Some(names.rule.to_owned()),
    });
    orders.foreign_keys.push(ForeignKey {
        name: ident("orders_customer_id_fkey"),
        columns: vec![ident("customer_id")],
        references: qualified(&names.customer),
        referenced_columns: vec![ident("id")],
        on_delete: ReferentialAction::Restrict,
        set_columns: Vec::new(),
        on_update: ReferentialAction::NoAction,
        deferred: false,
        comment: None,
    });
    let schema = &mut physical.schema;
    schema.add_table(customers);
    schema.add_table(orders);
    let by = |name: &str, descending| IndexColumn {
        key: IndexKey::Column(ident(name)),
        descending,
        operator_class: None,
    };
    let name = qualified("orders_customer_id_placed_at_idx");
    schema.add_index(Index {
        name: name.clone(),
        table: qualified(&names.order),
        columns: vec![by("customer_id", false), by("placed_at", true)],
        include: Vec::new(),
        unique: false,
        method: Method::Btree,
        predicate: None,
        comment: None,
    });
    physical.indexes.push(IndexDesign {
        index: name,
        serves: vec![names.pattern.clone()],
        supports: vec![ident("orders_customer_id_fkey")],
        reason: "the newest orders of a customer are listed".to_owned(),
    });
    let claims = &mut physical.claims;
    claims.push(Claim::new(Family::Applies, Subject::whole(), "the script applies"));
    claims.push(Claim::new(
        Family::Check,
        Subject::of(names.order.as_str(), "orders_total_check"),
        "a negative total is refused",
    ));
    claims.push(Claim::new(
        Family::OnDelete,
        Subject::of(names.order.as_str(), "orders_customer_id_fkey"),
        "a customer with orders cannot be deleted",
    ));
}

fn life_cycle(
    names: &Names,
    document: DocumentId,
    model: &mut Model,
    physical: &mut PhysicalDesign,
) {
    let [first, second, third] = names.states;
    let source = span_of(document, "An order has a status");
    let transition = |from: &str, to: &str| Transition {
        from: from.to_owned(),
        to: to.to_owned(),
        on: None,
        source,
    };
    model.lifecycles.push(Lifecycle {
        entity: EntityId::from_index(1),
        field: FieldId::from_index(4),
        states: names.states.map(str::to_owned).to_vec(),
        initial: Some(first.to_owned()),
        initial_stated: true,
        transitions: vec![transition(first, second), transition(first, third)],
        told: Vec::new(),
        source,
    });
    let table = qualified(&names.order);
    let status = ident(&names.status);
    let machine = MachineDesign {
        lifecycle: LifecycleId::from_index(0),
        column: status.clone(),
        states: names.states.map(str::to_owned).to_vec(),
        initial: Some(first.to_owned()),
        transitions: vec![(first.to_owned(), vec![second.to_owned(), third.to_owned()])],
        initial_rule: ident("orders_status_initial"),
        transition_rule: ident("orders_status_transition"),
        trigger: ident("orders_status_guard"),
    };
    let function = TransitionGuard {
        function: qualified("orders_status_guard"),
        table: &table,
        column: &status,
        initial: Some(first),
        transitions: vec![(first, vec![second, third])],
        initial_rule: machine.initial_rule.clone(),
        transition_rule: machine.transition_rule.clone(),
    }
    .function();
    physical.schema.add_trigger(Trigger {
        name: machine.trigger.clone(),
        table,
        timing: TriggerTiming::Before,
        events: [TriggerEvent::Insert, TriggerEvent::Update].into(),
        update_columns: Vec::new(),
        condition: None,
        function: function.name.clone(),
        comment: None,
    });
    physical.schema.add_function(function);
    physical.tables[1].machines.push(machine);
    physical.claims.push(Claim::new(
        Family::Lifecycle,
        Subject::of(names.order.as_str(), names.status.as_str()),
        "only listed transitions are taken",
    ));
}

fn query(names: &Names, document: DocumentId, model: &mut Model, physical: &mut PhysicalDesign) {
    model.patterns.push(Pattern {
        name: names.pattern.clone(),
        text: "List orders of a customer".to_owned(),
        kind: AccessKind::Read,
        entity: EntityId::from_index(1),
        joins: Vec::new(),
        filter: Vec::new(),
        unresolved: Vec::new(),
        unread: Vec::new(),
        measures: Vec::new(),
        groups: Vec::new(),
        sort: Vec::new(),
        limit: Some(20),
        pick: None,
        form: None,
        frequency: Some("60/s".to_owned()),
        per_second: Some(60.0),
        latency_ms: Some(20.0),
        staleness_s: None,
        sql: None,
        source: span_of(document, "places orders"),
    });
    let table = qualified(&names.order);
    let output = |name: &str| Output { value: Expr::Column(ident(name)), name: None };
    let mut select = Select::new(
        vec![output("id"), output(&names.status)],
        Some(TableRef { table: table.clone(), alias: None }),
    );
    select.filter = Some(Expr::equals(Expr::Column(ident("customer_id")), Expr::Parameter(1)));
    select.order_by = vec![OrderBy { value: Expr::Column(ident("placed_at")), descending: true }];
    select.limit = Some(Expr::integer(20));
    physical.queries.push(Query {
        pattern: PatternId::from_index(0),
        name: names.pattern.clone(),
        table: table.clone(),
        tables: vec![table.clone()],
        kind: AccessKind::Read,
        statement: Some(Statement::Select(select)),
        draft: None,
        parameters: vec![Parameter {
            name: "customer_id".to_owned(),
            data_type: Type::Uuid,
            column: Some((table, ident("customer_id"))),
            role: ParameterRole::Equals,
        }],
        windows: Vec::new(),
        follows: None,
        narrows: None,
        promised_index: Some(qualified("orders_customer_id_placed_at_idx")),
        equivalent_indexes: Vec::new(),
        remark: None,
        frequency: Some("60/s".to_owned()),
        per_second: Some(60.0),
        latency_ms: Some(20.0),
    });
    physical.plans.reads_per_second = 60.0;
    let subject = || Subject::of(names.order.as_str(), names.pattern.as_str());
    physical.claims.push(Claim::new(Family::Serves, subject(), "the index serves the query"));
    physical.claims.push(
        Claim::new(Family::Latency, subject(), "it answers within 20 ms").demand("p95_ms", 20.0),
    );
}

fn surroundings(document: DocumentId, model: &mut Model, physical: &mut PhysicalDesign) {
    let order = EntityId::from_index(1);
    model.volumes.push(Volume {
        entity: order,
        rows: Some(1000.0),
        growth_per_month: Some(100.0),
        text: "1000 orders".to_owned(),
        source: span_of(document, "An order has"),
    });
    model.retentions.push(Retention {
        entity: order,
        days: Some(3650),
        text: "10 years from `placed_at`, then deleted".to_owned(),
        source: span_of(document, "Kept 10 years"),
    });
    for (objective, seconds, words) in [
        (RecoveryObjective::PointObjective, 300.0, "RPO: 5 minutes"),
        (RecoveryObjective::TimeObjective, 3600.0, "RTO: 1 hour"),
    ] {
        model.recovery.push(Recovery {
            objective,
            seconds: Some(seconds),
            text: words.to_owned(),
            source: span_of(document, words),
        });
    }
    model.questions.push(Question {
        id: "order.status.type".to_owned(),
        subject: "Order.status".to_owned(),
        text: "What values does the status hold?".to_owned(),
        assumed: "text".to_owned(),
        source: Some(span_of(document, "An order has a status")),
    });
    model.assumptions.push(Assumption {
        id: "order.total.currency".to_owned(),
        subject: "Order.total".to_owned(),
        text: "All amounts have one currency".to_owned(),
        reason: "no document names another".to_owned(),
    });
    let orders = physical.tables[1].table.clone();
    physical.plans.retention.push((orders, "10 years".to_owned(), "deleted in batches".to_owned()));
}
