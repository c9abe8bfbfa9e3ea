//! Parts of pages, each a view of plain state.

mod device;
mod file_card;
mod filters;
mod levels;
mod link_card;
mod open_box;
mod other_card;
mod own_model;
mod progress;
mod published;
mod refused;
mod replay_here;
mod saved;
mod share;
mod text;
mod tier;

pub use device::DeviceFacts;
pub use file_card::FiledCard;
pub use filters::Filters;
pub use levels::Contradicted;
pub use link_card::{LinkedCard, name_of};
pub use open_box::{OpenBox, take_drops};
pub use other_card::OtherFiled;
pub use own_model::{Compared, OwnModel};
pub use progress::ProgressBar;
pub use published::VerifyPublished;
pub use refused::{HeadingLevel, Refused};
pub use replay_here::ReplayHere;
pub use share::Share;
pub use text::{Foreign, Mark};
pub use tier::TierTable;
