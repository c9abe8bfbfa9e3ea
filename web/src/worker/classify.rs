//! Labels of a text as it is typed, and of a file of texts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::rc::Rc;

use classifier::Head;
use probes::plan::{CONTENT_FREE, ORDER_SEED};
use probes::profiles::headlines;
use probes::{CATALOGUE, Features, LabelAnswer, LabelQuery, Message, PlannedProbe};
use serde_json::{Map, Value, json};
use web_time::Instant;
use weights::Source;

use super::begun::{Begun, By, Known};
use super::session::{self, Computes, Loaded};
use super::{control, head, post};
use crate::corpus::Texts;
use crate::message::{
    Calibration, Classified, ClassifyRequest, CorpusProgress, CorpusRequest, Detail, LabelScore, ModelSource,
    ProbeTemplate, Reply, RunEvent, Stage, StageOf, Word,
};
use crate::source::BrowserFile;

/// Texts of a file that share their passes; a report follows each group.
const GROUP: usize = 16;
/// Words that are left out one by one, at most.
const MOST_WORDS: usize = 48;
/// Prior scores that are kept; each is a few numbers.
const MOST_PRIORS: usize = 64;

/// A model that stays loaded between questions.
struct Held {
    key: String,
    computes: Computes,
    loaded: Loaded,
    /// SHA-256 of its weights, once a head asked for it.
    weights_sha256: Option<String>,
    /// What labels score without content, by what was asked.
    priors: BTreeMap<String, Vec<f64>>,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// A request that can be asked.
struct Ask {
    request: ClassifyRequest,
    /// Where it is a head that labels.
    head: Option<Rc<Head>>,
}

impl Ask {
    /// Checks what can be checked without the model.
    fn new(request: ClassifyRequest) -> Result<Self, String> {
        if let Some(file) = &request.head {
            let head = head::read(file)?;
            return Ok(Self { request, head: Some(head) });
        }
        if request.labels.len() < 2 {
            return Err("give at least two labels, separated by commas".to_owned());
        }
        if !request.template.contains("{text}") {
            return Err("the template has no {text}: write it where the text belongs".to_owned());
        }
        Ok(Self { request, head: None })
    }

