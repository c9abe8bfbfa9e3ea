//! E04 intents it: which of twelve intents an Italian customer message has.
//!
//! What each intent means, and where it ends:
//!
//! - `account_access`: the customer cannot get in: password, codes, a locked or unknown account.
//! - `order_cancellation`: an order that has not been delivered is to be stopped.
//! - `order_tracking`: where an order that was placed is, when it comes, what its tracking says.
//! - `return_refund`: goods that were received go back, are exchanged or their money comes back.
//! - `payment_issues`: a payment fails, is charged twice or wrongly, or is not registered.
//! - `shipping_info`: costs, times, places and ways of delivery in general, before an order.
//! - `product_availability`: is something in stock, in this size or shop, and when does it come back.
//! - `product_info`: what a product is like: measures, material, functions, care.
//! - `promotions_discounts`: sales, offers, codes, coupons, loyalty points.
//! - `technical_support`: a device, app or site does not work or must be set up, and the customer wants it to work.
//! - `account_management`: data, settings, newsletter or closing of an account that the customer can use.
//! - `general_inquiry`: opening hours, shops, contacts, jobs, the company itself, thanks.

mod frames;
mod messages;

use super::slots;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule};
use super::{first_gold, lettered};
use crate::item::FormatVariant;
use crate::row::Call;

pub(super) const ENTRY: Entry = Entry {
    id: "E04",
    name: "intents_it",
    version: 1,
    about: "Which of twelve intents does an Italian customer message have?",
    formats: FORMATS,
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Words,
    rules: &[Rule { name: "keywords", answer: keywords }],
};

const ORDERS: Calls = Calls::Rotations { n: 3, step: 4 };

const FORMATS: &[Format] = &[
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Lpx,
        calls: ORDERS,
        ask: |question, call| Ask::options(question, in_line(question, call)),
        blank: Blank::Text,
        max_tokens: 0,
    },
    Format {
        variant: FormatVariant::F3,
        mode: Mode::Lpx,
        calls: ORDERS,
        ask: |question, call| Ask::letters(question, call, with_letters(question, call)),
        blank: Blank::Text,
        max_tokens: 0,
    },
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Fg,
        calls: Calls::One,
        ask: |question, call| Ask::open(in_line(question, call)),
        blank: Blank::None,
        max_tokens: 12,
    },
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Cd,
        calls: Calls::One,
        ask: |question, call| Ask::options(question, in_line(question, call)),
        blank: Blank::None,
        max_tokens: 12,
    },
];

const LABELS: &[&str] = &[
    "account_access",
    "order_cancellation",
    "order_tracking",
    "return_refund",
    "payment_issues",
    "shipping_info",
    "product_availability",
    "product_info",
    "promotions_discounts",
    "technical_support",
    "account_management",
    "general_inquiry",
];

fn in_line(question: &Question, call: Call) -> String {
    let shown = question.shown(call);
    let options = match shown.as_slice() {
        [first @ .., last] => format!("{} o {last}", first.join(", ")),
        [] => String::new(),
    };
    format!(
        "A quale categoria appartiene il messaggio di questo cliente: {options}?\nMessaggio: {}\nRispondi solo con il \
         nome della categoria.",
        question.text
    )
}

fn with_letters(question: &Question, call: Call) -> String {
    let options = lettered(question, call);
    format!(
        "A quale categoria appartiene il messaggio di questo cliente?\nMessaggio: {}\n{options}\nRispondi solo con la \
         lettera.",
        question.text
    )
}

fn questions() -> Vec<Question> {
    let all = messages::MESSAGES.iter();
    let of_label = |(label, texts): &(&str, &[&str])| -> Vec<Question> {
        texts.iter().map(|text| Question::choice(text, LABELS, label).kind(label).lang("it")).collect()
    };
    all.flat_map(of_label).collect()
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let questions = slots::labelled("E04", frames::FRAMES, frames::SLOTS, LABELS, seed, n);
    questions.into_iter().map(|question| question.lang("it")).collect()
}

