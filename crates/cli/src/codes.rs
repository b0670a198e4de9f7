//! The diagnostic codes of the command line: input, output and environment.

/// What can be done about an expression that is not understood.
pub(crate) const EXPRESSION_HELP: &str =
    "compare fields of the entity, as in `end > start` or `seats <= 20`; or edit `text`";

underpin_base::codes! {
    /// A path that was given does not exist.
    ///
    /// Nothing was read and nothing written. Paths are taken relative to the folder in which the command runs.
    PATH_NOT_FOUND = "I001", "path-not-found";
    /// A folder that was given holds no document.
    ///
    /// Underpin reads Markdown (`.md`, `.markdown`, `.mdx`), plain text (`.txt`), mermaid (`.mmd`, `.mermaid`), SQL
    /// (`.sql`), Prisma (`.prisma`), PlantUML (`.puml`, `.plantuml`), DBML (`.dbml`) and its own `underpin.yaml`. It passes over hidden files and folders, `node_modules`, `target`, `vendor`, `persistence` and
    /// folders that it wrote itself. Where a folder holds a folder `docs`, only that one is read, and `INITIAL.md` beside
    /// it.
    NO_DOCUMENT = "I002", "no-document";
    /// A document is not UTF-8.
    ///
    /// The message says at which byte and in which line it stops being so. Convert it, for example with
    /// `iconv -f latin1 -t utf-8`.
    NOT_UTF8 = "I004", "not-utf8";
    /// A document holds NUL bytes, so it is a binary file and no text.
    ///
    /// A file in UTF-16 is read where it begins with a byte order mark, and is taken for a binary file otherwise.
    BINARY = "I005", "binary-file";
    /// A document is larger than 20 MB.
    ///
    /// Documents that people write are far smaller; a larger file is usually a dump or an export given by mistake.
    TOO_LARGE = "I006", "document-too-large";
    /// A file or folder could not be read.
    ///
    /// The message says what the system answered.
    UNREADABLE = "I007", "unreadable";
    /// A path that was given is neither a file nor a folder.
    ///
    /// Pipes, sockets and devices are refused: reading one may never end.
    NOT_A_FILE = "I008", "not-a-file";
    /// Files of a folder that was given were not read.
    ///
    /// They are of a kind that holds no documents (pictures, office files, source code, JSON and YAML that is no schema), empty,
    /// or links that lead nowhere. Nothing in them counts. A file that is named itself is read whatever its name is; what
    /// stands in an office file is to be saved as Markdown or text.
    NOT_READ = "I009", "not-read";
    /// The output path is a file.
    ///
    /// A design is a folder of files. Nothing was written.
    OUTPUT_IS_A_FILE = "I020", "output-is-a-file";
    /// The output folder holds files and was not written by Underpin.
    ///
    /// Nothing was written, so that nothing of yours is overwritten by mistake. With `--force` the files of the design
    /// are written between the ones that are there; files of other names are kept.
    OUTPUT_NOT_OURS = "I021", "output-not-ours";
    /// The output could not be written.
    ///
    /// Files are written aside and moved into place at the end, so what was there before is still there, untouched.
    OUTPUT_NOT_WRITTEN = "I022", "output-not-written";
    /// Some input lies inside the output folder.
    ///
    /// Underpin would overwrite its own input, or read what it wrote. Give another folder with `--out`.
    OUTPUT_HOLDS_INPUT = "I023", "output-holds-input";
    /// No server could be had to verify the design on.
    ///
    /// With `--no-verify` the design is written without proof: every claim is then marked as not run.
    NO_SERVER = "I030", "no-server";
    /// The folder is not an output folder of Underpin.
    ///
    /// `underpin verify` needs a folder that `underpin design` wrote: it holds `evidence.json`, which says what the
    /// design was made from.
    NOT_A_DESIGN = "I040", "not-a-design";
    /// The design in the folder is not the one that the documents give now.
    ///
    /// Verifying it would prove something else than what is written there. Run `underpin design` again.
    DESIGN_IS_STALE = "I041", "design-is-stale";
    /// No claim of the design has this id.
    ///
    /// The ids are in `evidence.json`, one for each claim.
    UNKNOWN_CLAIM = "I042", "unknown-claim";
    /// The documents and a person changed one part of `underpin.yaml` differently.
    ///
    /// The person's stands in the file, nothing is lost, and every run ends with 1 until it is settled: answer
    /// `mine` or `documents` under `answers`, with the id that the message names, or write what the documents say.
    /// The answer is carried out by the next run, and its line is taken out.
    MODEL_FILE_CONFLICT = "I050", "model-file-conflict";
    /// A part of `underpin.yaml` is a person's.
    ///
    /// It differs from what the documents say, and holds against them. Nothing is to be done.
    MODEL_FILE_EDITED = "I051", "model-file-edited";
    /// A part of `underpin.yaml` has a shape that its schema does not allow.
    ///
    /// Nothing was written. `schema/underpin.schema.json` says what is allowed; a key of your own may begin with `x-`.
    MODEL_FILE_SHAPE = "I052", "model-file-shape";
    /// `underpin.yaml` was changed by another program while Underpin worked on it.
    ///
    /// Nothing was written, so that the other change is not lost. Run it again.
    MODEL_FILE_CHANGED = "I053", "model-file-changed";
    /// `underpin model -i` asks questions, and nobody is there to answer them.
    ///
    /// It needs a terminal for input and output. Elsewhere, answer under `answers` in `underpin.yaml`.
    NO_TERMINAL = "I054", "no-terminal";
    /// A part of `underpin.yaml` was edited, and no design comes of the edit.
    ///
    /// Either the part only tells what Underpin made of something (`became`, `reason`), or the expression of a rule is
    /// none that is understood. Edit what it was made of: the rule's `text` or `expression`.
    EDIT_WITHOUT_EFFECT = "I055", "edit-without-effect";
    /// Nothing in the model has the name that is to be explained.
    ///
    /// `--explain` takes an entity (`Order`), a field or life cycle (`Order.status`), a relationship (`User Order`), an
    /// access pattern, a list of values, or the id of a question or assumption.
    UNKNOWN_NAME = "I060", "unknown-name";
    /// A document that a profile cannot do without is missing or empty.
    ///
    /// Incomplete inputs invalidate a design. With `--profile`, or where the layout is unmistakably that of one profile (all
    /// of its three or more documents but one are there), nothing is read or written until that one is there too;
    /// `--profile postgres` asks for no document. With the profile `storage`, docs/architecture.md must also name at least
    /// one backend system, in headings, a list or a table under "Backend Systems". Where the folder only looks like a profile, it is a warning.
    MISSING_INPUT = "I070", "missing-input";
    /// The schema that was given is not accepted by PostgreSQL.
    ///
    /// The message names the line of the statement that was refused, and what the server said. The file is run
    /// statement by statement in an empty database, as `psql -f` would; lines that begin with a backslash are left out.
    /// An extension that it asks for must be installed on the server.
    ///
    /// The file is run as a role that is no superuser: somebody else's statements may start no program, and read and write
    /// no file of this machine (`COPY … TO PROGRAM`, `pg_read_file`, `lo_export`, functions in C or an untrusted language).
    /// Roles that it makes, extensions that only a superuser may create, owners, and what `pg_dump` writes are taken care of.
    SCHEMA_REFUSED = "I080", "schema-refused";
    /// No table of the schema that was given holds an entity of the documents.
    ///
    /// Tables are found by their names and columns. Where they are called otherwise, say which is which in a file that
    /// `--map` names.
    NOTHING_MAPPED = "I081", "nothing-mapped";
    /// The file that `--map` names is not understood, or names something that is not there.
    ///
    /// It has the form `tables: { Order: { table: tbl_orders, columns: { placed_at: order_date, note: null } } }`: entities
    /// and fields as the documents name them, tables and columns as the schema does, `null` for a field that the schema does
    /// not hold.
    MAP_NOT_UNDERSTOOD = "I082", "map-not-understood";
    /// A statement of a schema was passed over.
    ///
    /// It says nothing of the schema's tables: a setting that this server does not know, an extension that is not
    /// installed here, a call of what such an extension brings, another database, a tablespace, a publication, or an event
    /// trigger, which only a superuser may make: a schema file is run as an ordinary role. The rest is judged. What a schema cannot do without is installed with the server: PostGIS for its types, for instance,
    /// or `--pg-bin` and `--database-url` name a server that has it.
    STATEMENT_PASSED_OVER = "I083", "statement-passed-over";
    /// A schema file would be run as a superuser of a server that was given.
    ///
    /// What a superuser runs may start programs and write files on the machine of that server, and the file is somebody
    /// else's. Name a role without that attribute in `--database-url`, or let Underpin start a private server.
    SUPERUSER = "I084", "superuser";
    /// A live database cannot be looked at.
    ///
    /// The message says what the server answered. `underpin check --database-url` needs a role that may connect; it reads
    /// the catalog, changes nothing and reads no row.
    NO_DATABASE = "I090", "no-database";
    /// A schema was given twice: as a `.sql` file and as a live database.
    ///
    /// A file is run in an empty database of a private server, never in one that is named. Check one after the other.
    TWO_SCHEMAS = "I091", "two-schemas";
    /// The workload holds no statement that can be advised on.
    ///
    /// `underpin advise` reads statements from a `.sql` file, from the `.sql` files of a folder, or from
    /// `pg_stat_statements`. Where all of them are refused by the server, nothing is left to advise on.
    NO_QUERY = "I100", "no-query";
    /// PostgreSQL does not plan a statement of the workload.
    ///
    /// It does not parse, names a table or column that is not there, or is no SELECT, INSERT, UPDATE, DELETE or MERGE. It is
    /// left out, the rest of the workload is advised on, and the run ends with 1.
    QUERY_REFUSED = "I101", "query-refused";
    /// The type of a parameter of a statement is not known.
    ///
    /// PostgreSQL takes it from the column that it is compared with; where there is none, it must be written, as in
    /// `$1::bigint`. The statement is left out, and the rest of the workload is advised on.
    QUERY_UNTYPED = "I102", "query-untyped";
    /// The budget is no size, or it is zero.
    ///
    /// `--budget` takes a number with a unit: kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB powers of 1024.
    /// It is compared with the sizes that HypoPG estimates, which leave out that PostgreSQL stores equal keys once: real
    /// indexes are smaller.
    BUDGET = "I103", "budget";
    /// The file that `--weights` names is not understood, or names a query that is not there.
    ///
    /// It gives numbers to names of queries: YAML (`get_order: 1200`), JSON, or CSV (`get_order,1200`) where it is called
    /// `.csv`. A query that it does not name has the weight 1.
    WEIGHTS_NOT_UNDERSTOOD = "I104", "weights-not-understood";
    /// Tables of the workload have no statistics.
    ///
    /// Whatever the planner says of them rests on its own assumptions: ten pages for a table that was never analysed, 200
    /// distinct values, a third of the rows in a range. An index that is advised may be worthless, and one that is
    /// missing may be the one that counts. Run `ANALYZE` in a database with rows.
    NO_STATISTICS = "I105", "no-statistics";
    /// The server cannot be asked what would be if an index were there.
    ///
    /// That takes the extension HypoPG. It keeps its indexes in the memory of one session; nothing is written to the
    /// database. Where its files are on the server and the database does not have the extension, a superuser's session
    /// declares its functions for itself alone, in `pg_temp`, and the database stays as it was.
    ///
    /// Without it, a sample of the rows (at most 50,000 of each table) is taken to a private server of this machine, and
    /// indexes are tried there: hypothetical ones where that server has HypoPG, else indexes that are made, and that a plan
    /// sees or not. Costs are then those of the sample; sizes are those of the whole.
    NO_WHAT_IF = "I106", "no-what-if";
    /// The database does not have the extension `pg_stat_statements`.
    ///
    /// It counts which statements the application runs and how often. Without it, give the statements in files.
    NO_COUNTED_STATEMENTS = "I107", "no-counted-statements";
    /// Neither a database nor a schema was given to advise on.
    ///
    /// `--database-url` names a database, in which nothing is changed; `--schema` names a file that is run on a private
    /// server.
    NO_TARGET = "I108", "no-target";
    /// What `--to` names is no target for generated rows.
    ///
    /// It is the URL of a server (`postgres://…`), or `csv:` or `copy:` and a folder.
    TARGET_NOT_UNDERSTOOD = "I110", "target-not-understood";
    /// The folder that generated rows should go to holds files.
    ///
    /// Nothing was written, so that nothing is overwritten or mixed up. Name a folder that is empty or not there yet.
    TARGET_NOT_EMPTY = "I111", "target-not-empty";
    /// The database that generated rows should go to holds a table of the design.
    ///
    /// Nothing was written: rows that are there are never touched. Name a database that does not have the table, or none,
    /// and one is made.
    TABLE_IS_THERE = "I112", "table-is-there";
    /// PostgreSQL refused a constraint on the generated rows.
    ///
    /// This is a fault of the generator: what the message names does not hold of the rows. All else was made.
    ROWS_UNKEPT = "I113", "rows-unkept";
    /// No document states how often a query is called.
    ///
    /// `underpin bench` runs the stated mix: queries need a frequency (`60/s`, `300/min`, `500/day`), as in a table of access
    /// patterns. With `--rate` all queries run in equal parts.
    NO_RATE = "I120", "no-rate";
    /// The program `pgbench` is not on this machine, or did not run.
    ///
    /// It comes with PostgreSQL and makes the load. It is looked for beside the server's programs, then on `PATH`.
    NO_PGBENCH = "I121", "no-pgbench";
    /// There is not enough room for so many rows.
    ///
    /// A private server keeps its data in the folder for temporary files. Ask for fewer rows, or set `TMPDIR` to a folder with
    /// more room.
    NO_ROOM = "I122", "no-room";
}
