//! What is computed of rows, and not the rows: "count of orders by status", "average rating of a product", "sum of amounts
//! per customer per month".
//!
//! The words that compute and those that gather are taken out; what is left asks for the rows, as any other phrase does.

use super::phrase::{self, Word};
use super::{Place, measure, read_phrase, short, vocabulary};
use crate::notation::Output;
use crate::{AccessKind, PatternFact};

/// More words than these name no one value.
const LONGEST_MEASURE: usize = 4;
/// More words than these name no one thing to gather by.
const LONGEST_GROUP: usize = 3;

/// The query in a phrase that computes something; nothing where it computes nothing, or where it is not clear of what.
pub(super) fn read(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    let plain = text.replace(['`', '*', '"', '“', '”'], "");
    let body = without_remarks(&plain);
    let words = phrase::words(body);
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let mut at = words.iter().take(4).take_while(|word| is_lead(&word.lower)).count();
    let mut groups: Vec<String> = Vec::new();
    if let Some(period) = adverb(lower(at)) {
        groups.push(period.to_owned());
        at += 1;
    }
    let (mut function, mut from) = function(&words, at).or_else(|| counted(&words, at, out))?;
    // "Number of trades and total volume of trades": the last one tells of which rows.
    let mut others: Vec<(&str, String)> = Vec::new();
    while let Some((link, next)) = another(&words, from).filter(|_| from > at) {
        let named: Vec<&Word<'_>> = words[from..link].iter().collect();
        others.push((function, spelled(&named)));
        (at, (function, from)) = (link, next);
    }
    let is_counted_behind = from <= at;
    let mut is_taken = vec![false; words.len()];
    is_taken[..from].fill(true);
    if is_counted_behind {
        // "order counts": the noun is what is counted.
        for (word, is_taken) in words.iter().zip(&mut is_taken).skip(from) {
            *is_taken |= matches!(word.lower.as_str(), "count" | "counts");
        }
    }
    gathered(&words, from, &mut groups, &mut is_taken);
    let left: Vec<&Word<'_>> = words
        .iter()
        .zip(&is_taken)
        .filter(|(_, is_taken)| !**is_taken)
        .map(|(word, _)| word)
        .collect();
    let (measure, mut pattern) = match function {
        "count" => ("count".to_owned(), rows(&left, place, out)?),
        _ => computed(function, &left, place, out)?,
    };
    pattern.kind = AccessKind::Read;
    pattern.name = short(&plain);
    let entity = pattern.entity.clone()?;
    let named = others.iter().map(|(function, name)| match *function {
        "count" => Some("count".to_owned()),
        _ => Some(format!("{function} of {}", field_of(&entity, name, out)?)),
    });
    pattern.measures = named.chain([Some(measure)]).collect::<Option<_>>()?;
    pattern.groups = groups;
    measure::of(&plain, &mut pattern);
    Some(pattern)
}

/// The place of the word or mark behind which another function stands, within what one may be of, and that function.
fn another(words: &[Word<'_>], from: usize) -> Option<(usize, (&'static str, usize))> {
    let most = words.len().min(from + LONGEST_MEASURE + 1);
    (from + 1..most).find_map(|at| {
        if words[at].lower == "and" {
            return Some((at, function(words, at + 1)?));
        }
        (words[at - 1].mark == ',').then_some(())?;
        Some((at, function(words, at)?))
    })
}

/// A phrase up to what is said of how often, how soon and what for.
pub(super) fn without_remarks(text: &str) -> &str {
    let ends = [" (", " [", ": ", "; ", " — ", " – ", " - "];
    let end = ends.iter().filter_map(|end| text.find(end)).filter(|&at| at > 8).min();
    &text[..end.unwrap_or(text.len())]
}

