//! Rounding, so that what is compared and written does not hang on the last bits.

/// Rounds to 4 decimals: what similarities are before any threshold or tie.
pub(crate) fn to_4_decimals(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}

/// Rounds to 6 decimals: what every written number is; anything not finite becomes 0.
pub(crate) fn to_6_decimals(value: f64) -> f64 {
    if !value.is_finite() {
        return 0.0;
    }
    // Adding 0 turns a negative zero into a plain one.
    (value * 1e6).round() / 1e6 + 0.0
}
