//! References that only the name of a field tells of: `user_id`, `parent_folder_id`, `tag_id` of a
//! `FileTag`. What a name does not settle becomes a question, not a guess.

use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

use super::reference_keys::OwnKeys;
use super::references::{holds_a_key, infer, same_precise_key};
use crate::draft::Draft;
use crate::names::{fold_entity, fold_field, words};
use crate::{EntityId, ExternalReference, FieldId, FieldKind, Origin, type_words};

/// Last words of entities whose bare name often means something that is not stored here: a
/// `request_id` follows a call through the logs, a `session_id` a browser.
const OWN_MEANING: &[&str] = &[
    "request",
    "session",
    "transaction",
    "token",
    "key",
    "event",
    "message",
    "client",
    "device",
    "correlation",
    "trace",
    "job",
    "run",
    "thread",
    "version",
    "external",
    "client_request",
];

/// Words in front of an entity's name that say whose entity it is: not ours.
const FOREIGN: &[&str] = &[
    "stripe",
    "paypal",
    "google",
    "apple",
    "facebook",
    "github",
    "gitlab",
    "azure",
    "aws",
    "auth0",
    "firebase",
    "clerk",
    "twilio",
    "slack",
    "shopify",
    "xero",
    "quickbooks",
    "salesforce",
    "hubspot",
    "telegram",
    "discord",
    "external",
    "provider",
    "remote",
    "legacy",
    "vendor",
    "third",
    "gateway",
    "oauth",
    "openai",
    "plaid",
];

/// Words for a row's relation to another of its own kind.
const SAME_KIND: &[&str] = &[
    "parent",
    "previous",
    "next",
    "original",
    "superseded",
    "superseding",
    "duplicate",
    "merged",
    "replaced",
    "replacement",
    "root",
    "ancestor",
    "cloned",
    "copied",
    "source",
    "predecessor",
    "successor",
    "related",
    "linked",
];

/// What people do to rows, or are to them; `created_by` and `owner_id` name no entity themselves.
const ROLES: &[&str] = &[
    "owner",
    "author",
    "creator",
    "host",
    "sender",
    "recipient",
    "receiver",
    "assignee",
    "assigned",
    "reviewer",
    "approver",
    "uploader",
    "editor",
    "manager",
    "actor",
    "invitee",
    "inviter",
    "organizer",
    "initiator",
    "requester",
    "requestor",
    "operator",
    "moderator",
    "sponsor",
    "mentor",
    "buyer",
    "seller",
    "follower",
    "followee",
    "created",
    "updated",
    "deleted",
    "modified",
    "approved",
    "rejected",
    "reviewed",
    "uploaded",
    "invited",
    "added",
    "removed",
    "resolved",
    "closed",
    "cancelled",
    "canceled",
    "verified",
    "performed",
    "changed",
];

/// Entities that people are.
const PEOPLE: &[&str] =
    &["user", "account", "member", "employee", "person", "staff", "admin", "operator"];

/// What is known of all names, made once.
pub(super) struct Names {
    /// Entities by the last words of their names, without those words alone.
    heads: BTreeMap<String, Vec<EntityId>>,
    /// The entity that a person of the application is, where there is exactly one.
    person: Option<EntityId>,
    /// Fields that may hold the key of a person, by name.
    roles: BTreeMap<String, Vec<FieldId>>,
    /// Keys that have names of their own.
    keys: OwnKeys,
}

impl Names {
    pub(super) fn new(draft: &Draft<'_>) -> Self {
        let mut heads: BTreeMap<String, Vec<EntityId>> = BTreeMap::new();
        let mut people = Vec::new();
        for (id, entity) in draft.model.entities() {
            let name = words(entity.name.rsplit('.').next().unwrap_or(&entity.name));
            for from in 1..name.len() {
                heads.entry(fold_entity(&name[from..].join(" "))).or_default().push(id);
            }
            if let [only] = name.as_slice()
                && PEOPLE.iter().any(|person| fold_entity(person) == fold_entity(only))
            {
                people.push(id);
            }
        }
        let person = if let [only] = people[..] { Some(only) } else { None };
        let keys = OwnKeys::new(draft);
        Self { heads, person, roles: BTreeMap::new(), keys }
    }

