//! Steps as tables and drawings of characters show them.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Inline, Table};
use crate::lifecycle::state_name;
use crate::notation::state_chain::ARROWS;
use crate::words::{fold, lower_words, parenthesized};

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

/// The steps in lines that stand over each other with an arrow between them, each as one line: what stands behind an arrow
/// causes the change. Where a line has several states, the arrow leads from the one above it to the one below.
pub(super) fn downwards(lines: &[(&str, Range<usize>)]) -> Vec<(String, Range<usize>)> {
    // Among boxes, "submit()" between two of them is what leads from one to the other.
    let boxed = |line: &str| line.starts_with('[') && line.ends_with(']') && line.len() > 2;
    let are_boxes = lines.iter().filter(|(line, _)| boxed(line.trim())).count() > 1;
    let mut steps = Vec::new();
    let mut above = Above::default();
    let mut arrow: Option<(Option<String>, String)> = None;
    for (line, at) in lines {
        let text = line.trim();
        if text.is_empty() || text.chars().all(|c| is_bar(c) || c == ' ') {
            continue;
        }
        if let Some((column, cause)) = shaft(line) {
            let last = arrow.take().map_or(String::new(), |it| it.1);
            let cause = if cause.is_empty() { last } else { cause };
            arrow = Some((above.at(column), cause));
            continue;
        }
        if are_boxes && !boxed(text) && arrow.is_some() {
            if let Some((_, cause)) = arrow.as_mut().filter(|it| it.1.is_empty()) {
                text.trim_end_matches("()").clone_into(cause);
            }
            continue;
        }
        // What goes on from a line above ends no step that leads down.
        if ARROWS.iter().any(|arrow| text.starts_with(arrow)) && arrow.is_none() {
            continue;
        }
        let here = segments(line);
        // "open → paid" over an arrow and "paid → sent": a state that is named again begins its own steps.
        if here.len() > 1 && above.names(&here[0].text) {
            arrow = None;
        }
        let hanging = hanging(line, &above);
        if !hanging.is_empty() {
            steps.push((hanging.join(", "), at.clone()));
            continue;
        }
        if let (Some((Some(from), cause)), Some(to)) = (arrow.take(), here.first()) {
            // "running → failed" goes on beside.
            let goes_on = cause.is_empty() && !line.contains(['◄', '◀', '←', '<']);
            let beside = here.iter().skip(1).filter(|_| goes_on);
            let to: Vec<&str> =
                std::iter::once(to).chain(beside).map(|it| it.text.as_str()).collect();
            let cause = if cause.is_empty() { cause } else { format!(": {cause}") };
            steps.push((format!("{from} → {}{cause}", to.join(" → ")), at.clone()));
        }
        above.push(line, here);
    }
    steps
}

fn is_bar(c: char) -> bool {
    matches!(c, '│' | '|')
}

/// The lines with states above a line of a drawing.
#[derive(Default)]
struct Above<'l> {
    lines: Vec<(&'l str, Vec<Segment>)>,
}

impl<'l> Above<'l> {
    fn push(&mut self, line: &'l str, states: Vec<Segment>) {
        self.lines.push((line, states));
    }

    /// Whether the line above names a state.
    fn names(&self, state: &str) -> bool {
        let bare = |text: &str| fold(text.split('(').next().unwrap_or_default());
        let last = self.lines.last();
        last.is_some_and(|(_, states)| states.iter().any(|it| bare(&it.text) == bare(state)))
    }

    /// The state that an arrow from a column leads away from: the only one of the line above, or the one that stands there.
    /// A bar passes by what stands beside it.
    fn at(&self, column: usize) -> Option<String> {
        let passes = |line: &str| line.chars().nth(column).is_some_and(is_bar);
        let (line, states) = self.lines.iter().rev().find(|(line, _)| !passes(line))?;
        // A trunk that leaves an arrow begins at the state before it: "open ──┬─► paid".
        if matches!(line.chars().nth(column), Some('┬' | '╦' | '┼')) {
            return states
                .iter()
                .rev()
                .find(|it| it.columns.end <= column)
                .map(|it| it.text.clone());
        }
        if let [only] = states.as_slice() {
            return Some(only.text.clone());
        }
        let covers = |it: &&Segment| it.columns.start <= column + 2 && column < it.columns.end + 2;
        states.iter().find(covers).map(|it| it.text.clone())
    }
}

/// A state of a line, with the columns that it stands in.
struct Segment {
    text: String,
    columns: Range<usize>,
}

