//! Whether a quotation speaks of what a statement is about, and says something of it.

use super::quote::Token;
use crate::words::fold;
use crate::{Fact, RelationshipFact};

/// What a quotation must mention: at least one name of each list.
pub(super) type Subject = Vec<Vec<Name>>;

/// A name that counts as mentioned where its words stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// An entity, which a heading above the quotation may name instead.
    Entity(String),
    /// An end of a relationship or the like: its last word is enough ("line" for `OrderLine`).
    End(String),
    /// A field: one of the words that tell it from others is enough.
    Field(String),
    /// All of several values.
    Values(Vec<String>),
    /// A state or the like, of which a sentence has another form ("cancel" for `cancelled`).
    State(String),
}

impl Name {
    /// As a message shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Entity(name) | Self::End(name) | Self::Field(name) | Self::State(name) => {
                name.clone()
            }
            Self::Values(values) => values.join(", "),
        }
    }
}

/// What a quotation for this fact must mention; empty where any sentence may say it.
pub(super) fn of(fact: &Fact) -> Subject {
    let entity = |name: &String| Name::Entity(name.clone());
    let fields = |entity_name: &String, fields: &[String]| {
        let fields = fields.iter().map(|name| Name::Field(name.clone()));
        vec![fields.chain([entity(entity_name)]).collect()]
    };
    match fact {
        Fact::Entity(fact) => {
            let table = fact.table.clone().map(Name::End);
            vec![std::iter::once(Name::End(fact.name.clone())).chain(table).collect()]
        }
        Fact::Field { field, .. } => {
            let mut names = vec![Name::Field(field.name.clone())];
            if field.enum_values.len() > 1 {
                names.push(Name::Values(field.enum_values.clone()));
            }
            vec![names]
        }
        Fact::Sensitivity { field, .. } | Fact::Unit { field, .. } => {
            vec![vec![Name::Field(field.clone())]]
        }
        Fact::Enumeration { name, values } => {
            vec![vec![Name::End(name.clone()), Name::Values(values.clone())]]
        }
        Fact::Relationship(RelationshipFact { from, to, .. }) => {
            vec![
                vec![entity(from), Name::End(from.clone())],
                vec![entity(to), Name::End(to.clone())],
            ]
        }
        Fact::PrimaryKey { entity, fields: of_key } => fields(entity, of_key),
        Fact::Unique { entity, fields: of_key, .. } => fields(entity, of_key),
        Fact::Lifecycle { entity: owner, field, states, .. } => {
            let field = field.iter().map(|name| Name::Field(name.clone()));
            let values = (states.len() > 1).then(|| Name::Values(states.clone()));
            vec![std::iter::once(entity(owner)).chain(field).chain(values).collect()]
        }
        Fact::Transition { from, to, .. } => {
            vec![vec![Name::State(to.clone()), Name::State(from.clone())]]
        }
        Fact::Rule { entity: owner, field, .. } => {
            let field = field.iter().map(|name| Name::Field(name.clone()));
            let names: Vec<Name> = owner.iter().map(entity).chain(field).collect();
            if names.is_empty() { Vec::new() } else { vec![names] }
        }
        Fact::Aggregate { root, .. } => vec![vec![entity(root)]],
        Fact::Context { name, entities, .. } => {
            let owned = entities.iter().map(entity);
            vec![std::iter::once(Name::End(name.clone())).chain(owned).collect()]
        }
        Fact::AccessPattern(pattern) => {
            let names: Vec<Name> =
                pattern.entity.iter().chain(&pattern.joins).map(entity).collect();
            if names.is_empty() { Vec::new() } else { vec![names] }
        }
        Fact::Index(index) => fields(&index.entity, &index.columns),
        Fact::Partitioning(fact) => fields(&fact.entity, &fact.fields),
        Fact::Volume { entity: name, .. }
        | Fact::Share { entity: name, .. }
        | Fact::Retention { entity: name, .. }
        | Fact::Tenancy { tenant: name, .. } => vec![vec![entity(name), Name::End(name.clone())]],
        Fact::External { name } => vec![vec![Name::End(name.clone())]],
        Fact::Candidate { noun, .. } => vec![vec![Name::End(noun.clone())]],
        Fact::Project { .. } | Fact::Load { .. } | Fact::Recovery { .. } => Vec::new(),
    }
}

/// The words of a quotation or heading, folded as names are.
#[derive(Debug)]
pub(super) struct Words {
    words: Vec<String>,
}

impl Words {
    pub(super) fn new(tokens: &[Token]) -> Self {
        let mut words = Vec::new();
        for token in tokens.iter().filter(|token| token.is_word()) {
            words.extend(split(&token.text));
        }
        Self { words }
    }

    /// Whether the name's words stand here one after the other, in any spelling or number.
    fn holds(&self, name: &str) -> bool {
        let wanted = fold(name);
        if wanted.is_empty() {
            return false;
        }
        (0..self.words.len()).any(|from| {
            let mut joined = String::new();
            // A name may be written apart: "e-mail", "Order Item".
            self.words[from..].iter().take(6).any(|word| {
                joined.push_str(word);
                fold(&joined) == wanted
            })
        })
    }

