//! What a list of fields and its items look like, where nothing announces them.

use crate::FieldFact;
use crate::document::{Document, Item, List};
use crate::entity_name::EntityTitle;
use crate::modifier;
use crate::notation::Output;
use crate::notation::field_phrases::is_action;
use crate::notation::field_table::life;
use crate::notation::state_chain::Chain;
use crate::prose::{is_generic_noun, is_property_noun, says_deed, singular};
use crate::words::{is_identifier, lower_words, unquote};

use super::item::field;

/// An item without the comment behind it, as code has them: "category (text)  # e.g. Food, Travel".
pub(super) fn without_comment(text: &str) -> &str {
    let at = [" # ", " // "].iter().filter_map(|mark| text.find(mark)).min();
    let front = at.map(|at| text[..at].trim_end());
    front.filter(|front| front.ends_with([')', ']', '`']) || front.contains(": ")).unwrap_or(text)
}

/// Values that stand behind a type: "text: 'income' or 'expense'".
pub(super) fn choice_in_type(fact: &mut FieldFact) {
    let Some((kind, rest)) = fact.type_text.as_deref().and_then(|it| it.split_once(": ")) else {
        return;
    };
    let is_quoted = rest.starts_with(['\'', '"', '`']) && modifier::is_scalar(kind);
    let values =
        if is_quoted { modifier::enum_values(&rest.replace(" or ", ", ")) } else { Vec::new() };
    if values.len() > 1 && fact.enum_values.is_empty() {
        (fact.type_text, fact.enum_values) = (Some(kind.to_owned()), values);
    }
}

/// The owner of a list of fields: its section, its title, and where that stands.
pub(super) type Owner = (Option<usize>, EntityTitle, std::ops::Range<usize>);

/// Whether a list that nothing announces is all that stands first under an entity's heading, and each of its items
/// is short and can be a field: "name", "licence number (unique)", "born: date". Several of them must have what only
/// fields have.
pub(super) fn lists_plainly(
    document: &Document<'_>,
    index: usize,
    list: &List,
    owner: Option<&Owner>,
    out: &Output,
) -> bool {
    let block = &document.blocks[index];
    let Some((Some(section), title, _)) = owner else { return false };
    let is_first = index == 0 || document.blocks[index - 1].section != block.section;
    if !is_first || block.section != Some(*section) || title.not_stored.is_some() {
        return false;
    }
    if lists_names(list, title, out) && !is_of_screens(document, *section) {
        return true;
    }
    let (mut signs, mut properties) = (0, 0);
    for item in &list.items {
        let text = item.content.text.trim();
        let is_short = lower_words(text).len() <= 8 && !text.ends_with(['.', '?', '!', ':']);
        if stateful(text).is_some() {
            signs += 1;
            properties += 1;
            continue;
        }
        let Some((names, fact)) = field(text, true).filter(|_| is_short) else { return false };
        // "references the old form" may say anything.
        let is_drawn = ["→", "->", "FK", "fk "].iter().any(|mark| text.contains(mark));
        if fact.references.is_some() && !is_drawn {
            return false;
        }
        let starts_low = names.iter().all(|name| name.starts_with(|c: char| c.is_lowercase()));
        let has_children = item.has_children || item.depth > 0;
        if has_children || !starts_low || names.iter().any(|name| lower_words(name).len() > 3) {
            return false;
        }
        let is_typed = fact.type_text.as_deref().is_some_and(|kind| {
            modifier::is_scalar(kind.split([' ', '(']).next().unwrap_or_default())
        });
        let is_marked = fact.unique.is_some()
            || fact.required.is_some()
            || fact.primary_key.is_some()
            || fact.references.is_some();
        signs += usize::from(is_typed || is_marked);
        // "guest mode (optional)" lists what somebody wants.
        let is_property =
            |name: &String| lower_words(name).last().is_some_and(|word| is_property_noun(word));
        let is_more =
            fact.unique.is_some() || fact.primary_key.is_some() || fact.references.is_some();
        properties += usize::from(is_typed || is_more || names.iter().any(is_property));
    }
    let known = out.known.get(&title.name).is_some() || title.explicit;
    let is_enough = signs * 3 >= list.items.len() && (signs >= 2 || known && signs >= 1);
    list.items.len() >= 2 && is_enough && (known || properties > 0)
}

