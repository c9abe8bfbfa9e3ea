//! Logs as trainers write them, sound and broken.

use super::LogForm::{Lines, Objects, Table, TrainerState};
use super::*;

fn found(text: &str) -> Diagnosis {
    diagnose(text).unwrap_or_else(|e| panic!("{e}"))
}

/// Ids with their severities.
fn ids(text: &str) -> Vec<(String, Severity)> {
    found(text).findings.into_iter().map(|f| (f.id, f.severity)).collect()
}

fn named(text: &str) -> Vec<String> {
    ids(text).into_iter().map(|(id, _)| id).collect()
}

fn lines_of<T>(rows: impl Iterator<Item = T>, line: impl Fn(T) -> String) -> String {
    rows.map(line).collect()
}

/// A loss that falls from 2.4 towards 1.2, with some noise that repeats.
fn sound_loss(step: u32) -> f64 {
    let noise = [0.03, -0.05, 0.01, 0.06, -0.02, -0.04, 0.05][step as usize % 7];
    1.2 + 1.2 * (-f64::from(step) / 30.0).exp() + noise
}

fn sound_rows() -> impl Iterator<Item = (u32, f64, f64, f64)> {
    // Step, loss, norm, a learning rate that rises for ten rows and falls to 0.
    (1..=100).map(|i| {
        let rate = if i <= 10 { f64::from(i) * 1e-6 } else { f64::from(100 - i) * 1e-5 / 90.0 };
        (i * 10, sound_loss(i), 0.8 + 0.1 * f64::from(i % 5), rate)
    })
}

const NUMERIC: &str = "Numeric fault likely: ";

/// The verdict is a fault in the numbers and says so before it says anything about the task.
fn numeric_fault_first(text: &str, first: &str) -> Diagnosis {
    let diagnosis = found(text);
    assert_eq!(diagnosis.verdict, Verdict::NumericFault, "{diagnosis:#?}");
    assert!(diagnosis.sentence.starts_with(NUMERIC), "{}", diagnosis.sentence);
    let cannot = diagnosis.sentence.find("cannot").unwrap_or(usize::MAX);
    assert!(diagnosis.sentence.find("fault").unwrap() < cannot, "{}", diagnosis.sentence);
    assert_eq!(diagnosis.findings[0].id, first);
    assert!(diagnosis.findings.windows(2).all(|w| w[0].severity <= w[1].severity));
    diagnosis
}

#[test]
fn a_sound_log_has_no_findings_in_any_form() {
    let mut forms = vec![
        lines_of(sound_rows(), |(s, l, g, r)| {
            format!("{{\"step\": {s}, \"loss\": {l}, \"grad_norm\": {g}, \"learning_rate\": {r}}}\n")
        }),
        lines_of(sound_rows(), |(s, l, g, r)| format!("step {s} loss {l:.3} grad_norm {g:.2} lr {r:.2e}\n")),
        lines_of(sound_rows(), |(_, l, g, r)| {
            format!("{{'loss': {l:.4}, 'grad_norm': {g}, 'learning_rate': {r}, 'epoch': 0.5}}\n")
        }),
        lines_of(sound_rows(), |(s, l, _, r)| {
            format!(
                "Iter {s}: Train loss {l:.3}, Learning Rate {r:.3e}, It/sec 1.204, Tokens/sec 512.113, Trained Tokens {}, Peak mem 5.104 GB\n",
                s * 400
            )
        }),
        lines_of(sound_rows(), |(s, l, g, r)| {
            format!(
                "[2024-05-01 10:00:0{},123] INFO trainer: step={s}/1000 | loss: {l:.3} | aux loss: 0.0 | lr: {r:.2e} | norm: {g}\n",
                s % 10
            )
        }),
        format!(
            "step,loss,grad_norm,learning_rate,comment\n{}",
            lines_of(sound_rows(), |(s, l, g, r)| format!("{s},{l},{g},{r},\"a, \"\"b\"\"\"\n"))
        ),
        format!(
            "Step\tTraining Loss\tValidation Loss\n{}",
            lines_of(sound_rows(), |(s, l, _, _)| format!("{s}\t{l}\t{}\n", l + 0.1))
        ),
        format!(
            "  iter   train_loss     tok/s     tokens\n{}",
            lines_of(sound_rows(), |(s, l, _, _)| format!(
                "  {s:>4}    {l:>5.3} \u{25bc}    1,512    {:>5.1}k\n  {s:>4}    val {:.3}    3.11s\n",
                f64::from(s) / 10.0,
                l + 0.1
            ))
        ),
    ];
    let history: Vec<String> = sound_rows()
        .map(|(s, l, g, r)| format!("    {{\n      \"epoch\": 0.1,\n      \"grad_norm\": {g},\n      \"learning_rate\": {r},\n      \"loss\": {l},\n      \"step\": {s}\n    }}"))
        .collect();
    forms.push(format!("[\n{}\n]", history.join(",\n")));
    forms.push(format!(
        "{{\n  \"best_metric\": null,\n  \"log_history\": [\n{}\n  ],\n  \"max_steps\": 1000\n}}\n",
        history.join(",\n")
    ));
    for text in &forms {
        let diagnosis = found(text);
        assert_eq!(diagnosis.findings, [], "{text:.200}");
        assert_eq!((diagnosis.verdict, diagnosis.losses), (Verdict::NothingFound, 100), "{text:.200}");
        if !text.starts_with("{'loss") {
            assert_eq!(diagnosis.steps, Some([10.0, 1000.0]), "{text:.200}");
        }
    }
    let read: Vec<LogForm> = forms.iter().map(|text| found(text).form).collect();
    assert_eq!(read, [Lines, Lines, Lines, Lines, Lines, Table, Table, Lines, Objects, TrainerState]);
}

