//! What speaks for nouns by how they are written: in code, with capital letters, as one word of several.

use std::collections::BTreeMap;

use super::Notes;
use crate::prose::Evidence;
use crate::prose::clause::Clause;
use crate::prose::noun::{entity_name, is_attribute, is_property, singular};
use crate::prose::tag::{Tag, tag};
use crate::words::{fold, is_identifier, name_words};

/// Names in code and with capital letters.
pub(super) fn names(
    clause: &Clause,
    coded: &mut BTreeMap<String, usize>,
) -> Vec<(String, Evidence)> {
    let tokens = &clause.tokens;
    let mut found = Vec::new();
    for phrase in &clause.phrases {
        if phrase.is_code() {
            let next = tokens.get(phrase.end);
            let name = entity_name(&phrase.noun);
            let is_name = is_identifier(&phrase.noun)
                && !phrase.noun.contains('.')
                && phrase.noun.starts_with(char::is_uppercase)
                && phrase.noun.chars().any(char::is_lowercase)
                && !is_technical(&phrase.noun)
                && !is_message(&phrase.noun)
                && !is_value_or_field(&phrase.noun);
            let is_part = next.is_some_and(|token| {
                token.is_any(&[
                    "class",
                    "component",
                    "hook",
                    "function",
                    "library",
                    "package",
                    "(",
                    "interface",
                    "prop",
                    "role",
                    "roles",
                    "status",
                ])
            });
            // "`Urgent` tickets": which of them.
            let is_state = name_words(&phrase.noun).len() == 1
                && next.is_some_and(|token| token.tag == Tag::Noun && !token.is_code);
            if is_name && !is_part && !is_state {
                let count = coded.entry(fold(&name)).or_default();
                *count += 1;
                if *count == 2 {
                    found.push((phrase.noun.clone(), Evidence::Coded));
                }
            }
            let is_table = next.is_some_and(|token| {
                token.is_any(&[
                    "table",
                    "collection",
                    "entity",
                    "record",
                    "records",
                    "row",
                    "rows",
                    "entry",
                    "entries",
                ])
            });
            if is_table && is_identifier(&phrase.noun) && !phrase.noun.contains('.') {
                found.push((phrase.noun.clone(), Evidence::Coded));
            }
        } else if is_camel(&phrase.noun) && !is_technical(&phrase.noun) && !is_message(&phrase.noun)
        {
            // "stored as SymptomIntake": a name of code that is written without its marks.
            // There is one TypeScript, and nobody speaks of "a TypeScript" or of several.
            let is_one_of_many = phrase.is_plural
                || tokens[phrase.start..phrase.end].iter().any(|it| it.tag == Tag::Determiner);
            let count = coded.entry(fold(&phrase.noun)).or_default();
            *count += usize::from(is_one_of_many || *count > 0);
            if *count == 2 {
                found.push((phrase.noun.clone(), Evidence::Coded));
            }
            let first = tokens[..phrase.end].iter().rev().find(|it| it.tag == Tag::Preposition);
            if first.is_some_and(|link| link.is_any(&["as", "via"])) {
                found.push((phrase.noun.clone(), Evidence::Kept));
            }
        } else if phrase.is_name() && phrase.start > 0 && phrase.noun.contains(' ') {
            found.push((phrase.noun.clone(), Evidence::Capital));
        }
    }
    found
}

/// Whether a name in code is that of a state or a field: `Closed`, `High`, `InProgress`, `DueAt`, `AuthorId`.
fn is_value_or_field(name: &str) -> bool {
    let humps = name_words(name);
    let (Some(first), Some(last)) = (humps.first(), humps.last()) else { return false };
    if humps.len() == 1 {
        return tag(last).iter().all(|it| it.tag != Tag::Noun)
            || last.ends_with("ed")
            || is_attribute(last);
    }
    matches!(first.as_str(), "in" | "on" | "not" | "is" | "has" | "out")
        || matches!(last.as_str(), "at" | "id" | "by" | "on")
        || is_property(last)
}

/// "Data stored: Venue, Oven, Match.status": a label that says that rows are kept, and the names behind it.
pub(super) fn stored(notes: &mut Notes<'_, '_>) {
    const LABELS: &[&str] = &[
        "data stored",
        "stored data",
        "stores",
        "data persisted",
        "persisted data",
        "entities",
        "entities involved",
        "tables",
        "tables involved",
        "models",
        "collections",
        "related entities",
        "affected entities",
        "affected tables",
    ];
    let text = notes.clause.text.as_str();
    let Some((label, names)) = text.split_once(": ") else { return };
    if !LABELS.contains(&&*label.trim().trim_matches('*').to_lowercase()) {
        return;
    }
    let names = names.trim_end_matches('.');
    let parts: Vec<&str> =
        crate::words::split_top(names, &[',', '·', ';']).into_iter().map(str::trim).collect();
    let head = |part: &str| {
        let first = part.split([' ', '(', '.', '/']).next().unwrap_or_default();
        let head = first.trim_matches('`').to_owned();
        let rest = part[first.len()..].trim_start();
        let is_whole = part.trim_matches('`') == head || rest.starts_with(['(', '.']);
        let is_name = is_identifier(&head)
            && head.starts_with(char::is_uppercase)
            && head.chars().any(char::is_lowercase);
        (is_whole && is_name).then_some(head)
    };
    for name in parts.into_iter().filter_map(head) {
        if !is_technical(&name) && !is_message(&name) {
            notes.note(&name, Evidence::Counted);
        }
    }
}

