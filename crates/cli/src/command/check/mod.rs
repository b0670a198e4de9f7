//! `underpin check`: diagnostics of documents and schemas, and nothing else.

mod schema;

use std::path::Path;

use serde_json::Value;
use underpin_base::render::{github, json, sarif};
use underpin_base::{Diagnostic, DocumentId, Sources};
use underpin_check::{Allowances, Documents, Finding, Home, Subject};
use underpin_pg::ScriptPlaces;
use underpin_pg::introspect::Surroundings;

use self::schema::Catalog;
use crate::arguments::{CheckArguments, DiagnosticFormat};
use crate::codes;
use crate::exit::{Exit, Failure};
use crate::input::{self, Given};
use crate::pipeline::{self, Designed};
use crate::progress::Progress;
use crate::terminal::stdout_colour;
use crate::{profile, report};

/// What is wrong, and where it stands.
#[derive(Debug, Default)]
struct Report {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    /// What the rules for schemas found, before suppressions.
    findings: Vec<Finding>,
}

pub(super) fn run(arguments: &CheckArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let (given, drafts) = super::asked(&arguments.documents);
    let (scripts, documents): (Vec<Given>, Vec<Given>) = given.into_iter().partition(is_script);
    if let (Some(script), Some(_)) = (scripts.first(), &arguments.database_url) {
        let message = format!(
            "`{}` and a live database were given: one schema is checked at a time",
            script.shown
        );
        return Err(Failure::usage(Diagnostic::error(codes::TWO_SCHEMAS, message)));
    }
    // The folder that is read where nothing is named is not meant where a database is.
    let is_default = documents.len() == 1 && documents[0].path == Path::new(".");
    let named = if arguments.database_url.is_some() && is_default { &[][..] } else { &documents };

    let mut report = Report::default();
    let mut designed = None;
    if !named.is_empty() {
        report.diagnostics = profile::remarks(arguments.documents.profile, named);
        let assumptions = arguments.documents.assumptions();
        let understood = pipeline::understand(named, &drafts, assumptions, None, progress);
        report.sources = understood.sources.clone();
        report.diagnostics.extend_from_slice(&understood.diagnostics);
        designed = understood.usable.then(|| pipeline::design(understood, progress));
    }
    let mut allowances = Allowances::default();
    if let Some(url) = &arguments.database_url {
        let catalog = progress.stage("database", || schema::live(url))?;
        report.findings = judge(&catalog, None, designed.as_ref());
    } else if !scripts.is_empty() {
        let Some(ids) = add(&scripts, &mut report, &mut allowances) else {
            return finish(&report, arguments);
        };
        match schema::of_scripts(&report.sources, &ids, arguments.pg_bin.as_deref(), progress)? {
            Ok((catalog, remarks)) => {
                report.diagnostics.extend(remarks);
                let script: String = ids
                    .iter()
                    .map(|id| report.sources.get(*id).text())
                    .collect::<Vec<_>>()
                    .join("\n");
                report.findings = judge(&catalog, Some(&script), designed.as_ref());
                locate(&mut report.findings, &report.sources, &ids);
            }
            Err(refused) => {
                report.diagnostics.push(*refused);
                return finish(&report, arguments);
            }
        }
    } else if let Some(designed) = &designed {
        report.findings = own_design(designed);
    }
    baseline(arguments, &mut report, &mut allowances)?;
    finish(&report, arguments)
}

/// A `.sql` file that was named is a schema; one in a folder of documents is a document.
fn is_script(given: &Given) -> bool {
    given.path.extension().is_some_and(|it| it.eq_ignore_ascii_case("sql")) && given.path.is_file()
}

/// Adds the scripts to the sources; `None` where one could not be read.
fn add(
    scripts: &[Given],
    report: &mut Report,
    allowances: &mut Allowances,
) -> Option<Vec<DocumentId>> {
    let read = input::collect(scripts, &[], None, None);
    if !read.diagnostics.is_empty() {
        // Without what the documents say: the one place to mend is shown alone.
        *report =
            Report { sources: read.sources, diagnostics: read.diagnostics, ..Report::default() };
        return None;
    }
    let mut ids = Vec::new();
    for (_, document) in read.sources.iter() {
        let id = report.sources.add(document.path(), document.text());
        allowances.add_script(document.text(), id);
        ids.push(id);
    }
    Some(ids)
}

fn judge(catalog: &Catalog, script: Option<&str>, designed: Option<&Designed>) -> Vec<Finding> {
    let homes = designed.map(|designed| homes(designed, catalog)).unwrap_or_default();
    underpin_check::check(&Subject {
        schema: &catalog.schema,
        surroundings: &catalog.surroundings,
        script,
        documents: designed.map(|designed| documents(designed, &homes)),
    })
}

