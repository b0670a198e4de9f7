//! Prisma schemas.

use indexmap::{IndexMap, IndexSet};

use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output, index_list};
use crate::words::{parenthesized, unquote};
use crate::{EntityFact, EntityKind, Fact, FieldFact, IndexFact, ReferenceFact, RelationshipFact};

pub(super) const DOC: &str = "Prisma `model` and `enum` blocks.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let blocks: Vec<&Code> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Code(code) if code.language == "prisma" || is_prisma(code) => Some(code),
            _ => None,
        })
        .collect();
    // A field whose type is a model is the other side of a reference, wherever that model stands.
    let models: IndexSet<&str> = blocks
        .iter()
        .flat_map(|code| code.lines())
        .filter_map(|(line, _)| line.trim().strip_prefix("model ")?.split_whitespace().next())
        .collect();
    let types: IndexSet<&str> = blocks
        .iter()
        .flat_map(|code| code.lines())
        .filter_map(|(line, _)| {
            let line = line.trim();
            let rest = line.strip_prefix("enum ").or_else(|| line.strip_prefix("type "))?;
            rest.split_whitespace().next()
        })
        .collect();
    let mut lists: IndexMap<ListEnd<'_>, usize> = IndexMap::new();
    let mut model = "";
    for (line, _) in blocks.iter().flat_map(|code| code.lines()) {
        if let Some(rest) = line.trim().strip_prefix("model ") {
            model = rest.split_whitespace().next().unwrap_or_default();
        } else if let Some(end) = list_end(model, line) {
            *lists.entry(end).or_default() += 1;
        }
    }
    for code in blocks {
        read_block(document, code, (&models, &types), &lists, out);
    }
}

/// A field that lists rows of another model: the model that has it, the other, and the name of the relation.
type ListEnd<'l> = (&'l str, &'l str, &'l str);

/// The end of a relation that a line is, where it lists rows.
fn list_end<'l>(model: &'l str, line: &'l str) -> Option<ListEnd<'l>> {
    let line = line.split("//").next().unwrap_or(line);
    let target = line.split_whitespace().nth(1)?.strip_suffix("[]")?;
    let name = argument(line, "@relation")
        .map_or("", |inside| inside.split('"').nth(1).unwrap_or_default());
    Some((model, target, name))
}

/// Rows that list each other: Prisma keeps such pairs in a table that no model stands for. The model that comes first says so.
fn many_to_many(
    model: &str,
    line: &str,
    models: &IndexSet<&str>,
    lists: &IndexMap<ListEnd<'_>, usize>,
) -> Option<Fact> {
    let (_, target, name) = list_end(model, line)?;
    let is_mutual = match lists.get(&(target, model, name)) {
        Some(&times) => model != target || times == 2,
        None => false,
    };
    let is_first = models.get_index_of(model)? <= models.get_index_of(target)?;
    (is_mutual && is_first).then(|| {
        Fact::Relationship(RelationshipFact {
            from: model.to_owned(),
            to: target.to_owned(),
            cardinality: Some("N:M"),
            from_required: None,
            to_required: None,
            on_delete: None,
            through: None,
            label: (!name.is_empty()).then(|| name.to_owned()),
        })
    })
}

fn is_prisma(code: &Code) -> bool {
    code.language.is_empty()
        && code.lines().any(|(line, _)| line.contains("@id"))
        && code
            .lines()
            .any(|(line, _)| line.starts_with("model ") && line.trim_end().ends_with('{'))
}

enum Within {
    Nothing,
    Model(String),
    Enumeration { name: String, values: Vec<String>, start: usize },
    Other,
}

