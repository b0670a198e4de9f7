//! Which of the declared types are stored, and what their members state.

use indexmap::{IndexMap, IndexSet};

use super::declared::{Declared, Found, Member, Navigation, code_of};
use super::place::{Passing, Place, is_passing_name, place_of, said};
use crate::document::Document;
use crate::entity_name::{is_structural, read_title, strip_numbering};
use crate::notation::{Mark, Output};
use crate::words::fold;
use crate::{EntityFact, EntityKind, Fact, FieldFact, ReferenceFact, RelationshipFact};

/// States what a document's types say, and sets aside those that are not stored.
pub(crate) fn settle(document: &Document<'_>, mut found: Found, out: &mut Output) {
    found.unalias();
    inherit(&mut found.types);
    for declared in &mut found.types {
        without_interface_letter(document, declared, out);
    }
    let kinds = stored(document, &found, out);
    for (block, at) in &found.others {
        if let Some(code) = code_of(document, *block) {
            out.mark(document, document.code_span(code, at.clone()).range(), Mark::SetAside);
        }
    }
    for (block, name, values, at) in std::mem::take(&mut found.values) {
        let Some(code) = code_of(document, block) else { continue };
        let span = document.code_span(code, at);
        if values.len() > 1 {
            out.state(document, span, Fact::Enumeration { name, values });
        } else {
            out.mark(document, span.range(), Mark::SetAside);
        }
    }
    let mut told: IndexSet<(String, String)> = IndexSet::new();
    let stored = Stored::of(&found.types, &kinds);
    for declared in &found.types {
        let Some(code) = code_of(document, declared.block) else { continue };
        let span = document.code_span(code, declared.range.clone());
        let Some(&kind) = kinds.get(&(declared.block, declared.range.start)) else {
            out.mark(document, span.range(), Mark::SetAside);
            continue;
        };
        let head = document.code_span(code, declared.head.clone());
        out.mark(document, span.range(), Mark::Understood);
        out.state(
            document,
            head,
            Fact::Entity(EntityFact {
                name: declared.name.clone(),
                kind,
                table: declared.table.clone(),
                description: declared.description.clone(),
            }),
        );
        for member in &declared.members {
            let span = document.code_span(code, member.at.clone());
            for fact in facts(declared, member, &stored, &mut told, out) {
                out.state(document, span, fact);
            }
        }
        for (fact, at) in &declared.facts {
            out.state(document, document.code_span(code, at.clone()), fact.clone());
        }
    }
}

/// `IUser` is how code calls the interface of what everybody else calls `User`.
fn without_interface_letter(document: &Document<'_>, declared: &mut Declared, out: &Output) {
    let Some(rest) = declared.name.strip_prefix('I') else { return };
    let mut letters = rest.chars();
    let is_prefix = letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase);
    let heading = document.blocks[declared.block].section.map(|section| document.title(section));
    let is_meant =
        out.known.get(rest).is_some() || heading.is_some_and(|heading| names_type(heading, rest));
    if is_prefix && is_meant {
        declared.name = rest.to_owned();
    }
}

/// Gives each type the members of those that it extends, where these are in the document too.
fn inherit(types: &mut [Declared]) {
    let own: IndexMap<String, (Vec<Member>, Vec<String>)> = types
        .iter()
        .map(|one| (one.name.clone(), (one.members.clone(), one.bases.clone())))
        .collect();
    for declared in types {
        let mut open: Vec<String> = declared.bases.clone();
        let mut seen: IndexSet<String> = IndexSet::from([declared.name.clone()]);
        let mut before = Vec::new();
        while let Some(base) = open.pop() {
            if !seen.insert(base.clone()) || seen.len() > 8 {
                continue;
            }
            if let Some((members, bases)) = own.get(&base) {
                before.extend(members.iter().cloned().map(|member| {
                    // It stands at its own place; here only the head of the type says it.
                    Member { at: declared.head.clone(), ..member }
                }));
                open.extend(bases.iter().cloned());
            }
        }
        before.retain(|member| {
            !declared.members.iter().any(|own| own.field.name == member.field.name)
        });
        declared.members.splice(0..0, before);
    }
}

type Kinds = IndexMap<(usize, usize), EntityKind>;

