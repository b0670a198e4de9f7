//! Indexes that are made to be tried: a plan sees those that it is shown and no others.

use std::time::Instant;

use underpin_advise::{
    Candidates, Indexed, KeyPart, Options, Planner as _, Rewritten, Spec, Statement, needs, score,
    select,
};
use underpin_operate::{Installer, MadePlanner, Shared, analyse, facts, gather_statistics, sample};
use underpin_pg::Method;
use underpin_server::{Database, Places, Search, Server};

const NOTES: &str = "
CREATE TABLE notes (id bigint PRIMARY KEY, tags text[] NOT NULL, day date NOT NULL);
INSERT INTO notes SELECT n, ARRAY['t' || n % 500, 'u' || n % 7], date '2026-01-01' + (n % 900)::int
  FROM generate_series(1, 20000) AS n;
";

fn server() -> Server {
    let installation = Search::on_this_machine(None)
        .find()
        .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error}"));
    Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn notes(server: &Server) -> Database {
    let database = server.create_database_for_others("made").unwrap();
    let mut installer = Installer::open(&database, &[NOTES]).unwrap();
    installer.run(NOTES).unwrap();
    gather_statistics(installer.session()).unwrap();
    database
}

fn shared(sql: &[&str]) -> Shared {
    let sent = sql.iter().map(|sql| Rewritten { sql: (*sql).to_owned(), parameters: 0 });
    Shared::new(sent.collect(), Instant::now())
}

const TAGGED: &str = "SELECT id FROM notes WHERE tags @> ARRAY['t5']";

#[test]
fn a_plan_sees_the_indexes_that_it_is_shown() {
    let server = server();
    let database = notes(&server);
    let facts = facts(&mut database.connect().unwrap()).unwrap();
    let mut candidates = Candidates::default();
    let of = |column: usize, method: Method| Spec { method, ..Spec::btree(0, &[column]) };
    let tags = candidates.intern(of(1, Method::Gin), &facts);
    let day = candidates.intern(of(2, Method::Btree), &facts);
    // PostgreSQL knows no such function.
    let what = Indexed::Expression("no_such(day)".to_owned());
    let keys = vec![KeyPart { what, descending: false }];
    let wrong = candidates.intern(Spec { keys, ..Spec::btree(0, &[]) }, &facts);
    let shared = shared(&[TAGGED, "SELECT id FROM notes WHERE day = '2026-02-01'"]);
    let mut planner = MadePlanner::new(&database, &shared).unwrap();
    let sizes = planner.bytes(&[tags, day, wrong], &candidates).unwrap();
    assert!(sizes[0] > Some(0) && sizes[1] > Some(0) && sizes[2].is_none(), "{sizes:?}");
    let mut uses = |query: usize, present: &[u32]| {
        planner.explain(query, &[0], present, &candidates).unwrap().uses
    };
    assert_eq!(uses(0, &[tags, day]), [tags]);
    assert_eq!(uses(0, &[day]), [0_u32; 0]);
    assert_eq!(uses(1, &[day]), [day]);
    assert_eq!(uses(1, &[]), [0_u32; 0]);
    assert_eq!(uses(0, &[tags]), [tags]);
    // One that comes later begins with none of them.
    let mut planner = MadePlanner::new(&database, &shared).unwrap();
    let plan = planner.explain(0, &[0], &[], &candidates).unwrap();
    assert_eq!((&plan.uses[..], &plan.existing[..]), (&[][..], &[][..]));
    let mut planner = MadePlanner::new(&database, &shared).unwrap();
    let mut uses = |query: usize, present: &[u32]| {
        planner.explain(query, &[0], present, &candidates).unwrap().uses
    };
    assert_eq!(uses(1, &[day]), [day]);
    assert_eq!(uses(0, &[tags]), [tags]);
    assert_eq!(uses(0, &[]), [0_u32; 0]);
}

#[test]
fn what_contains_something_gets_an_index_that_hypopg_does_not_know() {
    let server = server();
    let database = notes(&server);
    let mut session = database.connect().unwrap();
    let facts = facts(&mut session).unwrap();
    let sent = Rewritten { sql: TAGGED.to_owned(), parameters: 0 };
    let analysed = analyse(&mut session, &sent).unwrap();
    let statement = Statement {
        weight: 1.0,
        base: analysed.plan.cost,
        needs: needs(&analysed.bare, &facts),
        write: None,
    };
    let options =
        Options { methods: underpin_advise::Methods::Made, seconds: 60.0, ..Options::default() };
    let workload = [statement];
    let mut planners = [MadePlanner::new(&database, &shared(&[TAGGED])).unwrap()];
    let selection = select(&workload, &facts, &options, &mut planners, &mut |_| {}).unwrap();
    let (_, advice) = score(&workload, &facts, selection, &mut planners).unwrap();
    let methods: Vec<Method> = advice.chosen.iter().map(|it| it.index.method).collect();
    assert_eq!(methods, [Method::Gin]);
    assert!(advice.cost_after < advice.cost_before / 4.0, "{advice:?}");
}

#[test]
fn a_sample_is_faithful_to_the_whole() {
    let server = server();
    let live = notes(&server);
    let sampled_in = server.create_database_for_others("sample").unwrap();
    let tables =
        "CREATE TABLE public.notes (id bigint NOT NULL, tags text[] NOT NULL, day date NOT NULL);";
    let rest = "ALTER TABLE ONLY public.notes ADD CONSTRAINT notes_pkey PRIMARY KEY (id);\n\
                ALTER TABLE ONLY public.notes ADD CONSTRAINT up FOREIGN KEY (id) REFERENCES public.notes (id);\n\
                CREATE INDEX ON public.nowhere (a);";
    let mut session = live.connect().unwrap();
    let found = sample(&mut session, &sampled_in, (tables, rest), 5_000).unwrap();
    // A fourth of the rows, as chance has it.
    assert!((4_000..6_000).contains(&found.rows), "{found:?}");
    let factor = *found.factors.values().next().unwrap();
    assert!((3.0..5.0).contains(&factor), "{found:?}");
    assert_eq!(found.left_out.len(), 1, "{found:?}");
    let facts = facts(&mut sampled_in.connect().unwrap()).unwrap();
    let day = &facts.tables[0].columns[2];
    assert!((day.distinct.abs() - 900.0).abs() < 60.0 || day.distinct < 0.0, "{day:?}");
    assert!(facts.tables[0].has_statistics);
}
