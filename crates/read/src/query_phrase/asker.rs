//! Who asks for rows in a sentence: whoever can, whose page it is, of whom a story is told.

use super::clause::{Sentence, is_modal};
use crate::notation::Output;

impl Sentence<'_> {
    /// Whose page shows something: "the customer dashboard shows their orders".
    pub(super) fn screen_of(
        &self,
        before: Option<usize>,
        screen: &str,
        out: &Output,
    ) -> Option<String> {
        let at = self.lower[..=before?].iter().rposition(|word| word == screen)?;
        let whose = self.lower(at.checked_sub(1)?);
        let is_somebody = is_person(whose)
            || out.known.get(whose).is_some()
            || out.prose.is_role(whose)
            || crate::prose::is_person_noun(&crate::prose::singular(whose));
        (is_somebody && whose != "i").then(|| whose.to_owned())
    }

    /// "Given a customer is signed in, when they open the list, then they see only their own orders".
    pub(super) fn told_of(&self, at: usize, out: &Output) -> Option<String> {
        let is_told = matches!(self.lower(at), "they" | "i" | "he" | "she")
            && matches!(self.lower(at.checked_sub(1)?), "then" | "and");
        let given = self.lower.iter().position(|word| word == "given").filter(|_| is_told)?;
        self.lower[given + 1..at]
            .iter()
            .take(5)
            .find(|word| {
                out.known.get(word).is_some() || out.prose.is_role(word) || is_person(word)
            })
            .filter(|word| *word != "i")
            .cloned()
    }

    /// Who acts: the last word before the modal verb; "I" is who the story is told of.
    pub(super) fn subject(&self, modal: usize, out: &Output) -> Option<String> {
        let (words, lower) = (&self.words[..modal], &self.lower[..modal]);
        let story = lower
            .windows(2)
            .position(|run| run[0] == "as" && matches!(run[1].as_str(), "a" | "an" | "the"));
        if let Some(at) = story {
            // "As a reader, I want", "As a reader I want".
            let is_end = |word: &&&str| word.ends_with(',') || **word == "I";
            let end = words[at + 2..].iter().position(|word| is_end(&word))? + at + 2;
            let last = if words[end] == "I" { end - 1 } else { end };
            return words.get(last).map(|word| word.trim_end_matches(',').to_owned());
        }
        let allows = lower.iter().position(|word| {
            matches!(word.as_str(), "allow" | "allows" | "let" | "lets" | "enable" | "enables")
        });
        let from = allows.map_or(0, |at| at + 1);
        let last = words.get(from..)?.iter().rev().find(|word| {
            let word = word.to_lowercase();
            !matches!(word.as_str(), "able" | "be" | "to") && !is_modal(&word)
        })?;
        let bare = last.trim_matches(|c: char| !c.is_alphanumeric());
        let is_system = matches!(
            bare.to_lowercase().as_str(),
            "system" | "app" | "application" | "i" | "we" | "they" | "it" | "you" | ""
        );
        // "An authenticated staff member".
        let two = modal.checked_sub(2).map(|from| self.words[from..modal].join(" "));
        let two = two.filter(|two| two.ends_with(bare) && out.known.get(two).is_some());
        (!is_system).then(|| two.unwrap_or_else(|| bare.to_owned()))
    }
}

/// Nouns for people that act, whether or not they are stored.
pub(super) fn is_person(word: &str) -> bool {
    let one = word.trim_end_matches('s');
    // "Receptionists", "pharmacists", "technicians".
    let is_calling = one.len() > 6 && (one.ends_with("ist") || one.ends_with("ian"));
    is_calling
        || matches!(
            one,
            "user"
                | "admin"
                | "administrator"
                | "customer"
                | "client"
                | "visitor"
                | "guest"
                | "member"
                | "manager"
                | "employee"
                | "staff"
                | "owner"
                | "operator"
                | "student"
                | "teacher"
                | "seller"
                | "buyer"
                | "agent"
                | "host"
                | "i"
                | "we"
                | "they"
                | "people"
                | "everyone"
                // What runs by itself.
                | "worker"
                | "job"
                | "scheduler"
        )
}

#[cfg(test)]
mod tests {
    use crate::notation::Output;
    use crate::query_phrase::clauses;

    fn actor(text: &str) -> Option<String> {
        let mut out = Output::default();
        for name in ["Loan", "Reader"] {
            out.known.add(name);
        }
        clauses(text, &out).into_iter().next().and_then(|clause| clause.actor)
    }

    #[test]
    fn who_asks() {
        for (text, expected) in [
            ("The reader dashboard shows their loans", Some("reader")),
            (
                "Given a reader is signed in, when they open the list, then they see only their own loans",
                Some("reader"),
            ),
            ("As a reader, I want to view my loans", Some("reader")),
            ("As a reader I want to view my loans", Some("reader")),
            ("The dashboard shows loans of a reader", None),
            ("The home page shows loans of a reader", None),
        ] {
            assert_eq!(actor(text).as_deref(), expected, "{text}");
        }
    }
}
