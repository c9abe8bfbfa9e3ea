//! A head's own card: what it is right on, item by item, beside what else was counted.

use std::collections::BTreeMap;

use anyhow::Result;
use cards::{
    Baseline, Card, CardDraft, Dataset, Decoding, EMPTY_SHA256, Evaluator, ItemVerdict, Label, Model, Note, OutputType,
    Producer, Profile, Relationship, Repro, ResultDraft, SampleRow, SourceType, Suite, Task, card_page, cut,
    limitation, samples_to_jsonl, sha256_hex,
};
use classifier::calibration::log_softmax;
use probes::DEFAULT_THRESHOLD;
use probes::stats::Rate;
use trial::{DemoModel, Gate, Template};

use super::beside::Beside;
use super::data::Labelled;
use super::measure::{Measured, OwnScores};
use super::report::{Comparison, Report};
use super::{BATCH, Read};
use crate::args_classify::FitArgs;
use crate::commands::bench;
use crate::model::Chosen;
use crate::output::visible;
use crate::{extra_sources, facts};

/// The files of a card, in its folder.
pub const FILES: [&str; 3] = ["card.json", "samples.jsonl", "card.html"];

/// The task of the head.
const HEAD: &str = "head";
/// The task of the model's own label scores.
const OWN: &str = "label_scores";
/// Most labels of a table of confusions.
const MAX_CONFUSION: usize = 50;
/// Seed that stands where nothing is drawn.
const NO_SEED: &str = "0";
/// Below this many items an interval is wide whatever the count.
const FEW: usize = 40;

/// What a card is made of.
pub struct Parts<'a> {
    pub args: &'a FitArgs,
    pub measured: &'a Measured<'a>,
    pub report: &'a Report,
    pub own: &'a [OwnScores],
    /// Of the texts that are counted.
    pub read: &'a Read,
    pub template: &'a Template,
    pub beside: Option<&'a Beside>,
    pub model: Model,
    pub demo: DemoModel,
    pub chosen: &'a Chosen,
    pub gate: &'a Gate,
    pub wall_s: u64,
}

/// A text's answer.
struct Answer {
    task: &'static str,
    row: usize,
    /// Nats by label.
    lls: Vec<f64>,
    label: Option<usize>,
    prompt_sha256: String,
    n_tokens: u32,
    ns: u64,
}

