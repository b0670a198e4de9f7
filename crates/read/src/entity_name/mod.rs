//! What a heading names: an entity with its table, or a topic such as "Indexes".

mod change;
mod context;
mod kind;
mod known;
mod vocabulary;

pub(crate) use context::{ContextTitle, context_among_contexts, promises_contexts, read_context};
pub(crate) use known::{KnownEntities, spellings};
pub(crate) use vocabulary::{ends_as_topic, is_structural};

use crate::EntityKind;
use crate::words::{code_spans, is_identifier, last_part, lower_words, parenthesized, unquote};
use change::{Change, change};
use kind::{is_attribute, is_filler, is_kind_word, note_kind, strip_kind_words};
use smol_str::SmolStr;
use vocabulary::{TOPIC_ENDS, describes_others, is_collective, is_topic_word};

/// A heading that names something with fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTitle {
    pub(crate) name: String,
    pub(crate) table: Option<String>,
    pub(crate) kind: EntityKind,
    /// The words that say that it is not stored, such as "computed".
    pub(crate) not_stored: Option<String>,
    /// Whether the words leave no doubt that an entity is meant: a code span, or "Table", "Entity".
    pub(crate) explicit: bool,
}

/// "User / Account" is called by the first of the two; "Tournament Creation" makes tournaments.
fn either(head: &str) -> &str {
    let is_name = |text: &str| {
        (1..=2).contains(&text.split(' ').count())
            && text.chars().all(|c| c.is_alphabetic() || c == ' ')
    };
    if let Some((first, second)) = head.split_once(" / ") {
        if is_name(first) && is_name(second) && first.starts_with(char::is_uppercase) {
            return first;
        }
    }
    let made = head.strip_suffix(" Creation").filter(|thing| is_name(thing)).unwrap_or(head);
    without_deed(made)
}

/// "Create Invoices" is about invoices. "Order items" and "Track points" may be things of that name.
fn without_deed(head: &str) -> &str {
    const DEEDS: &[&str] =
        &["create", "add", "edit", "update", "delete", "remove", "manage", "submit", "register"];
    let Some((deed, things)) = head.split_once(' ') else { return head };
    let is_deed = DEEDS.contains(&&*deed.to_lowercase())
        || matches!(&*deed.to_lowercase(), "record" | "log" | "track")
            && things.ends_with('s')
            && crate::prose::is_usual_noun(things);
    // "Create or edit a pet" tells of more than one thing to do.
    let is_name =
        things.split(' ').count() <= 2 && things.chars().all(|c| c.is_alphabetic() || c == ' ');
    if is_deed && is_name && things.starts_with(char::is_uppercase) { things } else { head }
}

/// Reads a heading. `None` where it names no single thing, as far as its words tell.
pub(crate) fn read_title(title: &str) -> Option<EntityTitle> {
    read(title, Below::Unknown)
}

/// Reads a heading over the fields of one thing, so that a word such as "Performance" is its name. Words that head what is
/// said of other things, such as "Rules", are names only over a key.
pub(crate) fn read_title_over_fields(title: &str, is_keyed: bool) -> Option<EntityTitle> {
    read(title, if is_keyed { Below::KeyedFields } else { Below::Fields })
}

/// What is known of the text below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    Unknown,
    /// Fields with their types.
    Fields,
    /// The same, and one of them is the key.
    KeyedFields,
}

