//! Drafts: statements that a person or an agent took from the documents, each with its quotation.
//!
//! A draft is believed as far as its quotations go: one that stands in a document and mentions its
//! subject makes a statement of that place, any other is refused, and what comes without one is
//! assumed.

mod check;
pub mod form;
mod quote;
mod repeat;
mod said;
mod subject;

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYaml, SafelyIndex};
use underpin_base::{Diagnostic, DocumentId, Sources, Span};

use crate::document::Document;
use crate::notation::model_file::{self, Node, text};
use crate::notation::{Mark, Output};
use crate::render::fact_subject;
use crate::{Fact, Statement, code};
use check::Places;
use quote::{Index, Token};
use repeat::Known;
use subject::Words;

/// The notation of statements that come from a draft.
pub const NOTATION: &str = "draft";

/// The longest quotation, in characters: a statement rests on a sentence, not on a chapter.
const LONGEST_QUOTE: usize = 2_000;

/// One statement of a draft.
#[derive(Debug)]
pub(crate) struct Drafted {
    fact: Fact,
    /// Where the draft says it.
    place: Span,
    quote: Option<Quote>,
}

#[derive(Debug)]
struct Quote {
    text: String,
    place: Span,
    /// The document that is said to hold it, and where the draft says so.
    document: Option<(String, Span)>,
}

/// The statements of a draft, or what is wrong with its form: then nothing of it is taken.
pub(crate) fn parse(sources: &Sources, id: DocumentId) -> Result<Vec<Drafted>, Vec<Diagnostic>> {
    let source = sources.get(id);
    let places = Places { sources, document: id };
    let begin = places.at(1, 0, None);
    let help = "`underpin model PATH --draft-prompt` prints the form with an example";
    let refuse = |message: String, span| Err(vec![check::refuse(message, span).help(help)]);
    let name = source.path();
    if model_file::is_too_deep(source.text()) {
        return refuse(format!("the draft `{name}` is nested too deeply to be one"), begin);
    }
    let roots = match MarkedYaml::load_from_str(source.text()) {
        Ok(roots) => roots,
        Err(error) => {
            let marker = error.marker();
            let span = places.at(marker.line(), marker.col(), None);
            let message = format!("the draft `{name}` is not valid YAML: {}", error.info());
            return refuse(message, span);
        }
    };
    let root = match &roots[..] {
        [] => return refuse(format!("the draft `{name}` is empty"), begin),
        [root] if root.data.is_null() => {
            return refuse(format!("the draft `{name}` is empty"), begin);
        }
        [root] => root,
        [_, second, ..] => {
            let message = format!("the draft `{name}` holds several YAML documents; one is read");
            return refuse(message, places.of(second));
        }
    };
    if root.data.as_mapping().is_none() {
        let message = format!("the draft `{name}` is no mapping with keys such as `entities`");
        return refuse(message, places.of(root));
    }
    let wrong = check::check(root, &form::DRAFT, places);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut drafted = Vec::new();
    model_file::facts(root, &mut |node, fact| {
        // Where only the transitions are given, the life cycle itself says nothing.
        if matches!(&fact, Fact::Lifecycle { states, initial: None, .. } if states.is_empty()) {
            return;
        }
        drafted.push(Drafted { fact, place: places.of(node), quote: quote_of(node, places) });
    });
    Ok(drafted)
}

fn quote_of(node: &Node<'_>, places: Places<'_>) -> Option<Quote> {
    let document =
        node.get("document").and_then(|at| Some((text(node, "document")?, places.of(at))));
    Some(Quote { text: text(node, "quote")?, place: places.of(node.get("quote")?), document })
}

/// Adds what drafts say to what was read, with a diagnostic for each statement that is refused.
pub(crate) fn apply(
    sources: &Sources,
    documents: &[Document<'_>],
    drafted: Vec<Drafted>,
    out: &mut Output,
) {
    if drafted.is_empty() {
        return;
    }
    let known = Known::new(&out.statements);
    let mut witness = Witness { sources, documents, indexes: BTreeMap::new() };
    let mut added = Vec::new();
    for one in drafted {
        let (span, assumed) = match &one.quote {
            None => (one.place, Some("a draft says so and quotes no document".to_owned())),
            Some(quote) => match witness.place_of(quote, &one.fact) {
                Ok((document, span)) => {
                    let words = Words::new(&quote::quoted(&quote.text));
                    let unsaid = said::missing(&one.fact, &quote.text, &words);
                    if unsaid.is_empty() {
                        out.begin(document, NOTATION);
                        out.mark(&documents[document], span.range(), Mark::Understood);
                        (span, None)
                    } else {
                        let unsaid = format!("`{}`", unsaid.join("`, `"));
                        out.diagnostics.push(not_said(&one.fact, quote, span, &unsaid));
                        let reason =
                            format!("a draft says so, and its quote does not say {unsaid}");
                        (one.place, Some(reason))
                    }
                }
                Err(diagnostic) => {
                    out.diagnostics.push(*diagnostic);
                    continue;
                }
            },
        };
        if !known.says(&out.statements, &one.fact) {
            added.push(Statement {
                fact: one.fact,
                span,
                notation: NOTATION,
                inferred: None,
                assumed,
                drafted: Some(one.place),
            });
        }
    }
    out.drafted = added;
}

/// That a quotation stands in a document and leaves out what the statement says.
fn not_said(fact: &Fact, quote: &Quote, found: Span, unsaid: &str) -> Diagnostic {
    let about = fact_subject(fact);
    Diagnostic::warning(
        code::QUOTE_WITHOUT_VALUE,
        format!("the quote of `{about}` does not say {unsaid}, so that this is only assumed"),
    )
    .at(quote.place, "quoted here")
    .at(found, "found here")
    .help("quote the words that say it, or say what they say")
}

/// Looks for quotations, with the tokens of each document at hand.
struct Witness<'a, 'd> {
    sources: &'a Sources,
    documents: &'a [Document<'d>],
    indexes: BTreeMap<usize, Index>,
}