    fn labels(&self) -> &[String] {
        self.head.as_ref().map_or(&self.request.labels, |head| head.labels())
    }
}

/// Labels of one text.
pub async fn classify(request: ClassifyRequest) -> Result<(), String> {
    let ask = Ask::new(request)?;
    let mut held = held(&ask).await?;
    let answered = one(&mut held, &ask).await;
    if answered.is_ok() {
        HELD.set(Some(held));
    }
    post(&Reply::Classified(Box::new(answered?)));
    Ok(())
}

/// The model of a request, loaded once, and held against the head where there is one.
async fn held(ask: &Ask) -> Result<Held, String> {
    let mut held = loaded(&ask.request).await?;
    if let Some(head) = &ask.head {
        if held.weights_sha256.is_none() {
            let told = |stage, done, total| {
                post(&Reply::Run(Box::new(RunEvent::Stage(StageOf { stage, done, total }))));
            };
            let opened = session::open_hashed(ask.request.model.clone(), &told).await?;
            held.weights_sha256 = Some(opened.hashes.weights_sha256);
        }
        let checked = head.check_model(held.weights_sha256.as_deref().unwrap_or_default());
        if let Err(why) = checked {
            // The model is sound: it stays for the next question.
            HELD.set(Some(held));
            return Err(why.to_string());
        }
    }
    Ok(held)
}

/// The model of a request, loaded once.
async fn loaded(request: &ClassifyRequest) -> Result<Held, String> {
    let key = format!("{:?} {}", request.computer, key_of(&request.model));
    if let Some(held) = HELD.take()
        && held.key == key
        && held.computes.alive()
    {
        return Ok(held);
    }
    let stage = |stage, done, total| {
        post(&Reply::Run(Box::new(RunEvent::Stage(StageOf { stage, done, total }))));
    };
    let note = |text| post(&Reply::Run(Box::new(RunEvent::Note(text))));
    stage(Stage::Read, 0, 0);
    let weights = session::open(request.model.clone()).await?;
    stage(Stage::SelfTest, 0, 0);
    let (computes, tested) = session::choose(request.computer, &note).await?;
    if let Some(failure) = tested.first_failure() {
        return Err(format!("this device fails its self-test at {}: its labels cannot be trusted", failure.what));
    }
    stage(Stage::Load, 0, 0);
    control::turn().await;
    let loaded = computes.load(&weights).map_err(|e| e.to_string())?;
    Ok(Held { key, computes, loaded, weights_sha256: None, priors: BTreeMap::new() })
}

fn key_of(model: &ModelSource) -> String {
    match model {
        ModelSource::Here(name) => format!("here {name}"),
        ModelSource::Stored(name) => format!("stored {name}"),
        ModelSource::Pulled(what) => format!("pulled {what}"),
        ModelSource::Chosen(files) => {
            let of = |f: &crate::message::ChosenFile| {
                format!("{} {} {}", f.file.name(), f.file.size(), f.file.last_modified())
            };
            files.iter().map(of).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The order in which the labels are listed in the prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Given,
    Reversed,
}

/// The labels first: a text that holds `{labels}` stays as it is.
fn query(request: &ClassifyRequest, order: Order, text: &str) -> LabelQuery {
    let listed = match order {
        Order::Given => request.labels.join(", "),
        Order::Reversed => request.labels.iter().rev().cloned().collect::<Vec<_>>().join(", "),
    };
    let (before, after) = request.template.split_once("{text}").unwrap_or((&request.template, ""));
    let prompt = [&before.replace("{labels}", &listed), text, &after.replace("{labels}", &listed)].concat();
    LabelQuery { messages: vec![Message::user(prompt)], labels: request.labels.clone() }
}

/// The scores of each text's labels, or why that text has none.
async fn answers(held: &mut Held, ask: &Ask, order: Order, texts: &[&str]) -> Result<Vec<LabelAnswer>, String> {
    if let Some(head) = &ask.head {
        return head::answers(&mut held.loaded, head, texts).await;
    }
    let queries: Vec<LabelQuery> = texts.iter().map(|text| query(&ask.request, order, text)).collect();
    session::score(&mut held.loaded, &queries).await.map_err(|e| e.to_string())
}

/// The same where each text must have them.
async fn scores(held: &mut Held, ask: &Ask, order: Order, texts: &[&str]) -> Result<Vec<LabelAnswer>, String> {
    let answers = answers(held, ask, order, texts).await?;
    for answer in &answers {
        if let Some(why) = answer.refused.as_ref().or(answer.numeric_fault.as_ref()) {
            return Err(why.clone());
        }
    }
    Ok(answers)
}

/// What the labels score without content, nats: the mean over the content-free inputs; zeros without calibration, and for a
/// head, whose bias is fitted.
async fn priors(held: &mut Held, ask: &Ask, order: Order) -> Result<Vec<f64>, String> {
    let request = &ask.request;
    if request.calibration == Calibration::None || ask.head.is_some() {
        return Ok(vec![0.0; ask.labels().len()]);
    }
    let turned = if order == Order::Given { "" } else { "reversed\n" };
    let key = format!("{turned}{}\n{}", request.labels.join("\n"), request.template);
    if let Some(known) = held.priors.get(&key) {
        return Ok(known.clone());
    }
    let answers = scores(held, ask, order, &CONTENT_FREE).await?;
    let n = answers.len().max(1) as f64;
    let mut mean = vec![0.0; request.labels.len()];
    for answer in &answers {
        mean.iter_mut().zip(&answer.logp).for_each(|(m, s)| *m += s / n);
    }
    if held.priors.len() >= MOST_PRIORS {
        held.priors.clear();
    }
    held.priors.insert(key, mean.clone());
    Ok(mean)
}

async fn one(held: &mut Held, ask: &Ask) -> Result<Classified, String> {
    let request = &ask.request;
    let prior = priors(held, ask, Order::Given).await?;
    let started = Instant::now();
    let mut answers = scores(held, ask, Order::Given, &[&request.text]).await?;
    let ms = started.elapsed().as_secs_f64() * 1e3;
    let Some(answer) = answers.pop() else { return Err("the engine gave no answer, a defect of ours".to_owned()) };
    let calibrated = less(&answer.logp, &prior);
    let (p, p_raw) = (softmax(&calibrated), softmax(&answer.logp));
    let labels = ask.labels().iter().zip(&answer.logp).zip(p.iter().zip(&p_raw));
    let labels: Vec<LabelScore> = labels
        .map(|((label, logp), (p, p_raw))| LabelScore { label: label.clone(), p: *p, p_raw: *p_raw, logp: *logp })
        .collect();
    let mut classified = Classified {
        number: request.number,
        labels,
        words: vec![],
        words_left_out: 0,
        swapped: None,
        ms,
        computes: held.computes.words(),
    };
    if request.detail == Detail::Words {
        (classified.words, classified.words_left_out) = words(held, ask, &calibrated, &prior).await?;
        classified.swapped = swapped(held, ask).await?;
    }
    Ok(classified)
}

/// What each word contributed to the best label: the text is asked again without it.
async fn words(held: &mut Held, ask: &Ask, whole: &[f64], prior: &[f64]) -> Result<(Vec<Word>, u64), String> {
    let text = &ask.request.text;
    let places = word_places(text);
    if places.len() < 2 {
        return Ok((vec![], 0));
    }
    let best = largest(whole);
    let tried = places.get(..MOST_WORDS).unwrap_or(&places);
    let without = |range: &std::ops::Range<usize>| {
        let (before, after) = (&text[..range.start], &text[range.end..]);
        [before, after.strip_prefix(' ').unwrap_or(after)].concat()
    };
    let texts: Vec<String> = tried.iter().map(without).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let answers = scores(held, ask, Order::Given, &texts).await?;
    let all = log_odds(whole, best);
    let words = tried.iter().zip(&answers).map(|(range, answer)| Word {
        word: text[range.clone()].to_owned(),
        nats: all - log_odds(&less(&answer.logp, prior), best),
    });
    Ok((words.collect(), (places.len() - tried.len()) as u64))
}

/// The answer with the list of labels in the other order.
async fn swapped(held: &mut Held, ask: &Ask) -> Result<Option<(String, f64)>, String> {
    let request = &ask.request;
    // A head was fitted under one order.
    if ask.head.is_some() || !request.template.contains("{labels}") {
        return Ok(None);
    }
    let prior = priors(held, ask, Order::Reversed).await?;
    let answers = scores(held, ask, Order::Reversed, &[&request.text]).await?;
    let p = answers.first().map(|a| softmax(&less(&a.logp, &prior))).unwrap_or_default();
    let best = largest(&p);
    Ok(request.labels.get(best).zip(p.get(best)).map(|(label, p)| (label.clone(), *p)))
}

/// Where the words of a text lie, in bytes.
fn word_places(text: &str) -> Vec<std::ops::Range<usize>> {
    text.split_whitespace()
        .map(|word| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            start..start + word.len()
        })
        .collect()
}

fn less(scores: &[f64], prior: &[f64]) -> Vec<f64> {
    scores.iter().zip(prior).map(|(s, p)| s - p).collect()
}

fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, value) in values.iter().enumerate() {
        if values.get(best).is_some_and(|b| value > b) {
            best = i;
        }
    }
    best
}

