//! How much of what a document states was read, against a list that a careful person made: F1 of entities, of their
//! fields, of relationships and of transitions; the share of right answers on required, enumerated values and
//! cardinality; the share of stated access patterns that were found.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use names::{fold, paired};

/// One measure of a case, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// F1 of entities.
    Entity,
    /// F1 of fields.
    Field,
    /// Share of fields whose being required is read right.
    Required,
    /// Share of enumerated fields whose values are read right.
    Enumeration,
    /// F1 of related pairs.
    Relationship,
    /// Share of related pairs with the right cardinality.
    Cardinality,
    /// F1 of transitions.
    Transition,
    /// Share of the access patterns that are found.
    Access,
}

/// The measures that apply to a case.
pub type Score = BTreeMap<Measure, f64>;

/// The mean of each measure over the cases that it applies to.
pub fn mean<'a>(scores: impl IntoIterator<Item = &'a Score>) -> Score {
    let mut values: BTreeMap<Measure, Vec<f64>> = BTreeMap::new();
    for (measure, value) in scores.into_iter().flatten() {
        values.entry(*measure).or_default().push(*value);
    }
    values
        .into_iter()
        .map(|(measure, all)| (measure, all.iter().sum::<f64>() / count(all.len())))
        .collect()
}

/// Holds a model, as `underpin model --format json` prints it, against the list of what its documents state.
pub fn score(wanted: &Value, read: &Value) -> Score {
    let renamed = Renaming::of(wanted).apply(read);
    let read = &renamed;
    let unsure = named(wanted, "ambiguous_entities");
    let outside = named(wanted, "external_entities");
    let mut entities = fields_of(wanted);
    let mut found = fields_of(read);
    for name in &unsure {
        // Neither wanted nor wrong.
        if !found.contains_key(name) {
            entities.remove(name);
        } else if !entities.contains_key(name) {
            found.remove(name);
        }
    }
    found.retain(|name, _| entities.contains_key(name) || !outside.contains(name));

    let mut measured = BTreeMap::new();
    measured.insert(Measure::Entity, f1(&keys(&entities), &keys(&found)));
    fields(&entities, &found, &mut measured);
    let unread: BTreeSet<&String> =
        unsure.iter().filter(|name| !found.contains_key(*name)).collect();
    relationships(wanted, read, &unread, &(&unsure | &outside), &mut measured);
    measured.insert(Measure::Transition, transition_score(wanted, read));
    measured.insert(Measure::Access, access_score(wanted, read));
    measured.into_iter().filter_map(|(measure, value)| Some((measure, value?))).collect()
}

type Fields<'a> = BTreeMap<String, Vec<&'a Value>>;

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn keys<T>(map: &BTreeMap<String, T>) -> BTreeSet<String> {
    map.keys().cloned().collect()
}

/// Folded names of a list whose items are names or have one.
fn named(value: &Value, key: &str) -> BTreeSet<String> {
    list(value, key)
        .iter()
        .map(|item| fold(item.as_str().unwrap_or_else(|| text(item, "name"))))
        .collect()
}

fn fields_of(model: &Value) -> Fields<'_> {
    let mut entities = Fields::new();
    for entity in list(model, "entities") {
        entities.entry(fold(text(entity, "name"))).or_default().extend(list(entity, "fields"));
    }
    entities
}

/// Other names of entities, folded, each with the name that is annotated.
struct Renaming(BTreeMap<String, String>);

impl Renaming {
    fn of(wanted: &Value) -> Self {
        let known: BTreeMap<String, &str> = list(wanted, "entities")
            .iter()
            .map(|entity| (fold(text(entity, "name")), text(entity, "name")))
            .collect();
        let mut names = BTreeMap::new();
        for (name, others) in wanted["aliases"].as_object().into_iter().flatten() {
            let others: Vec<&str> = match others {
                Value::String(other) => vec![other],
                others => {
                    others.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
                }
            };
            for other in others {
                // Written either way round.
                for (alias, target) in [(other, name.as_str()), (name.as_str(), other)] {
                    if let Some(target) =
                        known.get(&fold(target)).filter(|_| !known.contains_key(&fold(alias)))
                    {
                        names.insert(fold(alias), (*target).to_owned());
                    }
                }
            }
        }
        Self(names)
    }

    fn apply(&self, read: &Value) -> Value {
        let mut read = read.clone();
        let places: [(&str, &[&str]); 4] = [
            ("entities", &["name"]),
            ("relationships", &["from", "to"]),
            ("lifecycles", &["entity"]),
            ("access_patterns", &["entity"]),
        ];
        for (key, names) in places {
            for item in read[key].as_array_mut().into_iter().flatten() {
                for name in names {
                    if let Some(known) = item[*name].as_str().and_then(|it| self.0.get(&fold(it))) {
                        item[*name] = Value::String(known.clone());
                    }
                }
            }
        }
        read
    }
}

