//! Attributes as Prisma writes them, where a cell or an item takes them over: `String @unique`, `Role @default(Guest)`.

use crate::FieldFact;
use crate::words::parenthesized;

/// The text without its attributes, which are read into the field; nothing where it has none.
pub(super) fn read_attributes(text: &str, field: &mut FieldFact) -> Option<String> {
    let mut left = String::new();
    let mut rest = text;
    let mut any = false;
    while let Some(at) = rest.find('@') {
        let behind = &rest[at + 1..];
        let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        let is_apart = rest[..at].is_empty() || rest[..at].ends_with([' ', '`', ',', '(']);
        let (value, behind) = match parenthesized(behind) {
            Some(("", value, behind)) => (value, behind),
            Some(_) | None => ("", behind),
        };
        let is_known = match name {
            "id" => {
                field.primary_key = Some(true);
                true
            }
            "unique" => {
                field.unique = Some(true);
                true
            }
            "default" if !value.is_empty() => {
                field.default.get_or_insert_with(|| value.trim().to_owned());
                true
            }
            "updatedAt" | "map" | "ignore" => true,
            // `Decimal? @db.Decimal(18, 6)` says how wide the type is.
            "db.Decimal" | "db.VarChar" | "db.Char" if !value.is_empty() => {
                let kind = rest[..at].trim_end();
                let (kind, mark) = kind.strip_suffix('?').map_or((kind, ""), |kind| (kind, "?"));
                left.extend([kind, "(", value, ")", mark]);
                true
            }
            _ => name.starts_with("db."),
        };
        if !is_apart || !is_known {
            return None;
        }
        any = true;
        let is_wide = matches!(name, "db.Decimal" | "db.VarChar" | "db.Char") && !value.is_empty();
        if !is_wide {
            left.push_str(rest[..at].trim_end());
        }
        left.push(' ');
        rest = behind.trim_start();
    }
    left.push_str(rest);
    any.then(|| left.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn attributes_behind_types() {
        check(
            "## Guest\n\n| Field | Type | Notes |\n|-|-|-|\n| `id` | `String @id @default(uuid())` | |\n| `email` | `String @unique` | sign-in |\n| `kind` | `Kind @default(Day)` | |\n| `paid` | `Decimal @db.Decimal(10, 2)` | |\n| `ok` | `Boolean @default(false)` | |\n| `seen` | `DateTime? @db.Timestamptz(6)` | |\n| `handle` | `String` | such as @anna |\n\n## Bed\n\n- `id` String @id\n- `code` String @unique\n- `mail`: string (ends with @inn.example)\n",
            &expect![[r#"
                1 field-table  entity Guest
                5 field-table  field Guest.id String primary key default uuid()
                6 field-table  field Guest.email String unique -- sign-in
                7 field-table  field Guest.kind Kind default Day
                8 field-table  field Guest.paid Decimal(10, 2)
                9 field-table  field Guest.ok Boolean default false
                10 field-table  field Guest.seen DateTime optional
                11 field-table  field Guest.handle String -- such as @anna
                13 bullet-fields  entity Bed
                15 bullet-fields  field Bed.id String primary key
                16 bullet-fields  field Bed.code String unique
                17 bullet-fields  field Bed.mail string {ends with @inn.example}
            "#]],
        );
    }
}
