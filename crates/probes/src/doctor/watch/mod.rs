//! What is remembered of a log's rows. They are seen once and not kept.

mod rules;

use std::collections::VecDeque;

use super::Evidence;
use super::row::Row;

/// Rows shown for a finding.
const SHOWN: usize = 5;
/// Characters shown of a value.
const SHOWN_CHARS: usize = 80;
/// A drop to this share
const DROP_TO: f64 = 0.1;
/// within so many logged rows is sudden,
const DROP_ROWS: usize = 5;
/// if it began above this; below, a loss that is learnt by heart falls as fast.
const DROP_FROM: f64 = 0.2;
/// The loss at the end is a mean of so many rows, as is its minimum.
const SMOOTH: usize = 5;

/// Rows that show something.
#[derive(Default)]
struct Tally {
    k: u64,
    evidence: Vec<Evidence>,
}

impl Tally {
    fn add(&mut self, row: &Row, column: &str, value: &str) {
        self.k += 1;
        if self.evidence.len() < SHOWN {
            self.evidence.push(Place::of(row).shows(column, value));
        }
    }
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place {
    line: u64,
    step: Option<f64>,
    epoch: Option<f64>,
}

impl Place {
    fn of(row: &Row) -> Self {
        Self { line: row.line, step: row.step.filter(|s| s.is_finite()), epoch: row.epoch.filter(|e| e.is_finite()) }
    }

    fn shows(self, column: &str, value: &str) -> Evidence {
        Evidence {
            line: self.line,
            step: self.step,
            epoch: self.epoch,
            column: column.to_string(),
            value: value.chars().take(SHOWN_CHARS).collect(),
        }
    }
}

/// A column of losses.
#[derive(Default)]
struct Losses {
    n: u64,
    zero: Tally,
    nonfinite: Tally,
    drops: Tally,
    /// The last finite value.
    last: Option<f64>,
    last_is_finite: bool,
    /// The value before the first zero.
    before_zero: Option<f64>,
    /// The last rows, for drops.
    window: VecDeque<f64>,
    /// The last rows, for means.
    smooth: VecDeque<f64>,
    lowest: Option<(f64, Place)>,
    last_mean: Option<(f64, Place)>,
}

impl Losses {
    fn see(&mut self, row: &Row, value: f64) {
        self.n += 1;
        self.last_is_finite = value.is_finite();
        if !value.is_finite() {
            self.nonfinite.add(row, "loss", &value.to_string());
            return;
        }
        if value == 0.0 {
            if self.zero.k == 0 {
                self.before_zero = self.last;
            }
            self.zero.add(row, "loss", "0.0");
        }
        let highest = self.window.iter().copied().fold(0.0, f64::max);
        if highest >= DROP_FROM && value >= 0.0 && value <= DROP_TO * highest {
            self.drops.add(row, "loss", &format!("{value} after {highest}"));
            self.window.clear();
        }
        push(&mut self.window, value, DROP_ROWS);
        push(&mut self.smooth, value, SMOOTH);
        if self.smooth.len() == SMOOTH {
            let mean = self.smooth.iter().sum::<f64>() / SMOOTH as f64;
            if self.lowest.is_none_or(|(lowest, _)| mean < lowest) {
                self.lowest = Some((mean, Place::of(row)));
            }
            self.last_mean = Some((mean, Place::of(row)));
        }
        self.last = Some(value);
    }
}

fn push(window: &mut VecDeque<f64>, value: f64, most: usize) {
    if window.len() == most {
        window.pop_front();
    }
    window.push_back(value);
}

/// A column of gradient norms.
#[derive(Default)]
struct Norms {
    n: u64,
    nonfinite: Tally,
    last_is_finite: bool,
}

/// A column of losses on held-out data.
#[derive(Default)]
struct Evals {
    n: u64,
    nonfinite: Tally,
    last_is_finite: bool,
    lowest: Option<(f64, Place)>,
    after: u64,
    last: Option<(f64, Place)>,
}

/// A column of learning rates.
#[derive(Default)]
struct Rates {
    n: u64,
    zero: Tally,
    first: Option<f64>,
    last: Option<f64>,
    falls: bool,
}

/// Shares of tokens that the loss leaves out.
#[derive(Default)]
struct Masks {
    n: u64,
    tokens: f64,
    masked: f64,
    shares: f64,
    largest: f64,
    evidence: Vec<Evidence>,
}

/// What the model wrote.
#[derive(Default)]
struct Samples {
    n: u64,
    pads: Tally,
    empty: Tally,
}

/// Everything that is remembered of a log.
#[derive(Default)]
pub(super) struct Watch {
    loss: Losses,
    norm: Norms,
    eval: Evals,
    rate: Rates,
    mask: Masks,
    samples: Samples,
    messages: Tally,
    steps: Option<[f64; 2]>,
}

impl Watch {
    /// Takes a row in.
    pub(super) fn see(&mut self, row: &Row) {
        if let Some(step) = row.step.filter(|s| s.is_finite()) {
            let first = self.steps.map_or(step, |[first, _]| first);
            self.steps = Some([first, step]);
        }
        if let Some(loss) = row.loss {
            self.loss.see(row, loss);
        }
        if let Some(norm) = row.grad_norm {
            self.norm.n += 1;
            self.norm.last_is_finite = norm.is_finite();
            if !norm.is_finite() {
                self.norm.nonfinite.add(row, "grad_norm", &norm.to_string());
            }
        }
        if let Some(loss) = row.eval_loss {
            self.see_eval(row, loss);
        }
        if let Some(rate) = row.learning_rate.filter(|r| r.is_finite()) {
            self.rate.n += 1;
            if rate == 0.0 {
                self.rate.zero.add(row, "learning_rate", "0");
            }
            self.rate.falls |= self.rate.last.is_some_and(|last| rate < last);
            self.rate.first.get_or_insert(rate);
            self.rate.last = Some(rate);
        }
        self.see_mask(row);
        for sample in &row.samples {
            self.samples.n += 1;
            match blank(sample) {
                Some(Blank::Pads) => self.samples.pads.add(row, "sample", sample),
                Some(Blank::Empty) => self.samples.empty.add(row, "sample", sample),
                None => {}
            }
        }
    }

