//! How right a head is, beside the model's own label scores and a naive Bayes of words, on the same texts.

use std::time::Instant;

use anyhow::bail;
use classifier::Head;
use classifier::calibration::{fit_temperature, reliability, softmax};
use classifier::folds::folds;
use classifier::logistic::{Set, fit};
use engine::{Engine, Ops};
use probes::baseline::NaiveBayes;
use probes::stats::{
    ECE_BINS, ITEMS_FOR_ECE, Paired, Rate, Stated, brier_of_labels, expected_calibration_error, mcnemar, newcombe,
};
use probes::{Features, Labeller, Question};
use trial::{Classifier, Text, Way};

use super::data::Labelled;
use super::report::{Calibration, Comparison, Curve, Named, Report};
use super::{BATCH, pairs};
use crate::args_classify::FitArgs;
use crate::extra_sources;
use crate::interrupt::Interrupt;
use crate::output;

/// Bins of the calibration curve.
const BINS: usize = 10;

/// Shares of the training texts that the learning curve shows, as powers of a half.
const HALVINGS: u32 = 5;

/// Logits of texts with their golds.
#[derive(Clone)]
pub struct Scored {
    /// `[n, n_labels]`.
    pub logits: Vec<Vec<f64>>,
    /// `[n]`.
    pub golds: Vec<usize>,
}

impl Scored {
    /// By text, is the best label the gold one?
    pub fn right(&self) -> Vec<bool> {
        self.logits.iter().zip(&self.golds).map(|(logits, gold)| best(logits) == Some(*gold)).collect()
    }
}

fn best(scores: &[f64]) -> Option<usize> {
    probes::Labelled::of_scores(scores.to_vec()).label
}

/// The model's own label scores of a text.
pub struct OwnScores {
    /// Which text.
    pub row: usize,
    /// Nats by label, calibrated; none where the text does not fit the context.
    pub scores: Vec<f64>,
    /// The best label.
    pub label: Option<usize>,
    /// SHA-256 of its prompts, one for each order of the labels, with a line feed behind each.
    pub prompt_sha256: String,
    /// Tokens of its prompts, all calls.
    pub n_tokens: u32,
    /// Its share of the batch's time, nanoseconds.
    pub ns: u64,
}

/// What is measured.
pub struct Measured<'a> {
    pub args: &'a FitArgs,
    pub labels: &'a [String],
    pub train: &'a Labelled,
    pub test: Option<&'a Labelled>,
    pub set: &'a Set,
    pub test_set: Option<&'a Set>,
    pub parts: &'a [usize],
    pub penalty: f64,
    pub temperature: f64,
    pub out_of_fold: &'a Scored,
    pub tested: Option<&'a Scored>,
}

