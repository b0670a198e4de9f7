//! The `schema.sql` artifact: the whole schema as one script.

use underpin_pg::LineComment;

use super::ArtifactKind;
use crate::{Artifact, context::Context, script};

pub(super) const ARTIFACT: ArtifactKind =
    ArtifactKind { path: "schema.sql", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mut heading = script::heading(context, "The whole database schema", "schema.sql");
    if !context.input.physical.contexts.is_empty() {
        let roles = "Then ops/roles.sql gives each bounded context its roles: until then, only the role \
                     that applied this may use the tables.";
        heading.push_str(&LineComment(roles).to_string());
    }
    vec![Artifact::text("schema.sql", heading + &script::create(context))]
}

/// What a server would take for code: the script without comments, names, strings and bodies.
#[cfg(test)]
pub(super) fn code(script: &str) -> String {
    let mut rest = script;
    let is_parameter = |it: &str| {
        it.strip_prefix('$').is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut code = String::new();
    while let Some(at) = rest.find(['-', '"', '\'', '$']) {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("--") {
            rest.find(['\n', '\r']).map(|end| end + 1)
        } else if rest.starts_with('-') || is_parameter(rest) {
            Some(1)
        } else {
            // A doubled quote ends one constant and begins the next, which comes to the same.
            let close = match rest.strip_prefix('$').and_then(|it| it.find('$')) {
                Some(tag) if rest.starts_with('$') => &rest[..tag + 2],
                _ => &rest[..1],
            };
            rest[close.len()..].find(close).map(|end| end + 2 * close.len())
        };
        rest = &rest[end.expect("what begins ends")..];
    }
    code + rest
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::code;
    use crate::sample;

    #[test]
    fn the_small_design() {
        expect_file!["../../goldens/schema.sql"]
            .assert_eq(&sample::Sample::new().text("schema.sql"));
    }

    #[test]
    fn no_name_ends_its_comment_or_its_quotes() {
        let script = sample::nasty().text("schema.sql");
        assert!(script.contains("DROP TABLE"), "{script}");
        assert!(!code(&script).contains("DROP TABLE"), "{}", code(&script));
        assert!(!code(&script).contains("<script>"), "{}", code(&script));
    }
}
