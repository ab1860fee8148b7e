use pipeline::Timestamp;

#[test]
fn moments_are_written_as_rfc_3339_and_read_back() {
    for (ms, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (4_102_444_800_001, "2100-01-01T00:00:00.001Z"),
    ] {
        assert_eq!(Timestamp(ms).to_string(), text);
        assert_eq!(text.parse(), Ok(Timestamp(ms)));
    }
    for text in [
        "",
        "2024-02-30T00:00:00.000Z",
        "2024-02-29 00:00:00.000Z",
        "2024-13-01T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "2024-02-29T24:00:00.000Z",
        "２０２４-02-29T00:00:00.000Z",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}
