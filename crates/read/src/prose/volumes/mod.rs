//! How many rows there are and how they grow, in lines and sentences: "- `orders`: ~500M rows, +100k/month", "The
//! readings table grows by 10,000 rows a day", "We expect about 2 million invoices".

mod count;
mod product;
// Its tables would stand one word a line.
#[rustfmt::skip]
mod words;

use self::count::{Count, Word, counts, split};
use self::words::{ABOUT, GROWING, HOLDING, NO_COUNT, SAYING, TOPICS, VOLUME_WORDS};
use super::{placed_sentences, resolve, singular};
use crate::Fact;
use crate::document::{BlockKind, Document, Inline};
use crate::notation::{Output, mentioned};
use crate::quantity::{months, months_of_adverb};
use crate::words::{lower_words, split_once_any, strip_prefix_ignoring_case};

pub(crate) const DOC: &str =
    "A line or sentence that says how many rows an entity has, or how many come in a time.";

/// What a label or the beginning of a sentence is about: an entity, the numbers themselves, or something else.
enum About {
    Entity(String),
    Numbers,
    Other,
}

fn about(label: &str, out: &Output) -> About {
    let words = lower_words(label);
    let entities = mentioned(label, out);
    let left = |entity: &str| {
        let names = lower_words(entity);
        let names: Vec<String> =
            names.iter().flat_map(|name| name.split('_')).map(singular).collect();
        words
            .iter()
            .flat_map(|word| word.split('_'))
            .all(|word| VOLUME_WORDS.contains(&word) || names.contains(&singular(word)))
    };
    match entities.as_slice() {
        [] if !words.is_empty()
            && words.iter().all(|word| VOLUME_WORDS.contains(&word.as_str())) =>
        {
            About::Numbers
        }
        [] => resolve(label.trim(), out).map_or(About::Other, About::Entity),
        [one] if left(one) => About::Entity(one.clone()),
        [_, ..] => About::Other,
    }
}

/// The entity that a sentence about a table begins with: "The `orders` table grows by", "Orders grow by", "The number of
/// orders is about", "Daily order volume is".
fn spoken_of(front: &str, out: &Output) -> About {
    let words = split(front);
    let verb = words.iter().position(|word| {
        matches!(
            word.lower.as_str(),
            "is" | "are"
                | "will"
                | "holds"
                | "contains"
                | "has"
                | "have"
                | "hold"
                | "grow"
                | "grows"
                | "reaches"
                | "gets"
                | "receives"
                | "should"
                | "can"
                | "increases"
                | "increase"
        )
    });
    let Some(verb) = verb.filter(|&verb| verb > 0) else { return About::Other };
    let subject = front[..words[verb].range.start].trim();
    let subject = strip_prefix_ignoring_case(subject, "the ").unwrap_or(subject);
    if matches!(
        subject.to_lowercase().as_str(),
        "this table" | "this entity" | "table" | "this collection" | "it"
    ) {
        return About::Numbers;
    }
    match about(subject, out) {
        About::Entity(entity) => About::Entity(entity),
        About::Numbers | About::Other => About::Other,
    }
}

/// A line that may say how many rows there are.
struct Line<'l> {
    text: &'l str,
    /// Whether it stands under a heading or words about numbers of rows.
    is_topic: bool,
    /// The entity whose heading it stands under.
    owner: Option<&'l str>,
    /// What the sentence before it in the same line was about.
    before: Option<&'l str>,
}

/// Rows of an entity: how many, and how many come in a month.
struct Said {
    entity: String,
    rows: Option<f64>,
    growth: Option<f64>,
}

