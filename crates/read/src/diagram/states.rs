//! State machines, as mermaid and PlantUML write them: transitions, composite states and what only
//! routes an arrow.

use std::ops::Range;

use indexmap::{IndexMap, IndexSet};

use crate::Fact;
use crate::document::{Code, Document};
use crate::lifecycle::Holder;
use crate::notation::{Mark, Output};
use crate::words::unquote;

/// Where a life cycle begins and ends.
pub(crate) const OUTSIDE: &str = "[*]";

/// An arrow.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) on: Option<String>,
    pub(crate) at: Range<usize>,
    /// The composite state that it is drawn in.
    pub(crate) scope: Option<String>,
}

/// A diagram of states.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    pub(crate) edges: Vec<Edge>,
    /// The names that are shown in place of ids.
    pub(crate) names: IndexMap<String, String>,
    /// The composite state that each state stands in.
    parents: IndexMap<String, String>,
    /// Forks, joins and choices.
    routes: IndexSet<String>,
    /// Composite states that are in several states at once.
    concurrent: IndexSet<String>,
    /// Lines that state no transition.
    pub(crate) other: Vec<Range<usize>>,
    pub(crate) unread: Vec<(Range<usize>, String)>,
}

/// Reads the lines of a diagram.
pub(crate) fn parse(lines: &[(&str, Range<usize>)]) -> Machine {
    let mut machine = Machine::default();
    let mut scopes: Vec<String> = Vec::new();
    let mut in_note = false;
    for (line, at) in lines {
        let (line, at) = (*line, at.clone());
        if in_note {
            in_note = line != "end note" && line != "endnote";
            machine.other.push(at);
        } else if line.starts_with("note ") {
            // `note right of a : text` and `note "text" as n` end with the line.
            in_note = !line.contains(':') && !line.contains('"');
            machine.other.push(at);
        } else if line == "}" {
            scopes.pop();
            machine.other.push(at);
        } else if line.starts_with("--") || line.starts_with("||") {
            machine.concurrent.extend(scopes.last().cloned());
            machine.other.push(at);
        } else if let Some(mut edge) = edge(line, at.clone()) {
            edge.scope = scopes.last().cloned();
            for end in [&edge.from, &edge.to] {
                if let Some(scope) = scopes.last().filter(|_| !is_outside(end)) {
                    if !machine.parents.contains_key(end) && end != scope {
                        machine.parents.insert(end.clone(), scope.clone());
                    }
                }
            }
            machine.edges.push(edge);
        } else if let Some(rest) = line.strip_prefix("state ") {
            machine.declare(rest, &mut scopes);
            machine.other.push(at);
        } else if is_description(line) {
            if let Some((id, text)) = line.split_once(':') {
                machine.describe(id.trim(), text.trim());
            }
            machine.other.push(at);
        } else {
            machine.unread.push((at, line.to_owned()));
        }
    }
    machine
}

impl Machine {
    /// `"Long name" as s1`, `s1 {`, `s1 <<choice>>`.
    fn declare(&mut self, rest: &str, scopes: &mut Vec<String>) {
        let opens = rest.ends_with('{');
        let rest = rest.trim_end_matches('{').trim();
        let (rest, kind) = match rest.split_once("<<") {
            Some((rest, kind)) => (rest.trim(), kind.trim_end_matches('>').trim()),
            None => (rest, ""),
        };
        let rest = rest.split(" #").next().unwrap_or(rest);
        let id = match rest.split_once(" as ") {
            Some((name, id)) if name.starts_with('"') => {
                self.names.insert(id.trim().to_owned(), unquote(name).to_owned());
                id.trim()
            }
            Some((id, name)) => {
                self.names.insert(id.trim().to_owned(), unquote(name).to_owned());
                id.trim()
            }
            None => unquote(rest.split(" :").next().unwrap_or(rest)),
        };
        let id = id.split(":::").next().unwrap_or(id).trim().to_owned();
        if matches!(kind, "fork" | "join" | "choice" | "entryPoint" | "exitPoint") {
            self.routes.insert(id.clone());
        }
        if let Some(scope) = scopes.last() {
            self.parents.entry(id.clone()).or_insert_with(|| scope.clone());
        }
        if opens {
            scopes.push(id);
        }
    }

    /// `s1 : Long name`, where the id is only a number for the state.
    fn describe(&mut self, id: &str, text: &str) {
        let letters = id.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_number = letters.len() <= 1 || letters.eq_ignore_ascii_case("state");
        if is_number && text.split_whitespace().count() <= 3 {
            self.names.entry(id.to_owned()).or_insert_with(|| unquote(text).to_owned());
        }
    }

    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// The shown names of all states that arrows touch, in the order of the arrows.
    pub(crate) fn states(edges: &[Edge]) -> IndexSet<String> {
        edges
            .iter()
            .flat_map(|edge| [&edge.from, &edge.to])
            .filter(|state| !is_outside(state))
            .cloned()
            .collect()
    }

