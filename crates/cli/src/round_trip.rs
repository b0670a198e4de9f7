//! Documents and the `underpin.yaml` that a person edited, taken together: the model that both say, and the file that
//! says it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use underpin_base::{Diagnostic, DocumentId, Sources, Span};
use underpin_model::{Answer, Answered, Assumptions, Model};
use underpin_read::{Fact, Reading, yaml};

use crate::model_file::{self, Conflict, Edit, EditKind, Held, MODEL_FILE, Update};
use crate::{codes, wire};

/// What came of a model file and the documents.
#[derive(Debug)]
pub(crate) struct Joined {
    /// The documents, and the model file where it holds something of a person's.
    pub(crate) sources: Sources,
    pub(crate) model: Model,
    /// Of the model and of the file; those of the reading are not in here.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The file as it is to be written; none where the one that is there cannot be worked with, or nobody wants one.
    pub(crate) file: Option<String>,
    /// Whether the one that is there can be worked with.
    pub(crate) usable: bool,
}

/// How often the file may move its own lines before they must stand still. Only what is reported in the file can move
/// them, and it is the same the second time.
const MOST_ROUNDS: usize = 4;

/// What the documents alone say, where no file is wanted.
pub(crate) fn alone(reading: &Reading, documents: &Sources, assumptions: Assumptions) -> Joined {
    let stated = underpin_model::build_answered(reading, documents, &[], assumptions);
    let diagnostics = stated.model.diagnostics.clone();
    let sources = documents.clone();
    Joined { sources, model: stated.model, diagnostics, file: None, usable: true }
}

/// Joins what the documents say with the file of an earlier run.
pub(crate) fn join(
    reading: &Reading,
    documents: &Sources,
    held: Option<&Held>,
    assumptions: Assumptions,
) -> Joined {
    let Some(held) = held else { return round(reading, documents, None, assumptions) };
    let mut text = held.text.clone();
    let mut joined = round(reading, documents, Some(&text), assumptions);
    for _ in 1..MOST_ROUNDS {
        match &joined.file {
            Some(file) if *file != text => {
                text.clone_from(file);
                joined = round(reading, documents, Some(&text), assumptions);
            }
            Some(_) | None => break,
        }
    }
    joined
}

fn round(
    reading: &Reading,
    documents: &Sources,
    before: Option<&str>,
    assumptions: Assumptions,
) -> Joined {
    let mut sources = documents.clone();
    let file = before.map(|text| sources.add(MODEL_FILE, text));
    let mut diagnostics = file.map(|id| model_file::remarks(&sources, id)).unwrap_or_default();
    if !diagnostics.is_empty() {
        return Joined { sources, model: Model::default(), diagnostics, file: None, usable: false };
    }
    let answers = file.map(|id| model_file::answers(&sources, id)).unwrap_or_default();
    diagnostics.extend_from_slice(&answers.diagnostics);
    let stated = underpin_model::build_answered(reading, &sources, &answers.questions, assumptions);
    let told = diagnostics.len();
    let fresh = text_of(reading, &stated.model, &diagnostics, &sources);
    let update = model_file::update(before, &fresh, &answers.conflicts);
    let (Some(id), false) = (file, update.edits.is_empty() && update.conflicts.is_empty()) else {
        unknown_answers(&stated.model, &answers.questions, &[&stated], &mut diagnostics);
        diagnostics.extend(unknown_conflicts(&answers, &update));
        diagnostics.extend_from_slice(&stated.model.diagnostics);
        // The text of a large model takes as long as the model.
        let last = if diagnostics.len() == told {
            fresh
        } else {
            text_of(reading, &stated.model, &diagnostics, &sources)
        };
        let file = model_file::finish(&update, &last);
        // A file that nobody has touched is no document.
        let sources = if update.is_untouched() { documents.clone() } else { sources };
        return Joined {
            sources,
            model: stated.model,
            diagnostics,
            file: Some(file),
            usable: true,
        };
    };

    let edited = edited(&sources, id, &update);
    diagnostics.extend(unknown_conflicts(&answers, &update));
    let mut held =
        underpin_model::build_answered(&edited, &sources, &answers.questions, assumptions);
    still_open(&stated.model, &mut held.model, &update.edits);
    diagnostics.extend(not_understood(&held.model, &sources, id, &update));
    unknown_answers(&held.model, &answers.questions, &[&stated, &held], &mut diagnostics);
    diagnostics.extend(update.conflicts.iter().map(|it| conflict(it, &sources, id)));
    diagnostics.extend(update.edits.iter().map(|it| edit(it, &sources, id)));
    diagnostics.extend_from_slice(&edited.diagnostics);
    // What the documents contradict each other in stays true, whatever the file says; so does an answer of no use.
    let contradicts = [
        underpin_model::codes::CONFLICTING_STATEMENTS,
        underpin_model::codes::DUPLICATE_ENTITY,
        underpin_model::codes::DUPLICATE_FIELD,
        underpin_model::codes::STATES_DISAGREE,
        underpin_model::codes::IMPOSSIBLE_ANSWER,
    ];
    let theirs = stated.model.diagnostics.iter().filter(|it| contradicts.contains(&it.code));
    for diagnostic in theirs.chain(&held.model.diagnostics) {
        if !diagnostics.contains(diagnostic) {
            diagnostics.push(diagnostic.clone());
        }
    }
    let text = model_file::finish(&update, &text_of(reading, &held.model, &diagnostics, &sources));
    Joined { sources, model: held.model, diagnostics, file: Some(text), usable: true }
}

