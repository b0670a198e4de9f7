//! Of which span of a row a sentence speaks that names its times: "the planned times of a member's tasks".

use underpin_base::Phrases;

use super::clause::root;
use super::sentence::{Sentence, strip_word};
use crate::names::words;
use crate::spans::spans;
use crate::{FieldId, FieldKind};

/// "The planned times of a member's tasks never overlap" as "tasks of a member never overlap", with the word that tells
/// which times are meant.
pub(super) fn of_times<'t>(text: &'t str, verbs: &[&str]) -> Option<(String, Option<&'t str>)> {
    let said = strip_word(text, "the");
    let (front, rest) = [" times of ", " periods of ", " dates of "]
        .iter()
        .find_map(|of| said.cut_at(of))
        .or_else(|| {
            let rest = ["times of ", "periods of ", "dates of "];
            rest.iter().find_map(|of| said.strip_prefix(of)).map(|rest| ("", rest))
        })?;
    (!front.contains(' ')).then_some(())?;
    let (verb, at) = rest.first_of(verbs)?;
    let (rows, tail) = (&rest[..at], &rest[at + verb.len()..]);
    let text = match rows.cut_at("'s ").or_else(|| rows.cut_at("s' ")) {
        Some((owner, rows)) => format!("{rows} of {owner}{verb}{tail}"),
        None => rest.to_owned(),
    };
    Some((text, Some(front).filter(|it| !it.is_empty())))
}

/// The one pair of fields between which a row lasts whose names have a word: "planned" for `planned_from` and
/// `planned_until`.
pub(super) fn span(sentence: &Sentence<'_>, word: &str) -> Option<(FieldId, FieldId)> {
    let times =
        |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp | FieldKind::Time);
    let model = &sentence.draft().model;
    let is_called =
        |field: FieldId| words(&model.field(field).name).iter().any(|it| root(it) == root(word));
    let all = spans(model, sentence.entity(), times);
    let mut meant = all.into_iter().filter(|(from, to)| is_called(*from) && is_called(*to));
    meant.next().filter(|_| meant.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::of_times;

    #[test]
    fn whose_times_and_which() {
        let of = |text| of_times(text, &[" never overlap"]);
        let said = |rows: &str, word| Some((rows.to_owned(), word));
        assert_eq!(
            of("the planned times of a member's tasks never overlap"),
            said("tasks of a member never overlap", Some("planned"))
        );
        assert_eq!(of("times of tasks never overlap"), said("tasks never overlap", None));
        assert_eq!(of("the hardly planned times of tasks never overlap"), None);
        assert_eq!(of("tasks of a member never overlap"), None);
    }
}
