//! One thing and its fields, said in all the ways in which people open such a list, under headings of several sorts, and two
//! things said to belong together: each way gives the same.

use underpin_base::Sources;
use underpin_read::{Fact, read};

/// Things with their fields.
const THINGS: [(&str, &[&str]); 3] = [
    ("Pet", &["name", "species", "weight", "chip number"]),
    ("Owner", &["name", "phone", "address"]),
    ("Treatment", &["code", "description", "price"]),
];

/// What stands before them.
const PLACES: [&str; 4] = [
    "# Requirements\n\n## Data requirements\n\n",
    "# Veterinary app\n\nThe app helps a clinic.\n\n## Functional requirements\n\n",
    "# Data model\n\n",
    "",
];

/// The ways, `{thing}` in them being the thing, `{things}` several of it, `{list}` its fields with commas, `{and}` with "and"
/// before the last, `{ones}` the same with articles. A line in which `{item}` stands is repeated for each field.
const WAYS: [&str; 41] = [
    "{A thing} has {ones}.",
    "Each {thing} has {ones}.",
    "{Things} have {ones}.",
    "Every {thing} is described by its {and}.",
    "{A thing} consists of {ones}.",
    "Each {thing} includes {ones}.",
    "Each {thing} record contains the {and}.",
    "{A thing} must have {ones}.",
    "For each {thing} we store the {and}.",
    "For each {thing}, the system shall store {and}.",
    "We store the {and} of each {thing}.",
    "The system stores {things} with {and}.",
    "The system maintains {things} including {and}.",
    "{A thing}'s {and} are stored.",
    "Every {thing} has a profile containing {and}.",
    "Staff can register {a thing} by entering its {and}.",
    "When adding {a thing}, staff enter the {and}.",
    "- The system shall allow staff to create {a thing} with {and}.",
    "- As a clerk, I want to record {a thing} with its {and} so that I can find it later.",
    "- Create {things} with: {list}.",
    "The list of {things} shows {and}.",
    "{Thing} details include {and}.",
    "{Thing} details: {list}",
    "{Thing} attributes: {list}",
    "- {Thing} fields: {list}",
    "{Thing}: {list}",
    "**{Thing}**: {list}",
    "- {Thing}: {list}",
    "- **{Thing}**: {list}",
    "- {Thing} - {list}",
    "- **{Thing}** — {list}",
    "- {Thing} → {list}",
    "{Thing} { {list} }",
    "### {Thing}\n\nFields: {list}.",
    "### {Thing}\n\n{A thing} has {ones}.",
    "### {Thing}\n\n- {item}",
    "{Things}:\n\n- {item}",
    "Each {thing} has:\n\n- {item}",
    "- {Thing}\n  - {item}",
    "- **{Thing}**\n  - {item}",
    "- **{Things}:**\n  - {item}",
];

