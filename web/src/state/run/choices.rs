//! What the run page's address asks for.

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::message::{Computer, GateChoice, Selected};
use crate::state::fragment::KEPT;

/// The models that lie on this site: file and what it is.
pub const HERE: [(&str, &str); 3] = [
    ("demo.gguf", "Demo model, 8 bits"),
    ("demo-q4_0.gguf", "Demo model, 4 bits"),
    ("demo-tuned.gguf", "Demo model, broken by tuning"),
];
/// Profiles, and what each asks.
pub const PROFILES: [(&str, &str); 5] = [
    ("quick", "quick: 96 items of each probe"),
    ("standard", "standard: every item of each probe"),
    ("gates", "gates: two smoke items of each probe"),
    ("classic-56", "classic-56: 56 items in the shape of a published study"),
    ("classic-6", "classic-6: six published prompts, no score"),
];
/// The probes of `quick` and `standard` that a page can ask, with their names.
pub const PROBES: [(&str, &str); 17] = [
    ("A01", "domain"),
    ("A02", "article"),
    ("A03", "article check"),
    ("A04", "tense"),
    ("A05", "plural"),
    ("A06", "conjugation"),
    ("A07", "irregular base"),
    ("A08", "grammar"),
    ("A09", "tone"),
    ("A10", "pattern"),
    ("B14", "refusal"),
    ("C03", "sycophancy"),
    ("D01", "JSON"),
    ("D04", "grounding"),
    ("D08", "function calls"),
    ("E02", "entities"),
    ("E04", "intents"),
];
/// Most characters of what names a model elsewhere.
const MAX_FROM: usize = 1_000;
/// Minutes that a run may take where the address names nothing.
const MINUTES: f64 = 2.0;

/// Which model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelChoice {
    /// A file of this site's.
    Here(String),
    /// A file that this browser keeps.
    Stored(String),
    /// What was fetched from another host, by what names it there; empty before anything is named.
    Pulled(String),
    /// Files that are chosen or dropped: an address cannot hold them.
    Own,
}

/// All that the address holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// Which model.
    pub model: ModelChoice,
    /// Which items.
    pub selected: Selected,
    /// What computes.
    pub computer: Computer,
    /// What the device has to pass.
    pub gate: GateChoice,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            model: ModelChoice::Here("demo.gguf".to_owned()),
            selected: Selected { profile: "quick".to_owned(), minutes: Some(MINUTES), ..Selected::default() },
            computer: Computer::Auto,
            gate: GateChoice::Full,
        }
    }
}

impl Choices {
    /// Reads what stands after `#`. What it does not know, it leaves as it is without.
    pub fn read(hash: &str) -> Self {
        let mut found = Self::default();
        let mut minutes_named = false;
        let mut selects = false;
        for (key, value) in hash.trim_start_matches('#').split('&').filter_map(|part| part.split_once('=')) {
            let value = percent_decode_str(value).decode_utf8_lossy();
            match key {
                "model" if HERE.iter().any(|(file, _)| *file == value) => found.model = ModelChoice::Here(value.into()),
                "stored" => found.model = ModelChoice::Stored(crate::storage::safe_name(&value)),
                "from" => found.model = ModelChoice::Pulled(value.chars().take(MAX_FROM).collect()),
                "model" if value == "own" => found.model = ModelChoice::Own,
                "profile" if PROFILES.iter().any(|(name, _)| *name == value) => {
                    selects = true;
                    found.selected.profile = value.into();
                }
                "probes" => {
                    let known = PROBES.iter().filter(|(id, _)| value.split(',').any(|v| v == *id));
                    found.selected.probes = known.map(|(id, _)| (*id).to_owned()).collect();
                    selects |= !found.selected.probes.is_empty();
                }
                "items" => {
                    found.selected.items = value.parse().ok().filter(|n| *n > 0);
                    selects |= found.selected.items.is_some();
                }
                "minutes" => {
                    minutes_named = true;
                    found.selected.minutes = value.parse().ok().filter(|m: &f64| *m > 0.0 && m.is_finite());
                }
                "device" => found.computer = computer(&value).unwrap_or_default(),
                "gate" if value == "self-test" => found.gate = GateChoice::SelfTest,
                _ => (),
            }
        }
        // Whoever names items wants those, however long they take.
        if selects && !minutes_named {
            found.selected.minutes = None;
        }
        found
    }

