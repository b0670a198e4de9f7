//! Sentences of requirements, each in all its variants, with what they state: `sentences/*.txt` hold them.
//!
//! A block is a title after `#`, the things that the document speaks of besides (`given:`), lines of it, and what must be read
//! (`=`), fact by fact. `{a|b}` in a line stands for either: the block is read once for each choice, and must state the same
//! each time. What is not listed must not be stated.

use std::collections::BTreeSet;

use underpin_base::Sources;
use underpin_read::{Fact, read, singular};

const FILES: [(&str, &str); 6] = [
    ("fields", include_str!("sentences/fields.txt")),
    ("things", include_str!("sentences/things.txt")),
    ("relationships", include_str!("sentences/relationships.txt")),
    ("states", include_str!("sentences/states.txt")),
    ("queries", include_str!("sentences/queries.txt")),
    ("nothing", include_str!("sentences/nothing.txt")),
];

/// One way of saying something, and what it states.
struct Block {
    title: String,
    given: Vec<String>,
    lines: Vec<String>,
    expected: BTreeSet<String>,
    /// What may be read and need not be.
    free: BTreeSet<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let whole = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    whole.map(block).collect()
}

fn block(text: &str) -> Block {
    let mut block = Block {
        title: String::new(),
        given: Vec::new(),
        lines: Vec::new(),
        expected: BTreeSet::new(),
        free: BTreeSet::new(),
    };
    let list = |rest: &str| rest.split(';').map(|it| it.trim().to_owned()).collect::<Vec<_>>();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ").filter(|_| block.title.is_empty()) {
            title.clone_into(&mut block.title);
        } else if let Some(rest) = line.strip_prefix("given:") {
            block.given.extend(rest.split(',').map(|it| it.trim().to_owned()));
        } else if let Some(rest) = line.strip_prefix("maybe:") {
            block.free.extend(list(rest));
        } else if let Some(rest) = line.strip_prefix('=') {
            block.expected.extend(list(rest).into_iter().filter(|it| it != "nothing"));
        } else {
            block.lines.push(line.strip_prefix("> ").unwrap_or(line).to_owned());
        }
    }
    block
}

/// A text once for each choice in `{a|b}`.
fn variants(text: &str) -> Vec<String> {
    let Some((front, rest)) = text.split_once('{') else { return vec![text.to_owned()] };
    let (choices, behind) = rest.split_once('}').expect("a closing brace");
    let behind = variants(behind);
    let one = |choice: &str| -> Vec<String> {
        behind.iter().map(|behind| format!("{front}{choice}{behind}")).collect()
    };
    choices.split('|').flat_map(one).collect()
}

fn plain(name: &str) -> String {
    let spaced = name.replace('_', " ").to_lowercase();
    let (front, last) = spaced.rsplit_once(' ').unwrap_or(("", &spaced));
    format!("{front} {}", singular(last)).trim().to_owned()
}

/// So many variants of a block are read; of more, some that stand evenly among all.
const READ: usize = 48;

/// Some of the variants, each choice in one of them.
fn some(all: Vec<String>) -> Vec<String> {
    // No common factor with the numbers of choices: the choices turn at different paces.
    let step = if all.len() <= READ { 1 } else { (all.len() / READ) | 1 };
    all.into_iter().step_by(step).collect()
}

