//! The command line: commands, options and their help. Only what works is listed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Designs the PostgreSQL persistence layer that your documents describe, and proves it on a real server.
#[derive(Debug, Parser)]
#[command(
    name = "underpin",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 all well; 1 the input or the design has errors, or a claim was refuted; 2 wrong use;\n\
                  3 the environment lacks something; 101 a bug in underpin.\n\n\
                  Example: underpin design docs/"
)]
pub(crate) struct Arguments {
    /// Say on standard error what each stage does and how long it takes.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read documents and print the model: entities, fields, relationships, life cycles, access patterns.
    #[command(after_help = "Example: underpin model docs/ --format json | jq '.entities[].name'")]
    Model(ModelArguments),
    /// Read documents and print what is wrong with them, and what was not understood. Nothing is written.
    #[command(after_help = "Example: underpin check docs/ --format sarif > underpin.sarif")]
    Check(CheckArguments),
    /// Print a completion script for a shell.
    #[command(
        after_help = "Example: underpin completions bash > ~/.local/share/bash-completion/completions/underpin"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct Documents {
    /// Documents, and folders of documents; a folder that holds `docs` is read from there.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// The form in which the model is printed.
    #[arg(long, value_enum, default_value_t = ModelFormat::Text)]
    pub(crate) format: ModelFormat,
    /// Print the statements that the model is built from instead (as text).
    #[arg(long, conflicts_with = "format")]
    pub(crate) statements: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelFormat {
    /// For people.
    Text,
    /// For programs; the schema is published as schema/underpin.schema.json.
    Json,
    /// The same as YAML, as it stands in underpin.yaml.
    Yaml,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// The form in which diagnostics are printed.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
    pub(crate) format: DiagnosticFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// For people, with the lines concerned.
    Text,
    /// A list of objects.
    Json,
    /// SARIF 2.1.0, for code-scanning services.
    Sarif,
    /// GitHub workflow commands, shown at the lines of a pull request.
    Github,
}
