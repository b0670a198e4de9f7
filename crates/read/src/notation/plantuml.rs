//! PlantUML class and entity diagrams.

use std::ops::Range;

use crate::diagram::class::Classes;
use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output};
use crate::words::unquote;

pub(super) const DOC: &str = "PlantUML class and entity diagrams.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, code) in blocks(document) {
        for diagram in diagrams(code) {
            if diagram.is_about_states() || !diagram.is_about_classes() {
                continue;
            }
            let classes = classes(&diagram.lines);
            if !classes.is_empty() && classes.state(document, code, index, out) {
                diagram.set_drawing_aside(document, code, out);
            }
        }
    }
}

/// The blocks of code that hold PlantUML, with their index.
pub(super) fn blocks<'d>(document: &'d Document<'_>) -> Vec<(usize, &'d Code)> {
    let is_uml = |code: &Code| {
        matches!(code.language.as_str(), "plantuml" | "puml" | "uml")
            || code.text.trim_start().starts_with("@startuml")
    };
    let blocks = document.blocks.iter().enumerate();
    blocks
        .filter_map(|(index, block)| match &block.kind {
            BlockKind::Code(code) if is_uml(code) => Some((index, code)),
            _ => None,
        })
        .collect()
}

/// What stands between `@startuml` and `@enduml`, without remarks, notes and drawing.
#[derive(Default)]
pub(super) struct Diagram<'c> {
    pub(super) title: Option<&'c str>,
    pub(super) lines: Vec<(&'c str, Range<usize>)>,
    drawing: Vec<Range<usize>>,
}

pub(super) fn diagrams(code: &Code) -> Vec<Diagram<'_>> {
    let mut diagrams = vec![Diagram::default()];
    let mut until: Option<&str> = None;
    for (raw, at) in code.lines() {
        let line = raw.trim();
        let Some(diagram) = diagrams.last_mut() else { break };
        if line.is_empty() {
            continue;
        }
        if let Some(end) = until {
            if line.ends_with(end) || end == "note" && line.starts_with("endnote") {
                until = None;
            }
        } else if line.starts_with("@end") {
            diagram.drawing.push(at);
            diagrams.push(Diagram::default());
            continue;
        } else if let Some(title) = line.strip_prefix("title ") {
            diagram.title = Some(unquote(title));
        } else if line.starts_with("/'") {
            until = Some("'/").filter(|end| !line.ends_with(end));
        } else if line.starts_with("legend") {
            until = Some("legend");
        } else if line.starts_with("note ") || line.starts_with("hnote ") {
            until = (!line.contains(':') && !line.contains('"')).then_some("note");
        } else if line.starts_with("skinparam") || line.starts_with("<style>") {
            let end = if line.starts_with('<') { "</style>" } else { "}" };
            until = (line.ends_with('{') || end != "}").then_some(end);
        } else if !is_drawing(line) {
            diagram.lines.push((line, at));
            continue;
        }
        diagram.drawing.push(at);
    }
    diagrams
}

fn is_drawing(line: &str) -> bool {
    let first = line.split([' ', ':', '(']).next().unwrap_or_default();
    line.starts_with(['\'', '!', '@'])
        || matches!(
            first,
            "hide"
                | "show"
                | "scale"
                | "left"
                | "top"
                | "center"
                | "header"
                | "footer"
                | "caption"
                | "autonumber"
                | "allowmixing"
                | "remove"
                | "together"
                | "page"
                | "mainframe"
        ) && !line.contains("--")
            && !line.contains(':')
}

impl Diagram<'_> {
    pub(super) fn set_drawing_aside(&self, document: &Document<'_>, code: &Code, out: &mut Output) {
        for at in &self.drawing {
            let span = document.code_span(code, at.clone());
            out.mark(document, span.range(), Mark::SetAside);
        }
    }

    pub(super) fn is_about_states(&self) -> bool {
        self.lines.iter().any(|(line, _)| line.contains("[*]") || line.starts_with("state "))
    }

    /// Sequences, activities and deployments name their parts with some of the same words.
    fn is_about_classes(&self) -> bool {
        let is_other = |line: &str| {
            matches!(
                line.split([' ', ':']).next(),
                Some(
                    "participant"
                        | "actor"
                        | "activate"
                        | "start"
                        | "usecase"
                        | "component"
                        | "node"
                        | "database"
                        | "queue"
                        | "alt"
                        | "loop"
                )
            )
        };
        !self.lines.iter().any(|(line, _)| is_other(line))
            && self.lines.iter().any(|(line, _)| head(line).is_some())
    }
}

