//! E03 `sql_it`: an Italian question over a small shop, answered with one SQLite query.
//!
//! A query is right when its result equals that of the gold query on every one of [`databases`]: same schema, other
//! rows. This crate runs no SQL; whoever does takes the query out of an answer with [`extract`].
//!
//! Four kinds, 96 questions each: `simple` (one table and conditions), `aggregate` (count, sum, mean, groups), `join`
//! (two tables), `complex` (three tables, groups with conditions, order and limit, subqueries, what is not there).
//! Each kind has 24 frames with four fillings; the frame is the cluster. What a question leaves open the prompt
//! settles: which columns, in which order, repeated rows, rounding. Ties are settled by the question itself.
//!
//! There is one format, the bare question: nothing is chosen or judged here.

mod asked_joined;
mod asked_plain;
mod extract;
mod frames;
mod shop;
mod slots;
mod trained;

pub use extract::extract;
pub use shop::{SCHEMA, databases};

use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use frames::{Frame, combinations};
use slots::{Filling, Split};
use std::collections::BTreeSet;

/// The seed of the fillings.
const SEED: u64 = 0xe03;

/// Fillings of each frame in evaluation.
const FILLINGS: usize = 4;

/// How often a draw is repeated that training already has.
const RETRIES: usize = 100;

/// The frames of each kind.
const ASKED: [(&str, &[Frame]); 4] = [
    ("simple", asked_plain::SIMPLE),
    ("aggregate", asked_plain::AGGREGATE),
    ("join", asked_joined::JOIN),
    ("complex", asked_joined::COMPLEX),
];
const TRAINED: [(&str, &[Frame]); 4] = [
    ("simple", trained::SIMPLE),
    ("aggregate", trained::AGGREGATE),
    ("join", trained::JOIN),
    ("complex", trained::COMPLEX),
];

fn question(kind: &str, frame: &Frame, fillings: &[&Filling]) -> Question {
    let (ask, sql) = frame.fill(fillings);
    let question =
        Question::open(&ask, &[&sql]).kind(kind).template(frame.ask).cluster(frame.ask).field("schema", "negozio");
    let question = question.lang("it");
    if kind == "complex" { question.hard() } else { question }
}

fn questions() -> Vec<Question> {
    let mut all = Vec::new();
    let mut seed = SEED;
    for (kind, frames) in ASKED {
        for frame in frames {
            seed += 1;
            let pools = frame.pools(Split::Asked);
            let mut places = combinations(&pools);
            places.retain(|places| frame.allows(places));
            Seeded::new(seed).shuffle(&mut places);
            let filled = places.iter().take(FILLINGS).map(|places| question(kind, frame, &at(&pools, places)));
            all.extend(filled);
        }
    }
    all
}

/// The values at these places of the pools.
fn at<'a>(pools: &'a [Vec<Filling>], places: &[usize]) -> Vec<&'a Filling> {
    pools.iter().zip(places).filter_map(|(pool, place)| pool.get(*place)).collect()
}

/// Kinds in turn; a frame, then its values, each equally likely.
fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed ^ SEED << 32);
    let mut texts = BTreeSet::new();
    let kinds = TRAINED.map(|(kind, frames)| {
        (kind, frames.iter().map(|frame| (frame, frame.pools(Split::Trained))).collect::<Vec<_>>())
    });
    let mut all = Vec::new();
    for (kind, frames) in kinds.iter().cycle().take(n) {
        for attempt in 0..=RETRIES {
            let Some((frame, pools)) = frames.get(seeded.below(frames.len() as u64) as usize) else { continue };
            let places: Vec<usize> = pools.iter().map(|pool| seeded.below(pool.len() as u64) as usize).collect();
            let drawn = question(kind, frame, &at(pools, &places));
            if frame.allows(&places) && (attempt == RETRIES || texts.insert(drawn.text.clone())) {
                all.push(drawn);
                break;
            }
        }
    }
    all
}

fn ask(question: &Question, _: Call) -> Ask {
    Ask::open(format!(
        "Questo è lo schema di un database SQLite:\n\n{SCHEMA}\n\nDomanda: {}\n\nRispondi con una sola query SQL, \
         senza altro testo. Restituisci soltanto le colonne chieste, nell'ordine in cui la domanda le nomina; non \
         arrotondare i numeri e non togliere le righe ripetute se la domanda non lo chiede.",
        question.text
    ))
}

/// Everything in the table that the question names first.
fn select_star(question: &Question) -> String {
    let text = question.text.to_lowercase();
    let tables = ["clienti", "prodotti", "ordini", "dipendenti"];
    let named = tables.into_iter().filter_map(|table| Some((text.find(table)?, table)));
    let (_, table) = named.min().unwrap_or((0, "ordini"));
    format!("SELECT * FROM {table};")
}