fn article(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

fn and(parts: &[String]) -> String {
    let (last, front) = parts.split_last().expect("fields");
    format!("{} and {last}", front.join(", "))
}

/// A thing, said in one of the ways.
fn say(way: &str, thing: &str, fields: &[&str]) -> String {
    let low = thing.to_lowercase();
    let all: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let ones: Vec<String> = fields.iter().map(|field| article(field)).collect();
    let text = way
        .replace("{A thing}", &capital(&article(&low)))
        .replace("{a thing}", &article(&low))
        .replace("{Thing}", thing)
        .replace("{thing}", &low)
        .replace("{Things}", &format!("{thing}s"))
        .replace("{things}", &format!("{low}s"))
        .replace("{list}", &all.join(", "))
        .replace("{and}", &and(&all))
        .replace("{ones}", &and(&ones));
    let lines = text.lines().flat_map(|line| {
        let count = if line.contains("{item}") { fields.len() } else { 1 };
        (0..count).map(move |at| line.replace("{item}", fields[at]))
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// All things in one document, and what of them is not stated.
fn lost(place: &str, way: &str) -> Vec<String> {
    let said: Vec<String> = THINGS.iter().map(|(thing, fields)| say(way, thing, fields)).collect();
    let is_list = way.starts_with("- ") && !way.contains('\n');
    let text = format!("{place}{}\n", said.join(if is_list { "\n" } else { "\n\n" }));
    let mut sources = Sources::default();
    sources.add("requirements.md", text);
    let reading = read(&sources);
    let plain = |name: &str| name.to_lowercase().replace('_', " ");
    let stated: Vec<(String, String)> = reading
        .statements
        .iter()
        .filter_map(|statement| {
            let Fact::Field { entity, field } = &statement.fact else { return None };
            Some((plain(entity), plain(&field.name)))
        })
        .collect();
    let is_of = |entity: &str, thing: &str| {
        let thing = thing.to_lowercase();
        entity == thing || entity.strip_suffix('s') == Some(thing.as_str())
    };
    let mut lost = Vec::new();
    for (thing, fields) in THINGS {
        for field in fields {
            if !stated.iter().any(|(entity, name)| is_of(entity, thing) && name == field) {
                lost.push(format!("{thing}.{field}"));
            }
        }
    }
    for (entity, name) in &stated {
        let is_known = THINGS
            .iter()
            .any(|(thing, fields)| is_of(entity, thing) && fields.contains(&name.as_str()));
        if !is_known {
            lost.push(format!("{entity}.{name} is made up"));
        }
    }
    lost
}

#[test]
fn each_way_of_saying_it_is_read_alike_everywhere() {
    let mut faults = Vec::new();
    for place in PLACES {
        for way in WAYS {
            let lost = lost(place, way);
            if !lost.is_empty() {
                faults.push(format!("{way:?} under {place:?}: {}", lost.join(", ")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_lists_no_fields_gives_none() {
    for text in [
        "# App\n\n## Tech stack\n\n- Backend: Rust, Axum, Tokio\n- Database: PostgreSQL, Redis\n",
        "# App\n\n## Pages\n\n### Basket\n\n- name\n- price\n",
        "# App\n\n## Features\n\n- Search\n  - by name\n  - by price\n- Export\n  - as CSV\n  - as PDF\n",
        "# App\n\n## Rules\n\n### Rate limiting\n\n- creation limits\n- vote restrictions\n",
        "# App\n\nThe system consists of a frontend, a backend and a worker.\n",
        "# App\n\nRoles: admin, member, guest\n",
    ] {
        let mut sources = Sources::default();
        sources.add("requirements.md", text);
        let reading = read(&sources);
        let fields: Vec<String> = reading
            .statements
            .iter()
            .filter_map(|statement| {
                let Fact::Field { entity, field } = &statement.fact else { return None };
                (field.name != "role").then(|| format!("{entity}.{}", field.name))
            })
            .collect();
        assert_eq!(fields, Vec::<String>::new(), "{text}");
    }
}

/// The ways to say that an owner has several pets.
const SEVERAL: [&str; 32] = [
    "An owner has many pets.",
    "Each pet belongs to one owner.",
    "An owner can have several pets.",
    "Owners have pets.",
    "A pet belongs to an owner.",
    "One owner can register many pets.",
    "An owner has one or more pets.",
    "Every pet is assigned to an owner.",
    "Pets are assigned to an owner.",
    "Pets are linked to their owner.",
    "Each pet is associated with exactly one owner.",
    "A pet references its owner.",
    "A pet is owned by exactly one owner.",
    "- Owner 1:N Pet",
    "- Owner has many Pets",
    "- Pet → Owner (many-to-one)",
    "- Owner → Pet (one-to-many)",
    "- Owner (1) — (N) Pet",
    "- One-to-many between Owner and Pet",
    "- Owner to Pet: one-to-many",
    "- Owner - Pet: 1:N",
    "- Owner 1 --- * Pet",
    "Each owner owns pets.",
    "An owner may have multiple pets, but a pet has only one owner.",
    "A pet must have an owner.",
    "A pet must belong to an owner.",
    "- **Owner → Pet**: one owner has many pets",
    "- **Owner** has many **Pets**",
    "- `Owner` 1—N `Pet`",
    "- A pet has one owner; an owner has many pets",
    "Every pet has an owner.",
    "A pet may have an owner.",
];

/// The ways to say that there are several on both sides.
const BOTH: [&str; 4] = [
    "- Vet N:M Pet",
    "- Many-to-many between Vet and Pet",
    "A vet has many pets and a pet has many vets.",
    "- Vet ↔ Pet (many-to-many)",
];

/// How many of which belong to how many of which, the one side first.
fn related(way: &str) -> Vec<(String, String, &'static str)> {
    let text = format!(
        "# Clinic\n\n## Data\n\n- **Owner**: name, phone, address\n- **Pet**: name, weight, code\n- **Vet**: name, phone, email\n\n## Relationships\n\n{way}\n"
    );
    let mut sources = Sources::default();
    sources.add("requirements.md", text);
    let reading = read(&sources);
    let found = reading.statements.iter().filter_map(|statement| {
        let Fact::Relationship(it) = &statement.fact else { return None };
        Some((it.from.clone(), it.to.clone(), it.cardinality.unwrap_or("?")))
    });
    let ordered = found.map(|(from, to, count)| match count {
        "N:1" => (to, from, "1:N"),
        "N:M" if from > to => (to, from, "N:M"),
        _ => (from, to, count),
    });
    let mut ordered: Vec<_> = ordered.collect();
    ordered.sort();
    ordered.dedup();
    ordered
}

#[test]
fn each_way_of_relating_two_things_is_read_alike() {
    let mut faults = Vec::new();
    let several = SEVERAL.map(|way| (way, ("Owner", "Pet", "1:N")));
    let both = BOTH.map(|way| (way, ("Pet", "Vet", "N:M")));
    for (way, (one, many, count)) in several.into_iter().chain(both) {
        let found = related(way);
        if found != [(one.to_owned(), many.to_owned(), count)] {
            faults.push(format!("{way:?} gives {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_relates_nothing_gives_nothing() {
    for text in [
        "A pet has a name.",
        "Owners have no pets of the clinic.",
        "Pets are weighed by a scale.",
        "- Weather to Pet: one-to-many",
    ] {
        assert_eq!(related(text), [], "{text}");
    }
}