/// The first line of a box.
struct Head<'l> {
    kind: &'l str,
    name: String,
    alias: Option<String>,
    stereotypes: Vec<&'l str>,
    base: Option<&'l str>,
    /// What follows `{`, where that stands.
    body: Option<&'l str>,
}

/// `entity "Users" as users <<table>> {`, `abstract class A extends B`, `Table(users, "Users") {`.
fn head(line: &str) -> Option<Head<'_>> {
    let (text, body) = match line.split_once('{') {
        Some((text, body)) => (text.trim(), Some(body.trim())),
        None => (line, None),
    };
    if let Some(inside) = text.strip_prefix("Table(").or_else(|| text.strip_prefix("table(")) {
        let name = unquote(inside.trim_end_matches(')').split(',').next()?.trim()).to_owned();
        return Some(Head {
            kind: "entity",
            name,
            alias: None,
            stereotypes: Vec::new(),
            base: None,
            body: Some(body?),
        });
    }
    let text = text.strip_prefix("abstract class ").map_or(text, |_| &text[9..]);
    let (kind, rest) = text.split_once(' ')?;
    let is_abstract = line.starts_with("abstract ");
    if !matches!(kind, "class" | "entity" | "enum" | "interface" | "abstract" | "struct" | "table")
    {
        return None;
    }
    let rest = rest.trim();
    let stereotypes = rest.split("<<").skip(1).filter_map(|part| part.split(">>").next()).collect();
    let plain = rest.split("<<").next().unwrap_or(rest).split(" #").next().unwrap_or(rest).trim();
    let (plain, base) = match plain.split_once(" extends ").or(plain.split_once(" implements ")) {
        Some((plain, base)) => (plain.trim(), base.split([' ', ',']).next()),
        None => (plain, None),
    };
    let (name, alias) = match plain.split_once(" as ") {
        // `class X as "Long name"` and `class "Long name" as X`.
        Some((name, alias)) if alias.trim().starts_with('"') => (alias, Some(name)),
        Some((name, alias)) => (name, Some(alias)),
        None => (plain, None),
    };
    let name = unquote(name.trim()).split(['<', '(']).next().unwrap_or_default().trim().to_owned();
    let is_name = !name.is_empty() && name.split_whitespace().count() <= 3 && !name.contains("->");
    is_name.then(|| Head {
        kind: if is_abstract { "abstract" } else { kind },
        name,
        alias: alias.map(|alias| unquote(alias.trim()).to_owned()),
        stereotypes,
        base,
        body,
    })
}

fn classes(lines: &[(&str, Range<usize>)]) -> Classes {
    let mut classes = Classes::default();
    let mut body: Option<Body> = None;
    for (line, at) in lines {
        if let Some(open) = &mut body {
            let (text, closes) = match line.strip_suffix('}') {
                Some(text) => (text.trim(), true),
                None => (*line, false),
            };
            open.take(text, at);
            if closes {
                if text.is_empty() {
                    classes.other.push(at.clone());
                }
                if let Some(open) = body.take() {
                    open.finish(&mut classes);
                }
            }
        } else if let Some(head) = head(line) {
            classes.class(&head.name, at);
            if let Some(alias) = &head.alias {
                classes.alias(alias, &head.name);
            }
            match head.kind {
                "enum" => classes.stereotype(&head.name, "enumeration"),
                "interface" => classes.stereotype(&head.name, "interface"),
                "abstract" => classes.stereotype(&head.name, "abstract"),
                "entity" | "table" => classes.stereotype(&head.name, "entity"),
                _ => {}
            }
            for stereotype in &head.stereotypes {
                classes.stereotype(&head.name, stereotype.rsplit(')').next().unwrap_or(stereotype));
            }
            if let Some(base) = head.base {
                classes.extend(&head.name, base);
            }
            if let Some(rest) = head.body {
                let is_entity = matches!(head.kind, "entity" | "table");
                let mut open = Body { name: head.name, is_entity, rows: Vec::new() };
                match rest.strip_suffix('}') {
                    // `{ * id : int <<PK>> -- name : text }`
                    Some(row) => {
                        for (index, part) in row.split(" -- ").enumerate() {
                            if index > 0 {
                                open.take("--", at);
                            }
                            part.split(';').for_each(|text| open.take(text.trim(), at));
                        }
                        open.finish(&mut classes);
                    }
                    None => {
                        open.take(rest, at);
                        body = Some(open);
                    }
                }
            }
        } else if *line == "}" || line.ends_with('{') {
            // A package.
            classes.other.push(at.clone());
        } else if !classes.line(line, at) {
            match line.split_once(':') {
                Some((name, text)) if !name.trim().contains(' ') => {
                    classes.class(name.trim(), at);
                    classes.member(name.trim(), text.trim(), at);
                }
                _ => classes.unread.push((at.clone(), (*line).to_owned())),
            }
        }
    }
    if let Some(open) = body {
        open.finish(&mut classes);
    }
    classes
}

