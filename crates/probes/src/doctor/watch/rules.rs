//! What was remembered of a log, as findings.

use super::super::read::Reading;
use super::super::{Diagnosis, Finding, LONGEST_LINE, MOST_ROWS, Severity, Verdict};
use super::{DROP_ROWS, Evals, Losses, Masks, Norms, Place, Rates, SMOOTH, Samples, Tally, Watch};

/// A loss below this may print as 0 because it is small; one that was above it and is 0 at the next row fell too far.
const SMALL_LOSS: f64 = 0.05;
/// Rows without a number in up to this share of a log, with sound ones after them, were passed over by a loss scaler.
const ISOLATED: f64 = 0.05;
/// A label mask above this leaves next to nothing to learn from.
const MASKED: f64 = 0.99;
/// It has risen if it is above its minimum by this share
const RISE: f64 = 0.5;
/// and by so much.
const RISE_BY: f64 = 0.1;
/// A minimum on held-out data is early if so many evaluations come after it
const EVALS_AFTER: u64 = 2;
/// and the last of them is above it by this share.
const EVAL_RISE: f64 = 0.05;
/// Fewer rows than this do not show that a run is sound.
const FEW_ROWS: u64 = 10;
/// A learning rate is called rising from so many rows on.
const RATE_ROWS: u64 = 10;

impl Watch {
    /// What it all amounts to.
    pub(in crate::doctor) fn conclude(self, reading: &Reading) -> Diagnosis {
        let rules = [
            self.zero_loss(),
            self.nonfinite_loss(),
            self.nonfinite_norm(),
            self.sampling_error(),
            self.sudden_drop(),
            self.pad_samples(),
            self.empty_samples(),
            self.label_mask(),
            self.zero_rate(),
            self.rising_rate(),
            self.rising_loss(),
            self.early_eval_minimum(),
            self.no_loss(reading),
            not_read(reading),
        ];
        let mut findings: Vec<Finding> = rules.into_iter().flatten().collect();
        // Stable: within a severity the order above stays.
        findings.sort_by_key(|f| f.severity);
        let (verdict, sentence) = verdict(&findings, reading.rows);
        Diagnosis {
            form: reading.form,
            rows: reading.rows,
            losses: self.loss.n,
            eval_losses: self.eval.n,
            steps: self.steps,
            verdict,
            sentence,
            findings,
        }
    }

    /// Are zeros of the loss a fault? They are, unless they are few among sound rows, or small losses rounded.
    fn zeros_are_a_fault(&self) -> bool {
        let loss = &self.loss;
        let isolated = loss.zero.k as f64 <= ISOLATED * loss.n as f64 && loss.last.is_some_and(|last| last > 0.0);
        let fell = loss.before_zero.is_none_or(|before| before > SMALL_LOSS);
        let no_numbers = loss.nonfinite.k + self.norm.nonfinite.k > 0;
        loss.zero.k > 0 && !isolated && (fell || no_numbers)
    }

    fn zero_loss(&self) -> Option<Finding> {
        let Losses { n, zero, before_zero, .. } = &self.loss;
        let share = format!("The loss is exactly 0.0 in {} of {n} rows, from {} on", zero.k, zero.first());
        let (severity, rest) = if self.zeros_are_a_fault() {
            let before = before_zero.map_or_else(String::new, |b| format!(", after {b}"));
            (
                Severity::Fault,
                format!(
                    "{before}. No model is that right: the numbers overflowed and were filtered out, or no token was \
                     trained on. Train in bfloat16 or float32, count the labels that are not masked, and look at the \
                     gradient norm of the first steps"
                ),
            )
        } else if before_zero.is_none_or(|before| before > SMALL_LOSS) {
            (Severity::Warning, ", and sound elsewhere. Look for batches without a single trained token".to_string())
        } else {
            let rest = ". It fell there by degrees, so that it may be a small number, rounded: the data are learnt by \
                        heart. Compare with the loss on held-out data";
            (Severity::Warning, rest.to_string())
        };
        (zero.k > 0).then(|| finding("zero_loss", severity, zero, *n, format!("{share}{rest}.")))
    }

