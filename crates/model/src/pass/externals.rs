//! Entities of other systems: what a foreign key or a relationship names and no document describes.
//! They are kept as what they are, since a design that drops `user_id`'s meaning loses a fact, and
//! one that makes a table of User invents one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use underpin_base::{Diagnostic, Span};
use underpin_read::{Fact, FieldFact};

use crate::codes;
use crate::draft::{Draft, is_outside_name, origin_of};
use crate::names::{Letters, edits, fold_field};
use crate::{EntityId, ExternalId, Origin};

/// Words that stand at the end of a relationship and name nothing that is stored.
const NO_ENTITY: &[&str] = &[
    "system",
    "application",
    "app",
    "platform",
    "database",
    "db",
    "none",
    "n/a",
    "self",
    "any",
    "external",
    "client",
    "server",
    "service",
    "api",
    "frontend",
    "backend",
    "null",
    "table",
    "entity",
    "model",
    "record",
    "all",
    "lookup",
    "constraint",
    "index",
    "relationship",
    "column",
    "field",
    "key",
    "reference",
    "id",
    "other",
    "tbd",
    "yes",
    "no",
];

/// Finds what lives elsewhere. Stated ones come first, so that they are asked about no more.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        if let Fact::External { name } = &statement.fact
            && draft.entity_in_phrase(name).is_none()
        {
            draft.add_external(name, origin_of(statement), statement.span);
        }
    }
    let resolved = resolved_fields(draft);
    let stated = OnceCell::new();
    let spellings = Spellings::new(draft);
    let mut places: BTreeMap<ExternalId, Vec<(String, Span)>> = BTreeMap::new();
    for statement in draft.statements {
        let named = match &statement.fact {
            Fact::Field { entity, field } => {
                let target = field.references.as_ref().filter(|fact| {
                    is_identifier(&fact.entity)
                        && !is_plain_noun(&fact.entity)
                        && draft.entity_called(&fact.entity, &field.name).is_none()
                });
                let elsewhere = || {
                    let key = field_key(draft, entity, field);
                    key.is_some_and(|key| !resolved.contains(&key))
                };
                target.filter(|_| elsewhere()).map(|fact| {
                    (fact.entity.as_str(), format!("`{entity}.{}` refers to it", field.name))
                })
            }
            Fact::Relationship(fact) => {
                // Two unknown ends are a sentence about something else.
                let unknown = |name: &str| draft.entity_in_phrase(name).is_none();
                let name = match (unknown(&fact.from), unknown(&fact.to)) {
                    (true, false) => Some((&fact.from, &fact.to)),
                    (false, true) => Some((&fact.to, &fact.from)),
                    _ => None,
                };
                name.filter(|(name, _)| is_identifier(name) && reads_as_name(name))
                    .map(|(name, other)| (name.as_str(), format!("`{other}` is related to it")))
            }
            _ => None,
        };
        let Some((name, why)) = named else { continue };
        // `stocks.ticker` is a field of what is here.
        let is_path = name.rsplit_once('.').is_some_and(|(entity, field)| {
            draft.entity(entity).is_some_and(|id| {
                let stated = stated.get_or_init(|| stated_fields(draft));
                stated.contains(&(id, fold_field(field)))
            })
        });
        if is_path || draft.entity_in_phrase(name).is_some() || spellings.slip(name) {
            continue;
        }
        let why_outside = if is_outside_name(name) {
            "its name is that of another system"
        } else {
            "documents refer to it and none describes it"
        };
        let origin = Origin::Inferred(why_outside.to_owned());
        let id = draft.add_external(name, origin, statement.span);
        places.entry(id).or_default().push((why, statement.span));
    }
    for (id, places) in places {
        tell(draft, id, &places);
    }
}

/// Whether a reference is said in words of a sentence: "Reference to the collaborating user" names nothing elsewhere that is
/// called so.
fn is_plain_noun(name: &str) -> bool {
    name.contains(' ') && !name.contains(char::is_uppercase)
}

