//! Go structs with their tags, and the constants that list the values of a type.

use std::ops::Range;

use indexmap::IndexMap;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Kind, Member, Navigation, Style, Tokens, blocks, comment_into, settle,
    untagged_with,
};
use crate::notation::value_limits;
use crate::words::{is_identifier, last_part, unquote};
use crate::{FieldFact, ReferenceFact};

pub(super) const DOC: &str = "Go structs with `gorm`, `db` and `json` tags, and typed constants.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_go = |code: &Code| {
        matches!(code.language.as_str(), "go" | "golang")
            || untagged_with(code, &["type "])
                && code.lines().any(|(line, _)| line.trim_end().ends_with(" struct {"))
    };
    for (block, code) in blocks(document, is_go) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        read_block(&tokens, block, &mut found);
    }
    settle(document, found, out);
}

fn read_block(tokens: &Tokens<'_>, block: usize, found: &mut Found) {
    let mut methods: IndexMap<&str, usize> = IndexMap::new();
    let mut at = 0;
    while at < tokens.len() {
        let first = tokens.skip_lines(at);
        let end = tokens.divide(first..tokens.len(), &["\n", ";"]);
        let range = first..end;
        at = end + 1;
        if range.is_empty() {
            continue;
        }
        match tokens.text(first) {
            "type" if tokens.text(first + 2) == "struct" && tokens.text(first + 3) == "{" => {
                structure(tokens, block, range, found);
            }
            "const" | "var" => constants(tokens, block, range, found),
            "func" => {
                if tokens.text(first + 1) == "(" {
                    let close = tokens.close(first + 1);
                    if tokens.text(close + 1) == "TableName" {
                        let table = tokens.texts(&(close..end)).into_iter().next();
                        let owner = tokens.text(close - 1);
                        if let Some(one) = found.types.iter_mut().find(|one| one.name == owner) {
                            one.table = table;
                            one.is_marked = true;
                        }
                    }
                    *methods.entry(tokens.text(close - 1)).or_default() += 1;
                }
                found.others.push((block, tokens.place(&range)));
            }
            _ => found.others.push((block, tokens.place(&range))),
        }
    }
    for declared in found.types.iter_mut().filter(|one| one.block == block) {
        declared.functions += methods.get(declared.name.as_str()).copied().unwrap_or(0);
    }
}

fn structure(tokens: &Tokens<'_>, block: usize, range: Range<usize>, found: &mut Found) {
    let (name, open) = (tokens.text(range.start + 1), range.start + 3);
    let mut declared =
        Declared::new(name, block, tokens.place(&(range.start..open)), tokens.place(&range));
    for part in tokens.split(open + 1..tokens.close(open).min(range.end), &["\n", ";"]) {
        if part.len() == 1 || tokens.text(part.start + 1) == "." {
            embedded(&tokens.source(&part), &part, tokens, &mut declared);
            continue;
        }
        declared.members.extend(member(tokens, &part, &mut declared.is_marked));
    }
    found.types.push(declared);
}

/// `gorm.Model` brings its own fields; another struct those that it has.
fn embedded(source: &str, part: &Range<usize>, tokens: &Tokens<'_>, declared: &mut Declared) {
    if source != "gorm.Model" {
        declared.bases.push(last_part(source).to_owned());
        return;
    }
    declared.is_marked = true;
    for (name, kind, required) in [
        ("ID", "bigint", true),
        ("CreatedAt", "timestamp", true),
        ("UpdatedAt", "timestamp", true),
        ("DeletedAt", "timestamp", false),
    ] {
        declared.members.push(Member {
            field: FieldFact {
                name: name.to_owned(),
                type_text: Some(kind.to_owned()),
                required: Some(required),
                primary_key: (name == "ID").then_some(true),
                ..FieldFact::default()
            },
            at: tokens.place(part),
            navigation: None,
        });
    }
}

