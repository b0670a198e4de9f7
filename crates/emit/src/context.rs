//! What every artifact looks up: where things come from, what stores them, and how claims stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use underpin_base::{DocumentId, Span};
use underpin_claim::{Claim, Evidence, Family, Measures, Value, Verdict};
use underpin_logical::{Attribute, Decision, Invariant, Relation};
use underpin_model::{Origin, Rule, UnkeptSentence, is_remark};
use underpin_pg::{Ident, QualifiedName, Table};
use underpin_physical::{IndexDesign, Query, TableDesign};

use crate::{Input, erd, words};

/// The input, indexed.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// As given.
    pub(crate) input: &'a Input<'a>,
    tables: Vec<TableView<'a>>,
    tables_by_name: BTreeMap<&'a QualifiedName, TableView<'a>>,
    indexes_by_name: BTreeMap<&'a QualifiedName, &'a IndexDesign>,
    queries_by_index: BTreeMap<&'a QualifiedName, Vec<&'a Query>>,
    /// All claims in their order.
    judged: Vec<Judged<'a>>,
    claims: BTreeMap<(Family, Option<&'a str>, Option<&'a str>), Judged<'a>>,
    diagram: OnceLock<String>,
}

/// A table of the schema, with the relation that it stores where the design says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableView<'a> {
    /// As it is created.
    pub(crate) table: &'a Table,
    /// Where it comes from.
    pub(crate) origin: Option<(&'a TableDesign, &'a Relation)>,
}

/// A claim and what was found out about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    /// The claim.
    pub(crate) claim: &'a Claim,
    /// `None` where a run left it out, which counts as not run.
    pub(crate) evidence: Option<&'a Evidence>,
}

/// A decision with its place in the order of all decisions.
#[derive(Debug, Clone)]
pub(crate) struct NumberedDecision<'a> {
    /// The decision.
    pub(crate) decision: &'a Decision,
    /// Its record, where it deserves one.
    pub(crate) record: Option<RecordName<'a>>,
}

/// What identifies a record of decisions: one, or several of a rule that give the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordName<'a> {
    /// Its place among all records, from 1.
    pub(crate) number: usize,
    /// A few words.
    pub(crate) title: &'a str,
}

