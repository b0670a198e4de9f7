//! Where each box stands and how each line runs.

use std::collections::BTreeMap;

use super::layers::{Layers, arrange, real};

/// A box's size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line from a row of the box that is referred to, to a row of the box that refers. Heights are
/// measured from the top of each box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) from_height: f64,
    pub(super) to_height: f64,
}

/// A point of the plane, growing to the right and downward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// How a line runs: its points, between which it is alternately straight (past a layer) and curved
/// (between two layers). The first point touches the box that is referred to. A line of a box to
/// itself has two points only.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) points: Vec<Point>,
}

/// The finished plan.
#[derive(Debug)]
pub(super) struct Plan {
    /// The upper left corner of each box.
    pub(super) corners: Vec<Point>,
    /// For each line, its route.
    pub(super) routes: Vec<Route>,
    pub(super) size: Size,
    /// What is drawn round boxes that belong together.
    pub(super) frames: Vec<Frame>,
}

/// A rectangle round boxes that belong together.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) corner: Point,
    pub(super) size: Size,
}

const GAP_BETWEEN_BOXES: f64 = 28.0;
const GAP_BETWEEN_LINES: f64 = 12.0;
const GAP_BETWEEN_PARTS: f64 = 60.0;
/// Room for marks at both ends and the curve between them; busy gaps are wider.
const NARROWEST_GAP: f64 = 84.0;
const WIDEST_GAP: f64 = 170.0;
const ROUNDS: usize = 16;
/// How much taller than the ideal a layer may be before it is split: a line past a layer costs more
/// than some height.
const SLACK: f64 = 1.5;
/// Width to height of the whole.
const ASPECT: f64 = 1.5;

/// Lays out boxes and lines. Parts that no line connects are laid out on their own and packed.
pub(super) fn plan(sizes: &[Size], lines: &[Line]) -> Plan {
    let mut corners = vec![Point { x: 0.0, y: 0.0 }; sizes.len()];
    let mut routes = vec![Route { points: Vec::new() }; lines.len()];
    let mut parts = Vec::new();
    for connected in parts_of(sizes.len(), lines) {
        parts.push(part(connected, sizes, lines, &mut corners, &mut routes));
    }
    let size = pack(&parts, &mut corners, &mut routes);
    Plan { corners, routes, size, frames: Vec::new() }
}

/// Boxes that lines connect, and those lines, in order.
#[derive(Debug, Default)]
struct Connected {
    members: Vec<usize>,
    lines: Vec<usize>,
}

/// The connected boxes, the largest part first.
fn parts_of(count: usize, lines: &[Line]) -> Vec<Connected> {
    /// The first box of a part, which names it. Ways to it become shorter as they are gone.
    fn first_of(part: &mut [usize], mut node: usize) -> usize {
        while part[node] != node {
            part[node] = part[part[node]];
            node = part[node];
        }
        node
    }
    let mut part: Vec<usize> = (0..count).collect();
    for line in lines {
        let (one, other) = (first_of(&mut part, line.from), first_of(&mut part, line.to));
        part[one.max(other)] = one.min(other);
    }
    let mut parts: BTreeMap<usize, Connected> = BTreeMap::new();
    for node in 0..count {
        parts.entry(first_of(&mut part, node)).or_default().members.push(node);
    }
    for (at, line) in lines.iter().enumerate() {
        parts.entry(first_of(&mut part, line.from)).or_default().lines.push(at);
    }
    let mut parts: Vec<Connected> = parts.into_values().collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.members.len()));
    parts
}

#[derive(Debug)]
struct PartPlan {
    boxes: Connected,
    size: Size,
}

