//! Random models, drawn as what a document says of them: a failure shrinks to a document that a person can read.

mod field;
mod life;
mod surroundings;
mod together;

use std::fmt::Write as _;

use proptest::prelude::*;

/// The entities, as many as a document has. Some are words of SQL.
const ENTITIES: [&str; 6] = ["Branch", "User", "Order", "Room", "Booking", "Ticket"];
const STATES: [&str; 4] = ["draft", "open", "paid", "closed"];
/// Names and type of fields. A kind has two names, so that an entity may have it twice.
const KINDS: [(Kind, &str, [&str; 2]); 18] = [
    (Kind::Text, "varchar(20)", ["code", "label"]),
    (Kind::Text, "text", ["remark", "summary"]),
    (Kind::Text, "string", ["title", "nickname"]),
    (Kind::Text, "char(3)", ["currency", "country"]),
    (Kind::Number, "integer", ["quantity", "capacity"]),
    (Kind::Number, "bigint", ["weight_grams", "mileage"]),
    (Kind::Number, "smallint", ["rating", "priority"]),
    (Kind::Number, "decimal(10,2)", ["price_amount", "tax_amount"]),
    (Kind::Number, "decimal(5,4)", ["tax_rate", "discount_rate"]),
    (Kind::Moment, "timestamp", ["sent_at", "seen_at"]),
    (Kind::Day, "date", ["due_on", "born_on"]),
    (Kind::Time, "time", ["opening_time", "closing_time"]),
    (Kind::Flag, "boolean", ["is_active", "is_hidden"]),
    (Kind::Json, "jsonb", ["settings", "details"]),
    (Kind::Other, "text[]", ["tags", "keywords"]),
    (Kind::Other, "uuid", ["token", "trace"]),
    (Kind::Other, "inet", ["ip_address", "gateway"]),
    (Kind::Listed, "enum", ["channel", "tier"]),
];

/// What rules can be said of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Moment,
    Day,
    Time,
    Flag,
    Json,
    Listed,
    Other,
}

/// A field: which of [`KINDS`] under which of its names, and what stands beside it.
#[derive(Debug, Clone)]
struct Field {
    kind: usize,
    second: bool,
    presence: Presence,
    unique: bool,
    rule: u8,
}

#[derive(Debug, Clone, Copy)]
enum Presence {
    Optional,
    Required,
    Default,
}

/// A reference to one of the entities, which may be the own one.
#[derive(Debug, Clone)]
struct Reference {
    to: usize,
    required: bool,
    unique: bool,
    /// What becomes of the row: nothing said, taken along, refused, let go.
    deletion: u8,
}

/// States that follow each other, and what they ask for.
#[derive(Debug, Clone)]
struct Cycle {
    states: usize,
    /// Which of the possible steps are allowed, a bit each.
    steps: u16,
    has_initial: bool,
    /// What a state requires: nothing, a time of its own, a field of the entity.
    requires: [u8; 4],
    /// Whether one row at most of those that refer to the same is in the first state.
    once: bool,
}

#[derive(Debug, Clone)]
struct Entity {
    key: u8,
    fields: Vec<Field>,
    references: Vec<Reference>,
    cycle: Option<Cycle>,
    /// Rules over two fields, by number.
    pairs: Vec<(u8, u8, u8)>,
    /// Rows that must not overlap: not at all, each with all, per reference, unless closed, by days; and spans that may.
    apart: u8,
    /// What else is said of its rows' lives: which form, and about what.
    life: Option<(u8, u8)>,
    /// Append-only, immutable in a state, with a version, softly deleted, with times: a bit each.
    upkeep: u8,
    /// A value that has parts.
    has_price: bool,
    /// What the rows of one row may come to: which form, and how many.
    limit: Option<(u8, u8)>,
    /// Beside which rows of another entity it is added: which form, and which state.
    owner_state: Option<(u8, u8)>,
}

/// What one document says.
#[derive(Debug, Clone)]
struct Said {
    entities: Vec<Entity>,
    is_of_tenants: bool,
    is_in_contexts: bool,
    pairs: Vec<(usize, usize)>,
    queries: Vec<(usize, u8, u8)>,
    /// Rows that connect two others and have values of their own, or stand beside one in an aggregate.
    joined: Option<surroundings::Joined>,
    /// How many rows there are, by entity, and of which some go after a year.
    volumes: Vec<(usize, u8)>,
    /// The rows of one entity are rows of another.
    special: Option<(usize, usize)>,
}

