//! Every kernel on this device against the function that defines it.

use std::rc::Rc;

use kernels::{Case, KERNELS, Kernel, Reduce, Role, Variant};

use super::device::Device;
use super::error::GpuError;

/// How one kernel did in one composition.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelFinding {
    /// The kernel.
    pub kernel: &'static str,
    /// The composition and the shape of the worst case.
    pub what: String,
    /// Largest difference.
    pub max_abs: f64,
    /// Largest difference allowed in that case.
    pub bound: f64,
    /// Why.
    pub reason: &'static str,
}

impl KernelFinding {
    /// Whether the difference is allowed; a NaN never is.
    pub fn passed(&self) -> bool {
        self.max_abs <= self.bound
    }
}

/// Runs every case of every kernel in the device's tier. `watch` hears each finding as it comes.
pub async fn parity(
    device: &Rc<Device>,
    watch: &mut dyn FnMut(&KernelFinding),
) -> Result<Vec<KernelFinding>, GpuError> {
    let mut findings = Vec::new();
    for kernel in KERNELS {
        for variant in compositions(kernel, device) {
            let mut worst: Option<KernelFinding> = None;
            for case in (kernel.cases)(&variant) {
                let found = run(device, kernel, &variant, &case).await?;
                let beyond = |f: &KernelFinding| f.max_abs / f.bound.max(f64::MIN_POSITIVE);
                if worst.as_ref().is_none_or(|w| beyond(&found) >= beyond(w) || !found.passed()) {
                    worst = Some(found);
                }
            }
            if let Some(finding) = worst {
                watch(&finding);
                findings.push(finding);
            }
        }
    }
    Ok(findings)
}

/// What the engine uses on this device, and every number of lanes that any device would use.
fn compositions(kernel: &'static Kernel, device: &Device) -> Vec<Variant> {
    let facts = device.facts();
    let subgroup = facts.subgroup_sizes.0;
    let mut all = Vec::new();
    for variant in kernel.variants(facts.tier) {
        if !kernel.overrides.contains(&"LANES") {
            all.push(variant);
            continue;
        }
        let most = if facts.tier.reduce == Reduce::Subgroup { subgroup.min(64) } else { 64 };
        for lanes in [4, 8, 16, 32, 64].into_iter().filter(|&lanes| lanes <= most) {
            // A kernel that gives a workgroup to a row has as many invocations as lanes.
            let workgroup = if kernel.needs.weight { 64 } else { lanes };
            all.push(variant.clone().with("WORKGROUP", workgroup).with("LANES", lanes));
        }
    }
    all
}

async fn run(
    device: &Rc<Device>,
    kernel: &'static Kernel,
    variant: &Variant,
    case: &Case,
) -> Result<KernelFinding, GpuError> {
    let mut buffers = Vec::with_capacity(case.buffers.len());
    for buffer in &case.buffers {
        let words = match buffer.role {
            Role::Input => buffer.words.clone(),
            Role::Output => vec![0; buffer.words.len()],
        };
        buffers.push(device.upload(kernel.name, &words)?);
    }
    let pipeline = device.pipeline(kernel, variant);
    device.record(&pipeline, &case.params, &buffers.iter().collect::<Vec<_>>(), case.grid);
    let mut max_abs: f64 = 0.0;
    for (expected, buffer) in case.buffers.iter().zip(&buffers).filter(|(b, _)| b.role == Role::Output) {
        let found = device.read(buffer, expected.words.len()).await?;
        max_abs = max_abs.max(expected.difference(&found));
    }
    Ok(KernelFinding {
        kernel: kernel.name,
        what: format!("{}: {}", variant.label(), case.what),
        max_abs,
        bound: case.tolerance,
        reason: case.reason,
    })
}
