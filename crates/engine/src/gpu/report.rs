//! What a self-test of one tier gave: what the command prints, and what the page shows and shares.

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::Gpu;
use super::device::{Device, GpuFacts};
use super::parity::{Breadth, KernelFinding, parity};
use weights::Weights;

use crate::{Engine, Error, LoadOptions, SelfTest, compare_goldens, self_test};

/// What one tier of one device gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierReport {
    /// The device.
    pub device: GpuFacts,
    /// Whether every comparison passed.
    pub passed: bool,
    /// Every kernel in every composition against its definition.
    pub kernels: Vec<KernelFinding>,
    /// The frozen model against its goldens.
    pub model: SelfTest,
}

/// A model of the user's against its golden file, in one tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// The device.
    pub device: GpuFacts,
    /// Whether every comparison passed.
    pub passed: bool,
    /// The comparisons and label scores.
    pub model: SelfTest,
}

/// One kernel in all its compositions.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelSummary<'a> {
    /// The kernel.
    pub name: &'a str,
    /// Compositions that were run.
    pub n: usize,
    /// Those within their bound.
    pub n_passed: usize,
    /// The one nearest to its bound, or furthest beyond it.
    pub worst: &'a KernelFinding,
}

/// Runs every kernel and the frozen model in the device's tier. `watch` hears each kernel's finding as it comes.
pub async fn test_tier(device: &Rc<Device>, watch: &mut dyn FnMut(&KernelFinding)) -> Result<TierReport, Error> {
    let kernels = parity(device, None, Breadth::Device, watch).await?;
    let precision = device.facts().tier.precision;
    let model = self_test(precision, |config| Ok(Gpu::new(Rc::clone(device), config)?)).await?;
    let passed = model.passed() && !kernels.is_empty() && kernels.iter().all(KernelFinding::passed);
    Ok(TierReport { device: device.facts().clone(), passed, kernels, model })
}

/// Holds a model against a golden file, as [`compare_goldens`] does, in the device's tier.
pub async fn test_model(device: &Rc<Device>, weights: &Rc<Weights>, goldens: &[u8]) -> Result<ModelReport, Error> {
    let backend = Gpu::new(Rc::clone(device), weights.config.clone())?;
    let mut engine = Engine::load(backend, weights, LoadOptions::default(), &mut |_| ())?;
    let model = compare_goldens(&mut engine, goldens, device.facts().tier.precision).await?;
    Ok(ModelReport { device: device.facts().clone(), passed: model.passed(), model })
}

impl TierReport {
    /// One row for each kernel, in the order of the table.
    pub fn by_kernel(&self) -> Vec<KernelSummary<'_>> {
        let mut rows: Vec<KernelSummary<'_>> = Vec::new();
        for finding in &self.kernels {
            let n_passed = usize::from(finding.passed());
            match rows.iter_mut().find(|row| row.name == finding.kernel) {
                None => rows.push(KernelSummary { name: &finding.kernel, n: 1, n_passed, worst: finding }),
                Some(row) => {
                    row.n += 1;
                    row.n_passed += n_passed;
                    if finding.share() > row.worst.share() {
                        row.worst = finding;
                    }
                }
            }
        }
        rows
    }
}

/// The tier, a line for each kernel, a line for the model; further lines only where something failed.
impl fmt::Display for TierReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.device.tier.name())?;
        for KernelSummary { name, n, n_passed, worst } in self.by_kernel() {
            let verdict = if n_passed == n { "passed" } else { "FAILED" };
            let (found, bound) = (worst.max_abs, worst.bound);
            writeln!(f, "  {name:<13} {n_passed:>3}/{n:<3} {verdict}  worst {found:.1e} of {bound:.1e} allowed")?;
            if n_passed < n {
                writeln!(f, "                {} ({})", worst.what, worst.reason.trim())?;
            }
        }
        write!(f, "  frozen model  {}", self.model)
    }
}

/// The tier, and a line for the model.
impl fmt::Display for ModelReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  own model     {}", self.device.tier.name(), self.model)
    }
}

/// How many comparisons passed, and the worst; or the first that failed.
impl fmt::Display for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.findings.len();
        let n_passed = self.findings.iter().filter(|found| found.passed()).count();
        write!(f, "{n_passed:>3}/{n:<3} ")?;
        match (self.first_failure(), self.worst()) {
            (Some(first), _) => {
                write!(f, "FAILED  first at {}: {:.1e} of {:.1e} allowed", first.what, first.max_abs, first.bound)
            }
            (None, Some(worst)) => write!(f, "passed  worst {:.1e} of {:.1e} allowed", worst.max_abs, worst.bound),
            (None, None) => write!(f, "nothing was compared"),
        }
    }
}

/// The device: its name, what it has, what it allows.
impl fmt::Display for GpuFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let driver = if self.driver.is_empty() { String::new() } else { format!(", {}", self.driver) };
        let kind = if self.software { ", the CPU in disguise" } else { "" };
        writeln!(f, "{} ({}{driver}){kind}", self.name, self.backend)?;
        let tiers: Vec<String> = self.tiers.iter().map(|t| t.name().to_owned()).collect();
        writeln!(f, "  features: {}; tiers: {}", list(&self.features), list(&tiers))?;
        let (least, most) = self.subgroup_sizes;
        if most > 0 {
            writeln!(f, "  subgroups of {least} to {most}")?;
        }
        let (binding, buffer) = (self.max_binding_bytes >> 20, self.max_buffer_bytes >> 20);
        write!(
            f,
            "  largest binding {binding} MiB, largest buffer {buffer} MiB\n  workgroups of at most {} invocations and {} KiB",
            self.max_workgroup_invocations,
            self.max_workgroup_bytes >> 10
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Finding;

    fn finding(kernel: &str, what: &str, max_abs: f64) -> KernelFinding {
        let (kernel, what) = (kernel.to_owned(), what.to_owned());
        KernelFinding { kernel, what, max_abs, bound: 1.0, reason: "because".to_owned() }
    }

    #[test]
    fn a_report_counts_by_kernel_names_the_worst_and_survives_json() {
        let facts = r#"{"name":"G","backend":"webgpu","driver":"","tier":"f16+subgroups","tiers":["baseline","f16"],
            "features":[],"subgroup_sizes":[0,0],"max_binding_bytes":134217728,"max_buffer_bytes":268435456,
            "max_workgroup_invocations":256,"max_workgroup_bytes":16384,"software":false}"#;
        let report = TierReport {
            device: serde_json::from_str(facts).unwrap(),
            passed: false,
            kernels: vec![
                finding("a", "p", 0.5),
                finding("b", "q", 0.1),
                finding("a", "r", 2.0),
                finding("a", "s", 0.0),
            ],
            model: SelfTest {
                findings: vec![Finding { what: "logits".to_owned(), max_abs: 0.25, bound: 1.0 }],
                scored: vec![],
            },
        };
        let rows: Vec<_> =
            report.by_kernel().iter().map(|r| (r.name, r.n, r.n_passed, r.worst.what.as_str())).collect();
        assert_eq!(rows, [("a", 3, 2, "r"), ("b", 1, 1, "q")]);
        let text = report.to_string();
        assert!(text.starts_with("f16+subgroups\n") && text.contains("2/3   FAILED"), "{text}");
        assert!(text.contains("r (because)") && text.ends_with("worst 2.5e-1 of 1.0e0 allowed"), "{text}");
        let back: TierReport = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(back, report);
        assert!(serde_json::from_str::<GpuFacts>(&facts.replace("f16+subgroups", "best")).is_err());
    }
}
