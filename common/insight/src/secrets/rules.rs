//! The rules, most telling first. The first group of a pattern is the secret.

/// One form that secrets have.
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// One of these is in every match, capitalised as it stands here unless the pattern ignores case: a text
    /// without any need not be searched.
    pub(super) needs: &'static [&'static str],
    /// Tells whether what follows the need may go on to be a match.
    pub(super) then: fn(&str) -> bool,
    pub(super) pattern: &'static str,
    pub(super) test: Test,
}

/// What a match must pass besides its pattern.
pub(super) enum Test {
    /// The form alone is telling.
    Form,
    /// Anything but what examples write there.
    Password,
    /// Letters with digits or other marks, and no dummy: what a person types.
    Typed,
    /// Letters, digits and marks in a long row, whatever the first of them is.
    Opaque,
    /// As random as a key is.
    Random { min_bits_per_char: f64 },
}

impl Rule {
    const fn followed_by(self, then: fn(&str) -> bool) -> Self {
        Self { then, ..self }
    }

    pub(super) fn ignores_case(&self) -> bool {
        self.pattern.starts_with("(?i)")
    }
}

const fn form(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, then: anything, pattern, test: Test::Form }
}

const fn password(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, then: anything, pattern, test: Test::Password }
}

const fn typed(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, then: anything, pattern, test: Test::Typed }
}

const fn random(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, then: anything, pattern, test: Test::Random { min_bits_per_char: 3.2 } }
}

fn anything(_: &str) -> bool {
    true
}

/// `user:password@`: no blank and no slash stands before the at sign.
fn user_and_host(rest: &str) -> bool {
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '@'));
    end.is_some_and(|end| rest[end..].starts_with('@'))
}

/// The second part of a token in three parts.
fn six_and_a_dot(rest: &str) -> bool {
    rest.as_bytes().get(6) == Some(&b'.')
}

/// The rest of a name, then a sign that gives it a value.
fn rest_and_value(rest: &str) -> bool {
    value(rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
}

/// A sign that gives a value to the name before it.
fn value(rest: &str) -> bool {
    rest.trim_start_matches(['"', '\'', ']']).trim_start().starts_with([':', '=', ','])
}

fn blank(rest: &str) -> bool {
    rest.starts_with(char::is_whitespace)
}

fn digit(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit())
}

/// The rest of a function's name, then a text as its first argument.
fn text_as_argument(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':' | '.'));
    let first = rest.strip_prefix('(').map(|rest| rest.trim_start().trim_start_matches('&'));
    first.is_some_and(|first| first.starts_with(['"', '\'']))
}

/// A row of forty characters, as near as a key is to its name.
fn row_of_forty(rest: &str) -> bool {
    const MAX_CHARS: usize = 90;
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+');
    let count = |n: u32, c: char| if n == 40 || is_of_key(c) { (n + 1).min(40) } else { 0 };
    rest.chars().take(MAX_CHARS).fold(0, count) == 40
}

/// What the name of an assigned secret holds.
const SECRET_WORDS: &[&str] = &[
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "privatekey",
    "private_key",
    "private-key",
    "authkey",
    "auth_key",
    "auth-key",
    "signingkey",
    "signing_key",
    "signing-key",
    "encryptionkey",
    "encryption_key",
    "encryption-key",
];

