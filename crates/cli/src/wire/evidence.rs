//! `evidence.json`: each claim of the design with its verdict and what was measured, and what a later
//! `underpin verify` needs to do the same again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value as Json};
use underpin_claim::{Claim, ClaimId, Evidence, Family, Measures, Value, Verdict, Verification};
use underpin_verify::Judged;

/// The whole file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EvidenceFile {
    /// Which program wrote the folder; it is recognised by this.
    pub(crate) made_by: String,
    /// Where and on what the probes ran.
    pub(crate) environment: Map<String, Json>,
    /// What was read, and how the data of the probes was made.
    pub(crate) input: Input,
    /// In the order of the documents that print them.
    pub(crate) claims: Vec<ClaimEvidence>,
    /// How many claims have which verdict.
    pub(crate) summary: Summary,
    /// The files of the folder that Underpin wrote, this one included.
    pub(crate) files: Vec<String>,
}

/// What a design was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Input {
    /// The paths that were given.
    pub(crate) paths: Vec<InputPath>,
    /// The drafts that were given beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) drafts: Vec<InputPath>,
    /// Whether well-known things without fields were left without.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) no_assumptions: bool,
    /// The seed of the generated rows.
    pub(crate) seed: u64,
    /// How many rows were generated at most, all tables together.
    pub(crate) max_rows: u64,
    /// At how many rows the growth of queries was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<u64>,
}

/// One path that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputPath {
    /// As it was given: documents are shown under this name.
    pub(crate) given: String,
    /// Seen from the output folder, so that both may be moved together.
    pub(crate) from_here: String,
}

/// One claim and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ClaimEvidence {
    /// Stable from run to run.
    pub(crate) id: String,
    /// What kind of sentence it is.
    pub(crate) family: String,
    /// The object that it is about.
    pub(crate) subject: String,
    /// The sentence.
    pub(crate) statement: String,
    /// `proven`, `refuted`, `not_run` or `assumed`.
    pub(crate) verdict: String,
    /// What was measured, counted or seen.
    pub(crate) measured: Map<String, Json>,
    /// What was demanded.
    pub(crate) threshold: Map<String, Json>,
    /// The command that judges this claim again.
    pub(crate) reproduce: String,
    /// How long the probe took; null where it did not run.
    pub(crate) seconds: Option<f64>,
    /// What was seen instead, or why nothing was.
    pub(crate) note: Option<String>,
}

/// How many claims have which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) claims: usize,
    pub(crate) proven: usize,
    pub(crate) refuted: usize,
    pub(crate) not_run: usize,
    pub(crate) assumed: usize,
}

impl Summary {
    pub(crate) fn of(verification: &Verification) -> Self {
        Self {
            claims: verification.evidence.len(),
            proven: verification.count(Verdict::Proven),
            refuted: verification.count(Verdict::Refuted),
            not_run: verification.count(Verdict::NotRun),
            assumed: verification.count(Verdict::Assumed),
        }
    }
}

/// The evidence of a run. `folder` is the output folder as the user named it.
pub(crate) fn evidence_file(
    claims: &[Claim],
    verification: &Verification,
    input: Input,
    folder: &str,
) -> EvidenceFile {
    let mut environment = Map::new();
    let version = verification.environment.server_version.as_deref();
    environment.insert("server_version".to_owned(), version.map_or(Json::Null, Json::from));
    environment.extend(measures(&verification.environment.facts));
    let evidence: BTreeMap<&ClaimId, &Evidence> =
        verification.evidence.iter().map(|evidence| (&evidence.claim, evidence)).collect();
    EvidenceFile {
        made_by: format!("underpin {}", env!("CARGO_PKG_VERSION")),
        environment,
        input,
        claims: claims
            .iter()
            .map(|claim| {
                // Of an index, what it is worth is judged with the other claims at a size.
                let is_mutant =
                    claim.family == Family::Necessity && !claim.threshold.contains_key("rows");
                let mutate = if is_mutant { "--mutate " } else { "" };
                let reproduce = format!(
                    "underpin verify {mutate}--claim {} {}",
                    shell_word(claim.id.as_str()),
                    shell_word(folder)
                );
                claim_evidence(claim, evidence.get(&claim.id).copied(), reproduce)
            })
            .collect(),
        summary: Summary::of(verification),
        files: Vec::new(),
    }
}