    fn nonfinite_loss(&self) -> Option<Finding> {
        let (loss, eval) = (&self.loss, &self.eval);
        let (tally, name, n) = if loss.nonfinite.k > 0 {
            (&loss.nonfinite, "loss", loss.n)
        } else {
            (&eval.nonfinite, "eval loss", eval.n)
        };
        let last_is_finite = if loss.nonfinite.k > 0 { loss.last_is_finite } else { eval.last_is_finite };
        let (severity, advice) = if is_isolated(tally, n, last_is_finite) {
            (
                Severity::Warning,
                "Later rows are sound. Look at the batches there: one without a trained token has no mean",
            )
        } else {
            (
                Severity::Fault,
                "What is trained after that is noise. Lower the learning rate, clip gradients, train in bfloat16 or \
                 float32, and start again from the last sound checkpoint",
            )
        };
        let sentence =
            format!("The {name} is NaN or infinite in {} of {n} rows, from {} on. {advice}.", tally.k, tally.first());
        (tally.k > 0).then(|| finding("nonfinite_loss", severity, tally, n, sentence))
    }

    fn nonfinite_norm(&self) -> Option<Finding> {
        let Norms { n, nonfinite, last_is_finite } = &self.norm;
        let (severity, advice) = if is_isolated(nonfinite, *n, *last_is_finite) {
            (
                Severity::Warning,
                "Later rows are sound: a loss scaler for half precision passes over such steps. They trained nothing",
            )
        } else {
            (
                Severity::Fault,
                "Such a gradient destroys every weight it touches. Train in bfloat16 or float32, clip gradients, lower \
                 the learning rate, and check that no batch is without a trained token",
            )
        };
        let (k, first) = (nonfinite.k, nonfinite.first());
        let sentence = format!("The gradient norm is NaN or infinite in {k} of {n} rows, from {first} on. {advice}.");
        (k > 0).then(|| finding("nonfinite_norm", severity, nonfinite, *n, sentence))
    }

    fn sampling_error(&self) -> Option<Finding> {
        let sentence = format!(
            "Sampling failed because probabilities were infinite, NaN or negative, first on line {}. The weights or the \
             activations are no numbers: compute the logits of one prompt in float32 and look for the first layer that \
             overflows.",
            self.messages.evidence.first().map_or(0, |e| e.line)
        );
        (self.messages.k > 0)
            .then(|| finding("sampling_error", Severity::Fault, &self.messages, self.messages.k, sentence))
    }

    fn sudden_drop(&self) -> Option<Finding> {
        let drops = &self.loss.drops;
        let to_zero = drops.evidence.iter().any(|e| e.value.starts_with("0 after"));
        let severity = if to_zero && self.zeros_are_a_fault() { Severity::Fault } else { Severity::Warning };
        let sentence = format!(
            "The loss falls by 90% or more within {DROP_ROWS} logged rows, to {} at {}. Few tasks are learnt that fast: \
             look for the answer within the prompt, for labels that are all the same, for a mask that leaves only easy \
             tokens, and for numbers that broke.",
            drops.evidence.first().map_or("", |e| e.value.as_str()),
            drops.first()
        );
        (drops.k > 0).then(|| finding("sudden_drop", severity, drops, self.loss.n, sentence))
    }

    fn pad_samples(&self) -> Option<Finding> {
        let Samples { n, pads, .. } = &self.samples;
        let (severity, advice) = if 2 * pads.k >= *n {
            (
                Severity::Fault,
                "Logits that are no numbers give the first id of the vocabulary, which is padding. Look at the logits \
                 before the task is judged",
            )
        } else {
            (Severity::Warning, "Look at the logits of those prompts")
        };
        let (k, first) = (pads.k, pads.first());
        let sentence = format!("{k} of {n} sampled outputs are nothing but padding, first at {first}. {advice}.");
        (k > 0).then(|| finding("pad_samples", severity, pads, *n, sentence))
    }