fn read_block(
    document: &Document<'_>,
    code: &Code,
    (models, types): (&IndexSet<&str>, &IndexSet<&str>),
    lists: &IndexMap<ListEnd<'_>, usize>,
    out: &mut Output,
) {
    let mut within = Within::Nothing;
    for (raw, at) in code.lines() {
        let (line, comment) =
            raw.split_once("//").map_or((raw, ""), |(line, comment)| (line, comment));
        let (line, comment) = (line.trim(), comment.trim_start_matches('/').trim());
        let span = document.code_span(code, at.clone());
        if line.is_empty() {
            if !comment.is_empty() {
                out.mark(document, span.range(), Mark::SetAside);
            }
            continue;
        }
        if let Some((head, body)) =
            line.split_once('{').filter(|_| matches!(within, Within::Nothing))
        {
            // "enum Role { USER ADMIN }" on one line.
            if let Some(body) = body.trim_end().strip_suffix('}')
                && let Some(name) = head.strip_prefix("enum ")
            {
                let values = body.split([' ', ',']).filter(|value| !value.is_empty());
                let values = values.map(str::to_owned).collect();
                let fact = Fact::Enumeration { name: name.trim().to_owned(), values };
                out.state(document, span, fact);
                continue;
            }
            let mut words = head.split_whitespace();
            let (kind, name) =
                (words.next().unwrap_or_default(), words.next().unwrap_or_default().to_owned());
            within = match kind {
                "model" | "view" if !name.is_empty() => {
                    out.state(document, span, entity(&name, None));
                    Within::Model(name)
                }
                "enum" => Within::Enumeration { name, values: Vec::new(), start: at.start },
                _ => {
                    out.mark(document, span.range(), Mark::SetAside);
                    Within::Other
                }
            };
            continue;
        }
        if line.starts_with('}') {
            if let Within::Enumeration { name, values, start } = &within {
                let whole = document.code_span(code, *start..at.end);
                let fact = Fact::Enumeration { name: name.clone(), values: values.clone() };
                out.state(document, whole, fact);
            } else {
                let mark =
                    if matches!(within, Within::Other) { Mark::SetAside } else { Mark::Understood };
                out.mark(document, span.range(), mark);
            }
            within = Within::Nothing;
            continue;
        }
        match &mut within {
            Within::Enumeration { values, .. } => {
                values.extend(line.split_whitespace().next().map(str::to_owned));
            }
            Within::Model(name) => {
                let mut facts = member(name, line, comment, (models, types));
                facts.extend(many_to_many(name, line, models, lists));
                if facts.is_empty() {
                    out.mark(document, span.range(), Mark::Understood);
                }
                for fact in facts {
                    out.state(document, span, fact);
                }
            }
            Within::Other => out.mark(document, span.range(), Mark::SetAside),
            Within::Nothing => {}
        }
    }
}

fn entity(name: &str, table: Option<String>) -> Fact {
    Fact::Entity(EntityFact {
        name: name.to_owned(),
        kind: EntityKind::Entity,
        table,
        description: None,
    })
}

/// The types of columns.
const SCALARS: &[&str] = &[
    "String",
    "Boolean",
    "Int",
    "BigInt",
    "Float",
    "Decimal",
    "DateTime",
    "Json",
    "Bytes",
    "Unsupported",
];

