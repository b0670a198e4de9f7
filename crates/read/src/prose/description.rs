//! What a sentence says that any one of a thing has: "Each vet has a licence number and a specialty",
//! "For every animal we store name and species", "Movements are recorded with product and quantity".
//!
//! Such a sentence describes rows, whatever its noun means elsewhere: words that name a part of a
//! program in most documents ("part", "owner", "table") name things here.

use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, is_program, phrase_at, phrases, singular};
use super::possession::runs_the_system;
use super::property_list::{parts, shared_head};
use super::sentence::Sentence;
use super::tag::{Tag, Token, behind};
use super::usual::is_person;
use crate::FieldFact;

/// Verbs by which any one of a thing has what stands behind them.
const HAVING: &[&str] = &[
    "has",
    "have",
    "gets",
    "get",
    "contains",
    "contain",
    "includes",
    "include",
    "carries",
    "carry",
    "bears",
    "comprises",
];

/// Verbs by which a thing that is no person has it too: "a loan records a due date".
const NOTING: &[&str] = &[
    "stores",
    "store",
    "records",
    "record",
    "holds",
    "hold",
    "keeps",
    "keep",
    "lists",
    "specifies",
    "names",
    "needs",
    "requires",
    "tracks",
    "captures",
    "capture",
    "states",
];

/// A sentence about any one of a thing, up to its verb.
struct Opening {
    subject: Phrase,
    /// Whether its words are about any one, and not about a certain one.
    is_any: bool,
    verb: usize,
}

/// The fields that a sentence gives to any one of a thing.
pub(super) fn in_sentence(sentence: &Sentence) -> Option<&Named> {
    let find = || find(&sentence.text, &sentence.tokens).map(Box::new);
    sentence.described.get_or_init(find).as_deref()
}

/// The same of words that are in no document.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    had(text, tokens)
        .or_else(|| kept_with(text, tokens))
        .or_else(|| we_keep(text, tokens))
        .or_else(|| information(text, tokens))
        .or_else(|| possessed(text, tokens))
        .or_else(|| specified(text, tokens))
        .or_else(|| super::lead_in::find(text, tokens))
}

/// The thing that a sentence describes so: what says most for its being stored.
pub(super) fn thing(sentence: &Sentence) -> Option<&str> {
    let named = in_sentence(sentence).filter(|named| named.fields.len() >= 2)?;
    let is_any = opening(&sentence.tokens).is_none_or(|opening| opening.is_any);
    named.owner.as_deref().filter(|_| is_any)
}

/// "Each course that is on offer must have a code and a title".
fn had(text: &str, tokens: &[Token]) -> Option<Named> {
    let Opening { subject, verb, .. } = opening(tokens)?;
    let between = &tokens[subject.end..verb];
    let is_having = tokens[verb].is_any(HAVING);
    let is_deed = between.iter().any(|it| it.is_any(&["can", "may", "could"]))
        || is_person(&subject.noun)
        || runs_the_system(&subject.noun);
    if !is_having && (is_deed || !tokens[verb].is_any(NOTING)) {
        return None;
    }
    let is_due = between.iter().any(|it| it.is_any(&["must", "shall"]));
    let mut fields = properties(behind(text, tokens, verb + 1))?;
    for field in fields.iter_mut().filter(|_| is_due) {
        field.required = field.required.or(Some(true));
    }
    Some(Named { owner: Some(owner(&subject)?), fields })
}

/// "Every movement of stock is recorded with product, quantity and time".
fn kept_with(text: &str, tokens: &[Token]) -> Option<Named> {
    let Opening { subject, verb, .. } = opening(tokens)?;
    tokens.get(verb).filter(|it| it.is_any(&["is", "are", "be"]))?;
    let kept = (verb + 1..tokens.len().min(verb + 3)).find(|&at| is_kept(&tokens[at]))?;
    let with = (kept + 1..tokens.len()).find(|&at| tokens[at].is("with"))?;
    // "kept for 7 years", "recorded per pupil and day, with a reason".
    let is_near = tokens[kept + 1..with]
        .iter()
        .all(|it| !matches!(it.tag, Tag::Verb | Tag::Modal | Tag::Auxiliary | Tag::Subordinator));
    if !is_near {
        return None;
    }
    let fields = properties(behind(text, tokens, with + 1))?;
    Some(Named { owner: Some(owner(&subject)?), fields })
}

