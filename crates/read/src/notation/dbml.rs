//! DBML: tables with their columns, references, enumerations and indexes.

use std::ops::Range;

use indexmap::IndexMap;
use underpin_base::Span;

use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output};
use crate::words::{parenthesized, split_top, strip_prefix_ignoring_case, unquote};
use crate::{
    EntityFact, EntityKind, Fact, FieldFact, IndexFact, ReferenceFact, RelationshipFact, modifier,
};

pub(super) const DOC: &str = "DBML tables, references, enumerations and indexes.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        if is_dbml(code) {
            let parts = parts(&code.text);
            let mut reader =
                Reader { document, code, aliases: aliases(&parts), within: Vec::new(), out };
            for part in &parts {
                reader.part(part);
            }
        }
    }
}

fn is_dbml(code: &Code) -> bool {
    code.language == "dbml"
        || matches!(code.language.as_str(), "" | "text" | "txt" | "sql")
            && code.lines().any(|(line, _)| {
                line.starts_with("Table ") && line.trim_end().ends_with('{') && !line.contains('(')
            })
}

/// A piece of a file, with the place of its text.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// What stands before `{`.
    Open(String, Range<usize>),
    Line(String, Range<usize>),
    Close(Range<usize>),
}

/// Divides a text at line breaks and braces outside quotation marks and brackets; without comments.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut line = String::new();
    let (mut start, mut depth, mut at) = (0, 0_usize, 0);
    let flush = |line: &mut String, range: Range<usize>, parts: &mut Vec<Part>| {
        let content = std::mem::take(line);
        if !content.trim().is_empty() {
            parts.push(Part::Line(content.trim().to_owned(), range));
        }
    };
    while at < text.len() {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { break };
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        if skip > 0 {
            at += skip;
            continue;
        }
        if line.trim().is_empty() {
            start = at;
        }
        let length = if let Some(inside) = rest.strip_prefix("'''") {
            inside.find("'''").map_or(rest.len(), |end| end + 6)
        } else if matches!(first, '\'' | '"' | '`') {
            // A quotation mark that stays open is an apostrophe.
            let line = rest.split('\n').next().unwrap_or(rest);
            line[1..].find(first).map_or(1, |end| end + 2)
        } else {
            first.len_utf8()
        };
        match first {
            '[' | '(' => {
                depth += 1;
                line.push(first);
            }
            ']' | ')' => {
                depth = depth.saturating_sub(1);
                line.push(first);
            }
            '\n' if depth == 0 => flush(&mut line, start..at, &mut parts),
            '{' if depth == 0 => {
                let head = std::mem::take(&mut line);
                parts.push(Part::Open(head.trim().to_owned(), start..at + 1));
            }
            '}' => {
                // Brackets that were not closed end with the block that they stand in.
                depth = 0;
                flush(&mut line, start..at, &mut parts);
                parts.push(Part::Close(at..at + 1));
            }
            _ => line.push_str(&rest[..length]),
        }
        if first == '\n' && depth > 0 {
            line.push(' ');
        }
        at += length;
    }
    flush(&mut line, start..text.len(), &mut parts);
    parts
}

/// `Table users as U`: references may say `U`.
fn aliases(parts: &[Part]) -> IndexMap<String, String> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Open(head, _) => {
                let (name, alias) = table_head(head)?;
                Some((alias?, name))
            }
            Part::Line(..) | Part::Close(_) => None,
        })
        .collect()
}

/// The name and alias of `Table schema.name as alias [settings]`.
fn table_head(head: &str) -> Option<(String, Option<String>)> {
    let rest = strip_prefix_ignoring_case(head, "table ")?;
    let rest = settings(rest).0;
    let (name, alias) = match rest.split_once(" as ") {
        Some((name, alias)) => (name, Some(unquote(alias).to_owned())),
        None => (rest, None),
    };
    Some((path(name), alias)).filter(|(name, _)| !name.is_empty())
}

/// A name with its schema, unless that is the one where tables are by default.
fn path(name: &str) -> String {
    let parts: Vec<&str> = split_top(name.trim(), &['.']).into_iter().map(unquote).collect();
    match parts.as_slice() {
        ["public", rest @ ..] if !rest.is_empty() => rest.join("."),
        parts => parts.join("."),
    }
}