    /// The arrows between states that a row can be in: none of a composite state that has an entry,
    /// none of a fork, join or choice. Ends are shown names.
    pub(crate) fn arrows(&self) -> Vec<Edge> {
        let mut edges: Vec<Edge> = self
            .edges
            .iter()
            // Of a composite state with regions, a row would be in several states at once.
            .filter(|edge| {
                !self.scope_chain(edge.scope.as_deref()).any(|it| self.concurrent.contains(it))
            })
            .cloned()
            .collect();
        let composites: IndexSet<&String> = self.parents.values().collect();
        // The innermost last: what leaves an outer one leaves the inner one too.
        let mut composites: Vec<&String> = composites
            .into_iter()
            .filter(|it| !self.concurrent.contains(*it) && self.entry(it).is_some())
            .collect();
        composites.sort_by_key(|it| self.scope_chain(Some(it)).count());
        for composite in composites {
            edges = self.opened(composite, &edges);
        }
        for route in &self.routes {
            edges = bypassed(route, &edges);
        }
        for edge in &mut edges {
            edge.from = self.name(&edge.from);
            edge.to = self.name(&edge.to);
        }
        edges
    }

    fn scope_chain<'a>(&'a self, scope: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        // A state that stands in itself would never end.
        std::iter::successors(scope, |it| self.parents.get(*it).map(String::as_str)).take(16)
    }

    fn entry(&self, composite: &str) -> Option<&str> {
        self.edges
            .iter()
            .find(|edge| is_outside(&edge.from) && edge.scope.as_deref() == Some(composite))
            .map(|edge| edge.to.as_str())
    }

    /// What enters a composite state enters its first state; what leaves it leaves each of its states,
    /// or, without a cause, those that end it.
    fn opened(&self, composite: &str, edges: &[Edge]) -> Vec<Edge> {
        let Some(entry) = self.entry(composite) else { return edges.to_vec() };
        let inside: Vec<&String> = self
            .parents
            .iter()
            .filter(|(_, parent)| *parent == composite)
            .map(|(state, _)| state)
            .filter(|state| !self.routes.contains(*state))
            .collect();
        let last: Vec<&String> = edges
            .iter()
            .filter(|edge| is_outside(&edge.to) && edge.scope.as_deref() == Some(composite))
            .map(|edge| &edge.from)
            .collect();
        let mut opened = Vec::new();
        for edge in edges {
            if edge.scope.as_deref() == Some(composite)
                && (is_outside(&edge.from) || is_outside(&edge.to))
            {
                continue;
            }
            let mut edge = edge.clone();
            if edge.to == composite {
                entry.clone_into(&mut edge.to);
            }
            if edge.from == composite {
                let leaving = if edge.on.is_none() && !last.is_empty() { &last } else { &inside };
                for state in leaving {
                    if **state != edge.to || edge.on.is_some() {
                        opened.push(Edge { from: (*state).clone(), ..edge.clone() });
                    }
                }
            } else {
                opened.push(edge);
            }
        }
        opened
    }

    /// Whether any state has states of its own that are passed over.
    pub(crate) fn passed_over(&self) -> Vec<&Edge> {
        self.edges
            .iter()
            .filter(|edge| {
                self.scope_chain(edge.scope.as_deref()).any(|it| self.concurrent.contains(it))
            })
            .collect()
    }
}

/// Joins each arrow into a fork, join or choice with each arrow out of it.
fn bypassed(route: &str, edges: &[Edge]) -> Vec<Edge> {
    let out: Vec<&Edge> = edges.iter().filter(|edge| edge.from == route).collect();
    // Routes that lead to routes multiply; nobody draws as many arrows as that.
    let into = edges.iter().filter(|edge| edge.to == route).count();
    if into * out.len() > edges.len() * 4 + 64 {
        return edges.to_vec();
    }
    let mut joined = Vec::new();
    for edge in edges {
        if edge.from == route {
            continue;
        }
        if edge.to != route {
            joined.push(edge.clone());
            continue;
        }
        for next in &out {
            if next.to != route {
                let on = edge.on.clone().or_else(|| next.on.clone());
                joined.push(Edge { to: next.to.clone(), on, at: next.at.clone(), ..edge.clone() });
            }
        }
    }
    joined
}

pub(crate) fn is_outside(end: &str) -> bool {
    end == OUTSIDE || end == "[H]" || end == "[H*]"
}

fn is_description(line: &str) -> bool {
    let id = line.split(':').next().unwrap_or(line).trim();
    !id.is_empty() && id.split_whitespace().count() <= 2 && !line.contains("->")
}