    fn see_eval(&mut self, row: &Row, loss: f64) {
        let eval = &mut self.eval;
        eval.n += 1;
        eval.last_is_finite = loss.is_finite();
        if !loss.is_finite() {
            eval.nonfinite.add(row, "eval_loss", &loss.to_string());
            return;
        }
        eval.after += 1;
        if eval.lowest.is_none_or(|(lowest, _)| loss < lowest) {
            eval.lowest = Some((loss, Place::of(row)));
            eval.after = 0;
        }
        eval.last = Some((loss, Place::of(row)));
    }

    fn see_mask(&mut self, row: &Row) {
        let sound = |value: Option<f64>| value.filter(|v| v.is_finite() && *v >= 0.0);
        let counted =
            sound(row.tokens).zip(sound(row.trainable_tokens)).filter(|(all, kept)| *all > 0.0 && kept <= all);
        let share = match counted {
            Some((all, kept)) => {
                self.mask.tokens += all;
                self.mask.masked += all - kept;
                (all - kept) / all
            }
            None => match sound(row.mask_share).filter(|s| *s <= 100.0) {
                Some(share) => share,
                None => return,
            },
        };
        self.mask.n += 1;
        self.mask.shares += share;
        self.mask.largest = self.mask.largest.max(share);
        if self.mask.evidence.len() < SHOWN {
            self.mask.evidence.push(Place::of(row).shows("mask", &share.to_string()));
        }
    }

    /// Looks for what samplers say when probabilities are no numbers: `inf`, `nan` or element < 0.
    pub(super) fn read_messages(&mut self, text: &str) {
        let (mut line, mut counted) = (1, 0);
        for (at, _) in text.match_indices("element < 0") {
            let before = text.get(text.floor_char_boundary(at.saturating_sub(24))..at).unwrap_or_default();
            if before.contains("inf") && before.contains("nan") {
                line += text[counted..at].bytes().filter(|b| *b == b'\n').count() as u64;
                counted = at;
                let message = format!("{}element < 0", before.trim_start());
                self.messages.add(&Row::at(line), "message", &message);
            }
        }
    }
}

/// An output without text.
#[derive(Clone, Copy)]
enum Blank {
    /// Padding or other control tokens.
    Pads,
    /// Nothing at all.
    Empty,
}

/// Longest name of a control token.
const LONGEST_TOKEN: usize = 40;

/// Is there nothing but padding, control tokens and space, or nothing but the id 0?
fn blank(sample: &str) -> Option<Blank> {
    let mut rest = sample.trim();
    if let Some(ids) = rest.strip_prefix('[').and_then(|r| r.strip_suffix(']'))
        && ids.chars().all(|c| c.is_ascii_digit() || c == ',' || c.is_whitespace())
    {
        let mut ids = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).peekable();
        return match ids.peek() {
            None => Some(Blank::Empty),
            Some(_) => ids.all(|id| id == "0").then_some(Blank::Pads),
        };
    }
    let mut pads = false;
    while !rest.is_empty() {
        let close = if rest.starts_with('[') { ']' } else { '>' };
        let end = rest.find(close).filter(|end| *end <= LONGEST_TOKEN)?;
        let name = rest.get(1..end).filter(|_| rest.starts_with(['<', '[']))?.to_lowercase();
        let control = name.starts_with("unused")
            || (name.starts_with('|') && name.ends_with('|'))
            || ["pad", "eos", "bos", "s", "/s", "unk", "mask", "cls", "sep", "start_of_turn", "end_of_turn"]
                .contains(&name.as_str());
        if !control {
            return None;
        }
        pads = true;
        rest = rest.get(end + 1..).unwrap_or_default().trim_start();
    }
    Some(if pads { Blank::Pads } else { Blank::Empty })
}
