//! May this device's numbers be believed?

use cards::{GateVerdict, Numerics};
use engine::{Bound, Comparison, Engine, Error, Ops, Reference, SelfTest};

/// The outcome of the gates, before any score.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The frozen model against its goldens; nothing where the numbers come from elsewhere.
    pub self_test: Option<SelfTest>,
    /// This model against its exact reference, if there is one.
    pub comparison: Option<Comparison>,
    /// sha256 of the reference.
    pub reference_sha256: Option<String>,
    /// Type of the activations: `f32`, `q8` where decoding rounds them, or `not stated`.
    pub activations: &'static str,
}

/// Compares an engine with the reference of its model, after the self-test of the same backend.
pub async fn gate<O: Ops>(
    engine: &mut Engine<O>,
    self_test: SelfTest,
    reference: Option<(&Reference, String)>,
    bound: Bound,
) -> Result<Gate, Error> {
    let activations = match bound {
        Bound::Largest(_) => "f32",
        Bound::RootMeanSquare(_) => "q8",
    };
    let Some((reference, sha256)) = reference else {
        return Ok(Gate { self_test: Some(self_test), comparison: None, reference_sha256: None, activations });
    };
    let comparison = reference.compare(engine, bound).await?;
    Ok(Gate { self_test: Some(self_test), comparison: Some(comparison), reference_sha256: Some(sha256), activations })
}

impl Gate {
    /// No gate: another machine computes, and nothing is known of its numbers.
    pub fn elsewhere() -> Self {
        Self { self_test: None, comparison: None, reference_sha256: None, activations: "not stated" }
    }

    /// The verdict that a card states.
    pub fn verdict(&self) -> GateVerdict {
        match &self.comparison {
            _ if self.self_test.as_ref().is_some_and(|t| !t.passed()) => GateVerdict::Fail,
            Some(comparison) if comparison.passed => GateVerdict::Pass,
            Some(_) => GateVerdict::Fail,
            None => GateVerdict::NotCompared,
        }
    }

    /// One sentence for a person.
    pub fn sentence(&self) -> String {
        let Some(self_test) = &self.self_test else {
            return "nothing is computed here, so nothing is compared with a reference".to_owned();
        };
        if let Some(failure) = self_test.first_failure() {
            return format!(
                "the self-test failed at {}: difference {:.1e}, allowed {:.1e}",
                failure.what, failure.max_abs, failure.bound
            );
        }
        let layers = self_test.findings.len();
        match &self.comparison {
            None => format!("self-test passed ({layers} comparisons); not compared with a reference of this model"),
            Some(c) => format!(
                "self-test passed ({layers} comparisons); {} of {} golden prompts agree with the exact reference, token ids {}, largest logit difference {:.1e}, rms {:.1e}, KL {:.1e} nats, {} not finite",
                c.top1_agree,
                c.n_prompts,
                if c.token_ids_equal { "equal" } else { "DIFFERENT" },
                c.max_abs_dlogit,
                c.rms_dlogit,
                c.mean_kl_nats,
                c.nan_count
            ),
        }
    }

    /// What a card states of it.
    pub fn numerics(&self) -> Numerics {
        let c = self.comparison.as_ref();
        Numerics {
            reference: self.reference_sha256.clone(),
            n_prompts: c.map_or(0, |c| c.n_prompts as u32),
            token_ids_equal: c.map(|c| c.token_ids_equal),
            top1_agree: c.map_or(0, |c| c.top1_agree as u32),
            max_abs_dlogit: c.map(|c| c.max_abs_dlogit),
            mean_kl: c.map(|c| c.mean_kl_nats),
            nan_count: c.map_or(0, |c| c.nan_count as u64),
            dtype: self.activations.to_owned(),
            verdict: self.verdict(),
        }
    }
}
