//! The model file `underpin.yaml`: a model as Underpin wrote it and a person edited it.

mod whole;

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{LoadableYamlNode, MarkedYaml, SafelyIndex};
use underpin_base::{Diagnostic, Span};

use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output};
use crate::{
    AccessKind, Bound, EntityFact, EntityKind, Fact, FieldFact, FilterFact, FilterOperator,
    IndexFact, PatternFact, Pick, ReferenceFact, RelationshipFact, Window, WriteForm, code,
    modifier,
};

pub(super) const DOC: &str =
    "The model file, with the keys that `schema/underpin.schema.json` describes.";

/// Deeper nesting than any model has; a deeper file is refused before the parser recurses into it.
const DEEPEST: usize = 64;

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        if code.language != "underpin-model" {
            continue;
        }
        let whole = document.span(block.range.start..block.range.start + 1);
        if is_too_deep(&code.text) {
            refuse(out, "the model file is nested too deeply to be a model", whole);
            continue;
        }
        match MarkedYaml::load_from_str(&code.text) {
            Ok(roots) => {
                let Some(root) = roots.first() else { continue };
                if root.data.as_mapping().is_none() {
                    refuse(out, "the model file is no mapping with the key `entities`", whole);
                    continue;
                }
                let places = Places::new(code);
                facts(root, &mut |node, fact| state(document, &places, out, node, fact));
                // Keys that say nothing of the domain are part of the form.
                out.mark(document, block.range.clone(), Mark::SetAside);
            }
            Err(error) => {
                let at = Places::new(code).offset(error.marker().line().saturating_sub(1));
                let span = document.span(at..at + 1);
                refuse(out, &format!("the model file is not valid YAML: {}", error.info()), span);
            }
        }
    }
}

fn refuse(out: &mut Output, message: &str, span: Span) {
    out.diagnostics.push(
        Diagnostic::error(code::MODEL_FILE, message)
            .at(span, "")
            .help("compare it with schema/underpin.schema.json, or delete it and let `underpin model` write it again"),
    );
}

/// Gives `state` every fact that a model says, with the node that says it.
pub(crate) fn facts<'y>(root: &Node<'y>, state: &mut dyn FnMut(&Node<'y>, Fact)) {
    let stated_apart = items(root, "rules")
        .filter_map(|rule| Some((text(rule, "entity")?, text(rule, "text")?)))
        .collect();
    let on_delete = items(root, "relationships")
        .filter_map(|it| Some((text(it, "field")?, text(it, "on_delete")?)))
        .collect();
    Reader { state, stated_apart, on_delete }.model(root);
}

/// States a fact, as inferred or assumed where the file says that it was not stated.
fn state(document: &Document<'_>, places: &Places, out: &mut Output, node: &Node<'_>, fact: Fact) {
    let line = node.span.start.line().saturating_sub(1);
    let start = places.offset(line);
    let end = places.offset(line + 1).max(start + 1);
    let span = document.span(start..end.saturating_sub(1).max(start));
    let origin = text(node, "origin");
    let reason = || text(node, "reason").unwrap_or_else(|| "not stated by a document".to_owned());
    match origin.as_deref() {
        Some("inferred") => out.infer(document, span, fact, &reason()),
        Some("assumed") => out.assume(document, span, fact, &reason()),
        _ if flag(node, "assumed") == Some(true) => out.assume(document, span, fact, "assumed"),
        _ => out.state(document, span, fact),
    }
}

pub(crate) fn is_too_deep(text: &str) -> bool {
    let mut brackets = 0_usize;
    text.split('\n').any(|line| {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        let dashes = content.split(' ').take_while(|word| matches!(*word, "-" | "?")).count();
        for character in content.chars() {
            match character {
                '[' | '{' => brackets += 1,
                ']' | '}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
        }
        indent > DEEPEST * 8 || dashes > DEEPEST || brackets > DEEPEST
    })
}

/// Where each line of the file begins in the document.
struct Places {
    lines: Vec<usize>,
    end: usize,
}

impl Places {
    fn new(code: &Code) -> Self {
        let start = code.place(0);
        let breaks = code.text.match_indices('\n').map(|(at, _)| start + at + 1);
        Self { lines: std::iter::once(start).chain(breaks).collect(), end: start + code.text.len() }
    }

    fn offset(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.end)
    }
}

