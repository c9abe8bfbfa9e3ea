use super::*;
use crate::catalogue::{CATALOGUE, entry};
use crate::profiles::{Profile, all_formats, headlines, plan_of, profile_of};
use std::collections::BTreeSet;

/// Hash of `standard`. It changes with any item, prompt or order, and is the same on every machine.
const STANDARD_SHA256: &str = "1e74dd7e57112a6e27ca92a364e3f23257cfe744a4bd08943b0dcc4751835ed6";

#[test]
fn the_battery_is_the_same_on_every_machine() {
    let standard = Profile::Standard.plan();
    assert_eq!(
        standard.sha256, STANDARD_SHA256,
        "items, prompts or order changed: raise the probe's version and note the new hash"
    );
    assert_eq!(Profile::Standard.plan().sha256, standard.sha256);
}

#[test]
fn a_profile_is_known_by_its_hash() {
    let quick = Profile::Quick.plan();
    assert_eq!(profile_of("quick", quick.n_items(), &quick.sha256), Some(Profile::Quick));
    let part = quick.clone().cut_to(100);
    assert_eq!(profile_of("quick", 100, &part.sha256), Some(Profile::Quick));
    assert_eq!(profile_of("quick", 101, &part.sha256), None);
    assert_eq!(profile_of("standard", quick.n_items(), &quick.sha256), None);
    assert_eq!(profile_of("quick", u64::MAX, &quick.sha256), None);
    assert_eq!(profile_of("quick", 100, &part.with_system("Be brief.").sha256), None);
}

#[test]
fn a_plan_is_found_again_by_what_its_card_states() {
    let part = Profile::Quick.plan().cut_to(40);
    let counts = |plan: &Plan| plan.probes.iter().map(|p| (p.spec.id.clone(), p.items.len())).collect::<Vec<_>>();
    let found = |plan: &Plan, name: &str| {
        let counts = counts(plan);
        let probes: Vec<(&str, usize)> = counts.iter().map(|(id, n)| (id.as_str(), *n)).collect();
        plan_of(name, &probes, &plan.sha256).map(|found| found.sha256)
    };
    assert_eq!(found(&part, "quick"), Some(part.sha256.clone()));
    let custom = Plan::new("custom", &headlines(&["A01", "A08"], Some(30)), ORDER_SEED);
    assert_eq!(found(&custom, "custom"), Some(custom.sha256.clone()));
    assert_eq!(found(&custom.clone().with_system("Be brief."), "custom"), None);
    let matrix = Plan::new("custom", &all_formats(&["A02", "A09"], Some(20)), ORDER_SEED);
    assert_eq!(found(&matrix, "custom"), Some(matrix.sha256.clone()));
    let written = headlines(&["A01", "A06"], Some(20)).into_iter().map(|(source, n)| (source.written(), n));
    let written = Plan::new("custom", &written.collect::<Vec<_>>(), ORDER_SEED);
    assert_eq!(found(&written, "custom"), Some(written.sha256.clone()));
    let ids: BTreeSet<&str> = custom.probes[1].items[3..5].iter().map(|i| i.item.id.as_str()).collect();
    let few = custom.clone().only(&ids);
    assert_eq!(
        (few.n_items(), few.probes.len(), few.probes[0].items.as_slice()),
        (2, 1, &custom.probes[1].items[3..5])
    );
    assert_eq!(few.probes[0].blanks, custom.probes[1].blanks);
    assert!(few.probes[0].baselines.iter().all(|b| b.answers.len() == 2));
}

#[test]
fn every_prefix_is_nearly_balanced() {
    for planned in &Profile::Standard.plan().probes {
        let n_options = planned.spec.labels.len();
        if n_options == 0 {
            continue;
        }
        let mut counts = vec![0.0; n_options];
        for (m, item) in planned.items.iter().enumerate() {
            let place = planned.spec.labels.iter().position(|l| item.item.gold.contains(l)).unwrap();
            counts[place] += 1.0;
            let expected = (m + 1) as f64 / n_options as f64;
            // A place is drawn within its stratum's m-th part: a prefix is off by less than one and a half.
            let worst = counts.iter().map(|c: &f64| (c - expected).abs()).fold(0.0, f64::max);
            assert!(worst < 1.5, "{}: {counts:?} of {}", planned.spec.id, m + 1);
        }
    }
}

