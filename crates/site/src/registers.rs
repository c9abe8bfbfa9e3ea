//! What the site knows beside its cards: which were withdrawn, and whose keys some are. Both come by pull request, and an
//! entry that is not exactly what it must be stops the build.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use cards::node::visible;
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// `withdrawn.json`: cards that no longer count, by key.
pub type Withdrawals = BTreeMap<String, Withdrawal>;
/// `keys.json`: names by public key, base64url.
pub type Keys = BTreeMap<String, String>;

/// Where withdrawals are written, below the sources.
pub const WITHDRAWN: &str = "withdrawn.json";
/// Where keys are.
pub const KEYS: &str = "keys.json";

/// Characters of a card's key.
const KEY_CHARS: usize = 26;
/// Characters of 32 bytes in base64url without padding.
const PUBLIC_CHARS: usize = 43;
/// Most characters of a reason.
const MAX_WHY: usize = 600;
/// Most characters of a name.
const MAX_NAME: usize = 80;

/// When and why a card was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// `2026-11-22`.
    pub date: String,
    /// A sentence.
    pub why: String,
}

/// Reads `withdrawn.json`; none is an empty one.
pub fn withdrawals(bytes: Option<&[u8]>) -> Result<Withdrawals, Fault> {
    let all: Withdrawals = read(WITHDRAWN, bytes)?;
    for (key, Withdrawal { date, why }) in &all {
        let fail = |what: String| Err(Fault::of(WITHDRAWN, what));
        if key.len() != KEY_CHARS || !key.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')) {
            return fail(format!("`{key}` is no key of a card: write the {KEY_CHARS} characters of its folder's name"));
        }
        if !is_date(date) {
            return fail(format!("the date `{date}` of {key} is not of the form 2026-11-22"));
        }
        if !is_line(why, MAX_WHY) {
            return fail(format!(
                "why {key} was withdrawn is not said in 1 to {MAX_WHY} characters without hidden ones"
            ));
        }
    }
    Ok(all)
}

/// Reads `keys.json`; none is an empty one.
pub fn keys(bytes: Option<&[u8]>) -> Result<Keys, Fault> {
    let all: Keys = read(KEYS, bytes)?;
    for (key, name) in &all {
        // 43 characters hold 258 bits; the last two are zero, so that each key is written in one way only.
        let alphabet = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if key.len() != PUBLIC_CHARS || !alphabet || !key.ends_with(|c| "AEIMQUYcgkosw048".contains(c)) {
            return Err(Fault::of(
                KEYS,
                format!("`{key}` is no public key: write its {PUBLIC_CHARS} characters of base64url"),
            ));
        }
        if !is_line(name, MAX_NAME) {
            return Err(Fault::of(
                KEYS,
                format!("the name of {key} has not 1 to {MAX_NAME} characters without hidden ones"),
            ));
        }
    }
    let mut names: Vec<&String> = all.values().collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Fault::of(KEYS, format!("`{}` names two keys: a reader could not tell them apart", pair[0]))),
        None => Ok(all),
    }
}

/// A day that the calendar has.
pub fn is_date(date: &str) -> bool {
    date.len() == 10 && humantime::parse_rfc3339(&format!("{date}T00:00:00Z")).is_ok()
}

/// A line that a reader sees as it is.
fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
        && text.trim() == text
        && visible(text) == text
        && !text.contains(['\n', '\t'])
}

fn read<T: DeserializeOwned>(name: &str, bytes: Option<&[u8]>) -> Result<BTreeMap<String, T>, Fault> {
    let Some(bytes) = bytes else { return Ok(BTreeMap::new()) };
    let read = serde_json::from_slice::<Unique<T>>(bytes);
    read.map(|unique| unique.0).map_err(|e| Fault::of(name, format!("it cannot be read: {e}")))
}

/// A map in which no key comes twice.
struct Unique<T>(BTreeMap<String, T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Unique<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Entries<T> {
    type Value = Unique<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one entry for each key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique<T>, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, T>()? {
            if all.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` comes twice")));
            }
            all.insert(key, value);
        }
        Ok(Unique(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str = "cop6nrczaw6jhirohggz3ufrbr";
    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn withdrawn(key: &str, rest: &str) -> String {
        format!("{{\"{key}\":{{{rest}}}}}")
    }

    #[test]
    fn withdrawals_are_read_strictly() {
        let fine = withdrawn(CARD, r#""date":"2026-11-22","why":"The items were wrong.""#);
        assert_eq!(withdrawals(Some(fine.as_bytes())).unwrap()[CARD].why, "The items were wrong.");
        assert!(withdrawals(None).unwrap().is_empty() && withdrawals(Some(b"{}")).unwrap().is_empty());
        for (text, said) in [
            (String::new(), "cannot be read"),
            ("[]".into(), "one entry for each key"),
            (fine.replace("}}", "}"), "cannot be read"),
            (format!("{fine} x"), "cannot be read"),
            (withdrawn(CARD, r#""date":"2026-11-22""#), "missing field `why`"),
            (withdrawn(CARD, r#""date":"2026-11-22","why":"x","who":"y""#), "unknown field `who`"),
            (withdrawn("abc", r#""date":"2026-11-22","why":"x""#), "no key of a card"),
            (withdrawn(&CARD.to_uppercase(), r#""date":"2026-11-22","why":"x""#), "no key of a card"),
            (withdrawn(CARD, r#""date":"2026-02-30","why":"x""#), "not of the form"),
            (withdrawn(CARD, r#""date":"22 Nov 2026","why":"x""#), "not of the form"),
            (withdrawn(CARD, r#""date":"2026-11-22","why":"""#), "is not said"),
            (withdrawn(CARD, r#""date":"2026-11-22","why":"a\u202eb""#), "is not said"),
            (fine.replace("}}", &format!("}},\"{CARD}\":{{\"date\":\"2026-11-22\",\"why\":\"x\"}}}}")), "comes twice"),
        ] {
            let fault = withdrawals(Some(text.as_bytes())).expect_err(&text);
            assert!(
                fault.to_string().starts_with("withdrawn.json: ") && fault.message.contains(said),
                "{text}: {fault}"
            );
        }
    }

    #[test]
    fn keys_are_read_strictly() {
        let fine = format!("{{\"{PUBLIC}\":\"A laboratory\"}}");
        assert_eq!(keys(Some(fine.as_bytes())).unwrap()[PUBLIC], "A laboratory");
        for (text, said) in [
            (format!("{{\"{PUBLIC}\":1}}"), "cannot be read"),
            (fine.replace(PUBLIC, "abc"), "no public key"),
            (fine.replace("URo", "URp"), "no public key"),
            (fine.replace("URo", "UR="), "no public key"),
            (fine.replace("A laboratory", ""), "has not 1 to 80"),
            (fine.replace("A laboratory", " A"), "has not 1 to 80"),
            (fine.replace("A laboratory", &"x".repeat(81)), "has not 1 to 80"),
            (fine.replace('}', ",\"21qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\":\"A laboratory\"}"), "names two keys"),
        ] {
            let fault = keys(Some(text.as_bytes())).expect_err(&text);
            assert!(fault.to_string().starts_with("keys.json: ") && fault.message.contains(said), "{text}: {fault}");
        }
    }
}
