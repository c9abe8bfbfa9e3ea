//! Named selections of probes.

use crate::catalogue::{CATALOGUE, Entry};
use crate::plan::{ORDER_SEED, Plan, Source};

/// Items that `quick` takes of each probe.
pub const QUICK_ITEMS: usize = 96;
/// Smoke items of `gates`, spread over the probes that `quick` asks.
pub const SMOKE_ITEMS: usize = 24;

/// The probes that `quick` and `standard` ask.
pub const QUICK: [&str; 18] = [
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "B14", "C03", "D01", "D04", "D08", "E02",
    "E03", "E04",
];

/// The probes whose formats are compared (A20): the same items in every format.
pub const FORMAT_MATRIX: [&str; 7] = ["A02", "A03", "A04", "A05", "A07", "A08", "A09"];

/// What a regression guard compares (B15).
pub const REGRESSION_GUARD: [&str; 3] = ["A01", "A08", "B14"];

/// A named selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// 24 smoke items over all task types; the 24 golden prompts of the numeric gate come with every run.
    Gates,
    /// 56 items in the shape of a published study of 56, to show how wide its intervals are.
    Classic56,
    /// Six published prompts, 5 samples each; outputs' validity alone.
    Classic6,
    /// The 18 probes at 96 items.
    Quick,
    /// The 18 probes whole.
    Standard,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Gates, Self::Classic56, Self::Classic6, Self::Quick, Self::Standard];

    /// The name used on the command line and on cards.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gates => "gates",
            Self::Classic56 => "classic-56",
            Self::Classic6 => "classic-6",
            Self::Quick => "quick",
            Self::Standard => "standard",
        }
    }

    /// What it is, one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Gates => "24 golden prompts and 24 smoke items over all task types",
            Self::Classic56 => "56 items in the shape of a published study, to show how wide its intervals are",
            Self::Classic6 => "six published prompts, 5 samples each, side by side; validity of the outputs only",
            Self::Quick => "18 probes of 96 items: intervals of at most 10 points to either side",
            Self::Standard => "18 probes whole, 260 to 384 items each: intervals of at most 5 points",
        }
    }

    /// The plan.
    pub fn plan(self) -> Plan {
        let name = self.as_str();
        match self {
            Self::Gates => Plan::new(name, &headlines(&QUICK, Some(2)), ORDER_SEED).cut_to(SMOKE_ITEMS),
            Self::Classic56 => crate::catalogue::classic::fifty_six(),
            Self::Classic6 => crate::catalogue::classic::six(),
            Self::Quick => Plan::new(name, &headlines(&QUICK, Some(QUICK_ITEMS)), ORDER_SEED),
            Self::Standard => Plan::new(name, &headlines(&QUICK, None), ORDER_SEED),
        }
    }
}

/// The profile of which a plan is all, or the first items in suite order, by the name, the number of items and the hash that
/// the plan states; nothing for any other selection, and for a suite of another version.
pub fn profile_of(name: &str, n_items: u64, suite_sha256: &str) -> Option<Profile> {
    let profile = Profile::ALL.into_iter().find(|p| p.as_str() == name)?;
    let plan = profile.plan();
    (n_items <= plan.n_items() && plan.cut_to(n_items as usize).sha256 == suite_sha256).then_some(profile)
}

/// The plan of a suite by what its card states: its name, its probes with their numbers of items, and its hash. A profile or its
/// first items, or probes of the catalogue in any of their formats, in writing too; nothing for any other suite or version.
pub fn plan_of(name: &str, probes: &[(&str, usize)], suite_sha256: &str) -> Option<Plan> {
    let n: usize = probes.iter().map(|(_, n)| n).sum();
    let profile = profile_of(name, n as u64, suite_sha256).map(|profile| profile.plan().cut_to(n));
    profile.or_else(|| {
        let all: Option<Vec<_>> = probes.iter().map(|&(id, n)| Some((source_of(id)?, Some(n)))).collect();
        let plan = Plan::new(name, &all?, ORDER_SEED);
        (plan.sha256 == suite_sha256).then_some(plan)
    })
}

/// What the catalogue asks under this id, as it stands there or in writing.
fn source_of(id: &str) -> Option<Source> {
    let entry = crate::catalogue::entry(id.split('.').next()?)?;
    entry.formats.iter().find_map(|format| {
        let source = Source::entry(entry, format);
        if source.spec.id == id {
            return Some(source);
        }
        let written = source.written();
        (written.spec.id == id).then_some(written)
    })
}

/// Probes in their headline formats, each cut to `most` items. Unknown ids are left out.
pub fn headlines(ids: &[&str], most: Option<usize>) -> Vec<(Source, Option<usize>)> {
    let chosen = ids.iter().filter_map(|id| crate::catalogue::entry(id));
    chosen.filter_map(|e| e.formats.first().map(|f| (Source::entry(e, f), most))).collect()
}

/// Probes in all their formats, each cut to `most` items, which are the same in every format.
pub fn all_formats(ids: &[&str], most: Option<usize>) -> Vec<(Source, Option<usize>)> {
    let chosen: Vec<&Entry> = CATALOGUE.iter().filter(|e| ids.contains(&e.id)).collect();
    chosen.iter().flat_map(|e| e.formats.iter().map(|f| (Source::entry(e, f), most))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_have_their_totals() {
        let n = |profile: Profile| profile.plan().n_items();
        // The golden prompts of the numeric gate are the other 24 of 48.
        assert_eq!(n(Profile::Gates), 24);
        assert_eq!((n(Profile::Classic56), n(Profile::Classic6)), (56, 6));
        assert_eq!((n(Profile::Quick), n(Profile::Standard)), (1_728, 6_788));
    }

    #[test]
    fn quick_is_a_prefix_of_standard() {
        let (quick, standard) = (Profile::Quick.plan(), Profile::Standard.plan());
        for (q, s) in quick.probes.iter().zip(&standard.probes) {
            let ids = |p: &crate::PlannedProbe| p.items.iter().map(|i| i.item.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(q), ids(s)[..QUICK_ITEMS], "{}", q.spec.id);
        }
    }

    #[test]
    fn smoke_items_come_from_every_probe() {
        assert_eq!(Profile::Gates.plan().probes.len(), QUICK.len());
    }
}
