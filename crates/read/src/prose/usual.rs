//! Nouns that business software keeps rows of, whatever its trade: people, orders, rooms, courses. That
//! a document uses one says little by itself, but together with little else it says enough.

use std::sync::LazyLock;

use super::noun::{singular, singular_of};
use crate::word_table::WordTable;
use crate::words::lower_case;

/// People, in the singular.
const PEOPLE: &[&str] = &[
    "applicant", "artist", "beneficiary", "borrower", "buyer", "candidate", "caregiver",
    "child", "citizen", "client", "clinician", "coach", "collector", "contractor", "courier",
    "customer", "dentist", "dependent", "diner", "doctor", "donor", "driver", "employee", "employer",
    "farmer", "guardian", "guest", "instructor",
    "investor", "landlord", "lawyer", "learner", "lecturer", "mechanic", "member", "mentor", "merchant",
    "nurse", "organizer", "parent", "participant",
    "partner", "passenger", "patient", "physician", "player", "professor", "provider",
    "recruiter", "rider", "seller", "shopper", "speaker", "sponsor", "staff", "student",
    "subscriber", "supplier", "teacher", "technician", "tenant", "therapist", "trainee",
    "trainer", "traveler", "traveller", "tutor", "user", "vendor", "veterinarian", "vet", "visitor",
    "volunteer", "voter", "worker", "writer",
];

/// Other things by trade, in the singular; the last word of a longer name counts ("order item").
const THINGS: &[&str] = &[
    // What people form.
    "branch", "club", "company", "department", "family", "household", "league", "organisation",
    "organization", "team",
    // Trade.
    "auction", "basket", "bid", "brand", "bundle", "campaign", "cart", "challenge", "category",
    "coupon", "delivery", "item", "offer", "order",
    "product", "promotion", "purchase", "quotation", "quote", "sale", "shipment",
    "variant", "voucher", "warehouse", "wishlist", "merchandise",
    // Money.
    "bill", "charge", "claim", "commission", "debt", "deposit", "donation",
    "expense", "fine", "installment", "insurance", "investment", "invoice", "loan",
    "payment", "payout", "payroll", "portfolio", "receipt", "refund",
    "settlement", "subscription", "transaction", "transfer", "wallet", "withdrawal",
    // Times and places.
    "accommodation", "appointment", "apartment", "asset", "booking", "building", "calendar", "class",
    "facility", "hostel", "hotel", "house", "listing", "meeting", "property",
    "reservation", "room", "schedule", "seat", "session", "shift", "slot", "stay", "tenancy",
    "tour", "trip", "unit", "venue", "visit", "viewing", "lease",
    "itinerary", "ticket", "waitlist",
    // Learning.
    "answer", "assessment", "attendance", "badge", "book", "certificate", "chapter", "course",
    "curriculum", "enrollment", "enrolment", "exam", "exercise", "flashcard", "homework", "lecture",
    "lesson", "quiz", "question", "school", "semester", "submission", "syllabus", "training",
    // Health.
    "allergy", "clinic", "diagnosis", "dose", "encounter", "hospital", "medication",
    "medicine", "prescription", "symptom", "treatment", "vaccination", "workout", "habit", "pet",
    "animal",
    // Content.
    "album", "announcement", "article", "blog", "board", "bookmark", "channel", "comment", "conversation",
    "episode", "feedback", "follower", "game", "movie", "film", "genre", "newsletter", "note", "photo", "playlist", "podcast",
    "poll", "post", "project", "rating", "review", "song", "survey", "tag", "thread", "video",
    "vote", "reaction", "tournament", "fixture", "reward", "achievement",
    // Work.
    "activity", "agreement", "bug", "case", "checklist", "complaint", "contract", "deal",
    "incident", "inquiry", "inspection", "interview", "issue", "job", "milestone", "objective",
    "opportunity", "payslip", "permit", "proposal", "skill", "task", "tasklist", "timesheet",
    "todo", "vacancy", "workspace", "template",
    // Food, vehicles and machines.
    "car", "crop", "dish", "equipment", "farm", "fleet", "ingredient", "kitchen", "machine", "material",
    "meal", "menu", "parcel", "recipe", "restaurant", "sensor", "truck", "vehicle",
];

/// Things only where another word stands before them: "shopping list", "support message".
const IN_COMPOUNDS: &[&str] = &[
    "account", "alert", "card", "document", "entry", "history", "list", "log", "message", "notification",
    "plan", "policy", "record", "reminder", "request", "role",
];

static ALWAYS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[THINGS, PEOPLE]));
static PERSONS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[PEOPLE]));

/// Whether a word in the singular is a thing wherever it stands.
fn is_thing(word: &str) -> bool {
    ALWAYS.contains(word)
}

/// Whether a noun names people.
pub(crate) fn is_person(noun: &str) -> bool {
    let lower = lower_case(noun);
    let last = singular_of(lower.rsplit(' ').next().unwrap_or_default());
    let last = if matches!(&*last, "member" | "user") { "member" } else { &*last };
    PERSONS.contains(last)
        || matches!(last, "manager" | "agent" | "admin" | "administrator" | "owner" | "officer")
}

/// Whether a noun is one that software usually keeps rows of.
pub(crate) fn is_usual(noun: &str) -> bool {
    let lower = lower_case(noun);
    let (front, last) = lower.rsplit_once(' ').unwrap_or(("", &lower));
    let last = singular_of(last);
    is_thing(&last) || !front.is_empty() && IN_COMPOUNDS.contains(&&*last)
}

/// Whether a word is a thing only behind another word: "request".
pub(super) fn is_only_compound(word: &str) -> bool {
    IN_COMPOUNDS.contains(&word)
}

/// The usual thing that the last of several words names: "payment" of "unit-level rental payment".
pub(super) fn head(noun: &str) -> Option<String> {
    let (_, last) = noun.rsplit_once(' ')?;
    let last = singular(&last.to_lowercase());
    is_thing(&last).then_some(last)
}

/// Whether the last of several words is a thing although it names a property where it stands alone.
pub(super) fn is_compound_thing(last: &str) -> bool {
    is_thing(last) || IN_COMPOUNDS.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual() {
        for noun in ["customer", "Orders", "meal plan", "support message", "order item"] {
            assert!(is_usual(noun), "{noun}");
        }
        for noun in ["message", "WhatsApp", "weekend", "list", "status"] {
            assert!(!is_usual(noun), "{noun}");
        }
    }
}