/// The types that are stored, by their place, with what they are.
fn stored(document: &Document<'_>, found: &Found, out: &Output) -> Kinds {
    let mut kinds = Kinds::new();
    let names: IndexSet<&str> = found.types.iter().map(|one| one.name.as_str()).collect();
    let extended: IndexSet<&str> =
        found.types.iter().flat_map(|one| one.bases.iter().map(String::as_str)).collect();
    let held: IndexSet<&str> = found
        .types
        .iter()
        .flat_map(|one| &one.members)
        .filter_map(|member| member.navigation.as_ref())
        .map(|navigation| navigation.target.as_str())
        .collect();
    let bases = found
        .types
        .iter()
        .map(|one| (one.name.as_str(), one.bases.iter().map(String::as_str).collect()))
        .collect();
    let known = Names { declared: names, extended, held, bases };
    for declared in &found.types {
        if is_entity(document, declared, &known, out) {
            kinds.insert((declared.block, declared.range.start), declared.kind);
        }
    }
    let mut named: IndexMap<&str, Vec<&Declared>> = IndexMap::new();
    for declared in &found.types {
        named.entry(declared.name.as_str()).or_default().push(declared);
    }
    // What an entity holds and has no key of its own lives inside it.
    let mut open: Vec<String> = Vec::new();
    let holds = |declared: &Declared| -> Vec<String> {
        declared
            .members
            .iter()
            .filter_map(|member| member.navigation.as_ref().map(|nav| nav.target.clone()))
            .collect()
    };
    for declared in &found.types {
        if kinds.contains_key(&(declared.block, declared.range.start)) {
            open.extend(holds(declared));
        }
    }
    let mut seen: IndexSet<String> = IndexSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        for declared in named.get(name.as_str()).into_iter().flatten() {
            let place = (declared.block, declared.range.start);
            let is_part = !kinds.contains_key(&place)
                && !has_key(declared)
                && !declared.members.is_empty()
                && declared.functions <= declared.members.len()
                && is_passing_name(&declared.name) != Passing::Surely
                && out.known.get(&declared.name).is_none();
            if is_part {
                kinds.insert(place, EntityKind::ValueObject);
                open.extend(holds(declared));
            }
        }
    }
    kinds
}

fn is_entity(
    document: &Document<'_>,
    declared: &Declared,
    known: &Names<'_>,
    out: &Output,
) -> bool {
    let section = document.blocks[declared.block].section;
    // "Schema" under "Visit model" holds the type of that model.
    let titles = document.path_of(section).map(|section| document.title(section));
    let heading = titles.into_iter().find(|title| !is_structural(title));
    let says_not_stored = document.path_of(section).any(|section| {
        read_title(document.title(section)).is_some_and(|title| title.not_stored.is_some())
    });
    if says_not_stored || declared.members.is_empty() || is_sample_name(&declared.name) {
        return false;
    }
    if declared.is_marked {
        return true;
    }
    if declared.functions > declared.members.len()
        || declared.is_abstract && !known.held.contains(declared.name.as_str())
    {
        return false;
    }
    let is_named = heading.is_some_and(|heading| names_type(heading, &declared.name));
    let passing = is_passing_name(&declared.name);
    if is_named {
        return passing == Passing::No || has_key(declared);
    }
    // `UserCreate` beside `User` is what is sent to make one.
    let is_variant =
        ["Create", "Update", "Base", "In", "Out", "Read", "Public", "Patch", "DB", "List"]
            .iter()
            .any(|end| {
                declared.name.strip_suffix(end).is_some_and(|rest| {
                    known.declared.contains(rest) || out.known.get(rest).is_some()
                })
            });
    let is_form = base_stem(declared, known).is_some_and(|stem| declared.name != stem);
    if is_variant || is_form || out.known.get(&declared.name).is_some() {
        return false;
    }
    if known.extended.contains(declared.name.as_str()) && is_base(declared) {
        return false;
    }
    match (place_of(document, declared.block), passing) {
        (_, Passing::Surely) | (Place::Passing, _) | (Place::Unknown, Passing::Perhaps) => false,
        (Place::Stored, Passing::Perhaps) => has_key(declared),
        (Place::Stored, Passing::No) => {
            has_key(declared) || refers(declared) && !known.held.contains(declared.name.as_str())
        }
        (Place::Unknown, _) => has_key(declared) || joins(declared, known),
    }
}

