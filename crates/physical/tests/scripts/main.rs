//! From documents to the script of the physical design: what a reviewer would look for in it.

mod constraints;
mod design;
mod partitions;

use expect_test::Expect;
use underpin_base::Sources;
use underpin_logical::LogicalDesign;
use underpin_physical::PhysicalDesign;

fn designed(document: &str) -> (LogicalDesign, PhysicalDesign) {
    let mut sources = Sources::default();
    sources.add("model.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    let physical = underpin_physical::design(&model, &logical);
    (logical, physical)
}

/// The lines of the script that contain one of the words.
fn check(document: &str, words: &[&str], expected: &Expect) {
    let (_, physical) = designed(document);
    let script = underpin_pg::Script::create(&physical.schema).to_string();
    let lines: Vec<&str> = script
        .lines()
        .filter(|line| !line.starts_with("COMMENT") && words.iter().any(|word| line.contains(word)))
        .map(str::trim)
        .collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}
