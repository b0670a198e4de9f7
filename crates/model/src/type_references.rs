//! Types that name the row they refer to in words: `users.id`, "ID of User", "user reference", `ManyToManyField(Tag)`.

/// The words for several rows on both sides.
const MANY: &[&str] =
    &["manytomanyfield", "manytomany", "many2many", "m2m", "belongstomany", "hasandbelongstomany"];

/// The entity that the words of a type refer to, and whether each row has several and belongs to several. A name in them
/// is only taken for one where the model knows it.
pub(crate) fn read(text: &str) -> Option<(String, bool)> {
    let text = text.trim();
    many(text).map(|name| (name, true)).or_else(|| Some((key(text)?, false)))
}

fn many(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let word = text[..end].rsplit('.').next()?.replace(['_', '-'], "").to_lowercase();
    let rest = MANY.contains(&word.as_str()).then(|| text[end..].trim_start())?;
    let front = |c: char| {
        matches!(c, '(' | '<' | '[' | '→' | '-' | '>' | ':' | '=' | ' ' | '\'' | '"' | '`')
    };
    let rest = rest.trim_start_matches(front);
    let rest = ["join table ", "relationship ", "relation "]
        .iter()
        .find_map(|lead| rest.strip_prefix(lead))
        .unwrap_or(rest);
    let rest =
        ["to ", "with ", "to="].iter().find_map(|lead| rest.strip_prefix(lead)).unwrap_or(rest);
    let rest = rest.trim_start_matches(front);
    let end =
        rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    let name = rest[..end].rsplit('.').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn key(text: &str) -> Option<String> {
    let name = |text: &str| {
        let is_name = text.split_whitespace().count() <= 3
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' '))
            && text.starts_with(char::is_alphabetic);
        is_name.then(|| text.to_owned())
    };
    // Convex: `v.id("users")`.
    if let Some(inside) = text.strip_prefix("v.id(").and_then(|rest| rest.strip_suffix(')')) {
        return name(inside.trim_matches(['"', '\'']));
    }
    if let Some((table, "id" | "uuid" | "_id")) = text.split_once('.') {
        return name(table);
    }
    let lower = text.to_lowercase();
    for lead in [
        "id of the ",
        "id of an ",
        "id of a ",
        "id of ",
        "key of ",
        "reference to an ",
        "reference to a ",
        "reference to ",
    ] {
        if lower.starts_with(lead) {
            return name(text.get(lead.len()..)?);
        }
    }
    for end in [" id", " reference", " ref", " key", " uuid"] {
        if lower.ends_with(end) {
            return name(text.get(..text.len() - end.len())?)
                .filter(|_| !lower.starts_with("foreign"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn keys_in_words() {
        let key = |text: &str| read(text).filter(|(_, many)| !many).map(|(name, _)| name);
        for text in
            ["User.id", "User ID", "ID of User", "id of a User", "User reference", "v.id(\"User\")"]
        {
            assert_eq!(key(text).as_deref(), Some("User"), "{text}");
        }
        for text in
            ["UUID", "foreign key", "decimal(10.2)", "text", "id", "e.g. 4", "character varying"]
        {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn several_on_both_sides() {
        for text in [
            "ManyToManyField(Tag)",
            "M2M join table with `Tag`",
            "many-to-many with `Tag`",
            "ManyToMany<Tag>",
            "M2M → Tag",
            "many-to-many with Tag",
            "models.ManyToManyField('shop.Tag', through=Mark)",
        ] {
            assert_eq!(read(text), Some(("Tag".to_owned(), true)), "{text}");
        }
        assert_eq!(read("ManyToManyField"), None);
    }
}
