//! What the notations have found so far, and what became of each line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use underpin_base::{Code as DiagnosticCode, Diagnostic, Label, Span, parallel};

use super::choices::Choices;
use super::{description, subject_of};
use crate::document::Document;
use crate::entity_name::{EntityTitle, KnownEntities, read_title, spellings};
use crate::prose::Prose;
use crate::words::fold;
use crate::{AccessKind, EntityFact, Fact, FieldFact, Statement};

/// Whether a notation lists the fields of an entity: the others name some of them in passing.
pub(super) fn lists_fields(notation: &str) -> bool {
    !notation.starts_with("prose-")
        && !matches!(notation, "field-paths" | "entity-list" | "index-list" | "rule-bullets")
}

/// What was made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mark {
    /// No notation has taken it.
    #[default]
    Open,
    /// It became a statement, or belongs to one (such as a table's header).
    Understood,
    /// It was recognised as something that holds no facts for us.
    SetAside,
}

/// What the notations have found so far.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) statements: Vec<Statement>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What drafts add; they stand behind all statements of the documents.
    pub(crate) drafted: Vec<Statement>,
    pub(crate) known: KnownEntities,
    /// What the patterns of sentences share.
    pub(crate) prose: Prose,
    /// For each document and each of its lines, with the notation that set the mark.
    pub(super) marks: Vec<Vec<(Mark, &'static str)>>,
    /// The document that is being read.
    pub(super) current: usize,
    pub(super) notation: &'static str,
    /// The fields that are known of each entity, both folded, with their spelling.
    pub(super) fields: BTreeMap<(String, String), String>,
    /// The same fields by their own folded names: who has a field of this name.
    pub(super) owners: BTreeSet<(String, String)>,
    /// The fields with values to choose from.
    pub(crate) choices: Choices,
    /// The lines that a query was read from, by document: it is read once.
    pub(super) queries: BTreeSet<(usize, usize)>,
    /// The names of queries that are only known from an index that serves them, folded.
    pub(super) served: BTreeSet<String>,
    /// The entity that each section names, for each document.
    pub(super) entities: Vec<Vec<Option<String>>>,
    /// The names that the heading of each section may mean, folded, the likeliest first.
    headings: Vec<Vec<Vec<String>>>,
}

/// So many headings are looked at before another thread would have begun.
const HEADINGS_OF_A_THREAD: usize = 500;

fn headings(document: &Document<'_>) -> Vec<Vec<String>> {
    parallel::map(&document.sections, HEADINGS_OF_A_THREAD, |it| heading_names(&it.title.text))
}

/// The folded names that a heading may mean: as the title of an entity, and as what a topic is about.
fn heading_names(heading: &str) -> Vec<String> {
    let title = read_title(heading).map(|title| title.name);
    let names = title.into_iter().chain(subject_of(heading));
    names.flat_map(|name| spellings(&name).collect::<Vec<_>>()).collect()
}

