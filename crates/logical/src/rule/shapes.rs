//! Further shapes that are stored as stated and reported with the better design: references into several
//! tables, columns for languages, moments as texts, states said twice, files, amounts without a currency.

use underpin_base::Diagnostic;
use underpin_model::{FieldKind, Model};

use super::findings::at;
use super::{
    AMOUNT_WITHOUT_CURRENCY, DERIVED_ATTRIBUTE, FILE_IN_ROW, MANAGED_VALUES, MOMENT_AS_TEXT,
    POLYMORPHIC_REFERENCE, STATE_AS_BOOLEAN, TRANSLATED_ATTRIBUTES,
};
use crate::{Attribute, LogicalDesign, Relation, RelationId};

/// Codes of languages (ISO 639-1) that names of properties end in.
const LANGUAGES: [&str; 24] = [
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "zh", "ja", "ko", "ar", "he", "tr",
    "sv", "da", "fi", "cs", "el", "hu", "ro", "vi",
];

/// What documents call the day of somebody's birth.
const BIRTHS: &[&str] = &["birth_date", "date_of_birth", "birthdate", "birthday", "dob", "born_on"];

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut found = Vec::new();
    let with_currency: Vec<bool> = design.relations.iter().map(has_currency).collect();
    for (id, relation) in design.relations() {
        polymorphic(relation, &mut found);
        translated(relation, &mut found);
        derived(relation, &mut found);
        moments(relation, &mut found);
        states(model, relation, &mut found);
        files(relation, &mut found);
        amounts(design, id, &with_currency, &mut found);
        managed(relation, &mut found);
    }
    design.diagnostics.append(&mut found);
}

/// The words of a name in lower case, joined by `_`.
pub(super) fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if (begins || !c.is_alphanumeric()) && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    out.trim_end_matches('_').to_owned()
}

fn is_text(attribute: &Attribute) -> bool {
    matches!(attribute.kind, FieldKind::Text { .. })
}

/// `commentable_type` beside `commentable_id`.
fn polymorphic(relation: &Relation, found: &mut Vec<Diagnostic>) {
    // A trail tells of rows that are gone.
    if relation.permanences.iter().any(|it| it.is_whole) || is_log(&relation.name) {
        return;
    }
    for (id, attribute) in relation.attributes() {
        let name = plain(&attribute.name);
        let Some(stem) = name.strip_suffix("_id") else { continue };
        let refers = relation.links().any(|link| link.attributes.contains(&id));
        let kind = relation.attributes.iter().find(|other| {
            let other_name = plain(&other.name);
            other_name.strip_suffix("_type") == Some(stem)
                && matches!(other.kind, FieldKind::Text { .. } | FieldKind::Enumeration(_))
        });
        if let (Some(kind), false) = (kind, refers) {
            found.push(at(
                Diagnostic::warning(
                    POLYMORPHIC_REFERENCE,
                    format!(
                        "`{}.{}` refers to whatever `{}` names: no foreign key can follow it, so that it may \
                         refer to what is not there",
                        relation.name, attribute.name, kind.name
                    ),
                )
                .help(
                    "give each kind of target a reference of its own, of which exactly one is set, or an \
                     entity that all targets share",
                ),
                attribute,
                relation,
            ));
        }
    }
}

/// Whether the name says that rows tell of what happened to others.
fn is_log(name: &str) -> bool {
    let name = plain(name);
    [
        "log",
        "logs",
        "event",
        "events",
        "audit",
        "history",
        "activity",
        "activities",
        "outbox",
        "notification",
    ]
    .iter()
    .any(|word| name.split('_').any(|part| part == *word))
}