    fn empty_samples(&self) -> Option<Finding> {
        let Samples { n, empty, .. } = &self.samples;
        let (k, first) = (empty.k, empty.first());
        let sentence = format!(
            "{k} of {n} sampled outputs are empty, first at {first}. Padding that is decoded without its control tokens \
             looks the same: look at the ids. Else the end token comes first, and the chat template is to be checked."
        );
        (2 * k >= *n && k > 0).then(|| finding("empty_samples", Severity::Warning, empty, *n, sentence))
    }

    fn label_mask(&self) -> Option<Finding> {
        let Masks { n, tokens, masked, shares, largest, evidence } = &self.mask;
        // A column in percent has values above 1.
        let scale = if *largest > 1.0 { 100.0 } else { 1.0 };
        let share = if *tokens > 0.0 { masked / tokens } else { shares / (*n).max(1) as f64 / scale };
        let percent = (share * 10_000.0).round() / 100.0;
        let (severity, sentence) = if share >= 1.0 {
            let sentence = "Every token is masked from the loss: nothing is trained, and the loss is 0 or no number. \
                            Check where the answer begins in the template that the mask looks for.";
            (Severity::Fault, sentence.to_string())
        } else if share > MASKED {
            let sentence = format!(
                "{percent}% of the tokens are masked from the loss. Next to nothing is trained: check for answers that \
                 were cut at the maximal length, and where the mask believes that they begin."
            );
            (Severity::Warning, sentence)
        } else if share <= 0.0 {
            let sentence = "No token is masked from the loss: the prompts are trained on as well as the answers, and \
                            the loss is mostly that of the prompts. Mask them unless that is meant.";
            (Severity::Note, sentence.to_string())
        } else {
            return None;
        };
        let tally = Tally { k: *n, evidence: evidence.clone() };
        (*n > 0).then(|| finding("label_mask", severity, &tally, *n, sentence))
    }

    fn zero_rate(&self) -> Option<Finding> {
        let Rates { n, zero, .. } = &self.rate;
        let sentence = format!(
            "The learning rate is 0 in {} of {n} rows, from {} on. Nothing is learnt there: check the schedule and its \
             number of steps, and whether a loss scaler passes over every step.",
            zero.k,
            zero.first()
        );
        // A schedule may begin or end with 0.
        (2 * zero.k > *n).then(|| finding("zero_learning_rate", Severity::Warning, zero, *n, sentence))
    }

    fn rising_rate(&self) -> Option<Finding> {
        let Rates { n, first: Some(first), last: Some(last), falls, .. } = &self.rate else { return None };
        let sentence = format!(
            "The learning rate rises from {first} to {last} and never falls: the warm-up is as long as the run. Check the \
             number of steps that the schedule was given."
        );
        (*n >= RATE_ROWS && !falls && last > first)
            .then(|| finding("rising_learning_rate", Severity::Warning, &Tally::default(), *n, sentence))
    }

    fn rising_loss(&self) -> Option<Finding> {
        let Losses { lowest: Some((lowest, at)), last_mean: Some((last, end)), n, .. } = &self.loss else {
            return None;
        };
        let sentence = format!(
            "The loss ends at {last:.3}, over its lowest {lowest:.3} at {at} by more than half (means of {SMOOTH} rows). \
             The run diverges: lower the learning rate, or keep the checkpoint from before the rise."
        );
        let shown = |place: Place, mean: f64| place.shows("loss", &format!("{mean:.4} (mean of {SMOOTH} rows)"));
        let tally = Tally { k: 1, evidence: vec![shown(*at, *lowest), shown(*end, *last)] };
        (*last > (1.0 + RISE) * lowest && last - lowest > RISE_BY)
            .then(|| finding("rising_loss", Severity::Warning, &tally, *n, sentence))
    }