impl Output {
    pub(crate) fn new(documents: &[Document<'_>]) -> Self {
        let lines = documents.iter().map(Document::line_count).sum();
        Self {
            // What is not used is never touched; growing would copy all of it time and again.
            statements: Vec::with_capacity(lines),
            marks: documents.iter().map(|d| vec![(Mark::Open, ""); d.line_count()]).collect(),
            entities: documents.iter().map(|d| vec![None; d.sections.len()]).collect(),
            headings: documents.iter().map(headings).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn begin(&mut self, document: usize, notation: &'static str) {
        self.current = document;
        self.notation = notation;
    }

    /// The place of the document that is being read among all.
    pub(crate) fn document_index(&self) -> usize {
        self.current
    }

    /// Adds what a sentence only suggests; its lines stay as they are.
    pub(crate) fn suggest(&mut self, span: Span, fact: Fact) {
        self.statements.push(Statement {
            fact,
            span,
            notation: self.notation,
            inferred: None,
            assumed: None,
            drafted: None,
        });
    }

    /// Adds a statement and marks its lines as understood.
    pub(crate) fn state(&mut self, document: &Document<'_>, span: Span, fact: Fact) {
        self.push(document, span, fact, None, None);
    }

    /// Adds a statement that follows from the words by a rule.
    pub(crate) fn infer(&mut self, document: &Document<'_>, span: Span, fact: Fact, reason: &str) {
        self.push(document, span, fact, Some(reason.to_owned()), None);
    }

    /// Adds a statement that no words say and that was chosen for want of one.
    pub(crate) fn assume(&mut self, document: &Document<'_>, span: Span, fact: Fact, reason: &str) {
        self.push(document, span, fact, None, Some(reason.to_owned()));
    }

    pub(super) fn note_query(&mut self, span: Span, fact: &Fact) {
        if matches!(fact, Fact::AccessPattern(_)) {
            self.queries.insert((self.current, span.range().start));
        }
    }

    /// Whether a query was read from this place.
    pub(crate) fn has_query(&self, span: Span) -> bool {
        let range = span.range();
        let first = (self.current, range.start);
        self.queries.range(first..(self.current, range.end.max(range.start + 1))).next().is_some()
    }

    /// Adds a statement that follows from words which may state other facts as well: who reads
    /// those still finds their lines open.
    pub(crate) fn infer_beside(&mut self, span: Span, fact: Fact, reason: &str) {
        let inferred = Some(reason.to_owned());
        self.note_query(span, &fact);
        self.statements.push(Statement {
            fact,
            span,
            notation: self.notation,
            inferred,
            assumed: None,
            drafted: None,
        });
    }

    /// The same of a field, which is then known as one of its entity.
    pub(crate) fn infer_field_beside(
        &mut self,
        span: Span,
        entity: &str,
        field: FieldFact,
        reason: &str,
    ) {
        self.note_field(entity, &field);
        let fact = Fact::Field { entity: entity.to_owned(), field };
        self.infer_beside(span, fact, reason);
    }

    fn note_field(&mut self, entity: &str, field: &FieldFact) {
        self.choices.note(entity, field);
        let (entity, name) = (fold(entity), fold(&field.name));
        self.owners.insert((name.clone(), entity.clone()));
        self.fields.insert((entity, name), field.name.clone());
    }

    /// Says that a query of this name was taken from what an index is said to serve. Where the
    /// query itself stands somewhere, that is what counts.
    pub(crate) fn infer_served(&mut self, span: Span, pattern: Fact, reason: &str) {
        if let Fact::AccessPattern(fact) = &pattern {
            self.served.insert(fold(&fact.name));
        }
        self.infer_beside(span, pattern, reason);
    }

    fn drop_served(&mut self, fact: &Fact) {
        let Fact::AccessPattern(stated) = fact else { return };
        let name = fold(&stated.name);
        if self.served.remove(&name) {
            self.statements.retain(|statement| match &statement.fact {
                Fact::AccessPattern(other) => {
                    statement.inferred.is_none() || fold(&other.name) != name
                }
                _ => true,
            });
        }
    }

    pub(super) fn push(
        &mut self,
        document: &Document<'_>,
        span: Span,
        fact: Fact,
        inferred: Option<String>,
        assumed: Option<String>,
    ) {
        self.drop_served(&fact);
        self.mark(document, span.range(), Mark::Understood);
        if let Fact::Field { entity, field } = &fact {
            self.note_field(entity, field);
        }
        if let Fact::Entity(entity) = &fact {
            self.known.add(&entity.name);
            if let Some(table) = &entity.table {
                self.known.add_alias(table, &entity.name);
            }
        }
        let notation = self.notation;
        self.note_query(span, &fact);
        self.statements.push(Statement { fact, span, notation, inferred, assumed, drafted: None });
    }

    /// States that an entity exists, where the heading of a section names it.
    pub(crate) fn state_entity(
        &mut self,
        document: &Document<'_>,
        section: Option<usize>,
        title: &EntityTitle,
        span: Span,
    ) {
        if let Some(section) = section {
            let known = &mut self.entities[self.current][section];
            if known.as_deref().is_some_and(|name| fold(name) == fold(&title.name)) {
                return;
            }
            *known = Some(title.name.clone());
        }
        self.state(
            document,
            span,
            Fact::Entity(EntityFact {
                name: title.name.clone(),
                kind: title.kind,
                table: title.table.clone(),
                description: section.and_then(|section| description(document, section)),
            }),
        );
    }

    /// Sets how stale the results of the access patterns of some entities may be.
    pub(crate) fn set_staleness(
        &mut self,
        document: &Document<'_>,
        entities: &[String],
        seconds: f64,
    ) {
        for statement in &mut self.statements {
            if statement.span.document != document.id {
                continue;
            }
            if let Fact::AccessPattern(pattern) = &mut statement.fact {
                let is_meant = pattern
                    .entity
                    .as_deref()
                    .is_some_and(|name| entities.iter().any(|entity| fold(entity) == fold(name)));
                if is_meant && pattern.kind == AccessKind::Read && pattern.staleness_s.is_none() {
                    pattern.staleness_s = Some(seconds);
                }
            }
        }
    }

    /// Marks the lines of a range, without taking back that they were understood.
    pub(crate) fn mark(&mut self, document: &Document<'_>, range: Range<usize>, mark: Mark) {
        let first = document.line_of(range.start);
        let last = document.line_of(range.end.max(range.start + 1) - 1);
        for line in &mut self.marks[self.current][first..=last] {
            if line.0 != Mark::Understood {
                *line = (mark, self.notation);
            }
        }
    }

    /// What was made of the line at an offset of the document that is being read.
    pub(crate) fn mark_at(&self, document: &Document<'_>, offset: usize) -> Mark {
        self.marks[self.current][document.line_of(offset)].0
    }

    /// The notation that took the line at an offset of the document that is being read.
    pub(crate) fn reader_at(&self, document: &Document<'_>, offset: usize) -> &'static str {
        self.marks[self.current][document.line_of(offset)].1
    }

    pub(crate) fn is_open(&self, document: &Document<'_>, offset: usize) -> bool {
        self.mark_at(document, offset) == Mark::Open
    }

    /// Whether any line of a range has a mark.
    pub(crate) fn is_marked(
        &self,
        document: &Document<'_>,
        range: &Range<usize>,
        mark: Mark,
    ) -> bool {
        let last = document.line_of(range.end.max(range.start + 1) - 1);
        self.marks[self.current][document.line_of(range.start)..=last]
            .iter()
            .any(|(other, _)| *other == mark)
    }

    pub(crate) fn marks(&self, document: usize) -> &[(Mark, &'static str)] {
        &self.marks[document]
    }

    pub(crate) fn warn(&mut self, code: DiagnosticCode, message: String, span: Span, help: &str) {
        self.diagnostics.push(Diagnostic::warning(code, message).at(span, "").help(help));
    }

    /// Says that a line of a block was lost, the other lines of which were read.
    pub(crate) fn unread_line(&mut self, span: Span, line: &str, help: &str) {
        self.warn(
            crate::code::UNREAD_LINE,
            format!("`{}` was not understood", line.trim()),
            span,
            help,
        );
    }

    /// Whether any field of an entity is known.
    pub(crate) fn has_fields(&self, entity: &str) -> bool {
        let entity = fold(entity);
        let first = (entity.clone(), String::new());
        self.fields.range(first..).next().is_some_and(|((owner, _), _)| *owner == entity)
    }

    /// The first spelling of an entity's field, given any.
    pub(crate) fn field(&self, entity: &str, field: &str) -> Option<&str> {
        self.fields.get(&(fold(entity), fold(field))).map(String::as_str)
    }

    /// The fields of an entity, as first spelled.
    pub(super) fn fields_of(&self, entity: &str) -> impl Iterator<Item = &str> {
        let entity = fold(entity);
        self.fields
            .range((entity.clone(), String::new())..)
            .take_while(move |((owner, _), _)| *owner == entity)
            .map(|(_, field)| field.as_str())
    }

    /// The folded names of the entities that have fields so far.
    pub(crate) fn described(&self) -> BTreeSet<String> {
        self.fields.keys().map(|(entity, _)| entity.clone()).collect()
    }

    /// The folded names of the entities whose fields certain notations list.
    pub(crate) fn described_by(&self, counts: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let statements = self.statements.iter().filter(|statement| counts(statement.notation));
        statements
            .filter_map(|statement| match &statement.fact {
                Fact::Field { entity, .. } => Some(fold(entity)),
                _ => None,
            })
            .collect()
    }

    /// Adds to every statement of a field what a sentence says of it for all entities. The statements
    /// keep their places, so that the order of the fields stays that of their lists.
    pub(crate) fn complete_fields(&mut self, common: &FieldFact) -> bool {
        let folded = fold(&common.name);
        let mut any = false;
        for statement in &mut self.statements {
            if let Fact::Field { field, .. } = &mut statement.fact {
                if fold(&field.name) == folded {
                    field.required = field.required.or(common.required);
                    any = true;
                }
            }
        }
        any
    }

    /// Says once for a heading that its fields were left out.
    pub(crate) fn leave_out(&mut self, document: &Document<'_>, title: &EntityTitle, span: Span) {
        let words = title.not_stored.as_deref().unwrap_or("not stored");
        self.mark(document, span.range(), Mark::SetAside);
        let already = self.diagnostics.iter_mut().rev().take(4).find(|diagnostic| {
            diagnostic.code == crate::code::NOT_STORED
                && diagnostic.message.contains(&format!("`{}`", title.name))
        });
        if let Some(diagnostic) = already {
            diagnostic.labels.push(Label { span, text: String::new() });
            return;
        }
        self.diagnostics.push(
            Diagnostic::note(
                crate::code::NOT_STORED,
                format!("`{}` is called \"{words}\" and gets no table", title.name),
            )
            .at(span, "")
            .help("if it is stored, take that word out of its heading"),
        );
    }

    /// The known entity that the heading of a section names itself.
    pub(crate) fn named_by(&self, section: usize) -> Option<String> {
        if let Some(name) = &self.entities[self.current][section] {
            return Some(name.clone());
        }
        let names = &self.headings[self.current][section];
        names.iter().find_map(|name| self.known.get_folded(name)).map(str::to_owned)
    }

    /// Makes a section one about an entity that its heading does not name.
    pub(crate) fn set_subject(&mut self, section: usize, entity: &str) {
        self.entities[self.current][section].get_or_insert_with(|| entity.to_owned());
    }

    /// The entity that a block is about: the nearest heading above it that names a known one.
    pub(crate) fn entity_of(
        &self,
        document: &Document<'_>,
        section: Option<usize>,
    ) -> Option<String> {
        document.path_of(section).find_map(|section| self.named_by(section))
    }
}
