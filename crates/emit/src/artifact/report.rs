//! The `report.html` artifact: what was proven and what was not, on one page that needs nothing else.

use std::fmt::Write as _;

use underpin_claim::{Family, Verdict};
use underpin_physical::Query;

use super::ArtifactKind;
use super::persistence_design::{indexes_used, lacks_time, percentiles, plan_nodes};
use crate::context::{Context, Judged, measures};
use crate::html::{Escaped, Prose};
use crate::{Artifact, words};

const PATH: &str = "report.html";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: true, write };

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2433;--soft:#56607a;--paper:#fff;--card:#f6f8fb;--rule:#d5dce8;--good:#0b6b3a;--bad:#b3191f;--open:#7a5200;--badpaper:#fdeceb}\
@media (prefers-color-scheme:dark){:root{--ink:#e4e8f0;--soft:#a3adc0;--paper:#12161d;--card:#1a2029;--rule:#354052;--good:#5fd08f;--bad:#ff8a85;--open:#f0c060;--badpaper:#3a1a1b}}\
*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
h1{font-size:1.7rem;margin:0 0 .3rem}h2{margin:2.4rem 0 .6rem;font-size:1.25rem}p{max-width:60rem}.soft{color:var(--soft)}\
a{color:inherit}nav a{margin-right:1rem}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}\
.counts{display:flex;flex-wrap:wrap;gap:.8rem;padding:0;list-style:none}.counts li{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:.6rem 1rem;min-width:8rem}\
.counts b{display:block;font-size:1.6rem;line-height:1.2}.proven{color:var(--good)}.refuted{color:var(--bad);font-weight:700}.not_run,.assumed{color:var(--open)}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--rule)}\
th{background:var(--card)}td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tr.bad{background:var(--badpaper)}\
code,pre{font:.86em ui-monospace,Menlo,Consolas,monospace}code{overflow-wrap:anywhere}pre{background:var(--card);border:1px solid var(--rule);border-radius:.4rem;padding:.7rem;overflow-x:auto;white-space:pre}\
details{margin:.2rem 0}td>details{margin:0}summary{cursor:pointer}.picture svg{max-width:100%;height:auto}\
@media print{body{max-width:none;padding:0;font-size:11px}.scroll{overflow:visible}pre{white-space:pre-wrap}tr{break-inside:avoid}nav,.skip{display:none}}";

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let project = context.input.model.project.as_deref().unwrap_or("this project");
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line("<!DOCTYPE html>");
    line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
    line("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    line(&format!("<title>Evidence for {}</title>", Escaped(project)));
    line(&format!("<style>{STYLE}</style></head><body>"));
    line("<a class=\"skip\" href=\"#claims\">Skip to the claims</a>");
    line(&format!("<header><h1>Evidence for {}</h1>", Escaped(project)));
    line(&standing(context));
    line(
        "<nav aria-label=\"Parts\"><a href=\"#open\">Not proven</a><a href=\"#queries\">Queries</a>\
         <a href=\"#diagram\">Diagram</a><a href=\"#claims\">All claims</a>\
         <a href=\"#environment\">Environment</a></nav></header><main>",
    );
    line(&not_proven(context));
    line(&queries(context));
    line(&format!(
        "<section id=\"diagram\"><h2>Diagram</h2><div class=\"scroll picture\">{}</div></section>",
        context.diagram()
    ));
    line(&all_claims(context));
    line(&environment(context));
    line("</main></body></html>");
    vec![Artifact::text(PATH, out)]
}

fn standing(context: &Context<'_>) -> String {
    let mut out = match &context.input.verification.environment.server_version {
        Some(version) => format!("<p class=\"soft\">Verified on {}.", Escaped(version)),
        None => "<p class=\"not_run\"><b>Not verified.</b> No probe has run, so nothing here has been shown to \
                 hold."
            .to_owned(),
    };
    write!(out, " Underpin {}.</p><ul class=\"counts\">", Escaped(context.input.version))
        .expect("writing to a String");
    for verdict in [Verdict::Refuted, Verdict::NotRun, Verdict::Assumed, Verdict::Proven] {
        write!(
            out,
            "<li class=\"{}\"><b>{}</b>{}</li>",
            verdict.as_str(),
            context.count(verdict),
            words::verdict(verdict).to_lowercase()
        )
        .expect("writing to a String");
    }
    out.push_str("</ul>");
    out
}

