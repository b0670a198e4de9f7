//! `underpin doctor`: what this machine has for Underpin, and what it lacks.

use std::path::Path;

use serde_json::{Value, json};
use underpin_server::{OLDEST_MAJOR, Places, Search};

use crate::arguments::{DoctorArguments, TextOrJson};
use crate::exit::{Exit, Failure};

pub(super) fn run(arguments: &DoctorArguments) -> Result<Exit, Failure> {
    let search = Search::on_this_machine(arguments.pg_bin.clone());
    let found = search.find();
    let places = Places::on_this_machine();
    let text = match arguments.format {
        TextOrJson::Json => format!("{:#}\n", as_json(&found, &places)),
        TextOrJson::Text => as_text(&found, &places),
    };
    super::product(&text)?;
    let complete = found.is_ok() && takes_files(&places.temporary);
    Ok(if complete { Exit::Success } else { Exit::Environment })
}

type Found = Result<underpin_server::Installation, underpin_server::FindError>;

fn as_json(found: &Found, places: &Places) -> Value {
    json!({
        "underpin": env!("CARGO_PKG_VERSION"),
        "postgresql": found.as_ref().ok().map(|it| json!({
            "version": it.version.to_string(),
            "folder": it.bin_dir.to_string_lossy(),
        })),
        "missing": found.as_ref().err().map(ToString::to_string),
        "oldest_postgresql": OLDEST_MAJOR,
        "temporary": places.temporary.to_string_lossy(),
        "temporary_can_be_written": takes_files(&places.temporary),
        "cache": places.cache.as_ref().map(|it| it.to_string_lossy()),
    })
}

fn as_text(found: &Found, places: &Places) -> String {
    let postgresql = match found {
        Ok(it) => format!("{} in {}", it.version, it.bin_dir.display()),
        Err(error) => format!("missing: {error}"),
    };
    let cache = places.cache.as_deref().map_or_else(
        || "none: every start of a server initialises a data folder anew".to_owned(),
        |folder| format!("{}{}", folder.display(), state(folder)),
    );
    let writable = takes_files(&places.temporary);
    let verdict = match found {
        Ok(_) if writable => "All that underpin needs is here.",
        Ok(_) => "No server can be started: set TMPDIR to a folder that can be written.",
        Err(error) if error.is_named() => "Designs can be written (--no-verify) and not proven.",
        Err(_) => {
            "`underpin design` fetches a PostgreSQL when it first needs one; without a network, designs can be written \
             (--no-verify) and not proven."
        }
    };
    format!(
        "underpin    {}\nPostgreSQL  {postgresql}\ntemporary   {}{}\ncache       {cache}\n\n{verdict}\n",
        env!("CARGO_PKG_VERSION"),
        places.temporary.display(),
        if writable { "" } else { " (cannot be written)" },
    )
}

fn state(folder: &Path) -> &'static str {
    if folder.is_dir() { "" } else { " (not there yet)" }
}

/// Tried, not predicted: rights, mounts and quotas all have a say.
fn takes_files(folder: &Path) -> bool {
    tempfile::tempdir_in(folder).is_ok()
}
