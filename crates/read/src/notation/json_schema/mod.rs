//! JSON Schema, and the schemas of OpenAPI and Swagger documents.
//!
//! A schema with a key is an entity, one without a key that an entity holds is a value object, one that lists values is
//! an enumeration. An OpenAPI document describes messages, some of which are what is stored: those that only carry it
//! (requests, pages, errors, the forms in which it is created and changed) are set aside.

mod property;
mod stored;
pub(crate) mod tree;

use std::collections::BTreeSet;
use std::ops::Range;

use underpin_base::Diagnostic;

use crate::code;
use crate::document::{Code, Document};
use crate::notation::code::{Declared, Found, Member, Place, object_owner, place_of, settle};
use crate::notation::{Mark, Output};
use crate::words::fold;
use crate::yaml::Node;
use tree::{Looks, Named, Schemas};

pub(super) const DOC: &str =
    "JSON Schema, and the schemas of OpenAPI and Swagger documents, as JSON or YAML.";

/// Schemas that take over from each other deeper than this are read no further.
const DEEPEST: usize = 16;

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (block, code, looks) in tree::blocks(document) {
        let range = document.blocks[block].range.clone();
        if looks == Looks::Other {
            pass_over(document, &range, out);
            continue;
        }
        let root = match tree::parse(code) {
            Ok(root) => root,
            Err(refusal) if looks == Looks::Surely || is_file(document) => {
                let what = if tree::is_json(code) { "JSON" } else { "YAML" };
                let at = refusal.at.min(code.text.len().saturating_sub(1));
                let message = format!("this is no {what} that is read: {}", refusal.message);
                out.diagnostics.push(
                    Diagnostic::warning(code::SCHEMA_SYNTAX, message)
                        .at(document.code_span(code, at..at + 1), "")
                        .help("nothing in it reached the model; mend it, or leave it out"),
                );
                out.mark(document, range, Mark::SetAside);
                continue;
            }
            // A piece of a schema or a record, written for readers.
            Err(_) => continue,
        };
        let schemas = Schemas::of(&root);
        if schemas.is_empty() {
            if looks == Looks::Surely {
                set_aside(document, code, &root, &range, out);
            } else {
                pass_over(document, &range, out);
            }
            continue;
        }
        let mut reader = Reader {
            schemas: &schemas,
            collections: collections(&root),
            place: place_of(document, block),
            block,
            found: Found::default(),
            left_out: Vec::new(),
        };
        reader.all(document, code, out);
        let Reader { found, left_out, .. } = reader;
        if found.types.is_empty()
            && found.values.is_empty()
            && !is_file(document)
            && looks == Looks::Perhaps
        {
            // A message in a chapter about an interface: whoever reads records may look at it.
            continue;
        }
        settle(document, found, out);
        note(document, code, &left_out, out);
        set_aside(document, code, &root, &range, out);
    }
}