enum Within {
    Table(String),
    Indexes(String),
    Checks(String),
    Note(String),
    Enumeration { name: String, values: Vec<String>, start: usize },
    Reference,
    Other,
}

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
    code: &'a Code,
    aliases: IndexMap<String, String>,
    within: Vec<Within>,
    out: &'a mut Output,
}

impl Reader<'_, '_> {
    fn part(&mut self, part: &Part) {
        match part {
            Part::Open(head, at) => self.open(head, at),
            Part::Line(line, at) => {
                let span = self.document.code_span(self.code, at.clone());
                self.line(line, span);
            }
            Part::Close(at) => {
                let span = self.document.code_span(self.code, at.clone());
                if let Some(Within::Enumeration { name, values, start }) = self.within.pop() {
                    let whole = self.document.code_span(self.code, start..at.end);
                    self.out.state(self.document, whole, Fact::Enumeration { name, values });
                } else {
                    self.out.mark(self.document, span.range(), Mark::SetAside);
                }
            }
        }
    }

    fn open(&mut self, head: &str, at: &Range<usize>) {
        let span = self.document.code_span(self.code, at.clone());
        let word = head.split([' ', ':', '{']).next().unwrap_or_default().to_ascii_lowercase();
        let table = match self.within.last() {
            Some(Within::Table(table)) => Some(table.clone()),
            _ => None,
        };
        let within = match (word.as_str(), table) {
            ("table", None) => match table_head(head) {
                Some((name, _)) => {
                    let note = setting(settings(head).1, "note");
                    self.entity(&name, note, span);
                    Within::Table(name)
                }
                None => Within::Other,
            },
            ("indexes", Some(table)) => Within::Indexes(table),
            ("checks", Some(table)) => Within::Checks(table),
            ("note", Some(table)) => Within::Note(table),
            ("enum", None) => Within::Enumeration {
                name: path(settings(&head[4..]).0),
                values: Vec::new(),
                start: at.start,
            },
            ("ref", None) => Within::Reference,
            ("tablepartial", None) => {
                self.unread(head, span);
                Within::Other
            }
            _ => Within::Other,
        };
        self.out.mark(self.document, span.range(), Mark::SetAside);
        self.within.push(within);
    }

    fn entity(&mut self, name: &str, description: Option<String>, span: Span) {
        let fact = Fact::Entity(EntityFact {
            name: name.to_owned(),
            kind: EntityKind::Entity,
            table: Some(name.to_owned()),
            description,
        });
        self.out.state(self.document, span, fact);
    }

    fn line(&mut self, line: &str, span: Span) {
        match self.within.last_mut() {
            Some(Within::Table(table)) => {
                let table = table.clone();
                if let Some(note) = strip_prefix_ignoring_case(line, "note:") {
                    self.entity(&table, Some(quoted(note)), span);
                } else {
                    self.column(&table, line, span);
                }
            }
            Some(Within::Indexes(table)) => {
                let table = table.clone();
                self.index(&table, line, span);
            }
            Some(Within::Checks(table)) => {
                let fact = Fact::Rule {
                    entity: Some(table.clone()),
                    field: None,
                    text: quoted(settings(line).0),
                };
                self.out.state(self.document, span, fact);
            }
            Some(Within::Note(table)) => {
                let table = table.clone();
                self.entity(&table, Some(quoted(line)), span);
            }
            Some(Within::Enumeration { values, .. }) => {
                values.push(quoted(settings(line).0));
            }
            Some(Within::Reference) => self.reference(line, span),
            Some(Within::Other) => self.out.mark(self.document, span.range(), Mark::SetAside),
            None => match strip_prefix_ignoring_case(line, "ref") {
                Some(rest) if rest.contains(':') => {
                    let (_, rest) = rest.split_once(':').unwrap_or_default();
                    self.reference(rest, span);
                }
                _ => self.unread(line, span),
            },
        }
    }

    fn unread(&mut self, line: &str, span: Span) {
        self.out.unread_line(span, line, "compare it with the syntax of DBML");
    }

