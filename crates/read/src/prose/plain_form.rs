//! One form for what requirements say in many: "It shall be possible to record parcels", "The system shall provide the ability
//! to record parcels", "Support for the creation of parcels" and "Clerks have the ability to record parcels" all say that
//! somebody records parcels. The patterns know the plain form, and need not know the others.

use std::borrow::Cow;

/// Nouns for what is done to a thing, with the verb of each.
const DEEDS: &[(&str, &str)] = &[
    ("creation", "create"),
    ("addition", "add"),
    ("registration", "register"),
    ("modification", "modify"),
    ("editing", "edit"),
    ("update", "update"),
    ("updating", "update"),
    ("deletion", "delete"),
    ("removal", "remove"),
    ("cancellation", "cancel"),
    ("maintenance", "maintain"),
    ("management", "manage"),
    ("recording", "record"),
    ("tracking", "track"),
    ("storage", "store"),
    ("submission", "submit"),
    ("viewing", "view"),
    ("listing", "list"),
    ("filtering", "filter"),
    ("searching", "search"),
];

/// Verbs by which a system has a function.
const OFFERING: &[&str] = &[
    "support", "supports", "allow", "allows", "enable", "enables", "provide", "provides", "permit",
    "permits", "offer", "offers", "include", "includes", "handle", "handles",
];

/// Nouns for being able to.
const ABILITY: &[&str] =
    &["ability", "option", "possibility", "capability", "facility", "means", "functionality"];

/// What people keep things in, and is no thing itself.
const REGISTERS: &[&str] =
    &["list", "register", "registry", "catalog", "catalogue", "directory", "record", "records"];

/// Verbs by which they do.
const KEEPING: &[&str] = &[
    "maintain",
    "maintains",
    "keep",
    "keeps",
    "store",
    "stores",
    "manage",
    "manages",
    "track",
    "tracks",
    "hold",
    "holds",
    "maintaining",
    "keeping",
];

/// Words for all that is known of a thing.
const FACTS: &[&str] = &["information", "details", "data", "fields", "attributes", "properties"];

/// A sentence in its plain form.
pub(super) fn of(sentence: &str) -> Cow<'_, str> {
    if !sentence.split(' ').any(is_telling) {
        return Cow::Borrowed(sentence);
    }
    let words: Vec<&str> = sentence.split(' ').filter(|word| !word.is_empty()).collect();
    let mut plain = Plain { words: words.iter().map(|it| Cow::Borrowed(*it)).collect() };
    plain.possible();
    plain.able();
    plain.deeds();
    plain.verbs();
    plain.registers();
    plain.facts();
    let text = plain.words.join(" ");
    if text == words.join(" ") { Cow::Borrowed(sentence) } else { Cow::Owned(text) }
}

/// Whether a word may belong to a form that is not the plain one: most sentences have none.
fn is_telling(word: &str) -> bool {
    let word = word.trim_matches([':', ',', '.', '*', '/']);
    let has = |words: &[&str]| words.iter().any(|it| word.eq_ignore_ascii_case(it));
    (4..=13).contains(&word.len())
        && (has(ABILITY)
            || has(REGISTERS)
            || has(FACTS)
            || has(&[
                "possible",
                "able",
                "fill",
                "fills",
                "allocate",
                "allocated",
                "allocates",
                "allocating",
                "allowed",
                "permitted",
                "required",
                "needs",
                "need",
                "crud",
            ])
            || DEEDS.iter().any(|(noun, _)| word.eq_ignore_ascii_case(noun)))
        || has(&["has", "have", "crud", "key", "type"])
}

/// A sentence while its words are exchanged.
struct Plain<'t> {
    words: Vec<Cow<'t, str>>,
}