/// The model file as a first run writes it, without digests.
fn text_of(
    reading: &Reading,
    model: &Model,
    diagnostics: &[Diagnostic],
    sources: &Sources,
) -> String {
    let all = [&*reading.diagnostics, diagnostics].concat();
    // What the file tells about itself would change it with every run.
    let told: Vec<Diagnostic> = all
        .into_iter()
        .filter(|it| {
            let of_file =
                [codes::MODEL_FILE_EDITED, codes::MODEL_FILE_CONFLICT, codes::EDIT_WITHOUT_EFFECT];
            !of_file.contains(&it.code)
        })
        .collect();
    let coverage = reading.coverage_without(unkept(&told), sources);
    wire::model_yaml(&wire::model_file(model, &coverage, &told, sources))
}

/// Where sentences stand that were read and gave no rule.
pub(crate) fn unkept(diagnostics: &[Diagnostic]) -> impl Iterator<Item = Span> {
    let lost =
        [underpin_model::codes::UNENFORCED_SENTENCE, underpin_model::codes::RULE_WITHOUT_ENTITY];
    let told = diagnostics.iter().filter(move |it| lost.contains(&it.code));
    told.flat_map(|it| &it.labels).map(|label| label.span)
}

/// What the edited file says: an item that the person left alone stands where the documents state it.
fn edited(sources: &Sources, id: DocumentId, update: &Update) -> Reading {
    let mut with_update = Sources::default();
    for (at, document) in sources.iter() {
        let text = if at == id { &update.text } else { document.text() };
        with_update.add(document.path(), text);
    }
    let mut reading = underpin_read::read_one(&with_update, id);
    let Ok(root) = yaml::parse(&update.text) else { return reading };
    let stated = model_file::stated_places(&root, &with_update, id);
    let own: BTreeSet<usize> = update
        .edits
        .iter()
        .map(|it| (&it.path, it.kind))
        .chain(update.conflicts.iter().map(|it| (&it.path, EditKind::Changed)))
        .flat_map(|(path, kind)| {
            let range = model_file::item_place(&update.text, path, kind);
            let line = |at| with_update.get(id).line_of(at);
            match kind {
                EditKind::Added => line(range.start)..=line(range.end),
                EditKind::Changed | EditKind::Removed => line(range.start)..=line(range.start),
            }
        })
        .collect();
    let said: BTreeMap<usize, String> = expressions(&update.text, &update.edits)
        .map(|(edit, text)| {
            let range = model_file::item_place(&update.text, &edit.path, edit.kind);
            (with_update.get(id).line_of(range.start), text)
        })
        .collect();
    for statement in &mut reading.statements {
        let line = with_update.get(id).line_of(statement.span.range().start);
        if own.contains(&line) {
            // A person has said so.
            (statement.inferred, statement.assumed) = (None, None);
            if let (Fact::Rule { text, .. }, Some(said)) = (&mut statement.fact, said.get(&line)) {
                text.clone_from(said);
            }
        } else if let Some(span) = stated.get(&line) {
            statement.span = *span;
        }
    }
    reading
}