/// What `SessionBase` is the base of, where a type extends it or one that does: the types beside
/// `Session` itself are forms in which it is sent.
fn base_stem(declared: &Declared, known: &Names<'_>) -> Option<String> {
    let mut bases: Vec<&str> = declared.bases.iter().map(String::as_str).collect();
    let mut seen = 0;
    while let Some(base) = bases.pop() {
        if let Some(stem) = base.strip_suffix("Base").filter(|stem| !stem.is_empty()) {
            return known.declared.contains(base).then(|| stem.to_owned());
        }
        seen += 1;
        if seen > 8 {
            break;
        }
        bases.extend(known.bases.get(base).into_iter().flatten().copied());
    }
    None
}

/// What the types of a document say of each other.
struct Names<'f> {
    declared: IndexSet<&'f str>,
    extended: IndexSet<&'f str>,
    /// Types of members.
    held: IndexSet<&'f str>,
    /// The types that each one extends.
    bases: IndexMap<&'f str, Vec<&'f str>>,
}

/// Whether a type without a key of its own holds that of another: it joins or dates something.
fn refers(declared: &Declared) -> bool {
    declared.members.len() > 1
        && declared.members.iter().any(|member| {
            let name = &member.field.name;
            member.field.references.is_some() || name.ends_with("Id") || name.ends_with("_id")
        })
}

/// Whether a type without a key holds two others that the document declares, and none holds it: it joins them.
fn joins(declared: &Declared, known: &Names<'_>) -> bool {
    let mut others: IndexSet<&str> = IndexSet::new();
    for navigation in declared.members.iter().filter_map(|member| member.navigation.as_ref()) {
        if !navigation.is_list && known.declared.contains(navigation.target.as_str()) {
            others.insert(navigation.target.as_str());
        }
    }
    others.len() > 1
        && declared
            .members
            .iter()
            .all(|member| member.navigation.as_ref().is_none_or(|navigation| !navigation.is_list))
        && !known.held.contains(declared.name.as_str())
}

/// `MyModel` and `ExampleEntity` show how to write one.
fn is_sample_name(name: &str) -> bool {
    ["My", "Your", "Example", "Sample", "Some", "Xxx", "Foo"].iter().any(|start| {
        name.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_uppercase))
    })
}

/// Whether a type only gathers what others share.
fn is_base(declared: &Declared) -> bool {
    declared.name.starts_with("Base")
        || declared.name.ends_with("Base")
        || declared.name.starts_with("Abstract")
        || declared.name.ends_with("Mixin")
}

fn has_key(declared: &Declared) -> bool {
    declared.members.iter().any(|member| {
        member.field.primary_key == Some(true)
            || matches!(fold(&member.field.name).as_str(), "id" | "uuid")
            || fold(&member.field.name) == fold(&declared.name) + "id"
    })
}

/// Whether a heading is about the type: it is its name, or begins with it.
pub(super) fn names_type(heading: &str, name: &str) -> bool {
    let folded = fold(name);
    if let Some(title) = read_title(heading) {
        if fold(&title.name) == folded {
            return true;
        }
    }
    if said(heading) == Place::Passing && fold(strip_numbering(heading)) != folded {
        return false;
    }
    let heading = fold(strip_numbering(heading));
    heading == folded
        || heading.len() > 3 && (heading.starts_with(&folded) || folded.starts_with(&heading))
}

