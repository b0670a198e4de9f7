//! Every rule of `underpin check` is held against its own page: what it shows first must be reported, and what it shows
//! after "Better:" must be clean.

use underpin_base::{CodeInfo, Sources};
use underpin_check::{Documents, Finding, Home, Subject};
use underpin_operate::Installer;
use underpin_server::{Database, Installation, Places, Search, Server, Session, catalog};

fn server() -> Server {
    let installation: Installation =
        Search::on_this_machine(None).find().unwrap_or_else(|error| panic!("{error}"));
    Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What a page shows: what must be reported, and after "Better:" what must be clean.
#[derive(Debug, Default, Clone)]
struct Example {
    documents: Option<String>,
    script: Option<String>,
}

/// The fenced blocks of a page; what the better half does not show is as before.
fn examples(info: &CodeInfo) -> Option<(Example, Example)> {
    let (mut bad, mut good) = (Example::default(), None::<Example>);
    let mut open: Option<(bool, String)> = None;
    for line in info.explanation.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let half = good.as_mut().unwrap_or(&mut bad);
        if let Some((is_script, mut block)) = open.take() {
            if line == "```" {
                let place = if is_script { &mut half.script } else { &mut half.documents };
                *place = Some(block);
            } else {
                block.push_str(line);
                block.push('\n');
                open = Some((is_script, block));
            }
        } else if let Some(language) = line.strip_prefix("```") {
            open = Some((language == "sql", String::new()));
        } else if line == "Better:" {
            good = Some(Example::default());
        }
    }
    let mut good = good?;
    bad.script.as_ref()?;
    if good.documents.is_none() && good.script.is_none() {
        return None;
    }
    good.documents = good.documents.or_else(|| bad.documents.clone());
    good.script = good.script.or_else(|| bad.script.clone());
    Some((bad, good))
}

/// A database with what the script makes.
fn catalog_of(server: &Server, script: &str) -> (Session, Database) {
    let database = server.create_database_for_others("check").expect("the test server answers");
    let mut installer = Installer::open(&database, &[script]).expect("the test server answers");
    installer.run(script).unwrap_or_else(|error| panic!("{error}\n{script}"));
    (database.connect().expect("the test server answers"), database)
}

fn findings(server: &Server, example: &Example) -> Vec<Finding> {
    let script = example.script.as_deref().unwrap_or_default();
    let (mut session, _database) = catalog_of(server, script);
    judge(&mut session, Some(script), example.documents.as_deref())
}

fn judge(session: &mut Session, script: Option<&str>, documents: Option<&str>) -> Vec<Finding> {
    let schema = catalog::read(session).expect("the test server answers");
    let surroundings = catalog::surroundings(session).expect("the test server answers");
    let mut subject =
        Subject { schema: &schema, surroundings: &surroundings, script, documents: None };
    let Some(documents) = documents else { return underpin_check::check(&subject) };
    let mut sources = Sources::default();
    sources.add("model.md", documents);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    let physical = underpin_physical::design(&model, &logical);
    let homes: Vec<Home> =
        underpin_verify::homes(&model, &logical, &physical, &schema, &surroundings.types)
            .into_iter()
            .map(|home| Home { ours: home.ours, table: home.table, columns: home.columns })
            .collect();
    subject.documents =
        Some(Documents { model: &model, logical: &logical, physical: &physical, homes: &homes });
    underpin_check::check(&subject)
}

/// Codes whose pages show no schema: an index is left invalid by a statement that fails, and suppressions are no
/// matter of a schema. Tests of their own meet them.
const WITHOUT_EXAMPLE: &[&str] = &["C014", "C090", "C091"];

#[test]
fn each_rule_reports_the_bad_schema_of_its_page_and_nothing_of_the_good_one() {
    let server = server();
    let mut wrong = Vec::new();
    for info in underpin_check::codes() {
        if WITHOUT_EXAMPLE.contains(&info.code) {
            continue;
        }
        let Some((bad, good)) = examples(info) else {
            wrong.push(format!("{} has no pair of examples", info.code));
            continue;
        };
        if info.code >= "C100" && bad.documents.is_none() {
            wrong.push(format!("{} shows no document", info.code));
        }
        let found = findings(&server, &bad);
        if !found.iter().any(|it| it.diagnostic.code.as_str() == info.code) {
            wrong.push(format!("{} is not reported", info.code));
        }
        for other in found.iter().filter(|it| it.diagnostic.code.as_str() != info.code) {
            wrong.push(format!("{}, bad: {}", info.code, other.diagnostic.message));
        }
        for finding in findings(&server, &good) {
            wrong.push(format!("{}, good: {}", info.code, finding.diagnostic.message));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_index_that_could_not_be_built_is_reported() {
    let server = server();
    let table = "CREATE TABLE visits (id bigint PRIMARY KEY, page text NOT NULL);";
    let (mut session, _database) = catalog_of(&server, table);
    let reported = |session: &mut Session| {
        let found = judge(session, None, None);
        found.iter().any(|it| it.diagnostic.code.as_str() == "C014")
    };
    session.batch("INSERT INTO visits VALUES (1, 'a'), (2, 'a')").expect("two rows fit");
    session.batch("CREATE INDEX CONCURRENTLY ON visits (page)").expect("an index can be built");
    assert!(!reported(&mut session));
    let unique = "CREATE UNIQUE INDEX CONCURRENTLY ON visits (page)";
    assert!(session.batch(unique).is_err(), "two rows are alike");
    assert!(reported(&mut session));
}