/// The expressions that a person gave rules: they hold instead of the rule's words.
fn expressions<'a>(
    file: &'a str,
    edits: &'a [Edit],
) -> impl Iterator<Item = (&'a Edit, String)> + 'a {
    let of_rules = |it: &&Edit| {
        it.path.starts_with("rules/")
            && it.path.ends_with("/expression")
            && it.kind == EditKind::Changed
    };
    edits.iter().filter(of_rules).filter_map(|it| Some((it, model_file::value(file, &it.path)?)))
}

/// Expressions of a person's that say nothing to us, and those that were taken out while the rule's words stayed.
fn not_understood(
    model: &Model,
    sources: &Sources,
    id: DocumentId,
    update: &Update,
) -> Vec<Diagnostic> {
    let is_rule = |it: &&Edit| it.path.starts_with("rules/") && it.path.ends_with("/expression");
    let given: Vec<(&Edit, String)> = expressions(&update.text, &update.edits).collect();
    update
        .edits
        .iter()
        .filter(is_rule)
        .filter_map(|edit| {
            let text = given.iter().find(|(it, _)| it.path == edit.path).map(|(_, text)| text);
            let message = match text {
                Some(text) => {
                    let mut rules = model.rules.iter().filter(|it| it.text == *text);
                    if rules.any(|it| it.expression.is_some() || it.became.is_some()) {
                        return None;
                    }
                    format!("the expression `{text}` is not understood; the rule is kept as text")
                }
                None => "a rule without its expression still means what its `text` says".to_owned(),
            };
            let range = model_file::place(sources.get(id).text(), &edit.path);
            Some(
                Diagnostic::warning(codes::EDIT_WITHOUT_EFFECT, message)
                    .at(Span::new(id, first_line(sources, id, range)), "")
                    .help(codes::EXPRESSION_HELP),
            )
        })
        .collect()
}

/// What the documents leave open stays open, and what was chosen for them chosen, but for what the person edited: of
/// that the file itself says what is open.
fn still_open(stated: &Model, held: &mut Model, edits: &[Edit]) {
    let edited: Vec<String> = edits.iter().map(|it| model_file::subject(&it.path)).collect();
    let concerned = |subject: &str| {
        edited.iter().any(|it| {
            it.strip_prefix(subject).is_some_and(|rest| {
                // Of a whole entity it is asked what its key is, and which of its fields may be empty.
                let says = |key| rest.ends_with(key);
                let is_field = subject.contains('.') && rest.starts_with('.');
                rest.is_empty() || is_field || says(".required") || says(".primary_key")
            })
        })
    };
    for question in &stated.questions {
        if !concerned(&question.subject) && !held.questions.iter().any(|it| it.id == question.id) {
            held.questions.push(question.clone());
        }
    }
    for assumption in &stated.assumptions {
        let known = held.assumptions.iter().any(|it| it.id == assumption.id);
        if !concerned(&assumption.subject) && !known {
            held.assumptions.push(assumption.clone());
        }
    }
    // In the order of the documents, so that an edit moves nothing in the list.
    let place = |id: &str| stated.questions.iter().position(|it| it.id == id).unwrap_or(usize::MAX);
    held.questions.sort_by_key(|it| place(&it.id));
    let place =
        |id: &str| stated.assumptions.iter().position(|it| it.id == id).unwrap_or(usize::MAX);
    held.assumptions.sort_by_key(|it| place(&it.id));
}

fn unknown_answers(
    model: &Model,
    answers: &[Answer],
    models: &[&Answered],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_asked = |id: &String| models.iter().any(|it| it.asked.contains(id));
    let unknown = answers.iter().filter(|it| !is_asked(&it.question));
    diagnostics.extend(unknown.map(|it| underpin_model::unknown_question(model, it)));
}

fn unknown_conflicts<'a>(
    answers: &'a model_file::Answers,
    update: &'a Update,
) -> impl Iterator<Item = Diagnostic> + 'a {
    answers.places.iter().filter(|(id, _)| !update.settled(id)).map(|(id, span)| {
        let message =
            format!("there is no conflict `{id}` any more, so its answer changes nothing");
        Diagnostic::error(underpin_model::codes::UNKNOWN_QUESTION, message)
            .at(*span, "")
            .help("take the line out")
    })
}

