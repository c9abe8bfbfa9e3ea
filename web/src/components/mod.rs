//! Parts of pages, each a view of plain state.

mod device;
mod own_model;
mod progress;
mod share;
mod tier;

pub use device::DeviceFacts;
pub use own_model::{Compared, OwnModel};
pub use progress::ProgressBar;
pub use share::Share;
pub use tier::TierTable;
