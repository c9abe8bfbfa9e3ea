//! The settings of a training run, whatever its tools call them.

use super::flat::{Leaf, Pair, pairs};
use super::{AuditError, Facts, MOST_BYTES, short};
use serde::{Deserialize, Serialize};

/// Whose configuration it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfigForm {
    /// peft's `adapter_config.json`.
    Peft,
    /// mlx-lm's. Its iterations are batches, of which an update may accumulate several.
    Mlx,
    /// Arguments or state of the Hugging Face trainer. Its steps are updates.
    Trainer,
    /// Plain keys. Steps are updates.
    #[default]
    Own,
}

/// Which layers are adapted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layers {
    /// All.
    All,
    /// So many.
    Some(u64),
}

/// What a configuration says; what it does not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Whose configuration it is.
    pub form: ConfigForm,
    /// The model that is adapted.
    pub model: Option<String>,
    /// Learning rate, the highest of a schedule.
    pub learning_rate: Option<f64>,
    /// Rank of the adapter.
    pub rank: Option<u64>,
    /// peft's alpha: the adapter's output is multiplied by alpha / rank.
    pub alpha: Option<f64>,
    /// mlx-lm's scale, by which the adapter's output is multiplied.
    pub scale: Option<f64>,
    /// peft divides alpha by the root of the rank instead.
    pub by_root_of_rank: bool,
    /// Dropout, 0..1.
    pub dropout: Option<f64>,
    /// Layers adapted.
    pub layers: Option<Layers>,
    /// Layers of the model.
    pub layers_total: Option<u64>,
    /// Modules adapted in each layer.
    pub target_modules: Option<Vec<String>>,
    /// Examples in a batch, on each device.
    pub batch: Option<u64>,
    /// Batches that an update accumulates; 1 where nothing is said.
    pub accumulation: Option<u64>,
    /// Devices that each take a batch; 1 where nothing is said.
    pub devices: Option<u64>,
    /// Steps or iterations, as the tool counts them.
    pub steps: Option<u64>,
    /// Epochs that were asked for.
    pub epochs: Option<f64>,
    /// Longest example in tokens.
    pub max_length: Option<u64>,
    /// Seed.
    pub seed: Option<u64>,
    /// Name or place of the data.
    pub data: Option<String>,
    /// Hash of the data.
    pub data_hash: Option<String>,
    /// Training examples.
    pub examples: Option<u64>,
    /// Examples held out.
    pub held_out: Option<u64>,
    /// A number that somebody called steps of gradient.
    pub claimed_steps: Option<u64>,
    /// Known keys whose values could not be used.
    pub unread: Vec<String>,
}

/// Blocks whose keys mean what they mean outside; the keys of others, such as an optimizer's, are passed over.
const BLOCKS: [&str; 16] = [
    "lora_parameters",
    "lora",
    "lora_config",
    "peft",
    "peft_config",
    "adapter",
    "training",
    "train",
    "training_args",
    "training_arguments",
    "hyperparameters",
    "args",
    "config",
    "data",
    "model",
    "text_config",
];
/// No count in a configuration is larger.
const MOST: f64 = 9e15;

