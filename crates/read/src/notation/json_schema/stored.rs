//! Which schemas describe what is stored, and which only what is sent.

use smol_str::SmolStr;
use std::collections::BTreeSet;

use crate::notation::code::{Passing, is_passing_name};
use crate::words::{fold, lower_words};
use crate::yaml::Node;

/// Why a schema gets no table; `None` where nothing in its name speaks against one.
pub(super) fn passing(
    name: &str,
    properties: &BTreeSet<String>,
    has_key: bool,
    names: &BTreeSet<String>,
) -> Option<&'static str> {
    if is_passing_name(name) == Passing::Surely || is_message(name) {
        return Some("what is sent or answered");
    }
    if is_variant(name, properties, has_key, names) {
        return Some("another form of a schema that has a table");
    }
    if is_passing_name(name) == Passing::Perhaps && !has_key {
        return Some("what is sent or answered");
    }
    None
}

/// Words at the end of a name that only messages have.
fn is_message(name: &str) -> bool {
    let words = lower_words(&spaced(name));
    let Some(last) = words.last().map(SmolStr::as_str) else { return true };
    let alone = words.len() == 1;
    let first = words[0].as_str();
    matches!(
        last,
        "request"
            | "req"
            | "response"
            | "resp"
            | "res"
            | "reply"
            | "error"
            | "errors"
            | "problem"
            | "page"
            | "pagination"
            | "paginated"
            | "envelope"
            | "payload"
            | "dto"
            | "dtos"
            | "credentials"
            | "body"
            | "params"
            | "cursor"
            | "links"
            | "jwt"
            | "wrapper"
    ) && !(alone && matches!(last, "page" | "request" | "payload"))
        || matches!(
            first,
            "paginated" | "pagination" | "paged" | "login" | "signin" | "signup" | "jwt"
        )
        || matches!(words.join(" ").as_str(), |"meta"| "metadata"
            | "page info"
            | "success"
            | "health"
            | "health check"
            | "problem details"
            | "problem detail"
            | "access token"
            | "token pair"
            | "auth token"
            | "auth tokens"
            | "tokens"
            | "token"
            | "http validation error")
        || words.len() > 1
            && matches!(first, "login" | "register" | "auth" | "refresh")
            && last != "log"
        || words.len() > 1
            && matches!(last, "list" | "collection" | "results")
            && matches!(first, "get" | "list")
}

/// `NewOrder`, `OrderUpdate` and `UserWithPosts` beside `Order` and `User`. What refers to the other is no form of it,
/// and a list with a key of its own is kept.
fn is_variant(
    name: &str,
    properties: &BTreeSet<String>,
    has_key: bool,
    names: &BTreeSet<String>,
) -> bool {
    const BEFORE: [&str; 14] = [
        "New", "Create", "Update", "Patch", "Edit", "Add", "Upsert", "Partial", "Base", "Public",
        "Minimal", "Simple", "Post", "Put",
    ];
    const AFTER: [&str; 30] = [
        "Create", "Created", "Update", "Updated", "Patch", "Input", "Output", "In", "Out", "Read",
        "Write", "Base", "Public", "Summary", "Detail", "Details", "Detailed", "ListItem", "New",
        "Put", "Upsert", "Edit", "Ref", "Brief", "Short", "Full", "Data", "View", "Info", "InDB",
    ];
    const KEYLESS: [&str; 6] = ["List", "Page", "Collection", "Form", "Reference", "Post"];
    let is_known = |rest: &str| {
        !rest.is_empty()
            && names.contains(&fold(rest))
            && !properties.contains(&(fold(rest) + "id"))
            && !properties.contains(&fold(rest))
    };
    let with = |rest: &str| rest.find("With").is_some_and(|at| at > 0 && is_known(&rest[..at]));
    let spelled: String = spaced(name).split(' ').map(capitalized).collect();
    let plain = |rest: &str| !rest.starts_with(char::is_lowercase) && is_known(rest);
    BEFORE.iter().any(|start| spelled.strip_prefix(start).is_some_and(plain))
        || AFTER.iter().any(|end| spelled.strip_suffix(end).is_some_and(is_known))
        || !has_key && KEYLESS.iter().any(|end| spelled.strip_suffix(end).is_some_and(is_known))
        || with(&spelled)
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `OrderItem`, `order_item` and `orders.Item` as words.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if matches!(character, '_' | '-' | '.' | ' ') {
            text.push(' ');
        } else {
            if character.is_uppercase() && before.is_lowercase() {
                text.push(' ');
            }
            text.push(character);
        }
        before = character;
    }
    text
}

/// Whether a schema only carries others: a list with the numbers of a page around it.
pub(super) fn is_envelope(members: &[(&str, &Node)]) -> bool {
    let is_list = |node: &Node| node.get("items").is_some_and(|items| items.get("$ref").is_some());
    let lists = members.iter().filter(|(_, node)| is_list(node)).count();
    let about = |name: &str| {
        matches!(
            fold(name).as_str(),
            "total"
                | "count"
                | "pag"
                | "pagesiz"
                | "limit"
                | "offset"
                | "next"
                | "previou"
                | "previous"
                | "prev"
                | "hasmor"
                | "hasnext"
                | "totalpag"
                | "totalcount"
                | "totalelement"
                | "totalitem"
                | "cursor"
                | "nextcursor"
                | "nextpagetoken"
                | "pagination"
                | "meta"
                | "link"
                | "success"
                | "messag"
                | "status"
                | "code"
                | "perpag"
                | "pageinfo"
                | "error"
                | "timestamp"
                | "siz"
                | "number"
                | "first"
                | "last"
                | "metadata"
                | "lastpag"
                | "currentpag"
                | "pagenumber"
        )
    };
    let carries = |name: &str| {
        matches!(
            fold(name).as_str(),
            "data" | "item" | "result" | "content" | "record" | "row" | "value"
        )
    };
    let others =
        members.iter().filter(|(name, node)| !about(name) && !is_list(node) && !carries(name));
    let pages = members.iter().filter(|(name, _)| about(name)).count();
    others.count() == 0
        && !members.is_empty()
        && (lists == 1
            || members.iter().any(|(name, _)| carries(name))
            || pages == members.len() && pages > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(name: &str) -> bool {
        let names = ["User", "Order", "Customer"].iter().map(|name| fold(name)).collect();
        passing(name, &BTreeSet::new(), name != "OrderList" && name != "OrderPage", &names)
            .is_some()
    }

    #[test]
    fn what_is_sent_is_not_stored() {
        for name in [
            "CreateOrderRequest",
            "OrderResponse",
            "UserDto",
            "UserDTO",
            "Error",
            "ApiError",
            "ProblemDetails",
            "Pagination",
            "OrderPage",
            "OrderList",
            "NewOrder",
            "OrderCreate",
            "UserUpdate",
            "LoginRequest",
            "LoginCredentials",
            "TokenPair",
            "Token",
            "UserWithOrders",
            "user_create",
            "OrderSummary",
            "HTTPValidationError",
            "PageInfo",
            "UpdateUser",
            "order.update",
        ] {
            assert!(reason(name), "{name}");
        }
        for name in [
            "User",
            "Order",
            "OrderItem",
            "CustomerList",
            "Page",
            "Request",
            "PostTag",
            "CalendarEvent",
            "Newsletter",
            "Address",
            "Payment",
            "ErrorLog",
            "WishList",
            "PriceList",
            "PasswordResetToken",
            "Postcode",
        ] {
            assert!(!reason(name), "{name}");
        }
    }
}