#[test]
fn golden_loss_zero_is_a_numeric_fault_first() {
    let text = "{'loss': 0.0, 'grad_norm': nan, 'learning_rate': 0.0002, 'epoch': 0.31}\n\
        {'loss': 0.0, 'grad_norm': nan, 'learning_rate': 0.0001, 'epoch': 0.62}\n\
        {'train_runtime': 54.1, 'train_loss': 0.0, 'epoch': 1.0}\n";
    let diagnosis = numeric_fault_first(text, "zero_loss");
    assert_eq!(named(text), ["zero_loss", "nonfinite_norm"]);
    let zero = &diagnosis.findings[0];
    assert_eq!((zero.k, zero.n, zero.evidence.len()), (2, 2, 2), "the summary is no row");
    assert_eq!(zero.evidence[0].epoch, Some(0.31));
    assert!(zero.sentence.contains("in 2 of 2 rows, from epoch 0.31 on"), "{}", zero.sentence);
    // Zeros alone, from the start and after a sound loss.
    numeric_fault_first("step,loss\n10,0.0\n20,0\n30,0.000\n", "zero_loss");
    let later = "step 10 loss 2.31\nstep 20 loss 2.10\nstep 30 loss 0.0\nstep 40 loss 0.0\nstep 50 loss 0.0\n";
    let diagnosis = numeric_fault_first(later, "zero_loss");
    assert!(diagnosis.findings[0].sentence.contains("3 of 5 rows, from step 30 on, after 2.1"), "{diagnosis:#?}");
    assert_eq!(ids(later)[1], ("sudden_drop".to_string(), Severity::Fault));
}

#[test]
fn golden_nan_norm_is_a_numeric_fault_first() {
    for literal in ["NaN", "nan", "Infinity", "-inf", "\"nan\""] {
        let rows: String = lines_of(1..=5, |i| format!("{{\"step\": {i}, \"loss\": 2.1, \"grad_norm\": {literal}}}\n"));
        let diagnosis = numeric_fault_first(&rows, "nonfinite_norm");
        assert_eq!((diagnosis.findings[0].k, diagnosis.findings[0].evidence[0].step), (5, Some(1.0)), "{literal}");
    }
    let state =
        "{\"log_history\": [{\"grad_norm\": NaN, \"loss\": 0.0, \"step\": 10}, {\"eval_loss\": NaN, \"step\": 10}]}";
    numeric_fault_first(state, "zero_loss");
    assert_eq!(named(state), ["zero_loss", "nonfinite_loss", "nonfinite_norm"]);
    assert_eq!(found(state).form, TrainerState);
    numeric_fault_first("step 10 loss 0.5 grad_norm nan", "nonfinite_norm");
    numeric_fault_first("Iter 10: Train loss nan, Learning Rate 1.000e-05, It/sec 1.2", "nonfinite_loss");
}