/// Reads a configuration.
pub fn read(text: &str) -> Result<Settings, AuditError> {
    if text.len() > MOST_BYTES {
        return Err(AuditError::TooLong { bytes: text.len() });
    }
    let pairs = pairs(text)?;
    let mut found = Found { pairs: &pairs, unread: Vec::new(), known: 0 };
    let mut settings = Settings {
        model: found.text(&["base_model_name_or_path", "model_name_or_path", "base_model", "model_name", "model"]),
        learning_rate: found.number(&["learning_rate", "lr"]),
        rank: found.count(&["rank", "r", "lora_rank", "lora_r"]),
        alpha: found.number(&["lora_alpha", "alpha"]),
        scale: found.number(&["scale", "lora_scale", "scaling"]),
        by_root_of_rank: found.flag("use_rslora"),
        dropout: found.number(&["lora_dropout", "dropout"]),
        layers_total: found.count(&["layers_total", "total_layers", "num_hidden_layers"]),
        target_modules: found.list(&["target_modules", "lora_target_modules", "keys", "modules"]),
        batch: found.count(&[
            "per_device_train_batch_size",
            "micro_batch_size",
            "batch_size",
            "train_batch_size",
            "batch",
        ]),
        accumulation: found.count(&[
            "gradient_accumulation_steps",
            "grad_accumulation_steps",
            "gradient_accumulation",
            "accumulation",
        ]),
        devices: found.count(&["world_size", "num_devices", "devices"]),
        // Steps that were made count more than steps that were allowed.
        steps: found.count(&["global_step", "iters", "iterations", "max_steps", "num_steps", "train_steps", "steps"]),
        epochs: found.number(&["num_train_epochs", "num_epochs", "epochs"]),
        max_length: found.count(&[
            "max_seq_length",
            "max_length",
            "max_seq_len",
            "sequence_len",
            "cutoff_len",
            "model_max_length",
        ]),
        seed: found.count(&["seed"]),
        data: found.text(&["data", "dataset", "data_path", "train_file"]),
        data_hash: found.text(&["data_hash", "data_sha256", "dataset_sha256", "train_sha256"]),
        examples: found.count(&["n_examples", "examples", "train_examples", "num_examples", "n_train"]),
        held_out: found.count(&["held_out", "valid_examples", "n_valid", "validation_examples"]),
        claimed_steps: found.count(&["claimed_steps", "effective_steps", "effective_gradient", "gradient_steps"]),
        ..Settings::default()
    };
    let peft = found.has("peft_type");
    let mlx = found.has("fine_tune_type")
        || pairs.iter().any(|p| p.parents.iter().any(|parent| parent == "lora_parameters"))
        || (found.has("iters") && (found.has("num_layers") || found.has("lora_layers")));
    settings.form = if peft {
        ConfigForm::Peft
    } else if mlx {
        ConfigForm::Mlx
    } else if found.has("per_device_train_batch_size") || found.has("global_step") {
        ConfigForm::Trainer
    } else {
        ConfigForm::Own
    };
    found.layers(&mut settings);
    if found.known == 0 {
        return Err(AuditError::NothingKnown);
    }
    settings.unread = found.unread;
    Ok(settings)
}

/// Looks keys up and remembers what could not be used.
struct Found<'a> {
    pairs: &'a [Pair],
    unread: Vec<String>,
    known: usize,
}

