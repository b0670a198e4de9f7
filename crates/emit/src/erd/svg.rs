//! The diagram's markup. It stands alone, follows the reader's light or dark scheme, and says in words
//! what it shows.

use std::fmt::Write as _;

use super::layers::real;
use super::layout::{Frame, Plan, Point, Route};
use super::{Arrow, Box, HEAD, PADDING, ROW, mark_width};
use crate::html::Escaped;
use crate::words;

/// What the diagram says of itself.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub(super) project: &'a str,
    pub(super) hub: Option<&'a str>,
}

const MARGIN: f64 = 36.0;
const LEGEND_LINE: f64 = 18.0;

/// Names of classes begin with `erd-`, so that a page that holds the diagram keeps its own.
const STYLE: &str = "\
.erd{--ink:#1d2433;--soft:#5b6578;--line:#5a6f95;--paper:#ffffff;--box:#f7f9fc;--head:#dfe7f3;--edge:#b4c0d3;--key:#8a5a00}\
@media (prefers-color-scheme:dark){.erd{--ink:#e4e8f0;--soft:#9aa5b8;--line:#8ba6d6;--paper:#12161d;--box:#1a2029;--head:#28344a;--edge:#435069;--key:#e8b95a}}\
.erd text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--ink)}\
.erd .erd-paper{fill:var(--paper)}\
.erd .erd-box{fill:var(--box);stroke:var(--edge)}\
.erd .erd-frame{fill:none;stroke:var(--soft);stroke-dasharray:5 4}\
.erd .erd-head{fill:var(--head)}\
.erd .erd-title{font-weight:700;font-size:13px}\
.erd .erd-kind,.erd .erd-legend{fill:var(--soft)}\
.erd .erd-mark{fill:var(--key);font-size:10px;font-weight:700}\
.erd .erd-optional{font-style:italic}\
.erd .erd-line path{fill:none;stroke:var(--line);stroke-width:1.4}\
.erd .erd-line circle{fill:var(--paper);stroke:var(--line);stroke-width:1.4}\
.erd .erd-line:hover path,.erd .erd-line:hover circle{stroke:var(--key);stroke-width:2.4}";

pub(super) fn write(boxes: &[Box], arrows: &[Arrow], plan: &Plan, about: &Words<'_>) -> String {
    let width = (plan.size.width + 2.0 * MARGIN).max(560.0);
    let legend = legend(about, width - 2.0 * MARGIN);
    let top_of_legend = plan.size.height + 2.0 * MARGIN;
    let height = top_of_legend + real(legend.len()) * LEGEND_LINE + MARGIN / 2.0;
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"erd\" role=\"img\" \
         aria-labelledby=\"erd-name erd-words\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\">"
    ));
    line(format!("<title id=\"erd-name\">Entity diagram of {}</title>", Escaped(about.project)));
    line(format!("<desc id=\"erd-words\">{}</desc>", Escaped(&description(boxes, arrows))));
    line(format!("<style>{STYLE}</style>"));
    line(format!("<rect class=\"erd-paper\" width=\"{width:.0}\" height=\"{height:.0}\"/>"));
    for frame in &plan.frames {
        line(frame_markup(frame));
    }
    for (arrow, route) in arrows.iter().zip(&plan.routes) {
        line(arrow_markup(arrow, route));
    }
    for (it, corner) in boxes.iter().zip(&plan.corners) {
        line(box_markup(it, *corner));
    }
    for (at, text) in legend.iter().enumerate() {
        let y = top_of_legend + (real(at) + 0.5) * LEGEND_LINE;
        line(format!(
            "<text class=\"erd-legend\" x=\"{MARGIN:.0}\" y=\"{y:.0}\">{}</text>",
            Escaped(text)
        ));
    }
    out.push_str("</svg>\n");
    out
}

/// What the marks mean, in lines that fit.
fn legend(about: &Words<'_>, width: f64) -> Vec<String> {
    let mut sentences = vec![
        "Crow\u{2019}s foot: many rows may refer.".to_owned(),
        "Circle: there may be none.".to_owned(),
        "Italic: may be NULL.".to_owned(),
        "U: part of a unique key.".to_owned(),
    ];
    if let Some(hub) = about.hub {
        sentences.push(format!("References to {hub} are named in their rows, not drawn."));
    }
    let mut lines: Vec<String> = Vec::new();
    for sentence in sentences {
        match lines.last_mut() {
            Some(line) if super::columns(line) + super::columns(&sentence) + 8.0 <= width => {
                line.push(' ');
                line.push_str(&sentence);
            }
            _ => lines.push(sentence),
        }
    }
    lines
}