/// Whether the document is JSON or YAML as a whole.
pub(crate) fn is_file(document: &Document<'_>) -> bool {
    document.sections.is_empty() && document.blocks.len() == 1 && {
        let path = document.path().to_ascii_lowercase();
        [".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end))
    }
}

/// Says once of a file that it was understood to be something else.
fn pass_over(document: &Document<'_>, range: &Range<usize>, out: &mut Output) {
    if !is_file(document) || !out.is_open(document, range.start) {
        return;
    }
    out.mark(document, range.clone(), Mark::SetAside);
    say_other_file(document, out);
}

/// Says of a file that nothing in it is about stored data.
pub(crate) fn say_other_file(document: &Document<'_>, out: &mut Output) {
    let Some(block) = document.blocks.first() else { return };
    let message = format!("`{}` describes no data, so nothing in it was read", document.path());
    out.diagnostics.push(
        Diagnostic::note(code::OTHER_FILE, message)
            .at(document.span(block.range.start..block.range.start + 1), "")
            .help("of JSON and YAML, schemas, OpenAPI documents and our own model file are read"),
    );
}

/// Marks what says nothing of the data; the paths of an interface stay for their own notation.
fn set_aside(
    document: &Document<'_>,
    code: &Code,
    root: &Node,
    range: &Range<usize>,
    out: &mut Output,
) {
    match root.get("paths") {
        Some(paths) if !paths.pairs().is_empty() => {
            let paths = document.code_span(code, paths.range.clone()).range();
            out.mark(document, range.start..paths.start.max(range.start + 1) - 1, Mark::SetAside);
            if paths.end + 1 < range.end {
                out.mark(document, paths.end + 1..range.end, Mark::SetAside);
            }
        }
        _ => out.mark(document, range.clone(), Mark::SetAside),
    }
}

/// One note for all schemas that get no table.
fn note(
    document: &Document<'_>,
    code: &Code,
    left_out: &[(String, Range<usize>)],
    out: &mut Output,
) {
    const MOST: usize = 12;
    let Some((_, first)) = left_out.first() else { return };
    let names: Vec<String> =
        left_out.iter().take(MOST).map(|(name, _)| format!("`{name}`")).collect();
    let more = left_out.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let verb = if left_out.len() == 1 {
        "describes what is sent and gets no table"
    } else {
        "describe what is sent and get no tables"
    };
    let span = document.code_span(code, first.clone());
    out.diagnostics.push(
        Diagnostic::note(code::NOT_STORED, format!("{}{more} {verb}", names.join(", ")))
            .at(span, "")
            .help(
                "a schema that is stored has a key, and no name of a request, a response or a page",
            ),
    );
}

/// The collections of which a path names one row: `/orders/{id}`.
fn collections(root: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let paths = root.get("paths").map(Node::pairs).unwrap_or_default();
    for path in paths.iter().filter_map(|(path, _)| path.text()) {
        let segments: Vec<&str> = path.split('/').collect();
        for pair in segments.windows(2) {
            if pair[1].starts_with('{') && !pair[0].starts_with('{') && !pair[0].is_empty() {
                found.insert(fold(pair[0]));
            }
        }
    }
    found
}

struct Reader<'a> {
    schemas: &'a Schemas<'a>,
    collections: BTreeSet<String>,
    place: Place,
    block: usize,
    found: Found,
    /// Schemas that get no table.
    left_out: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn all(&mut self, document: &Document<'_>, code: &Code, out: &Output) {
        let mut names: BTreeSet<String> =
            self.schemas.named.keys().map(|name| fold(name)).collect();
        if let Some(root) = self.schemas.root {
            if let Some(name) = root_name(document, root, self.block, out) {
                names.insert(fold(&name));
                let first = code.text.find(['{', 't', '$']).unwrap_or(0);
                let head = root.get("title").map_or(first..first + 1, |title| title.range.clone());
                // Lines of the definitions are theirs.
                let named = Named { name, node: root, head: head.clone(), range: head };
                self.schema(&named, &names, true);
            }
        }
        for named in self.schemas.named.values() {
            self.schema(named, &names, false);
        }
        // What only messages hold has no table and no name in the model: it is kept as it comes.
        let kept: BTreeSet<String> = self.found.types.iter().map(|one| one.name.clone()).collect();
        for member in self.found.types.iter_mut().flat_map(|one| &mut one.members) {
            let Some(navigation) = &member.navigation else { continue };
            if !kept.contains(&navigation.target) {
                member.field.type_text = Some("json".to_owned());
                if self.schemas.named.contains_key(&navigation.target) {
                    member.navigation = None;
                }
            }
        }
    }

    fn schema(&mut self, named: &Named<'_>, names: &BTreeSet<String>, is_root: bool) {
        let listed = property::values(named.node);
        if !listed.is_empty() {
            self.found.enumeration(self.block, &named.name, listed, named.range.clone());
            return;
        }
        let mut members = Vec::new();
        let mut required = BTreeSet::new();
        self.gather(named.node, &mut Vec::new(), &mut members, &mut required);
        let properties: BTreeSet<String> = members.iter().map(|(name, _, _)| fold(name)).collect();
        let key = fold(&named.name) + "id";
        let has_key = ["id", "uuid", "_id"].iter().any(|name| properties.contains(&fold(name)))
            || properties.contains(&key);
        let is_row = self.collections.contains(&fold(&named.name));
        if members.is_empty() {
            self.found.others.push((self.block, named.range.clone()));
            return;
        }
        let plain: Vec<(&str, &Node)> =
            members.iter().map(|(name, node, _)| (name.as_str(), *node)).collect();
        let is_passing = stored::passing(&named.name, &properties, has_key, names).is_some()
            || !has_key && stored::is_envelope(&plain);
        if is_passing {
            self.left_out.push((named.name.clone(), named.head.clone()));
            self.found.others.push((self.block, named.range.clone()));
            return;
        }
        let mut declared =
            Declared::new(&named.name, self.block, named.head.clone(), named.range.clone());
        declared.description = property::text(named.node, "description")
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let says_required = !required.is_empty();
        for (name, node, at) in members {
            let mut property = property::read(&name, node, self.schemas);
            let server_sets = property::text(node, "readOnly") == Some("true");
            if property.field.required.is_none() {
                property.field.required = match required.contains(&name) {
                    true => Some(true),
                    // What the server sets is not asked of a caller, which says nothing of the row.
                    false if server_sets || !says_required => None,
                    false if matches!(name.as_str(), "id" | "_id" | "uuid") => None,
                    false => Some(false),
                };
            }
            // Only the lines of its own block are its own.
            let at =
                if named.range.contains(&at.start) || is_root { at } else { named.head.clone() };
            declared.members.push(Member {
                field: property.field,
                at,
                navigation: property.navigation,
            });
        }
        declared.is_marked = match self.place {
            Place::Passing => has_key && !is_root,
            Place::Unknown => has_key || is_row || is_root,
            Place::Stored => has_key || is_row || is_root,
        };
        self.found.types.push(declared);
    }

    /// The properties of a schema and of those that it is made of, each once.
    fn gather<'n>(
        &self,
        node: &'n Node,
        path: &mut Vec<String>,
        members: &mut Vec<(String, &'n Node, Range<usize>)>,
        required: &mut BTreeSet<String>,
    ) where
        Self: 'n,
    {
        if path.len() > DEEPEST {
            return;
        }
        for part in node.get("allOf").map(Node::items).unwrap_or_default() {
            if let Some(reference) = property::text(part, "$ref") {
                if let Some(target) = self.schemas.target(reference) {
                    if !path.contains(&target.name) {
                        path.push(target.name.clone());
                        self.gather(target.node, path, members, required);
                        path.pop();
                    }
                }
            } else {
                path.push(String::new());
                self.gather(part, path, members, required);
                path.pop();
            }
        }
        let list = node.get("required").map(Node::items).unwrap_or_default();
        required.extend(list.iter().filter_map(|name| name.text().map(str::to_owned)));
        for (key, property) in node.get("properties").map(Node::pairs).unwrap_or_default() {
            let Some(name) = key.text() else { continue };
            if name.starts_with("x-") || name.starts_with('$') {
                continue;
            }
            let at = key.range.start..property.range.end.max(key.range.end);
            match members.iter_mut().find(|(known, _, _)| known == name) {
                Some(known) => *known = (name.to_owned(), property, at),
                None => members.push((name.to_owned(), property, at)),
            }
        }
    }
}

