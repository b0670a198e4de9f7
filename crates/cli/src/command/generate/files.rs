//! Generated rows as files, one for each table, and the script that loads them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use underpin_base::Diagnostic;
use underpin_operate::Halves;
use underpin_pg::{Command, CopyFile, CopyIn};
use underpin_rows::row::Shape;
use underpin_rows::scale::{Encoder, Format, Scale, TableScale, Wanted};
use underpin_verify::FilledTable;

use super::summary;
use crate::arguments::GenerateArguments;
use crate::codes;
use crate::exit::{Exit, Failure};
use crate::pipeline::Designed;
use crate::progress::Progress;

/// So many bytes are gathered before they are written.
const CHUNK: usize = 1 << 16;

/// Whether files can be written into a folder without touching others.
pub(super) fn is_free(folder: &str) -> Result<(), Failure> {
    let held = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(_) => true,
    };
    if held {
        let message =
            format!("`{folder}` holds files, or is none of the folders that can be written to");
        let diagnostic = Diagnostic::error(codes::TARGET_NOT_EMPTY, message);
        return Err(Failure::usage(
            diagnostic.help("name a folder that is empty or not there yet"),
        ));
    }
    Ok(())
}

pub(super) fn write(
    arguments: &GenerateArguments,
    (format, folder): (Format, &str),
    designed: &Designed,
    wanted: Wanted,
    progress: &mut Progress,
) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let shapes = Shape::all(&designed.physical);
    let scale = progress
        .stage("plan", || underpin_verify::scale(&designed.physical, &shapes, wanted, None))
        .map_err(|error| super::failed(&error.into()))?;
    let written = progress
        .telling_stage("rows", |tell| files(&scale, format, Path::new(folder), designed, tell))
        .map_err(|error| {
            let message = format!("`{folder}` could not be written: {error}");
            Failure::environment(Diagnostic::error(codes::OUTPUT_NOT_WRITTEN, message))
        })?;
    super::super::product(&summary::of_folder(
        arguments.format,
        folder,
        &written,
        begun.elapsed(),
        arguments.seed,
    ))?;
    Ok(Exit::Success)
}

fn files(
    scale: &Scale<'_>,
    format: Format,
    folder: &Path,
    designed: &Designed,
    tell: &mut dyn FnMut(&str),
) -> io::Result<Vec<FilledTable>> {
    fs::create_dir_all(folder)?;
    let halves = Halves::of(&designed.physical.schema);
    let mut script = BufWriter::new(File::create(folder.join("load.sql"))?);
    writeln!(script, "\\set ON_ERROR_STOP on\n")?;
    for statement in &halves.before.statements {
        writeln!(script, "{statement};\n")?;
    }
    let mut written = Vec::new();
    for table in scale.tables() {
        let name = &table.shape().table.name;
        tell(name.name.as_str());
        if table.is_seeded() {
            written.push(filled(table, table.rows(), None));
            continue;
        }
        let mut encoder = Encoder::new(scale, table, format);
        let ending = match encoder.format() {
            Format::Csv => "csv",
            Format::Binary => "copy",
            Format::Text => "txt",
        };
        let file = format!("{}.{}.{ending}", name.namespace.as_str(), name.name.as_str());
        let copy =
            CopyIn { table: name.clone(), columns: encoder.columns(), format: encoder.format() };
        one(&mut encoder, &copy, &folder.join(&file))?;
        writeln!(script, "{}", CopyFile { copy, file })?;
        let reason = encoder.unmade().map(|(_, reason)| reason.clone());
        written.push(filled(table, encoder.made(), reason));
    }
    writeln!(script)?;
    for statement in halves.rest().statements {
        writeln!(script, "{statement};\n")?;
    }
    for table in designed.physical.schema.tables.keys() {
        writeln!(script, "{};", Command::VacuumAnalyze(table.clone()))?;
    }
    script.flush()?;
    Ok(written)
}

fn one(encoder: &mut Encoder<'_>, copy: &CopyIn, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut chunk = Vec::with_capacity(2 * CHUNK);
    copy.format.head(&copy.columns, &mut chunk);
    while encoder.append(&mut chunk) {
        if chunk.len() >= CHUNK {
            file.write_all(&chunk)?;
            chunk.clear();
        }
    }
    copy.format.tail(&mut chunk);
    file.write_all(&chunk)
}

fn filled(table: &TableScale<'_>, rows: u64, reason: Option<String>) -> FilledTable {
    FilledTable {
        table: table.shape().table.name.clone(),
        rows,
        wanted: table.wanted(),
        reason: reason.or_else(|| table.reason().map(str::to_owned)),
    }
}