fn softmax(values: &[f64]) -> Vec<f64> {
    let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let all: Vec<f64> = values.iter().map(|v| (v - top).exp()).collect();
    let sum: f64 = all.iter().sum();
    all.into_iter().map(|v| v / sum).collect()
}

/// ln of a label's probability over that of all others together, nats.
fn log_odds(scores: &[f64], label: usize) -> f64 {
    let others = scores.iter().enumerate().filter(|(i, _)| *i != label).map(|(_, s)| *s);
    let others: Vec<f64> = others.collect();
    let top = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = others.iter().map(|s| (s - top).exp()).sum();
    scores.get(label).copied().unwrap_or(f64::NEG_INFINITY) - (top + sum.ln())
}

/// Labels of a file's texts. It can be stopped between groups; a row that cannot be read ends it, and what was done is there.
pub async fn corpus(request: CorpusRequest) -> Result<(), String> {
    control::begin();
    let ask = Ask::new(request.ask.clone())?;
    let file = BrowserFile::new(request.file.file.clone());
    let (name, total_bytes) = (file.name().to_owned(), file.len_bytes());
    let at = Rc::new(std::cell::Cell::new(0));
    let read = || {
        at.set(0);
        let file = BrowserFile::new(request.file.file.clone());
        Texts::new(&name, FileReader { file, at: at.clone() })
    };
    let mut texts = read()?;
    let model = key_of(&request.ask.model);
    let head = ask.head.as_ref().map(|head| head.file().id.as_str());
    let mut begun = Begun::open(&request, &By { model: &model, labels: ask.labels(), head }).await;
    let known = begun.known(&mut texts, ask.labels())?;
    if known.is_none() {
        texts = read()?;
    }
    let mut held = held(&ask).await?;
    let prior = priors(&mut held, &ask, Order::Given).await?;
    let started = Instant::now();
    let nothing = || Known { done: 0, counts: vec![0; ask.labels().len()] };
    let Known { mut done, mut counts } = known.unwrap_or_else(nothing);
    let before = if done == 0 { (0, 0) } else { (done, at.get()) };
    let mut first = begun.take_rows();
    loop {
        let (group, ended) = group(&mut texts);
        let given: Vec<&str> = group.iter().map(|t| t.text.as_str()).collect();
        let answers = answers(&mut held, &ask, Order::Given, &given).await?;
        let mut rows = String::new();
        for (text, answer) in group.iter().zip(&answers) {
            let calibrated = less(&answer.logp, &prior);
            if answer.refused.is_none()
                && answer.numeric_fault.is_none()
                && let Some(count) = counts.get_mut(largest(&calibrated))
            {
                *count += 1;
            }
            rows += &row(&ask, text, answer, &calibrated).to_string();
            rows.push('\n');
        }
        done += group.len() as u64;
        if let Err(why) = begun.keep(&rows) {
            post(&Reply::Run(Box::new(RunEvent::Note(format!("These labels are not kept for a reload: {why}.")))));
        }
        let rows = std::mem::take(&mut first) + &rows;
        let last = ended.is_some() || control::state() == control::State::Stopped;
        let seconds = started.elapsed().as_secs_f64();
        let counts = counts.clone();
        if ended.is_some() {
            // Before the last report: the page lists then what is not done.
            std::mem::take(&mut begun).forget().await;
        }
        let bytes = at.get();
        post(&Reply::Corpus(CorpusProgress { done, bytes, total_bytes, seconds, before, rows, counts, last }));
        if last {
            HELD.set(Some(held));
            return match ended {
                Some(Err(why)) => Err(why),
                _ if done == 0 => Err("the file holds no text".to_owned()),
                _ => Ok(()),
            };
        }
        control::turn().await;
    }
}

