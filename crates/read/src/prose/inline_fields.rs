//! Fields that a sentence names one after another: "capture name (required), phone (optional), party
//! size".

use super::clause::Clause;
use super::noun::{coordinated, is_generic, phrase_at, phrases};
use super::property_list::{list, parts, shared_head};
use super::tag::{Tag, Token, behind};
use super::{
    counts_under_condition, criteria, description, identity, in_each, lexicon, over_clauses,
    property_phrase, resolve, section_label,
};
use crate::document::Document;
use crate::notation::Output;
use crate::words::fold;
use crate::{Fact, FieldFact, ReferenceFact};

pub(crate) const DOC: &str =
    "Fields that a sentence names: \"capture name (required), phone (optional), party size\".";

/// Fields in a sentence, with the noun that has them where the sentence says so.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) owner: Option<String>,
    pub(super) fields: Vec<FieldFact>,
}

/// Reads a sentence; `described` is what it gives to any one of a thing.
fn find(text: &str, tokens: &[Token], described: impl FnOnce() -> Option<Named>) -> Option<Named> {
    if counts_under_condition(tokens) {
        return None;
    }
    property_phrase::labelled(text, tokens)
        .filter(has_fields)
        .or_else(|| identity::identified_and_had(text, tokens))
        .or_else(described)
        .or_else(|| had(text, tokens))
        .or_else(|| property_phrase::behind_colon(text, tokens).filter(has_fields))
        .or_else(|| property_phrase::for_each(text, tokens).filter(has_fields))
        .or_else(|| super::occasion::find(text, tokens).filter(has_fields))
        .or_else(|| super::openers::find(text, tokens))
        .or_else(|| super::given::find(text, tokens))
        .or_else(|| super::forms::find(text, tokens))
        .or_else(|| property_phrase::registers(text, tokens).filter(has_fields))
        .or_else(|| super::details::find(text, tokens))
        .or_else(|| kept(text, tokens))
        .or_else(|| with(text, tokens))
        .or_else(|| super::shown::find(text, tokens))
        .or_else(|| super::shown::of_first(text, tokens))
        .or_else(|| super::openers::shown(text, tokens))
        .or_else(|| identity::unique(tokens))
        .or_else(|| identity::identified(tokens))
        .or_else(|| super::bare_list::find(text, tokens))
        .or_else(|| property_phrase::configured(tokens))
        .filter(has_fields)
        .map(shortened)
        .map(|named| super::field_filter::contrasted(named, tokens))
        .map(|named| super::occasion::bound(named, tokens))
}

fn has_fields(named: &Named) -> bool {
    !named.fields.is_empty()
}

/// The fields that a sentence names, or that stand under its title.
pub(super) fn in_clause(clause: &Clause) -> Option<&Named> {
    if clause.denies {
        return None;
    }
    let described = || description::in_sentence(clause).cloned();
    let find = || {
        super::named_list::find(clause)
            .map(|named| super::field_filter::contrasted(named, &clause.tokens))
            .or_else(|| super::titled::find(clause))
            .or_else(|| criteria::find(clause))
            .or_else(|| find(&clause.text, &clause.tokens, described))
    };
    let fields =
        || find().and_then(super::field_filter::fields).map(|it| super::titled::whole(it, clause));
    clause.named.get_or_init(|| fields().map(Box::new)).as_deref()
}