impl Measured<'_> {
    /// What is counted, and on which texts: the test texts where there are some, out of fold otherwise.
    pub fn scored(&self) -> (&Scored, &Labelled) {
        match (self.tested, self.test) {
            (Some(tested), Some(test)) => (tested, test),
            _ => (self.out_of_fold, self.train),
        }
    }

    /// Measures, and gives the model's own label scores of those texts for which they were computed.
    pub fn report<O: Ops>(
        &self,
        engine: &mut Engine<O>,
        head: &Head,
        losses: &[(f64, f64)],
        interrupt: &Interrupt,
    ) -> anyhow::Result<(Report, Vec<OwnScores>)> {
        let (scored, data) = self.scored();
        let right = scored.right();
        let bayes = self.bayes();
        let own = self.label_scores(engine, data, interrupt)?;
        let label_scores: Vec<bool> =
            own.iter().map(|own| own.label.is_some() && own.label.as_ref() == scored.golds.get(own.row)).collect();
        let pick = |all: &[bool]| own.iter().filter_map(|own| all.get(own.row)).copied().collect::<Vec<bool>>();
        let file = head.file();
        let majority = self.majority(scored);
        let report = Report {
            head: file.id.clone(),
            model: file.model.id.clone(),
            model_weights_sha256: file.model.weights_sha256.clone(),
            labels: self.labels.to_vec(),
            template: file.template.clone(),
            pooling: file.pooling,
            n_features: file.pooling.features(file.model.hidden),
            trained_on: self.train.name.clone(),
            n_trained: self.train.texts.len() as u64,
            left_out: self.train.left_out,
            measured_on: data.name.clone(),
            held_out: self.tested.is_some(),
            folds: self.args.folds,
            penalty: self.penalty,
            penalties: losses.to_vec(),
            out_of_fold: Named::of("head, out of fold", rate(&self.out_of_fold.right())),
            rates: vec![
                Named::of("head", rate(&right)),
                Named::of("naive Bayes of words", rate(&bayes)),
                Named::of("majority label", rate(&majority)),
            ],
            compared: vec![
                compare("head", &right, "naive Bayes of words", &bayes),
                compare("head", &pick(&right), "label scores", &label_scores),
                compare("naive Bayes of words", &pick(&bayes), "label scores", &label_scores),
            ],
            label_scores: Named::of("label scores (calibrated, orders averaged)", rate(&label_scores)),
            calibration: self.calibration(scored),
            learning: self.learning(interrupt)?,
        };
        Ok((report, own))
    }

    /// Naive Bayes on the same parts: taught all training texts for the test, and all but its part for each text
    /// otherwise.
    fn bayes(&self) -> Vec<bool> {
        let options: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        let question = |data: &Labelled, i: usize| {
            let text = data.texts.get(i).map_or("", String::as_str);
            Question::choice(text, &options, data.golds.get(i).map_or("", String::as_str))
        };
        let teach = |rows: &mut dyn Iterator<Item = usize>| {
            let questions: Vec<Question> = rows.map(|i| question(self.train, i)).collect();
            NaiveBayes::learn(Features::Words, &questions)
        };
        let right = |bayes: &NaiveBayes, question: &Question| question.gold.contains(&bayes.answer(question));
        let n = self.train.texts.len();
        if let Some(test) = self.test {
            let bayes = teach(&mut (0..n));
            return (0..test.texts.len()).map(|i| right(&bayes, &question(test, i))).collect();
        }
        let mut all = vec![false; n];
        for part in 0..self.args.folds as usize {
            let bayes = teach(&mut (0..n).filter(|i| self.parts.get(*i) != Some(&part)));
            for i in (0..n).filter(|i| self.parts.get(*i) == Some(&part)) {
                if let Some(place) = all.get_mut(i) {
                    *place = right(&bayes, &question(self.train, i));
                }
            }
        }
        all
    }

    /// Always the most frequent label of the training texts.
    fn majority(&self, scored: &Scored) -> Vec<bool> {
        let count = |label: usize| self.set.y.iter().filter(|y| **y == label).count();
        let most = (0..self.labels.len()).rev().max_by_key(|label| count(*label));
        scored.golds.iter().map(|gold| Some(*gold) == most).collect()
    }

    /// The model's own label scores on a share of the texts, taken evenly.
    fn label_scores<O: Ops>(
        &self,
        engine: &mut Engine<O>,
        data: &Labelled,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Vec<OwnScores>> {
        let n = data.texts.len();
        let most = if self.args.compare == 0 { n } else { n.min(self.args.compare as usize) };
        // Evenly over the labels, in the order of the texts' hashes: files are often sorted by label.
        let rows: Vec<(&str, usize)> = data.texts.iter().map(String::as_str).zip(0..n).map(|(t, _)| (t, 0)).collect();
        let parts = folds(&rows, n.div_ceil(most.max(1)));
        let chosen: Vec<usize> = (0..n).filter(|i| parts.get(*i) == Some(&0)).take(most).collect();
        let first = (data.texts.first().map_or("", String::as_str), self.labels.first().map_or("", String::as_str));
        let source = extra_sources::of_labels(self.labels, &[first]);
        let labeller = Labeller::of(&source)?;
        let way = Way::Probe(Box::new(labeller.clone()));
        let prompts = |row: usize| {
            let queries = labeller.queries(data.texts.get(row).map_or("", String::as_str), &[]);
            let messages = queries.iter().flat_map(|q| &q.messages).flat_map(|m| [m.content.as_str(), "\n"]);
            cards::sha256_hex(messages.collect::<String>().as_bytes())
        };
        let mut classifier = pollster::block_on(Classifier::new(engine, way))?;
        let bar = output::count_bar(chosen.len() as u64, "label scores");
        let mut own = Vec::with_capacity(chosen.len());
        for batch in chosen.chunks(BATCH / 4) {
            let texts: Vec<Text<'_>> =
                batch.iter().filter_map(|i| data.texts.get(*i)).map(|text| Text { text, options: &[] }).collect();
            let started = Instant::now();
            let found = pollster::block_on(classifier.classify(&texts))?;
            let ns = started.elapsed().as_nanos() as u64 / batch.len().max(1) as u64;
            for (row, found) in batch.iter().zip(found) {
                if let Some(fault) = found.labelled.numeric_fault {
                    bail!("{fault}: a numeric fault, no result can be trusted");
                }
                let (labelled, n_tokens) = (found.labelled, found.n_tokens);
                own.push(OwnScores {
                    row: *row,
                    scores: labelled.scores,
                    label: labelled.label,
                    prompt_sha256: prompts(*row),
                    n_tokens,
                    ns,
                });
            }
            bar.inc(batch.len() as u64);
            if interrupt.raised() {
                bar.finish_and_clear();
                bail!("interrupted: nothing was written");
            }
        }
        bar.finish_and_clear();
        Ok(own)
    }

    /// The temperature of each text. Out of fold it is fitted on the other parts.
    pub fn temperatures(&self) -> Vec<f64> {
        if let Some(tested) = self.tested {
            return vec![self.temperature; tested.golds.len()];
        }
        let all = pairs(&self.out_of_fold.logits, &self.out_of_fold.golds);
        let of_part: Vec<f64> = (0..self.args.folds as usize)
            .map(|part| {
                let others: Vec<(Vec<f64>, usize)> =
                    all.iter().zip(self.parts).filter(|(_, p)| **p != part).map(|(pair, _)| pair.clone()).collect();
                fit_temperature(&others)
            })
            .collect();
        self.parts.iter().map(|part| of_part.get(*part).copied().unwrap_or(1.0)).collect()
    }

    /// Before and after the temperature.
    fn calibration(&self, scored: &Scored) -> Calibration {
        let temperatures = self.temperatures();
        let at = |temperatures: &dyn Fn(usize) -> f64| {
            let items: Vec<(Vec<f64>, usize)> = scored
                .logits
                .iter()
                .zip(&scored.golds)
                .enumerate()
                .map(|(i, (logits, gold))| (softmax(logits, temperatures(i)), *gold))
                .collect();
            let stated: Vec<Stated> = items
                .iter()
                .filter_map(|(p, gold)| {
                    let label = best(p)?;
                    Some(Stated { p: *p.get(label)?, so: label == *gold })
                })
                .collect();
            let ece = (stated.len() >= ITEMS_FOR_ECE).then(|| expected_calibration_error(&stated, ECE_BINS)).flatten();
            Curve { brier: brier_of_labels(&items).unwrap_or(0.0), ece, bins: reliability(&stated, BINS) }
        };
        Calibration {
            temperature: self.temperature,
            before: at(&|_| 1.0),
            after: at(&|i| temperatures.get(i).copied().unwrap_or(1.0)),
        }
    }

    /// Right labels by the number of texts that the head learnt from: on the test texts, or on the first part.
    fn learning(&self, interrupt: &Interrupt) -> anyhow::Result<Vec<Named>> {
        let all: Vec<usize> = (0..self.set.y.len()).collect();
        let (rows, held): (Vec<usize>, Set) = if let Some(test) = self.test_set {
            (all, test.pick(&(0..test.y.len()).collect::<Vec<_>>()))
        } else {
            let (held, rest): (Vec<usize>, Vec<usize>) = all.into_iter().partition(|i| self.parts.get(*i) == Some(&0));
            (rest, self.set.pick(&held))
        };
        // Nested samples that hold every label evenly: rows of a label, in their order, at even distances.
        let texts: Vec<(&str, usize)> =
            rows.iter().filter_map(|i| Some((self.train.texts.get(*i)?.as_str(), *self.set.y.get(*i)?))).collect();
        let parts = folds(&texts, 1 << (HALVINGS - 1));
        let mut curve = Vec::new();
        for halving in (0..HALVINGS).rev() {
            let most = 1_usize << (HALVINGS - 1 - halving);
            let taught: Vec<usize> =
                rows.iter().zip(&parts).filter(|(_, part)| **part < most).map(|(row, _)| *row).collect();
            let set = self.set.pick(&taught);
            let every = (0..self.labels.len()).all(|label| set.y.contains(&label));
            if !every {
                continue;
            }
            // The penalty is chosen for all texts: for fewer it is lessened in proportion.
            let penalty = self.penalty * taught.len() as f64 / rows.len().max(1) as f64;
            let linear = fit(&set, self.labels.len(), penalty)?;
            let logits = linear.logits(&held);
            let right = Scored { logits, golds: held.y.clone() }.right();
            curve.push(Named::of(&taught.len().to_string(), rate(&right)));
            if interrupt.raised() {
                bail!("interrupted: nothing was written");
            }
        }
        Ok(curve)
    }
}

fn rate(right: &[bool]) -> Rate {
    Rate { k: right.iter().filter(|r| **r).count() as u64, n: right.len() as u64 }
}

/// Two answerers on the same texts.
fn compare(first: &str, a: &[bool], second: &str, b: &[bool]) -> Comparison {
    let mut table = Paired::default();
    for (a, b) in a.iter().zip(b) {
        *match (a, b) {
            (true, true) => &mut table.both,
            (true, false) => &mut table.first_only,
            (false, true) => &mut table.second_only,
            (false, false) => &mut table.neither,
        } += 1;
    }
    Comparison {
        first: first.to_owned(),
        second: second.to_owned(),
        table,
        difference: newcombe(table),
        mcnemar: mcnemar(table.first_only, table.second_only),
    }
}