/// "For every animal we store name, species and birth date".
fn we_keep(text: &str, tokens: &[Token]) -> Option<Named> {
    let [first, each, ..] = tokens else { return None };
    if !first.is_any(&["for", "about", "of", "on"])
        || !each.is_any(&["each", "every", "a", "an", "any"])
    {
        return None;
    }
    let thing = phrase_at(tokens, 1).filter(|thing| !thing.is_plural)?;
    let verb = (thing.end..tokens.len().min(thing.end + 8)).find(|&at| {
        tokens[at].is_verb_of(lexicon::KEEP)
            || tokens[at].is_verb_of(&["need", "register", "maintain", "know", "note", "require"])
                && !tokens.get(at + 1).is_some_and(|next| next.is("to"))
    })?;
    let is_ours = tokens[thing.end..verb]
        .iter()
        .all(|it| !it.is_any(&["if", "when"]) && it.tag != Tag::Preposition || it.is("to"));
    let fields = is_ours.then(|| properties(behind(text, tokens, verb + 1))).flatten()?;
    Some(Named { owner: Some(owner(&thing)?), fields })
}

/// "Information recorded for each member of staff must include the staff number and the name".
fn information(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().take(3).position(|it| it.is_any(&["information", "data", "details"]))?;
    let link = (at + 1..tokens.len().min(at + 5)).find(|&it| {
        tokens[it].is_any(&["for", "about", "of", "on"])
            && tokens.get(it + 1).is_some_and(|next| next.is_any(&["each", "every", "a", "an"]))
    })?;
    let thing = phrase_at(tokens, link + 1)?;
    let verb = (thing.end..tokens.len()).find(|&at| {
        tokens[at].is_any(&["include", "includes", "contain", "contains", "comprises", "comprise"])
    })?;
    let fields = properties(behind(text, tokens, verb + 1))?;
    let noun = of_group(tokens, &thing).unwrap_or_else(|| thing.noun.clone());
    Some(Named { owner: Some(owner(&Phrase { noun, ..thing })?), fields })
}

/// "The system records an area's severity, location and current status".
fn possessed(text: &str, tokens: &[Token]) -> Option<Named> {
    let mark = tokens.iter().position(|it| it.is("'s") || it.is("’s"))?;
    let owner_phrase = phrases(&tokens[..mark]).pop().filter(|it| it.end == mark)?;
    let verb = owner_phrase.start.checked_sub(1).map(|at| &tokens[at])?;
    let is_kept = verb.tag == Tag::Verb
        && (verb.is_verb_of(lexicon::KEEP) || verb.is_verb_of(&["display", "show", "maintain"]));
    // "When creating an order, record the customer's address and phone": they are the order's.
    let is_other = super::occasion::made(tokens)
        .is_some_and(|made| !made.eq_ignore_ascii_case(&owner_phrase.noun));
    let is_kept = is_kept && !is_other;
    let fields = is_kept.then(|| properties(behind(text, tokens, mark + 1))).flatten()?;
    (fields.len() >= 2).then_some(Named { owner: Some(owner(&owner_phrase)?), fields })
}

