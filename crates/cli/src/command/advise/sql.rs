//! The advice as a script.

use std::fmt::Write as _;

use underpin_advise::Remark;
use underpin_pg::{Command, Ddl, LineComment, QualifiedName};

use super::{Answer, quantity, text};

pub(super) fn script(answer: &Answer<'_>) -> String {
    let mut out = String::new();
    let mut comment = |text: &str| {
        let _ = write!(out, "{}", LineComment(text));
    };
    comment(&text::summary(answer));
    if answer.is_live {
        comment(
            "CONCURRENTLY lets writes go on; run each statement outside of a transaction. One that fails leaves an invalid index behind, which is to be dropped.",
        );
    }
    for chosen in &answer.advice.chosen {
        let statement = if answer.is_live {
            Command::CreateIndexConcurrently(chosen.index.clone()).to_string()
        } else {
            Ddl::CreateIndex(chosen.index.clone()).to_string()
        };
        out.push('\n');
        let why = format!(
            "{}; serves {}; the workload costs {:.2} more without it",
            quantity::shown(chosen.bytes),
            text::names(answer, &chosen.serves),
            chosen.benefit
        );
        let _ = writeln!(out, "{}{statement};", LineComment(&why));
    }
    let redundant = answer.existing.iter().filter(|it| it.remark != Remark::Unused);
    for remark in redundant {
        let table = &answer.facts.tables[remark.table];
        let name = table.indexes[remark.index].name.clone();
        let name = QualifiedName::new(table.name.namespace.clone(), name);
        let drop = Command::DropIndexConcurrently(name);
        let why = text::remark(answer, remark);
        let _ = write!(out, "\n{}{}", LineComment(&why), LineComment(&format!("{drop};")));
    }
    out
}
