//! The suites that this copy knows, by the hash of their items.
//!
//! A page could make the items again and hash them, as `sweetspot verify` does, but would have to carry all questions: more
//! than the rest of it together. So it knows whole profiles by their hash, which a test holds against the profiles.

/// Name, items, and hash of each profile as a whole.
const SUITES: [(&str, u64, &str); 5] = [
    ("gates", 24, "22d4cd5a69400f0e18281180f9ff2b441324dd264415b0aa54354bab509a62e3"),
    ("classic-56", 56, "c022d7421a5ba8896379ff9dbdfe8922258eab6e6ce4c26f50a7dc8b4d2cc311"),
    ("classic-6", 6, "ff76c5e3c80ac8848e2bd4f97d45af31dd6b2972d9c3bbe3463e8f342d844d51"),
    ("quick", 1_728, "b071b4ae6cbeb3e46bf5f8d4a06a8e15a804b0bcaf9d47a15b5d2c094bd1ddd4"),
    ("standard", 6_788, "1e74dd7e57112a6e27ca92a364e3f23257cfe744a4bd08943b0dcc4751835ed6"),
];

/// The profile that a card's suite is, as a whole; nothing for a part of one and for any other suite.
pub fn known_suite(name: &str, items: u64, sha256: &str) -> Option<&'static str> {
    let name = name.strip_prefix("sweetspot-").unwrap_or(name);
    let known = SUITES.iter().find(|(known, n, hash)| (*known, *n, *hash) == (name, items, sha256));
    known.map(|(known, ..)| *known)
}

#[cfg(test)]
mod tests {
    use probes::Profile;

    use super::*;

    #[test]
    fn known_suites_are_the_profiles_as_they_stand() {
        let plans = Profile::ALL.map(|profile| (profile.as_str(), profile.plan()));
        let stated = plans.each_ref().map(|(name, plan)| (*name, plan.n_items(), plan.sha256.as_str()));
        assert_eq!(SUITES, stated);
        let (name, n, hash) = SUITES[0];
        assert_eq!(known_suite(&format!("sweetspot-{name}"), n, hash), Some(name));
        assert_eq!(
            [known_suite(name, n - 1, hash), known_suite("quick", n, hash), known_suite(name, n, "")],
            [None; 3]
        );
    }
}
