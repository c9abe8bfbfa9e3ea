//! One trial: a model put through a battery, giving a card, as a stream of events.
//!
//! The only library that sees both sides: [`EngineSubject`] answers the battery's questions with an engine,
//! [`gate`] decides whether the engine's numbers may be believed on this device, and [`run`] does the whole trial.

mod classify;
mod constrain;
mod draft;
mod gate;
mod journal;
mod planner;
mod replay;
mod resources;
mod run;
mod sample;
mod speed;
mod subject;

pub use classify::{Classifier, ClassifyError, Reader, Template, Text, TextLabel, Turn, Way};
pub use draft::{DemoModel, Facts};
pub use gate::{Gate, gate};
pub use journal::{JournalError, JournalHeader, JournalRead, MAX_JOURNAL_LINE, journal_line, keep_in, read_journal};
pub use planner::{Prediction, Rates, smoke, smoke_subject};
pub use replay::{Drawn, ReplayError, ReplayStatement, replay};
pub use resources::{WARM_UP_PROMPTS, first_tokens, resources};
pub use run::{Error, Event, Outcome, Statement, label_tokens, run, run_subject};
pub use speed::{ItemTimes, item_times, shape_times};
pub use subject::EngineSubject;