impl<'a> Context<'a> {
    pub(crate) fn new(input: &'a Input<'a>) -> Self {
        let key = |claim: &'a Claim| {
            (claim.family, claim.subject.table.as_deref(), claim.subject.object.as_deref())
        };
        let evidence: BTreeMap<&str, &Evidence> =
            input.verification.evidence.iter().map(|it| (it.claim.as_str(), it)).collect();
        let judge =
            |claim: &'a Claim| Judged { claim, evidence: evidence.get(claim.id.as_str()).copied() };
        let judged: Vec<Judged<'_>> = input.physical.claims.iter().map(judge).collect();
        let tables = tables(input);
        let mut queries_by_index: BTreeMap<_, Vec<&Query>> = BTreeMap::new();
        for query in &input.physical.queries {
            if let Some(index) = &query.promised_index {
                queries_by_index.entry(index).or_default().push(query);
            }
        }
        Self {
            input,
            tables_by_name: tables.iter().map(|view| (&view.table.name, *view)).collect(),
            tables,
            indexes_by_name: input.physical.indexes.iter().map(|it| (&it.index, it)).collect(),
            queries_by_index,
            claims: judged.iter().map(|it| (key(it.claim), *it)).collect(),
            judged,
            diagram: OnceLock::new(),
        }
    }

    /// The diagram of the tables as SVG: two artifacts show it, and of a large schema it takes long to lay out.
    pub(crate) fn diagram(&self) -> &str {
        self.diagram.get_or_init(|| erd::svg(self))
    }

    /// `document:line` of a span.
    pub(crate) fn place(&self, span: Span) -> String {
        format!("{}:{}", self.label(span.document), self.input.sources.location(span).line)
    }

    /// The shortest end of a document's path that no other document has: the same wherever the
    /// documents lie.
    pub(crate) fn label(&self, document: DocumentId) -> &'a str {
        let path = self.input.sources.get(document).path();
        let ends = path.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| &path[at..]);
        let others = || self.input.sources.iter().filter(|(id, _)| *id != document);
        ends.into_iter()
            .find(|end| others().all(|(_, other)| !other.path().ends_with(end)))
            .map_or(path, |end| &end[1..])
    }

    /// `document:line` of several spans, each once, in their order.
    pub(crate) fn places(&self, spans: impl IntoIterator<Item = Span>) -> Vec<String> {
        let mut places: Vec<String> = Vec::new();
        for place in spans.into_iter().map(|span| self.place(span)) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// All tables: those of relations in their order, then any others by name.
    pub(crate) fn tables(&self) -> &[TableView<'a>] {
        &self.tables
    }

    /// The view of one table.
    pub(crate) fn table(&self, name: &QualifiedName) -> Option<TableView<'a>> {
        self.tables_by_name.get(name).copied()
    }

    /// What an index, or a constraint's own index, is for.
    pub(crate) fn index(&self, name: &QualifiedName) -> Option<&'a IndexDesign> {
        self.indexes_by_name.get(name).copied()
    }

    /// The queries that were promised an index.
    pub(crate) fn queries_of(&self, index: &QualifiedName) -> &[&'a Query] {
        self.queries_by_index.get(index).map_or(&[], Vec::as_slice)
    }

    /// All decisions: the logical ones first, each in the order in which it was made.
    pub(crate) fn decisions(&self) -> Vec<NumberedDecision<'a>> {
        let all: Vec<&Decision> =
            self.input.logical.decisions.iter().chain(&self.input.physical.decisions).collect();
        let shared =
            |it: &Decision| it.shared_title.map(|title| (it.rule, title, it.reason.clone()));
        let mut sharing: BTreeMap<_, usize> = BTreeMap::new();
        for key in all.iter().filter(|it| it.significant).filter_map(|it| shared(it)) {
            *sharing.entry(key).or_default() += 1;
        }
        let mut begun = BTreeMap::new();
        let mut next = 0;
        let mut named = |decision: &'a Decision| {
            let own = decision.title.as_deref().unwrap_or(&decision.subject);
            let key = shared(decision).filter(|key| sharing.get(key).is_some_and(|&all| all > 1));
            let title = key.as_ref().map_or(own, |(_, title, _)| title);
            if let Some(record) = key.as_ref().and_then(|key| begun.get(key)) {
                return *record;
            }
            next += 1;
            let record = RecordName { number: next, title };
            begun.extend(key.map(|key| (key, record)));
            record
        };
        all.into_iter()
            .map(|decision| NumberedDecision {
                decision,
                record: decision.significant.then(|| named(decision)),
            })
            .collect()
    }

    /// The claim of a family about an object of a table.
    pub(crate) fn claim(
        &self,
        family: Family,
        table: Option<&str>,
        object: Option<&str>,
    ) -> Option<Judged<'a>> {
        self.claims.get(&(family, table, object)).copied()
    }

    /// The claim of a family about an object of a table, by their names.
    pub(crate) fn claim_of(
        &self,
        family: Family,
        table: &QualifiedName,
        object: &Ident,
    ) -> Option<Judged<'a>> {
        self.claim(family, Some(table.name.as_str()), Some(object.as_str()))
    }

    /// The claim of a family about a query.
    pub(crate) fn claim_on(&self, family: Family, query: &Query) -> Option<Judged<'a>> {
        self.claim(family, Some(query.table.name.as_str()), Some(&query.name))
    }

    /// All claims in their order.
    pub(crate) fn judged_claims(&self) -> impl Iterator<Item = Judged<'a>> + '_ {
        self.judged.iter().copied()
    }

    /// How many claims stand so, counting those without evidence as not run.
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        self.judged_claims().filter(|judged| judged.verdict() == verdict).count()
    }

    /// Whether anything was run.
    pub(crate) fn ran(&self) -> bool {
        self.input.verification.environment.server_version.is_some()
    }

    /// Sentences of the documents that may be rules and became none, in their order, each once.
    pub(crate) fn unkept(&self) -> Vec<&'a UnkeptSentence> {
        let model = self.input.model;
        let is_other = |it: &&UnkeptSentence| {
            let (from, to) = (it.source.start, it.source.end);
            let holds = |known: &UnkeptSentence| {
                known.source.document == it.source.document
                    && known.source.start < to
                    && from < known.source.end
            };
            !model.unkept.iter().any(holds)
        };
        let mut all: Vec<&UnkeptSentence> =
            model.unkept.iter().chain(model.unread.iter().filter(is_other)).collect();
        all.sort_by_key(|it| it.source);
        all
    }

    /// Rules of the model that nothing in the design enforces, and apart from them the remarks beside fields that nobody took
    /// for anything else: "user-facing", "UUID on disk".
    pub(crate) fn unenforced(&self) -> (Vec<&'a Rule>, Vec<&'a Rule>) {
        let physical = self.input.physical;
        // What rows must be to each other, each alone, and whoever changes them.
        let kept: BTreeSet<Span> = physical
            .tables
            .iter()
            .flat_map(|table| {
                let apart = table.exclusions.iter().map(|it| it.separation.source);
                let limits = table.limits.iter().map(|it| it.limit.source);
                apart.chain(limits).chain(table.checks.iter().map(|it| it.source))
            })
            .flatten()
            .collect();
        let guards: BTreeSet<(Span, &str)> = physical
            .tables
            .iter()
            .flat_map(|table| &table.guards)
            .filter_map(|it| Some((it.source?, it.text.as_str())))
            .collect();
        let relations = &self.input.logical.relations;
        let permanent: BTreeSet<Span> = relations
            .iter()
            .flat_map(|it| &it.permanences)
            .flat_map(|it| &it.also)
            .copied()
            .collect();
        // Of rules that say the same, one becomes the check.
        let said_twice: BTreeSet<Span> = physical
            .tables
            .iter()
            .flat_map(|table| {
                let invariants = &self.input.logical.relation(table.relation).invariants;
                let is_check = |it: &&Invariant| {
                    it.expression.is_some()
                        && table.checks.iter().any(|check| check.expression == it.expression)
                };
                invariants.iter().filter(is_check).filter_map(|it| it.source)
            })
            .collect();
        let enforced = |rule: &Rule| {
            rule.became.is_some()
                || guards.contains(&(rule.source, rule.text.trim()))
                || [&kept, &permanent, &said_twice].iter().any(|it| it.contains(&rule.source))
        };
        let left = self.input.model.rules.iter().filter(|rule| !enforced(rule));
        left.partition(|rule| !is_remark(rule))
    }
}

