//! A09 tone: the tone of one sentence. Eight of each. Neutral sentences state facts, two of them with a word
//! that sounds good or bad; some positive and negative ones hold no word of praise or blame.

use super::lists::{holds, or_list};
use super::{Features, Mode, Probe, Question, Rule, labelled, shown};
use crate::item::FormatVariant;
use crate::row::Call;

pub(super) const PROBE: Probe = Probe {
    id: "A09",
    name: "tone",
    version: 1,
    about: "Is the tone of a sentence positive, negative or neutral?",
    mode: Mode::Lpx,
    format: FormatVariant::F2,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Words,
    rule: Rule { name: "lexicon", answer: lexicon },
};

const LABELS: &[&str] = &["positive", "negative", "neutral"];

fn prompt(question: &Question, call: Call) -> String {
    let options = or_list(&shown(&question.options, call));
    format!("What is the tone of this text: {options}?\nText: {}\nAnswer with one word.", question.text)
}

fn questions() -> Vec<Question> {
    labelled(
        LABELS,
        &[
            (
                "positive",
                "opinion",
                &[
                    "The staff went out of their way to make us feel welcome.",
                    "I could not stop smiling all the way home.",
                    "What a delicious meal, we will certainly be back!",
                    "There is nothing I would change about this little hotel.",
                    "Our daughter loved every minute of the show.",
                    "The new chair is so comfortable that I bought a second one.",
                    "Best concert I have been to in years.",
                    "They fixed my bike in an hour and would not even take a tip.",
                ],
            ),
            (
                "negative",
                "opinion",
                &[
                    "The soup was cold and the waiter was rude.",
                    "I want my money back.",
                    "Two weeks of waiting, and the parcel arrived broken.",
                    "This is not at all what we were promised.",
                    "The room smelled of smoke and the sheets were dirty.",
                    "I regret ever signing that contract.",
                    "Nobody answered the phone, and nobody called us back.",
                    "The worst haircut I have ever had.",
                ],
            ),
            (
                "neutral",
                "fact",
                &[
                    "The train leaves from platform four at noon.",
                    "The museum is closed on Mondays.",
                    "The Happy Valley office opens at nine.",
                    "The form asks for a name and an address.",
                    "The box contains twelve pencils.",
                    "The river is about ninety kilometres long.",
                    "The meeting was moved from Tuesday to Thursday.",
                    "The bad-weather timetable applies from November to March.",
                ],
            ),
        ],
    )
}

fn training() -> Vec<Question> {
    labelled(
        LABELS,
        &[
            (
                "positive",
                "training",
                &[
                    "I love this wonderful little shop.",
                    "The view from our balcony was amazing.",
                    "Thank you for a perfect evening!",
                    "The guide was friendly and very helpful.",
                    "I am so happy with my new phone.",
                    "The best coffee in town.",
                    "We had a great time at the lake.",
                    "My son laughed from start to finish.",
                    "Everything was clean, quick and easy.",
                    "A beautiful book that I will read again.",
                    "The children enjoyed the park enormously.",
                    "I would recommend this place to everyone.",
                ],
            ),
            (
                "negative",
                "training",
                &[
                    "I hate this noisy machine.",
                    "The service was slow and the food was awful.",
                    "What a terrible waste of time.",
                    "The guide was late and unfriendly.",
                    "I am very disappointed with my new phone.",
                    "My bag was lost and no one helped.",
                    "The film was boring from start to finish.",
                    "It broke after one day.",
                    "We will never come here again.",
                    "The bed was hard and the shower did not work.",
                    "The children cried because the ride was horrible.",
                    "An ugly, expensive and useless gift.",
                ],
            ),
            (
                "neutral",
                "training",
                &[
                    "The shop is next to the post office.",
                    "The film starts at eight.",
                    "The table is made of wood.",
                    "The bus stops here every ten minutes.",
                    "The guide speaks Spanish and French.",
                    "The report has forty pages.",
                    "The phone weighs two hundred grams.",
                    "The library moved to a new building in May.",
                    "The lake is south of the town.",
                    "The door is on the left.",
                    "The course lasts three days.",
                    "Water boils at one hundred degrees.",
                ],
            ),
        ],
    )
}

/// More good words than bad ones, more bad than good, or neither.
fn lexicon(question: &Question) -> String {
    const GOOD: &[&str] = &[
        "amazing",
        "beautiful",
        "best",
        "comfortable",
        "delicious",
        "enjoyed",
        "excellent",
        "fantastic",
        "friendly",
        "good",
        "great",
        "happy",
        "helpful",
        "love",
        "loved",
        "nice",
        "perfect",
        "pleasant",
        "wonderful",
    ];
    const BAD: &[&str] = &[
        "angry",
        "awful",
        "bad",
        "boring",
        "broken",
        "cold",
        "dirty",
        "disappointed",
        "hate",
        "horrible",
        "poor",
        "regret",
        "rude",
        "sad",
        "slow",
        "terrible",
        "ugly",
        "useless",
        "worst",
    ];
    match holds(&question.text, GOOD).cmp(&holds(&question.text, BAD)) {
        std::cmp::Ordering::Greater => "positive",
        std::cmp::Ordering::Less => "negative",
        std::cmp::Ordering::Equal => "neutral",
    }
    .to_string()
}
