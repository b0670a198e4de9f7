//! What a sentence says never changes: all of a row, some of its fields, whether it may be deleted.

mod owned;
mod phrases;

use smol_str::SmolStr;
use underpin_base::{Lowered, Phrases};

use crate::names::{fold_field, singular_words, words};
use crate::unit_words;
use crate::{EntityId, FieldId, FieldKind, Model};

use super::beyond::and_beyond;
use super::rephrased::rephrased;
use phrases::{APPENDED, BORN, EMPTY, KEPT, NOUNS, UNCHANGED};

/// What stays as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permanence {
    /// The fields that keep their values; empty where the whole row does, or where only its deletion is
    /// spoken of.
    pub fields: Vec<FieldId>,
    /// Whether values may not change; otherwise only the deletion is spoken of.
    pub is_unchanged: bool,
    /// Whether rows are never deleted.
    pub is_kept: bool,
    /// The field and its values in which this holds; always where it is `None`.
    pub states: Option<(FieldId, Vec<String>)>,
}

/// A rule without the mark by which others refer to it: "BR-6: ", "R2. ", "(I3) ".
pub fn without_label(text: &str) -> &str {
    const LONGEST: usize = 12;
    let text = text.trim_start();
    let Some(at) = text.find([':', '.', ')', ' ']).filter(|&at| at <= LONGEST) else { return text };
    let (mark, rest) = text.split_at(at);
    let name = mark.trim_start_matches(['(', '[', '*']);
    let is_mark = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.ends_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let behind = rest.trim_start_matches([':', '.', ')', ']', '*', '-', '–', '—', ' ']);
    if is_mark && !rest.starts_with(' ') && !behind.is_empty() { behind } else { text }
}

/// Understands a sentence to its last word; nothing where it says more than that something stays.
pub fn permanence(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
) -> Option<Permanence> {
    let plain = without_label(text).replace(['`', '*', '"'], "");
    as_written(model, entity, field, &plain).or_else(|| {
        let others = rephrased(&plain);
        others.iter().find_map(|other| as_written(model, entity, field, other))
    })
}

/// As [`permanence`], in these words and no others.
fn as_written(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    plain: &str,
) -> Option<Permanence> {
    let mut found: Option<Permanence> = None;
    for (at, clause) in clauses(plain).into_iter().enumerate() {
        // "The code is set at creation and never changes": of what the first part names, which was not understood.
        let leans = ["never ", "cannot ", "must not ", "may not ", "is never ", "are never "];
        if at > 0 && found.is_none() && leans.iter().any(|it| clause.starts_with(it)) {
            return None;
        }
        let Some(said) = of_clause(model, entity, field, &clause) else {
            // "never updated, and only the retention job deletes it": the rest is another rule, unless it
            // takes back what was said.
            let takes_back = ["except", "unless", " if ", "without"];
            if takes_back.iter().any(|word| clause.contains(word)) {
                return None;
            }
            let allows = clause.contains("delete") && clause.contains("only");
            if let (Some(found), true) = (&mut found, allows) {
                found.is_kept = false;
            }
            continue;
        };
        found = Some(match found {
            None => said,
            Some(first) if first.fields == said.fields && first.states == said.states => {
                Permanence {
                    is_unchanged: first.is_unchanged || said.is_unchanged,
                    is_kept: first.is_kept || said.is_kept,
                    ..first
                }
            }
            Some(first) => first,
        });
    }
    found
        .or_else(|| super::parsed::permanence(model, entity, field, plain))
        .or_else(|| owned::of_owned(model, entity, &plain.to_lowercase()))
}

