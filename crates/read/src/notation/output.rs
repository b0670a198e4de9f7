//! What the notations have found so far, and what became of each line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use indexmap::IndexMap;
use underpin_base::{Code as DiagnosticCode, Diagnostic, DocumentId, Span, parallel};

use super::choices::Choices;
use super::part::InPart;
use super::subject::subject_of;
use super::{NOTATIONS, description};
use crate::document::{Block, Document, HEADINGS_OF_A_THREAD, Section};
use crate::entity_name::{EntityTitle, KnownEntities, spellings};
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

/// The notation that took a line, by its place among all: each part of a document has a copy of what became of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reader(u8);

impl Reader {
    /// Whoever is no notation.
    const OTHERS: [&'static str; 2] = ["", crate::draft::NOTATION];

    fn of(name: &str) -> Self {
        let names = Self::OTHERS.into_iter().chain(NOTATIONS.iter().map(|it| it.name));
        let place = names.zip(0..=u8::MAX).find(|(it, _)| *it == name);
        Self(place.expect("invariant: whoever reads is a notation or a draft").1)
    }

    /// In kebab-case.
    pub(crate) fn name(self) -> &'static str {
        let place = usize::from(self.0);
        let other = Self::OTHERS.get(place).copied();
        other.unwrap_or_else(|| NOTATIONS[place - Self::OTHERS.len()].name)
    }
}

/// What became of a line, and the notation that says so.
pub(super) type Line = (Mark, Reader);

/// Marks lines, without taking back that they were understood.
pub(super) fn cover(lines: &mut [Line], mark: Mark, reader: Reader) {
    for line in lines {
        if line.0 != Mark::Understood {
            *line = (mark, reader);
        }
    }
}

/// What the notations have found so far.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) statements: Vec<Statement>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Sentences of which nothing was read.
    pub(crate) unread: Vec<Span>,
    /// Lines that ask for what no design here has.
    pub(crate) unmet: Vec<Span>,
    /// What drafts add; they stand behind all statements of the documents.
    pub(crate) drafted: Vec<Statement>,
    pub(crate) known: KnownEntities,
    /// What the patterns of sentences share.
    pub(crate) prose: Prose,
    /// For each document and each of its lines, with the notation that set the mark.
    pub(super) marks: Vec<Vec<Line>>,
    /// The document that is being read.
    pub(super) current: usize,
    pub(super) notation: &'static str,
    /// The same notation.
    pub(super) reader: Reader,
    /// The fields that are known of each entity, both folded, with their spelling.
    pub(super) fields: IndexMap<String, BTreeMap<String, String>>,
    /// The same fields by their own folded names: who has a field of this name.
    pub(super) owners: BTreeMap<String, BTreeSet<String>>,
    /// The fields with values to choose from.
    pub(super) choices: Choices,
    /// Where sentences stand of which a pattern of sentences read more than how two things relate.
    pub(super) said: BTreeSet<(DocumentId, usize)>,
    /// The lines that a query was read from, by document: it is read once.
    pub(super) queries: BTreeSet<(usize, usize)>,
    /// The names of queries that are only known from an index that serves them, folded.
    pub(super) served: BTreeSet<String>,
    /// The entity that each section names, for each document.
    pub(super) entities: Vec<Vec<Option<String>>>,
    /// Where a part of a document is read beside others.
    pub(super) part: Option<Box<InPart>>,
    /// The names that the heading of each section may mean, folded, the likeliest first.
    pub(super) headings: Vec<Vec<Vec<String>>>,
}

/// A field that names several fields as its target is one of those that refer together: where one of them
/// has its name, it is that one, and else the key.
fn of_own_part(mut fact: Fact) -> Fact {
    if let Fact::Field { field, .. } = &mut fact
        && let Some(reference) = &mut field.references
        && let Some(target) = reference.field.as_ref().filter(|target| target.contains(','))
    {
        let own = target.split(',').map(|part| part.trim().trim_matches('`'));
        reference.field =
            own.clone().find(|part| fold(part) == fold(&field.name)).map(str::to_owned);
    }
    fact
}