/// ``Email string `gorm:"unique" json:"email"` ``
fn member(tokens: &Tokens<'_>, part: &Range<usize>, is_marked: &mut bool) -> Option<Member> {
    let name = tokens.text(part.start);
    if !is_identifier(name) {
        return None;
    }
    let mut end = part.end;
    let mut tag = "";
    if tokens.kind(end - 1) == Some(Kind::Text) && tokens.text(end - 1).starts_with('`') {
        tag = tokens.text(end - 1).trim_matches('`');
        end -= 1;
    }
    let kind = tokens.source(&(part.start + 1..end)).replace(' ', "");
    if kind.is_empty() || kind.starts_with("func") || kind.starts_with("chan") {
        return None;
    }
    let column = tag_value(tag, "db")
        .or_else(|| tag_value(tag, "bson"))
        .or_else(|| tag_value(tag, "json"))
        .map(|text| text.split(',').next().unwrap_or_default().to_owned());
    // `json:"-"` keeps it out of answers, not out of the table.
    if ["db", "bson", "gorm"].iter().any(|key| tag_value(tag, key).is_some_and(|text| text == "-"))
    {
        return None;
    }
    let name = column.filter(|text| is_identifier(text)).unwrap_or_else(|| name.to_owned());
    let mut field = FieldFact { name, ..FieldFact::default() };
    let pointer = kind.starts_with('*');
    let bare = kind.trim_start_matches('*');
    let null = bare.strip_prefix("sql.Null").or_else(|| bare.strip_prefix("null."));
    let known = match null.unwrap_or(bare) {
        "time.Time" | "Time" => "timestamp",
        "uuid.UUID" | "uuid.NullUUID" => "uuid",
        "decimal.Decimal" => "decimal",
        "[]byte" => "bytes",
        "json.RawMessage" | "datatypes.JSON" | "map[string]interface{}" | "map[string]any" => {
            "json"
        }
        "primitive.ObjectID" | "bson.ObjectId" | "bson.ObjectID" => "objectid",
        "gorm.DeletedAt" => "timestamp",
        "uint" | "uint64" => "bigint",
        "uint32" => "bigint",
        "uint8" | "int8" => "smallint",
        "uint16" => "integer",
        other => other,
    };
    let (list, element) = match known.strip_prefix("[]") {
        Some(element) => (true, element.trim_start_matches('*')),
        None => (false, known),
    };
    let text = if list { format!("{element}[]") } else { element.to_lowercase_if_plain() };
    modifier::set_type(&text, &mut field);
    let lacks =
        pointer || null.is_some() || bare == "gorm.DeletedAt" || tag.contains("omitempty") && list;
    field.required = Some(!lacks);
    let target = last_part(element);
    let is_type = is_identifier(target) && target.starts_with(char::is_uppercase);
    let navigation = is_type.then(|| Navigation {
        target: target.to_owned(),
        is_list: list,
        ..Navigation::default()
    });
    let mut member = Member { field, at: tokens.place(part), navigation };
    if let Some(gorm) = tag_value(tag, "gorm") {
        *is_marked = true;
        gorm_tag(&gorm, &mut member);
    }
    comment_into(tokens.comment_behind(part), &mut member.field);
    Some(member)
}

trait Plain {
    fn to_lowercase_if_plain(&self) -> String;
}

impl Plain for str {
    /// `NullString` names a string; a type of the document keeps its spelling.
    fn to_lowercase_if_plain(&self) -> String {
        if modifier::is_scalar(self) { self.to_lowercase() } else { self.to_owned() }
    }
}

/// The value of `key:"value"` in a tag.
fn tag_value(tag: &str, key: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((name, after)) = rest.split_once(':') {
        let after = after.strip_prefix('"')?;
        let close = after.find('"')?;
        if name.trim() == key {
            return Some(after[..close].to_owned());
        }
        rest = &after[close + 1..];
    }
    None
}

/// `primaryKey;type:varchar(100);not null;uniqueIndex;default:'x';foreignKey:UserID`
fn gorm_tag(tag: &str, member: &mut Member) {
    for part in tag.split(';') {
        let (key, value) = part.split_once(':').unwrap_or((part, ""));
        let field = &mut member.field;
        match key.trim().to_lowercase().replace(' ', "").as_str() {
            "primarykey" | "primary_key" => {
                field.primary_key = Some(true);
                field.required = Some(true);
            }
            "type" => field.type_text = Some(value.to_owned()),
            "size" if field.type_text.as_deref() == Some("string") => {
                field.type_text = Some(format!("varchar({value})"));
            }
            "notnull" => field.required = Some(true),
            "unique" | "uniqueindex" if value.is_empty() => field.unique = Some(true),
            "default" => field.default = Some(unquote(value).to_owned()),
            "check" => {
                // `check:name_checker,name <> 'x'` names the constraint first.
                let named = value.split_once(',').filter(|it| is_identifier(it.0.trim()));
                value_limits::condition(field, named.map_or(value, |it| it.1));
            }
            "constraint" => {
                let action = value.split(',').find_map(|part| {
                    let (event, action) = part.split_once(':')?;
                    event
                        .trim()
                        .eq_ignore_ascii_case("OnDelete")
                        .then(|| action.trim().to_lowercase())
                });
                if let (Some(navigation), Some(action)) = (&mut member.navigation, action) {
                    navigation.on_delete = Some(action);
                }
            }
            "column" => value.clone_into(&mut field.name),
            "foreignkey" => {
                if let Some(navigation) = &mut member.navigation {
                    navigation.key = Some(value.to_owned());
                    navigation.is_marked = true;
                }
            }
            "many2many" => {
                if let Some(navigation) = &mut member.navigation {
                    navigation.through = Some(value.to_owned());
                    navigation.cardinality = Some("N:M");
                }
            }
            "references" if member.navigation.is_none() && value.contains('.') => {
                if let Some((entity, at)) = value.rsplit_once('.') {
                    field.references = Some(ReferenceFact {
                        entity: entity.to_owned(),
                        field: Some(at.to_owned()),
                        on_delete: None,
                    });
                }
            }
            _ => {}
        }
    }
}

