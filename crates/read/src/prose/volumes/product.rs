//! Numbers of rows that are told for each row of another thing: "80 companies, each with 40 tanks", "5,000 customers with about 10
//! orders each", and behind them "a tank gets 25 batches a year".

use std::collections::BTreeMap;

use super::Said;
use super::count::{Word, named, split};
use crate::notation::Output;
use crate::prose::resolve;
use crate::quantity::{self, months};

/// How many rows a paragraph told of what.
pub(super) type Totals = BTreeMap<String, f64>;

/// A number and the things that it counts.
struct Told {
    value: f64,
    entity: String,
    /// The words that it takes up.
    from: usize,
    end: usize,
}

/// Adds what a sentence says so to what else it says.
pub(super) fn tell(text: &str, totals: &mut Totals, said: &mut Vec<Said>, out: &Output) {
    for known in said.iter() {
        if let Some(rows) = known.rows {
            totals.insert(known.entity.clone(), rows);
        }
    }
    let words = split(text);
    let each = |word: &Word<'_>| matches!(word.lower.as_str(), "each" | "every" | "per");
    if !words.iter().any(|word| each(word) || matches!(word.lower.as_str(), "a" | "an")) {
        return;
    }
    let told: Vec<Told> = (0..words.len()).filter_map(|at| told(text, &words, at, out)).collect();
    for pair in told.windows(2) {
        let [one, many] = pair else { continue };
        if is_for_each(text, &words, one, many) {
            totals.insert(one.entity.clone(), one.value);
            totals.insert(many.entity.clone(), one.value * many.value);
            set_rows(said, one.entity.clone(), one.value);
            set_rows(said, many.entity.clone(), one.value * many.value);
        }
    }
    for many in &told {
        let Some((growth, entity)) = comes_to_each(text, &words, many, totals, out) else {
            continue;
        };
        said.retain(|it| it.entity != entity);
        said.push(Said { entity, rows: None, growth: Some(growth) });
    }
}

fn set_rows(said: &mut Vec<Said>, entity: String, rows: f64) {
    said.retain(|it| it.entity != entity);
    said.push(Said { entity, rows: Some(rows), growth: None });
}