/// One line of a model.
fn member(
    model: &str,
    line: &str,
    comment: &str,
    (models, types): (&IndexSet<&str>, &IndexSet<&str>),
) -> Vec<Fact> {
    let entity_name = model.to_owned();
    if let Some(attribute) = line.strip_prefix("@@") {
        let Some((name, inside, _)) = parenthesized(attribute) else { return Vec::new() };
        let columns = list(inside);
        let with_query = |mut fact: Fact| {
            let query = index_list::commented(&mut fact, comment);
            std::iter::once(fact).chain(query).collect()
        };
        return match name {
            "map" => vec![entity(model, Some(unquote(inside).to_owned()))],
            "id" if !columns.is_empty() => {
                vec![Fact::PrimaryKey { entity: entity_name, fields: columns }]
            }
            "unique" if !columns.is_empty() => with_query(Fact::Unique {
                entity: entity_name,
                fields: columns,
                condition: None,
                text: None,
            }),
            "index" if !columns.is_empty() => with_query(Fact::Index(IndexFact {
                entity: entity_name,
                name: None,
                columns,
                unique: false,
                method: None,
                purpose: None,
            })),
            _ => Vec::new(),
        };
    }
    let mut words = line.split_whitespace();
    let (Some(name), Some(kind)) = (words.next(), words.next()) else { return Vec::new() };
    let base = kind.trim_end_matches(['?', ']', '[']);
    let attributes = &line[line.find(kind).unwrap_or(0) + kind.len()..];
    // A relation that names its key refers to a model, even one of another document.
    let has_key = argument(attributes, "@relation").is_some_and(|it| it.contains("fields:"));
    if models.contains(base) || has_key {
        // `author User @relation(fields: [authorId], references: [id], onDelete: Cascade)`
        let Some(relation) = argument(attributes, "@relation") else { return Vec::new() };
        let (fields, targets) =
            (named_list(relation, "fields:"), named_list(relation, "references:"));
        let on_delete = relation.split_once("onDelete:").and_then(|(_, rest)| {
            match rest.trim().split([',', ')', ' ']).next()? {
                "Cascade" => Some("cascade"),
                "Restrict" => Some("restrict"),
                "SetNull" => Some("set null"),
                "NoAction" => Some("no action"),
                _ => None,
            }
        });
        return fields
            .into_iter()
            .enumerate()
            .map(|(index, field)| Fact::Field {
                entity: entity_name.clone(),
                field: FieldFact {
                    name: field,
                    references: Some(ReferenceFact {
                        entity: base.to_owned(),
                        field: targets.get(index).cloned(),
                        on_delete: on_delete.map(str::to_owned),
                    }),
                    ..FieldFact::default()
                },
            })
            .collect();
    }
    let is_list = kind.ends_with("[]");
    // A list of what is no scalar holds rows of a model, or of a type or enumeration that stands beside the models.
    if is_list && base.starts_with(char::is_uppercase) && !SCALARS.contains(&base) {
        if !types.contains(base) {
            return Vec::new();
        }
    }
    let field = FieldFact {
        name: name.to_owned(),
        type_text: Some(if is_list { kind.to_owned() } else { type_of(base, attributes) }),
        required: Some(!kind.ends_with('?') && !is_list),
        unique: attributes.contains("@unique").then_some(true),
        primary_key: attributes
            .split_whitespace()
            .any(|word| word == "@id" || word.starts_with("@id("))
            .then_some(true),
        default: argument(attributes, "@default").map(|value| value.trim().to_owned()),
        description: (!comment.is_empty()).then(|| comment.to_owned()),
        ..FieldFact::default()
    };
    vec![Fact::Field { entity: entity_name, field }]
}

/// The type: the database's own where it is given (`@db.VarChar(200)`), that of the identifiers that Prisma makes, or
/// Prisma's.
fn type_of(base: &str, attributes: &str) -> String {
    let own = attributes.split_once("@db.").and_then(|(_, rest)| {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let digits = parenthesized(behind).filter(|(before, ..)| before.is_empty());
        let digits = digits.map_or_else(String::new, |(_, inside, _)| format!("({inside})"));
        // Prisma's own names say as much of the others.
        let is_telling = [
            "Uuid", "VarChar", "Char", "Date", "Time", "Decimal", "SmallInt", "BigInt", "Text",
            "Inet",
        ];
        is_telling.contains(&name).then(|| format!("{}{digits}", name.to_lowercase()))
    });
    let made = argument(attributes, "@default").is_some_and(|it| it.trim().starts_with("uuid("));
    own.unwrap_or_else(|| if made && base == "String" { "uuid" } else { base }.to_owned())
}

/// What stands in the brackets of an attribute.
fn argument<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = attributes.split_once(name)?;
    let (before, inside, _) = parenthesized(rest)?;
    before.is_empty().then_some(inside)
}

fn named_list(text: &str, name: &str) -> Vec<String> {
    text.split_once(name).map(|(_, rest)| list(rest)).unwrap_or_default()
}

