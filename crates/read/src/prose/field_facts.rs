//! What sentences say of one field that is known: its default, its values, whether it must be there. "Language
//! defaults to en", "the condition of a copy is new, good or worn", "a phone number is optional".

use underpin_base::Phrases;

use super::field_phrase;
use super::noun::singular;
use super::{in_each, is_free, over_clauses};
use crate::document::Document;
use crate::notation::Output;
use indexmap::IndexMap;

use crate::words::{fold, lower_words, split_once_any, split_top, unquote};
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str = "Sentences about one known field: \"language defaults to en\", \"the condition of a copy is \
     new, good or worn\", \"a phone number is optional\".";

/// What a sentence says of the fields that it begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// What a new row has there.
    Default(String),
    /// One of these stands there.
    Values(Vec<String>),
    /// Whether something must stand there.
    Required(bool),
    /// No two rows have the same there.
    Unique,
    /// Something must stand there in each row of what is called so, and not of some of them.
    Had(String),
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let known = &*out;
        let found = in_each(clauses, |clause| {
            let (subject, said) = parts(clause.text.trim().trim_end_matches(['.', ';']))?;
            // That a value must be there takes nothing from what else the line says.
            let is_presence = matches!(said, Said::Required(_) | Said::Had(_));
            let is_free = is_free(document, clause, known);
            // A line of its own is for who reads rules.
            let is_read = if said == Said::Unique { !is_free } else { is_presence || is_free };
            is_read.then_some(())?;
            let owner = known.entity_of(document, clause.section);
            if is_all_others(&subject) {
                return Some((About::Others(owner), said));
            }
            let fields = fields(&subject, owner.as_deref(), known)?;
            // "Every shut visit must have a note": the others need none.
            let is_whole = |of: &str| fields.iter().all(|(entity, _)| fold(entity) == fold(of));
            if let Said::Had(of) = &said {
                is_whole(of).then_some(())?;
            }
            Some((About::Fields(fields), said))
        });
        let mut of_others = Vec::new();
        for (clause, found) in clauses.iter().zip(found) {
            let Some((about, said)) = found else { continue };
            let span = document.span(clause.range.clone());
            let fields = match (about, &said) {
                (About::Fields(fields), _) => fields,
                (About::Others(owner), Said::Required(required)) => {
                    of_others.push((span, owner, *required));
                    continue;
                }
                (
                    About::Others(_),
                    Said::Default(_) | Said::Values(_) | Said::Had(_) | Said::Unique,
                ) => continue,
            };
            for (entity, name) in fields {
                let field = FieldFact { name, ..FieldFact::default() };
                let field = match said.clone() {
                    Said::Default(value) => FieldFact { default: Some(value), ..field },
                    Said::Values(enum_values) => FieldFact { enum_values, ..field },
                    Said::Required(required) => FieldFact { required: Some(required), ..field },
                    Said::Unique => {
                        let field = FieldFact { unique: Some(true), ..field };
                        out.infer_field_beside(span, &entity, field, "a sentence says so");
                        continue;
                    }
                    // That it is unique as well is for who reads rules.
                    Said::Had(_) => {
                        let field = FieldFact { required: Some(true), ..field };
                        out.infer_field_beside(span, &entity, field, "each must have one");
                        continue;
                    }
                };
                out.state(document, span, Fact::Field { entity, field });
            }
        }
        // Others are those of which nothing is said anywhere.
        for (span, owner, required) in of_others {
            for (entity, name) in unsaid(owner.as_deref(), out) {
                let field = FieldFact { name, required: Some(required), ..FieldFact::default() };
                out.state(document, span, Fact::Field { entity, field });
            }
        }
    });
}

/// What a sentence is about.
#[derive(Debug)]
enum About {
    /// These fields.
    Fields(Vec<(String, String)>),
    /// All fields of one entity, or of all, of which nothing else is said.
    Others(Option<String>),
}

