//! Every kernel on this device against the function that defines it.

use std::rc::Rc;

use kernels::{Case, Format, KERNELS, Kernel, Product, Reduce, Role, Variant};
use serde::{Deserialize, Serialize};

use super::device::Device;
use super::error::GpuError;
use super::shape;

/// How one kernel did in one composition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelFinding {
    /// The kernel.
    pub kernel: String,
    /// The composition and the shape of the worst case.
    pub what: String,
    /// Largest difference; infinite, which JSON writes as null, where a value is NaN or the device refused the kernel.
    pub max_abs: f64,
    /// Largest difference allowed in that case.
    pub bound: f64,
    /// Why so much is allowed; or what the device said, if it refused the kernel.
    pub reason: String,
}

impl KernelFinding {
    /// Whether the difference is allowed; a NaN never is.
    pub fn passed(&self) -> bool {
        self.max_abs <= self.bound
    }

    /// The difference as a share of what is allowed.
    pub(crate) fn share(&self) -> f64 {
        self.max_abs / self.bound.max(f64::MIN_POSITIVE)
    }
}

/// How many of a kernel's compositions are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// The lanes that the engine uses on this device in every weight format, and every other number of lanes in three
    /// formats that differ most: how lanes share a row and how a format is unpacked stand in files of their own.
    Device,
    /// Every number of lanes that any device would use, in every format.
    Every,
}

/// Formats in which every number of lanes is run: no block, blocks of 32, blocks of 256 with scales of their own.
const WITH_ALL_LANES: [Format; 3] = [Format::F32, Format::Q4_0, Format::Q6K];

/// Runs every case of every kernel, or of `only` one, in the device's tier. `watch` hears each finding as it comes.
pub async fn parity(
    device: &Rc<Device>,
    only: Option<&str>,
    breadth: Breadth,
    watch: &mut dyn FnMut(&KernelFinding),
) -> Result<Vec<KernelFinding>, GpuError> {
    let mut findings = Vec::new();
    let chosen = KERNELS.iter().filter(|k| only.is_none_or(|name| k.name == name));
    for kernel in chosen {
        for variant in compositions(kernel, device, breadth) {
            let mut worst: Option<KernelFinding> = None;
            for case in (kernel.cases)(&variant) {
                let found = match run(device, kernel, &variant, &case).await {
                    Ok(found) => found,
                    // A kernel that does not compile here: the others may, and the report should say which do.
                    Err(GpuError::Invalid { why }) => {
                        device.forgive();
                        finding(kernel, &variant, &case, f64::INFINITY, why)
                    }
                    Err(error) => return Err(error),
                };
                if worst.as_ref().is_none_or(|w| found.share() >= w.share() || !found.passed()) {
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

/// What the engine uses on this device, and other numbers of lanes.
pub(super) fn compositions(kernel: &'static Kernel, device: &Device, breadth: Breadth) -> Vec<Variant> {
    let facts = device.facts();
    let own = shape::few(facts, 1, shape::Of::Layer).lanes;
    let subgroup = facts.subgroup_sizes.0;
    let mut all = Vec::new();
    for mut variant in kernel.variants(facts.tier) {
        let is_spread = variant.product == Some(Product::Spread);
        if is_spread {
            let Some(size) = shape::spread_size(facts) else { continue };
            variant = variant.with("SPREAD", size);
        }
        if !kernel.overrides.contains(&"LANES") {
            all.push(variant);
            continue;
        }
        let most = if facts.tier.reduce == Reduce::Subgroup { subgroup.min(64) } else { 64 };
        let has_rows = kernel.overrides.contains(&"ROWS");
        for lanes in [1, 4, 8, 16, 32, 64].into_iter().filter(|&lanes| lanes <= most) {
            let is_other = lanes != own && variant.format.is_some_and(|format| !WITH_ALL_LANES.contains(&format));
            if (is_spread && lanes > 1) || (breadth == Breadth::Device && is_other) {
                continue;
            }
            // A kernel that gives a workgroup to a row has as many invocations as lanes.
            let is_row = !kernel.needs.weight && !kernel.needs.row_sum;
            let workgroup = if is_row { lanes } else { 64 };
            let with_lanes = variant.clone().with("WORKGROUP", workgroup).with("LANES", lanes);
            // Rows of a workgroup take turns with the lanes, so that there are not too many compositions.
            let rows = match lanes {
                1 if is_spread => 4,
                4 => 2,
                8 => 4,
                _ => 1,
            };
            all.push(if has_rows { with_lanes.with("ROWS", rows) } else { with_lanes });
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
            Role::Output => buffer.before.clone().unwrap_or_else(|| vec![0; buffer.words.len()]),
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
    Ok(finding(kernel, variant, case, max_abs, case.reason.to_owned()))
}

fn finding(kernel: &Kernel, variant: &Variant, case: &Case, max_abs: f64, reason: String) -> KernelFinding {
    let what = format!("{}: {}", variant.label(), case.what);
    KernelFinding { kernel: kernel.name.to_owned(), what, max_abs, bound: case.tolerance, reason }
}

/// How many compositions [`parity`] runs on a device.
pub fn n_compositions(device: &Device, breadth: Breadth) -> usize {
    KERNELS.iter().map(|kernel| compositions(kernel, device, breadth).len()).sum()
}