/// The lines of an open box.
struct Body {
    name: String,
    is_entity: bool,
    /// Each with its place; `None` for a line that divides.
    rows: Vec<(Option<String>, Range<usize>)>,
}

impl Body {
    fn take(&mut self, text: &str, at: &Range<usize>) {
        if text.is_empty() {
            return;
        }
        let divides = ["--", "..", "==", "__"].iter().any(|mark| text.starts_with(mark));
        self.rows.push(((!divides).then(|| text.to_owned()), at.clone()));
    }

    /// In an entity, what stands above the first dividing line is its key, and a star marks what must
    /// be there; so without one it need not, where stars are used.
    fn finish(self, classes: &mut Classes) {
        let divide = self.rows.iter().position(|(text, _)| text.is_none());
        let starred = |text: &String| text.starts_with('*') && !text.starts_with("**");
        let uses_stars = self.rows[divide.unwrap_or(0)..]
            .iter()
            .any(|(text, _)| text.as_ref().is_some_and(starred));
        let marks_key = self.rows.iter().any(|(text, _)| {
            text.as_ref()
                .is_some_and(|text| text.contains("<<PK>>") || text.contains("primary_key("))
        });
        for (index, (text, at)) in self.rows.into_iter().enumerate() {
            let Some(mut text) = text else {
                classes.other.push(at);
                continue;
            };
            let is_key = divide.is_some_and(|divide| divide > 0 && index < divide);
            let is_bare = !starred(&text);
            if self.is_entity && is_key && !marks_key {
                text.push_str(" <<PK>>");
            } else if self.is_entity && uses_stars && is_bare && !is_key {
                text.push_str(" <<optional>>");
            }
            classes.member(&self.name, &text, &at);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, check_file};
    use expect_test::expect;

    #[test]
    fn entities_with_keys_and_feet() {
        check_file(
            "model.puml",
            "@startuml\n' a remark\nhide circle\nskinparam class {\n  BackgroundColor white\n}\nentity \"User\" as u {\n  * id : int <<generated>>\n  --\n  * email : varchar(255) <<unique>>\n  name : text\n}\nentity Order { * id : int <<PK>> -- user_id : int <<FK>> }\nenum Status {\n  OPEN\n  PAID\n}\nTable(items, \"Items\") {\n  primary_key(id): int\n  price decimal(10, 2)\n}\nnote left of u\n  not a field : text\nend note\nu ||--o{ Order : places\nOrder \"1\" *-- \"many\" items\n@enduml\n",
            &expect![[r#"
                7 plantuml  entity User
                8 plantuml  field User.id int primary key required {auto-increment}
                10 plantuml  field User.email varchar(255) required unique
                11 plantuml  field User.name text optional
                13 plantuml  entity Order
                13 plantuml  field Order.id int primary key required
                13 plantuml  field Order.user_id int {foreign key}
                14 plantuml  enumeration Status: OPEN | PAID
                18 plantuml  entity items
                19 plantuml  field items.id int primary key
                20 plantuml  field items.price decimal(10, 2)
                25 plantuml  relationship User 1:N Order from:required to:optional "places"
                26 plantuml  relationship Order 1:N items from:required
            "#]],
        );
    }

    #[test]
    fn sequences_and_programs_are_left() {
        check(
            "```plantuml\n@startuml\nactor User\nentity Shop\nUser -> Shop : buys\n@enduml\n```\n```plantuml\nclass OrderService {\n  +create()\n}\n```\n",
            &expect![[r#"
                1 R002 a code block (plantuml) looks like data and was not understood
                8 R002 a code block (plantuml) looks like data and was not understood
            "#]],
        );
    }

    #[test]
    fn closing_braces_belong_to_what_they_close() {
        check_file(
            "a.puml",
            "@startuml\nenum Size {\n  S\n  L\n}\nclass Shirt {\n  id : uuid\n  size : Size\n}\n@enduml\n",
            &expect![[r#"
                2 plantuml  enumeration Size: S | L
                6 plantuml  entity Shirt
                7 plantuml  field Shirt.id uuid
                8 plantuml  field Shirt.size Size
            "#]],
        );
    }
}
