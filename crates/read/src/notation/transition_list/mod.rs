//! Chains of states: `pending → paid → shipped`, in lists, lines and plain fences.

mod anywhere;
mod drawn;
mod labelled;
mod owner;
mod wrapped;

use smol_str::SmolStr;
use std::borrow::Cow;
use std::ops::Range;

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::lifecycle::{
    Holder, by_values, holder, holders, is_state_topic, is_strict_state_topic, titled,
};
use crate::notation::enumeration_list::listed_states;
use crate::notation::field_table::mark_header;
use crate::notation::initial_state::{initial_state, is_state};
use crate::notation::state_chain::{ARROWS, Chain, chain};
use crate::notation::{Mark, Output};
use crate::words::{code_spans, fold, lower_words};

use anywhere::{from_anywhere, last_state, states_of};
use drawn::{branches, by_events, continued, downwards, steps_of};
use owner::{is_effect, named_by_item, of_field, of_thing};

pub(super) const DOC: &str =
    "A line that joins states with arrows, under a heading or label about states.";

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    // The states that a section lists, where it does.
    let mut listed: (Option<usize>, Vec<String>) = (None, Vec::new());
    for (index, block) in out.blocks(document) {
        if listed.0 != block.section {
            listed = (block.section, Vec::new());
        }
        if let Some(states) = listed_states(document, index) {
            listed.1 = states;
        }
        let lead = document.lead(index).map(str::to_owned);
        // "Disallowed:" lists what never happens.
        let title = block.section.map(|section| document.title(section));
        if lead.as_deref().or(title).is_some_and(forbids) {
            out.mark(document, block.range.clone(), Mark::SetAside);
            continue;
        }
        let topic = lead.as_deref().is_some_and(is_state_topic)
            || is_topic_section(document, block.section, out);
        let mut lines: Vec<(Cow<'_, str>, Range<usize>, bool)> = Vec::new();
        // "Booking:" over its steps is nearer than the heading.
        let mut owners: Vec<(Range<usize>, Holder)> = Vec::new();
        match &block.kind {
            BlockKind::List(list) => {
                let mut under: Vec<bool> = Vec::with_capacity(list.items.len());
                let named: Vec<Option<Holder>> =
                    list.items.iter().map(|it| named_by_item(it, out)).collect();
                for item in &list.items {
                    let text = &item.content.text;
                    let inside = item.parent.map_or(topic, |parent| under[parent]);
                    under.push(inside || item.has_children && is_state_topic(text));
                    // "* -> closed" is an item of its own to Markdown, without its star.
                    let above = std::iter::successors(item.parent, |&it| list.items[it].parent);
                    if let Some(holder) = above.into_iter().find_map(|it| named[it].clone()) {
                        owners.push((item.content.range(), holder));
                    }
                    let leads =
                        ["→", "->", "=>"].iter().any(|it| text.trim_start().starts_with(it));
                    let line = if leads && inside {
                        Cow::Owned(format!("* {text}"))
                    } else {
                        Cow::Borrowed(text.as_str())
                    };
                    lines.push((line, item.content.range(), inside));
                }
            }
            BlockKind::Paragraph(inline) if topic && labelled::read(document, inline, out) => {}
            BlockKind::Paragraph(inline) => {
                // "It is paid once. Transitions:" is about the next line.
                let mut announced = false;
                for (text, range) in wrapped::pieces(inline) {
                    let last = text.rsplit(['.', ';']).next().unwrap_or_default();
                    let is_about = topic || announced;
                    let label = last.strip_suffix(':').unwrap_or_default();
                    announced = lower_words(label).len() <= 4 && is_state_topic(label);
                    lines.push((Cow::Borrowed(text), range, is_about));
                }
            }
            BlockKind::Code(code)
                if matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext") =>
            {
                let place = |at| document.code_span(code, at).range();
                let drawn: Vec<(&str, Range<usize>)> = code.lines().collect();
                if let Some(steps) = by_events(&drawn) {
                    lines.extend(
                        steps.into_iter().map(|(text, at)| (Cow::Owned(text), place(at), topic)),
                    );
                } else {
                    let below = branches(&drawn).into_iter().chain(continued(&drawn));
                    for (text, at) in downwards(&drawn).into_iter().chain(below) {
                        lines.push((Cow::Owned(text), place(at), topic));
                    }
                    for (line, at) in drawn {
                        lines.push((Cow::Borrowed(line), place(at), topic));
                    }
                }
            }
            BlockKind::Table(table) => lines.extend(steps_of(table)),
            BlockKind::Code(_) => {}
        }
        if let (BlockKind::Table(table), false) = (&block.kind, lines.is_empty()) {
            mark_header(document, table, &block.range, out);
        }
        // What happens in every state comes last, when the states are known.
        lines.sort_by_key(|(text, _, _)| !from_anywhere(text).1.is_empty());
        let wild: Vec<String> =
            lines.iter().flat_map(|(text, _, _)| from_anywhere(text).1).collect();
        lines.retain(|(text, range, _)| {
            !range.is_empty() && out.is_open(document, range.start) && text.len() <= 500
        });
        // Several sentences may begin on one line; of what a drawing shows twice, the first counts.
        let is_text = matches!(block.kind, BlockKind::Paragraph(_));
        for (text, range, topic) in lines {
            if !is_text && !out.is_open(document, range.start) {
                continue;
            }
            let label = text.split_once(": ").is_some_and(|(label, _)| is_state_topic(label));
            for sentence in sentences(&text, topic || label) {
                let lead = lead.as_deref().filter(|lead| is_state_topic(lead));
                let owner = owners.iter().find(|(at, _)| *at == range).map(|(_, it)| it);
                let section = block.section;
                let place = Place { section, listed: &listed.1, wild: &wild, lead, owner, topic };
                read_line(document, &place, sentence, range.clone(), out);
            }
        }
    }
}