    /// `name type [settings]`.
    fn column(&mut self, table: &str, line: &str, span: Span) {
        let (head, settings) = settings(line);
        let (name, kind) = match head.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some(parts) => parts,
            None => head.split_once(char::is_whitespace).unwrap_or((head, "")),
        };
        let kind = unquote(kind.trim());
        if name.is_empty() || kind.is_empty() && settings.is_empty() {
            self.unread(line, span);
            return;
        }
        let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
        if strip_prefix_ignoring_case(kind, "enum").is_some_and(|rest| rest.contains('(')) {
            modifier::read_into(kind, true, &mut field);
        } else if !kind.is_empty() {
            field.type_text = Some(kind.to_owned());
        }
        let mut references = Vec::new();
        for setting in split_settings(settings) {
            let (key, value) = match setting.split_once(':') {
                Some((key, value)) => (key.trim(), value.trim()),
                None => (setting.trim(), ""),
            };
            match key.to_ascii_lowercase().as_str() {
                "pk" | "primary key" => field.primary_key = Some(true),
                "increment" => field.constraints.push("auto-increment".to_owned()),
                "unique" => field.unique = Some(true),
                "not null" => field.required = Some(true),
                "null" => field.required = Some(false),
                "default" => field.default = Some(quoted(value)),
                "note" => modifier::read_description(&quoted(value), &mut field),
                "check" => field.constraints.push(quoted(value)),
                "ref" => references.push(value.to_owned()),
                _ => {}
            }
        }
        // DBML: a column may be null unless it says otherwise.
        if field.required.is_none() {
            field.required = Some(field.primary_key == Some(true));
        }
        let column = format!("{table}.{name}");
        self.out.state(self.document, span, Fact::Field { entity: table.to_owned(), field });
        for reference in references {
            self.reference(&format!("{column} {reference}"), span);
        }
    }

    /// `a`, `(a, b) [unique]`, `` `lower(a)` [type: hash] ``.
    fn index(&mut self, table: &str, line: &str, span: Span) {
        let (head, settings) = settings(line);
        let inside = match parenthesized(head) {
            Some(("", inside, _)) => inside,
            _ => head,
        };
        let columns: Vec<String> =
            split_top(inside, &[',']).into_iter().map(|it| unquote(it).to_owned()).collect();
        let has = |name: &str| split_settings(settings).iter().any(|it| it.trim() == name);
        let entity = table.to_owned();
        let fact = if has("pk") {
            Fact::PrimaryKey { entity, fields: columns }
        } else if has("unique") {
            Fact::Unique { entity, fields: columns, condition: None, text: None }
        } else {
            Fact::Index(IndexFact {
                entity,
                name: setting(settings, "name"),
                columns,
                unique: false,
                method: setting(settings, "type"),
                purpose: setting(settings, "note"),
            })
        };
        self.out.state(self.document, span, fact);
    }

    /// `a.b > c.d [delete: cascade]`; also `<`, `-` and `<>`, and `a.(b, c) > d.(e, f)`.
    fn reference(&mut self, text: &str, span: Span) {
        let (text, settings) = settings(text);
        let split = ["<>", " > ", " < ", " - ", ">", "<"]
            .iter()
            .find_map(|mark| Some((mark.trim(), text.split_once(mark)?)));
        let ends = split.and_then(|(mark, (left, right))| {
            Some((mark, self.end(left.trim())?, self.end(right.trim())?))
        });
        let Some((mark, left, right)) = ends else { return self.unread(text, span) };
        let (from, to) = if mark == "<" { (right, left) } else { (left, right) };
        let on_delete = setting(settings, "delete").map(|action| action.to_lowercase());
        let cardinality = match mark {
            "<>" => Some("N:M"),
            "-" => Some("1:1"),
            _ => None,
        };
        if cardinality != Some("N:M") {
            for (index, column) in from.1.iter().enumerate() {
                let field = FieldFact {
                    name: column.clone(),
                    references: Some(ReferenceFact {
                        entity: to.0.clone(),
                        field: to.1.get(index).cloned(),
                        on_delete: on_delete.clone(),
                    }),
                    ..FieldFact::default()
                };
                let entity = from.0.clone();
                self.out.state(self.document, span, Fact::Field { entity, field });
            }
        }
        if let Some(cardinality) = cardinality {
            let (from, to) = if cardinality == "1:1" { (to.0, from.0) } else { (from.0, to.0) };
            let fact = Fact::Relationship(RelationshipFact {
                from,
                to,
                cardinality: Some(cardinality),
                from_required: None,
                to_required: None,
                on_delete,
                through: None,
                label: None,
            });
            self.out.state(self.document, span, fact);
        }
    }

    /// The table and columns of `table.column` or `table.(a, b)`.
    fn end(&self, text: &str) -> Option<(String, Vec<String>)> {
        let parts = split_top(text, &['.']);
        let (column, table) = parts.split_last()?;
        let columns = match parenthesized(column) {
            Some(("", inside, _)) => {
                split_top(inside, &[',']).into_iter().map(|it| unquote(it).to_owned()).collect()
            }
            _ => vec![unquote(column).to_owned()],
        };
        let table = path(&table.join("."));
        let table = self.aliases.get(&table).cloned().unwrap_or(table);
        (!table.is_empty() && columns.iter().all(|it| !it.is_empty())).then_some((table, columns))
    }
}