fn field() -> impl Strategy<Value = Field> {
    let presence =
        prop_oneof![Just(Presence::Optional), Just(Presence::Required), Just(Presence::Default)];
    (0..KINDS.len(), any::<bool>(), presence, prop::bool::weighted(0.15), 0..9_u8).prop_map(
        |(kind, second, presence, unique, rule)| Field { kind, second, presence, unique, rule },
    )
}

fn reference() -> impl Strategy<Value = Reference> {
    let to = 0..ENTITIES.len();
    (to, any::<bool>(), prop::bool::weighted(0.15), 0..4_u8)
        .prop_map(|(to, required, unique, deletion)| Reference { to, required, unique, deletion })
}

fn cycle() -> impl Strategy<Value = Cycle> {
    let requires = prop::array::uniform4(0..4_u8);
    (2..=STATES.len(), any::<u16>(), prop::bool::weighted(0.8), requires, any::<bool>()).prop_map(
        |(states, steps, has_initial, requires, once)| Cycle {
            states,
            steps,
            has_initial,
            requires,
            once,
        },
    )
}

fn entity() -> impl Strategy<Value = Entity> {
    let parts = (
        0..4_u8,
        prop::collection::vec(field(), 0..6),
        prop::collection::vec(reference(), 0..3),
        prop::option::weighted(0.5, cycle()),
        prop::collection::vec((0..12_u8, any::<u8>(), any::<u8>()), 0..3),
        prop_oneof![4 => Just(0_u8), 1 => 1..6_u8],
        prop_oneof![2 => Just(0_u8), 1 => 0..32_u8],
        prop::bool::weighted(0.15),
        prop::option::weighted(0.3, (0..4_u8, 2..5_u8)),
        prop::option::weighted(0.4, (0..4_u8, any::<u8>())),
        prop::option::weighted(0.4, (0..6_u8, any::<u8>())),
    );
    parts.prop_map(
        |(
            key,
            fields,
            references,
            cycle,
            pairs,
            apart,
            upkeep,
            has_price,
            limit,
            owner_state,
            life,
        )| {
            Entity {
                key,
                fields,
                references,
                cycle,
                pairs,
                apart,
                life,
                upkeep,
                has_price,
                limit,
                owner_state,
            }
        },
    )
}

/// A document; whatever its numbers, it names only what it describes.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let parts = (
        prop::collection::vec(entity(), 1..ENTITIES.len()),
        prop::bool::weighted(0.25),
        prop::bool::weighted(0.2),
        prop::collection::vec((0..ENTITIES.len(), 0..ENTITIES.len()), 0..2),
        prop::collection::vec((0..ENTITIES.len(), any::<u8>(), 0..4_u8), 0..3),
        prop::option::weighted(0.3, (0..ENTITIES.len(), 0..ENTITIES.len())),
        prop::option::weighted(0.3, surroundings::joined()),
        prop::collection::vec((0..ENTITIES.len(), 0..4_u8), 0..2),
    );
    parts.prop_map(
        |(entities, is_of_tenants, is_in_contexts, pairs, queries, special, joined, volumes)| {
            let said = Said {
                entities,
                is_of_tenants,
                is_in_contexts,
                pairs,
                queries,
                joined,
                volumes,
                special,
            };
            said.text()
        },
    )
}

