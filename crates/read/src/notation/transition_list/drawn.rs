//! Steps as tables and drawings of characters show them.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Inline, Table};
use crate::lifecycle::state_name;
use crate::notation::state_chain::ARROWS;
use crate::words::{lower_words, parenthesized};

/// The steps in a table with a column of them, each with what the next column says of it: "`open → paid` | the money is
/// there".
pub(super) fn steps_of(table: &Table) -> Vec<(Cow<'static, str>, Range<usize>, bool)> {
    let is_step = |cell: &&Inline| {
        matches!(
            lower_words(&cell.text).join(" ").as_str(),
            "transition"
                | "transitions"
                | "state transition"
                | "status transition"
                | "state change"
                | "status change"
        )
    };
    let Some(column) = table.header.iter().position(|cell| is_step(&cell)) else {
        return Vec::new();
    };
    let is_cause = |cell: &Inline| {
        lower_words(&cell.text)
            .last()
            .is_some_and(|word| matches!(word.as_str(), "trigger" | "event" | "when" | "cause"))
    };
    let cause = table.header.iter().position(is_cause);
    let has_arrow = |text: &str| ARROWS.iter().any(|arrow| text.contains(arrow));
    let rows = table.rows.iter().filter(|row| has_arrow(row.text(column)));
    rows.map(|row| {
        let step = row.text(column).replace('`', "");
        let text = match cause.map(|at| row.text(at).trim()).filter(|it| !it.is_empty()) {
            // A remark in brackets at its end says more of the cause.
            Some(cause) => format!("{step}: {}", cause.split(" (").next().unwrap_or(cause)),
            None => step,
        };
        (Cow::Owned(text), row.range.clone(), true)
    })
    .collect()
}

/// The steps in lines that each name an event and the state after it: "[Create] → Draft", "[Save] → Saved".
pub(super) fn by_events(lines: &[(&str, Range<usize>)]) -> Option<Vec<(String, Range<usize>)>> {
    let mut states: Vec<(String, String, Range<usize>)> = Vec::new();
    for (line, at) in lines {
        if !line.contains(char::is_alphanumeric) {
            continue;
        }
        let (event, rest) = line.trim().strip_prefix('[')?.split_once(']')?;
        let state = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
        let has_arrow = ARROWS.iter().any(|arrow| rest.contains(arrow));
        if !has_arrow || state.contains('[') {
            return None;
        }
        let state = parenthesized(state).map_or(state, |(before, _, _)| before).trim();
        states.push((event.to_owned(), state.to_owned(), at.clone()));
    }
    // What is gone has no state.
    let name = |text: &str| state_name(text).filter(|name| name.split(' ').count() <= 2);
    let steps = states.windows(2).filter_map(|pair| {
        let (from, to) = (name(&pair[0].1)?, name(&pair[1].1)?);
        (from != to).then(|| (format!("{from} → {to}: {}", pair[1].0), pair[1].2.clone()))
    });
    let steps: Vec<(String, Range<usize>)> = steps.collect();
    let named = states.iter().filter(|(_, state, _)| name(state).is_some()).count();
    (states.len() > 1 && named + 1 >= states.len() && !steps.is_empty()).then_some(steps)
}

/// The steps in lines that stand over each other with an arrow between them, each as one line.
pub(super) fn downwards(lines: &[(&str, Range<usize>)]) -> Vec<(String, Range<usize>)> {
    let is_down = |line: &str| {
        let shaft = line.trim().split(['(', '[']).next().unwrap_or_default().trim();
        shaft.contains(['↓', '▼', '⬇'])
            && shaft.chars().all(|c| matches!(c, '↓' | '▼' | '⬇' | '│' | '|' | ' '))
    };
    let name = |line: &str| {
        let text = line.split(['←', '→']).next().unwrap_or_default().trim();
        let has_arrow = ARROWS.iter().any(|arrow| text.contains(arrow));
        (!text.is_empty() && !has_arrow).then(|| text.to_owned())
    };
    let mut steps = Vec::new();
    let mut before: Option<String> = None;
    let mut arrow: Option<String> = None;
    for (line, at) in lines {
        if line.trim().is_empty() || line.trim().chars().all(|c| matches!(c, '│' | '|')) {
            continue;
        }
        if is_down(line) {
            arrow.clone_from(&before);
            continue;
        }
        let here = name(line);
        if let (Some(from), Some(to)) = (arrow.take(), &here) {
            steps.push((format!("{from} → {to}"), at.clone()));
        }
        before = here;
    }
    steps
}

/// The steps in lines that hang below a chain, each under the arrow behind its first state:
/// "open → paid" over "     ↘ cancelled".
pub(super) fn branches(lines: &[(&str, Range<usize>)]) -> Vec<(String, Range<usize>)> {
    let mut steps = Vec::new();
    let mut chain: Option<&str> = None;
    for (line, at) in lines {
        let Some((before, to)) = line.split_once('↘') else {
            if ARROWS.iter().any(|arrow| line.contains(arrow)) {
                chain = Some(line);
            }
            continue;
        };
        let column = before.chars().count();
        let Some(above) = chain.filter(|_| before.trim().is_empty()) else { continue };
        let front: String = above.chars().take(column).collect();
        let from = front.trim_end_matches([' ', '─', '-']).rsplit(['→', '>']).find_map(state_name);
        // "(any time)" leaves open from where.
        if let Some(from) = from.filter(|_| !to.contains('(')) {
            steps.push((format!("{from} → {}", to.trim().replace(" / ", " | ")), at.clone()));
        }
    }
    steps
}