/// Whether a heading further up is about what people see, and not about what is stored.
fn is_of_screens(document: &Document<'_>, section: usize) -> bool {
    document.path_of(Some(section)).skip(1).any(|section| {
        lower_words(document.title(section)).iter().any(|word| {
            matches!(
                word.as_str(),
                "screen"
                    | "screens"
                    | "page"
                    | "pages"
                    | "ui"
                    | "ux"
                    | "interface"
                    | "views"
                    | "forms"
                    | "reports"
                    | "endpoints"
                    | "api"
                    | "tests"
                    | "testing"
                    | "filters"
                    | "permissions"
                    | "roles"
                    | "notifications"
                    | "navigation"
                    | "frontend"
            )
        })
    })
}

/// Whether a list is nothing but short names, most of them of properties: "- title", "- ISBN", "- publisher" under "Book".
fn lists_names(list: &List, title: &EntityTitle, out: &Output) -> bool {
    let is_known = out.known.get(&title.name).is_some() || title.explicit;
    let is_name = |item: &Item| {
        let text = item.content.text.trim().trim_end_matches([',', ';', '.']);
        let words = lower_words(text);
        !item.has_children
            && item.depth == 0
            && (1..=3).contains(&words.len())
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/'))
            && (!is_action(&words[0]) && !says_deed(text)
                || words.last().is_some_and(|word| is_property_noun(word)))
    };
    // "Rate limiting" over "vote limits" is a topic with what belongs to it.
    let properties = list.items.iter().filter(|item| {
        let words = lower_words(&item.content.text);
        words.last().is_some_and(|word| is_property_noun(word) && singular(word) == word.as_str())
    });
    let (count, properties) = (list.items.len(), properties.count());
    let is_topic = title.name.ends_with("ing") || is_generic_noun(&title.name);
    let is_enough = if is_known {
        properties >= 1 && properties * 3 >= count
    } else {
        properties >= 2 && properties * 2 >= count && !is_topic
    };
    count >= 2 && is_enough && list.items.iter().all(is_name)
}

/// The field and the states of an item such as "status: booked → done, or booked → cancelled".
pub(super) fn stateful(text: &str) -> Option<(FieldFact, Chain)> {
    let (name, rest) = text.split_once(':')?;
    let name = unquote(name.trim());
    let rest = rest.replace(", or ", ", ").replace("; or ", "; ");
    let life = life(name, &rest).filter(|_| is_identifier(name))?;
    let field =
        FieldFact { name: name.to_owned(), enum_values: life.states(), ..FieldFact::default() };
    Some((field, life))
}

/// Whether an item begins with a name in code: "`covered` (boolean)", but not "`Order` has many lines".
pub(super) fn in_code_first(text: &str) -> bool {
    let Some((name, rest)) = text.strip_prefix('`').and_then(|text| text.split_once('`')) else {
        return false;
    };
    let rest = rest.trim_start();
    is_identifier(name.trim_end_matches("[]"))
        && name.starts_with(char::is_lowercase)
        && (rest.is_empty() || rest.starts_with(['(', ',', ':', '—', '–', '-']))
}

/// A field that has a type, `id: uuid`, with all that is said of it. Other notations read such an item as a list of
/// fields does.
pub(crate) fn typed_field(text: &str) -> Option<FieldFact> {
    let (mut names, fact) = field(text, false)?;
    let has_type = fact
        .type_text
        .as_deref()
        .is_some_and(|kind| modifier::is_scalar(kind.split([' ', '(']).next().unwrap_or_default()));
    let name = names.pop().filter(|_| has_type && names.is_empty())?;
    Some(FieldFact { name, ..fact })
}

/// Whether what stands behind the name in an item is said of fields and of hardly anything else: a type, listed values, a
/// default, that it is unique or optional, how long it is.
pub(crate) fn has_field_marks(text: &str) -> bool {
    field(text, true).is_some_and(|(_, fact)| {
        fact.type_text.as_deref().is_some_and(|kind| {
            modifier::is_scalar(kind.split([' ', '(']).next().unwrap_or_default())
        }) || fact.required.is_some()
            || fact.unique.is_some()
            || fact.primary_key.is_some()
            || fact.default.is_some()
            || !fact.enum_values.is_empty()
            || fact.constraints.iter().any(|text| text.contains(|c: char| c.is_ascii_digit()))
    })
}

