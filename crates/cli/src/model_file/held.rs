//! The file as it lies in a folder: read with care, since a person may have written anything into it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use underpin_base::{Diagnostic, DocumentId, Sources, Span};
use underpin_model::Answer;
use underpin_read::yaml::{self, Node, Value};

use super::merge::Side;
use super::written::{self, ANSWERS, SOURCE};
use super::{MODEL_FILE, item, shape};
use crate::{codes, wire};

const RULES: &str = "rules";
const EXPRESSION: &str = "expression";
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// In bytes. We write some 5 kB for an entity, so that a model of documents that are read may be larger than any of them.
const LARGEST: u64 = 1_000_000_000;

/// The model file of a folder, as it was before this run.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
    /// Without a byte order mark.
    pub(crate) text: String,
    has_mark: bool,
}

impl Held {
    /// The file of a folder; none where there is none.
    pub(crate) fn of(folder: &Path) -> Result<Option<Self>, Box<Diagnostic>> {
        let path = folder.join(MODEL_FILE);
        let unread = |why: String| {
            Box::new(
                Diagnostic::error(
                    codes::UNREADABLE,
                    format!("`{}` cannot be read: {why}", path.display()),
                )
                .help("it may hold your edits, so nothing was written; mend it or move it away"),
            )
        };
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unread(error.to_string())),
            Ok(it) if !it.is_file() => return Err(unread("it is no file".to_owned())),
            Ok(it) if it.len() > LARGEST => {
                return Err(unread(format!("it has {} bytes, and no model has so many", it.len())));
            }
            Ok(_) => {}
        }
        let bytes = fs::read(&path).map_err(|error| unread(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| unread("it is not UTF-8".to_owned()))?;
        let has_mark = text.starts_with(BYTE_ORDER_MARK);
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).to_owned();
        Ok(Some(Self { path, text, has_mark }))
    }

    /// The same file with another text.
    pub(crate) fn with_text(&self, text: String) -> Self {
        Self { path: self.path.clone(), text, has_mark: self.has_mark }
    }

    /// The bytes to write for a new text: with the byte order mark that was there.
    pub(crate) fn bytes(&self, text: &str) -> Vec<u8> {
        let mark = if self.has_mark { BYTE_ORDER_MARK } else { "" };
        format!("{mark}{text}").into_bytes()
    }

    /// Whether nobody has changed the file since it was read.
    pub(crate) fn is_unchanged(&self) -> bool {
        fs::read(&self.path).is_ok_and(|now| now == self.bytes(&self.text))
    }
}

/// An expression that the file gives a rule and that Underpin, as far as the file tells, did not write there.
#[derive(Debug)]
pub(crate) struct GivenExpression {
    /// The line on which the rule begins, from 0.
    pub(crate) line: usize,
    /// Where the expression stands.
    pub(crate) range: Range<usize>,
    pub(crate) expression: String,
    /// Whether the rule's words are a person's, who may have left the expression as it was for other words.
    pub(crate) is_beside_new_words: bool,
}

/// The expressions of rules that may be a person's; without digests, that is all of them.
pub(crate) fn given_expressions(sources: &Sources, id: DocumentId) -> Vec<GivenExpression> {
    let document = sources.get(id);
    let Ok(root) = yaml::parse(document.text()) else { return Vec::new() };
    let written = written::read(&root);
    let rules = root.get(RULES).map(Node::items).unwrap_or_default();
    let given = rules.iter().zip(item::identities(RULES, rules)).filter_map(|(rule, name)| {
        let node = rule.get(EXPRESSION)?;
        let expression = node.text()?.trim().to_owned();
        let known = written.get(&item::below(RULES, &name));
        let is_ours =
            known.is_some_and(|it| it.get(EXPRESSION) == written::said(EXPRESSION, node).as_ref());
        (!expression.is_empty() && !is_ours).then(|| GivenExpression {
            line: document.line_of(rule.range.start),
            range: node.range.clone(),
            expression,
            is_beside_new_words: !written.is_empty() && known.is_none(),
        })
    });
    given.collect()
}