/// Whether a label or heading says that what it is about does not happen.
fn forbids(label: &str) -> bool {
    let words = lower_words(label);
    let is_not = |pair: &[SmolStr]| {
        pair[0] == "not"
            && matches!(pair[1].as_str(), "allowed" | "permitted" | "possible" | "valid")
    };
    words.len() <= 8
        && (words.iter().any(|word| {
            matches!(
                word.as_str(),
                "disallowed" | "forbidden" | "invalid" | "illegal" | "prohibited" | "impossible"
            )
        }) || words.windows(2).any(is_not))
}

/// "a → b, b → c. New ones are a.": a chain, and a sentence behind it, at the same place.
fn sentences(text: &str, topic: bool) -> Vec<&str> {
    match text.split_once(". ") {
        Some((chain, rest))
            if topic
                && ARROWS.iter().any(|arrow| chain.contains(arrow))
                && !ARROWS.iter().any(|arrow| rest.contains(arrow)) =>
        {
            vec![chain, rest]
        }
        Some(_) | None => vec![text],
    }
}

/// Whether a section is about states: by its heading, by a line that names the field, or as the
/// section of an entity within one about states.
fn is_topic_section(document: &Document<'_>, section: Option<usize>, out: &Output) -> bool {
    let mut path = document.path_of(section);
    let Some(section) = path.next() else { return false };
    let title = document.title(section);
    is_state_topic(title)
        || has_state_field(document, section)
        || out.named_by(section).is_some()
            && path.next().is_some_and(|outer| is_strict_state_topic(document.title(outer)))
}

fn has_state_field(document: &Document<'_>, section: usize) -> bool {
    document.blocks_of(section).take(12).any(|(_, block)| {
        let BlockKind::Paragraph(inline) = &block.kind else { return false };
        let lower = inline.text.to_lowercase();
        ["field:", "life cycle of", "lifecycle of"].iter().any(|lead| lower.starts_with(lead))
    })
}

/// Where a line stands.
struct Place<'p> {
    section: Option<usize>,
    /// The states of the life cycle, where the section lists them.
    listed: &'p [String],
    /// The states that every other may change to.
    wild: &'p [String],
    /// The words above it, where they are about states.
    lead: Option<&'p str>,
    /// Whose states they are by the item that they stand in.
    owner: Option<&'p Holder>,
    /// Whether states are what the place is about.
    topic: bool,
}

impl Place<'_> {
    /// Whether a state may be one of the life cycle.
    fn has(&self, state: &str) -> bool {
        self.listed.is_empty() || self.listed.iter().any(|known| fold(known) == fold(state))
    }
}

