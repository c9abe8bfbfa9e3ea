//! The repository's own goldens: how they are made, and making them.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::job::Show;
use crate::python;

/// Options of `cargo xtask goldens`.
#[derive(Args)]
pub struct Options {
    /// Make them now, instead of saying how.
    #[arg(long)]
    run: bool,
}

const HOW: &str = "\
The goldens under goldens/data and the self-test model of the engine are committed and made by
goldens/make.py, seeded and with the pinned packages of goldens/requirements.txt. To make them again:

  cargo xtask goldens --run

which is the same as

  python3 -m venv target/goldens-venv
  target/goldens-venv/bin/pip install -r goldens/requirements.txt
  target/goldens-venv/bin/python goldens/make.py

The script prints how far two independent references differ and fails above its stated bound.
The same pins give the same model files, bit for bit; on another kind of CPU the last digits of a
golden may differ. `git status` shows what changed.";

/// Says how the goldens are made, or makes them.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    if !options.run {
        println!("{HOW}");
        return Ok(ExitCode::SUCCESS);
    }
    let pins = root.join("goldens/requirements.txt");
    let pins = std::fs::read_to_string(&pins).with_context(|| format!("cannot read {}", pins.display()))?;
    // The pins are arguments of pip, so that changed pins make the environment anew.
    let packages: Vec<&str> = requirements(&pins);
    let python = python::venv(root, &root.join("target/goldens-venv"), &packages)?;
    python.run(&["goldens/make.py"], Show::All)?;
    Ok(ExitCode::SUCCESS)
}

/// The requirement lines of a pip file, as arguments.
pub fn requirements(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.split_once('#').map_or(line, |(before, _)| before).trim())
        .filter(|line| !line.is_empty())
        .flat_map(str::split_whitespace)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_leave_out_comments_and_blank_lines() {
        let text = "# pins\nnumpy==2.3.0\n\n--index-url https://example.org  # where\ngguf==0.17\n";
        let expected = ["numpy==2.3.0", "--index-url", "https://example.org", "gguf==0.17"];
        assert_eq!(requirements(text), expected);
    }
}