/// The evidence on a schema that somebody else wrote.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SchemaEvidence {
    made_by: String,
    environment: Map<String, Json>,
    /// Which table holds which entity, and which column which field.
    mapping: Vec<EntityMapping>,
    /// Tables that no entity was mapped to.
    unmapped_tables: Vec<String>,
    claims: Vec<ClaimEvidence>,
    summary: Summary,
}

/// Where an entity is kept.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EntityMapping {
    entity: String,
    table: Option<String>,
    columns: Map<String, Json>,
}

/// The evidence of a run; `command` judges one claim again where its id follows.
pub(crate) fn schema_evidence(judged: &Judged, command: &str) -> SchemaEvidence {
    let verification = &judged.verification;
    let mut environment = Map::new();
    let version = verification.environment.server_version.as_deref();
    environment.insert("server_version".to_owned(), version.map_or(Json::Null, Json::from));
    environment.extend(measures(&verification.environment.facts));
    let claims = judged.claims.iter().map(|claim| {
        let reproduce = format!("{command} --claim {}", shell_word(claim.id.as_str()));
        claim_evidence(claim, verification.of(&claim.id), reproduce)
    });
    SchemaEvidence {
        made_by: format!("underpin {}", env!("CARGO_PKG_VERSION")),
        environment,
        mapping: judged
            .mapped
            .iter()
            .map(|it| EntityMapping {
                entity: it.entity.clone(),
                table: it.table.clone(),
                columns: it
                    .fields
                    .iter()
                    .map(|(field, column)| {
                        (field.clone(), column.as_deref().map_or(Json::Null, Json::from))
                    })
                    .collect(),
            })
            .collect(),
        unmapped_tables: judged.unmapped_tables.clone(),
        claims: claims.collect(),
        summary: Summary::of(verification),
    }
}

fn claim_evidence(claim: &Claim, evidence: Option<&Evidence>, reproduce: String) -> ClaimEvidence {
    // A claim without evidence was never probed, whatever the reason.
    let verdict = evidence.map_or(Verdict::NotRun, |it| it.verdict);
    let ran = evidence.filter(|it| matches!(it.verdict, Verdict::Proven | Verdict::Refuted));
    ClaimEvidence {
        id: claim.id.to_string(),
        family: Family::as_str(claim.family).to_owned(),
        subject: claim.subject.to_string(),
        statement: claim.statement.clone(),
        verdict: verdict.as_str().to_owned(),
        measured: evidence.map(|it| measures(&it.measured)).unwrap_or_default(),
        threshold: measures(&claim.threshold),
        reproduce,
        seconds: ran.map(|it| thousandths(it.seconds)),
        note: evidence.and_then(|it| it.note.clone()),
    }
}

fn measures(measures: &Measures) -> Map<String, Json> {
    measures.iter().map(|(name, measure)| (name.clone(), value(measure))).collect()
}

fn value(measure: &Value) -> Json {
    match measure {
        Value::Integer(integer) => Json::from(*integer),
        Value::Number(number) => {
            Number::from_f64(thousandths(*number)).map_or(Json::Null, Json::Number)
        }
        Value::Text(text) => Json::from(text.as_str()),
        Value::Boolean(boolean) => Json::from(*boolean),
        Value::List(values) => values.iter().map(value).collect(),
    }
}

/// Rounded to three places: more would be noise.
fn thousandths(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

/// A word as a POSIX shell takes it, quoted only where that is needed.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use underpin_claim::Subject;

    #[test]
    fn a_claim_with_its_evidence_and_one_without() {
        let check = Claim::new(Family::Check, Subject::of("orders", "it's"), "x").demand("rows", 3);
        let applies = Claim::new(Family::Applies, Subject::whole(), "y");
        let mut judged = Evidence::new(&check, Verdict::Proven).measure("p95_ms", 1.234_567);
        judged.seconds = 0.5;
        let verification = Verification { evidence: vec![judged], ..Verification::default() };
        let file = evidence_file(&[check, applies], &verification, Input::default(), "my out");
        let json = serde_json::to_value(&file).unwrap();
        assert_eq!(json["claims"][0]["measured"]["p95_ms"], 1.235);
        assert_eq!(json["claims"][0]["threshold"]["rows"], 3);
        assert_eq!(
            json["claims"][0]["reproduce"],
            "underpin verify --claim 'check/orders/it'\\''s' 'my out'"
        );
        assert_eq!(json["claims"][1]["verdict"], "not_run");
        assert_eq!(json["claims"][1]["seconds"], Json::Null);
        assert_eq!(json["summary"]["proven"], 1);
    }
}
