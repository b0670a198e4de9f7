//! Access patterns: what each query is about, with its fields resolved.

use std::collections::{BTreeMap, BTreeSet};

use underpin_base::{Diagnostic, Span};
use underpin_read::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, Pick, WriteForm};

use super::computed;
use super::due;
use super::indexes::direction;
use super::letters;
use super::pattern_joins;
use super::pattern_merge::Merging;
use super::pattern_rest;
use super::pattern_words;
use crate::codes;
use crate::draft::Draft;
use crate::names::{slug, words};
use crate::{EntityId, FieldId, FieldKind, Filter, Pattern, Sort};

/// A condition in more words than these is a remark.
const LONGEST_WORDS: usize = 3;

/// Collects the access patterns.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut names = Names::default();
    let mut merging = Merging::default();
    let of_indexes: BTreeSet<Span> = draft
        .statements
        .iter()
        .filter(|it| matches!(it.fact, Fact::Index(_)))
        .map(|it| it.span)
        .collect();
    for statement in draft.statements {
        let Fact::AccessPattern(fact) = &statement.fact else { continue };
        let says = Says {
            loosely: statement.inferred.is_some(),
            is_told: statement.notation == "query-sentence",
            is_listed: statement.notation == "query-list",
            span: statement.span,
        };
        let Some((entity, joins)) = subjects(draft, fact, &says) else { continue };
        let mut filter: Vec<Filter> = Vec::new();
        let mut lost: Vec<&str> = Vec::new();
        let mut understood: Vec<&str> = Vec::new();
        // What has to be joined to reach the fields of others.
        let mut on_the_way: Vec<EntityId> = Vec::new();
        // A model file says by itself how it compares.
        let letters = letters::asked(fact).filter(|_| statement.notation != "model-file");
        for condition in &fact.filter {
            let of_letters = || {
                let field = letters::named(letters.and(Some(&*condition.field))?)?.to_owned();
                condition_of(draft, entity, &joins, &FilterFact { field, ..condition.clone() })
            };
            let found = condition_of(draft, entity, &joins, condition).or_else(of_letters);
            let found = found.or_else(|| {
                let is_told = says.loosely || fact.said.is_some();
                let (field, path) = is_told.then(|| behind(draft, entity, condition))??;
                on_the_way.extend(path);
                Some((field, condition.operator.clone()))
            });
            // "Unpaid invoices older than a week" are not older by when they were paid.
            let found = found.filter(|it| !pattern_rest::contradicts(&filter, it));
            let Some((field, operator)) = found else {
                if letters.is_some() && letters::is_typed(&condition.field) {
                    understood.push(&condition.field);
                    continue;
                }
                // An adjective need not be a condition: "all available reports".
                let is_adjective = matches!(&condition.operator, FilterOperator::Constant(value) if *value == condition.field);
                if !is_adjective {
                    lost.push(&condition.field);
                }
                continue;
            };
            understood.push(&condition.field);
            // "by date range" names a field that is called `date`, and none that is called `created_at`.
            let named = words(&draft.model.field(field).name);
            let said = condition
                .field
                .strip_suffix(" range")
                .filter(|said| !words(said).iter().any(|word| named.contains(word)));
            // "Clients view their own bookings", where clients are users: the role says more than the column.
            let role = pattern_words::actor(&condition.field)
                .filter(|actor| !words(actor).iter().any(|word| named.contains(word)));
            let said = said.map(|_| condition.field.clone()).or(role);
            let optional = condition.optional;
            add_filter(&mut filter, Filter { field, operator, optional, said });
        }
        // A sentence of whose conditions none is understood speaks of something else than a query,
        // unless it lists what may be filtered by, or names what surely is a condition.
        let is_lost = says.loosely && !says.is_listed && !lost.is_empty() && filter.is_empty();
        let narrows = fact.kind == AccessKind::Read
            && fact.filter.iter().filter(|c| lost.contains(&c.field.as_str())).all(|c| c.optional);
        let is_sure = fact.kind == AccessKind::Read
            && lost.iter().all(|words| pattern_words::is_sure(draft, words));
        let is_dropped = is_lost && !narrows && !is_sure;
        for name in &lost {
            // "Clients read only their own orders" may be a permission and no query.
            if !is_dropped || !pattern_words::is_own(name) {
                report(draft, fact, entity, name, &says);
            }
        }
        if is_dropped {
            continue;
        }
        let unresolved: Vec<String> = lost
            .iter()
            .filter(|words| words.split_whitespace().count() <= LONGEST_WORDS)
            .map(|words| pattern_words::unresolved(words))
            .collect();
        let mut sort: Vec<Sort> = Vec::new();
        for text in &fact.sort {
            let (name, descending) = direction(text);
            let Some(field) = sort_field(draft, entity, &joins, name) else {
                if !matches!(name, "time" | "name") {
                    report(draft, fact, entity, name, &says);
                }
                continue;
            };
            understood.push(name);
            if !sort.iter().any(|part| part.field == field) {
                sort.push(Sort { field, descending });
            }
        }
        let form = written(draft, entity, fact, &lost, &mut filter);
        on_days(draft, &fact.name, &mut filter);
        if let Some(letters) = letters {
            letters::look(draft, letters, &mut filter);
        }
        if sort.is_empty() {
            sort.extend(moment_that_orders(draft, fact, &mut filter));
        }
        if fact.kind == AccessKind::Read && fact.sql.is_none() {
            let is_of_index = of_indexes.contains(&statement.span);
            let order = due::bounded(draft, &fact.name, is_of_index, &mut filter);
            if sort.is_empty() {
                sort.extend(order);
            }
        }
        let computed = computed::of(draft, entity, &joins, fact, &filter);
        if !computed.measures.is_empty() {
            // What is computed comes in the order of what it is gathered by, or in none.
            sort.retain(|sort| computed.groups.iter().any(|group| group.field == sort.field));
        }
        on_the_way.extend(&computed.on_the_way);
        let mut joins = joins;
        for owner in on_the_way {
            if owner != entity && !joins.contains(&owner) {
                joins.push(owner);
            }
        }
        let computed_fields = computed.groups.iter().map(|group| group.field);
        let fields = filter.iter().map(|f| f.field).chain(sort.iter().map(|s| s.field));
        for field in fields.chain(computed_fields) {
            let owner = draft.model.field(field).entity;
            if owner != entity && !joins.contains(&owner) {
                joins.push(owner);
            }
        }
        let mut pattern = Pattern {
            name: names.free(&fact.name),
            text: fact.title.clone().unwrap_or_else(|| fact.name.clone()),
            kind: fact.kind,
            entity,
            joins,
            filter,
            unresolved,
            unread: fact.unread.clone(),
            limit: fact.limit.filter(|_| {
                fact.pick.is_some() || computed.measures.is_empty() || !sort.is_empty()
            }),
            pick: computed.pick.filter(|pick| {
                !matches!(pick, Pick::Nearest | Pick::FirstOfEach) || !sort.is_empty()
            }),
            form,
            measures: computed.measures,
            groups: computed.groups,
            sort,
            frequency: fact.frequency.clone(),
            per_second: fact.per_second.filter(|rate| rate.is_finite() && *rate >= 0.0),
            latency_ms: fact.latency_ms.filter(|latency| latency.is_finite() && *latency > 0.0),
            staleness_s: fact.staleness_s.filter(|age| age.is_finite() && *age >= 0.0),
            sql: fact.sql.clone(),
            source: statement.span,
        };
        understood.extend(&lost);
        understood.extend(computed.lost.iter().map(String::as_str));
        pattern.unread.extend(computed.lost.iter().cloned());
        pattern.unread.extend(pattern_rest::of(draft, &pattern, fact, &understood));
        report_unread(draft, &pattern, &says);
        let at = merging.merge(pattern, says.loosely, &mut draft.model.patterns);
        // One that is merged may go by the other's name from now on.
        names.taken.insert(draft.model.patterns[at].name.clone());
    }
}

