//! The five profiles: which documents each cannot do without, and which profile a folder looks like.

use clap::ValueEnum;
use underpin_base::Diagnostic;

use crate::codes;
use crate::input::Given;

/// Which of the document layouts is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Numbered documents: docs/04-data-model.md, docs/05-data-structure.md, docs/10-object-lifecycle.md.
    Aspec,
    /// Requirements in prose: INITIAL.md.
    Planning,
    /// docs/domain/ and docs/architecture/ with six documents.
    Engineering,
    /// docs/requirements.md and docs/architecture.md with its backend systems.
    Storage,
    /// A schema or model that exists; no document is mandatory.
    Postgres,
}

/// A document that a profile cannot do without, and what it holds.
struct Mandatory {
    path: &'static str,
    holds: &'static str,
}

const fn document(path: &'static str, holds: &'static str) -> Mandatory {
    Mandatory { path, holds }
}

const ASPEC: &[Mandatory] = &[
    document("docs/04-data-model.md", "the entities and how they relate"),
    document("docs/05-data-structure.md", "the fields of each entity, with types"),
    document("docs/10-object-lifecycle.md", "the states of entities and what follows what"),
];

const PLANNING: &[Mandatory] =
    &[document("INITIAL.md", "the requirements: what the application stores and does with it")];

const ENGINEERING: &[Mandatory] = &[
    document("docs/domain/entities.md", "the entities with their fields"),
    document("docs/domain/value-objects.md", "the values that have no identity of their own"),
    document("docs/domain/aggregates.md", "the aggregates: roots and members"),
    document("docs/domain/domain-rules.md", "the rules that hold for the values"),
    document("docs/architecture/components.md", "the components and the data that each owns"),
    document("docs/architecture/integration-patterns.md", "how the components exchange data"),
];

/// Of the profile `storage`: it is no use without the systems that it names.
const ARCHITECTURE: &str = "docs/architecture.md";

const STORAGE: &[Mandatory] = &[
    document("docs/requirements.md", "what the systems store and do with it"),
    document(ARCHITECTURE, "the backend systems and what each is responsible for"),
];

impl Profile {
    const fn mandatory(self) -> &'static [Mandatory] {
        match self {
            Self::Aspec => ASPEC,
            Self::Planning => PLANNING,
            Self::Engineering => ENGINEERING,
            Self::Storage => STORAGE,
            Self::Postgres => &[],
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default()
    }
}

/// What the profile lacks: errors where it was named or the layout is unmistakable, warnings where the folder only looks
/// like it.
pub(crate) fn remarks(named: Option<Profile>, given: &[Given]) -> Vec<Diagnostic> {
    let Some(profile) = named.or_else(|| guessed(given)) else { return Vec::new() };
    let is_sure = named.is_some() || is_unmistakable(profile, given);
    let lacking = profile.mandatory().iter().filter_map(|it| Some((it, lacks(it, given)?)));
    lacking
        .map(|(mandatory, how)| {
            let Mandatory { path, holds } = mandatory;
            let name = profile.name();
            let message =
                format!("`{path}` {how}: the profile `{name}` needs it, and it should hold {holds}");
            if named.is_some() {
                Diagnostic::error(codes::MISSING_INPUT, message)
                    .help("write it, or name another profile; nothing was read or written")
            } else if is_sure {
                Diagnostic::error(codes::MISSING_INPUT, message).help(
                    "write it; nothing was read or written. `--profile postgres` reads what is there",
                )
            } else {
                Diagnostic::warning(codes::MISSING_INPUT, message)
                    .help(format!("write it; with `--profile {name}` the run ends here"))
            }
        })
        .collect()
}

/// The profile that most of the mandatory documents speak for. One file of several is a stray one.
fn guessed(given: &[Given]) -> Option<Profile> {
    Profile::value_variants().iter().copied().find(|profile| {
        let mandatory = profile.mandatory();
        let there = mandatory.iter().filter(|it| lacks(it, given).is_none()).count();
        there * 2 > mandatory.len() || there > 1 && there * 2 == mandatory.len()
    })
}

/// Whether a folder is of this profile and no other: all of its documents but one are there, of at least three.
fn is_unmistakable(profile: Profile, given: &[Given]) -> bool {
    let mandatory = profile.mandatory();
    let lacking = mandatory.iter().filter(|it| lacks(it, given).is_some()).count();
    mandatory.len() > 2 && lacking == 1
}

/// Why a document is of no use; none where it is there and says something.
fn lacks(mandatory: &Mandatory, given: &[Given]) -> Option<&'static str> {
    let inside = mandatory.path.strip_prefix("docs/").unwrap_or(mandatory.path);
    let mut why = "is missing";
    for one in given {
        let named = one.path.is_file() && one.path.ends_with(inside);
        let places = if named {
            vec![one.path.clone()]
        } else {
            vec![one.path.join(mandatory.path), one.path.join(inside)]
        };
        for place in places {
            match std::fs::read(&place) {
                Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => why = "is empty",
                Ok(bytes) if mandatory.path == ARCHITECTURE && !names_a_system(&bytes) => {
                    why = "names no backend system";
                }
                Ok(_) => return None,
                Err(_) => {}
            }
        }
    }
    Some(why)
}

/// Whether a heading is that of a backend system (`## backend-user`), or one over systems, services or components has
/// headings, list items or rows of a table below it.
fn names_a_system(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    // The level of the heading over systems that the line stands below, and the rows of a table so far.
    let (mut above, mut rows): (Option<usize>, usize) = (None, 0);
    for line in text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if level > 0 {
            if above.is_some_and(|it| level > it) {
                return true;
            }
            let lower = line.to_lowercase();
            let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
            if words.any(|word| word.starts_with("backend-") || word.ends_with("-backend")) {
                return true;
            }
            let over = ["backend", "systems", "services", "components", "modules"];
            above = over.iter().any(|it| lower.contains(it)).then_some(level);
            rows = 0;
            continue;
        }
        rows = if line.starts_with('|') { rows + 1 } else { 0 };
        let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_item = ["- ", "* ", "+ "].iter().any(|it| line.starts_with(it))
            || numbered.len() < line.len() && numbered.starts_with(['.', ')']);
        if above.is_some() && (is_item || rows > 2) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::names_a_system;

    #[test]
    fn architecture_names_its_systems() {
        for text in [
            "# A\n\n## Backend Systems\n\n- `backend-user`: accounts\n",
            "# A\r\n## Services\r\n\r\n1. Billing: invoices\r\n",
            "## Components\n\n| Name | Owns |\n| --- | --- |\n| Catalog | products |\n",
            "# A\n\n## Backend\n\n### Users\n\nAccounts.\n",
            "# A\n\n## backend-user\n\nAccounts.\n",
        ] {
            assert!(names_a_system(text.as_bytes()), "{text}");
        }
        for text in [
            "# Architecture\n\nWe will decide later.\n",
            "# A\n\n## Services\n\nNone yet.\n",
            "# A\n\n## Services\n\n| Name | Owns |\n| --- | --- |\n",
            "# A\n\n## Goals\n\n- be fast\n",
        ] {
            assert!(!names_a_system(text.as_bytes()), "{text}");
        }
    }
}
