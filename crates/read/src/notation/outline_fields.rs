//! Names at the margin, and below each its fields, further in: an outline in running text or in a plain fence. A name that
//! is underlined, stands in square brackets or before a brace has the lines up to the next one below it, and one that a tree
//! hangs from has its branches.

use std::ops::Range;

use underpin_base::Span;

use crate::document::{BlockKind, Document};
use crate::entity_name::read_title_over_fields;
use crate::modifier;
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::field_notes::several;
use crate::notation::field_phrases::{Part, labelled_part};
use crate::notation::whole_lines::closed;
use crate::notation::{Output, bullet_fields, entity_fact};
use crate::words::{is_identifier, lower_words, parenthesized, split_top};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

pub(super) const DOC: &str = "An outline: a name at the margin, in square brackets, underlined, before a brace or over a drawn tree, and its fields further in, one on a line or several between commas.";

/// How the names of things are told from their fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By standing further out.
    Margin,
    /// By brackets, braces or a line below them.
    Marks,
    /// By branches that hang from them.
    Branches,
}

/// A line with how far in it stands.
struct Line<'d> {
    indent: usize,
    text: &'d str,
    span: Span,
}

/// A thing with the lines below its name.
struct Outlined<'d> {
    name: String,
    /// What stands in brackets behind the name.
    remark: &'d str,
    span: Span,
    fields: Vec<(FieldFact, Span)>,
    /// Keys of several fields and indexes, each a line as it stands.
    keys: Vec<(&'d str, Span)>,
    /// Lines that name no field.
    others: usize,
    /// Fields of which a type, a mark or the name shows that they are fields.
    sure: usize,
}

impl Outlined<'_> {
    fn is_row(&self) -> bool {
        let is_key = |field: &FieldFact| {
            field.name.eq_ignore_ascii_case("id")
                || field.primary_key == Some(true)
                || field.name.ends_with("_id")
        };
        let is_typed =
            |field: &FieldFact| field.type_text.as_deref().is_some_and(modifier::is_scalar);
        let typed = self.fields.iter().filter(|(field, _)| is_typed(field)).count();
        self.fields.iter().any(|(field, _)| is_key(field))
            || self.name.starts_with(char::is_uppercase) && typed >= 2
    }
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        if is_out_of_scope(document, block.section) || !out.is_open(document, block.range.start) {
            continue;
        }
        let lines: Vec<Line<'_>> = match &block.kind {
            // A single line has nothing below it.
            BlockKind::Paragraph(inline) if inline.lines.len() < 2 => continue,
            BlockKind::Paragraph(inline) => {
                let ranges: Vec<_> = inline.lines.iter().map(|line| line.range.clone()).collect();
                let text = |range: &Range<usize>| document.line_up_to(range.start, range.end);
                let whole = closed(&ranges, text);
                whole.into_iter().filter_map(|range| line_at(document, range)).collect()
            }
            BlockKind::Code(code)
                if matches!(
                    code.language.as_str(),
                    "" | "txt" | "text" | "plaintext" | "plain"
                ) || code.text.contains("├─") =>
            {
                let line = |range: Range<usize>| Line {
                    indent: indent(&code.text[range.clone()]),
                    text: str::trim(&code.text[range.clone()]),
                    span: document.code_span(code, range),
                };
                let ranges: Vec<_> = code.lines().map(|(_, range)| range).collect();
                let whole = closed(&ranges, |range| &code.text[range.clone()]);
                whole.into_iter().map(line).filter(|line| !line.text.is_empty()).collect()
            }
            BlockKind::Code(_) | BlockKind::List(_) | BlockKind::Table(_) => continue,
        };
        // What another notation took of a block is not outlined again.
        let are_open = lines.iter().all(|line| out.is_open(document, line.span.range().start));
        if !are_open {
            continue;
        }
        let (form, lines) = match (branched(&lines), marked(&lines)) {
            (Some(lines), _) => (Form::Branches, lines),
            (None, Some(lines)) => (Form::Marks, lines),
            (None, None) => (Form::Margin, lines),
        };
        let Some(mut things) = outline(&lines, form, out) else { continue };
        // Styles and settings stand in braces too, and folders and answers of an interface in trees: what is a row has a
        // key, a type or the name of a thing.
        match form {
            Form::Margin => {}
            Form::Marks if things.iter().all(Outlined::is_row) => {}
            Form::Marks => continue,
            Form::Branches => things.retain(Outlined::is_row),
        }
        for thing in &things {
            if out.known.get(&thing.name).is_none() {
                out.state(document, thing.span, entity_fact(&thing.name));
            }
        }
        for thing in things {
            state(document, thing, out);
        }
    }
}