/// What stands before the square brackets at the end, and in them.
fn settings(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            // `text[]` is a type.
            None if character == '[' && !text[at..].starts_with("[]") => {
                let inside = text[at + 1..].trim_end().trim_end_matches(']');
                return (text[..at].trim(), inside.trim());
            }
            None => {}
        }
    }
    (text.trim(), "")
}

/// Splits at commas outside quotation marks.
fn split_settings(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            None if character == ',' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            None => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn setting(settings: &str, name: &str) -> Option<String> {
    split_settings(settings).into_iter().find_map(|setting| {
        let (key, value) = setting.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| quoted(value))
    })
}

/// A value without its quotation marks.
fn quoted(text: &str) -> String {
    let text = text.trim();
    let inside = text.strip_prefix("'''").and_then(|text| text.strip_suffix("'''"));
    let text = inside.unwrap_or_else(|| unquote(text));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, check_file};
    use expect_test::expect;

    #[test]
    fn tables_references_and_enumerations() {
        check_file(
            "schema.dbml",
            "Project shop {\n  database_type: 'PostgreSQL'\n}\n// people\nTable core.users as U [headercolor: #fff] {\n  id integer [pk, increment] // key\n  \"full name\" \"character varying\" [not null, note: 'as, shown']\n  role role [default: 'member']\n  tags text[]\n  price decimal(10, 2) [not null, default: `0`]\n  team_id int [ref: > teams.id, not null]\n\n  indexes {\n    (team_id, role) [unique]\n    role [name: 'by_role', type: hash]\n  }\n  Note: 'Who signs in'\n}\nTable teams { id int [pk] }\nTable profiles {\n  user_id int [pk, ref: - U.id]\n}\nEnum role {\n  admin [note: 'all']\n  member\n}\nRef owner: teams.id < U.owned_id [delete: set null]\nRef { teams.id <> U.id }\nRef: a.(x, y) > b.(u, v)\n",
            &expect![[r#"
                5 dbml  entity core.users table core.users
                6 dbml  field core.users.id integer primary key required {auto-increment}
                7 dbml  field core.users.full name character varying required -- as, shown
                8 dbml  field core.users.role role optional default member
                9 dbml  field core.users.tags text[] optional
                10 dbml  field core.users.price decimal(10, 2) required default 0
                11 dbml  field core.users.team_id int required
                11 dbml  field core.users.team_id -> teams.id
                14 dbml  unique core.users (team_id, role)
                15 dbml  index by_role on core.users (role) using hash
                17 dbml  entity core.users table core.users -- Who signs in
                19 dbml  entity teams table teams
                19 dbml  field teams.id int primary key required
                20 dbml  entity profiles table profiles
                21 dbml  field profiles.user_id int primary key required
                21 dbml  field profiles.user_id -> core.users.id
                21 dbml  relationship core.users 1:1 profiles
                23 dbml  enumeration role: admin | member
                27 dbml  field core.users.owned_id -> teams.id on delete set null
                28 dbml  relationship teams N:M core.users
                29 dbml  field a.x -> b.u
                29 dbml  field a.y -> b.v
            "#]],
        );
    }

    #[test]
    fn what_is_no_dbml_is_listed() {
        check(
            "```dbml\nTable a {\n  id\n  name varchar [not null\n}\nnonsense here\nRef: a > b\nTablePartial p { x int }\n```\n\n```\nTable users:\n  id\n```\n",
            &expect![[r#"
                2 dbml  entity a table a
                4 dbml  field a.name varchar required
                3 R005 `id` was not understood
                6 R005 `nonsense here` was not understood
                7 R005 `a > b` was not understood
                8 R005 `TablePartial p` was not understood
            "#]],
        );
    }
}