fn not_proven(context: &Context<'_>) -> String {
    let mut out = String::from("<section id=\"open\"><h2>Not proven</h2>");
    let order = [Verdict::Refuted, Verdict::NotRun, Verdict::Assumed];
    let open: Vec<Judged<'_>> = order
        .into_iter()
        .flat_map(|verdict| context.judged_claims().filter(move |it| it.verdict() == verdict))
        .collect();
    if open.is_empty() {
        out.push_str("<p class=\"proven\">Every claim is proven.</p>");
    } else {
        claim_table("Claims that are not proven, refuted first", &open, &mut out);
    }
    out.push_str("</section>");
    out
}

fn all_claims(context: &Context<'_>) -> String {
    let mut out = String::from("<section id=\"claims\"><h2>All claims</h2>");
    for family in Family::ALL {
        let own: Vec<Judged<'_>> =
            context.judged_claims().filter(|it| it.claim.family == family).collect();
        if own.is_empty() {
            continue;
        }
        let proven = own.iter().filter(|it| it.verdict() == Verdict::Proven).count();
        let title = family.as_str().replace('_', " ");
        write!(
            out,
            "<details{}><summary><b>{title}</b>: {proven} of {} proven</summary>",
            if proven == own.len() { "" } else { " open" },
            own.len(),
        )
        .expect("writing to a String");
        claim_table(&format!("Claims of the family {title}"), &own, &mut out);
        out.push_str("</details>");
    }
    out.push_str("</section>");
    out
}

