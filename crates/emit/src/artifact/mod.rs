//! The artifacts, one file each. A unit has a `const ARTIFACT` and is listed here.

mod backup;
mod decision_records;
mod erd;
mod linter;
mod load_scripts;
mod migration;
mod partitions;
mod persistence_design;
mod pgtap;
mod query_files;
mod report;
mod retention;
mod roles;
mod schema_sql;
// xtask:new-artifact:modules

use std::collections::BTreeSet;

use underpin_base::parallel;
use underpin_pg::QualifiedName;

use crate::Artifact;
use crate::context::Context;

/// One kind of artifact.
#[derive(Debug)]
pub(crate) struct ArtifactKind {
    /// The path, or the folder with its `/`, in the output folder.
    pub(crate) path: &'static str,
    /// Whether it shows measured values, so that two runs over one input may differ.
    pub(crate) measured: bool,
    /// Writes it.
    pub(crate) write: fn(&Context<'_>) -> Vec<Artifact>,
}

/// In the order in which a reader should meet them. They do not depend on each other.
const ARTIFACTS: &[ArtifactKind] = &[
    schema_sql::ARTIFACT,
    roles::ARTIFACT,
    migration::ARTIFACT,
    linter::ARTIFACT,
    persistence_design::ARTIFACT,
    erd::ARTIFACT,
    decision_records::ARTIFACT,
    backup::ARTIFACT,
    retention::ARTIFACT,
    partitions::ARTIFACT,
    query_files::ARTIFACT,
    load_scripts::ARTIFACT,
    pgtap::ARTIFACT,
    report::ARTIFACT,
    // xtask:new-artifact:registry
];

pub(crate) fn all(context: &Context<'_>) -> Vec<Artifact> {
    // Two of them take as long as all others together.
    let made = parallel::map_uneven(ARTIFACTS, |kind| (kind.write)(context));
    made.into_iter().flatten().collect()
}

/// The path of a table's own file in a folder of SQL: a name that every file system takes, and that is not taken yet.
fn path_of(folder: &str, table: &QualifiedName, taken: &mut BTreeSet<String>) -> String {
    let name = plain(table.name.as_str());
    let stem = match table.namespace.as_str() {
        "public" => name,
        namespace => format!("{}.{name}", plain(namespace)),
    };
    let mut path = format!("{folder}{stem}.sql");
    let mut number = 1_u32;
    while !taken.insert(path.to_lowercase()) {
        number += 1;
        path = format!("{folder}{stem}-{number}.sql");
    }
    path
}

/// A name of letters and digits that every tool takes.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Whether the artifact at a path shows measured values. All others are the same, byte for byte, from
/// run to run.
pub fn shows_measured_values(path: &str) -> bool {
    ARTIFACTS.iter().any(|kind| {
        kind.measured
            && (kind.path == path || (kind.path.ends_with('/') && path.starts_with(kind.path)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn what_is_not_measured_does_not_change_with_the_evidence() {
        let sample = sample::Sample::new();
        let before = sample.emit();
        let after = sample.with_other_measurements().emit();
        assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(one.path, other.path);
            assert_eq!(one == other, !shows_measured_values(&one.path), "{}", one.path);
        }
    }

    #[test]
    fn paths_are_unique_and_stay_in_the_folder() {
        let mut paths: Vec<String> =
            sample::nasty().emit().into_iter().map(|artifact| artifact.path).collect();
        let count = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), count);
        for path in paths {
            let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
            assert!(path.chars().all(plain) && !path.contains(".."), "{path}");
        }
    }
}
