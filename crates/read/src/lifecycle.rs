//! What the life cycle notations share: whose life cycle it is, and how states are written.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::entity_name::strip_numbering;
use crate::notation::Output;
use crate::words::{code_spans, fold, is_identifier, lower_words, parenthesized, unquote};

/// The entity and the field that hold a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) entity: String,
    pub(crate) field: Option<String>,
}

/// Whose life cycle a diagram shows: by its own title, by the words directly before it, or as
/// [`holder`] finds it.
pub(crate) fn diagram_holder(
    document: &Document<'_>,
    block: usize,
    title: Option<&str>,
    states: &[&str],
    out: &Output,
) -> Option<Holder> {
    title
        .and_then(|title| titled(title, out))
        .or_else(|| {
            document.lead(block).filter(|lead| is_state_topic(lead)).and_then(|it| titled(it, out))
        })
        .or_else(|| holder(document, document.blocks[block].section, states, out))
}

/// As [`diagram_holder`]; those of several where the heading of the section joins their names.
pub(crate) fn diagram_holders(
    document: &Document<'_>,
    block: usize,
    title: Option<&str>,
    states: &[&str],
    out: &Output,
) -> Vec<Holder> {
    let section = document.blocks[block].section;
    let several = title.is_none().then(|| joined(document, section, out)).flatten();
    let one = || diagram_holder(document, block, title, states, out).into_iter().collect();
    let mut found = several.unwrap_or_else(one);
    for holder in &mut found {
        choose_field(holder, states, out);
    }
    found
}

/// Where nothing says which field of a thing has the states, it is the one whose values they are, be it called
/// `payment_state` beside a `status`.
fn choose_field(holder: &mut Holder, states: &[&str], out: &Output) {
    if holder.field.is_some() || states.len() < 2 {
        return;
    }
    let own = fold(&holder.entity);
    let mut fields = out.choices(states).filter(|(entity, _)| fold(entity) == own);
    let Some((_, field)) = fields.next() else { return };
    let is_usual = ["status", "state"].iter().any(|usual| field.eq_ignore_ascii_case(usual));
    if !is_usual && fields.next().is_none() {
        holder.field = Some(field.to_owned());
    }
}

/// Several whose names a heading joins: "Rating / Comment status", "Order and parcel payment status".
fn joined(document: &Document<'_>, section: Option<usize>, out: &Output) -> Option<Vec<Holder>> {
    let title = strip_numbering(document.title(section?));
    let parts = is_state_topic(title)
        .then(|| title.split(['/', '&', ',']).flat_map(|it| it.split(" and ")))?;
    let named: Option<Vec<Holder>> = parts.map(|part| titled(part, out)).collect();
    named.filter(|named| named.len() > 1)
}

/// Whose life cycle stands in a section: those of several where the heading joins their names, as in
/// "Rating / Comment status".
pub(crate) fn holders(
    document: &Document<'_>,
    section: Option<usize>,
    states: &[&str],
    out: &Output,
) -> Vec<Holder> {
    match joined(document, section, out) {
        Some(named) => named,
        None => {
            let found = holder(document, section, states, out);
            // "State transitions" of a document in which one thing has a state.
            let only = || {
                let is_topic = section.is_some_and(|it| is_strict_state_topic(document.title(it)));
                let entity = only_stateful(out).filter(|_| is_topic)?;
                let is_other = is_told_otherwise(&entity, states, out);
                (!is_other).then_some(Holder { entity, field: None })
            };
            found.or_else(only).into_iter().collect()
        }
    }
}

/// Whose life cycle stands in a section: by a line "Field: `Order.status`", by the heading, or by the
/// one field whose values are all of `states`.
pub(crate) fn holder(
    document: &Document<'_>,
    section: Option<usize>,
    states: &[&str],
    out: &Output,
) -> Option<Holder> {
    if let Some(holder) = section.and_then(|section| stated_field(document, section, out)) {
        return Some(holder);
    }
    // Three states and more that are the values of another thing's field alone speak of that thing.
    let told = by_values(states, out);
    let speaks_of_other = |entity: &str| {
        states.len() > 2 && told.as_ref().is_some_and(|told| fold(&told.entity) != fold(entity))
    };
    let titles = document.path_of(section).map(|section| document.title(section));
    for title in titles {
        if let Some(holder) = titled(title, out) {
            let is_other = !is_state_topic(title) && speaks_of_other(&holder.entity);
            return if is_other { told } else { Some(holder) };
        }
        // Above the nearest heading that is about states, the words are about something else.
        if !is_state_topic(title) {
            break;
        }
    }
    let here = out.entity_of(document, section);
    let of_another = here.as_ref().is_some_and(|it| is_of_another(document, section, it, out));
    let here = if of_another { only_stateful(out) } else { here };
    here.filter(|entity| !speaks_of_other(entity))
        .map(|entity| Holder { entity, field: None })
        .or(told)
        .or_else(|| by_opening(document, section, out))
}