/// `name_en`, `name_de`.
fn translated(relation: &Relation, found: &mut Vec<Diagnostic>) {
    let parts = |attribute: &Attribute| {
        let name = plain(&attribute.name);
        let (stem, language) = name.rsplit_once('_')?;
        let is_it = is_text(attribute) && LANGUAGES.contains(&language);
        is_it.then(|| (stem.to_owned(), language.to_owned()))
    };
    let mut told: Vec<String> = Vec::new();
    for attribute in &relation.attributes {
        let Some((stem, _)) = parts(attribute) else { continue };
        let languages: Vec<String> = relation
            .attributes
            .iter()
            .filter_map(parts)
            .filter(|(other, _)| *other == stem)
            .map(|(_, language)| language)
            .collect();
        if languages.len() < 2 || told.contains(&stem) {
            continue;
        }
        found.push(at(
            Diagnostic::warning(
                TRANSLATED_ATTRIBUTES,
                format!(
                    "`{}` has `{stem}` once for each language ({}): one more is a change of the table",
                    relation.name,
                    languages.join(", ")
                ),
            )
            .help(format!(
                "describe an entity of translations of `{}`: one row for each language, unique per \
                 `{}` and language",
                relation.name, relation.name
            )),
            attribute,
            relation,
        ));
        told.push(stem);
    }
}

/// `age` beside `birth_date`, `full_name` beside its parts.
fn derived(relation: &Relation, found: &mut Vec<Diagnostic>) {
    let named =
        |names: &[&str]| relation.attributes.iter().find(|it| names.contains(&&*plain(&it.name)));
    let mut tell = |attribute: &Attribute, from: &[&Attribute]| {
        let from: Vec<String> = from.iter().map(|it| format!("`{}`", it.name)).collect();
        found.push(at(
            Diagnostic::warning(
                DERIVED_ATTRIBUTE,
                format!(
                    "`{}.{}` follows from {}: stored, it is true only until one of them or the day changes",
                    relation.name,
                    attribute.name,
                    from.join(" and ")
                ),
            )
            .help("leave it out; a query computes it"),
            attribute,
            relation,
        ));
    };
    if let (Some(age), Some(birth)) = (named(&["age"]), named(BIRTHS)) {
        tell(age, &[birth]);
    }
    let parts =
        (named(&["first_name", "given_name"]), named(&["last_name", "family_name", "surname"]));
    if let (Some(full), (Some(first), Some(last))) = (named(&["full_name"]), parts) {
        tell(full, &[first, last]);
    }
    let ends =
        named(&["expires_at", "expires_on", "expiry_date", "expiration_date", "valid_until"]);
    if let (Some(expired), Some(end)) = (named(&["is_expired", "expired"]), ends) {
        tell(expired, &[end]);
    }
}

/// `created_at` that is a text.
fn moments(relation: &Relation, found: &mut Vec<Diagnostic>) {
    for attribute in relation.attributes.iter().filter(|it| is_text(it)) {
        let name = plain(&attribute.name);
        let is_moment =
            ["_at", "_date", "_datetime", "_timestamp"].iter().any(|end| name.ends_with(end))
                || name.starts_with("date_of_");
        if is_moment {
            found.push(at(
                Diagnostic::warning(
                    MOMENT_AS_TEXT,
                    format!(
                        "`{}.{}` is a text by its type and a moment by its name: any text is let in, and \
                         texts do not sort as moments do",
                        relation.name, attribute.name
                    ),
                )
                .help("make it a timestamp or a date"),
                attribute,
                relation,
            ));
        }
    }
}

/// `is_paid` beside a status that may be `paid`.
fn states(model: &Model, relation: &Relation, found: &mut Vec<Diagnostic>) {
    for attribute in relation.attributes.iter().filter(|it| it.kind == FieldKind::Boolean) {
        let name = plain(&attribute.name);
        let word = ["is_", "was_", "has_been_"].iter().find_map(|it| name.strip_prefix(it));
        let word = word.unwrap_or(&name);
        let holder = relation.attributes.iter().find(|other| match other.kind {
            FieldKind::Enumeration(id) => {
                let name = plain(&other.name);
                let is_state = name.ends_with("status") || name.ends_with("state");
                is_state && model.enumeration(id).values.iter().any(|value| plain(value) == word)
            }
            _ => false,
        });
        if let Some(holder) = holder {
            found.push(at(
                Diagnostic::warning(
                    STATE_AS_BOOLEAN,
                    format!(
                        "`{}.{}` says again what `{}` says with `{word}`: one day they differ",
                        relation.name, attribute.name, holder.name
                    ),
                )
                .help(format!("leave it out; ask whether `{}` is `{word}`", holder.name)),
                attribute,
                relation,
            ));
        }
    }
}

