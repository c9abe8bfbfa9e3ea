//! What can go wrong on a GPU, each in one sentence.

/// What else there is to compute on.
const ELSEWHERE: &str = if cfg!(target_arch = "wasm32") { "use another browser or device" } else { "use --device cpu" };

/// An error of the GPU backend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is no adapter.
    #[error("no GPU was found ({why}): {}", ELSEWHERE)]
    NoAdapter {
        /// What the system said.
        why: String,
    },
    /// The only adapter is the CPU in disguise.
    #[error("the only GPU is {name}, which is the CPU in disguise, and slow: {}", ELSEWHERE)]
    OnlySoftware {
        /// The adapter.
        name: String,
    },
    /// The adapter lacks what the tier needs.
    #[error("this GPU has no tier {wanted}: it has {has}")]
    TierMissing {
        /// The tier asked for.
        wanted: &'static str,
        /// Those there are.
        has: String,
    },
    /// The adapter gave no device.
    #[error("{name} gave no device ({why}): close other programs that use the GPU, or {}", ELSEWHERE)]
    Refused {
        /// The adapter.
        name: String,
        /// What it said.
        why: String,
    },
    /// A buffer beyond what one may be.
    #[error(
        "{label} needs {bytes} bytes, and this GPU allows {most} in one piece: use a shorter context or fewer rows"
    )]
    TooLarge {
        /// What it is for.
        label: String,
        /// Its bytes.
        bytes: u64,
        /// Bytes allowed.
        most: u64,
    },
    /// A shape that the kernels do not compute.
    #[error("the GPU kernels need {what}: {}", ELSEWHERE)]
    Shape {
        /// What they need, and what was found.
        what: String,
    },
    /// The memory is full.
    #[error("the GPU has not enough memory: use a smaller model or context, close other programs, or {}", ELSEWHERE)]
    OutOfMemory,
    /// A defect of ours.
    #[error("the GPU refused a command, which is a defect of this program: {why}")]
    Invalid {
        /// What wgpu said.
        why: String,
    },
    /// A defect of the driver or a limit that nobody states.
    #[error("the GPU driver failed: {why}; update it, or {}", ELSEWHERE)]
    Internal {
        /// What wgpu said.
        why: String,
    },
    /// The device has gone.
    #[error("the GPU was lost ({why}): run again, or {}", ELSEWHERE)]
    Lost {
        /// What wgpu said.
        why: String,
    },
}
