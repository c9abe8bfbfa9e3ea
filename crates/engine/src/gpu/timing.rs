//! How long a kernel takes, for whoever changes it: a comparison with itself, not a claim about speed.

use std::rc::Rc;

use kernels::{KERNELS, Role};

use super::device::Device;
use super::error::GpuError;
use super::parity::{Breadth, compositions};

/// What one composition of a kernel takes.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelTime {
    /// The composition and the shape.
    pub what: String,
    /// Median time of a dispatch, in seconds, waiting for the device included.
    pub seconds: f64,
}

/// Dispatches in one submission.
const DISPATCHES: usize = 64;
/// Submissions, of which the median is taken.
const SUBMITS: usize = 5;

/// Times every composition of a kernel at the largest of its parity shapes. `now` is a clock in seconds.
pub async fn kernel_times(device: &Rc<Device>, name: &str, now: &dyn Fn() -> f64) -> Result<Vec<KernelTime>, GpuError> {
    let mut times = Vec::new();
    for kernel in KERNELS.iter().filter(|k| k.name == name) {
        for variant in compositions(kernel, device, Breadth::Every) {
            let words = |case: &kernels::Case| case.buffers.iter().map(|b| b.words.len()).sum::<usize>();
            let Some(case) = (kernel.cases)(&variant).into_iter().max_by_key(words) else { continue };
            let mut buffers = Vec::with_capacity(case.buffers.len());
            for buffer in &case.buffers {
                buffers.push(device.upload(kernel.name, &buffer.words)?);
            }
            let output = case.buffers.iter().position(|b| b.role == Role::Output).unwrap_or(0);
            let pipeline = device.pipeline(kernel, &variant);
            let mut seconds = Vec::with_capacity(SUBMITS);
            // The first submission compiles, and is not counted.
            for submit in 0..=SUBMITS {
                let start = now();
                for _ in 0..DISPATCHES {
                    device.record(&pipeline, &case.params, &buffers.iter().collect::<Vec<_>>(), case.grid);
                }
                device.read(&buffers[output], 1).await?;
                if submit > 0 {
                    seconds.push((now() - start) / DISPATCHES as f64);
                }
            }
            seconds.sort_by(f64::total_cmp);
            let what = format!("{}: {}", variant.label(), case.what);
            times.push(KernelTime { what, seconds: seconds[SUBMITS / 2] });
        }
    }
    Ok(times)
}