impl Line<'_> {
    /// What it says, entity by entity.
    fn said(&self, out: &Output) -> Vec<Said> {
        // Few rows are told among numbers of rows.
        let mut counts = counts(self.text, out);
        counts.retain(|it| {
            !it.is_small() || self.is_topic && it.noun.is_some() && it.times.is_none()
        });
        let Some(first) = counts.first() else { return Vec::new() };
        let words = split(self.text);
        let is_bound = words.iter().any(|word| {
            // Requests may be what is stored.
            NO_COUNT.contains(&word.lower.as_str())
                && out.known.get(&singular(&word.lower)).is_none()
                && !counts.iter().any(|it| it.is_named_by(&word.lower))
        });
        if is_bound || is_permission(&words) {
            return Vec::new();
        }
        let front = &self.text[..first.range.start];
        let are_labelled = counts.iter().all(|it| it.is_labelled);
        let subject = if are_labelled { About::Numbers } else { self.subject(front, out) };
        let grows = words.iter().any(|word| GROWING.contains(&word.lower.as_str()));
        let front_period = period_before(front);
        let is_said = self.is_topic
            || matches!(subject, About::Numbers)
            || is_lead(self.text)
            || words.iter().any(|word| SAYING.contains(&word.lower.as_str()));
        // A bare number behind a name says how many rows only among others that do.
        let is_told = self.is_topic
            || matches!(subject, About::Numbers)
            || has_topic(front)
            || counts.iter().any(|it| it.is_rows || it.times.is_some());
        let mut found: Vec<Said> = Vec::new();
        let mut last: Option<String> = None;
        for count in &counts {
            if !(is_told || count.noun.is_some() || count.is_added) {
                continue;
            }
            let is_meant = is_said || count.times.is_some();
            let Some(entity) = self.counted(count, &subject, is_meant, last.as_deref()) else {
                continue;
            };
            let entity = entity.to_owned();
            last = Some(entity.clone());
            let is_later = count.is_added && !found.is_empty();
            let times = count.times.or(front_period).or(is_later.then_some(1.0));
            // What grows by a number says how often.
            if grows && times.is_none() && counts.len() == 1 {
                continue;
            }
            let rows = times.is_none().then_some(count.value);
            let growth = times.map(|times| count.value * times);
            match found.iter_mut().find(|it| it.entity == entity) {
                Some(known) => {
                    known.rows = known.rows.or(rows);
                    known.growth = known.growth.or(growth);
                }
                None => found.push(Said { entity, rows, growth }),
            }
        }
        found
    }

    /// What the words before the first number are about.
    fn subject(&self, front: &str, out: &Output) -> About {
        let label = split_once_any(front, &[":", " — ", " – ", " - ", " = ", " ≈ "]);
        let subject = match label {
            Some((label, _)) => match about(label.trim_matches(['*', '`', ' ']), out) {
                About::Other => about(&plain(label), out),
                known @ (About::Entity(_) | About::Numbers) => known,
            },
            None => match about(front.trim_matches(['~', '+', ' ', '≈', '*', '`']), out) {
                About::Entity(entity) if !front.trim().is_empty() && self.is_topic => {
                    About::Entity(entity)
                }
                About::Numbers if self.is_topic || has_topic(front) => About::Numbers,
                About::Entity(_) | About::Numbers | About::Other => spoken_of(front, out),
            },
        };
        // "Orders: 2M rows; growth 100k a month" goes on about the same.
        match (subject, self.before) {
            (About::Numbers, Some(before)) => About::Entity(before.to_owned()),
            (subject, _) => subject,
        }
    }

    /// Whose rows a number counts.
    fn counted<'c>(
        &'c self,
        count: &'c Count,
        subject: &'c About,
        is_meant: bool,
        last: Option<&'c str>,
    ) -> Option<&'c str> {
        match (count.noun.as_deref(), subject) {
            (Some(entity), About::Other | About::Numbers) => is_meant.then_some(entity),
            (Some(entity), About::Entity(of)) => (entity == of).then_some(entity),
            (None, About::Entity(of)) => Some(of),
            // What it grows by is said of what was counted before.
            (None, About::Numbers) => last.filter(|_| count.is_added).or(self.owner),
            (None, About::Other) if count.is_rows => last.or(self.owner),
            (None, About::Other) => last.filter(|_| count.is_added),
        }
    }
}

