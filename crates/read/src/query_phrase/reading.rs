//! The conditions of a phrase: which of its words narrow what it asks for.

use super::phrase::{Mention, Word, is_asked_for};
use super::{condition, is_company, preposition, vocabulary};
use crate::notation::Output;
use crate::{Bound, FilterFact, FilterOperator};

pub(super) struct Reading<'r, 't> {
    pub(super) words: &'r [Word<'t>],
    pub(super) mentions: &'r [Mention],
    pub(super) head: Option<usize>,
    pub(super) filter: Vec<FilterFact>,
}

impl Reading<'_, '_> {
    pub(super) fn add(&mut self, filter: FilterFact) {
        if !self
            .filter
            .iter()
            .any(|known| crate::words::fold(&known.field) == crate::words::fold(&filter.field))
        {
            self.filter.push(filter);
        }
    }

    /// The values in the brackets that open before a word, where they are listed: "('open', 'held')".
    fn listed(&self, from: usize) -> Option<Vec<String>> {
        let list = self.words.get(from..)?;
        let end = list.iter().position(|word| word.mark == ')')?;
        let is_list = list.first()?.opens
            && list[..end].iter().all(|word| word.mark == ',')
            && list[1..=end].iter().all(|word| !word.opens);
        is_list.then(|| list[..=end].iter().map(|word| word.text.to_owned()).collect())
    }

    pub(super) fn spelled(&self, mention: &Mention) -> String {
        let words: Vec<&str> =
            self.words[mention.start..mention.end].iter().map(|word| word.text).collect();
        words.join(" ")
    }

    /// Entities beside the one that the phrase is about: owners are conditions, company is joined.
    pub(super) fn owners(&mut self, entity: &str, joins: &mut Vec<String>) {
        // "a customer's orders", where nothing else tells of customers.
        let before = self.head.map_or(0, |head| self.mentions[head].start);
        for at in 0..before {
            let word = &self.words[at];
            let known = self.mentions.iter().any(|m| m.start <= at && at < m.end);
            if word.possessive && !known {
                let is_day = matches!(
                    word.lower.as_str(),
                    "today" | "yesterday" | "tomorrow" | "week" | "month"
                );
                self.add(condition(if is_day { "date" } else { word.text }, false));
            }
        }
        for (at, mention) in self.mentions.iter().enumerate() {
            if Some(at) == self.head || mention.name == entity {
                continue;
            }
            // "list user orders" are a user's; "all current book loans" are those of no one book.
            let owns = self.head.is_some_and(|head| {
                let is_compound = mention.start == 1 && mention.end == self.mentions[head].start;
                at < head && (mention.possessive || is_compound)
            });
            match preposition(self.words, mention) {
                _ if owns => self.add(condition(&self.spelled(mention), false)),
                // Lists after "by" are read as a whole.
                Some((_, "by")) => {}
                Some((_, lead)) if is_company(lead) => {
                    if lead != "via" && lead != "such" && !joins.contains(&mention.name) {
                        joins.push(mention.name.clone());
                    }
                }
                Some(_) if !mention.plural => self.add(condition(&self.spelled(mention), false)),
                // "the task that the collector should do": whose it is.
                None if self.acts(mention) => self.add(condition(&self.spelled(mention), false)),
                Some(_) | None => {}
            }
        }
    }

    /// Whether a mention is who acts in a clause about what is asked for: "that the courier should
    /// bring", "which each user has".
    pub(super) fn acts(&self, mention: &Mention) -> bool {
        let lower = |at: usize| self.words.get(at).map_or("", |word| word.lower.as_str());
        let after_head = self.head.is_some_and(|head| self.mentions[head].end < mention.end);
        let article = usize::from(
            mention.start > 0
                && matches!(lower(mention.start - 1), "the" | "a" | "an" | "each" | "every"),
        );
        let lead = mention.start.checked_sub(1 + article).map_or("", lower);
        after_head
            && !mention.plural
            && matches!(lead, "that" | "which")
            && matches!(
                lower(mention.end),
                "should"
                    | "must"
                    | "can"
                    | "may"
                    | "will"
                    | "shall"
                    | "has"
                    | "have"
                    | "did"
                    | "does"
                    | "had"
                    | "needs"
                    | "owns"
                    | "made"
                    | "created"
            )
    }

