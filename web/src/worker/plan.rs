//! From what the page asks for to a plan, and how long it will take.

use probes::plan::ORDER_SEED;
use probes::profiles::{QUICK, QUICK_ITEMS, headlines};
use probes::{CATALOGUE, GenerateQuery, LabelQuery, Plan, PlannedProbe, Profile, Reader, Subject};
use web_time::Instant;

use super::session::{Computes, Paced};
use crate::message::Selected;

/// A plan, and what was left out of it.
pub struct Selection {
    /// What is asked.
    pub plan: Plan,
    /// Why it is not all that was asked for.
    pub left_out: Option<String>,
    /// The words that select it on the command line.
    pub arguments: String,
}

/// Reads a selection.
pub fn select(selected: &Selected) -> Result<Selection, String> {
    let profile = Profile::ALL.into_iter().find(|p| p.as_str() == selected.profile);
    let profile =
        profile.ok_or_else(|| format!("there is no profile {:?}: choose one from the list", selected.profile))?;
    if let Some(unknown) = selected.probes.iter().find(|id| CATALOGUE.iter().all(|e| e.id != **id)) {
        return Err(format!("there is no probe {unknown:?}: choose from the list"));
    }
    let fixed = matches!(profile, Profile::Gates | Profile::Classic56 | Profile::Classic6);
    let runs = |p: &PlannedProbe| !(matches!(p.reader, Reader::Sql) && p.spec.mode.is_generated());
    let left = |kept: usize, all: usize| {
        (kept < all)
            .then(|| "Text to SQL (E03) is left out: this page has no database. The command asks it.".to_owned())
    };
    if fixed {
        let plan = profile.plan();
        let n = plan.probes.len();
        let kept: Vec<PlannedProbe> = plan.probes.iter().filter(|p| runs(p)).cloned().collect();
        let left_out = left(kept.len(), n);
        let plan = if left_out.is_some() { Plan::of("custom", kept, ORDER_SEED) } else { plan };
        return Ok(Selection { plan, left_out, arguments: format!("--profile {}", profile.as_str()) });
    }
    let asked: Vec<&str> = if selected.probes.is_empty() {
        QUICK.to_vec()
    } else {
        CATALOGUE.iter().map(|e| e.id).filter(|id| selected.probes.iter().any(|p| p == id)).collect()
    };
    let most = selected.items.map(|n| n as usize).or((profile == Profile::Quick).then_some(QUICK_ITEMS));
    // As the command names a selection, so that the same items have the same ids.
    let name = if profile == Profile::Standard { profile.as_str() } else { "custom" };
    let mut probes: Vec<PlannedProbe> =
        headlines(&asked, most).iter().map(|(source, most)| source.plan(name, *most, ORDER_SEED)).collect();
    probes.retain(runs);
    if probes.is_empty() {
        return Err("nothing is left to ask: choose at least one probe other than E03".to_owned());
    }
    let ids: Vec<&str> = probes.iter().map(|p| p.spec.id.as_str()).collect();
    let mut arguments = format!("--probes {}", ids.join(","));
    if name != "custom" {
        arguments = format!("--profile {name} {arguments}");
    }
    if let Some(n) = selected.items {
        arguments = format!("{arguments} --items {n}");
    }
    let left_out = left(probes.len(), asked.len());
    Ok(Selection { plan: Plan::of(name, probes, ORDER_SEED), left_out, arguments })
}

/// A selection in the time that was given for it: of fewer probes, where the time allows too few items of all.
pub fn in_time(selected: &mut Selected, selection: &mut Selection, pace: Pace) -> Result<Plan, String> {
    let Some(minutes) = selected.minutes else { return Ok(selection.plan.clone()) };
    let open = matches!(selected.profile.as_str(), "quick" | "standard");
    if let Some(probes) = pace.narrow(&selection.plan, minutes * 60.0).filter(|_| open) {
        let all = selection.plan.probes.len();
        let few = format!(
            "Of {all} probes {} are asked, the quickest on this device ({}): in the time that is given the others would come to too few items to decide anything. More minutes ask more.",
            probes.len(),
            probes.join(", ")
        );
        selected.probes = probes;
        let left_out = selection.left_out.take();
        *selection = select(selected)?;
        selection.left_out = Some(left_out.map_or(few.clone(), |other| format!("{other} {few}")));
    }
    Ok(pace.fit(&selection.plan, minutes * 60.0))
}