fn claim_table(caption: &str, judged: &[Judged<'_>], out: &mut String) {
    write!(
        out,
        "<div class=\"scroll\"><table aria-label=\"{}\"><thead><tr><th scope=\"col\">Verdict</th>\
         <th scope=\"col\">Claim</th><th scope=\"col\">Demanded</th><th scope=\"col\">Measured</th>\
         <th scope=\"col\">Seconds</th></tr></thead><tbody>",
        Escaped(caption)
    )
    .expect("writing to a String");
    for it in judged {
        let bad = if it.verdict() == Verdict::Refuted { " class=\"bad\"" } else { "" };
        let note =
            it.note().map_or_else(String::new, |note| format!("<br><span>{}</span>", Prose(note)));
        write!(
            out,
            "<tr{bad}><td class=\"{}\">{}</td><td>{}<br><code class=\"soft\">{}</code>{note}</td><td>{}</td>\
             <td>{}</td><td class=\"number\">{}</td></tr>",
            it.verdict().as_str(),
            it.word(),
            Prose(&it.claim.statement),
            Escaped(it.claim.id.as_str()),
            Escaped(&measures(&it.claim.threshold)),
            Escaped(&it.evidence.map(|evidence| measures(&evidence.measured)).unwrap_or_default()),
            it.evidence.map_or_else(String::new, |evidence| format!("{:.3}", evidence.seconds)),
        )
        .expect("writing to a String");
    }
    out.push_str("</tbody></table></div>");
}

fn queries(context: &Context<'_>) -> String {
    let mut out = String::from("<section id=\"queries\"><h2>Queries</h2>");
    let all = &context.input.physical.queries;
    if all.is_empty() {
        out.push_str("<p>No document states a query.</p></section>");
        return out;
    }
    out.push_str(
        "<div class=\"scroll\"><table aria-label=\"Queries with measured times\"><thead><tr>\
         <th scope=\"col\">Query</th><th scope=\"col\">Objective</th><th scope=\"col\">p50</th>\
         <th scope=\"col\">p95</th><th scope=\"col\">Index used</th><th scope=\"col\">Verdict</th></tr></thead><tbody>",
    );
    for query in all {
        out.push_str(&query_row(context, query));
    }
    out.push_str("</tbody></table></div></section>");
    out
}

fn query_row(context: &Context<'_>, query: &Query) -> String {
    let judged: Vec<Judged<'_>> =
        [Family::Prepares, Family::Serves, Family::Latency, Family::Growth, Family::Load]
            .into_iter()
            .filter_map(|family| context.claim_on(family, query))
            .collect();
    let worst = [Verdict::Refuted, Verdict::NotRun, Verdict::Assumed, Verdict::Proven]
        .into_iter()
        .find(|verdict| judged.iter().any(|it| it.verdict() == *verdict));
    let times = percentiles(context, query);
    let missing = if lacks_time(context, query) { "not run" } else { "\u{2013}" };
    let time = |value: Option<f64>| value.map_or_else(|| missing.to_owned(), words::milliseconds);
    let index = match (indexes_used(context, query), &query.promised_index) {
        (Some(used), _) => used,
        (None, Some(promised)) => format!("not run; promised {}", promised.name.as_str()),
        (None, None) => "\u{2013}".to_owned(),
    };
    let mut detail = String::new();
    if let Some(statement) = &query.statement {
        write!(detail, "<pre>{};</pre>", Escaped(&statement.to_string()))
            .expect("writing to a String");
    }
    if let Some(remark) = &query.remark {
        write!(detail, "<p>{}</p>", Prose(remark)).expect("writing to a String");
    }
    if let Some(draft) = &query.draft {
        let draft = draft.to_string();
        write!(detail, "<p>A draft of what was understood:</p><pre>{};</pre>", Escaped(&draft))
            .expect("writing to a String");
    }
    if let Some(nodes) = plan_nodes(context, query) {
        write!(detail, "<p>Plan, from the top:</p><pre>{}</pre>", Escaped(&nodes.join("\n")))
            .expect("writing to a String");
    }
    format!(
        "<tr{}><td><details><summary><code>{}</code></summary>{detail}</details></td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td><td class=\"number\">{}</td><td><code>{}</code></td><td class=\"{}\">{}</td></tr>",
        if worst == Some(Verdict::Refuted) { " class=\"bad\"" } else { "" },
        Escaped(&query.name),
        query.latency_ms.map_or_else(|| "\u{2013}".to_owned(), words::milliseconds),
        time(times.map(|it| it.0)),
        time(times.map(|it| it.1)),
        Escaped(&index),
        worst.map_or("", |it| it.as_str()),
        worst.map_or("no claim", words::verdict),
    )
}

fn environment(context: &Context<'_>) -> String {
    let environment = &context.input.verification.environment;
    let mut out = String::from("<section id=\"environment\"><h2>Environment</h2>");
    if environment.server_version.is_none() && environment.facts.is_empty() {
        out.push_str("<p>No server has been used.</p></section>");
        return out;
    }
    out.push_str("<div class=\"scroll\"><table aria-label=\"Environment\"><tbody>");
    let version = environment.server_version.as_deref().unwrap_or("none");
    let mut row = |name: &str, value: &str| {
        write!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", Escaped(name), Escaped(value))
            .expect("writing to a String");
    };
    row("Server", version);
    for (name, value) in &environment.facts {
        row(name, &value.to_string());
    }
    out.push_str(
        "</tbody></table></div><p>Run it again: <code>underpin verify --claim ID DIR</code></p></section>",
    );
    out
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn the_page_stands_alone_and_nothing_breaks_out() {
        for design in [sample::Sample::new(), sample::nasty()] {
            let page = design.text(super::PATH);
            // The page is written so that, apart from its void elements, it is XML too.
            let xml = page
                .replace("<!DOCTYPE html>", "")
                .replace("<br>", "<br/>")
                .replace("<meta charset=\"utf-8\">", "")
                .replace(
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
                    "",
                )
                .replace("<details open>", "<details open=\"\">");
            let document = roxmltree::Document::parse(&xml).expect("well-formed");
            for node in document.descendants() {
                assert_ne!(node.tag_name().name(), "script");
                for name in ["src", "href"] {
                    let local = node.attribute(name).is_none_or(|it| it.starts_with('#'));
                    assert!(local, "{node:?} loads something");
                }
            }
        }
    }

    #[test]
    fn refuted_comes_first() {
        let page = sample::Sample::new().with_a_refuted_claim().text(super::PATH);
        let refuted = page.find("class=\"refuted\">REFUTED").expect("shown");
        assert!(refuted < page.find("class=\"proven\">proven").expect("shown"));
    }
}
