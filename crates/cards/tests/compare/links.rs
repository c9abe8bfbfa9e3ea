//! Two links against the same table.

use cards::*;

use super::*;

use Axis::Quant;
use Effect::{Compared, Refuses, Restricts, Warns};

/// Field, one change of link B, effect along the axes model and quant.
type LinkChange = (&'static str, fn(&mut Compact), Effect, Effect);

const LINKS: &[LinkChange] = &[
    ("numerics.verdict", |c| c.gate.5 = GateVerdict::NotCompared, Refuses, Refuses),
    ("suite.name", |c| c.suite.0.push('x'), Refuses, Refuses),
    ("suite.version", |c| c.suite.1.push('x'), Refuses, Refuses),
    ("suite.sha256", |c| c.suite.2 = c.model.2.clone(), Refuses, Refuses),
    ("model.weights_sha256", |c| c.model.2 = c.model.3.clone(), Compared, Compared),
    ("model.quantization", |c| c.model.1 = c.model.1.replace("Q8_0", "Q4_0"), Refuses, Compared),
    ("model.tokenizer_sha256", |c| c.model.3 = c.model.2.clone(), Refuses, Refuses),
    ("model.chat_template_sha256", |c| c.model.4 = c.model.2.clone(), Refuses, Refuses),
    ("decoding.act_dtype", |c| c.model.1 = c.model.1.replace("8-bit", "f32"), Refuses, Compared),
    ("decoding.kv_dtype", |c| c.model.1 = c.model.1.replace("f32", "f16"), Refuses, Compared),
    ("decoding", |c| c.model.5 = c.model.2.clone(), Refuses, Refuses),
    ("engine.version", |c| c.engine.0.push('x'), Warns, Warns),
    ("engine.binary_sha256", |c| c.engine.1 = c.model.2.clone(), Warns, Warns),
    ("engine.shaders_sha256", |c| c.engine.2 = c.model.2.clone(), Warns, Warns),
    ("environment.backend", |c| c.engine.3.push('x'), Warns, Warns),
    ("environment.adapter.vendor", |c| c.engine.4.push('x'), Warns, Warns),
    ("environment.adapter.architecture", |c| c.engine.5.push('x'), Warns, Warns),
    ("environment.browser", |c| c.engine.6.push('x'), Warns, Warns),
    ("environment.os", |c| c.engine.7.push('x'), Warns, Warns),
    ("outcomes", |c| c.outcomes = None, Refuses, Refuses),
    ("tasks", |c| drop(c.results.remove(0)), Restricts, Restricts),
];

#[test]
fn links_are_held_against_the_same_table() {
    let (card, rows) = common::sealed();
    let link = Compact::of(&card, &rows).unwrap();
    assert_eq!(check_links(&link, &link, Axis::Model).diffs, []);
    for (field, change, model, quant) in LINKS {
        let mut other = link.clone();
        change(&mut other);
        for (axis, effect) in [(Axis::Model, *model), (Quant, *quant)] {
            let found = check_links(&link, &other, axis);
            let listed: Vec<(&str, Effect)> = found.diffs.iter().map(|d| (d.field.as_str(), d.effect)).collect();
            assert_eq!(listed, [(*field, effect)], "along {axis:?}");
            assert_eq!(compare_links(&link, &other, axis).is_err(), effect == Refuses, "{field}");
        }
    }
    // Other types explain another hash of the decoding, along the axis quant.
    let mut other = link.clone();
    other.model.1 = other.model.1.replace("8-bit", "f32");
    other.model.5 = other.model.2.clone();
    assert_eq!(check_links(&link, &other, Quant).verdict, Comparability::Comparable);
    assert_eq!(check_links(&link, &other, Axis::Model).verdict, Comparability::Refused);
}
