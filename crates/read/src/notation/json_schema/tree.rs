//! A block of JSON or YAML as a tree, and the schemas that it names.

use std::ops::Range;

use indexmap::IndexMap;

use crate::document::{BlockKind, Code, Document};
use crate::notation::code::untagged_with;
use crate::yaml::{self, Node, Refusal};

/// What the text of a block says that it is, before it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// An OpenAPI or Swagger document, or a JSON Schema that says so itself.
    Surely,
    /// It has the words of a schema, as records and configuration may too.
    Perhaps,
    /// Anything else that is written as JSON or YAML.
    Other,
}

/// Whether a block is JSON or YAML, and what it looks like.
pub(crate) fn looks(code: &Code) -> Option<Looks> {
    let is_meant =
        matches!(
            code.language.as_str(),
            "json" | "jsonc" | "json5" | "yaml" | "yml" | "jsonschema" | "json-schema" | "openapi"
        ) || untagged_with(code, &["openapi:", "swagger:", "\"openapi\"", "\"$schema\""]);
    if !is_meant {
        return None;
    }
    let text = &code.text;
    if says_schema(text) {
        return Some(Looks::Surely);
    }
    let has = |word: &str| text.contains(word);
    let is_schema = has("properties") && has("type") || has("schemas") || has("$ref");
    Some(if is_schema { Looks::Perhaps } else { Looks::Other })
}

/// Whether a text says itself that it is a schema or describes an interface.
pub(crate) fn says_schema(text: &str) -> bool {
    let begins = |key: &str| {
        text.split('\n').take(60).any(|line| {
            let line = line.trim_start_matches(['{', ' ', '\t', '\'', '"']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['\'', '"', ' ']).starts_with(':'))
        })
    };
    begins("openapi") || begins("swagger") || text.contains("json-schema.org/")
}

/// Parses a block. Tabs are no indentation in YAML, but JSON may use them.
pub(crate) fn parse(code: &Code) -> Result<Node, Refusal> {
    let text = code.text.trim_end_matches(['\n', '\r', ' ']);
    if is_json(code) {
        yaml::parse_foreign(&text.replace('\t', " "))
    } else {
        let text =
            text.strip_suffix("\n---").or_else(|| text.strip_suffix("\n...")).unwrap_or(text);
        yaml::parse_foreign(text)
    }
}

pub(crate) fn is_json(code: &Code) -> bool {
    code.text.trim_start().starts_with(['{', '['])
}

/// The blocks of a document that are JSON or YAML.
pub(crate) fn blocks<'d>(
    document: &'d Document<'_>,
) -> impl Iterator<Item = (usize, &'d Code, Looks)> {
    document.blocks.iter().enumerate().filter_map(|(index, block)| match &block.kind {
        BlockKind::Code(code) => looks(code).map(|looks| (index, code, looks)),
        BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::List(_) => None,
    })
}

/// A schema with its name and its places in the block.
#[derive(Debug, Clone)]
pub(crate) struct Named<'n> {
    pub(crate) name: String,
    pub(crate) node: &'n Node,
    /// The key that names it, or its first line.
    pub(crate) head: Range<usize>,
    pub(crate) range: Range<usize>,
}

/// The schemas of a block.
#[derive(Debug, Default)]
pub(crate) struct Schemas<'n> {
    pub(crate) named: IndexMap<String, Named<'n>>,
    /// The one that the block is itself, under its title.
    pub(crate) root: Option<&'n Node>,
}

impl<'n> Schemas<'n> {
    pub(crate) fn of(root: &'n Node) -> Self {
        let mut schemas = Self::default();
        let components = root.get("components").unwrap_or(root);
        for place in ["schemas", "definitions", "$defs"] {
            for node in [components.get(place), root.get(place)].into_iter().flatten() {
                schemas.add(node);
            }
        }
        if is_object(root) {
            schemas.root = Some(root);
        }
        // A piece of a document: each key names a schema.
        let pairs = root.pairs();
        if schemas.named.is_empty()
            && schemas.root.is_none()
            && pairs.iter().all(|(_, node)| is_schema(node))
            && pairs.iter().any(|(_, node)| is_object(node))
        {
            schemas.add(root);
        }
        schemas
    }

    fn add(&mut self, node: &'n Node) {
        for (key, schema) in node.pairs() {
            let Some(name) = key.text() else { continue };
            if schema.pairs().is_empty() || name.starts_with("x-") {
                continue;
            }
            let named = Named {
                name: name.to_owned(),
                node: schema,
                head: key.range.clone(),
                range: key.range.start..schema.range.end,
            };
            self.named.entry(name.to_owned()).or_insert(named);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.root.is_none()
    }

    /// The schema that a `$ref` names, where it is one of these.
    pub(crate) fn target(&self, reference: &str) -> Option<&Named<'n>> {
        self.named.get(reference_name(reference))
    }
}

/// The last part of `#/components/schemas/Order`, `order.schema.json`, `./Order.yaml#/Order`.
pub(crate) fn reference_name(reference: &str) -> &str {
    let last = reference.trim_end_matches(['#', '/']).rsplit(['/', '#']).next().unwrap_or_default();
    let last = last.split(".schema.").next().unwrap_or(last);
    ["json", "yaml", "yml"]
        .iter()
        .find_map(|end| last.strip_suffix(end)?.strip_suffix('.'))
        .unwrap_or(last)
}

/// An object whose properties are schemas.
fn is_object(node: &Node) -> bool {
    let of = |node: &Node| {
        node.get("properties").is_some_and(|properties| {
            let pairs = properties.pairs();
            !pairs.is_empty() && pairs.iter().all(|(_, node)| is_schema(node))
        })
    };
    of(node) || node.get("allOf").is_some_and(|all| all.items().iter().any(of))
}

/// A mapping with at least one word of the language.
fn is_schema(node: &Node) -> bool {
    const WORDS: [&str; 12] = [
        "type",
        "$ref",
        "properties",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
        "items",
        "format",
        "const",
        "description",
        "bsonType",
    ];
    WORDS.iter().any(|word| node.get(word).is_some())
}