fn description(boxes: &[Box], arrows: &[Arrow]) -> String {
    let mut text = format!(
        "{} and {}.",
        words::things(boxes.len(), "table"),
        words::things(arrows.len(), "drawn reference")
    );
    for arrow in arrows {
        write!(text, " {} refers to {}.", boxes[arrow.line.to].title, boxes[arrow.line.from].title)
            .expect("writing to a String");
    }
    text
}

/// The tables of one bounded context.
fn frame_markup(frame: &Frame) -> String {
    let (x, y) = (frame.corner.x + MARGIN, frame.corner.y + MARGIN);
    format!(
        "<g><rect class=\"erd-frame\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{:.0}\" \
         height=\"{:.0}\" rx=\"10\"/><text class=\"erd-title\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
        frame.size.width,
        frame.size.height,
        x + PADDING,
        y + 20.0,
        Escaped(&frame.title)
    )
}

fn box_markup(it: &Box, corner: Point) -> String {
    let (x, y) = (corner.x + MARGIN, corner.y + MARGIN);
    let (width, height) = (it.size.width, it.size.height);
    let mut out = format!(
        "<g><rect class=\"erd-box\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" rx=\"6\"/><path class=\"erd-head\" d=\"M{:.1} {:.1}v-{:.1}q0-5.5 \
         5.5-5.5h{:.1}q5.5 0 5.5 5.5v{:.1}z\"/>",
        x + 0.5,
        y + HEAD,
        HEAD - 6.0,
        width - 12.0,
        HEAD - 6.0,
    );
    let mut text = |class: &str, x: f64, y: f64, content: &str| {
        write!(
            out,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
            Escaped(content)
        )
        .expect("writing to a String");
    };
    text("erd-title", x + PADDING, y + 20.0, &it.title);
    let indent = PADDING + mark_width(&it.rows);
    let mut base = y + HEAD + 15.0;
    for row in &it.rows {
        if !row.mark.is_empty() {
            text("erd-mark", x + PADDING, base, &row.mark);
        }
        let class = if row.required { "erd-name" } else { "erd-name erd-optional" };
        text(class, x + indent, base, &row.name);
        let start = x + width - PADDING - super::columns(&row.kind);
        text("erd-kind", start, base, &row.kind);
        base += ROW;
    }
    if it.hidden > 0 {
        let more = format!("and {}", words::things(it.hidden, "more column"));
        text("erd-kind", x + PADDING, base, &more);
    }
    out.push_str("</g>");
    out
}

fn arrow_markup(arrow: &Arrow, route: &Route) -> String {
    let moved: Vec<Point> = route
        .points
        .iter()
        .map(|point| Point { x: point.x + MARGIN, y: point.y + MARGIN })
        .collect();
    let (Some(&first), Some(&last)) = (moved.first(), moved.last()) else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let loops = moved.len() == 2;
    if loops {
        let reach = first.x + 34.0;
        write!(
            path,
            "C{reach:.1} {:.1} {reach:.1} {:.1} {:.1} {:.1}",
            first.y, last.y, last.x, last.y
        )
        .expect("writing to a String");
    } else {
        for (at, pair) in moved.windows(2).enumerate() {
            let (from, to) = (pair[0], pair[1]);
            if at % 2 == 0 {
                write!(path, "L{:.1} {:.1}", to.x, to.y)
            } else {
                let middle = f64::midpoint(from.x, to.x);
                write!(
                    path,
                    "C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
                    from.y, to.y, to.x, to.y
                )
            }
            .expect("writing to a String");
        }
    }
    // A line leaves a box to the right unless it was turned round to break a circle.
    let turned = !loops && first.x > last.x;
    let outward = if turned { -1.0 } else { 1.0 };
    let inward = if loops { 1.0 } else { -outward };
    let mut marks = String::new();
    // At the side referred to there is exactly one row, or none where the reference may be missing.
    marks.push_str(&bar(first, outward * 8.0));
    let mut circles = String::new();
    if arrow.optional {
        circles.push_str(&circle(first, outward * 16.0));
    } else {
        marks.push_str(&bar(first, outward * 12.0));
    }
    if arrow.single {
        marks.push_str(&bar(last, inward * 8.0));
    } else {
        for spread in [-6.0, 6.0] {
            write!(
                marks,
                "M{:.1} {:.1}L{:.1} {:.1}",
                last.x + inward * 12.0,
                last.y,
                last.x,
                last.y + spread
            )
            .expect("writing to a String");
        }
    }
    circles.push_str(&circle(last, inward * 16.0));
    format!(
        "<g class=\"erd-line\"><title>{}</title><path d=\"{path}\"/><path d=\"{marks}\"/>{circles}</g>",
        Escaped(&arrow.title)
    )
}

fn bar(at: Point, offset: f64) -> String {
    format!("M{:.1} {:.1}v12", at.x + offset, at.y - 6.0)
}

fn circle(at: Point, offset: f64) -> String {
    format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"/>", at.x + offset, at.y)
}