/// "All other columns", "the remaining fields", "all fields".
fn is_all_others(subject: &str) -> bool {
    let words = lower_words(subject);
    let words: Vec<&str> = words.iter().map(smol_str::SmolStr::as_str).collect();
    let is_field =
        |word: &&str| matches!(*word, "columns" | "fields" | "attributes" | "properties");
    match words.as_slice() {
        ["all", "others"] | ["the", "others" | "rest"] | ["everything", "else"] => true,
        ["all", field] | ["all" | "the", "other" | "others" | "remaining", field] => {
            is_field(field)
        }
        ["all", "the" | "of", "other" | "remaining", field] => is_field(field),
        _ => false,
    }
}

/// The fields of an entity, or of all, of which no document says whether they may be empty.
fn unsaid(owner: Option<&str>, out: &Output) -> Vec<(String, String)> {
    let mut fields: IndexMap<(String, String), (String, String, bool)> = IndexMap::new();
    for statement in out.stated() {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        if owner.is_some_and(|owner| fold(owner) != fold(entity)) {
            continue;
        }
        let entry = fields
            .entry((fold(entity), fold(&field.name)))
            .or_insert_with(|| (entity.clone(), field.name.clone(), false));
        entry.2 |= field.required.is_some() || field.primary_key == Some(true);
    }
    let open = fields.into_values().filter(|(.., is_said)| !is_said);
    open.map(|(entity, field, _)| (entity, field)).collect()
}

/// The subject of a sentence and what is said of it; `None` where it is of another kind.
fn parts(text: &str) -> Option<(String, Said)> {
    const LONGEST: usize = 160;
    if text.len() > LONGEST || text.ends_with([':', '?']) {
        return None;
    }
    let lower = text.to_lowercase();
    // Another length would put the two out of step.
    if lower.len() != text.len() {
        return None;
    }
    default(text, &lower)
        .or_else(|| presence(text, &lower))
        .or_else(|| unique(text, &lower))
        .or_else(|| listed(text, &lower))
}

/// "Email must be unique": of which rows, nothing more is said.
fn unique(text: &str, lower: &str) -> Option<(String, Said)> {
    let ends =
        [" must be unique", " is unique", " are unique", " shall be unique", " has to be unique"];
    let end = ends.iter().find(|end| lower.ends_with(*end))?;
    let subject = &text[..text.len() - end.len()];
    (subject.split(' ').count() <= 4).then(|| (subject.to_owned(), Said::Unique))
}

/// Verbs between a field and its default.
const SETTING: &[&str] = &[
    " defaults to ",
    " default to ",
    " starts at ",
    " start at ",
    " starts with ",
    " has the default value ",
    " has a default of ",
];

/// What says behind a value that it is the default.
const ELSE: &[&str] = &[
    " by default",
    " unless stated otherwise",
    " unless otherwise stated",
    " unless something else is given",
];

/// "Language defaults to en", "by default the condition is new", "the number of renewals is 0 by default".
fn default(text: &str, lower: &str) -> Option<(String, Said)> {
    let said = |subject: &str, value: &str| {
        let value = unquote(value.trim());
        let is_value = !value.is_empty() && value.split(' ').count() == 1;
        is_value.then(|| (subject.trim().to_owned(), Said::Default(value.to_owned())))
    };
    if let Some((verb, at)) = lower.first_of(SETTING) {
        return said(&text[..at], &text[at + verb.len()..]);
    }
    let verbs = [" is set to ", " are set to ", " is ", " are "];
    let split = |part: &str, from: usize| {
        let verb = verbs.iter().find_map(|verb| Some((part.find(verb)?, verb.len())));
        verb.map(|(at, length)| (from..from + at, from + at + length..from + part.len()))
    };
    if let Some(rest) =
        lower.strip_prefix("by default").map(|rest| rest.trim_start_matches([',', ' ']))
    {
        let (subject, value) = split(rest, lower.len() - rest.len())?;
        return said(&text[subject], &text[value]);
    }
    if let Some(front) = ELSE.iter().find_map(|end| lower.strip_suffix(end)) {
        let (subject, value) = split(front, 0)?;
        return said(&text[subject], &text[value]);
    }
    let rest = ["the default value of ", "the default for ", "the default of ", "default for "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))?;
    let (subject, value) = split(rest, lower.len() - rest.len())?;
    said(&text[subject], &text[value])
}

