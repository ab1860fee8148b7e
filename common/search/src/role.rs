//! How much a document counts by what its file is for, and what queries ask for by themselves.

/// A group of roles that a query can ask for with its own words.
struct Asked {
    role: &'static str,
    /// Against the product's 1.
    prior: f64,
    /// Stems of words that ask for it.
    words: &'static [&'static str],
}

const ROLES: &[Asked] = &[
    Asked { role: "test", prior: 0.35, words: &["test", "spec", "fixtur", "mock"] },
    Asked { role: "example", prior: 0.5, words: &["exampl", "demo", "sampl", "tutorial"] },
    Asked { role: "benchmark", prior: 0.35, words: &["benchmark", "bench"] },
    Asked { role: "generated", prior: 0.4, words: &["gener"] },
    Asked { role: "script", prior: 0.6, words: &["script"] },
    Asked { role: "configuration", prior: 0.7, words: &["config", "configur", "setting"] },
    Asked { role: "documentation", prior: 0.9, words: &["doc", "guide"] },
];
/// What is asked for, where the product may still be meant.
const ASKED_FOR: f64 = 0.9;
/// The place of `product` and of roles that are not known.
pub(crate) const PRODUCT: u8 = 0;

/// Returns the place of a role: 0 for the product.
pub(crate) fn place(role: &str) -> u8 {
    ROLES.iter().position(|asked| asked.role == role).map_or(PRODUCT, |at| at as u8 + 1)
}

/// By place of the role, how much its documents count for a query of these stems.
pub(crate) fn priors<'a>(stems: impl Iterator<Item = &'a str> + Clone) -> Vec<f64> {
    let prior = |asked: &Asked| {
        let is_asked = stems.clone().any(|stem| asked.words.contains(&stem));
        if is_asked { asked.prior.max(ASKED_FOR) } else { asked.prior }
    };
    std::iter::once(1.0).chain(ROLES.iter().map(prior)).collect()
}
