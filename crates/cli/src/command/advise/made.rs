//! Indexes that cannot be hypothetical, such as GIN for what contains something or for full text: after the others were
//! chosen, they are made in a database of our own beside those, for the statements that could use them.

use std::time::Instant;

use underpin_advise::{
    Advice, Facts, Methods, Options, Statement, needs, score, select, wants_made, write_of,
};
use underpin_base::Diagnostic;
use underpin_operate::{Shared, analyse_all};
use underpin_pg::Index;

use super::broken_text;
use super::place::{Place, Trials};
use super::workload::Workload;
use crate::codes;
use crate::exit::Failure;
use crate::progress::Progress;

/// What the others have come to.
pub(super) struct Chosen<'a> {
    pub(super) place: &'a Place,
    pub(super) options: &'a Options,
    pub(super) statements: &'a [Statement],
    pub(super) facts: &'a Facts,
}

/// Adds to the advice what has to be made to be tried; how many plans that took.
pub(super) fn add(
    chosen: &Chosen<'_>,
    workload: &mut Workload,
    advice: &mut Advice,
    pg_bin: Option<&std::path::Path>,
    progress: &mut Progress,
) -> Result<usize, Failure> {
    let Chosen { place, options, statements, facts } = chosen;
    let is_wanted =
        |at: &usize| wants_made(&statements[*at].needs, facts) || statements[*at].write.is_some();
    let numbers: Vec<usize> = (0..statements.len()).filter(is_wanted).collect();
    let is_any = statements.iter().any(|it| wants_made(&it.needs, facts));
    let taken: u64 = advice.chosen.iter().map(|it| it.bytes).sum();
    let budget = options.budget.map(|budget| budget.saturating_sub(taken));
    if !is_any || !options.expressions || place.trials == Trials::Made || budget == Some(0) {
        return Ok(0);
    }
    let other = match place.of_made(pg_bin, progress) {
        Ok(other) => other,
        Err(reason) => {
            let message = format!("GIN, GiST and pattern indexes were not tried: {reason}");
            workload.diagnostics.push(Diagnostic::note(codes::NO_WHAT_IF, message));
            return Ok(0);
        }
    };
    workload.diagnostics.extend(other.as_ref().and_then(Place::left_out));
    let place = other.as_ref().unwrap_or(place);
    let made: Vec<&Index> = advice.chosen.iter().map(|it| &it.index).collect();
    place.make(&made)?;
    let facts = place.facts(None)?;
    let sent: Vec<_> = numbers.iter().map(|&at| workload.queries[at].sent.clone()).collect();
    let mut kept = (Vec::new(), Vec::new(), Vec::new());
    for ((&number, sent), analysed) in
        numbers.iter().zip(&sent).zip(analyse_all(&mut place.sessions()?, &sent))
    {
        // What the sample's schema lacks is advised on without it.
        let Ok(analysed) = analysed else { continue };
        kept.0.push(number);
        kept.1.push(sent.clone());
        kept.2.push(Statement {
            weight: statements[number].weight,
            base: analysed.plan.cost,
            needs: needs(&analysed.bare, &facts),
            write: write_of(&sent.sql, &analysed.plan, &facts),
        });
    }
    let (numbers, sent, statements) = kept;
    let shared = Shared::new(sent, Instant::now());
    let options = Options { budget, methods: Methods::Made, ..(*options).clone() };
    let lost = |error: underpin_advise::PlanError| broken_text(&error.to_string());
    let mut planners = place.planners(Trials::Made, &facts, &shared)?;
    let selection = progress.telling_stage("made", |tell| {
        select(&statements, &facts, &options, &mut planners, tell).map_err(lost)
    })?;
    drop(planners);
    let mut planners = place.planners(Trials::Made, &facts, &shared)?;
    let (_, added) = score(&statements, &facts, selection, &mut planners).map_err(lost)?;
    let weights: Vec<f64> = chosen.statements.iter().map(|it| it.weight).collect();
    advice.and(added, &numbers, &weights, chosen.facts);
    Ok(shared.calls())
}
