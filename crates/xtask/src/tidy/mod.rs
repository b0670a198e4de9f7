//! House rules that neither rustc nor clippy knows. Each rule is a function from files to remarks.

mod goldens;
mod manifests;
mod sources;
mod sql;

use crate::Outcome;
use crate::workspace::{Root, TextFile};

/// Crates that do no input and no output. Their first attribute switches the lint on that holds them to it.
const PURE: &[&str] = &[
    "base", "read", "model", "logical", "pg", "physical", "claim", "emit", "migrate", "advise",
    "check",
];

pub(crate) fn run(root: &Root) -> Outcome {
    let sources = root.files("crates", "rs");
    let remarks = remarks(root, &sources);
    if remarks.is_empty() {
        Ok(format!("{} source files in order", sources.len()))
    } else {
        Err(remarks)
    }
}

fn remarks(root: &Root, sources: &[TextFile]) -> Vec<String> {
    let mut remarks = Vec::new();
    for file in sources {
        remarks.extend(sources::begins_with_its_purpose(file));
        remarks.extend(sources::is_short(file));
        remarks.extend(sources::is_finished(file));
        remarks.extend(sources::has_no_trailing_space(file));
        remarks.extend(sql::is_put_together_in_pg_alone(file));
    }
    remarks.extend(sources::pure_crates_say_so(sources, PURE));
    remarks.extend(manifests::inherit_from_the_workspace(root));
    remarks.extend(manifests::come_from_the_public_registry(root));
    remarks.extend(goldens::have_an_input(&root.paths("crates")));
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        if let Err(remarks) = run(&Root::own()) {
            panic!("{}", remarks.join("\n"));
        }
    }
}