fn told(text: &str, words: &[Word<'_>], at: usize, out: &Output) -> Option<Told> {
    let word = words.get(at).filter(|it| it.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let before = &text[..word.range.start];
    let is_other = before.trim_end().ends_with(['$', '€', '£', '<', '≤', '-', '–', '#', '/'])
        || before.ends_with('.');
    let (value, rest) = quantity::number(&text[word.range.start..])?;
    let from = text.len() - rest.len();
    let is_inside = at > 0 && text[words[at - 1].range.end..word.range.start] == *",";
    let next = words.iter().position(|it| it.range.start >= from)?;
    let (entity, count) = named(text, &words[next..], out)?;
    (!is_other && !is_inside && value >= 1.0).then(|| Told {
        value,
        entity,
        from: at,
        end: next + count,
    })
}

/// Whether the second number counts what each of the first has.
fn is_for_each(text: &str, words: &[Word<'_>], one: &Told, many: &Told) -> bool {
    const BETWEEN: usize = 4;
    if many.from < one.end || many.from - one.end > BETWEEN {
        return false;
    }
    let between = &words[one.end..many.from];
    let is = |word: &Word<'_>, list: &[&str]| list.contains(&word.lower.as_str());
    let small = [
        "each",
        "every",
        "with",
        "having",
        "has",
        "have",
        "of",
        "them",
        "which",
        "about",
        "around",
        "roughly",
        "some",
        "approximately",
        "nearly",
        "on",
        "average",
        "that",
        "and",
        "holding",
        "owns",
        "own",
        "up",
        "to",
    ];
    let are_small = between.iter().all(|word| is(word, &small));
    let has = between
        .iter()
        .any(|word| is(word, &["with", "having", "has", "have", "holding", "own", "owns"]));
    let led = between.iter().any(|word| is(word, &["each"]));
    let behind = words.get(many.end).is_some_and(|word| {
        is(word, &["each"])
            && text[words[many.end - 1].range.end..word.range.start].trim().is_empty()
    });
    // "Each of the 80 companies has 40 tanks".
    let front = &words[..one.from];
    let of_each = front.iter().rev().take(3).any(|word| is(word, &["each", "every"]));
    are_small && has && (led || behind || of_each)
}

/// "A tank gets about 25 batches a year", where it is told how many tanks there are: what comes in a month.
fn comes_to_each(
    text: &str,
    words: &[Word<'_>],
    many: &Told,
    totals: &Totals,
    out: &Output,
) -> Option<(f64, String)> {
    const LONGEST: usize = 8;
    const VERBS: &[&str] = &[
        "gets",
        "has",
        "receives",
        "makes",
        "produces",
        "records",
        "takes",
        "sees",
        "sends",
        "writes",
        "places",
        "creates",
        "generates",
        "runs",
    ];
    let is = |at: usize, list: &[&str]| {
        words.get(at).is_some_and(|it| list.contains(&it.lower.as_str()))
    };
    let verb = (many.from.saturating_sub(4)..many.from).rev().find(|&at| is(at, VERBS))?;
    let article =
        (verb.saturating_sub(4)..verb).rev().find(|&at| is(at, &["a", "an", "each", "every"]))?;
    let noun: Vec<&str> = words[article + 1..verb].iter().map(|it| it.text).collect();
    let one = resolve(&noun.join(" "), out)?;
    let total = totals.get(&one)?;
    let rest = &words[many.end..words.len().min(many.end + LONGEST)];
    let per = rest
        .iter()
        .position(|it| matches!(it.lower.as_str(), "a" | "an" | "per" | "each" | "every"))?;
    let is_near =
        per == 0 && !text[words[many.end - 1].range.end..rest[0].range.start].contains([',', ';']);
    let times = months(&rest.get(per + 1)?.lower)?;
    (is_near && one != many.entity).then(|| (total * many.value * times, many.entity.clone()))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const FARM: &str = "# Farm\n\nA company has a name and a tax number. A tank has a code and a volume. A batch has a name and a status.\n\n";

    #[test]
    fn rows_for_each_row_of_another() {
        check(
            &format!(
                "{FARM}80 companies, each with 40 tanks; a tank gets about 25 batches a year.\n\n- We have 12 companies with roughly 900 tanks each.\n- Each of the 5 companies has 30 tanks.\n"
            ),
            &expect![[r#"
                3 prose-entities  entity Company
                3 prose-entities  entity Tank
                3 prose-entities  entity Batch
                3 prose-inline-fields  field Company.name
                3 prose-inline-fields  field Company.tax number
                3 prose-inline-fields  field Tank.code
                3 prose-inline-fields  field Tank.volume
                3 prose-inline-fields  field Batch.name
                3 prose-inline-fields  field Batch.status
                5 prose-possession  relationship Company 1:N Tank [inferred: the sentence calls them its own]
                5 prose-volumes  volume Company: 80 rows -- 80 companies, each with 40 tanks;
                5 prose-volumes  volume Tank: 3200 rows -- 80 companies, each with 40 tanks;
                5 prose-volumes  volume Batch: +6666.666666666666 a month -- a tank gets about 25 batches a year.
                7 prose-volumes  volume Company: 12 rows -- We have 12 companies with roughly 900 tanks each.
                7 prose-volumes  volume Tank: 10800 rows -- We have 12 companies with roughly 900 tanks each.
                8 prose-volumes  volume Company: 5 rows -- Each of the 5 companies has 30 tanks.
                8 prose-volumes  volume Tank: 150 rows -- Each of the 5 companies has 30 tanks.
            "#]],
        );
    }

    #[test]
    fn numbers_beside_each_other() {
        check(
            &format!(
                "{FARM}- A company may own 3 tanks, each with 2 valves.\n- A tank gets 25 batches a year.\n- 80 companies and 40 tanks.\n"
            ),
            &expect![[r#"
                3 prose-entities  entity Company
                3 prose-entities  entity Tank
                3 prose-entities  entity Batch
                3 prose-inline-fields  field Company.name
                3 prose-inline-fields  field Company.tax number
                3 prose-inline-fields  field Tank.code
                3 prose-inline-fields  field Tank.volume
                3 prose-inline-fields  field Batch.name
                3 prose-inline-fields  field Batch.status
                5 prose-rule-sentence  rule *: A company may own 3 tanks [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