fn fields(wanted: &Fields<'_>, found: &Fields<'_>, measured: &mut BTreeMap<Measure, Option<f64>>) {
    let (mut right, mut all_wanted, mut all_read) = (0, 0, 0);
    let (mut required, mut enumerated) = (Share::default(), Share::default());
    for (entity, fields) in wanted {
        // Of fields with one name, as of any key, the last counts.
        let wanted: BTreeMap<&str, &Value> =
            fields.iter().map(|field| (text(field, "name"), *field)).collect();
        let Some(found) = found.get(entity) else {
            all_wanted += fields.len();
            continue;
        };
        let is_assumed = |field: &&&Value| field["assumed"].as_bool().unwrap_or(false);
        let read: BTreeMap<&str, &Value> = found
            .iter()
            .filter(|field| !is_assumed(field))
            .map(|field| (text(field, "name"), *field))
            .collect();
        let order = |fields: &[&'_ Value]| -> Vec<String> {
            fields.iter().map(|field| text(field, "name").to_owned()).collect()
        };
        let wanted_order = distinct(order(fields), &wanted);
        let read_order = distinct(order(found), &read);
        let pairs = paired(&wanted_order, &read_order);
        right += pairs.len();
        all_wanted += wanted.len();
        all_read += read.len();
        for (name, other) in pairs {
            let (wanted, read) = (wanted[name], read[other]);
            if let Some(is_required) = wanted["required"].as_bool() {
                required.count(read["required"].as_bool() == Some(is_required));
            }
            if let Some(values) = values(wanted) {
                enumerated.count(self::values(read) == Some(values));
            }
        }
    }
    let all = all_wanted + all_read;
    measured.insert(Measure::Field, (all > 0).then(|| 2.0 * count(right) / count(all)));
    measured.insert(Measure::Required, required.value());
    measured.insert(Measure::Enumeration, enumerated.value());
}

/// The names in their order, once each, as the map spells them.
fn distinct<'a>(order: Vec<String>, map: &BTreeMap<&'a str, &Value>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    order
        .into_iter()
        .filter_map(|name| map.get_key_value(name.as_str()).map(|(name, _)| *name))
        .filter(|name| seen.insert(*name))
        .collect()
}

fn values(field: &Value) -> Option<BTreeSet<String>> {
    let values = list(field, "enum_values");
    let spelled = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (!values.is_empty()).then(|| values.iter().map(|value| fold(&spelled(value))).collect())
}

/// Two ends in order of name, and how they relate: the ends as `1` and `N`, and the cardinality.
type Relationships = BTreeMap<(String, String), BTreeSet<(String, String, String)>>;

fn related(model: &Value) -> Relationships {
    let mut found = Relationships::new();
    for relationship in list(model, "relationships") {
        let (mut from, mut to) = (fold(text(relationship, "from")), fold(text(relationship, "to")));
        let mut cardinality = relationship["cardinality"].as_str().unwrap_or("?").replace('M', "N");
        let key = if from <= to { (from.clone(), to.clone()) } else { (to.clone(), from.clone()) };
        if cardinality == "N:1" {
            std::mem::swap(&mut from, &mut to);
            "1:N".clone_into(&mut cardinality);
        }
        let ends = if cardinality == "1:N" { (from, to) } else { key.clone() };
        found.entry(key).or_default().insert((ends.0, ends.1, cardinality));
    }
    found
}

fn relationships(
    wanted: &Value,
    read: &Value,
    unread: &BTreeSet<&String>,
    lenient: &BTreeSet<String>,
    measured: &mut BTreeMap<Measure, Option<f64>>,
) {
    let (mut wanted, mut read) = (related(wanted), related(read));
    wanted.retain(|(a, b), _| !unread.contains(a) && !unread.contains(b));
    read.retain(|key, _| {
        wanted.contains_key(key) || !(lenient.contains(&key.0) || lenient.contains(&key.1))
    });
    let (a, b) = (wanted.keys().cloned().collect(), read.keys().cloned().collect());
    measured.insert(Measure::Relationship, f1(&a, &b));
    let mut cardinality = Share::default();
    for (key, kinds) in &wanted {
        let Some(read) = read.get(key).filter(|_| kinds.iter().all(|kind| kind.2 != "?")) else {
            continue;
        };
        cardinality.count(!kinds.is_disjoint(read));
    }
    measured.insert(Measure::Cardinality, cardinality.value());
}

