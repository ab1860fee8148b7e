//! Sixty secrets of more than twenty-five kinds, put together here so that this file holds none.

use std::collections::BTreeSet;

use doctown_insight::BytesOverFour;
use doctown_insight::prompt::{PromptParams, symbol_requests};
use doctown_insight::secrets::{SecretCounts, find, mask, redact, rule_names};

use crate::seeded::symbols;

/// Characters that look as random as a key's, the same ones each time.
fn random(alphabet: &str, n_chars: usize, seed: u64) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..n_chars)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            letters[(state % letters.len() as u64) as usize]
        })
        .collect()
}

const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WORD: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The kind, the text around the secret with `@` in its place, and the secret.
fn seeded() -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    for seed in 1..=2 {
        let mut add =
            |rule: &'static str, around: &str, secret: String| all.push((rule, around.to_owned(), secret));
        let word = |n| random(WORD, n, seed);
        let hex = |n| random(HEX, n, seed + 10);
        let join = |parts: &[&str]| parts.concat();
        add("aws-access-key-id", "key = '@'", join(&["AK", "IA", &random(UPPER, 16, seed)]));
        add("aws-secret-access-key", "aws_secret_access_key = @\n", word(40));
        add("github-token", "token: @", join(&["gh", "p_", &word(36)]));
        add("github-token", "x @ y", join(&["gh", "s_", &word(36)]));
        add("github-fine-grained-token", "(@)", join(&["github", "_pat_", &word(70)]));
        add("gitlab-token", "\"@\"", join(&["gl", "pat-", &word(20)]));
        add("slack-token", "@,", join(&["xo", "xb-", &random("0123456789", 12, seed), "-", &word(24)]));
        add(
            "slack-webhook",
            "https://hooks.slack.com/services/@",
            join(&["T", &word(8), "/B", &word(8), "/", &word(24)]),
        );
        add("stripe-live-key", "let k = \"@\";", join(&["sk", "_live_", &word(24)]));
        add("openai-key", "Bearer @", join(&["sk", "-proj-", &word(48)]));
        add("anthropic-key", "@", join(&["sk", "-ant-", "api03-", &word(60)]));
        add("google-api-key", "key=@&x=1", join(&["AI", "za", &word(35)]));
        let base64: String = (0..6).map(|line| random(WORD, 64, seed + line) + "\n").collect();
        let pem = |word: &str| {
            format!(
                "{}BEGIN {word}PRIVATE KEY{}\n{base64}{}END {word}PRIVATE KEY{}",
                "-----", "-----", "-----", "-----"
            )
        };
        add("private-key", "key = \"\"\"\n@\n\"\"\"", pem("RSA "));
        add("private-key", "{\"private_key\": \"@\\n\"}", pem("").replace('\n', "\\n"));
        add("azure-storage-key", "AccountName=a;AccountKey=@;Suffix=b", join(&[&word(86), "=="]));
        add("npm-token", "//registry/:_authToken=@", join(&["npm", "_", &word(36)]));
        add("pypi-token", "password = @", join(&["py", "pi-", "AgE", &word(80)]));
        add("sendgrid-key", "'@'", join(&["S", "G.", &word(22), ".", &word(43)]));
        add("twilio-key", "sid=@", join(&["S", "K", &hex(32)]));
        add("telegram-bot-token", "/bot@/send", join(&[&random("123456789", 9, seed), ":A", "A", &word(33)]));
        add("discord-bot-token", "client.run('@')", join(&["M", &word(23), ".", &word(6), ".", &word(30)]));
        add("heroku-key", "@", join(&["HR", "KU-", &word(36)]));
        add("digitalocean-token", "@", join(&["do", "p_v1_", &hex(64)]));
        add("jwt", "jwt: @", join(&["ey", "J", &word(20), ".ey", "J", &word(40), ".", &word(40)]));
        add("database-url", "postgres://app:@@db.internal:5432/x", word(14));
        add("url-password", "https://deploy:@@git.internal/x.git", word(14));
        add("huggingface-token", "@", join(&["h", "f_", &random(LETTERS, 34, seed)]));
        add("vault-token", "@", join(&["hv", "s.", &word(28)]));
        add("assigned-secret", "const API_KEY = \"@\";", word(32));
        add("assigned-secret", "password: '@'", word(18));
        add("environment-secret", "API_TOKEN=@\n", word(24));
        add("environment-secret", "# export API_TOKEN=@\n", word(24));
        add("environment-secret", "/* DB_PASSWORD: @ */", word(24));
        add("password", "def f(pwd=\"@\"):", format!("{}4&x", word(5)));
        add("password", "function f(pass = '@') {}", format!("{}7", word(8)));
        add("password", "f(user, password: str = \"@\")", format!("{}!", word(8)));
        add("hex-secret", "secret = bytes.fromhex(\"@\")", hex(32));
        add("hex-secret", "hmacKey, err := hex.DecodeString(\"@\")", hex(32));
        add("assigned-secret", "apiSecret = \"@\"", hex(32));
        add("url-token", "fetch('https://api.internal/v1?x=1&access_token=@')", word(32));
        add("sentry-dsn", "https://@@o1.ingest.sentry.io/12", hex(32));
        add("fcm-key", "key=@", join(&["AAAA", &word(7), ":APA", "91b", &word(80)]));
        add("django-secret-key", "SECRET_KEY = '@'", join(&["django-", "insecure-", &word(30), "#(x"]));
        add("secret-key-setting", "SECRET_KEY = '@'", join(&["(&", &word(20), "#$^", &word(20), ")!"]));
        add("told-password", "Log in with password @ first.", format!("{}4&x", word(6)));
        add("given-password", "Client::new(\"user\", \"@\")", format!("{}4&x", word(6)));
        add("given-password", "session.login('admin', '@')", format!("{}4x", word(8)));
    }
    all
}