/// The next texts, and why there are no more.
fn group<R: Read>(texts: &mut Texts<R>) -> (Vec<crate::corpus::Text>, Option<Result<(), String>>) {
    let mut group = Vec::with_capacity(GROUP);
    while group.len() < GROUP {
        match texts.next_text() {
            Ok(Some(text)) => group.push(text),
            Ok(None) => return (group, Some(Ok(()))),
            Err(why) => return (group, Some(Err(why))),
        }
    }
    (group, None)
}

/// A result as `sweetspot classify --json` writes it, with the calibrated probabilities.
fn row(ask: &Ask, text: &crate::corpus::Text, answer: &LabelAnswer, calibrated: &[f64]) -> Value {
    let labels = ask.labels();
    if let Some(why) = answer.refused.as_ref().or(answer.numeric_fault.as_ref()) {
        return json!({ "id": text.id, "text": text.text, "label": Value::Null, "error": why });
    }
    let by_label = |values: &[f64]| -> Map<String, Value> {
        labels.iter().cloned().zip(values.iter().map(|v| json!(v))).collect()
    };
    let probs = softmax(calibrated);
    let best = largest(calibrated);
    let mut sorted = probs.clone();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let margin = sorted.first().copied().unwrap_or(0.0) - sorted.get(1).copied().unwrap_or(0.0);
    json!({
        "id": text.id, "text": text.text, "label": labels.get(best), "scores": by_label(&answer.logp),
        "probs": by_label(&probs), "margin": margin, "mode": if ask.head.is_some() { "head" } else { "exact" },
    })
}