/// Verbs that begin the name of what a program does, and of no thing.
pub(in crate::prose) const COMMANDS: &[&str] = &[
    "add", "approve", "assign", "cancel", "complete", "confirm", "create", "deliver", "delete",
    "generate", "get", "mark", "publish", "register", "reject", "remove", "send", "start",
    "submit", "update", "validate", "notify",
];

/// Whether a name in code is that of a command or an event: `CreateOrder`, `OrderPlaced`. Verbs that may be the first word
/// of a thing (`BookAuthor`) say nothing.
pub(super) fn is_message(name: &str) -> bool {
    if name.contains(' ') || !is_camel(name) {
        return false;
    }
    let humps = name_words(name);
    let (Some(first), Some(last)) = (humps.first(), humps.last()) else { return false };
    let is_past = last.ends_with("ed") && last.len() > 4 && !last.ends_with("eed")
        || matches!(last.as_str(), "sent" | "paid");
    COMMANDS.contains(&first.as_str()) || is_past
}

/// Whether a noun names what is done, by its ending: "cancellations", "meal planning", "teaching load".
pub(in crate::prose) fn is_deed(noun: &str) -> bool {
    let last = singular(&noun.rsplit(' ').next().unwrap_or_default().to_lowercase());
    ["ing", "tion", "sion", "ance", "ence", "load", "ship", "ism"]
        .iter()
        .any(|end| last.len() > end.len() + 2 && last.ends_with(end))
}

/// "QueueTicket": words of at least three letters that capital letters join.
fn is_camel(noun: &str) -> bool {
    let humps: Vec<&str> = noun
        .match_indices(char::is_uppercase)
        .map(|(at, _)| at)
        .zip(noun.match_indices(char::is_uppercase).map(|(at, _)| at).skip(1).chain([noun.len()]))
        .map(|(from, to)| &noun[from..to])
        .collect();
    noun.starts_with(char::is_uppercase)
        && noun.chars().all(char::is_alphabetic)
        && humps.len() >= 2
        && humps.iter().all(|hump| hump.len() >= 3)
}

/// Names of parts of a program.
pub(super) fn is_technical(name: &str) -> bool {
    let ends = [
        "Provider",
        "Context",
        "Page",
        "Component",
        "Service",
        "Controller",
        "Hook",
        "Handler",
        "Button",
        "Form",
        "View",
        "Layout",
        "Repository",
        "Manager2",
        "Api",
        "API",
        "Modal",
        "Route",
        "Router",
        "Factory",
        "Store",
        "Reducer",
        "Middleware",
        "Module",
        "Screen",
        "Widget",
        "Props",
        "Exception",
        "Error",
        "Client",
        "Dialog",
        "Panel",
        "Bar",
        "List",
        "Card",
        "Scanner",
        "Dto",
    ];
    ends.iter().any(|end| name.ends_with(end) && name.len() > end.len())
        || matches!(
            name,
            "Django"
                | "React"
                | "Next"
                | "Vue"
                | "Node"
                | "Python"
                | "Java"
                | "Docker"
                | "Redis"
                | "PostgreSQL"
                | "MySQL"
                | "MongoDB"
                | "Firebase"
                | "Supabase"
                | "Prisma"
                | "Scanner"
                | "True"
                | "False"
                | "None"
                | "Authorization"
                | "Bearer"
                | "README"
                | "Readme"
                | "Dockerfile"
                | "Makefile"
                | "String"
                | "Integer"
                | "Boolean"
                | "Date"
        )
}

#[cfg(test)]
mod tests {
    use super::is_message;
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn values_in_code_are_no_things() {
        check(
            "# Desk\n\n- `Closed` and `Urgent` tickets are left out; `Closed` ones come last, as `Urgent` cases do.\n- A `TicketNote` entry is made, and each `TicketNote` has an author.\n- Approve a `pending` ticket.\n- `DueAt` is set, and `DueAt` is shown.\n",
            &expect![[r#"
                4 prose-entities  entity TicketNote
            "#]],
        );
    }

    #[test]
    fn commands_and_events_are_no_things() {
        assert!(!is_message("PlaceOrder"), "people place orders, and order places");
        assert!(
            ["OrderPlaced", "CreateOrder", "InvoiceSent", "MarkItemReady"]
                .iter()
                .all(|it| is_message(it))
        );
        assert!(
            ["OrderItem", "NewsFeed", "BookAuthor", "Deleted", "UserAccount"]
                .iter()
                .all(|it| !is_message(it))
        );
        check(
            "# Bakery\n\n- When `LoafBaked` is published, a `BakingSlot` is created.\n- When `LoafBaked` is published, `StartOven` is sent to the `BakingSlot`.\n- Maps to `StartOven`.\n",
            &expect![[r#"
                4 prose-entities  entity BakingSlot
            "#]],
        );
    }

    #[test]
    fn labels_that_say_what_is_stored() {
        check(
            "# Bakery\n\n## Ordering\n\n**What they do:** Order a loaf.\n\n**Data stored:** `Loaf` (sliced), BakingSlot, Oven.temperature, `𐝌ῶȺ`.\n\n## Report\n\n**Data stored:** Nothing new.\n\n**Data shown:** Sales, Costs.\n",
            &expect![[r#"
                7 prose-entities  entity Loaf
                7 prose-entities  entity BakingSlot
                7 prose-entities  entity Oven
            "#]],
        );
    }
}