/// The parts of a sentence that stand for themselves, in lower case, without what is in parentheses.
fn clauses(text: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut outside = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.extend(character.to_lowercase()),
            _ => {}
        }
    }
    let marked = |text: String, mark: &str, part: &str| {
        if text.holds(mark) { text.replace(mark, part) } else { text }
    };
    let parted = [" — ", " – ", " - ", "; ", ". ", ", and ", ", but ", ": "]
        .iter()
        .fold(outside, |text, mark| marked(text, mark, "\n"));
    // "they cannot be changed and cannot be deleted"
    let parted = [
        (" and never ", "\n never "),
        (" and cannot ", "\n cannot "),
        (" and must not ", "\n must not "),
        (" and may not ", "\n may not "),
        (" and are never ", "\n are never "),
        (" and is never ", "\n is never "),
    ]
    .iter()
    .fold(parted, |text, (mark, part)| marked(text, mark, part));
    parted
        .split('\n')
        .map(|part| part.trim().trim_end_matches(['.', '!', ',']).to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn of_clause(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    clause: &str,
) -> Option<Permanence> {
    if matches!(
        clause,
        "no update or delete"
            | "no update or delete allowed"
            | "no updates or deletes"
            | "no updates or deletes allowed"
            | "no update or delete is allowed"
            | "no update / delete"
            | "no update/delete"
            | "no updates/deletes"
            | "no updates / deletes"
    ) {
        return Some(Permanence {
            fields: Vec::new(),
            is_unchanged: true,
            is_kept: true,
            states: None,
        });
    }
    let said = Lowered::new(clause);
    let phrase = |list: &'static [&'static str]| {
        list.iter()
            .filter_map(|it| said.place_of(it).map(|at| (at, *it)))
            .max_by_key(|it| it.1.len())
    };
    let (at, said, is_unchanged, is_kept) = phrase(APPENDED)
        .map(|(at, said)| (at, said, true, true))
        .or_else(|| phrase(UNCHANGED).map(|(at, said)| (at, said, true, false)))
        .or_else(|| phrase(KEPT).map(|(at, said)| (at, said, false, true)))?;
    // "Once captured, a payment cannot be changed": the condition may stand before.
    let (before, subject) = match clause[..at].cut_at(", ") {
        Some((when, subject))
            if ["once ", "after ", "when "].iter().any(|it| when.starts_with(it)) =>
        {
            (Some(when), subject)
        }
        Some(_) | None => (None, &clause[..at]),
    };
    let mut rest = clause[at + said.len()..].trim();
    // "never updated or deleted" says both.
    let mut is_kept = is_kept;
    for more in ["or deleted", "nor deleted", "and deleted", "or removed", "or deletable"] {
        if let Some(after) = rest.strip_prefix(more) {
            is_kept = true;
            rest = after.trim();
        }
    }
    // "immutable except for its status": all the others.
    let mut others = None;
    for except in ["except for ", "except ", "apart from ", "other than "] {
        if let Some(at) = rest.place_of(except).filter(|_| others.is_none()) {
            others = Some(all_but(model, entity, &rest[at + except.len()..])?);
            rest = rest[..at].trim();
        }
    }
    let states =
        if rest.split_whitespace().all(|word| NOUNS.contains(&word)) || BORN.contains(&rest) {
            None
        } else {
            Some(state(model, entity, rest)?)
        };
    let states = match before {
        Some(when) if states.is_none() && !BORN.contains(&when) => {
            Some(state(model, entity, when)?)
        }
        Some(_) | None => states,
    };
    let (subject, states) = match states {
        None => rows_in_state(model, entity, subject),
        Some(_) => (subject, states),
    };
    let fields = subject_fields(model, entity, subject)?;
    let fields = match (fields.is_empty(), others) {
        // Where nothing else is left, nothing stays.
        (true, Some(others)) if others.is_empty() => return None,
        (true, Some(others)) => others,
        (true, None) => field.into_iter().collect(),
        (false, None) => fields,
        (false, Some(_)) => return None,
    };
    // A field is not deleted by itself.
    (fields.is_empty() || is_unchanged).then_some(Permanence {
        is_kept: is_kept && fields.is_empty(),
        fields,
        is_unchanged,
        states,
    })
}

