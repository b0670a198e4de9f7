//! Where plans are asked for: in the database itself, with hypothetical indexes; where its server has none, in a database of
//! our own with a sample of its rows; and where no server has any, with indexes that are made there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underpin_advise::Facts;
use underpin_base::Diagnostic;
use underpin_operate::{
    Asked, HypotheticalPlanner, MadePlanner, SampleError, Sampled, Shared, WhatIfError, facts,
    sample,
};
use underpin_pg::{QualifiedName, TrialStatement, WhatIfStatement};
use underpin_server::{Search, Session, dump_halves};

use super::target::Target;
use super::{CONNECTIONS, broken, no_what_if};
use crate::command;
use crate::exit::Failure;
use crate::progress::Progress;
use crate::{codes, prove};

/// Rows of a table that a sample has at most: so many that an index of them matters, and so few that hundreds are made in
/// seconds. Statistics are made of all of them (300 rows for each of the 200 values of `default_statistics_target`).
const SAMPLE_ROWS: u32 = 50_000;

/// Whether an index can be tried without making it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trials {
    /// It can.
    Hypothetical,
    /// It is made.
    Made,
}

/// Where plans are asked for.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) target: Target,
    pub(super) trials: Trials,
    /// How many rows of the database that the advice is for stand for each row here.
    factors: BTreeMap<QualifiedName, f64>,
    /// What of the database that the advice is for is not here, and why.
    left_out: Vec<(String, String)>,
}