/// "A phone number is optional", "title and ISBN are mandatory", "the birth date may be left empty".
fn presence(text: &str, lower: &str) -> Option<(String, Said)> {
    const OPTIONAL: &[&str] = &[
        " is optional",
        " are optional",
        " is not required",
        " are not required",
        " may be empty",
        " may be left empty",
        " can be left empty",
        " can be empty",
        " may be left blank",
        " can be left blank",
        " may be blank",
        " may be missing",
        " can be missing",
        " may be omitted",
        " can be omitted",
        " may be null",
        " can be null",
        " is not mandatory",
        " are not mandatory",
    ];
    const REQUIRED: &[&str] = &[
        " is required",
        " are required",
        " is mandatory",
        " are mandatory",
        " is always required",
        " must be given",
        " must be provided",
        " must be present",
        " must not be empty",
        " cannot be empty",
        " must be filled in",
        " may not be empty",
        " must be specified",
    ];
    // "can be `null`"
    let plain = text.contains('`').then(|| (text.replace('`', ""), lower.replace('`', "")));
    let code = leading_code(text);
    let (text, lower) = plain.as_ref().map_or((text, lower), |(text, lower)| (text, lower));
    let front = |ends: &[&str]| {
        let end = ends.iter().find(|end| lower.ends_with(*end))?;
        let subject = &text[..text.len() - end.len()];
        // "`paid_by` names the guest who pays and can be null"
        let code = code.filter(|_| subject.ends_with(" and") || subject.ends_with(" and it"));
        Some(code.unwrap_or(subject).to_owned())
    };
    front(OPTIONAL)
        .map(|subject| (subject, Said::Required(false)))
        .or_else(|| front(REQUIRED).map(|subject| (subject, Said::Required(true))))
        .or_else(|| had(text, lower))
}

/// "Every vehicle must have a unique registration number": the registration number of a vehicle.
fn had(text: &str, lower: &str) -> Option<(String, Said)> {
    const HAVING: &[&str] = &[
        " must have a unique ",
        " must have exactly one ",
        " must have a ",
        " must have an ",
        " shall have a unique ",
        " shall have exactly one ",
        " shall have a ",
        " shall have an ",
    ];
    let each = ["every ", "each "].iter().find(|each| lower.starts_with(**each))?;
    let (at, verb) = HAVING.iter().find_map(|verb| Some((lower.find(verb)?, verb)))?;
    let (owner, field) = (text.get(each.len()..at)?, &text[at + verb.len()..]);
    let is_bare = |text: &str| {
        (1..=3).contains(&text.split(' ').count())
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
    };
    (is_bare(owner) && is_bare(field))
        .then(|| (format!("the {field} of a {owner}"), Said::Had(owner.to_owned())))
}

/// The name that a sentence begins with, set as code.
fn leading_code(text: &str) -> Option<&str> {
    text.strip_prefix('`')?.split_once('`').map(|(code, _)| code)
}

/// Words that say something else of a field than a value of it.
const OTHER: &[&str] = &[
    "required",
    "optional",
    "unique",
    "null",
    "empty",
    "positive",
    "negative",
    "missing",
    "valid",
    "invalid",
    "immutable",
    "mandatory",
    "true",
    "false",
    "nullable",
    "zero",
];

