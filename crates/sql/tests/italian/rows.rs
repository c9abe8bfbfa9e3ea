//! The rows of a database as Rust values, and small helpers to ask them.

use sql::{Database, Limits, Value};
use std::collections::BTreeMap;

pub struct Client {
    pub id: i64,
    pub name: String,
    pub surname: String,
    pub city: String,
    pub email: Option<String>,
    pub joined: String,
}

pub struct Product {
    pub id: i64,
    pub name: String,
    pub category: String,
    pub price: f64,
    pub stock: i64,
}

pub struct Employee {
    pub id: i64,
    pub name: String,
    pub surname: String,
    pub department: String,
    pub salary: i64,
    pub hired: String,
    pub manager: Option<i64>,
}

pub struct Order {
    pub id: i64,
    pub client: i64,
    pub product: i64,
    pub employee: Option<i64>,
    pub pieces: i64,
    pub date: String,
    pub state: String,
}

pub struct Shop {
    pub clients: Vec<Client>,
    pub products: Vec<Product>,
    pub employees: Vec<Employee>,
    pub orders: Vec<Order>,
}

pub type Rows = Vec<Vec<Value>>;

/// A question in words, and what it asks for, computed without SQL.
pub type Second = (&'static str, fn(&Shop, &[String]) -> Rows);

impl Shop {
    pub fn read(database: &Database) -> Self {
        let rows = |table: &str| database.query(&format!("SELECT * FROM {table}"), Limits::default()).unwrap().rows;
        let clients = rows("clienti").into_iter().map(|r| Client {
            id: whole(&r[0]),
            name: text(&r[1]),
            surname: text(&r[2]),
            city: text(&r[3]),
            email: (r[4] != Value::Null).then(|| text(&r[4])),
            joined: text(&r[5]),
        });
        let products = rows("prodotti").into_iter().map(|r| Product {
            id: whole(&r[0]),
            name: text(&r[1]),
            category: text(&r[2]),
            price: real(&r[3]),
            stock: whole(&r[4]),
        });
        let employees = rows("dipendenti").into_iter().map(|r| Employee {
            id: whole(&r[0]),
            name: text(&r[1]),
            surname: text(&r[2]),
            department: text(&r[3]),
            salary: whole(&r[4]),
            hired: text(&r[5]),
            manager: (r[6] != Value::Null).then(|| whole(&r[6])),
        });
        let orders = rows("ordini").into_iter().map(|r| Order {
            id: whole(&r[0]),
            client: whole(&r[1]),
            product: whole(&r[2]),
            employee: (r[3] != Value::Null).then(|| whole(&r[3])),
            pieces: whole(&r[4]),
            date: text(&r[5]),
            state: text(&r[6]),
        });
        Self {
            clients: clients.collect(),
            products: products.collect(),
            employees: employees.collect(),
            orders: orders.collect(),
        }
    }

    pub fn client(&self, order: &Order) -> &Client {
        self.clients.iter().find(|c| c.id == order.client).unwrap()
    }

    pub fn product(&self, order: &Order) -> &Product {
        self.products.iter().find(|p| p.id == order.product).unwrap()
    }

    pub fn employee(&self, order: &Order) -> Option<&Employee> {
        self.employees.iter().find(|e| Some(e.id) == order.employee)
    }

    pub fn manager(&self, employee: &Employee) -> Option<&Employee> {
        self.employees.iter().find(|e| Some(e.id) == employee.manager)
    }

    pub fn amount(&self, order: &Order) -> f64 {
        self.product(order).price * order.pieces as f64
    }
}

fn whole(value: &Value) -> i64 {
    match value {
        Value::Integer(whole) => *whole,
        other => panic!("{other:?}"),
    }
}

fn real(value: &Value) -> f64 {
    match value {
        Value::Real(real) => *real,
        other => panic!("{other:?}"),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

pub fn t(text: &str) -> Value {
    Value::Text(text.to_string())
}

pub fn i(whole: i64) -> Value {
    Value::Integer(whole)
}

pub fn r(real: f64) -> Value {
    Value::Real(real)
}

/// How many, as SQL counts.
pub fn size(n: usize) -> i64 {
    i64::try_from(n).unwrap()
}

/// One row of one number.
pub fn count(n: usize) -> Rows {
    vec![vec![i(size(n))]]
}

/// The number in a hole.
pub fn n(hole: &str) -> i64 {
    hole.parse().unwrap()
}

/// The same, as a price.
pub fn euros(hole: &str) -> f64 {
    n(hole) as f64
}

/// `2023-05-22` for `22 maggio 2023`.
pub fn day(hole: &str) -> String {
    let months = ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"];
    let parts: Vec<&str> = hole.split(' ').collect();
    let month = months.iter().position(|m| parts[1].starts_with(m)).unwrap() + 1;
    format!("{}-{month:02}-{:02}", parts[2], n(parts[0]))
}

/// Whether a date lies in the year of a hole.
pub fn within(date: &str, year: &str) -> bool {
    date.split('-').next() == Some(year)
}

/// The members of each group, groups in order.
pub fn groups<K: Ord, T>(pairs: impl Iterator<Item = (K, T)>) -> BTreeMap<K, Vec<T>> {
    let mut all: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (key, value) in pairs {
        all.entry(key).or_default().push(value);
    }
    all
}

pub fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}
