//! Sentences and the parts that they are seen in.

use expect_test::expect;

use super::parse;

#[test]
fn parts() {
    let sentences = "\
A cancelled booking cannot be reopened.
Each seat may be sold only once per show.
The discount must not exceed the subtotal.
A loan's due date is after its start.
Once published, the price is fixed.
An article's slug may not be used by any other article
A completed appointment can't be cancelled
It is forbidden to reopen a cancelled booking
It is not allowed for two shows to take place in one hall at the same time
Under no circumstances may an archived show be published again
Neither the patient nor the doctor of an appointment may be changed
Only planned shipments may be deleted
Starting and reserve price are frozen as soon as the auction is live
A deposit, where there is one, stays below the cost
For sick leave, a doctor's note is required
Without a reason, a request may not be rejected
After publication the slug of an article cannot be changed
A request that has been approved shows who approved it
Completed visits must have an end, others must not
Within a hall, no two seats share the same row and number
Given a closed account, when somebody tries to rename it, then the change is refused
There can be a winner only if the auction is sold
A number may only be set while the row is open
The number, once issued, is never used again
A bid can be neither changed nor withdrawn
If there is a limit, it must be positive
The completion time is set if and only if the visit is completed
Once a show has been published, its title is fixed
A returned loan must not be set back to open
Two appointments of one doctor must never overlap
A revoked prescription names the doctor who revoked it
A campaign closes after it opens
Editors may feature articles
Salaries should be competitive
Names should always be unique";
    let found: Vec<String> = sentences
        .lines()
        .map(|text| parse(text).map_or_else(|| format!("none: {text}"), |it| it.to_string()))
        .collect();
    expect![[r#"
        [a cancelled booking] Must not passive <reopened>
        [each seat] May passive <sold> [only once per show]
        [the discount] Must not <exceed> [the subtotal]
        [a loan's due date] Is <be> After(its start)
        [the price] Is passive <fixed> Once(published)
        [an article's slug] Must not passive <used> [by any other article]
        [a completed appointment] Must not passive <cancelled>
        [a cancelled booking] Must not passive <reopen>
        [two shows] Must not <take> [place in one hall at the same time]
        [an archived show] Must not passive <published> [again]
        [the patient and the doctor of an appointment] Must not passive <changed>
        [planned shipments] May only passive <deleted>
        [starting and reserve price] Is passive <frozen> Once(the auction is live)
        [a deposit] Is <stays> [below the cost]
        [a doctor's note] Is passive <required> When(sick leave)
        [a request] Must not passive <rejected> Without(a reason)
        [the slug of an article] Must not passive <changed> After(publication)
        [a request that has been approved] Is <shows> [who approved it]
        [completed visits] Must <have> [an end] no others
        [no two seats] Is <share> [the same row and number] Within(a hall)
        [it] Must not passive <rename> While(a closed account)
        [there] Must <be> [a winner] OnlyIf(the auction is sold)
        [a number] Must passive <set> OnlyIf(the row is open)
        [the number] Is not passive <used> [again] Once(issued)
        [a bid] Must not passive <changed> [nor withdrawn]
        [a limit] Must <be> [positive]
        [the completion time] Is passive <set> Exactly(the visit is completed)
        [its title] Is passive <fixed> Once(a show has been published)
        [a returned loan] Must not passive <set> [back to open]
        [two appointments of one doctor] Must not <overlap>
        [a revoked prescription] Is <names> [the doctor who revoked it]
        [a campaign] Is <closes> After(it opens)
        [editors] May <feature> [articles]
        [salaries] Should <be> [competitive]
        [names] Must <be> [unique]"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn what_frees_or_says_nothing() {
    for text in [
        "A patient need not have an email",
        "The cost does not have to be higher than the deposit",
        "No position must not be filled",
        "It is not required to give a reason",
        "In cents, zero or more",
    ] {
        assert_eq!(parse(text).map(|it| it.to_string()), None, "{text}");
    }
}