fn read(title: &str, below: Below) -> Option<EntityTitle> {
    let title = strip_numbering(title.trim().trim_end_matches(':').trim());
    // Wide brackets hold the name in another language.
    let title = title.split_once('（').map_or(title, |(before, _)| before.trim());
    if title.is_empty() || title.len() > 200 || context::announced(title).is_some() {
        return None;
    }
    if is_requirement(title) || is_example(title) || is_no_thing(title) {
        return None;
    }
    if let Some(name) = collection_at(title) {
        let (table, kind, not_stored) = (None, EntityKind::Entity, None);
        return Some(EntityTitle { name, table, kind, not_stored, explicit: true });
    }
    let title = without_standing(title);
    let mut explicit = false;
    let mut kind = EntityKind::Entity;
    let mut not_stored = None;
    let mut table = None;
    let mut head = title;
    match change(head) {
        Change::Of(name) => head = name,
        Change::Gone => return None,
        Change::None => {}
    }
    for prefix in ["Entity:", "Table:", "Model:", "Aggregate:", "Class:", "Collection:"] {
        if let Some(rest) = crate::words::strip_prefix_ignoring_case(head, prefix) {
            head = rest.trim();
            explicit = true;
        }
    }
    if let Some(rest) = crate::words::strip_prefix_ignoring_case(head, "Value Object:") {
        (head, explicit, kind) = (rest.trim(), true, EntityKind::ValueObject);
    }
    // A dash begins an explanation, or follows a mere number ("Entity 1 — `doctors`").
    let dash = crate::words::split_once_any(head, &[" — ", " – ", " - ", "—", ": "]);
    if let Some((before, after)) = dash {
        let words = lower_words(before);
        let counts =
            matches!(words.first().map(SmolStr::as_str), Some("entity" | "table" | "model"))
                && words.len() <= 2;
        let only_code = code_spans(before).is_empty() && !code_spans(after).is_empty();
        // "Join Table: X", "Non-Persisted Entity: X" name the thing behind the colon.
        let names_kind = words.len() > 1
            && matches!(words.last().map(SmolStr::as_str), Some("entity" | "table" | "model"))
            && words[..words.len() - 1].iter().all(|word| is_attribute(word));
        if names_kind {
            note_kind(before, &mut kind, &mut not_stored);
            head = after.trim();
            explicit = true;
        } else if counts || (only_code && lower_words(before).len() <= 2 && is_kind_word(&words)) {
            head = after.trim();
            explicit = true;
        } else {
            note_kind(after, &mut kind, &mut not_stored);
            head = before.trim();
        }
    }
    head = either(head);
    let mut outside = head.to_owned();
    while let Some((before, inside, after)) = parenthesized(&outside) {
        note_kind(inside, &mut kind, &mut not_stored);
        let words = lower_words(inside);
        let code = code_spans(inside);
        match code.first() {
            Some(code) if is_identifier(code) => table = Some(last_part(code).to_owned()),
            Some(_) | None => {
                if words.first().is_some_and(|word| word == "table") && words.len() == 2 {
                    table = Some(words[1].to_string());
                } else if is_snake(inside.trim()) {
                    table = Some(inside.trim().to_owned());
                }
            }
        }
        explicit |= words.iter().any(|word| matches!(word.as_str(), "table" | "entity" | "root"));
        let around = format!("{} {}", before.trim(), after.trim());
        outside = around.trim().into();
    }
    let spans = code_spans(&outside);
    let name = match spans.as_slice() {
        [] => strip_kind_words(&outside, &mut explicit, &mut kind),
        [code] => {
            let rest = crate::words::without_code(&outside);
            let rest = lower_words(&rest);
            if rest.iter().all(|word| is_filler(word)) {
                explicit = true;
                (*code).to_owned()
            } else if is_identifier(code) && rest.iter().any(|word| word == "table") {
                explicit = true;
                table = Some(last_part(code).to_owned());
                let plain = crate::words::without_code(&outside);
                strip_kind_words(
                    plain.trim().trim_end_matches("table").trim(),
                    &mut explicit,
                    &mut kind,
                )
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let name = unquote(name.trim().trim_end_matches([':', '-', '—', '–']).trim()).to_owned();
    let words = lower_words(&name);
    let last = words.last()?;
    if words.len() > 5 || name.contains(['→', '↔', '/', '?', '!', ',', ';', '&', '+', '=']) {
        return None;
    }
    let is_code = !spans.is_empty();
    let is_topic =
        if words.len() > 1 { TOPIC_ENDS.contains(&last.as_str()) } else { is_topic_word(last) };
    let names_thing = match below {
        Below::Unknown => false,
        Below::Fields => !describes_others(last),
        Below::KeyedFields => !is_collective(last),
    };
    if is_topic && !names_thing && !explicit && table.is_none() && !is_code {
        return None;
    }
    if words.iter().any(|word| {
        matches!(word.as_str(), "and" | "or" | "for" | "of" | "the" | "with" | "how" | "why")
    }) {
        return None;
    }
    // "Customer Notes" are stored, "Design notes" are not.
    let is_about = |word: &str| {
        matches!(
            word,
            "implementation"
                | "design"
                | "additional"
                | "technical"
                | "migration"
                | "important"
                | "general"
                | "schema"
                | "usage"
                | "key"
                | "modeling"
                | "modelling"
        )
    };
    if last == "notes" && words.len() == 2 && is_about(&words[0]) {
        return None;
    }
    // "Module 1" and "Phase 2" divide the document.
    let counts = words.len() == 2 && words[1].chars().all(|c| c.is_ascii_digit());
    if counts
        && matches!(
            words[0].as_str(),
            "module"
                | "phase"
                | "step"
                | "part"
                | "section"
                | "feature"
                | "milestone"
                | "sprint"
                | "task"
                | "epic"
                | "chapter"
                | "iteration"
                | "version"
                | "level"
                | "stage"
        )
    {
        return None;
    }
    // People file maintenance requests; programs send login requests.
    let is_filed = words.len() > 1 && last == "request" && !sends(&words[0]);
    if not_stored.is_none() && !is_code && !is_filed {
        note_kind(&name, &mut kind, &mut not_stored);
    }
    // `OrderDetailDto` is what is sent.
    let is_sent = ["Dto", "DTO", "ViewModel"].iter().any(|end| name.ends_with(end));
    if not_stored.is_none() && is_sent && name.len() > "ViewModel".len() {
        not_stored = Some("DTO".to_owned());
    }
    Some(EntityTitle { name, table, kind, not_stored, explicit })
}

/// Whether a heading names all that is stored, "Data Model (minimal)", or what a call takes, "Query parameters".
fn is_no_thing(title: &str) -> bool {
    let before = title.split(['(', '—', '–', ':']).next().unwrap_or_default();
    let words = lower_words(before);
    matches!(
        words.iter().map(SmolStr::as_str).collect::<Vec<_>>().as_slice(),
        ["data" | "domain" | "database" | "conceptual" | "logical" | "physical", "model" | "entity" | "class"]
            | ["conceptual" | "logical" | "physical", "data", "model"]
            // What a call takes and gives.
            | ["query" | "path" | "url" | "request" | "body", "parameters" | "params" | "parameter"]
            | ["request" | "response", "body" | "headers" | "payload" | "format" | "schema"]
    )
}

/// Whether a word before "Request" says what a program does with it.
fn sends(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "create", "update", "delete", "add", "remove", "get", "list", "patch", "put", "post",
        "login", "signup", "register", "logout", "api", "http", "graphql", "rpc", "auth", "upload",
        "search", "request", "batch", "webhook",
    ];
    VERBS.contains(&word)
}

/// Numbering and lettering before a heading: `1.`, `2)`, `2.1.3`, `A.`, `§ 4`, `Step 3:`.
pub(crate) fn strip_numbering(title: &str) -> &str {
    let mut title = title.trim_start_matches(['§', '#', ' ']);
    let numbered = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if numbered.len() < title.len() {
        let rest = numbered.trim_start_matches([')', '.', ':', ' ']);
        let is_number = numbered.len() < title.trim_start_matches('.').len()
            && (numbered.starts_with([')', ' ', ':'])
                || title[..title.len() - numbered.len()].ends_with('.'));
        if is_number && !rest.is_empty() {
            title = rest;
        }
    } else {
        let mut characters = title.chars();
        let letter = characters.next().is_some_and(|c| c.is_ascii_uppercase());
        if letter && matches!(characters.next(), Some('.' | ')')) && characters.next() == Some(' ')
        {
            title = &title[3..];
        }
    }
    title.trim_start_matches(['-', '—', '–', ' ']).trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '`' | '_' | '"' | '(' | '*')
    })
}