struct Reader<'a, 'y> {
    state: &'a mut dyn FnMut(&Node<'y>, Fact),
    /// The entity and text of each rule under the key `rules`: a field that lists one of them again
    /// says nothing new, and would put it in another place of the order.
    stated_apart: BTreeSet<(String, String)>,
    /// What a deletion does, for each `Entity.field` that a relationship names: where an entity
    /// refers to another by two fields, the relationship alone would not tell which one it means.
    on_delete: BTreeMap<String, String>,
}

pub(crate) type Node<'y> = MarkedYaml<'y>;

impl<'y> Reader<'_, 'y> {
    fn state(&mut self, node: &Node<'y>, fact: Fact) {
        (self.state)(node, fact);
    }

    fn model(&mut self, root: &Node<'y>) {
        if let Some(name) = text(root, "project") {
            self.state(root, Fact::Project { name });
        }
        for entity in items(root, "entities") {
            self.entity(entity);
        }
        for node in items(root, "external_entities") {
            if let Some(name) = text(node, "name") {
                self.state(node, Fact::External { name });
            }
        }
        for node in items(root, "enums") {
            if let Some(name) = text(node, "name") {
                self.state(node, Fact::Enumeration { name, values: texts(node, "values") });
            }
        }
        for node in items(root, "relationships") {
            self.relationship(node);
        }
        for node in items(root, "lifecycles") {
            self.lifecycle(node);
        }
        for node in items(root, "aggregates") {
            if let Some(root) = text(node, "root") {
                self.state(node, Fact::Aggregate { root, members: texts(node, "members") });
            }
        }
        for node in items(root, "contexts") {
            if let Some(name) = text(node, "name") {
                let backend = text(node, "backend");
                self.state(
                    node,
                    Fact::Context { name, backend, entities: texts(node, "entities") },
                );
            }
        }
        for node in items(root, "rules") {
            if let Some(rule) = text(node, "text") {
                let fact = Fact::Rule {
                    entity: text(node, "entity"),
                    field: text(node, "field"),
                    text: rule,
                };
                self.state(node, fact);
            }
        }
        for node in items(root, "access_patterns") {
            self.pattern(node);
        }
        for node in items(root, "indexes") {
            if let Some(entity) = text(node, "entity") {
                let index = IndexFact {
                    entity,
                    name: text(node, "name"),
                    columns: texts(node, "columns"),
                    unique: flag(node, "unique") == Some(true),
                    method: text(node, "method"),
                    purpose: text(node, "purpose"),
                };
                self.state(node, Fact::Index(index));
            }
        }
        self.whole(root);
    }

    fn entity(&mut self, node: &Node<'y>) {
        let Some(name) = text(node, "name") else { return };
        let kind = match text(node, "kind").as_deref() {
            Some("value_object") => EntityKind::ValueObject,
            Some("join") => EntityKind::Join,
            _ => EntityKind::Entity,
        };
        let fact = EntityFact {
            name: name.clone(),
            kind,
            table: text(node, "table"),
            description: text(node, "description"),
        };
        self.state(node, Fact::Entity(fact));
        for field in items(node, "fields") {
            self.field(&name, field);
        }
        let key = texts(node, "primary_key");
        if !key.is_empty() {
            self.state(node, Fact::PrimaryKey { entity: name.clone(), fields: key });
        }
        for unique in items(node, "unique") {
            let fact = Fact::Unique {
                entity: name.clone(),
                fields: texts(unique, "fields"),
                condition: text(unique, "condition"),
                text: text(unique, "text"),
            };
            self.state(unique, fact);
        }
    }

    fn field(&mut self, entity: &str, node: &Node<'y>) {
        let Some(name) = text(node, "name") else { return };
        let field = FieldFact {
            type_text: text(node, "type")
                .and_then(|kind| type_words(&kind))
                .or_else(|| text(node, "type_text")),
            required: flag(node, "required"),
            is_unmarked: flag(node, "marked") == Some(false),
            unique: flag(node, "unique").filter(|unique| *unique),
            primary_key: flag(node, "primary_key").filter(|key| *key),
            default: text(node, "default"),
            enum_values: texts(node, "enum_values"),
            references: text(node, "references")
                .and_then(|target| modifier::reference_target(&target).map(|(target, _)| target))
                .map(|target| ReferenceFact {
                    on_delete: self.on_delete.get(&format!("{entity}.{name}")).cloned(),
                    ..target
                }),
            constraints: texts(node, "rules")
                .into_iter()
                .filter(|rule| !self.stated_apart.contains(&(entity.to_owned(), rule.clone())))
                .collect(),
            description: text(node, "description"),
            name: name.clone(),
        };
        self.state(node, Fact::Field { entity: entity.to_owned(), field });
        if let Some(unit) = text(node, "unit") {
            let fact = Fact::Unit { entity: entity.to_owned(), field: name.clone(), unit };
            self.state(node, fact);
        }
        if let Some(category) = text(node, "sensitivity") {
            self.state(
                node,
                Fact::Sensitivity { entity: entity.to_owned(), field: name, category },
            );
        }
    }

    fn relationship(&mut self, node: &Node<'y>) {
        let (Some(from), Some(to)) = (text(node, "from"), text(node, "to")) else { return };
        let cardinality = match text(node, "cardinality").as_deref() {
            Some("1:1") => Some("1:1"),
            Some("1:N") => Some("1:N"),
            Some("N:M") => Some("N:M"),
            _ => None,
        };
        let fact = RelationshipFact {
            from,
            to,
            cardinality,
            from_required: flag(node, "from_required"),
            to_required: flag(node, "to_required"),
            on_delete: text(node, "on_delete"),
            through: text(node, "through"),
            label: text(node, "label"),
        };
        self.state(node, Fact::Relationship(fact));
    }

    fn lifecycle(&mut self, node: &Node<'y>) {
        let Some(entity) = text(node, "entity") else { return };
        let field = text(node, "field");
        let fact = Fact::Lifecycle {
            entity: entity.clone(),
            field: field.clone(),
            states: texts(node, "states"),
            initial: text(node, "initial"),
        };
        self.state(node, fact);
        // A life cycle whose first state is left open on purpose may begin in any.
        let is_open = node.get("initial").is_some_and(|initial| initial.data.is_null());
        // Steps that are only told of leave room for others.
        let is_whole = |step: &Node<'y>| text(step, "origin").as_deref() != Some("inferred");
        if is_open && items(node, "transitions").any(is_whole) {
            for state in texts(node, "states") {
                let fact = Fact::Lifecycle {
                    entity: entity.clone(),
                    field: field.clone(),
                    states: Vec::new(),
                    initial: Some(state),
                };
                self.state(node, fact);
            }
        }
        for transition in items(node, "transitions") {
            let (Some(from), Some(to)) = (text(transition, "from"), text(transition, "to")) else {
                continue;
            };
            let fact = Fact::Transition {
                entity: entity.clone(),
                field: field.clone(),
                from,
                to,
                on: text(transition, "on"),
            };
            self.state(transition, fact);
        }
    }

    fn pattern(&mut self, node: &Node<'y>) {
        let Some(all) = text(node, "text").or_else(|| text(node, "name")) else { return };
        // A long text goes by a part of it.
        let cut = text(node, "name").and_then(|name| cut_to(&all, &name));
        let (name, title) = match cut {
            Some(name) => (name, Some(all)),
            None => (all, None),
        };
        let mut filter: Vec<FilterFact> = items(node, "conditions").filter_map(condition).collect();
        // The conditions tell of each field that is known; the others stand in the list alone.
        for field in texts(node, "filter") {
            let named = field.rsplit('.').next().map(crate::words::fold).unwrap_or_default();
            let known = filter.iter().any(|condition| {
                let known = condition.field.rsplit('.').next().map(crate::words::fold);
                // A reference may go by its role.
                known.is_some_and(|known| known == named || known == format!("{named}id"))
            });
            // "date range" stands for the field of a condition that is a range.
            let is_group = texts(node, "groups").iter().any(|group| {
                let known = group.rsplit(['.', ' ']).next().map(crate::words::fold);
                known.is_some_and(|known| known == named || known == format!("{named}id"))
            });
            let is_words = field.ends_with(" range")
                && filter.iter().any(|condition| condition.operator == FilterOperator::Range);
            if !known && !is_group && !is_words {
                filter.push(FilterFact {
                    field,
                    operator: FilterOperator::Equals,
                    optional: false,
                });
            }
        }
        let kind = if text(node, "kind").as_deref() == Some("write") {
            AccessKind::Write
        } else {
            AccessKind::Read
        };
        let fact = PatternFact {
            name,
            title,
            kind,
            entity: text(node, "entity"),
            joins: texts(node, "joins"),
            filter,
            measures: texts(node, "measures"),
            groups: texts(node, "groups"),
            sort: texts(node, "sort"),
            limit: number(node, "limit").and_then(|limit| format!("{limit:.0}").parse().ok()),
            pick: text(node, "pick").as_deref().and_then(Pick::of),
            form: text(node, "form").as_deref().and_then(WriteForm::of),
            frequency: text(node, "frequency"),
            per_second: number(node, "per_second"),
            latency_ms: number(node, "latency_ms"),
            staleness_s: number(node, "staleness_s"),
            sql: text(node, "sql"),
            said: None,
            unread: texts(node, "unread"),
        };
        self.state(node, Fact::AccessPattern(fact));
    }
}