/// What a write does to its rows. One that adds rows finds none; one that changes rows and does not say which changes the one
/// that is given.
fn written(
    draft: &Draft<'_>,
    entity: EntityId,
    fact: &PatternFact,
    lost: &[&str],
    filter: &mut Vec<Filter>,
) -> Option<WriteForm> {
    let form = fact.form.filter(|_| fact.kind == AccessKind::Write)?;
    if form.adds() {
        filter.clear();
    }
    if form == WriteForm::Change && filter.is_empty() && lost.is_empty() && fact.sql.is_none() {
        if let [field] = draft.model.entity(entity).primary_key[..] {
            let operator = FilterOperator::Equals;
            filter.push(Filter { field, operator, optional: false, said: None });
        }
    }
    Some(form)
}

/// How a pattern is stated.
struct Says {
    /// In words that need not name fields, so that one that is none is a remark, not a fault.
    loosely: bool,
    /// In a sentence among others, and in no list of queries.
    is_told: bool,
    /// In a list of queries: it is one, however little of it is understood.
    is_listed: bool,
    span: Span,
}

/// "List the tours of a truck by `starts_at`": nobody asks a list for one instant, so that it is the order of the list.
fn moment_that_orders(
    draft: &Draft<'_>,
    fact: &PatternFact,
    filter: &mut Vec<Filter>,
) -> Option<Sort> {
    let text = fact.name.to_lowercase();
    let verb = text.split_whitespace().next()?;
    let is_list = matches!(verb, "list" | "show" | "view" | "browse" | "display");
    let at = filter.iter().position(|it| {
        let field = draft.model.field(it.field);
        let name = field.name.to_lowercase();
        it.operator == FilterOperator::Equals
            && field.kind == FieldKind::Timestamp
            && [name.replace('_', " "), name]
                .iter()
                .any(|name| text.ends_with(&format!(" by {name}")))
    })?;
    (is_list && filter.len() > 1)
        .then(|| Sort { field: filter.remove(at).field, descending: false })
}

