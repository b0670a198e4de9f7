//! The parts of a short note: fields, and what is said of the field before or of the whole thing.

use crate::modifier::says_choice;
use crate::notation::field_phrases::{Part, is_prose, labelled_part, parts};
use crate::notation::relationship_lines::relates_owner;
use crate::notation::{Output, bullet_fields};
use crate::words::{first_word, lower_words, parenthesized, split_top, strip_prefix_ignoring_case};
use crate::{Fact, FieldFact};

use super::jot::{Jot, jot};

/// What a line of a note says of a thing.
#[derive(Default)]
pub(super) struct Noted {
    /// Its fields in order.
    pub(super) fields: Vec<FieldFact>,
    /// How many of them have a name that properties have.
    pub(super) properties: usize,
    /// How many parts name no field.
    pub(super) others: usize,
    /// What is said of the thing as a whole, such as "no two at once".
    pub(super) rules: Vec<String>,
    /// Sentences behind the list.
    pub(super) said: Vec<String>,
    /// From state to state, with the field.
    pub(super) moves: Vec<(String, String, String)>,
    /// Fields that an index is asked for.
    pub(super) indexed: Vec<String>,
}

impl Noted {
    /// What short marks say of fields.
    pub(super) fn jotted(jot: Jot) -> Self {
        let Jot { mut fields, signs, unread, moves, indexed, rules } = jot;
        let is_marked = |field: &FieldFact| {
            *field != FieldFact { name: field.name.clone(), ..FieldFact::default() }
        };
        let is_property = |field: &&FieldFact| {
            let last = lower_words(&field.name).pop();
            !is_marked(field) && last.is_some_and(|word| crate::prose::is_property_noun(&word))
        };
        let properties = signs + fields.iter().filter(is_property).count();
        let others = unread.len();
        if let Some(field) = fields.last_mut() {
            field.constraints.extend(unread);
        }
        Self { fields, properties, others, rules, moves, indexed, ..Self::default() }
    }

    /// The moves as facts about an entity.
    pub(super) fn transitions(&self, entity: &str) -> Vec<Fact> {
        let fact = |(field, from, to): &(String, String, String)| Fact::Transition {
            entity: entity.to_owned(),
            field: Some(field.clone()).filter(|it| !it.is_empty()),
            from: from.clone(),
            to: to.clone(),
            on: None,
        };
        self.moves.iter().map(fact).collect()
    }

    fn property(&mut self, field: FieldFact) {
        self.properties += 1;
        self.fields.push(field);
    }

    /// A part that names no field belongs to the field before it.
    fn other(&mut self, part: &str, of_field: bool) {
        self.others += 1;
        // "belongs to an owner" is no word on the field before it.
        let of_field = of_field && !relates_owner(part);
        match self.fields.last_mut().filter(|_| of_field) {
            Some(field) => field.constraints.push(part.to_owned()),
            None => self.rules.push(part.to_owned()),
        }
    }
}

/// Reads a line that nothing but its shape takes for a list of fields.
pub(super) fn noted(text: &str, out: &Output) -> Noted {
    let (text, behind) = split_sentence(text);
    // A name with a type behind a colon or in brackets is written as in any list of fields.
    let is_item = text.split_once([':', '(']).is_some_and(|(name, _)| !name.contains(','));
    if let Some(field) = bullet_fields::typed_field(text).filter(|_| is_item) {
        let (fields, said) = (vec![field], sentences(behind));
        return Noted { fields, said, properties: 1, ..Noted::default() };
    }
    if let Some(jot) = jot(text).filter(|jot| jot.signs > 0 && jot.unread.is_empty()) {
        return Noted { said: sentences(behind), ..Noted::jotted(jot) };
    }
    let mut noted = Noted { said: sentences(behind), ..Noted::default() };
    // A semicolon sets apart what is said of all that stands before it.
    for (at, sentence) in split_top(text.trim_end_matches('.'), &[';']).into_iter().enumerate() {
        let (sentence, choice) = before_choice(sentence);
        for (nth, part) in parts(sentence).into_iter().enumerate() {
            if let Some(field) = one_per(part).or_else(|| keyed(part)) {
                noted.fields.push(field);
                continue;
            }
            if let Some(field) = stepping(part, &mut noted.moves).or_else(|| shorthand(part)) {
                noted.property(field);
                continue;
            }
            match labelled_part(part, out) {
                _ if says_of_another(part) => noted.other(part, at == 0 || nth > 0),
                Part::Field { field, is_property, .. } => {
                    // Whoever says that a value may be absent or stands once speaks of a property.
                    let is_marked = field.unique.is_some() || field.required.is_some();
                    noted.properties += usize::from(is_property || is_marked);
                    noted.fields.push(*field);
                }
                Part::Thing | Part::Words => noted.other(part, at == 0 || nth > 0),
            }
        }
        if let Some(field) = valued(choice, &mut noted.moves) {
            noted.property(field);
        }
    }
    noted
}

