//! The price table and its sums.

use llm::{Price, PriceTable, Usage};

fn usage(input_tokens: u64, output_tokens: u64, cached_input_tokens: u64) -> Usage {
    Usage { input_tokens, output_tokens, cached_input_tokens, reasoning_tokens: 0 }
}

#[test]
fn the_published_table_has_the_default_model() {
    let table = PriceTable::published();
    assert_eq!(table.default_model(), "gpt-4o-mini");
    assert_eq!(table.price("gpt-4o-mini"), Some(Price::per_million(150_000, 75_000, 600_000)));
    assert_eq!(table.local(), Price::FREE);
    let parts: Vec<&str> = table.as_of().split('-').collect();
    assert!(parts.len() == 3 && !table.source().is_empty(), "it says when and where it was read");
}

#[test]
fn snapshots_and_prefixed_names_have_their_models_price() {
    let table = PriceTable::published();
    for name in ["gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "openai/gpt-4o-mini-2024-07-18"] {
        assert_eq!(table.price(name), table.price("gpt-4o-mini"), "{name}");
    }
    for name in ["gpt-4o-mini-audio", "llama3.2", "", "-2024-07-18", "é-2024-07-18", "gpt-4o-mini-2024-07-1x"]
    {
        assert_eq!(table.price(name), None, "{name}");
    }
}

#[test]
fn costs_are_whole_and_rounded_up() {
    let price = PriceTable::published().price("gpt-4o-mini").expect("it has a price");
    let cases = [
        (usage(1_000_000, 0, 0), 150_000),
        (usage(0, 1_000_000, 0), 600_000),
        (usage(1_000_000, 0, 1_000_000), 75_000),
        (usage(1_000_000, 1_000_000, 500_000), 75_000 + 37_500 + 600_000),
        (usage(1, 0, 0), 1),
        (usage(0, 0, 0), 0),
        // A server that counts more cached tokens than tokens.
        (usage(10, 0, 1_000_000), 1),
    ];
    for (usage, expected) in cases {
        assert_eq!(price.cost(&usage), expected, "{usage:?}");
    }
    assert_eq!(price.worst_case(1_000_000, 1_000_000), 750_000);
    assert_eq!(price.batched().cost(&usage(1_000_000, 1_000_000, 0)), 375_000);
    assert_eq!(price.batched().cost(&usage(1, 0, 0)), 1);
    assert_eq!(Price::FREE.worst_case(u64::MAX, u64::MAX), 0);
    assert_eq!(Price::per_million(u64::MAX, 0, 0).cost(&usage(u64::MAX, 0, 0)), u64::MAX);
}

#[test]
fn a_users_price_goes_before_the_table() {
    let own = Price::per_million(1, 1, 1);
    let table = PriceTable::published().with_price("gpt-4o-mini", own);
    assert_eq!(table.price("gpt-4o-mini"), Some(own));
    assert_eq!((table.version_for("gpt-4o-mini"), table.version_for("gpt-4o")), ("given", table.as_of()));
}

#[test]
fn a_broken_table_is_refused() {
    let published = include_str!("../../prices.json");
    let broken = [
        "{}".to_owned(),
        published.replace("\"model\": \"gpt-4o\"", "\"model\": \"gpt-4o-mini\""),
        published.replace("\"local_model\": \"local\"", "\"local_model\": \"none\""),
        published.replace("\"batch_percent\": 50", "\"batch_percent\": 150"),
        published.replace("150000", "-1"),
    ];
    for json in broken {
        assert!(PriceTable::parse(&json).is_err());
    }
}
