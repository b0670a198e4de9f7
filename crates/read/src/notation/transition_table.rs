//! Tables of the transitions between states, and of what each state requires.

use smol_str::SmolStr;
use std::ops::Range;

use indexmap::IndexMap;

use crate::Fact;
use crate::document::{BlockKind, Document, Table};
use crate::lifecycle::{Holder, holder, state_name, state_names};
use crate::notation::field_table::{mark_header, names};
use crate::notation::{Mark, Output};
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, split_once_any};

pub(super) const DOC: &str =
    "A table with the state before, the state after and what causes the change.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    From,
    To,
    Trigger,
    Required,
    State,
    Other,
}

fn role(header: &str) -> Role {
    // "Allowed target states", "valid next statuses": what is said of all of them tells no column from another.
    let is_said_of_all = |word: &SmolStr| {
        matches!(
            word.as_str(),
            "state"
                | "states"
                | "status"
                | "statuses"
                | "allowed"
                | "valid"
                | "possible"
                | "permitted"
                | "legal"
        )
    };
    let words = lower_words(header);
    let mut told = words.clone();
    told.retain(|word| !is_said_of_all(word));
    let is_limited = told.len() < words.len();
    match told.join(" ").as_str() {
        "from" | "source" | "current" | "old" | "before" | "starting" => Role::From,
        "to" | "next" | "target" | "targets" | "new" | "after" | "transitions to"
        | "can transition to" | "can go to" | "can move to" | "can become" => Role::To,
        "transitions" | "next transitions" | "destinations" if is_limited => Role::To,
        "trigger" | "event" | "action" | "cause" | "on" | "triggered by" | "transition"
        | "when" | "actor" | "trigger event" => Role::Trigger,
        "required fields" | "required" | "requires" | "fields required" | "mandatory fields" => {
            Role::Required
        }
        "" if matches!(words.as_slice(), [word] if word == "state" || word == "status") => {
            Role::State
        }
        _ => Role::Other,
    }
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let mut roles: Vec<Role> = table.header.iter().map(|cell| role(&cell.text)).collect();
        // "State | Allowed next states" names the state before.
        if roles.contains(&Role::To) && !roles.contains(&Role::From) {
            if let Some(state) = roles.iter_mut().find(|role| **role == Role::State) {
                *state = Role::From;
            }
        }
        if roles.contains(&Role::From) && roles.contains(&Role::To) {
            read_transitions(document, table, &roles, block.section, out);
        } else if roles.contains(&Role::State) && roles.contains(&Role::Required) {
            read_requirements(document, table, &roles, block.section, out);
        } else if !(roles.contains(&Role::From)
            && read_by_actor(document, table, block.section, &roles, out))
        {
            continue;
        }
        if table.rows.iter().any(|row| !out.is_open(document, row.range.start)) {
            mark_header(document, table, &block.range, out);
        }
    }
}

fn read_transitions(
    document: &Document<'_>,
    table: &Table,
    roles: &[Role],
    section: Option<usize>,
    out: &mut Output,
) {
    let column = |wanted: Role| roles.iter().position(|role| *role == wanted);
    let (Some(from), Some(to)) = (column(Role::From), column(Role::To)) else { return };
    let trigger = column(Role::Trigger);
    let names: Vec<String> = table
        .rows
        .iter()
        .flat_map(|row| [state_names(row.text(from)), state_names(row.text(to))])
        .flatten()
        .flatten()
        .collect();
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(Holder { entity, field }) = holder(document, section, &list, out) else { return };
    let mut set_aside = Vec::new();
    let mut any = false;
    for row in &table.rows {
        let span = document.span(row.range.clone());
        let (Some(before), Some(after)) = (state_names(row.text(from)), state_names(row.text(to)))
        else {
            // "(new) | pending" says where the life cycle begins.
            if let (None, Some(initial)) = (state_names(row.text(from)), state_name(row.text(to))) {
                if is_start(row.text(from)) {
                    let fact = Fact::Lifecycle {
                        entity: entity.clone(),
                        field: field.clone(),
                        states: Vec::new(),
                        initial: Some(initial),
                    };
                    out.state(document, span, fact);
                    any = true;
                    continue;
                }
            }
            // "Any other | Any | rejected" and "shipped | —" add no transition.
            let both_any = is_any(row.text(from)) && is_any(row.text(to));
            if both_any || is_nothing(row.text(to)) {
                set_aside.push(row.range.clone());
            }
            continue;
        };
        let on = trigger
            .map(|column| row.text(column).trim().to_owned())
            .filter(|text| !text.is_empty() && text != "-");
        for from in &before {
            for to in &after {
                let fact = Fact::Transition {
                    entity: entity.clone(),
                    field: field.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    on: on.clone(),
                };
                out.state(document, span, fact);
                any = true;
            }
        }
    }
    // A table that states nothing stays open, and so is listed.
    for range in set_aside {
        if any {
            out.mark(document, range, Mark::SetAside);
        }
    }
}

