//! Roles that a section of their own names: items, a table or headings under "User Roles", and a list
//! under "The application has these roles:".

use std::ops::Range;

use smol_str::SmolStr;

use crate::document::{BlockKind, Document, Inline, List, Table};
use crate::entity_name::strip_numbering;
use crate::words::{lower_words, split_once_any};

/// Roles that stand together, and where.
pub(super) struct Listed {
    pub(super) roles: Vec<String>,
    pub(super) range: Range<usize>,
}

/// The roles that sections, and lists under a label, name.
pub(super) fn listed(document: &Document<'_>) -> Vec<Listed> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let titled =
            || block.section.is_some_and(|section| is_about_roles(document.title(section)));
        let lead = document.lead(index);
        let is_led = match lead {
            Some(lead) => announces(lead),
            None => titled(),
        };
        let roles = match &block.kind {
            BlockKind::List(list) if is_led => of_list(list),
            BlockKind::Table(table) if is_led || titled() => of_table(table),
            BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Paragraph(_)
            | BlockKind::Code(_) => None,
        };
        found.extend(roles.map(|roles| Listed { roles, range: block.range.clone() }));
    }
    for section in 0..document.sections.len() {
        if is_about_roles(document.title(section)) {
            found.extend(of_headings(document, section));
        }
    }
    found
}

/// "3. User Roles", "Roles & Permissions", "User types"; what a team of builders has are duties.
fn is_about_roles(title: &str) -> bool {
    let words = lower_words(strip_numbering(title));
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let is_said = |word: &SmolStr| {
        matches!(
            word.as_str(),
            "user"
                | "users"
                | "role"
                | "roles"
                | "and"
                | "permissions"
                | "permission"
                | "access"
                | "system"
                | "the"
                | "type"
                | "types"
                | "classes"
                | "of"
                | "levels"
                | "rbac"
                | "control"
                | "based"
                | "supported"
                | "actors"
                | "account"
                | "matrix"
                | "their"
        )
    };
    words.iter().all(is_said)
        && (has(&["roles", "rbac", "actors"])
            || has(&["user", "users"]) && has(&["types", "classes"]))
}

/// "User roles:", "The application has these roles:", "Users have one of the following roles".
fn announces(lead: &str) -> bool {
    let words = lower_words(lead);
    words.len() <= 9
        && words.last().is_some_and(|word| word == "roles" || word == "types")
        && (words.last().is_some_and(|word| word == "roles")
            || words.len() == 2 && words[0] == "user")
}

/// "Delivery worker", "Payment gateway": actors that nobody signs in as.
pub(super) fn is_program(actor: &str) -> bool {
    lower_words(actor).pop().is_some_and(|last| {
        matches!(
            last.as_str(),
            "worker"
                | "service"
                | "system"
                | "scheduler"
                | "process"
                | "gateway"
                | "job"
                | "api"
                | "cron"
                | "provider"
                | "engine"
        )
    })
}

/// The items of lists under "Actors", people and programs alike, with the place of each list.
pub(super) fn actors(document: &Document<'_>) -> Vec<Listed> {
    let is_topic = |section: usize| {
        let title = document.title(section);
        is_about_roles(title) && lower_words(title).iter().any(|word| word == "actors")
    };
    let lists = document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::List(list) if block.section.is_some_and(is_topic) => {
            let items = list.items.iter().filter(|item| item.depth == 0);
            let roles = items.filter_map(|item| of_item(&item.content)).collect();
            Some(Listed { roles, range: block.range.clone() })
        }
        _ => None,
    });
    lists.collect()
}

fn of_list(list: &List) -> Option<Vec<String>> {
    let items = list.items.iter().filter(|item| item.depth == 0);
    let is_person = |role: &Option<String>| !role.as_deref().is_some_and(is_program);
    several(items.map(|item| of_item(&item.content)).filter(is_person).collect())
}

/// "**Cashier**: sells", "Cashier - sells", "Cashier".
fn of_item(content: &Inline) -> Option<String> {
    let label = content.label.trim();
    let text = content.text.trim();
    let said = if label.is_empty() {
        split_once_any(text, &[": ", " - ", " – ", " — ", " ("]).map_or(text, |(name, _)| name)
    } else {
        label
    };
    name(said)
}

/// A name of one to three words without what only says that it is a role: "Store manager role".
fn name(text: &str) -> Option<String> {
    let text = text.split(" (").next().unwrap_or_default().trim().trim_end_matches([':', '.']);
    let text = text.trim_matches('`').trim();
    let text = text.strip_suffix(" role").or_else(|| text.strip_suffix(" Role")).unwrap_or(text);
    let is_name = (1..=3).contains(&text.split_whitespace().count())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/'))
        && text.contains(char::is_alphabetic);
    let words = lower_words(text);
    let is_topic = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "overview"
                | "permissions"
                | "permission"
                | "matrix"
                | "access"
                | "roles"
                | "notes"
                | "summary"
                | "rules"
                | "can"
                | "management"
                | "all"
                | "assignment"
                | "control"
                | "role"
        )
    });
    (is_name && !is_topic).then(|| text.to_owned())
}

fn of_table(table: &Table) -> Option<Vec<String>> {
    let first = lower_words(&table.header.first()?.text).join(" ");
    let is_of_roles = matches!(
        first.as_str(),
        "role" | "user role" | "roles" | "user type" | "user class" | "actor" | "role name"
    );
    if !is_of_roles || table.header.len() < 2 {
        return None;
    }
    several(table.rows.iter().map(|row| name(row.text(0))).collect())
}

/// The headings right below one about roles, each of them with one.
fn of_headings(document: &Document<'_>, section: usize) -> Option<Listed> {
    let below = |at: &usize| document.sections[*at].parent == Some(section);
    let named = (section + 1..document.sections.len())
        .take_while(|at| document.sections[*at].level > document.sections[section].level)
        .filter(below)
        .filter_map(|at| name(strip_numbering(document.title(at))))
        .map(Some)
        .collect();
    let range = document.sections[section].title.range();
    several(named).map(|roles| Listed { roles, range })
}

/// Two names or more, where each is one.
fn several(names: Option<Vec<String>>) -> Option<Vec<String>> {
    names.filter(|names| (2..=10).contains(&names.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_about_roles() {
        for title in ["3. User Roles", "Roles & Permissions", "User Types", "Roles", "2.1 Actors"] {
            assert!(is_about_roles(title), "{title}");
        }
        for title in ["Roles and Responsibilities", "Project roles", "Permissions", "User Stories"]
        {
            assert!(!is_about_roles(title), "{title}");
        }
    }

    #[test]
    fn names_of_roles() {
        assert_eq!(name("Store Manager (one per shop)").as_deref(), Some("Store Manager"));
        assert_eq!(name("Cashier Role:").as_deref(), Some("Cashier"));
        assert_eq!(name("Permissions matrix"), None);
        assert_eq!(name("Can see all orders of the shop"), None);
    }
}