/// All fields of an entity but those named, and but the key and the time of the last change.
fn all_but(model: &Model, entity: EntityId, named: &str) -> Option<Vec<FieldId>> {
    let barred = subject_fields(model, entity, named).filter(|barred| !barred.is_empty())?;
    let is_upkeep =
        |name: &str| ["updatedat", "modifiedat", "version"].contains(&&*fold_field(name));
    let key = &model.entity(entity).primary_key;
    let kept = model
        .fields_of(entity)
        .filter(|(id, field)| !barred.contains(id) && !key.contains(id) && !is_upkeep(&field.name));
    Some(kept.map(|(id, _)| id).collect())
}

/// "once posted", "after it is posted", "when status is posted": the field of values that has it.
fn state(model: &Model, entity: EntityId, rest: &str) -> Option<(FieldId, Vec<String>)> {
    let (lead, rest) = ["once ", "after ", "when ", "while "]
        .iter()
        .find_map(|it| Some((*it, rest.strip_prefix(it)?)))?;
    let said: Vec<SmolStr> = words(rest);
    let own = singular_words(&model.entity(entity).name);
    let own: Vec<&str> = own.split(' ').collect();
    let content = |word: &&SmolStr| {
        !EMPTY.contains(&word.as_str())
            && !own.contains(&word.as_str())
            && !["status", "state", "been", "being", "was"].contains(&word.as_str())
    };
    let wanted: Vec<&SmolStr> = said.iter().filter(content).collect();
    model.fields_of(entity).find_map(|(id, field)| {
        let list = match field.kind {
            FieldKind::Enumeration(list) => list,
            // "after it is paid": a flag of that name is set.
            FieldKind::Boolean => {
                let name = words(&field.name);
                let flag = name.strip_prefix(&["is".into()]).unwrap_or(&name);
                let is_meant = flag.iter().collect::<Vec<_>>() == wanted;
                return is_meant.then(|| (id, vec!["true".to_owned()]));
            }
            _ => return None,
        };
        let values = &model.enumeration(list).values;
        let found: Vec<String> = values
            .iter()
            .filter(|value| words(value).iter().collect::<Vec<_>>() == wanted)
            .cloned()
            .collect();
        // "Once it is active" speaks of what comes after as well.
        let found = if ["once ", "after "].contains(&lead) {
            and_beyond(model, entity, id, found)
        } else {
            found
        };
        (!found.is_empty()).then_some((id, found))
    })
}

/// "refunded payments" as the payments and the state that they are in.
fn rows_in_state<'t>(
    model: &Model,
    entity: EntityId,
    subject: &'t str,
) -> (&'t str, Option<(FieldId, Vec<String>)>) {
    let bare = EMPTY.iter().fold(subject.trim(), |rest, word| {
        rest.strip_prefix(word).and_then(|it| it.strip_prefix(' ')).unwrap_or(rest)
    });
    let Some((adjective, noun)) = bare.split_once(' ') else { return (subject, None) };
    if let Some(states) = state(model, entity, &format!("when {adjective}")) {
        return (noun, Some(states));
    }
    // "The price of a sold ticket": the price, of those that are sold.
    let of = subject.rsplit_once(" of ").filter(|(_, rows)| rows.trim().contains(' '));
    of.map_or((subject, None), |(fields, rows)| match rows_in_state(model, entity, rows) {
        (_, Some(states)) => (fields, Some(states)),
        (_, None) => (subject, None),
    })
}

/// The field of a name, in the short forms of sentences too: "merchant" is `merchant_id`, "amount"
/// `amount_cents`.
fn field_called(model: &Model, entity: EntityId, name: &str) -> Option<FieldId> {
    let wanted = fold_field(name);
    let named = |wanted: &str| {
        model.fields_of(entity).find(|(_, it)| fold_field(&it.name) == wanted).map(|(id, _)| id)
    };
    let in_unit = || {
        let mut counted = model.fields_of(entity).filter(|(_, it)| {
            unit_words::of_name(&it.name).is_some()
                && it
                    .name
                    .rsplit_once(['_', ' '])
                    .is_some_and(|(front, _)| fold_field(front) == wanted)
        });
        let (only, _) = counted.next()?;
        counted.next().is_none().then_some(only)
    };
    named(&wanted).or_else(|| named(&fold_field(&format!("{name} id")))).or_else(in_unit)
}

