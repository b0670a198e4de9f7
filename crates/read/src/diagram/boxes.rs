//! Boxes drawn with characters, and the lines between them.

/// A box: where it stands and what is written in it, line by line.
#[derive(Debug, Clone)]
pub(crate) struct Boxed {
    pub(crate) text: Vec<String>,
    /// With the frame, both ends included.
    rows: (usize, usize),
}

/// A drawing as a grid of characters.
#[derive(Debug)]
pub(crate) struct Drawing {
    grid: Vec<Vec<char>>,
    pub(crate) boxes: Vec<Boxed>,
    /// For each cell the box that it is a part of.
    owner: Vec<Vec<Option<usize>>>,
}

/// The largest drawing that is followed; what is larger is no life cycle.
const LARGEST: usize = 200;

/// The tallest box: an entity has more lines than a state.
const TALLEST: usize = 40;

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// The sides to which a character of a line is open.
fn sides(c: char) -> u8 {
    match c {
        '─' | '═' | '━' | '-' => LEFT | RIGHT,
        '│' | '║' | '┃' | '|' => UP | DOWN,
        '┌' | '╭' | '╔' => DOWN | RIGHT,
        '┐' | '╮' | '╗' => DOWN | LEFT,
        '└' | '╰' | '╚' => UP | RIGHT,
        '┘' | '╯' | '╝' => UP | LEFT,
        '├' => UP | DOWN | RIGHT,
        '┤' => UP | DOWN | LEFT,
        '┬' => LEFT | RIGHT | DOWN,
        '┴' => LEFT | RIGHT | UP,
        '┼' | '+' => UP | DOWN | LEFT | RIGHT,
        // The point of an arrow ends a line that comes from the other side.
        '▼' | '↓' => UP,
        '▲' | '↑' => DOWN,
        '►' | '▶' | '→' | '>' => LEFT,
        '◄' | '◀' | '←' | '<' => RIGHT,
        _ => 0,
    }
}

/// Where the point of an arrow points to.
fn points(c: char) -> Option<u8> {
    Some(match c {
        '▼' | '↓' => DOWN,
        '▲' | '↑' => UP,
        '►' | '▶' | '→' | '>' => RIGHT,
        '◄' | '◀' | '←' | '<' => LEFT,
        _ => return None,
    })
}

const fn opposite(side: u8) -> u8 {
    match side {
        UP => DOWN,
        DOWN => UP,
        LEFT => RIGHT,
        _ => LEFT,
    }
}

fn is_corner(c: char, plain: &[char]) -> bool {
    c == '+' || plain.contains(&c)
}

/// A horizontal part of a frame, perhaps with a line that begins or ends there.
fn is_frame(c: char) -> bool {
    matches!(c, '─' | '═' | '━' | '-' | '┬' | '┴' | '┼' | '+' | '▼' | '▲' | '↓' | '↑')
}

fn is_post(c: char) -> bool {
    matches!(c, '│' | '║' | '┃' | '|' | '├' | '┤' | '┼' | '+' | '►' | '◄' | '▶' | '◀')
}