#[test]
fn golden_pad_samples_are_a_numeric_fault_first() {
    let pads = "<pad>".repeat(50);
    let ids = format!("[{}]", vec!["0"; 50].join(", "));
    for sample in [pads.as_str(), "<unused3> <eos>", ids.as_str()] {
        let diagnosis = numeric_fault_first(&format!("step 10 loss 2.1\nSample output: {sample}\n"), "pad_samples");
        assert_eq!((diagnosis.findings[0].k, diagnosis.findings[0].n), (1, 1));
        numeric_fault_first(&format!("{{\"step\": 10, \"loss\": 2.0, \"sample\": \"{sample}\"}}"), "pad_samples");
    }
    numeric_fault_first(
        &format!("{{\"step\": 10, \"loss\": 2.0, \"samples\": [\"{pads}\", \"<pad>\"]}}"),
        "pad_samples",
    );
    numeric_fault_first(&format!("{{\"step\": 10, \"output_ids\": {ids}}}"), "pad_samples");
    numeric_fault_first("step,loss,text\n10,2.1,<pad><pad>\n20,2.0,\n", "pad_samples");
    // One of four is a warning; text that holds such a token is text.
    let mixed =
        "{\"output\": \"<pad>\", \"loss\": 2}\n".to_string() + &"{\"output\": \"a word\", \"loss\": 2}\n".repeat(3);
    assert_eq!(tests::ids(&mixed), [("pad_samples".to_string(), Severity::Warning)]);
    assert_eq!(named("{\"output\": \"<b>word</b> <pad>\", \"loss\": 2}"), [""; 0]);
    assert_eq!(tests::ids("{\"output\": \"\", \"loss\": 2}"), [("empty_samples".to_string(), Severity::Warning)]);
}

#[test]
fn the_sampler_s_error_is_found_anywhere() {
    let traceback = "Traceback (most recent call last):\n  File \"run.py\", line 3\nRuntimeError: probability tensor contains \
        either `inf`, `nan` or element < 0\n";
    let diagnosis = numeric_fault_first(traceback, "sampling_error");
    assert_eq!((diagnosis.rows, diagnosis.findings[0].evidence[0].line), (0, 3));
    let quoted = "{\"step\": 10, \"loss\": 2.1, \"error\": \"contains inf, nan or element < 0\"}";
    assert_eq!(named(quoted), ["sampling_error"]);
    assert_eq!(named("step 10 loss 2.1\nassert every element < 0\n"), [""; 0]);
}

#[test]
fn a_drop_of_nine_tenths_within_five_rows_is_a_warning() {
    let rows = |losses: &[f64]| lines_of(losses.iter().enumerate(), |(i, l)| format!("step {i} loss {l}\n"));
    assert_eq!(ids(&rows(&[2.5, 2.0, 1.0, 0.5, 0.3, 0.25])), [("sudden_drop".to_string(), Severity::Warning)]);
    let found = found(&rows(&[2.5, 2.0, 1.0, 0.5, 0.3, 0.25, 0.24, 0.23]));
    assert_eq!((found.findings[0].k, found.findings[0].evidence[0].step), (1, Some(5.0)));
    assert_eq!(found.findings[0].evidence[0].value, "0.25 after 2.5");
    // Six rows later, by less, and among losses that are small anyway.
    for losses in [&[2.5, 2.0, 1.0, 0.8, 0.5, 0.3, 0.24][..], &[2.5, 0.26], &[0.19, 0.001]] {
        assert_eq!(named(&rows(losses)), [""; 0], "{losses:?}");
    }
}

#[test]
fn few_bad_rows_among_sound_ones_are_warnings() {
    let rows = |bad: &dyn Fn(u32) -> (f64, f64)| -> String {
        lines_of((1..=100).map(|i| (i, bad(i))), |(i, (loss, norm))| format!("step {i} loss {loss} grad_norm {norm}\n"))
    };
    let warned = |text: &str| ids(text).iter().map(|(id, s)| (id.clone(), *s == Severity::Warning)).collect::<Vec<_>>();
    // A loss scaler passes over the first steps.
    let scaler = rows(&|i| (sound_loss(i), if i < 4 { f64::INFINITY } else { 1.0 }));
    assert_eq!(warned(&scaler), [("nonfinite_norm".to_string(), true)]);
    assert_eq!(found(&scaler).verdict, Verdict::Warnings);
    assert_eq!(
        warned(&rows(&|i| (sound_loss(i), if i > 97 { f64::NAN } else { 1.0 }))),
        [("nonfinite_norm".to_string(), false)]
    );
    assert_eq!(
        warned(&rows(&|i| (if i == 50 { f64::NAN } else { sound_loss(i) }, 1.0))),
        [("nonfinite_loss".to_string(), true)]
    );
    let one_zero = warned(&rows(&|i| (if i == 50 { 0.0 } else { sound_loss(i) }, 1.0)));
    assert_eq!(one_zero, [("zero_loss".to_string(), true), ("sudden_drop".to_string(), true)]);
    // Learnt by heart: the loss falls to what prints as 0.
    let learnt: String = lines_of(1..=60, |i| format!("step {i} loss {:.4}\n", 2.0 * (-f64::from(i) / 5.0).exp()));
    assert_eq!(warned(&learnt), [("zero_loss".to_string(), true)]);
}