/// The words at the beginning of a text that a pattern's name is made of; nothing where it is made of all of them, or of others.
fn cut_to(text: &str, name: &str) -> Option<String> {
    // The number that tells a name from another is none of the text's.
    let bare = name.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('_');
    let of_words = |count: usize| {
        let front: Vec<&str> = text.split_whitespace().take(count).collect();
        front.join(" ")
    };
    let is_of = |count: &usize| {
        let slug = crate::words::lower_words(&of_words(*count).replace(['\'', '’'], "")).join("_");
        slug == name || slug == bare
    };
    let count = (1..text.split_whitespace().count()).find(is_of)?;
    Some(of_words(count).trim_end_matches([',', '.', ':', ';']).to_owned())
}

/// The file's words for a type, in words that documents use for the same.
fn type_words(kind: &str) -> Option<String> {
    if let Some(inner) = kind.strip_prefix("list of ") {
        return type_words(inner).map(|inner| format!("list of {inner}"));
    }
    let words = match kind {
        "unknown" => return None,
        "integer(16)" => "smallint",
        "integer(32)" => "integer",
        "integer(64)" => "bigint",
        "counter(16)" => "smallserial",
        "counter(32)" => "serial",
        "counter(64)" => "bigserial",
        "ip_address" => "inet",
        other => match other.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')')) {
            // The name of a list of values; several are the values themselves.
            Some(name) if !name.contains([',', '|']) => name,
            Some(_) | None => other,
        },
    };
    Some(words.to_owned())
}

