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
    Ok(if found.is_ok() { Exit::Success } else { Exit::Environment })
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
    let verdict = if found.is_ok() {
        "All that underpin needs is here."
    } else {
        "Designs can be written (--no-verify) and not proven."
    };
    format!(
        "underpin    {}\nPostgreSQL  {postgresql}\ntemporary   {}{}\ncache       {cache}\n\n{verdict}\n",
        env!("CARGO_PKG_VERSION"),
        places.temporary.display(),
        state(&places.temporary),
    )
}

fn state(folder: &Path) -> &'static str {
    if folder.is_dir() { "" } else { " (not there yet)" }
}
