//! RFC 8785, and the two rules on top of it.

use docpack::canonical::{CanonicalError, round6, to_vec};
use serde_json::json;

fn check(value: serde_json::Value, expected: &str) {
    assert_eq!(String::from_utf8(to_vec(&value).unwrap()).unwrap(), expected);
}

#[test]
fn keys_are_sorted_by_utf16_units() {
    check(json!({ "b": 1, "a": { "d": [], "c": {} } }), r#"{"a":{"c":{},"d":[]},"b":1}"#);
    // U+1F600 is written with a surrogate, which is below U+FB33 though its code point is above.
    check(
        json!({ "\u{fb33}": 1, "\u{1f600}": 2, "\u{f6}": 3 }),
        "{\"\u{f6}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}",
    );
}

#[test]
fn strings_have_the_short_escapes_and_no_others() {
    check(
        json!("a\"b\\c/\u{8}\t\n\u{c}\r\u{1}\u{1f}\u{7f}\u{2028}é"),
        "\"a\\\"b\\\\c/\\b\\t\\n\\f\\r\\u0001\\u001f\u{7f}\u{2028}é\"",
    );
}

#[test]
fn escapes_are_found_at_every_place() {
    for special in ["\"", "\\", "\u{0}", "\n", "\u{1f}", " ", "!", "#", "[", "]", "\u{7f}", "é", "\u{1f600}"]
    {
        for before in 0..20 {
            for after in [0, 1, 7, 8, 9] {
                let text = "x".repeat(before) + special + &"y".repeat(after) + special;
                assert_eq!(to_vec(&text).unwrap(), serde_json::to_vec(&text).unwrap(), "{text:?}");
            }
        }
    }
}

#[test]
fn numbers_are_written_as_ecmascript_prints_them() {
    check(json!([0.1, 1.0, -0.0, 1e21, 1e-6, 123_456_789.5, -7]), "[0.1,1,0,1e+21,0.000001,123456789.5,-7]");
    check(json!([1e300, 9_007_199_254_740_991_u64, -1]), "[1e+300,9007199254740991,-1]");
}

#[test]
fn floats_are_rounded_to_six_decimals() {
    check(json!([0.123_456_78, 0.1 + 0.2, 4e-7, -4e-7, 0.999_999_6]), "[0.123457,0.3,0,0,1]");
    assert_eq!(round6(f64::MAX), f64::MAX);
}

#[test]
fn values_without_a_canonical_form_are_refused() {
    assert_eq!(to_vec(&f64::NAN), Err(CanonicalError::NotFinite));
    assert_eq!(to_vec(&f32::INFINITY), Err(CanonicalError::NotFinite));
    let past = (1_u64 << 53).to_string();
    assert_eq!(to_vec(&(1_u64 << 53)), Err(CanonicalError::IntegerTooLarge(past)));
    let by_number = std::collections::BTreeMap::from([(1, 2)]);
    assert_eq!(to_vec(&by_number), Err(CanonicalError::KeyNotString("a number")));
}