fn condition(node: &Node<'_>) -> Option<FilterFact> {
    let operator = match text(node, "operator").as_deref()? {
        "equals" => FilterOperator::Equals,
        "range" => FilterOperator::Range,
        "at_least" => FilterOperator::Bound(Bound::AtLeast),
        "more_than" => FilterOperator::Bound(Bound::MoreThan),
        "at_most" => FilterOperator::Bound(Bound::AtMost),
        "less_than" => FilterOperator::Bound(Bound::LessThan),
        "not_since" => FilterOperator::Bound(Bound::NotSince),
        "within" => FilterOperator::Window(Window::of(&text(node, "value")?)?),
        "in" => FilterOperator::In,
        "constant" => FilterOperator::Constant(text(node, "value").unwrap_or_default()),
        "one_of" => FilterOperator::OneOf(texts(node, "values")),
        "none_of" => FilterOperator::NoneOf(texts(node, "values")),
        "is_null" => FilterOperator::IsNull,
        "is_present" => FilterOperator::IsPresent,
        "search" => FilterOperator::Search,
        "begins" => FilterOperator::Begins,
        "part" => FilterOperator::Part,
        "contains" => FilterOperator::Contains,
        _ => return None,
    };
    let optional = flag(node, "optional").unwrap_or(false);
    Some(FilterFact { field: text(node, "field")?, operator, optional })
}

fn items<'n, 'y>(node: &'n Node<'y>, key: &str) -> impl Iterator<Item = &'n Node<'y>> {
    node.get(key).and_then(|node| node.data.as_sequence()).into_iter().flatten()
}

/// A scalar as text; `None` for null and for what is no scalar.
pub(crate) fn scalar(node: &Node<'_>) -> Option<String> {
    if let Some(text) = node.data.as_str() {
        return Some(text.to_owned());
    }
    if let Some(value) = node.data.as_bool() {
        return Some(value.to_string());
    }
    if let Some(value) = node.data.as_integer() {
        return Some(value.to_string());
    }
    node.data.as_floating_point().map(|value| value.to_string())
}

pub(crate) fn text(node: &Node<'_>, key: &str) -> Option<String> {
    scalar(node.get(key)?)
}

fn texts(node: &Node<'_>, key: &str) -> Vec<String> {
    items(node, key).filter_map(scalar).collect()
}

