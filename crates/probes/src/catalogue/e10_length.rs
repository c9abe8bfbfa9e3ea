//! E10 length map: how long may the input and the output be before a plain task fails?
//!
//! 16 cells: passages of 10, 30, 100 and 300 words (each within a tenth) and answers of about 1, 5, 20 and 60 tokens.
//! 24 questions a cell in `standard`, half of them Italian; the 96 a cell of the `full` profile are not here. The task
//! is always to take something out of the passage unchanged: one word (a fact, or the word after a given one), a
//! quotation of four words, a marked sentence, two to four marked sentences.
//!
//! A passage of 10 words holds no answer of 20 tokens, and one of 30 words none of 60. In these three cells the marked
//! words are asked for as a numbered list, one to a line, which takes four to five tokens a word. To ask for the
//! same copy several times would end in a loop that detector 5 finds, rightly.
//!
//! A reply is right when its first words are the words of the answer; case, punctuation, spaces and line breaks do not
//! count, and what follows is noted as `extra`.

use super::columns::{draw, nth, rows};
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use crate::text::words;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "E10",
    name: "length_map",
    version: 1,
    about: "Up to which length of input and output is something taken out of a text without a change?",
    formats: &[Format {
        variant: FormatVariant::F1,
        mode: Mode::Fg,
        calls: Calls::One,
        ask,
        blank: Blank::None,
        max_tokens: 96,
    }],
    questions,
    training,
    generator: "passages",
    seed: SEED,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "first_sentence", answer: first_sentence }],
};

const SEED: u64 = 10;
/// Words of a passage: the number a cell is named after, the least and the most.
const INPUTS: [(usize, usize, usize); 4] = [(10, 9, 11), (30, 27, 33), (100, 90, 110), (300, 270, 330)];
/// About so many tokens is the answer of a cell.
const OUTPUTS: [usize; 4] = [1, 5, 20, 60];
const LANGS: [&str; 2] = ["en", "it"];
/// Questions of a cell in one language.
const OF_A_LANG: usize = 12;
/// Words of a marked sentence, of marked sentences, and of the marked words of a short and a long list.
const SENTENCE: (usize, usize) = (12, 16);
const SENTENCES: (usize, usize) = (36, 44);
const LIST: usize = 5;
const LONG_LIST: (usize, usize) = (12, 14);
/// How often a draw that does not fit is made again.
const TRIES: usize = 2_000;
/// Letters of an answer of one word, at most, and of the word before it, at least.
const SHORT_WORD: usize = 6;
const CONTENT_WORD: usize = 4;

const ENGLISH: &str = include_str!("e10_length/sentences_en.txt");
const ITALIAN: &str = include_str!("e10_length/sentences_it.txt");
const TRAINING_ENGLISH: &str = include_str!("e10_length/training_en.txt");
const TRAINING_ITALIAN: &str = include_str!("e10_length/training_it.txt");
const FACTS: &str = include_str!("e10_length/facts.txt");
const QUOTES: &str = include_str!("e10_length/quotes.txt");

fn ask(question: &Question, _: Call) -> Ask {
    let (form, detail, text) = (question.part("form"), question.part("detail"), question.text.as_str());
    let task = if question.lang == "it" {
        match form {
            "fact" => format!("{detail} Rispondi con una sola parola presa dal testo."),
            "after" => format!("Quale parola viene subito dopo la parola \"{detail}\" nel testo? Scrivi solo quella."),
            "quote" => "Copia dal testo le parole tra virgolette e nient'altro.".to_string(),
            "copy" => "Copia parola per parola la parte del testo tra [[ e ]] e nient'altro.".to_string(),
            _ => "Scrivi le parole tra [[ e ]] come elenco numerato, una parola per riga, e nient'altro. \
                  La prima riga comincia con 1."
                .to_string(),
        }
    } else {
        match form {
            "fact" => format!("{detail} Answer with one word from the text."),
            "after" => format!("Which word comes right after the word \"{detail}\" in the text? Write only that word."),
            "quote" => "Copy the words in quotation marks from the text and nothing else.".to_string(),
            "copy" => "Copy the part of the text between [[ and ]] word for word and nothing else.".to_string(),
            _ => "Write the words between [[ and ]] as a numbered list, one word to a line, and nothing else. \
                  The first line begins with 1."
                .to_string(),
        }
    };
    let name = if question.lang == "it" { "Testo" } else { "Text" };
    Ask::open(format!("{task}\n\n{name}: {text}"))
}