/// "By doctor and date" over a moment means all moments of that day: no row is found by `=` with a day.
fn on_days(draft: &Draft<'_>, text: &str, filter: &mut [Filter]) {
    let says_day = words(text)
        .iter()
        .any(|word| matches!(word.as_str(), "date" | "dates" | "day" | "days" | "daily"));
    for one in filter.iter_mut().filter(|_| says_day) {
        let field = draft.model.field(one.field);
        // "created_date" is called so whatever day is asked for.
        let is_name = words(&field.name).iter().any(|it| it == "date" || it == "day");
        let is_moment = field.kind == FieldKind::Timestamp && !field.unique && !is_name;
        if is_moment && one.operator == FilterOperator::Equals {
            one.operator = FilterOperator::Range;
        }
    }
}

fn add_filter(filter: &mut Vec<Filter>, next: Filter) {
    let known = filter.iter_mut().find(|known| known.field == next.field);
    match known {
        Some(known) if known.operator == next.operator => known.optional &= next.optional,
        // A value that the words fix says more than that some value is given.
        Some(known) if next.operator == FilterOperator::Equals => known.optional &= next.optional,
        Some(known) if known.operator == FilterOperator::Equals => {
            known.operator = next.operator;
            known.optional &= next.optional;
        }
        // "upcoming and past": either side of now may be asked for.
        Some(known) if matches!((&known.operator, &next.operator), (FilterOperator::Bound(one), FilterOperator::Bound(two)) if one.is_lower() != two.is_lower()) =>
        {
            known.operator = FilterOperator::Range;
            known.optional = true;
        }
        // "pending or confirmed": two values of one list.
        Some(known)
            if matches!(known.operator, FilterOperator::Constant(_) | FilterOperator::In)
                && matches!(
                    next.operator,
                    FilterOperator::Constant(_) | FilterOperator::OneOf(_)
                ) =>
        {
            known.operator = FilterOperator::In;
        }
        _ => filter.push(next),
    }
}

/// The field of a condition and how it is compared, by its name or by what its words mean.
fn condition_of(
    draft: &Draft<'_>,
    entity: EntityId,
    joins: &[EntityId],
    condition: &FilterFact,
) -> Option<(FieldId, FilterOperator)> {
    if let Some(found) = field(draft, entity, joins, &condition.field) {
        let is_adjective = matches!(&condition.operator, FilterOperator::Constant(value) if *value == condition.field);
        if !is_adjective {
            return Some((found, condition.operator.clone()));
        }
    }
    pattern_words::filter(draft, entity, &condition.field, &condition.operator)
}

/// The field of a condition in what the entity refers to, and what has to be joined for it.
fn behind(
    draft: &Draft<'_>,
    entity: EntityId,
    condition: &FilterFact,
) -> Option<(FieldId, Vec<EntityId>)> {
    let is_adjective =
        matches!(&condition.operator, FilterOperator::Constant(value) if *value == condition.field);
    (!is_adjective).then(|| pattern_joins::field(draft, entity, &condition.field))?
}

fn sort_field(
    draft: &Draft<'_>,
    entity: EntityId,
    joins: &[EntityId],
    name: &str,
) -> Option<FieldId> {
    field(draft, entity, joins, name).or_else(|| match name {
        "time" => draft.field(entity, "created at").or_else(|| pattern_words::age(draft, entity)),
        name => pattern_words::field(draft, entity, name),
    })
}

