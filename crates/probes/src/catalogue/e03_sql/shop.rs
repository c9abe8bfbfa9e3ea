//! The databases: one schema, each time other rows, drawn with a seed.
//!
//! The rows hold what tells a right query from one that is nearly right: the same name twice, missing values, groups
//! without members, ties, and values that equal the thresholds of the questions.

use super::slots::{
    CITIES, CLIENTS, DAYS, DEPARTMENTS, NAMES, PRICES, PRODUCTS, SALARIES, STATES, STOCKS, SURNAMES, iso,
};
use crate::seed::Seeded;
use std::collections::BTreeSet;

/// The tables, as the prompt shows them and as they are made.
pub const SCHEMA: &str = "\
CREATE TABLE clienti (
  id INTEGER PRIMARY KEY,
  nome TEXT NOT NULL,
  cognome TEXT NOT NULL,
  citta TEXT NOT NULL,
  email TEXT,
  data_iscrizione TEXT NOT NULL -- AAAA-MM-GG
);
CREATE TABLE prodotti (
  id INTEGER PRIMARY KEY,
  nome TEXT NOT NULL,
  categoria TEXT NOT NULL,
  prezzo REAL NOT NULL,
  giacenza INTEGER NOT NULL
);
CREATE TABLE dipendenti (
  id INTEGER PRIMARY KEY,
  nome TEXT NOT NULL,
  cognome TEXT NOT NULL,
  reparto TEXT NOT NULL,
  stipendio INTEGER NOT NULL,
  data_assunzione TEXT NOT NULL, -- AAAA-MM-GG
  responsabile_id INTEGER REFERENCES dipendenti (id)
);
CREATE TABLE ordini (
  id INTEGER PRIMARY KEY,
  cliente_id INTEGER NOT NULL REFERENCES clienti (id),
  prodotto_id INTEGER NOT NULL REFERENCES prodotti (id),
  dipendente_id INTEGER REFERENCES dipendenti (id),
  quantita INTEGER NOT NULL,
  data_ordine TEXT NOT NULL, -- AAAA-MM-GG
  stato TEXT NOT NULL
);";

/// Name and seed of each database.
const SEEDS: [(&str, u64); 5] = [("a", 0xe03a), ("b", 0xe03b), ("c", 0xe03c), ("d", 0xe03d), ("e", 0xe03f)];

/// Name and SQL of each database: schema, then rows. A query is right when its result is that of the gold query on
/// every one of them.
pub fn databases() -> Vec<(&'static str, String)> {
    SEEDS.iter().map(|&(name, seed)| (name, database(seed))).collect()
}

fn database(seed: u64) -> String {
    let mut seeded = Seeded::new(seed);
    let clients = 84 + seeded.below(13) as usize;
    let tables = [
        ("clienti", clienti(&mut seeded, clients)),
        ("prodotti", prodotti(&mut seeded)),
        ("dipendenti", dipendenti(&mut seeded)),
        ("ordini", ordini(&mut seeded, clients)),
    ];
    let inserts = tables.iter().map(|(name, rows)| format!("INSERT INTO {name} VALUES\n{};", rows.join(",\n")));
    std::iter::once(SCHEMA.to_string()).chain(inserts).collect::<Vec<_>>().join("\n")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// One of a list.
fn pick<'a>(seeded: &mut Seeded, from: &[&'a str]) -> &'a str {
    from.get(seeded.below(from.len() as u64) as usize).copied().unwrap_or_default()
}

/// True in `share` of 100 cases.
fn chance(seeded: &mut Seeded, share: u64) -> bool {
    seeded.below(100) < share
}

/// A list in which each value stands between `low` and `high` times: drawn from, it gives groups of unequal size.
fn uneven<'a>(seeded: &mut Seeded, values: &[&'a str], low: u64, high: u64) -> Vec<&'a str> {
    let mut bag = Vec::new();
    for value in values {
        let times = seeded.between(low, high);
        bag.extend((0..times).map(|_| *value));
    }
    bag
}