/// The stored types by their names, the first of each.
struct Stored<'f>(IndexMap<&'f str, (&'f Declared, EntityKind)>);

impl<'f> Stored<'f> {
    fn of(types: &'f [Declared], kinds: &Kinds) -> Self {
        let mut stored = IndexMap::new();
        for one in types {
            if let Some(&kind) = kinds.get(&(one.block, one.range.start)) {
                stored.entry(one.name.as_str()).or_insert((one, kind));
            }
        }
        Self(stored)
    }
}

/// Whether the comment beside a member says that a query or a function fills it: no column holds it.
/// Where its type is an entity, the relationship is there nonetheless.
fn is_filled_when_read(field: &FieldFact) -> bool {
    let text = field.description.as_deref().unwrap_or_default().to_lowercase();
    let starts =
        ["populated via ", "populated by ", "joined from ", "from join", "via join", "computed"];
    let is_kept = ["trigger", "generated column", "stored generated", "persisted"];
    text.contains("not stored")
        || text.contains("not persisted")
        || starts.iter().any(|start| text.starts_with(start))
            && !is_kept.iter().any(|word| text.contains(word))
}

/// What a member states: a field, a reference or a relationship.
fn facts(
    declared: &Declared,
    member: &Member,
    stored: &Stored<'_>,
    told: &mut IndexSet<(String, String)>,
    out: &Output,
) -> Vec<Fact> {
    let entity = declared.name.clone();
    let plain = || {
        let fact = Fact::Field { entity: entity.clone(), field: member.field.clone() };
        if is_filled_when_read(&member.field) { Vec::new() } else { vec![fact] }
    };
    let Some(navigation) = &member.navigation else { return plain() };
    let (target, kind) = stored.0.get(navigation.target.as_str()).copied().unzip();
    let own_key = || {
        let name = fold(&member.field.name);
        let snake = fold(&format!("{}_id", member.field.name));
        let names = declared.members.iter().map(|it| &it.field.name);
        names.into_iter().find(|it| fold(it) == format!("{name}id") || fold(it) == snake).cloned()
    };
    let named_key = navigation.key.clone().filter(|_| !navigation.is_list).or_else(own_key);
    let is_entity = match kind {
        Some(kind) => kind != EntityKind::ValueObject,
        // `UserId` beside `User` holds the key of what another document may describe.
        None => {
            navigation.is_marked
                || out.known.get(&navigation.target).is_some()
                || named_key.is_some() && !navigation.is_list
        }
    };
    if !is_entity {
        return plain();
    }
    let back: Option<&Navigation> = target.and_then(|target| {
        target
            .members
            .iter()
            .filter_map(|member| member.navigation.as_ref())
            .find(|back| back.target == declared.name)
    });
    if !navigation.is_list && !navigation.is_inverse {
        let holds_key = named_key.is_some();
        // One on both sides: the one with the key refers, the other only looks back.
        let there = target.is_some_and(|target| {
            target.members.iter().any(|other| {
                fold(&other.field.name) == fold(&declared.name) + "id"
                    || other.field.references.as_ref().is_some_and(|to| to.entity == declared.name)
            })
        });
        let looks_back = !holds_key && !navigation.is_marked && there;
        if !looks_back {
            let reference = ReferenceFact {
                entity: navigation.target.clone(),
                field: None,
                on_delete: navigation.on_delete.clone(),
            };
            let unique = (navigation.cardinality == Some("1:1")).then_some(true);
            let known = named_key
                .filter(|key| *key != member.field.name)
                .filter(|key| declared.members.iter().any(|one| one.field.name == *key));
            return vec![Fact::Field {
                entity,
                field: match known {
                    // The key has a line of its own, which says the rest.
                    Some(name) => FieldFact {
                        name,
                        references: Some(reference),
                        unique,
                        ..FieldFact::default()
                    },
                    None => FieldFact {
                        name: out
                            .field(&declared.name, &format!("{}_id", member.field.name))
                            .unwrap_or(&member.field.name)
                            .to_owned(),
                        references: Some(reference),
                        unique: unique.or(member.field.unique),
                        type_text: None,
                        ..member.field.clone()
                    },
                },
            }];
        }
    }
    let back_is_list = back.is_some_and(|back| back.is_list);
    let cardinality = match navigation.cardinality {
        Some("N:1") => "1:N",
        Some(known) => known,
        None if navigation.is_list && back_is_list && target.is_some_and(|t| t.name != entity) => {
            "N:M"
        }
        None if navigation.is_list => "1:N",
        None => "1:1",
    };
    let mut pair = [entity.clone(), navigation.target.clone()];
    pair.sort();
    if cardinality != "1:N" && !told.insert((pair[0].clone(), pair[1].clone())) {
        return Vec::new();
    }
    vec![Fact::Relationship(RelationshipFact {
        from: entity,
        to: navigation.target.clone(),
        cardinality: Some(cardinality),
        from_required: None,
        to_required: None,
        on_delete: navigation.on_delete.clone(),
        through: navigation.through.clone(),
        label: None,
    })]
}