/// `a --> b : label`, in PlantUML also `a -> b`, `a -up-> b`, `a -[#red]-> b`, `b <-- a`.
fn edge(line: &str, at: Range<usize>) -> Option<Edge> {
    let (start, end, is_reversed) = arrow(line)?;
    let from = line[..start].trim();
    let rest = line[end..].trim();
    let (to, on) = match rest.split_once(':').filter(|_| !rest.contains(":::")) {
        Some((to, label)) => (to.trim(), Some(label.trim().replace("\\n", " "))),
        None => (rest.split(":::").next().unwrap_or(rest), None),
    };
    let clean = |text: &str| {
        let text = text.split(":::").next().unwrap_or(text).trim();
        unquote(text.split(" #").next().unwrap_or(text)).to_owned()
    };
    let is_end = |text: &str| {
        !text.is_empty()
            && text.len() < 120
            && (is_outside(text) || !text.contains(['[', '{', '(', '<', '>', ';']))
    };
    let (from, to) = (clean(from), clean(to));
    let (from, to) = if is_reversed { (to, from) } else { (from, to) };
    (is_end(&from) && is_end(&to)).then(|| Edge {
        from,
        to,
        on: on.map(|label| unquote(&label).to_owned()).filter(|label| !label.is_empty()),
        at,
        scope: None,
    })
}

/// The place of an arrow, and whether it points to the left.
fn arrow(line: &str) -> Option<(usize, usize, bool)> {
    let label = line.find(" : ").unwrap_or(line.len());
    let is_part =
        |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '[' | ']' | '#' | ',' | '.');
    if let Some(at) = line[..label].find('>') {
        let start = line[..at].trim_end_matches(is_part).len();
        let start = start + line[start..at].find('-')?;
        let shaft = &line[start..at];
        return (shaft.ends_with('-')).then_some((start, at + 1, false));
    }
    let at = line[..label].find("<-")?;
    let end = at + 1 + line[at + 1..].find(|c: char| !is_part(c)).unwrap_or(line.len() - at - 1);
    Some((at, end, true))
}

/// States a life cycle and its transitions.
pub(crate) fn state(
    document: &Document<'_>,
    code: &Code,
    holder: &Holder,
    edges: &[Edge],
    out: &mut Output,
) {
    let Holder { entity, field } = holder;
    let starts: Vec<&Edge> =
        edges.iter().filter(|edge| edge.from == OUTSIDE && !is_outside(&edge.to)).collect();
    let Some(first) = edges.first() else { return };
    let lifecycle = |states: Vec<String>, initial: Option<String>| Fact::Lifecycle {
        entity: entity.clone(),
        field: field.clone(),
        states,
        initial,
    };
    let initial = starts.first().map(|edge| edge.to.clone());
    let fact = lifecycle(Machine::states(edges).into_iter().collect(), initial.clone());
    out.state(document, document.code_span(code, first.at.clone()), fact);
    // A diagram may start at several states; each start is a statement of its own.
    for edge in starts {
        if initial.as_ref() != Some(&edge.to) {
            let fact = lifecycle(Vec::new(), Some(edge.to.clone()));
            out.state(document, document.code_span(code, edge.at.clone()), fact);
        }
    }
    for edge in edges {
        let span = document.code_span(code, edge.at.clone());
        if is_outside(&edge.from) || is_outside(&edge.to) {
            out.mark(document, span.range(), Mark::Understood);
            continue;
        }
        let fact = Fact::Transition {
            entity: entity.clone(),
            field: field.clone(),
            from: edge.from.clone(),
            to: edge.to.clone(),
            on: edge.on.clone(),
        };
        out.state(document, span, fact);
    }
}

/// States what a machine says, and what of it was passed over.
pub(crate) fn state_machine(
    document: &Document<'_>,
    code: &Code,
    holder: &Holder,
    machine: &Machine,
    out: &mut Output,
) {
    state(document, code, holder, &machine.arrows(), out);
    let lost = machine.passed_over();
    if let Some(first) = lost.first() {
        let span = document.code_span(code, first.at.clone());
        for edge in &lost {
            out.mark(document, document.code_span(code, edge.at.clone()).range(), Mark::SetAside);
        }
        out.warn(
            crate::code::UNREAD_LINE,
            format!(
                "`{}` is in several states at once, which one field cannot hold, so its inner states were left out",
                first.scope.as_deref().unwrap_or_default()
            ),
            span,
            "give each of its regions a life cycle of its own",
        );
    }
    for edge in &machine.edges {
        out.mark(document, document.code_span(code, edge.at.clone()).range(), Mark::SetAside);
    }
    for at in &machine.other {
        out.mark(document, document.code_span(code, at.clone()).range(), Mark::SetAside);
    }
    for (at, line) in &machine.unread {
        let span = document.code_span(code, at.clone());
        out.unread_line(span, line, "a transition is written `from --> to : cause`");
    }
}