/// A list, and the sentences behind it: "seats. A course never has more bookings than seats".
fn split_sentence(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                let behind = text[at + 1..].trim_start();
                let goes_on = behind.len() < text.len() - at - 1;
                if goes_on && behind.starts_with(char::is_uppercase) {
                    return (&text[..at], behind);
                }
            }
            _ => {}
        }
    }
    (text, "")
}

fn sentences(text: &str) -> Vec<String> {
    let parts = text.split(". ").map(|part| part.trim().trim_end_matches('.'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// "status (pending -> active, active -> ended)".
fn stepping(part: &str, moves: &mut Vec<(String, String, String)>) -> Option<FieldFact> {
    let (name, steps, rest) = parenthesized(part)?;
    let name = name.trim();
    if !is_short(name) || !rest.trim().is_empty() {
        return None;
    }
    let chains: Option<Vec<_>> = split_top(steps, &[',', ';'])
        .into_iter()
        .map(crate::notation::state_chain::chain)
        .collect();
    for chain in chains? {
        moves.extend(
            chain.pairs().map(|(from, to)| (name.to_owned(), from.to_owned(), to.to_owned())),
        );
    }
    Some(named(name))
}

/// A sentence, and the list of values that ends it: "dog, price, status: booked, in, out".
fn before_choice(sentence: &str) -> (&str, &str) {
    let mut moves = Vec::new();
    let starts = sentence.match_indices(',').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(starts)
        .map(|at| sentence.split_at(at))
        .find(|(_, rest)| valued(rest, &mut moves).is_some())
        .unwrap_or((sentence, ""))
}

fn named(name: &str) -> FieldFact {
    FieldFact { name: name.trim().to_owned(), ..FieldFact::default() }
}

/// Whether a text could be a name or a value: up to three words that are not prose.
fn is_short(text: &str) -> bool {
    let words = lower_words(text);
    (1..=3).contains(&words.len())
        && !words.iter().any(|word| is_prose(word))
        && text.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '`'))
}

/// "status: open, closed", "level: beginner/advanced" and "state: asked → granted or refused".
fn valued(text: &str, moves: &mut Vec<(String, String, String)>) -> Option<FieldFact> {
    let (name, rest) = text.split_once(": ").filter(|(name, _)| is_short(name))?;
    if let Some(chain) = crate::notation::state_chain::chain(rest) {
        for (from, to) in chain.pairs() {
            moves.push((name.trim().to_owned(), from.to_owned(), to.to_owned()));
        }
        return Some(named(name));
    }
    let separators: &[char] = if rest.contains('|') || rest.contains('/') {
        &['/', '|']
    } else if says_choice(name) {
        &[',']
    } else {
        return None;
    };
    let values: Vec<String> = split_top(rest, separators)
        .into_iter()
        .flat_map(|value| value.split(" or "))
        .map(|value| value.trim().trim_start_matches("or ").trim_matches('`').to_owned())
        .collect();
    // "in" and "out" are values among others, though no names.
    let is_value = |value: &String| is_short(value) || lower_words(value).len() == 1;
    let are_words = values.len() > 1 && values.iter().all(is_value);
    are_words.then(|| FieldFact { enum_values: values, ..named(name) })
}

/// Whether a part says how the field before it must be: "never negative", "always in the past".
fn says_of_another(part: &str) -> bool {
    first_word(part).as_ref().is_some_and(|word| {
        matches!(
            word.as_str(),
            "never" | "always" | "must" | "cannot" | "positive" | "negative" | "non" | "between"
        )
    })
}

/// "one per visit" refers to a visit, which no second row may do.
fn one_per(part: &str) -> Option<FieldFact> {
    let thing = strip_prefix_ignoring_case(part.trim(), "one per ").filter(|it| is_short(it))?;
    Some(FieldFact { unique: Some(true), ..named(thing) })
}

/// "`book_isbn` fk", "isbn pk", "book fk→books": the mark of a key behind a name.
fn keyed(part: &str) -> Option<FieldFact> {
    let part = part.trim();
    let (name, mark) = part.split_once(' ')?;
    let lower = mark.to_ascii_lowercase();
    let mut field = named(name.trim_matches('`'));
    if !crate::words::is_identifier(&field.name) {
        return None;
    }
    match lower.trim_matches(['(', ')']) {
        "pk" => field.primary_key = Some(true),
        "fk" => field.constraints.push("foreign key".to_owned()),
        mark => {
            let target = mark.strip_prefix("fk")?.trim_start();
            let target =
                ["→", "->", "to ", ":"].iter().find_map(|arrow| target.strip_prefix(arrow))?;
            let (target, "") = crate::modifier::reference_target(target.trim())? else {
                return None;
            };
            field.references = Some(target);
        }
    }
    Some(field)
}

/// The forms in which people note a field, and which are no names by themselves.
fn shorthand(part: &str) -> Option<FieldFact> {
    let part = part.trim();
    // "paid or not" is a yes or no.
    if let Some(name) = part.strip_suffix(" or not").filter(|it| is_short(it)) {
        return Some(FieldFact { type_text: Some("boolean".to_owned()), ..named(name) });
    }
    // "licence number unique"
    if let Some(name) = part.strip_suffix(" unique").filter(|it| is_short(it)) {
        return Some(FieldFact { unique: Some(true), ..named(name) });
    }
    // "from, to" are the ends of a time.
    if matches!(part, "from" | "to" | "From" | "To") {
        return Some(named(part));
    }
    // "from account", "to account (must differ)"
    for lead in ["from ", "to "] {
        let Some(rest) = strip_prefix_ignoring_case(part, lead) else { continue };
        let (thing, said) = rest.split_once(" (").unwrap_or((rest, ""));
        if lower_words(thing).len() <= 2 && is_short(thing) {
            let constraints = match said.trim_end_matches(')') {
                "" => Vec::new(),
                said => vec![said.to_owned()],
            };
            return Some(FieldFact { constraints, ..named(&format!("{lead}{thing}")) });
        }
    }
    // "joined on", "starts at (required)", "license no"
    let (head, said) = part.split_once(" (").unwrap_or((part, ""));
    let (name, last) = head.rsplit_once(' ')?;
    if matches!(last, "on" | "at" | "no" | "nr" | "no.") && is_short(name) {
        let mut field = named(head);
        crate::modifier::read_description(said.trim_end_matches(')'), &mut field);
        return Some(field);
    }
    // "weight in grams", "monthly fee in cents"
    if let Some((name, unit)) = part.split_once(" in ").filter(|(name, _)| is_short(name)) {
        let description = Some(format!("in {unit}"));
        return (lower_words(unit).len() <= 2).then(|| FieldFact { description, ..named(name) });
    }
    // "price 12.50 EUR" gives an example of the value.
    if let Some((name, value)) = part.split_once(' ').filter(|(name, _)| is_short(name)) {
        let is_amount = value.starts_with(|c: char| c.is_ascii_digit()) && !is_prose(name);
        if is_amount && value.split(' ').count() <= 2 {
            let description = Some(format!("such as {value}"));
            return Some(FieldFact { description, ..named(name) });
        }
    }
    // "max classes per week"
    let (name, period) = part.split_once(" per ")?;
    let first = first_word(name)?;
    let is_bound = matches!(first.as_str(), "max" | "maximum" | "min" | "minimum" | "limit");
    (is_bound && is_short(name) && is_short(period)).then(|| named(part))
}

/// Whether a sentence says what must hold.
pub(super) fn says_rule(text: &str) -> bool {
    const SAYING: &[&str] = &[
        "must",
        "never",
        "cannot",
        "only",
        "unique",
        "not",
        "no",
        "always",
        "most",
        "least",
        "may",
        "required",
        "per",
        "immutable",
        "append",
        "constraint",
    ];
    lower_words(text).iter().any(|word| SAYING.contains(&word.as_str()))
}
