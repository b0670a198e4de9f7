//! Which layer each box stands in and in which order: after Sugiyama, Tagawa and Toda, "Methods for
//! visual understanding of hierarchical system structures" (1981), with barycentre sweeps.

use std::collections::BTreeSet;

/// A directed graph in layers. Edges that span more than one layer are broken up by way points, which
/// are nodes behind the real ones.
#[derive(Debug)]
pub(super) struct Layers {
    /// For each layer its nodes, from top to bottom.
    pub(super) order: Vec<Vec<usize>>,
    /// For each edge, the nodes on its way, from the left to the right.
    pub(super) ways: Vec<Vec<usize>>,
    /// The number of nodes with the way points.
    pub(super) nodes: usize,
}

/// How often the layers are swept from side to side.
const SWEEPS: usize = 12;

/// Puts nodes of these heights into layers. Edges go from the referred to the referring node; an edge
/// of a node to itself is left to the caller.
pub(super) fn arrange(heights: &[f64], edges: &[(usize, usize)], tallest: f64) -> Layers {
    let nodes = heights.len();
    let directed = without_circles(nodes, edges);
    let mut rank = ranks(nodes, &directed);
    spread(&mut rank, heights, &directed, tallest);
    let depth = rank.iter().max().map_or(0, |most| most + 1);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for node in 0..nodes {
        order[rank[node]].push(node);
    }
    let mut next = nodes;
    let mut ways = Vec::with_capacity(edges.len());
    for &(from, to) in &directed {
        let mut way = vec![from];
        for layer in order.iter_mut().take(rank[to]).skip(rank[from] + 1) {
            layer.push(next);
            way.push(next);
            next += 1;
        }
        way.push(to);
        ways.push(way);
    }
    let mut layers = Layers { order, ways, nodes: next };
    layers.reduce_crossings();
    layers
}