impl Drawing {
    /// Finds the boxes of a drawing. `None` where there are fewer than two.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let grid: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        if grid.len() > LARGEST || grid.iter().any(|row| row.len() > LARGEST) {
            return None;
        }
        let owner = grid.iter().map(|row| vec![None; row.len()]).collect();
        let mut drawing = Self { grid, boxes: Vec::new(), owner };
        for row in 0..drawing.grid.len() {
            for column in 0..drawing.grid[row].len() {
                let is_taken = drawing.owner(row, column).is_some();
                if is_corner(drawing.grid[row][column], &['┌', '╭', '╔']) && !is_taken {
                    drawing.frame(row, column);
                }
            }
        }
        (drawing.boxes.len() > 1).then_some(drawing)
    }

    fn at(&self, row: usize, column: usize) -> char {
        self.grid.get(row).and_then(|row| row.get(column)).copied().unwrap_or(' ')
    }

    fn owner(&self, row: usize, column: usize) -> Option<usize> {
        self.owner.get(row).and_then(|row| row.get(column)).copied().flatten()
    }

    /// The box whose upper left corner stands at a place, if its frame is closed.
    fn frame(&mut self, row: usize, column: usize) {
        let mut right = column + 1;
        while is_frame(self.at(row, right)) && self.at(row, right) != '+' {
            right += 1;
        }
        if right < column + 3 || !is_corner(self.at(row, right), &['┐', '╮', '╗']) {
            return;
        }
        let mut bottom = row + 1;
        // Writers miscount by a column where letters are wide, so the right side may stand beside.
        while is_post(self.at(bottom, column))
            && !is_corner(self.at(bottom, column), &['└', '╰', '╚'])
            && bottom < row + TALLEST
        {
            bottom += 1;
        }
        // Where corners and joints look alike, a line across the box is not its bottom.
        while self.at(bottom, column) == '+'
            && is_post(self.at(bottom + 1, column))
            && is_post(self.at(bottom + 1, right))
            && bottom < row + TALLEST
        {
            bottom += 1;
            while is_post(self.at(bottom, column))
                && self.at(bottom, column) != '+'
                && bottom < row + TALLEST
            {
                bottom += 1;
            }
        }
        let closed = bottom > row + 1
            && is_corner(self.at(bottom, column), &['└', '╰', '╚'])
            && (column + 1..right).all(|at| is_frame(self.at(bottom, at)))
            && is_corner(self.at(bottom, right), &['┘', '╯', '╝']);
        if !closed {
            return;
        }
        let text = (row + 1..bottom)
            .map(|line| {
                let inside = (column + 1..=right + 1).map(|at| self.at(line, at));
                let inside: String = inside.take_while(|c| !is_post(*c)).collect();
                inside.trim().to_owned()
            })
            .filter(|line| !line.is_empty())
            .collect();
        let index = self.boxes.len();
        for line in row..=bottom {
            let end = (right + 1).min(self.owner[line].len());
            let start = column.min(end);
            self.owner[line][start..end].fill(Some(index));
        }
        self.boxes.push(Boxed { text, rows: (row, bottom) });
    }

    /// The boxes that stand beside each other with a count written between them, such as `1────N`, or
    /// `1    N` over the line that joins them.
    pub(crate) fn counted<T>(&self, read: impl Fn(&str) -> Option<T>) -> Vec<(usize, usize, T)> {
        let mut found: Vec<(usize, usize, T)> = Vec::new();
        for row in 0..self.grid.len() {
            let mut before: Option<(usize, usize)> = None;
            for column in 0..self.grid[row].len() {
                let Some(here) = self.owner(row, column) else { continue };
                if let Some((left, end)) = before.filter(|(left, _)| *left != here) {
                    let between: String = self.grid[row][end + 1..column].iter().collect();
                    let joined = between.split_whitespace().collect::<Vec<_>>().join("-");
                    let is_known = found.iter().any(|(a, b, _)| (*a, *b) == (left, here));
                    if let Some(said) = read(&joined).filter(|_| !is_known) {
                        found.push((left, here, said));
                    }
                }
                before = Some((here, column));
            }
        }
        found
    }

    /// The box that an arrow leaves and the one that it points to, for each arrow.
    pub(crate) fn arrows(&self) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut seen: Vec<Vec<bool>> = self.grid.iter().map(|row| vec![false; row.len()]).collect();
        for row in 0..self.grid.len() {
            for column in 0..self.grid[row].len() {
                let is_line = sides(self.grid[row][column]) != 0
                    && self.owner(row, column).is_none()
                    && !seen[row][column];
                if is_line {
                    for pair in self.follow(row, column, &mut seen) {
                        if pair.0 != pair.1 && !found.contains(&pair) {
                            found.push(pair);
                        }
                    }
                }
            }
        }
        found
    }

    /// Follows the lines that hang together with one cell, and pairs the boxes that they touch.
    fn follow(&self, row: usize, column: usize, seen: &mut [Vec<bool>]) -> Vec<(usize, usize)> {
        let (mut heads, mut tails): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut labels = Vec::new();
        let mut open = vec![(row, column)];
        seen[row][column] = true;
        while let Some((row, column)) = open.pop() {
            let c = self.at(row, column);
            if let Some(side) = points(c) {
                if let Some(touched) = self.touched(row, column, side) {
                    heads.push(touched);
                }
            }
            for side in [UP, DOWN, LEFT, RIGHT] {
                if sides(c) & side == 0 {
                    continue;
                }
                if let Some(touched) = self.touched(row, column, side) {
                    // A point in the frame itself.
                    let (to_row, to_column) =
                        Self::step(row, column, side).unwrap_or((row, column));
                    if points(self.at(to_row, to_column)) == Some(side) {
                        heads.push(touched);
                    } else {
                        tails.push(touched);
                    }
                    continue;
                }
                if let Some((to_row, to_column)) = self.next(row, column, side) {
                    if !seen[to_row][to_column] {
                        seen[to_row][to_column] = true;
                        open.push((to_row, to_column));
                    }
                }
            }
            if c == '│' || c == '|' {
                labels.push((row, column));
            }
        }
        tails.retain(|tail| !heads.contains(tail));
        heads.sort_unstable();
        heads.dedup();
        tails.sort_unstable();
        tails.dedup();
        if let ([one, other], []) = (heads.as_slice(), tails.as_slice()) {
            return vec![(*one, *other), (*other, *one)];
        }
        // Without a point, a line between two boxes goes down.
        if let ([], [one, other]) = (heads.as_slice(), tails.as_slice()) {
            let (one, other) = (*one, *other);
            let is_above = self.boxes[one].rows.1 < self.boxes[other].rows.0;
            let is_below = self.boxes[other].rows.1 < self.boxes[one].rows.0;
            return match (is_above, is_below) {
                (true, _) => vec![(one, other)],
                (_, true) => vec![(other, one)],
                _ => Vec::new(),
            };
        }
        if heads.len().min(tails.len()) > 1 {
            return Vec::new();
        }
        let both = heads.len() == 1 && tails.len() == 1 && self.is_labelled_twice(&labels);
        let mut pairs: Vec<(usize, usize)> =
            tails.iter().flat_map(|tail| heads.iter().map(move |head| (*tail, *head))).collect();
        if both {
            pairs.push((pairs[0].1, pairs[0].0));
        }
        pairs
    }

    /// "`pause()` │ `resume()`": what is written on both sides of a line names the two ways along it.
    fn is_labelled_twice(&self, line: &[(usize, usize)]) -> bool {
        line.iter().any(|&(row, column)| {
            let side = |text: &mut dyn Iterator<Item = usize>| -> String {
                text.map(|at| self.at(row, at)).collect::<String>().trim().to_owned()
            };
            let length = self.grid[row].len();
            let before = side(&mut (0..column));
            let after = side(&mut (column + 1..length));
            let names = |text: &str| text.ends_with("()") && text.split_whitespace().count() == 1;
            names(&before) && names(&after) && before != after
        })
    }

    fn step(row: usize, column: usize, side: u8) -> Option<(usize, usize)> {
        Some(match side {
            UP => (row.checked_sub(1)?, column),
            DOWN => (row + 1, column),
            LEFT => (row, column.checked_sub(1)?),
            _ => (row, column + 1),
        })
    }

    /// The box that a line ends at, directly or after a space.
    fn touched(&self, row: usize, column: usize, side: u8) -> Option<usize> {
        let mut place = (row, column);
        for _ in 0..3 {
            place = Self::step(place.0, place.1, side)?;
            if let Some(owner) = self.owner(place.0, place.1) {
                return Some(owner);
            }
            if self.at(place.0, place.1) != ' ' || side == UP || side == DOWN {
                return None;
            }
        }
        None
    }

    /// Where a line goes on; words that are written over it do not end it.
    fn next(&self, row: usize, column: usize, side: u8) -> Option<(usize, usize)> {
        let far = if matches!(side, UP | DOWN) { 3 } else { 60 };
        let mut place = (row, column);
        let mut words = false;
        for distance in 0..far {
            place = Self::step(place.0, place.1, side)?;
            if place.0 >= self.grid.len() || self.owner(place.0, place.1).is_some() {
                return None;
            }
            let c = self.at(place.0, place.1);
            let is_line = sides(c) & opposite(side) != 0;
            if is_line && (distance == 0 || words) {
                return (place.1 < self.grid[place.0].len()).then_some(place);
            }
            if sides(c) != 0 && !matches!(c, '-' | '+' | '<' | '>' | '|') {
                return None;
            }
            words |= c.is_alphanumeric()
                || matches!(side, UP | DOWN) && self.has_words_near(place.0, place.1);
            if c == ' ' && !words && matches!(side, UP | DOWN) {
                return None;
            }
            if c == ' ' && !words && distance > 1 {
                return None;
            }
        }
        None
    }

    fn has_words_near(&self, row: usize, column: usize) -> bool {
        let near = column.saturating_sub(2)..=column + 2;
        near.into_iter().any(|at| self.at(row, at).is_alphanumeric())
    }
}