pub(super) const RULES: &[Rule] = &[
    form(
        "private-key",
        &["-----BEGIN"],
        r"(?s)(-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]*-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?:\s|\\n|\\r)*[A-Za-z0-9+/=#*\s\\]{64,}))",
    ),
    form("gcp-private-key-id", &["private_key_id"], r#""private_key_id"\s*:\s*"([0-9a-f]{40})""#),
    form("age-secret-key", &["AGE-SECRET-KEY-1"], r"\b(AGE-SECRET-KEY-1[0-9A-Z]{50,60})\b"),
    form(
        "aws-access-key-id",
        &["AKIA", "ASIA", "ABIA", "ACCA"],
        r"\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b",
    ),
    random(
        "aws-secret-access-key",
        &["aws", "secret", "amazon"],
        r#"(?i)(?:aws|secret|amazon).{0,30}?(?:secret|key|token).{0,10}?['"=:\s]([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
    )
    .followed_by(row_of_forty),
    form("github-token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"\b(gh[pousr]_[A-Za-z0-9]{36,})\b"),
    form("github-fine-grained-token", &["github_pat_"], r"\b(github_pat_[A-Za-z0-9_]{50,})\b"),
    form(
        "gitlab-token",
        &["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-", "glagent-", "gloas-", "glimt-"],
        r"\b(gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent|oas|imt)-[A-Za-z0-9_-]{20,})\b",
    ),
    form("slack-token", &["xox"], r"\b(xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,})\b"),
    form("slack-app-token", &["xapp-"], r"\b(xapp-[0-9]-[A-Za-z0-9-]{20,})\b"),
    form(
        "slack-webhook",
        &["hooks.slack.com/"],
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9]{6,}/[A-Za-z0-9]{6,}/[A-Za-z0-9]{16,})",
    ),
    form("stripe-live-key", &["_live_"], r"\b((?:sk|rk)_live_[A-Za-z0-9]{16,})\b"),
    form("stripe-webhook-secret", &["whsec_"], r"\b(whsec_[A-Za-z0-9]{24,64})\b"),
    form("anthropic-key", &["sk-ant-"], r"\b(sk-ant-[A-Za-z0-9_-]{20,})\b"),
    form(
        "openai-key",
        &["sk-"],
        r"\b(sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,64}))\b",
    ),
    form("google-api-key", &["AIza"], r"\b(AIza[A-Za-z0-9_-]{35})"),
    form("google-oauth-token", &["ya29."], r"\b(ya29\.[A-Za-z0-9_-]{20,})"),
    form("google-client-secret", &["GOCSPX-"], r"\b(GOCSPX-[A-Za-z0-9_-]{28})"),
    form("azure-storage-key", &["accountkey="], r"(?i)\bAccountKey=([A-Za-z0-9+/]{86}==)"),
    form("azure-sas", &["sig="], r"[?&]sig=([A-Za-z0-9%+/]{43,}(?:=|%3[dD])?)"),
    form(
        "azure-client-secret",
        &["Q~"],
        r"(?:^|[^A-Za-z0-9_~.-])([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})",
    ),
    form("npm-token", &["npm_"], r"\b(npm_[A-Za-z0-9]{36})\b"),
    password(
        "npmrc-auth",
        &["_auth", "_password"],
        r"_(?:authToken|auth|password)\s*=\s*([A-Za-z0-9+/=_-]{16,})",
    ),
    form("pypi-token", &["pypi-"], r"\b(pypi-[A-Za-z0-9_-]{50,})"),
    form("crates-io-token", &["cio"], r"\b(cio[A-Za-z0-9]{32})\b"),
    form("sendgrid-key", &["SG."], r"\b(SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64})"),
    form("mailgun-key", &["key-"], r"\b(key-[0-9a-f]{32})\b"),
    form("mailchimp-key", &["-us"], r"\b([0-9a-f]{32}-us[0-9]{1,2})\b").followed_by(digit),
    form("twilio-key", &["SK"], r"\b(SK[0-9a-f]{32})\b"),
    form("twilio-auth-token", &["twilio"], r#"(?i)twilio.{0,40}?['"=:\s]([0-9a-f]{32})\b"#),
    form("telegram-bot-token", &[":AA"], r"(?:^|bot|[^0-9A-Za-z])([0-9]{8,10}:AA[A-Za-z0-9_-]{33})"),
    form(
        "discord-webhook",
        &["discord"],
        r"discord(?:app)?\.com/api/webhooks/([0-9]{10,}/[A-Za-z0-9_-]{40,})",
    ),
    form(
        "discord-bot-token",
        &["."],
        r"\b([MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40})",
    )
    .followed_by(six_and_a_dot),
    form("heroku-key", &["HRKU-"], r"\b(HRKU-[A-Za-z0-9_-]{30,70})"),
    form(
        "heroku-uuid",
        &["heroku"],
        r"(?i)heroku.{0,30}?\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b",
    ),
    form("digitalocean-token", &["_v1_"], r"\b(do[opr]_v1_[0-9a-f]{64})\b"),
    form("huggingface-token", &["hf_"], r"\b(hf_[A-Za-z]{34,40})\b"),
    form("databricks-token", &["dapi"], r"\b(dapi[0-9a-f]{32}(?:-[0-9])?)\b"),
    form(
        "shopify-token",
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        r"\b(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})\b",
    ),
    form("grafana-token", &["glsa_", "glc_"], r"\b(gl(?:sa|c)_[A-Za-z0-9+/_]{32,})"),
    form("vault-token", &["hvs.", "hvb."], r"\b(hv[sb]\.[A-Za-z0-9_-]{24,})"),
    form("docker-token", &["dckr_"], r"\b(dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,})"),
    form("linear-key", &["lin_api_"], r"\b(lin_api_[A-Za-z0-9]{40})\b"),
    form("jwt", &["eyJ"], r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})"),
    password(
        "database-url",
        &["://"],
        r#"(?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|clickhouse|cockroachdb)(?:\+[a-z0-9]+)?://[^\s:/@'"`\[]{0,80}:([^\s@/'"`]{3,})@"#,
    )
    .followed_by(user_and_host),
    password(
        "url-password",
        &["://"],
        r#"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^\s:/@'"`<>\[]{1,80}:([^\s@/'"`<>]{6,})@"#,
    )
    .followed_by(user_and_host),
    form("sentry-dsn", &["://"], r"://([0-9a-f]{32})(?::[0-9a-f]{32})?@[A-Za-z0-9.-]+/[0-9]").followed_by(user_and_host),
    random(
        "url-token",
        &["token=", "key=", "secret=", "auth=", "password=", "signature="],
        r"(?i)[?&](?:[a-z_-]{0,20}(?:token|key|secret|auth|password|signature))=([A-Za-z0-9._~%+/-]{12,})",
    ),
    form("fcm-key", &["APA91b"], r"\b([A-Za-z0-9_-]{6,}:APA91b[A-Za-z0-9_-]{60,})"),
    form("django-secret-key", &["django-insecure-"], r#"(django-insecure-[^\s"']{20,})"#),
    Rule {
        name: "secret-key-setting",
        needs: &["secret_key", "secret-key", "secretkey"],
        then: anything,
        pattern: r#"(?i)\bsecret[_-]?key(?:_[a-z]{1,20})?["'\]]{0,2}\s*(?::\s*[a-z&' ]{1,20}=|:=|=>|=|:|,)\s*[brfu]?(?:"([^\s"]{24,})"|'([^\s']{24,})')"#,
        test: Test::Opaque,
    },
    password(
        "hex-secret",
        &["fromhex", "from_hex", "unhexlify", "decodestring", "hex!", "buffer.from"],
        r#"(?i)(?:key|secret|token|passw|salt|seed|pepper|hmac)[A-Za-z0-9_\-]{0,20}["'\]]{0,2}\s*(?::\s*[A-Za-z0-9&\[\];' ]{1,20}=|, *_ *:=|, *err *:=|:=|=>|=|:|,)\s*[A-Za-z0-9_.:]{0,30}(?:fromhex|from_hex|unhexlify|DecodeString|hex!|Buffer\.from)\(\s*b?["'`]([0-9a-f]{16,})["'`]"#,
    ),
    random(
        "authorization-header",
        &["authorization"],
        r#"(?i)\bauthorization["']?\s*[:=,]\s*["']?(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{16,})"#,
    ),
    random(
        "assigned-secret",
        SECRET_WORDS,
        r#"(?i)(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?)[A-Za-z0-9_\-]{0,20}["'\]]{0,2}\s*(?::\s*[A-Za-z&' ]{1,20}=|:=|=>|=|:|,)\s*[brfu]?["'`]([^\s"'`]{10,})["'`]"#,
    )
    .followed_by(rest_and_value),
    random(
        "environment-secret",
        &["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY"],
        r"(?m)^[\s/#*;]*(?:export\s+|ENV\s+|-\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]*\s*[=:]\s*([^\s'`\x22$]{10,})\s*(?:\*/)?\s*$",
    )
    .followed_by(rest_and_value),
    typed(
        "password",
        &["password", "passwd", "passphrase", "pwd", "pass"],
        r#"(?i)(?:\b|_)(?:passw(?:or)?d|passphrase|pwd|pass)["'\]]{0,2}\s*(?::\s*[A-Za-z&'\[\]| ]{1,20}=|:=|=>|==|=|:|,)\s*[brfu]?["'`]([^\s"'`]{6,80})["'`]"#,
    )
    .followed_by(value),
    typed(
        "told-password",
        &["password", "passphrase", "passwd", "pwd"],
        r#"(?i)\b(?:password|passphrase|passwd|pwd)\s+(?:(?:is|of|to|with|was|=|:)\s+)?["'`]?([^\s"'`,;()<>]{8,64})"#,
    )
    .followed_by(blank),
    typed(
        "given-password",
        &["login", "log_in", "signin", "sign_in", "auth", "credential", "client", "connect"],
        r#"(?i)(?:login|log_in|sign_?in|auth|credentials?|client|connect)[a-z_]{0,12}(?:::new|\.new)?\(\s*&?["'][^"'\s]{1,64}["'](?:\.to_owned\(\)|\.into\(\))?\s*,\s*&?["']([^\s"']{8,80})["']"#,
    )
    .followed_by(text_as_argument),
];
