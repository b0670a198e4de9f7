//! Where the documents say that no reference crosses from one tenant to another: rows that refer to a row
//! of another tenant are refused, by INSERT, by moving the reference, and by moving the tenant of either.

use underpin_claim::Family;
use underpin_pg::QualifiedName;
use underpin_server::SessionError;

use super::{Object, objects};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::ground::{keys_of, position};
use crate::foreign::mapping::Place;
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::row::Link;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for tenant in &all {
        for child in &all {
            if !is_said(arena, tenant, child) {
                continue;
            }
            let Some(own) = link_to(child, &tenant.ours) else { continue };
            for link in &child.shape.links {
                let Some(parent) = all.iter().find(|it| it.ours == link.key.references) else {
                    continue;
                };
                let theirs = link_to(parent, &tenant.ours);
                let column = link.columns.last().and_then(|&at| child.place(at));
                let (Some(theirs), Some(Place::Column(column))) = (theirs, column) else {
                    continue;
                };
                if parent.ours == tenant.ours || parent.ours == child.ours || column == own {
                    continue;
                }
                let crossing = Crossing { child, parent, own, theirs, column };
                let name = child.table.columns[column].name.as_str();
                let statement = format!(
                    "`{}.{name}` refers only to rows of the same `{}`.",
                    child.table.name.name.as_str(),
                    tenant.table.name.name.as_str()
                );
                let judgement = arena.within(|arena| attack(arena, &crossing))?;
                report.add(
                    Family::ForeignKey,
                    &child.table.name,
                    name,
                    "tenant",
                    statement,
                    judgement,
                );
            }
        }
    }
    Ok(())
}

/// A reference that could lead from one tenant to another.
#[derive(Debug)]
struct Crossing<'o, 'a> {
    child: &'o Object<'a>,
    parent: &'o Object<'a>,
    /// The child's column that names its tenant.
    own: usize,
    /// The parent's.
    theirs: usize,
    /// The child's column that refers to the parent.
    column: usize,
}

/// The column that refers to the tenant, where there is one.
fn link_to(object: &Object<'_>, tenant: &QualifiedName) -> Option<usize> {
    let to_it = |link: &&Link<'_>| link.key.references == *tenant && link.columns.len() == 1;
    let mut links = object.shape.links.iter().filter(to_it);
    let (link, None) = (links.next()?, links.next()) else { return None };
    match object.place(link.columns[0])? {
        Place::Column(column) => Some(column),
        Place::Lower(_) | Place::Upper(_) => None,
    }
}

/// Whether a document says that rows of an entity refer to none of another tenant: of all rows, or of
/// the child's.
fn is_said(arena: &Arena<'_>, tenant: &Object<'_>, child: &Object<'_>) -> bool {
    let model = arena.sides.model;
    let entity = |object: &Object<'_>| {
        let design = arena.sides.physical.tables.iter().find(|it| it.table == object.ours)?;
        arena.sides.logical.relation(design.relation).entity
    };
    let (Some(of), Some(here)) = (entity(tenant), entity(child)) else { return false };
    let name = words(&model.entity(of).name);
    let general =
        model.tenant.iter().filter(|it| it.entity == of).any(|it| keeps_apart(&it.text, &name));
    general
        || model.rules.iter().any(|rule| {
            (rule.entity == here || speaks_of_all(&rule.text)) && keeps_apart(&rule.text, &name)
        })
}

fn speaks_of_all(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["no row", "no record", "no reference", "never ", "all rows", "every row", "all references"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

/// "no row may refer to a row of another tenant", "must belong to the same tenant".
fn keeps_apart(text: &str, tenant: &[String]) -> bool {
    let said = words(text);
    let lead = |at: usize| {
        at.checked_sub(1).is_some_and(|before| {
            ["another", "other", "same", "across", "cross", "different", "foreign"]
                .contains(&said[before].as_str())
        })
    };
    !tenant.is_empty()
        && said.windows(tenant.len()).enumerate().any(|(at, window)| window == tenant && lead(at))
        && ["refer", "reference", "belong", "share", "be of", "link", "point", "cross"]
            .iter()
            .any(|verb| text.to_lowercase().contains(verb))
}

fn attack(arena: &mut Arena<'_>, crossing: &Crossing<'_, '_>) -> Result<Judgement, SessionError> {
    let &Crossing { child, parent, own, theirs, column } = crossing;
    let (table, other) = (&child.table.name, &parent.table.name);
    let mut here = World::default();
    let mut want = Want::default();
    want.linked.insert(column);
    let row = match arena.make(table, &want, &mut here)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let mut there = World::default();
    let stranger = match arena.parent(other, &mut there, 0)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let key = keys_of(child.table, column).find(|key| key.references == *other);
    let target = key.and_then(|key| {
        let of = key.columns.iter().position(|it| *it == child.table.columns[column].name)?;
        position(parent.table, &key.referenced_columns[of])
    });
    let Some(target) = target.or_else(|| {
        let key = crate::foreign::ground::primary_key(parent.table);
        if let [only] = key[..] { Some(only) } else { None }
    }) else {
        return Ok(Judgement::Untried("what it refers by is not known".to_owned()));
    };
    if row[own].is_none() || row[own] == stranger[theirs] || row[column].is_none() {
        return Ok(Judgement::Untried("no row of another tenant could be made".to_owned()));
    }
    let mut refused = 0;
    let foreign = Cell::of(stranger[target].as_ref());
    let crosses = |now: &Vec<Option<String>>| {
        now[column] == stranger[target] && now[own].is_some() && now[own] != stranger[theirs]
    };
    let seen = |how: &str, now: &Vec<Option<String>>| {
        Judgement::Broken(format!(
            "{how} with {}, and the row of {} belongs to another",
            child.shown(now, &[own, column]),
            other.name.as_str()
        ))
    };
    let mut strange = want.clone();
    strange.cells.insert(column, foreign.clone());
    strange.cells.insert(own, Cell::of(row[own].as_ref()));
    match arena.within(|arena| arena.write(table, &strange, &mut here.clone(), 0))? {
        Ok(Came::Row(now)) if crosses(&now) => return Ok(seen("a row was inserted", &now)),
        Ok(Came::Refused(_)) => refused += 1,
        Ok(Came::Row(_) | Came::Nothing) | Err(_) => {}
    }
    match arena.within(|arena| arena.update(table, &row, &[(column, foreign)]))? {
        Came::Row(now) if crosses(&now) => return Ok(seen("an UPDATE left a row", &now)),
        Came::Refused(_) => refused += 1,
        Came::Row(_) | Came::Nothing => {}
    }
    // The row itself moves, and what it refers to stays.
    let tenant = Cell::of(stranger[theirs].as_ref());
    match arena.within(|arena| arena.update(table, &row, &[(own, tenant)]))? {
        Came::Row(now) if now[own] == stranger[theirs] && now[column] == row[column] => {
            return Ok(seen("an UPDATE of the tenant left a row", &now));
        }
        Came::Refused(_) => refused += 1,
        Came::Row(_) | Came::Nothing => {}
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted: 1 }
    } else {
        Judgement::Untried("no row that crosses could be tried".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{keeps_apart, words};

    #[test]
    fn what_keeps_tenants_apart() {
        let tenant = words("Tenant");
        assert!(keeps_apart("No row may refer to a row of another tenant", &tenant));
        assert!(keeps_apart("The assignee must belong to the same tenant as the ticket", &tenant));
        assert!(!keeps_apart("Every row belongs to one tenant", &tenant));
        assert!(!keeps_apart("Another tenant may sign up", &tenant));
    }
}
