//! Bounded contexts in the diagram: each is laid out on its own, in a frame with its name.

use underpin_pg::Table;

use super::layout::{self, Frame, Line, Plan, Point, Route, Size};
use crate::context::Context;

const PADDING: f64 = 24.0;
/// Room for the name above the boxes.
const TITLE: f64 = 20.0;
const GAP: f64 = 28.0;

/// A frame's title, and the boxes in it.
#[derive(Debug)]
pub(super) struct Group {
    title: String,
    members: Vec<usize>,
}

/// The tables by context; none where there are no contexts.
pub(super) fn of(context: &Context<'_>, tables: &[&Table]) -> Vec<Group> {
    let input = context.input;
    let groups = input.physical.contexts.iter().map(|design| {
        let title = match design.context {
            Some(id) => input.logical.context(id).name.clone(),
            None => "of no context".to_owned(),
        };
        let members = (0..tables.len()).filter(|&at| tables[at].name.namespace == design.namespace);
        Group { title, members: members.collect() }
    });
    groups.collect()
}

/// Lays the groups out one under the other; without groups, all boxes together. Lines stay within groups.
pub(super) fn plan(groups: &[Group], sizes: &[Size], lines: &[Line]) -> Plan {
    if groups.is_empty() {
        return layout::plan(sizes, lines);
    }
    let mut whole = Plan {
        corners: vec![Point { x: 0.0, y: 0.0 }; sizes.len()],
        routes: vec![Route { points: Vec::new() }; lines.len()],
        size: Size { width: 0.0, height: 0.0 },
        frames: Vec::new(),
    };
    let mut top = 0.0;
    for group in groups {
        let place = |at: usize| group.members.iter().position(|&member| member == at);
        let inner: Vec<Size> = group.members.iter().map(|&at| sizes[at]).collect();
        let mut moved = Vec::new();
        let mut numbers = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if let (Some(from), Some(to)) = (place(line.from), place(line.to)) {
                moved.push(Line { from, to, ..*line });
                numbers.push(number);
            }
        }
        let plan = layout::plan(&inner, &moved);
        let shift =
            |point: Point| Point { x: point.x + PADDING, y: point.y + top + PADDING + TITLE };
        for (&at, corner) in group.members.iter().zip(plan.corners) {
            whole.corners[at] = shift(corner);
        }
        for (number, route) in numbers.into_iter().zip(plan.routes) {
            whole.routes[number].points = route.points.into_iter().map(shift).collect();
        }
        let size = Size {
            width: plan.size.width + 2.0 * PADDING,
            height: plan.size.height + 2.0 * PADDING + TITLE,
        };
        whole.frames.push(Frame {
            title: group.title.clone(),
            corner: Point { x: 0.0, y: top },
            size,
        });
        top += size.height + GAP;
        whole.size.width = whole.size.width.max(size.width);
    }
    whole.size.height = top - GAP;
    whole
}