/// What a schema that is a whole block describes: its title says it, its address, its file or the heading above.
fn root_name(document: &Document<'_>, root: &Node, block: usize, out: &Output) -> Option<String> {
    let short = |text: &str| {
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| !matches!(word.to_lowercase().as_str(), "schema" | "json" | "a" | "the"))
            .collect();
        (!words.is_empty() && words.len() <= 3).then(|| words.join(" "))
    };
    let title = property::text(root, "title").and_then(short);
    if !is_file(document) {
        let owner = object_owner(document, block, out).map(|title| title.name);
        return match place_of(document, block) {
            Place::Passing => None,
            Place::Unknown | Place::Stored => title.or(owner),
        };
    }
    let address = || {
        let id = property::text(root, "$id").or_else(|| property::text(root, "id"))?;
        short(tree::reference_name(id))
    };
    let file = || short(tree::reference_name(&document.path().replace('\\', "/")));
    title.or_else(address).or_else(file)
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, check_file};
    use expect_test::expect;

    #[test]
    fn openapi_schemas() {
        check_file(
            "api.yaml",
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    User:\n      type: object\n      description: Who buys\n      required: [id, email, status]\n      properties:\n        id: { type: string, format: uuid, readOnly: true }\n        email: { type: string, format: email, maxLength: 255 }\n        age: { type: integer, minimum: 0, maximum: 150, nullable: true }\n        status: { $ref: '#/components/schemas/Status' }\n        address: { $ref: '#/components/schemas/Address' }\n        manager: { oneOf: [{ $ref: '#/components/schemas/User' }, { type: 'null' }] }\n        orders: { type: array, items: { $ref: '#/components/schemas/Order' } }\n        tags: { type: array, items: { type: string } }\n        extra: { $ref: '#/components/schemas/Free' }\n        nick: { type: [string, 'null'], minLength: 2, x-faker: name }\n        seen: { type: string, format: date-time, readOnly: true }\n    Address: { type: object, properties: { street: { type: string } } }\n    Free: { type: object }\n    Status: { type: string, enum: [active, gone] }\n    NewOrder:\n      type: object\n      required: [total]\n      properties:\n        total: { type: number, exclusiveMinimum: true, minimum: 0, default: 1 }\n    Order:\n      allOf:\n        - $ref: '#/components/schemas/NewOrder'\n        - properties:\n            id: { type: integer, format: int64 }\n    OrderPage: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Order' } }, total: { type: integer } } }\n    CreateUserRequest: { type: object, properties: { id: { type: string } } }\n",
            &expect![[r#"
                4 json-schema  entity User -- Who buys
                9 json-schema  field User.id uuid required
                10 json-schema  field User.email varchar(255) required
                11 json-schema  field User.age integer optional {>= 0} {<= 150}
                12 json-schema  field User.status Status required [active | gone]
                13 json-schema  field User.address Address optional
                14 json-schema  field User.manager optional -> User
                15 json-schema  relationship User 1:N Order
                16 json-schema  field User.tags string[] optional
                17 json-schema  field User.extra json optional
                18 json-schema  field User.nick string optional {at least 2 characters}
                19 json-schema  field User.seen timestamp
                20 json-schema  value object Address
                20 json-schema  field Address.street string
                22 json-schema  enumeration Status: active | gone
                28 json-schema  entity Order
                28 json-schema  field Order.total decimal required default 1 {> 0}
                32 json-schema  field Order.id bigint
                23 R007 `NewOrder`, `OrderPage`, `CreateUserRequest` describe what is sent and get no tables
            "#]],
        );
    }

    #[test]
    fn json_schema_files() {
        check_file(
            "coupon.schema.json",
            "{\n\t\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\t\"title\": \"Coupon\",\n\t\"type\": \"object\",\n\t\"properties\": {\n\t\t\"code\": { \"type\": \"string\" },\n\t\t\"kind\": { \"enum\": [\"a\", \"b\"] },\n\t\t\"period\": { \"$ref\": \"#/$defs/period\" }\n\t},\n\t\"required\": [\"code\"],\n\t\"$defs\": {\n\t\t\"period\": { \"type\": \"object\", \"properties\": { \"from\": { \"type\": \"string\", \"format\": \"date\" } } }\n\t}\n}\n",
            &expect![[r#"
                3 json-schema  entity Coupon
                6 json-schema  field Coupon.code string required
                7 json-schema  field Coupon.kind enum optional [a | b]
                8 json-schema  field Coupon.period period optional
                12 json-schema  value object period
                12 json-schema  field period.from date
            "#]],
        );
    }

    #[test]
    fn fences_beside_other_records() {
        check(
            "# Data Model\n\n```json\n{ \"title\": \"Room\", \"type\": \"object\", \"properties\": { \"id\": { \"type\": \"integer\" }, \"name\": { \"type\": \"string\" } } }\n```\n\n## Seat\n\n```yaml\ntype: object\nproperties:\n  id:\n    type: integer\n```\n\n# API\n\n## Response\n\n```json\n{ \"type\": \"object\", \"properties\": { \"ok\": { \"type\": \"boolean\" } } }\n```\n\n```yaml\nport: 80\n```\n",
            &expect![[r#"
                4 json-schema  entity Room
                4 json-schema  field Room.id integer
                4 json-schema  field Room.name string
                10 json-schema  entity Seat
                12 json-schema  field Seat.id integer
            "#]],
        );
    }

    #[test]
    fn an_interface_of_which_nothing_is_stored_gets_one_note() {
        for text in [
            "openapi: 3.0.0\npaths: {}\n",
            "openapi: 3.0.0\npaths:\n  /health:\n    get: { summary: Liveness }\n",
        ] {
            check_file(
                "openapi.yaml",
                text,
                &expect![[r#"
                    1 R009 `openapi.yaml` describes no data, so nothing in it was read
                "#]],
            );
        }
    }

    #[test]
    fn other_files_get_one_note() {
        check_file(
            "docker-compose.yml",
            "services:\n  db:\n    image: postgres:16\n    x: &a 1\n",
            &expect![[r#"
                1 R009 `docker-compose.yml` describes no data, so nothing in it was read
            "#]],
        );
        check_file(
            "package.json",
            "{ \"name\": \"shop\", \"dependencies\": {} }\n",
            &expect![[r#"
            1 R009 `package.json` describes no data, so nothing in it was read
        "#]],
        );
    }

    #[test]
    fn what_cannot_be_parsed_is_shown_at_its_line() {
        check_file(
            "openapi.json",
            "{\n  \"openapi\": \"3.0.0\",\n  \"components\": {\n    \"schemas\": {\n      \"A\": ]\n    }\n  }\n}\n",
            &expect![[r#"
                5 R010 this is no JSON that is read: while parsing a node, did not find expected node content
            "#]],
        );
        let deep = format!("openapi: 3.0.0\nx: {}1{}\n", "[".repeat(5000), "]".repeat(5000));
        check_file(
            "openapi.yaml",
            &deep,
            &expect![[r#"
            2 R010 this is no YAML that is read: recursion limit exceeded
        "#]],
        );
    }

    #[test]
    fn of_two_schemas_of_one_name_the_first_counts() {
        check_file(
            "openapi.yaml",
            "openapi: 3.1.0\ncomponents:\n  schemas:\n    A: { properties: { id: { type: integer } } }\n    A: { properties: { id: { type: string } } }\n",
            &expect![[r#"
                4 json-schema  entity A
                4 json-schema  field A.id integer
            "#]],
        );
    }

    #[test]
    fn references_in_circles_end() {
        check_file(
            "openapi.yaml",
            "openapi: 3.1.0\ncomponents:\n  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/B' }], properties: { id: { type: integer }, me: { $ref: '#/components/schemas/C' } } }\n    B: { allOf: [{ $ref: '#/components/schemas/A' }] }\n    C: { $ref: '#/components/schemas/D' }\n    D: { $ref: '#/components/schemas/C' }\n",
            &expect![[r#"
                4 json-schema  entity A
                4 json-schema  field A.id integer
                4 json-schema  field A.me
                5 json-schema  entity B
                5 json-schema  field B.id integer
                5 json-schema  field B.me
            "#]],
        );
    }

    #[test]
    fn a_large_interface_is_read_in_linear_time() {
        use std::fmt::Write as _;
        let mut text = String::from("openapi: 3.0.0\ncomponents:\n  schemas:\n");
        let mut count = 0;
        while text.len() < 1_000_000 {
            let _ = writeln!(
                text,
                "    Thing{count}:\n      type: object\n      properties:\n        id: {{ type: integer }}\n        next: {{ $ref: '#/components/schemas/Thing{}' }}",
                count + 1
            );
            count += 1;
        }
        let mut sources = underpin_base::Sources::default();
        sources.add("openapi.yaml", &*text);
        let reading = crate::read(&sources);
        let entities = reading
            .statements
            .iter()
            .filter(|it| matches!(it.fact, crate::Fact::Entity(_)))
            .count();
        assert_eq!(entities, count);
    }

    #[test]
    fn limits_of_all_kinds() {
        check(
            "```json\n{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"Pump\", \"type\": \"object\", \"required\": [\"id\"], \"properties\": {\n\"id\": {\"type\": \"string\", \"format\": \"uuid\"},\n\"rate\": {\"type\": \"number\", \"enum\": [0, 2.6, 8.1]},\n\"step\": {\"type\": \"integer\", \"enum\": [1, 2]},\n\"code\": {\"type\": \"string\", \"pattern\": \"^[A-Z]+$\"},\n\"tags\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 1, \"maxItems\": 5, \"uniqueItems\": true},\n\"load\": {\"type\": \"integer\", \"exclusiveMinimum\": 0, \"multipleOf\": 5},\n\"kind\": {\"type\": \"string\", \"const\": \"pump\"}\n}}\n```\n",
            &expect![[r#"
                2 json-schema  entity Pump
                3 json-schema  field Pump.id uuid required
                4 json-schema  field Pump.rate decimal optional {CHECK (rate IN (0, 2.6, 8.1))}
                5 json-schema  field Pump.step integer optional {CHECK (step IN (1, 2))}
                6 json-schema  field Pump.code string optional {CHECK (code ~ '^[A-Z]+$')}
                7 json-schema  field Pump.tags string[] optional {CHECK (cardinality(tags) >= 1)} {CHECK (cardinality(tags) <= 5)} {must hold no value twice}
                8 json-schema  field Pump.load integer optional {> 0} {CHECK (load % 5 = 0)}
                9 json-schema  field Pump.kind string optional {must be 'pump'}
            "#]],
        );
    }
}