/// `const ( StatusNew Status = "new" … )`
fn constants(tokens: &Tokens<'_>, block: usize, range: Range<usize>, found: &mut Found) {
    let open = range.start + 1;
    if tokens.text(open) != "(" {
        found.others.push((block, tokens.place(&range)));
        return;
    }
    let mut lists: IndexMap<&str, Vec<String>> = IndexMap::new();
    let mut counting: Option<&str> = None;
    for part in tokens.split(open + 1..tokens.close(open), &["\n", ";"]) {
        let (name, kind) = (tokens.text(part.start), tokens.text(part.start + 1));
        let typed = is_identifier(kind) && tokens.text(part.start + 2) == "=";
        let text = tokens.kind(part.end - 1) == Some(Kind::Text);
        if typed && text {
            let value = unquote(tokens.text(part.end - 1)).to_owned();
            lists.entry(kind).or_default().push(value);
        } else if typed && tokens.text(part.start + 3) == "iota" {
            counting = Some(kind);
            lists.entry(kind).or_default().push(without_prefix(name, kind));
        } else if let (Some(kind), 1) = (counting, part.len()) {
            lists.entry(kind).or_default().push(without_prefix(name, kind));
        }
    }
    let place = tokens.place(&range);
    if lists.is_empty() {
        found.others.push((block, place));
        return;
    }
    for (name, values) in lists {
        found.enumeration(block, name, values, place.clone());
    }
}

/// `StatusOpen` of the type `Status` is `Open`.
fn without_prefix(name: &str, kind: &str) -> String {
    name.strip_prefix(kind).filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn structs_with_tags() {
        check(
            "## Domain Model\n```go\ntype Status string\n\nconst (\n\tStatusOpen Status = \"open\"\n\tStatusDone Status = \"done\"\n)\n\ntype User struct {\n\tgorm.Model\n\tEmail string `gorm:\"uniqueIndex;size:255;not null\" json:\"email\"`\n\tNick *string `json:\"nick,omitempty\"`\n\tTasks []Task `gorm:\"foreignKey:OwnerID\"`\n\tPassword string `json:\"-\"`\n}\n\ntype Task struct {\n\tID uuid.UUID `json:\"id\" db:\"id\"`\n\tOwnerID uuid.UUID `json:\"owner_id\"`\n\tStatus Status `json:\"status\"`\n\tDueAt *time.Time `json:\"due_at\"` // in UTC\n\tTags []string `json:\"tags\"`\n\tMeta Meta `json:\"meta\"`\n}\n\ntype Meta struct {\n\tColor string `json:\"color\"`\n}\n\ntype TaskService struct {\n\tid string\n\trepo TaskRepository\n}\n\ntype TaskRepository interface {\n\tGet(id string) (*Task, error)\n}\n\ntype CreateTaskRequest struct {\n\tID string `json:\"id\"`\n}\n```\n",
            &expect![[r#"
                5 go-struct  enumeration Status: open | done
                10 go-struct  entity User
                11 go-struct  field User.ID bigint primary key required
                11 go-struct  field User.CreatedAt timestamp required
                11 go-struct  field User.UpdatedAt timestamp required
                11 go-struct  field User.DeletedAt timestamp optional
                12 go-struct  field User.email varchar(255) required unique
                13 go-struct  field User.nick string optional
                14 go-struct  relationship User 1:N Task
                15 go-struct  field User.Password string required
                18 go-struct  entity Task
                19 go-struct  field Task.id uuid required
                20 go-struct  field Task.owner_id uuid required
                21 go-struct  field Task.status Status required
                22 go-struct  field Task.due_at timestamp optional -- in UTC
                23 go-struct  field Task.tags string[] required
                24 go-struct  field Task.meta Meta required
                27 go-struct  value object Meta
                28 go-struct  field Meta.color string required
            "#]],
        );
    }

    #[test]
    fn checks_and_sizes() {
        check(
            "# Data model\n\n```go\ntype Room struct {\n\tID uint `gorm:\"primaryKey\"`\n\tBeds uint8 `gorm:\"not null\"`\n\tPrice float64 `gorm:\"check:price > 0\"`\n}\n```\n",
            &expect![[r#"
                4 go-struct  entity Room
                5 go-struct  field Room.ID bigint primary key required
                6 go-struct  field Room.Beds smallint required
                7 go-struct  field Room.Price float64 required {CHECK (price > 0)}
            "#]],
        );
    }
}