impl Witness<'_, '_> {
    fn index(&mut self, document: usize) -> &Index {
        let id = self.documents[document].id;
        self.indexes.entry(document).or_insert_with(|| Index::new(self.sources.get(id).text()))
    }

    /// Where the quotation of a fact stands, or why the fact is refused.
    fn place_of(&mut self, quote: &Quote, fact: &Fact) -> Result<(usize, Span), Box<Diagnostic>> {
        let about = fact_subject(fact);
        let refuse = |code, message: String, span, help: String| {
            Err(Box::new(Diagnostic::error(code, message).at(span, "").help(help)))
        };
        let among: Vec<usize> = match &quote.document {
            None => (0..self.documents.len()).collect(),
            Some((path, place)) => {
                let found = self.documents.iter().position(|it| is_called(it.path(), path));
                let Some(found) = found else {
                    let read: Vec<&str> =
                        self.documents.iter().take(8).map(Document::path).collect();
                    return refuse(
                        code::QUOTE_NOT_FOUND,
                        format!(
                            "the draft of `{about}` quotes `{path}`, which was not read; it was left out"
                        ),
                        *place,
                        format!("the documents are {}", read.join(", ")),
                    );
                };
                vec![found]
            }
        };
        let length = quote.text.chars().count();
        if length > LONGEST_QUOTE {
            return refuse(
                code::QUOTE_NOT_FOUND,
                format!("the quote of `{about}` has {length} characters; it was left out"),
                quote.place,
                "quote the sentence that says it".to_owned(),
            );
        }
        let tokens = quote::quoted(&quote.text);
        let found = among.iter().find_map(|&at| Some((at, self.index(at).find(&tokens)?)));
        let Some((at, range)) = found else {
            return refuse(
                code::QUOTE_NOT_FOUND,
                format!("the quote of `{about}` stands in no document, so it was left out"),
                quote.place,
                self.nearly(&among, &tokens),
            );
        };
        let (id, path) = (self.documents[at].id, self.documents[at].path().to_owned());
        let span = Span::new(id, range.clone());
        let words = Words::new(&tokens);
        let subject = subject::of(fact);
        let headings = Words::new(&self.headings(at, range.start));
        for names in &subject {
            if !names.iter().any(|name| words.mention(name, &headings)) {
                let shown: Vec<String> =
                    names.iter().map(|name| format!("`{}`", name.shown())).collect();
                let mut shown = shown;
                shown.dedup();
                let line = self.sources.location(span).line;
                return refuse(
                    code::QUOTE_WITHOUT_SUBJECT,
                    format!(
                        "the quote of `{about}` stands at {path}:{line} and does not mention {}; it was left out",
                        shown.join(" or ")
                    ),
                    quote.place,
                    "quote the words that say it, name it as they do, or leave the quote out: then it is assumed"
                        .to_owned(),
                );
            }
        }
        let names: Vec<&subject::Name> = subject.iter().flatten().collect();
        let whole = {
            let text = self.sources.get(id).text();
            self.index(at).fills_its_lines(text, &range)
        };
        if !whole && !words.say_more_than(&names) {
            return refuse(
                code::QUOTE_TOO_SHORT,
                format!(
                    "the quote of `{about}` is too short to say anything of it; it was left out"
                ),
                quote.place,
                "quote the whole sentence, row or list item".to_owned(),
            );
        }
        Ok((at, span))
    }

    /// The headings above an offset.
    fn headings(&self, document: usize, offset: usize) -> Vec<Token> {
        let document = &self.documents[document];
        let section = document.sections.partition_point(|section| section.range.start <= offset);
        document
            .path_of(section.checked_sub(1))
            .flat_map(|section| quote::tokens(document.title(section)))
            .collect()
    }

    /// How far the documents go along with a quotation that stands in none.
    fn nearly(&mut self, among: &[usize], tokens: &[Token]) -> String {
        let mut best: Option<(usize, Span)> = None;
        for &at in among {
            let id = self.documents[at].id;
            let index = self.index(at);
            let (mut stands, mut not, mut place) = (0, tokens.len() + 1, None);
            while stands + 1 < not {
                let middle = usize::midpoint(stands, not);
                match index.find(&tokens[..middle.min(tokens.len())]) {
                    Some(range) => (stands, place) = (middle, Some(Span::new(id, range))),
                    None => not = middle,
                }
            }
            if let Some(place) = place.filter(|_| best.is_none_or(|(most, _)| stands > most)) {
                best = Some((stands, place));
            }
        }
        match best {
            Some((words, place)) if words > 2 => format!(
                "its first {words} words and signs stand at {}; copy the rest from there",
                self.sources.location(place)
            ),
            _ => "copy the words from the document, letter for letter".to_owned(),
        }
    }
}

/// Whether a path is meant by a name: itself, or its end from a `/` on.
fn is_called(path: &str, name: &str) -> bool {
    let name = name.trim().trim_start_matches("./");
    path == name || path.strip_suffix(name).is_some_and(|front| front.ends_with(['/', '\\']))
}

#[cfg(test)]
mod tests;
