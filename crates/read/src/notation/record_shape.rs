//! Things with their fields as YAML or JSON trees that are no JSON Schema: `Order: { fields: … }`, `entities: [{ name: … }]`,
//! Avro records.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::code::{Place, place_of};
use crate::notation::json_schema::tree::{self, Looks};
use crate::notation::mermaid_er::relationship;
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, bullet_fields, entity_fact};
use crate::words::{fold, is_identifier};
use crate::yaml::Node;
use crate::{Fact, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "YAML or JSON trees of things with their fields: `Order: { fields: { id: uuid } }`, \
     `entities: [{ name: Order, fields: [{ name: id, type: uuid }] }]`, Avro records.";

/// Keys over several things.
const COLLECTIONS: &[&str] = &["entities", "models", "tables", "collections", "schema", "types"];

/// Keys over the fields of one.
const FIELDS: &[&str] = &["fields", "columns", "attributes", "properties", "props"];

/// Keys over what one has to do with others.
const RELATIONS: &[&str] = &["relationships", "relations", "associations"];

/// A thing of a tree.
struct Shape<'n> {
    name: String,
    head: Range<usize>,
    fields: Vec<(FieldFact, Range<usize>)>,
    relations: Option<&'n Node>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (block, code, looks) in tree::blocks(document) {
        let place = document.blocks[block].range.clone();
        if looks == Looks::Surely
            || !out.is_open(document, place.start)
            || place_of(document, block) == Place::Passing
        {
            continue;
        }
        let Ok(root) = tree::parse(code) else { continue };
        let shapes = shapes(&root);
        for shape in &shapes {
            if out.known.get(&shape.name).is_none() {
                let span = document.code_span(code, shape.head.clone());
                out.state(document, span, entity_fact(&shape.name));
            }
        }
        for shape in shapes {
            state(document, code, shape, out);
        }
    }
}

fn state(document: &Document<'_>, code: &Code, shape: Shape<'_>, out: &mut Output) {
    let Some(entity) = out.known.get(&shape.name).map(str::to_owned) else { return };
    for (field, at) in shape.fields {
        let fact = Fact::Field { entity: entity.clone(), field };
        out.state(document, document.code_span(code, at), fact);
    }
    let items = shape.relations.into_iter().flat_map(Node::items);
    for (verb, target) in items.flat_map(Node::pairs) {
        let (Some(word), Some(name)) = (verb.text(), target.text()) else { continue };
        let Some(other) = out.known.get(name).map(str::to_owned) else { continue };
        let (left, right) = match fold(word).as_str() {
            "belongsto" | "manytoone" => (MANY, ONE),
            "hasmany" | "onetomany" => (ONE, MANY),
            "hasone" | "onetoone" => (ONE, ONE),
            "manytomany" | "hasandbelongstomany" => (MANY, MANY),
            _ => continue,
        };
        let fact = relationship(entity.clone(), left, other, right, None);
        let span = document.code_span(code, verb.range.start..target.range.end);
        out.state(document, span, Fact::Relationship(fact));
    }
}

fn shapes(root: &Node) -> Vec<Shape<'_>> {
    let is_record = |node: &&Node| node.get("type").and_then(Node::text) == Some("record");
    let records: Vec<&Node> = match root.items() {
        [] => vec![root],
        items => items.iter().collect(),
    };
    let avro: Vec<Shape<'_>> =
        records.into_iter().filter(is_record).filter_map(|it| described(it, None)).collect();
    if !avro.is_empty() {
        return avro;
    }
    let collection = root.pairs().iter().find(|(key, _)| {
        key.text().is_some_and(|key| COLLECTIONS.contains(&key.to_lowercase().as_str()))
    });
    if let Some((_, things)) = collection {
        let items = things.items().iter().filter_map(|it| described(it, None));
        let named = things
            .pairs()
            .iter()
            .filter_map(|(key, it)| described(it, Some(key)).or_else(|| bare(key, it)));
        return items.chain(named).collect();
    }
    let of = |(key, it): &'_ (Node, Node)| -> bool {
        let name = key.text().unwrap_or_default();
        name.starts_with(char::is_uppercase) && (fields_of(it).is_some() || types_of(it).is_some())
    };
    // Beside things, a piece of a tree holds nothing else.
    if root.pairs().is_empty() || !root.pairs().iter().all(of) {
        return Vec::new();
    }
    let pairs = root.pairs().iter();
    pairs.filter_map(|(key, it)| described(it, Some(key)).or_else(|| bare(key, it))).collect()
}