/// Words before what is computed that say nothing of it.
fn is_lead(word: &str) -> bool {
    matches!(
        word,
        "get"
            | "show"
            | "display"
            | "list"
            | "view"
            | "see"
            | "find"
            | "fetch"
            | "retrieve"
            | "calculate"
            | "compute"
            | "report"
            | "return"
            | "query"
            | "the"
            | "a"
            | "an"
            | "overall"
    )
}

/// "Monthly" as what rows are gathered by.
fn adverb(word: &str) -> Option<&'static str> {
    Some(match word {
        "hourly" => "hour",
        "daily" => "day",
        "weekly" => "week",
        "monthly" => "month",
        "quarterly" => "quarter",
        "yearly" | "annual" => "year",
        _ => return None,
    })
}

fn is_unit(word: &str) -> bool {
    matches!(word, "hour" | "day" | "week" | "month" | "quarter" | "year")
}

/// The function at a place, and where what it is of begins.
fn function(words: &[Word<'_>], at: usize) -> Option<(&'static str, usize)> {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let behind_of = |at: usize| if lower(at) == "of" { at + 1 } else { at };
    Some(match (lower(at), lower(at + 1)) {
        ("number", "of") => ("count", at + 2),
        ("how", "many") => ("count", at + 2),
        ("total", "number" | "count") => ("count", behind_of(at + 2)),
        ("count" | "counts", _) => ("count", behind_of(at + 1)),
        ("sum" | "sums" | "total" | "totals", _) => ("sum", behind_of(at + 1)),
        ("average" | "avg" | "mean", _) => ("average", behind_of(at + 1)),
        ("minimum" | "min", _) => ("minimum", behind_of(at + 1)),
        ("maximum" | "max", _) => ("maximum", behind_of(at + 1)),
        _ => return None,
    })
}

/// "Order counts by status": the noun of the function stands behind what it counts.
fn counted(words: &[Word<'_>], at: usize, out: &Output) -> Option<(&'static str, usize)> {
    let mentions = phrase::mentions(words, out);
    let mention = mentions.iter().find(|mention| mention.start == at)?;
    let next = words.get(mention.end)?;
    let is_counted = matches!(next.lower.as_str(), "count" | "counts");
    (is_counted && words[mention.end - 1].mark == ' ').then_some(("count", at))
}

/// Takes out what rows are gathered by: "by status", "per customer per month", "for each product and day".
pub(super) fn gathered(
    words: &[Word<'_>],
    from: usize,
    groups: &mut Vec<String>,
    is_taken: &mut [bool],
) {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let mut at = from;
    while at < words.len() {
        let before = at.checked_sub(1).map_or("", &lower);
        let is_number = before.chars().all(|c| c.is_ascii_digit());
        let leads = match lower(at) {
            // "100 per minute" tells how often, "sorted by" an order.
            "per" => !is_number && !matches!(before, "times" | "calls" | "requests"),
            "by" => !matches!(
                before,
                "sorted" | "ordered" | "sort" | "order" | "ranked" | "made" | "placed" | "created"
            ),
            "each" | "every" => matches!(before, "for" | "in" | "of"),
            _ => false,
        };
        // "By a customer", "by the given status": the rows of one.
        let is_one = matches!(
            lower(at + 1),
            "a" | "an" | "the" | "one" | "given" | "specific" | "certain" | "any" | "id"
        );
        if !leads || is_one {
            at += 1;
            continue;
        }
        let mut start = at;
        if matches!(lower(at), "each" | "every")
            || matches!(before, "grouped" | "group" | "broken" | "split" | "breakdown")
        {
            start -= 1;
        }
        let list = listed(words, at + 1);
        if list.names.is_empty() {
            at += 1;
            continue;
        }
        // "By status and date range": what is left is by the range.
        is_taken[if list.is_narrowed { at + 1 } else { start }..list.end].fill(true);
        groups.extend(list.names);
        at = list.end;
    }
}

/// The names in a list that follows a word like "by".
struct Listed {
    names: Vec<String>,
    /// Where the list ends.
    end: usize,
    /// Whether a range follows that narrows what is asked for: "by status and date range".
    is_narrowed: bool,
}

fn listed(words: &[Word<'_>], from: usize) -> Listed {
    let mut found = Listed { names: Vec::new(), end: from, is_narrowed: false };
    let mut name: Vec<&str> = Vec::new();
    // Where the name ends that is not yet in the list.
    let mut named = from;
    for (at, word) in words.iter().enumerate().skip(from) {
        let lower = word.lower.as_str();
        // "Per week of `due_on`": the weeks of another moment than the one that comes to mind.
        let is_unit = name.last().is_some_and(|name| is_unit(&name.to_lowercase()));
        if lower == "of" && is_unit && words.get(at + 1).is_some_and(|next| next.text.contains('_'))
        {
            name.push("of");
            named = at + 1;
            continue;
        }
        let joins = matches!(lower, "and" | "per" | "by");
        let ends = vocabulary::ends_list(lower)
            || matches!(lower, "of" | "over" | "during" | "between" | "since");
        if ends && !joins
            || lower.starts_with(|c: char| c.is_ascii_digit())
            || joins && name.is_empty() && !found.names.is_empty() && lower != "and"
        {
            break;
        }
        if joins {
            if !name.is_empty() {
                found.names.push(name.join(" "));
                name.clear();
            }
            found.end = at + 1;
            continue;
        }
        if matches!(lower, "range" | "ranges" | "period") {
            found.is_narrowed = true;
            return found;
        }
        if name.len() == LONGEST_GROUP || word.possessive {
            return Listed { names: Vec::new(), end: from, is_narrowed: false };
        }
        if !matches!(lower, "each" | "every") {
            name.push(word.text);
        }
        named = at + 1;
        match word.mark {
            ',' | '/' | '&' => {
                found.names.push(name.join(" "));
                name.clear();
                found.end = at + 1;
            }
            ' ' | '-' => {}
            _ => break,
        }
    }
    if !name.is_empty() {
        found.end = named;
        found.names.push(name.join(" "));
    }
    found.names.retain(|name| !name.is_empty());
    found
}

pub(super) fn spelled(words: &[&Word<'_>]) -> String {
    let spell = |word: &&Word<'_>| {
        let ending = if word.possessive && !word.lower.ends_with('s') { "'s" } else { "" };
        let mark = if word.mark == ',' { "," } else { "" };
        format!("{}{ending}{mark}", word.text)
    };
    let parts: Vec<String> = words.iter().map(spell).collect();
    parts.join(" ").trim_end_matches(',').to_owned()
}

/// The rows that the words left ask for.
fn rows(left: &[&Word<'_>], place: &Place, out: &Output) -> Option<PatternFact> {
    let text = spelled(left);
    // "Orders does a customer have".
    let told = |word: &&str| !matches!(*word, "have" | "has" | "are" | "is" | "there" | "exist");
    let text: Vec<&str> = text
        .split_whitespace()
        .filter(told)
        .map(|word| if matches!(word, "does" | "do" | "did") { "of" } else { word })
        .collect();
    let text = text.join(" ");
    if text.is_empty() {
        let mut pattern = super::empty("", AccessKind::Read);
        pattern.entity = Some(place.entity.clone()?);
        return Some(pattern);
    }
    let words = phrase::words(&text);
    // Something else is counted than the rows of the section.
    if phrase::mentions(&words, out).is_empty() {
        return None;
    }
    read_phrase(
        &format!("list {text}"),
        &Place { entity: None, actor: place.actor.clone() },
        false,
        out,
    )
}

/// What a function other than counting computes, and of which rows.
fn computed(
    function: &'static str,
    left: &[&Word<'_>],
    place: &Place,
    out: &Output,
) -> Option<(String, PatternFact)> {
    let ends = |word: &&Word<'_>| {
        vocabulary::leads_to_value(&word.lower)
            || matches!(word.lower.as_str(), "where" | "with" | "over" | "between")
    };
    let until = left
        .iter()
        .position(|word| ends(word) || word.mark != ' ')
        .map_or(left.len(), |at| if ends(&left[at]) { at } else { at + 1 });
    let (measure, tail) = left.split_at(until);
    if measure.is_empty() || measure.len() > LONGEST_MEASURE {
        return None;
    }
    let text = spelled(measure);
    let own = phrase::words(&text);
    let mentions = phrase::mentions(&own, out);
    // "Total orders of a customer": a number of rows.
    if let [only] = mentions.as_slice()
        && function == "sum"
        && only.plural
        && only.start == 0
        && only.end == own.len()
    {
        return Some(("count".to_owned(), rows(left, place, out)?));
    }
    // "Order amounts" are amounts of orders.
    let lead = mentions.first().filter(|mention| mention.start == 0 && mention.end < own.len());
    let name: Vec<&str> =
        own[lead.map_or(0, |lead| lead.end)..].iter().map(|word| word.text).collect();
    let name = name.join(" ");
    let has = |entity: &str| field_of(entity, &name, out);
    let measure = |field: &str| format!("{function} of {field}");
    if let Some(entity) = lead.map(|lead| lead.name.clone()) {
        let field = has(&entity)?;
        return Some((measure(&field), about(&entity, tail, place, out)?));
    }
    // "Amounts of orders of a customer": what follows "of" has the field.
    let behind = match tail.split_first() {
        Some((of, rest)) if matches!(of.lower.as_str(), "of" | "for" | "in") => rest,
        Some(_) | None => &[],
    };
    let asked = rows(behind, &Place::default(), out);
    if let Some(pattern) = asked
        && let Some(field) = pattern.entity.as_deref().and_then(has)
    {
        return Some((measure(&field), pattern));
    }
    // "Rating of a product": one thing alone has it.
    let spellings = [name.as_str(), name.strip_suffix('s').unwrap_or(&name)];
    let of_place = place.entity.as_deref().filter(|entity| has(entity).is_some());
    let owner =
        of_place.or_else(|| spellings.iter().find_map(|name| out.only_owner_of(name)))?.to_owned();
    let field = has(&owner)?;
    Some((measure(&field), about(&owner, tail, place, out)?))
}

/// The rows of an entity that the words behind ask for.
fn about(entity: &str, tail: &[&Word<'_>], place: &Place, out: &Output) -> Option<PatternFact> {
    let place = Place { entity: Some(entity.to_owned()), actor: place.actor.clone() };
    read_phrase(&format!("list {}", spelled(tail)), &place, true, out)
}

/// The field of an entity that words name, in the singular or the plural.
fn field_of(entity: &str, name: &str, out: &Output) -> Option<String> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    let found = out.field(entity, name).or_else(|| out.field(entity, singular));
    // "Volume" may be in `volume_mw`: the model knows what is a unit.
    let counted = || {
        let front = format!("{}_", singular.replace(' ', "_").to_lowercase());
        let mut counted = out.fields_of(entity).filter(|it| it.starts_with(&front));
        counted.next().filter(|_| counted.next().is_none()).map(|_| singular)
    };
    found.or_else(counted).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_is_computed_of_rows() {
        check(
            "# Customer\n| Field | Type |\n|-|-|\n| id | uuid |\n# Order\n| Field | Type |\n|-|-|\n| id | uuid |\n| customer_id | uuid |\n| status | text |\n| amount | int |\n| weight_kg | int |\n| colour_name | text |\n| placed_at | timestamp |\n# Product\n| Field | Type |\n|-|-|\n| id | uuid |\n# Review\n| Field | Type |\n|-|-|\n| id | uuid |\n| product_id | uuid |\n| rating | int |\n\n## Queries\n\n- Count of orders by status (10/s, < 50 ms)\n- Number of orders of a customer\n- How many orders does a customer have\n- Order counts by status\n- Count orders of a customer by status and month\n- Sum of order amounts per customer per month\n- Total amount of orders of a customer\n- Average rating of a product\n- Total orders per customer\n- Daily sum of amounts\n- Count orders by status and date range\n- Count orders by a customer\n- Count orders of the last 7 days for each customer\n- Number of orders and total amount of orders per customer in the last 24 hours\n- Total weight and average amount of orders per status\n- Total colour and average amount of orders per status\n",
            &expect![[r#"
                1 field-table  entity Customer
                4 field-table  field Customer.id uuid
                5 field-table  entity Order
                8 field-table  field Order.id uuid
                9 field-table  field Order.customer_id uuid
                10 field-table  field Order.status text
                11 field-table  field Order.amount int
                12 field-table  field Order.weight_kg int
                13 field-table  field Order.colour_name text
                14 field-table  field Order.placed_at timestamp
                15 field-table  entity Product
                18 field-table  field Product.id uuid
                19 field-table  entity Review
                22 field-table  field Review.id uuid
                23 field-table  field Review.product_id uuid
                24 field-table  field Review.rating int
                28 query-list  read "Count of orders by status" of Order computes count per status at 10/s (10/s) within 50 ms [inferred: a list of queries names it]
                29 query-list  read "Number of orders of a customer" of Order by customer = ? computes count [inferred: a list of queries names it]
                30 query-list  read "How many orders does a customer have" of Order by customer = ? computes count [inferred: a list of queries names it]
                31 query-list  read "Order counts by status" of Order computes count per status [inferred: a list of queries names it]
                32 query-list  read "Count orders of a customer by status and month" of Order by customer = ? computes count per status, month [inferred: a list of queries names it]
                33 query-list  read "Sum of order amounts per customer per month" of Order computes sum of amount per customer, month [inferred: a list of queries names it]
                34 query-list  read "Total amount of orders of a customer" of Order by customer = ? computes sum of amount [inferred: a list of queries names it]
                35 query-list  read "Average rating of a product" of Review by product = ? computes average of rating [inferred: a list of queries names it]
                36 query-list  read "Total orders per customer" of Order computes count per customer [inferred: a list of queries names it]
                37 query-list  read "Daily sum of amounts" of Order computes sum of amount per day [inferred: a list of queries names it]
                38 query-list  read "Count orders by status and date range" of Order by date range range computes count per status [inferred: a list of queries names it]
                39 query-list  read "Count orders by a customer" of Order by customer = ? computes count [inferred: a list of queries names it]
                40 query-list  read "Count orders of the last 7 days for each" of Order by date in last 7 days computes count per customer [inferred: a list of queries names it]
                41 query-list  read "Number of orders and total amount of orders" of Order by date in last 24 hours computes count, sum of amount per customer [inferred: a list of queries names it]
                42 query-list  read "Total weight and average amount of orders per status" of Order computes sum of weight, average of amount per status [inferred: a list of queries names it]
                43 query-list  read "Total colour and average amount of orders per status" of Order computes sum of colour, average of amount per status [inferred: a list of queries names it]
            "#]],
        );
    }

    #[test]
    fn what_is_no_computation() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | uuid |\n| total | int |\n| status | text |\n\n## Queries\n\n- Get order by id\n- List orders, order by total\n- List orders by total\n- List orders by status, 100 per minute\n- Total revenue per region\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                5 field-table  field Order.total int
                6 field-table  field Order.status text
                10 query-list  read "Get order by id" of Order by id = ? [inferred: a list of queries names it]
                11 query-list  read "List orders, order by total" of Order sorted total [inferred: a list of queries names it]
                12 query-list  read "List orders by total" of Order by total = ? [inferred: a list of queries names it]
                13 query-list  read "List orders by status" of Order by status = ? at 100 per minute (1.6666666666666667/s) [inferred: a list of queries names it]
                14 R011 `Total revenue per region` stands among queries and was not understood as one; nothing is built for it
            "#]],
        );
    }
}