/// A sentence drawn from a frame: its text, the alternatives taken, the place of its frame in the list.
#[derive(Clone, Debug, Default)]
struct Drawn {
    text: String,
    taken: Vec<String>,
    frame: usize,
}

impl Drawn {
    fn len(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// Takes one alternative of each brace of a frame.
fn expand(frame: &str, at: usize, seeded: &mut Seeded) -> Drawn {
    let mut drawn = Drawn { frame: at, ..Drawn::default() };
    for (i, piece) in frame.split('{').enumerate() {
        let rest = match piece.split_once('}').filter(|_| i > 0) {
            Some((alternatives, rest)) => {
                let taken = draw(seeded, &alternatives.split('|').collect::<Vec<_>>());
                drawn.text.push_str(taken);
                drawn.taken.push(taken.to_string());
                rest
            }
            None => piece,
        };
        drawn.text.push_str(rest);
    }
    drawn
}

/// What one split and language draws from.
struct Source {
    lang: &'static str,
    sentences: Vec<&'static str>,
    /// Sentence, question, the brace that is the answer.
    facts: Vec<[&'static str; 3]>,
    quotes: Vec<&'static str>,
}

impl Source {
    fn new(split: &str, lang: &'static str) -> Self {
        let sentences = match (split.is_empty(), lang) {
            (true, "it") => ITALIAN,
            (true, _) => ENGLISH,
            (false, "it") => TRAINING_ITALIAN,
            (false, _) => TRAINING_ENGLISH,
        };
        let of = format!("{split} {lang}").trim().to_string();
        // Alternatives stand between bars too: only the first bar of these rows is a border, and the last two.
        let own = |list: &'static str| -> Vec<&'static str> {
            rows(list).filter_map(|row| row.split_once(" | ").filter(|(name, _)| *name == of).map(|(_, r)| r)).collect()
        };
        let facts = own(FACTS).into_iter().map(|row| {
            let mut parts = row.split(" | ");
            [(); 3].map(|()| parts.next().unwrap_or_default())
        });
        Self { lang, sentences: rows(sentences).collect(), facts: facts.collect(), quotes: own(QUOTES) }
    }

    /// A sentence of a length.
    fn sentence(&self, (least, most): (usize, usize), seeded: &mut Seeded) -> Drawn {
        for _ in 0..TRIES {
            let at = seeded.below(self.sentences.len() as u64) as usize;
            let drawn = expand(nth(&self.sentences, at), at, seeded);
            if (least..=most).contains(&drawn.len()) {
                return drawn;
            }
        }
        Drawn::default()
    }

    /// Sentences of which `core` are the middle, together of a length: none of another's frame.
    fn around(&self, core: Vec<Drawn>, (least, most): (usize, usize), seeded: &mut Seeded) -> (Vec<Drawn>, usize) {
        let frames: BTreeSet<usize> = core.iter().map(|d| d.frame).collect();
        for _ in 0..TRIES {
            let mut order: Vec<usize> = (0..self.sentences.len()).filter(|at| !frames.contains(at)).collect();
            seeded.shuffle(&mut order);
            let mut total: usize = core.iter().map(Drawn::len).sum();
            let mut others = Vec::new();
            for at in order {
                if total >= least {
                    break;
                }
                let drawn = expand(nth(&self.sentences, at), at, seeded);
                if total + drawn.len() <= most {
                    total += drawn.len();
                    others.push(drawn);
                }
            }
            if (least..=most).contains(&total) {
                let before = seeded.below(others.len() as u64 + 1) as usize;
                let rest = others.split_off(before);
                others.extend(core);
                others.extend(rest);
                return (others, before);
            }
        }
        (core, 0)
    }

    /// One question of a cell, the `i`-th of its language.
    fn question(&self, input: (usize, usize, usize), output: usize, i: usize, seeded: &mut Seeded) -> Question {
        let (named, least, most) = input;
        let size = (least, most);
        // The lists of facts and quotations have frames of their own: numbers beyond those of the sentences.
        let beyond = self.sentences.len();
        let made = match (named, output) {
            (_, 1) if i.is_multiple_of(2) => {
                let at = i / 2 % self.facts.len().max(1);
                let [sentence, asked, answer] = nth(&self.facts, at);
                let drawn = expand(sentence, beyond + at, seeded);
                let taken = |n: usize| drawn.taken.get(n).cloned().unwrap_or_default();
                let gold = taken(answer.parse::<usize>().unwrap_or(1) - 1);
                Made { form: "fact", detail: asked.replace("$1", &taken(0)), gold, mark: Mark::None, core: vec![drawn] }
            }
            (_, 1) => return self.after(size, seeded, &cell(named, output)),
            (_, 5) => {
                let at = i % self.quotes.len().max(1);
                let drawn = expand(nth(&self.quotes, at), beyond + self.facts.len() + at, seeded);
                let gold = drawn.text.split('"').nth(1).unwrap_or_default().to_string();
                Made { form: "quote", detail: String::new(), gold, mark: Mark::None, core: vec![drawn] }
            }
            (10, 20) => self.list(size, Some(LIST), seeded),
            (10, _) => self.list(size, None, seeded),
            (30, 60) => self.list(LONG_LIST, None, seeded),
            (_, 20) => copied(vec![self.sentence(SENTENCE, seeded)]),
            _ => {
                let mut core = vec![self.sentence(SENTENCE, seeded)];
                core = self.around(core, SENTENCES, seeded).0;
                copied(core)
            }
        };
        let Made { form, detail, gold, mark, core } = made;
        let count = core.len();
        let cluster = core.iter().map(|d| d.text.as_str()).collect::<Vec<_>>().join(" ");
        let frame = core.first().map_or(0, |d| d.frame);
        let (sentences, before) = self.around(core, size, seeded);
        let texts: Vec<String> = sentences
            .iter()
            .enumerate()
            .map(|(at, drawn)| match &mark {
                Mark::Whole => {
                    let open = if at == before { "[[" } else { "" };
                    let close = if at + 1 == before + count { "]]" } else { "" };
                    format!("{open}{}{close}", drawn.text)
                }
                Mark::Words(from, to) if at == before => marked(&drawn.text, *from, *to),
                _ => drawn.text.clone(),
            })
            .collect();
        self.finish(&texts.join(" "), form, &detail, &gold, &cluster, frame).kind(&cell(named, output))
    }

    /// The word that follows another, which stands in the passage once.
    fn after(&self, size: (usize, usize), seeded: &mut Seeded, kind: &str) -> Question {
        for _ in 0..TRIES {
            let (sentences, _) = self.around(Vec::new(), size, seeded);
            let all: Vec<String> = sentences.iter().flat_map(|d| words(&d.text)).collect();
            let chosen = draw(seeded, &(0..sentences.len()).collect::<Vec<_>>());
            let Some(drawn) = sentences.get(chosen) else { continue };
            let pieces: Vec<&str> = drawn.text.split_whitespace().collect();
            let at = seeded.below(pieces.len() as u64) as usize;
            let (Some(word), Some(next)) = (pieces.get(at), pieces.get(at + 1)) else { continue };
            let bare = next.trim_end_matches(|c: char| !c.is_alphanumeric());
            let plain = |w: &str| w.chars().all(char::is_alphabetic);
            let once = all.iter().filter(|w| **w == word.to_lowercase()).count() == 1;
            let sizes = word.chars().count() >= CONTENT_WORD && (2..=SHORT_WORD).contains(&bare.chars().count());
            if once && plain(word) && plain(bare) && sizes {
                let texts: Vec<&str> = sentences.iter().map(|d| d.text.as_str()).collect();
                return self.finish(&texts.join(" "), "after", word, bare, &drawn.text, drawn.frame).kind(kind);
            }
        }
        Question::default()
    }

    /// A sentence whose words, all or some in a row, are asked for as a list.
    fn list(&self, size: (usize, usize), some: Option<usize>, seeded: &mut Seeded) -> Made {
        for _ in 0..TRIES {
            let drawn = self.sentence(size, seeded);
            let pieces: Vec<&str> = drawn.text.split_whitespace().collect();
            let count = some.unwrap_or(pieces.len());
            let from = seeded.below((pieces.len() + 1).saturating_sub(count) as u64) as usize;
            let part: Vec<String> = pieces.iter().skip(from).take(count).map(|p| words(p).join(" ")).collect();
            // A piece with an apostrophe would be two words.
            if part.iter().any(|word| word.is_empty() || word.contains(' ')) {
                continue;
            }
            let bare = |piece: &&str| piece.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
            let listed = pieces.iter().skip(from).take(count).map(bare);
            let lines: Vec<String> = (1..).zip(listed).map(|(n, word)| format!("{n}. {word}")).collect();
            let mark = Mark::Words(from, from + count);
            return Made { form: "list", detail: String::new(), gold: lines.join("\n"), mark, core: vec![drawn] };
        }
        copied(Vec::new())
    }

    fn finish(&self, text: &str, form: &str, detail: &str, gold: &str, cluster: &str, frame: usize) -> Question {
        let question = Question::open(text, &[gold])
            .lang(self.lang)
            .cluster(cluster)
            .template(&format!("{}/{form}/{frame}", self.lang))
            .field("form", form);
        if detail.is_empty() { question } else { question.field("detail", detail) }
    }
}

/// What of the core is marked.
#[derive(Clone, Debug)]
enum Mark {
    None,
    Whole,
    /// Words of its one sentence, from the first place up to the second.
    Words(usize, usize),
}

/// The sentences that hold the answer, before a passage is put around them.
struct Made {
    form: &'static str,
    detail: String,
    gold: String,
    mark: Mark,
    core: Vec<Drawn>,
}

fn copied(core: Vec<Drawn>) -> Made {
    let gold = core.iter().map(|d| d.text.as_str()).collect::<Vec<_>>().join(" ");
    Made { form: "copy", detail: String::new(), gold, mark: Mark::Whole, core }
}

/// A sentence with the words of a range in double brackets, the full stop outside.
fn marked(text: &str, from: usize, to: usize) -> String {
    let pieces = text.split_whitespace().enumerate().map(|(at, piece)| {
        let open = if at == from { "[[" } else { "" };
        if at + 1 == to {
            let bare = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            format!("{open}{bare}]]{}", piece.strip_prefix(bare).unwrap_or_default())
        } else {
            format!("{open}{piece}")
        }
    });
    pieces.collect::<Vec<_>>().join(" ")
}

fn cell(input: usize, output: usize) -> String {
    format!("in{input}_out{output}")
}

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let sources = LANGS.map(|lang| Source::new("", lang));
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for input in INPUTS {
        for output in OUTPUTS {
            for source in &sources {
                for i in 0..OF_A_LANG {
                    let mut question = source.question(input, output, i, &mut seeded);
                    for _ in 0..TRIES {
                        // In the shortest passages a draw may come twice.
                        if !seen.contains(&question.cluster) {
                            break;
                        }
                        question = source.question(input, output, i, &mut seeded);
                    }
                    seen.insert(question.cluster.clone());
                    all.push(question);
                }
            }
        }
    }
    all
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let sources = LANGS.map(|lang| Source::new("training", lang));
    (0..n)
        .filter_map(|i| {
            let (input, output) = (draw(&mut seeded, &INPUTS), draw(&mut seeded, &OUTPUTS));
            let question = sources.get(i % 2)?.question(input, output, seeded.below(60) as usize, &mut seeded);
            let template = format!("training/{}", question.template);
            Some(question.template(&template))
        })
        .collect()
}

fn read(text: &str, question: &Question) -> Reading {
    let (gold, written) = (words(&first_gold(question)), words(text));
    let same = gold.iter().zip(&written).take_while(|(a, b)| a == b).count();
    let right = !gold.is_empty() && same == gold.len();
    let facets = vec![("first_word", same > 0), ("first_half", same >= gold.len().div_ceil(2)), ("complete", right)];
    let mut breaks = Vec::new();
    if written.is_empty() {
        breaks.push("unparsable");
    } else if right && written.len() > gold.len() {
        breaks.push("extra");
    }
    let answer = (!written.is_empty()).then(|| format!("{same} of {} words", gold.len()));
    Reading { answer, right, facets, breaks, ..Reading::default() }
}

/// The first sentence of the passage.
fn first_sentence(question: &Question) -> String {
    let text = question.text.replace("[[", "").replace("]]", "");
    text.split_once(". ").map_or(text.clone(), |(first, _)| first.to_string())
}

#[cfg(test)]
mod tests;
