//! Stretches of time in a phrase: "in the last 7 days", "of today", "older than 30 days", "expired before a given time".

use super::reading::Reading;
use super::vocabulary;
use crate::notation::Output;
use crate::{Bound, FilterFact, FilterOperator, Window};

impl Reading<'_, '_> {
    /// Conditions on the one moment that a stretch of time is about: that which the word before it names ("orders placed in
    /// the last 7 days"), and else the one by which rows of the entity are dated.
    pub(super) fn windows(&mut self, entity: &str, out: &Output) {
        let from = self.head.map_or(1, |head| self.mentions[head].end);
        for at in 1..from {
            // "Today's visits", "last week's orders".
            let Some((window, length)) = self.said_window(at) else { continue };
            if self.words[at + length - 1].possessive {
                let operator = FilterOperator::Window(window);
                self.filter.retain(|known| !vocabulary::is_time(&known.field));
                self.add(FilterFact { field: "date".to_owned(), operator, optional: false });
            }
        }
        for at in from..self.words.len() {
            if let Some(field) = self.at_moment(at, entity, out) {
                self.add(FilterFact { field, operator: FilterOperator::Equals, optional: false });
            }
            let Some(operator) = self.window(at) else { continue };
            // What is older came earlier, whatever else happened to it.
            let is_age = matches!(self.words[at].lower.as_str(), "older" | "newer" | "younger");
            let dated = if is_age { "age" } else { "date" };
            let field = self.done_before(at, from, entity, out).unwrap_or(dated.to_owned());
            // "In the last day" is no day that is given.
            self.filter.retain(|known| known.field != field && !vocabulary::is_time(&known.field));
            let lower = self.words[at].lower.clone();
            // "before a given time": the time is no condition of its own.
            if let Some(time) = self
                .words
                .get(at + 1..)
                .and_then(|rest| rest.iter().take(3).find(|word| vocabulary::is_time(&word.lower)))
            {
                let time = time.lower.clone();
                let is_bound = matches!(lower.as_str(), "before" | "after" | "since" | "until");
                self.filter.retain(|known| !is_bound || known.field != time);
            }
            self.add(FilterFact { field, operator, optional: false });
        }
    }

    /// The moment that is given behind "at": "the price at a delivery start" is that of one `delivery_starts_at`.
    fn at_moment(&self, at: usize, entity: &str, out: &Output) -> Option<String> {
        const MOST_WORDS: usize = 3;
        let lower = |at: usize| self.words.get(at).map_or("", |word| word.lower.as_str());
        let is_at = lower(at) == "at";
        let leads = is_at || matches!(lower(at), "for" | "on");
        if !leads || !matches!(lower(at + 1), "a" | "an" | "the" | "given" | "its") {
            return None;
        }
        let from = at + 2 + usize::from(lower(at + 2) == "given");
        let named = self.words.get(from..)?.iter().take(MOST_WORDS);
        let parted =
            named.clone().position(|word| word.mark != ' ').map_or(MOST_WORDS, |at| at + 1);
        let named: Vec<&str> = named.take(parted).map(|word| word.lower.as_str()).collect();
        (1..=named.len()).rev().find_map(|count| {
            let name = named[..count].join("_");
            // "For a delivery start": two words that are a field's are no chance.
            let whole: &[&str] = if count > 1 { &[""] } else { &[] };
            let moment: &[&str] =
                if is_at { &["_at", "s_at", "_on", "s_on", "_time"] } else { &[] };
            let mut ends = whole.iter().chain(moment);
            ends.find_map(|end| out.field(entity, &format!("{name}{end}")).map(str::to_owned))
        })
    }