impl Boxed {
    /// What the box is called: its first line, and those after it that are words as well.
    pub(crate) fn name(&self) -> String {
        let is_remark = |line: &String| line.contains(['(', '=', ':', ')', '<', '>']);
        let first = self.text.first().into_iter();
        let more = self.text.iter().skip(1).take_while(|line| !is_remark(line));
        first.chain(more).cloned().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(text: &str) -> Vec<String> {
        let Some(drawing) = Drawing::read(text) else { return Vec::new() };
        let name = |index: usize| drawing.boxes[index].name();
        drawing.arrows().into_iter().map(|(a, b)| format!("{} > {}", name(a), name(b))).collect()
    }

    #[test]
    fn lines_split_and_words_stand_on_them() {
        let text = "
        ┌─────────┐
        │ pending │ (initial)
        └────┬────┘
             │ go
    ┌────────┼─────────┐
    │        │         │
 wait 30     │     user says no
    │        │         │
    ▼        │         ▼
┌───────┐    │    ┌────────┐
│ late  │    │    │ denied │
└───────┘    ▼    └────────┘
         ┌───────┐
         │ done  │
         └───────┘";
        assert_eq!(arrows(text), ["pending > late", "pending > denied", "pending > done"],);
    }

    #[test]
    fn points_in_frames_and_both_ways() {
        let text = "
 ┌────────┐
 │ active │
 └───┬────┘
 p() │ r()
     │
 ┌───▼────┐      ┌──────┐
 │ paused │◄────►│ held │
 └────────┘      └──────┘";
        assert_eq!(
            arrows(text),
            ["active > paused", "paused > active", "paused > held", "held > paused"]
        );
        let text = "
 ┌────┐  ok   ┌────┐
 │ a  │──────▶│ b  │
 └────┘       └─┬──┘
   ▲            │
   └────────────┘";
        assert_eq!(arrows(text), ["a > b", "b > a"]);
        let text = "
+-----+      +-----+
|  x  | ---> |  y  |
+-----+      +-----+";
        assert_eq!(arrows(text), ["x > y"]);
    }
}
