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

const STORAGE: &[Mandatory] = &[
    document("docs/requirements.md", "what the systems store and do with it"),
    document("docs/architecture.md", "the backend systems and what each is responsible for"),
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

/// What the profile lacks: errors where it was named, warnings where the folder only looks like it.
pub(crate) fn remarks(named: Option<Profile>, given: &[Given]) -> Vec<Diagnostic> {
    let Some(profile) = named.or_else(|| guessed(given)) else { return Vec::new() };
    let lacking = profile.mandatory().iter().filter_map(|it| Some((it, lacks(it, given)?)));
    lacking
        .map(|(mandatory, how)| {
            let Mandatory { path, holds } = mandatory;
            let name = profile.name();
            let message =
                format!("`{path}` {how}: the profile `{name}` needs it, it holds {holds}");
            if named.is_some() {
                Diagnostic::error(codes::MISSING_INPUT, message)
                    .help("write it, or name another profile; nothing was read or written")
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
                Ok(bytes) if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) => return None,
                Ok(_) => why = "is empty",
                Err(_) => {}
            }
        }
    }
    Some(why)
}
