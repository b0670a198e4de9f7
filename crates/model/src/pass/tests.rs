//! The diagnostics of the passes, and what no input may break.
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use underpin_base::{Sources, Span};
use underpin_read::{
    AccessKind, EntityFact, EntityKind, Fact, FieldFact, FilterFact, FilterOperator, IndexFact,
    PatternFact, Reading, ReferenceFact, RelationshipFact, Statement,
};

use crate::test_support::{Facts, relationship};
use crate::{Expression, FieldId, FieldKind, Model, build, explain, model_text};

fn check(facts: Facts, expect: &Expect) {
    expect.assert_eq(&facts.diagnostics());
}

#[test]
fn unknown_names_are_reported_with_the_nearest_known_one() {
    check(
        Facts::default()
            .entity("Customer")
            .field("Customer", "id: uuid*")
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "customer: uuid! -> Custmer")
            .field("Order", "warehouse: uuid! -> Warehouse")
            .field("Order", "owner: uuid! -> auth.users")
            .add(Fact::Unique {
                entity: "Order".to_owned(),
                fields: vec!["idd".to_owned()],
                condition: None,
                text: None,
            }),
        &expect![[r#"
            warning M001 :6 no document describes `Warehouse`: `Order.warehouse` refers to it; taken to live elsewhere, so that no foreign key guards it
            note M016 :7 `auth.users` belongs to another system: `Order.owner` refers to it; no foreign key
            error M001 :5 `Order.customer` refers to `Custmer`, which no document describes; the reference cannot be enforced
            warning M004 :8 a uniqueness rule names `idd`, which is not a field of `Order`; it was left out there
        "#]],
    );
}

#[test]
fn a_path_refers_to_a_field_where_both_parts_are_known() {
    check(
        Facts::default()
            .entity("Stock")
            .field("Stock", "ticker: text*")
            .field("Stock", "symbol: text! u")
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "symbol: text! -> stocks.symbol")
            .field("Order", "place: text! -> stocks.place"),
        &expect![[r#"
            warning M001 :7 no document describes `stocks.place`: `Order.place` refers to it; taken to live elsewhere, so that no foreign key guards it
        "#]],
    );
}

#[test]
fn two_entities_of_one_name_in_one_document() {
    check(
        Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .field("User", "email: text!")
            .entity("User")
            .field("User", "id: uuid*")
            .field("User", "login: text!")
            .entity("USER")
            .by("mermaid-er")
            .field("USER", "id: uuid")
            .by("mermaid-er"),
        &expect![[r#"
            error M002 :4 two entities are called `User`, and their fields differ; one table cannot be both
        "#]],
    );
}

#[test]
fn a_circle_of_required_references() {
    check(
        Facts::default()
            .entity("A")
            .field("A", "id: uuid*")
            .field("A", "b_id: uuid!")
            .entity("B")
            .field("B", "id: uuid*")
            .field("B", "c_id: uuid!")
            .entity("C")
            .field("C", "id: uuid*")
            .field("C", "a_id: uuid!")
            .entity("Node")
            .field("Node", "id: uuid*")
            .field("Node", "parent_id: uuid?"),
        &expect![[r#"
            error M005 :3 references require each other in a circle, so that no first row can be written: `A.b_id` (model.md:3) requires `B`, `B.c_id` (model.md:6) requires `C`, `C.a_id` (model.md:9) requires `A`
        "#]],
    );
}

#[test]
fn life_cycles_that_contradict_themselves() {
    let lifecycle = |states: &[&str], initial: Option<&str>| Fact::Lifecycle {
        entity: "Order".to_owned(),
        field: None,
        states: states.iter().map(|&state| state.to_owned()).collect(),
        initial: initial.map(str::to_owned),
    };
    check(
        Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "status: enum(draft, paid, shipped, lost)! = draft")
            .add(lifecycle(&["Draft", "Paid", "Shipped", "Limbo"], Some("Draft")))
            .transition("Order", "draft", "paid")
            .transition("Order", "paid", "shiped")
            .transition("Order", "paid", "shipped"),
        &expect![[r#"
            warning M007 :6 a transition of `Order` names the state `shiped`, which its list of states lacks; it was added
            warning M008 :4 the states and the values of `Order.status` disagree: `Limbo`, `shiped` only in the life cycle, `lost` only among the values; all were taken
            error M006 :4 no transition leads `Order.status` from `draft` to `Limbo`; no row can ever be in that state
        "#]],
    );
}

/// A diagram with several starts: a row may be born in any of them.
#[test]
fn several_first_states() {
    let start = |state: &str| Fact::Lifecycle {
        entity: "Transfer".to_owned(),
        field: None,
        states: Vec::new(),
        initial: Some(state.to_owned()),
    };
    let facts = || {
        Facts::default()
            .entity("Transfer")
            .field("Transfer", "id: uuid*")
            .add(start("accepted"))
            .add(start("review"))
            .transition("Transfer", "accepted", "settled")
            .transition("Transfer", "review", "blocked")
    };
    check(facts(), &expect![[""]]);
    assert_eq!(facts().build().0.lifecycles[0].initial, None);
}

#[test]
fn the_newest_are_those_that_began_last() {
    let order = |more: &[&str]| {
        let facts = Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "status: enum(open, paid)!")
            .field("Order", "placed_at: timestamp!")
            .field("Order", "paid_at: timestamp?")
            .field("Order", "due_on: date?");
        let facts = more.iter().fold(facts, |facts, field| facts.field("Order", field));
        let newest = PatternFact {
            name: "orders, newest first".to_owned(),
            title: None,
            entity: Some("Order".to_owned()),
            measures: Vec::new(),
            groups: Vec::new(),
            sort: vec!["time desc".to_owned()],
            kind: AccessKind::Read,
            joins: Vec::new(),
            filter: Vec::new(),
            limit: None,
            pick: None,
            form: None,
            frequency: None,
            per_second: None,
            latency_ms: None,
            staleness_s: None,
            sql: None,
            said: None,
            unread: Vec::new(),
        };
        let (model, _) = facts.add(Fact::AccessPattern(newest)).build();
        model.patterns[0].sort.iter().map(|it| model.field_path(it.field)).collect::<Vec<_>>()
    };
    assert_eq!(order(&[]), ["Order.placed_at"]);
    // What is not there from the start tells newer from older ones no better.
    assert_eq!(order(&["shipped_at: timestamp?"]), ["Order.placed_at"]);
    // Which of two is meant nobody says.
    assert_eq!(order(&["submitted_at: timestamp!"]), Vec::<String>::new());
}

#[test]
fn single_steps_that_leave_a_state_out_refuse_no_other() {
    let member = || {
        Facts::default()
            .entity("Member")
            .field("Member", "id: uuid*")
            .field("Member", "status: enum(pending, active, closed) = pending")
            .transition("Member", "pending", "active")
            .by("query-sentence")
    };
    let (model, _) = member().build();
    assert!(model.lifecycles[0].transitions.is_empty());
    assert_eq!(model.lifecycles[0].told.len(), 1);
    assert_eq!(model.lifecycles[0].initial.as_deref(), Some("pending"));
    assert!(model.questions.iter().any(|question| question.text.contains("come to be `closed`")));
    let (model, _) = member().transition("Member", "active", "closed").by("query-sentence").build();
    assert_eq!(model.lifecycles[0].transitions.len(), 2);
    // Without a first state that is said, the one that nothing leads to is none.
    let (model, _) = Facts::default()
        .entity("Bill")
        .field("Bill", "id: uuid*")
        .field("Bill", "status: enum(open, late, paid)!")
        .transition("Bill", "late", "paid")
        .by("query-sentence")
        .build();
    assert_eq!(model.lifecycles[0].initial, None);
}

#[test]
fn a_field_named_after_the_end_of_its_entity_carries_the_relationship() {
    let (model, _) = Facts::default()
        .entity("PropertyCategory")
        .field("PropertyCategory", "id: uuid*")
        .entity("PropertyType")
        .field("PropertyType", "id: uuid*")
        .field("PropertyType", "categoryId: uuid!")
        .add(relationship("PropertyCategory", "PropertyType", "1:N"))
        .build();
    assert_eq!(model.fields.len(), 3);
    assert_eq!(
        model.relationships[0].field.map(|id| model.field_path(id)).as_deref(),
        Some("PropertyType.categoryId")
    );
}

#[test]
fn names_and_types_that_cannot_be() {
    check(
        Facts::default()
            .entity("Bad\0Name")
            .field("Bad\0Name", "id: bigint*")
            .entity("Empty")
            .entity(&"Long".repeat(20))
            .field(&"Long".repeat(20), "id: uuid*")
            .field(&"Long".repeat(20), "bad: uuid! -> Bad\0Name")
            .field(&"Long".repeat(20), "amount: uuid")
            .field(&"Long".repeat(20), "amount: int"),
        &expect![[r#"
            warning M015 :8 `LongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLong` has two fields `amount` of different types; they were taken as one
            warning M012 :6 `LongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLong.bad` refers to `Bad�Name.id` but has another type; it takes the type of the key
            error M010 :1 the entity `Bad�Name` has the character NUL in its name, which PostgreSQL refuses
            note M011 :4 the name of the entity `LongLongLongLongLongLongLongLongLongLong…` has 80 bytes; PostgreSQL keeps 63, so it is shortened
            warning M009 :3 `Empty` has no fields; its table holds only an identifier
        "#]],
    );
    check(
        Facts::default(),
        &expect![[r#"
        error M014 :0 no entity was found: there is nothing to design
    "#]],
    );
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "User", "users", "Order", "order_items", "id", "user_id", "status", "paid", "draft",
            "total", "a b", "Order.status", "parent_id", "any", "",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => Just("x\0\"; é\u{202e}".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![
            "uuid", "int", "decimal(10,2)", "enum(a, b)", "string[]", "total must be 0 to 9",
            "CHECK (total > 0)", "status = 'paid'", "one active order per user", "cascade",
            "total must be unique per user", "a when b", "Id<\"users\">", "user_id is required",
            "1-80 characters", "if status is paid, total must be positive",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,24}",
        1 => "[a-zé€ ,.;:()<>=≥–'\"0-9]{0,24}",
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    let names = || prop::collection::vec(name(), 0..4);
    let field = (
        name(),
        prop::option::of(text()),
        any::<(Option<bool>, Option<bool>, Option<bool>)>(),
        prop::option::of(text()),
        names(),
        prop::option::of(name()),
        prop::collection::vec(text(), 0..2),
    )
        .prop_map(|(name, type_text, flags, default, enum_values, target, constraints)| {
            FieldFact {
                name,
                type_text,
                required: flags.0,
                is_unmarked: false,
                unique: flags.1,
                primary_key: flags.2,
                default,
                enum_values,
                references: target.map(|entity| ReferenceFact {
                    entity,
                    field: Some("id".to_owned()),
                    on_delete: Some("cascade".to_owned()),
                }),
                constraints,
                description: None,
            }
        });
    let cardinality = prop::sample::select(vec![None, Some("1:1"), Some("1:N"), Some("N:M")]);
    let relationship = (name(), name(), cardinality, prop::option::of(name())).prop_map(
        |(from, to, cardinality, through)| {
            Fact::Relationship(RelationshipFact {
                from,
                to,
                cardinality,
                from_required: None,
                to_required: None,
                on_delete: None,
                through,
                label: None,
            })
        },
    );
    let pattern = (name(), prop::option::of(name()), names(), names()).prop_map(
        |(name, entity, filter, sort)| {
            Fact::AccessPattern(PatternFact {
                name,
                title: None,
                kind: AccessKind::Read,
                entity,
                joins: sort.clone(),
                filter: filter
                    .into_iter()
                    .map(|field| FilterFact {
                        field,
                        operator: FilterOperator::Equals,
                        optional: false,
                    })
                    .collect(),
                measures: vec!["count".to_owned()],
                groups: sort.clone(),
                sort,
                limit: None,
                pick: None,
                form: None,
                frequency: None,
                per_second: Some(f64::NAN),
                latency_ms: None,
                staleness_s: None,
                sql: None,
                said: None,
                unread: Vec::new(),
            })
        },
    );
    prop_oneof![
        4 => name().prop_map(|name| Fact::Entity(EntityFact {
            name,
            kind: EntityKind::Entity,
            table: None,
            description: None,
        })),
        2 => (name(), name()).prop_map(|(name, table)| Fact::Entity(EntityFact {
            name,
            kind: EntityKind::ValueObject,
            table: Some(table),
            description: None,
        })),
        12 => (name(), field).prop_map(|(entity, field)| Fact::Field { entity, field }),
        3 => relationship,
        2 => pattern,
        2 => (name(), names()).prop_map(|(name, values)| Fact::Enumeration { name, values }),
        1 => (name(), names()).prop_map(|(entity, fields)| Fact::PrimaryKey { entity, fields }),
        2 => (name(), names(), prop::option::of(text())).prop_map(|(entity, fields, condition)| {
            Fact::Unique { entity, fields, condition, text: None }
        }),
        2 => (name(), prop::option::of(name()), names(), prop::option::of(name())).prop_map(
            |(entity, field, states, initial)| Fact::Lifecycle { entity, field, states, initial }
        ),
        2 => (name(), name(), name()).prop_map(|(entity, from, to)| Fact::Transition {
            entity, field: None, from, to, on: None,
        }),
        4 => (prop::option::of(name()), prop::option::of(name()), text()).prop_map(
            |(entity, field, text)| Fact::Rule { entity, field, text }
        ),
        1 => (name(), names()).prop_map(|(root, members)| Fact::Aggregate { root, members }),
        1 => (name(), names()).prop_map(|(entity, columns)| Fact::Index(IndexFact {
            entity, name: None, columns, unique: false, method: None, purpose: None,
        })),
        1 => (name(), name()).prop_map(|(entity, field)| Fact::Sensitivity {
            entity, field, category: "personal".to_owned(),
        }),
    ]
}

/// Every id that the model holds lies in its arena, and belongs where it is used.
fn resolved(model: &Model) {
    let entity = |id: crate::EntityId| assert!(id.index() < model.entities.len());
    let field = |id: FieldId| assert!(id.index() < model.fields.len());
    for (id, owner) in model.entities() {
        for &of in owner.fields.iter().chain(&owner.primary_key) {
            field(of);
            assert_eq!(model.field(of).entity, id);
        }
        for key in &owner.unique {
            assert!(!key.fields.is_empty());
            let condition = key.condition.as_ref().map(Expression::fields).unwrap_or_default();
            for &of in key.fields.iter().chain(&condition) {
                assert_eq!(model.field(of).entity, id);
            }
        }
    }
    for of in &model.fields {
        entity(of.entity);
        if let Some(reference) = &of.references {
            entity(reference.entity);
            if let Some(at) = reference.field {
                assert_eq!(model.field(at).entity, reference.entity);
            }
        }
        let mut kind = &of.kind;
        while let FieldKind::List(inner) = kind {
            kind = inner;
        }
        if let FieldKind::Enumeration(id) = kind {
            assert!(!model.enumeration(*id).values.is_empty());
        }
        assert!(of.rules.iter().all(|rule| rule.index() < model.rules.len()));
    }
    for relationship in &model.relationships {
        entity(relationship.from);
        entity(relationship.to);
        if let Some(of) = relationship.field {
            assert_eq!(model.field(of).entity, relationship.to);
        }
    }
    for lifecycle in &model.lifecycles {
        assert_eq!(model.field(lifecycle.field).entity, lifecycle.entity);
        let known = |state: &String| lifecycle.states.contains(state);
        assert!(lifecycle.transitions.iter().all(|t| known(&t.from) && known(&t.to)));
        assert!(lifecycle.initial.iter().all(known));
    }
    for rule in &model.rules {
        for of in rule.expression.as_ref().map(Expression::fields).unwrap_or_default() {
            assert_eq!(model.field(of).entity, rule.entity);
        }
    }
    let mut names: Vec<&str> = model.patterns.iter().map(|pattern| pattern.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    for pattern in &model.patterns {
        for of in pattern.filter.iter().map(|f| f.field).chain(pattern.sort.iter().map(|s| s.field))
        {
            let owner = model.field(of).entity;
            assert!(owner == pattern.entity || pattern.joins.contains(&owner));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_statements_make_a_resolved_model(facts in prop::collection::vec(fact(), 0..24)) {
        let mut sources = Sources::default();
        let document = sources.add("any.md", "x\n".repeat(24));
        let statements = facts
            .into_iter()
            .enumerate()
            .map(|(at, fact)| Statement {
                fact,
                span: Span::new(document, at * 2..at * 2 + 1),
                notation: ["field-table", "mermaid-er"][at % 2],
                inferred: (at % 7 == 3).then(|| "a reason".to_owned()),
                assumed: None,
                drafted: None,
            })
            .collect();
        let reading = Reading { statements, ..Reading::default() };
        let model = build(&reading, &sources);
        resolved(&model);
        let text = model_text(&model, &sources);
        prop_assert_eq!(text, model_text(&build(&reading, &sources), &sources));
        for entity in &model.entities {
            prop_assert!(explain(&model, &reading, &sources, &entity.name).is_ok());
        }
    }
}

/// The lines of the model's text that begin like this, so that a test shows what it is about.
fn lines(facts: Facts, beginnings: &[&str]) -> String {
    let (model, sources) = facts.build();
    let text = model_text(&model, &sources);
    let wanted = |line: &&str| beginnings.iter().any(|word| line.trim().starts_with(word));
    let shown = text
        .lines()
        .filter(wanted)
        .map(|line| format!("{}\n", line.split("  # ").next().unwrap_or_default().trim()));
    shown.collect()
}

#[test]
fn a_relationship_is_carried_by_a_field_that_is_there() {
    let has_many = |from: &str, to: &str| relationship(from, to, "1:N");
    let facts = Facts::default()
        .entity("CoinSet")
        .field("CoinSet", "id: uuid*")
        .field("CoinSet", "parent_set_id: uuid?")
        .entity("Coin")
        .field("Coin", "id: uuid*")
        .entity("Membership")
        .field("Membership", "set_id: uuid*")
        .field("Membership", "coin_id: uuid*")
        .add(has_many("CoinSet", "Membership"))
        .add(has_many("CoinSet", "CoinSet"));
    expect![[r#"
        parent_set_id: a UUID, optional, refers to CoinSet [inferred: `CoinSet` belongs to `CoinSet`, and this field is named after it]
        set_id: a UUID, required, refers to CoinSet [inferred: its name says `CoinSet`]
        coin_id: a UUID, required, refers to Coin [inferred: its name says `Coin`]
    "#]].assert_eq(&lines(facts, &["parent", "set_id", "coin_set", "coin_id"]));
}

#[test]
fn names_without_their_schema_and_fields_that_only_a_key_names() {
    let facts = Facts::default()
        .entity("sales.customer")
        .field("sales.customer", "id: uuid*")
        .field("sales.customer", "tenant_id: uuid!")
        .entity("log.event")
        .field("log.event", "id: uuid*")
        .field("log.event", "customer_id: uuid!")
        .entity("log.state")
        .field("log.state", "since: timestamp!")
        .add(Fact::PrimaryKey {
            entity: "log.state".to_owned(),
            fields: vec!["tenant_id".to_owned(), "customer_id".to_owned()],
        })
        .entity("a.twin")
        .field("a.twin", "id: uuid*")
        .entity("b.twin")
        .field("b.twin", "id: uuid*")
        .field("b.twin", "twin_id: uuid?");
    expect![[r#"
        tenant_id: a UUID, required
        customer_id: a UUID, required, refers to sales.customer [inferred: its name says `sales.customer`]
        tenant_id: a UUID, required [inferred: the primary key of `log.state` names it, and others describe it]
        customer_id: a UUID, required, refers to sales.customer [inferred: its name says `sales.customer`] [inferred: the primary key of `log.state` names it, and others describe it]
        twin_id: a UUID, optional
    "#]].assert_eq(&lines(facts, &["customer_id", "tenant_id", "twin_id"]));
}

#[test]
fn what_is_said_of_a_field_tells_its_type() {
    let field = |name: &str, default: Option<&str>, constraint: Option<&str>| Fact::Field {
        entity: "Card".to_owned(),
        field: FieldFact {
            name: name.to_owned(),
            default: default.map(str::to_owned),
            constraints: constraint.map(str::to_owned).into_iter().collect(),
            ..FieldFact::default()
        },
    };
    let facts = Facts::default()
        .entity("Reader")
        .entity("Card")
        .add(field("urgent", Some("false"), None))
        .add(field("opened", Some("now"), None))
        .add(field("mark", None, Some("up to 4 characters")))
        .add(field("weight", Some("7"), Some("digits of any number")))
        // Its key gives the type of what refers to it.
        .add(field("reader_id", Some("true"), None));
    expect![[r#"
        urgent: true or false, default false
        opened: a moment, default now
        mark: text of at most 4 characters
        weight: a decimal number, default 7
        reader_id: of unknown type, default true, refers to Reader [inferred: its name says `Reader`]
    "#]].assert_eq(&lines(facts, &["urgent", "opened", "mark", "weight", "reader_id"]));
}