fn headings(document: &Document<'_>) -> Vec<Vec<String>> {
    let sections: Vec<usize> = (0..document.sections.len()).collect();
    parallel::map(&sections, HEADINGS_OF_A_THREAD, |&section| heading_names(document, section))
}

/// The folded names that a heading may mean: as the title of an entity, and as what a topic is about.
fn heading_names(document: &Document<'_>, section: usize) -> Vec<String> {
    let title = document.entity_title(section).map(|title| title.name);
    let names = title.into_iter().chain(subject_of(document.title(section)));
    names.flat_map(|name| spellings(&name).collect::<Vec<_>>()).collect()
}

impl Output {
    pub(crate) fn new(documents: &[Document<'_>]) -> Self {
        let lines = documents.iter().map(Document::line_count).sum();
        Self {
            // What is not used is never touched; growing would copy all of it time and again.
            statements: Vec::with_capacity(lines),
            marks: documents.iter().map(|d| vec![Line::default(); d.line_count()]).collect(),
            entities: documents.iter().map(|d| vec![None; d.sections.len()]).collect(),
            headings: documents.iter().map(headings).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn begin(&mut self, document: usize, notation: &'static str) {
        self.current = document;
        self.notation = notation;
        self.reader = Reader::of(notation);
    }

    /// The place of the document that is being read among all.
    pub(crate) fn document_index(&self) -> usize {
        self.current
    }

    /// What was known before the part that is being read, and what is known of it; otherwise all at once.
    pub(super) fn layers(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.part.as_ref().map(|part| &*part.before).into_iter().chain([self])
    }

    /// All statements so far.
    pub(crate) fn stated(&self) -> impl Iterator<Item = &Statement> {
        self.layers().flat_map(|it| &it.statements)
    }

    /// The blocks that are being read, with their places among those of the document.
    pub(crate) fn blocks<'d>(
        &self,
        document: &'d Document<'_>,
    ) -> impl Iterator<Item = (usize, &'d Block)> + use<'d> {
        let part = self.part.as_ref().map(|part| part.place.blocks.clone());
        let part = part.unwrap_or(0..document.blocks.len());
        part.clone().zip(&document.blocks[part])
    }

    /// The sections that are being read, with their places among those of the document.
    pub(crate) fn sections<'d>(
        &self,
        document: &'d Document<'_>,
    ) -> impl Iterator<Item = (usize, &'d Section)> + use<'d> {
        let part = self.sections_read().unwrap_or(0..document.sections.len());
        part.clone().zip(&document.sections[part])
    }

    /// The sections of the part that is being read.
    pub(crate) fn sections_read(&self) -> Option<Range<usize>> {
        self.part.as_ref().map(|part| part.place.sections.clone())
    }

    /// Adds what a sentence only suggests; its lines stay as they are.
    pub(crate) fn suggest(&mut self, span: Span, fact: Fact) {
        self.add_statement(span, fact, None, None);
    }

    fn add_statement(
        &mut self,
        span: Span,
        fact: Fact,
        inferred: Option<String>,
        assumed: Option<String>,
    ) {
        let notation = self.notation;
        if notation.starts_with("prose-") && !matches!(fact, Fact::Relationship(_)) {
            self.said.insert((span.document, span.range().start));
        }
        self.statements.push(Statement { fact, span, notation, inferred, assumed, drafted: None });
    }

    /// Whether a pattern of sentences read more in this place than how two things relate.
    pub(crate) fn is_said(&self, document: &Document<'_>, place: Range<usize>) -> bool {
        let place = (document.id, place.start)..(document.id, place.end);
        self.layers().any(|it| it.said.range(place.clone()).next().is_some())
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
        let places = (self.current, range.start)..(self.current, range.end.max(range.start + 1));
        self.layers().any(|it| it.queries.range(places.clone()).next().is_some())
    }

    /// Adds a statement that follows from words which may state other facts as well: who reads
    /// those still finds their lines open.
    pub(crate) fn infer_beside(&mut self, span: Span, fact: Fact, reason: &str) {
        let inferred = Some(reason.to_owned());
        self.note_query(span, &fact);
        self.add_statement(span, fact, inferred, None);
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
        let is_known = |owners: &BTreeMap<String, BTreeSet<String>>| {
            owners.get(&name).is_some_and(|owners| owners.contains(&entity))
        };
        if !self.part.as_ref().is_some_and(|part| is_known(&part.before.owners)) {
            match self.owners.get_mut(&name) {
                Some(owners) => owners.insert(entity.clone()),
                None => self.owners.entry(name.clone()).or_default().insert(entity.clone()),
            };
        }
        self.fields.entry(entity).or_default().insert(name, field.name.clone());
    }

    /// Says that a query of this name was taken from what an index is said to serve. Where the
    /// query itself stands somewhere, that is what counts.
    pub(crate) fn infer_served(&mut self, span: Span, pattern: Fact, reason: &str) {
        if let Fact::AccessPattern(fact) = &pattern {
            self.served.insert(fold(&fact.name));
        }
        self.infer_beside(span, pattern, reason);
    }

    /// Drops the query of this folded name, where it is only known from an index.
    pub(super) fn drop_served(&mut self, name: &str) {
        if self.served.remove(name) {
            self.statements.retain(|statement| match &statement.fact {
                Fact::AccessPattern(other) => {
                    statement.inferred.is_none() || fold(&other.name) != *name
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
        if let Fact::AccessPattern(stated) = &fact {
            let name = fold(&stated.name);
            self.drop_served(&name);
            if let Some(part) = &mut self.part {
                part.note_stated(&name);
            }
        }
        self.mark(document, span.range(), Mark::Understood);
        let fact = of_own_part(fact);
        if let Fact::Field { entity, field } = &fact {
            self.note_field(entity, field);
        }
        if let Fact::Entity(entity) = &fact {
            self.known.add(&entity.name);
            if let Some(table) = &entity.table {
                self.known.add_alias(table, &entity.name);
            }
        }
        self.note_query(span, &fact);
        self.add_statement(span, fact, inferred, assumed);
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
            if self.entity(section).is_some_and(|name| fold(name) == fold(&title.name)) {
                return;
            }
            self.set_entity(section, title.name.clone(), Some(self.statements.len()));
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
        match &mut self.part {
            Some(part) => part.mark(first..=last, mark),
            None => cover(&mut self.marks[self.current][first..=last], mark, self.reader),
        }
    }

    fn line(&self, line: usize) -> Line {
        match &self.part {
            Some(part) => part.line(line),
            None => self.marks[self.current][line],
        }
    }

    /// What was made of the line at an offset of the document that is being read.
    pub(crate) fn mark_at(&self, document: &Document<'_>, offset: usize) -> Mark {
        self.line(document.line_of(offset)).0
    }

    /// The notation that took the line at an offset of the document that is being read.
    pub(crate) fn reader_at(&self, document: &Document<'_>, offset: usize) -> &'static str {
        self.line(document.line_of(offset)).1.name()
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
        (document.line_of(range.start)..=last).any(|line| self.line(line).0 == mark)
    }

    pub(crate) fn marks(&self, document: usize) -> &[Line] {
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
        self.layers().any(|it| it.fields.contains_key(&entity))
    }

    /// Whether any field of any entity is known.
    pub(crate) fn has_any_field(&self) -> bool {
        self.layers().any(|it| !it.fields.is_empty())
    }

    /// The first spelling of an entity's field, given any.
    pub(crate) fn field(&self, entity: &str, field: &str) -> Option<&str> {
        self.field_folded(&fold(entity), &fold(field))
    }

    /// The same by the folded names of the entity and the field.
    pub(super) fn field_folded(&self, entity: &str, field: &str) -> Option<&str> {
        let mut found = self.layers().rev().filter_map(|it| it.fields.get(entity)?.get(field));
        found.next().map(String::as_str)
    }

    /// The fields of an entity, as first spelled.
    pub(crate) fn fields_of<'s>(&'s self, entity: &str) -> impl Iterator<Item = &'s str> {
        let entity = fold(entity);
        let of_entity = self.layers().filter_map(move |it| it.fields.get(&entity));
        of_entity.flat_map(BTreeMap::values).map(String::as_str)
    }

    /// The fields, as entity and field, that may have all of these values.
    pub(crate) fn choices(&self, values: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        self.layers().flat_map(|it| it.choices.with_all(values))
    }

    /// The fields of an entity that take listed values, with these, in the order in which they were stated.
    pub(crate) fn choices_of(&self, entity: &str) -> impl Iterator<Item = (&str, &[String])> {
        let entity = fold(entity);
        self.layers().flat_map(move |it| it.choices.of(&entity))
    }

    /// All values of the field of an entity that may have these.
    pub(crate) fn values_with(&self, entity: &str, values: &[&str]) -> &[String] {
        self.layers().find_map(|it| it.choices.values_with(entity, values)).unwrap_or_default()
    }

    /// The folded names of the entities that have fields so far.
    pub(crate) fn described(&self) -> BTreeSet<String> {
        self.layers().flat_map(|it| it.fields.keys()).cloned().collect()
    }

    /// The folded names of the entities whose fields certain notations list.
    pub(crate) fn described_by(&self, counts: impl Fn(&str) -> bool) -> BTreeSet<String> {
        self.stated()
            .filter(|statement| counts(statement.notation))
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
        let message = format!("`{}` is called \"{words}\" and gets no table", title.name);
        self.tell_once(
            Diagnostic::note(crate::code::NOT_STORED, message)
                .at(span, "")
                .help("if it is stored, take that word out of its heading"),
        );
    }

    /// Adds a diagnostic, or its places to one that was just told of the same thing that is not stored.
    pub(super) fn tell_once(&mut self, diagnostic: Diagnostic) {
        let subject = |it: &Diagnostic| it.message.split('"').next().map(str::to_owned);
        let already = self.diagnostics.iter_mut().rev().take(4).find(|other| {
            diagnostic.code == crate::code::NOT_STORED
                && other.code == diagnostic.code
                && subject(other) == subject(&diagnostic)
        });
        match already {
            Some(other) => other.labels.extend(diagnostic.labels),
            None => self.diagnostics.push(diagnostic),
        }
    }

    /// The known entity that the heading of a section names itself.
    pub(crate) fn named_by(&self, section: usize) -> Option<String> {
        if let Some(name) = self.entity(section) {
            return Some(name.clone());
        }
        let whole = self.part.as_ref().map_or(self, |part| &part.before);
        let names = &whole.headings[self.current][section];
        names.iter().find_map(|name| self.known.get_folded(name)).map(str::to_owned)
    }

    /// Makes a section one about an entity that its heading does not name.
    pub(crate) fn set_subject(&mut self, section: usize, entity: &str) {
        if self.entity(section).is_none() {
            self.set_entity(section, entity.to_owned(), None);
        }
    }

    /// The entity that a section names.
    fn entity(&self, section: usize) -> Option<&String> {
        match &self.part {
            Some(part) => part.entity(section),
            None => self.entities[self.current][section].as_ref(),
        }
    }

    fn set_entity(&mut self, section: usize, name: String, statement: Option<usize>) {
        match &mut self.part {
            Some(part) => part.set_entity(section, name, statement),
            None => self.entities[self.current][section] = Some(name),
        }
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