/// Lays out one part with its upper left corner at the origin.
fn part(
    boxes: Connected,
    sizes: &[Size],
    lines: &[Line],
    corners: &mut [Point],
    routes: &mut [Route],
) -> PartPlan {
    let members = &boxes.members;
    let index = |node: usize| members.binary_search(&node).expect("a member");
    let (own, rings): (Vec<usize>, Vec<usize>) =
        boxes.lines.iter().partition(|&&at| lines[at].from != lines[at].to);
    let edges: Vec<(usize, usize)> =
        own.iter().map(|&at| (index(lines[at].from), index(lines[at].to))).collect();
    let spaced: Vec<f64> = members.iter().map(|&it| sizes[it].height + GAP_BETWEEN_BOXES).collect();
    let area: f64 = members
        .iter()
        .zip(&spaced)
        .map(|(&it, height)| (sizes[it].width + NARROWEST_GAP) * height)
        .sum();
    let layers = arrange(&spaced, &edges, (area / ASPECT).sqrt() * SLACK);
    let height = |node: usize| members.get(node).map_or(0.0, |&it| sizes[it].height);
    let tops = heights(&layers, members.len(), &height);

    let mut left = Vec::new();
    let mut right = Vec::new();
    let mut x = 0.0;
    let mut layer_of = vec![0; layers.nodes];
    for (at, layer) in layers.order.iter().enumerate() {
        for &node in layer {
            layer_of[node] = at;
        }
    }
    let mut busy = vec![0; layers.order.len()];
    for pair in layers.ways.iter().flat_map(|way| way.windows(2)) {
        busy[layer_of[pair[0]]] += 1;
    }
    for (at, layer) in layers.order.iter().enumerate() {
        let width = layer
            .iter()
            .filter_map(|&node| members.get(node))
            .map(|&it| sizes[it].width)
            .fold(0.0, f64::max);
        left.push(x);
        right.push(x + width);
        x += width + (NARROWEST_GAP + real(busy[at]) * 5.0).min(WIDEST_GAP);
        for &node in layer {
            if let Some(&it) = members.get(node) {
                corners[it] = Point { x: left[at], y: tops[node] };
            }
        }
    }
    for (way, &at) in layers.ways.iter().zip(&own) {
        let line = &lines[at];
        let turned = way.first() != Some(&index(line.from));
        let (first, last, first_height, last_height) = if turned {
            (line.to, line.from, line.to_height, line.from_height)
        } else {
            (line.from, line.to, line.from_height, line.to_height)
        };
        let start = corners[first];
        let end = corners[last];
        let mut points = vec![Point { x: start.x + sizes[first].width, y: start.y + first_height }];
        // From a narrow box the line runs straight to the edge of its layer.
        points.push(Point { x: right[layer_of[way[0]]], y: points[0].y });
        for &node in &way[1..way.len() - 1] {
            let layer = layer_of[node];
            points.push(Point { x: left[layer], y: tops[node] });
            points.push(Point { x: right[layer], y: tops[node] });
        }
        let end = Point { x: end.x, y: end.y + last_height };
        points.extend([end, end]);
        if turned {
            points.reverse();
        }
        routes[at] = Route { points };
    }
    for at in rings {
        let line = &lines[at];
        let side = corners[line.from].x + sizes[line.from].width;
        let top = corners[line.from].y;
        let point = |height: f64| Point { x: side, y: top + height };
        routes[at] = Route { points: vec![point(line.from_height), point(line.to_height)] };
    }
    let width = members.iter().map(|&it| corners[it].x + sizes[it].width).fold(0.0, f64::max);
    let lowest = members.iter().map(|&it| corners[it].y + sizes[it].height).fold(0.0, f64::max);
    let lowest = tops.iter().copied().fold(lowest, f64::max);
    PartPlan { boxes, size: Size { width, height: lowest } }
}

/// The top of each node (the height of each way point). In turns from the left and from the right, each
/// layer is placed as near as its order lets it to the middle of what it is connected with.
fn heights(layers: &Layers, boxes: usize, height: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let gap = |one: usize, other: usize| {
        if one >= boxes && other >= boxes { GAP_BETWEEN_LINES } else { GAP_BETWEEN_BOXES }
    };
    let mut middle = vec![0.0; layers.nodes];
    for layer in &layers.order {
        let mut y = 0.0;
        for (at, &node) in layer.iter().enumerate() {
            if at > 0 {
                y += gap(layer[at - 1], node);
            }
            middle[node] = y + height(node) / 2.0;
            y += height(node);
        }
    }
    let (left, right) = (layers.neighbours(true), layers.neighbours(false));
    let count = layers.order.len();
    for round in 0..ROUNDS {
        for step in 0..count {
            let at = if round % 2 == 0 { step } else { count - 1 - step };
            let layer = &layers.order[at];
            let wanted: Vec<f64> = layer
                .iter()
                .map(|&node| {
                    let mut next: Vec<usize> = Vec::new();
                    // The last rounds look both ways, which evens out what one side pulled apart.
                    let both = round + 4 >= ROUNDS;
                    if both || round % 2 == 0 {
                        next.extend(&left[node]);
                    }
                    if both || round % 2 == 1 {
                        next.extend(&right[node]);
                    }
                    if next.is_empty() {
                        return middle[node];
                    }
                    next.iter().map(|&other| middle[other]).sum::<f64>() / real(next.len())
                })
                .collect();
            let distances: Vec<f64> = layer
                .windows(2)
                .map(|pair| f64::midpoint(height(pair[0]), height(pair[1])) + gap(pair[0], pair[1]))
                .collect();
            for (&node, y) in layer.iter().zip(nearest(&wanted, &distances)) {
                middle[node] = y;
            }
        }
    }
    let mut tops: Vec<f64> =
        middle.iter().enumerate().map(|(node, y)| y - height(node) / 2.0).collect();
    let highest = tops.iter().copied().fold(f64::INFINITY, f64::min);
    for top in &mut tops {
        *top = (*top - highest).round();
    }
    tops
}

