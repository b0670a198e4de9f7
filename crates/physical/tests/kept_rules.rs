//! What documents ask of a schema that somebody else wrote is asked of our own design, too: for each kind of rule there is a
//! claim on the design, or a question says in section 14 why nothing keeps it.

use expect_test::expect;
use underpin_base::Sources;
use underpin_claim::Family;
use underpin_logical::LogicalDesign;
use underpin_model::{Expression, Model, Rule};
use underpin_physical::PhysicalDesign;

/// A rule of each kind.
const DOCUMENT: &str = "\
# Hire

## Depot

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| name | string(80) | yes | |

Rules:

- A row never refers to a row of another depot.
- A depot with bikes cannot be deleted.

## Bike

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| depot_id | uuid | yes | references Depot |
| code | string(20) | yes | |
| places | integer | yes | |
| is_retired | boolean | yes | default false |
| parent_id | uuid | no | references Bike |

Rules:

- Codes are unique per depot, ignoring case.
- The code of a bike never changes.
- A bike cannot be its own parent.

## Hire

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| depot_id | uuid | yes | references Depot |
| bike_id | uuid | yes | references Bike |
| starts_at | timestamptz | yes | |
| ends_at | timestamptz | yes | |
| price | decimal(8,2) | yes | |
| paid_at | timestamptz | no | |
| note | string | no | |
| status | enum: open, paid, closed | yes | default open |

Rules:

- `ends_at` must be after `starts_at`.
- `price` must not be negative.
- `paid_at` is required when `status` is `paid`.
- `note` has at most 200 characters.
- Hires of the same bike must not overlap; closed hires do not count.
- A bike has at most 40 hires.
- The number of open hires of a bike must not exceed its places.
- Hires are only added while the bike is not retired.
- Paid hires are never deleted.
- A hire never moves to another bike.
- CHECK (length(note) > 2 OR price > 0)
- A hire should be cheerful.
- Riders must be polite.

State transitions: open → paid → closed

## Payment

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| depot_id | uuid | yes | references Depot |
| hire_id | uuid | yes | references Hire |
| amount | decimal(8,2) | yes | |

Rules:

- The payments of a hire never exceed its price.
- Payments are never changed and never deleted.
- Payments are deleted with their hire.
";

struct Designed {
    model: Model,
    logical: LogicalDesign,
    physical: PhysicalDesign,
}

