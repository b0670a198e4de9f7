//! Row security: where a schema shows each session the rows of one tenant only, sessions of one tenant are
//! set on the rows of another, in each table that names the tenant.

use std::collections::BTreeMap;

use underpin_claim::Family;
use underpin_pg::introspect::{Policy, Surroundings};
use underpin_pg::{Command, Ident, QualifiedName};
use underpin_server::SessionError;

use super::{Object, objects};
use crate::foreign::arena::{Arena, Stored};
use crate::foreign::ground::position;
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

/// Who the schema's sessions are told apart by.
#[derive(Debug)]
struct Guard {
    /// The setting that holds the tenant of a session.
    setting: String,
    /// The column that names the tenant of a row.
    column: Ident,
    /// Roles that policies are for.
    roles: Vec<String>,
    /// Whether so many tables have row security that one without it was forgotten.
    is_usual: bool,
    /// Whether the owners of tables are bound by it elsewhere.
    is_forced: bool,
}

/// What a session does to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Read,
    Insert,
    Update,
    Delete,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Read, Self::Insert, Self::Update, Self::Delete];

    /// The letter of the catalog (`pg_policy.polcmd`).
    const fn letter(self) -> char {
        match self {
            Self::Read => 'r',
            Self::Insert => 'a',
            Self::Update => 'w',
            Self::Delete => 'd',
        }
    }

    const fn aspect(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    fn statement(self, table: &str, column: &str) -> String {
        let what = match self {
            Self::Read => "reads no row",
            Self::Insert => "adds no row",
            Self::Update => "changes no row, and hands over none,",
            Self::Delete => "deletes no row",
        };
        format!("A session of one `{column}` {what} of `{table}` of another.")
    }
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    around: &Surroundings,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let Some(guard) = Guard::of(arena, around, &all) else { return Ok(()) };
    for object in &all {
        let Some(column) = tenant_column(arena, object, &guard) else { continue };
        let table = &object.table.name;
        let forced = around.row_security.get(table);
        if forced.is_none() && !guard.is_usual {
            continue;
        }
        let (name, of) = (table.name.as_str(), guard.column.as_str());
        for deed in Deed::ALL {
            let policy = policy_for(around, table, deed);
            let subject = policy.map_or(of, |policy| policy.name.as_str());
            let judgement = arena.within(|arena| attack(arena, object, column, &guard, deed))?;
            let statement = deed.statement(name, of);
            report.add(Family::Isolation, table, subject, deed.aspect(), statement, judgement);
        }
        if let (Some(forced), true) = (forced, guard.is_forced) {
            let judgement = if *forced {
                Judgement::Held { refused: 1, accepted: 0 }
            } else {
                Judgement::Broken(format!(
                    "row security of {name} is not forced: the owner of the table sees and writes the rows of \
                     all, where that of the other tables does not"
                ))
            };
            let statement = format!("Row security of `{name}` binds the owner of the table too.");
            report.add(Family::Isolation, table, of, "owner", statement, judgement);
        }
    }
    Ok(())
}

/// The first policy that lets rows be used so.
fn policy_for<'a>(
    around: &'a Surroundings,
    table: &QualifiedName,
    deed: Deed,
) -> Option<&'a Policy> {
    let mut of_table = around.policies.iter().filter(|it| it.table == *table && it.permissive);
    of_table.find(|it| [deed.letter(), '*'].contains(&it.command))
}

/// The column of a table that names the tenant, where a document states it.
fn tenant_column(arena: &Arena<'_>, object: &Object<'_>, guard: &Guard) -> Option<usize> {
    let column = position(object.table, &guard.column)?;
    let mut places = object.home.places.iter();
    places
        .any(|(&at, place)| *place == Place::Column(column) && object.field(arena, at).is_some())
        .then_some(column)
}

/// `current_setting('app.tenant_id'::text, true)`: the name of the setting.
fn setting(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("current_setting('")?;
    rest.split_once('\'').map(|(name, _)| name)
}

/// What most policies name.
fn most<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(one, _)| one)
}

impl Guard {
    fn of(arena: &Arena<'_>, around: &Surroundings, all: &[Object<'_>]) -> Option<Self> {
        let texts = |policy: &Policy| {
            [policy.using.clone(), policy.check.clone()].into_iter().flatten().collect::<Vec<_>>()
        };
        let said: Vec<(&Policy, String)> = around
            .policies
            .iter()
            .flat_map(|policy| texts(policy).into_iter().map(move |text| (policy, text)))
            .collect();
        let setting = most(said.iter().filter_map(|(_, text)| setting(text)))?.to_owned();
        let named =
            said.iter().filter(|(_, text)| text.contains(&setting)).flat_map(|(it, text)| {
                let words: Vec<&str> = text
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .filter(|word| !word.is_empty())
                    .collect();
                let table = arena.sides.ground.table(&it.table);
                let is_named = |name: &Ident| words.contains(&name.as_str());
                let columns = table.columns.iter().map(|column| column.name.clone());
                columns.filter(is_named).collect::<Vec<_>>()
            });
        let column = most(named)?;
        let roles = around.policies.iter().flat_map(|it| it.roles.split(','));
        let mut roles: Vec<String> = roles.map(|it| it.trim().to_owned()).collect();
        roles.sort();
        roles.dedup();
        roles.retain(|role| !role.is_empty() && role != "public");
        let (mut guarded, mut forced, mut bearing) = (0, 0, 0);
        for object in all.iter().filter(|it| position(it.table, &column).is_some()) {
            bearing += 1;
            if let Some(is_forced) = around.row_security.get(&object.table.name) {
                guarded += 1;
                forced += usize::from(*is_forced);
            }
        }
        let is_usual = guarded >= 2 && guarded * 2 > bearing;
        let is_forced = forced >= 1 && forced * 2 >= guarded;
        Some(Self { setting, column, roles, is_usual, is_forced })
    }
}