/// Fields whose reference another place resolves: "foreign key lookup" in a list of indexes is no
/// second target.
fn resolved_fields(draft: &Draft<'_>) -> BTreeSet<(EntityId, String)> {
    let resolved = draft.statements.iter().filter_map(|statement| match &statement.fact {
        Fact::Field { entity, field } => {
            draft.entity_in_phrase(&field.references.as_ref()?.entity)?;
            field_key(draft, entity, field)
        }
        _ => None,
    });
    resolved.collect()
}

/// All fields that are stated, since none is resolved yet.
fn stated_fields(draft: &Draft<'_>) -> BTreeSet<(EntityId, String)> {
    let fields = draft.statements.iter().filter_map(|statement| match &statement.fact {
        Fact::Field { entity, field } => field_key(draft, entity, field),
        _ => None,
    });
    fields.collect()
}

fn field_key(draft: &Draft<'_>, entity: &str, field: &FieldFact) -> Option<(EntityId, String)> {
    Some((draft.entity(entity)?, fold_field(&field.name)))
}

/// One message for each, however many fields refer to it, and the question what it is.
fn tell(draft: &mut Draft<'_>, id: ExternalId, places: &[(String, Span)]) {
    const SHOWN: usize = 5;
    let external = draft.model.external(id);
    if external.origin == Origin::Stated {
        return;
    }
    let name = external.name.clone();
    let known = is_outside_name(&name) || external.aliases.iter().any(|name| is_outside_name(name));
    let more = match places.len() - 1 {
        0 => String::new(),
        1 => " and one more place".to_owned(),
        more => format!(" and {more} more places"),
    };
    let Some((first, _)) = places.first() else { return };
    let diagnostic = if known {
        let message = format!("`{name}` belongs to another system: {first}{more}; no foreign key");
        Diagnostic::note(codes::OUTSIDE_REFERENCE, message)
    } else {
        let message = format!(
            "no document describes `{name}`: {first}{more}; taken to live elsewhere, so that no \
             foreign key guards it"
        );
        Diagnostic::warning(codes::UNKNOWN_ENTITY, message)
            .help(format!("describe the entity `{name}` with its fields, or let it be elsewhere"))
    };
    let labelled = places.iter().take(SHOWN);
    let diagnostic =
        labelled.fold(diagnostic, |diagnostic, (why, span)| diagnostic.at(*span, why.clone()));
    draft.report(diagnostic);
    if !known {
        let text =
            format!("Is `{name}` stored elsewhere? {first}{more}, and no document describes it.");
        let assumed = "yes: its keys are kept here without a foreign key";
        draft.ask("external", &name, text, assumed, places.first().map(|(_, span)| *span));
    }
}

/// A name as tables and classes have one: at most three words, and no sign of a sentence.
fn is_identifier(name: &str) -> bool {
    let name = name.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' ');
    !name.is_empty()
        && name.len() <= 63
        && name.chars().all(plain)
        && name.chars().any(char::is_alphabetic)
        && name.split(' ').count() <= 3
        && !NO_ENTITY.contains(&name.to_lowercase().as_str())
}

/// A relationship may stand in a sentence, where only a capital or a separator marks a name.
fn reads_as_name(name: &str) -> bool {
    name.split(' ').all(|word| word.starts_with(char::is_uppercase)) || name.contains(['_', '.'])
}

/// The names of described entities by their first letter, which slips of the pen keep: a search
/// through all of them for each unknown name would take long.
struct Spellings(BTreeMap<char, Vec<(Letters, String)>>);

impl Spellings {
    fn new(draft: &Draft<'_>) -> Self {
        let mut all: BTreeMap<char, Vec<(Letters, String)>> = BTreeMap::new();
        for entity in &draft.model.entities {
            let name = entity.name.to_lowercase();
            if let Some(first) = name.chars().next() {
                all.entry(first).or_default().push((Letters::of(&name), name));
            }
        }
        Self(all)
    }

