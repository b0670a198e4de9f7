//! Parts of a document, read side by side: each sees what was known before all of them, and what it finds itself.

use std::collections::BTreeMap;
use std::mem::take;
use std::ops::RangeInclusive;
use std::sync::Arc;

use underpin_base::parallel;

use super::output::{Line, cover};
use super::{Mark, Output};
use crate::document::{Document, Part};
use crate::entity_name::KnownEntities;
use crate::prose::Prose;
use crate::words::fold;

/// Reads the parts of a document, and adds what they say in their order.
pub(crate) fn read(
    document: &Document<'_>,
    read: fn(&Document<'_>, &mut Output),
    out: &mut Output,
) {
    let [_, _, ..] = document.parts[..] else { return read(document, out) };
    let known = Arc::new(take(&mut out.known));
    let prose = Arc::new(take(&mut out.prose));
    let before = Arc::new(take(out));
    let found = parallel::map_uneven(&document.parts, |place| {
        let mut out = Output {
            known: KnownEntities::after(Arc::clone(&known)),
            prose: Prose::of_part(Arc::clone(&prose)),
            current: before.current,
            notation: before.notation,
            reader: before.reader,
            part: Some(Box::new(InPart::new(place, Arc::clone(&before)))),
            ..Output::default()
        };
        read(document, &mut out);
        out.found()
    });
    *out = Output { known: alone(known), prose: alone(prose), ..alone(before) };
    for found in found {
        out.add(found);
    }
}

fn alone<T>(shared: Arc<T>) -> T {
    Arc::into_inner(shared).expect("invariant: no part is being read any more")
}

/// What a part of a document is read with.
#[derive(Debug)]
pub(super) struct InPart {
    /// What was found before, in all documents.
    pub(super) before: Arc<Output>,
    pub(super) place: Part,
    /// What became of its lines.
    lines: Vec<Line>,
    own: Own,
}

/// What is changed of things that are looked up by their place.
#[derive(Debug, Default)]
struct Own {
    /// What became of lines outside of the part, such as headings above it.
    outside: Vec<(RangeInclusive<usize>, Mark)>,
    /// The entities that sections name.
    entities: BTreeMap<usize, String>,
    /// The statements, by their place among those of the part, that say so of a heading above the part: another
    /// part may say the same.
    above: Vec<(usize, usize)>,
    /// The names of queries that were only known from an index, and are stated here.
    stated: Vec<String>,
}

/// What a part says.
#[derive(Debug)]
struct Found {
    out: Output,
    place: Part,
    lines: Vec<Line>,
    own: Own,
}

impl InPart {
    fn new(place: &Part, before: Arc<Output>) -> Self {
        let lines = before.marks[before.current][place.lines.clone()].to_vec();
        Self { before, place: place.clone(), lines, own: Own::default() }
    }

    pub(super) fn line(&self, line: usize) -> Line {
        if self.place.lines.contains(&line) {
            self.lines[line - self.place.lines.start]
        } else {
            self.before.marks[self.before.current][line]
        }
    }

    pub(super) fn mark(&mut self, lines: RangeInclusive<usize>, mark: Mark) {
        let Part { lines: ours, .. } = &self.place;
        if ours.contains(lines.start()) && ours.contains(lines.end()) {
            let (first, last) = (lines.start() - ours.start, lines.end() - ours.start);
            cover(&mut self.lines[first..=last], mark, self.before.reader);
        } else {
            self.own.outside.push((lines, mark));
        }
    }

    pub(super) fn entity(&self, section: usize) -> Option<&String> {
        let own = self.own.entities.get(&section);
        own.or_else(|| self.before.entities[self.before.current][section].as_ref())
    }

    /// Lets a section name an entity, as the statement in this place says.
    pub(super) fn set_entity(&mut self, section: usize, name: String, statement: Option<usize>) {
        if !self.place.sections.contains(&section) {
            self.own.above.extend(statement.map(|statement| (section, statement)));
        }
        self.own.entities.insert(section, name);
    }

    pub(super) fn note_stated(&mut self, query: &str) {
        if self.before.served.contains(query) {
            self.own.stated.push(query.to_owned());
        }
    }
}

impl Output {
    /// What was found in a part, without what was known before.
    fn found(mut self) -> Found {
        let part = self.part.take().expect("invariant: it was made for a part");
        let InPart { place, lines, own, .. } = *part;
        self.known.forget_before();
        self.prose = Prose::default();
        Found { out: self, place, lines, own }
    }

    /// Adds what a part says.
    fn add(&mut self, found: Found) {
        let Found { out, place, lines, own } = found;
        let Output { mut statements, diagnostics, known, fields, owners, choices, .. } = out;
        self.marks[self.current][place.lines].copy_from_slice(&lines);
        for (lines, mark) in own.outside {
            cover(&mut self.marks[self.current][lines], mark, self.reader);
        }
        for query in own.stated {
            self.drop_served(&query);
        }
        for (section, statement) in own.above.into_iter().rev() {
            let known = self.entities[self.current][section].as_ref();
            let name = &own.entities[&section];
            if known.is_some_and(|known| fold(known) == fold(name)) {
                statements.remove(statement);
            }
        }
        for (section, name) in own.entities {
            self.entities[self.current][section] = Some(name);
        }
        self.statements.append(&mut statements);
        for diagnostic in diagnostics {
            self.tell_once(diagnostic);
        }
        self.known.add_all(known);
        for (entity, fields) in fields {
            self.fields.entry(entity).or_default().extend(fields);
        }
        for (name, owners) in owners {
            self.owners.entry(name).or_default().extend(owners);
        }
        self.choices.add_all(choices);
        self.said.extend(out.said);
        self.queries.extend(out.queries);
        self.served.extend(out.served);
    }
}
