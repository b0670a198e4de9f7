//! Whether a draft has the form that [`form`](super::form) describes.

use saphyr::{Scalar, YamlData};
use underpin_base::{Diagnostic, DocumentId, Sources, Span};

use super::form::{Key, Shape, Value};
use crate::code;
use crate::notation::model_file::{Node, scalar};

/// So many mistakes of form are listed; the rest of such a draft is no better.
const MOST: usize = 20;

/// Where the nodes of a draft stand in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) sources: &'a Sources,
    pub(super) document: DocumentId,
}

impl Places<'_> {
    /// The place of a node, to the end of its first line.
    pub(super) fn of(&self, node: &Node<'_>) -> Span {
        let (start, end) = (node.span.start, node.span.end);
        self.at(start.line(), start.col(), (start.line() == end.line()).then_some(end.col()))
    }

    /// A place by line (from 1) and columns (from 0, in characters).
    pub(super) fn at(&self, line: usize, from: usize, to: Option<usize>) -> Span {
        let document = self.sources.get(self.document);
        let range = document.line_range(line.saturating_sub(1));
        let text = &document.text()[range.clone()];
        let offset =
            |column| text.char_indices().nth(column).map_or(text.len(), |(offset, _)| offset);
        let start = offset(from);
        let end = to.map_or(text.len(), offset).max(start);
        let content = text[start..end].trim_end().len();
        Span::new(self.document, range.start + start..range.start + start + content)
    }
}

/// What is wrong with the form of a mapping and of all in it.
pub(super) fn check(root: &Node<'_>, shape: &Shape, places: Places<'_>) -> Vec<Diagnostic> {
    let mut checker = Checker { places, found: Vec::new() };
    checker.mapping(root, shape, "");
    checker.found
}

pub(super) fn refuse(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(code::DRAFT_FORM, message).at(span, "")
}

struct Checker<'a> {
    places: Places<'a>,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn refuse(&mut self, message: String, node: &Node<'_>, help: String) {
        if self.found.len() < MOST {
            self.found.push(refuse(message, self.places.of(node)).help(help));
        }
    }

    fn mapping(&mut self, node: &Node<'_>, shape: &Shape, path: &str) {
        let Some(mapping) = node.data.as_mapping() else {
            let message = format!("{} is a mapping, and `{path}` is {}", shape.name, kind_of(node));
            return self.refuse(message, node, keys_of(shape));
        };
        for (name, value) in mapping {
            let text = scalar(name).unwrap_or_default();
            match shape.keys.iter().find(|key| key.name == text) {
                Some(key) => self.value(value, key, &join(path, &text)),
                None => {
                    let near = nearest(&text, shape);
                    let message = format!("`{text}` is no key of {}", shape.name);
                    let help = near
                        .map_or_else(|| keys_of(shape), |near| format!("did you mean `{near}`?"));
                    self.refuse(message, name, help);
                }
            }
        }
        for key in shape.keys.iter().filter(|key| key.required) {
            let there = mapping
                .iter()
                .any(|(name, value)| name.data.as_str() == Some(key.name) && !is_null(value));
            if !there {
                let message = format!("{} lacks the key `{}`", shape.name, key.name);
                self.refuse(message, node, format!("add it: {}", lower_first(key.doc)));
            }
        }
    }

    fn value(&mut self, node: &Node<'_>, key: &Key, path: &str) {
        if is_null(node) {
            return;
        }
        let fits = match key.value {
            Value::Text => scalar(node).is_some_and(|text| !text.trim().is_empty()),
            Value::Word(words) => scalar(node).is_some_and(|text| words.contains(&text.as_str())),
            Value::Flag => node.data.as_bool().is_some(),
            Value::Number => number(node).is_some_and(|number| number.is_finite() && number >= 0.0),
            Value::Whole => number(node).is_some_and(|number| {
                number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)
            }),
            Value::Texts => match node.data.as_sequence() {
                None => false,
                Some(items) => {
                    for item in items.iter().filter(|item| scalar(item).is_none()) {
                        let message =
                            format!("`{path}` is a list of texts, and this is {}", kind_of(item));
                        self.refuse(message, item, lower_first(key.doc));
                    }
                    true
                }
            },
            Value::One(shape) => return self.mapping(node, shape, path),
            Value::Several(shape) => match node.data.as_sequence() {
                None => false,
                Some(items) => {
                    for (at, item) in items.iter().enumerate() {
                        self.mapping(item, shape, &format!("{path}[{at}]"));
                    }
                    true
                }
            },
        };
        if !fits {
            let message =
                format!("`{path}` must be {}, and is {}", key.value.expected(), kind_of(node));
            self.refuse(message, node, lower_first(key.doc));
        }
    }
}

fn number(node: &Node<'_>) -> Option<f64> {
    if node.data.as_str().is_some() || node.data.as_bool().is_some() {
        return None;
    }
    scalar(node)?.parse().ok()
}

fn is_null(node: &Node<'_>) -> bool {
    node.data.is_null()
}

fn kind_of(node: &Node<'_>) -> String {
    match &node.data {
        YamlData::Mapping(_) => "a mapping".to_owned(),
        YamlData::Sequence(_) => "a list".to_owned(),
        YamlData::Value(Scalar::Null) => "nothing".to_owned(),
        YamlData::Value(Scalar::String(text)) if text.trim().is_empty() => "empty".to_owned(),
        YamlData::Value(_) | YamlData::Representation(..) => {
            let text: String = scalar(node).unwrap_or_default().chars().take(40).collect();
            format!("`{}`", text.replace(char::is_control, " "))
        }
        YamlData::Tagged(..) => "a value with a tag".to_owned(),
        YamlData::Alias(_) | YamlData::BadValue => "no value".to_owned(),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn keys_of(shape: &Shape) -> String {
    let keys: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
    format!("{} has the keys {}", shape.name, keys.join(", "))
}

/// The key that a writer may have meant.
fn nearest(text: &str, shape: &Shape) -> Option<&'static str> {
    let distance = |key: &Key| strsim::damerau_levenshtein(text, key.name);
    let near = shape.keys.iter().min_by_key(|key| distance(key))?;
    (distance(near) <= 2 && text.len() > 2).then_some(near.name)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