    /// Whether a described entity is so near that this is its name with a slip of the pen.
    fn slip(&self, name: &str) -> bool {
        if is_outside_name(name) {
            return false;
        }
        let name = name.to_lowercase();
        let letters = Letters::of(&name);
        let known = name.chars().next().and_then(|first| self.0.get(&first));
        known.into_iter().flatten().any(|(of, near)| {
            let most = near.chars().count() / 4;
            near.len().abs_diff(name.len()) <= 2
                && of.least_distance(letters) <= most
                && edits(&name, near) <= most
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::model_text;
    use crate::test_support::{Facts, relationship};

    #[test]
    fn what_is_only_referred_to_lives_elsewhere() {
        let (model, sources) = Facts::default()
            .entity("Profile")
            .field("Profile", "id: uuid* -> auth.users")
            .field("Profile", "home_id: bigint! -> Address")
            .entity("Note")
            .field("Note", "id: uuid*")
            .field("Note", "user_id: uuid!")
            .field("Note", "address_id: bigint")
            .add(relationship("User", "Note", "1:N"))
            .add(relationship("Note", "Comment", "1:N"))
            .build();
        expect![[r#"
            entity Profile  # model.md:1
              id: a UUID, required, refers to User outside  # model.md:2
              home_id: a whole number of 64 bits, required, refers to Address outside  # model.md:3
              key id
            entity Note  # model.md:4
              id: a UUID, required  # model.md:5
              user_id: a UUID, required, refers to User outside [inferred: its name says `User`]  # model.md:6
              address_id: a whole number of 64 bits, refers to Address outside [inferred: its name says `Address`]  # model.md:7
              key id
            outside User also auth.users [inferred: its name is that of another system]  # model.md:2
            outside Address [inferred: documents refer to it and none describes it]  # model.md:3
            outside Comment [inferred: documents refer to it and none describes it]  # model.md:9
            relationship User 1:N Note by Note.user_id  # model.md:8
            relationship Note 1:N Comment  # model.md:9
            relationship User 1:1 Profile by Profile.id [inferred: `Profile.id` refers to `User`]  # model.md:2
            relationship Address 1:N Profile by Profile.home_id [inferred: `Profile.home_id` refers to `Address`]  # model.md:3
            relationship Address 1:N Note by Note.address_id [inferred: `Note.address_id` refers to `Address`]  # model.md:7
            question address.external: Is `Address` stored elsewhere? `Profile.home_id` refers to it, and no document describes it. (assumed: yes: its keys are kept here without a foreign key)  # model.md:3
            question comment.external: Is `Comment` stored elsewhere? `Note` is related to it, and no document describes it. (assumed: yes: its keys are kept here without a foreign key)  # model.md:9
            question note.required-fields: Which fields of `Note` may be empty? No document says for `address_id`. (assumed: all)  # model.md:4
        "#]].assert_eq(&model_text(&model, &sources));
    }

    #[test]
    fn a_slip_of_the_pen_and_a_sentence_are_no_entities() {
        let diagnostics = Facts::default()
            .entity("Customer")
            .field("Customer", "id: uuid*")
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "customer: uuid! -> Custmer")
            .add(relationship("Order", "the platform", "1:N"))
            .add(relationship("Order", "System", "1:N"))
            .add(relationship("Costumer", "Order", "1:N"))
            .diagnostics();
        expect![[r#"
            error M001 :5 `Order.customer` refers to `Custmer`, which no document describes; the reference cannot be enforced
            warning M013 :6 a relationship is about `the platform`, which no document describes; left out
            warning M013 :7 a relationship is about `System`, which no document describes; left out
            warning M013 :8 a relationship is about `Costumer`, which no document describes; left out
        "#]].assert_eq(&diagnostics);
    }
}
