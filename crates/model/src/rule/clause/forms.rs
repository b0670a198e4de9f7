//! What the forms of a word share: "cancelled", "cancels", "cancellation" and "cancel" are one thing that is done.

use crate::names::words;

/// Forms that no ending tells: each line has the form and the word that stands for it.
const IRREGULAR: &[(&str, &str)] = &[
    ("paid", "pay"),
    ("used", "use"),
    ("uses", "use"),
    ("limit", "max"),
    ("published", "publ"),
    ("publish", "publ"),
    ("publishes", "publ"),
    ("publishing", "publ"),
    ("publication", "publ"),
    ("unpublished", "unpubl"),
    ("left", "leav"),
    ("leaving", "leav"),
    ("storage", "stor"),
    ("sold", "sell"),
    ("sale", "sell"),
    ("sales", "sell"),
    ("sent", "send"),
    ("lent", "lend"),
    ("began", "begin"),
    ("begun", "begin"),
    ("beginning", "begin"),
    ("died", "death"),
    ("die", "death"),
    ("dies", "death"),
    ("deceased", "death"),
    ("born", "birth"),
    ("bought", "buy"),
    ("purchase", "buy"),
    ("withdrawn", "withdraw"),
    ("withdrew", "withdraw"),
    ("frozen", "freez"),
    ("hidden", "hid"),
    ("given", "giv"),
    ("taken", "tak"),
    ("written", "writ"),
    ("received", "receiv"),
    ("receipt", "receiv"),
    ("submission", "submit"),
    ("decided", "decid"),
    ("decision", "decid"),
    ("closure", "clos"),
    ("departure", "depart"),
    ("signature", "sign"),
    ("made", "mak"),
    ("held", "hold"),
    ("lost", "los"),
    ("met", "meet"),
    ("expiration", "expir"),
    ("admission", "admit"),
    ("renewal", "renew"),
    ("removal", "remov"),
    ("resolution", "resolv"),
    ("redemption", "redeem"),
    ("revocation", "revok"),
    ("application", "appl"),
    ("applied", "appl"),
    ("apply", "appl"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("maximal", "max"),
    ("minimal", "min"),
    ("extens", "extend"),
    ("suspens", "suspend"),
    ("submiss", "submit"),
    ("decis", "decid"),
    ("revoc", "revok"),
    ("resolut", "resolv"),
    ("convers", "convert"),
    ("people", "person"),
    ("children", "child"),
];

/// Participles without "-ed" that rules use.
const PARTICIPLES: &[&str] = &[
    "sold",
    "set",
    "put",
    "paid",
    "sent",
    "given",
    "taken",
    "shown",
    "written",
    "known",
    "lost",
    "kept",
    "held",
    "left",
    "made",
    "met",
    "lent",
    "withdrawn",
    "frozen",
    "hidden",
    "bought",
    "begun",
    "born",
    "chosen",
    "drawn",
    "driven",
    "forbidden",
    "found",
    "overwritten",
    "reset",
    "rewritten",
    "spent",
    "split",
    "sworn",
    "torn",
    "told",
    "undone",
    "won",
    "worn",
    "broken",
    "built",
    "brought",
    "caught",
    "cut",
    "done",
    "shut",
    "run",
    "rebuilt",
];

/// Endings that make another form of a word, the longest first.
const ENDINGS: &[&str] = &[
    "ations", "ation", "ments", "ment", "ions", "ings", "ion", "ing", "als", "al", "ers", "er",
    "ors", "or", "ied", "ies", "ed", "es", "s", "e", "y",
];

/// The shortest that is left of a word.
const SHORTEST: usize = 3;

/// What the forms of a word have in common.
pub(crate) fn root(word: &str) -> String {
    if let Some(root) = irregular(word) {
        return root.to_owned();
    }
    let cut = ENDINGS.iter().find_map(|end| {
        let front = word.strip_suffix(end)?;
        // "process" and "class" end in no plural.
        let is_plural = *end != "s" || !front.ends_with('s');
        (front.len() >= SHORTEST && is_plural).then_some((*end, front))
    });
    // "terminated" and "termination" are of one verb.
    let cut = match cut {
        Some(("ed" | "es" | "e" | "ing" | "or" | "ion", front)) => {
            front.strip_suffix("at").filter(|it| it.len() > SHORTEST).unwrap_or(front)
        }
        Some((_, front)) => front,
        None => word,
    };
    let known = if cut.len() > SHORTEST { irregular(cut) } else { None };
    known.unwrap_or_else(|| undoubled(cut)).to_owned()
}

/// The word that stands for a form which no ending tells; most words are ruled out by their first letter.
fn irregular(word: &str) -> Option<&'static str> {
    let first = word.as_bytes().first();
    let mut alike = IRREGULAR.iter().filter(|(form, _)| form.as_bytes().first() == first);
    alike.find(|(form, _)| *form == word).map(|(_, root)| *root)
}

/// "cancell" is of "cancel", "shipp" of "ship"; "pass" stays.
fn undoubled(word: &str) -> &str {
    match word.as_bytes() {
        [.., one, other] if one == other && one.is_ascii_alphabetic() && *one != b's' => {
            &word[..word.len() - 1]
        }
        _ => word,
    }
}

/// The roots of the words of a phrase or of a name.
pub(crate) fn roots(phrase: &str) -> Vec<String> {
    words(phrase).iter().map(|word| root(word)).collect()
}

/// Whether a word can stand behind "is" for what was done.
pub(crate) fn is_participle(word: &str) -> bool {
    let bare = word.strip_prefix("re").filter(|it| it.len() > 2).unwrap_or(word);
    (word.len() > 3
        && word.ends_with("ed")
        && !matches!(word, "need" | "exceed" | "indeed" | "feed" | "seed" | "speed"))
        || PARTICIPLES.contains(&word)
        || PARTICIPLES.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word() {
        for (one, other) in [
            ("cancelled", "cancellation"),
            ("canceled", "cancelled"),
            ("terminated", "termination"),
            ("published", "publication"),
            ("delivery", "delivered"),
            ("expires", "expiry"),
            ("approved", "approver"),
            ("approval", "approved"),
            ("paid", "payment"),
            ("completed", "completion"),
            ("renewals", "renewed"),
            ("issue", "issued"),
            ("shipped", "ships"),
            ("minimum", "min"),
        ] {
            assert_eq!(root(one), root(other), "{one}, {other}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (one, other) in [
            ("start", "status"),
            ("issued", "issuer_name"),
            ("price", "prize"),
            ("order", "older"),
            ("name", "number"),
        ] {
            assert_ne!(root(one), root(other), "{one}, {other}");
        }
    }

    #[test]
    fn participles() {
        assert!(["changed", "sold", "withdrawn", "reset"].iter().all(|it| is_participle(it)));
        assert!(!["need", "red", "exceed", "positive"].iter().any(|it| is_participle(it)));
    }
}