/// A day: now and then one that a question names. The first and last year are thinner than the others.
fn day(seeded: &mut Seeded) -> String {
    if chance(seeded, 15) {
        let at = seeded.below(DAYS.len() as u64) as usize;
        if let Some(&(year, month, day)) = DAYS.get(at) {
            return iso(year, month, day);
        }
    }
    let year = if chance(seeded, 70) { seeded.between(2021, 2024) } else { seeded.between(2019, 2025) };
    iso(year as u32, seeded.between(1, 12) as u32, seeded.between(1, 28) as u32)
}

fn clienti(seeded: &mut Seeded, clients: usize) -> Vec<String> {
    let names = NAMES.concat();
    let surnames = [SURNAMES.concat(), vec!["Rota", "Sala"]].concat();
    let cities = uneven(seeded, &CITIES.concat(), 6, 13);
    let mut people: Vec<(&str, &str, &str)> = Vec::new();
    for _ in 0..clients {
        let drawn = (pick(seeded, &names), pick(seeded, &surnames), pick(seeded, &cities));
        people.push(twin(seeded, &people, 8).unwrap_or(drawn));
    }
    let mut rows = Vec::new();
    for (id, (name, surname, city)) in (1..).zip(people) {
        let address = format!("{name}.{surname}{id}@posta.example").replace('\'', "").to_lowercase();
        let email = if chance(seeded, 30) { "NULL".to_string() } else { quoted(&address) };
        let joined = day(seeded);
        rows.push(format!("({id}, {}, {}, {}, {email}, '{joined}')", quoted(name), quoted(surname), quoted(city)));
    }
    rows
}

/// In `share` of 100 cases somebody who is there already: two with the same name.
fn twin<T: Copy>(seeded: &mut Seeded, people: &[T], share: u64) -> Option<T> {
    let known = people.get(seeded.below(people.len() as u64) as usize).copied();
    known.filter(|_| chance(seeded, share))
}

/// A product before it has an id. Prices are in quarters of a euro: sums of them are exact whatever their order.
#[derive(Clone, Copy)]
struct Product<'a> {
    category: &'a str,
    name: &'a str,
    quarters: u64,
    stock: u64,
}

fn prodotti(seeded: &mut Seeded) -> Vec<String> {
    let (prices, stocks) = (PRICES.concat(), STOCKS.concat());
    let mut all = Vec::new();
    for (category, names) in PRODUCTS.concat() {
        // One name is missing; two names stand twice, one of them perhaps at the same price.
        let mut names = names.to_vec();
        seeded.shuffle(&mut names);
        names.pop();
        names.extend_from_within(..2);
        let mut own: Vec<Product> = Vec::new();
        for name in names {
            let free = if chance(seeded, 20) { seeded.between(12, 60) } else { seeded.between(60, 400) };
            let round = pick(seeded, &prices).parse().unwrap_or(10) * 4;
            let before = own.iter().find(|p| p.name == name && chance(seeded, 50)).map(|p| p.quarters);
            let quarters = before.unwrap_or(if chance(seeded, 45) { round } else { free });
            let stock = match seeded.below(100) {
                0..12 => 0,
                12..50 => pick(seeded, &stocks).parse().unwrap_or(10),
                _ => seeded.between(1, 70),
            };
            own.push(Product { category, name, quarters, stock });
        }
        // Often the cheapest one is sold out.
        if chance(seeded, 60)
            && let Some(cheapest) = own.iter_mut().min_by_key(|p| p.quarters)
        {
            cheapest.stock = 0;
        }
        all.extend(own);
    }
    seeded.shuffle(&mut all);
    let row = |(id, p): (u64, Product)| {
        let price = format!("{}.{:02}", p.quarters / 4, p.quarters % 4 * 25);
        format!("({id}, {}, {}, {price}, {})", quoted(p.name), quoted(p.category), p.stock)
    };
    (1..).zip(all).map(row).collect()
}

/// How many products there are: see [`prodotti`].
fn products() -> u64 {
    PRODUCTS.concat().iter().map(|(_, names)| names.len() as u64 + 1).sum()
}

/// How many employees there are.
const EMPLOYEES: u64 = 56;