/// The role of an application: it owns nothing and may use every table, as far as row security lets it.
const VISITOR: &str = "underpin_visitor";

/// Makes the role, and whatever it needs to be one that policies speak of.
fn enrol(arena: &mut Arena<'_>, guard: &Guard) -> Result<Result<(), String>, SessionError> {
    let name = |word: &str| Ident::new(word).ok();
    let Some(visitor) = name(VISITOR) else { return Ok(Err("no role could be made".to_owned())) };
    let mut commands =
        vec![Command::CreateRole(visitor.clone()), Command::JoinRole(visitor.clone())];
    let groups = guard.roles.iter().map(String::as_str);
    for group in groups.chain(["pg_read_all_data", "pg_write_all_data"]).filter_map(name) {
        commands.push(Command::GrantRole(group, visitor.clone()));
    }
    for command in commands {
        if let Some(error) = arena.attempt(&command)? {
            return Ok(Err(error.to_string()));
        }
    }
    Ok(Ok(()))
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    column: usize,
    guard: &Guard,
    deed: Deed,
) -> Result<Judgement, SessionError> {
    let table = &object.table.name;
    let mut want = Want::default();
    want.linked.insert(column);
    let own = arena.make(table, &want, &mut World::default())?;
    let strange = arena.make(table, &want, &mut World::default())?;
    let (own, strange) = match (own, strange) {
        (Ok(own), Ok(strange)) => (own, strange),
        (Err(reason), _) | (_, Err(reason)) => return Ok(Judgement::Untried(reason)),
    };
    let (Some(here), Some(elsewhere)) = (own[column].clone(), strange[column].clone()) else {
        return Ok(Judgement::Untried("the row names no tenant".to_owned()));
    };
    if here == elsewhere {
        return Ok(Judgement::Untried("no row of another tenant could be made".to_owned()));
    }
    // Another row of a stranger, ready to be written: keys of the first are not in its way.
    let cells = match arena.draft(table, &want, &mut World::default(), 0)? {
        Ok(cells) => cells,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    if let Err(reason) = enrol(arena, guard)? {
        return Ok(Judgement::Untried(reason));
    }
    let before = arena.rows(table)?;
    arena.set_parameter(&guard.setting, &here)?;
    arena.set_parameter("role", VISITOR)?;
    if arena.look(table, &own)?.is_none() {
        return Ok(Judgement::Untried("a session does not see its own rows either".to_owned()));
    }
    let name = table.name.as_str();
    let shown = |row: &Stored| object.shown(row, &[column]);
    let session = format!("a session with {} = {here}", guard.setting);
    let seen = match deed {
        Deed::Read => {
            let read = arena.look(table, &strange)?;
            read.map(|row| format!("{session} read a row of {name} with {}", shown(&row)))
        }
        Deed::Insert => {
            let insertion = arena.blind_insertion(table, &cells);
            let _ = arena.attempt(&insertion)?;
            arena.set_parameter("role", "none")?;
            let is_new = |row: &Stored| !before.contains(row) && row[column] != own[column];
            let added = arena.rows(table)?.into_iter().find(is_new);
            added.map(|row| format!("{session} added a row to {name} with {}", shown(&row)))
        }
        Deed::Update => {
            let given = arena.blind_change(table, &own, column, &elsewhere);
            let _ = arena.attempt(&given)?;
            let taken = arena.blind_change(table, &strange, column, &here);
            let _ = arena.attempt(&taken)?;
            arena.set_parameter("role", "none")?;
            let changed = [own, strange].into_iter().find_map(|row| {
                let now = arena.look(table, &row).ok().flatten()?;
                (now[column] != row[column]).then_some((row, now))
            });
            changed.map(|(row, now)| {
                format!("{session} took a row of {name} from {} to {}", shown(&row), shown(&now))
            })
        }
        Deed::Delete => {
            let _ = arena.delete(table, &strange)?;
            arena.set_parameter("role", "none")?;
            let is_gone = arena.look(table, &strange)?.is_none();
            is_gone.then(|| format!("{session} deleted a row of {name} with {}", shown(&strange)))
        }
    };
    Ok(seen.map_or(Judgement::Held { refused: 1, accepted: 1 }, Judgement::Broken))
}

#[cfg(test)]
mod tests {
    use super::setting;

    #[test]
    fn the_setting_that_a_policy_reads() {
        let policy =
            "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)";
        assert_eq!(setting(policy), Some("app.tenant_id"));
        assert_eq!(setting("(owner = CURRENT_USER)"), None);
    }
}
