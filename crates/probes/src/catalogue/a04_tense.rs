//! A04 tense: which form a verb is in. The bare form is all that is asked about, every lemma once. Left out are forms
//! that are two things: pasts that look like their base (set), pasts that are the base of another verb (saw,
//! found, lay). A base that ends like another form (bring, need) and the irregular pasts keep the suffix rule honest.
//!
//! Formats: options in a line, bare question, lettered options. No true/false format: its two answers cannot stand
//! for three labels.

use super::lexicon::irregular::{self, Irregular};
use super::lexicon::verbs::{self, Regular, Spelling};
use super::{
    Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold, in_a_line, lettered,
};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;

pub(super) const ENTRY: Entry = Entry {
    id: "A04",
    name: "tense",
    version: 2,
    about: "Is a verb form past, gerund or base?",
    formats: &[
        Format {
            variant: FormatVariant::F2,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 3, step: 1 },
            ask: in_line,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F1,
            mode: Mode::Lp,
            calls: Calls::One,
            ask: bare,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F3,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 3, step: 1 },
            ask: letters,
            blank: Blank::Text,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Letters,
    rules: &[Rule { name: "suffix", answer: suffix }],
};

const PAST: &str = "past";
const GERUND: &str = "gerund";
const BASE: &str = "base";
const LABELS: [&str; 3] = [PAST, GERUND, BASE];

fn in_line(question: &Question, call: Call) -> Ask {
    let options = in_a_line(question, call);
    Ask::options(
        question,
        format!("Which form of the verb is this: {options}?\nVerb: {}\nAnswer with one word.", question.text),
    )
}

fn bare(question: &Question, _: Call) -> Ask {
    Ask::options(
        question,
        format!("Verb: {}\nWhich grammatical form of the verb is this? Answer with one word.", question.text),
    )
}

fn letters(question: &Question, call: Call) -> Ask {
    let options = lettered(question, call);
    Ask::letters(
        question,
        call,
        format!("Which form of the verb is \"{}\"?\n{options}\nAnswer with one letter.", question.text),
    )
}

/// Irregular verbs asked for in the past: no such past is the base of another verb.
const IRREGULAR_PASTS: &str = "write grow drive teach forget go take know throw fly blow draw eat catch buy fight seek \
     sleep creep weep deal mean sell say hear stand understand begin drink swim shake mistake choose swear tear arise \
     forbid withdraw overthrow undergo ride slide do";

/// Irregular verbs asked for in the -ing form.
const IRREGULAR_GERUNDS: &str = "break speak steal spend flee get have fall hide lead lay lose light lie sink shine \
     shut spit split stick strive sew show swell stride slay put cut hit set read let hurt undo override withstand \
     undertake unwind learn dream leap spell";

/// Irregular verbs asked for in the base form; the first fifteen end like another form.
const IRREGULAR_BASES: &str = "bring sing sting swing fling cling wring sling spring string ring feed bleed breed speed \
     see find leave feel think bind bite bend hang shoot send rise strike wake weave tread overhear foresee oversee \
     outgrow rewrite misunderstand overtake partake forsake kneel mislead stink";

/// Verbs of each class and label: past, gerund, base.
const PLAIN: [usize; 3] = [43, 43, 42];
const CHANGED: [usize; 3] = [42, 43, 43];

fn questions() -> Vec<Question> {
    let (plain, changed): (Vec<Regular>, Vec<Regular>) =
        verbs::evaluation().into_iter().partition(|v| v.spelling == Spelling::Plain);
    // The rarer changes first: the verbs that lose an e outnumber all others.
    let (drop_e, rarer): (Vec<Regular>, Vec<Regular>) =
        changed.into_iter().partition(|v| v.spelling == Spelling::DropE);
    let changed: Vec<Regular> = rarer.into_iter().chain(drop_e).collect();
    let irregular = [(PAST, IRREGULAR_PASTS), (GERUND, IRREGULAR_GERUNDS), (BASE, IRREGULAR_BASES)];
    let irregular = irregular.into_iter().flat_map(|(label, words)| {
        let verbs = words.split_whitespace().filter_map(|w| irregular::evaluation().find(|v| v.base == w));
        verbs.map(move |v| of_irregular(v, label))
    });
    shared_out(&plain, PLAIN).chain(shared_out(&changed, CHANGED)).chain(irregular).collect()
}

/// Gives each verb one label. Verbs whose base ends like another form are asked for in the base, the others in turn.
fn shared_out(verbs: &[Regular], counts: [usize; 3]) -> impl Iterator<Item = Question> {
    let (lookalikes, others): (Vec<Regular>, Vec<Regular>) = verbs.iter().partition(|v| ends_like_a_form(v.base));
    let [past, gerund, base] = counts;
    let mut left = [past, gerund, base.saturating_sub(lookalikes.len())];
    let mut turns = (0..LABELS.len()).cycle();
    let mut next_label = move || {
        for turn in turns.by_ref().take(LABELS.len()) {
            if let Some((n, label)) = left.get_mut(turn).zip(LABELS.get(turn))
                && *n > 0
            {
                *n -= 1;
                return Some(*label);
            }
        }
        None
    };
    let others: Vec<Question> = others.into_iter().map_while(|v| Some(of_regular(v, next_label()?))).collect();
    lookalikes.into_iter().map(|v| of_regular(v, BASE)).chain(others)
}