/// Whether a heading shows something and describes nothing: "Example: a full booking".
fn is_example(title: &str) -> bool {
    let label = title.split_once(':').map(|(label, _)| label.trim().to_lowercase());
    label.is_some_and(|label| {
        matches!(label.as_str(), "example" | "examples" | "sample" | "for example" | "e.g.")
    })
}

/// A heading without the word that says how a thing stands: "Deprecated: Voucher" is about vouchers.
fn without_standing(title: &str) -> &str {
    let Some((label, name)) = title.split_once(':') else { return title };
    let is_standing = matches!(
        label.trim().to_lowercase().as_str(),
        "deprecated" | "legacy" | "obsolete" | "draft" | "wip" | "proposed" | "planned"
    );
    if is_standing && !name.trim().is_empty() { name.trim() } else { title }
}

/// The collection in the path of its documents, "`rooms/{roomId}/letters/{letterId}`", where names and ids take turns. What
/// begins with a slash is the path of a request.
fn collection_at(title: &str) -> Option<String> {
    let [path] = code_spans(title)[..] else { return None };
    let steps: Vec<&str> = path.split('/').collect();
    let is_id = |step: &str| step.starts_with('{') && step.ends_with('}');
    let take_turns = steps
        .iter()
        .enumerate()
        .all(|(at, step)| if at % 2 == 0 { is_identifier(step) } else { is_id(step) });
    let is_path = steps.len() > 1 && steps.len().is_multiple_of(2) && take_turns;
    is_path.then(|| steps[steps.len() - 2].to_owned())
}

