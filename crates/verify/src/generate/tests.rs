//! Generated rows as a whole: what happens to one row, and to those that belong to it, in an order that could have been.

use underpin_pg::Script;

use super::Data;
use crate::Options;
use crate::bench::Input;
use crate::row::{Fresh, Shape, moments};
use crate::testing::{Shop, server};
use crate::value::Value;

const ORDERS: &str = "\
## Customer

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| created_at | timestamp | | yes |

## Order

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| customer_id | uuid | FK → Customer | yes |
| created_at | timestamp | | yes |
| paid_at | timestamp | | yes |
| updated_at | timestamp | | yes |
";

#[test]
fn rows_happen_after_those_that_they_belong_to() {
    let (server, shop) = (server(), Shop::of_document(ORDERS));
    let schema_sql = Script::create(&shop.physical.schema).to_string();
    let options = Options { max_rows: 3_000, ..Options::default() };
    let input = Input {
        server: &server,
        physical: &shop.physical,
        schema_sql: &schema_sql,
        options: &options,
    };
    let shapes = Shape::all(&shop.physical);
    let data = Data::generate(input, &shapes, Fresh::default()).unwrap();
    let table = |name: &str| {
        let named = |table: &&_| shapes[*table].table.name.name.as_str() == name;
        let name = data.tables.keys().find(named).unwrap();
        (&shapes[name], &data.tables[name].rows)
    };
    let ((customer, _), (order, orders)) = (table("customers"), table("orders"));
    assert!(orders.len() > 1_000, "{}", orders.len());
    let seconds = |row: &Vec<Value>, at: usize| match row[at] {
        Value::Timestamp(seconds) => seconds,
        ref other => panic!("{other:?} is no moment"),
    };
    let mut months = std::collections::BTreeSet::new();
    for row in orders {
        let (created, paid, updated) = (seconds(row, 2), seconds(row, 3), seconds(row, 4));
        assert!(created <= paid && paid <= updated, "{row:?}");
        let owner = data.parent_of(order, row, &customer.table.name).unwrap();
        assert!(moments::begun(customer, owner).unwrap() <= created, "{row:?} is of {owner:?}");
        months.insert(created / (30 * 86_400));
    }
    assert!(months.len() > 12, "{months:?}");
}
