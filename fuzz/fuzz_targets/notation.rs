//! One target for each notation: the document before the input names an entity, so that what relates to one can be read,
//! and the input has the form of the notation's example. The seeds are the examples: see CONTRIBUTING.md.
#![no_main]

use libfuzzer_sys::fuzz_target;
use underpin_base::Sources;
use underpin_read::invariant::fault;

/// How files of the notation that the target is named after end.
const FILE: &str = match env!("CARGO_BIN_NAME").as_bytes() {
    b"model-file" => "underpin.yaml",
    _ => "input.md",
};

const KNOWN: &str = "# Order\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n| status | text |\n";

fuzz_target!(|input: &str| {
    let mut sources = Sources::default();
    sources.add("known.md", KNOWN);
    sources.add(FILE, input);
    if let Some(fault) = fault(&sources) {
        panic!("{fault}");
    }
});