/// A file in a row. Short values, such as hashes, belong there.
fn files(relation: &Relation, found: &mut Vec<Diagnostic>) {
    const SHORT: [&str; 14] = [
        "hash",
        "checksum",
        "digest",
        "salt",
        "key",
        "token",
        "signature",
        "password",
        "nonce",
        "iv",
        "fingerprint",
        "secret",
        "version",
        "rowversion",
    ];
    for attribute in relation.attributes.iter().filter(|it| it.kind == FieldKind::Binary) {
        let name = plain(&attribute.name);
        if name.split('_').any(|word| SHORT.contains(&word)) {
            continue;
        }
        found.push(at(
            Diagnostic::warning(
                FILE_IN_ROW,
                format!(
                    "`{}.{}` keeps a file in a row: it goes through every backup and replica, and is read \
                     and written as a whole",
                    relation.name, attribute.name
                ),
            )
            .help("keep it in object storage; the row holds its key, size, type and checksum"),
            attribute,
            relation,
        ));
    }
}

fn has_currency(relation: &Relation) -> bool {
    relation.attributes.iter().any(|it| plain(&it.name).contains("currency"))
}

/// An amount that no currency reaches, where documents name currencies elsewhere.
fn amounts(
    design: &LogicalDesign,
    id: RelationId,
    with_currency: &[bool],
    found: &mut Vec<Diagnostic>,
) {
    const DEEPEST: usize = 4;
    let relation = design.relation(id);
    let amount = relation.attributes.iter().find(|it| matches!(it.kind, FieldKind::Money { .. }));
    let (Some(amount), true) = (amount, with_currency.contains(&true)) else { return };
    let mut reached = vec![id];
    for _ in 0..DEEPEST {
        let next: Vec<RelationId> = reached
            .iter()
            .flat_map(|&id| design.relation(id).links().map(|link| link.target))
            .filter(|target| !reached.contains(target))
            .collect();
        reached.extend(next);
    }
    if reached.iter().any(|id| with_currency[id.index()]) {
        return;
    }
    found.push(at(
        Diagnostic::warning(
            AMOUNT_WITHOUT_CURRENCY,
            format!(
                "`{}.{}` is an amount without a currency, and documents name currencies elsewhere",
                relation.name, amount.name
            ),
        )
        .help("give the row a currency, or a reference to a row that has one"),
        amount,
        relation,
    ));
}

/// An enumeration whose values somebody edits.
fn managed(relation: &Relation, found: &mut Vec<Diagnostic>) {
    const SAYS: [&str; 8] = [
        "managed by",
        "user-defined",
        "user defined",
        "configurable by",
        "configured by",
        "can be extended by",
        "customizable",
        "maintained by",
    ];
    for attribute in &relation.attributes {
        let said = attribute.description.as_deref().unwrap_or_default().to_lowercase();
        let is_listed = matches!(attribute.kind, FieldKind::Enumeration(_));
        if is_listed && SAYS.iter().any(|words| said.contains(words)) {
            found.push(at(
                Diagnostic::warning(
                    MANAGED_VALUES,
                    format!(
                        "the values of `{}.{}` are managed by users, and a CHECK changes only with a \
                         migration",
                        relation.name, attribute.name
                    ),
                )
                .help("describe the values as an entity with a name, to which this one refers"),
                attribute,
                relation,
            ));
        }
    }
}