#[test]
fn no_seeded_secret_is_left() {
    let seeded = seeded();
    let kinds: BTreeSet<&str> = seeded.iter().map(|it| it.0).collect();
    assert!(seeded.len() >= 60 && kinds.len() >= 25, "{} secrets of {} kinds", seeded.len(), kinds.len());
    for (rule, around, secret) in &seeded {
        let (before, after) = around.split_once('@').expect("a place is marked");
        let text = format!("fn f() {{\n  {before}{secret}{after}\n}}");
        let mut counts = SecretCounts::new();
        let clean = redact(&text, &mut counts);
        assert!(!clean.contains(secret.as_str()), "{rule} is left");
        assert!(clean.contains(&format!("[REDACTED:{rule}]")), "{rule}: {clean}");
        assert_eq!(counts.values().sum::<u32>(), 1, "{rule}: {counts:?}");
        assert_eq!(redact(&clean, &mut counts), clean, "what is clean stays as it is");
    }
}

#[test]
fn masking_keeps_every_other_byte_in_its_place() {
    for (rule, around, secret) in &seeded() {
        let (before, after) = around.split_once('@').expect("a place is marked");
        let text = format!("fn é() {{\n  {before}{secret}{after}\n}}");
        let mut masked = text.clone().into_bytes();
        mask(&mut masked, &find(&text));
        let masked = String::from_utf8(masked).expect("whole characters are masked");
        assert!(!masked.contains(secret.as_str()), "{rule} is left");
        assert!(find(&masked).is_empty(), "{rule}: what is masked is no secret");
        assert_eq!(masked.len(), text.len());
        let differs = |(a, b): &(u8, u8)| a != b && *b != b'*';
        assert!(!text.bytes().zip(masked.bytes()).any(|pair| differs(&pair)), "{rule}: {masked}");
        assert_eq!(masked.lines().count(), text.lines().count());
    }
}

#[test]
fn a_prompt_holds_none_and_says_how_many_there_were() {
    let mut contexts = symbols::read();
    let mut n_secrets = 0;
    for (symbol, (_, around, secret)) in contexts.iter_mut().cycle_once(seeded()) {
        symbol.context.source = Some(around.replacen('@', &secret, 1));
        symbol.context.doc_comment = Some(format!("Uses {}.", around.replacen('@', &secret, 1)));
        n_secrets += 2;
    }
    let contexts: Vec<_> = contexts.into_iter().map(|it| it.context).collect();
    let requests = symbol_requests(&contexts, &PromptParams::standard(), &BytesOverFour);
    let n_found: u32 = requests.iter().flat_map(|it| it.secrets.values()).sum();
    assert_eq!(n_found, n_secrets);
    for request in &requests {
        assert!(seeded().iter().all(|it| !request.user.contains(&it.2)));
    }
}

trait Pairs<'a, T> {
    fn cycle_once<U>(
        self,
        others: Vec<U>,
    ) -> std::iter::Zip<std::slice::IterMut<'a, T>, std::vec::IntoIter<U>>;
}

impl<'a, T> Pairs<'a, T> for std::slice::IterMut<'a, T> {
    fn cycle_once<U>(self, others: Vec<U>) -> std::iter::Zip<Self, std::vec::IntoIter<U>> {
        self.zip(others)
    }
}

#[test]
fn code_that_speaks_of_secrets_holds_none() {
    for line in [
        "password = os.environ['DB_PASSWORD']",
        "let token = parse_token(input)?;",
        "secret: str = Field(default='changeme')",
        "const API_KEY = process.env.API_KEY;",
        "url = 'http://user:pass@host/path'",
        "token_url = \"https://example.org/oauth2/token\"",
        "assert_eq!(password, \"correct horse battery staple\");",
        "Authorization: Bearer <token>",
        "integrity sha512-abcdef",
        "key = \"content-security-policy\"",
        "private_key_path = \"/etc/ssl/private/key.pem\"",
        "The password is hashed with PBKDF2-SHA256.",
        "def login(user, password='changeme1'):",
        "labels = {password: 'Password1'}",
        "input.password = \"password-field-2\"",
        "connect('localhost', 'latin1')",
        "authorize(\"admin\", \"read\")",
        "SECRET_KEY = \"${SECRET_KEY_FROM_THE_ENVIRONMENT}\"",
        "SECRET_KEY = '{{ lookup.the_secret_key_1 }}'",
        "?key=name&token=abc",
    ] {
        assert!(find(line).is_empty(), "{line}");
    }
}

#[test]
fn rules_have_names_of_their_own() {
    let names: Vec<&str> = rule_names().collect();
    assert!(names.len() >= 25);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(find("").is_empty());
}
