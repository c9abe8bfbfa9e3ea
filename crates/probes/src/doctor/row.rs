//! What a row of a training log may hold, and under which names.

use std::borrow::Cow;

/// A column that the doctor knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Step,
    Epoch,
    Loss,
    EvalLoss,
    GradNorm,
    LearningRate,
    /// Tokens of the batch, padding and prompt included or not.
    Tokens,
    /// Those of them that the loss is computed on.
    TrainableTokens,
    /// The share of tokens that the loss leaves out, 0..1 or in percent.
    MaskShare,
    /// Text or ids that the model wrote.
    Sample,
    /// Marks a summary after the last step, which repeats means over the whole run.
    Summary,
}

/// The names of columns, as [`normalised`] writes them.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Step, &["step", "global_step", "train_global_step", "trainer_global_step", "iter", "iteration", "it"]),
    (Column::Epoch, &["epoch", "train_epoch"]),
    (Column::Loss, &["loss", "train_loss", "training_loss", "trainloss", "tr_loss", "lm_loss", "loss_train"]),
    (
        Column::EvalLoss,
        &[
            "eval_loss",
            "val_loss",
            "valid_loss",
            "validation_loss",
            "evaluation_loss",
            "dev_loss",
            "valloss",
            "loss_val",
            "loss_eval",
            "loss_valid",
        ],
    ),
    (
        Column::GradNorm,
        &[
            "grad_norm",
            "gradient_norm",
            "gradnorm",
            "gnorm",
            "norm",
            "train_grad_norm",
            "total_grad_norm",
            "global_grad_norm",
        ],
    ),
    (Column::LearningRate, &["learning_rate", "lr", "train_learning_rate", "train_lr", "learningrate"]),
    (Column::Tokens, &["tokens", "n_tokens", "num_tokens", "total_tokens", "batch_tokens", "input_tokens"]),
    (
        Column::TrainableTokens,
        &[
            "trainable_tokens",
            "num_trainable_tokens",
            "label_tokens",
            "num_label_tokens",
            "loss_tokens",
            "target_tokens",
            "supervised_tokens",
            "unmasked_tokens",
        ],
    ),
    (
        Column::MaskShare,
        &[
            "mask",
            "masked",
            "mask_share",
            "masked_share",
            "mask_fraction",
            "masked_fraction",
            "mask_ratio",
            "label_mask",
            "label_mask_share",
        ],
    ),
    (
        Column::Sample,
        &[
            "sample",
            "samples",
            "sample_output",
            "text",
            "output",
            "outputs",
            "generated",
            "generated_text",
            "generation",
            "completion",
            "prediction",
            "output_ids",
            "generated_ids",
            "generated_tokens",
        ],
    ),
    (Column::Summary, &["train_runtime"]),
];

/// Longer names belong to no column.
const LONGEST_NAME: usize = 120;

/// The column of a name as a file spells it: `train/loss`, `Training Loss`, `run 7 - train/loss`.
pub(super) fn column(name: &str) -> Option<Column> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    // Exports of several runs put the run's name first.
    known(&normalised(name.rsplit(" - ").next().unwrap_or(name)))
}

/// The column of a name as [`normalised`] writes it.
pub(super) fn known(name: &str) -> Option<Column> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(column, _)| *column)
}

/// Lower case, with one `_` for every run of other signs.
pub(super) fn normalised(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for part in name.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()) {
        if !normal.is_empty() {
            normal.push('_');
        }
        normal.extend(part.chars().flat_map(char::to_lowercase));
    }
    normal
}

/// One logged row.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    /// Counted from 1.
    pub(super) line: u64,
    pub(super) step: Option<f64>,
    pub(super) epoch: Option<f64>,
    pub(super) loss: Option<f64>,
    pub(super) eval_loss: Option<f64>,
    pub(super) grad_norm: Option<f64>,
    pub(super) learning_rate: Option<f64>,
    pub(super) tokens: Option<f64>,
    pub(super) trainable_tokens: Option<f64>,
    pub(super) mask_share: Option<f64>,
    pub(super) samples: Vec<Cow<'a, str>>,
    pub(super) is_summary: bool,
}

impl<'a> Row<'a> {
    pub(super) fn at(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    /// Sets a number; of two with the same meaning the first stays.
    pub(super) fn set(&mut self, column: Column, value: f64) {
        let cell = match column {
            Column::Step => &mut self.step,
            Column::Epoch => &mut self.epoch,
            Column::Loss => &mut self.loss,
            Column::EvalLoss => &mut self.eval_loss,
            Column::GradNorm => &mut self.grad_norm,
            Column::LearningRate => &mut self.learning_rate,
            Column::Tokens => &mut self.tokens,
            Column::TrainableTokens => &mut self.trainable_tokens,
            Column::MaskShare => &mut self.mask_share,
            Column::Summary => {
                self.is_summary = true;
                return;
            }
            Column::Sample => return,
        };
        if cell.is_none() {
            *cell = Some(value);
        }
    }

    /// Sets what stands in a cell or behind a key: a number, or what the model wrote.
    pub(super) fn set_text(&mut self, column: Column, text: Cow<'a, str>) {
        if column == Column::Sample {
            self.samples.push(text);
        } else if let Some(value) = number(&text) {
            self.set(column, value);
        }
    }

    /// Is there anything beyond the place in it?
    pub(super) fn holds_something(&self) -> bool {
        let numbers =
            [self.loss, self.eval_loss, self.grad_norm, self.learning_rate, self.trainable_tokens, self.mask_share];
        numbers.iter().any(Option::is_some) || !self.samples.is_empty()
    }
}

/// A number as logs print it: `1e-5`, `NaN`, `-inf`, `10/1000` (the first of the two), `2.1.`, `float32(0.5)`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches([')', '.']);
    let text = text.rsplit('(').next().unwrap_or(text);
    let first = text.split('/').next().unwrap_or(text);
    first.parse().ok()
}