#[test]
fn masks_are_judged_from_shares_and_from_tokens() {
    let one = |text: &str| ids(text).into_iter().next().map(|(id, s)| (id == "label_mask", s));
    let warn = Some((true, Severity::Warning));
    assert_eq!(one("{\"loss\": 2, \"mask\": 0.995}"), warn);
    assert_eq!(one("step,loss,tokens,trainable_tokens\n1,2,1000,6\n2,2,1000,8\n"), warn);
    assert_eq!(one("step,loss,masked\n1,2,99.5\n2,2,99.7\n"), warn, "in percent");
    assert_eq!(one("{\"loss\": 2, \"mask_share\": 0}"), Some((true, Severity::Note)));
    assert_eq!(one("{\"loss\": 2, \"tokens\": 900, \"trainable_tokens\": 900}"), Some((true, Severity::Note)));
    assert_eq!(one("{\"loss\": 2, \"mask\": 0.6}"), None);
    assert_eq!(one("{\"loss\": 2, \"tokens\": 900, \"trainable_tokens\": 1200}"), None, "that cannot be");
    let masked = found("{\"loss\": 2.5, \"tokens\": 900, \"trainable_tokens\": 0}");
    assert_eq!((masked.verdict, masked.findings[0].severity), (Verdict::DataFault, Severity::Fault));
    assert!(masked.sentence.starts_with("Fault in the data likely: every token is masked"), "{}", masked.sentence);
}

#[test]
fn learning_rates_that_are_zero_or_never_fall() {
    let rows = |rate: &dyn Fn(u32) -> f64| -> String {
        lines_of(1..=20, |i| format!("step {i} loss {} lr {}\n", sound_loss(i), rate(i)))
    };
    assert_eq!(named(&rows(&|_| 0.0)), ["zero_learning_rate"]);
    assert_eq!(named(&rows(&|i| f64::from(i) * 1e-6)), ["rising_learning_rate"]);
    assert_eq!(named(&rows(&|_| 1e-5)), [""; 0]);
    assert_eq!(named(&rows(&|i| if i < 5 { 0.0 } else { 1e-5 / f64::from(i) })), [""; 0]);
}

#[test]
fn a_loss_that_rises_at_the_end_and_an_early_minimum() {
    let rows: String = lines_of(1..=30, |i| format!("step {i} loss {}\n", if i < 20 { 1.0 } else { 1.9 }));
    let rising = found(&rows);
    assert_eq!(rising.findings.iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["rising_loss"]);
    assert_eq!(rising.findings[0].evidence[1].value, "1.9000 (mean of 5 rows)");
    assert!(named(&rows.replace("1.9", "1.45")).is_empty());
    // A single high row is noise.
    assert!(named(&(rows.replace("1.9", "1.0") + "step 31 loss 3.0\n")).is_empty());
    let evals: String = [(100, 1.9), (200, 1.5), (300, 1.6), (400, 1.8)]
        .map(|(s, l)| format!("Iter {s}: Val loss {l:.3}, Val took 3.1s\n"))
        .concat();
    let early = found(&evals);
    assert_eq!(early.findings[0].id, "early_eval_minimum");
    assert!(
        early.findings[0].sentence.contains("lowest at step 200, 1.500; 2 evaluations later it is 1.800"),
        "{early:#?}"
    );
    assert!(named(&evals.replace("1.800", "1.520")).is_empty());
}

