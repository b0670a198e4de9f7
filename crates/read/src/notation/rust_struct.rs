//! Rust structs and enumerations.

use std::ops::Range;

use crate::FieldFact;
use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Member, Navigation, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::words::{is_identifier, last_part, unquote};

pub(super) const DOC: &str = "Rust structs and enumerations, with `serde` and `diesel` attributes.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_rust = |code: &Code| {
        matches!(code.language.as_str(), "rust" | "rs")
            || untagged_with(code, &["pub struct ", "#[derive("])
    };
    for (block, code) in blocks(document, is_rust) {
        let tokens = Tokens::scan(&code.text, Style::Rust);
        read_block(&tokens, block, &mut found);
    }
    settle(document, found, out);
}

/// Attributes: the words in `#[…]`, as ranges.
fn attributes(tokens: &Tokens<'_>, mut at: usize, found: &mut Vec<Range<usize>>) -> usize {
    while tokens.text(at) == "#" && tokens.text(at + 1) == "[" {
        let close = tokens.close(at + 1);
        found.push(at + 2..close);
        at = tokens.skip_lines(close + 1);
    }
    at
}

fn read_block(tokens: &Tokens<'_>, block: usize, found: &mut Found) {
    let mut at = 0;
    while at < tokens.len() {
        let first = tokens.skip_lines(at);
        let mut marks = Vec::new();
        let mut word = attributes(tokens, first, &mut marks);
        if tokens.text(word) == "pub" {
            word = if tokens.text(word + 1) == "(" { tokens.close(word + 1) } else { word } + 1;
        }
        let end = item_end(tokens, word);
        let name = tokens.text(word + 1);
        match tokens.text(word) {
            "struct" if is_identifier(name) => {
                structure(tokens, block, first..end, word, &marks, found);
            }
            "enum" if is_identifier(name) => {
                enumeration(tokens, block, first..end, word, &marks, found);
            }
            "impl" => {
                // `impl Trait for Type` belongs to the type behind "for".
                let open = (word..end).find(|&at| tokens.text(at) == "{").unwrap_or(end);
                let owner = tokens.text(open.saturating_sub(1));
                let count = (open..end).filter(|&at| tokens.text(at) == "fn").count();
                let is_trait = (word..open).any(|at| tokens.text(at) == "for");
                if let Some(one) = found.types.iter_mut().find(|one| one.name == owner && !is_trait)
                {
                    // Constructors and checks come with data too.
                    one.functions += count / 2;
                }
                found.others.push((block, tokens.place(&(first..end))));
            }
            "" => {}
            _ => found.others.push((block, tokens.place(&(first..end)))),
        }
        at = end.max(first + 1);
    }
}

/// Behind the next body in braces or semicolon.
fn item_end(tokens: &Tokens<'_>, mut at: usize) -> usize {
    while at < tokens.len() {
        match tokens.text(at) {
            "{" => return tokens.close(at) + 1,
            "(" | "[" => at = tokens.close(at),
            ";" => return at + 1,
            _ => {}
        }
        at += 1;
    }
    tokens.len()
}

fn texts_of(tokens: &Tokens<'_>, marks: &[Range<usize>], key: &str) -> Option<String> {
    marks.iter().find_map(|mark| {
        let inside = mark.start + 2..mark.end.saturating_sub(1).max(mark.start + 2);
        (tokens.text(mark.start + 1) == "(").then(|| tokens.argument_text(&inside, key)).flatten()
    })
}

