//! What the headings around a code block say of it.

use crate::document::Document;
use crate::words::lower_words;

/// What a place says of the types that stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// They are stored.
    Stored,
    Unknown,
    /// They pass through: interfaces, components, configuration.
    Passing,
}

/// What the headings from the inside out and the words before a block say; the first that says
/// anything counts.
pub(crate) fn place_of(document: &Document<'_>, block: usize) -> Place {
    if let Some(lead) = document.lead(block) {
        match said(lead) {
            Place::Unknown => {}
            known => return known,
        }
    }
    document
        .path_of(document.blocks[block].section)
        .map(|section| said(document.title(section)))
        .find(|place| *place != Place::Unknown)
        .unwrap_or(Place::Unknown)
}

pub(super) fn said(title: &str) -> Place {
    let words = lower_words(title);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let joined = words.join(" ");
    let stored = [
        "data model",
        "database",
        "domain model",
        "domain entities",
        "data schema",
        "persistence",
        "data structure",
    ]
    .iter()
    .any(|phrase| joined.contains(phrase))
        || has(&[
            "entities",
            "entity",
            "models",
            "schema",
            "schemas",
            "tables",
            "table",
            "collections",
            "collection",
            "aggregate",
            "aggregates",
        ]);
    let passing = has(&[
        "api",
        "apis",
        "endpoint",
        "endpoints",
        "request",
        "requests",
        "response",
        "responses",
        "dto",
        "dtos",
        "payload",
        "payloads",
        "props",
        "component",
        "components",
        "ui",
        "frontend",
        "service",
        "services",
        "controller",
        "controllers",
        "repository",
        "repositories",
        "viewmodel",
        "viewmodels",
        "configuration",
        "config",
        "environment",
        "settings",
        "webhook",
        "webhooks",
        "hook",
        "hooks",
        "usage",
        "testing",
        "tests",
        "test",
        "handler",
        "handlers",
        "middleware",
        "client",
        "error",
        "errors",
        "algorithm",
        "algorithms",
        "event",
        "events",
        "message",
        "messages",
        "contract",
        "contracts",
        "input",
        "output",
        "inputs",
        "outputs",
        "command",
        "commands",
        "queries",
        "state",
        "store",
        "prompt",
        "prompts",
        "tool",
        "tools",
        "view",
        "views",
        "in-memory",
        "cache",
        "caching",
    ]);
    match (stored, passing) {
        (true, false) => Place::Stored,
        (false, true) => Place::Passing,
        // "API response models" pass; "Database service" stores.
        (true, true) => {
            if has(&[
                "request", "response", "dto", "dtos", "payload", "api", "view", "error", "errors",
            ]) {
                Place::Passing
            } else {
                Place::Stored
            }
        }
        (false, false) => Place::Unknown,
    }
}

/// How surely a name says that its type passes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    Surely,
    /// A heading that speaks of stored things overrules the name.
    Perhaps,
    No,
}

/// Whether a name is that of a request, of a component's properties, of a service and the like.
pub(crate) fn is_passing_name(name: &str) -> Passing {
    const SURE: &[&str] = &[
        "Request",
        "Response",
        "Props",
        "Input",
        "Output",
        "Params",
        "Dto",
        "DTO",
        "Payload",
        "Options",
        "Args",
        "Service",
        "Repository",
        "Controller",
        "Handler",
        "ViewModel",
        "Exception",
        "Factory",
        "Builder",
        "Validator",
        "Mapper",
        "Client",
        "Middleware",
        "Dao",
        "UseCase",
        "Serializer",
        "Callback",
        "Parser",
        "Hook",
    ];
    const UNSURE: &[&str] = &[
        "Config",
        "Configuration",
        "Settings",
        "Result",
        "State",
        "Context",
        "Error",
        "Provider",
        "Manager",
        "Command",
        "Query",
        "Form",
        "Body",
        "Filter",
        "Filters",
        "Event",
        "Schema",
        "Interface",
        "Store",
        "Helper",
        "Engine",
        "Adapter",
        "View",
        "Summary",
        "Create",
        "Update",
    ];
    // "Event" alone is a name like any other.
    let ends = |list: &[&str]| {
        list.iter().any(|end| {
            name.strip_suffix(end).is_some_and(|rest| {
                rest.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            })
        })
    };
    if ends(SURE) {
        Passing::Surely
    } else if ends(UNSURE) {
        Passing::Perhaps
    } else {
        Passing::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_names() {
        assert_eq!(said("3. Data Models"), Place::Stored);
        assert_eq!(said("API Response Models"), Place::Passing);
        assert_eq!(said("Overview"), Place::Unknown);
        assert_eq!(is_passing_name("CreateUserRequest"), Passing::Surely);
        assert_eq!(is_passing_name("UserService"), Passing::Surely);
        assert_eq!(is_passing_name("CalendarEvent"), Passing::Perhaps);
        for name in ["Event", "User", "Order", "Main", "Login", "Query", "OrderItem"] {
            assert_eq!(is_passing_name(name), Passing::No, "{name}");
        }
    }
}