/// The key in "Identity: `order_id` (UUID)", and what follows its name.
pub(in crate::notation) fn identity(text: &str) -> Option<(String, &str)> {
    let (label, rest) = text.split_once(':')?;
    let is_identity = matches!(
        label.trim().to_lowercase().as_str(),
        "identity" | "identifier" | "identified by" | "primary key" | "primary identifier"
    );
    let (name, rest) = rest.trim_start().strip_prefix('`')?.split_once('`')?;
    (is_identity && is_identifier(name) && !rest.contains('`')).then(|| (name.to_owned(), rest))
}

/// What is said of an identity behind its name: modifiers, or words with a type among them, "(Unique UUID string)".
pub(super) fn read_identity(text: &str, field: &mut FieldFact) {
    modifier::read_if_only_modifiers(text, field);
    if field.type_text.is_none() {
        let words = lower_words(text);
        let named = |kind: &&str| words.iter().any(|word| word == kind);
        let kinds = ["uuid", "ulid", "bigint", "integer", "string"];
        field.type_text = kinds.into_iter().find(named).map(str::to_owned);
    }
}

/// A name that is set as code or followed by a type.
pub(super) fn has_field_form(text: &str) -> bool {
    field(text, false).is_some()
}

pub(super) fn is_identifier_like(text: &str) -> bool {
    text.contains('_') || text.chars().next().is_some_and(char::is_lowercase)
}

/// A name as fields have it, and nothing else: "id", "`created_at`".
pub(super) fn is_bare_name(text: &str) -> bool {
    is_identifier(text) && text.starts_with(|c: char| c.is_lowercase() || c == '_')
}

/// A single name in bold or set as code, written as fields are, and words about it.
pub(super) fn is_described(item: &Item) -> bool {
    let text = item.content.text.trim();
    let (name, rest) = if let Some((code, rest)) =
        text.strip_prefix('`').and_then(|inside| inside.split_once('`'))
    {
        (code, rest)
    } else {
        let label = item.content.label.trim_end_matches(':').trim();
        (label, text.get(label.len()..).unwrap_or_default())
    };
    let rest = rest.trim_start();
    is_identifier(name)
        && !name.contains('.')
        && name.starts_with(|c: char| c.is_lowercase())
        && (rest.starts_with([':', '—', '–', '-', '(', ',', '/'])
            || rest.is_empty() && text.starts_with('`'))
}