/// "From | Clerk may set | Owner may set": the states that each actor may lead to stand below the actor.
fn read_by_actor(
    document: &Document<'_>,
    table: &Table,
    section: Option<usize>,
    roles: &[Role],
    out: &mut Output,
) -> bool {
    let Some(from) = roles.iter().position(|role| *role == Role::From) else { return false };
    let before: Vec<Vec<String>> =
        table.rows.iter().map(|row| state_names(row.text(from)).unwrap_or_default()).collect();
    let known: Vec<&str> = before.iter().flatten().map(String::as_str).collect();
    // What leads on, of each row and column; a column with anything else in it is no actor's.
    let leads = |column: usize| -> Option<Vec<Vec<String>>> {
        let cells = table.rows.iter().map(|row| targets(row.text(column)));
        let cells: Vec<Vec<String>> = cells.collect::<Option<_>>()?;
        let all = cells.iter().flatten().count();
        let there = cells.iter().flatten().filter(|state| known.contains(&state.as_str())).count();
        (all > 0 && there * 5 >= all * 3).then_some(cells)
    };
    let actors: Vec<(usize, Vec<Vec<String>>)> = (0..table.header.len())
        .filter(|column| *column != from)
        .filter_map(|column| Some((column, leads(column)?)))
        .collect();
    if known.len() < 3 || actors.len() + 1 != table.header.len() {
        return false;
    }
    let Some(Holder { entity, field }) = holder(document, section, &known, out) else {
        return false;
    };
    for (at, row) in table.rows.iter().enumerate() {
        let span = document.span(row.range.clone());
        for (column, targets) in &actors {
            let on = table.header.get(*column).map(|cell| cell.text.trim().to_owned());
            for (from, to) in
                before[at].iter().flat_map(|from| targets[at].iter().map(move |to| (from, to)))
            {
                let fact = Fact::Transition {
                    entity: entity.clone(),
                    field: field.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    on: on.clone(),
                };
                out.state(document, span, fact);
            }
        }
        out.mark(document, row.range.clone(), Mark::Understood);
    }
    true
}

/// The states that a cell leads to: "reopen -> open (with a reason)", "+ cancelled", "-".
fn targets(text: &str) -> Option<Vec<String>> {
    let text = parenthesized(text).map_or(text, |(before, _, _)| before);
    let text = split_once_any(text, &["->", "→"]).map_or(text, |(_, to)| to);
    let text = text.trim().trim_start_matches('+').trim();
    if is_nothing(text) { Some(Vec::new()) } else { state_names(text) }
}

fn is_any(text: &str) -> bool {
    let words = lower_words(text);
    matches!(words.first().map(SmolStr::as_str), Some("any" | "all" | "other" | "every"))
        || text.trim().trim_matches('`') == "*"
}

fn is_start(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '[', ']', '*', '`', ' ']).to_lowercase();
    matches!(
        text.as_str(),
        "" | "-" | "—" | "–" | "new" | "none" | "null" | "start" | "initial" | "created"
    )
}

/// `| paid | paid_at |`: each row is a rule.
fn read_requirements(
    document: &Document<'_>,
    table: &Table,
    roles: &[Role],
    section: Option<usize>,
    out: &mut Output,
) {
    let column = |wanted: Role| roles.iter().position(|role| *role == wanted).unwrap_or(0);
    let (state, required) = (column(Role::State), column(Role::Required));
    let names: Vec<String> =
        table.rows.iter().filter_map(|row| state_name(row.text(state))).collect();
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(Holder { entity, field }) = holder(document, section, &list, out) else { return };
    let holder_field = field.unwrap_or_else(|| "status".to_owned());
    // One rule for each field, with all the states that require it, at the first row that does.
    let mut set_aside = Vec::new();
    let mut required_in: IndexMap<String, (Vec<String>, Range<usize>)> = IndexMap::new();
    for row in &table.rows {
        let Some(state) = state_name(row.text(state)) else { continue };
        let text = row.text(required).trim();
        if is_nothing(text) {
            set_aside.push(row.range.clone());
            continue;
        }
        // What names no field stays open, and so is listed.
        let Some(fields) = required_fields(text, &entity, out) else { continue };
        out.mark(document, row.range.clone(), Mark::Understood);
        for name in fields {
            let entry = required_in.entry(name).or_insert_with(|| (Vec::new(), row.range.clone()));
            entry.0.push(format!("`{state}`"));
        }
    }
    for range in set_aside {
        if !required_in.is_empty() {
            out.mark(document, range, Mark::SetAside);
        }
    }
    for (name, (states, place)) in required_in {
        let states = match states.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => states.join(""),
        };
        let fact = Fact::Rule {
            entity: Some(entity.clone()),
            text: format!("`{name}` is required when `{holder_field}` is {states}"),
            field: Some(name),
        };
        out.state(document, document.span(place), fact);
    }
}

