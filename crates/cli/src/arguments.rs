//! The command line: commands, options and their help. Only what works is listed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use underpin_model::Assumptions;
use underpin_verify::Options;

use crate::profile::Profile;
use crate::wire::Input;

/// Designs the PostgreSQL persistence layer that your documents describe, and proves it on a real server.
#[derive(Debug, Parser)]
#[command(
    name = "underpin",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 all well; 1 the input or the design has errors, or a claim was refuted; 2 wrong use; \
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
    /// Design the persistence layer that documents describe, prove it on a server, and write it to a folder.
    ///
    /// Writes schema.sql, migrations, documents, a diagram, decisions, and evidence.json with a verdict for each claim of
    /// the design. All files are written or none; files of your own in the folder are kept.
    #[command(after_help = "Example: underpin design docs/ --out persistence")]
    Design(DesignArguments),
    /// Read documents and print the model: entities, fields, relationships, life cycles, access patterns.
    #[command(after_help = "Example: underpin model docs/ --format json | jq '.entities[].name'")]
    Model(ModelArguments),
    /// Read documents or a schema and print what is wrong with them, and what was not understood. Only a baseline is written.
    ///
    /// A schema is a `.sql` file that is named as one of the paths, or a live database. It is held against rules, each with
    /// a page under docs/codes; with documents beside it, also against what they ask of it.
    #[command(
        after_help = "Example: underpin check docs/ --format sarif > underpin.sarif\n         underpin check schema.sql\n         underpin check docs/ schema.sql"
    )]
    Check(CheckArguments),
    /// Judge the claims of a design in an output folder once more, or a schema that somebody else wrote, and print the
    /// verdicts. Nothing is written.
    #[command(
        after_help = "Example: underpin verify persistence --claim applies\n         underpin verify persistence --mutate\n         underpin verify --schema theirs.sql docs/\n         underpin verify --database-url postgres://localhost/shop docs/"
    )]
    Verify(VerifyArguments),
    /// Make rows for the tables of a design, in any number: all constraints kept, few parents with many rows, most rows
    /// recent, life cycles mostly at their end.
    ///
    /// The same seed makes the same rows, in whatever form. Memory does not grow with their number. A table of which
    /// fewer rows can be made than wanted says why. No table that is there is ever written to.
    #[command(
        after_help = "Example: underpin generate persistence --rows 2000000 --to postgres://localhost/postgres\n         underpin generate docs/ --rows 100000 --to csv:rows\n         underpin generate persistence --to copy:rows && (cd rows && psql -f load.sql)"
    )]
    Generate(GenerateArguments),
    /// Run the calls that the documents state, all together at their rates, with pgbench on generated rows, and say how fast
    /// each is answered, what waits for what, and at which rate the design is no longer kept up.
    ///
    /// Queries run with the weights of their stated frequencies; what is written keeps every constraint. After the stated
    /// rate, the rate is doubled until it is not kept up or a query misses its objective. Whatever is measured holds for
    /// this machine. It works in a database of its own, on a server given with --database-url as well, and drops it.
    #[command(
        after_help = "Example: underpin bench persistence --seconds 60\n         underpin bench docs/ --database-url postgres://localhost/postgres --scale 2000000\n         underpin bench persistence --rate 500 --clients 8 --format json"
    )]
    Bench(BenchArguments),
    /// Choose the indexes that make a workload cheapest, within a budget, and say what each is worth.
    ///
    /// Every cost is the planner's own, asked with hypothetical indexes (extension HypoPG) in a session of ours: nothing is
    /// made or changed in the database. Printed are the indexes, the statements that each serves, the workload's cost before
    /// and after, what it costs without each index and on writes, and which existing indexes are redundant or unused.
    #[command(
        after_help = "Example: underpin advise --database-url postgres://localhost/shop --queries queries/ --budget 500MB\n         underpin advise --schema schema.sql --queries queries.sql --format sql\n         underpin advise --database-url postgres://localhost/shop --queries pg_stat_statements --format json"
    )]
    Advise(AdviseArguments),
    /// Say what this machine has for underpin, and what it lacks.
    #[command(after_help = "Example: underpin doctor")]
    Doctor(DoctorArguments),
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
    /// Insist on the documents that this layout cannot do without; what is missing or empty is an error.
    #[arg(long, value_name = "NAME", value_enum)]
    pub(crate) profile: Option<Profile>,
    /// Statements that somebody drafted from the documents, in YAML; may be given several times. What quotes a document
    /// is stated there, what quotes none is assumed, and a quote that stands nowhere is refused. `underpin model
    /// --draft-prompt` prints how to write one.
    #[arg(long, value_name = "FILE")]
    pub(crate) draft: Vec<PathBuf>,
    /// Assume no fields for well-known things, such as an order, of which the documents name none: such a table then holds
    /// only its key.
    #[arg(long)]
    pub(crate) no_assumptions: bool,
}