#[test]
fn a_prefix_has_a_turn_of_every_cluster_before_one_comes_again() {
    let plan = Profile::Quick.plan();
    for (probe, least) in [("D01", 90), ("D08", 90), ("E03", 80), ("A01", 96), ("E02", 80)] {
        let planned = plan.probes.iter().find(|p| p.spec.id == probe).unwrap();
        assert!(planned.clusters() >= least, "{probe}: {} clusters of 96 items", planned.clusters());
    }
}

#[test]
fn a_cut_plan_is_a_prefix_with_another_hash() {
    let whole = Profile::Quick.plan();
    let cut = whole.clone().cut_to(50);
    assert_eq!(cut.n_items(), 50);
    for (w, c) in whole.probes.iter().zip(&cut.probes) {
        assert_eq!(w.items[..c.items.len()], c.items[..]);
        assert!((2..=3).contains(&c.items.len()), "{}", c.spec.id);
        assert!(c.baselines.iter().all(|b| b.answers.len() == c.items.len()));
    }
    assert_ne!(whole.sha256, cut.sha256);
    assert_eq!(whole.clone().cut_to(usize::MAX).sha256, whole.sha256);
    assert_eq!(whole.cut_to(0).n_items(), 0);
}

#[test]
fn another_seed_is_another_order_of_the_same_items() {
    let source = Source::entry(entry("A01").unwrap(), &entry("A01").unwrap().formats[0]);
    let ids = |seed| source.plan("x", None, seed).items.iter().map(|i| i.item.id.clone()).collect::<Vec<_>>();
    assert_ne!(ids(1), ids(2));
    assert_eq!(ids(1).into_iter().collect::<BTreeSet<_>>(), ids(2).into_iter().collect());
}

#[test]
fn a_system_turn_comes_first_everywhere_and_changes_the_hash() {
    let plan = Plan::new("x", &headlines(&["A01", "C03", "D04"], Some(4)), 1);
    let other = plan.clone().with_system("Be brief.");
    assert_ne!(plan.sha256, other.sha256);
    for probe in &other.probes {
        let blanks = probe.blanks.iter().flat_map(|b| b.asks.iter().flatten());
        for ask in probe.items.iter().flat_map(|i| &i.asks).chain(blanks) {
            assert_eq!(ask.messages[0].content, "Be brief.");
        }
    }
}

#[test]
fn item_ids_are_distinct_and_a_row_survives_json_and_refuses_unknown_fields() {
    let plan = Plan::new("x", &all_formats(&CATALOGUE.iter().map(|e| e.id).collect::<Vec<_>>(), Some(6)), 1);
    let mut ids = BTreeSet::new();
    for item in plan.probes.iter().flat_map(|p| &p.items) {
        assert!(ids.insert(&item.item.id), "{}", item.item.id);
        let line = item.item.to_json_line().unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Item>(&line).unwrap(), item.item);
    }
    let line = plan.probes[0].items[0].item.to_json_line().unwrap();
    let lie = line.replacen('{', "{\"surprise\":1,", 1);
    assert!(serde_json::from_str::<Item>(&lie).unwrap_err().to_string().contains("unknown field `surprise`"));
    assert_eq!(Plan::new("none", &[], 0).n_items(), 0);
}

#[test]
fn formats_of_a_question_share_its_base_id() {
    let a02 = entry("A02").unwrap();
    let of = |i: usize| Source::entry(a02, &a02.formats[i]).plan("x", None, 1);
    let base = |p: PlannedProbe| p.items.into_iter().map(|i| i.item.base_id).collect::<BTreeSet<_>>();
    assert_eq!(base(of(0)), base(of(3)));
    assert_eq!((of(0).spec.id.as_str(), of(3).spec.id.as_str()), ("A02", "A02.F5.PAIR"));
}