/// A line of running text, with the white space before it, which Markdown leaves out.
fn line_at<'d>(document: &'d Document<'_>, range: Range<usize>) -> Option<Line<'d>> {
    let whole = document.line_up_to(range.start, range.end);
    let text = whole.trim();
    (!text.is_empty()).then(|| Line { indent: indent(whole), text, span: document.span(range) })
}

fn indent(text: &str) -> usize {
    let blank = text.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blank.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The things that lines outline, where all lines belong to one and most name fields.
fn outline<'d>(lines: &[Line<'d>], form: Form, out: &Output) -> Option<Vec<Outlined<'d>>> {
    let margin = lines.first()?.indent;
    let mut things: Vec<Outlined<'d>> = Vec::new();
    for line in lines {
        if line.indent <= margin {
            // "queries" over what is asked ends the outline.
            if !things.is_empty() && bullet_fields::label(line.text) == bullet_fields::Label::Other
            {
                break;
            }
            // A name without a line below it outlines nothing.
            if things.last().is_some_and(|thing| thing.fields.is_empty()) {
                return None;
            }
            let (name, remark) = head(line.text)?;
            let (fields, keys, others, sure) = (Vec::new(), Vec::new(), 0, 0);
            things.push(Outlined { name, remark, span: line.span, fields, keys, others, sure });
            continue;
        }
        let thing = things.last_mut()?;
        if key(&thing.name, line.text).is_some() {
            thing.keys.push((line.text, line.span));
            continue;
        }
        let parts = fields(line.text, out);
        // A line that names no field at all says one thing.
        if parts.len() > 1 && parts.iter().all(|(field, _)| field.is_none()) {
            thing.others += 1;
            continue;
        }
        for (field, is_sure) in parts {
            thing.sure += usize::from(is_sure);
            match field {
                Some(field) => thing.fields.push((field, line.span)),
                None => thing.others += 1,
            }
        }
    }
    let count = |of: fn(&Outlined<'_>) -> usize| things.iter().map(of).sum::<usize>();
    let (fields, others) = (count(|it| it.fields.len()), count(|it| it.others));
    let (sure, last) = (count(|it| it.sure), things.last()?);
    // A name that hangs from another stands there for a reason, whatever is said of it.
    // So does one that is set as code over a line further in.
    let is_code = |line: &Line<'_>| {
        line.text.len() > 2 && line.text.starts_with('`') && line.text.ends_with('`')
    };
    let are_code =
        form == Form::Margin && lines.iter().filter(|it| it.indent <= margin).all(is_code);
    let share = if form == Form::Branches || are_code { 4 } else { 2 };
    let enough = fields >= 2 && sure * share >= fields && others * 4 <= fields;
    (enough && !last.fields.is_empty()).then_some(things)
}

/// The lines of a block with trees, in which the branches of the first level are moved in below the name that they hang from.
/// What stands between two trees, and what hangs from a branch, is left out; so are trees of indexes and of what else is no thing.
fn branched<'d>(lines: &[Line<'d>]) -> Option<Vec<Line<'d>>> {
    let mut moved: Vec<Line<'d>> = Vec::with_capacity(lines.len());
    // Where the branches of the tree stand that is being read.
    let mut at: Option<usize> = None;
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        let Some(text) = branch(line.text) else {
            let next = rest.peek().filter(|next| branch(next.text).is_some());
            let label = bullet_fields::label(line.text.trim_end_matches(':'));
            let is_thing = |_: &&&Line<'_>| label == bullet_fields::Label::Unknown;
            // The shaft of a deeper branch belongs to the tree.
            if !line.text.starts_with('│') {
                at = next.filter(is_thing).map(|next| next.indent);
                moved.extend(at.map(|_| Line { indent: 0, text: line.text, span: line.span }));
            }
            continue;
        };
        if at == Some(line.indent) {
            moved.push(Line { indent: 1, text, span: line.span });
        }
    }
    (!moved.is_empty()).then_some(moved)
}

