//! Items that name a thing and list what it has: "Listing: title, price, status (draft, live), up to 5 photos". Nothing in them
//! is a sentence, so that only the list tells the thing from a topic: each part must be able to name a property.

use super::clause::Clause;
use super::inline_fields::Named;
use super::noun::is_generic;
use super::titled;
use crate::FieldFact;
use crate::notation::field_phrases::{item_fields, limits};
use crate::words::split_once_any;

/// The fewest fields and limits that make a thing of the name before them.
const ENOUGH: usize = 2;

/// What a list behind them holds is no property of a thing.
const LISTED: &[&str] = &[
    "states", "state", "statuses", "values", "options", "types", "kinds", "roles", "steps",
    "stages", "phases",
];

/// The same of a line that is no item.
const ENOUGH_ALONE: usize = 3;

/// Whether a name that is that of a property elsewhere names a thing here: "author" is one of a book, and with several
/// properties of its own a thing.
pub(super) fn is_thing_with(name: &str, fields: &[FieldFact]) -> bool {
    fields.len() >= 3 && !name.contains(' ')
}

/// The thing that an item names, and its fields.
pub(super) fn find(clause: &Clause) -> Option<Named> {
    let (name, list) = split(&clause.text)?;
    let fields = item_fields(list);
    let property = || (!is_generic(name) && is_thing_with(name, &fields)).then(|| name.to_owned());
    let owner = titled::noun(name).or_else(property)?;
    let said = fields.len() + limits(list).len();
    // A line of its own says less than an item among others.
    let are_properties = !list.contains('(') && titled::are_properties(list);
    let enough = if clause.is_item || are_properties { ENOUGH } else { ENOUGH_ALONE };
    (!fields.is_empty() && said >= enough).then_some(Named { owner: Some(owner), fields })
}

/// How many or how much there may be of something, among the fields of an item.
pub(super) fn limits_of(clause: &Clause) -> Vec<&str> {
    if find(clause).is_none() {
        return Vec::new();
    }
    split(&clause.text).map(|(_, list)| limits(list)).unwrap_or_default()
}

/// The name of an item, and the list behind it.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    // "Pet { name, species }", "Table pets (name, species)".
    let braces =
        text.split_once(" { ").and_then(|(name, list)| Some((name, list.strip_suffix('}')?)));
    let table = || {
        let rest = text.strip_prefix("Table ").or_else(|| text.strip_prefix("Entity "))?;
        let (name, list) = rest.split_once(" (")?;
        Some((name, list.strip_suffix(')')?))
    };
    let named = |marks: &[&str]| split_once_any(text, marks);
    let (name, list) =
        braces.or_else(table).or_else(|| named(&[": ", " — ", " – ", " - ", " → "]))?;
    // "Required fields: name" leaves it to the heading whose they are.
    if super::section_label::is_label(&super::tag::tag(name.trim().trim_matches('*'))) {
        return None;
    }
    // "`pets` table: name, species".
    let in_code = name.trim().strip_suffix("` table");
    let is_capital = name.trim().trim_matches('*').starts_with(char::is_uppercase);
    let name = without_field_word(match in_code {
        Some(name) => name.trim_start_matches('`'),
        None => name.trim().trim_matches('*'),
    });
    // "members - name, email (unique), phone" is jotted down without capitals.
    let is_jotted = !name.contains(' ')
        && super::noun::singular(name) != name
        && name.chars().all(|c| c.is_ascii_lowercase())
        && super::usual::is_usual(name);
    let is_written = is_capital || in_code.is_some() || is_jotted;
    // "Form includes: …" is about the thing of the heading.
    let is_form =
        name.to_lowercase().starts_with("form ") || name.to_lowercase().starts_with("the form");
    let is_name = (is_written || text.starts_with("Table "))
        && !is_form
        && name.split_whitespace().count() <= 3;
    // A sentence behind the name is read as one.
    let list = list.trim().trim_end_matches('.');
    // "Terminal states: completed, returned" lists what its last word says.
    let is_listed =
        name.rsplit(' ').next().is_some_and(|last| LISTED.contains(&&*last.to_lowercase()));
    (is_name && !is_listed && !list.contains(". ")).then_some((name, list))
}

/// "Pet" of "Pet details" and "Pet attributes"; "Contact details" are those of something else.
pub(crate) fn without_field_word(name: &str) -> &str {
    const WORDS: &[&str] =
        &["details", "attributes", "fields", "properties", "information", "info"];
    if let Some(thing) = of_form(name) {
        return thing;
    }
    // "Show pet information: name, species": of the pet.
    let name =
        ["Show ", "Display "].iter().find_map(|verb| name.strip_prefix(verb)).unwrap_or(name);
    let Some((thing, last)) = name.rsplit_once(' ') else { return name };
    if WORDS.contains(&&*last.to_lowercase()) && !is_sort(thing) { thing } else { name }
}

/// What a form is for, at the beginning of a sentence about it: "pet" of "Pet registration form includes fields".
pub(super) fn of_form(title: &str) -> Option<&str> {
    const FORMS: &[&str] =
        &[" form includes", " form contains", " form has", " form asks for", " form"];
    const STEPS: &[&str] = &[" registration", " creation", " submission", " edit"];
    let title = title.trim_end_matches(" fields");
    let thing = FORMS.iter().find_map(|form| title.strip_suffix(form))?;
    let thing = STEPS.iter().find_map(|step| thing.strip_suffix(step)).unwrap_or(thing);
    (!thing.is_empty() && !is_sort(&thing.to_lowercase()) && !thing.eq_ignore_ascii_case("the"))
        .then_some(thing)
}

