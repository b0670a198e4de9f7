//! The project's own chores: `cargo xtask <chore>`. Everything that keeps the house in order and is not the product.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person who runs it"
)]

mod codegen;
mod edges;
mod scaffold;
mod tidy;
mod workspace;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

  tidy                 house rules that no lint knows: `//!` lines, file sizes, inherited lints, orphan goldens
  edges                the crates depend on each other only as ARCHITECTURE.md draws it
  codegen [--check]    write the generated files, or fail where one is stale
  new-notation NAME    a notation in crates/read
  new-rule NAME        a rule in crates/physical
  new-probe NAME       a probe in crates/verify
  new-artifact NAME    an artifact in crates/emit
      --root DIR       work on another copy of the repository";

/// What a chore ends with: the line to print, or the remarks that make it fail.
type Outcome = Result<String, Vec<String>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (arguments, root) = match with_root(arguments) {
        Ok(parts) => parts,
        Err(remark) => return wrong_use(&remark),
    };
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => finish("tidy", tidy::run(&root)),
        ["edges"] => finish("edges", edges::run(&root)),
        ["codegen"] => finish("codegen", codegen::run(&root, codegen::Mode::Write)),
        ["codegen", "--check"] => finish("codegen", codegen::run(&root, codegen::Mode::Check)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        [chore, rest @ ..] => match (scaffold::Kind::of_chore(chore), rest) {
            (Some(kind), [name]) => finish(chore, scaffold::run(&root, kind, name)),
            (Some(_), _) => wrong_use(&format!("`{chore}` takes exactly one name")),
            (None, _) => wrong_use(&format!("there is no chore `{}`", words.join(" "))),
        },
    }
}

/// Takes `--root DIR` out of the arguments; without it the chores work on the repository they were built in.
fn with_root(mut arguments: Vec<String>) -> Result<(Vec<String>, workspace::Root), String> {
    let Some(at) = arguments.iter().position(|argument| argument == "--root") else {
        return Ok((arguments, workspace::Root::own()));
    };
    if at + 1 >= arguments.len() {
        return Err("`--root` needs a folder".to_owned());
    }
    let folder = arguments.remove(at + 1);
    arguments.remove(at);
    Ok((arguments, workspace::Root::at(Path::new(&folder))))
}

fn finish(chore: &str, outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(line) => {
            println!("{chore}: {line}");
            ExitCode::SUCCESS
        }
        Err(remarks) => {
            for remark in &remarks {
                eprintln!("{chore}: {remark}");
            }
            eprintln!("{chore}: failed with {} remark(s)", remarks.len());
            ExitCode::FAILURE
        }
    }
}

fn wrong_use(remark: &str) -> ExitCode {
    eprintln!("xtask: {remark}\n\n{USAGE}");
    ExitCode::from(2)
}
