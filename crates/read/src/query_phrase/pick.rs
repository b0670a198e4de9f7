//! Which rows are given of those that a phrase asks for: "the latest reading of each device", "the reading nearest to a given
//! time", "all categories below one", "the ten customers with the most orders", "by page number".
//!
//! The words that pick are taken out; what is left asks for the rows, as any other phrase does.

use super::aggregate::{gathered, spelled, without_remarks};
use super::phrase::{self, Word};
use super::{Place, aggregate, measure, read_phrase, short, vocabulary};
use crate::notation::Output;
use crate::{AccessKind, PatternFact, Pick};

/// The query in a phrase that picks; nothing where it gives all that it finds.
pub(super) fn read(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    let plain = text.replace(['`', '*', '"', '“', '”'], "");
    let words = phrase::words(without_remarks(&plain));
    if words.first().is_some_and(|verb| !asks(&verb.lower)) {
        return None;
    }
    let phrase = Phrase { words, place, out };
    let found = phrase
        .nearest()
        .or_else(|| phrase.tree())
        .or_else(|| phrase.ranked())
        .or_else(|| phrase.first_of_each())
        .or_else(|| phrase.page_number())?;
    let mut pattern = PatternFact { name: short(&plain), kind: AccessKind::Read, ..found };
    let limit = pattern.limit;
    measure::of(&plain, &mut pattern);
    pattern.limit = limit;
    Some(pattern)
}

/// Whether a phrase that begins so can ask for rows.
fn asks(first: &str) -> bool {
    !vocabulary::changes(first) && !vocabulary::adds(first) && !vocabulary::is_bulk(first)
}

struct Phrase<'p, 't> {
    words: Vec<Word<'t>>,
    place: &'p Place,
    out: &'p Output,
}

