//! Documents to statements. Reading never fails: what is not understood becomes a diagnostic.
#![deny(clippy::disallowed_methods)]

pub mod code;
mod coverage;
mod diagram;
mod document;
pub mod draft;
mod entity_name;
pub mod invariant;
mod lifecycle;
mod lines;
mod modifier;
mod notation;
mod order;
mod participle;
mod partitioning;
mod phrase_table;
mod prose;
mod quantity;
mod query_phrase;
mod render;
mod sql;
mod statement;
mod unmet_requests;
mod unread_lines;
mod window;
mod word_table;
mod words;
mod write_form;
pub mod yaml;

pub use coverage::binds;
pub use lines::{Fate, Line, lines_text};
pub use notation::{NotationInfo, notations};
pub use participle::is_participle_of;
pub use partitioning::{ListedPart, OtherRows, PartitioningFact, SplitMethod, SplitPeriod};
pub use prose::{ONE_STEP_AMONG_OTHERS, singular};
pub use quantity::is_without_limit;
pub use render::{fact_subject, fact_text, statements_text};
pub use statement::{
    AccessKind, Bound, EntityFact, EntityKind, Fact, FieldFact, FilterFact, FilterOperator,
    IndexFact, LoadMeasure, PatternFact, Pick, RecoveryObjective, ReferenceFact, RelationshipFact,
    Statement,
};
pub use window::{TimeUnit, Window};
pub use words::{greek_singular, split_top};
pub use write_form::WriteForm;

use std::collections::BTreeMap;
use std::mem::take;

use underpin_base::{Diagnostic, DocumentId, Sources, Span, parallel};

/// What was read: the statements in the order of documents and lines, and what was not understood.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Every fact that was found, each with its place.
    pub statements: Vec<Statement>,
    /// What looked like data and was not understood, and what is wrong with the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// For each document, how many lines looked like facts and how many of them were understood.
    pub coverage: Vec<Coverage>,
    /// All sentences that seem to state something and of which nothing was read, in the order of documents.
    pub unread: Vec<Span>,
    /// All lines that ask for what no design here has, in the order of documents.
    pub unmet: Vec<Span>,
    /// What became of each line of each document.
    pub fates: Vec<(DocumentId, Vec<Fate>)>,
    /// Whether a draft has not the form of one, so that nothing was read.
    pub refused: bool,
}

impl Reading {
    /// Says of the lines of these places that not all of them was understood: what was read of them gave nothing.
    pub fn lose(&mut self, places: impl Iterator<Item = Span>, sources: &Sources) {
        let lost = self.lost(places, sources);
        self.coverage = self.coverage_of(&lost, sources);
        for ((document, line), _) in lost {
            let fates = self.fates.iter_mut().find(|(of, _)| *of == document);
            if let Some(fate) = fates.and_then(|(_, fates)| fates.get_mut(line)) {
                *fate = match *fate {
                    Fate::Understood(notation) => Fate::InPart(notation),
                    Fate::InPart(_) | Fate::SetAside(_) | Fate::NotUnderstood | Fate::NoData(_) => {
                        Fate::NotUnderstood
                    }
                };
            }
        }
    }

    /// The coverage as it is once these places are lost.
    pub fn coverage_without(
        &self,
        places: impl Iterator<Item = Span>,
        sources: &Sources,
    ) -> Vec<Coverage> {
        self.coverage_of(&self.lost(places, sources), sources)
    }

    /// The lines, each once, that begin these places, and whether they count as understood; those that count as not
    /// understood are left out.
    fn lost(
        &self,
        places: impl Iterator<Item = Span>,
        sources: &Sources,
    ) -> BTreeMap<(DocumentId, usize), bool> {
        let fates: BTreeMap<DocumentId, &Vec<Fate>> =
            self.fates.iter().map(|(document, fates)| (*document, fates)).collect();
        let with_standing = |place: Span| {
            let line = sources.get(place.document).line_of(place.range().start);
            let is_understood = match fates.get(&place.document)?.get(line)? {
                Fate::Understood(_) => true,
                Fate::NoData(_) => false,
                Fate::InPart(_) | Fate::SetAside(_) | Fate::NotUnderstood => return None,
            };
            Some(((place.document, line), is_understood))
        };
        places.filter_map(with_standing).collect()
    }

