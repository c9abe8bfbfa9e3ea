//! A05 plural: the number of a noun. Twelve of each; singulars in -s, irregular and Latin or Greek plurals keep
//! the -s rule honest. Nouns with one form for both numbers are left out of this set.

use super::lists::{or_list, words};
use super::{Features, Mode, Probe, Question, Rule, shown};
use crate::item::FormatVariant;
use crate::row::Call;

pub(super) const PROBE: Probe = Probe {
    id: "A05",
    name: "plural",
    version: 1,
    about: "Is a noun singular or plural?",
    mode: Mode::Lpx,
    format: FormatVariant::F2,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Letters,
    rule: Rule { name: "final_s", answer: final_s },
};

const LABELS: &[&str] = &["singular", "plural"];

fn prompt(question: &Question, call: Call) -> String {
    let options = or_list(&shown(&question.options, call));
    format!("Is this noun {options}?\nNoun: {}\nAnswer with one word.", question.text)
}

fn questions() -> Vec<Question> {
    words(
        LABELS,
        &[
            (
                "singular",
                "regular",
                1,
                &[
                    ("bottle", "bottle"),
                    ("farmer", "farmer"),
                    ("kitchen", "kitchen"),
                    ("ticket", "ticket"),
                    ("river", "river"),
                ],
            ),
            (
                "singular",
                "ends_in_s",
                2,
                &[("lens", "lens"), ("walrus", "walrus"), ("compass", "compass"), ("mattress", "mattress")],
            ),
            (
                "singular",
                "classical",
                2,
                &[("criterion", "criterion"), ("phenomenon", "phenomenon"), ("stratum", "stratum")],
            ),
            (
                "plural",
                "regular",
                1,
                &[
                    ("candles", "candle"),
                    ("villages", "village"),
                    ("hammers", "hammer"),
                    ("pillows", "pillow"),
                    ("branches", "branch"),
                ],
            ),
            ("plural", "irregular", 2, &[("geese", "goose"), ("oxen", "ox"), ("teeth", "tooth")]),
            (
                "plural",
                "classical",
                2,
                &[("alumni", "alumnus"), ("nuclei", "nucleus"), ("vertebrae", "vertebra"), ("fungi", "fungus")],
            ),
        ],
    )
}

fn training() -> Vec<Question> {
    words(
        LABELS,
        &[
            (
                "singular",
                "training",
                1,
                &[
                    ("cat", "cat"),
                    ("house", "house"),
                    ("flower", "flower"),
                    ("teacher", "teacher"),
                    ("story", "story"),
                    ("shirt", "shirt"),
                    ("child", "child"),
                    ("man", "man"),
                    ("knife", "knife"),
                    ("glass", "glass"),
                    ("bus", "bus"),
                    ("analysis", "analysis"),
                ],
            ),
            (
                "plural",
                "training",
                1,
                &[
                    ("dogs", "dog"),
                    ("trees", "tree"),
                    ("letters", "letter"),
                    ("berries", "berry"),
                    ("boxes", "box"),
                    ("plates", "plate"),
                    ("mothers", "mother"),
                    ("songs", "song"),
                    ("wolves", "wolf"),
                    ("feet", "foot"),
                    ("cacti", "cactus"),
                    ("radii", "radius"),
                ],
            ),
        ],
    )
}

/// A final s is a plural.
fn final_s(question: &Question) -> String {
    if question.text.ends_with('s') { "plural" } else { "singular" }.to_string()
}