/// Seconds that parts of an item take on this device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Per byte of a prompt: tokens follow bytes closely enough for a forecast.
    pub per_prompt_byte: f64,
    /// Per token written.
    pub per_token: f64,
}

/// Times label scores and a short generation, after one score that warms up: of one item, and of a whole pass where one item
/// shows that a pass is quick. A slow device is known well enough by one.
pub async fn pace(subject: &mut Paced<'_>, plan: &Plan, batch: usize) -> Result<Pace, engine::Error> {
    let mut found = Pace { per_prompt_byte: 0.0, per_token: 0.0 };
    let labelled = plan.probes.iter().find(|p| !p.spec.mode.is_generated());
    let written = plan.probes.iter().find(|p| p.spec.mode.is_generated());
    if let Some(probe) = labelled {
        let mut warm = queries(probe, 1);
        warm.truncate(1);
        for queries in [warm, queries(probe, 1), queries(probe, batch)] {
            let first = found.per_prompt_byte == 0.0;
            let started = Instant::now();
            subject.score(&queries).await?;
            let seconds = started.elapsed().as_secs_f64();
            let bytes: usize = queries.iter().flat_map(|q| &q.messages).map(|m| m.content.len()).sum();
            found.per_prompt_byte = seconds / bytes.max(1) as f64;
            if seconds > if first { WARM_S } else { SLOW_S } {
                break;
            }
        }
    }
    if let Some(probe) = written {
        for n in [1, batch] {
            let asks = probe.items.iter().take(n).filter_map(|item| item.asks.first());
            let queries: Vec<GenerateQuery> =
                asks.map(|a| GenerateQuery::greedy(a.messages.clone(), TIMED_TOKENS)).collect();
            let started = Instant::now();
            let answers = subject.generate(&queries).await?;
            let seconds = started.elapsed().as_secs_f64();
            let tokens: usize = answers.iter().map(|a| a.output_ids.len()).sum();
            found.per_token = seconds / tokens.max(1) as f64;
            if labelled.is_none() {
                let bytes: usize = queries.iter().flat_map(|q| &q.messages).map(|m| m.content.len()).sum();
                let prefill: f64 = answers.iter().map(|a| a.t_prefill_ns as f64 / 1e9).sum();
                found.per_prompt_byte = prefill / bytes.max(1) as f64;
            }
            if seconds > SLOW_S {
                break;
            }
        }
    }
    Ok(found)
}

/// What the first items of a probe ask.
fn queries(probe: &PlannedProbe, n: usize) -> Vec<LabelQuery> {
    let asks = probe.items.iter().take(n).flat_map(|item| &item.asks);
    asks.map(|a| LabelQuery { messages: a.messages.clone(), labels: a.labels.clone() }).collect()
}

/// A first prompt that takes longer, in seconds, shows how slow the device is: compiling the kernels takes no such time.
const WARM_S: f64 = 10.0;
/// One item that takes longer, in seconds, needs no second look.
const SLOW_S: f64 = 0.4;
/// Items of a probe that show at least what a model cannot do: of eight, three right have 0.755 as the upper end of their
/// exact 95% interval, below the threshold of 0.8; of one or two, none does.
const LEAST_ITEMS: usize = 8;
/// Tokens of each generation that is timed.
const TIMED_TOKENS: u32 = 4;
/// Of the tokens that an answer may have, the share that is written in the middle of the forecast.
const WRITTEN_SHARE: f64 = 0.5;
/// What a forecast from so few passes may be wrong by, besides the length of answers.
const SPREAD: f64 = 1.4;