/// "shall capture name (required), phone (optional)", "store the name, email and phone of each
/// customer".
fn kept(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| {
        token.tag == Tag::Verb
            && (token.is_verb_of(lexicon::KEEP)
                || token.is_verb_of(&["enter", "provide", "specify", "input", "submit"]))
    })?;
    let (_, end) = coordinated(tokens, at + 1);
    // "record donations with a donor, a date and a quantity": what they have stands behind.
    if tokens.get(end).is_some_and(|it| it.is("with")) {
        return None;
    }
    // "enter the cost of the expense": one says enough where it is said whose it is.
    let is_entered = tokens[at].is_verb_of(&["enter", "input", "specify"])
        && tokens.get(end).is_some_and(|it| it.is("of"))
        && tokens.get(end + 1).is_some_and(|it| it.is_any(&["the", "a", "an", "each", "every"]));
    let fields = list(behind(text, tokens, at + 1), if is_entered { 1 } else { 2 }, 2);
    if fields.is_empty() {
        return None;
    }
    // "of each customer", "for every order".
    let link = tokens.get(end).filter(|token| token.is_any(&["of", "for", "about"]));
    // "for logged in customers".
    // "The customer enters name, email and phone": these are the customer's.
    let is_personal = |field: &FieldFact| {
        ["email", "e-mail", "phone", "password", "address", "phone number", "email address"]
            .iter()
            .any(|it| field.name.to_lowercase().ends_with(it))
    };
    let person = || {
        let enters = tokens[at].is_verb_of(&["enter", "provide", "submit", "specify"]);
        let who = phrases(&tokens[..at]).pop().filter(|_| enters)?;
        (super::is_person_noun(&who.noun) && fields.iter().any(is_personal)).then_some(who.noun)
    };
    let owner = link.and_then(|_| {
        let near = phrase_at(tokens, end + 1);
        near.or_else(|| phrases(&tokens[end + 1..]).into_iter().next()).map(|phrase| phrase.noun)
    });
    let owner = owner.or_else(person);
    let fields = fields
        .into_iter()
        .map(|mut field| {
            for mark in [" of each ", " of every ", " of the ", " for each ", " for every "] {
                if let Some((before, _)) = field.name.split_once(mark) {
                    field.name = before.to_owned();
                }
            }
            field
        })
        .collect();
    Some(Named { owner, fields })
}

/// "Each organization has a name, an address and a phone number".
fn had(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = tokens.iter().position(|token| {
        token.is_any(&[
            "has",
            "have",
            "includes",
            "include",
            "contains",
            "contain",
            "stores",
            "store",
            "records",
            "record",
            "captures",
            "capture",
            "tracks",
            "holds",
            "keeps",
            "specifies",
            "carries",
            "carry",
            "bears",
            "consists",
            "consist",
        ])
    })?;
    // "When a boat has been moved" tells what was done.
    if tokens.get(verb + 1).is_some_and(|it| it.is("been")) {
        return None;
    }
    let mut subjects = phrases(&tokens[..verb]);
    let subject = subjects.pop()?;
    let between = &tokens[subject.end..verb];
    // "A user can record a sale": somebody does so, and the fields are those of the sale.
    let is_deed = tokens[verb].is_any(&["record", "capture", "store"])
        && between.iter().any(|token| token.is_any(&["can", "may", "could"]))
        // "When a vet records a finding, the system shall …".
        || tokens[verb].is_any(&["records", "captures", "stores", "tracks"])
            && tokens[0].is_any(&["when", "whenever", "if", "while"])
            && (super::is_person_noun(&subject.noun)
                || tokens[verb..].iter().any(|token| token.is_any(&["shall", "must"])));
    if is_deed
        || !between.iter().all(|token| matches!(token.tag, Tag::Modal | Tag::Adverb))
        || tokens[..subject.start].iter().any(|token| token.tag == Tag::Noun)
        || is_generic(&subject.noun)
    {
        return None;
    }
    let single = tokens.get(verb + 1).is_some_and(|token| token.is_any(&["a", "an", "immutable"]));
    let text = behind(text, tokens, verb + 1).trim_start_matches([':', ' ']);
    // "has a profile with name and skills" has those.
    let text = text.strip_prefix("of ").unwrap_or(text);
    let text = [
        "a profile with ",
        "a profile including ",
        "a profile containing ",
        "a record with ",
        "the following fields: ",
    ]
    .iter()
    .find_map(|lead| text.strip_prefix(lead))
    .unwrap_or(text);
    let shared = shared_head(text);
    let mut fields = shared.unwrap_or_else(|| list(text, if single { 1 } else { 2 }, 2));
    // "must have": each row has them, unless a word says otherwise.
    if between.iter().any(|token| token.is_any(&["must", "shall"])) {
        for field in &mut fields {
            field.required = field.required.or(Some(true));
        }
    }
    // "Recipe cards shall include": those are recipes.
    let owner = super::evidence::core(&subject.noun);
    let owner = if super::usual::is_usual(owner) { owner.to_owned() } else { subject.noun };
    (!fields.is_empty()).then_some(Named { owner: Some(owner), fields })
}

/// "A status of delivery" is a status.
fn shortened(mut named: Named) -> Named {
    for field in &mut named.fields {
        if let Some((head, _)) = field.name.split_once(" of ")
            && matches!(
                head,
                "status" | "state" | "size" | "condition" | "priority" | "colour" | "color"
            )
        {
            field.name = head.to_owned();
        }
    }
    named
}