impl Found<'_> {
    /// The first of the names that has a value; on equal names the outermost.
    fn leaf(&self, names: &[&str]) -> Option<(String, Leaf)> {
        let usable =
            |p: &&Pair| p.parents.iter().all(|parent| BLOCKS.contains(&parent.as_str())) && p.leaf != Leaf::Null;
        let named =
            |name: &&str| self.pairs.iter().filter(usable).filter(|p| p.key == *name).min_by_key(|p| p.parents.len());
        names.iter().find_map(named).map(|p| (p.key.clone(), p.leaf.clone()))
    }

    fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|p| p.key == key && p.parents.is_empty())
    }

    /// Counts a value that was used, and names one that was not.
    fn used<T>(&mut self, key: String, value: Option<T>) -> Option<T> {
        if value.is_some() {
            self.known += 1;
        } else {
            self.unread.push(key);
        }
        value
    }

    fn number(&mut self, names: &[&str]) -> Option<f64> {
        let (key, leaf) = self.leaf(names)?;
        let number = match leaf {
            Leaf::Text(text) => text.parse().ok().filter(|x: &f64| x.is_finite() && *x >= 0.0),
            _ => None,
        };
        self.used(key, number)
    }

    fn count(&mut self, names: &[&str]) -> Option<u64> {
        let (key, leaf) = self.leaf(names)?;
        let Leaf::Text(text) = leaf else { return self.used(key, None) };
        let number = text.replace('_', "").parse::<f64>().ok();
        // The trainers' way to say that there is none.
        if number.is_some_and(|x| x < 0.0) {
            return None;
        }
        let whole = number.filter(|x| *x <= MOST && x.fract() == 0.0);
        self.used(key, whole.map(|x| x as u64))
    }

    fn text(&mut self, names: &[&str]) -> Option<String> {
        let (key, leaf) = self.leaf(names)?;
        let text = match leaf {
            Leaf::Text(text) => Some(text),
            _ => None,
        };
        self.used(key, text)
    }

    fn list(&mut self, names: &[&str]) -> Option<Vec<String>> {
        let (key, leaf) = self.leaf(names)?;
        let list = match leaf {
            Leaf::List(mut items) => {
                // peft writes them in the order of a set, another one each time.
                items.sort();
                Some(items)
            }
            Leaf::Text(text) => Some(vec![text]),
            _ => None,
        };
        self.used(key, list)
    }

    fn flag(&self, name: &str) -> bool {
        self.leaf(&[name]).is_some_and(|(_, leaf)| leaf == Leaf::Bool(true))
    }

    /// Layers, in the ways that tools say them: a number, -1 for all, `16/26`, or peft's list of indices.
    fn layers(&mut self, settings: &mut Settings) {
        let names = ["num_layers", "lora_layers", "layers_adapted", "layers_trained", "layers"];
        if let Some((key, leaf)) = self.leaf(&names) {
            let read = match leaf {
                Leaf::Text(text) if text == "all" => Some(Layers::All),
                Leaf::Text(text) => {
                    let (adapted, total) = text.split_once('/').map_or((text.as_str(), None), |(a, t)| (a, Some(t)));
                    let total = total.and_then(|t| t.trim().parse().ok());
                    settings.layers_total = total.or(settings.layers_total);
                    let adapted: Option<i64> = adapted.trim().parse().ok();
                    // mlx-lm adapts all layers for -1, and for 0 as well.
                    adapted.map(|n| u64::try_from(n).ok().filter(|n| *n > 0).map_or(Layers::All, Layers::Some))
                }
                _ => None,
            };
            settings.layers = self.used(key, read);
        } else if settings.form == ConfigForm::Peft {
            settings.layers = match self.leaf(&["layers_to_transform"]) {
                Some((_, Leaf::List(indices))) => Some(Layers::Some(indices.len() as u64)),
                Some((_, Leaf::Text(_))) => Some(Layers::Some(1)),
                _ => Some(Layers::All),
            };
        }
    }
}