    /// What stands after `#`; nothing for what a page without an address would take.
    pub fn write(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, KEPT).to_string();
        let default = Self::default();
        let mut parts = vec![];
        match &self.model {
            model if *model == default.model => (),
            ModelChoice::Here(name) => parts.push(format!("model={}", encode(name))),
            ModelChoice::Stored(name) => parts.push(format!("stored={}", encode(name))),
            ModelChoice::Pulled(what) => parts.push(format!("from={}", encode(what))),
            ModelChoice::Own => parts.push("model=own".to_owned()),
        }
        let Selected { profile, probes, items, minutes } = &self.selected;
        let selects = !probes.is_empty() || items.is_some() || *profile != default.selected.profile;
        if *profile != default.selected.profile || (minutes.is_none() && probes.is_empty() && items.is_none()) {
            parts.push(format!("profile={}", encode(profile)));
        }
        if !probes.is_empty() {
            parts.push(format!("probes={}", probes.join(",")));
        }
        if let Some(items) = items {
            parts.push(format!("items={items}"));
        }
        match minutes {
            Some(minutes) if selects || *minutes != MINUTES => parts.push(format!("minutes={minutes}")),
            _ => (),
        }
        if self.computer != Computer::Auto {
            parts.push(format!("device={}", computer_name(self.computer)));
        }
        if self.gate == GateChoice::SelfTest {
            parts.push("gate=self-test".to_owned());
        }
        parts.join("&")
    }
}

/// What computes, by its name in an address.
pub fn computer(name: &str) -> Option<Computer> {
    match name {
        "auto" => Some(Computer::Auto),
        "cpu" => Some(Computer::Cpu),
        name => engine::Tier::ALL.into_iter().find(|t| t.name() == name).map(Computer::Tier),
    }
}

/// Its name in an address.
pub fn computer_name(computer: Computer) -> &'static str {
    match computer {
        Computer::Auto => "auto",
        Computer::Cpu => "cpu",
        Computer::Tier(tier) => tier.name(),
    }
}

/// What a run was asked to be, beside its journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// `here`, `stored`, `pulled` or `chosen`.
    pub model_kind: String,
    /// Its file.
    pub model: String,
    /// Which items.
    pub selected: Selected,
    /// What computes.
    pub computer: Computer,
    /// What the device has to pass.
    pub gate: GateChoice,
    /// When it was begun, RFC 3339.
    pub begun: String,
}

impl About {
    /// The choices that go on with it.
    pub fn choices(&self) -> Choices {
        let model = match self.model_kind.as_str() {
            "here" => ModelChoice::Here(self.model.clone()),
            "stored" => ModelChoice::Stored(self.model.clone()),
            "pulled" => ModelChoice::Pulled(self.model.clone()),
            _ => ModelChoice::Own,
        };
        Choices { model, selected: self.selected.clone(), computer: self.computer, gate: self.gate }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was() {
        for hash in [
            "",
            "profile=quick",
            "probes=A01,A09&items=24",
            "model=demo-tuned.gguf&profile=standard&minutes=10&device=cpu&gate=self-test",
            "stored=gemma-3-270m.gguf&items=12&device=baseline",
            "model=own&probes=A02&minutes=1.5",
            "from=&minutes=5",
            "from=google%2Fgemma-3-270m-it%40e7647be1%3Aa.gguf&profile=standard",
        ] {
            assert_eq!(Choices::read(hash).write(), hash);
        }
        assert_eq!(Choices::read("#"), Choices::default());
    }

    #[test]
    fn what_an_address_does_not_mean_changes_nothing() {
        let odd = "model=../../etc&profile=all&probes=Z99&items=-3&minutes=nan&device=tpu&gate=none&x";
        let read = Choices::read(odd);
        assert_eq!((read.model, read.computer, read.gate), {
            let d = Choices::default();
            (d.model, d.computer, d.gate)
        });
        assert_eq!((read.selected.profile.as_str(), read.selected.items, read.selected.minutes), ("quick", None, None));
        assert_eq!(Choices::read("stored=..%2F..%2Fx").model, ModelChoice::Stored("-..-x".to_owned()));
    }

    #[test]
    fn the_list_of_probes_is_the_batterys_own() {
        let own: Vec<(&str, String)> = probes::profiles::QUICK
            .iter()
            .filter(|id| **id != "E03")
            .filter_map(|id| probes::entry(id))
            .map(|e| (e.id, e.name.replace('_', " ")))
            .collect();
        let listed: Vec<(&str, String)> = PROBES.iter().map(|(id, name)| (*id, (*name).to_owned())).collect();
        assert_eq!(listed.iter().map(|l| l.0).collect::<Vec<_>>(), own.iter().map(|o| o.0).collect::<Vec<_>>());
    }
}