/// The names in the first square brackets.
fn list(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once('[') else { return Vec::new() };
    rest.split(']')
        .next()
        .unwrap_or_default()
        .split(',')
        .map(|name| name.split('(').next().unwrap_or(name).trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lists_of_what_stands_elsewhere() {
        check(
            "```prisma\nmodel Post {\n  id String @id\n  tags String[]\n  moods Mood[]\n  comments Comment[]\n}\nenum Mood {\n  CALM\n  LOUD\n}\n```\n",
            &expect![[r#"
                2 prisma  entity Post
                3 prisma  field Post.id String primary key required
                4 prisma  field Post.tags String[] optional
                5 prisma  field Post.moods Mood[] optional
                8 prisma  enumeration Mood: CALM | LOUD
            "#]],
        );
    }

    #[test]
    fn comments_beside_indexes_tell_of_queries() {
        check(
            "```prisma\nmodel Task {\n  @@index([projectId, status]) // kanban groups\n  @@index([dueDate])\n  @@unique([projectId, number]) // lookup by number\n}\n```\n",
            &expect![[r#"
                2 prisma  entity Task
                3 prisma  index on Task (projectId, status) -- kanban groups
                3 prisma  read "kanban groups" of Task by projectId = ?, status = ?
                4 prisma  index on Task (dueDate)
                5 prisma  unique Task (projectId, number)
                5 prisma  read "lookup by number" of Task by projectId = ?, number = ?
            "#]],
        );
    }

    #[test]
    fn an_enumeration_on_one_line_ends_there() {
        check(
            "```prisma\nmodel User {\n  id Int @id\n  role Role @default(USER)\n}\nenum Role { USER ADMIN }\nmodel Stall {\n  id Int @id\n}\n```\n",
            &expect![[r#"
                2 prisma  entity User
                3 prisma  field User.id Int primary key required
                4 prisma  field User.role Role required default USER
                6 prisma  enumeration Role: USER | ADMIN
                7 prisma  entity Stall
                8 prisma  field Stall.id Int primary key required
            "#]],
        );
    }

    #[test]
    fn models_enums_and_relations() {
        check(
            "```prisma\nmodel Post {\n  id       String  @id @default(cuid())\n  title    String? @unique // shown\n  authorId String\n  author   User    @relation(fields: [authorId], references: [id], onDelete: Cascade)\n  tags     String[]\n\n  @@unique([title, authorId])\n  @@map(\"posts\")\n}\nmodel User {\n  id Int @id\n  posts Post[]\n}\nenum Role {\n  ADMIN\n  USER\n}\n```\n",
            &expect![[r#"
                2 prisma  entity Post
                3 prisma  field Post.id String primary key required default cuid()
                4 prisma  field Post.title String optional unique -- shown
                5 prisma  field Post.authorId String required
                6 prisma  field Post.authorId -> User.id on delete cascade
                7 prisma  field Post.tags String[] optional
                9 prisma  unique Post (title, authorId)
                10 prisma  entity Post table posts
                12 prisma  entity User
                13 prisma  field User.id Int primary key required
                16 prisma  enumeration Role: ADMIN | USER
            "#]],
        );
    }

    #[test]
    fn models_that_list_each_other() {
        check(
            "```prisma\nmodel Post {\n  id   Int   @id\n  tags Tag[]\n  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n  likedBy User[] @relation(\"likes\")\n}\nmodel Tag {\n  id    Int    @id\n  posts Post[]\n}\nmodel User {\n  id Int @id\n  posts Post[]\n  liked Post[] @relation(\"likes\")\n}\n```\n",
            &expect![[r#"
                2 prisma  entity Post
                3 prisma  field Post.id Int primary key required
                4 prisma  relationship Post N:M Tag
                5 prisma  field Post.authorId Int required
                6 prisma  field Post.authorId -> User.id
                7 prisma  relationship Post N:M User "likes"
                9 prisma  entity Tag
                10 prisma  field Tag.id Int primary key required
                13 prisma  entity User
                14 prisma  field User.id Int primary key required
            "#]],
        );
    }
}
