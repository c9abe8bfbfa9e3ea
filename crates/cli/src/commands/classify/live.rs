//! Labels on stdout, as soon as they are there.

use anyhow::bail;
use classifier::Point;
use engine::{Ops, Terminator};
use serde_json::{Map, Value, json};
use trial::{Classifier, Text, TextLabel};

use super::{round6, say_terminator};
use crate::args::Mode;
use crate::args_classify::ClassifyArgs;
use crate::corpus::{Content, Corpus, Row};
use crate::interrupt::Interrupt;
use crate::output;

/// Labels rows and prints each. A row that cannot be read ends the command: nobody sees to what is printed.
pub fn run<O: Ops>(
    args: &ClassifyArgs,
    classifier: &mut Classifier<'_, O>,
    mut corpus: Corpus,
    cut: Option<&Point>,
) -> anyhow::Result<()> {
    let interrupt = Interrupt::listen()?;
    say_terminator(classifier);
    let labels = classifier.labels().to_vec();
    let mut n_done = 0;
    loop {
        let group = group(args, &mut corpus)?;
        if group.is_empty() {
            break;
        }
        let texts: Vec<Text<'_>> =
            group.iter().map(|(_, content)| Text { text: &content.text, options: &content.options }).collect();
        let found = pollster::block_on(classifier.classify(&texts))?;
        for ((row, content), found) in group.iter().zip(&found) {
            if let Some(why) = &found.labelled.refused {
                bail!("{}, row {}: {why}", corpus.name, row.line);
            }
            let labels = if labels.is_empty() { &content.options } else { &labels };
            print(args, labels, &classifier.terminator, (row, content), found, cut)?;
        }
        if n_done == 0 && args.probe.is_none() && args.head.is_none() {
            eprintln!(
                "note: these scores are not calibrated; --probe and --head give labels whose accuracy was counted"
            );
        }
        n_done += group.len();
        if interrupt.raised() {
            eprintln!("stopped after {n_done} texts");
            bail!("interrupted");
        }
    }
    if n_done == 0 {
        bail!("the input holds no text: give one text per line");
    }
    Ok(())
}

fn group(args: &ClassifyArgs, corpus: &mut Corpus) -> anyhow::Result<Vec<(Row, Content)>> {
    let (first, last) = args.rows.unwrap_or((1, u64::MAX));
    let mut group = Vec::new();
    while group.len() < args.batch as usize {
        let Some(row) = corpus.row()? else { break };
        if row.number < first {
            continue;
        }
        if row.number > last {
            break;
        }
        match row.content.clone() {
            Ok(content) => group.push((row, content)),
            Err(why) => bail!("{}, line {}: {why}", corpus.name, row.line),
        }
    }
    Ok(group)
}

fn print(
    args: &ClassifyArgs,
    labels: &[String],
    terminator: &Terminator,
    (row, content): (&Row, &Content),
    found: &TextLabel,
    cut: Option<&Point>,
) -> anyhow::Result<()> {
    let labelled = &found.labelled;
    let probabilities = labelled.probabilities();
    let margin_nats = labelled.margin.unwrap_or(0.0);
    let kept = cut.is_none_or(|cut| margin_nats >= cut.margin);
    let best = labelled.label.unwrap_or(0);
    let label = labels.get(best).filter(|_| kept);
    let p = probabilities.get(best).copied().unwrap_or(0.0);
    let second = probabilities.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, p)| *p).fold(0.0, f64::max);
    if !args.json {
        let label = label.map_or("(abstained)", String::as_str);
        let text = output::visible(&content.text);
        return output::line(&format!("{label:<16} p {p:.3}  margin {:.3}  {text}", p - second));
    }
    let by_label = |values: &[f64]| -> Map<String, Value> {
        labels.iter().cloned().zip(values.iter().map(|v| json!(v))).collect()
    };
    let id = content.id.clone().unwrap_or_else(|| json!(row.line));
    let mut object = json!({
        "id": id, "text": content.text, "label": label, "scores": by_label(&labelled.scores),
        "probs": by_label(&probabilities), "margin": p - second, "margin_nats": round6(margin_nats),
    });
    if let Some(object) = object.as_object_mut() {
        let (how, calibrated) = match (&args.probe, &args.head, args.mode) {
            (Some(_), ..) => ("probe", true),
            (_, Some(_), _) => ("head", true),
            (.., Mode::Exact) => ("exact", false),
            (.., Mode::LabelRelative) => ("label-relative", false),
        };
        object.insert("mode".to_owned(), json!(how));
        object.insert("calibrated".to_owned(), json!(calibrated));
        if !kept {
            object.insert("abstained".to_owned(), json!(true));
        }
        match terminator {
            Terminator::None => {}
            Terminator::EndOfTurn => drop(object.insert("terminator".to_owned(), json!("<end_of_turn>"))),
            Terminator::Newline => drop(object.insert("terminator".to_owned(), json!("\n"))),
        }
    }
    output::json(&object)
}