fn read_line(
    document: &Document<'_>,
    place: &Place<'_>,
    text: &str,
    range: Range<usize>,
    out: &mut Output,
) {
    let &Place { section, topic, .. } = place;
    let span = document.span(range);
    let (text, reached) = from_anywhere(text);
    let text = if topic { wrapped::without_lead(&text) } else { text.as_ref() };
    if let Some(last) = last_state(text).filter(|_| topic) {
        if let Some(Holder { entity, field }) = holder(document, section, &[&last], out) {
            let fact = Fact::Lifecycle { entity, field, states: vec![last], initial: None };
            out.state(document, span, fact);
            return;
        }
    }
    if topic {
        if let Some((initial, is_named)) = initial_state(text) {
            let holder = holder(document, section, &[], out);
            if let Some(Holder { entity, field }) =
                holder.filter(|it| is_named || is_state(it, &initial, out))
            {
                out.state(
                    document,
                    span,
                    Fact::Lifecycle { entity, field, states: Vec::new(), initial: Some(initial) },
                );
            }
        }
    }
    let chains = chains_in_code(text);
    let only_code = chains.iter().map(|chain| chain.pairs().count()).sum::<usize>() > 1;
    let chains = if chains.is_empty() { chain(text).into_iter().collect() } else { chains };
    if chains.is_empty() && reached.is_empty() {
        return;
    }
    let label = text.split_once(':').map(|(label, _)| label).filter(|label| is_state_topic(label));
    let steps = || chains.iter().flat_map(|chain| chain.steps.iter().flatten());
    let states: Vec<&str> = steps().chain(&reached).map(String::as_str).collect();
    let holders = if topic || label.is_some() || only_code {
        // "Status of a visit:" is nearer than the heading.
        let named = label.and_then(|label| titled(label, out));
        // So is "Membership:" before its states.
        let named = named.or_else(|| {
            let (label, _) = text.split_once(": ")?;
            let entity = out.known.get(label.trim_matches(['*', '`', ' ']))?.to_owned();
            Some(Holder { entity, field: None })
        });
        let by_lead = |lead| of_field(lead, out).or_else(|| of_thing(lead, out));
        let named = named.or_else(|| place.owner.cloned());
        match named.or_else(|| place.lead.and_then(by_lead)) {
            Some(holder) => vec![holder],
            None => holders(document, section, &states, out),
        }
    } else {
        // Nothing says that these are states, but that one field has just these values.
        by_values(&states, out).into_iter().collect()
    };
    // Two entities joined by an arrow relate; they are no states.
    if states.iter().all(|state| out.known.get(state).is_some()) {
        return;
    }
    // A state that only follows itself says nothing more.
    if reached.is_empty()
        && chains.iter().all(|chain| chain.steps.len() > 1 && chain.pairs().next().is_none())
    {
        out.mark(document, span.range(), Mark::SetAside);
    }
    // What mentions other states than those that are listed is no step of theirs.
    let is_other = |(from, to): (&str, &str)| !place.has(from) || !place.has(to);
    let mut pairs = chains.iter().flat_map(Chain::pairs).peekable();
    if reached.is_empty() && pairs.peek().is_some() && pairs.all(is_other) {
        out.mark(document, span.range(), Mark::SetAside);
        return;
    }
    for Holder { entity, field } in holders {
        let of_any =
            if place.listed.is_empty() { out.values_with(&entity, &states) } else { place.listed };
        let stepped;
        let of_any = if of_any.is_empty() && !reached.is_empty() {
            stepped = states_of(&entity, field.as_deref(), place.wild, out);
            stepped.as_slice()
        } else {
            of_any
        };
        let mut steps: Vec<(String, String, Option<String>)> = Vec::new();
        for (from, to) in of_any.iter().flat_map(|from| reached.iter().map(move |to| (from, to))) {
            if fold(from) != fold(to) {
                steps.push((from.clone(), to.clone(), None));
            }
        }
        for chain in &chains {
            if let [first] = chain.steps.as_slice() {
                let (entity, field, initial) =
                    (entity.clone(), field.clone(), first.first().cloned());
                let fact = Fact::Lifecycle { entity, field, states: Vec::new(), initial };
                out.state(document, span, fact);
            }
            let is_step = |(from, to): &(&str, &str)| {
                place.has(from) && place.has(to) && !is_effect(&entity, to, out)
            };
            let pairs = chain.pairs().filter(is_step);
            steps
                .extend(pairs.map(|(from, to)| (from.to_owned(), to.to_owned(), chain.on.clone())));
        }
        for (from, to, on) in steps {
            let (entity, field) = (entity.clone(), field.clone());
            out.state(document, span, Fact::Transition { entity, field, from, to, on });
        }
    }
}

