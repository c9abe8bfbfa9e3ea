//! One module per command.

pub mod ab;
pub mod audit;
pub mod bench;
pub mod cards;
pub mod classify;
pub mod data;
pub mod devices;
pub mod doctor;
pub mod exchange;
pub mod fit;
pub mod generate;
pub mod inspect;
pub mod items;
pub mod labels;
pub mod logits;
pub mod probes;
pub mod pull;
pub mod reference;
pub mod resources;
pub mod score;
pub mod selftest;
pub mod site;
pub mod speed;
pub mod tokenize;

use std::io::Read;

use anyhow::Context;

/// The text given, or all of stdin for `-`.
fn text_or_stdin(text: &str) -> anyhow::Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read stdin")?;
    String::from_utf8(bytes)
        .map_err(|e| anyhow::anyhow!("stdin is not UTF-8 text: byte {} is invalid", e.utf8_error().valid_up_to()))
}
