//! People whom the system knows: who makes what is kept, and who signs in.

use super::{Notes, core};
use crate::prose::noun::{Phrase, coordinated, is_attribute, is_generic, phrase_at, singular};
use crate::prose::possession::runs_the_system;
use crate::prose::tag::{Tag, Token};
use crate::prose::usual::{is_person, is_usual};
use crate::prose::{Evidence, cardinality, deeds, possession};

/// "Users can create playlists": who makes what is kept is known to the system.
pub(super) fn makers(notes: &mut Notes<'_, '_>) {
    for (maker, thing) in possession::made_by_users(notes.clause) {
        if !is_generic(core(thing)) && !is_attribute(core(thing)) {
            notes.note(maker, Evidence::Makes);
        }
    }
    // "Donors can donate money": who may do anything in the system by what they are.
    let tokens = notes.tokens();
    for at in (1..tokens.len()).filter(|&at| tokens[at].is_any(&["can", "may"])) {
        let is_deed = tokens.get(at + 1).is_some_and(|it| it.tag == Tag::Verb);
        let subject = is_deed.then(|| cardinality::subject_before(tokens, at)).flatten();
        let Some(subject) = subject.filter(|it| it.is_plural && it.end == at) else { continue };
        if is_person(&subject.noun) && is_usual(&subject.noun) && !runs_the_system(&subject.noun) {
            notes.note(&subject.noun, Evidence::Makes);
        }
    }
}

/// "Members can comment on articles": what they do makes rows, and tells that there are articles.
pub(super) fn deeds(notes: &mut Notes<'_, '_>) {
    for deed in deeds::find(notes.tokens()) {
        notes.note(deed.made, Evidence::Done);
        if !is_attribute(deed.thing.rsplit(' ').next().unwrap_or_default()) {
            notes.note(&deed.thing, Evidence::Asked);
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
    // "Credentials show a login error", "Google signs in": only people have accounts.
    if is_person(&noun) || subject.is_plural && is_usual(&noun) {
        notes.note(&noun, Evidence::SignsIn);
    }
}

/// "There are two types of users: customers and agencies", "2 kinds of users, i.e. buyers and sellers": who uses the
/// system in ways of their own is known to it.
pub(super) fn kinds(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let of_users = tokens.windows(3).position(|run| {
        run[0].is_any(&["types", "kinds", "sorts"])
            && run[1].is("of")
            && run[2].is_any(&["users", "people", "actors", "accounts"])
    });
    let Some(at) = of_users else { return };
    let lead = (at + 3..tokens.len())
        .find(|&it| tokens[it].is_any(&[":", "i.e", "namely", "are", "being"]));
    let Some(mut from) = lead.map(|lead| lead + 1) else { return };
    while tokens.get(from).is_some_and(|it| it.tag == Tag::Punctuation) {
        from += 1;
    }
    let (kinds, _) = coordinated(tokens, from);
    if kinds.len() < 2 {
        return;
    }
    for kind in kinds.iter().filter(|kind| !runs_the_system(&kind.noun) || is_person(&kind.noun)) {
        notes.note(&kind.noun, Evidence::Counted);
    }
}

/// Who tells a story: "As a visitor I want to sign up".
fn teller(tokens: &[Token]) -> Option<Phrase> {
    let begins = tokens.first()?.is("as") && tokens.get(1)?.is_any(&["a", "an"]);
    begins.then(|| phrase_at(tokens, 1)).flatten()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn kinds_of_users() {
        check(
            "# Fleet\n\n- There are two types of users: buyers and garages.\n- There are two types of reports: short and long.\n",
            &expect![[r#"
                3 prose-entities  entity Buyer
                3 prose-entities  entity Garage
            "#]],
        );
    }

    #[test]
    fn who_can_do_something() {
        check(
            "# Aid\n\n- Donors can give money or goods.\n- Officers can give money.\n- What donors give can grow.\n",
            &expect![[r#"
                3 prose-entities  entity Donor
            "#]],
        );
    }
}