/// Words without marks of emphasis or code.
fn plain(text: &str) -> String {
    text.replace(['*', '`', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "Daily order volume:", "Inserts per day:": how many months' worth a number behind such words is.
fn period_before(front: &str) -> Option<f64> {
    let words = lower_words(front);
    let adverb = words.iter().find_map(|word| months_of_adverb(word));
    let per = || words.windows(2).find(|pair| pair[0] == "per").and_then(|pair| months(&pair[1]));
    adverb.or_else(per)
}

/// Whether no word leads the first number but those that say that there are so many.
fn is_lead(text: &str) -> bool {
    let front = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let words = lower_words(front);
    words.iter().all(|word| HOLDING.contains(&word.as_str()) || ABOUT.contains(&word.as_str()))
}

fn has_topic(words: &str) -> bool {
    lower_words(words).iter().any(|word| TOPICS.contains(&word.as_str()))
}

/// "Users can upload up to 1,000 photos", "each project may have 500 tasks": what somebody may do is a limit.
fn is_permission(words: &[Word<'_>]) -> bool {
    let is = |at: usize, list: &[&str]| {
        words.get(at).is_some_and(|word| list.contains(&word.lower.as_str()))
    };
    (0..words.len()).any(|at| {
        let is_system = (at.saturating_sub(2)..at).any(|at| {
            is(
                at,
                &["system", "database", "platform", "application", "app", "service", "we", "there"],
            )
        });
        is(at, &["can", "may"]) && !is_system
            || is(at, &["per", "each", "every", "a"])
                && words.get(at + 1).is_some_and(|next| {
                    matches!(
                        next.lower.as_str(),
                        "user" | "customer" | "account" | "tenant" | "client" | "ip"
                    )
                })
    })
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let is_topic = document.lead(index).is_some_and(has_topic)
            || block.section.is_some_and(|section| has_topic(document.title(section)));
        let mut facts = Vec::new();
        let mut totals = product::Totals::default();
        let mut line = |inline: &Inline| {
            // Most texts hold no number, and need not be cut into sentences.
            if !inline.text.contains(|c: char| c.is_ascii_digit()) {
                return;
            }
            let owner = out.entity_of(document, block.section);
            let mut last: Option<String> = None;
            for (text, range) in placed_sentences(inline) {
                if !out.is_open(document, range.start)
                    && !out.reader_at(document, range.start).starts_with("prose-")
                {
                    continue;
                }
                let (owner, before) = (owner.as_deref(), last.as_deref());
                let line = Line { text: &text, is_topic, owner, before };
                let mut said = line.said(out);
                product::tell(&text, &mut totals, &mut said, out);
                last = said.last().map(|said| said.entity.clone()).or(last);
                for Said { entity, rows, growth } in said {
                    let text = text.clone();
                    let fact = Fact::Volume { entity, rows, growth_per_month: growth, text };
                    facts.push((document.span(range.clone()), fact));
                }
            }
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => line(inline),
            BlockKind::List(list) => list.items.iter().for_each(|item| line(&item.content)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
        for (span, fact) in facts {
            out.state(document, span, fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const SHOP: &str = "# Shop\n\n## Order\n| Field | Type |\n|-|-|\n| id | bigint |\n\nExpected volume: 2M rows, +100k/month.\n\n## Reading\n| Field | Type |\n|-|-|\n| id | bigint |\n";

    #[test]
    fn lines_of_a_list_and_of_an_entity() {
        check(
            &format!(
                "{SHOP}\n## Scale\n- Orders: 10k/day\n- `readings`: ~500M rows\n- Number of readings: 2 million\n- **Orders**: 2M today; growth 100k more each month\n"
            ),
            &expect![[r#"
                3 field-table  entity Order
                6 field-table  field Order.id bigint
                8 prose-volumes  volume Order: 2000000 rows +100000 a month -- Expected volume: 2M rows, +100k/month.
                10 field-table  entity Reading
                13 field-table  field Reading.id bigint
                16 prose-volumes  volume Order: +300000 a month -- Orders: 10k/day
                17 prose-volumes  volume Reading: 500000000 rows -- `readings`: ~500M rows
                18 prose-volumes  volume Reading: 2000000 rows -- Number of readings: 2 million
                19 prose-volumes  volume Order: 2000000 rows -- Orders: 2M today;
                19 prose-volumes  volume Order: +100000 a month -- growth 100k more each month
            "#]],
        );
    }

    #[test]
    fn growth_behind_the_number_of_rows() {
        check(
            &format!(
                "{SHOP}\n## Notes\nVolumes: 2 million orders, 400 million readings (growing 5 million per month).\n\n- Orders: 2 million rows, growing 10,000 per month\n"
            ),
            &expect![[r#"
                3 field-table  entity Order
                6 field-table  field Order.id bigint
                8 prose-volumes  volume Order: 2000000 rows +100000 a month -- Expected volume: 2M rows, +100k/month.
                10 field-table  entity Reading
                13 field-table  field Reading.id bigint
                16 prose-volumes  volume Order: 2000000 rows -- Volumes: 2 million orders, 400 million readings (growing 5 million per month).
                16 prose-volumes  volume Reading: 400000000 rows +5000000 a month -- Volumes: 2 million orders, 400 million readings (growing 5 million per month).
                18 prose-volumes  volume Order: 2000000 rows +10000 a month -- Orders: 2 million rows, growing 10,000 per month
            "#]],
        );
    }

    #[test]
    fn sentences() {
        check(
            &format!(
                "{SHOP}\n## Notes\nThe `readings` table holds about 500 million rows. Readings grow by 10,000 rows per day. We expect 2 million orders, 10,000 of them every day.\n"
            ),
            &expect![[r#"
                3 field-table  entity Order
                6 field-table  field Order.id bigint
                8 prose-volumes  volume Order: 2000000 rows +100000 a month -- Expected volume: 2M rows, +100k/month.
                10 field-table  entity Reading
                13 field-table  field Reading.id bigint
                16 prose-volumes  volume Reading: 500000000 rows -- The `readings` table holds about 500 million rows.
                16 prose-volumes  volume Reading: +300000 a month -- Readings grow by 10,000 rows per day.
                16 prose-volumes  volume Order: 2000000 rows -- We expect 2 million orders, 10,000 of them every day.
            "#]],
        );
    }

    #[test]
    fn bounds_batches_and_ratios_count_no_rows() {
        check(
            &format!(
                "{SHOP}\n## Limits\n- The system supports 5,000 concurrent orders.\n- A list shows 100 orders per page.\n- Each user may have at most 500 orders.\n- Batches of 500 orders are processed.\n- Users can upload up to 1,000 readings.\n- Orders under 100 km are free.\n- There are 200 readings per order.\n"
            ),
            &expect![[r#"
                3 field-table  entity Order
                6 field-table  field Order.id bigint
                8 prose-volumes  volume Order: 2000000 rows +100000 a month -- Expected volume: 2M rows, +100k/month.
                10 field-table  entity Reading
                13 field-table  field Reading.id bigint
                17 query-sentence  read "show 100 orders per page" of Order [inferred: a sentence asks for it]
                17 prose-rule-sentence  rule *: A list shows 100 orders per page [inferred: its words bind, and it is a rule where fields give it a meaning]
                18 prose-entities  entity User
                18 prose-cardinality  relationship User 1:N Order
                18 prose-rule-sentence  rule User: Each user may have at most 500 orders
                22 prose-cardinality  relationship Order 1:N Reading
                22 prose-rule-sentence  rule *: There are 200 readings per order [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn lists_of_numbers_of_rows() {
        check(
            "# Desk\n| Field | Type |\n|-|-|\n| id | uuid |\n# Trader\n| Field | Type |\n|-|-|\n| id | uuid |\n# Transfer request\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Volumes\n\n- Desk 40, Trader 900\n- 12 desks, 400 traders\n- 2 million transfer requests\n- 5,000 concurrent traders\n\n## Rules\n\n- A trader has 12 desks, and no more\n",
            &expect![[r#"
                1 field-table  entity Desk
                4 field-table  field Desk.id uuid
                5 field-table  entity Trader
                8 field-table  field Trader.id uuid
                9 field-table  entity Transfer request
                12 field-table  field Transfer request.id uuid
                16 prose-volumes  volume Desk: 40 rows -- Desk 40, Trader 900
                16 prose-volumes  volume Trader: 900 rows -- Desk 40, Trader 900
                17 prose-volumes  volume Desk: 12 rows -- 12 desks, 400 traders
                17 prose-volumes  volume Trader: 400 rows -- 12 desks, 400 traders
                18 prose-volumes  volume Transfer request: 2000000 rows -- 2 million transfer requests
                23 rule-bullets  rule Transfer request: A trader has 12 desks, and no more
            "#]],
        );
    }
}