/// Whether a heading begins with the number of a requirement: "FR-03: Recording of sales". What follows
/// says what the system does, and names no single thing.
fn is_requirement(title: &str) -> bool {
    const KINDS: &[&str] =
        &["FR", "NFR", "REQ", "RQ", "RF", "RNF", "UC", "US", "BR", "AC", "SR", "FEAT"];
    let word = title.split([' ', ':']).next().unwrap_or_default().trim_matches(['[', ']']);
    let letters =
        word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
    let number = &word[letters.len()..];
    // "SI-2: Database": whatever the letters stand for.
    let is_led = letters.len() <= 5
        && letters.chars().all(|c| c.is_ascii_uppercase())
        && number.starts_with('-')
        && title[word.len()..].starts_with(':');
    is_led && number.len() > 1
        || number.contains(|c: char| c.is_ascii_digit())
            && KINDS.iter().any(|kind| letters.eq_ignore_ascii_case(kind))
}

fn is_snake(text: &str) -> bool {
    is_identifier(text) && text.contains('_') && text.chars().all(|c| !c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(title: &str) -> String {
        match read_title(title) {
            None => "-".to_owned(),
            Some(title) => {
                let mut text = title.name;
                if let Some(table) = title.table {
                    text = text + " table=" + &table;
                }
                if title.kind != EntityKind::Entity {
                    text = format!("{text} {:?}", title.kind);
                }
                if let Some(words) = title.not_stored {
                    text = text + " not stored: " + &words;
                }
                text
            }
        }
    }

    #[test]
    fn what_is_done_with_a_thing_is_no_part_of_its_name() {
        assert_eq!(name("Create Invoices"), "Invoices");
        assert_eq!(name("Record Expenses"), "Expenses");
        assert_eq!(name("Record Labels"), "Record Labels");
        assert_eq!(name("Order Items"), "Order Items");
        assert_eq!(name("Track Point"), "Track Point");
    }

    #[test]
    fn headings_name_entities() {
        for (title, expected) in [
            ("User", "User"),
            ("1. Guest Entity", "Guest"),
            ("# Table: x", "x"),
            ("3. RolePermission (`role_permissions`)", "RolePermission table=role_permissions"),
            ("Entity 1 — `doctors`", "doctors"),
            ("A. Inquiry Table (`Inquiries`)", "Inquiry table=Inquiries"),
            ("2.1.3 `UserRole`", "UserRole"),
            ("Order (Aggregate Root)", "Order"),
            ("book_authors (Association Table)", "book_authors Join"),
            ("Course (modify)", "Course"),
            (
                "3) CollectionToolRequest (computed/internal)",
                "CollectionToolRequest not stored: computed",
            ),
            ("2) CoinIntakeDraft (persisted short-lived or durable by config)", "CoinIntakeDraft"),
            ("`cust.customer`", "cust.customer"),
            ("Requisition Items Table", "Requisition Items"),
            ("Users Table", "Users"),
            ("Table: audit_log (for tracking configuration changes)", "audit_log"),
            ("Documentation", "Documentation"),
            ("6. State (`states`)", "State table=states"),
            ("Entity Relationship Diagram", "-"),
            ("Indexes", "-"),
            ("Validation Rules", "-"),
            ("Player → Transaction (1:N)", "-"),
            ("Users and Roles", "-"),
            ("Implementation Notes", "-"),
            ("Customer Notes", "Customer Notes"),
            ("Best Practices", "-"),
            ("Money (Value Object)", "Money ValueObject"),
            ("Modify: `transactions` table", "transactions"),
            ("Modified entity: `WorkItem` (`Data/WorkItem.cs`)", "WorkItem"),
            ("New: refresh_tokens", "refresh_tokens"),
            ("Removed: sessions", "-"),
            ("Unchanged: parents, children, families", "-"),
            ("Changes to existing entity User", "User"),
            ("New Columns for `conversations`", "conversations"),
            ("Extension to existing inventory tables (R1)", "-"),
            ("Migration 003: Add timezone to families", "-"),
            ("Migration: Add `is_disabled` to `children`", "-"),
            ("Non-Persisted Entity: JWT Token", "JWT Token not stored: non-persisted"),
            ("New Entities", "-"),
            ("Updated Schema", "-"),
            ("Change Request", "Change Request"),
            ("Updated at", "Updated at"),
            ("FR-03: Sales Recording", "-"),
            ("US1 Orders", "-"),
            ("NFR 2.1", "NFR 2.1"),
            ("US Address", "US Address"),
        ] {
            assert_eq!(name(title), expected, "{title}");
        }
    }

    #[test]
    fn structural_headings_describe_the_one_above() {
        assert!(is_structural("Fields"));
        assert!(is_structural("3.1 Field Definitions:"));
        assert!(!is_structural("Orders"));
    }
}