fn tables<'a>(input: &Input<'a>) -> Vec<TableView<'a>> {
    let physical = input.physical;
    let mut views: Vec<TableView<'a>> = Vec::new();
    for design in &physical.tables {
        if let Some(table) = physical.schema.tables.get(&design.table) {
            let relation = input.logical.relation(design.relation);
            views.push(TableView { table, origin: Some((design, relation)) });
        }
    }
    for table in physical.schema.tables.values() {
        if physical.tables.of(&table.name).is_none() {
            views.push(TableView { table, origin: None });
        }
    }
    views
}

impl<'a> TableView<'a> {
    /// The relation's name in the domain, or the table's own.
    pub(crate) fn title(&self) -> &'a str {
        self.origin.map_or(self.table.name.name.as_str(), |(_, relation)| &relation.name)
    }

    /// The attribute that a column stores.
    pub(crate) fn attribute(&self, column: &Ident) -> Option<&'a Attribute> {
        let (design, relation) = self.origin?;
        let at = design.columns.iter().position(|name| name == column)?;
        relation.attributes.get(at)
    }
}

impl Judged<'_> {
    /// How it stands.
    pub(crate) fn verdict(&self) -> Verdict {
        self.evidence.map_or(Verdict::NotRun, |evidence| evidence.verdict)
    }

    /// How it stands, in words.
    pub(crate) fn word(&self) -> &'static str {
        words::verdict(self.verdict())
    }

    /// Something that was measured.
    pub(crate) fn measured(&self, name: &str) -> Option<&Value> {
        self.evidence.and_then(|evidence| evidence.measured.get(name))
    }

    /// A number that was measured.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        number(self.measured(name)?)
    }

    /// What was seen, or why nothing was.
    pub(crate) fn note(&self) -> Option<&str> {
        self.evidence.and_then(|evidence| evidence.note.as_deref())
    }
}

/// A value as a number.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Integer(number) => {
            i32::try_from(*number).ok().map(f64::from).or_else(|| number.to_string().parse().ok())
        }
        Value::Text(_) | Value::Boolean(_) | Value::List(_) => None,
    }
}

/// Named values on one line, without long texts such as plans.
pub(crate) fn measures(values: &Measures) -> String {
    let short: Vec<String> = values
        .iter()
        .filter(|(name, value)| name.as_str() != "plan" && value.to_string().len() <= 120)
        .map(|(name, value)| match value {
            Value::Number(number) => format!("{name} {}", words::quantity(*number)),
            other => format!("{name} {other}"),
        })
        .collect();
    short.join(", ")
}

/// How a fact is known, in a word.
pub(crate) fn origin_word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Stated => "stated",
        Origin::Inferred(_) => "inferred",
        Origin::Assumed(_) => "assumed",
    }
}