/// A thing that says which of its keys hold its fields.
fn described<'n>(node: &'n Node, key: Option<&'n Node>) -> Option<Shape<'n>> {
    let named =
        || ["name", "entity", "table", "model", "collection"].iter().find_map(|it| node.get(it));
    let name = key.or_else(named)?;
    let fields = fields_of(node)?;
    let text = name.text().filter(|it| is_identifier(it))?;
    let relations = RELATIONS.iter().find_map(|it| node.get(it));
    Some(Shape { name: text.to_owned(), head: name.range.clone(), fields, relations })
}

/// A thing whose keys are its fields: `Order: { id: uuid, total: decimal }`.
fn bare<'n>(key: &'n Node, node: &'n Node) -> Option<Shape<'n>> {
    let name = key.text().filter(|it| is_identifier(it))?;
    let fields = types_of(node)?;
    Some(Shape { name: name.to_owned(), head: key.range.clone(), fields, relations: None })
}

fn fields_of(node: &Node) -> Option<Vec<(FieldFact, Range<usize>)>> {
    let fields = FIELDS.iter().find_map(|key| node.get(key))?;
    let named = fields.pairs().iter().filter_map(|(key, it)| field(key.text()?, Some(it), key, it));
    let listed = fields.items().iter().filter_map(|it| match (it.get("name"), it.pairs()) {
        (Some(name), _) => field(name.text()?, Some(it), it, it),
        (None, [(key, kind)]) => field(key.text()?, Some(kind), key, kind),
        (None, _) => field(it.text()?, None, it, it),
    });
    let found: Vec<_> = named.chain(listed).collect();
    (!found.is_empty()).then_some(found)
}

/// The fields of a node of which each value is a type, two or more.
fn types_of(node: &Node) -> Option<Vec<(FieldFact, Range<usize>)>> {
    let is_type = |it: &Node| it.text().is_some_and(modifier::is_scalar);
    let pairs = node.pairs();
    let typed = pairs.iter().filter(|(_, it)| is_type(it)).count();
    if pairs.len() < 2 || typed * 10 < pairs.len() * 6 {
        return None;
    }
    pairs.iter().map(|(key, it)| field(key.text()?, Some(it), key, it)).collect()
}

/// A field with what its node says of it.
fn field(
    name: &str,
    said: Option<&Node>,
    from: &Node,
    to: &Node,
) -> Option<(FieldFact, Range<usize>)> {
    if !is_identifier(name) {
        return None;
    }
    let at = from.range.start..to.range.end.max(from.range.end);
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    let Some(said) = said else { return Some((field, at)) };
    if let Some(text) = said.text() {
        if text == name {
            return Some((field, at));
        }
        let (_, read) = bullet_fields::field(&format!("`{name}`: {text}"), true)?;
        return Some((FieldFact { name: name.to_owned(), ..read }, at));
    }
    let text = |key: &str| said.get(key).and_then(Node::text);
    let is = |keys: &[&str]| {
        let value = keys.iter().find_map(|key| text(key))?;
        Some(matches!(value.to_lowercase().as_str(), "true" | "yes"))
    };
    let kind = said.get("type");
    if let Some(kind) = kind.and_then(Node::text) {
        modifier::read_into(kind, true, &mut field);
    }
    // Avro: `["null", "string"]` may be absent.
    let kinds: Vec<&str> = kind.into_iter().flat_map(Node::items).filter_map(Node::text).collect();
    let has_null = kind.is_some_and(|kind| {
        kind.items().iter().any(|it| it.is_null() || it.text() == Some("null"))
    });
    if let Some(kind) = kinds.into_iter().find(|kind| *kind != "null") {
        field.type_text = Some(kind.to_owned());
        field.required = Some(!has_null);
    }
    if let Some(inner) = kind.filter(|kind| !kind.pairs().is_empty()) {
        inner_kind(inner, &mut field);
    }
    if let Some(required) =
        is(&["required"]).or_else(|| is(&["nullable", "optional", "null"]).map(|it| !it))
    {
        field.required = Some(required);
    }
    if is(&["unique"]) == Some(true) {
        field.unique = Some(true);
    }
    if is(&["primary_key", "primaryKey", "primary", "pk"]) == Some(true) {
        field.primary_key = Some(true);
    }
    let values = ["enum", "values", "options", "symbols"].iter().find_map(|key| said.get(key));
    let values = values.into_iter().flat_map(Node::items).filter_map(Node::text);
    let values: Vec<String> = values.map(str::to_owned).collect();
    if values.len() > 1 {
        field.enum_values = values;
    }
    if let Some(default) = text("default") {
        field.default = Some(default.to_owned());
    }
    let target =
        ["references", "ref", "foreign_key", "fk", "target"].iter().find_map(|key| text(key));
    if let Some(target) = target {
        let (entity, key) =
            target.split_once('.').map_or((target, None), |(entity, key)| (entity, Some(key)));
        field.references = is_identifier(entity).then(|| ReferenceFact {
            entity: entity.to_owned(),
            field: key.map(str::to_owned),
            on_delete: text("on_delete").or_else(|| text("onDelete")).map(str::to_lowercase),
        });
    }
    field.description = text("description").or_else(|| text("doc")).map(str::to_owned);
    Some((field, at))
}

