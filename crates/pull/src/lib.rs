//! Models from elsewhere: what a user may name, what the Hugging Face hub answers, and a download as a state machine.
//!
//! The same in the browser and on the command line. Pure: no network, no files, no clock. An edge sends the requests,
//! stores the bytes and waits; [`Transfer`] says what to do next and judges what came back. The cache of the hub's own
//! programs is described by [`layout`], so that what one program has fetched the other finds.

mod digest;
mod error;
mod head;
mod hub;
mod known;
pub mod layout;
mod room;
mod transfer;
mod what;

pub use digest::{Digest, Hasher};
pub use error::{Error, shown};
pub use head::Head;
pub use hub::{Endpoint, HubFile, Listing, MAX_ANSWER, choose};
pub use known::{Access, GEMMA_NOTICE, GEMMA_TERMS, KNOWN, Known, Size, known};
pub use room::{RESERVE, fits};
pub use transfer::{
    Action, Auth, Checked, Conditional, Event, Finished, Mode, Options, Partial, Request, Saved, Token, Transfer,
    Wanted,
};
pub use what::{HubRef, Repo, What, address};

// The type of every address here.
pub use url::Url;