/// A chosen file, read from its beginning.
struct FileReader {
    file: BrowserFile,
    at: Rc<std::cell::Cell<u64>>,
}

impl Read for FileReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.file.len_bytes().saturating_sub(self.at.get());
        let n = left.min(buf.len() as u64) as usize;
        if let Some(part) = buf.get_mut(..n).filter(|part| !part.is_empty()) {
            self.file.read_at(self.at.get(), part)?;
        }
        self.at.set(self.at.get() + n as u64);
        Ok(n)
    }
}

/// Labels and templates of the probes whose options are the same for all texts.
pub fn templates() -> Vec<ProbeTemplate> {
    let ids: Vec<&str> = CATALOGUE.iter().map(|e| e.id).collect();
    let planned = |(mut source, most): (probes::Source, Option<usize>)| {
        // What answers without a model learns from these, for seconds; nobody asks it here.
        source.training.clear();
        source.features = Features::None;
        source.plan("templates", most, ORDER_SEED)
    };
    let plan: Vec<PlannedProbe> = headlines(&ids, Some(1)).into_iter().map(planned).collect();
    let of = |p: &PlannedProbe| {
        let labels = p.spec.labels.clone();
        let item = p.items.first()?;
        let one_turn = item.asks.first().is_some_and(|a| a.messages.len() == 1 && a.labels == labels);
        let template = p.spec.template.replace(&labels.join(", "), "{labels}");
        let fits = labels.len() >= 2 && one_turn && template.matches("{text}").count() == 1;
        // A template with further parts needs more than a text.
        let plain = template.replace("{text}", "").replace("{labels}", "");
        (fits && !plain.contains('{')).then(|| ProbeTemplate {
            id: p.spec.id.clone(),
            name: p.spec.name.clone(),
            labels,
            template,
            example: item.question.text.clone(),
        })
    };
    plan.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_give_templates_with_a_place_for_the_text() {
        let all = templates();
        assert!(all.iter().any(|t| t.id == "A01" && t.labels.len() == 4), "{all:?}");
        for t in &all {
            assert!(t.template.contains("{text}") && t.labels.len() >= 2 && !t.example.is_empty(), "{t:?}");
        }
    }

    #[test]
    fn words_are_found_where_they_lie() {
        let text = "a  bé\nc";
        let found: Vec<&str> = word_places(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["a", "bé", "c"]);
    }

    #[test]
    fn log_odds_are_those_of_the_probabilities() {
        let scores = [-1.0, -2.0, -4.0];
        let p = softmax(&scores);
        // The same expression in another order: a relative 1e-12 covers the rounding.
        assert!((log_odds(&scores, 0) - (p[0] / (1.0 - p[0])).ln()).abs() < 1e-12);
        assert_eq!(largest(&scores), 0);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