#[test]
fn lines_of_trainers_are_read_for_what_they_say() {
    for (line, step, loss, norm, rate) in [
        ("step 10 loss 0.5 grad_norm 1.5", Some(10.0), Some(0.5), Some(1.5), None),
        (
            "Iter 10: Train loss 2.1, Learning Rate 1.000e-05, It/sec 0.5, Trained Tokens 99",
            Some(10.0),
            Some(2.1),
            None,
            Some(1e-5),
        ),
        (
            " iteration       10/    1000 | consumed samples: 20 | learning rate: 1.5E-04 | lm loss: 9.1E+00 | loss scale: 1.0 | grad norm: 1.25 |",
            Some(10.0),
            Some(9.1),
            Some(1.25),
            Some(1.5e-4),
        ),
        ("Epoch 1 | Step 7/900 | Loss: 1.9 | seconds per step: 3.5", Some(7.0), Some(1.9), None, None),
        ("\u{1b}[32mstep\u{1b}[0m: 4 \u{1b}[1mloss\u{1b}[0m: 1.25", Some(4.0), Some(1.25), None, None),
        (
            "1%|#  | 10/1000 [00:10<16:30, 1.0s/it]{'loss': '2.5', 'grad_norm': '1.5', 'learning_rate': '2e-05'}",
            None,
            Some(2.5),
            Some(1.5),
            Some(2e-5),
        ),
        (
            "{'loss': float32(2.5), 'note': 'a {brace}, \\'quoted\\'', 'extra': {'loss': 9, 'x': [1, {}]}, 'grad_norm': None}",
            None,
            Some(2.5),
            None,
            None,
        ),
        ("the aux loss 0.0 is small, kl_loss 0.0", None, None, None, None),
        ("loss: see below 7", None, None, None, None),
    ] {
        let mut row = row::Row::at(1);
        lines::read(line, &mut row, &mut lines::Layout::default());
        assert_eq!((row.step, row.loss, row.grad_norm, row.learning_rate), (step, loss, norm, rate), "{line}");
    }
    let rewritten = "10%|# | loss=2.0\r20%|## | loss=1.9\r30%|### | loss=1.8\n";
    assert_eq!(found(rewritten).losses, 3);
    let exported = "\u{feff}Step,\"run 7 - train/loss\",\"run 7 - train/loss__MIN\"\n1,0.0,0.0\n2,0.0,0.0\n";
    assert_eq!((found(exported).losses, found(exported).form), (2, Table));
}

#[test]
fn what_is_no_log_is_refused_in_a_sentence() {
    for text in
        ["", "\n\n", "hello", "{\"a\": 1}", "[1, 2]", "step,comment\n1,fine\n", "{", "[{", "\u{feff}", "\"", "{'"]
    {
        assert!(matches!(diagnose(text), Err(LogError::NoRows { .. })), "{text:?}");
    }
    let long = " ".repeat(MOST_BYTES + 1);
    assert_eq!(diagnose(&long), Err(LogError::TooLong { bytes: MOST_BYTES + 1 }));
    assert_eq!(named("lr 1e-5"), ["no_loss"]);
    assert!(found("step 1 loss 2").sentence.ends_with("in 1 row, too few to call the run sound."));
}

#[test]
fn hostile_texts_end_soon_and_never_panic() {
    let deep = "[".repeat(200_000);
    let braces = "{\"a\":".repeat(200_000);
    let openers = "{".repeat(500_000);
    let quotes = format!("step,loss\n{}", "1,\"\n".repeat(200_000));
    let long_line = format!("step 1 loss 2.0\n{}loss 0.0\nstep 2 loss 1.9\n", "x ".repeat(600_000));
    let state = format!("{{\"log_history\": [{}", "{\"loss\": 1.0}, ".repeat(50_000));
    let cut = format!("[{{\"loss\": 1.5}}, {{\"x\": {}", "[".repeat(100_000));
    let escape = "{'loss': 1, 'text': '\\";
    let accents = "{\u{e9}: 1} {\"loss\u{e9}\": \"\\u00e\u{e9}\"} \\\u{e9} loss \u{e9} 1";
    for text in [&deep, &braces, &openers, &quotes, &long_line, &state, &cut, escape, accents] {
        let _ = diagnose(text);
    }
    assert_eq!(ids(&long_line), [("not_read".to_string(), Severity::Note)]);
    assert_eq!(found(&long_line).losses, 2);
    assert_eq!(found(&cut).losses, 1);
    // Whatever a text is cut to, and whatever stands in one place.
    let text = "{\"log_history\": [{\"loss\": 0.0, \"grad_norm\": NaN, \"text\": [\"<pad>\"]}]}\nstep 1, loss: 2\n";
    for at in 0..text.len() {
        let _ = diagnose(&text[..at]);
        for byte in ["\"", "\\", "{", "]", "\u{e9}", "\n", "\r"] {
            let _ = diagnose(&format!("{}{byte}{}", &text[..at], &text[at + 1..]));
        }
    }
}

#[test]
fn a_diagnosis_survives_json() {
    let diagnosis = found("{'loss': 0.0, 'grad_norm': nan}\n");
    let text = serde_json::to_string(&diagnosis).unwrap();
    assert!(text.contains("\"verdict\":\"numeric_fault\"") && text.contains("\"severity\":\"fault\""), "{text}");
    assert_eq!(serde_json::from_str::<Diagnosis>(&text).unwrap(), diagnosis);
}
