//! `underpin design --explain`: what was decided about one thing, with its reasons.

use serde_json::Value;

use crate::{root, underpin};

fn explained(name: &str) -> String {
    let shop = root().join("examples/shop");
    let ran = underpin().args(["design", "docs", "--explain", name]).current_dir(shop).run();
    ran.expect_code(0).stdout
}

/// The ids of the decisions about a thing of examples/shop.
fn decisions(name: &str) -> Vec<String> {
    let shop = root().join("examples/shop");
    let arguments = ["design", "docs", "--explain", name, "--format", "json"];
    let ran = underpin().args(arguments).current_dir(shop).run().expect_code(0);
    let all: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let ids = all.iter().flat_map(|it| it["decisions"].as_array().unwrap());
    ids.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_column_is_explained_with_choice_alternatives_reason_and_lines() {
    let text = explained("orders.status");
    for part in [
        "column orders.status\n",
        "decision L020/Order.status",
        "  choice: the database refuses every change of state",
        "  instead of: a CHECK on the column",
        "  changes when: transitions are configured by users",
        "  source: docs/10-object-lifecycle.md:16",
        "lifecycle/orders/status: ",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert_eq!(explained("Order.status"), text);
    assert_eq!(explained("public.orders.status"), text);
}

#[test]
fn what_is_decided_about_something_else_stays_out() {
    for (name, has, lacks) in [
        ("order_items_order_id_fkey", "L015/OrderItem.order_id", "L015/OrderItem.merchant_id"),
        ("users_merchant_id_email_key", "L018/User.(merchant_id, email)", "L013/User"),
        ("orders_pkey", "L013/Order", "L018/Order.(merchant_id, order_number)"),
        ("orders.updated_at", "L012/times of the last change", "L013/Order"),
        ("list_orders_of_a_user", "P050/orders_user_id_placed_at_id_idx", "L013/Order"),
        ("orders", "L020/Order.status", "L020/Payment.status"),
    ] {
        let ids = decisions(name);
        assert!(ids.iter().any(|id| id == has), "{has} about {name}: {ids:?}");
        assert!(!ids.iter().any(|id| id == lacks), "{lacks} is not about {name}");
    }
}

#[test]
fn an_unknown_name_is_wrong_use() {
    let shop = root().join("examples/shop");
    let ran = underpin()
        .args(["design", "docs", "--explain", "order.statsu"])
        .current_dir(shop)
        .run()
        .expect_code(2);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("did you mean `orders.status`"), "{}", ran.stderr);
}