fn transition_score(wanted: &Value, read: &Value) -> Option<f64> {
    let transitions = |model: &Value, key: &str| -> BTreeSet<(String, String, String)> {
        let mut found = BTreeSet::new();
        for lifecycle in list(model, key) {
            for step in list(lifecycle, "transitions") {
                let end = |key: &str, at: usize| step[key].as_str().or(step[at].as_str()).map(fold);
                let (from, to) = (end("from", 0), end("to", 1));
                found.insert((
                    fold(text(lifecycle, "entity")),
                    from.unwrap_or_default(),
                    to.unwrap_or_default(),
                ));
            }
        }
        found
    };
    let wanted = transitions(wanted, "states");
    let stated: BTreeSet<&String> = wanted.iter().map(|it| &it.0).collect();
    let mut read = transitions(read, "lifecycles");
    read.retain(|it| stated.contains(&it.0));
    f1(&wanted, &read)
}

fn access_score(wanted: &Value, read: &Value) -> Option<f64> {
    let filters = |pattern: &Value, key: &str| -> BTreeSet<String> {
        list(pattern, key).iter().filter_map(Value::as_str).map(fold).collect()
    };
    let mut found = Share::default();
    for query in list(wanted, "queries") {
        let filter = filters(query, "filters");
        found.count(list(read, "access_patterns").iter().any(|pattern| {
            let has = filters(pattern, "filter");
            fold(text(pattern, "entity")) == fold(text(query, "entity"))
                && filter.is_subset(&has)
                && has.len() <= filter.len() + 1
        }));
    }
    found.value()
}

/// How many of some were right.
#[derive(Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.all += 1;
    }

    fn value(&self) -> Option<f64> {
        (self.all > 0).then(|| count(self.right) / count(self.all))
    }
}

/// The harmonic mean of precision and recall; `None` where there is nothing on either side.
fn f1<T: Ord>(wanted: &BTreeSet<T>, read: &BTreeSet<T>) -> Option<f64> {
    let all = wanted.len() + read.len();
    (all > 0).then(|| 2.0 * count(wanted.intersection(read).count()) / count(all))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("invariant: a document has fewer facts"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn near(score: &Score, measure: Measure, value: f64) {
        let measured = score.get(&measure).copied().unwrap_or(f64::NAN);
        assert!((measured - value).abs() < 1e-9, "{measure:?} is {measured}, not {value}");
    }

    #[test]
    fn what_is_missed_and_what_is_invented_both_cost() {
        let wanted = json!({
            "entities": [
                { "name": "Order", "fields": [
                    { "name": "id", "required": true },
                    { "name": "customer", "required": true },
                    { "name": "status", "enum_values": ["open", "paid"] },
                ] },
                { "name": "Customer", "fields": [{ "name": "id" }] },
            ],
            "relationships": [{ "from": "Customer", "to": "Order", "cardinality": "1:N" }],
            "states": [{ "entity": "Order", "transitions": [["open", "paid"], ["paid", "open"]] }],
            "queries": [{ "entity": "Order", "filters": ["status"] }, { "entity": "Order", "filters": ["id"] }],
        });
        let read = json!({
            "entities": [
                { "name": "orders", "fields": [
                    { "name": "id", "required": true },
                    { "name": "customer_id", "required": false },
                    { "name": "status", "enum_values": ["open"] },
                    { "name": "guessed", "assumed": true },
                ] },
                { "name": "Invoice", "fields": [{ "name": "id" }] },
            ],
            "relationships": [{ "from": "Order", "to": "Customer", "cardinality": "N:1" }],
            "lifecycles": [{ "entity": "Order", "transitions": [{ "from": "open", "to": "paid" }] }],
            "access_patterns": [{ "entity": "Order", "filter": ["status", "created_at"] }],
        });
        let score = score(&wanted, &read);
        near(&score, Measure::Entity, 0.5);
        near(&score, Measure::Field, 6.0 / 7.0);
        near(&score, Measure::Required, 0.5);
        near(&score, Measure::Enumeration, 0.0);
        near(&score, Measure::Relationship, 1.0);
        near(&score, Measure::Cardinality, 1.0);
        near(&score, Measure::Transition, 2.0 / 3.0);
        near(&score, Measure::Access, 0.5);
    }

    #[test]
    fn what_does_not_apply_is_not_measured() {
        let score = score(&json!({ "entities": [{ "name": "A" }] }), &json!({}));
        assert_eq!(score.keys().copied().collect::<Vec<_>>(), [Measure::Entity]);
        assert_eq!(mean([&score, &Score::new()]), score);
    }

    #[test]
    fn other_names_and_doubtful_entities_are_no_faults() {
        let wanted = json!({
            "entities": [{ "name": "Cliente" }],
            "aliases": { "Cliente": ["Client"] },
            "ambiguous_entities": ["Session"],
            "external_entities": [{ "name": "User" }],
        });
        let read = json!({ "entities": [{ "name": "Clients" }, { "name": "Session" }, { "name": "User" }] });
        near(&score(&wanted, &read), Measure::Entity, 1.0);
    }
}