/// "The condition of a copy is new, good, worn or damaged", "condition can be one of new and worn".
fn listed(text: &str, lower: &str) -> Option<(String, Said)> {
    const SURE: &[&str] = &[
        " is one of ",
        " are one of ",
        " can be one of ",
        " may be one of ",
        " must be one of ",
        " must be either ",
        " is either ",
        " can be either ",
        " may be either ",
        " takes one of the values ",
        " has one of the values ",
    ];
    const BEING: &[&str] = &[" can be ", " may be ", " is ", " are "];
    let (list, subject, is_sure) = match split_once_any(lower, SURE) {
        Some((subject, list)) => (list, subject, true),
        None => {
            let (subject, list) = split_once_any(lower, BEING)?;
            (list, subject, false)
        }
    };
    let list = &text[text.len() - list.len()..];
    let list = list.trim_start_matches(": ");
    let is_list = list.contains(" or ") && list.contains(',');
    if !is_sure && !is_list {
        return None;
    }
    let values: Vec<String> = split_top(list, &[','])
        .into_iter()
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("or ").trim_start_matches("and "))
        .map(|part| unquote(part).trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let is_value = |value: &String| {
        let words = lower_words(value);
        (1..=2).contains(&words.len())
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
            && value.starts_with(char::is_alphabetic)
            && !words.iter().any(|word| OTHER.contains(&word.as_str()))
    };
    let least = if is_sure { 2 } else { 3 };
    (values.len() >= least && values.iter().all(is_value))
        .then(|| (text[..subject.len()].to_owned(), Said::Values(values)))
}

/// The fields that a subject names, all of them or none.
fn fields(subject: &str, owner: Option<&str>, out: &Output) -> Option<Vec<(String, String)>> {
    let subject = strip_number_of(subject.trim());
    let one = |phrase: &str| {
        let phrase = phrase.trim();
        field_phrase::named(phrase, owner, out).or_else(|| {
            let bare = field_phrase::without_article(&phrase.to_lowercase()).replace('`', "");
            [
                bare.as_str(),
                &singular(&bare),
                bare.trim_end_matches(" number"),
                bare.trim_end_matches(" address"),
            ]
            .into_iter()
            .find_map(|name| {
                let owner = out.only_owner_of(name)?;
                Some((owner.to_owned(), out.field(owner, name)?.to_owned()))
            })
        })
    };
    if let Some(found) = one(subject) {
        return Some(vec![found]);
    }
    // "Title and start of an event": both are the event's.
    let (list, of) = match subject.rsplit_once(" of ") {
        Some((list, of)) => (list, format!(" of {of}")),
        None => (subject, String::new()),
    };
    let parts: Vec<&str> = list.split(", ").flat_map(|part| part.split(" and ")).collect();
    (parts.len() > 1).then_some(())?;
    parts.into_iter().map(|part| one(&format!("{}{of}", part.trim_start_matches("and ")))).collect()
}