/// The chains of a line that is nothing but chains set as code: "`draft → placed → paid`, and `draft → cancelled`".
fn chains_in_code(text: &str) -> Vec<Chain> {
    let spans = code_spans(text);
    let others = lower_words(&crate::words::without_code(text));
    let is_all = text.trim().starts_with('`')
        && others.iter().all(|word| matches!(word.as_str(), "and" | "or" | "then" | "also"));
    let chains =
        spans.iter().filter(|_| is_all).map(|span| chain(span)).collect::<Option<Vec<_>>>();
    chains.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn steps_of_a_field_that_is_named_with_its_entity_are_no_values() {
        check(
            "## Hold\n\n- id: bigint, primary key\n- status: text, required\n- badge: text\n\n## Notes\n\nHold.status: active -> captured, active -> expired\n\nHold badge: red | green\n",
            &expect![[r#"
                1 bullet-fields  entity Hold
                3 bullet-fields  field Hold.id bigint primary key
                4 bullet-fields  field Hold.status text required
                5 bullet-fields  field Hold.badge text
                9 transition-list  transition Hold.status: active -> captured
                9 transition-list  transition Hold.status: active -> expired
                11 enumeration-list  enumeration Hold.badge: red | green
            "#]],
        );
    }

    #[test]
    fn drawings_from_top_to_bottom() {
        check(
            "# Ticket\n\n- **id**: uuid\n- **status**: string\n\n## Status lifecycle\n\n```\n[Draft]\n   ↓ submit\n[Sent]\n   ↓\n approve()\n   ↓\n[Paid]\n```\n\n# Show\n\n- **id**: uuid\n- **status**: string\n\n## Status flow\n\n```\nplanned\n   │\n   ▼\nrunning ──► failed\n   │\n   ▼\ndone\n```\n\n# Visit\n\n- **id**: uuid\n- **status**: string\n\n## Status flow\n\n```\n  pending ---[confirm]---> confirmed\n     |                        |\n     |                        v\n     |                     closed\n     +----[cancel]----> cancelled\n```\n\n# Hall\n\n- **id**: uuid\n- **status**: string\n\n## Status flow\n\n```\nopen\n  ├──► shut\n  └──► sold\n```\n",
            &expect![[r#"
                1 bullet-fields  entity Ticket
                3 bullet-fields  field Ticket.id uuid
                4 bullet-fields  field Ticket.status string
                11 transition-list  transition Ticket: Draft -> Sent on submit
                15 transition-list  transition Ticket: Sent -> Paid on approve
                18 bullet-fields  entity Show
                20 bullet-fields  field Show.id uuid
                21 bullet-fields  field Show.status string
                29 transition-list  transition Show: planned -> running
                29 transition-list  transition Show: running -> failed
                32 transition-list  transition Show: running -> done
                35 bullet-fields  entity Visit
                37 bullet-fields  field Visit.id uuid
                38 bullet-fields  field Visit.status string
                43 transition-list  transition Visit: pending -> confirmed on confirm
                47 transition-list  transition Visit: pending -> cancelled on cancel
                50 bullet-fields  entity Hall
                52 bullet-fields  field Hall.id uuid
                53 bullet-fields  field Hall.status string
                59 transition-list  transition Hall: open -> shut
                60 transition-list  transition Hall: open -> sold
            "#]],
        );
    }

    #[test]
    fn branches_below_a_chain() {
        check(
            "# Tables\n\n- `orders`\n\n# Rules\n\n**Order.status**\n```\nopen → paid → sent\n            ↘ returned\n     ↘ cancelled / lost\n     ↘ gone (any time)\n```\n\n**Order.note**\n```\na → b\n```\n",
            &expect![[r#"
                3 entity-list  entity orders
                9 transition-list  transition orders.status: open -> paid
                9 transition-list  transition orders.status: paid -> sent
                10 transition-list  transition orders.status: paid -> returned
                11 transition-list  transition orders.status: open -> cancelled
                11 transition-list  transition orders.status: open -> lost
            "#]],
        );
    }

    #[test]
    fn from_any_state() {
        check(
            "### School\n\n- id uuid\n- status: enum (active, suspended, deleted)\n\nNotes:\n\n- Valid status transitions: suspended → active, active → suspended, \\* → deleted\n- any plan → lost\n",
            &expect![[r#"
                1 bullet-fields  entity School
                3 bullet-fields  field School.id uuid
                4 bullet-fields  field School.status enum [active | suspended | deleted]
                8 transition-list  transition School: active -> deleted
                8 transition-list  transition School: suspended -> deleted
                8 transition-list  transition School: suspended -> active
                8 transition-list  transition School: active -> suspended
            "#]],
        );
    }

    #[test]
    fn sections_of_entities_within_one_about_states() {
        check(
            "# Tables\n\n- `payouts`\n- `orders`\n\n# State machines\n\n## Payout\n\n```text\nqueued -> paid\n```\n\n## Deployment\n\n```text\nbuild -> test\n```\n\n# Order\n\nIt is paid once. Transitions:\n`open` → `paid`\n\nSteps:\n`cook` → `eat`\n",
            &expect![[r#"
                3 entity-list  entity payouts
                4 entity-list  entity orders
                11 transition-list  transition payouts: queued -> paid
                23 transition-list  transition orders: open -> paid
            "#]],
        );
    }

    #[test]
    fn chains_set_as_code_in_one_line() {
        check(
            "## Order\n\n- **id**: uuid\n\n`draft → placed → paid`, and `draft → cancelled`\n\n`only → one`\n",
            &expect![[r#"
                1 bullet-fields  entity Order
                3 bullet-fields  field Order.id uuid
                5 transition-list  transition Order: draft -> placed
                5 transition-list  transition Order: placed -> paid
                5 transition-list  transition Order: draft -> cancelled
            "#]],
        );
    }

    #[test]
    fn states_over_each_other() {
        check(
            "# Tables\n\n- `ideas`\n\n# Idea life cycle\n\n```\ndraft (reserved)\n  ↓ (sent by the author)\nopen ←→ [last]\n  │\n  ▼\nclosed\n\nnothing above\n```\n\n# Build\n\n```\ncompile\n  ↓\nship\n```\n",
            &expect![[r#"
                3 entity-list  entity ideas
                10 transition-list  transition ideas: draft -> open on sent by the author
                13 transition-list  transition ideas: open -> closed
            "#]],
        );
    }

    #[test]
    fn chains_in_all_places() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n**State transitions** (FR-1):\n\n```text\nactive → inactive       (deactivate; not assignable)\ninactive -> active|gone\n(active | gone) → closed\n```\n## Order Lifecycle\nField: `Order.status`. Initial state: `pending`. Terminal states: `paid`.\n\n`pending → paid → shipped`\n\n- `paid` → `refunded` (on request)\n1. `drafted` → `confirmed`: by the user\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                9 transition-list  transition Order: active -> inactive on deactivate; not assignable
                10 transition-list  transition Order: inactive -> active
                10 transition-list  transition Order: inactive -> gone
                11 transition-list  transition Order: active -> closed
                11 transition-list  transition Order: gone -> closed
                14 transition-list  life cycle Order.status from pending
                16 transition-list  transition Order.status: pending -> paid
                16 transition-list  transition Order.status: paid -> shipped
                18 transition-list  transition Order.status: paid -> refunded on on request
                19 transition-list  transition Order.status: drafted -> confirmed on by the user
            "#]],
        );
    }

    #[test]
    fn what_begins_what_is_forbidden_and_two_entities_at_once() {
        check(
            "# Rating\n\n- **id**: uuid\n\n# Comment\n\n- **id**: uuid\n\n## Rating / Comment Status\n\n```\n[New submission] → pending\npending → approved\napproved → approved (again)\n```\n\nDisallowed transitions:\n\n- approved → pending\n",
            &expect![[r#"
                1 bullet-fields  entity Rating
                3 bullet-fields  field Rating.id uuid
                5 bullet-fields  entity Comment
                7 bullet-fields  field Comment.id uuid
                12 transition-list  life cycle Rating from pending
                12 transition-list  life cycle Comment.status from pending
                13 transition-list  transition Rating: pending -> approved
                13 transition-list  transition Comment.status: pending -> approved
            "#]],
        );
    }

    #[test]
    fn events_with_the_state_after_each() {
        check(
            "# Quiz\n\n- **id**: uuid\n\n## Quiz lifecycle\n\n```\n[Create] → Draft (not stored)\n             │\n             ▼\n[Save] ───→ Saved\n             ▼\n[Edit] ───→ Draft\n[Delete] ─→ (removed)\n```\n\n```\n[Add question] → Question added to the quiz in memory\n[Add answer] → Answer added to it\n```\n",
            &expect![[r#"
                1 bullet-fields  entity Quiz
                3 bullet-fields  field Quiz.id uuid
                11 transition-list  transition Quiz: Draft -> Saved on Save
                13 transition-list  transition Quiz: Saved -> Draft on Edit
                8 R005 the states `[Create] → Draft (not stored)` belong to no entity
                14 R005 the states `[Delete] ─→ (removed)` belong to no entity
            "#]],
        );
    }

    #[test]
    fn transitions_of_the_one_thing_that_has_a_state() {
        check(
            "# Car\n\n- **id**: uuid\n- **status**: text\n\n# Buyer\n\n- **id**: uuid\n\n# State transitions\n\n```\nFREE ──rent──▶ LEASED\n```\n\n# Steps\n\n```\nbuild ──ok──▶ ship\n```\n",
            &expect![[r#"
                1 bullet-fields  entity Car
                3 bullet-fields  field Car.id uuid
                4 bullet-fields  field Car.status text
                6 bullet-fields  entity Buyer
                8 bullet-fields  field Buyer.id uuid
                13 transition-list  transition Car: FREE -> LEASED on rent
            "#]],
        );
    }

    #[test]
    fn from_anywhere_in_many_words_and_to_nowhere() {
        check(
            "# Ticket\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | text |\n\n## Life cycle\n\n- [any] → void\n- From any state to lost.\n- * -> held\n- new → open\n- open → shut\n- shut → (none)\n",
            &expect![[r#"
                1 field-table  entity Ticket
                5 field-table  field Ticket.id uuid
                6 field-table  field Ticket.status text
                10 transition-list  transition Ticket: lost -> void
                10 transition-list  transition Ticket: held -> void
                10 transition-list  transition Ticket: new -> void
                10 transition-list  transition Ticket: open -> void
                10 transition-list  transition Ticket: shut -> void
                11 transition-list  transition Ticket: void -> lost
                11 transition-list  transition Ticket: held -> lost
                11 transition-list  transition Ticket: new -> lost
                11 transition-list  transition Ticket: open -> lost
                11 transition-list  transition Ticket: shut -> lost
                12 transition-list  transition Ticket: void -> held
                12 transition-list  transition Ticket: lost -> held
                12 transition-list  transition Ticket: new -> held
                12 transition-list  transition Ticket: open -> held
                12 transition-list  transition Ticket: shut -> held
                13 transition-list  transition Ticket: new -> open
                14 transition-list  transition Ticket: open -> shut
                15 transition-list  life cycle Ticket: shut
            "#]],
        );
    }

    #[test]
    fn items_and_tables_that_name_whose_steps_they_hold() {
        check(
            "## Booking\n\n- id: uuid\n- status: open | paid | lost\n\n## Refund\n\n- id: uuid\n- status: asked | paid\n\n## Seat\n\n- id: uuid\n\n## State transitions\n\n- Booking:\n  - open -> paid\n  - paid -> lost\n- Refund:\n  - asked -> paid\n- Hints:\n  - press -> hold\n\n## Booking status\n\n| Transition | Trigger | Code |\n|-|-|-|\n| open -> lost | Nobody comes (no show) | `a.rs` |\n\n| Transition | Cost |\n|-|-|\n| fade | 3 |\n",
            &expect![[r#"
                1 bullet-fields  entity Booking
                3 bullet-fields  field Booking.id uuid
                4 field-phrases  field Booking.status [open | paid | lost]
                6 bullet-fields  entity Refund
                8 bullet-fields  field Refund.id uuid
                9 field-phrases  field Refund.status [asked | paid]
                11 bullet-fields  entity Seat
                13 bullet-fields  field Seat.id uuid
                18 transition-list  transition Booking: open -> paid
                19 transition-list  transition Booking: paid -> lost
                21 transition-list  transition Refund: asked -> paid
                29 transition-list  transition Booking.status: open -> lost on Nobody comes
                23 R005 the states `press -> hold` belong to no entity
                31 R001 the table `Transition | Cost` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