/// "create products with name, price and category", "the queue with ticket ID, name and status".
fn with(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().rposition(|token| {
        token.is_any(&["with", "including", "consisting", "comprising", "specifying", "containing"])
    })?;
    // "remove medicine records, including name and price".
    let is_apart =
        tokens[at].is_any(&["including", "specifying"]) && at > 0 && tokens[at - 1].is(",");
    let end = if is_apart { at - 1 } else { at };
    // "a table named "pets" with columns: …".
    let end = if end > 0 && tokens[end - 1].is_any(&["\"", "”"]) { end - 1 } else { end };
    // "bed status including free and taken" lists values.
    let is_of_values = end > 0
        && tokens[at].is("including")
        && super::values::is_enumerable(&tokens[end - 1].lower);
    if is_of_values {
        return None;
    }
    // "Client database with contact information": what a module keeps is named for its fields.
    let before = phrases(&tokens[..end]).pop();
    let is_module = before.as_ref().is_some_and(|phrase| {
        phrase.end == end && super::evidence::core(&phrase.noun) != phrase.noun
    });
    let rest = behind(text, tokens, at + 1).trim_start_matches([':', ' ']);
    let rest = rest.strip_prefix("of ").unwrap_or(rest);
    let rest = [
        "fields: ",
        "the fields ",
        "fields ",
        "the following fields: ",
        "columns: ",
        "the columns ",
        "columns ",
        "the following columns: ",
        "details like ",
        "details such as ",
    ]
    .iter()
    .find_map(|lead| rest.strip_prefix(lead))
    .unwrap_or(rest);
    // What an answer carries is made for it.
    if tokens[..at].iter().any(|it| it.is_any(&["response", "responses", "returns"])) {
        return None;
    }
    // "add a product with name, calories, protein, fat": what somebody makes so has them, though only
    // some sound like properties.
    let verb = before.as_ref().and_then(|phrase| phrase.start.checked_sub(1));
    let verb = verb.map(|at| &tokens[at]).filter(|verb| verb.tag == Tag::Verb);
    let is_made = verb.is_some_and(|verb| verb.is_verb_of(lexicon::MANAGE));
    // "persist messages with sender, receiver and time": what is kept of each, most of it other things.
    let is_kept = verb.is_some_and(|verb| {
        verb.is_verb_of(&["store", "persist", "save", "record", "log", "track"])
    }) && rest.matches(',').count() >= 2;
    let least = if is_module || is_kept { 1 } else { 2 };
    let of = 2 + usize::from(is_made) + 2 * usize::from(is_kept);
    // "store medicine information including side effects and storage requirements": whatever these are.
    let is_sure = is_module
        && is_kept
        && !is_apart
        && before.as_ref().is_some_and(|it| {
            ["information", "details", "data"].iter().any(|end| it.noun.ends_with(end))
        });
    let fields = if is_sure {
        parts(rest).into_iter().map(|part| part.field).collect()
    } else {
        list(rest, least, of)
    };
    if fields.is_empty() {
        return None;
    }
    // "student addresses, including old addresses and flags" tells of no property of students.
    if end < at && !is_module && fields.len() < 3 {
        return None;
    }
    // "ticket ID" says whose fields they are.
    let by_key = fields.iter().find_map(|field| {
        let (front, last) = field.name.rsplit_once(' ')?;
        last.eq_ignore_ascii_case("id").then(|| front.to_owned())
    });
    let owner = by_key.or_else(|| {
        let phrase = before.filter(|phrase| phrase.end == end)?;
        // "a receipt linked to the order with a number": the receipt has it.
        let link = phrase.start.checked_sub(2).filter(|&at| {
            tokens[at + 1].is_any(&["to", "with"])
                && tokens[at].is_any(&["linked", "tied", "attached", "associated"])
        });
        let linked = link.and_then(|link| phrases(&tokens[..link]).pop());
        Some(super::evidence::core(&linked.unwrap_or(phrase).noun).to_owned())
    })?;
    Some(Named { owner: Some(owner), fields })
}