fn flag(node: &Node<'_>, key: &str) -> Option<bool> {
    node.get(key)?.data.as_bool()
}

fn number(node: &Node<'_>, key: &str) -> Option<f64> {
    text(node, key)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::notation::check_file;
    use expect_test::expect;

    #[test]
    fn the_contract_s_keys() {
        check_file(
            "underpin.yaml",
            "project: Shop\nentities:\n  - name: Order\n    kind: entity\n    fields:\n      - name: id\n        type: uuid\n        required: true\n        primary_key: true\n      - name: user_id\n        type: uuid\n        references: User.id\n        origin: assumed\n        reason: no document says so\n    primary_key: [id]\nrelationships:\n  - {from: User, to: Order, cardinality: '1:N', from_required: true}\nlifecycles:\n  - entity: Order\n    field: status\n    states: [a, b]\n    initial: a\n    transitions:\n      - {from: a, to: b}\naccess_patterns:\n  - name: list\n    kind: read\n    entity: Order\n    filter: [user_id]\n    latency_ms: 5\n",
            &expect![[r#"
                1 model-file  project Shop
                3 model-file  entity Order
                3 model-file  primary key Order (id)
                6 model-file  field Order.id uuid primary key required
                10 model-file  field Order.user_id uuid -> User.id [assumed: no document says so]
                17 model-file  relationship User 1:N Order from:required
                19 model-file  life cycle Order.status: a | b from a
                24 model-file  transition Order.status: a -> b
                26 model-file  read "list" of Order by user_id = ? within 5 ms
            "#]],
        );
    }

    #[test]
    fn what_the_file_says_in_words_of_its_own() {
        check_file(
            "underpin.yaml",
            "entities:\n- name: Order\n  fields:\n  - {name: id, type: counter(64)}\n  - {name: rank, type: integer(16)}\n  - {name: kinds, type: list of enum(Kind)}\n  - {name: seen, type: unknown, type_text: uint}\n  - {name: user_id, type: uuid, references: User.id}\n  - {name: total, type: integer(32), rules: ['apart', 'only here']}\n  unique:\n  - {fields: [id, rank], condition: null, text: one rank each}\nrules:\n- {entity: Order, field: total, text: apart}\nrelationships:\n- {from: User, to: Order, cardinality: '1:N', on_delete: cascade, field: Order.user_id}\nlifecycles:\n- entity: Order\n  field: status\n  states: [a, b]\n  initial: null\n  transitions:\n  - {from: a, to: b}\naccess_patterns:\n- name: list\n  entity: Order\n  conditions:\n  - {field: Order.rank, operator: at_least}\n  - {field: Order.rank, operator: more_than}\n  - {field: Order.rank, operator: at_most}\n  - {field: Order.rank, operator: less_than}\n  - {field: Order.rank, operator: range}\n  filter: [date range]\n",
            &expect![[r#"
                2 model-file  entity Order
                4 model-file  field Order.id bigserial
                5 model-file  field Order.rank smallint
                6 model-file  field Order.kinds list of Kind
                7 model-file  field Order.seen uint
                8 model-file  field Order.user_id uuid -> User.id on delete cascade
                9 model-file  field Order.total integer {only here}
                11 model-file  unique Order (id, rank)
                13 model-file  rule Order.total: apart
                15 model-file  relationship User 1:N Order on delete cascade
                17 model-file  life cycle Order.status: a | b
                17 model-file  life cycle Order.status from a
                17 model-file  life cycle Order.status from b
                22 model-file  transition Order.status: a -> b
                24 model-file  read "list" of Order by Order.rank >= ?, Order.rank > ?, Order.rank <= ?, Order.rank < ?, Order.rank range
            "#]],
        );
    }

    #[test]
    fn what_is_no_model_is_refused_with_its_line() {
        check_file(
            "underpin.yaml",
            "entities:\n  - name: [\n",
            &expect![[r#"
            3 R008 the model file is not valid YAML: while parsing a node, did not find expected node content
        "#]],
        );
        check_file(
            "underpin.yaml",
            "- 1\n",
            &expect![[r#"
            1 R008 the model file is no mapping with the key `entities`
        "#]],
        );
        check_file(
            "underpin.yaml",
            &"[".repeat(100_000),
            &expect![[r#"
            1 R008 the model file is nested too deeply to be a model
        "#]],
        );
    }
}