impl Said {
    fn name(&self, entity: usize) -> &'static str {
        ENTITIES[entity % self.entities.len()]
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |said: String| writeln!(text, "{said}").expect("a String takes it");
        if self.is_of_tenants {
            line("The tenant is the `Branch`. Every other entity belongs to exactly one branch and carries `branch_id`.\n".to_owned());
        }
        if self.is_in_contexts && self.entities.len() > 1 {
            let names: Vec<&str> = (0..self.entities.len()).map(|at| self.name(at)).collect();
            let (near, far) = names.split_at(names.len() / 2);
            line("## Bounded Contexts\n".to_owned());
            line(format!("### Nearby\n\nOwns: {}\n", near.join(", ")));
            line(format!("### Faraway\n\nOwns: {}\n", far.join(", ")));
        }
        for (at, entity) in self.entities.iter().enumerate() {
            line(self.described(at, entity));
        }
        if self.entities.iter().any(|entity| entity.has_price) {
            line(
                "## Value objects\n\n### Money\n\n| Field | Type | Required |\n|---|---|---|\n\
                 | amount | decimal(12,2) | yes |\n| currency | char(3) | yes |\n"
                    .to_owned(),
            );
        }
        if !self.pairs.is_empty() {
            line("## Relationships\n".to_owned());
            for (from, to) in &self.pairs {
                line(format!("- {} N:M {}", self.name(*from), self.name(*to)));
            }
            line(String::new());
        }
        for part in [self.joined(), self.queries(), self.volumes()].into_iter().flatten() {
            line(part);
        }
        text
    }

    /// The columns of the fields and references.
    fn columns(&self, at: usize, entity: &Entity) -> Vec<String> {
        let fields = entity.fields().into_iter().map(|field| field.name().to_owned());
        let all: Vec<String> =
            fields.chain(self.references(at, entity).into_iter().map(|it| it.1)).collect();
        if all.is_empty() { vec!["id".to_owned()] } else { all }
    }

    /// The references with their columns, no two of one column.
    fn references<'e>(&self, at: usize, entity: &'e Entity) -> Vec<(&'e Reference, String)> {
        let mut found: Vec<(&Reference, String)> = Vec::new();
        for reference in &entity.references {
            let to = reference.to % self.entities.len();
            let to_name = self.name(to).to_lowercase();
            let column = if to == at { "parent_id".to_owned() } else { format!("{to_name}_id") };
            let is_tenant = self.is_of_tenants && to == 0;
            if !is_tenant && found.iter().all(|(_, other)| *other != column) {
                found.push((reference, column));
            }
        }
        found
    }

    /// Whether a required reference leads back to where it comes from, over others that are required.
    fn is_circle(&self, from: usize, to: usize) -> bool {
        let mut reached = vec![to % self.entities.len()];
        let mut next = 0;
        while let Some(&at) = reached.get(next) {
            let tenant = (self.is_of_tenants && at > 0).then_some(0);
            let required = self.references(at, &self.entities[at]).into_iter();
            let required =
                required.filter(|(it, _)| it.required).map(|(it, _)| it.to % self.entities.len());
            let further: Vec<usize> =
                required.chain(tenant).filter(|it| !reached.contains(it)).collect();
            reached.extend(further);
            next += 1;
        }
        reached.contains(&from)
    }

    fn described(&self, at: usize, entity: &Entity) -> String {
        let name = self.name(at);
        let mut text =
            format!("## {name}\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n");
        let mut row = |field: &str, kind: &str, required: bool, said: &str| {
            let required = if required { "yes" } else { "no" };
            writeln!(text, "| {field} | {kind} | {required} | {said} |")
                .expect("a String takes it");
        };
        match entity.key {
            0 => row("id", "integer", true, "primary key"),
            1 => row("id", "bigint", true, "primary key"),
            _ => row("id", "uuid", true, "primary key"),
        }
        if self.is_of_tenants && at > 0 {
            row("branch_id", "uuid", true, "FK → Branch");
        }
        let mut rules: Vec<String> = Vec::new();
        let references = self.references(at, entity);
        for field in entity.fields() {
            let required = !matches!(field.presence, Presence::Optional);
            let mut said: Vec<String> = Vec::new();
            if KINDS[field.kind].0 == Kind::Listed {
                said.push("one of `gold`, `silver`, `bronze`".to_owned());
            }
            if matches!(field.presence, Presence::Default) {
                said.extend(field.default());
            }
            if field.unique && field.is_key() {
                said.push(match references.first() {
                    Some((other, _)) if field.second => {
                        let to = other.to % self.entities.len();
                        if to == at {
                            "unique".to_owned()
                        } else {
                            format!("unique per {}", self.name(to).to_lowercase())
                        }
                    }
                    _ => "unique".to_owned(),
                });
            }
            row(field.name(), KINDS[field.kind].1, required, &said.join("; "));
            rules.extend(field.rule());
        }
        if entity.has_price {
            row("price", "Money", false, "");
        }
        for (reference, column) in &references {
            let to = self.name(reference.to);
            // Each row the target of one, its own first: rows could be made only in circles.
            let is_circle = reference.required && self.is_circle(at, reference.to);
            let unique = if reference.unique && !is_circle { "; unique" } else { "" };
            row(column, "uuid", reference.required, &format!("FK → {to}{unique}"));
            let (own, there) = (name.to_lowercase(), to.to_lowercase());
            rules.extend(match reference.deletion {
                1 if own != there => Some(format!("Deleting a {there} deletes its {own}s")),
                2 if own != there => Some(format!("A {there} with {own}s cannot be deleted")),
                3 if own != there && !reference.required => {
                    Some(format!("Deleting a {there} clears `{column}`"))
                }
                _ => None,
            });
        }
        if entity.apart > 0 {
            let (from, to, kind) = match entity.apart {
                4 => ("first_day", "last_day", "date"),
                _ => ("starts_at", "ends_at", "timestamp"),
            };
            row(from, kind, true, "");
            row(to, kind, entity.apart != 2, "");
            let per = references.first().map_or_else(String::new, |(to, _)| {
                format!(" for one {}", self.name(to.to).to_lowercase())
            });
            let among = match &entity.cycle {
                Some(cycle) if entity.apart == 3 => {
                    format!(" where status is not {}", STATES[cycle.states - 1])
                }
                _ => String::new(),
            };
            rules.push(if entity.apart == 5 {
                "`ends_at` is not before `starts_at`".to_owned()
            } else {
                format!("No overlapping {}s{per}{among}", name.to_lowercase())
            });
        }
        let upkeep = |bit: u8| entity.upkeep & 1 << bit != 0;
        if upkeep(2) {
            row("version", "integer", true, "optimistic concurrency");
        }
        if upkeep(3) {
            row("deleted_at", "timestamp", false, "soft delete");
        }
        if upkeep(4) {
            row("created_at", "timestamp", true, "never changes");
            row("updated_at", "timestamp", true, "");
        }
        if let Some(cycle) = &entity.cycle {
            let states = STATES[..cycle.states].join("`, `");
            let default = if cycle.has_initial { "; default `draft`" } else { "" };
            row("status", "enum", true, &format!("one of `{states}`{default}"));
            for (state, requires) in STATES[..cycle.states].iter().zip(cycle.requires) {
                match (requires, entity.fields().first()) {
                    (1, _) => {
                        row(&format!("{state}_at"), "timestamp", false, "");
                        rules.push(format!("`{state}_at` is required when `status` is `{state}`"));
                    }
                    (2, Some(field)) if matches!(field.presence, Presence::Optional) => {
                        rules.push(format!(
                            "`{}` is required when `status` is `{state}`",
                            field.name()
                        ));
                    }
                    // What is required of the first row of all can lead nowhere.
                    (3, _) if *state != STATES[0] => {
                        if let Some((_, column)) = references.iter().find(|it| !it.0.required) {
                            rules
                                .push(format!("`{column}` is required when `status` is `{state}`"));
                        }
                    }
                    _ => {}
                }
            }
            // The first row of all that is its own parent leaves no room for a second.
            let is_open =
                |it: &&(&Reference, String)| !(it.0.required && self.is_circle(at, it.0.to));
            if let (true, Some((_, column))) = (cycle.once, references.iter().find(is_open)) {
                let per = column.trim_end_matches("_id");
                rules.push(format!("Only one {} {} per {per}", STATES[0], name.to_lowercase()));
            }
        }
        rules.extend(entity.rules());
        rules.extend(self.limit(at, entity));
        rules.extend(self.owner_state(at, entity));
        rules.extend(self.kind(at, entity));
        if let Some((rule, added)) = self.life(at, entity) {
            if let Some(added) = added {
                row(&added, "timestamp", false, "");
            }
            rules.push(rule);
        }
        // What is only ever added to is neither changed nor marked as deleted.
        if upkeep(0) && entity.life.is_none() && !(2..=4).any(upkeep) {
            rules.push(format!("A {} is append-only", name.to_lowercase()));
        } else if upkeep(1)
            && entity.cycle.as_ref().is_some_and(|it| it.states == 2 && it.steps & 1 == 0)
        {
            rules.push(format!(
                "A {} cannot be changed once it is {}",
                name.to_lowercase(),
                STATES[1]
            ));
        }
        if !rules.is_empty() {
            text.push_str("\nRules:\n\n");
            for rule in rules {
                writeln!(text, "- {rule}.").expect("a String takes it");
            }
        }
        if let Some(cycle) = &entity.cycle {
            text.push_str(&cycle.table());
        }
        text
    }
}

