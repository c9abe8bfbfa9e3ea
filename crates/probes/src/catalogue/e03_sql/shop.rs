//! The databases: one schema, each time other rows, drawn with a seed.
//!
//! The rows hold what tells a right query from one that is nearly right: the same name twice, missing values, groups
//! without members, ties, and values that equal the thresholds of the questions.

use super::slots::{
    CITIES, CLIENTS, DAYS, DEPARTMENTS, NAMES, PRICES, PRODUCTS, SALARIES, STATES, STOCKS, SURNAMES, iso,
};
use crate::seed::Seeded;

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
const SEEDS: [(&str, u64); 4] = [("a", 0xe03a), ("b", 0xe03b), ("c", 0xe03c), ("d", 0xe03d)];

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
    let cities = uneven(seeded, &CITIES.concat(), 4, 12);
    let mut rows = Vec::new();
    for id in 1..=clients {
        let (name, surname) = (pick(seeded, &names), pick(seeded, &surnames));
        let city = pick(seeded, &cities);
        let address = format!("{name}.{surname}{id}@posta.example").replace('\'', "").to_lowercase();
        let email = if chance(seeded, 30) { "NULL".to_string() } else { quoted(&address) };
        let joined = day(seeded);
        rows.push(format!("({id}, {}, {}, {}, {email}, '{joined}')", quoted(name), quoted(surname), quoted(city)));
    }
    rows
}

fn prodotti(seeded: &mut Seeded) -> Vec<String> {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for (category, products) in PRODUCTS.concat() {
        names.extend(products.iter().map(|product| (category, *product)));
        // One name of each category stands twice, at its own price.
        names.push((category, pick(seeded, products)));
    }
    seeded.shuffle(&mut names);
    let (prices, stocks) = (PRICES.concat(), STOCKS.concat());
    let mut rows = Vec::new();
    for (id, (category, name)) in (1..).zip(names) {
        // Quarters of a euro: sums and products of them are exact whatever their order.
        let quarters = seeded.between(16, 400);
        let free = format!("{}.{:02}", quarters / 4, quarters % 4 * 25);
        let price = if chance(seeded, 45) { pick(seeded, &prices).to_string() } else { free };
        let stock = match seeded.below(100) {
            0..15 => "0".to_string(),
            15..50 => pick(seeded, &stocks).to_string(),
            _ => seeded.between(1, 70).to_string(),
        };
        rows.push(format!("({id}, {}, {}, {price}, {stock})", quoted(name), quoted(category)));
    }
    rows
}

/// Everybody has a head of department for manager, or another head, or nobody.
fn dipendenti(seeded: &mut Seeded) -> Vec<String> {
    let departments = DEPARTMENTS.concat();
    let names = NAMES.concat();
    let surnames = [SURNAMES.concat(), vec!["Fabbri", "Greco"]].concat();
    let others = uneven(seeded, &departments, 2, 5);
    let salaries = SALARIES.concat();
    let heads = departments.len() as u64;
    let mut rows = Vec::new();
    for id in 1..=52_u64 {
        let head = id <= heads;
        let department = match departments.get(id as usize - 1) {
            Some(own) => *own,
            None => pick(seeded, &others),
        };
        let own_head = departments.iter().position(|d| *d == department).unwrap_or(0) as u64 + 1;
        let manager = match seeded.below(100) {
            0..60 if !head => own_head.to_string(),
            60..85 if !head => seeded.between(1, heads).to_string(),
            0..40 if id > 1 => "1".to_string(),
            _ => "NULL".to_string(),
        };
        let free = 1500 + 50 * seeded.below(28) + if head { 200 } else { 0 };
        let salary = if chance(seeded, 30) { pick(seeded, &salaries).to_string() } else { free.to_string() };
        let (name, surname) = (pick(seeded, &names), pick(seeded, &surnames));
        let hired = day(seeded);
        let who = format!("{}, {}, {}", quoted(name), quoted(surname), quoted(department));
        rows.push(format!("({id}, {who}, {salary}, '{hired}', {manager})"));
    }
    rows
}

/// A quarter of the clients, some products and some employees have no order; some clients have many.
fn ordini(seeded: &mut Seeded, clients: usize) -> Vec<String> {
    let mut buyers: Vec<u64> = Vec::new();
    for id in 1..=clients as u64 {
        let known = CLIENTS.concat().contains(&id.to_string().as_str());
        let times = match seeded.below(100) {
            0..26 if !known => 0,
            0..75 => seeded.between(1, 3),
            _ => seeded.between(4, 8),
        };
        buyers.extend((0..times).map(|_| id));
    }
    let products = PRODUCTS.concat().iter().map(|(_, names)| names.len() + 1).sum::<usize>() as u64;
    let sold = some(seeded, products, 80);
    let handlers = some(seeded, 52, 75);
    let states = uneven(seeded, &STATES.concat(), 3, 6);
    let mut rows = Vec::new();
    for id in 1..=220 {
        let client = one(seeded, &buyers);
        let product = one(seeded, &sold);
        let handler = if chance(seeded, 28) { "NULL".to_string() } else { one(seeded, &handlers).to_string() };
        let pieces = if chance(seeded, 60) { seeded.between(1, 5) } else { seeded.between(2, 12) };
        let state = pick(seeded, &states);
        let ordered = day(seeded);
        rows.push(format!("({id}, {client}, {product}, {handler}, {pieces}, '{ordered}', {})", quoted(state)));
    }
    rows
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

/// One of a list of ids; 1 of an empty one.
fn one(seeded: &mut Seeded, ids: &[u64]) -> u64 {
    ids.get(seeded.below(ids.len() as u64) as usize).copied().unwrap_or(1)
}