/// The fields that a subject names; none where it names the entity or nothing at all. `None` where it
/// names anything else.
fn subject_fields(model: &Model, entity: EntityId, subject: &str) -> Option<Vec<FieldId>> {
    let this = model.entity(entity);
    let called: Vec<Vec<String>> = std::iter::once(&this.name)
        .chain(&this.aliases)
        .chain(&this.table)
        .map(|name| singular_words(name).split(' ').map(str::to_owned).collect())
        .collect();
    let mut fields = Vec::new();
    let names = subject.replace(" of ", " , ").replace("'s ", " , ");
    for part in names.split([',', '/']).flat_map(|part| part.split(" and ")) {
        let bare: Vec<String> = part
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty() && !EMPTY.contains(word))
            .map(str::to_owned)
            .collect();
        if bare.is_empty() {
            continue;
        }
        let joined = bare.join("_");
        let singular: Vec<String> = singular_words(&joined).split(' ').map(str::to_owned).collect();
        // "Journal entries" leaves "journal", and so does the name of a Journal Entry.
        let is_called = |name: &Vec<String>| {
            let telling: Vec<String> =
                name.iter().filter(|word| !EMPTY.contains(&word.as_str())).cloned().collect();
            same(name, &singular) || same(&telling, &singular)
        };
        if called.iter().any(is_called) {
            continue;
        }
        match field_called(model, entity, &joined) {
            Some(field) => fields.push(field),
            None if is_short_for(model, entity, &singular) => {}
            None => return None,
        }
    }
    Some(fields)
}

/// "Payments" of lease payments, where the name of no other entity ends so.
fn is_short_for(model: &Model, entity: EntityId, said: &[String]) -> bool {
    let mut ending = model.entities().filter(|(_, it)| {
        let name = singular_words(&it.name);
        let name: Vec<&str> = name.split(' ').collect();
        name.ends_with(&said.iter().map(String::as_str).collect::<Vec<_>>())
    });
    ending.next().is_some_and(|(id, _)| id == entity) && ending.next().is_none()
}