impl Entity {
    /// The fields, no two of one name.
    fn fields(&self) -> Vec<&Field> {
        let mut found: Vec<&Field> = Vec::new();
        for field in &self.fields {
            if found.iter().all(|other| other.name() != field.name()) {
                found.push(field);
            }
        }
        found
    }

    /// Rules over two fields. Which field must be there is said once of each: what a document says of it
    /// twice may contradict itself.
    fn rules(&self) -> Vec<String> {
        let fields = self.fields();
        let of = |kinds: &[Kind], at: u8| -> Option<&'static str> {
            let all: Vec<&&Field> =
                fields.iter().filter(|field| kinds.contains(&KINDS[field.kind].0)).collect();
            (!all.is_empty()).then(|| all[usize::from(at) % all.len()].name())
        };
        let open = |name: &str| {
            let field = fields.iter().find(|field| field.name() == name);
            field.is_some_and(|field| matches!(field.presence, Presence::Optional))
                && fields.first().is_none_or(|first| first.name() != name || self.cycle.is_none())
        };
        let any = [
            Kind::Text,
            Kind::Number,
            Kind::Moment,
            Kind::Day,
            Kind::Time,
            Kind::Json,
            Kind::Listed,
            Kind::Other,
        ];
        let two = |kinds: &[Kind], a: u8, b: u8| {
            let pair = (of(kinds, a)?, of(kinds, b)?);
            (pair.0 != pair.1).then_some(pair)
        };
        let mut settled: Vec<&str> = Vec::new();
        let mut settle = |names: &[&'static str]| {
            let free = names.iter().all(|name| open(name) && !settled.contains(name));
            settled.extend(names);
            free.then_some(())
        };
        let said = |(rule, a, b): &(u8, u8, u8)| {
            let (a, b) = (*a, *b);
            Some(match rule {
                0 => {
                    let (a, b) = two(&[Kind::Number], a, b)?;
                    format!("`{a}` must not exceed `{b}`")
                }
                1 => {
                    let (a, b) = two(&[Kind::Moment], a, b).or_else(|| two(&[Kind::Day], a, b))?;
                    format!("`{a}` must be after `{b}`")
                }
                2 => {
                    let (a, b) = two(&any, a, b)?;
                    settle(&[a, b])?;
                    format!("At least one of `{a}` and `{b}` must be set")
                }
                3 => {
                    let (a, b) = two(&any, a, b)?;
                    settle(&[a, b])?;
                    format!("Exactly one of `{a}` and `{b}` must be set")
                }
                4 => {
                    let (a, b) = two(&any, a, b)?;
                    settle(&[a, b])?;
                    format!("`{a}` is required when `{b}` is set")
                }
                5 => {
                    let (a, b) = (of(&any, a)?, of(&[Kind::Flag], b)?);
                    settle(&[a])?;
                    format!("`{a}` is required when `{b}` is true")
                }
                6 => {
                    let (a, b) = two(
                        &[Kind::Text, Kind::Number, Kind::Day, Kind::Other, Kind::Listed],
                        a,
                        b,
                    )?;
                    format!("The combination of `{a}` and `{b}` must be unique")
                }
                7 => {
                    let (a, b) = (of(&any, a)?, of(&[Kind::Listed], b)?);
                    if a == b {
                        return None;
                    }
                    settle(&[a])?;
                    format!("`{a}` must be set if and only if `{b}` is gold")
                }
                8 => {
                    let (a, b) = (of(&any, a)?, of(&[Kind::Listed], b)?);
                    if a == b {
                        return None;
                    }
                    settle(&[a])?;
                    format!("If `{b}` is silver, `{a}` must be null")
                }
                9 => {
                    let (a, b) = two(&[Kind::Number], a, b)?;
                    format!("CHECK ({a} * 2 >= {b} - 1)")
                }
                10 => {
                    let (a, b) = two(&[Kind::Text], a, b)?;
                    format!("CHECK ({a} <> {b})")
                }
                _ => {
                    let (a, b) = (of(&any, a)?, of(&[Kind::Flag], b)?);
                    settle(&[a])?;
                    format!("`{a}` only if `{b}` is true")
                }
            })
        };
        self.pairs.iter().filter_map(said).collect()
    }
}