impl Documents {
    /// What may be assumed of them.
    pub(crate) const fn assumptions(&self) -> Assumptions {
        if self.no_assumptions { Assumptions::None } else { Assumptions::Archetypes }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// Write the model to DIR/underpin.yaml instead of printing it. Edits and comments in the file that is there are
    /// kept, its answers are taken, and what the documents changed is followed.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["emit", "explain", "draft_prompt"])]
    pub(crate) out: Option<PathBuf>,
    /// Walk through the model on the terminal: entities, fields, relationships, storage, open questions. What is
    /// confirmed is written to underpin.yaml at once (in `persistence` without --out).
    #[arg(short, long, conflicts_with_all = ["emit", "format"])]
    pub(crate) interactive: bool,
    /// The form in which the model is printed.
    #[arg(long, value_enum, default_value_t = ModelFormat::Text)]
    pub(crate) format: ModelFormat,
    /// Print what a stage made instead, as text: the statements stand under the lines of the documents, and each other
    /// line says what became of it.
    #[arg(long, value_name = "STAGE", value_enum, conflicts_with = "format")]
    pub(crate) emit: Option<ReadingStage>,
    /// Print where a thing comes from instead: an entity (`Order`), a field or life cycle (`Order.status`), a
    /// relationship (`User Order`), an access pattern or a question by its name. Each statement stands with its place
    /// and words, which one was followed and why, and what was inferred and assumed.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["format", "emit"])]
    pub(crate) explain: Option<String>,
    /// Print what an agent or a person needs to write a draft instead: instructions, an example, the JSON Schema, what
    /// was read, what is open, and each line that was not read.
    #[arg(long, conflicts_with_all = ["format", "emit", "explain"])]
    pub(crate) draft_prompt: bool,
}

/// The stages that `underpin model` goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadingStage {
    /// Every line of the documents, with the facts that it states or why it states none.
    Statements,
    /// Entities, fields, relationships, life cycles.
    Model,
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
    /// Let stand what this file lists, one line for each: code, object, colon, reason.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write such a file of all that is found in the schema now, and report none of it.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// The folder with the programs `postgres` and `initdb` to start a private server from, in which a `.sql` file is
    /// run; without it the newest PostgreSQL on this machine is taken.
    #[arg(long, value_name = "DIR", help_heading = "Server")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// A live database whose schema is looked at. Nothing is changed in it, and no row is read. No `.sql` file is run
    /// there, so none may be named.
    #[arg(long, value_name = "URL", conflicts_with = "pg_bin", help_heading = "Server")]
    pub(crate) database_url: Option<String>,
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

/// What to do with a design, and where.
#[derive(Debug, Args)]
pub(crate) struct DesignArguments {
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// The folder that the design is written to.
    #[arg(long, value_name = "DIR", default_value = "persistence")]
    pub(crate) out: PathBuf,
    /// Write into a folder that holds files which underpin did not write; they are kept unless they have the same name.
    #[arg(long)]
    pub(crate) force: bool,
    /// Do not start a server: every claim of the design is then marked as not run.
    #[arg(long, conflicts_with_all = ["pg_bin", "database_url"])]
    pub(crate) no_verify: bool,
    /// Print what a stage made, as text, and write nothing.
    #[arg(long, value_name = "STAGE", value_enum, conflicts_with = "format")]
    pub(crate) emit: Option<Stage>,
    /// Print every decision about one thing instead, and write nothing: a table (`orders`), a column
    /// (`orders.status`), a constraint, an index, a trigger or a query by its name. Each stands with its reason, the
    /// alternatives, what would change it, and the lines that it rests on.
    #[arg(long, value_name = "NAME", conflicts_with = "emit")]
    pub(crate) explain: Option<String>,
    /// The form of the summary, or of what --explain prints.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

/// The stages that have a text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The facts that the documents state, one a line.
    Statements,
    /// Entities, fields, relationships, life cycles.
    Model,
    /// Relations, keys, references, invariants.
    Logical,
    /// Tables, indexes, queries, claims.
    Physical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The server that claims are judged on, and the rows that it is filled with.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArguments {
    /// The folder with the programs `postgres` and `initdb` to start a private server from; without it the newest
    /// PostgreSQL on this machine is taken.
    #[arg(long, value_name = "DIR")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// A server to use instead of a private one. Underpin works in a database of its own there, and drops it at the
    /// end.
    #[arg(long, value_name = "URL", conflicts_with = "pg_bin")]
    pub(crate) database_url: Option<String>,
    /// The seed of the generated rows: the same seed gives the same rows.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many rows are generated, all tables together.
    #[arg(long, value_name = "N")]
    pub(crate) max_rows: Option<u64>,
    /// Judge also how queries grow: fill three databases with 1, 10 and 100 % of so many rows (as `underpin generate`
    /// does; 2000000 takes minutes), and see whether each query takes the same way at all three. On the largest, each index
    /// is taken away in turn, and pgbench runs the stated mix for some seconds (`underpin bench` does for longer). On fewer
    /// than some 100,000 rows the planner rightly reads whole tables, so that nothing of this is claimed without --scale.
    #[arg(long, value_name = "N")]
    pub(crate) scale: Option<u64>,
}

impl ServerArguments {
    /// What may be chosen about a verification; where nothing is given, what `recorded` says, else the usual.
    pub(crate) fn options(&self, recorded: Option<&Input>) -> Options {
        let usual = Options::default();
        let seed = recorded.map_or(usual.seed, |it| it.seed);
        let max_rows = recorded.map_or(usual.max_rows, |it| it.max_rows);
        Options {
            seed: self.seed.unwrap_or(seed),
            max_rows: self.max_rows.unwrap_or(max_rows),
            scale: self.scale.or_else(|| recorded.and_then(|it| it.scale)),
            ..usual
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// A folder that `underpin design` wrote (`persistence` where none is given); with --schema, or with --database-url,
    /// documents and folders of documents by which a schema is judged. Of a live database, a copy of its schema is judged
    /// on a server of our own; the database is only read.
    #[arg(value_name = "DIR")]
    pub(crate) paths: Vec<PathBuf>,
    /// Judge this schema, which anybody may have written, against the documents instead: what they state and it fails to
    /// hold, what it forbids although they allow it, and what it cannot answer in time. The file is run as `psql` would,
    /// be it written by hand or by `pg_dump`; what says nothing of the schema is passed over with a note. Its
    /// tables are mapped onto the documents' entities by name and structure; the mapping is printed, and --map corrects it.
    #[arg(long, value_name = "FILE.sql")]
    pub(crate) schema: Option<PathBuf>,
    /// Correct the mapping: YAML of the form `tables: { Order: { table: tbl_orders, columns: { placed_at: order_date } } }`.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Judge also whether each object of the schema is needed: take away, or weaken, one constraint, index, trigger or
    /// default after the other, and see which proven claim is refuted then. What nothing notices is refuted; a file
    /// survivors.yaml in DIR may accept it, with the reason (`necessity/orders/orders_note_idx: for the weekly report`).
    #[arg(long, conflicts_with = "schema")]
    pub(crate) mutate: bool,
    /// Judge only this claim; ids are in evidence.json, and with --mutate those of the family `necessity` in what is
    /// printed.
    #[arg(long, value_name = "ID")]
    pub(crate) claim: Option<String>,
    /// The form of the verdicts.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// A folder that `underpin design` wrote, or documents to design from.
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// About how many rows at most, all tables together. Volumes that the documents state are scaled to it.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    pub(crate) rows: u64,
    /// The seed of the rows: the same seed gives the same rows.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where they go. `postgres://…`: into a new database on that server, with the whole schema. `csv:DIR`, `copy:DIR`:
    /// into a new or empty folder, as CSV or in the binary form of COPY, with a script `load.sql` for psql beside them.
    #[arg(long, value_name = "TARGET")]
    pub(crate) to: String,
    /// The name of the database to make; one of this name that is there already must hold none of the tables.
    #[arg(long, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// The form of the summary.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    #[command(flatten)]
    pub(crate) documents: Documents,
    /// About how many rows, all tables together. Volumes that the documents state are scaled to it.
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) scale: u64,
    /// For how long the mix runs at its rate; each doubling takes a third of it.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) seconds: u32,
    /// How many clients call at a time. Without it as many as are under way if each call takes as long as its objective
    /// allows (calls in a second times seconds for each).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) clients: Option<u32>,
    /// Calls in a second, all together, instead of the stated ones; each query keeps its share, and all have an equal one
    /// where no document states any.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) rate: Option<u32>,
    /// The seed of the rows and of the calls.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The form of what was measured.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(crate) format: TextOrJson,
    /// The folder with the programs `postgres`, `initdb` and `pgbench` to start a private server from; without it the
    /// newest PostgreSQL on this machine is taken.
    #[arg(long, value_name = "DIR", help_heading = "Server")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// A server to use instead of a private one, with its settings. A database is made there and dropped at the end; no
    /// other is looked at.
    #[arg(long, value_name = "URL", conflicts_with = "pg_bin", help_heading = "Server")]
    pub(crate) database_url: Option<String>,
    /// Leave the database on the given server, with its rows and the parameters of the scripts in `bench/`.
    #[arg(long, requires = "database_url", help_heading = "Server")]
    pub(crate) keep: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AdviseArguments {
    /// A database with rows and statistics. Nothing is changed in it. Where its server has the extension HypoPG, and the
    /// database has it or the role is a superuser, plans are asked for there, else on a sample of its rows in a private
    /// server.
    #[arg(long, value_name = "URL", conflicts_with = "schema")]
    pub(crate) database_url: Option<String>,
    /// A schema that is run on a private server instead, with whatever rows it inserts.
    #[arg(long, value_name = "FILE.sql")]
    pub(crate) schema: Option<PathBuf>,
    /// The workload: a `.sql` file, a folder of them, or `pg_stat_statements` for what the database counted. A statement is
    /// named by `-- name: x` above it, else by its file. Parameters may be `$1`, `:name`, `@name`, `?` or `sqlc.arg(name)`;
    /// plans are made without their values, and one behind LIMIT counts as 20.
    #[arg(long, value_name = "DIR|FILE|pg_stat_statements")]
    pub(crate) queries: PathBuf,
    /// How often each statement runs: YAML or JSON (`name: number`), or a `.csv` file (`name,number`). What it does not name
    /// has the weight 1, or its number of calls where the server counted them.
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// Most that the new indexes may take together, as HypoPG estimates their sizes: kB, MB, GB are powers of 1000, KiB,
    /// MiB, GiB powers of 1024. No limit without it.
    #[arg(long, value_name = "SIZE")]
    pub(crate) budget: Option<String>,
    /// Most columns of an index, payload included.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=32))]
    pub(crate) max_width: usize,
    /// When to stop, in seconds from the start; the best set so far is printed. It ends earlier where nothing gets better.
    #[arg(long, value_name = "N", default_value_t = 9.0)]
    pub(crate) seconds: f64,
    /// Think of no partial indexes and no indexes of expressions.
    #[arg(long)]
    pub(crate) columns_only: bool,
    /// The seed of the search: where the time is not cut short, the same seed gives the same set.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The form of the advice.
    #[arg(long, value_enum, default_value_t = AdviceFormat::Text)]
    pub(crate) format: AdviceFormat,
    /// The folder with the programs `postgres` and `initdb` to start a private server from; without it the newest
    /// PostgreSQL on this machine is taken.
    #[arg(long, value_name = "DIR", help_heading = "Server")]
    pub(crate) pg_bin: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AdviceFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// A script that makes the indexes, `CONCURRENTLY` for a live database.
    Sql,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Look at this folder of PostgreSQL programs instead of looking for one.
    #[arg(long, value_name = "DIR")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// The form of what was found.
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(crate) format: TextOrJson,
}