/// Whether an item speaks of a part of what a field holds: "`pickup.city`: required" where `pickup` is a field.
pub(super) fn is_inside_field(text: &str, entity: &str, out: &Output) -> bool {
    let path = text.strip_prefix('`').and_then(|text| text.split_once('`'));
    let head = path.and_then(|(path, _)| path.split_once('.'));
    head.is_some_and(|(head, _)| out.field(entity, head).is_some())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn fields_as_a_schema_writes_them() {
        check(
            "### New: `weeklyChores`\n\n- `title: v.string()` — what is to do\n- `userId: v.id(\"users\")`\n- `state: v.union(v.literal(\"open\"), v.literal(\"done\"))`\n- `note: v.optional(v.string())`\n- Indexes: `by_userId`\n\n### Modify: `users`\n\n- `name: z.string()`\n- `age: z.number().int()`\n\n### Calls\n\n- `v: run(x)`\n- `list: v.`\n",
            &expect![[r#"
                1 bullet-fields  entity weeklyChores
                3 bullet-fields  field weeklyChores.title string required -- what is to do
                4 bullet-fields  field weeklyChores.userId id required -> users
                5 bullet-fields  field weeklyChores.state enum required [open | done]
                6 bullet-fields  field weeklyChores.note string optional
                7 index-list  read "weeklyChores by userId" of weeklyChores by userId = ? [inferred: an index is asked for with its use]
                7 index-list  index by_userId on weeklyChores (userId)
                9 bullet-fields  entity users
                11 bullet-fields  field users.name string required
                12 bullet-fields  field users.age integer required
            "#]],
        );
    }

    #[test]
    fn words_behind_a_mark_are_no_type() {
        check(
            "### Pupil\n\n- id: uuid\n- email (unique per school)\n- phone (nullable — required if is_minor)\n- hours (optional, most in a week)\n- code (required string)\n- note (optional words of the teacher)\n",
            &expect![[r#"
                1 bullet-fields  entity Pupil
                3 bullet-fields  field Pupil.id uuid
                4 bullet-fields  field Pupil.email {unique per school}
                5 bullet-fields  field Pupil.phone optional {required if is_minor}
                6 bullet-fields  field Pupil.hours optional {most in a week}
                7 bullet-fields  field Pupil.code string required
                8 bullet-fields  field Pupil.note optional {words of the teacher}
            "#]],
        );
    }

    #[test]
    fn a_part_of_what_a_field_holds_is_no_field() {
        check(
            "## Parcel\n\n| Field | Type |\n|-|-|\n| pickup | Place |\n\n## Validation\n\n### Parcel\n\n- `pickup.city`: Required, max 80 characters\n- `parcel.weight`: Required\n- `pickup`: Required\n",
            &expect![[r#"
                1 field-table  entity Parcel
                5 field-table  field Parcel.pickup Place
                9 bullet-fields  entity Parcel
                12 bullet-fields  field Parcel.weight required
                13 bullet-fields  field Parcel.pickup required
                11 R015 ``pickup.city`: Required, max 80 characters` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn brackets_that_hold_parts_or_values() {
        check(
            "## Hall\n\nFields:\n\n- id (UUID)\n- address (office address: line1, city, country)\n- name (first, last)\n- place (geocoded point, latitude)\n- color (red, green)\n- status: String (open, shut)\n- decision: text (allow, deny, ask_again)\n- secret: text (hashed, salted)\n- owner_id: uuid (not FK to allow moving)\n- opens (default daily working hours)\n- school_id (nullable for guests, required otherwise)\n- **migrations**: `db/1.sql`, `db/2.sql`\n- size: int >= 1\n- floors: int = 1\n- depth: number (-90 to 90)\n- title: String!\n- roles (set: guest|host)\n- label: string, e.g. Left, Right\n- level: string — low, high\n- note: string — short, polite\n",
            &expect![[r#"
                1 bullet-fields  entity Hall
                5 bullet-fields  field Hall.id UUID
                6 bullet-fields  field Hall.address -- office address: line1, city, country
                7 bullet-fields  field Hall.name -- first, last
                8 bullet-fields  field Hall.place -- geocoded point, latitude
                9 bullet-fields  field Hall.color [red | green]
                10 bullet-fields  field Hall.status String [open | shut]
                11 bullet-fields  field Hall.decision text [allow | deny | ask_again]
                12 bullet-fields  field Hall.secret text {hashed} {salted}
                13 bullet-fields  field Hall.owner_id uuid {not FK to allow moving}
                14 bullet-fields  field Hall.opens {default daily working hours}
                15 bullet-fields  field Hall.school_id optional {for guests} {required otherwise}
                17 bullet-fields  field Hall.size int {>= 1}
                18 bullet-fields  field Hall.floors int default 1
                19 bullet-fields  field Hall.depth number {-90 to 90}
                20 bullet-fields  field Hall.title String required
                21 bullet-fields  field Hall.roles text[] [guest | host]
                22 bullet-fields  field Hall.label string -- e.g. Left, Right
                23 bullet-fields  field Hall.level string [low | high] -- low, high
                24 bullet-fields  field Hall.note string -- short, polite
                16 R003 `migrations: `db/1.sql`, `db/2.sql`` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn names_in_words_and_what_is_no_name() {
        check(
            "## 5. Parcel\n\n### Main attributes\n\n* Title\n* Due date\n* Optional start time\n* Colour, if it has one\n* Sent on date\n* audit fields\n\n### Column details\n\n* weight decimal\n\n## Depot\n\n- **PK:** `id` (uuid)\n- `kind` (text): one of\n  - `'FIXED'` (default)\n  - `'MOVING'`\n",
            &expect![[r#"
                1 bullet-fields  entity Parcel
                5 bullet-fields  field Parcel.Title
                6 bullet-fields  field Parcel.Due date
                7 bullet-fields  field Parcel.start time optional
                8 bullet-fields  field Parcel.Colour optional
                9 bullet-fields  field Parcel.Sent on date
                10 bullet-fields  field Parcel.created_at timestamp
                10 bullet-fields  field Parcel.updated_at timestamp
                14 bullet-fields  field Parcel.weight decimal
                16 bullet-fields  entity Depot
                18 bullet-fields  field Depot.id uuid primary key
                19 bullet-fields  field Depot.kind text -- one of
            "#]],
        );
    }
}