/// The constant query.
fn select_one(_: &Question) -> String {
    "SELECT 1;".to_string()
}

/// The row of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    id: "E03",
    name: "sql_it",
    version: 1,
    about: "A question in Italian over four tables becomes a SQLite query that gives the right result.",
    formats: &[Format {
        variant: FormatVariant::F1,
        mode: Mode::Exec,
        calls: Calls::One,
        ask,
        blank: Blank::None,
        max_tokens: 128,
    }],
    questions,
    training,
    generator: "frames",
    seed: SEED,
    reader: Reader::Sql,
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "select_star", answer: select_star }, Rule { name: "select_one", answer: select_one }],
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn kinds_are_equal_and_every_hole_is_filled() {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for question in questions().into_iter().chain(training(3, 800)) {
            let gold = first_gold(&question);
            assert!(!question.text.contains(['{', '}']) && !gold.contains(['{', '}']), "{question:?}");
            assert!(gold.starts_with("SELECT ") && gold.len() <= 330, "{} {gold}", gold.len());
            *kinds.entry(question.kind).or_default() += 1;
        }
        assert_eq!(kinds.values().collect::<BTreeSet<_>>(), BTreeSet::from([&296]), "{kinds:?}");
    }

    #[test]
    fn every_frame_has_its_holes_and_its_four_fillings() {
        for (split, kinds) in [(Split::Asked, ASKED), (Split::Trained, TRAINED)] {
            let mut asked = BTreeSet::new();
            for frame in kinds.iter().flat_map(|(_, frames)| *frames) {
                assert!(asked.insert(frame.ask), "{} twice", frame.ask);
                for i in 0..3 {
                    let hole = format!("{{{i}}}");
                    let expected = i < frame.slots.len();
                    assert_eq!(frame.ask.contains(&hole), expected, "{}", frame.ask);
                    assert_eq!(frame.sql.contains(&hole), expected, "{}", frame.sql);
                }
                let mut places = combinations(&frame.pools(split));
                places.retain(|p| frame.allows(p));
                let least = if split == Split::Asked { FILLINGS } else { 3 };
                assert!(places.len() >= least, "{}", frame.ask);
            }
        }
    }

    #[test]
    fn values_of_training_are_not_asked_about() {
        use slots::Slot;
        for slot in [
            Slot::City,
            Slot::Category,
            Slot::Department,
            Slot::State,
            Slot::Surname,
            Slot::Name,
            Slot::Initial,
            Slot::Product,
            Slot::Word,
            Slot::Price,
            Slot::MeanPrice,
            Slot::Amount,
            Slot::Stock,
            Slot::Salary,
            Slot::Quantity,
            Slot::Few,
            Slot::Group,
            Slot::Handled,
            Slot::Total,
            Slot::Top,
            Slot::Client,
            Slot::Year,
            Slot::Date,
        ] {
            let [asked, trained] =
                [Split::Asked, Split::Trained].map(|s| slots::pool(slot, s).into_iter().map(|f| f.sql));
            let (asked, trained): (BTreeSet<String>, BTreeSet<String>) = (asked.collect(), trained.collect());
            assert!(asked.is_disjoint(&trained) && asked.len() >= 4 && trained.len() >= 3, "{slot:?}");
        }
    }

    #[test]
    fn training_hardly_repeats_itself() {
        let texts: Vec<String> = training(5, 6_000).into_iter().map(|q| q.text).collect();
        assert_eq!((texts.len(), texts.iter().collect::<BTreeSet<_>>().len()), (6_000, 6_000));
    }

    #[test]
    fn the_databases_differ_and_hold_what_the_questions_name() {
        let databases = databases();
        assert!(databases.len() >= 3);
        let distinct: BTreeSet<&String> = databases.iter().map(|(_, sql)| sql).collect();
        assert_eq!(distinct.len(), databases.len());
        for (name, sql) in &databases {
            assert!(sql.starts_with(SCHEMA));
            for value in ["Torino", "Forlì", "Catania", "Giardino", "Vendite", "in attesa", "D''Angelo", "2023-05-22"]
            {
                assert!(sql.contains(&format!("'{value}'")), "{name} {value}");
            }
        }
    }

    #[test]
    fn rules_say_what_they_say() {
        let question = Question::open("Quanti ordini hanno i clienti?", &["x"]);
        assert_eq!(select_star(&question), "SELECT * FROM ordini;");
        assert_eq!(select_one(&question), "SELECT 1;");
    }
}