/// How sure it is what has the fields, or that they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// The sentence says so.
    Said,
    /// A heading, or a sentence beside it, names the owner.
    Beside,
    /// The sentence only uses them: it filters by them, or changes them.
    Used,
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let said = in_each(clauses, in_clause);
        for ((at, clause), named) in clauses.iter().enumerate().zip(said) {
            if let Some(named) = named {
                let basis = if named.owner.is_some() { Basis::Said } else { Basis::Beside };
                // Who read the line knows better what stands there.
                if basis == Basis::Beside
                    && super::bare_list::find(&clause.text, &clause.tokens).is_some()
                    && !super::is_free(document, clause, out)
                {
                    continue;
                }
                let owner = match &named.owner {
                    Some(owner) => resolve(owner, out),
                    None => {
                        let near = || section_label::made_nearby(clauses, at, out);
                        let of_account = || section_label::account(clause, document, out);
                        subject(clause, document, out).or_else(near).or_else(of_account)
                    }
                };
                if let Some(owner) = owner {
                    let fields = match basis {
                        Basis::Beside if criteria::find(clause).is_some() => criteria::own_fields(
                            document,
                            clause,
                            &owner,
                            named.fields.clone(),
                            out,
                        ),
                        Basis::Beside | Basis::Said | Basis::Used => named.fields.clone(),
                    };
                    state(document, clause, &owner, fields, basis, out);
                    for text in super::named_list::limits_of(clause) {
                        let (entity, text) = (Some(owner.clone()), text.to_owned());
                        let rule = Fact::Rule { entity, field: None, text };
                        out.state(document, document.span(clause.range.clone()), rule);
                    }
                }
            }
        }
        // What is only used comes last, so that sentences which say more come first.
        let used = in_each(clauses, |clause| property_phrase::in_sentence(clause).to_vec());
        for (clause, used) in clauses.iter().zip(used) {
            let own: &[FieldFact] = in_clause(clause).map_or(&[], |named| &named.fields);
            for named in used {
                // "a payment status" that something has is its own, and no status of a payment.
                let spelled = |field: &FieldFact| match &named.owner {
                    Some(owner) => fold(&format!("{owner} {}", field.name)),
                    None => fold(&field.name),
                };
                let is_own =
                    |field: &FieldFact| own.iter().any(|other| fold(&other.name) == spelled(field));
                if named.owner.is_some() && named.fields.iter().any(is_own) {
                    continue;
                }
                let owner = match &named.owner {
                    Some(owner) => resolve(owner, out),
                    None => subject(clause, document, out),
                };
                let Some(owner) = owner else { continue };
                let fresh = |field: &FieldFact| out.field(&owner, &field.name).is_none();
                let fields: Vec<FieldFact> = named.fields.into_iter().filter(fresh).collect();
                state(document, clause, &owner, fields, Basis::Used, out);
            }
        }
    });
}

/// What the title of a sentence, or else its heading, is about.
pub(super) fn subject(clause: &Clause, document: &Document<'_>, out: &Output) -> Option<String> {
    let titled = clause.title.as_deref().and_then(super::titled::noun);
    let titled = titled.and_then(|titled| resolve(&titled, out));
    // The name of the whole, "Vehicle Manager", is not what each of its chapters is about.
    let is_whole = |section: usize| {
        Some(section) != clause.section
            && document.sections[section].level == 1
            && document.sections.iter().filter(|it| it.level == 1).count() == 1
    };
    titled.or_else(|| {
        document.path_of(clause.section).filter(|it| !is_whole(*it)).find_map(|section| {
            let title = document.title(section);
            let noun = super::titled::noun(super::clause::topic(title));
            noun.and_then(|noun| resolve(&noun, out)).or_else(|| {
                // "Employee Data Display".
                resolve(&super::field_lead::about(title)?, out)
            })
        })
    })
}

/// The entity that bears the name of a field.
pub(super) fn meant(name: &str, out: &Output) -> Option<String> {
    resolve(name, out).filter(|known| fold(known) == fold(&super::noun::entity_name(name)))
}

