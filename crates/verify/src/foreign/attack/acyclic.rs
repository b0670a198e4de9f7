//! Trees: where a document says that no row stands above itself, a row is refused a parent from below it, by
//! UPDATE as well, and by two sessions that each move one of two rows.

use underpin_claim::Family;
use underpin_model::Above;
use underpin_server::SessionError;

use super::{Object, objects};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{columns, keys_of};
use crate::foreign::mapping::Place;
use crate::foreign::race;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

/// A reference from a row to one of its kind.
#[derive(Debug)]
struct Tree<'o, 'a> {
    object: &'o Object<'a>,
    /// The column that refers to the row above, and the one that it refers by.
    parent: usize,
    key: usize,
    depth: Above,
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let own: Vec<_> =
            object.shape.links.iter().filter(|link| link.key.references == object.ours).collect();
        // Of several references to its own kind, no sentence here says which is meant.
        let [link] = own[..] else { continue };
        let Some(depth) = said(arena, &object) else { continue };
        let place = |at: Option<&usize>| match object.place(*at?)? {
            Place::Column(column) => Some(column),
            Place::Lower(_) | Place::Upper(_) => None,
        };
        let (Some(parent), Some(key)) =
            (place(link.columns.last()), place(link.target_columns.last()))
        else {
            continue;
        };
        let tree = Tree { object: &object, parent, key, depth };
        let name = object.table.columns[parent].name.as_str();
        let statement = format!(
            "No row of `{}` comes to stand above itself by `{name}`.",
            object.table.name.name.as_str()
        );
        let mut judgement = arena.within(|arena| attack(arena, &tree))?;
        if matches!(judgement, Judgement::Held { .. }) && depth == Above::All {
            if raced(arena, &tree)? {
                judgement = Judgement::Broken(
                    "two sessions at once each put one of two rows below the other".to_owned(),
                );
            }
        }
        report.add(Family::Acyclic, &object.table.name, name, "", statement, judgement);
    }
    Ok(())
}

/// What a document says of the rows above a row.
fn said(arena: &Arena<'_>, object: &Object<'_>) -> Option<Above> {
    let design = arena.sides.physical.tables.of(&object.ours)?;
    let entity = arena.sides.logical.relation(design.relation).entity?;
    arena.sides.model.kept_from_above(entity)
}

/// The columns of the reference beside the one that tells the row above, and those that they refer to.
fn carried(tree: &Tree<'_, '_>) -> Vec<(usize, usize)> {
    let table = tree.object.table;
    let mut keys = keys_of(table, tree.parent).filter(|key| key.references == table.name);
    let Some(key) = keys.next() else { return Vec::new() };
    let sides =
        columns(table, &key.columns).into_iter().zip(columns(table, &key.referenced_columns));
    sides.filter(|(own, _)| *own != tree.parent).collect()
}

fn attack(arena: &mut Arena<'_>, tree: &Tree<'_, '_>) -> Result<Judgement, SessionError> {
    let &Tree { object, parent, key, depth } = tree;
    let table = &object.table.name;
    let mut line: Vec<Stored> = Vec::new();
    let mut world = World::default();
    for _ in 0..3 {
        let mut want = Want::default();
        want.cells.insert(parent, Cell::of(line.last().and_then(|row| row[key].as_ref())));
        // What the reference carries besides, such as the tenant, is that of the row above.
        for (own, there) in line.last().into_iter().flat_map(|_| carried(tree)) {
            let above = line.last().and_then(|row| row[there].as_ref());
            want.cells.insert(own, Cell::of(above));
        }
        match arena.make(table, &want, &mut world)? {
            Ok(row) => line.push(row),
            Err(reason) => return Ok(Judgement::Untried(reason)),
        }
    }
    let (mut refused, mut accepted) = (0, 3);
    let ways = [(0, "the row itself"), (1, "its child"), (2, "its grandchild")];
    let far = if depth == Above::All { ways.len() } else { 1 };
    for (below, what) in ways.into_iter().take(far) {
        let set = [(parent, Cell::of(line[below][key].as_ref()))];
        match arena.within(|arena| arena.update(table, &line[0], &set))? {
            Came::Row(now) if now[parent] == line[below][key] => {
                return Ok(Judgement::Broken(format!(
                    "an UPDATE put a row below {what}: {}",
                    object.shown(&now, &[key, parent])
                )));
            }
            Came::Row(_) | Came::Nothing => {}
            Came::Refused(_) => refused += 1,
        }
    }
    let up = [(parent, Cell::of(line[0][key].as_ref()))];
    if let Came::Row(_) = arena.within(|arena| arena.update(table, &line[2], &up))? {
        accepted += 1;
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted }
    } else {
        Judgement::Untried("no row could be moved".to_owned())
    })
}

/// Whether two sessions at once make each of two rows the parent of the other.
fn raced(arena: &mut Arena<'_>, tree: &Tree<'_, '_>) -> Result<bool, SessionError> {
    let table = &tree.object.table.name;
    if !race::may_race(arena, table) {
        return Ok(false);
    }
    let outcome = race::contest(arena, &mut |arena, world| {
        let mut bare = Want::default();
        bare.cells.insert(tree.parent, Cell::Null);
        let Ok(one) = arena.make(table, &bare, world)? else { return Ok(None) };
        for (own, _) in carried(tree) {
            bare.cells.insert(own, Cell::of(one[own].as_ref()));
        }
        let Ok(other) = arena.make(table, &bare, world)? else { return Ok(None) };
        let below = |row: &Stored, above: &Stored| {
            arena.change(table, row, &[(tree.parent, Cell::of(above[tree.key].as_ref()))])
        };
        Ok(below(&one, &other).zip(below(&other, &one)).map(|(one, other)| [one, other]))
    })?;
    Ok(outcome == race::Outcome::Both)
}