/// The entity of a pattern and its joins; `Orders, OrderItems` names both in one cell.
fn subjects(
    draft: &mut Draft<'_>,
    fact: &PatternFact,
    says: &Says,
) -> Option<(EntityId, Vec<EntityId>)> {
    let span = says.span;
    let mut found: Vec<EntityId> = Vec::new();
    let stated = fact.entity.iter().flat_map(|text| parts(text));
    for name in stated.chain(fact.joins.iter().flat_map(|text| parts(text))) {
        match draft.entity_in_phrase(name) {
            Some(id) if !found.contains(&id) => found.push(id),
            Some(_) => {}
            None => {
                let what = format!("the access pattern \"{}\"", fact.name);
                draft.report_unknown_subject(&what, name, span);
                if fact.entity.as_deref() == Some(name) {
                    return None;
                }
            }
        }
    }
    if found.is_empty() {
        found.extend(entity_of_name(draft, &fact.name));
    }
    if found.is_empty() {
        if fact.entity.is_none() {
            draft.report_unknown_subject("an access pattern", &fact.name, span);
        }
        return None;
    }
    let entity = found.remove(0);
    Some((entity, found))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '+', ';', '&'])
        .flat_map(|part| part.split(" JOIN "))
        .map(|part| part.trim().trim_matches('`'))
        .filter(|part| !part.is_empty())
}

/// "List a customer's orders" is about orders: of the entities in a name, the one that stands
/// before "by" or "for", or else the first.
fn entity_of_name(draft: &Draft<'_>, name: &str) -> Option<EntityId> {
    let words = words(name);
    let mut best: Option<(usize, EntityId)> = None;
    for from in 0..words.len() {
        for to in (from + 1..=words.len().min(from + 3)).rev() {
            let Some(id) = draft.entity(&words[from..to].join(" ")) else { continue };
            let owner = words.get(to).is_some_and(|word| word == "s")
                || words[to - 1].ends_with("'s")
                || words[to - 1].ends_with("’s");
            if best.is_none() && !owner {
                best = Some((to - from, id));
            }
            break;
        }
    }
    best.map(|(_, id)| id)
}

/// The field in the pattern's entity, or in one of its joins.
fn field(draft: &Draft<'_>, entity: EntityId, joins: &[EntityId], name: &str) -> Option<FieldId> {
    let name = name.trim().trim_matches('`');
    if let Some((front, name)) = name.rsplit_once('.')
        && let Some(owner) = draft.entity_in_phrase(front)
    {
        return draft.field_in_phrase(owner, name);
    }
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    std::iter::once(entity)
        .chain(joins.iter().copied())
        .find_map(|owner| draft.field_in_phrase(owner, name))
}

fn report(draft: &mut Draft<'_>, fact: &PatternFact, entity: EntityId, name: &str, says: &Says) {
    let name = &pattern_words::unresolved(name);
    let what = format!("the access pattern \"{}\"", fact.name);
    if !says.loosely {
        draft.report_unknown_field(&what, entity, name, says.span);
        return;
    }
    let owner = draft.model.entity(entity).name.clone();
    draft.report(
        Diagnostic::note(
            codes::UNKNOWN_FIELD,
            format!("{what} speaks of \"{name}\", which is not clearly a field of `{owner}`; it gets no statement"),
        )
        .at(says.span, "")
        .help("name the field, if the query filters or sorts by one"),
    );
}

/// Says which words of a pattern became no part of it.
fn report_unread(draft: &mut Draft<'_>, pattern: &Pattern, says: &Says) {
    if pattern.unread.is_empty() {
        return;
    }
    let message = format!(
        "the access pattern \"{}\" asks for more than was understood, and gets no statement: \"{}\" became no part of it",
        pattern.text,
        pattern.unread.join("\", \"")
    );
    // A sentence tells of much else beside the rows that it asks for.
    let diagnostic = if says.is_told {
        Diagnostic::note(codes::PARTLY_READ_QUERY, message)
    } else {
        Diagnostic::warning(codes::PARTLY_READ_QUERY, message)
    };
    draft.report(diagnostic.at(says.span, "").help(
        "say it with the names of fields: by a field, where a field = a value, sorted by a field desc, limit 20; or give the SQL",
    ));
}

/// The names of the patterns so far.
#[derive(Debug, Default)]
struct Names {
    taken: BTreeSet<String>,
    /// The number that a name was last given to tell it from others, so that no count begins anew.
    numbers: BTreeMap<String, usize>,
}