/// The values nearest to those wanted (least squares) that keep their distances: pool adjacent
/// violators, on what is left when the distances are taken away.
fn nearest(wanted: &[f64], distances: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = vec![0.0];
    for distance in distances {
        offset += distance;
        offsets.push(offset);
    }
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (value, offset) in wanted.iter().zip(&offsets) {
        pools.push((value - offset, 1));
        while let [.., (before, many), (after, more)] = pools[..] {
            if before <= after {
                break;
            }
            let mean = (before * real(many) + after * real(more)) / real(many + more);
            pools.truncate(pools.len() - 2);
            pools.push((mean, many + more));
        }
    }
    let values = pools.iter().flat_map(|&(mean, many)| std::iter::repeat_n(mean, many));
    values.zip(&offsets).map(|(value, offset)| value + offset).collect()
}

/// Moves the parts so that they stand in rows, the tallest first, none over another.
fn pack(parts: &[PartPlan], corners: &mut [Point], routes: &mut [Route]) -> Size {
    let area: f64 = parts
        .iter()
        .map(|it| (it.size.width + GAP_BETWEEN_PARTS) * (it.size.height + GAP_BETWEEN_PARTS))
        .sum();
    let widest = parts.iter().map(|it| it.size.width).fold(0.0, f64::max);
    let limit = (area * ASPECT).sqrt().max(widest);
    let mut order: Vec<&PartPlan> = parts.iter().collect();
    order.sort_by(|a, b| b.size.height.total_cmp(&a.size.height));
    let (mut x, mut y, mut row): (f64, f64, f64) = (0.0, 0.0, 0.0);
    let mut whole = Size { width: 0.0, height: 0.0 };
    for it in order {
        if x > 0.0 && x + it.size.width > limit {
            x = 0.0;
            y += row + GAP_BETWEEN_PARTS;
            row = 0.0;
        }
        for &member in &it.boxes.members {
            corners[member].x += x;
            corners[member].y += y;
        }
        for &line in &it.boxes.lines {
            for point in &mut routes[line].points {
                point.x += x;
                point.y += y;
            }
        }
        row = row.max(it.size.height);
        whole.width = whole.width.max(x + it.size.width);
        whole.height = whole.height.max(y + it.size.height);
        x += it.size.width + GAP_BETWEEN_PARTS;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_kept_and_wishes_met_where_they_can_be() {
        let met = nearest(&[10.0, 0.0, 100.0], &[10.0, 10.0]);
        assert_eq!(met, [0.0, 10.0, 100.0]);
    }

    #[test]
    fn no_box_lies_over_another() {
        let sizes: Vec<Size> = (0..40)
            .map(|at| Size {
                width: 120.0 + real(at % 7) * 10.0,
                height: 60.0 + real(at % 5) * 40.0,
            })
            .collect();
        let line = |from: usize, to: usize| Line { from, to, from_height: 30.0, to_height: 40.0 };
        let lines: Vec<Line> =
            (1..36).map(|at| line(at / 3, at)).chain([line(5, 5), line(30, 2)]).collect();
        let plan = plan(&sizes, &lines);
        for one in 0..sizes.len() {
            for other in 0..one {
                let (a, b) = (plan.corners[one], plan.corners[other]);
                let apart = a.x + sizes[one].width <= b.x
                    || b.x + sizes[other].width <= a.x
                    || a.y + sizes[one].height <= b.y
                    || b.y + sizes[other].height <= a.y;
                assert!(apart, "{one} and {other}");
            }
        }
        assert!(plan.routes.iter().all(|route| route.points.len() >= 2));
    }
}
