//! One query that several places tell of is one pattern.

use std::collections::BTreeMap;

use underpin_read::{AccessKind, Bound, FilterOperator};

use crate::names::slug;
use crate::{EntityId, Filter, Pattern};

/// What is remembered of the patterns that were collected.
#[derive(Debug, Default)]
pub(crate) struct Merging {
    /// Whether each was only read from loose words.
    loose: Vec<bool>,
    /// What each is called, to compare.
    slugs: Vec<String>,
    /// The patterns of each entity.
    of_entity: BTreeMap<EntityId, Vec<usize>>,
}

impl Merging {
    /// Adds what a pattern tells to the one that it repeats, or the pattern where it is new; gives the place of that one.
    pub(crate) fn merge(
        &mut self,
        mut next: Pattern,
        loose: bool,
        patterns: &mut Vec<Pattern>,
    ) -> usize {
        let slug = slug(&next.text);
        let of_entity = self.of_entity.entry(next.entity).or_default();
        let found = of_entity.iter().copied().find(|&at| {
            let known = &patterns[at];
            let is_same_name = self.slugs[at] == slug;
            known.kind == next.kind
                && (is_same_name && agree(known, &next)
                    || (loose || self.loose[at])
                        && ask_alike(known, &next, is_same_name)
                        && (is_same_name
                            || !adds_order(
                                if loose { &next } else { known },
                                if loose { known } else { &next },
                            )
                            || loose && self.loose[at]))
        });
        let Some(at) = found else {
            of_entity.push(self.loose.len());
            self.loose.push(loose);
            self.slugs.push(slug);
            patterns.push(next);
            return patterns.len() - 1;
        };
        let known = &mut patterns[at];
        if self.loose[at] && !loose {
            self.loose[at] = false;
            // The exact statement is the one to show, under its own name: read from a model file, a
            // pattern is named by its words.
            std::mem::swap(known, &mut next);
            self.slugs[at] = slug;
        }
        if known.filter.is_empty() {
            known.filter = next.filter;
        }
        if known.sort.is_empty() && known.sql.is_none() {
            known.sort = next.sort;
        }
        for words in next.unresolved {
            if !known.unresolved.contains(&words) {
                known.unresolved.push(words);
            }
        }
        if self.loose[at] && loose {
            for words in next.unread {
                if !known.unread.contains(&words) {
                    known.unread.push(words);
                }
            }
        }
        for join in next.joins {
            if !known.joins.contains(&join) {
                known.joins.push(join);
            }
        }
        known.limit = known.limit.or(next.limit);
        if known.frequency.is_none() {
            known.frequency = next.frequency;
            known.per_second = known.per_second.or(next.per_second);
        }
        known.latency_ms = known.latency_ms.or(next.latency_ms);
        known.staleness_s = known.staleness_s.or(next.staleness_s);
        if known.sql.is_none() {
            known.sql = next.sql;
        }
        at
    }
}

/// Whether they could be one query: neither says what the other denies.
fn agree(one: &Pattern, two: &Pattern) -> bool {
    let filters =
        one.filter.is_empty() || two.filter.is_empty() || same_filters(&one.filter, &two.filter);
    let writes = one.kind == AccessKind::Read
        || one.form == two.form && one.filter.is_empty() == two.filter.is_empty();
    let sql = one.sql.is_none() || two.sql.is_none() || one.sql == two.sql;
    filters && writes && sql && compute_alike(one, two) && same_or_unsaid(one, two)
}

/// Whether a query in loose words asks for an order or a page that one which is stated exactly has not: these are two.
fn adds_order(loose: &Pattern, exact: &Pattern) -> bool {
    exact.sort.is_empty() && !loose.sort.is_empty()
        || exact.limit.is_none() && loose.limit.is_some()
}

fn compute_alike(one: &Pattern, two: &Pattern) -> bool {
    one.measures == two.measures && one.groups == two.groups && one.pick == two.pick
}

fn same_or_unsaid(one: &Pattern, two: &Pattern) -> bool {
    (one.sort.is_empty() || two.sort.is_empty() || one.sort == two.sort)
        && (one.limit.is_none() || two.limit.is_none() || one.limit == two.limit)
}

/// Whether they ask for the same rows.
fn ask_alike(one: &Pattern, two: &Pattern, is_same_name: bool) -> bool {
    let empty = one.filter.is_empty() && two.filter.is_empty();
    let says_something =
        !one.filter.is_empty() || !one.unresolved.is_empty() || one.joins == two.joins;
    let writes = one.kind == AccessKind::Read || is_same_name;
    says_something
        && writes
        && compute_alike(one, two)
        && (empty || same_filters(&one.filter, &two.filter))
        && one.unresolved == two.unresolved
        && one.unread == two.unread
        && same_or_unsaid(one, two)
        && (one.sql.is_none() || two.sql.is_none())
}

fn same_filters(one: &[Filter], two: &[Filter]) -> bool {
    let within = |one: &[Filter], two: &[Filter]| {
        one.iter().all(|filter| {
            two.iter().any(|other| {
                other.field == filter.field && is_same_operator(&other.operator, &filter.operator)
            })
        })
    };
    one.len() == two.len() && within(one, two) && within(two, one)
}

fn is_same_operator(one: &FilterOperator, two: &FilterOperator) -> bool {
    let plain = |operator: &FilterOperator| match operator {
        FilterOperator::Constant(value) => {
            FilterOperator::Constant(value.trim_matches('\'').to_lowercase())
        }
        FilterOperator::Bound(bound) if *bound != Bound::NotSince => FilterOperator::Range,
        other => other.clone(),
    };
    plain(one) == plain(two)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_patterns_have_one_name() {
        let mut sources = underpin_base::Sources::default();
        let document = "## Tour\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| truck | text |\n| driver | text |\n| starts_at | timestamp |\n\n\
             ## Requirements\n\n- Users can view the tours of a truck.\n\n## Access patterns\n\n| Query | Kind | Entity | Filter | Sort |\n\
             |---|---|---|---|---|\n| list tours | read | Tour | truck | |\n| list tours | read | Tour | driver | |\n";
        sources.add("tours.md", document.to_owned());
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let names: Vec<&str> = model.patterns.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["list_tours", "list_tours_2"]);
    }
}
