//! People whom the system knows: who makes what is kept, and who signs in.

use super::{Notes, core};
use crate::prose::noun::{Phrase, is_attribute, is_generic, phrase_at, singular};
use crate::prose::tag::Token;
use crate::prose::{Evidence, cardinality, possession};

/// "Users can create playlists": who makes what is kept is known to the system.
pub(super) fn makers(notes: &mut Notes<'_, '_>) {
    for (maker, thing) in possession::made_by_users(notes.clause) {
        if !is_generic(core(thing)) && !is_attribute(core(thing)) {
            notes.note(maker, Evidence::Makes);
        }
    }
}

/// "Users can register and log in", "allow a guest to create an account": who does so.
pub(super) fn signs_in(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let verb = (1..tokens.len()).find(|&at| {
        let next = tokens.get(at + 1);
        let second = tokens.get(at + 2);
        let is_account = |token: &Token| token.is_any(&["account", "accounts"]);
        (tokens[at].is_any(&["log", "sign"])
            && next.is_some_and(|it| it.is_any(&["in", "up", "out", "into"])))
            || tokens[at].is_any(&["login", "authenticate"])
            || tokens[at].is("register")
                && next
                    .is_none_or(|it| it.is_any(&["and", "with", "for", "using", ".", ",", "via"]))
            || tokens[at].is_any(&["create", "register"])
                && (second.is_some_and(is_account) || next.is_some_and(is_account))
    });
    let Some(verb) = verb else { return };
    let Some(subject) = cardinality::subject_before(tokens, verb).or_else(|| teller(tokens)) else {
        return;
    };
    let noun = core(&subject.noun).to_lowercase();
    // Whoever comes without an account, or runs the system, is a user of it.
    let is_stranger = matches!(
        singular(&noun).as_str(),
        "visitor" | "admin" | "administrator" | "anyone" | "person" | "i" | "super admin"
    );
    let noun = if is_stranger { "user".to_owned() } else { subject.noun };
    notes.note(&noun, Evidence::SignsIn);
}

/// Who tells a story: "As a visitor I want to sign up".
fn teller(tokens: &[Token]) -> Option<Phrase> {
    let begins = tokens.first()?.is("as") && tokens.get(1)?.is_any(&["a", "an"]);
    begins.then(|| phrase_at(tokens, 1)).flatten()
}
