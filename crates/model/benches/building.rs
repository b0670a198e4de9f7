//! How building grows with the statements. `cargo bench -p underpin-model` prints items in a second beside each time
//! (entities, or lines of a document); they stay about equal downwards, since a pass that searched a list for
//! each statement would lose three quarters of them from each size to the next. The second benchmark begins with the
//! text: a document of entities with their fields in tables and prose around them, up to 10,100 entities, which are
//! 151,502 lines and 10.0 MB.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use underpin_base::{Sources, Span};
use underpin_model::{build, model_text};
use underpin_read::{
    AccessKind, EntityFact, EntityKind, Fact, FieldFact, FilterFact, FilterOperator, PatternFact,
    Reading, ReferenceFact, RelationshipFact, Statement, read,
};

fn field(entity: &str, name: &str, kind: &str, reference: Option<String>) -> Fact {
    let values: &[&str] = if name == "status" { &["open", "paid", "shut"] } else { &[] };
    let field = FieldFact {
        name: name.to_owned(),
        type_text: Some(kind.to_owned()),
        primary_key: (name == "id").then_some(true),
        references: reference.map(|entity| ReferenceFact { entity, field: None, on_delete: None }),
        enum_values: values.iter().map(|&value| value.to_owned()).collect(),
        ..FieldFact::default()
    };
    Fact::Field { entity: entity.to_owned(), field }
}

fn pattern(entity: &str, join: String) -> Fact {
    Fact::AccessPattern(PatternFact {
        name: format!("list {entity}"),
        title: None,
        kind: AccessKind::Read,
        entity: Some(entity.to_owned()),
        joins: vec![join],
        filter: vec![FilterFact {
            field: "status".to_owned(),
            operator: FilterOperator::Equals,
            optional: false,
        }],
        measures: Vec::new(),
        groups: Vec::new(),
        sort: Vec::new(),
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
    })
}

/// What a document of so many entities says: of each, facts of different kinds.
fn facts(entities: usize) -> Vec<Fact> {
    let name = |n: usize| format!("Thing{}x", n % entities);
    let mut facts = Vec::new();
    for n in 0..entities {
        let own = name(n);
        facts.push(Fact::Entity(EntityFact {
            name: own.clone(),
            kind: EntityKind::Entity,
            table: None,
            description: None,
        }));
        facts.push(field(&own, "id", "uuid", None));
        facts.push(field(&own, "thing_id", "uuid", Some(name(n * 7))));
        facts.push(field(&own, "owner_id", "uuid", Some(format!("Elsewhere{n}y"))));
        facts.push(field(&own, "created_by", "uuid", None));
        facts.push(field(&own, "status", "text", None));
        facts.push(field(&own, "size", "integer", None));
        facts.push(field(&own, "kind", &format!("Kind{n}z"), None));
        facts.push(Fact::Enumeration {
            name: format!("Kind{n}z"),
            values: vec!["one".to_owned(), "two".to_owned()],
        });
        facts.push(Fact::Relationship(RelationshipFact {
            from: own.clone(),
            to: name(n * 3 + 1),
            cardinality: Some(if n % 5 == 0 { "N:M" } else { "1:N" }),
            from_required: None,
            to_required: None,
            on_delete: None,
            through: None,
            label: None,
        }));
        for (from, to) in [("open", "paid"), ("paid", "shut")] {
            facts.push(Fact::Transition {
                entity: own.clone(),
                field: None,
                from: from.to_owned(),
                to: to.to_owned(),
                on: None,
            });
        }
        for text in ["size must be positive", "nobody must forget this"] {
            facts.push(Fact::Rule {
                entity: Some(own.clone()),
                field: None,
                text: text.to_owned(),
            });
        }
        facts.push(Fact::Unique {
            entity: own.clone(),
            fields: vec!["kind".to_owned(), "size".to_owned()],
            condition: None,
            text: None,
        });
        facts.push(pattern(&own, name(n * 7)));
    }
    facts
}

fn reading(entities: usize) -> (Reading, Sources) {
    let facts = facts(entities);
    let mut sources = Sources::default();
    let document = sources.add("model.md", "line of it\n".repeat(facts.len()));
    let statements = facts
        .into_iter()
        .enumerate()
        .map(|(at, fact)| Statement {
            fact,
            span: Span::new(document, at * 11..at * 11 + 10),
            notation: "field-table",
            inferred: None,
            assumed: None,
            drafted: None,
        })
        .collect();
    (Reading { statements, ..Reading::default() }, sources)
}

/// A document of so many entities, 15 lines and some 990 bytes each.
fn document(entities: usize) -> String {
    let mut text = "# Data model\n\n".to_owned();
    for at in 0..entities {
        let above = at / 2;
        let _ = write!(
            text,
            "## Thing{at}\n\nWhat thing {at} is for, in a sentence of the length that people write who want to be \
             understood, and who know no more of it than its name.\n\n\
             | Field | Type | Required | Constraints | Description |\n| --- | --- | --- | --- | --- |\n\
             | id | uuid | yes | PK | Identifies thing {at} in all places where somebody speaks of it |\n\
             | owner_id | uuid | no | FK → Thing{above} | The one above it, which it belongs to all of its life |\n\
             | name | text | yes | unique | What people call it when they speak about thing {at} to others |\n\
             | state | text | yes | one of: open, closed, archived | Where it is in its life |\n\
             | created_at | timestamptz | yes | | When it was made, or taken over from elsewhere |\n\
             | amount | numeric(12,2) | no | must be at least 0 | What it is worth in the currency of its owner |\n\n\
             Each thing {at} belongs to whoever made it. People look at things more often than not, and what they do \
             then is told nowhere: a sentence like this one states nothing, and is read all the same.\n\n"
        );
    }
    text
}

fn main() {
    divan::main();
}

#[divan::bench(args = [10, 100, 1_000, 10_100], max_time = 5)]
fn of_a_document(bencher: Bencher<'_, '_>, entities: usize) {
    let text = document(entities);
    let bencher =
        bencher.counter(ItemsCount::new(text.lines().count())).counter(BytesCount::of_str(&text));
    let mut sources = Sources::default();
    sources.add("model.md", text);
    bencher.bench(|| build(&read(&sources), &sources));
}

#[divan::bench(args = [100, 400, 1_600, 6_400], max_time = 5)]
fn of_many_entities(bencher: Bencher<'_, '_>, entities: usize) {
    let (reading, sources) = reading(entities);
    bencher.counter(ItemsCount::new(entities)).bench(|| {
        let model = build(&reading, &sources);
        model_text(&model, &sources).len()
    });
}