    /// What the words from a place on ask of a moment.
    pub(super) fn window(&self, at: usize) -> Option<FilterOperator> {
        let lower = |at: usize| self.words.get(at).map_or("", |word| word.lower.as_str());
        let is_unit = |word: &str| {
            matches!(
                word.trim_end_matches('s'),
                "day" | "week" | "month" | "year" | "hour" | "minute"
            )
        };
        let is_number = |word: &str| word.parse::<u32>().is_ok();
        let is_bound = |bound| Some(FilterOperator::Bound(bound));
        if let Some((window, _)) = self.said_window(at) {
            // "Not older than 30 days": of the last 30.
            if let (Window::Before(count, unit), true) = (window, at > 0 && lower(at - 1) == "not")
            {
                return Some(FilterOperator::Window(Window::Last(count, unit)));
            }
            // "Not seen in the last 7 days": longer ago, or never.
            let is_absent = self.words[..at].iter().rev().take(6).any(|word| {
                matches!(word.lower.as_str(), "not" | "never" | "no" | "without" | "inactive")
            });
            let is_last = matches!(window, Window::Last(..));
            return if is_absent && is_last {
                is_bound(Bound::NotSince)
            } else {
                Some(FilterOperator::Window(window))
            };
        }
        match lower(at) {
            // "Not seen for 7 days", "without activity in 30 days".
            "for" | "in" | "since" | "within"
                if is_number(lower(at + 1)) && is_unit(lower(at + 2)) =>
            {
                let before = |back: usize| at.checked_sub(back).map_or("", lower);
                (matches!(before(2), "not" | "never" | "no" | "without") || before(1) == "inactive")
                    .then_some(FilterOperator::Bound(Bound::NotSince))
            }
            "older" if lower(at + 1) == "than" => is_bound(Bound::LessThan),
            // "before a given time", "after a date".
            word @ ("before" | "after" | "since" | "until") => {
                let behind = self.words.get(at + 1..)?;
                let passed = behind.iter().take_while(|word| {
                    matches!(word.lower.as_str(), "a" | "an" | "the" | "given" | "certain" | "some")
                });
                let passed = passed.count();
                let time = lower(at + 1 + passed);
                let is_time =
                    vocabulary::is_time(time) || matches!(time, "now" | "today" | "moment");
                // "due_on before today" names the field itself.
                let names = at > 0
                    && (self.words[at - 1].text.contains('_') || self.words[at - 1].mark != ' ');
                (is_time && !names).then_some(())?;
                is_bound(match word {
                    "before" => Bound::LessThan,
                    "after" => Bound::MoreThan,
                    "since" => Bound::AtLeast,
                    _ => Bound::AtMost,
                })
            }
            _ => None,
        }
    }

    /// The stretch of time that begins at a word: "last 7 days", "today".
    fn said_window(&self, at: usize) -> Option<(Window, usize)> {
        const LONGEST: usize = 4;
        let said: Vec<&str> =
            self.words[at..].iter().take(LONGEST).map(|word| word.lower.as_str()).collect();
        let before = at.checked_sub(1).map_or("", |at| self.words[at].lower.as_str());
        let window = Window::said(&said, before == "the")?;
        // "due_on before today" is a bound of that field.
        let is_bound =
            matches!(before, "before" | "after" | "until" | "since" | "by" | "than" | "older");
        (!is_bound).then_some(window)
    }