    /// `user_id` refers to User, `author_user_id` too; `parent_id` to the entity itself.
    pub(super) fn refer(&mut self, draft: &mut Draft<'_>, field: FieldId) {
        let of = draft.model.field(field);
        let (owner, name) = (of.entity, of.name.clone());
        if draft.model.entity(owner).primary_key == [field] {
            return;
        }
        let words = words(&name);
        let Some((last, front)) = words.split_last() else { return };
        if last == "by" && !front.is_empty() {
            self.may_be_a_person(draft, field, front);
        }
        if let Some(target) = self.keys.named_by(draft, field) {
            let reason =
                format!("its name is that of the key of `{}`", draft.model.entity(target).name);
            infer(draft, field, target, reason);
            return;
        }
        if last != "id" || front.is_empty() || polymorphic(draft, field, front) {
            return;
        }
        let target = match draft.entity(&front.join(" ")) {
            // `loans.loan_id` is what others call the loan, such as its number.
            Some(target) if target == owner => return,
            Some(target) => Some(target),
            None if shortened(draft, front).is_some_and(|target| target != owner) => {
                shortened(draft, front)
            }
            None if front == ["parent"] => Some(owner),
            None => self.in_a_role(draft, field, front),
        };
        let Some(target) = target else {
            if draft.external(&front.join(" ")).is_none() {
                self.may_be_a_person(draft, field, front);
            }
            return;
        };
        if draft.is_value_object(target) || !holds_a_key(draft, field, target) {
            return;
        }
        let reason = format!("its name says `{}`", draft.model.entity(target).name);
        infer(draft, field, target, reason);
    }

    /// A role before the entity, or the end of the entity's name alone.
    fn in_a_role(
        &self,
        draft: &mut Draft<'_>,
        field: FieldId,
        front: &[SmolStr],
    ) -> Option<EntityId> {
        let owner = draft.model.field(field).entity;
        let is = |list: &[&str], word: &SmolStr| list.contains(&word.as_str());
        let tail =
            (1..front.len()).find_map(|from| Some((from, draft.entity(&front[from..].join(" "))?)));
        if let Some((from, target)) = tail {
            let role = &front[..from];
            let itself = target == owner && role.iter().all(|word| is(SAME_KIND, word));
            // `stripe_customer_id` is no Customer of ours: where the types do not show that it is
            // one, the words in front must not speak against it.
            let open = draft.model.field(field).kind == FieldKind::Unknown
                && !role.iter().any(|word| is(FOREIGN, word));
            return (itself || open || same_precise_key(draft, field, target)).then_some(target);
        }
        let phrase = front.join(" ");
        let named_so = self.heads.get(&fold_entity(&phrase))?;
        let fitting: Vec<EntityId> = named_so
            .iter()
            .copied()
            .filter(|&id| {
                id != owner && !draft.is_value_object(id) && holds_a_key(draft, field, id)
            })
            .collect();
        match fitting[..] {
            [] => None,
            [only] if !front.iter().any(|word| is(OWN_MEANING, word)) => Some(only),
            _ => {
                let path = draft.model.field_path(field);
                let names: Vec<String> = fitting
                    .iter()
                    .map(|&id| format!("`{}`", draft.model.entity(id).name))
                    .collect();
                let source = draft.model.field(field).source;
                let text = format!(
                    "Does `{path}` refer to {}? Its name alone does not say.",
                    names.join(" or ")
                );
                draft.ask("reference", &path, text, "to nothing of this design", Some(source));
                None
            }
        }
    }

    fn may_be_a_person(&mut self, draft: &Draft<'_>, field: FieldId, front: &[SmolStr]) {
        let Some(person) = self.person else { return };
        let role = front.iter().any(|word| ROLES.contains(&word.as_str()));
        if role && holds_a_key(draft, field, person) {
            let name = fold_field(&draft.model.field(field).name);
            self.roles.entry(name).or_default().push(field);
        }
    }

    /// One question for each name, however many entities have the field.
    pub(super) fn ask(self, draft: &mut Draft<'_>) {
        let Some(person) = self.person else { return };
        let person = draft.model.entity(person).name.clone();
        for fields in self.roles.into_values() {
            let open: Vec<FieldId> = fields
                .into_iter()
                .filter(|&id| draft.model.field(id).references.is_none())
                .collect();
            let Some(&first) = open.first() else { continue };
            let (name, source) =
                (draft.model.field(first).name.clone(), draft.model.field(first).source);
            let owners: Vec<String> = open
                .iter()
                .map(|&id| format!("`{}`", draft.model.entity(draft.model.field(id).entity).name))
                .collect();
            let path = draft.model.field_path(first);
            let text = format!(
                "Does `{name}` of {} hold the key of a `{person}`? No document says so.",
                owners.join(", ")
            );
            let id = format!("{name} {person}");
            let assumed = "no: a value without a foreign key";
            draft.ask_about("reference", &id, &path, text, assumed, Some(source));
        }
    }
}

/// The entity whose name everybody shortens: `org_id` holds the key of an Organization.
fn shortened(draft: &Draft<'_>, front: &[SmolStr]) -> Option<EntityId> {
    const SHORT: &[(&str, &str)] = &[
        ("acct", "account"),
        ("appt", "appointment"),
        ("conv", "conversation"),
        ("dept", "department"),
        ("emp", "employee"),
        ("msg", "message"),
        ("org", "organisation"),
        ("org", "organization"),
    ];
    let [word] = front else { return None };
    SHORT.iter().filter(|(short, _)| short == word).find_map(|(_, whole)| draft.entity(whole))
}

