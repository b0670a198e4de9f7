//! The `.squawk.toml` artifact: what a linter of migrations should know of these scripts, and why.

use super::ArtifactKind;
use crate::{Artifact, context::Context};

const PATH: &str = ".squawk.toml";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: false, write };

/// A rule that says nothing of use about these scripts, and why.
struct Waived {
    rule: &'static str,
    reason: &'static [&'static str],
}

const WAIVED: &[Waived] = &[
    Waived {
        rule: "require-lock-timeout",
        reason: &["The scripts make new objects, which nobody can hold a lock on yet."],
    },
    Waived {
        rule: "require-statement-timeout",
        reason: &[
            "No statement looks at rows: a new table has none. Whoever applies the script sets a limit",
            "for the session where the server is busy.",
        ],
    },
    Waived {
        rule: "prefer-bigint-over-int",
        reason: &[
            "Keys that are counted have 64 bits. Other whole numbers are stated quantities; a CHECK",
            "holds their range where a document states it.",
        ],
    },
    Waived {
        rule: "prefer-bigint-over-smallint",
        reason: &["Two bytes are taken only where a document asks for them."],
    },
];

fn write(_: &Context<'_>) -> Vec<Artifact> {
    let mut out = String::from(
        "# Settings for squawk (https://squawkhq.com), which finds this file in the folder that it runs in:\n\
         #   squawk schema.sql migrations/*.sql\n\
         # It reports nothing beyond the rules that are left out here, each with its reason.\n\n\
         # Each script is applied as one transaction.\n\
         assume_in_transaction = true\n\n\
         # Dropping is what these scripts are for.\n\
         excluded_paths = [\"*.down.sql\"]\n\n\
         excluded_rules = [\n",
    );
    for waived in WAIVED {
        for line in waived.reason {
            out.push_str("  # ");
            out.push_str(line);
            out.push('\n');
        }
        out.push_str("  \"");
        out.push_str(waived.rule);
        out.push_str("\",\n");
    }
    out.push_str("]\n");
    vec![Artifact::text(PATH, out)]
}