/// The same edges, those that close a circle turned round.
fn without_circles(nodes: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut result: Vec<(usize, usize)> = Vec::with_capacity(edges.len());
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for &(from, to) in edges {
        // Turned round where the edges so far lead from its end back to its beginning.
        let mut seen = BTreeSet::from([to]);
        let mut open = vec![to];
        while let Some(node) = open.pop() {
            for &next in &onward[node] {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        let closes_circle = seen.contains(&from) && from != to && nodes > 1;
        let (from, to) = if closes_circle { (to, from) } else { (from, to) };
        onward[from].push(to);
        result.push((from, to));
    }
    result
}

/// The longest way to each node; then each node with more edges onward than backward moves towards
/// what it leads to, which shortens edges.
fn ranks(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut rank = vec![0; nodes];
    for _ in 0..nodes {
        let mut changed = false;
        for &(from, to) in edges {
            if rank[to] <= rank[from] {
                rank[to] = rank[from] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    let mut backward = vec![0; nodes];
    for &(from, to) in edges {
        onward[from].push(to);
        backward[to] += 1;
    }
    for node in (0..nodes).rev() {
        if onward[node].len() > backward[node] {
            let nearest = onward[node].iter().map(|&to| rank[to]).min().unwrap_or(1);
            rank[node] = rank[node].max(nearest - 1);
        }
    }
    rank
}

/// Moves nodes that lead nowhere out of layers that are too tall, one layer onward at a time: a table
/// that everything refers to would else make one endless column.
fn spread(rank: &mut [usize], heights: &[f64], edges: &[(usize, usize)], tallest: f64) {
    let mut leads = vec![false; rank.len()];
    for &(from, _) in edges {
        leads[from] = true;
    }
    let mut layer = 0;
    loop {
        let inside: Vec<usize> = (0..rank.len()).filter(|&it| rank[it] == layer).collect();
        if inside.is_empty() {
            break;
        }
        let mut height: f64 = inside.iter().map(|&it| heights[it]).sum();
        for node in inside
            .into_iter()
            .filter(|&it| !leads[it])
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            if height <= tallest {
                break;
            }
            height -= heights[node];
            rank[node] += 1;
        }
        layer += 1;
    }
}

impl Layers {
    /// The nodes next to a node, on the left or on the right.
    pub(super) fn neighbours(&self, leftward: bool) -> Vec<Vec<usize>> {
        let mut neighbours = vec![Vec::new(); self.nodes];
        for way in &self.ways {
            for pair in way.windows(2) {
                if leftward {
                    neighbours[pair[1]].push(pair[0]);
                } else {
                    neighbours[pair[0]].push(pair[1]);
                }
            }
        }
        neighbours
    }

    fn reduce_crossings(&mut self) {
        let left = self.neighbours(true);
        let right = self.neighbours(false);
        let mut best = self.order.clone();
        let mut fewest = self.crossings(&right);
        for sweep in 0..SWEEPS {
            let rightward = sweep % 2 == 0;
            let count = self.order.len();
            for step in 1..count {
                let (at, towards) =
                    if rightward { (step, step - 1) } else { (count - 1 - step, count - step) };
                let neighbours = if rightward { &left } else { &right };
                let place = places(&self.order[towards], self.nodes);
                sort_by_barycentre(&mut self.order[at], neighbours, &place);
            }
            self.exchange(&left, &right);
            let crossings = self.crossings(&right);
            if crossings < fewest {
                fewest = crossings;
                best.clone_from(&self.order);
            }
        }
        self.order = best;
    }

    /// Exchanges neighbours in a layer wherever that takes away crossings.
    fn exchange(&mut self, left: &[Vec<usize>], right: &[Vec<usize>]) {
        for at in 0..self.order.len() {
            let before = at.checked_sub(1).map(|it| places(&self.order[it], self.nodes));
            let after = self.order.get(at + 1).map(|layer| places(layer, self.nodes));
            let layer = &mut self.order[at];
            for upper in 1..layer.len() {
                let (one, other) = (layer[upper - 1], layer[upper]);
                let mut gain = (0, 0);
                for (place, next) in [(&before, left), (&after, right)] {
                    let Some(place) = place else { continue };
                    gain.0 += inversions(&next[one], &next[other], place);
                    gain.1 += inversions(&next[other], &next[one], place);
                }
                if gain.1 < gain.0 {
                    layer.swap(upper - 1, upper);
                }
            }
        }
    }

    /// How many pairs of edges cross: after Barth, Jünger and Mutzel, "Simple and efficient bilayer cross counting"
    /// (2002), each edge crosses those that began above it and end below it.
    fn crossings(&self, right: &[Vec<usize>]) -> usize {
        let mut total = 0;
        for pair in self.order.windows(2) {
            let place = places(&pair[1], self.nodes);
            let mut above = Counts::new(pair[1].len());
            for &node in &pair[0] {
                total += right[node].iter().map(|&it| above.after(place[it])).sum::<usize>();
                right[node].iter().for_each(|&it| above.add(place[it]));
            }
        }
        total
    }
}

/// How many edges end at each place of a layer, added up in a binary indexed tree (Fenwick, 1994).
struct Counts(Vec<usize>);

impl Counts {
    fn new(places: usize) -> Self {
        Self(vec![0; places + 1])
    }

    fn add(&mut self, place: usize) {
        // From behind, so that what a prefix sums up are the places after one.
        let mut at = self.0.len() - 1 - place;
        while at < self.0.len() {
            self.0[at] += 1;
            at += at & at.wrapping_neg();
        }
    }

    /// How many end at later places.
    fn after(&self, place: usize) -> usize {
        let mut at = self.0.len() - 2 - place;
        let mut sum = 0;
        while at > 0 {
            sum += self.0[at];
            at &= at - 1;
        }
        sum
    }
}

/// How many pairs of edges cross when the first node stands above the second.
fn inversions(upper: &[usize], lower: &[usize], place: &[usize]) -> usize {
    upper.iter().map(|a| lower.iter().filter(|b| place[**b] < place[*a]).count()).sum()
}

fn places(layer: &[usize], nodes: usize) -> Vec<usize> {
    let mut place = vec![0; nodes];
    for (at, &node) in layer.iter().enumerate() {
        place[node] = at;
    }
    place
}

/// Nodes without neighbours there keep their places among the others.
fn sort_by_barycentre(layer: &mut [usize], neighbours: &[Vec<usize>], place: &[usize]) {
    let mut keyed: Vec<(f64, usize)> = layer
        .iter()
        .enumerate()
        .map(|(at, &node)| {
            let next = &neighbours[node];
            let sum: usize = next.iter().map(|&other| place[other]).sum();
            let key = if next.is_empty() { real(at) } else { real(sum) / real(next.len()) };
            (key, node)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (slot, (_, node)) in layer.iter_mut().zip(keyed) {
        *slot = node;
    }
}

/// A small count as a real number.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_lead_to_the_right_even_in_a_circle() {
        let layers = arrange(&[1.0; 4], &[(0, 1), (1, 2), (2, 0), (0, 3), (2, 3)], 9.0);
        let layer_of = |node: usize| {
            layers.order.iter().position(|layer| layer.contains(&node)).expect("in a layer")
        };
        for way in &layers.ways {
            for pair in way.windows(2) {
                assert_eq!(layer_of(pair[0]) + 1, layer_of(pair[1]), "{layers:?}");
            }
        }
    }

    #[test]
    fn no_layer_is_endless() {
        let edges: Vec<(usize, usize)> = (1..30).map(|node| (0, node)).collect();
        let layers = arrange(&[1.0; 30], &edges, 10.0);
        let boxes = |layer: &Vec<usize>| layer.iter().filter(|&&node| node < 30).count();
        assert_eq!(layers.order.iter().map(boxes).collect::<Vec<_>>(), [1, 10, 10, 9]);
    }

    #[test]
    fn edges_that_cross_are_counted_as_pairs_of_them_are() {
        let layers = Layers {
            order: vec![vec![0, 1, 2], vec![3, 4, 5]],
            ways: vec![vec![0, 5], vec![0, 4], vec![1, 3], vec![1, 5], vec![2, 4], vec![2, 4]],
            nodes: 6,
        };
        let right = layers.neighbours(false);
        let place = places(&layers.order[1], 6);
        let pairs = [(0, 1), (0, 2), (1, 2)];
        let counted = pairs.map(|(upper, lower)| inversions(&right[upper], &right[lower], &place));
        assert_eq!(layers.crossings(&right), counted.iter().sum::<usize>());
        assert_eq!(layers.crossings(&right), 6);
    }

    #[test]
    fn crossings_that_can_go_do_go() {
        let layers = arrange(&[1.0; 6], &[(0, 5), (1, 4), (2, 3)], 9.0);
        assert_eq!(layers.crossings(&layers.neighbours(false)), 0, "{layers:?}");
    }
}