/// "allow tailors to specify their location", "Tailors can provide skills and specialization": what
/// people say of themselves.
fn specified(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = (2..tokens.len()).find(|&at| {
        tokens[at].tag == Tag::Verb
            && tokens[at].is_verb_of(&["specify", "provide", "state", "enter"])
            && tokens[at - 1].is_any(&["to", "can", "may", "must", "shall"])
    })?;
    // "To create a task, users must provide a title": they say so of the task.
    let is_of_other = tokens[0].is_any(&["to", "when", "while", "for", "if"])
        && tokens[..verb].iter().any(|it| it.is(","));
    let subject =
        phrases(&tokens[..verb - 1]).pop().filter(|it| it.end == verb - 1 && !is_of_other)?;
    // "allow staff to provide a discount": of whom else, the sentence leaves open.
    let is_group =
        subject.is_plural && !runs_the_system(&subject.noun) && !is_program(&subject.noun);
    let rest = behind(text, tokens, verb + 1);
    let own = rest.strip_prefix("their ").unwrap_or(rest);
    let listed = parts(own);
    let ends = tokens[verb + 1..]
        .iter()
        .all(|it| !matches!(it.tag, Tag::Preposition | Tag::Verb | Tag::Modal | Tag::Subordinator));
    let are_properties = !listed.is_empty() && listed.iter().all(|part| part.is_property);
    (is_group && ends && are_properties).then(|| Named {
        owner: Some(core(&subject.noun).to_owned()),
        fields: listed.into_iter().map(|part| without_filler(part.field)).collect(),
    })
}

/// "experience information" is the experience.
fn without_filler(mut field: FieldFact) -> FieldFact {
    if let Some(name) = field.name.strip_suffix(" information").filter(|it| *it != "contact") {
        field.name = name.to_owned();
    }
    field
}

/// "staff" of "member of the tutorial and counseling staff".
fn of_group(tokens: &[Token], phrase: &Phrase) -> Option<String> {
    let is_one = matches!(phrase.noun.to_lowercase().as_str(), "member" | "kind" | "type");
    tokens.get(phrase.end).filter(|it| is_one && it.is("of"))?;
    let rest = &tokens[phrase.end + 1..];
    let ends = rest.iter().position(|it| {
        matches!(it.tag, Tag::Modal | Tag::Auxiliary | Tag::Verb | Tag::Punctuation)
    });
    let nouns = &rest[..ends.unwrap_or(rest.len())];
    nouns.iter().rfind(|it| it.tag == Tag::Noun).map(|it| it.text.to_string())
}

/// The subject of a sentence about any one of a thing, and its verb.
fn opening(tokens: &[Token]) -> Option<Opening> {
    // The number of a requirement stands before its sentence.
    let is_number = |token: &Token| {
        token.tag == Tag::Punctuation || token.lower.contains(|c: char| c.is_ascii_digit())
    };
    let start = tokens.iter().take(4).take_while(|token| is_number(token)).count();
    let mut subject = phrase_at(tokens, start)?;
    let first = tokens.get(start)?;
    let is_one = first.is_any(&["a", "an", "each", "every", "any", "one"]) && !subject.is_plural;
    let is_bare = subject.is_plural && (first.tag != Tag::Determiner || first.is("all"));
    if !is_one && !is_bare && !first.is("the")
        || tokens[start..subject.end].iter().any(|it| it.is("no"))
    {
        return None;
    }
    let is_any = is_one || is_bare;
    if let Some(group) = of_group(tokens, &subject) {
        let end =
            subject.end + 1 + tokens[subject.end + 1..].iter().position(|it| it.text == group)?;
        subject = Phrase { noun: group, end: end + 1, ..subject };
    }
    let mut at = subject.end;
    // "every movement of stock".
    if tokens.get(at).is_some_and(|it| it.is("of")) {
        at = phrase_at(tokens, at + 1)?.end;
    }
    // "Each course that is available for study must have".
    if tokens.get(at).is_some_and(|it| it.is_any(&["that", "who", "which"])) {
        let goes_on = |it: &&Token| it.tag == Tag::Modal || it.is_any(HAVING);
        at += 1 + tokens[at + 1..].iter().skip(1).position(|it| goes_on(&it))? + 1;
    }
    let verb = at
        + tokens[at..]
            .iter()
            .take_while(|it| matches!(it.tag, Tag::Modal | Tag::Adverb) || it.is("also"))
            .count();
    tokens
        .get(verb)
        .filter(|it| matches!(it.tag, Tag::Verb | Tag::Auxiliary) || it.is_any(NOTING))?;
    let end = subject.end.min(verb);
    Some(Opening { subject: Phrase { end, ..subject }, is_any, verb })
}