    fn coverage_of(
        &self,
        lost: &BTreeMap<(DocumentId, usize), bool>,
        sources: &Sources,
    ) -> Vec<Coverage> {
        let mut coverage = self.coverage.clone();
        for ((document, _), is_understood) in lost {
            let path = sources.get(*document).path();
            if let Some(own) = coverage.iter_mut().find(|it| it.document == path) {
                if *is_understood {
                    own.understood -= 1;
                } else {
                    own.fact_lines += 1;
                }
            }
        }
        coverage
    }
}

/// How much of one document was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The document's path.
    pub document: String,
    /// Lines that looked like data: table rows, field bullets, lines of code blocks.
    pub fact_lines: usize,
    /// Those of them of which all was read, as far as anything in them seems to state a fact.
    pub understood: usize,
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { document, fact_lines, understood } = self;
        write!(f, "{document}: {understood} of {fact_lines} fact lines")
    }
}

/// Whether the first lines of a file of JSON or YAML say that it is a schema or describes an interface.
pub fn is_schema(beginning: &str) -> bool {
    notation::says_schema(beginning)
}

/// Reads all documents.
pub fn read(sources: &Sources) -> Reading {
    read_with(sources, &[])
}

/// Reads all documents but `drafts`, which are statements about the others. A draft that has not the
/// form of one is refused, and then nothing is read.
pub fn read_with(sources: &Sources, drafts: &[DocumentId]) -> Reading {
    let mut drafted = Vec::new();
    let mut malformed = Vec::new();
    for &draft in drafts {
        match draft::parse(sources, draft) {
            Ok(statements) => drafted.extend(statements),
            Err(diagnostics) => malformed.extend(diagnostics),
        }
    }
    if !malformed.is_empty() {
        return Reading { diagnostics: malformed, refused: true, ..Reading::default() };
    }
    let documents = sources.iter().map(|(id, _)| id).filter(|id| !drafts.contains(id));
    read_some(sources, documents, drafted, document::PART)
}

/// Reads one of the documents, as if it were the only one.
pub fn read_one(sources: &Sources, id: DocumentId) -> Reading {
    read_some(sources, std::iter::once(id), Vec::new(), document::PART)
}

/// Reads all documents in parts of at least so many bytes, which changes nothing but the time.
#[cfg(test)]
pub(crate) fn read_in_parts(sources: &Sources, least: usize) -> Reading {
    read_some(sources, sources.iter().map(|(id, _)| id), Vec::new(), least)
}

fn read_some(
    sources: &Sources,
    ids: impl Iterator<Item = DocumentId>,
    drafted: Vec<draft::Drafted>,
    part: usize,
) -> Reading {
    let mut documents: Vec<document::Document<'_>> =
        ids.map(|id| document::Document::parse(sources, id, part)).collect();
    let mut out = notation::Output::new(&documents);
    for notation in notation::NOTATIONS {
        for (index, document) in documents.iter().enumerate() {
            out.begin(index, notation.name);
            notation.read.run(document, &mut out);
        }
    }
    // What a draft quotes is not listed as unread.
    draft::apply(sources, &documents, drafted, &mut out);
    let (coverage, fates) = documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            out.begin(index, "");
            let (coverage, fates) = coverage::cover(document, index, &mut out);
            unmet_requests::report(document, &mut out);
            (coverage, (document.id, fates))
        })
        .unzip();
    let mut statements = take(&mut out.statements);
    prose::partitions::notes::add(&mut statements);
    let mut diagnostics = take(&mut out.diagnostics);
    let drafted = take(&mut out.drafted);
    let (unread, unmet) = (take(&mut out.unread), take(&mut out.unmet));
    let blocks: Vec<_> = documents.iter_mut().map(|document| take(&mut document.blocks)).collect();
    parallel::drop_aside((out, blocks));
    order::sort(&mut statements);
    // A draft speaks after the documents, as another document would.
    statements.extend(drafted);
    for statement in &mut statements {
        write_form::tell(&mut statement.fact);
    }
    diagnostics
        .sort_by_key(|diagnostic| diagnostic.primary().map(|span| (span.document, span.start)));
    Reading { statements, diagnostics, coverage, unread, unmet, fates, refused: false }
}