fn structure(
    tokens: &Tokens<'_>,
    block: usize,
    whole: Range<usize>,
    word: usize,
    marks: &[Range<usize>],
    found: &mut Found,
) {
    let open = (word..whole.end).find(|&at| tokens.text(at) == "{");
    let Some(open) = open else {
        found.others.push((block, tokens.place(&whole)));
        return;
    };
    let mut declared = Declared::new(
        tokens.text(word + 1),
        block,
        tokens.place(&(word..open)),
        tokens.place(&whole),
    );
    let comment = tokens.comment_above(&whole);
    declared.description = (!comment.is_empty()).then_some(comment);
    declared.table = texts_of(tokens, marks, "table_name");
    // `#[diesel(table_name = users)]` and sea-orm's `#[sea_orm(table_name = "users")]`
    declared.is_marked = declared.table.is_some();
    for part in tokens.split(open + 1..tokens.close(open), &[","]) {
        declared.members.extend(member(tokens, &part));
    }
    if declared.members.is_empty() {
        found.others.push((block, declared.range));
    } else {
        found.types.push(declared);
    }
}

/// `pub name: Option<String>`
fn member(tokens: &Tokens<'_>, part: &Range<usize>) -> Option<Member> {
    let mut marks = Vec::new();
    let mut at = attributes(tokens, part.start, &mut marks);
    let start = at;
    if tokens.text(at) == "pub" {
        at = if tokens.text(at + 1) == "(" { tokens.close(at + 1) } else { at } + 1;
    }
    // A keyword as a name: `r#type`.
    if tokens.text(at) == "r" && tokens.text(at + 1) == "#" {
        at += 2;
    }
    let name = tokens.text(at);
    if !is_identifier(name) || tokens.text(at + 1) != ":" {
        return None;
    }
    if marks.iter().any(|mark| tokens.source(mark).contains("skip")) {
        return None;
    }
    let kind = tokens.source(&(at + 2..part.end)).replace(' ', "");
    let mut bare = kind.as_str();
    let mut required = true;
    for wrapper in ["Option<", "Box<", "Arc<"] {
        if let Some(inner) = bare.strip_prefix(wrapper).and_then(|rest| rest.strip_suffix('>')) {
            required &= wrapper != "Option<";
            bare = inner;
        }
    }
    let (element, is_list) = match bare.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>'))
    {
        Some("u8") => ("bytes", false),
        Some(inner) => (inner, true),
        None => (bare, false),
    };
    let element = match element {
        "String" | "&str" | "&'staticstr" => "string",
        "DateTime<Utc>"
        | "DateTime<Local>"
        | "NaiveDateTime"
        | "OffsetDateTime"
        | "PrimitiveDateTime"
        | "chrono::DateTime<Utc>"
        | "SystemTime"
        | "DateTimeUtc" => "timestamp",
        "NaiveDate" => "date",
        "Uuid" | "uuid::Uuid" => "uuid",
        "serde_json::Value" | "Value" | "JsonValue" | "Json" => "json",
        "u8" => "smallint",
        "usize" | "isize" => "bigint",
        "f32" => "float",
        other => other,
    };
    let rename =
        texts_of(tokens, &marks, "rename").or_else(|| texts_of(tokens, &marks, "column_name"));
    let name = rename.unwrap_or_else(|| name.to_owned());
    let mut field = FieldFact { name, required: Some(required), ..FieldFact::default() };
    let text = if is_list { format!("{element}[]") } else { element.to_owned() };
    modifier::set_type(&text, &mut field);
    field.required = Some(required);
    if marks.iter().any(|mark| tokens.source(mark).contains("primary_key")) {
        field.primary_key = Some(true);
    }
    if marks.iter().any(|mark| tokens.source(mark).contains("unique")) {
        field.unique = Some(true);
    }
    let target = last_part(element.rsplit("::").next().unwrap_or(element));
    let is_type = is_identifier(target)
        && target.starts_with(char::is_uppercase)
        && !matches!(target, "Decimal" | "BigDecimal" | "Duration" | "Url" | "PathBuf");
    let navigation =
        is_type.then(|| Navigation { target: target.to_owned(), is_list, ..Navigation::default() });
    let mut member = Member { field, at: tokens.place(&(start..part.end)), navigation };
    // The comma stands between the type and its comment.
    let behind = tokens.comment_behind(&(part.start..part.end + 1));
    let above = tokens.comment_above(part);
    comment_into(if behind.is_empty() { &above } else { behind }, &mut member.field);
    Some(member)
}