/// The first intent with one of its stems in the message; a general inquiry where none is found.
fn keywords(question: &Question) -> String {
    const STEMS: &[(&str, &[&str])] = &[
        ("promotions_discounts", &["sconto", "sconti", "offert", "promozion", "coupon", "saldi", "buono"]),
        ("return_refund", &["reso", "rimbors", "restitu", "rendere"]),
        ("order_cancellation", &["annull", "cancell", "disdi"]),
        ("account_access", &["password", "accesso", "accedere", "login"]),
        ("account_management", &["account", "profilo", "newsletter"]),
        ("payment_issues", &["pagament", "addebit", "carta", "bonifico"]),
        ("order_tracking", &["pacco", "ordine", "corriere"]),
        ("shipping_info", &["spedi", "consegn"]),
        ("product_availability", &["disponibil", "esaurit", "magazzino"]),
        ("technical_support", &["errore", "funziona", "blocca", "app "]),
        ("product_info", &["material", "misur", "pesa", "batteria"]),
    ];
    let text = question.text.to_lowercase();
    let found = STEMS.iter().find(|(_, stems)| stems.iter().any(|stem| text.contains(stem)));
    found.map_or("general_inquiry", |(label, _)| *label).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::read;
    use crate::text::words;
    use std::collections::BTreeSet;

    #[test]
    fn every_intent_has_its_messages_in_the_order_of_the_labels() {
        let of = |all: &[(&'static str, &[&str])]| all.iter().map(|(label, _)| *label).collect::<Vec<_>>();
        assert_eq!(of(messages::MESSAGES), LABELS);
        assert_eq!(of(frames::FRAMES), LABELS);
        for (label, texts) in messages::MESSAGES {
            assert_eq!(texts.len(), 32, "{label}");
        }
        for (label, frames) in frames::FRAMES {
            assert!(frames.len() >= 14, "{label}");
        }
    }

    #[test]
    fn messages_differ_in_length_within_every_intent() {
        for (label, texts) in messages::MESSAGES {
            let lengths: Vec<usize> = texts.iter().map(|t| words(t).len()).collect();
            let (least, most) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
            assert!(*least <= 6 && *most >= 12, "{label} {least}..{most}");
        }
    }

    #[test]
    fn no_single_word_marks_most_messages_of_an_intent_and_only_them() {
        for (label, texts) in messages::MESSAGES {
            let own: BTreeSet<String> = texts.iter().flat_map(|t| words(t)).collect();
            for word in own {
                let has = |t: &&&str| words(t).contains(&word);
                let inside = texts.iter().filter(has).count();
                let outside: usize = messages::MESSAGES
                    .iter()
                    .filter(|(other, _)| other != label)
                    .map(|(_, texts)| texts.iter().filter(has).count())
                    .sum();
                assert!(inside < 20 || outside > 0, "{label}: {word} in {inside}");
            }
        }
    }

    #[test]
    fn the_prompt_lists_the_labels_in_italian() {
        let question = &questions()[0];
        let prompt = in_line(question, Call { rotation: 4, ..Call::default() });
        assert!(prompt.contains("cliente: payment_issues, shipping_info"), "{prompt}");
        assert!(prompt.contains("order_tracking o return_refund?"), "{prompt}");
    }

    #[test]
    fn labels_are_read_with_and_without_underscores() {
        let question = Question::choice("x", LABELS, "account_access");
        for text in ["account_access", "Account access.", "**account_access**", "Categoria: account_access"] {
            assert!(read::label(text, &question).right, "{text}");
        }
        for text in ["account_management", "account", "access", "", "account_access o order_tracking"] {
            assert!(!read::label(text, &question).right, "{text}");
        }
    }

    #[test]
    fn rules_answer_what_they_say() {
        let ask = |text: &str| Question::choice(text, LABELS, "product_info");
        assert_eq!(keywords(&ask("Uno sconto sull'ordine?")), "promotions_discounts");
        assert_eq!(keywords(&ask("Annullate l'ordine")), "order_cancellation");
        assert_eq!(keywords(&ask("Dov'è il pacco?")), "order_tracking");
        assert_eq!(keywords(&ask("A che ora aprite?")), "general_inquiry");
    }
}