fn ends_like_a_form(base: &str) -> bool {
    base.ends_with("ed") || base.ends_with("ing")
}

fn of_regular(verb: Regular, label: &str) -> Question {
    let form = match label {
        PAST => verb.past(),
        GERUND => verb.gerund(),
        _ => verb.base.to_string(),
    };
    question(&form, verb.base, label).kind(if verb.spelling == Spelling::Plain { "regular" } else { "spelling_change" })
}

fn of_irregular(verb: Irregular, label: &str) -> Question {
    let form = match label {
        PAST => verb.past().to_string(),
        GERUND => verb.gerund(),
        _ => verb.base.to_string(),
    };
    question(&form, verb.base, label).kind("irregular")
}

fn question(form: &str, base: &str, label: &str) -> Question {
    let question = Question::choice(form, &LABELS, label).cluster(base).lemma(base);
    // An irregular past, or a base that ends like another form.
    if suffix(&question) == label { question } else { question.hard() }
}

/// All training verbs in all three forms, in an order of the seed's, past, gerund and base in turn; from the start
/// again when all were used. "Ground" is left out, for to ground is a verb.
fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let decks: Vec<Vec<Question>> = LABELS
        .iter()
        .map(|label| {
            let regular = verbs::training().into_iter().map(|v| of_regular(v, label));
            let irregular = irregular::training().map(|v| of_irregular(v, label));
            let mut deck: Vec<Question> = regular.chain(irregular).filter(|q| q.text != "ground").collect();
            seeded.shuffle(&mut deck);
            deck
        })
        .collect();
    let mut decks: Vec<_> = decks.iter().map(|deck| deck.iter().cycle()).collect();
    let turns = (0..decks.len()).cycle().take(n);
    turns.filter_map(|turn| decks.get_mut(turn)?.next().cloned()).collect()
}

/// -ing is a gerund, -ed a past, anything else a base.
fn suffix(question: &Question) -> String {
    if question.text.ends_with("ing") {
        GERUND.to_string()
    } else if question.text.ends_with("ed") {
        PAST.to_string()
    } else {
        BASE.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;
    use std::collections::{BTreeMap, BTreeSet};

    /// The irregular pasts, written out.
    const PASTS: &str = "wrote grew drove taught forgot went took knew threw flew blew drew ate caught bought fought \
         sought slept crept wept dealt meant sold said heard stood understood began drank swam shook mistook chose swore \
         tore arose forbade withdrew overthrew underwent rode slid did";

    /// The label, read from form and lemma: nothing added is a base; the lemma's first letter and -ing or a longer form
    /// in -ed are the others; irregular pasts are listed.
    fn second_way(question: &Question) -> &'static str {
        let (form, lemma) = (question.text.as_str(), question.lemmas[0].as_str());
        let longer = form.len() > lemma.len();
        if form == lemma {
            BASE
        } else if longer && form.ends_with("ing") && form.starts_with(&lemma[..1]) {
            GERUND
        } else if PASTS.split_whitespace().any(|p| p == form) || (longer && form.ends_with("ed")) {
            PAST
        } else {
            panic!("{form} of {lemma}")
        }
    }

    #[test]
    fn every_gold_is_confirmed() {
        for question in questions() {
            assert_eq!(question.gold, [second_way(&question)], "{}", question.text);
        }
    }

    #[test]
    fn cells_are_balanced_and_lemmas_asked_once() {
        let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut lemmas = BTreeSet::new();
        for question in questions() {
            *cells.entry((question.gold[0].clone(), question.kind.clone())).or_default() += 1;
            assert!(lemmas.insert(question.cluster.clone()), "{}", question.cluster);
        }
        assert_eq!(cells.len(), 9);
        assert!(cells.values().all(|n| [42, 43].contains(n)), "{cells:?}");
    }

    #[test]
    fn no_form_is_a_form_of_two_labels() {
        // All forms of all verbs: what is asked as one thing is nowhere another.
        let mut labels: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut put = |form: String, label| {
            labels.entry(form).or_default().insert(label);
        };
        for verb in verbs::evaluation().into_iter().chain(verbs::training()) {
            put(verb.base.to_string(), BASE);
            put(verb.past(), PAST);
            put(verb.gerund(), GERUND);
        }
        for verb in irregular::evaluation().chain(irregular::training()) {
            put(verb.base.to_string(), BASE);
            verb.pasts().chain(verb.participles()).for_each(|p| put(p.to_string(), PAST));
            put(verb.gerund(), GERUND);
        }
        for question in questions() {
            assert_eq!(labels[&question.text].len(), 1, "{}", question.text);
        }
        // Participles that look like their base (come, run) are no pasts.
        for question in training(3, 900) {
            let only = labels[&question.text].len() == 1 || ["come", "run"].contains(&question.text.as_str());
            assert!(only, "{}", question.text);
        }
    }

    #[test]
    fn prompts_state_the_form_of_the_answer() {
        let question = &questions()[0];
        for format in ENTRY.formats {
            let ask = (format.ask)(question, Call { rotation: 1, ..Call::default() });
            let prompt = words(&ask.messages[0].content);
            assert!(prompt.ends_with(&["word".to_string()]) || prompt.ends_with(&["letter".to_string()]));
        }
        let ask = in_line(question, Call { rotation: 1, ..Call::default() });
        assert!(ask.messages[0].content.contains("gerund, base or past"));
    }
}
