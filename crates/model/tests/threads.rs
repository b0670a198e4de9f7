//! However many threads share the work, the same is read and the same model made of it.

use std::fmt::Write as _;

use rayon::ThreadPoolBuilder;
use underpin_base::Sources;
use underpin_model::build;
use underpin_read::read;

/// A document that is long enough to be read in several parts, with rules of all sorts: some in the same words, some that
/// name no entity, some that change what those behind them mean.
fn document() -> String {
    let mut text = "# Data model\n\n".to_owned();
    for at in 0..250 {
        let above = at / 2;
        let _ = write!(
            text,
            "## Thing{at}\n\n\
             | Field | Type | Required | Constraints | Description |\n| --- | --- | --- | --- | --- |\n\
             | id | uuid | yes | PK | Identifies it |\n\
             | thing{above}_id | uuid | | FK → Thing{above} | The one above it |\n\
             | starts_on | date | yes | | When it begins |\n\
             | ends_on | date | | after `starts_on` | When it ends |\n\
             | price | decimal | yes | must be at least 0 | What it is worth |\n\
             | fee{at} | | | | What it takes to keep |\n\
             | position | integer | yes | 1 to {at}0 | Its place |\n\n\
             Rules:\n\n\
             - The fee{at} is counted in cents.\n\
             - The price must not exceed the fee{at}.\n\
             - Each Thing{at} may end before it begins.\n\
             - When a Thing{above} is deleted, its Thing{at} rows stay.\n\
             - The price of a Thing{above} never changes.\n\
             - Nobody may forget it.\n\n"
        );
    }
    text.push_str(
        "## Business rules\n\n- All amounts are stored in cents.\n- The weather must be fine.\n",
    );
    text
}

#[test]
fn threads_change_nothing() {
    let text = document();
    let made_by = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads begin");
        pool.install(|| {
            let mut sources = Sources::default();
            sources.add("model.md", text.clone());
            let reading = read(&sources);
            let model = build(&reading, &sources);
            assert!(model.rules.len() > 1_000, "rules were read: {}", model.rules.len());
            format!("{reading:?}\n{model:?}")
        })
    };
    let alone = made_by(1);
    assert!(made_by(3) == alone, "three threads make another model than one");
}