/// The first ones are the heads of the departments. Everybody has the own head for manager, or another head, or
/// nobody.
fn dipendenti(seeded: &mut Seeded) -> Vec<String> {
    let departments = DEPARTMENTS.concat();
    let names = NAMES.concat();
    let surnames = [SURNAMES.concat(), vec!["Fabbri", "Greco"]].concat();
    let others = uneven(seeded, &departments, 3, 5);
    let salaries = SALARIES.concat();
    let heads = departments.len() as u64;
    let mut people: Vec<(&str, &str, &str, u64)> = Vec::new();
    for id in 1..=EMPLOYEES {
        let department = departments.get(id as usize - 1).copied().unwrap_or_else(|| pick(seeded, &others));
        let free = 1500 + 50 * seeded.below(28);
        let round = pick(seeded, &salaries).parse().unwrap_or(free);
        let salary = if chance(seeded, 35) { round } else { free };
        let drawn = (pick(seeded, &names), pick(seeded, &surnames), department, salary);
        people.push(twin(seeded, &people, 10).filter(|_| id > heads).unwrap_or(drawn));
    }
    let mut rows = Vec::new();
    for (id, (name, surname, department, salary)) in (1..).zip(people) {
        let own = departments.iter().position(|d| *d == department).unwrap_or(0) as u64 + 1;
        let manager = match seeded.below(100) {
            0..55 if id > heads => own.to_string(),
            55..80 if id > heads => seeded.between(1, heads).to_string(),
            0..40 if id > 1 => "1".to_string(),
            _ => "NULL".to_string(),
        };
        let hired = day(seeded);
        let who = format!("{}, {}, {}", quoted(name), quoted(surname), quoted(department));
        rows.push(format!("({id}, {who}, {salary}, '{hired}', {manager})"));
    }
    rows
}

/// A quarter of the clients, some products and some employees have no order; some clients have many. Some orders are
/// the same but for their id.
fn ordini(seeded: &mut Seeded, clients: usize) -> Vec<String> {
    let known: Vec<u64> = CLIENTS.concat().iter().filter_map(|id| id.parse().ok()).collect();
    let mut buyers: Vec<u64> = known.clone();
    for id in 1..=clients as u64 {
        let times = match seeded.below(100) {
            0..28 => 0,
            28..80 => seeded.between(1, 3),
            _ => seeded.between(4, 8),
        };
        buyers.extend((0..times).map(|_| id));
    }
    let sold = some(seeded, products(), 80);
    let handlers = some(seeded, EMPLOYEES, 75);
    let states = uneven(seeded, &STATES.concat(), 3, 6);
    // Whoever is drawn from has at least one order.
    let mut first_buyers = distinct(&buyers);
    let mut first_sold = distinct(&sold);
    seeded.shuffle(&mut first_buyers);
    seeded.shuffle(&mut first_sold);
    let mut orders: Vec<String> = Vec::new();
    for _ in 0..220 {
        let client = first_buyers.pop().unwrap_or_else(|| one(seeded, &buyers));
        let product = first_sold.pop().unwrap_or_else(|| one(seeded, &sold));
        let handler = if chance(seeded, 28) { "NULL".to_string() } else { one(seeded, &handlers).to_string() };
        let pieces = if chance(seeded, 60) { seeded.between(1, 5) } else { seeded.between(2, 12) };
        let state = quoted(pick(seeded, &states));
        let ordered = day(seeded);
        orders.push(format!("{client}, {product}, {handler}, {pieces}, '{ordered}', {state}"));
    }
    for _ in 0..12 {
        let again = orders.get(seeded.below(orders.len() as u64) as usize).cloned();
        orders.extend(again);
    }
    seeded.shuffle(&mut orders);
    (1..).zip(orders).map(|(id, order): (u64, String)| format!("({id}, {order})")).collect()
}

/// About `share` of 100 of the ids up to `n`, some of them more than once.
fn some(seeded: &mut Seeded, n: u64, share: u64) -> Vec<u64> {
    let mut ids = Vec::new();
    for id in 1..=n {
        if chance(seeded, share) {
            let times = seeded.between(1, 3);
            ids.extend((0..times).map(|_| id));
        }
    }
    ids
}

fn distinct(ids: &[u64]) -> Vec<u64> {
    ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// One of a list of ids; 1 of an empty one.
fn one(seeded: &mut Seeded, ids: &[u64]) -> u64 {
    ids.get(seeded.below(ids.len() as u64) as usize).copied().unwrap_or(1)
}
