//! The `sweetspot` command: files, terminal, progress. Results go to stdout, everything else to stderr.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong use.

mod args;
mod args_cards;
mod args_classify;
mod args_exchange;
mod args_pull;
mod args_site;
mod args_speed;
mod args_tools;
mod commands;
mod corpus;
mod data_folder;
mod download;
mod extra_sources;
mod facts;
mod hub_cache;
mod input;
mod interrupt;
mod journal;
mod machine;
mod model;
mod output;
mod picture;
mod results;
mod selection;
mod sources;
mod sql;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;

/// The quantised demo models by name; the first runs where no model is named. None is Gemma.
pub static DEMO_MODELS: [(&str, &[u8]); 3] = [
    ("demo", include_bytes!("../../../static/models/demo.gguf")),
    ("demo-q4_0", include_bytes!("../../../static/models/demo-q4_0.gguf")),
    ("demo-tuned", include_bytes!("../../../static/models/demo-tuned.gguf")),
];

fn main() -> ExitCode {
    quiet_threads();
    let cli = Cli::parse();
    match run(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {}", console::style("error:").red().bold().for_stderr(), output::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// Keeps candle from threads that wait for one another by spinning; the engine hands out the work itself (see its
/// `cpu/matrix.rs`). candle reads their number from the environment alone, and a process cannot safely change its own while it
/// runs: so the program becomes itself once more, with the variable set. Where that fails it goes on as it is, only slower.
#[cfg(unix)]
fn quiet_threads() {
    use std::os::unix::process::CommandExt;

    const THREADS: &str = "CANDLE_NUM_THREADS";
    if std::env::var_os(THREADS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut words = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = words.next() {
        again.arg0(name);
    }
    let _failed = again.args(words).env(THREADS, "1").exec();
}

#[cfg(not(unix))]
fn quiet_threads() {}

fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Devices(args) => commands::devices::run(args),
        Command::Selftest(args) => commands::selftest::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Tokenize(args) => commands::tokenize::run(args),
        Command::Logits(args) => commands::logits::run(args),
        Command::Generate(args) => commands::generate::run(args),
        Command::Classify(args) => commands::classify::run(args),
        Command::Fit(args) => commands::fit::run(args),
        Command::Labels(args) => commands::labels::run(args),
        Command::Reference(args) => commands::reference::run(args),
        Command::Probes(args) => commands::probes::run(args),
        Command::Bench(args) => commands::bench::run(args),
        Command::Ab(args) => commands::ab::ab(args),
        Command::Agree(args) => commands::ab::agree(args),
        Command::Matrix(args) => commands::ab::matrix(args),
        Command::Compare(args) => commands::cards::compare::run(args),
        Command::Score(args) => commands::score::run(args),
        Command::Verify(args) => commands::cards::verify::run(args),
        Command::Publish(args) => commands::site::publish(args),
        Command::Site(args) => commands::site::run(args),
        Command::Replay(args) => commands::cards::replay::run(args),
        Command::Sign(args) => commands::cards::sign(args),
        Command::Link(args) => commands::cards::link(args),
        Command::Export(args) => commands::exchange::export(args),
        Command::Import(args) => commands::exchange::import(args),
        Command::Key(args) => commands::cards::key(args),
        Command::Items(args) => commands::items::run(args),
        Command::Pull(args) => commands::pull::run(args),
        Command::Data(args) => commands::data::run(args),
        Command::Resources(args) => commands::resources::run(args),
        Command::Speed(args) => commands::speed::run(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Audit(args) => commands::audit::run(args),
    }
}