fn design(document: &str) -> Designed {
    let mut sources = Sources::default();
    sources.add("model.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    let physical = underpin_physical::design(&model, &logical);
    Designed { model, logical, physical }
}

impl Designed {
    /// The claim by which a rule is kept, or who is asked about it; `None` where it was lost.
    fn fate(&self, rule: &Rule) -> Option<String> {
        self.by_name(rule).or_else(|| self.by_kind(rule)).or_else(|| self.named(rule))
    }

    /// A CHECK or a guard that comes from the rule, and is claimed.
    fn by_name(&self, rule: &Rule) -> Option<String> {
        let checks =
            self.physical.tables.iter().flat_map(|table| {
                table.checks.iter().map(|it| (it.source, it.constraint.as_str()))
            });
        let guards = self
            .physical
            .tables
            .iter()
            .flat_map(|table| table.guards.iter().map(|it| (it.source, it.trigger.as_str())));
        let claimed = |name: &str| {
            let claims = self.physical.claims.iter();
            claims.into_iter().find(|it| it.subject.object.as_deref() == Some(name))
        };
        checks
            .chain(guards)
            .filter(|(source, _)| *source == Some(rule.source))
            .find_map(|(_, name)| Some(claimed(name)?.id.to_string()))
    }

    /// What a rule became that is no constraint of its own: a key, an exclusion, a length, what becomes of rows.
    fn by_kind(&self, rule: &Rule) -> Option<String> {
        let claimed_as = |family: Family, table: &str, is_it: &dyn Fn(&str) -> bool| {
            let mut claims = self.physical.claims.iter();
            let claim = claims.find(|it| {
                it.family == family
                    && it.subject.table.as_deref() == Some(table)
                    && it.subject.object.as_deref().is_some_and(is_it)
            });
            claim.map(|it| it.id.to_string())
        };
        let claimed =
            |family: Family, table: &str| claimed_as(family, table, &|it| !it.ends_with("_pkey"));
        let of = |relation: usize| -> Option<&str> {
            let mut tables = self.physical.tables.iter();
            let table = tables.find(|it| it.relation.index() == relation)?;
            Some(table.table.name.as_str())
        };
        let relations = || self.logical.relations.iter().enumerate();
        if let Some(Expression::Apart { .. }) = rule.expression {
            return relations().find_map(|(at, it)| {
                let said = it.separations.iter().any(|it| it.source == Some(rule.source));
                said.then(|| claimed(Family::Exclusion, of(at)?))?
            });
        }
        let became = rule.became.as_deref()?;
        if let Some((names, _)) = became.strip_prefix("unique (").and_then(|it| it.split_once(')'))
        {
            return relations().find_map(|(at, it)| {
                let said = it.uniques.iter().any(|it| it.source == Some(rule.source));
                let last = names.rsplit(", ").next()?;
                said.then(|| claimed_as(Family::Unique, of(at)?, &|it| it.contains(last)))?
            });
        }
        if let Some((path, _)) = became.split_once("` is on delete ") {
            let (entity, field) = path.trim_start_matches('`').split_once('.')?;
            return relations().find_map(|(at, it)| {
                (it.name == entity)
                    .then(|| claimed_as(Family::OnDelete, of(at)?, &|it| it.contains(field)))?
            });
        }
        if became == "references between rows of tenants carry the tenant" {
            return relations().find_map(|(at, it)| {
                let carries = it.references.iter().find(|it| it.attributes.len() > 1)?;
                let last = &it.attribute(*carries.attributes.last()?).name;
                claimed_as(Family::ForeignKey, of(at)?, &|it| it.contains(last))
            });
        }
        (became.ends_with(" characters") || became == "the type says so already").then(|| {
            let entity = &self.model.entity(rule.entity).name;
            format!("the type of a column of {entity}")
        })
    }

    /// The question or the note by which section 14 names it.
    fn named(&self, rule: &Rule) -> Option<String> {
        let asked = self.model.questions.iter().any(|it| it.source == Some(rule.source));
        let noted = || self.model.unkept.iter().any(|it| it.text.contains(&rule.text));
        (asked || noted()).then(|| "asked about".to_owned())
    }

    /// The rules that nothing keeps and nobody is asked about.
    fn lost(&self) -> Vec<&str> {
        let rules = self.model.rules.iter().filter(|rule| self.fate(rule).is_none());
        rules.map(|rule| rule.text.as_str()).collect()
    }
}

#[test]
fn each_kind_of_rule_is_kept_or_named() {
    let designed = design(DOCUMENT);
    let lines = designed.model.rules.iter().map(|rule| {
        let fate = designed.fate(rule).unwrap_or_else(|| "LOST".to_owned());
        format!("{}: {fate}\n", rule.text)
    });
    expect![[r#"
        A row never refers to a row of another depot: foreign_key/bikes/bikes_parent_id_fkey
        A depot with bikes cannot be deleted: on_delete/bikes/bikes_depot_id_fkey
        Codes are unique per depot, ignoring case: unique/bikes/bikes_depot_id_code_key
        The code of a bike never changes: unchanged/bikes/bikes_code_unchanged
        A bike cannot be its own parent: check/bikes/bikes_parent_id_id_check
        `ends_at` must be after `starts_at`: check/hires/hires_ends_at_starts_at_check
        `price` must not be negative: check/hires/hires_price_check
        `paid_at` is required when `status` is `paid`: check/hires/hires_status_paid_at_check
        `note` has at most 200 characters: the type of a column of Hire
        Hires of the same bike must not overlap; closed hires do not count: exclusion/hires/hires_bike_id_tstzrange_excl
        A bike has at most 40 hires: limit/hires/hires_bike_id_limit
        The number of open hires of a bike must not exceed its places: limit/bikes/bikes_places_limit
        Hires are only added while the bike is not retired: owner_state/hires/hires_bike_id_state
        Paid hires are never deleted: unchanged/hires/hires_kept
        A hire never moves to another bike: unchanged/hires/hires_bike_id_unchanged
        CHECK (length(note) > 2 OR price > 0): check/hires/hires_note_price_check
        A hire should be cheerful: asked about
        Riders must be polite: asked about
        The payments of a hire never exceed its price: limit/hires/hires_price_limit
        Payments are never changed and never deleted: unchanged/payments/payments_unchanged
        Payments are deleted with their hire: on_delete/payments/payments_hire_id_fkey
    "#]].assert_eq(&lines.collect::<String>());
}

/// Without their claims, rules that guards and constraints keep count as lost.
#[test]
fn a_rule_without_a_claim_is_lost() {
    let mut designed = design(DOCUMENT);
    assert_eq!(designed.lost(), Vec::<&str>::new());
    designed.physical.claims.retain(|it| it.family != Family::Unchanged);
    expect![[r#"
        The code of a bike never changes
        Paid hires are never deleted
        A hire never moves to another bike
        Payments are never changed and never deleted"#]]
    .assert_eq(&designed.lost().join("\n"));
    designed.physical.claims.clear();
    expect![[r#"
        A row never refers to a row of another depot
        A depot with bikes cannot be deleted
        Codes are unique per depot, ignoring case
        The code of a bike never changes
        A bike cannot be its own parent
        `ends_at` must be after `starts_at`
        `price` must not be negative
        `paid_at` is required when `status` is `paid`
        Hires of the same bike must not overlap; closed hires do not count
        A bike has at most 40 hires
        The number of open hires of a bike must not exceed its places
        Hires are only added while the bike is not retired
        Paid hires are never deleted
        A hire never moves to another bike
        CHECK (length(note) > 2 OR price > 0)
        The payments of a hire never exceed its price
        Payments are never changed and never deleted
        Payments are deleted with their hire"#]]
    .assert_eq(&designed.lost().join("\n"));
}