/// Whether the values or the life cycle of an entity are told with none of these states, so that
/// another thing must be meant.
fn is_told_otherwise(entity: &str, states: &[&str], out: &Output) -> bool {
    let folded = fold(entity);
    let is_one = |name: &str| states.iter().any(|state| fold(state) == fold(name));
    let mut is_told = false;
    for statement in out.stated() {
        match &statement.fact {
            Fact::Field { entity, field } if fold(entity) == folded => {
                is_told |= !field.enum_values.is_empty();
            }
            Fact::Transition { entity, from, to, .. } if fold(entity) == folded => {
                if is_one(from) || is_one(to) {
                    return false;
                }
                is_told = true;
            }
            _ => {}
        }
    }
    is_told
}

/// Whether the title of the document only contains the name of an entity, which has no state, while one
/// other entity has: "Parcel logistics" is about more than parcels.
fn is_of_another(
    document: &Document<'_>,
    section: Option<usize>,
    entity: &str,
    out: &Output,
) -> bool {
    let is_title = section.is_some_and(|section| {
        document.path_of(Some(section)).count() == 1
            && fold(document.title(section)) != fold(entity)
    });
    is_title && only_stateful(out).is_some_and(|other| fold(&other) != fold(entity))
}

/// The one entity that has a field for its state.
fn only_stateful(out: &Output) -> Option<String> {
    out.only_owner_of_any(&["status", "state"])
}

/// "Order owns the order state" at the beginning of the document: the thing whose state it speaks of,
/// where that is known or begins the sentence.
fn by_opening(document: &Document<'_>, section: Option<usize>, out: &Output) -> Option<Holder> {
    let top = document.path_of(section).last()?;
    let opening = document.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Paragraph(inline) if block.section == Some(top) => Some(inline.text.as_str()),
        _ => None,
    })?;
    let sentence = opening.split(". ").next()?;
    let words = lower_words(sentence);
    let at = words.iter().position(|word| {
        matches!(word.as_str(), "state" | "states" | "status" | "statuses" | "lifecycle")
    })?;
    let noun = words.get(at.checked_sub(1)?)?;
    if let Some(entity) = out.known.get(noun) {
        return Some(Holder { entity: entity.to_owned(), field: None });
    }
    // A thing that no other place states: the sentence must be about it.
    let first = sentence.split_whitespace().next()?;
    let is_subject = first.starts_with(char::is_uppercase) && fold(first) == fold(noun);
    is_subject.then(|| Holder { entity: first.to_owned(), field: None })
}

/// "Field: `Order.status`" or "Life cycle of `Order.status`:" in a section.
fn stated_field(document: &Document<'_>, section: usize, out: &Output) -> Option<Holder> {
    document
        .blocks_of(section)
        .filter_map(|(_, block)| match &block.kind {
            BlockKind::Paragraph(inline) => Some(inline),
            BlockKind::Table(_) | BlockKind::List(_) | BlockKind::Code(_) => None,
        })
        .flat_map(|inline| &inline.lines)
        .find_map(|line| {
            let lower = line.text.to_lowercase();
            let names = lower.starts_with("field")
                || lower.contains("life cycle of")
                || lower.contains("lifecycle of")
                || lower.starts_with("states of")
                || lower.starts_with("state field");
            names.then(|| qualified(code_spans(&line.text).first()?, out)).flatten()
        })
}

/// `Order.status` where `Order` is known.
fn qualified(text: &str, out: &Output) -> Option<Holder> {
    let (entity, field) = text.rsplit_once('.')?;
    let entity = out.known.get(entity)?.to_owned();
    is_identifier(field).then(|| Holder { entity, field: Some(field.to_owned()) })
}

