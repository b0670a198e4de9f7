//! One endpoint in its line: the method, the path with its parameters, and the words around them.

use underpin_base::Phrases;

/// One endpoint in its line.
#[derive(Debug, PartialEq)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) query: Vec<String>,
    pub(super) text: String,
}

pub(super) fn call(line: &str) -> Option<Call> {
    let plain = line.replace(['`', '*'], "");
    let plain = crate::entity_name::strip_numbering(plain.trim());
    let plain = plain.trim_start_matches(['-', '[', ']', ' ', '✅']);
    if let Some(call) = method_behind(plain) {
        return Some(call);
    }
    // "List orders: GET /orders" has its description in front.
    let (front, at) = METHODS.iter().find_map(|method| {
        let at = plain.place_of(method)?;
        let after = plain[at + method.len()..].trim_start_matches([' ', ':']);
        let begins = at == 0 || plain[..at].ends_with([' ', '(', '[']);
        (begins && after.starts_with(['/', '{']) || at == 0 && after.starts_with("http"))
            .then(|| (&plain[..at], at))
    })?;
    let method = METHODS.iter().find(|method| plain[at..].starts_with(**method))?;
    let rest = plain[at + method.len()..].trim_start_matches([' ', ':']);
    let end = rest
        .find(|c: char| c.is_whitespace() || c == '|' || c == ')' || c == ',')
        .unwrap_or(rest.len());
    let (address, after) = rest.split_at(end);
    let address = address
        .split_once("://")
        .map_or(address, |(_, address)| address.find('/').map_or("", |at| &address[at..]));
    let address = address.trim_end_matches(['.', ':', ';']);
    let (path, query) = address.split_once(['?', '#']).unwrap_or((address, ""));
    let query = query
        .split('&')
        .map(|part| {
            part.split('=')
                .next()
                .unwrap_or_default()
                .trim_matches(['[', ']', '{', '}', '?', '.', '<', '>'])
        })
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let after = after.trim_start_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '-' | '–' | '—' | ':' | '→' | '|' | '#' | '/' | '>' | ')' | '=' | ',')
    });
    let front = front.trim().trim_end_matches([':', '-', '–', '—', '(', '→']).trim();
    let text = if after.trim().is_empty() { front } else { after };
    Some(Call { method, path: path.to_owned(), query, text: text.trim().to_owned() })
}

/// "Index `/orders` [GET]", "`/orders/:id` (PUT)": the method stands behind the path, as the end of the line.
fn method_behind(plain: &str) -> Option<Call> {
    let end = plain.trim_end().trim_end_matches([']', ')', '.']);
    let method = METHODS.into_iter().find(|method| end.ends_with(*method))?;
    let front =
        end[..end.len() - method.len()].trim_end_matches([' ', '[', '(', '-', '–', '—', ':']);
    // Something must part the two.
    let (text, path) = front.rsplit_once(' ').unwrap_or(("", front));
    let is_path = path.starts_with('/') && path[1..].starts_with(|c: char| c.is_alphanumeric());
    (is_path && front.len() + method.len() < end.len()).then(|| {
        let (path, _) = path.split_once(['?', '#']).unwrap_or((path, ""));
        let text = text.trim().trim_end_matches([':', '-', '–', '—']).trim();
        Call { method, path: path.to_owned(), query: Vec::new(), text: text.to_owned() }
    })
}

pub(in crate::notation) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// `{id}`, `:id`, `[id]`, `<int:id>`, `$id`.
pub(super) fn parameter(segment: &str) -> Option<&str> {
    let inner = segment
        .strip_prefix(':')
        .or_else(|| segment.strip_prefix('$'))
        .or_else(|| segment.strip_prefix('{').and_then(|rest| rest.split('}').next()))
        .or_else(|| segment.strip_prefix('[').and_then(|rest| rest.split(']').next()))
        .or_else(|| segment.strip_prefix('<').and_then(|rest| rest.split('>').next()))?;
    Some(inner.rsplit(':').next().unwrap_or(inner).trim_end_matches('?'))
}

/// Whether a path holds a parameter of that name.
pub(super) fn is_in_path(path: &str, name: &str) -> bool {
    path.split('/').any(|segment| parameter(segment) == Some(name))
}

/// Whether a text is a call of a server, "`GET /orders`", or says that there are the usual ones, "CRUD".
pub(in crate::notation) fn names_endpoint(text: &str) -> bool {
    let plain = text.trim_start_matches(['`', '*']);
    let (method, rest) = plain.split_once([' ', '`', '*']).unwrap_or((plain, ""));
    METHODS.contains(&method) && rest.trim_start_matches(['`', '*', ' ', ':']).starts_with('/')
        || method == "CRUD"
}