impl Settings {
    /// These settings, and what they leave open from another file of the same run.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let stepped = if self.steps.is_some() || other.steps.is_none() { self.form } else { other.form };
        Self {
            // How steps are counted goes with them.
            form: stepped,
            model: self.model.or(other.model),
            learning_rate: self.learning_rate.or(other.learning_rate),
            rank: self.rank.or(other.rank),
            alpha: self.alpha.or(other.alpha),
            scale: self.scale.or(other.scale),
            by_root_of_rank: self.by_root_of_rank || other.by_root_of_rank,
            dropout: self.dropout.or(other.dropout),
            layers: self.layers.or(other.layers),
            layers_total: self.layers_total.or(other.layers_total),
            target_modules: self.target_modules.or(other.target_modules),
            batch: self.batch.or(other.batch),
            accumulation: self.accumulation.or(other.accumulation),
            devices: self.devices.or(other.devices),
            steps: self.steps.or(other.steps),
            epochs: self.epochs.or(other.epochs),
            max_length: self.max_length.or(other.max_length),
            seed: self.seed.or(other.seed),
            data: self.data.or(other.data),
            data_hash: self.data_hash.or(other.data_hash),
            examples: self.examples.or(other.examples),
            held_out: self.held_out.or(other.held_out),
            claimed_steps: self.claimed_steps.or(other.claimed_steps),
            unread: [self.unread, other.unread].concat(),
        }
    }

    /// These settings, with facts in the place of what they say about the data and the model.
    pub(super) fn with(mut self, facts: &Facts) -> Self {
        self.examples = facts.examples.or(self.examples);
        self.layers_total = facts.layers_total.or(self.layers_total);
        self.data_hash = facts.data_hash.clone().or(self.data_hash);
        self
    }

    fn divisor(&self) -> Option<f64> {
        let rank = self.rank.filter(|r| *r > 0)? as f64;
        Some(if self.by_root_of_rank { libm::sqrt(rank) } else { rank })
    }

    /// What the adapter's output is multiplied by: as given, or alpha / rank.
    pub fn scale(&self) -> Option<f64> {
        self.scale.or_else(|| Some(self.alpha? / self.divisor()?))
    }

    /// Alpha: as given, or scale times rank.
    pub fn alpha(&self) -> Option<f64> {
        self.alpha.or_else(|| Some(self.scale? * self.divisor()?))
    }

    /// Learning rate times scale: how far the adapter's output moves in a step, all else equal.
    pub fn rate_times_scale(&self) -> Option<f64> {
        Some(self.learning_rate? * self.scale()?)
    }

    /// Layers adapted, as shown and as a number.
    pub(super) fn layers_shown(&self) -> Option<(String, f64)> {
        let total = self.layers_total.map_or_else(String::new, |t| format!("/{t}"));
        match (self.layers?, self.layers_total) {
            (Layers::Some(n), _) => Some((format!("{n}{total}"), n as f64)),
            (Layers::All, Some(t)) => Some((format!("{t}/{t}"), t as f64)),
            // All of an unknown number: there is no number to compare.
            (Layers::All, None) => None,
        }
    }

    /// The share of the model's layers that are adapted, 0..1.
    pub fn layer_share(&self) -> Option<f64> {
        match (self.layers?, self.layers_total.filter(|t| *t > 0)) {
            (Layers::All, _) => Some(1.0),
            (Layers::Some(n), Some(total)) => Some(n as f64 / total as f64).filter(|share| *share <= 1.0),
            (Layers::Some(_), None) => None,
        }
    }

    pub(super) fn steps_name(&self) -> &'static str {
        if self.form == ConfigForm::Mlx { "iterations: batches" } else { "steps: updates" }
    }

    /// Examples that one step sees.
    fn step_examples(&self) -> Option<u64> {
        let devices = self.devices.unwrap_or(1);
        match self.form {
            // An iteration is one batch, and the batch is that of all devices.
            ConfigForm::Mlx => self.batch,
            _ => self.batch?.checked_mul(self.accumulation.unwrap_or(1))?.checked_mul(devices),
        }
        .filter(|n| *n > 0)
    }

    /// Steps: as given, or as many as the epochs asked for need.
    pub fn steps(&self) -> Option<u64> {
        self.steps.or_else(|| {
            let steps = libm::ceil(self.epochs? * self.examples?.div_ceil(self.step_examples()?) as f64);
            (steps <= MOST).then_some(steps as u64)
        })
    }

    /// Updates of the weights.
    pub fn updates(&self) -> Option<u64> {
        let steps = self.steps()?;
        Some(if self.form == ConfigForm::Mlx { steps / self.accumulation.unwrap_or(1).max(1) } else { steps })
    }

    /// Examples seen: batch, accumulation, devices and steps multiplied; or, where epochs were asked for and no steps, all
    /// examples so many times.
    pub fn examples_seen(&self) -> Option<u64> {
        match (self.steps, self.epochs, self.examples) {
            (Some(steps), _, _) => steps.checked_mul(self.step_examples()?),
            (None, Some(epochs), Some(examples)) => {
                Some(libm::round(epochs * examples as f64)).filter(|n| *n <= MOST).map(|n| n as u64)
            }
            _ => None,
        }
    }

    /// Examples seen over examples.
    pub fn epochs_seen(&self) -> Option<f64> {
        Some(self.examples_seen()? as f64 / self.examples.filter(|n| *n > 0)? as f64)
    }

    /// The scale or alpha as the configuration gives it, in words.
    pub(super) fn scaling_shown(&self) -> Option<String> {
        match (self.scale, self.alpha) {
            (Some(scale), _) => Some(format!("scale {}", short(scale))),
            (None, Some(alpha)) => Some(format!("alpha {}", short(alpha))),
            (None, None) => None,
        }
    }
}