/// An enumeration whose variants hold nothing; the others are no lists of values.
fn enumeration(
    tokens: &Tokens<'_>,
    block: usize,
    whole: Range<usize>,
    word: usize,
    marks: &[Range<usize>],
    found: &mut Found,
) {
    let place = tokens.place(&whole);
    let open = (word..whole.end).find(|&at| tokens.text(at) == "{").unwrap_or(whole.end);
    let style = texts_of(tokens, marks, "rename_all");
    let mut values = Vec::new();
    for part in tokens.split(open + 1..tokens.close(open).max(open + 1), &[","]) {
        let mut marks = Vec::new();
        let at = attributes(tokens, part.start, &mut marks);
        let name = tokens.text(at);
        let holds_nothing = at + 1 == part.end || tokens.text(at + 1) == "=";
        if !is_identifier(name) || !holds_nothing {
            values.clear();
            break;
        }
        let renamed = texts_of(tokens, &marks, "rename").map(|text| unquote(&text).to_owned());
        values.push(renamed.unwrap_or_else(|| in_style(name, style.as_deref())));
    }
    found.enumeration(block, tokens.text(word + 1), values, place);
}

/// `InProgress` as serde's `rename_all` writes it.
fn in_style(name: &str, style: Option<&str>) -> String {
    let separated = |separator: char| {
        let mut text = String::new();
        for (at, letter) in name.char_indices() {
            if letter.is_uppercase() && at > 0 {
                text.push(separator);
            }
            text.extend(letter.to_lowercase());
        }
        text
    };
    match style {
        Some("lowercase") => name.to_lowercase(),
        Some("UPPERCASE") => name.to_uppercase(),
        Some("snake_case") => separated('_'),
        Some("kebab-case") => separated('-'),
        Some("SCREAMING_SNAKE_CASE") => separated('_').to_uppercase(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn structs_and_enumerations() {
        check(
            "## Entities\n```rust\n/// A job that runs later.\n#[derive(Debug, Clone, Serialize)]\npub struct Job {\n    pub id: Uuid,\n    /// What it is called.\n    pub name: String,\n    pub note: Option<String>, // free text\n    #[serde(rename = \"kind\")]\n    pub r#type: JobKind,\n    pub runs: Vec<Run>,\n    pub limits: Limits,\n    pub created_at: DateTime<Utc>,\n}\n\npub struct Run { pub id: i64, pub job_id: Uuid, pub ok: bool }\npub struct Limits { pub seconds: u32 }\n\n#[serde(rename_all = \"snake_case\")]\npub enum JobKind { OneShot, Repeated }\npub enum Shape { Circle(f64), Square { side: f64 } }\n\npub struct JobService<'a> { id: u64, repo: &'a dyn JobRepository }\npub trait JobRepository { fn get(&self, id: Uuid) -> Option<Job>; }\nimpl Job { pub fn new() -> Self { todo!() } }\n```\n",
            &expect![[r#"
                5 rust-struct  entity Job -- A job that runs later.
                6 rust-struct  field Job.id uuid required
                8 rust-struct  field Job.name string required -- What it is called.
                9 rust-struct  field Job.note string optional -- free text
                11 rust-struct  field Job.kind JobKind required
                12 rust-struct  relationship Job 1:N Run
                13 rust-struct  field Job.limits Limits required
                14 rust-struct  field Job.created_at timestamp required
                17 rust-struct  entity Run
                17 rust-struct  field Run.id i64 required
                17 rust-struct  field Run.job_id uuid required
                17 rust-struct  field Run.ok bool required
                18 rust-struct  value object Limits
                18 rust-struct  field Limits.seconds u32 required
                20 rust-struct  enumeration JobKind: one_shot | repeated
            "#]],
        );
    }
}