/// Whether a cell says that a state requires nothing.
fn is_nothing(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '*', '_', '.', ' ']).to_lowercase();
    matches!(
        text.as_str(),
        "" | "-"
            | "—"
            | "–"
            | "none"
            | "nothing"
            | "no"
            | "n/a"
            | "terminal"
            | "terminal state"
            | "final"
            | "final state"
    )
}

/// The fields in a cell: those set as code, or plain names that are all known.
fn required_fields(text: &str, entity: &str, out: &Output) -> Option<Vec<String>> {
    let code: Vec<String> = code_spans(text).into_iter().map(str::to_owned).collect();
    if !code.is_empty() {
        return Some(code);
    }
    let text = text.replace(" and ", ", ");
    let found = names(&text);
    let all_known = found.iter().all(|name| {
        is_identifier(name) && (name.contains('_') || out.field(entity, name).is_some())
    });
    (all_known && !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rows_are_transitions() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Allowed transitions\n| From | To | Actor |\n|-|-|-|\n| (new) | `open` | |\n| `open` | `paid` or `void` | Clerk |\n| Any other | Any | rejected |\n\n| State | Required fields |\n|-|-|\n| `paid` | `paid_at`, `amount` |\n| `void` | `paid_at` |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                9 transition-table  life cycle Order from open
                10 transition-table  transition Order: open -> paid on Clerk
                10 transition-table  transition Order: open -> void on Clerk
                15 transition-table  rule Order.paid_at: `paid_at` is required when `status` is `paid` or `void`
                15 transition-table  rule Order.amount: `amount` is required when `status` is `paid`
            "#]],
        );
    }

    #[test]
    fn headers_in_other_words() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n\n## Order Lifecycle\n\n| From | Allowed Targets |\n|-|-|\n| open | paid, void |\n| paid | (terminal) |\n| void | open |\n\n## Roads\n\n| From | Possible Places |\n|-|-|\n| paid | open |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                5 field-table  field Order.status text
                11 transition-table  transition Order: open -> paid
                11 transition-table  transition Order: open -> void
                13 transition-table  transition Order: void -> open
                17 R001 the table `From | Possible Places` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn a_column_for_each_actor() {
        check(
            "# Parcel\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n\n## Parcel lifecycle\n\n| From | Clerk may set | Owner may set |\n|-|-|-|\n| draft | sent, void | sent |\n| sent | done, draft (with a reason) | - |\n| done, void | reopen -> draft | - |\n\n## Roads\n\n| From | Distance | Time |\n|-|-|-|\n| draft | 3 km | long |\n| sent | 4 km | short |\n| done | 5 km | - |\n",
            &expect![[r#"
                1 field-table  entity Parcel
                4 field-table  field Parcel.id int
                5 field-table  field Parcel.status text
                11 transition-table  transition Parcel: draft -> sent on Clerk may set
                11 transition-table  transition Parcel: draft -> void on Clerk may set
                11 transition-table  transition Parcel: draft -> sent on Owner may set
                12 transition-table  transition Parcel: sent -> done on Clerk may set
                12 transition-table  transition Parcel: sent -> draft on Clerk may set
                13 transition-table  transition Parcel: done -> draft on Clerk may set
                13 transition-table  transition Parcel: void -> draft on Clerk may set
                17 R001 the table `From | Distance | Time` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn required_fields_without_marks_are_read_or_listed() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n| amount | int |\n\n## Order status\n\n| State | Required fields |\n|-|-|\n| open | – |\n| paid | paid_at and amount |\n| void | all of them |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                5 field-table  field Order.amount int
                12 transition-table  rule Order.paid_at: `paid_at` is required when `status` is `paid`
                12 transition-table  rule Order.amount: `amount` is required when `status` is `paid`
                13 R004 the row `void` was not understood
            "#]],
        );
    }
}
