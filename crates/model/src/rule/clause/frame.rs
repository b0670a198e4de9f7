//! What stands around a rule and says that it must or must not be: "It is not allowed to …", "Under no circumstances
//! may …", "No … may …", "Neither … nor …".

/// What the words around a sentence say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether it is denied.
    pub(super) negated: bool,
    /// Whether it is about the subject only.
    pub(super) only: bool,
    /// The verb that is done to what follows: "It is forbidden to reopen a booking".
    pub(super) done: Option<String>,
}

/// "It is forbidden to", with whether that denies what follows.
const IT_IS: &[(&[&str], bool)] = &[
    (&["it", "is", "not", "allowed"], true),
    (&["it", "is", "not", "permitted"], true),
    (&["it", "is", "not", "possible"], true),
    (&["it", "is", "never", "allowed"], true),
    (&["it", "is", "forbidden"], true),
    (&["it", "is", "prohibited"], true),
    (&["it", "is", "impossible"], true),
    (&["it", "must", "not", "be", "possible"], true),
    (&["it", "must", "not", "be", "allowed"], true),
    (&["it", "cannot", "be", "allowed"], true),
    (&["it", "shall", "not", "be", "possible"], true),
    (&["it", "must", "be", "impossible"], true),
];

/// The sentence without its frame.
pub(super) fn frame<'t>(words: &[&'t str]) -> Option<(Vec<&'t str>, Frame)> {
    let mut frame = Frame::default();
    if let Some((lead, negated)) = IT_IS.iter().find(|(lead, _)| words.starts_with(lead)) {
        frame.negated = *negated;
        return match &words[lead.len()..] {
            ["to", verb, rest @ ..] if !rest.is_empty() => {
                frame.done = Some((*verb).to_owned());
                Some((rest.to_vec(), frame))
            }
            // "for two shows to overlap"
            ["for", rest @ ..] => {
                let to = rest.iter().position(|it| *it == "to")?;
                let mut sentence = rest[..to].to_vec();
                sentence.push("may");
                sentence.extend(&rest[to + 1..]);
                Some((sentence, frame))
            }
            _ => None,
        };
    }
    for lead in
        [&["under", "no", "circumstances"][..], &["at", "no", "time"], &["in", "no", "case"]]
    {
        // "may a closed account be opened": the subject stands behind the modal.
        let Some([modal, rest @ ..]) = words.strip_prefix(lead) else { continue };
        let be = rest.iter().position(|it| *it == "be").filter(|it| *it > 0)?;
        let mut sentence = rest[..be].to_vec();
        sentence.push(modal);
        sentence.extend(&rest[be..]);
        frame.negated = true;
        return Some((sentence, frame));
    }
    match words {
        ["no", "two" | "longer" | "more" | "later" | "earlier" | "less" | "sooner", ..] => {
            Some((words.to_vec(), frame))
        }
        ["nobody" | "nothing", ..] | ["no", "one", ..] => {
            frame.negated = true;
            let rest = if words[0] == "no" { &words[1..] } else { words };
            let mut sentence = rest.to_vec();
            sentence[0] = "nobody";
            Some((sentence, frame))
        }
        ["no", rest @ ..] | ["never", "any", rest @ ..] if rest.len() > 1 => {
            frame.negated = true;
            Some((rest.to_vec(), frame))
        }
        ["neither", rest @ ..] => {
            frame.negated = true;
            let nor = rest.iter().position(|it| *it == "nor")?;
            let mut sentence = rest.to_vec();
            sentence[nor] = "and";
            Some((sentence, frame))
        }
        // "Only one cart per user", "Only once" count.
        ["only", "one" | "a" | "once" | "two" | "three", ..] => Some((words.to_vec(), frame)),
        ["only", link, ..] if super::link::at(words, 0).is_some() || *link == "in" => {
            Some((words.to_vec(), frame))
        }
        ["only", rest @ ..] => {
            frame.only = true;
            Some((rest.to_vec(), frame))
        }
        _ => Some((words.to_vec(), frame)),
    }
}
