//! Ways to say a rule, each with the words that mean the same and are understood. `{n…}` stands for a number, `{w…}` for one
//! word, `{*…}` for any words, any other name for some words without a comma; `{-…}` repeats without the article.

/// Numbers in words.
pub(super) const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The ways, with the words for each.
pub(super) const PHRASES: &[(&str, &str)] = &[
    // Rows that do not count.
    ("{*main} ; {rows} in any other status|state do|does not count", "{*main}"),
    ("{*main} . {rows} in any other status|state do|does not count", "{*main}"),
    ("{*main} ;|. {rows} do not count : {*why}", "{*main}; {rows} do not count"),
    (
        "{*main} ;|. that|those of {rows} may|can be used|taken again",
        "{*main}; {-rows} do not count",
    ),
    ("{*main} ;|. that|those of {rows} may|can be reused", "{*main}; {-rows} do not count"),
    ("{*main} , ignoring|excluding|except|disregarding {rows}", "{*main}; {-rows} do not count"),
    ("{*main} , except|apart|aside for|from {rows}", "{*main}; {-rows} do not count"),
    ("{*main} , not counting {rows}", "{*main}; {-rows} do not count"),
    ("{*main} , leaving out {rows}", "{*main}; {-rows} do not count"),
    ("{*main} , {rows} not counted|included", "{*main}; {-rows} do not count"),
    ("{*main} ;|. {row} that are {s} may|can repeat them", "{*main}; {s} {row} do not count"),
    ("not counting {rows} , {*main}", "{*main}; {-rows} do not count"),
    ("ignoring|excluding|disregarding {rows} , {*main}", "{*main}; {-rows} do not count"),
    ("except|apart|aside for|from {rows} , {*main}", "{*main}; {-rows} do not count"),
    (
        "{*front} , except|excluding|without {rows} , {*behind}",
        "{*front} {*behind}; {-rows} do not count",
    ),
    (
        "no two {rows} of {p} that are not {s} {*said}",
        "no two {rows} of {p} {*said}; {s} {rows} do not count",
    ),
    (
        "{rows} of {p} that are not {s} may|must|do|can not overlap",
        "{rows} of {p} do not overlap; {s} {rows} do not count",
    ),
    ("{*main} among {rows} that|who have not been {s}", "{*main}; {s} {rows} do not count"),
    ("{*main} among the {rows} that|who have not been {s}", "{*main}; {s} {rows} do not count"),
    ("{*main} among {rows} that|who are not {s}", "{*main}; {s} {rows} do not count"),
    ("{*main} among the {rows} that|who are not {s}", "{*main}; {s} {rows} do not count"),
    (
        "among the {rows} of {p} that are not {s} , {*main}",
        "{*main} per {-p}; {s} {rows} do not count",
    ),
    ("{*main} unless the {row} is|was {s}", "{*main}; {s} {row} do not count"),
    (
        "{*main} , unless the earlier|previous|other|first|old {row} is|was {s}",
        "{*main}; {s} {row} do not count",
    ),
    (
        "{*main} , unless the earlier|previous|other|first|old {row} has been {s}",
        "{*main}; {s} {row} do not count",
    ),
    ("{*main} ( {rows} do|does not count|matter )", "{*main}; {-rows} do not count"),
    ("{*main} ( {rows} are|is not counted|included )", "{*main}; {-rows} do not count"),
    ("{*main} ( {rows} excluded|excepted|aside|ignored )", "{*main}; {-rows} do not count"),
    ("{*main} ( not counting {rows} )", "{*main}; {-rows} do not count"),
    ("{*main} ( ignoring|excluding|except|disregarding {rows} )", "{*main}; {-rows} do not count"),
    ("{*main} ( except|apart|aside for|from {rows} )", "{*main}; {-rows} do not count"),
    (
        "{*front} , {rows} excluded|excepted|ignored , {*behind}",
        "{*front} {*behind}; {-rows} do not count",
    ),
    ("{*main} , except|excluding {rows} . {*touch}", "{*main}. {*touch}; {-rows} do not count"),
    // What one word stands for.
    (
        "{p} has|have at most {n} {wkind} {wrows} ( {s} )",
        "{p} has at most {n} {wrows} that are {s}",
    ),
    (
        "{p} may|can have at most {n} {wkind} {wrows} ( {s} )",
        "{p} has at most {n} {wrows} that are {s}",
    ),
    ("{*main} {wkind} {wrow} : one whose {*what}", "{*main} {wrow} whose {*what}"),
    ("{*main} {wkind} {wrow} , one whose {*what}", "{*main} {wrow} whose {*what}"),
    (
        "{f} is|are required for a|an|any|every {wrow} that|which|who is {*s}",
        "{f} is required when the {wrow} is {*s}",
    ),
    (
        "{f} is|are required for a|an|any|every {wrow} that|which|who is {*s} , and for no other",
        "{f} is set exactly when the {wrow} is {*s}",
    ),
    (
        "{row} that|which|who is|are {s} must|shall have {x} , and no other {w} has|have one",
        "{-x} is set exactly when {row} is {s}",
    ),
    (
        "a|an|every|each {w} {wrow} must|shall have {x} ; no other {w2} must|shall|may has|have one",
        "{-x} is set exactly when the {wrow} is {w}",
    ),
    (
        "{row} that|which|who is|are {s} has|have {x} ; one that is {*t} has none",
        "{-x} is set exactly when {row} is {s}",
    ),
    // What the system does not take.
    (
        "the system must|shall|will reject|refuse a|an|any|every {row} whose {x} is not {*y}",
        "the {-x} of a {row} must be {*y}",
    ),
    (
        "the system must|shall|will reject|refuse a|an|any|every {row} whose {x} is {*y}",
        "the {-x} of a {row} must not be {*y}",
    ),
    // What goes together.
    (
        "{a} and {b} must|shall|are be given|set|present|filled together",
        "{a} is set if and only if {b} is set",
    ),
    ("{a} and {b} are given|set|present|filled together", "{a} is set if and only if {b} is set"),
    ("{a} and {b} go together", "{a} is set if and only if {b} is set"),
    ("once {row} is no longer {w} for , {*x}", "once {row} is no longer {w}, {*x}"),
    // What stays with what it belongs to.
    (
        "{row} stays|stay|remains|remain with|in|at|on its|their {f} for ever|good",
        "the {f} of {row} never changes",
    ),
    (
        "{row} stays|stay|remains|remain with|in|at|on its|their {f} forever|always",
        "the {f} of {row} never changes",
    ),
    ("{row} stays|stay|remains|remain with its|their {f}", "the {f} of {row} never changes"),
    ("{row} belongs|belong to the same {f} for ever|good", "the {f} of {row} never changes"),
    ("{row} belongs|belong to the same {f} forever|always", "the {f} of {row} never changes"),
    ("{*main} , in none|any of its|their fields", "{*main}"),
    // What is done only there.
    (
        "only from|to|for|in|on {p} that|which|who is {s} is|may|can anything {w}",
        "{p} that is not {s} must not be {w}",
    ),
    (
        "only from|to|for|in|on {p} that|which|who is {s} may|can anything be {w}",
        "{p} that is not {s} must not be {w}",
    ),
    (
        "nothing is|may|can {w} from|to|for|in|on {p} that|which|who is {*s}",
        "{p} that is {*s} must not be {w}",
    ),
    (
        "nothing may|can be {w} from|to|for|in|on {p} that|which|who is {*s}",
        "{p} that is {*s} must not be {w}",
    ),
    ("{p} shall have at most {*x}", "{p} has at most {*x}"),
    ("deleting {p} shall delete|remove {*x}", "deleting {p} deletes {*x}"),
    ("{row} passes|pass only with a|an {x} of {*y}", "a passed {-row} must have {x} of {*y}"),
    ("{rows} are|is {wdone} {won} {owner} only", "{rows} can only be {wdone} {won} {owner}"),
    ("{rows} can|may be {wdone} {won} {owner} only", "{rows} can only be {wdone} {won} {owner}"),
    (
        "for a|an|any {owner} , {rows} can|may be neither {wone} nor {wother}",
        "{rows} can not be {wone} or {wother} for {owner}",
    ),
    // What is given once by each.
    (
        "{q} sends|uses|gives|submits|presents|supplies the same {x} only once",
        "the {x} is unique per {-q}",
    ),
    (
        "{q} sends|uses|gives|submits|presents|supplies the same {x} at most once",
        "the {x} is unique per {-q}",
    ),
    (
        "{q} never sends|uses|gives|submits|presents|supplies the same {x} twice",
        "the {x} is unique per {-q}",
    ),
    (
        "{q} can not send|use|give|submit|present|supply the same {x} twice",
        "the {x} is unique per {-q}",
    ),
    (
        "each|every {q} uses|sends|gives|submits|supplies a|an|each|every {x} only once",
        "the {x} is unique per {q}",
    ),
    (
        "each|every {q} uses|sends|gives|submits|supplies a|an|each|every {x} at most once",
        "the {x} is unique per {q}",
    ),
    ("{x} may|can|must be used once per|by {q}", "the {-x} is unique per {-q}"),
    ("{x} may|can|must be used only once per|by {q}", "the {-x} is unique per {-q}"),
    ("{x} may|can|must only be used once per|by {q}", "the {-x} is unique per {-q}"),
    ("{x} is|are used only|just once per|by {q}", "the {-x} is unique per {-q}"),
    ("{rows} are numbered per|within {q}", "the number of {rows} is unique per {-q}"),
    // One row for each.
    ("{p} has|have|yields one {rows} per {f}", "{p} has at most one {rows} per {f}"),
    (
        "{p} has|have|yields one {rows} per {f} ;|. {*rest}",
        "{p} has at most one {rows} per {f}; {*rest}",
    ),
    ("{p} yields|gives at most one {rows} of|for each {f}", "{p} has at most one {rows} per {f}"),
    // So many rows at most.
    (
        "{p} has|have|contains|holds|takes|gets|includes|lists {n} {rows} at most",
        "{p} has at most {n} {rows}",
    ),
    (
        "{p} has|have|contains|holds|takes|gets|includes|lists {n} {rows} at the most",
        "{p} has at most {n} {rows}",
    ),
    ("{p} can|may have|contain|hold|get|include {n} {rows} at most", "{p} has at most {n} {rows}"),
    (
        "{p} can|may have|contain|hold|get|include {n} {rows} at the most",
        "{p} has at most {n} {rows}",
    ),
    ("{row} is|are on|in|part {n} {p} at most", "{row} has at most {n} {p}"),
    ("{row} is|are on|in at most {n} {p}", "{row} has at most {n} {p}"),
    ("up to {n} {rows} are allowed|permitted|possible per {p}", "at most {n} {rows} per {p}"),
    ("{rows} are limited to {n} per {p}", "at most {n} {rows} per {p}"),
    ("{p} is limited to {n} {rows}", "{p} has at most {n} {rows}"),
    (
        "no|not more than {n} {rows} may|can be added|assigned|attached to {p}",
        "{p} has at most {n} {rows}",
    ),
    ("the maximum number of {rows} per {p} is {n}", "at most {n} {rows} per {p}"),
    ("the maximum number of {rows} of|in {p} is {n}", "{p} has at most {n} {rows}"),
    ("{p} with {n} {rows} accepts|takes no more", "{p} has at most {n} {rows}"),
    ("at most {n} {rows} of {p} can|may be {s} at the same time", "{p} has at most {n} {s} {rows}"),
    (
        "no more than {n} {rows} of {p} can|may be {s} at the same time",
        "{p} has at most {n} {s} {rows}",
    ),
    ("at most {n} {rows} of {p} can|may be {s}", "{p} has at most {n} {s} {rows}"),
    ("no|not more than {n} {rows} of {p} can|may be {s}", "{p} has at most {n} {s} {rows}"),
    ("only {n} {rows} of {p} can|may be {s} at any time", "{p} has at most {n} {s} {rows}"),
    ("only {n} {rows} of {p} can|may be {s}", "{p} has at most {n} {s} {rows}"),
    ("of the {rows} of {p} , at most {n} is|are {s}", "{p} has at most {n} {s} {rows}"),
    ("of the {rows} of {p} , at most {n} can|may be {s}", "{p} has at most {n} {s} {rows}"),
    ("{p} has at most as many {rows} as its {x}", "{p} never has more {rows} than its {x}"),
    (
        "{p} takes|accepts|gets no more {rows} than its {x}",
        "{p} never has more {rows} than its {x}",
    ),
    ("{p} accepts|takes {rows} only up to its {x}", "{p} never has more {rows} than its {x}"),
    (
        "no more {rows} can|may be added to {p} than its {x} allows",
        "{p} never has more {rows} than its {x}",
    ),
    ("{p} never gets|takes more {rows} than {x}", "{p} never has more {rows} than {x}"),
    (
        "the {x} of {p} is the maximum number of its {rows}",
        "{p} never has more {rows} than its {x}",
    ),
    // Sums.
    ("{*x} , if it has one|any", "{*x}"),
    (
        "together , the {x} of the {rows} of {p} do|may|must|can not exceed {y}",
        "the sum of the {x} of the {rows} of {p} must not exceed {y}",
    ),
    ("the sum of all {w} {x} in|of {p} {*y}", "the sum of the {x} of the {w} of {p} {*y}"),
    (
        "the {b} of {p} is never exceeded by the sum of its {w} {x}",
        "the sum of the {x} of the {w} of {p} must not exceed its {b}",
    ),
    (
        "the total {x} of the {rows} of {p} that are not {s} {*y}",
        "the total {x} of the {rows} of {p} {*y}; {s} {rows} do not count",
    ),
    (
        "the {x} of the {rows} of {p} never exceed|exceeds its {y} together",
        "the sum of the {x} of the {rows} of {p} must not exceed its {y}",
    ),
    (
        "the {x} of the {rows} of {p} must|may|can not exceed its {y} together",
        "the sum of the {x} of the {rows} of {p} must not exceed its {y}",
    ),
    // One row at most.
    (
        "{p} cannot|never contain|contains|have|has two {rows} with the same {x}",
        "no two {rows} of {p} have the same {x}",
    ),
    ("no {q} has|have two {rows} in|of the same {p}", "a {q} has at most one {rows} per {p}"),
    (
        "{p} never has|have more than one {row} of|for the same {q}",
        "a {q} has at most one {row} per {-p}",
    ),
    (
        "the same {q} cannot|never have|has two {rows} of|in one|a|the {p}",
        "a {q} has at most one {rows} per {p}",
    ),
    ("{p} and {q} share|have at most one {row}", "{q} has at most one {row} per {-p}"),
    ("{q} can|may have only one {row} in|on|per {p}", "{q} has at most one {row} per {-p}"),
    ("{p} never has|have|gets|get|contains more than one {row}", "{p} has at most one {row}"),
    ("{p} can|must|may|does not have more than one {row}", "{p} has at most one {row}"),
    ("no {p} has|have more than one {row}", "a {p} has at most one {row}"),
    ("no {p} has|have two {w} {w2}", "a {p} has at most one {w} {w2}"),
    (
        "exactly|only one {row} per {p} may|can be marked as {s}",
        "only one {row} per {p} can be {s}",
    ),
    ("{p} has|lists|contains|names|shows each|every {x} once", "`{x}` is unique per {-p}"),
    ("{p} has|lists|contains|names|shows each|every {x} only once", "`{x}` is unique per {-p}"),
    ("{p} has|lists|contains|names|shows each|every {x} at most once", "`{x}` is unique per {-p}"),
    (
        "each|every {x} occurs|appears|exists|stands at most once in|per|within|on {p}",
        "{x} is unique per {-p}",
    ),
    (
        "each|every {x} occurs|appears|exists|stands only once in|per|within|on {p}",
        "{x} is unique per {-p}",
    ),
    (
        "every|each {row} of|in|within {p} has its own {x}",
        "the {x} of a {row} is unique within the {-p}",
    ),
    (
        "duplicate {x} within|in {p} are rejected|refused|forbidden|impossible",
        "{x} are unique within {p}",
    ),
    ("duplicate {x} within|in {p} are not allowed|possible|permitted", "{x} are unique within {p}"),
    (
        "within|in {p} there is|are at most|only one {row} per {x}",
        "there is at most one {row} per {-p} and {x}",
    ),
    ("within|in {p} there is one {row} per {x}", "there is at most one {row} per {-p} and {x}"),
    // Rows that keep apart.
    (
        "overlapping {rows} are not allowed|possible|permitted within|in|for|per {p}",
        "{rows} of the same {-p} do not overlap",
    ),
    (
        "within|in {p} , {rows} do|may|must|can not overlap",
        "{rows} of the same {-p} do not overlap",
    ),
    (
        "the times|periods|dates|hours of the {rows} of {p} do|may|must not overlap",
        "the {rows} of {p} do not overlap",
    ),
    (
        "{row} may|must|does|can not overlap another {row2} of the same {p}",
        "two {-row} of one {p} must not overlap",
    ),
    (
        "there must|may|can be no overlap|overlaps between {rows} of one|a|the {p}",
        "{rows} of the same {p} do not overlap",
    ),
    // What an owner lets be done.
    ("only {ps} accept|take|get|receive {rows}", "{rows} can only be added to {ps}"),
    ("{ps} accept|take|get|receive no {rows}", "no {rows} can be added to {ps}"),
    (
        "{p} must|has be {s} before {rows} can|may be added|created|placed",
        "{rows} can only be added while {p} is {s}",
    ),
    (
        "adding|creating {rows} is|are only allowed|possible|permitted while|when|if {*c}",
        "{rows} can only be added while {*c}",
    ),
    (
        "adding|creating {rows} is|are allowed|possible|permitted only while|when|if {*c}",
        "{rows} can only be added while {*c}",
    ),
    (
        "changing or deleting {rows} is|are possible|allowed only while|when|if {*c}",
        "{rows} can be changed and deleted only while {*c}",
    ),
    (
        "no {row} can|may be created|added unless its {p} is {s}",
        "{row} can only be created while the {p} is {s}",
    ),
    (
        "no {row} can|may be created|added to|in|for {p} unless it is {s}",
        "{row} can only be created while {p} is {s}",
    ),
    (
        "{row} can|may only be created|added when|if its {p} has status {s}",
        "{row} can only be created while the {p} is {s}",
    ),
    (
        "when {row} is created|added its {p} must be {s}",
        "{row} can only be created while the {p} is {s}",
    ),
    (
        "when {row} is created|added , its {p} must be {s}",
        "{row} can only be created while the {p} is {s}",
    ),
    (
        "after|once|when {p} is|was {s} , no more {rows} may|can be added to it",
        "no {rows} can be added to a {s} {-p}",
    ),
    (
        "adding {row} to {p} is refused|rejected|forbidden|impossible",
        "no {-row} can be added to {p}",
    ),
    (
        "only {rows} of a|an {w} {w2} can|may be changed or deleted",
        "{rows} can be changed and deleted only while the {w2} is {w}",
    ),
    (
        "{rows} can|may be changed|edited or|and deleted|removed only in|of {w} {w2}",
        "{rows} can be changed and deleted only while the {w2} is {w}",
    ),
    (
        "unless {p} is {s} , its {rows} can|may be neither changed nor deleted",
        "{rows} can be changed and deleted only while {p} is {s}",
    ),
    (
        "{rows} of {p} are read-only|immutable|frozen",
        "the {rows} of {p} can be neither changed nor deleted",
    ),
    (
        "{rows} can|may only be {wa} to or {wb} from {p} while|when|if it is {s}",
        "{rows} can only be {wa} or {wb} while the {-p} is {s}",
    ),
    ("{rows} can|may be {a} only as long as {*c}", "{rows} can be {a} only while {*c}"),
    ("{rows} are {a} only to {p} that are {s}", "{rows} can only be {a} while the {p} is {s}"),
    (
        "{rows} for|on|of|to {ps} are not possible|allowed|permitted|accepted",
        "no {rows} can be made for {ps}",
    ),
    // What stays.
    (
        "{x} can|may|must not be swapped|replaced|exchanged|switched {*c}",
        "{x} cannot be changed {*c}",
    ),
    ("{row} keeps|keep its|their {x} for ever|good|life", "the {-x} of {row} never changes"),
    ("{row} keeps|keep its|their {x} forever|permanently", "the {-x} of {row} never changes"),
    ("{row} keeps|keep its|their {x}", "the {-x} of {row} never changes"),
    ("{row} may|can be deleted only if it is {s}", "{row} can be deleted only while it is {s}"),
    ("{row} belongs to the same {x} for ever|good|life", "the {x} of {row} never changes"),
    ("{row} stays with|in|on its {x}", "the {x} of {row} never changes"),
    ("{row} always stays with|in|on its {x}", "the {x} of {row} never changes"),
    ("once created , {row} stays with|in|on its {x}", "the {x} of {row} never changes"),
    ("{row} cannot|never change|changes its {x}", "the {x} of {row} never changes"),
    ("{row} may|must|can not change its {x}", "the {x} of {row} never changes"),
    (
        "{row} never moves|goes to another {x} or another {y}",
        "the {x} and {y} of {row} never change",
    ),
    ("the {x} stays the same for the life of the {row}", "the {x} of a {row} never changes"),
    (
        "the {x} cannot be changed|edited|altered once the {row} exists",
        "the {x} of a {row} never changes",
    ),
    ("the {x} is|are set at|on creation and never changes|change", "the {x} never changes"),
    ("from the moment {c} , {*x}", "once {c}, {*x}"),
    ("as soon as {c} , {*x}", "once {c}, {*x}"),
    ("as soon as {row} is {s} it {*x}", "once {row} is {s}, it {*x}"),
    (
        "after {row} is {s} the {x} is|are immutable|fixed|locked|frozen",
        "the {x} is fixed once {row} is {s}",
    ),
    ("once|after|when {row} is {s} its fields {*x}", "once {row} is {s}, it {*x}"),
    ("once|after|when {row} is {s} , its fields {*x}", "once {row} is {s}, it {*x}"),
    (
        "once|after|when {row} is {s} , nothing about it can be changed",
        "once {row} is {s}, it cannot be changed",
    ),
    ("{row} is|are final and cannot be changed", "{row} cannot be changed"),
    (
        "{x} can|may be changed|edited only in {w} {w2}",
        "{x} can be changed only while the {w2} is {w}",
    ),
    (
        "{x} can|may only be changed|edited in {w} {w2}",
        "{x} can be changed only while the {w2} is {w}",
    ),
    (
        "{*x} can|may be changed|edited in a|an {w} only",
        "{*x} can be changed only while it is a {w}",
    ),
    ("deleting {row} is refused|forbidden|impossible", "{row} cannot be deleted"),
    ("deleting {row} is not allowed|possible|permitted", "{row} cannot be deleted"),
    // What becomes of the rows of an owner.
    (
        "the {rows} of {p} are deleted|removed with it",
        "when {p} is deleted, its {rows} are deleted too",
    ),
    (
        "a|an|the {w} 's {rows} go with it when it is deleted",
        "when a {w} is deleted, its {rows} are deleted too",
    ),
    (
        "{p} can|may be deleted and|; its {rows} go with it",
        "when {p} is deleted, its {rows} are deleted too",
    ),
    (
        "on deletion of {p} its {rows} are removed|deleted",
        "when {p} is deleted, its {rows} are deleted too",
    ),
    ("{rows} are removed together with their {p}", "{rows} are deleted along with their {p}"),
    // How great a number is.
    ("{x} runs|ranges|goes from {n} ( {a} ) to {n2} ( {b} )", "{x} is from {n} to {n2}"),
    ("{x} runs|ranges|goes from {n} to {n2}", "{x} is from {n} to {n2}"),
    (
        "{*x} is between {n} and {n2} metres|meters|kilometres|centimetres|millimetres|grams|kilograms|litres|percent|cents|minutes|points",
        "{*x} is between {n} and {n2}",
    ),
    ("{row} has|have a|an {x} of|from {n} to {n2}", "{x} is from {n} to {n2}"),
    ("{row} has|have a|an positive {x}", "{x} is positive"),
    ("{row} must have a|an positive {x}", "{x} must be positive"),
    ("no {row} has|have a|an negative {x}", "{x} must not be negative"),
    ("negative {x} are not allowed|permitted|possible", "{x} must not be negative"),
    ("{x} may not be less than {n} or more than {n2}", "{x} must be from {n} to {n2}"),
    ("{x} must not be below {n} or above {n2}", "{x} must be from {n} to {n2}"),
    ("{x} may be zero but not negative", "{x} must not be negative"),
    // What a state asks for.
    ("in {s} the {x} is|are required|mandatory|needed", "the {x} is required when status is {s}"),
    ("in {s} , the {x} is|are required|mandatory|needed", "the {x} is required when status is {s}"),
    ("{*x} is either {s} or {t}", "{*x} is {s} or {t}"),
    ("{row} cannot be {s} without {x}", "{x} is required when {row} is {s}"),
    ("once {s} , {row} must have {x}", "a {s} {-row} must have {x}"),
    ("{row} that is|are {s} has|have no {x} yet", "a {row} that is {s} has no {x}"),
    (
        "{x} is|are set while|when|once|if {c} , and empty|null|absent otherwise",
        "{x} is set exactly when {c}",
    ),
    (
        "{x} is|are set while|when|once|if {c} and empty|null|absent otherwise",
        "{x} is set exactly when {c}",
    ),
    (
        "{s} {rows} have {x} , all|the others have none",
        "{-x} is set exactly when the {rows} is {s}",
    ),
    (
        "{x} is|are required for {w} {rows} and must be empty for all others",
        "{x} is set exactly when the {rows} is {w}",
    ),
    (
        "{x} is|are given|set for {w} {rows} and only for them",
        "{x} is set exactly when the {rows} is {w}",
    ),
    (
        "only {w} {rows} have {x} , and they always have one",
        "{-x} is set exactly when the {rows} is {w}",
    ),
    // One of several.
    ("{a} and {b} are mutually exclusive", "at most one of {a} and {b} is set"),
    ("{a} and {b} exclude each other", "at most one of {a} and {b} is set"),
    ("{a} and {b} cannot both be set|given|present|filled", "at most one of {a} and {b} is set"),
    (
        "{a} and {b} may|must|can not both be set|given|present|filled",
        "at most one of {a} and {b} is set",
    ),
    ("not both {a} and {b} may|can|must be set|given|present", "at most one of {a} and {b} is set"),
    ("never both {a} and {b}", "at most one of {a} and {b} is set"),
    ("{row} may|must|can not have both {a} and {b}", "at most one of {-a} and {-b} is set"),
    ("{row} must|may not have {a} and {b} at the same time", "at most one of {-a} and {-b} is set"),
    (
        "only one of {a} and {b} may|can be set|given|present|filled",
        "at most one of {a} and {b} is set",
    ),
    (
        "at most one of {a} and {b} may|can be set|given|present|filled",
        "at most one of {a} and {b} is set",
    ),
    ("at most one of {a} and {b} is given|present|filled", "at most one of {a} and {b} is set"),
    (
        "exactly one of {a} and {b} is given|present|filled",
        "exactly one of {a} and {b} must be set",
    ),
    ("exactly one of {a} , {b} is not null|empty", "exactly one of {a} and {b} must be set"),
    ("{row} has|have exactly one of {a} and {b}", "exactly one of {a} and {b} must be set"),
    ("{row} has|have one of {a} and {b} and never both", "exactly one of {a} and {b} must be set"),
    (
        "{row} has|have either {a} or {b} , never|not both",
        "exactly one of {-a} and {-b} must be set",
    ),
    ("{row} has|have {a} or {b} , but|and not both", "exactly one of {-a} and {-b} must be set"),
    (
        "{row} must have either {a} or {b} , but|and not both",
        "exactly one of {-a} and {-b} must be set",
    ),
    (
        "either {a} or {b} must be set|given|present , but|and not both",
        "exactly one of {a} and {b} must be set",
    ),
    (
        "one of {a} and {b} must be set|given|present , not both",
        "exactly one of {a} and {b} must be set",
    ),
    (
        "{a} and {b} may|must not both be empty|missing|null",
        "at least one of {a} and {b} is required",
    ),
    ("{row} has|needs at least {a} or {b}", "at least one of {-a} and {-b} is required"),
    ("{row} needs|has {a} or {b} , or both", "at least one of {-a} and {-b} is required"),
    // Two that differ.
    ("the {a} must differ from the {b}", "{a} and {b} are different"),
    ("the {a} of {row} is someone|somebody|anyone other than its {b}", "{a} and {b} are different"),
    ("{*x} : {a} and {b} are different {w}", "{a} and {b} are different"),
];