/// `resource_type` beside `resource_id`: rows of several entities are meant, and a foreign key can
/// only lead to one.
fn polymorphic(draft: &mut Draft<'_>, field: FieldId, front: &[SmolStr]) -> bool {
    let owner = draft.model.field(field).entity;
    let beside = ["type", "kind", "table"]
        .iter()
        .find_map(|end| draft.field(owner, &format!("{} {end}", front.join(" "))));
    let Some(kind) = beside else { return false };
    let values = draft.model.values_of(draft.model.field(kind)).unwrap_or_default();
    let told: BTreeSet<EntityId> = values.iter().filter_map(|value| draft.entity(value)).collect();
    // `payment_type` beside a reference to Payment may only sort the payments.
    if draft.entity(&front.join(" ")).is_some() && told.len() < 2 {
        return false;
    }
    let (path, by) = (draft.model.field_path(field), draft.model.field(kind).name.clone());
    let reason =
        format!("`{by}` tells which entity is meant, and a foreign key can lead to one table only");
    draft.assume("polymorphic", &path, format!("`{path}` has no foreign key"), reason);
    draft.polymorphic.insert(field);
    true
}

/// The field of a row that holds the key of a person, by the role that the person has.
pub(super) fn role_fields(draft: &Draft<'_>, holder: EntityId, target: EntityId) -> Vec<FieldId> {
    let name = words(&draft.model.entity(target).name);
    let is_person = name
        .last()
        .is_some_and(|last| PEOPLE.iter().any(|person| fold_entity(person) == fold_entity(last)));
    if !is_person {
        return Vec::new();
    }
    let is_role = |name: &str| {
        let words = words(name);
        matches!(words.last().map(SmolStr::as_str), Some("by" | "id"))
            && words.iter().any(|word| ROLES.contains(&word.as_str()))
    };
    draft
        .model
        .fields_of(holder)
        .filter(|(id, field)| {
            field.references.is_none()
                && field.external.is_none()
                && is_role(&field.name)
                && holds_a_key(draft, *id, target)
        })
        .map(|(id, _)| id)
        .collect()
}

/// The field with the beginning of a name: `student_id`, where bookings belong to a `StudentProfile`, and `cat_id` of a Category.
pub(super) fn short_field(
    draft: &Draft<'_>,
    holder: EntityId,
    target: &[SmolStr],
) -> Option<FieldId> {
    // What is called so is the same thing, described at more length.
    const SAME: &[&str] = &["account", "details", "info", "profile", "record", "user"];
    let (last, front) = target.split_last()?;
    if !front.is_empty() && SAME.contains(&last.as_str()) {
        return draft.field(holder, &format!("{} id", front.join(" ")));
    }
    let begins = |name: &str| {
        let name = words(name);
        let [short, id] = name.as_slice() else { return false };
        let is_short = short.len() >= 3 && short.len() < last.len();
        is_short && id == "id" && front.is_empty() && last.starts_with(short.as_str())
    };
    let mut found = draft.model.fields_of(holder).filter(|(_, field)| begins(&field.name));
    let (only, _) = found.next()?;
    found.next().is_none().then_some(only)
}