/// What hangs from a branch at the margin: "├── name".
fn branch(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['├', '└'])?;
    Some(rest.trim_start_matches(['─', '-', ' ', '•']).trim_end())
}

/// The lines of a block in which names are marked otherwise than by standing further out, with the fields of each moved in.
fn marked<'d>(lines: &[Line<'d>]) -> Option<Vec<Line<'d>>> {
    let margin = lines.first()?.indent;
    let mut moved: Vec<Line<'d>> = Vec::with_capacity(lines.len());
    let mut names = 0;
    let mut rest = lines.iter().peekable();
    let at = |indent, text, span| Line { indent, text, span };
    while let Some(line) = rest.next() {
        let is_ruled = rest.peek().is_some_and(|next| is_rule(next.text));
        let name = if is_ruled && line.indent <= margin && !is_rule(line.text) {
            rest.next();
            Some(line.text)
        } else if let Some(name) = line.text.strip_suffix('{') {
            Some(without_keyword(name.trim_end()))
        } else if let Some((name, inside)) =
            line.text.strip_suffix('}').and_then(|it| it.split_once('{'))
        {
            names += 1;
            moved.push(at(margin, without_keyword(name.trim_end()), line.span));
            let parts = split_top(inside, &[',', ';']);
            moved.extend(parts.into_iter().map(|it| at(margin + 1, it.trim(), line.span)));
            continue;
        } else {
            line.text.strip_prefix('[').and_then(|it| it.strip_suffix(']'))
        };
        match name {
            Some(name) => {
                names += 1;
                moved.push(at(margin, name, line.span));
            }
            None if is_rule(line.text) || line.text.starts_with('}') => {}
            // What stands before the first name belongs to none.
            None if names == 0 => return None,
            None => moved.push(at(line.indent.max(margin) + 1, line.text, line.span)),
        }
    }
    (names > 0).then_some(moved)
}

/// A line of dashes.
fn is_rule(text: &str) -> bool {
    text.len() >= 3 && text.chars().all(|c| matches!(c, '-' | '=' | '─' | '═' | '—' | '_'))
}

/// The name behind a word that says what is declared: "entity Order".
fn without_keyword(text: &str) -> &str {
    const WORDS: &[&str] = &["entity", "table", "collection", "model", "record", "object", "type"];
    match text.split_once(' ') {
        Some((word, name)) if WORDS.contains(&word.to_lowercase().as_str()) => name.trim(),
        Some(_) | None => text,
    }
}

/// The name of a thing, and what stands in brackets behind it: "positions (append only)".
fn head(text: &str) -> Option<(String, &str)> {
    let text = text.trim_end_matches(':');
    let (name, remark) = match parenthesized(text) {
        Some((name, remark, "")) => (name, remark),
        Some(_) => return None,
        None => (text, ""),
    };
    let name = name.trim().trim_matches(['*', '`', '#', ' ']);
    let words = lower_words(name);
    let is_name = (1..=3).contains(&words.len())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        && bullet_fields::label(name) == bullet_fields::Label::Unknown;
    // The lines below decide: they must be fields.
    let title = read_title_over_fields(name, false);
    let title = title.filter(|title| is_name && title.not_stored.is_none())?;
    Some((title.name, remark))
}