impl Place {
    /// The database itself where hypothetical indexes can be asked for, else one of our own.
    pub(super) fn of(
        target: Target,
        session: &mut Session,
        pg_bin: Option<&Path>,
        progress: &mut Progress,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Self, Failure> {
        let error = match underpin_operate::prepare(session) {
            Ok(_) => {
                let (trials, factors) = (Trials::Hypothetical, BTreeMap::new());
                return Ok(Self { target, trials, factors, left_out: Vec::new() });
            }
            Err(error @ (WhatIfError::NotInstalled | WhatIfError::NotCreated)) => error,
            Err(error) => return Err(no_what_if(&error, &target)),
        };
        let Target::Live(url) = &target else {
            let message = format!("{error}: indexes are made to be tried, which takes longer");
            diagnostics.push(Diagnostic::note(codes::NO_WHAT_IF, message));
            let (trials, factors) = (Trials::Made, BTreeMap::new());
            return Ok(Self { target, trials, factors, left_out: Vec::new() });
        };
        let (place, rows) = Self::sampled(url, session, pg_bin, progress).map_err(|reason| {
            let mut failure = no_what_if(&error, &target);
            let more = format!("; and no sample of the database could be taken: {reason}");
            failure.diagnostic.message.push_str(&more);
            failure
        })?;
        let how = match place.trials {
            Trials::Hypothetical => "plans are those of",
            Trials::Made => "indexes are made and planned with on",
        };
        let message = format!(
            "{error}: {how} a sample of {rows} rows on a private server, at most {SAMPLE_ROWS} of each table; costs are those of \
             the sample, sizes those of the whole"
        );
        diagnostics.push(Diagnostic::note(codes::NO_WHAT_IF, message).help(match error {
            WhatIfError::NotCreated => {
                "for costs of the whole, have a superuser run `CREATE EXTENSION hypopg` in the database"
            }
            WhatIfError::NotInstalled | WhatIfError::Session(_) => {
                "for costs of the whole, install HypoPG on the machine of the server, as in `apt-get install postgresql-15-hypopg`"
            }
        }));
        diagnostics.extend(place.left_out());
        Ok(place)
    }

    /// What is not in the sample: what would use it is planned without it.
    pub(super) fn left_out(&self) -> Option<Diagnostic> {
        let (what, why) = self.left_out.first()?;
        let count = match self.left_out.len() {
            1 => "one thing of the database is".to_owned(),
            more => format!("{more} things of the database are"),
        };
        let first = if self.left_out.len() == 1 { "it is" } else { "the first is" };
        let message = format!(
            "{count} not in the sample, and the advice does without; {first} {what}: {why}"
        );
        Some(Diagnostic::note(codes::NO_WHAT_IF, message))
    }

    /// A database of our own with a sample of a live one, and how many rows it has; the reason where that cannot be.
    fn sampled(
        url: &str,
        live: &mut Session,
        pg_bin: Option<&Path>,
        progress: &mut Progress,
    ) -> Result<(Self, u64), String> {
        let search = Search::on_this_machine(pg_bin.map(PathBuf::from));
        let installation = search.find().map_err(|error| error.to_string())?;
        let (tables, rest) = progress
            .stage("database", || dump_halves(&installation, url))
            .map_err(|error| error.to_string())?;
        let server = progress
            .telling_stage("server", |tell| prove::private(pg_bin, tell))
            .map_err(|diagnostic| diagnostic.message)?;
        progress.stage("sample", || {
            let database = command::others_database(&server, "advise", broken)
                .map_err(|failure| failure.diagnostic.message)?;
            underpin_operate::declare_what_if(&database).map_err(|error| error.to_string())?;
            let sampled = sample(live, &database, (&tables, &rest), SAMPLE_ROWS);
            let Sampled { rows, factors, left_out } = sampled.map_err(|error| match error {
                SampleError::Schema(error) => format!("its schema was refused: {}", error.error),
                SampleError::Read(error) => format!("its rows could not be read: {error}"),
                SampleError::Write(error) => error.to_string(),
            })?;
            let mut session = database.connect().map_err(|error| error.to_string())?;
            let trials = match underpin_operate::prepare(&mut session) {
                Ok(_) => Trials::Hypothetical,
                Err(_) => Trials::Made,
            };
            let target = Target::Own(server, database);
            Ok((Self { target, trials, factors, left_out }, rows))
        })
    }

    /// Where indexes are made: here, where it is a database of our own, else in a sample; the reason where there is none.
    pub(super) fn of_made(
        &self,
        pg_bin: Option<&Path>,
        progress: &mut Progress,
    ) -> Result<Option<Self>, String> {
        match &self.target {
            Target::Own(..) => Ok(None),
            Target::Live(url) => {
                let mut live =
                    self.target.connect().map_err(|failure| failure.diagnostic.message)?;
                let (mut place, _) = Self::sampled(url, &mut live, pg_bin, progress)?;
                place.trials = Trials::Made;
                Ok(Some(place))
            }
        }
    }

    /// What is known of the database.
    pub(super) fn facts(&self, live: Option<&Facts>) -> Result<Facts, Failure> {
        let mut session = self.target.connect()?;
        let mut found = facts(&mut session).map_err(broken)?;
        // How often an index was used, and how large it is, only the live database knows.
        for table in live.into_iter().flat_map(|live| &live.tables) {
            let Some(mine) = found.tables.iter_mut().find(|it| it.name == table.name) else {
                continue;
            };
            for index in &mut mine.indexes {
                if let Some(known) = table.indexes.iter().find(|it| it.name == index.name) {
                    (index.scans, index.bytes) = (known.scans, known.bytes);
                }
            }
        }
        Ok(found)
    }

    /// Connections on which statements are planned as things are.
    pub(super) fn sessions(&self) -> Result<Vec<Session>, Failure> {
        let session = |_| {
            let mut session = self.target.connect()?;
            let guarded = match self.trials {
                Trials::Hypothetical => underpin_operate::prepare(&mut session).map(|_| ()),
                Trials::Made => {
                    session.batch(&WhatIfStatement::Guard.to_string()).map_err(WhatIfError::from)
                }
            };
            guarded.map_err(|error| no_what_if(&error, &self.target))?;
            Ok(session)
        };
        (0..CONNECTIONS).map(session).collect()
    }

    /// Connections that are asked what would be if. Where indexes are made there is one: what it hides, all would miss.
    pub(super) fn planners(
        &self,
        trials: Trials,
        facts: &Facts,
        shared: &Shared,
    ) -> Result<Vec<Asked>, Failure> {
        let factor = |name| self.factors.get(name).copied().unwrap_or(1.0);
        let factors: Vec<f64> = facts.tables.iter().map(|table| factor(&table.name)).collect();
        let failed = |error: WhatIfError| no_what_if(&error, &self.target);
        match (trials, &self.target) {
            (Trials::Made, Target::Own(_, database)) => {
                let planner = MadePlanner::new(database, shared).map_err(failed)?;
                Ok(vec![Asked::Made(Box::new(planner), factors)])
            }
            (Trials::Hypothetical, _) | (Trials::Made, Target::Live(_)) => (0..CONNECTIONS)
                .map(|_| {
                    let session = self.target.connect()?;
                    let planner = HypotheticalPlanner::new(session, shared).map_err(failed)?;
                    Ok(Asked::Hypothetical(Box::new(planner), factors.clone()))
                })
                .collect(),
        }
    }

    /// Makes indexes to stay.
    pub(super) fn make(&self, indexes: &[&underpin_pg::Index]) -> Result<(), Failure> {
        let mut session = self.target.connect()?;
        for index in indexes {
            let make = TrialStatement::Make { index, holds_expression: false };
            session.batch(&make.to_string()).map_err(broken)?;
        }
        Ok(())
    }
}