impl Pace {
    /// Seconds of a plan: the middle, and what is not exceeded with 95%: every answer at full length, and a slower device.
    pub fn predict(self, plan: &Plan) -> (f64, f64) {
        let of = |share: f64| plan.probes.iter().map(|p| self.probe(p, share)).sum::<f64>();
        (of(WRITTEN_SHARE), of(1.0) * SPREAD)
    }

    fn probe(self, probe: &PlannedProbe, share: f64) -> f64 {
        let bytes = |messages: &[probes::Message]| messages.iter().map(|m| m.content.len()).sum::<usize>() as f64;
        let asked: f64 = probe.items.iter().flat_map(|i| &i.asks).map(|a| bytes(&a.messages)).sum();
        let blank: f64 = probe.blanks.iter().flat_map(|b| b.asks.iter().flatten()).map(|a| bytes(&a.messages)).sum();
        let written = if probe.spec.mode.is_generated() {
            f64::from(probe.spec.max_tokens) * share * (probe.items.len() * probe.spec.calls.len()) as f64
        } else {
            0.0
        };
        (asked + blank) * self.per_prompt_byte + written * self.per_token
    }

    /// The probes of a plan of which a time allows [`LEAST_ITEMS`] items each, by their ids, the quickest first to be taken: many
    /// probes with an item or two decide nothing. Nothing where all of them can be asked; at least one else.
    pub fn narrow(self, plan: &Plan, seconds: f64) -> Option<Vec<String>> {
        let few = |probe: &PlannedProbe| {
            let mut probe = probe.clone();
            probe.items.truncate(LEAST_ITEMS);
            self.probe(&probe, WRITTEN_SHARE)
        };
        let mut costs: Vec<(usize, f64)> = plan.probes.iter().map(few).enumerate().collect();
        costs.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut total = 0.0;
        let fits = costs.iter().take_while(|(_, cost)| {
            total += cost;
            total <= seconds
        });
        let n = fits.count().max(1);
        if n >= plan.probes.len() {
            return None;
        }
        let mut kept: Vec<usize> = costs.iter().take(n).map(|(i, _)| *i).collect();
        kept.sort_unstable();
        Some(kept.iter().filter_map(|i| plan.probes.get(*i)).map(|p| p.spec.id.clone()).collect())
    }

    /// The longest prefix of a plan whose middle forecast keeps a time; at least one item of each probe.
    pub fn fit(self, plan: &Plan, seconds: f64) -> Plan {
        let (mut low, mut high) = (plan.probes.len(), plan.n_items() as usize);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.predict(&plan.clone().cut_to(middle)).0 <= seconds { low = middle } else { high = middle - 1 }
        }
        plan.clone().cut_to(low)
    }
}

/// Bytes that a model takes on a device: its tensors, and keys and values of the whole context.
pub fn device_bytes(weights: &weights::Weights) -> u64 {
    let config = &weights.config;
    let context = engine::DEFAULT_CONTEXT_TOKENS.min(config.context);
    let cache = 2 * 4 * config.n_layers * config.n_kv_heads * config.head_dim * context;
    weights.tensor_bytes() + cache as u64
}

/// What WebAssembly can address at most, less what the program itself needs.
const MOST_WASM_BYTES: u64 = 3 << 30;