/// The fields of a line, each with whether it is surely one; nothing for what is no field.
fn fields(text: &str, out: &Output) -> Vec<(Option<FieldFact>, bool)> {
    let flat: Vec<&str> = text.lines().map(str::trim).collect();
    let flat = flat.join(" ").replace('\t', "  ");
    let text = flat.trim_start_matches(['-', '•', ' ']).trim_end_matches([',', ';']);
    // "fetch()" is done by a thing, and not kept of it.
    if text.contains("()") {
        return vec![(None, false)];
    }
    // "*id" and "+user_id" are how entity diagrams in text mark the key and what refers to another.
    let is_key = text.starts_with('*') && text[1..].starts_with(char::is_alphabetic);
    let text = text.trim_start_matches(['*', '+', ' ']);
    // "Quest *--1 User" relates two things.
    if text.contains("--") && !text.contains(" -- ") {
        return vec![(None, false)];
    }
    let (text, comment) = commented(text);
    if let Some(field) = in_columns(text) {
        return vec![(Some(field), true)];
    }
    if is_key && is_identifier(text) {
        let name = text.to_owned();
        let field = FieldFact { name, primary_key: Some(true), ..FieldFact::default() };
        return vec![(Some(field), true)];
    }
    let mut found: Vec<(Option<FieldFact>, bool)> = match bullet_fields::typed_field(text) {
        // A comma may part marks of one field as well as names of several: "id, name" has no type in front.
        Some(field) if text.contains(": ") => vec![(Some(field), true)],
        Some(_) | None => {
            let parts = split_top(text, &[',']);
            parts.into_iter().map(|part| field(part.trim(), out)).collect()
        }
    };
    if let ([(Some(field), _)], Some(comment)) = (&mut found[..], comment) {
        let values = modifier::enum_values(comment);
        let are_words = values.len() > 1 && values.iter().all(|value| is_identifier(value));
        let is_text = field.type_text.as_deref().is_none_or(|kind| {
            kind.starts_with("text") || kind.starts_with("varchar") || kind.starts_with("string")
        });
        if are_words && is_text && field.enum_values.is_empty() {
            field.enum_values = values;
        } else {
            modifier::read_description(comment, field);
        }
    }
    found
}

/// A field whose name, type and marks stand in columns, with wide gaps between: "status   enum   active, done".
fn in_columns(text: &str) -> Option<FieldFact> {
    let mut cells = text.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let (name, kind) = (cells.next()?, cells.next()?);
    let rest: Vec<&str> = cells.collect();
    let rest = rest.join(", ");
    if !is_identifier(name) || !modifier::is_scalar(kind.split(' ').next().unwrap_or_default()) {
        return None;
    }
    let values = crate::notation::code::listed_values(&rest);
    let text = if values.is_empty() {
        format!("{name}: {kind}, {rest}")
    } else {
        format!("{name}: {kind} ({rest})")
    };
    bullet_fields::typed_field(text.trim_end_matches([',', ' ']))
}

/// What stands before a comment, and the comment.
fn commented(text: &str) -> (&str, Option<&str>) {
    for mark in [" -- ", " # ", " // ", " ← ", " <- "] {
        if let Some((text, comment)) = text.split_once(mark) {
            return (text.trim(), Some(comment.trim()));
        }
    }
    (text, None)
}

/// `plate varchar(12) unique not null`, `depot_id -> depots`, `ended_at null`, "first name".
fn field(text: &str, out: &Output) -> (Option<FieldFact>, bool) {
    let (name, rest) = text.split_once([' ', ':']).unwrap_or((text, ""));
    let rest = rest.trim_start_matches([':', ' ']);
    let name = name.trim_matches('`');
    let first = rest.split([' ', ',']).next().unwrap_or_default();
    let refers = first.starts_with(['-', '→', '=']) || first.eq_ignore_ascii_case("fk");
    let is_mark = matches!(
        first.to_lowercase().as_str(),
        "null" | "not" | "unique" | "pk" | "primary" | "references" | "optional" | "required"
    );
    if is_identifier(name.trim_end_matches('?'))
        && !name.contains('.')
        && (refers || is_mark || modifier::is_scalar(first))
    {
        let mut field = FieldFact::default();
        if name.ends_with('?') {
            field.required = Some(false);
        }
        name.trim_end_matches('?').clone_into(&mut field.name);
        modifier::read_into(rest, !refers && !is_mark, &mut field);
        return (Some(field), true);
    }
    match labelled_part(text, out) {
        Part::Field { field, is_code, is_property } => {
            let lower = field.name.to_lowercase();
            let is_id = lower == "id" || lower.ends_with("_id") || field.name.ends_with("Id");
            (Some(*field), is_code || is_property || is_id)
        }
        Part::Thing | Part::Words => (None, false),
    }
}

