//! The `bench/` folder: the calls that the documents state as scripts of pgbench, the tables that these take their
//! parameters from, and how to run them without Underpin.

use std::collections::BTreeSet;

use underpin_pg::{Ddl, Draw, LineComment, PGBENCH_KEYS, PgbenchScript};
use underpin_physical::{LoadMix, LoadScript, load_mix};

use super::{ArtifactKind, plain};
use crate::Artifact;
use crate::context::Context;
use crate::markdown::{Document, Table, code, raw, text};

const FOLDER: &str = "bench/";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: FOLDER, measured: false, write };

/// Written where documents state how often something is called.
fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mix = load_mix(context.input.physical, None);
    if mix.scripts.is_empty() {
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let files: Vec<String> =
        mix.scripts.iter().map(|it| file(&it.query.name, &mut taken)).collect();
    let mut artifacts = vec![Artifact::text(format!("{FOLDER}README.md"), readme(&mix, &files))];
    artifacts.push(Artifact::text(format!("{FOLDER}parameters.sql"), parameters(&mix)));
    for (script, file) in mix.scripts.iter().zip(&files) {
        artifacts.push(Artifact::text(format!("{FOLDER}{file}"), one(script)));
    }
    artifacts
}

fn file(name: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = plain(name);
    let mut file = format!("{stem}.pgbench.sql");
    let mut number = 1_u32;
    while !taken.insert(file.to_lowercase()) {
        number += 1;
        file = format!("{stem}-{number}.pgbench.sql");
    }
    file
}

fn rate(per_second: f64) -> String {
    format!("{}", (per_second * 10_000.0).round() / 10_000.0)
}

fn one(script: &LoadScript<'_>) -> String {
    let objective = script.query.latency_ms;
    let objective = objective.map(|ms| format!(", within {ms} ms (p95)")).unwrap_or_default();
    // pgbench takes a colon in a comment for a variable as well.
    let about =
        format!("{}, {} in a second{objective}.", script.query.name, rate(script.per_second));
    format!("{}{}", LineComment(&about.replace(':', " ")), script.script)
}

fn parameters(mix: &LoadMix<'_>) -> String {
    let mut out = LineComment(&format!(
        "What the scripts take their parameters from, a table for each: row n is one call. Scripts that read choose among \
         the first {PGBENCH_KEYS} rows, a few of them most of the time; what can be written once takes each row once."
    ))
    .to_string();
    let namespace = Ddl::CreateNamespace(PgbenchScript::namespace());
    let statements = mix.scripts.iter().flat_map(|it| it.script.ddl());
    for statement in std::iter::once(namespace.to_string()).chain(statements) {
        out.push('\n');
        out.push_str(&statement);
        out.push_str(";\n");
    }
    out
}

fn readme(mix: &LoadMix<'_>, files: &[String]) -> String {
    let mut out = Document::default();
    out.title(1, "Load");
    out.say(&format!(
        "The calls that the documents state, {} in a second, as scripts of pgbench. `underpin bench` makes a database with rows, \
         fills the tables of parameters, runs the mix and judges it; nothing here is needed for that.",
        rate(mix.per_second().round().max(1.0))
    ));
    let mut table = Table::new(&["Script", "Calls in a second", "Objective (p95)", "Parameters"]);
    for (script, file) in mix.scripts.iter().zip(files) {
        table.row([
            code(file),
            raw(rate(script.per_second)),
            script
                .query
                .latency_ms
                .map_or_else(crate::markdown::none, |ms| raw(format!("{ms} ms"))),
            match (script.script.has_parameters(), script.script.draw()) {
                (false, _) => raw("none"),
                (true, Draw::Hot) => raw("some again and again"),
                (true, Draw::Once) => raw("each row once"),
            },
        ]);
    }
    out.table(&table);
    if !mix.left_out.is_empty() {
        out.say("No script was made of these:");
        out.list(
            mix.left_out.iter().map(|(name, why)| code(name).then(&raw(": ")).then(&text(why))),
        );
    }
    out.title(2, "Without Underpin");
    out.say(
        "`underpin bench DIR --database-url postgres://… --keep` leaves its database with rows and parameters. In any other one that \
         holds the schema and rows, make the tables of parameters with `psql -v ON_ERROR_STOP=1 -f parameters.sql` and fill them: \
         `n` counts from 1, the other columns are the parameters of the statement in their order.",
    );
    let weights: Vec<String> = mix
        .scripts
        .iter()
        .zip(files)
        .map(|(script, file)| format!("  -f {file}@{}", script.weight))
        .collect();
    out.say("Then all of them together, each as often as its weight says:");
    out.fence(
        "sh",
        &format!(
            "pgbench -n -M prepared -c {} -j 2 -T 60 -R {} --log --failures-detailed \\\n{} \\\n  \"$DATABASE\"",
            mix.clients(),
            mix.per_second().round().max(1.0),
            weights.join(" \\\n")
        ),
    );
    if let Some(average) = mix.average {
        out.say(&format!(
            "{} calls in a second are the stated peak, each query with its share of them; on average they are {}.",
            rate(mix.per_second().round().max(1.0)),
            rate(average)
        ));
    }
    if let Some(users) = mix.users {
        out.say(&format!(
            "The documents state {users:.0} users at a time. Each may call at once; behind a pool that lets {} of them through, \
             the others wait for a connection and not for a processor.",
            mix.clients()
        ));
    }
    out.say(&format!(
        "{} clients are as many as are under way at a time if each call takes as long as its objective allows (calls in a second \
         times seconds for each). `--log` writes a line for each call: its third number is how long it took, in microseconds, its \
         fourth which script it was, counted from 0 in the order above.",
        mix.clients()
    ));
    out.finish()
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn each_query_with_a_rate_has_a_script_and_its_weight() {
        let sample = sample::Sample::new();
        let script = sample.text("bench/list_orders_of_a_customer.pgbench.sql");
        assert!(script.contains("\\gset\nSELECT"), "{script}");
        let readme = sample.text("bench/README.md");
        assert!(readme.contains("list_orders_of_a_customer.pgbench.sql@10000000"), "{readme}");
        assert!(readme.contains("-R 60"), "{readme}");
        let parameters = sample.text("bench/parameters.sql");
        assert!(parameters.contains("CREATE TABLE underpin_bench."), "{parameters}");
    }

    #[test]
    fn nothing_that_a_document_says_is_a_variable_or_a_command_of_pgbench() {
        for artifact in sample::nasty().emit() {
            if !artifact.path.ends_with(".pgbench.sql") {
                continue;
            }
            let text = String::from_utf8(artifact.bytes).unwrap();
            for line in text.lines().filter(|line| line.starts_with("--")) {
                assert!(!line.contains(':'), "{line}");
            }
            for line in text.lines().filter(|line| line.starts_with('\\')) {
                assert!(line.starts_with("\\set n random_zipfian("), "{line}");
            }
        }
    }
}
