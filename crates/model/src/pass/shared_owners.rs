//! "A run and its tank belong to the same company": each of them has its company, or there would be nothing to compare.

use underpin_read::{Fact, Statement};

use super::relationships::Stated;
use crate::draft::Draft;
use crate::rule::kept_apart::share_owner;

/// Asks for the owner where nothing says whether rows have one, and a rule takes it for there.
pub(super) fn asked<'s>(draft: &Draft<'s>, mut all: Vec<Stated<'s>>) -> Vec<Stated<'s>> {
    let rules = draft.statements.iter().filter_map(|it| match &it.fact {
        Fact::Rule { text, .. } if text.contains(" belong to the same ") => Some((it, &**text)),
        _ => None,
    });
    let rules: Vec<(&Statement, &str)> = rules.collect();
    for one in all.iter_mut().filter(|it| it.from_required.is_none() && it.from != it.to) {
        let [rows, owner] = [one.to, one.from].map(|id| draft.model.entity(id).name.as_str());
        let said = rules.iter().find(|(_, text)| share_owner(text, rows, owner));
        one.from_required = said.map(|&(statement, _)| (true, statement));
    }
    all
}