    /// "my orders", "their own bookings".
    pub(super) fn own(&mut self, actor: Option<&str>) {
        let Some(head) = self.head else { return };
        let start = self.mentions[head].start;
        let owns = self.words[..start]
            .iter()
            .rev()
            .take(4)
            .any(|word| matches!(word.lower.as_str(), "my" | "own" | "their" | "his" | "your"))
            // "View assigned tickets": those of who looks.
            || actor.is_some()
                && start.checked_sub(1).is_some_and(|at| self.words[at].lower == "assigned");
        // "bookings for events they host": the actor again, by that name or not at all.
        // "complaints assigned to them".
        let hosts = self.words[start..].iter().any(|word| {
            matches!(word.lower.as_str(), "they" | "them" | "themselves" | "him" | "me" | "i")
        });
        if let (true, Some(actor)) = (hosts && !owns, actor) {
            self.add(condition(actor.trim_end_matches('s'), false));
        }
        if owns {
            let words = actor
                .map_or("own".to_owned(), |actor| format!("{}'s own", actor.trim_end_matches('s')));
            self.add(condition(&words, false));
        }
    }

    /// "pending orders": the words directly before the noun, and those in brackets after it.
    pub(super) fn adjectives(&mut self, sort: &mut Vec<String>) {
        let Some(head) = self.head else { return };
        let (start, end) = (self.mentions[head].start, self.mentions[head].end);
        let from = self.words[..start]
            .iter()
            .skip(1)
            .rposition(|word| {
                vocabulary::leads_to_value(&word.lower)
                    || word.possessive
                    || vocabulary::reads(&word.lower) && word.mark != '/'
                    || matches!(word.mark, ',' | ';' | ':' | '.')
            })
            .map_or(1, |at| at + 2);
        let bracket = self.words.get(end).filter(|word| word.opens).map_or(end..end, |_| {
            let close = self.words[end..].iter().position(|word| word.mark == ')');
            // "(with filters by region)" says by what, and not which.
            // "(oldest first)" is an order.
            let narrows = |word: &Word<'_>| {
                matches!(word.lower.as_str(), "by" | "first" | "sorted" | "ordered")
                    || vocabulary::narrows(&word.lower)
            };
            let inside = end..close.map_or(end, |close| end + close + 1);
            // "(2/s)" says how often.
            let parted = |word: &Word<'_>| {
                let mark = if word.mark == '/' { "/" } else { " " };
                format!("{}{mark}", word.text)
            };
            let said: String = self.words[inside.clone()].iter().map(parted).collect();
            let is_other =
                super::measure::is_told(&said) || self.words[inside.clone()].iter().any(narrows);
            if is_other { end..end } else { inside }
        });
        for at in (from.min(start)..start).chain(bracket) {
            let word = self.words[at].lower.clone();
            let in_mention = self.mentions.iter().any(|m| m.start <= at && at < m.end);
            // "Low-stock items": those of which little is left, whatever "low" is.
            let is_low = at > 0 && self.words[at - 1].lower == "low" && at < start;
            // Who looks is whom they are assigned to.
            let is_owned = word == "assigned"
                && self.filter.iter().any(|filter| filter.field.ends_with("'s own"));
            if is_owned {
                continue;
            }
            if vocabulary::is_newest(&word) && at < start {
                sort.push("time desc".to_owned());
            } else if word == "low" && at + 1 < start {
                continue;
            } else if is_low && !in_mention {
                let operator = FilterOperator::Bound(Bound::AtMost);
                self.add(FilterFact { field: word, operator, optional: false });
            } else if !vocabulary::is_filler(&word) && !in_mention && word.parse::<u32>().is_err() {
                self.add(FilterFact {
                    operator: FilterOperator::Constant(word.clone()),
                    field: word,
                    optional: false,
                });
            }
        }
    }

    /// "that are available", "which is overdue" at the end of a clause: the last word is a state that the rows have.
    pub(super) fn said_to_be(&self, at: usize) -> Option<FilterFact> {
        let word = &self.words[at];
        let before = at.checked_sub(1).map_or("", |at| self.words[at].lower.as_str());
        // "That are still pending".
        let so_far = usize::from(matches!(before, "still" | "currently" | "now" | "already"));
        let lower = |back: usize| {
            at.checked_sub(back + so_far).map_or("", |at| self.words[at].lower.as_str())
        };
        // "If it is still free".
        let is_condition = matches!((lower(2), lower(3)), ("it", "if" | "while"));
        let is_said = matches!(lower(1), "are" | "is")
            && (matches!(lower(2), "that" | "which" | "who") || is_condition);
        let ends = at + 1 == self.words.len() || matches!(word.mark, ',' | ';' | '.' | ')');
        let is_state = is_said && ends && !vocabulary::is_filler(&word.lower);
        is_state.then(|| FilterFact {
            operator: FilterOperator::Constant(word.lower.clone()),
            field: word.lower.clone(),
            optional: false,
        })
    }

    /// Whether a word stands for any one of what it names: "a category", "the given borrower".
    fn is_any_one(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| {
            matches!(
                self.words[before].lower.as_str(),
                "a" | "an" | "the" | "one" | "given" | "specific" | "certain" | "particular"
            )
        })
    }

    /// "on that `day_of_week`", "with status": fields of the entity after a preposition; "on that
    /// date", "that overlap".
    pub(super) fn fields(&mut self, entity: &str, out: &Output) {
        let from = self.head.map_or(1, |head| self.mentions[head].end);
        for at in from..self.words.len() {
            let word = &self.words[at];
            let lower = word.lower.as_str();
            if lower.starts_with("overlap") {
                let bound = |field: &str, bound| FilterFact {
                    field: field.to_owned(),
                    operator: FilterOperator::Bound(bound),
                    optional: false,
                };
                self.add(bound("start", Bound::LessThan));
                self.add(bound("end", Bound::MoreThan));
            }
            let lead = self.words[from..at].iter().rev().find(|word| {
                !vocabulary::is_filler(&word.lower)
                    || vocabulary::leads_to_value(&word.lower)
                    || word.lower == "with"
            });
            let leads = lead.is_some_and(|lead| {
                matches!(
                    lead.lower.as_str(),
                    "on" | "for"
                        | "with"
                        | "where"
                        | "whose"
                        | "at"
                        | "in"
                        | "from"
                        | "between"
                        | "per"
                )
            });
            // "in daily, weekly and monthly views", "the orders of the current month".
            let is_spaced = |word: &Word<'_>| {
                matches!(word.lower.as_str(), "daily" | "weekly" | "monthly" | "yearly")
            };
            let before = at.checked_sub(1).map(|before| &self.words[before]);
            let is_shown_by_time =
                matches!(lower, "view" | "views" | "calendar") && before.is_some_and(is_spaced);
            let is_of_time = vocabulary::is_time(lower)
                && before.is_some_and(|word| {
                    matches!(word.lower.as_str(), "current" | "this" | "given" | "selected")
                });
            if is_shown_by_time || is_of_time {
                self.add(condition("date", false));
                continue;
            }
            if word.opens {
                continue;
            }
            if let Some(state) = self.said_to_be(at) {
                self.add(state);
                continue;
            }
            // "tools of a category", "loans of a borrower": a field, also where it refers to one who is called so.
            if lead.is_some_and(|lead| lead.lower == "of") && self.is_any_one(at) {
                let by_role = format!("{} id", word.text);
                let is_field = out.field(entity, word.text).or_else(|| out.field(entity, &by_role));
                if is_field.is_some() {
                    self.add(condition(word.text, false));
                    continue;
                }
            }
            // "Events in a city": a field of one other thing alone, which they may refer to.
            let leads_past = lead.is_some_and(|lead| matches!(lead.lower.as_str(), "in" | "of"));
            let is_alone = || {
                self.words
                    .get(at + 1)
                    .is_none_or(|next| word.mark != ' ' || vocabulary::leads_to_value(&next.lower))
            };
            if leads_past && self.is_any_one(at) && is_alone() && out.field(entity, lower).is_none()
            {
                let of_other = out.only_owner_of(lower).is_some_and(|owner| owner != entity);
                if of_other && !vocabulary::is_time(lower) {
                    self.add(condition(word.text, false));
                    continue;
                }
            }
            if !leads {
                continue;
            }
            // "with name, price and picture": what is shown of each.
            let shows = lead.is_some_and(|lead| lead.lower == "with")
                && (matches!(word.mark, ',' | '/' | '&')
                    || self.words[..at].iter().rev().take(3).any(|word| {
                        matches!(word.lower.as_str(), "a" | "an" | "its" | "their" | "and")
                            || word.mark == ','
                    }));
            if shows {
                continue;
            }
            if vocabulary::is_time(lower) && !is_idle_time(self.words, at) {
                self.add(condition(lower, false));
            } else if let Some(field) = out.field(entity, word.text) {
                let next = self.words.get(at + 1).map_or("", |next| next.lower.as_str());
                let operator = match self.listed(at + 2) {
                    // "status IN ('open', 'held')": the values are fixed.
                    Some(values) if next == "in" => FilterOperator::OneOf(values),
                    Some(_) | None if next == "in" => FilterOperator::In,
                    Some(_) | None => FilterOperator::Equals,
                };
                let field = field.to_owned();
                self.add(FilterFact { field, operator, optional: false });
            }
        }
    }

    /// The fields after "by", "with filters such as", "for a given", "via".
    pub(super) fn lists(&mut self, verb: &str) {
        for at in 0..self.words.len() {
            self.named_filter(at);
            let word = self.words[at].lower.as_str();
            let before = at.checked_sub(1).map_or("", |before| self.words[before].lower.as_str());
            let next = self.words.get(at + 1).map_or("", |next| next.lower.as_str());
            let starts = match word {
                "by" => {
                    let sorts = matches!(
                        before,
                        "sorted"
                            | "ordered"
                            | "sort"
                            | "order"
                            | "ranked"
                            | "followed"
                            | "sorting"
                            | "ordering"
                    );
                    let sorts = sorts && !is_asked_for(self.words, at - 1);
                    let is_agent = before.ends_with("ed")
                        && !vocabulary::narrows(before)
                        && !vocabulary::groups(before);
                    // "by priority, highest first" is an order.
                    !sorts && !is_agent && !super::order::follows(self.words, at)
                }
                "given" => !self.mention_at(at + 1),
                // "search products using names or categories", but "using a scanner".
                "using" => {
                    let is_choice = || {
                        let behind = self.words.iter().skip(at + 2).take(5);
                        next == "the" && behind.clone().any(|word| word.lower == "or")
                    };
                    (!matches!(next, "a" | "an" | "the") || is_choice())
                        && (vocabulary::narrows(verb) || matches!(verb, "find" | "retrieve"))
                }
                "as" => {
                    before == "such"
                        && self.words[..at].iter().any(|w| vocabulary::narrows(&w.lower))
                }
                "for" => vocabulary::is_time(next) || matches!(before, "filters" | "filter"),
                "via" => vocabulary::narrows(before),
                // "list orders (filter: status, region)".
                "filter" | "filters" => self.words[at].mark == ':' && at > 0,
                _ => false,
            };
            if !starts {
                continue;
            }
            let narrows = vocabulary::narrows(verb)
                || vocabulary::groups(before)
                || self.words[..at].iter().rev().take(6).any(|w| vocabulary::narrows(&w.lower));
            let skipped = usize::from(word == "using" && next == "the");
            self.list(at + 1 + skipped, narrows);
        }
    }

    /// "with an optional status filter", "with region and date range filters": the fields stand before.
    fn named_filter(&mut self, at: usize) {
        if !matches!(self.words[at].lower.as_str(), "filter" | "filters" | "filtering") {
            return;
        }
        let from = at.saturating_sub(7);
        let with = self.words[from..at].iter().rposition(|word| word.lower == "with");
        let Some(with) = with.map(|with| from + with) else { return };
        let is_said = |word: &Word<'_>| {
            matches!(
                word.lower.as_str(),
                "a" | "an" | "optional" | "search" | "the" | "simple" | "advanced" | "pagination"
            )
        };
        let mut named: Vec<&str> = Vec::new();
        for word in &self.words[with + 1..at] {
            let ends = word.mark != ' ' && word.mark != '-';
            let is_link = matches!(word.lower.as_str(), "and" | "or");
            if !is_said(word) && !is_link {
                named.push(word.text);
            }
            if (ends || is_link) && !named.is_empty() {
                let field = named.join(" ");
                named.clear();
                self.add(condition(&field, true));
            }
        }
        if !named.is_empty() && named.len() <= 3 {
            let field = named.join(" ");
            self.add(condition(&field, true));
        }
    }

    pub(super) fn mention_at(&self, at: usize) -> bool {
        self.mentions.iter().any(|mention| {
            mention.start == at && Some(at) == self.head.map(|head| self.mentions[head].start)
        })
    }

    pub(super) fn list(&mut self, from: usize, narrows: bool) {
        let mut items: Vec<String> = Vec::new();
        let mut item: Vec<&str> = Vec::new();
        let mut choice = false;
        let mut is_last = false;
        let mut in_brackets = false;
        for (at, word) in self.words.iter().enumerate().skip(from) {
            // "By side (left/right), size": what may stand there is explained.
            in_brackets |= word.opens && narrows && !item.is_empty();
            if in_brackets {
                if word.mark == ')' {
                    in_brackets = false;
                    items.extend((!item.is_empty()).then(|| item.join(" ")));
                    item.clear();
                }
                continue;
            }
            let lower = word.lower.as_str();
            let next = self.words.get(at + 1).map_or("", |next| next.lower.as_str());
            // "By first name", "by customer order id".
            let is_named = matches!((lower, next), ("first" | "last", "name"))
                || lower == "order" && next != "by";
            if word.opens
                || vocabulary::ends_list(lower) && !is_named
                || is_idle_time(self.words, at)
            {
                break;
            }
            match lower {
                "and" | "or" | "and/or" => {
                    is_last = true;
                    choice |= lower == "or";
                    items.extend((!item.is_empty()).then(|| item.join(" ")));
                    item.clear();
                    // "by host and view details": another clause.
                    if self.words.get(at + 1).is_some_and(|next| vocabulary::reads(&next.lower)) {
                        break;
                    }
                }
                "a" | "an" | "the" | "given" | "specific" | "its" | "their" | "any" | "each"
                | "etc" | "e" | "g" | "both" | "normalized" | "normalised" | "exact"
                | "partial" => {}
                "identifier" | "identifiers" => item.push("ID"),
                _ => item.push(word.text),
            }
            match word.mark {
                // "by tenant and ID, check the state": another clause.
                ',' if is_last && !item.is_empty() => break,
                ',' | '/' | '&' | '+' => {
                    choice |= word.mark == '/';
                    items.extend((!item.is_empty()).then(|| item.join(" ")));
                    item.clear();
                }
                ' ' => {}
                // "e-mail", "full-text".
                '-' if self.words.get(at + 1).is_some_and(|next| next.text.len() > 1)
                    && !item.is_empty() => {}
                _ => break,
            }
        }
        items.extend((!item.is_empty()).then(|| item.join(" ")));
        let optional = narrows || choice;
        // "By status, and basic order counts": what is shown beside.
        let is_shown = |item: &str| {
            let last = item.rsplit(' ').next().unwrap_or_default().to_lowercase();
            item.contains(' ') && vocabulary::is_many(&last)
        };
        for item in items {
            // "By the beginning of the family name": the field's words are two.
            let of_letters = ["beginning of ", "prefix of ", "part of "];
            let lead =
                of_letters.iter().find(|lead| item.starts_with(**lead)).map_or(0, |it| it.len());
            let is_short = item[lead..].split_whitespace().count() <= 3 && !is_shown(&item);
            if is_short && item.chars().any(char::is_alphabetic) {
                self.add(condition(&item, optional));
            }
        }
    }
}

/// "at a time", "all the time", "on time": a word for time that asks for none.
fn is_idle_time(words: &[Word<'_>], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| words[at].lower.as_str());
    words[at].lower == "time"
        && (matches!((before(2), before(1)), ("at", "a" | "any" | "one" | "same") | ("all", "the"))
            || matches!(before(1), "on" | "in" | "real")
                && words.get(at + 1).is_none_or(|next| !matches!(next.lower.as_str(), "range")))
}
