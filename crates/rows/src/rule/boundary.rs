//! Values at the limits of a rule and one step to either side.

use std::collections::BTreeMap;

use underpin_model::Literal;

use crate::row::{Planner, Row, Shape, Wish};
use crate::rule::{Goal, LONGEST_TEXT, Term, TextPattern, converted, resized, stepped, term};
use crate::value::Value;

/// Values to be tried, and what else must hold for them to matter.
#[derive(Debug)]
pub struct Candidate<'t> {
    pub values: BTreeMap<usize, Value>,
    pub goals: Vec<Goal<'t>>,
}

/// Candidates for all parts of a rule.
pub fn candidates<'t>(
    planner: &mut Planner<'_>,
    shape: &Shape<'_>,
    rule: &'t Term,
) -> Vec<Candidate<'t>> {
    let mut found = Vec::new();
    // A limit that is itself a value of the row is one only where that value is there.
    let filled = Wish { filled: rule.fields(), free_state: true, ..Wish::default() };
    let table = &shape.table.name;
    let plan = planner.plan(table, &filled, &[]);
    let Ok(plan) = plan.or_else(|_| planner.plan(table, &Wish::default(), &[])) else {
        return found;
    };
    let base = plan.rows.last().expect("a plan ends with its row").values.clone();
    let mut walk = Walk { shape, base, found: &mut found };
    walk.rule(rule, &mut Vec::new(), planner);
    found
}

struct Walk<'w, 't> {
    shape: &'w Shape<'w>,
    base: Row,
    found: &'w mut Vec<Candidate<'t>>,
}

impl<'t> Walk<'_, 't> {
    fn rule(&mut self, rule: &'t Term, guards: &mut Vec<Goal<'t>>, planner: &mut Planner<'_>) {
        match rule {
            Term::All(list) => {
                for item in list {
                    self.rule(item, guards, planner);
                }
            }
            Term::Any(list) => {
                for item in list {
                    self.alternative(item, guards, planner);
                }
            }
            Term::Not(inner) => self.rule(inner, guards, planner),
            Term::Implies(condition, consequence) => {
                // The limits of the consequence matter where the condition holds.
                guards.push(Goal { rule: condition, kept: true });
                self.rule(consequence, guards, planner);
                guards.pop();
                self.rule(condition, guards, planner);
            }
            Term::Compare(left, _, right) => {
                self.comparison(left, right, guards);
                self.comparison(right, left, guards);
            }
            Term::OneOf(value, list) => self.list(value, list, guards),
            Term::Matches(value, pattern) => {
                let Term::Field(field) = **value else { return };
                let Some(pattern) = TextPattern::parse(pattern) else { return };
                let example = pattern.example(&mut |length| planner.dice.index(length));
                let texts = [
                    String::new(),
                    format!("{example} "),
                    format!(" {example}"),
                    example.to_uppercase(),
                    example.to_lowercase(),
                    example.chars().skip(1).collect(),
                    format!("{example}{example}"),
                    example.chars().chain(example.chars().last()).collect(),
                    example,
                ];
                for text in texts {
                    self.push(field, Value::Text(text), guards);
                }
            }
            Term::JsonForm(field, _) => {
                for json in ["{}", "[]", "\"text\"", "1", "null"] {
                    self.push(*field, Value::Raw(json.to_owned()), guards);
                }
            }
            Term::IsPresent(field) => self.push(*field, Value::Null, guards),
            Term::Field(field) => {
                self.push(*field, Value::Boolean(true), guards);
                self.push(*field, Value::Boolean(false), guards);
            }
            // No CHECK is made of a rule about several rows.
            Term::Literal(_)
            | Term::Calculate(..)
            | Term::Length(_)
            | Term::Apart { .. }
            | Term::Together { .. } => {}
        }
    }

    /// One way to keep a rule: of several conditions each limit matters where the others hold.
    fn alternative(
        &mut self,
        way: &'t Term,
        guards: &mut Vec<Goal<'t>>,
        planner: &mut Planner<'_>,
    ) {
        let Term::All(list) = way else { return self.rule(way, guards, planner) };
        for (at, item) in list.iter().enumerate() {
            let before = guards.len();
            let others = list.iter().enumerate().filter(|(other, _)| *other != at);
            guards.extend(others.map(|(_, rule)| Goal { rule, kept: true }));
            self.rule(item, guards, planner);
            guards.truncate(before);
            self.rule(item, guards, planner);
        }
    }

    fn comparison(&mut self, of: &Term, with: &Term, guards: &[Goal<'t>]) {
        match of {
            Term::Field(field) => {
                let data_type = &self.shape.table.columns[*field].data_type;
                // As near to the limit as the column can hold it.
                let Some(limit) = converted(data_type, &term(with, &self.base)) else { return };
                let others = with.fields();
                for steps in [-1, 0, 1] {
                    let Some(value) = stepped(data_type, &limit, steps) else { continue };
                    // What the limit was computed from must stay as it is.
                    let mut values: BTreeMap<usize, Value> =
                        others.iter().map(|&other| (other, self.base[other].clone())).collect();
                    values.insert(*field, value);
                    self.found.push(Candidate { values, goals: guards.to_vec() });
                }
            }
            Term::Length(inner) => {
                let (Term::Field(field), Value::Number(limit)) = (&**inner, term(with, &self.base))
                else {
                    return;
                };
                let Value::Text(text) = &self.base[*field] else {
                    return self.lengths(*field, "a", limit.floor(), guards);
                };
                let text = text.clone();
                self.lengths(*field, &text, limit.floor(), guards);
            }
            _ => {}
        }
    }

    fn lengths(&mut self, field: usize, text: &str, limit: i64, guards: &[Goal<'t>]) {
        for length in [limit - 1, limit, limit + 1] {
            let length = usize::try_from(length).ok().filter(|&length| length <= LONGEST_TEXT);
            if let Some(length) = length {
                self.push(field, Value::Text(resized(text, length)), guards);
            }
        }
    }

    fn list(&mut self, value: &Term, list: &[Literal], guards: &[Goal<'t>]) {
        let Term::Field(field) = value else { return };
        for (at, item) in list.iter().enumerate() {
            let member = term(&Term::Literal(item.clone()), &self.base);
            // One member misspelled tells as much as all of them.
            if let (0, Value::Text(text)) = (at, &member) {
                self.push(*field, Value::Text(format!("{text} ")), guards);
                self.push(*field, Value::Text(text.to_uppercase()), guards);
            }
            self.push(*field, member, guards);
        }
    }

    fn push(&mut self, field: usize, value: Value, guards: &[Goal<'t>]) {
        if !value.is_present() && self.shape.table.columns[field].not_null {
            return;
        }
        let values = BTreeMap::from([(field, value)]);
        self.found.push(Candidate { values, goals: guards.to_vec() });
    }
}