/// Avro's types that are trees: `{ "type": "enum", "symbols": [] }`, `{ "type": "long", "logicalType": "timestamp-millis" }`.
fn inner_kind(kind: &Node, field: &mut FieldFact) {
    let text = |key: &str| kind.get(key).and_then(Node::text);
    field.type_text = match (text("logicalType"), text("type")) {
        (Some(logical), _) if logical.starts_with("timestamp") => Some("timestamp".to_owned()),
        (Some(logical @ ("date" | "uuid" | "decimal")), _) => Some(logical.to_owned()),
        (_, Some("array")) => text("items").map(|items| format!("{items}[]")),
        (_, Some("record" | "map")) => Some("json".to_owned()),
        (_, other) => other.map(str::to_owned),
    };
    let symbols = kind.get("symbols").into_iter().flat_map(Node::items).filter_map(Node::text);
    let symbols: Vec<String> = symbols.map(str::to_owned).collect();
    if symbols.len() > 1 {
        field.enum_values = symbols;
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn trees_of_things() {
        check(
            "# Fleet\n\n```yaml\nTruck:\n  fields:\n    id: uuid\n    plate: string, unique\n    note: string?\n    depot: Depot\n  relationships:\n    - belongs_to: Depot\nDepot:\n  id: uuid\n  city: string\n```\n\n```yaml\nentities:\n  - name: Trip\n    fields:\n      - name: id\n        type: uuid\n        primary_key: true\n      - name: state\n        type: enum\n        values: [open, done]\n        required: true\n      - name: truck_id\n        type: uuid\n        references: Truck.id\n      - starts_at: timestamp\n```\n\n```json\n{\"type\":\"record\",\"name\":\"Ping\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}]}\n```\n",
            &expect![[r#"
                4 record-shape  entity Truck
                6 record-shape  field Truck.id uuid
                7 record-shape  field Truck.plate string unique
                8 record-shape  field Truck.note string optional
                9 record-shape  field Truck.depot Depot
                11 record-shape  relationship Depot 1:N Truck
                12 record-shape  entity Depot
                13 record-shape  field Depot.id uuid
                14 record-shape  field Depot.city string
                19 record-shape  entity Trip
                21 record-shape  field Trip.id uuid primary key
                24 record-shape  field Trip.state enum required [open | done]
                28 record-shape  field Trip.truck_id uuid -> Truck.id
                31 record-shape  field Trip.starts_at timestamp
                35 record-shape  entity Ping
                35 record-shape  field Ping.id string
                35 record-shape  field Ping.at timestamp
                35 record-shape  field Ping.note string optional
            "#]],
        );
    }

    #[test]
    fn trees_of_other_things() {
        check(
            "# Fleet\n\n```yaml\nservices:\n  db:\n    image: postgres\n    ports: [5432]\n```\n\n```yaml\nServer:\n  port: 80\n  host: example.org\nLog:\n  level: debug\n```\n\n## API\n\n```yaml\nTruck:\n  fields:\n    id: uuid\n    plate: string\n```\n",
            &expect![[r#""#]],
        );
    }
}
