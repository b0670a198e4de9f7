//! `underpin model --explain NAME`: where a thing of the model comes from.

use underpin_base::Diagnostic;

use crate::codes;
use crate::exit::Failure;
use crate::pipeline::Understood;

pub(super) fn text(name: &str, understood: &Understood) -> Result<String, Failure> {
    let Understood { model, reading, sources, .. } = understood;
    underpin_model::explain(model, reading, sources, name).map_err(|near| {
        let shown = name.replace(char::is_control, "\u{fffd}");
        let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
        let help = if near.is_empty() {
            "`underpin model` prints the names of all that was read".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        Failure::usage(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("nothing in the model is called `{shown}`"),
            )
            .help(help),
        )
    })
}