fn conflict(it: &Conflict, sources: &Sources, id: DocumentId) -> Diagnostic {
    let subject = model_file::subject(&it.path);
    let message = match (&it.documents, &it.person) {
        (Some(theirs), Some(mine)) => {
            format!("`{subject}` is `{mine}` in {MODEL_FILE}, and the documents now say `{theirs}`")
        }
        (None, Some(_)) => {
            format!("`{subject}` was changed in {MODEL_FILE}, and the documents no longer say it")
        }
        (Some(_), None) => {
            format!("`{subject}` was taken out of {MODEL_FILE}, and the documents changed it")
        }
        (None, None) => format!("`{subject}` was changed in {MODEL_FILE} and in the documents"),
    };
    let range = model_file::place(sources.get(id).text(), &it.path);
    let diagnostic = Diagnostic::error(codes::MODEL_FILE_CONFLICT, message + "; the file's holds");
    let diagnostic = match it.stated.as_ref().and_then(|it| stated(it, sources, id)) {
        Some(span) => diagnostic.at(span, "what the documents say"),
        None => diagnostic,
    };
    diagnostic
        .at(Span::new(id, first_line(sources, id, range)), "what the file says")
        .help(format!("put `{}: mine` or `{}: documents` under `answers`", it.id, it.id))
}

fn edit(it: &Edit, sources: &Sources, id: DocumentId) -> Diagnostic {
    let what = match it.kind {
        EditKind::Changed => "edited",
        EditKind::Added => "added",
        EditKind::Removed => "taken out",
    };
    let message = format!("`{}` is {what} in {MODEL_FILE}", model_file::subject(&it.path));
    let range = model_file::place(sources.get(id).text(), &it.path);
    if it.path.ends_with("/became") || it.path.ends_with("/reason") {
        let message = message + ", which changes nothing: it only tells what was made of it";
        return Diagnostic::warning(codes::EDIT_WITHOUT_EFFECT, message)
            .at(Span::new(id, first_line(sources, id, range)), "")
            .help("edit what it was made of, such as the rule's `text` or `expression`");
    }
    Diagnostic::note(codes::MODEL_FILE_EDITED, message)
        .at(Span::new(id, first_line(sources, id, range)), "")
}

/// The part of a range on its first line: a whole entity is too much to show.
fn first_line(
    sources: &Sources,
    id: DocumentId,
    range: std::ops::Range<usize>,
) -> std::ops::Range<usize> {
    let document = sources.get(id);
    let start = range.start.min(document.text().len());
    let line = document.line_range(document.line_of(start));
    start..range.end.min(line.end).max(start)
}

fn stated(it: &model_file::Stated, sources: &Sources, own: DocumentId) -> Option<Span> {
    let found = sources.iter().find(|(id, document)| *id != own && document.path() == it.document);
    let (id, document) = found?;
    Some(Span::new(id, document.line_range(it.line.checked_sub(1)?)))
}

/// The file of a folder; an error where it cannot be read.
pub(crate) fn held(folder: Option<&Path>) -> Result<Option<Held>, Box<Diagnostic>> {
    folder.map_or(Ok(None), Held::of)
}