    fn early_eval_minimum(&self) -> Option<Finding> {
        let Evals { lowest: Some((lowest, at)), last: Some((last, end)), after, n, .. } = &self.eval else {
            return None;
        };
        let sentence = format!(
            "The loss on held-out data is lowest at {at}, {lowest:.3}; {after} evaluations later it is {last:.3}. What came \
             after was learnt by heart: keep the checkpoint from there, or train fewer steps."
        );
        let shown = |place: Place, loss: f64| place.shows("eval_loss", &loss.to_string());
        let tally = Tally { k: 1, evidence: vec![shown(*at, *lowest), shown(*end, *last)] };
        (*after >= EVALS_AFTER && *last > (1.0 + EVAL_RISE) * lowest)
            .then(|| finding("early_eval_minimum", Severity::Warning, &tally, *n, sentence))
    }

    fn no_loss(&self, reading: &Reading) -> Option<Finding> {
        let sentence =
            "No row has a loss, so that most of what this looks for cannot be seen. Give the trainer's own log.";
        (reading.rows > 0 && self.loss.n + self.eval.n == 0)
            .then(|| finding("no_loss", Severity::Note, &Tally::default(), reading.rows, sentence.to_string()))
    }
}

impl Tally {
    /// Where it was first seen.
    fn first(&self) -> String {
        self.evidence.first().map_or_else(|| "the start".to_string(), |e| place(e.line, e.step, e.epoch))
    }
}

/// `step 10`, `epoch 0.5` or `line 3`.
fn place(line: u64, step: Option<f64>, epoch: Option<f64>) -> String {
    match (step, epoch) {
        (Some(step), _) => format!("step {step}"),
        (None, Some(epoch)) => format!("epoch {epoch}"),
        (None, None) => format!("line {line}"),
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&place(self.line, self.step, self.epoch))
    }
}

fn not_read(reading: &Reading) -> Option<Finding> {
    let sentence = format!(
        "Not everything was read: {} lines are longer than {} bytes{}. What is said here holds for the rest.",
        reading.too_long,
        LONGEST_LINE,
        if reading.cut { format!(", and there are more than {MOST_ROWS} rows") } else { String::new() }
    );
    (reading.too_long > 0 || reading.cut)
        .then(|| finding("not_read", Severity::Note, &Tally::default(), reading.rows, sentence))
}

/// Few rows without a number, and a sound one at the end.
fn is_isolated(tally: &Tally, n: u64, last_is_finite: bool) -> bool {
    last_is_finite && tally.k as f64 <= ISOLATED * n as f64
}

fn finding(id: &str, severity: Severity, tally: &Tally, n: u64, sentence: String) -> Finding {
    Finding { id: id.to_string(), severity, sentence, k: tally.k, n, evidence: tally.evidence.clone() }
}

fn verdict(findings: &[Finding], rows: u64) -> (Verdict, String) {
    let faults: Vec<&Finding> = findings.iter().filter(|f| f.severity == Severity::Fault).collect();
    let warnings = findings.iter().filter(|f| f.severity == Severity::Warning).count();
    // A mask over everything explains a loss of 0, but where that is all that was seen, the numbers may be sound.
    let numeric = faults.iter().find(|f| f.id != "label_mask");
    let what = |f: &Finding| f.sentence.split_inclusive(". ").next().unwrap_or_default().trim_end().to_string();
    if let Some(first) = numeric {
        let sentence = format!(
            "Numeric fault likely: {} Mend that and train again; this run does not show that the model cannot do the task.",
            what(first).replacen("The ", "the ", 1)
        );
        (Verdict::NumericFault, sentence)
    } else if let Some(first) = faults.first() {
        let sentence = format!(
            "Fault in the data likely: {} Mend that and train again; this run does not show that the model cannot do the \
             task.",
            what(first).replacen("Every ", "every ", 1)
        );
        (Verdict::DataFault, sentence)
    } else if warnings > 0 {
        let noun = if warnings == 1 { "1 finding is" } else { &format!("{warnings} findings are") };
        let sentence = format!(
            "No fault in the numbers of {rows} rows, but {noun} to be explained before the model is blamed or praised."
        );
        (Verdict::Warnings, sentence)
    } else {
        let rest = if rows < FEW_ROWS { ", too few to call the run sound" } else { ": the run looks sound" };
        let noun = if rows == 1 { "row" } else { "rows" };
        (Verdict::NothingFound, format!("Nothing found in {rows} {noun}{rest}."))
    }
}