/// What is wrong with a model file; nothing where it can be worked with.
pub(crate) fn remarks(sources: &Sources, id: DocumentId) -> Vec<Diagnostic> {
    let text = sources.get(id).text();
    let root = match yaml::parse(text) {
        Ok(root) => root,
        Err(refusal) => {
            let at = |at: usize| Span::new(id, at.min(text.len())..at.min(text.len()));
            let message = format!("{MODEL_FILE} cannot be read as YAML: {}", refusal.message);
            let diagnostic =
                Diagnostic::error(underpin_read::code::MODEL_FILE, message).at(at(refusal.at), "");
            let diagnostic = match refusal.first {
                Some(first) => diagnostic.at(at(first), "the first one"),
                None => diagnostic,
            };
            return vec![
                diagnostic.help("mend it; nothing was written, so that none of your edits is lost"),
            ];
        }
    };
    let schema: serde_json::Value = serde_json::from_str(&wire::model_schema_json())
        .expect("invariant: the schema is made as JSON");
    let remark = |it: shape::Remark| {
        let help = it.help.unwrap_or_else(|| {
            format!("compare it with {}; nothing was written", wire::SCHEMA_FILE)
        });
        let span = Span::new(id, it.range);
        Diagnostic::error(codes::MODEL_FILE_SHAPE, it.message).at(span, "").help(help)
    };
    shape::check(&root, &schema).into_iter().map(remark).collect()
}

/// What is answered in a file: to the model's questions, and to conflicts.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) questions: Vec<Answer>,
    pub(crate) conflicts: BTreeMap<String, Side>,
    /// Where each conflict is answered.
    pub(crate) places: BTreeMap<String, Span>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The answers in a file that has the right shape.
pub(crate) fn answers(sources: &Sources, id: DocumentId) -> Answers {
    let mut answers = Answers::default();
    let Ok(root) = yaml::parse(sources.get(id).text()) else { return answers };
    for (key, value) in root.get(ANSWERS).map(Node::pairs).unwrap_or_default() {
        let question = key.text().unwrap_or_default().to_owned();
        let span = Span::new(id, key.range.start..value.range.end.max(key.range.end));
        let text = match &value.value {
            Value::Sequence(items) => {
                items.iter().filter_map(Node::text).collect::<Vec<_>>().join(", ")
            }
            Value::Scalar { .. } | Value::Mapping(_) => value.text().unwrap_or_default().to_owned(),
        };
        if !question.ends_with(".conflict") {
            answers.questions.push(Answer { question, value: text, span });
            continue;
        }
        let side = match text.as_str() {
            "mine" => Side::Person,
            "documents" => Side::Documents,
            _ => {
                let message = format!("`{text}` is no answer to `{question}`; it stays open");
                answers.diagnostics.push(
                    Diagnostic::error(underpin_model::codes::IMPOSSIBLE_ANSWER, message)
                        .at(span, "")
                        .help("answer `mine` or `documents`"),
                );
                continue;
            }
        };
        answers.places.insert(question.clone(), span);
        answers.conflicts.insert(question, side);
    }
    answers
}

/// For each line of the file on which an item begins: where the documents state it.
pub(crate) fn stated_places(
    root: &Node,
    sources: &Sources,
    id: DocumentId,
) -> BTreeMap<usize, Span> {
    let documents: BTreeMap<&str, DocumentId> =
        sources.iter().filter(|(it, _)| *it != id).map(|(id, it)| (it.path(), id)).collect();
    let mut places: BTreeMap<usize, Option<Span>> = BTreeMap::new();
    collect(root, &mut |node, source| {
        let line = sources.get(id).line_of(node.range.start);
        let document = source.get("document").and_then(Node::text).and_then(|it| documents.get(it));
        let at = source.get("line").and_then(Node::text).and_then(|it| it.parse::<usize>().ok());
        let span = document
            .zip(at.and_then(|at| at.checked_sub(1)))
            .map(|(&document, at)| Span::new(document, sources.get(document).line_range(at)));
        // Two items on one line cannot be told apart by it.
        places.entry(line).and_modify(|it| *it = None).or_insert(span);
    });
    places.into_iter().filter_map(|(line, span)| Some((line, span?))).collect()
}

fn collect(node: &Node, found: &mut dyn FnMut(&Node, &Node)) {
    if let Some(source) = node.get(SOURCE) {
        found(node, source);
    }
    node.items().iter().for_each(|it| collect(it, found));
    for (_, value) in node.pairs() {
        collect(value, found);
    }
}
