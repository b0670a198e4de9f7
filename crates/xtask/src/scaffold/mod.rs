//! A new notation, rule, probe or artifact: one file from a template, and its two lines in the registry.

mod insert;
mod name;

use crate::Outcome;
use crate::workspace::Root;

use name::Name;

/// What there can be one more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Notation,
    Rule,
    Probe,
    Artifact,
}

impl Kind {
    pub(crate) fn of_chore(chore: &str) -> Option<Self> {
        match chore {
            "new-notation" => Some(Self::Notation),
            "new-rule" => Some(Self::Rule),
            "new-probe" => Some(Self::Probe),
            "new-artifact" => Some(Self::Artifact),
            _ => None,
        }
    }

    /// As it stands in the markers, `// xtask:new-rule:modules`.
    fn word(self) -> &'static str {
        match self {
            Self::Notation => "notation",
            Self::Rule => "rule",
            Self::Probe => "probe",
            Self::Artifact => "artifact",
        }
    }

    /// Where the units of this kind live, beside the `mod.rs` that lists them.
    fn folder(self) -> &'static str {
        match self {
            Self::Notation => "crates/read/src/notation",
            Self::Rule => "crates/physical/src/rule",
            Self::Probe => "crates/verify/src/probe",
            Self::Artifact => "crates/emit/src/artifact",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Notation => include_str!("templates/notation.rs.txt"),
            Self::Rule => include_str!("templates/rule.rs.txt"),
            Self::Probe => include_str!("templates/probe.rs.txt"),
            Self::Artifact => include_str!("templates/artifact.rs.txt"),
        }
    }

    /// A file beside the unit that has to be there too: its path and its text.
    fn companion(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Notation => Some((
                "crates/read/notations/@kebab@.md",
                include_str!("templates/notation.md.txt"),
            )),
            Self::Rule | Self::Probe | Self::Artifact => None,
        }
    }

    /// The entry in the list of units. The driver walks that list in its order.
    fn registry_entry(self) -> &'static str {
        match self {
            Self::Notation => {
                "Notation { name: \"@kebab@\", doc: @module@::DOC, read: Whole(@module@::read) },"
            }
            Self::Rule => "rule(\"P0xx\", \"@words@\", @module@::apply),",
            Self::Probe => "@module@::PROBE,",
            Self::Artifact => "@module@::ARTIFACT,",
        }
    }
}

pub(crate) fn run(root: &Root, kind: Kind, name: &str) -> Outcome {
    write(root, kind, name).map_err(|remark| vec![remark])
}

fn write(root: &Root, kind: Kind, name: &str) -> Result<String, String> {
    let name = Name::parse(name)?;
    let list = format!("{}/mod.rs", kind.folder());
    let unit = format!("{}/{}.rs", kind.folder(), name.module());
    if root.join(&unit).exists() {
        return Err(format!("{unit} is there already"));
    }
    let text = root.read(&list)?;
    let modules = format!("// xtask:new-{}:modules", kind.word());
    let registry = format!("// xtask:new-{}:registry", kind.word());
    // Both insertions are made before anything is written, so that a missing marker leaves nothing half done.
    let text =
        insert::module(&text, &modules, name.module()).map_err(|it| format!("{list}: {it}"))?;
    let entry = wrapped(name.fill(kind.registry_entry()));
    let text = insert::entry(&text, &registry, &entry).map_err(|it| format!("{list}: {it}"))?;
    root.write(&unit, &name.fill(kind.template()))?;
    root.write(&list, &text)?;
    if let Some((path, text)) = kind.companion() {
        root.write(&name.fill(path), &name.fill(text))?;
    }
    Ok(format!(
        "wrote {unit} and listed it in {list}: say what it is for, write its body and its tests, move its line to where it belongs"
    ))
}

/// An entry as rustfmt leaves it: a struct that is too long for a line has each field on one of its own.
fn wrapped(entry: String) -> String {
    const LINE: usize = 100;
    const INDENT: usize = 4;
    let parts = entry.split_once(" { ").filter(|_| entry.len() + INDENT > LINE);
    let Some((name, fields)) =
        parts.and_then(|(name, rest)| Some((name, rest.strip_suffix(" },")?)))
    else {
        return entry;
    };
    format!("{name} {{\n    {},\n}},", fields.split(", ").collect::<Vec<_>>().join(",\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_entry_is_wrapped() {
        assert_eq!(wrapped("One { a: b, c: d },".to_owned()), "One { a: b, c: d },");
        let name = "x".repeat(90);
        let long = format!("One {{ a: {name}, c: d }},");
        assert_eq!(wrapped(long), format!("One {{\n    a: {name},\n    c: d,\n}},"));
    }

    const LIST: &str = "//! Rules.\n\nmod alpha;\nmod gamma;\n// xtask:new-rule:modules\n\n\
        pub(crate) const RULES: &[Rule] = &[\n    gamma::RULE,\n    alpha::RULE,\n    // xtask:new-rule:registry\n];\n";

    fn copy_with(list: &str) -> (tempfile::TempDir, Root) {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        root.write("crates/physical/src/rule/mod.rs", list).unwrap();
        (folder, root)
    }

    #[test]
    fn a_rule_gets_its_file_and_its_two_lines() {
        let (_folder, root) = copy_with(LIST);
        run(&root, Kind::Rule, "Beta ray").unwrap();
        let list = root.read("crates/physical/src/rule/mod.rs").unwrap();
        assert!(list.contains("mod alpha;\nmod beta_ray;\nmod gamma;\n"), "{list}");
        assert!(
            list.contains("    alpha::RULE,\n    rule(\"P0xx\", \"beta ray\", beta_ray::apply),\n"),
            "{list}"
        );
        let unit = root.read("crates/physical/src/rule/beta_ray.rs").unwrap();
        assert!(unit.starts_with("//!"), "{unit}");
        assert!(!unit.contains('@'), "{unit}");
    }

    #[test]
    fn a_notation_gets_an_example() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        let list = LIST.replace("new-rule", "new-notation");
        root.write("crates/read/src/notation/mod.rs", &list).unwrap();
        run(&root, Kind::Notation, "Beta ray").unwrap();
        let example = root.read("crates/read/notations/beta-ray.md").unwrap();
        assert!(example.starts_with("```beta-ray\n"), "{example}");
    }

    #[test]
    fn a_unit_that_is_there_is_left_alone() {
        let (_folder, root) = copy_with(LIST);
        root.write("crates/physical/src/rule/beta.rs", "mine").unwrap();
        assert!(run(&root, Kind::Rule, "beta").unwrap_err()[0].contains("there already"));
        assert_eq!(root.read("crates/physical/src/rule/beta.rs").unwrap(), "mine");
    }

    #[test]
    fn a_missing_marker_leaves_nothing_half_done() {
        let (_folder, root) = copy_with("//! Rules.\n\n// xtask:new-rule:modules\n");
        let remarks = run(&root, Kind::Rule, "beta").unwrap_err();
        assert!(remarks[0].contains("// xtask:new-rule:registry"), "{remarks:?}");
        assert!(root.read("crates/physical/src/rule/beta.rs").is_err());
    }
}