/// States the fields that a sentence names of an entity.
pub(super) fn state(
    document: &Document<'_>,
    clause: &Clause,
    owner: &str,
    fields: Vec<FieldFact>,
    basis: Basis,
    out: &mut Output,
) {
    if out.prose.is_described(owner) {
        return;
    }
    for mut field in fields {
        if super::field_filter::is_whole(&field.name, owner) {
            continue;
        }
        if let Some(name) = super::field_filter::of_letters(&field.name).map(str::to_owned) {
            field.name = name;
        }
        super::column_name::of_words(&mut field);
        if field.name.eq_ignore_ascii_case("email address") {
            "email".clone_into(&mut field.name);
        }
        // "product name" of a product.
        let own = field.name.strip_suffix(" name").filter(|front| fold(front) == fold(owner));
        if own.is_some() {
            "name".clone_into(&mut field.name);
        }
        // A list may mix properties with other things ("a course has a title and lessons").
        if let Some(thing) = meant(&field.name, out) {
            // One of them is referred to; several are no column.
            let is_plural =
                super::noun::singular(&field.name.to_lowercase()) != field.name.to_lowercase();
            if is_plural || thing == owner {
                continue;
            }
            field.references = Some(ReferenceFact { entity: thing, field: None, on_delete: None });
        }
        // "agent id" refers to an agent.
        let of_other = field.name.strip_suffix(" id").filter(|_| field.references.is_none());
        let other = of_other.and_then(|front| resolve(front, out)).filter(|it| it != owner);
        if let Some(entity) = other {
            field.references = Some(ReferenceFact { entity, field: None, on_delete: None });
        }
        // "ticket ID" of a ticket is its key and refers to no other.
        let is_key = field.name.rsplit_once(' ').is_some_and(|(front, last)| {
            last.eq_ignore_ascii_case("id") && fold(front) == fold(owner)
        });
        if is_key {
            field.primary_key = Some(true);
        }
        let span = document.span(clause.range.clone());
        let fact = Fact::Field { entity: owner.to_owned(), field };
        match basis {
            Basis::Said => out.state(document, span, fact),
            Basis::Beside => {
                out.infer(
                    document,
                    span,
                    fact,
                    "the heading or a sentence beside it names what has it",
                );
            }
            Basis::Used => out.infer_beside(span, fact, "a sentence uses it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let tokens = tag(text);
        let described = || description::find(text, &tokens);
        let found = find(text, &tokens, described).map_or_else(String::new, |named| {
            let fields: Vec<String> = named
                .fields
                .iter()
                .map(|field| {
                    format!("{} {}", field.name, crate::render::field_text(field)).trim().to_owned()
                })
                .collect();
            format!("{}: {}", named.owner.unwrap_or_default(), fields.join("; "))
        });
        expected.assert_eq(&found);
    }

    #[test]
    fn fields_in_sentences() {
        check(
            "The system shall capture name (required), phone (optional), and party size.",
            &expect![": name required; phone optional; party size"],
        );
        check(
            "Each supplier must have a name and a unique email address.",
            &expect!["supplier: name required; email address required unique"],
        );
        check("Parcel shall have an ID.", &expect!["Parcel: ID required"]);
        check("A rejected parcel must have a reason.", &expect!["parcel: reason"]);
        check("A parcel must have a status of delivery.", &expect!["parcel: status required"]);
        check("Parcel the goods.", &expect![""]);
        check(
            "Every organization is identified by an organization code",
            &expect!["organization: organization code required unique"],
        );
        check(
            "The order stores immutable item, price, and address snapshots.",
            &expect!["order: item snapshot; price snapshot; address snapshot"],
        );
        check(
            "collects cash, indicating the customer's info. i.e. name, address, amount_due",
            &expect!["customer: name; address; amount_due"],
        );
        check(
            "Users can create a parcel with a name and a unique identifier (PIN)",
            &expect!["parcel: name; PIN unique"],
        );
        check("Client database with contact information", &expect!["Client: contact information"]);
        check(
            "allow configuring average service duration per queue",
            &expect!["queue: average service duration"],
        );
    }

    #[test]
    fn sentences_without_fields() {
        check("A course has lessons and students.", &expect![[""]]);
        check("The page has a header, a footer and charts.", &expect![[""]]);
        check("Users sign in with Google or GitHub.", &expect![[""]]);
        check("Provide clear error messages and graceful failure handling.", &expect![[""]]);
    }

    #[test]
    fn lists_with_examples_and_units() {
        check(
            "A shed has an address, price (gross e.g. 3.5), floor area in m², and year built.",
            &expect!["shed: address; price; floor area; year built"],
        );
        check(
            "A shelf has a place code like A-12, a max weight of 500 kg and a zone (cold, dry, frozen).",
            &expect!["shelf: place code; max weight; zone [cold | dry | frozen]"],
        );
        check(
            "A keeper has a name, e-mail (unique), birthday and optionally a photo.",
            &expect![
                "keeper: name required; e-mail required unique; birthday required; photo optional"
            ],
        );
    }

    #[test]
    fn what_is_optional_beside_others() {
        check(
            "A dose log records a time, a quantity, and optional notes.",
            &expect!["dose log: time required; quantity required; notes optional"],
        );
        check(
            "A plan can have a start date and an optional end date.",
            &expect!["plan: start date; end date optional"],
        );
        check(
            "Submit the bag as an order, providing shipping details: name, city and phone.",
            &expect![": name; city; phone"],
        );
    }
}
