//! Every rule of `underpin check` is held against its own page: the first block of SQL there must be reported, and
//! the second must be clean.

use underpin_base::CodeInfo;
use underpin_check::{Finding, Subject};
use underpin_operate::install;
use underpin_server::{Installation, Places, Search, Server, catalog};

fn server() -> Server {
    let installation: Installation =
        Search::on_this_machine(None).find().unwrap_or_else(|error| panic!("{error}"));
    Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The fenced blocks of SQL on a page.
fn blocks(info: &CodeInfo) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in info.explanation.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(mut block) = open.take() {
            if line == "```" {
                blocks.push(block);
            } else {
                block.push_str(line);
                block.push('\n');
                open = Some(block);
            }
        } else if line == "```sql" {
            open = Some(String::new());
        }
    }
    blocks
}

fn findings(server: &Server, script: &str) -> Vec<Finding> {
    let database = server.create_database("check").expect("the test server answers");
    let mut session = database.connect().expect("the test server answers");
    install(&mut session, script, true).unwrap_or_else(|error| panic!("{error}\n{script}"));
    let schema = catalog::read(&mut session).expect("the test server answers");
    let surroundings = catalog::surroundings(&mut session).expect("the test server answers");
    underpin_check::check(&Subject {
        schema: &schema,
        surroundings: &surroundings,
        script: Some(script),
        documents: None,
    })
}

/// Codes whose pages show no schema: what they tell of lies outside one.
const WITHOUT_EXAMPLE: &[&str] = &["C014", "C090", "C091"];

#[test]
fn each_rule_reports_the_bad_schema_of_its_page_and_nothing_of_the_good_one() {
    let server = server();
    let mut wrong = Vec::new();
    for info in underpin_check::codes() {
        // Those from C100 on hold a schema against documents.
        if WITHOUT_EXAMPLE.contains(&info.code) || info.code >= "C100" {
            continue;
        }
        let blocks = blocks(info);
        let [bad, good] = &blocks[..] else {
            wrong.push(format!("{} has {} blocks of SQL", info.code, blocks.len()));
            continue;
        };
        let found = findings(&server, bad);
        if !found.iter().any(|it| it.diagnostic.code.as_str() == info.code) {
            wrong.push(format!("{} is not reported", info.code));
        }
        for other in found.iter().filter(|it| it.diagnostic.code.as_str() != info.code) {
            wrong.push(format!("{}, bad: {}", info.code, other.diagnostic.message));
        }
        for finding in findings(&server, good) {
            wrong.push(format!("{}, good: {}", info.code, finding.diagnostic.message));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