    /// The moment that what is done to the rows names: "placed in" is `placed_at`, "expired before" is `expires_at`.
    fn done_before(&self, at: usize, from: usize, entity: &str, out: &Output) -> Option<String> {
        let done = self.words[from..at].iter().rev().take(5).find(|word| {
            !vocabulary::is_filler(&word.lower)
                && !vocabulary::leads_to_value(&word.lower)
                && !matches!(word.lower.as_str(), "within" | "over" | "during" | "between")
        })?;
        let stem = done.lower.trim_end_matches("ed").trim_end_matches('e');
        let stem = stem.strip_prefix("inactiv").map_or(stem, |_| "activ");
        let names = ["_at", "_on", "_date", "_time", ""].iter().flat_map(|end| {
            [
                done.lower.clone(),
                format!("{stem}es"),
                format!("{stem}s"),
                stem.to_owned(),
                format!("{stem}e"),
                // "Not seen for a week": when it was last seen.
                format!("last_{}", done.lower),
                format!("last_{stem}e"),
                format!("last_{stem}"),
            ]
            .map(|front| format!("{front}{end}"))
        });
        let mut names = names;
        names.find_map(|name| out.field(entity, &name).map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn stretches_of_time_are_conditions_on_the_moment() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | uuid |\n| placed_at | timestamp |\n| expires_at | timestamp |\n| total | int |\n\n## Queries\n\n- Find orders placed in the last 7 days\n- Orders of today\n- List orders expired before a given time, oldest first\n- List orders older than 30 days\n- List orders placed this month\n- List the last 5 orders\n- List orders with placed_at before today\n- Orders not placed for 7 days\n- List orders for 7 days\n- Delete orders older than 30 days\n- List the 20 newest orders\n- Orders not placed in the last 7 days\n- Orders placed last month\n- Orders that expire in the next 3 days\n- Orders of the current week\n- Total of orders in the past 24h\n- Update the status of an order\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                5 field-table  field Order.placed_at timestamp
                6 field-table  field Order.expires_at timestamp
                7 field-table  field Order.total int
                11 query-list  read "Find orders placed in the last 7 days" of Order by placed_at in last 7 days [inferred: a list of queries names it]
                12 query-list  read "Orders of today" of Order by date in this day [inferred: a list of queries names it]
                13 query-list  read "List orders expired before a given time, oldest first" of Order by expires_at < ? sorted time [inferred: a list of queries names it]
                14 query-list  read "List orders older than 30 days" of Order by age in older than 30 days [inferred: a list of queries names it]
                15 query-list  read "List orders placed this month" of Order by placed_at in this month [inferred: a list of queries names it]
                16 query-list  read "List the last 5 orders" of Order limit 5 [inferred: a list of queries names it]
                17 query-list  read "List orders with placed_at before today" of Order by placed_at < ? [inferred: a list of queries names it]
                18 query-list  read "Orders not placed for 7 days" of Order by placed_at not since ? [inferred: a list of queries names it]
                19 query-list  read "List orders for 7 days" of Order [inferred: a list of queries names it]
                20 query-list  delete "Delete orders older than 30 days" of Order by age in older than 30 days [inferred: a list of queries names it]
                21 query-list  read "List the 20 newest orders" of Order sorted time desc limit 20 [inferred: a list of queries names it]
                22 query-list  read "Orders not placed in the last 7 days" of Order by placed_at not since ? [inferred: a list of queries names it]
                23 query-list  read "Orders placed last month" of Order by placed_at in previous month [inferred: a list of queries names it]
                24 query-list  read "Orders that expire in the next 3 days" of Order by expires_at in next 3 days [inferred: a list of queries names it]
                25 query-list  read "Orders of the current week" of Order by date in this week [inferred: a list of queries names it]
                26 query-list  read "Total of orders in the past 24h" of Order by date in last 24 hours computes count [inferred: a list of queries names it]
                27 query-list  write "Update the status of an order" of Order by id = ? [inferred: a list of queries names it]
            "#]],
        );
    }

    #[test]
    fn moments_that_are_given_and_the_order_of_a_stretch() {
        check(
            "# Zone\n| Field | Type |\n|-|-|\n| id | uuid |\n# Zone price\n| Field | Type |\n|-|-|\n| zone_id | uuid |\n| starts_at | timestamp |\n| price | int |\n\n## Queries\n\n- Zone prices at a start, 5/s\n- Zone prices at a loss, 5/s\n- Zone prices of the next 24 hours in order, 5/s\n- Zone prices in order, 5/s\n",
            &expect![[r#"
                1 field-table  entity Zone
                4 field-table  field Zone.id uuid
                5 field-table  entity Zone price
                8 field-table  field Zone price.zone_id uuid
                9 field-table  field Zone price.starts_at timestamp
                10 field-table  field Zone price.price int
                14 query-list  read "Zone prices at a start" of Zone price by starts_at = ? at 5/s (5/s) [inferred: a list of queries names it]
                15 query-list  read "Zone prices at a loss" of Zone price at 5/s (5/s) [inferred: a list of queries names it]
                16 query-list  read "Zone prices of the next 24 hours in order" of Zone price by date in next 24 hours sorted time at 5/s (5/s) [inferred: a list of queries names it]
                17 query-list  read "Zone prices in order" of Zone price at 5/s (5/s) [inferred: a list of queries names it]
            "#]],
        );
    }
}