/// Whether two lists of words are one name, however its words are joined: "orderevent" is "order event".
fn same(one: &[String], other: &[String]) -> bool {
    one.concat() == other.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_called_by_the_end_of_their_name() {
        let build = |other: &str| {
            Facts::default()
                .entity("LeasePayment")
                .field("LeasePayment", "id: uuid*")
                .field("LeasePayment", "amount: integer!")
                .entity(other)
                .field(other, "id: uuid*")
                .build()
                .0
        };
        for (other, is_it) in [("Lease", true), ("BackPayment", false)] {
            let model = build(other);
            let (entity, _) = model.entities().next().unwrap();
            let said =
                permanence(&model, entity, None, "Payments are never changed and never deleted");
            assert_eq!(said.is_some_and(|it| it.is_kept && it.is_unchanged), is_it, "{other}");
        }
    }
    use crate::test_support::Facts;

    /// Fields, whether they stay, whether the row does, and in which states.
    type Said = (Vec<String>, bool, bool, Vec<String>);

    fn said(text: &str) -> Option<Said> {
        let (model, _) = Facts::default()
            .entity("OrderEvent")
            .field("OrderEvent", "id: uuid*")
            .field("OrderEvent", "unit_price: decimal!")
            .field("OrderEvent", "sku: text!")
            .field("OrderEvent", "fee_cents: integer!")
            .field("OrderEvent", "owner_id: uuid!")
            .field("OrderEvent", "status: enum(draft, posted)!")
            .field("OrderEvent", "is_settled: boolean!")
            .build();
        let (entity, _) = model.entities().next().unwrap();
        permanence(&model, entity, None, text).map(|it| {
            let names = it.fields.iter().map(|&id| model.field(id).name.clone()).collect();
            let states = it.states.map(|(_, states)| states).unwrap_or_default();
            (names, it.is_unchanged, it.is_kept, states)
        })
    }

    #[test]
    fn marks_of_rules_are_no_words_of_theirs() {
        assert_eq!(without_label("BR-6: Paid bills stay"), "Paid bills stay");
        assert_eq!(without_label("R2. Paid bills stay"), "Paid bills stay");
        assert_eq!(without_label("S3 objects stay"), "S3 objects stay");
        assert_eq!(without_label("Paid bills: they stay"), "Paid bills: they stay");
        assert_eq!(without_label("ISO 8601: all times"), "ISO 8601: all times");
    }

    const fn whole(is_unchanged: bool, is_kept: bool) -> Said {
        (Vec::new(), is_unchanged, is_kept, Vec::new())
    }

    #[test]
    fn a_flag_is_a_state() {
        let settled = |text| {
            said(text).map(|(fields, is_unchanged, _, states)| (fields, is_unchanged, states))
        };
        let expected = Some((Vec::new(), true, vec!["true".to_owned()]));
        assert_eq!(settled("An order event must not be changed after it is settled"), expected);
        assert_eq!(settled("Once settled, an order event cannot be changed"), expected);
        assert_eq!(settled("An order event must not be changed after it is archived"), None);
    }

    #[test]
    fn all_but_some_fields() {
        let fields = ["unit_price", "sku", "fee_cents", "is_settled"].map(str::to_owned).to_vec();
        let posted = vec!["posted".to_owned()];
        assert_eq!(
            said("A posted order event is immutable except for its status and owner_id"),
            Some((fields, true, false, posted.clone()))
        );
        let sku = vec!["sku".to_owned()];
        assert_eq!(
            said("Once an order event is posted, its sku can no longer be changed"),
            Some((sku, true, false, posted))
        );
        // What the exception is nobody knows.
        assert_eq!(said("An order event is immutable except for its colour"), None);
    }

    #[test]
    fn what_stays_is_told_from_what_does_not() {
        for (text, expected) in [
            ("append-only — no `UPDATE` or `DELETE` allowed", whole(true, true)),
            ("append-only (trigger-enforced)", whole(true, true)),
            (
                "An OrderEvent is never updated, and only the retention job deletes it",
                whole(true, false),
            ),
            ("Order events are immutable", whole(true, false)),
            ("Order events are never updated or deleted", whole(true, true)),
            ("Never deleted.", whole(false, true)),
            ("immutable once created", whole(true, false)),
            ("This is an append-only ledger", whole(true, true)),
        ] {
            assert_eq!(said(text), Some(expected), "{text}");
        }
        let fields = vec!["sku".to_owned(), "unit_price".to_owned()];
        assert_eq!(
            said("The `sku` and `unit_price` of an OrderEvent never change"),
            Some((fields, true, false, Vec::new()))
        );
        let posted = vec!["posted".to_owned()];
        for text in [
            "immutable once posted",
            "Posted order events cannot be changed",
            "Once posted, an order event cannot be modified",
            "An order event is never changed after the order event is posted",
        ] {
            assert_eq!(said(text), Some((Vec::new(), true, false, posted.clone())), "{text}");
        }
        let fields = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(
            said("A posted order event never changes its status again"),
            Some((fields(&["status"]), true, false, posted.clone()))
        );
        assert_eq!(
            said("The fee, the SKU and the owner of an order event never change"),
            Some((fields(&["fee_cents", "sku", "owner_id"]), true, false, Vec::new()))
        );
        assert_eq!(
            said("The fee of a posted order event must not change"),
            Some((vec!["fee_cents".to_owned()], true, false, vec!["posted".to_owned()]))
        );
        assert_eq!(
            said("An order event's fee must not change once it is posted"),
            Some((fields(&["fee_cents"]), true, false, posted))
        );
    }

    #[test]
    fn what_says_more_is_left_alone() {
        for text in [
            "published order event versions are immutable execution artifacts",
            "Historical rows are immutable except for same-day manual recapture",
            "Cannot be deleted if assigned to any user",
            "Outbox relay never changes event payload after creation",
            "OrderEvent owns immutable commercial snapshots",
            "The SKU of a deleted product is never used again",
            "immutable once the customer has paid",
            "Old order events cannot be changed",
            "An old order event never changes its sku again",
            "The colour of an order event never changes",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