/// A text without the words at its end that wait for something: "visits of a vet on", cut before the day. What a field
/// ends with, as `starts_at`, is no word of its own.
fn without_loose_end(text: &str) -> &str {
    const LOOSE: [&str; 12] =
        ["a", "an", "and", "for", "of", "or", "per", "that", "the", "where", "whose", "with"];
    let mut rest = text.trim_end();
    while let Some((front, _)) = rest.rsplit_once(' ').filter(|(_, last)| LOOSE.contains(last)) {
        rest = front.trim_end();
    }
    rest
}

impl Names {
    /// A name after these words that no pattern has.
    fn free(&mut self, text: &str) -> String {
        let text = text.replace(['\'', '’'], "");
        let base = slug(without_loose_end(&text)).replace('-', "_");
        let base = if base.is_empty() { "pattern".to_owned() } else { base };
        if !self.taken.contains(&base) {
            return base;
        }
        let number = self.numbers.entry(base.clone()).or_insert(2);
        loop {
            let name = format!("{base}_{number}");
            if !self.taken.contains(&name) {
                return name;
            }
            *number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_read::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact};

    use crate::test_support::Facts;

    /// A query of which nothing is said but its name.
    fn empty(name: &str) -> PatternFact {
        PatternFact {
            name: name.to_owned(),
            title: None,
            kind: AccessKind::Read,
            entity: None,
            joins: Vec::new(),
            filter: Vec::new(),
            measures: Vec::new(),
            groups: Vec::new(),
            sort: Vec::new(),
            limit: None,
            pick: None,
            form: None,
            frequency: None,
            per_second: None,
            latency_ms: None,
            staleness_s: None,
            sql: None,
            said: None,
            unread: Vec::new(),
        }
    }

    /// The fields that a list of tours filters and sorts by.
    fn asked(name: &str, fields: &[&str]) -> (Vec<String>, Vec<String>) {
        let filter = fields
            .iter()
            .map(|field| FilterFact {
                field: (*field).to_owned(),
                operator: FilterOperator::Equals,
                optional: false,
            })
            .collect();
        let (model, _) = Facts::default()
            .entity("Tour")
            .field("Tour", "id: uuid*")
            .field("Tour", "truck: text!")
            .field("Tour", "starts_at: timestamp!")
            .add(Fact::AccessPattern(PatternFact {
                entity: Some("Tour".to_owned()),
                filter,
                ..empty(name)
            }))
            .build();
        let (_, pattern) = model.patterns().next().expect("one pattern");
        let name = |field| model.field(field).name.clone();
        (
            pattern.filter.iter().map(|it| name(it.field)).collect(),
            pattern.sort.iter().map(|it| name(it.field)).collect(),
        )
    }

    #[test]
    fn a_list_by_a_moment_is_in_its_order() {
        let list = |names: [&str; 1]| names.map(str::to_owned).to_vec();
        assert_eq!(
            asked("List the tours of a truck by starts_at", &["truck", "starts_at"]),
            (list(["truck"]), list(["starts_at"]))
        );
        // One row at one moment, and a list that is narrowed by nothing else.
        for (name, fields) in [
            ("Get the tour of a truck by starts_at", &["truck", "starts_at"][..]),
            ("List tours by starts_at", &["starts_at"][..]),
        ] {
            let (filter, sort) = asked(name, fields);
            assert_eq!((filter.len(), sort.len()), (fields.len(), 0), "{name}");
        }
    }

    #[test]
    fn a_key_is_no_part_of_a_reference() {
        // Tours have a driver, and no key that is known yet.
        let pattern = |field: &str| {
            let (model, _) = Facts::default()
                .entity("Driver")
                .field("Driver", "id: uuid*")
                .entity("Tour")
                .field("Tour", "driver_id: uuid!")
                .add(Fact::AccessPattern(PatternFact {
                    entity: Some("Tour".to_owned()),
                    filter: vec![FilterFact {
                        field: field.to_owned(),
                        operator: FilterOperator::Equals,
                        optional: false,
                    }],
                    ..empty("Get a tour")
                }))
                .build();
            let found = model.patterns().next();
            found.map(|(_, it)| {
                let names = it.filter.iter().map(|it| model.field(it.field).name.clone());
                names.collect::<Vec<_>>().join("|")
            })
        };
        assert_eq!(pattern("driver").as_deref(), Some("driver_id"));
        assert_ne!(pattern("id").as_deref(), Some("driver_id"));
    }
}