/// The states of a line, without what stands in brackets on the arrows between them and behind an arrow back.
fn segments(line: &str) -> Vec<Segment> {
    let line = line.split('←').next().unwrap_or_default();
    let letters: Vec<char> = line.chars().chain(std::iter::once('→')).collect();
    // Dashes in a row, or before a head, are an arrow; one alone is a part of a name.
    let is_dash = |at: usize| letters.get(at).is_some_and(|c| matches!(c, '-' | '>'));
    let is_arrow = |at: usize| match letters[at] {
        '─' | '►' | '▶' | '→' | '⟶' | '▸' => true,
        '-' | '>' => is_dash(at + 1) || at > 0 && is_dash(at - 1),
        _ => false,
    };
    let mut found: Vec<Segment> = Vec::new();
    let (mut text, mut start) = (String::new(), 0);
    for (column, letter) in letters.iter().enumerate() {
        if !is_arrow(column) {
            if text.is_empty() {
                start = column;
            }
            text.push(*letter);
            continue;
        }
        let blank = text.chars().take_while(|c| c.is_whitespace() || is_bar(*c)).count();
        let name = text.split(['<', '◄', '◀']).next().unwrap_or_default();
        let name = name.trim_matches(|c: char| c.is_whitespace() || is_bar(c)).to_owned();
        if name.contains(char::is_alphanumeric) {
            let first = start + blank;
            found.push(Segment { columns: first..first + name.chars().count(), text: name });
        }
        text.clear();
    }
    let is_label = |it: &Segment| it.text.starts_with('[') && it.text.ends_with(']');
    if found.iter().any(|it| !is_label(it)) {
        found.retain(|it| !is_label(it));
    }
    found
}

/// The column of an arrow that leads down, alone on its line or with the cause behind it: "   ↓ submit".
fn shaft(line: &str) -> Option<(usize, String)> {
    let text = line.trim();
    let at = line.chars().position(|c| matches!(c, '↓' | '▼' | '⬇' | '▾'));
    let Some(at) = at else {
        // A plain "v" ends a line of bars.
        return matches!(text, "v" | "V")
            .then(|| (line.find(['v', 'V']).unwrap_or(0), String::new()));
    };
    let is_drawn = |c: char| is_bar(c) || matches!(c, '↓' | '▼' | '⬇' | '▾');
    let is_blank = |c: char| is_drawn(c) || c.is_whitespace();
    let cause: String = line.chars().skip(at).skip_while(|c| is_blank(*c)).collect();
    let is_alone = line.chars().take(at).all(is_blank);
    let cause = cause.trim().trim_matches(['(', ')', '[', ']', ':']).trim();
    let has_arrow = ARROWS.iter().any(|arrow| cause.contains(arrow));
    let is_cause = lower_words(cause).len() <= 8 && !has_arrow && !cause.contains(is_drawn);
    (is_alone && is_cause).then(|| (at, cause.to_owned()))
}

/// The steps of a line that hang on trunks below states: "├──► cancelled", "+----[cancel]----> cancelled", and what follows
/// on the same line: "├─► broken ─► repaired". A line may hang on several trunks.
fn hanging(line: &str, above: &Above<'_>) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let Some(first) = letters.iter().position(|c| !c.is_whitespace() && !is_bar(*c)) else {
        return Vec::new();
    };
    let is_mark =
        |at: usize| matches!(letters[at], '├' | '└' | '╰') || letters[at] == '+' && at == first;
    if !is_mark(first) {
        return Vec::new();
    }
    let marks: Vec<usize> = (first..letters.len()).filter(|&at| is_mark(at)).collect();
    let ends = marks.iter().skip(1).copied().chain(std::iter::once(letters.len()));
    marks
        .iter()
        .zip(ends)
        .filter_map(|(&at, end)| branch(&letters[at + 1..end], &above.at(at)?))
        .collect()
}

/// What hangs on a trunk below a state.
fn branch(letters: &[char], from: &str) -> Option<String> {
    let rest: String = letters.iter().collect();
    let has_head = rest.starts_with(['─', '-', '→']) && rest.contains(['►', '▶', '→', '>']);
    let name = |it: &Segment| {
        let name = it.text.trim_start_matches(['├', '└', '╰', '+', ' ']);
        without_end(name).to_owned()
    };
    let to: Vec<String> = segments(&rest).iter().filter(|_| has_head).map(name).collect();
    let first = to.first().filter(|to| !to.is_empty() && *to != from)?;
    // A label in brackets on the arrow is what causes it.
    let cause =
        rest.split_once('[').and_then(|(_, it)| it.split_once(']')).map(|(it, _)| it.trim());
    Some(match cause.filter(|it| !it.is_empty() && it != first) {
        Some(cause) => format!("{from} → {first}: {cause}"),
        None => format!("{from} → {}", to.join(" → ")),
    })
}