/// The holder that a heading names: "Order Lifecycle", "Payment status", "`Order.status`".
pub(crate) fn titled(title: &str, out: &Output) -> Option<Holder> {
    for code in code_spans(title) {
        if let Some(holder) = qualified(code, out) {
            return Some(holder);
        }
        if let Some(entity) = out.known.get(code) {
            return Some(Holder { entity: entity.to_owned(), field: None });
        }
    }
    let title = strip_numbering(title);
    // "State Transitions (Idea)"
    if let Some((before, inside, _)) = parenthesized(title) {
        if let Some(entity) = out.known.get(inside.trim()).filter(|_| is_state_topic(before)) {
            return Some(Holder { entity: entity.to_owned(), field: None });
        }
    }
    let title = parenthesized(title).map_or(title, |(before, _, _)| before);
    let words: Vec<&str> = title
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .collect();
    // The longest run of words that names an entity.
    let runs = (1..=4.min(words.len()))
        .rev()
        .flat_map(|count| (0..=words.len() - count).map(move |start| (start, count)));
    let mut loose = None;
    for (start, count) in runs {
        let run = words[start..start + count].join(" ");
        if let Some(entity) = out.known.get(&run) {
            let field = words.get(start + count).map(|word| word.to_lowercase()).filter(|word| {
                word == "status" || word == "state" && words.get(start + count + 1).is_none()
            });
            let rest = words[start + count..].join(" ");
            let named = out.field(entity, &rest).filter(|_| words.len() > start + count + 1);
            let field = field.filter(|field| field == "status");
            return Some(Holder {
                entity: entity.to_owned(),
                field: named.map(str::to_owned).or(field),
            });
        }
        let is_topic = lower_words(&run).iter().any(|word| is_state_word(word));
        if loose.is_none() && !is_topic && run.len() > 3 {
            loose = out.known.ending_with(&run).map(str::to_owned);
        }
    }
    loose.map(|entity| Holder { entity, field: None })
}

/// The one field whose values hold all the states.
pub(crate) fn by_values(states: &[&str], out: &Output) -> Option<Holder> {
    if states.len() < 2 {
        return None;
    }
    let mut hits = out.choices(states);
    let (entity, field) = hits.next()?;
    hits.all(|(other, _)| fold(other) == fold(entity))
        .then(|| Holder { entity: entity.to_owned(), field: Some(field.to_owned()) })
}

/// Whether a heading or label is about states.
pub(crate) fn is_state_topic(text: &str) -> bool {
    lower_words(text).iter().any(|word| is_state_word(word))
}

/// Whether a heading is about states, and not perhaps about the steps of some work.
pub(crate) fn is_strict_state_topic(text: &str) -> bool {
    let words = lower_words(text);
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "state"
                | "states"
                | "status"
                | "statuses"
                | "lifecycle"
                | "lifecycles"
                | "transition"
                | "transitions"
        )
    }) || words.windows(2).any(|pair| pair[0] == "life" && pair[1].starts_with("cycle"))
}

pub(crate) fn is_state_word(word: &str) -> bool {
    matches!(
        word,
        "state"
            | "states"
            | "lifecycle"
            | "lifecycles"
            | "life"
            | "transition"
            | "transitions"
            | "status"
            | "statuses"
            | "workflow"
            | "workflows"
            | "machine"
            | "machines"
            | "flow"
            | "cycle"
            | "cycles"
    )
}

/// A state's name: one to three words, without marks. `None` for prose.
pub(crate) fn state_name(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match code_spans(text).as_slice() {
        [one] if crate::words::without_code(text).trim().len() < 40 => one,
        [] => parenthesized(text).map_or(text, |(before, _, _)| before),
        _ => return None,
    };
    let name =
        unquote(text.trim().trim_matches(['[', ']', '*', '.', ':', ';', '│', '▼', '▲']).trim());
    let words = name.split_whitespace().count();
    let all_names = name
        .split_whitespace()
        .all(|word| is_identifier(word) || word.chars().all(|c| c.is_ascii_digit()));
    // "name and" is a piece of a sentence.
    let is_piece = name
        .split_whitespace()
        .any(|word| matches!(word.to_lowercase().as_str(), "and" | "or" | "if" | "then"));
    let is_any = matches!(
        name.to_lowercase().as_str(),
        "any" | "any other" | "all" | "none" | "null" | "start" | "end" | "—" | "-"
    );
    ((1..=3).contains(&words) && all_names && !is_any && !is_piece && name.len() <= 60)
        .then(|| name.to_owned())
}

/// The states in a cell or a step: `a`, `a | b`, `` `a`, `b` ``, "a or b".
pub(crate) fn state_names(text: &str) -> Option<Vec<String>> {
    let plain = text.trim();
    let spans = code_spans(plain);
    let rest = crate::words::without_code(plain);
    let only_joints = lower_words(&rest).iter().all(|word| matches!(word.as_str(), "or" | "and"));
    if spans.len() > 1 && only_joints {
        return spans.into_iter().map(state_name).collect();
    }
    plain
        .replace(" or ", "|")
        .split(['|', ',', '/'])
        .map(state_name)
        .collect::<Option<Vec<String>>>()
        .filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_words_and_no_prose() {
        assert_eq!(state_name("[ pending ]").as_deref(), Some("pending"));
        assert_eq!(state_name("`in_progress` (worker)").as_deref(), Some("in_progress"));
        assert_eq!(state_name("Any other"), None);
        assert_eq!(state_name("display_name and"), None);
        assert_eq!(state_name("the order is paid by the customer"), None);
        assert_eq!(state_names("`a`, `b` or `c`").unwrap().len(), 3);
        assert_eq!(state_names("paid | cancelled").unwrap(), ["paid", "cancelled"]);
    }
}