/// Words before "details" that say which, and not of what.
pub(super) fn is_sort(word: &str) -> bool {
    const SORTS: &[&str] = &[
        "personal",
        "contact",
        "sensitive",
        "basic",
        "additional",
        "general",
        "other",
        "common",
        "key",
        "technical",
        "following",
        "required",
        "optional",
        "mandatory",
        "main",
        "further",
        "more",
        "full",
        "billing",
        "shipping",
        "important",
        "relevant",
        "core",
        "extra",
        "stored",
        "form",
        "input",
        "output",
        "public",
        "private",
        "internal",
        "confidential",
        "educational",
        "financial",
        "medical",
        "demographic",
        "identity",
        "login",
        "account",
        "background",
    ];
    SORTS.contains(&&*word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lists_of_states_name_no_thing() {
        assert!(super::split("Terminal states: completed, returned").is_none());
        assert!(super::split("Listing: title, price").is_some());
    }

    #[test]
    fn items_that_name_a_thing_and_list_what_it_has() {
        check(
            "# Requirements\n\n## Domain\n\n- Member: name, email, status active/frozen/left, joined on\n- Listing: title, price in cents, status (draft, live), up to 5 photos per listing\n- Group: name, max 20 people\n",
            &expect![[r#"
                5 prose-entities  entity Member -- name, email, status active/frozen/left, joined on
                5 prose-inline-fields  field Member.name
                5 prose-inline-fields  field Member.email
                5 prose-inline-fields  field Member.status [active | frozen | left]
                5 prose-inline-fields  field Member.joined on
                6 prose-entities  entity Listing -- title, price in cents, status (draft, live), up to 5 photos per listing
                6 prose-entities  entity Photo
                6 prose-inline-fields  field Listing.title
                6 prose-inline-fields  field Listing.price -- in cents
                6 prose-inline-fields  field Listing.status [draft | live]
                6 prose-inline-fields  rule Listing: up to 5 photos per listing
                6 prose-values  field Listing.status [draft | live]
                6 prose-cardinality  relationship Listing 1:N Photo
                7 prose-entities  entity Group -- name, max 20 people
                7 prose-inline-fields  field Group.name
                7 prose-inline-fields  rule Group: max 20 people
            "#]],
        );
    }

    #[test]
    fn marks_and_units_among_the_names() {
        check(
            "# Clinic\n\n**Pet**: name, species (dog, cat, other), weight in kg (max 200), chip number - unique, optional\n",
            &expect![[r#"
                3 prose-entities  entity Pet
                3 prose-inline-fields  field Pet.name required
                3 prose-inline-fields  field Pet.species required [dog | cat | other]
                3 prose-inline-fields  field Pet.weight required {max 200} -- in kg
                3 prose-inline-fields  field Pet.chip number optional unique
            "#]],
        );
    }

    #[test]
    fn topics_and_lists_of_other_things() {
        check(
            "# Requirements\n\n## Notes\n\n- Roles: admin, member, guest\n- Payment: card, cash\n- Search: filter, sort, page\n- Screens: home, profile, settings\n- Speed: pages load in at most 2 seconds\n",
            &expect![[r#"
                5 prose-entities  entity User
                5 prose-role  field User.role enum [admin | member | guest]
                6 prose-entities  entity Payment
            "#]],
        );
    }

    #[test]
    fn lines_with_a_label_go_on_in_lists_and_say_what_they_belong_to() {
        check(
            "# Vet clinic\n\nTreats pets.\n\n## Data\n\n**Owner**: name, email (unique), phone\n**Pet**: name, species (dog, cat, other), born_on, belongs to an owner\n**Visit**: pet, vet, starts_at, status, notes\n - status: booked -> arrived -> done; booked -> cancelled\n - notes are optional\n**Vet**: name, licence number unique\n**Rules**: fast, cheap\n\n**Bill**: visit, amount, paid_at\n\n## Queries\n\n- visits of a pet, newest first, paged by 20\n- search owners by part of name\n- book a visit (2/s)\n- delete visits older than 5 years every night\n- visits not older than 5 days\n",
            &expect![[r#"
                7 field-notes  entity Owner
                7 field-notes  field Owner.name
                7 field-notes  field Owner.email unique
                7 field-notes  field Owner.phone
                8 field-notes  entity Pet
                8 field-notes  field Pet.name
                8 field-notes  field Pet.species [dog | cat | other]
                8 field-notes  field Pet.born_on
                8 field-notes  relationship Owner 1:N Pet
                9 field-notes  entity Visit
                9 field-notes  field Visit.pet -> Pet
                9 field-notes  field Visit.vet -> Vet
                9 field-notes  field Visit.starts_at
                9 field-notes  field Visit.status
                9 field-notes  field Visit.notes
                10 transition-list  transition Visit: booked -> arrived
                10 transition-list  transition Visit: arrived -> done
                10 transition-list  transition Visit: booked -> cancelled
                11 prose-field-facts  field Visit.notes optional
                12 field-notes  entity Vet
                12 field-notes  field Vet.name
                12 field-notes  field Vet.licence number unique
                15 field-notes  entity Bill
                15 field-notes  field Bill.visit -> Visit
                15 field-notes  field Bill.amount
                15 field-notes  field Bill.paid_at
                19 query-list  read "visits of a pet, newest first, paged by 20" of Visit by pet = ? sorted time desc limit 20 [inferred: a list of queries names it]
                20 query-list  read "search owners by part of name" of Owner by part of name = ? if given [inferred: a list of queries names it]
                21 query-list  read "book a visit" of Visit by book = book at 2/s (2/s) [inferred: a list of queries names it]
                22 query-list  delete "delete visits older than 5 years every night" of Visit by age in older than 5 years [inferred: a list of queries names it]
                23 query-list  read "visits not older than 5 days" of Visit by age in last 5 days [inferred: a list of queries names it]
            "#]],
        );
    }
}
