//! How everything between a document and its artifacts grows with it: reading, the model, the design and the files that
//! are emitted, for 100 to 10,000 entities with one access pattern each. `cargo bench -p underpin-emit` prints items
//! (entities) in a second beside each time; they stay about equal from size to size.

use std::fmt::Write as _;

use divan::{Bencher, counter::ItemsCount};
use underpin_base::Sources;
use underpin_claim::Verification;
use underpin_emit::{Input, emit};

fn main() {
    divan::main();
}

/// A document of so many entities, each below another one, and what is asked of each.
fn document(entities: usize) -> String {
    let mut text = "# Data model\n\n".to_owned();
    for at in 0..entities {
        let above = at / 2;
        let _ = write!(
            text,
            "## Thing{at}\n\n| Field | Type | Required | Constraints |\n| --- | --- | --- | --- |\n\
             | id | uuid | yes | PK |\n| owner_id | uuid | no | FK → Thing{above} |\n\
             | name | text | yes | unique |\n| state | text | yes | one of: open, closed, archived |\n\
             | created_at | timestamptz | yes | |\n| amount | numeric(12,2) | no | must be at least 0 |\n\n"
        );
    }
    text.push_str("## Access patterns\n\n| Query | Entity | Filter | Sort | Frequency |\n| --- | --- | --- | --- | --- |\n");
    for at in 0..entities {
        let _ = writeln!(
            text,
            "| list things {at} | Thing{at} | owner_id, state | created_at desc | 10/s |"
        );
    }
    text
}

/// What is emitted of a document, in bytes.
fn emitted(sources: &Sources) -> usize {
    let reading = underpin_read::read(sources);
    let model = underpin_model::build(&reading, sources);
    let logical = underpin_logical::design(&model);
    let physical = underpin_physical::design(&model, &logical);
    let verification = Verification::not_run(&physical.claims, "not run yet");
    let input = Input {
        sources,
        model: &model,
        logical: &logical,
        physical: &physical,
        verification: &verification,
        version: "0",
    };
    emit(&input).iter().map(|artifact| artifact.bytes.len()).sum()
}

#[divan::bench(args = [100, 1_000, 10_000], max_time = 10, sample_count = 5)]
fn of_many_entities(bencher: Bencher<'_, '_>, entities: usize) {
    let mut sources = Sources::default();
    sources.add("model.md", document(entities));
    bencher.counter(ItemsCount::new(entities)).bench(|| emitted(&sources));
}