impl<'t> Phrase<'_, 't> {
    fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.lower.as_str())
    }

    /// The words without some of them.
    fn without(&self, is_taken: &[bool]) -> Vec<&Word<'t>> {
        self.words
            .iter()
            .zip(is_taken)
            .filter(|(_, taken)| !**taken)
            .map(|(word, _)| word)
            .collect()
    }

    /// What the words left ask for.
    fn rest(&self, left: &[&Word<'_>]) -> Option<PatternFact> {
        let text = spelled(left);
        let begins = left.first().is_some_and(|verb| vocabulary::reads(&verb.lower));
        let text = if begins { text } else { format!("list {text}") };
        read_phrase(&text, self.place, false, self.out)
    }

    /// "The reading of a device nearest to a given time", "the price closest in time to a moment".
    fn nearest(&self) -> Option<PatternFact> {
        let at =
            (0..self.words.len()).find(|&at| matches!(self.lower(at), "nearest" | "closest"))?;
        let to = (at + 1..self.words.len())
            .find(|&to| matches!(self.lower(to), "to" | "before" | "around"));
        let mut is_taken = vec![false; self.words.len()];
        is_taken[at] = true;
        let from = to.unwrap_or(at + 1);
        let is_between = |word: &str| {
            vocabulary::is_filler(word)
                || matches!(word, "in" | "to" | "point" | "before" | "around")
        };
        let time = (from..self.words.len())
            .take(6)
            .find(|&time| is_moment(self.lower(time)))
            .filter(|&time| (from..time).all(|at| is_between(self.lower(at))))?;
        is_taken[from..=time].fill(true);
        // "Closest in time to a moment".
        if self.lower(at + 1) == "in" && self.lower(at + 2) == "time" {
            is_taken[at..at + 3].fill(true);
        }
        // "Near a point of time" ends in more words of it.
        let behind = is_taken.iter_mut().zip(&self.words).skip(time + 1).take(2);
        for (is_taken, word) in behind {
            *is_taken |= matches!(word.lower.as_str(), "of" | "time" | "in");
        }
        let mut pattern = self.rest(&self.without(&is_taken))?;
        pattern.filter.retain(|filter| !vocabulary::is_time(&filter.field) && filter.field != "id");
        pattern.sort = vec!["time".to_owned()];
        pattern.limit = Some(1);
        pattern.pick = Some(Pick::Nearest);
        Some(pattern)
    }

    /// "All categories below one", "the descendants of a category", "the path from a folder to the root".
    fn tree(&self) -> Option<PatternFact> {
        let says =
            |list: &[&str]| self.words.iter().position(|word| list.contains(&word.lower.as_str()));
        let is_whole = says(&["recursive", "recursively", "transitive", "transitively"]).is_some()
            || self.words.windows(2).any(|pair| {
                matches!(
                    (pair[0].lower.as_str(), pair[1].lower.as_str()),
                    ("any" | "every" | "all", "depth" | "level" | "levels") | ("at", "any")
                )
            });
        let down =
            says(&["descendants", "descendant", "descendents", "subtree", "subtrees", "offspring"]);
        let up = says(&["ancestors", "ancestor", "ancestry", "breadcrumb", "breadcrumbs"]);
        let under = says(&["below", "beneath", "underneath"]);
        let inside = says(&["under", "children", "in", "of"]).filter(|_| is_whole);
        let to_root = self.words.windows(2).any(|pair| {
            matches!(pair[0].lower.as_str(), "to" | "the" | "its") && pair[1].lower == "root"
        }) && says(&["path", "parents", "chain"]).is_some();
        // "Orders below 5": a bound. A tree has a row of its own kind above.
        let is_of_row = under.is_some_and(|at| {
            matches!(self.lower(at + 1), "a" | "an" | "the" | "given" | "one" | "another" | "it")
        });
        let pick = if up.is_some() || to_root {
            Pick::Above
        } else if down.is_some() || is_of_row || inside.is_some() {
            Pick::Below
        } else {
            return None;
        };
        let mentions = phrase::mentions(&self.words, self.out);
        let entity = mentions.first().map(|mention| mention.name.clone());
        let entity = entity.or_else(|| self.place.entity.clone())?;
        let mut pattern = super::empty("", AccessKind::Read);
        pattern.entity = Some(entity);
        pattern.pick = Some(pick);
        Some(pattern)
    }

    /// "Top 10 customers by number of orders in the last month", "the product with the most reviews".
    fn ranked(&self) -> Option<PatternFact> {
        let mentions = phrase::mentions(&self.words, self.out);
        let ranked = mentions.first()?;
        let by = (ranked.end..self.words.len().min(ranked.end + 4)).find(|&at| {
            matches!(self.lower(at), "by" | "with" | "having" | "who" | "which" | "that")
        })?;
        let lead = (0..ranked.start).find(|&at| {
            matches!(
                self.lower(at),
                "top" | "bottom" | "best" | "first" | "biggest" | "largest" | "highest"
            )
        });
        let behind: Vec<&str> = (by + 1..by + 5).map(|at| self.lower(at)).collect();
        let most = behind.iter().position(|word| {
            matches!(
                *word,
                "most" | "fewest" | "least" | "highest" | "lowest" | "largest" | "smallest"
            )
        });
        let is_counted =
            behind.iter().any(|word| matches!(*word, "number" | "count" | "total" | "sum"));
        // "Top 10 events by tickets sold": by how many there are.
        let is_many =
            |it: &phrase::Mention| it.plural && it.start == by + 1 && it.name != ranked.name;
        let is_counted = is_counted || self.lower(by) == "by" && mentions.iter().any(is_many);
        if most.is_none() && !(lead.is_some() && is_counted) {
            return None;
        }
        let is_low = lead.is_some_and(|at| self.lower(at) == "bottom")
            || most
                .is_some_and(|at| matches!(behind[at], "fewest" | "least" | "lowest" | "smallest"));
        let from = by + 1 + most.map_or(0, |at| at + 1);
        let from = from + usize::from(matches!(self.lower(from), "the" | "their" | "its"));
        let tail: Vec<&Word<'_>> = self.words.get(from..)?.iter().collect();
        let computes = matches!(
            tail.first()?.lower.as_str(),
            "number" | "count" | "total" | "sum" | "average"
        );
        let text = spelled(&tail);
        let text = if computes { text } else { format!("number of {text}") };
        let name: Vec<&str> =
            self.words[ranked.start..ranked.end].iter().map(|word| word.text).collect();
        let name = name.join(" ");
        let singular = name.strip_suffix('s').unwrap_or(&name);
        let mut pattern = aggregate::read(&text, self.place, self.out).filter(|it| {
            it.groups.is_empty() && it.entity.as_deref() != Some(ranked.name.as_str())
        })?;
        pattern.groups = vec![singular.to_owned()];
        // "With the most orders of a customer" finds no customers.
        let is_of_one = |field: &str| crate::words::fold(field) == crate::words::fold(singular);
        pattern.filter.retain(|filter| !is_of_one(&filter.field));
        let rows = lead.and_then(|at| self.lower(at + 1).parse().ok());
        pattern.limit = rows.or((!ranked.plural).then_some(1));
        pattern.pick = Some(if is_low { Pick::Fewest } else { Pick::Most });
        pattern.sort = Vec::new();
        Some(pattern)
    }

    /// "The latest reading of each device", "last 3 messages per conversation", "the current price for every product".
    fn first_of_each(&self) -> Option<PatternFact> {
        let is_end = |word: &str| {
            vocabulary::is_newest(word)
                || matches!(word, "last" | "oldest" | "earliest" | "first" | "current")
        };
        let mentions = phrase::mentions(&self.words, self.out);
        let head = mentions.first()?;
        let at = (0..head.start).find(|&at| is_end(self.lower(at)))?;
        let is_each = |word: &Word<'_>| matches!(word.lower.as_str(), "per" | "each" | "every");
        if !self.words[head.end..].iter().any(is_each) {
            return None;
        }
        let mut is_taken = vec![false; self.words.len()];
        let mut groups = Vec::new();
        let each = head.end + self.words[head.end..].iter().position(is_each)?;
        gathered(&self.words, each.max(1), &mut groups, &mut is_taken);
        if groups.is_empty() {
            return None;
        }
        // "Of each device", "for every product".
        if matches!(self.lower(each), "each" | "every") && each > head.end {
            is_taken[each - 1] = true;
        }
        let is_first = matches!(self.lower(at), "oldest" | "earliest" | "first");
        let rows: Option<u32> = (at + 1..head.start).find_map(|at| self.lower(at).parse().ok());
        let ends = at..head.start;
        is_taken[ends].fill(true);
        // "Most recent".
        if let Some(before) = at.checked_sub(1).filter(|&at| self.lower(at) == "most") {
            is_taken[before] = true;
        }
        // "The latest reading" tells what is read by both of its words.
        let whole = Word {
            text: &head.name,
            lower: head.name.to_lowercase(),
            possessive: false,
            opens: self.words[head.start].opens,
            mark: self.words[head.end - 1].mark,
        };
        let is_head = |at: usize| (head.start..head.end).contains(&at);
        let left = self.words.iter().enumerate().filter(|(at, _)| !is_taken[*at]);
        let left: Vec<&Word<'_>> = left
            .filter(|(at, _)| !is_head(*at) || *at == head.start)
            .map(|(at, word)| if is_head(at) { &whole } else { word })
            .collect();
        let mut pattern = self.rest(&left)?;
        pattern.filter.retain(|filter| filter.field != "id");
        pattern.groups = groups;
        if pattern.sort.is_empty() {
            pattern.sort.push(if is_first { "time".to_owned() } else { "time desc".to_owned() });
        }
        pattern.limit = Some(rows.unwrap_or(1));
        pattern.pick = Some(Pick::FirstOfEach);
        Some(pattern)
    }

    /// "Page through orders by offset", "list orders by page number, newest first".
    fn page_number(&self) -> Option<PatternFact> {
        const WORDS: &[&str] = &[
            "offset",
            "limit",
            "page",
            "pages",
            "number",
            "numbers",
            "pagination",
            "paging",
            "paged",
            "based",
            "size",
        ];
        let says = |list: &[&str]| {
            (0..self.words.len())
                .find(|&at| list.iter().enumerate().all(|(i, it)| self.lower(at + i) == *it))
        };
        let at = says(&["offset"])
            .or_else(|| says(&["page", "number"]))
            .or_else(|| says(&["page", "numbers"]))
            .or_else(|| says(&["numbered", "pages"]))
            .or_else(|| says(&["jump", "to", "a", "page"]))?;
        let mut is_taken = vec![false; self.words.len()];
        let passes = |word: &str| {
            WORDS.contains(&word)
                || matches!(
                    word,
                    "by" | "with"
                        | "using"
                        | "and"
                        | "via"
                        | "a"
                        | "to"
                        | "jump"
                        | "numbered"
                        | "its"
                )
        };
        let from = (0..at).rev().take_while(|&at| passes(self.lower(at))).last().unwrap_or(at);
        let to = (at..self.words.len()).take_while(|&at| passes(self.lower(at))).last()?;
        is_taken[from..=to].fill(true);
        let mut pattern = self.rest(&self.without(&is_taken))?;
        pattern.filter.retain(|filter| filter.field != "id");
        pattern.pick = Some(Pick::PageNumber);
        Some(pattern)
    }
}