impl Parts<'_> {
    /// Seals the card; gives the contents of [`FILES`].
    pub fn files(&self) -> Result<[String; 3]> {
        let rows = self.rows();
        let card = Card::seal(self.draft(), &rows)?;
        Ok([card.to_canonical_json()?, samples_to_jsonl(&rows)?, card_page(&card, &rows)])
    }

    fn rows(&self) -> Vec<SampleRow> {
        let (scored, data) = self.measured.scored();
        let temperatures = self.measured.temperatures();
        let head = scored.logits.iter().enumerate().map(|(row, logits)| {
            let answer = Answer {
                task: HEAD,
                row,
                lls: log_softmax(logits, temperatures.get(row).copied().unwrap_or(1.0)),
                label: probes::Labelled::of_scores(logits.clone()).label,
                prompt_sha256: sha256_hex(
                    self.template.prompt(data.texts.get(row).map_or("", String::as_str)).as_bytes(),
                ),
                n_tokens: self.read.n_tokens.get(row).copied().unwrap_or(0),
                ns: self.read.ns.get(row).copied().unwrap_or(0),
            };
            self.row(data, answer)
        });
        let own = self.own.iter().map(|own| {
            let answer = Answer {
                task: OWN,
                row: own.row,
                lls: own.scores.clone(),
                label: own.label,
                prompt_sha256: own.prompt_sha256.clone(),
                n_tokens: own.n_tokens,
                ns: own.ns,
            };
            self.row(data, answer)
        });
        head.chain(own).collect()
    }

    fn row(&self, data: &Labelled, answer: Answer) -> SampleRow {
        let Answer { task, row, lls, label, prompt_sha256, n_tokens, ns } = answer;
        let text = data.texts.get(row).map_or("", String::as_str);
        let gold = data.golds.get(row).cloned().unwrap_or_default();
        let pred = label.and_then(|l| self.measured.labels.get(l)).cloned();
        let hash = sha256_hex(text.as_bytes());
        let margin = probes::Labelled::of_scores(lls.clone()).margin;
        SampleRow {
            doc_id: row as u64,
            sample_id: format!("row-{:06}", row + 1),
            task: task.to_owned(),
            template: task.to_owned(),
            mode: mode(task).to_owned(),
            // Equal texts stand together.
            cluster: hash.chars().take(16).collect(),
            kind: gold.clone(),
            doc_hash: hash,
            prompt_hash: prompt_sha256,
            target_hash: sha256_hex(gold.as_bytes()),
            choices: self.measured.labels.to_vec(),
            verdict: match &pred {
                None => ItemVerdict::Error,
                Some(pred) if *pred == gold => ItemVerdict::Correct,
                Some(_) => ItemVerdict::Incorrect,
            },
            target: gold,
            lls: lls.into_iter().map(Some).collect(),
            resps: pred.iter().cloned().collect(),
            pred,
            detectors: Vec::new(),
            counts: None,
            tok_out: Vec::new(),
            top5: Vec::new(),
            margin,
            stop_reason: None,
            n_in: u64::from(n_tokens),
            n_out: 0,
            t_prefill_ns: ns,
            t_decode_ns: 0,
        }
    }

    fn draft(&self) -> CardDraft {
        let (report, program) = (self.report, facts::program());
        let (scored, data) = self.measured.scored();
        let n = scored.golds.len() as u64;
        let suite = format!("head of {}", file_of(&report.measured_on));
        CardDraft {
            title: cut(
                &format!(
                    "Head on {}: {} labels, right on {} of {n}",
                    self.model.id,
                    report.labels.len(),
                    self.head().k
                ),
                120,
            ),
            summary: cut(&self.summary(), 600),
            interpretation: None,
            limitations: self.limitations(n),
            out_of_scope: self.out_of_scope(),
            created: facts::now_utc(),
            producer: Producer { name: program.name.clone(), version: program.version.clone() },
            evaluator: Evaluator {
                source_type: SourceType::EvaluationRun,
                evaluator_relationship: match self.demo {
                    DemoModel::Yes => Relationship::FirstParty,
                    DemoModel::No => Relationship::Other,
                },
                source_organization_name: "not stated".to_owned(),
            },
            stop_reason: "finished".to_owned(),
            suite: Suite {
                name: cut(&suite, 200),
                version: program.version.clone(),
                sha256: hash_of(data),
                profile: Profile::Custom,
                order_seed: NO_SEED.to_owned(),
                license: "not stated".to_owned(),
                cite_as: "not stated".to_owned(),
            },
            datasets: vec![self.dataset(HEAD, data, n), self.dataset(OWN, data, self.own.len() as u64)],
            tasks: vec![self.task(HEAD), self.task(OWN)],
            model: self.model.clone(),
            engine: program.clone(),
            environment: facts::machine(self.chosen),
            decoding: Decoding {
                temperature: 0.0,
                top_k: 0,
                top_p: 1.0,
                max_tokens: 0,
                stop: Vec::new(),
                seed: NO_SEED.to_owned(),
                rng: "none".to_owned(),
                batch: BATCH as u32,
                kv_dtype: bench::kv_dtype(self.chosen).to_owned(),
                act_dtype: self.gate.activations.to_owned(),
                sampler_order: Vec::new(),
            },
            numerics: self.gate.numerics(),
            results: self.results(n),
            bias: Vec::new(),
            speed: None,
            samples_file: "samples.jsonl".to_owned(),
            repro: Repro {
                command: self.command(),
                url: String::new(),
                git: program.git_commit,
                container: None,
                offline_bundle_sha256: None,
                expected_runtime_s: self.wall_s.max(1),
            },
            ext: self.stated(),
        }
    }

    fn rate(&self, name: &str) -> Rate {
        self.report.rates.iter().find(|r| r.name.starts_with(name)).map_or(Rate { k: 0, n: 0 }, |r| r.rate)
    }

    fn head(&self) -> Rate {
        self.rate("head")
    }

    fn summary(&self) -> String {
        let r = self.report;
        format!(
            "A linear head on final hidden states of {}, learnt from {} texts of {}. Right on texts of {}, {}: the head {}; naive Bayes of words {}; the model's own label scores {}.",
            self.model.id,
            r.n_trained,
            file_of(&r.trained_on),
            file_of(&r.measured_on),
            if r.held_out { "on which nothing was chosen" } else { "each by a fit that had not seen its part" },
            self.head(),
            self.rate("naive Bayes"),
            r.label_scores.rate
        )
    }

    fn limitations(&self, n: u64) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |code, text: &str| notes.push(Note { code, text: cut(text, 300) });
        if self.demo == DemoModel::Yes {
            note(
                limitation::DEMO_MODEL,
                "Demo model, not Gemma: a tiny model of our own. What a head finds in it says nothing about any Gemma model.",
            );
        }
        note(limitation::NOT_COMPARED, "The device was not compared with a reference of this model.");
        if let Some(beside) = self.beside {
            note(limitation::OWN_TEXT, &beside.sentence());
        }
        for row in self.report.compared.iter().filter(|row| row.first == HEAD) {
            note(limitation::OWN_TEXT, &against(row));
        }
        if (n as usize).min(self.own.len()) < FEW {
            note(
                limitation::FEW_ITEMS,
                &format!("{n} texts, {} of them for label scores: intervals are wide.", self.own.len()),
            );
        }
        note(
            limitation::ONE_TEMPLATE,
            &format!(
                "One prompt wording. Label scores were computed on {} of {n} texts, taken evenly.",
                self.own.len()
            ),
        );
        if !self.report.held_out {
            note(
                limitation::OWN_TEXT,
                "Cross-validated: the penalty was chosen on one of the parts that are counted, so the rate is slightly too good.",
            );
        }
        notes
    }

    fn out_of_scope(&self) -> Vec<Note> {
        let note = |text: String| Note { code: limitation::OWN_TEXT, text: cut(&text, 300) };
        let mut notes = vec![note(format!(
            "Texts of another kind than those of {}, and labels that it has not learnt.",
            file_of(&self.report.trained_on)
        ))];
        if self.beside.is_none() {
            notes.push(note("Speed: nothing here was timed beside another program (fit --beside).".to_owned()));
        }
        notes
    }

    fn dataset(&self, task: &str, data: &Labelled, used: u64) -> Dataset {
        Dataset {
            name: task.to_owned(),
            url: String::new(),
            license: "not stated".to_owned(),
            version: "not stated".to_owned(),
            sha256: hash_of(data),
            encoding_format: "application/jsonl".to_owned(),
            split: if self.report.held_out { "test" } else { "cross-validation" }.to_owned(),
            n_original: data.texts.len() as u64,
            n_effective: used,
            sample_ids_sha256: EMPTY_SHA256.to_owned(),
            cluster_key: "text".to_owned(),
            contamination: "unknown".to_owned(),
        }
    }

    fn task(&self, task: &str) -> Task {
        let labels = &self.report.labels;
        let metrics = if task == HEAD { self.others().into_iter().map(|(id, _)| id).collect() } else { Vec::new() };
        Task {
            task: task.to_owned(),
            version: 1,
            output_type: OutputType::MultipleChoice,
            doc_to_text: cut(if task == HEAD { &self.report.template } else { extra_sources::LABELS_TEMPLATE }, 2_000),
            doc_to_choice: labels.clone(),
            target_delimiter: String::new(),
            gen_prefix: String::new(),
            num_fewshot: 0,
            fewshot_seed: NO_SEED.to_owned(),
            filter_list: Vec::new(),
            metric_list: std::iter::once("acc".to_owned()).chain(metrics).collect(),
            template_ids: vec![task.to_owned()],
            chance: 1.0 / labels.len().max(1) as f64,
            preregistered: false,
            // A head's labels have no tokens, and label scores here serve the comparison.
            labels: (labels.len() <= MAX_CONFUSION).then(|| {
                let label =
                    |text: &String| Label { text: text.clone(), token_ids: Vec::new(), joint_tokenization: false };
                labels.iter().map(label).collect()
            }),
        }
    }

    /// Counts beside the head's own: naive Bayes, out of fold, and by texts learnt from.
    fn others(&self) -> Vec<(String, Rate)> {
        let mut others = vec![("acc_naive_bayes_of_words".to_owned(), self.rate("naive Bayes"))];
        if self.report.held_out {
            others.push(("acc_out_of_fold".to_owned(), self.report.out_of_fold.rate));
        }
        others.extend(self.report.learning.iter().map(|row| (format!("acc_learnt_from_{}", row.name), row.rate)));
        others
    }

    fn results(&self, n: u64) -> Vec<ResultDraft> {
        let baseline =
            |name: &str, rate: Rate| Baseline { name: name.to_owned(), k: Some(rate.k), n: rate.n, score: 0.0 };
        let mut baselines =
            vec![baseline("majority", self.rate("majority")), baseline("bag_of_words", self.rate("naive Bayes"))];
        if let Some(beside) = self.beside {
            let name = format!("{}, {}", beside.peer_name(), visible(&beside.peer.what));
            baselines.push(baseline(&cut(&name, 200), beside.peer_on_all));
        }
        let row = |task: &str, metric: &str, k, n, baselines: &[Baseline]| ResultDraft {
            task: task.to_owned(),
            mode: mode(task).to_owned(),
            metric_id: metric.to_owned(),
            metric_version: 1,
            k,
            n,
            baselines: baselines.to_vec(),
            threshold: DEFAULT_THRESHOLD,
        };
        let mut rows = vec![row(HEAD, "acc", None, n, &baselines)];
        rows.extend(self.others().iter().map(|(id, rate)| row(HEAD, id, Some(rate.k), rate.n, &baselines)));
        rows.push(row(OWN, "acc", None, self.own.len() as u64, &baselines));
        rows
    }

    /// What has no place of its own on a card.
    fn stated(&self) -> BTreeMap<String, String> {
        let r = self.report;
        let mut stated = BTreeMap::new();
        let (before, after) = (&r.calibration.before, &r.calibration.after);
        let ece = |ece: Option<f64>| ece.map_or_else(|| "not given below 300 texts".to_owned(), |e| format!("{e:.4}"));
        stated.insert("Head".to_owned(), r.head.clone());
        stated.insert(
            "Head, how it was made".to_owned(),
            format!("{}; penalty {} chosen on one of {} parts", r.features(), r.penalty, r.folds),
        );
        stated.insert(
            "Calibration".to_owned(),
            format!(
                "Brier score {:.4} before and {:.4} after a temperature of {:.3}, fitted on other texts; calibration error {} before and {} after",
                before.brier,
                after.brier,
                r.calibration.temperature,
                ece(before.ece),
                ece(after.ece)
            ),
        );
        let curve = |bins: &[classifier::calibration::Bin]| {
            let bins: Vec<String> =
                bins.iter().map(|b| format!("{:.3}: {}/{}", b.stated, b.right.k, b.right.n)).collect();
            cut(&bins.join("; "), 1_000)
        };
        stated.insert("Calibration curve before, stated: right".to_owned(), curve(&before.bins));
        stated.insert("Calibration curve after, stated: right".to_owned(), curve(&after.bins));
        for row in &r.compared {
            stated.insert(format!("Paired: {} and {}", row.first, row.second), row.sentence());
        }
        if let Some(beside) = self.beside {
            stated.extend(beside.facts().into_iter().map(|(name, value)| (cut(&name, 200), cut(&value, 1_000))));
        }
        stated
    }

    /// As somebody else would type it: files by their names.
    fn command(&self) -> String {
        let name =
            |path: &std::path::Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut words = vec![format!("sweetspot fit {} --model {}", name(&self.args.labelled), name(&self.args.model))];
        words.extend(self.args.test.as_deref().map(|test| format!("--test {}", name(test))));
        let pool =
            clap::ValueEnum::to_possible_value(&self.args.pool).map_or_else(String::new, |v| v.get_name().to_owned());
        words.push(format!("--pool {pool} --folds {} --compare {}", self.args.folds, self.args.compare));
        words.push(format!("{} --out {}", bench::device_words(self.chosen), name(&self.args.out)));
        cut(&words.join(" "), 2_000)
    }
}

fn mode(task: &str) -> &'static str {
    if task == HEAD { "head" } else { "LPx" }
}

/// Who is better on the same texts, by the interval.
fn against(row: &Comparison) -> String {
    let d = row.difference;
    let words = if d.lower > 0.0 {
        "the head is better than"
    } else if d.upper < 0.0 {
        "the head is worse than"
    } else {
        "it is not decided between the head and"
    };
    format!("On the same texts {words} {}: {}.", row.second, row.sentence())
}

/// SHA-256 of the texts with their labels.
fn hash_of(data: &Labelled) -> String {
    let rows = data.texts.iter().zip(&data.golds).filter_map(|row| serde_json::to_string(&row).ok());
    sha256_hex(rows.collect::<Vec<_>>().join("\n").as_bytes())
}

/// A file without its folders, which are nobody's business.
fn file_of(name: &str) -> String {
    visible(name.rsplit(['/', '\\']).next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn folders_of_the_maker_stay_off_the_card() {
        for name in ["/some/where/train.jsonl", r"C:\some\train.jsonl", "train.jsonl"] {
            assert_eq!(super::file_of(name), "train.jsonl");
        }
    }
}