/// What a document states, in the words of the files.
fn stated(text: &str) -> BTreeSet<String> {
    let mut sources = Sources::default();
    sources.add("requirements.md", text);
    let mut facts = BTreeSet::new();
    for statement in &read(&sources).statements {
        match &statement.fact {
            Fact::Entity(it) => {
                facts.insert(plain(&it.name));
            }
            Fact::Field { entity, field } => {
                let name = format!("{}.{}", plain(entity), field.name.to_lowercase());
                let values = match field.enum_values.as_slice() {
                    [] => String::new(),
                    values => format!(" [{}]", values.join(", ").to_lowercase()),
                };
                let required = match field.required {
                    Some(true) => " required",
                    Some(false) => " optional",
                    None => "",
                };
                let unique = if field.unique == Some(true) { " unique" } else { "" };
                facts.insert(format!("{name}{required}{unique}{values}"));
            }
            Fact::Relationship(it) => {
                let (from, to) = (plain(&it.from), plain(&it.to));
                facts.insert(match it.cardinality {
                    Some("N:1") => format!("{to} 1:N {from}"),
                    Some("N:M") if to < from => format!("{to} N:M {from}"),
                    count => format!("{from} {} {to}", count.unwrap_or("?")),
                });
            }
            Fact::Transition { entity, from, to, .. } => {
                let (from, to) = (from.to_lowercase(), to.to_lowercase());
                facts.insert(format!("{}: {from} -> {to}", plain(entity)));
            }
            Fact::AccessPattern(it) => {
                let by: Vec<String> = it.filter.iter().map(|it| it.field.to_lowercase()).collect();
                facts.insert(
                    format!(
                        "read {} by {}",
                        plain(it.entity.as_deref().unwrap_or("?")),
                        by.join(", ")
                    )
                    .trim()
                    .to_owned(),
                );
            }
            _ => {}
        }
    }
    facts
}

/// What a way of saying it loses and makes up.
fn faults(block: &Block, said: &str) -> Vec<String> {
    let given: Vec<String> =
        block.given.iter().map(|it| format!("- Admins manage {it}.")).collect();
    let given = given.join("\n");
    let text = format!(
        "# Requirements\n\n## Overview\n\n{given}\n\n## Functional requirements\n\n{said}\n"
    );
    let stated = stated(&text);
    let about: BTreeSet<String> = block
        .expected
        .iter()
        .chain(&block.free)
        .flat_map(|fact| {
            fact.split([':', '.']).map(str::to_owned).chain(fact.split(" 1:N ").map(str::to_owned))
        })
        .collect();
    let is_known = |name: &str| {
        matches!(name, "admin" | "user" | "clerk" | "staff" | "administrator" | "manager")
            || about.contains(name)
            || block.given.iter().any(|it| plain(it) == name)
    };
    // A sentence that binds makes its fields required: of which ones, the file says where that is what a block is about.
    let says = |facts: &BTreeSet<String>, fact: &str| {
        facts.contains(fact) || facts.contains(&fact.replace(" required", ""))
    };
    let is_there =
        |fact: &str| stated.iter().any(|it| it == fact || it.replace(" required", "") == fact);
    let lost = block.expected.iter().filter(|it| !is_there(it));
    let made_up = stated.iter().filter(|it| {
        let is_thing = !it.contains(['.', ':']) && !it.starts_with("read ");
        let is_read = it.starts_with("read ");
        let reads_matter =
            block.expected.is_empty() || block.expected.iter().any(|it| it.starts_with("read "));
        let is_fine = is_thing && is_known(it) || is_read && !reads_matter;
        // That there is a status, beside what it can be.
        let is_same = block.expected.iter().any(|other| {
            other
                .strip_prefix(it.replace(" required", "").as_str())
                .is_some_and(|rest| rest.starts_with(" ["))
        });
        !says(&block.expected, it) && !says(&block.free, it) && !is_fine && !is_same
    });
    lost.map(|it| format!("lost {it}")).chain(made_up.map(|it| format!("made up {it}"))).collect()
}

#[test]
fn each_sentence_states_the_same_in_all_variants() {
    let mut found = Vec::new();
    let mut count = 0;
    for (file, text) in FILES {
        for block in blocks(text) {
            for said in some(variants(&block.lines.join("\n"))) {
                count += 1;
                let faults = faults(&block, &said);
                if !faults.is_empty() {
                    found.push(format!("{file}, {}: {said:?}: {}", block.title, faults.join("; ")));
                }
            }
        }
    }
    assert!(count > 300, "{count} sentences");
    assert!(found.is_empty(), "{} of {count} sentences:\n{}", found.len(), found.join("\n"));
}
