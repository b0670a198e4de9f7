//! `underpin verify --mutate`: judges also whether each object of a design is needed. It writes nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use underpin_base::Diagnostic;
use underpin_claim::{Claim, Verification};
use underpin_verify::{Accepted, Mutated, Options, necessities};

use crate::arguments::VerifyArguments;
use crate::exit::Failure;
use crate::pipeline::Designed;
use crate::progress::Progress;
use crate::{codes, prove, terminal};

/// In the output folder: which objects may be missed by nobody, and why.
const ACCEPTED: &str = "survivors.yaml";

/// The claims of the design with those on the need of its objects, and what came of them.
pub(super) fn judge(
    folder: &Path,
    designed: &Designed,
    arguments: &VerifyArguments,
    mut options: Options,
    progress: &mut Progress,
) -> Result<(Vec<Claim>, Verification), Failure> {
    let accepted = accepted(&folder.join(ACCEPTED))?;
    if let Some(id) = &arguments.claim {
        options.only = Some(only(&designed.physical, id)?);
    }
    let Mutated { claims, verification, stale } =
        prove::mutate(designed, &arguments.server, &options, &accepted, progress)?;
    for id in stale {
        terminal::aside(&format!(
            "underpin: {ACCEPTED} accepts {id}, which is missed after all or not there: take the line out\n"
        ));
    }
    Ok((claims, verification))
}

fn only(
    physical: &underpin_physical::PhysicalDesign,
    id: &str,
) -> Result<underpin_claim::ClaimId, Failure> {
    let claims = necessities(physical);
    claims.into_iter().map(|claim| claim.id).find(|it| it.as_str() == id).ok_or_else(|| {
        Failure::usage(
            Diagnostic::error(
                codes::UNKNOWN_CLAIM,
                format!("nothing of the design is changed under the id `{id}`"),
            )
            .help("without --claim, --mutate prints all claims of the family `necessity` with their ids"),
        )
    })
}

/// What the file says; nothing where there is none.
fn accepted(path: &Path) -> Result<Accepted, Failure> {
    let refused = |why: String| {
        Failure::usage(
            Diagnostic::error(codes::UNREADABLE, format!("`{}` {why}", path.display())).help(
                "it holds one line for each object, its claim and the reason: \
                 `necessity/orders/orders_note_idx: for the weekly report`",
            ),
        )
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Accepted::new()),
        Err(error) => return Err(refused(format!("cannot be read: {error}"))),
    };
    let accepted: Accepted = serde_yaml_ng::from_str(&text)
        .map_err(|error| refused(format!("is not of its form: {error}")))?;
    match accepted.iter().find(|(_, reason)| reason.trim().is_empty()) {
        Some((id, _)) => Err(refused(format!("accepts {id} without a reason"))),
        None => Ok(accepted),
    }
}
