//! Suite order: every prefix is a fair sample.

use crate::catalogue::Question;
use crate::seed::Seeded;
use std::collections::BTreeMap;

/// Indices in suite order. Within each gold answer the kinds are spread evenly, then the answers are. Within a kind
/// every cluster has its turn before one comes again, so that a prefix holds as many clusters as it can.
pub(crate) fn fair(questions: &[Question], seed: u64) -> Vec<usize> {
    let mut seeded = Seeded::new(seed);
    let mut strata: BTreeMap<usize, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (i, question) in questions.iter().enumerate() {
        let gold = question.gold.first();
        let place = gold.and_then(|g| question.options.iter().position(|o| o == g)).unwrap_or(0);
        strata.entry(place).or_default().entry(&question.kind).or_default().push(i);
    }
    let mut seen = BTreeMap::new();
    let golds = strata
        .into_values()
        .map(|kinds| {
            let kinds: Vec<Vec<usize>> = kinds
                .into_values()
                .map(|mut indices| {
                    seeded.shuffle(&mut indices);
                    clusters_in_turn(questions, indices, &mut seen)
                })
                .collect();
            spread(kinds, &mut seeded)
        })
        .collect();
    spread(golds, &mut seeded)
}

/// Stable: first those whose cluster stands first here, then those whose cluster stands second, and so on. `seen`
/// counts over all groups, so that two golds of one cluster do not meet early in both.
fn clusters_in_turn<'a>(
    questions: &'a [Question],
    indices: Vec<usize>,
    seen: &mut BTreeMap<&'a str, usize>,
) -> Vec<usize> {
    let mut placed: Vec<(usize, usize)> = indices
        .into_iter()
        .map(|i| {
            let cluster = questions.get(i).map_or("", |q| q.cluster.as_str());
            let turn = seen.entry(cluster).or_default();
            *turn += 1;
            (*turn, i)
        })
        .collect();
    placed.sort_by_key(|(turn, _)| *turn);
    placed.into_iter().map(|(_, i)| i).collect()
}

/// Merges groups so that each stands evenly in the whole: the i-th of m gets a place drawn from [i/m, (i+1)/m).
fn spread(groups: Vec<Vec<usize>>, seeded: &mut Seeded) -> Vec<usize> {
    const STEPS: u64 = 1 << 20;
    let mut placed: Vec<(f64, usize)> = Vec::new();
    for group in groups {
        let size = group.len() as f64;
        for (i, index) in group.into_iter().enumerate() {
            let place = i as f64 + seeded.below(STEPS) as f64 / STEPS as f64;
            placed.push((place / size, index));
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    placed.into_iter().map(|(_, index)| index).collect()
}