/// "The number of renewals" is kept in `renewals`.
fn strip_number_of(subject: &str) -> &str {
    ["The number of ", "the number of "]
        .iter()
        .find_map(|lead| subject.strip_prefix(lead))
        .unwrap_or(subject)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn all_others() {
        check(
            "## Band\n- id: uuid\n- name: text\n- country: text\n- fee: decimal, optional\n\n## Notes\n\n- `country` is optional; all other columns are mandatory.\n",
            &expect![[r#"
                1 bullet-fields  entity Band
                2 bullet-fields  field Band.id uuid
                3 bullet-fields  field Band.name text
                4 bullet-fields  field Band.country text
                5 bullet-fields  field Band.fee decimal optional
                9 prose-field-facts  field Band.country optional
                9 prose-field-facts  field Band.id required
                9 prose-field-facts  field Band.name required
            "#]],
        );
        // What sentences about something else say is of no field.
        check(
            "## Band\n- id: uuid\n- name: text\n\n## Notes\n\n- All other bands are mandatory.\n- All columns are nice.\n",
            &expect![[r#"
                1 bullet-fields  entity Band
                2 bullet-fields  field Band.id uuid
                3 bullet-fields  field Band.name text
                7 prose-rule-sentence  rule *: All other bands are mandatory [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn what_each_must_have() {
        check(
            "## Car\n\n- id: uuid\n- plate_number: text\n- note: text\n- status: text\n\n## Notes\n\n- Every car must have a unique plate number.\n- Every sold car must have a note.\n- Every car must have a driver.\n",
            &expect![[r#"
                1 bullet-fields  entity Car
                3 bullet-fields  field Car.id uuid
                4 bullet-fields  field Car.plate_number text
                5 bullet-fields  field Car.note text
                6 bullet-fields  field Car.status text
                10 prose-field-facts  field Car.plate_number required [inferred: each must have one]
                11 prose-rule-sentence  rule *: Every sold car must have a note [inferred: its words bind, and it is a rule where fields give it a meaning]
                12 prose-rule-sentence  rule *: Every car must have a driver [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    const COPY: &str = "## Copy\n- id: uuid\n- condition: text\n- language: text\n- renewals: integer\n- phone: text\n- code: text\n\n## Notes\n\n";

    #[test]
    fn what_sentences_say_of_fields() {
        check(
            &[COPY, "The condition of a copy is new, good, worn or damaged. Language defaults to en.\n\nThe number of renewals is 0 by default.\n\nBy default, a copy's condition is new.\n\n- A phone number is optional.\n- Code and language are mandatory.\n- Condition can be one of new and worn.\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Copy
                2 bullet-fields  field Copy.id uuid
                3 bullet-fields  field Copy.condition text
                4 bullet-fields  field Copy.language text
                5 bullet-fields  field Copy.renewals integer
                6 bullet-fields  field Copy.phone text
                7 bullet-fields  field Copy.code text
                11 prose-field-facts  field Copy.condition [new | good | worn | damaged]
                11 prose-field-facts  field Copy.language default en
                13 prose-field-facts  field Copy.renewals default 0
                15 prose-field-facts  field Copy.condition default new
                17 prose-field-facts  field Copy.phone optional
                18 prose-field-facts  field Copy.code required
                18 prose-field-facts  field Copy.language required
                19 prose-field-facts  field Copy.condition [new | worn]
            "#]],
        );
    }

    #[test]
    fn sentences_about_anything_else() {
        check(
            &[COPY, "The weather is fine, wet or cold. The code is short and sweet. The code is unique, required or short. Language defaults to that of the reader.\n\n- By default nothing happens.\n- The door is optional.\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Copy
                2 bullet-fields  field Copy.id uuid
                3 bullet-fields  field Copy.condition text
                4 bullet-fields  field Copy.language text
                5 bullet-fields  field Copy.renewals integer
                6 bullet-fields  field Copy.phone text
                7 bullet-fields  field Copy.code text
                11 prose-rule-sentence  rule *: The code is short and sweet [inferred: its words bind, and it is a rule where fields give it a meaning]
                11 prose-rule-sentence  rule *: The code is unique, required or short [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn what_may_be_null_behind_what_a_field_is() {
        check(
            &[COPY, "- `phone` is that of the reader who has it and can be `null`.\n- `code` and `language` can be `null`.\n- `renewals` counts up where the `condition` can be `null`.\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Copy
                2 bullet-fields  field Copy.id uuid
                3 bullet-fields  field Copy.condition text
                4 bullet-fields  field Copy.language text
                5 bullet-fields  field Copy.renewals integer
                6 bullet-fields  field Copy.phone text
                7 bullet-fields  field Copy.code text
                11 prose-field-facts  field Copy.phone optional
                12 prose-field-facts  field Copy.code optional
                12 prose-field-facts  field Copy.language optional
                13 prose-rule-sentence  rule *: `renewals` counts up where the `condition` can be `null` [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