/// Why a model cannot run there, as far as its header tells.
pub fn refuse(weights: &weights::Weights, computes: Option<&Computes>) -> Option<String> {
    let bytes = device_bytes(weights);
    let mib = bytes >> 20;
    match computes {
        Some(Computes::Cpu) if bytes > MOST_WASM_BYTES => Some(format!(
            "it needs {mib} MiB, and WebAssembly can address {} MiB: use a smaller file, or a browser with WebGPU",
            MOST_WASM_BYTES >> 20
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(profile: &str, probes: &[&str], items: Option<u32>) -> Selected {
        let probes = probes.iter().map(|p| (*p).to_owned()).collect();
        Selected { profile: profile.to_owned(), probes, items, minutes: None }
    }

    #[test]
    fn what_needs_a_database_is_left_out_and_named() {
        let all = select(&selected("quick", &[], None)).unwrap();
        assert_eq!((all.plan.probes.len(), all.plan.n_items()), (17, 1_632));
        assert!(all.left_out.unwrap().contains("E03"));
        let one = select(&selected("quick", &["A09", "A01"], Some(24))).unwrap();
        assert_eq!((one.arguments.as_str(), one.left_out), ("--probes A01,A09 --items 24", None));
        assert!(select(&selected("quick", &["E03"], None)).is_err());
        assert!(select(&selected("quick", &["Z99"], None)).is_err() && select(&selected("", &[], None)).is_err());
    }

    #[test]
    fn a_selection_is_one_that_the_command_knows_again() {
        for chosen in [selected("quick", &["A01", "A09"], Some(24)), selected("standard", &[], Some(12))] {
            let plan = select(&chosen).unwrap().plan;
            let stated: Vec<(&str, usize)> = plan.probes.iter().map(|p| (p.spec.id.as_str(), p.items.len())).collect();
            let known = probes::profiles::plan_of(&plan.profile, &stated, &plan.sha256).expect("known");
            assert_eq!(known.sha256, plan.sha256);
        }
    }

    #[test]
    fn too_little_time_for_all_probes_asks_some_of_them_often_enough() {
        let mut asked = selected("quick", &[], None);
        asked.minutes = Some(2.0);
        let mut selection = select(&asked).unwrap();
        // A few seconds an item: two minutes would allow one or two of each.
        let pace = Pace { per_prompt_byte: 5e-3, per_token: 1e-1 };
        let plan = in_time(&mut asked, &mut selection, pace).unwrap();
        let fewest = plan.probes.iter().map(|p| p.items.len()).min().unwrap();
        assert!((1..17).contains(&plan.probes.len()) && fewest >= LEAST_ITEMS, "{} {fewest}", plan.probes.len());
        assert!(pace.predict(&plan).0 <= 120.0);
        assert!(selection.left_out.unwrap().contains("More minutes ask more"));
        // What is written down about the run selects the same plan again, from which it goes on.
        let again = select(&asked).unwrap();
        assert_eq!(again.plan.cut_to(plan.n_items() as usize).sha256, plan.sha256);
        assert_eq!(again.arguments, selection.arguments);
        // One that is slower still asks one probe, and a fast one all of them.
        let slow = Pace { per_prompt_byte: 1.0, per_token: 10.0 };
        assert_eq!(slow.narrow(&select(&selected("quick", &[], None)).unwrap().plan, 120.0).unwrap().len(), 1);
        asked.probes.clear();
        let mut all = select(&asked).unwrap();
        let fast = Pace { per_prompt_byte: 1e-6, per_token: 1e-4 };
        assert_eq!(in_time(&mut asked, &mut all, fast).unwrap().probes.len(), 17);
    }

    #[test]
    fn a_plan_is_cut_to_its_time() {
        let plan = select(&selected("quick", &["A01", "D01"], None)).unwrap().plan;
        let pace = Pace { per_prompt_byte: 1e-4, per_token: 1e-2 };
        let (middle, most) = pace.predict(&plan);
        assert!(middle > 0.0 && most > middle * SPREAD);
        let cut = pace.fit(&plan, middle / 2.0);
        assert!(pace.predict(&cut).0 <= middle / 2.0 && cut.n_items() < plan.n_items());
        assert_eq!(pace.fit(&plan, 0.0).n_items(), 2);
        assert_eq!(pace.narrow(&plan, middle), None);
        assert_eq!(pace.fit(&plan, 1e9).n_items(), plan.n_items());
    }
}
