//! What a person lets stand, and why: comments in a script, and lines of a baseline file.

use std::collections::BTreeSet;

use underpin_base::{Diagnostic, DocumentId, Span};

use crate::finding::Finding;

underpin_base::codes! {
    /// A suppression lets nothing stand.
    ///
    /// What it was written for is gone, or it names another code or object than it means. Take it out, so that it does not
    /// hide the next finding.
    UNUSED_ALLOWANCE = "C090", "unused-suppression";
    /// A suppression is not understood, or gives no reason.
    ///
    /// In a script it is a comment of the form `-- underpin: allow C010 orders.customer_id: never deleted`, in a baseline
    /// file a line of the form `C010 orders.customer_id: never deleted`. The object is the one that the finding names: a
    /// table, or a table and a column, constraint, index or policy of it, with the schema before it where that is not
    /// `public`; a table alone lets the code stand for all of its parts. The reason is for whoever reads it next year.
    UNCLEAR_ALLOWANCE = "C091", "unclear-suppression";
}

/// One thing that may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowance {
    code: String,
    object: String,
    span: Span,
}

impl Allowance {
    /// `C010 orders.customer_id: never deleted`.
    fn parse(text: &str, span: Span) -> Result<Self, &'static str> {
        let (code, rest) =
            text.trim().split_once(char::is_whitespace).ok_or("it names no object")?;
        if !crate::codes().iter().any(|info| info.code == code) {
            return Err("it names no code of a check");
        }
        let (object, reason) = rest.split_once(':').ok_or("it gives no reason")?;
        if reason.trim().is_empty() {
            return Err("it gives no reason");
        }
        Ok(Self { code: code.to_owned(), object: object.trim().to_owned(), span })
    }

    fn covers(&self, finding: &Finding) -> bool {
        let path = finding.object.path();
        let of_it = |rest: &str| rest.starts_with('.');
        self.code == finding.diagnostic.code.as_str()
            && path.strip_prefix(&*self.object).is_some_and(|rest| rest.is_empty() || of_it(rest))
    }
}

/// All that may stand.
#[derive(Debug, Clone, Default)]
pub struct Allowances {
    allowances: Vec<Allowance>,
    remarks: Vec<Diagnostic>,
}

/// What is left of the findings.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The findings that nobody lets stand.
    pub findings: Vec<Finding>,
    /// How many may stand.
    pub allowed: usize,
    /// What is wrong with the suppressions.
    pub remarks: Vec<Diagnostic>,
}

const MARK: &str = "-- underpin: allow ";

impl Allowances {
    /// Adds those in the comments of a script.
    pub fn add_script(&mut self, text: &str, document: DocumentId) {
        for (at, line) in lines(text) {
            let Some(from) = line.find(MARK) else { continue };
            let span = Span::new(document, at + from..at + line.len());
            self.add(&line[from + MARK.len()..], span);
        }
    }

    /// Adds those of a baseline file.
    pub fn add_baseline(&mut self, text: &str, document: DocumentId) {
        for (at, line) in lines(text) {
            if !line.trim().is_empty() && !line.starts_with('#') {
                self.add(line, Span::new(document, at..at + line.len()));
            }
        }
    }

    fn add(&mut self, text: &str, span: Span) {
        match Allowance::parse(text, span) {
            Ok(allowance) => self.allowances.push(allowance),
            Err(why) => self.remarks.push(
                Diagnostic::error(UNCLEAR_ALLOWANCE, format!("this suppression lets nothing stand: {why}"))
                    .at(span, "")
                    .help("write the code, the object, a colon and the reason: `C010 orders.customer_id: never deleted`"),
            ),
        }
    }

    /// Takes out what may stand, and tells of suppressions that let nothing stand.
    pub fn judge(&self, findings: Vec<Finding>) -> Judgement {
        let mut used = BTreeSet::new();
        let mut judgement = Judgement { remarks: self.remarks.clone(), ..Judgement::default() };
        for finding in findings {
            let covering: Vec<usize> = (0..self.allowances.len())
                .filter(|&at| self.allowances[at].covers(&finding))
                .collect();
            if covering.is_empty() {
                judgement.findings.push(finding);
            } else {
                judgement.allowed += 1;
                used.extend(covering);
            }
        }
        for (at, allowance) in self.allowances.iter().enumerate() {
            if !used.contains(&at) {
                judgement.remarks.push(
                    Diagnostic::warning(
                        UNUSED_ALLOWANCE,
                        format!(
                            "nothing is found under {} at `{}` any more",
                            allowance.code, allowance.object
                        ),
                    )
                    .at(allowance.span, "")
                    .help("take the suppression out"),
                );
            }
        }
        judgement
    }

    /// A baseline file that lets all of these stand.
    pub fn baseline(findings: &[Finding], reason: &str) -> String {
        let mut lines: Vec<String> = findings
            .iter()
            .map(|it| format!("{} {}: {reason}\n", it.diagnostic.code, it.object))
            .collect();
        lines.sort();
        lines.dedup();
        let head = "# What `underpin check --baseline` lets stand: code, object, reason.\n";
        format!("{head}{}", lines.concat())
    }
}

/// Lines, each with the byte that it begins at.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let from = *at;
        *at += line.len();
        Some((from, line.trim_end()))
    })
}

#[cfg(test)]
mod tests {
    use underpin_base::{Code, Sources};
    use underpin_pg::{Ident, QualifiedName};

    use super::*;
    use crate::Object;

    fn finding(code: &str, table: &str, part: &str) -> Finding {
        let info = crate::codes().into_iter().find(|info| info.code == code).unwrap();
        let ident = |name: &str| Ident::new(name).unwrap();
        let object = Object::part(&QualifiedName::new(ident("public"), ident(table)), &ident(part));
        Finding::warning(Code(info), object, "")
    }

    #[test]
    fn a_reason_lets_stand_and_its_lack_does_not() {
        let text = "CREATE TABLE a (b char(2)); -- underpin: allow C020 a.b: ISO code\n\
                    -- underpin: allow C021 a: old\n-- underpin: allow C020 a.c\n-- underpin: allow X1 a: b\n";
        let mut sources = Sources::default();
        let id = sources.add("a.sql", text);
        let mut allowances = Allowances::default();
        allowances.add_script(text, id);
        let judgement =
            allowances.judge(vec![finding("C020", "a", "b"), finding("C020", "a", "bc")]);
        assert_eq!(judgement.allowed, 1);
        assert_eq!(judgement.findings[0].object.path(), "a.bc");
        let said: Vec<String> = judgement
            .remarks
            .iter()
            .map(|it| format!("{} {}", it.code, sources.location(it.primary().unwrap())))
            .collect();
        assert_eq!(said, ["C091 a.sql:3:1", "C091 a.sql:4:1", "C090 a.sql:2:1"]);
    }

    #[test]
    fn what_is_written_as_a_baseline_lets_all_stand() {
        let findings = vec![finding("C020", "a", "b"), finding("C001", "c", "d")];
        let text = Allowances::baseline(&findings, "was there in March");
        let mut sources = Sources::default();
        let id = sources.add("baseline", &*text);
        let mut allowances = Allowances::default();
        allowances.add_baseline(&text, id);
        let judgement = allowances.judge(findings);
        assert_eq!((judgement.allowed, judgement.remarks), (2, Vec::new()));
    }
}