/// A key of several fields, or an index, on a line of its own: `PRIMARY KEY (a, b)`, `INDEX(email)`.
fn key(entity: &str, text: &str) -> Option<Fact> {
    let lower = text.to_lowercase();
    if !(lower.starts_with("index(") || lower.starts_with("index (")) {
        return bullet_fields::key_item(entity, text);
    }
    let (_, inside, _) = parenthesized(text)?;
    let columns: Vec<String> =
        split_top(inside, &[',']).iter().map(|it| it.trim().to_owned()).collect();
    let (name, unique, method, purpose) = (None, false, None, None);
    let entity = entity.to_owned();
    columns.iter().all(|it| is_identifier(it)).then_some(Fact::Index(IndexFact {
        entity,
        name,
        columns,
        unique,
        method,
        purpose,
    }))
}

/// States the fields, now that all things are known by name: what has the name of one refers to it.
fn state(document: &Document<'_>, thing: Outlined<'_>, out: &mut Output) {
    let Some(entity) = out.known.get(&thing.name).map(str::to_owned) else { return };
    for (mut field, span) in thing.fields {
        if let Some(fact) = several(&entity, &field, out) {
            out.state(document, span, fact);
            continue;
        }
        if field.references.is_none() && field.type_text.is_none() {
            field.references = out.known.get(&field.name).map(|target| ReferenceFact {
                entity: target.to_owned(),
                field: None,
                on_delete: None,
            });
        }
        out.state(document, span, Fact::Field { entity: entity.clone(), field });
    }
    for (text, span) in thing.keys {
        if let Some(fact) = key(&entity, text) {
            out.state(document, span, fact);
        }
    }
    for said in split_top(thing.remark, &[',', ';']) {
        let lower = said.trim().to_lowercase();
        if matches!(lower.as_str(), "append only" | "append-only" | "immutable" | "insert only") {
            let fact = Fact::Rule { entity: Some(entity.clone()), field: None, text: lower };
            out.state(document, thing.span, fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_at_the_margin() {
        check(
            "# Fleet\n\n## Tables\n\nvehicles\n  id bigserial\n  plate varchar(12) unique not null\n  status text  -- active, in_service, sold\n  depot_id -> depots\ndepots\n  id, name, city\npositions (very large, append only)\n  vehicle_id, recorded_at, ended_at null, speed_kmh smallint\n\n```\nDriver\n    id\n    first name, license_no unique\n```\n",
            &expect![[r#"
                5 outline-fields  entity vehicles
                6 outline-fields  field vehicles.id bigserial
                7 outline-fields  field vehicles.plate varchar(12) required unique
                8 outline-fields  field vehicles.status text [active | in_service | sold]
                9 outline-fields  field vehicles.depot_id -> depots
                10 outline-fields  entity depots
                11 outline-fields  field depots.id
                11 outline-fields  field depots.name
                11 outline-fields  field depots.city
                12 outline-fields  entity positions
                12 outline-fields  rule positions: append only
                13 outline-fields  field positions.vehicle_id
                13 outline-fields  field positions.recorded_at
                13 outline-fields  field positions.ended_at optional
                13 outline-fields  field positions.speed_kmh smallint
                16 outline-fields  entity Driver
                17 outline-fields  field Driver.id
                18 outline-fields  field Driver.first name
                18 outline-fields  field Driver.license_no unique
            "#]],
        );
    }

    #[test]
    fn names_that_are_marked_otherwise() {
        check(
            "```\nBench {\n  id: UUID\n  note: String?\n  path_id: UUID -> Path\n}\n\nentity Path { id: UUID, name: string }\n```\n\n```\nGate\n-----\nid          uuid        PK\ntitle       varchar     not null\npath_id     uuid        FK -> paths.id\nstate       enum        open, shut\n\nPerformance\n-----------\nid          int         PK\nscore       int\n```\n\n```\n[Lamp]\n*id\nname\n+gate_id\n\n[Bulb]\n*id\nlamp_id\n```\n",
            &expect![[r#"
                2 outline-fields  entity Bench
                3 outline-fields  field Bench.id UUID
                4 outline-fields  field Bench.note String optional
                5 outline-fields  field Bench.path_id UUID -> Path
                8 outline-fields  entity Path
                8 outline-fields  field Path.id UUID
                8 outline-fields  field Path.name string
                12 outline-fields  entity Gate
                14 outline-fields  field Gate.id uuid primary key
                15 outline-fields  field Gate.title varchar required
                16 outline-fields  field Gate.path_id uuid -> paths.id
                17 outline-fields  field Gate.state enum [open | shut]
                19 outline-fields  entity Performance
                21 outline-fields  field Performance.id int primary key
                22 outline-fields  field Performance.score int
                26 outline-fields  entity Lamp
                27 outline-fields  field Lamp.id primary key
                28 outline-fields  field Lamp.name
                29 outline-fields  field Lamp.gate_id
                31 outline-fields  entity Bulb
                32 outline-fields  field Bulb.id primary key
                33 outline-fields  field Bulb.lamp_id
            "#]],
        );
    }

    #[test]
    fn braces_of_other_things() {
        check(
            "```\nbody {\n  margin: text\n  color: date\n}\n```\n\n```\nserver {\n  listen 80\n  name: string\n}\n```\n\n```\nFirst step\n----------\nwrite it down\nread it\n```\n\n```\n{\n  id: uuid\n  name: string\n}\n```\n",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn outlines_of_other_things() {
        check(
            "# Plan\n\nfirst week\n  talk to the users, and to the team\n  write things down\nsecond week\n  build\n\n```\nsrc\n  main.rs\n  lib.rs\n```\n\nA sentence that is long and goes on\n  in the next line, which stands further in.\n",
            &expect![[""]],
        );
    }

    #[test]
    fn branches_of_a_tree() {
        check(
            "# Data\n\n```sql\nusers table\n├── id (UUID, PK)\n├── email (TEXT, UNIQUE)\n├── role (TEXT, CHECK: owner|guest)\n├── bio\n├── created_at\n└── INDEX(email)\n\nIndexes:\n├── (email, role)\n└── role\n\nboats (sailing)\n├── id: UUID\n├── owner_id → users  ← who bought it\n├── name, length_m, harbour\n├── kind: sloop | ketch\n├── hull: jsonb\n│   ├── colour: text\n│   └── weight: int\n├── sold_at: Date?\n├── draft: decimal (optional)\n└── UNIQUE (name, harbour)\n```\n\nText.\n",
            &expect![[r#"
                4 outline-fields  entity users
                5 outline-fields  field users.id UUID primary key
                6 outline-fields  field users.email TEXT unique
                7 outline-fields  field users.role TEXT [owner | guest]
                8 outline-fields  field users.bio
                9 outline-fields  field users.created_at
                10 outline-fields  index on users (email)
                16 outline-fields  entity boats
                17 outline-fields  field boats.id UUID
                18 outline-fields  field boats.owner_id -> users -- who bought it
                19 outline-fields  field boats.name
                19 outline-fields  field boats.length_m
                19 outline-fields  field boats.harbour
                20 outline-fields  field boats.kind [sloop | ketch] -- sloop | ketch
                21 outline-fields  field boats.hull jsonb
                24 outline-fields  field boats.sold_at Date optional
                25 outline-fields  field boats.draft decimal optional
                26 outline-fields  unique boats (name, harbour)
                12 R005 `Indexes:` and 4 more lines were not understood, though their block was
            "#]],
        );
    }

    #[test]
    fn trees_of_other_things() {
        check(
            "```\nsrc\n├── main.rs\n├── id/\n└── lib.rs\n```\n\n```\nApp\n├── Header\n├── Sidebar\n│   └── Menu\n└── Footer\n```\n\n```\nReader\n├── id: string\n├── name: string\n├── fetch()\n├── store()\n└── check()\n```\n\n```\nCompany\n├── Departments\n└── Employees\n```\n",
            &expect![""],
        );
    }

    #[test]
    fn fields_as_any_list_writes_them() {
        check(
            "```\nBench\n  id: uuid, PK\n  email?: string, max 255\n  status: string (open, shut)\n  wide: int >= 1\n```\n",
            &expect![[r#"
                2 outline-fields  entity Bench
                3 outline-fields  field Bench.id uuid primary key
                4 outline-fields  field Bench.email string optional {max 255}
                5 outline-fields  field Bench.status string [open | shut]
                6 outline-fields  field Bench.wide int {>= 1}
            "#]],
        );
    }
}