/// A field typed with, or named after, an entity that is known to live elsewhere.
pub(super) fn outside(draft: &mut Draft<'_>, field: FieldId) {
    let of = draft.model.field(field);
    if draft.model.externals.is_empty() || draft.model.entity(of.entity).primary_key == [field] {
        return;
    }
    let named = of.type_text.as_deref().map(type_words::read);
    let by_type = named.filter(|words| !words.list).and_then(|words| {
        let name = words.reference.or(words.named)?;
        Some((draft.external(&name)?, format!("its type is `{}`", of.type_text.as_deref()?)))
    });
    let words = words(&of.name);
    let by_name = || {
        let (last, front) = words.split_last()?;
        let key = matches!(
            of.kind,
            FieldKind::Unknown
                | FieldKind::Uuid
                | FieldKind::Integer { .. }
                | FieldKind::Text { .. }
        );
        let found = (last == "id" && key && !front.is_empty())
            .then(|| draft.external(&front.join(" ")))
            .flatten()?;
        Some((found, format!("its name says `{}`", draft.model.external(found).name)))
    };
    let Some((external, reason)) = by_type.or_else(by_name) else { return };
    draft.field_mut(field).external = Some(ExternalReference {
        external,
        field: None,
        on_delete: None,
        origin: Origin::Inferred(reason),
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use underpin_read::{Fact, FieldFact, RelationshipFact};

    use crate::model_text;
    use crate::test_support::Facts;

    fn described(entity: &str, name: &str, description: &str) -> Fact {
        let field = FieldFact {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            ..FieldFact::default()
        };
        Fact::Field { entity: entity.to_owned(), field }
    }

    fn library() -> Facts {
        Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .entity("FileTag")
            .field("FileTag", "id: uuid*")
            .entity("Folder")
            .field("Folder", "id: uuid*")
    }

    #[test]
    fn names_and_descriptions_that_tell() {
        let (model, _) = library()
            .field("Folder", "parent_folder_id")
            .field("Folder", "tag_id")
            .field("Folder", "stripe_user_id: text")
            .field("Folder", "last_user_id")
            .add(described("Folder", "host_id", "Host user"))
            .add(described("Folder", "made_by", "ID of the user who created it"))
            .add(described("Folder", "note", "User who reads it"))
            .build();
        let refers: Vec<String> = model
            .fields
            .iter()
            .filter_map(|field| {
                let target = field.references.as_ref()?.entity;
                Some(format!("{} -> {}", field.name, model.entity(target).name))
            })
            .collect();
        expect![[r#"
            [
                "parent_folder_id -> Folder",
                "tag_id -> FileTag",
                "last_user_id -> User",
                "host_id -> User",
                "made_by -> User",
            ]
        "#]]
        .assert_debug_eq(&refers);
    }

    #[test]
    fn doubtful_names_become_questions() {
        let (model, _) = library()
            .entity("NoteTag")
            .field("NoteTag", "id: uuid*")
            .field("NoteTag", "created_by: uuid")
            .field("Folder", "created_by: uuid")
            .field("Folder", "tag_id: uuid")
            .field("Folder", "resource_type: text")
            .field("Folder", "resource_id: uuid")
            .build();
        assert!(model.fields.iter().all(|field| field.references.is_none()));
        let asked: Vec<&str> = model
            .questions
            .iter()
            .filter(|question| question.id.ends_with(".reference"))
            .map(|question| question.text.as_str())
            .chain(model.assumptions.iter().map(|assumption| assumption.text.as_str()))
            .collect();
        expect![[r#"
            [
                "Does `Folder.tag_id` refer to `FileTag` or `NoteTag`? Its name alone does not say.",
                "Does `created_by` of `NoteTag`, `Folder` hold the key of a `User`? No document says so.",
                "`Folder.resource_id` has no foreign key",
            ]
        "#]].assert_debug_eq(&asked);
    }

    fn relates(from: &str, to: &str, label: Option<&str>) -> Fact {
        Fact::Relationship(RelationshipFact {
            from: from.to_owned(),
            to: to.to_owned(),
            cardinality: Some("1:N"),
            from_required: None,
            to_required: None,
            on_delete: None,
            through: None,
            label: label.map(str::to_owned),
        })
    }

    #[test]
    fn a_relationship_is_carried_by_the_field_with_the_beginning_of_the_name() {
        let (model, sources) = Facts::default()
            .entity("RiderProfile")
            .field("RiderProfile", "id: uuid*")
            .entity("Organization")
            .field("Organization", "id: uuid*")
            .entity("Category")
            .field("Category", "id: uuid*")
            .entity("OrderLine")
            .field("OrderLine", "id: uuid*")
            .entity("Ride")
            .field("Ride", "rider_id: uuid")
            .field("Ride", "org_id: uuid")
            .field("Ride", "cat_id: uuid")
            .field("Ride", "order_id: uuid")
            .field("Ride", "zone")
            .entity("Zone")
            .field("Zone", "id: uuid*")
            .add(relates("RiderProfile", "Ride", None))
            .add(relates("Category", "Ride", None))
            .add(relates("OrderLine", "Ride", None))
            .add(relates("Zone", "Ride", None))
            .build();
        let text = model_text(&model, &sources);
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("relationship"))
            .map(|line| line.split(" [").next().unwrap_or_default())
            .map(|line| line.split("  #").next().unwrap_or_default())
            .collect();
        expect![[r#"
            [
                "relationship RiderProfile 1:N Ride by Ride.rider_id",
                "relationship Category 1:N Ride by Ride.cat_id",
                "relationship OrderLine 1:N Ride by Ride.order_line_id",
                "relationship Zone 1:N Ride by Ride.zone",
                "relationship Organization 1:N Ride by Ride.org_id",
            ]
        "#]]
        .assert_debug_eq(&lines);
    }

    #[test]
    fn a_relationship_is_carried_by_the_field_of_the_role() {
        let owns = relates("User", "Folder", Some("owned"));
        let (model, sources) = library()
            .field("Folder", "owner_id: uuid!")
            .field("Folder", "created_by: uuid")
            .add(owns)
            .build();
        let text = model_text(&model, &sources);
        assert!(text.contains("relationship User 1:N Folder by Folder.owner_id"), "{text}");
    }
}