/// Whether a word stands for one moment.
fn is_moment(word: &str) -> bool {
    matches!(
        word,
        "time" | "timestamp" | "moment" | "instant" | "date" | "datetime" | "now" | "day"
    )
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rows_that_are_picked_of_those_that_are_found() {
        check(
            "# Device\n| Field | Type |\n|-|-|\n| id | uuid |\n| serial | text |\n| parent_id | uuid |\n# Reading\n| Field | Type |\n|-|-|\n| id | uuid |\n| device_id | uuid |\n| metric | text |\n| recorded_at | timestamp |\n| value | int |\n\n## Queries\n\n- Latest reading of a device per metric (200/s, 10 ms)\n- Get the last 3 readings of each device\n- Reading of a device nearest to a given time\n- Find the reading of a device closest in time to a moment\n- All devices below a device\n- Ancestors of a device\n- Top 10 devices by number of readings in the last day\n- Top 5 devices by readings taken this week\n- The device with the fewest readings\n- List devices by page number, sorted by serial\n",
            &expect![[r#"
                1 field-table  entity Device
                4 field-table  field Device.id uuid
                5 field-table  field Device.serial text
                6 field-table  field Device.parent_id uuid
                7 field-table  entity Reading
                10 field-table  field Reading.id uuid
                11 field-table  field Reading.device_id uuid
                12 field-table  field Reading.metric text
                13 field-table  field Reading.recorded_at timestamp
                14 field-table  field Reading.value int
                18 query-list  read "Latest reading of a device per metric" of Reading by device = ? per metric sorted time desc limit 1 picks first of each at 200/s (200/s) [inferred: a list of queries names it]
                19 prose-cardinality  relationship Device 1:N Reading
                19 query-sentence  read "Get the last 3 readings of each device" of Reading per device sorted time desc limit 3 picks first of each [inferred: a sentence asks for it]
                19 prose-rule-sentence  rule *: Get the last 3 readings of each device [inferred: its words bind, and it is a rule where fields give it a meaning]
                20 query-list  read "Reading of a device nearest to a given time" of Reading by device = ? sorted time limit 1 picks nearest [inferred: a list of queries names it]
                21 query-list  read "Find the reading of a device closest in time" of Reading by device = ? sorted time limit 1 picks nearest [inferred: a list of queries names it]
                22 query-list  read "All devices below a device" of Device picks below [inferred: a list of queries names it]
                23 query-list  read "Ancestors of a device" of Device picks above [inferred: a list of queries names it]
                24 query-list  read "Top 10 devices by number of readings" of Reading by date in last 1 day computes count per device limit 10 picks most [inferred: a list of queries names it]
                25 query-list  read "Top 5 devices by readings taken this week" of Reading by date in this week computes count per device limit 5 picks most [inferred: a list of queries names it]
                26 query-list  read "The device with the fewest readings" of Reading computes count per device limit 1 picks fewest [inferred: a list of queries names it]
                27 query-list  read "List devices by page number, sorted by serial" of Device sorted serial picks page number [inferred: a list of queries names it]
            "#]],
        );
    }

    #[test]
    fn rows_that_are_not() {
        check(
            "# Device\n| Field | Type |\n|-|-|\n| id | uuid |\n| price | int |\n| name | text |\n\n## Queries\n\n- Latest devices\n- List devices with a price below 5\n- Number of devices per name\n- Top 10 devices by price\n- List devices with the name\n- List devices nearest first\n",
            &expect![[r#"
                1 field-table  entity Device
                4 field-table  field Device.id uuid
                5 field-table  field Device.price int
                6 field-table  field Device.name text
                10 query-list  read "Latest devices" of Device sorted time desc [inferred: a list of queries names it]
                11 query-list  read "List devices with a price below 5" of Device [inferred: a list of queries names it]
                12 query-list  read "Number of devices per name" of Device computes count per name [inferred: a list of queries names it]
                13 query-list  read "Top 10 devices by price" of Device sorted price desc limit 10 [inferred: a list of queries names it]
                14 query-list  read "List devices with the name" of Device by name = ? [inferred: a list of queries names it]
                15 query-list  read "List devices nearest first" of Device sorted distance [inferred: a list of queries names it]
            "#]],
        );
    }
}