/// A state without the remark that nothing follows it: "sold (terminal state)".
fn without_end(name: &str) -> &str {
    match parenthesized(name) {
        Some((state, remark, "")) => {
            let says_end = lower_words(remark)
                .iter()
                .any(|word| matches!(word.as_str(), "terminal" | "final" | "end"));
            if says_end { state.trim() } else { name }
        }
        _ => name,
    }
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

/// The steps in lines that begin with an arrow, each from the state before the arrow that stands over it:
/// "open → paid → sent" over "            → lost".
pub(super) fn continued(lines: &[(&str, Range<usize>)]) -> Vec<(String, Range<usize>)> {
    /// So many columns beside each other are one place: names are wider in some fonts than in others.
    const BESIDE: usize = 3;
    let mut steps = Vec::new();
    let mut above: Vec<Segment> = Vec::new();
    for (line, at) in lines {
        let text = line.trim_start();
        let has_arrow = ARROWS.iter().any(|arrow| line.contains(arrow));
        if !ARROWS.iter().any(|arrow| text.starts_with(arrow)) {
            match text {
                "" => above.clear(),
                _ if has_arrow => above = segments(line),
                _ => {}
            }
            continue;
        }
        let column = line.chars().count() - text.chars().count();
        let Some((_, before)) = above.split_last() else { continue };
        let left = |it: &&Segment| it.columns.end <= column + BESIDE;
        let Some(from) = before.iter().rev().find(left).or(before.first()) else { continue };
        let from = without_remark(&from.text);
        // What stands behind a state in brackets ends the step: "→ late (after a day) → the next one is told".
        let to = text.split_once(')').map_or(text, |(to, _)| &text[..=to.len()]);
        steps.push((format!("{from} {to}"), at.clone()));
    }
    steps
}

/// A state without the remark behind it: "sent (by post)".
fn without_remark(name: &str) -> &str {
    parenthesized(name).map_or(name, |(state, _, _)| state.trim())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lines_that_go_on_below_a_chain() {
        check(
            "# Loan\n\n- **id**: uuid\n- **status**: string\n\n## State transitions\n\n```\n[Created] → asked (by mail)\n          ↓\nasked → agreed → lent (for a week)\n     → refused (no stock) → somebody else is told\n              → lost\n          ↓ (a week has passed)\nlent → back (on the shelf)\n```\n\n## Note\n\n```\nsee\n   → below\n```\n",
            &expect![[r#"
                1 bullet-fields  entity Loan
                3 bullet-fields  field Loan.id uuid
                4 bullet-fields  field Loan.status string
                9 transition-list  life cycle Loan from asked
                11 transition-list  transition Loan: asked -> agreed on for a week
                11 transition-list  transition Loan: agreed -> lent on for a week
                12 transition-list  transition Loan: asked -> refused on no stock
                13 transition-list  transition Loan: agreed -> lost
                15 transition-list  transition Loan: lent -> back on on the shelf
                18 prose-entities  candidate Note -- Note
            "#]],
        );
    }

    #[test]
    fn trunks_that_leave_an_arrow() {
        check(
            "# Tables\n\n- `crates`\n- `trips`\n\n# Rules\n\n**Crate.status**\n```\nfree ──┬─► used ──────┬─► free\n       │              │\n       ├─► broken ─► mended\n       │\n       └─► sold (terminal state)\n       └─► burnt\n```\n\n**Trip.status**\n```\nasked ──┬─► agreed ─► away ──┬─► back\n        │                    │\n        └─► refused          └─► late ─► back\n```\n",
            &expect![[r#"
                3 entity-list  entity crates
                4 entity-list  entity trips
                10 transition-list  transition crates.status: free -> used
                10 transition-list  transition crates.status: used -> free
                12 transition-list  transition crates.status: free -> broken
                12 transition-list  transition crates.status: broken -> mended
                14 transition-list  transition crates.status: free -> sold
                15 transition-list  transition crates.status: free -> burnt
                20 transition-list  transition trips.status: asked -> agreed
                20 transition-list  transition trips.status: agreed -> away
                20 transition-list  transition trips.status: away -> back
                22 transition-list  transition trips.status: asked -> refused
                22 transition-list  transition trips.status: away -> late
                22 transition-list  transition trips.status: late -> back
            "#]],
        );
    }
}
