//! Italian words in their sentences, from a treebank.

use super::asks::{SWAP, letters, line};
use crate::error::Error;
use crate::input::{Input, Text};
use crate::{Files, Parsed, Task, pins};
use probes::Call;
use probes::catalogue::read::label;
use probes::catalogue::{Ask, Blank, Calls, Features, Question, Reader, first_gold, lettered};

pub(crate) static UD_ITALIAN: &[Task] = &[
    Task {
        id: "ud-italian-pud-number",
        about: "Is an Italian noun singular or plural in its sentence?",
        maps_to: "A05",
        parse: |files| words(files, "NOUN", &NUMBERS, number),
        formats: &[
            line(SWAP, |q, c| in_line(q, c, "Il sostantivo")),
            letters(SWAP, Blank::Text, |q, c| with_letters(q, c, "Il sostantivo")),
        ],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Letters,
        rules: &[],
    },
    Task {
        id: "ud-italian-pud-tense",
        about: "The tense of an Italian verb of one word in the indicative, in its sentence.",
        maps_to: "A04",
        parse: |files| words(files, "VERB", &TENSES, tense),
        formats: &[
            line(Calls::Rotations { n: 4, step: 1 }, |q, c| in_line(q, c, "Il verbo")),
            letters(Calls::Rotations { n: 4, step: 1 }, Blank::Text, |q, c| with_letters(q, c, "Il verbo")),
        ],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Letters,
        rules: &[],
    },
];

const NUMBERS: [&str; 2] = ["singolare", "plurale"];
const TENSES: [&str; 4] = ["presente", "imperfetto", "passato remoto", "futuro"];

fn in_line(question: &Question, call: Call, what: &str) -> Ask {
    let shown = question.shown(call);
    let options = match shown.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} o {last}", first.join(", ")),
        all => all.concat(),
    };
    let (sentence, word) = (question.part("sentence"), &question.text);
    Ask::options(
        question,
        format!("{sentence}\n\n{what} \"{word}\" \u{e8} {options}? Rispondi con una di queste forme."),
    )
}

fn with_letters(question: &Question, call: Call, what: &str) -> Ask {
    let options = lettered(question, call);
    let (sentence, word) = (question.part("sentence"), &question.text);
    let asked = format!("{what} \"{word}\" \u{e8}:\n{options}");
    Ask::letters(question, call, format!("{sentence}\n\n{asked}\n\nRispondi solo con la lettera."))
}

fn number(features: &str) -> Option<&'static str> {
    let [singular, plural] = NUMBERS;
    [("Number=Sing", singular), ("Number=Plur", plural)].into_iter().find(|(f, _)| has(features, f)).map(|(_, n)| n)
}

fn tense(features: &str) -> Option<&'static str> {
    let [present, imperfect, past, future] = TENSES;
    let all = [("Tense=Pres", present), ("Tense=Imp", imperfect), ("Tense=Past", past), ("Tense=Fut", future)];
    all.into_iter().find(|(f, _)| has(features, "Mood=Ind") && has(features, f)).map(|(_, name)| name)
}

fn has(features: &str, feature: &str) -> bool {
    features.split('|').any(|f| f == feature)
}

/// The first word of a kind in each sentence that stands in it once.
fn words(files: &Files, kind: &str, options: &[&str], read: fn(&str) -> Option<&'static str>) -> Result<Parsed, Error> {
    let input = Input::new("ud-italian-pud", pins::share_alike::UD_ITALIAN_PUD, files)?;
    let file = input.needed("it_pud-ud-test.conllu")?;
    let (mut questions, mut records) = (Vec::new(), 0);
    for block in file.blocks()? {
        let first = block.first().map_or(0, |(number, _)| *number);
        let text = block.iter().find_map(|(_, line)| line.strip_prefix("# text = "));
        let sentence = file.filled(Some(first), "remark \"# text = \"", text.unwrap_or_default())?;
        records += 1;
        if let Some(question) = word(&file, &block, sentence, kind, options, read)? {
            questions.push(question);
        }
    }
    Ok(Parsed { questions: file.some(questions, "sentence with such a word")?, records, ..Parsed::default() })
}

fn word(
    file: &Text,
    block: &[(u64, &str)],
    sentence: &str,
    kind: &str,
    options: &[&str],
    read: fn(&str) -> Option<&'static str>,
) -> Result<Option<Question>, Error> {
    let mut found = None;
    let mut rows = Vec::new();
    for (number, line) in block.iter().filter(|(_, line)| !line.starts_with('#')) {
        let [_, form, lemma, of, _, features, ..] = file.tabs::<10>(*number, line)?;
        rows.push((form, lemma, of, features));
    }
    for (form, lemma, of, features) in &rows {
        let once = rows.iter().filter(|(other, ..)| other == form).count() == 1;
        if let (true, true, Some(gold)) = (*of == kind, once, read(features)) {
            let question = Question::choice(form, options, gold).kind(gold).lang("it").lemma(lemma);
            found = Some(question.field("sentence", sentence).cluster(lemma));
            break;
        }
    }
    Ok(found)
}