    fn holds_form_of(&self, name: &str) -> bool {
        self.holds(name)
            || words_of(name).iter().filter(|word| word.chars().count() > 3).any(|word| {
                self.words.iter().any(|other| {
                    common_start(word, other) * 3 >= word.chars().count() * 2
                        && common_start(word, other) >= 4
                })
            })
    }

    /// Whether a name is mentioned here, or for an entity in a heading above.
    pub(super) fn mention(&self, name: &Name, headings: &Self) -> bool {
        match name {
            Name::Entity(name) => self.holds(name) || self.holds_last(name) || headings.holds(name),
            Name::End(name) => self.holds(name) || self.holds_last(name),
            Name::Field(name) => self.holds(name) || self.holds_word_of(name),
            Name::Values(values) => {
                !values.is_empty() && values.iter().all(|value| self.holds_form_of(value))
            }
            Name::State(name) => self.holds_form_of(name),
        }
    }

    fn holds_last(&self, name: &str) -> bool {
        let words = words_of(name);
        words.len() > 1 && words.last().is_some_and(|last| last.len() > 2 && self.holds(last))
    }

    fn holds_word_of(&self, name: &str) -> bool {
        let words = words_of(name);
        let telling: Vec<&String> =
            words.iter().filter(|word| !is_vague_in_a_field(word)).collect();
        telling.iter().any(|word| self.holds_form_of(word))
    }

    /// Whether there is more here than the names and words that every sentence has.
    pub(super) fn say_more_than(&self, names: &[&Name]) -> bool {
        let own: Vec<String> = names
            .iter()
            .flat_map(|name| match name {
                Name::Values(_) => Vec::new(),
                Name::Entity(name) | Name::End(name) | Name::Field(name) | Name::State(name) => {
                    words_of(name)
                }
            })
            .map(|word| fold(&word))
            .collect();
        self.words.len() >= 3
            && self.words.iter().any(|word| !is_stop_word(word) && !own.contains(&fold(word)))
    }
}

/// The words of a name in lower case.
fn words_of(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = None;
    for character in name.chars() {
        if character.is_uppercase()
            && before.is_some_and(|c: char| c.is_lowercase() || c.is_numeric())
        {
            spaced.push(' ');
        }
        spaced.push(character);
        before = Some(character);
    }
    spaced
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The parts of a word that underscores join, and the whole.
fn split(word: &str) -> impl Iterator<Item = String> + '_ {
    word.split('_').filter(|part| !part.is_empty()).map(str::to_owned)
}

fn common_start(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// Words in the names of fields that tell none from another.
fn is_vague_in_a_field(word: &str) -> bool {
    matches!(word, "id" | "at" | "on" | "is" | "has" | "by" | "of" | "the" | "to" | "in" | "no")
}

fn is_stop_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "this"
            | "that"
            | "these"
            | "those"
            | "it"
            | "its"
            | "they"
            | "their"
            | "we"
            | "our"
            | "you"
            | "your"
            | "he"
            | "she"
            | "his"
            | "her"
            | "i"
            | "my"
            | "and"
            | "or"
            | "but"
            | "nor"
            | "if"
            | "then"
            | "so"
            | "as"
            | "than"
            | "of"
            | "in"
            | "on"
            | "at"
            | "to"
            | "for"
            | "from"
            | "by"
            | "with"
            | "into"
            | "over"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "being"
            | "do"
            | "does"
            | "did"
            | "s"
            | "etc"
            | "eg"
            | "ie"
            | "e"
            | "g"
            | "there"
            | "here"
            | "also"
    )
}

#[cfg(test)]
mod tests {
    use super::super::quote::tokens;
    use super::*;

    fn words(text: &str) -> Words {
        Words::new(&tokens(text))
    }

    #[track_caller]
    fn mentions(text: &str, name: &Name, expected: bool) {
        assert_eq!(words(text).mention(name, &words("")), expected, "{text}: {name:?}");
    }

    #[test]
    fn names_are_known_in_any_spelling_and_number() {
        let end = |name: &str| Name::End(name.to_owned());
        let field = |name: &str| Name::Field(name.to_owned());
        mentions("a supplier offers several items", &end("Item"), true);
        mentions("the order items of a user", &end("OrderItem"), true);
        mentions("at least one line", &end("OrderLine"), true);
        mentions("the user's e-mail is unique", &field("email"), true);
        mentions("identified by an organisation code", &field("organisation_code"), true);
        mentions("orders are dated when created", &field("created_at"), true);
        mentions("an order contains at least one line", &field("discount"), false);
        mentions("an order contains at least one line", &end("Payment"), false);
        mentions("belongs to one user", &field("user_id"), true);
        mentions("customers may cancel before that", &Name::State("cancelled".to_owned()), true);
        mentions("reordering is hard", &end("Order"), false);
    }

    #[test]
    fn a_heading_names_the_entity_of_what_stands_below_it() {
        let name = Name::Entity("Order".to_owned());
        assert!(words("has many lines").mention(&name, &words("3. Orders")));
        assert!(
            !words("has many lines").mention(&Name::Field("order_no".to_owned()), &words("Orders"))
        );
    }

    #[test]
    fn a_word_alone_proves_nothing() {
        let name = Name::End("Order".to_owned());
        for (text, expected) in [
            ("order", false),
            ("the orders", false),
            ("of the order", false),
            ("each order has lines", true),
        ] {
            assert_eq!(words(text).say_more_than(&[&name]), expected, "{text}");
        }
    }
}