fn is_kept(token: &Token) -> bool {
    token.lower.ends_with("ed") && token.is_verb_of(lexicon::KEEP)
        || token.is_any(&["kept", "held", "described", "registered", "counted", "noted", "entered"])
}

/// The name of what is described; a word of a program, or one for rows as such, names nothing.
fn owner(subject: &Phrase) -> Option<String> {
    // "Cart totals include tax": properties in the plural are no things of their own.
    let noun = if subject.is_plural { core(&subject.noun) } else { &subject.noun };
    // "Show pet information: …" tells what to do with it.
    let noun =
        ["Show ", "Display "].iter().find_map(|verb| noun.strip_prefix(verb)).unwrap_or(noun);
    let words: Vec<&str> = noun.split(' ').collect();
    let is_row = |word: &str| {
        matches!(
            singular(&word.to_lowercase()).as_str(),
            "record" | "entry" | "profile" | "detail" | "information" | "data" | "account"
        )
    };
    let count = words.len() - usize::from(words.len() > 1 && is_row(words[words.len() - 1]));
    let name = words[..count].join(" ");
    let is_thing = !is_program(&name) && !is_row(&name) || name.eq_ignore_ascii_case("account");
    is_thing.then_some(name)
}

/// The fields in a list of what a thing has: one alone has to sound like a property; of several, one
/// has to, or each stands as one of its kind. Several of a kind are rows of their own and no value.
fn properties(text: &str) -> Option<Vec<FieldFact>> {
    let text = [
        "the following fields: ",
        "the following: ",
        "of ",
        "a profile with ",
        "a profile containing ",
    ]
    .iter()
    .find_map(|lead| text.strip_prefix(lead))
    .unwrap_or(text);
    if let Some(shared) = shared_head(text) {
        return Some(shared);
    }
    let listed = parts(text);
    let count = listed.iter().filter(|part| part.is_property).count();
    let fields: Vec<FieldFact> = listed
        .into_iter()
        .filter(|part| !part.is_counted && (part.is_property || !is_several(&part.field.name)))
        .map(|part| part.field)
        .collect();
    // "A loan gets a return date", but "A loan shows its dates".
    let is_one = || text.starts_with("a ") || text.starts_with("an ");
    let are_enough = fields.len() > 1 || fields.iter().any(|it| is_one() && !is_several(&it.name));
    (count > 0 && are_enough).then_some(fields)
}

/// Whether a name is a plural.
fn is_several(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    singular(&last) != last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let found = find(text, &tag(text)).map_or_else(String::new, |named| {
            let names: Vec<&str> = named.fields.iter().map(|it| it.name.as_str()).collect();
            format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
        });
        expected.assert_eq(&found);
    }

    #[test]
    fn any_one_of_a_thing() {
        check(
            "Each vet has a licence number, which must be unique, and a specialty.",
            &expect!["vet: licence number; specialty"],
        );
        check(
            "For every animal we store name, species, breed (optional) and birth date.",
            &expect!["animal: name; species; breed; birth date"],
        );
        check(
            "Every movement of stock is recorded with product, from bin, to bin, quantity and time.",
            &expect!["movement: product; from bin; to bin; quantity; time"],
        );
        check(
            "Each course that is available for study must have a course code and a title.",
            &expect!["course: course code; title"],
        );
        check(
            "Information recorded for each member of the tutorial staff must include the staff number and name.",
            &expect!["staff: staff number; name"],
        );
        check(
            "The system records an area's severity, location and current status.",
            &expect!["area: severity; location; status"],
        );
        check(
            "The system shall allow tailors to specify their location.",
            &expect!["tailors: location"],
        );
        check("An owner has a name and a phone number.", &expect!["owner: name; phone number"]);
    }

    #[test]
    fn what_describes_no_rows() {
        check("A course has lessons and students.", &expect![""]);
        check("The page has a header, a title and charts.", &expect![""]);
        check("A manager can record name and phone of a guest.", &expect![""]);
        check("The system stores name and email.", &expect![""]);
        check("Each student has one counselor.", &expect![""]);
        check("The page shows the user's name.", &expect![""]);
        check("The system shall allow admins to specify a price for products.", &expect![""]);
    }
}