impl<'t> Plain<'t> {
    /// Whether the word at a place is one of these.
    fn is(&self, at: usize, wanted: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| {
            let word = word.trim_matches([',', '*', '`']);
            wanted.iter().any(|it| word.eq_ignore_ascii_case(it))
        })
    }

    /// Whether the words from a place on are one of each of these.
    fn are(&self, at: usize, wanted: &[&[&str]]) -> bool {
        wanted.iter().enumerate().all(|(next, words)| self.is(at + next, words))
    }

    /// Whether a place begins the sentence, or what stands behind its title.
    fn is_begin(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| {
            let before = self.words[before].trim_end_matches(['*', '`']);
            before.ends_with([':', '.']) || matches!(before, "-" | "–" | "—")
        })
    }

    fn exchange(&mut self, range: std::ops::Range<usize>, by: &[&'static str]) {
        self.words.splice(range, by.iter().map(|word| Cow::Borrowed(*word)));
    }

    /// "It shall be possible to record parcels", "It must be possible for clerks to record parcels".
    fn possible(&mut self) {
        const MODALS: &[&str] = &["shall", "must", "should", "will", "may"];
        let begun = (0..self.words.len()).find(|&at| {
            self.are(at, &[&["it"], MODALS, &["be"], &["possible"]]) && self.is_begin(at)
        });
        let Some(at) = begun else { return };
        if self.is(at + 4, &["to"]) {
            self.exchange(at..at + 5, &[]);
        } else if self.is(at + 4, &["for"])
            && let Some(to) =
                (at + 6..self.words.len().min(at + 10)).find(|&it| self.is(it, &["to"]))
        {
            self.exchange(to..to + 1, &["can"]);
            self.exchange(at..at + 5, &[]);
        }
    }

    /// "Ability to record parcels", "clerks have the ability to", "provide users with the option to", "are allowed to", "has to".
    fn able(&mut self) {
        let Some(at) =
            (0..self.words.len()).find(|&at| self.is(at, ABILITY) && self.is(at + 1, &["to"]))
        else {
            return self.allowed();
        };
        let from = if at > 0 && self.is(at - 1, &["the", "an", "a"]) { at - 1 } else { at };
        let is_last = |words: &[&str]| from > 0 && self.is(from - 1, words);
        if self.is_begin(from) {
            self.exchange(from..at + 2, &[]);
        } else if is_last(&["has", "have"]) {
            self.exchange(from - 1..at + 2, &["can"]);
        } else if is_last(OFFERING) {
            self.exchange(from - 1..at + 2, &[]);
        } else if is_last(&["with"])
            && let Some(verb) = (0..from).rev().take(5).find(|&it| self.is(it, OFFERING))
        {
            self.exchange(from - 1..at + 2, &["to"]);
            self.exchange(verb..verb + 1, &["allow"]);
        }
    }

    fn allowed(&mut self) {
        let mut at = 1;
        while at + 1 < self.words.len() {
            let is_person = !self.is(at - 1, &["i", "we", "you", "it"]);
            if self.are(at, &[&["is", "are"], &["allowed", "permitted", "entitled"], &["to"]]) {
                self.exchange(at..at + 3, &["can"]);
            } else if is_person
                && (self.are(at, &[&["has", "have", "needs", "need"], &["to"]])
                    && !self.is(at + 2, &["be", "do", "the", "a"]))
            {
                self.exchange(at..at + 2, &["must"]);
            }
            at += 1;
        }
    }

    /// "Support creation, modification and deletion of parcels", "CRUD operations for parcels".
    fn deeds(&mut self) {
        let deed = |it: &Self, at: usize| {
            let word = it.words.get(at)?.trim_matches([',', '*']);
            DEEDS.iter().find(|(noun, _)| word.eq_ignore_ascii_case(noun)).map(|it| it.1)
        };
        let Some(first) = (0..self.words.len()).find(|&at| deed(self, at).is_some()) else {
            return;
        };
        let mut end = first;
        let mut verbs: Vec<Cow<'t, str>> = Vec::new();
        while let Some(word) = self.words.get(end) {
            if let Some(verb) = deed(self, end) {
                let mark = if word.ends_with(',') { "," } else { "" };
                verbs.push(Cow::Owned(format!("{verb}{mark}")));
            } else if matches!(word.as_ref(), "and" | "or" | "&" | "/") {
                verbs.push(word.clone());
            } else {
                break;
            }
            end += 1;
        }
        if !self.is(end, &["of"]) {
            return;
        }
        let mut from = first;
        while from > 0 && self.is(from - 1, &["the", "full", "for"]) {
            from -= 1;
        }
        let is_offered = from > 0 && self.is(from - 1, OFFERING);
        if is_offered || self.is_begin(from) {
            self.words.splice(from - usize::from(is_offered)..=end, verbs);
        }
    }

    /// "fill in the weight", "allocate parcels to depots".
    fn verbs(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            if self.are(at, &[&["fill", "key", "type"], &["in", "out"]]) {
                self.exchange(at..at + 2, &["enter"]);
            } else if self.are(at, &[&["fills", "keys", "types"], &["in", "out"]]) {
                self.exchange(at..at + 2, &["enters"]);
            }
            let same = [
                ("allocate", "assign"),
                ("allocates", "assigns"),
                ("allocated", "assigned"),
                ("allocating", "assigning"),
            ];
            if let Some((_, verb)) = same.iter().find(|(word, _)| self.is(at, &[word])) {
                self.exchange(at..at + 1, &[verb]);
            }
            at += 1;
        }
    }

    /// "Maintain a register of parcels with": parcels are kept so.
    fn registers(&mut self) {
        let Some(at) = (1..self.words.len()).find(|&at| {
            self.is(at, REGISTERS)
                && self.is(at + 1, &["of", "for"])
                && !self.is(at + 2, &["each", "every", "all", "any", "the", "a", "an", "their"])
        }) else {
            return;
        };
        let from = if self.is(at - 1, &["a", "the", "an"]) { at - 1 } else { at };
        let goes_on = self.words[at + 2..].iter().any(|word| {
            matches!(word.trim_end_matches(':'), "with" | "including" | "containing")
                || word.starts_with('(')
        });
        if from > 0 && self.is(from - 1, KEEPING) && goes_on {
            self.exchange(from..at + 2, &[]);
        }
    }

    /// "Store the following information for each parcel: weight", "Information about a parcel includes a weight".
    fn facts(&mut self) {
        let Some(at) = (0..self.words.len()).find(|&at| self.is(at, FACTS)) else { return };
        let is_each = |it: &Self, at: usize| it.is(at, &["each", "every", "a", "an", "any"]);
        let is_about = self.is(at + 1, &["for", "of", "about", "on"]);
        let kept = ["store", "record", "capture", "collect", "save", "maintain", "keep", "hold"];
        if at > 0 && self.is(at - 1, &["following"]) && is_about && is_each(self, at + 2) {
            let from = at - 1 - usize::from(at > 1 && self.is(at - 2, &["the"]));
            if from == 0 || !self.is(from - 1, &kept) || !self.is_begin_of_deed(from - 1) {
                return;
            }
            self.each_has(from - 1, at + 2);
            return;
        }
        let having = ["include", "includes", "contain", "contains", "consists", "consist"];
        if at == 0 && is_about {
            let modals = ["shall", "must", "should", "will", "may"];
            let verb = (2..self.words.len().min(7))
                .find(|&it| self.is(it, &having) || self.is(it, &modals));
            let from = 2 + usize::from(is_each(self, 2) || self.is(2, &["the"]));
            if let Some(verb) = verb.filter(|&verb| verb > from) {
                self.words.insert(verb, Cow::Borrowed("details"));
                self.exchange(0..from, &[]);
            }
        }
    }

    /// Whether nothing but the system and what it must stands before a verb.
    fn is_begin_of_deed(&self, verb: usize) -> bool {
        let modals = ["shall", "must", "should", "will"];
        self.is_begin(verb) || self.is(verb - 1, &modals) && verb <= 5
    }

    /// "The system shall store … each parcel: weight, height" says that each parcel shall have these.
    fn each_has(&mut self, verb: usize, each: usize) {
        let modals: &[(&str, &str)] = &[("shall", "shall"), ("must", "must"), ("should", "should")];
        let modal = modals.iter().find(|it| verb > 0 && self.is(verb - 1, &[it.0]));
        let behind = self.words[each..].iter().position(|word| word.ends_with(':'));
        let Some(colon) = behind.map(|at| each + at).filter(|&at| at + 1 < self.words.len()) else {
            return;
        };
        let end = self.words[colon].trim_end_matches(':').to_owned();
        self.words[colon] = Cow::Owned(end);
        let having: &[&'static str] = match modal {
            Some((_, modal)) => &[modal, "have"],
            None => &["has"],
        };
        self.exchange(colon + 1..colon + 1, having);
        let from =
            (0..=verb).rev().take_while(|&at| !self.is_begin(at)).last().map_or(verb, |at| at - 1);
        self.exchange(from.min(verb)..each, &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn many_forms_are_one() {
        for (said, plain) in [
            ("It shall be possible to record a boat.", "record a boat."),
            ("It must be possible for members to book a boat", "members can book a boat"),
            ("**Boats**: Ability to add boats", "**Boats**: add boats"),
            ("Members have the ability to add boats", "Members can add boats"),
            ("The system shall provide an option to add boats", "The system shall add boats"),
            ("Provide users with the ability to add boats", "allow users to add boats"),
            ("Members are allowed to add boats", "Members can add boats"),
            ("A member has to enter a name", "A member must enter a name"),
            (
                "THE system SHALL support creation, modification, and deletion of boats",
                "THE system SHALL create, modify, and delete boats",
            ),
            ("Support for the creation of boats", "create boats"),
            ("A clerk fills in the name", "A clerk enters the name"),
            ("Boats are allocated to a berth", "Boats are assigned to a berth"),
            (
                "Maintain a register of boats with name and length",
                "Maintain boats with name and length",
            ),
            ("Store the following data for each boat: name", "each boat has name"),
            (
                "The system shall store the following data for each boat: name",
                "each boat shall have name",
            ),
            (
                "The API shall accept the following data for a boat: name",
                "The API shall accept the following data for a boat: name",
            ),
            ("Information about a boat includes a name", "boat details includes a name"),
        ] {
            assert_eq!(of(said), plain, "{said}");
        }
    }

    #[test]
    fn other_sentences_stay() {
        for said in [
            "It is possible to pay.",
            "A boat has a name.",
            "Upon registration of a member, an email is sent.",
            "The date of creation of a boat is kept.",
            "I need to see a list of boats.",
            "Show a list of boats with name and length.",
            "Boat information is kept.",
            "Members have to be polite.",
        ] {
            assert_eq!(of(said), said);
        }
    }
}