/// Our own design is held against the same rules, as it would be installed.
fn own_design(designed: &Designed) -> Vec<Finding> {
    let of_itself = |table: &underpin_physical::TableDesign| Home {
        ours: table.table.clone(),
        table: table.table.clone(),
        columns: table.columns.iter().map(|column| (column.clone(), column.clone())).collect(),
    };
    let homes: Vec<Home> = designed.physical.tables.iter().map(of_itself).collect();
    let mut findings = underpin_check::check(&Subject {
        schema: &designed.physical.schema,
        surroundings: &Surroundings::default(),
        script: None,
        documents: Some(documents(designed, &homes)),
    });
    for finding in &mut findings {
        let table = designed.physical.tables.of(&finding.object.owner);
        let source = table.and_then(|table| {
            let relation = designed.logical.relation(table.relation);
            let column =
                table.columns.iter().position(|it| Some(it) == finding.object.part.as_ref());
            column.and_then(|at| relation.attributes[at].source).or(relation.source)
        });
        if let Some(span) = source {
            finding.diagnostic = finding.diagnostic.clone().at(span, "");
        }
    }
    findings
}

fn documents<'a>(designed: &'a Designed, homes: &'a [Home]) -> Documents<'a> {
    Documents {
        model: &designed.understood.model,
        logical: &designed.logical,
        physical: &designed.physical,
        homes,
    }
}

fn homes(designed: &Designed, catalog: &Catalog) -> Vec<Home> {
    let (model, logical) = (&designed.understood.model, &designed.logical);
    let surroundings = &catalog.surroundings;
    underpin_verify::homes(model, logical, &designed.physical, &catalog.schema, &surroundings.types)
        .into_iter()
        .map(|home| Home { ours: home.ours, table: home.table, columns: home.columns })
        .collect()
}

/// Finds the lines of the scripts that the findings speak of.
fn locate(findings: &mut [Finding], sources: &Sources, scripts: &[DocumentId]) {
    let places: Vec<(DocumentId, ScriptPlaces)> =
        scripts.iter().map(|id| (*id, ScriptPlaces::new(sources.get(*id).text()))).collect();
    for finding in findings {
        let object = &finding.object;
        let span = places.iter().find_map(|(id, places)| {
            let range = places.find(&object.owner, object.part.as_ref())?;
            Some(underpin_base::Span::new(*id, range))
        });
        if let Some(span) = span {
            finding.diagnostic = finding.diagnostic.clone().at(span, "");
        }
    }
}

/// Takes out what may stand, or writes it down.
fn baseline(
    arguments: &CheckArguments,
    report: &mut Report,
    allowances: &mut Allowances,
) -> Result<(), Failure> {
    if let Some(path) = &arguments.baseline {
        let read = input::collect(&[Given::from_user(path)], &[], None, None);
        if let Some(diagnostic) = read.diagnostics.into_iter().next() {
            return Err(Failure::usage(diagnostic));
        }
        for (_, document) in read.sources.iter() {
            let id = report.sources.add(document.path(), document.text());
            allowances.add_baseline(document.text(), id);
        }
    }
    let judgement = allowances.judge(std::mem::take(&mut report.findings));
    report.diagnostics.extend(judgement.remarks);
    if let Some(path) = &arguments.write_baseline {
        let text =
            Allowances::baseline(&judgement.findings, "was there when the baseline was written");
        return std::fs::write(path, text).map_err(|error| {
            Failure::environment(Diagnostic::error(
                codes::OUTPUT_NOT_WRITTEN,
                format!("`{}` could not be written: {error}", path.display()),
            ))
        });
    }
    report.diagnostics.extend(judgement.findings.into_iter().map(|it| it.diagnostic));
    Ok(())
}

fn finish(report: &Report, arguments: &CheckArguments) -> Result<Exit, Failure> {
    let Report { sources, diagnostics, .. } = report;
    super::product(&match arguments.format {
        DiagnosticFormat::Text if diagnostics.is_empty() => {
            format!("{}\n", report::count_line(diagnostics))
        }
        DiagnosticFormat::Text => report::text(diagnostics, sources, stdout_colour()),
        DiagnosticFormat::Json => {
            pretty(&diagnostics.iter().map(|it| json::value(it, sources)).collect::<Value>())
        }
        DiagnosticFormat::Sarif => {
            pretty(&sarif::log(diagnostics, sources, env!("CARGO_PKG_VERSION")))
        }
        DiagnosticFormat::Github => {
            diagnostics.iter().map(|it| github::render(it, sources)).collect()
        }
    })?;
    Ok(if report::any_error(diagnostics) { Exit::Refused } else { Exit::Success })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
