//! The `migrations/0001_initial` artifacts: up, down, and a check that up took.

use std::fmt::Write as _;

use underpin_pg::{LineComment, Script, Verification};

use super::ArtifactKind;
use crate::{Artifact, context::Context, script};

pub(super) const ARTIFACT: ArtifactKind =
    ArtifactKind { path: "migrations/", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let schema = &context.input.physical.schema;
    let path = |direction: &str| format!("migrations/0001_initial.{direction}.sql");
    let up = script::heading(context, "Initial migration", &path("up")) + &script::create(context);

    let mut down = script::heading(context, "Takes back the initial migration", &path("down"));
    let warning = "It removes the tables with all that is in them. It stops with an error where an \
                   object that it did not make depends on one of them.";
    let roles = "The roles of ops/roles.sql stay: other databases of the cluster may use them. Where none \
                 does, DROP ROLE removes each.";
    write!(down, "{}", LineComment(warning)).expect("writing to a String");
    if !context.input.physical.contexts.is_empty() {
        write!(down, "{}", LineComment(roles)).expect("writing to a String");
    }
    if !schema.extensions.is_empty() {
        let names: Vec<String> = schema.extensions.iter().map(ToString::to_string).collect();
        let extensions = format!(
            "The extension {} stays: it may have been there before, and others may use it. Where none does, DROP EXTENSION \
             removes it.",
            names.join(", ")
        );
        write!(down, "{}", LineComment(&extensions)).expect("writing to a String");
    }
    write!(down, "\n{}", Script::drop(schema)).expect("writing to a String");

    let mut verify = script::heading(context, "Check of the initial migration", &path("verify"));
    let purpose = "It changes nothing, and fails with SQLSTATE P0004 and a list where a table, column, \
                   constraint, index, function or trigger is missing or different, or is there besides. To compare \
                   them, it makes each table once more as a temporary one, which takes the privilege TEMPORARY, and \
                   takes it back.";
    write!(verify, "{}\n{};\n", LineComment(purpose), Verification(schema))
        .expect("writing to a String");

    vec![
        Artifact::text(path("up"), up),
        Artifact::text(path("down"), down),
        Artifact::text(path("verify"), verify),
    ]
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use crate::sample::Sample;

    #[test]
    fn the_small_design() {
        let sample = Sample::new();
        expect_file!["../../goldens/0001_initial.down.sql"]
            .assert_eq(&sample.text("migrations/0001_initial.down.sql"));
        expect_file!["../../goldens/0001_initial.verify.sql"]
            .assert_eq(&sample.text("migrations/0001_initial.verify.sql"));
    }

    #[test]
    fn up_is_the_schema_under_another_heading() {
        let sample = Sample::new();
        let body = |path: &str| sample.text(path).split_once("\n\n").unwrap().1.to_owned();
        assert_eq!(body("schema.sql"), body("migrations/0001_initial.up.sql"));
    }
}
