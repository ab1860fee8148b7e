//! The rules, most telling first. The first group of a pattern is the secret.

/// One form that secrets have.
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// One of these is in every match, however it is capitalised: a text without any need not be searched.
    pub(super) needs: &'static [&'static str],
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

const fn form(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, pattern, test: Test::Form }
}

const fn password(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, pattern, test: Test::Password }
}

const fn typed(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, pattern, test: Test::Typed }
}

const fn random(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, pattern, test: Test::Random { min_bits_per_char: 3.2 } }
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
        &["-----begin"],
        r"(?s)(-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]*-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?:\s|\\n|\\r)*[A-Za-z0-9+/=#*\s\\]{64,}))",
    ),
    form("gcp-private-key-id", &["private_key_id"], r#""private_key_id"\s*:\s*"([0-9a-f]{40})""#),
    form("age-secret-key", &["age-secret-key-1"], r"\b(AGE-SECRET-KEY-1[0-9A-Z]{50,60})\b"),
    form(
        "aws-access-key-id",
        &["akia", "asia", "abia", "acca"],
        r"\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b",
    ),
    random(
        "aws-secret-access-key",
        &["aws", "secret", "amazon"],
        r#"(?i)(?:aws|secret|amazon).{0,30}?(?:secret|key|token).{0,10}?['"=:\s]([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
    ),
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
    form("google-api-key", &["aiza"], r"\b(AIza[A-Za-z0-9_-]{35})"),
    form("google-oauth-token", &["ya29."], r"\b(ya29\.[A-Za-z0-9_-]{20,})"),
    form("google-client-secret", &["gocspx-"], r"\b(GOCSPX-[A-Za-z0-9_-]{28})"),
    form("azure-storage-key", &["accountkey="], r"(?i)\bAccountKey=([A-Za-z0-9+/]{86}==)"),
    form("azure-sas", &["sig="], r"[?&]sig=([A-Za-z0-9%+/]{43,}(?:=|%3[dD])?)"),
    form(
        "azure-client-secret",
        &["q~"],
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
    form("sendgrid-key", &["sg."], r"\b(SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64})"),
    form("mailgun-key", &["key-"], r"\b(key-[0-9a-f]{32})\b"),
    form("mailchimp-key", &["-us"], r"\b([0-9a-f]{32}-us[0-9]{1,2})\b"),
    form("twilio-key", &["sk"], r"\b(SK[0-9a-f]{32})\b"),
    form("twilio-auth-token", &["twilio"], r#"(?i)twilio.{0,40}?['"=:\s]([0-9a-f]{32})\b"#),
    form("telegram-bot-token", &[":aa"], r"(?:^|bot|[^0-9A-Za-z])([0-9]{8,10}:AA[A-Za-z0-9_-]{33})"),
    form(
        "discord-webhook",
        &["discord"],
        r"discord(?:app)?\.com/api/webhooks/([0-9]{10,}/[A-Za-z0-9_-]{40,})",
    ),
    form(
        "discord-bot-token",
        &["."],
        r"\b([MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40})",
    ),
    form("heroku-key", &["hrku-"], r"\b(HRKU-[A-Za-z0-9_-]{30,70})"),
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
    form("jwt", &["eyj"], r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})"),
    password(
        "database-url",
        &["://"],
        r#"(?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|clickhouse|cockroachdb)(?:\+[a-z0-9]+)?://[^\s:/@'"`\[]{0,80}:([^\s@/'"`]{3,})@"#,
    ),
    password(
        "url-password",
        &["://"],
        r#"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^\s:/@'"`<>\[]{1,80}:([^\s@/'"`<>]{6,})@"#,
    ),
    form("sentry-dsn", &["://"], r"://([0-9a-f]{32})(?::[0-9a-f]{32})?@[A-Za-z0-9.-]+/[0-9]"),
    random(
        "url-token",
        &["token=", "key=", "secret=", "auth=", "password=", "signature="],
        r"(?i)[?&](?:[a-z_-]{0,20}(?:token|key|secret|auth|password|signature))=([A-Za-z0-9._~%+/-]{12,})",
    ),
    form("fcm-key", &["apa91b"], r"\b([A-Za-z0-9_-]{6,}:APA91b[A-Za-z0-9_-]{60,})"),
    form("django-secret-key", &["django-insecure-"], r#"(django-insecure-[^\s"']{20,})"#),
    Rule {
        name: "secret-key-setting",
        needs: &["secret_key", "secret-key", "secretkey"],
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
    ),
    random(
        "environment-secret",
        SECRET_WORDS,
        r"(?m)^[\s/#*;]*(?:export\s+|ENV\s+|-\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]*\s*[=:]\s*([^\s'`\x22$]{10,})\s*(?:\*/)?\s*$",
    ),
    typed(
        "password",
        &["passw", "passphrase", "pwd", "pass"],
        r#"(?i)(?:\b|_)(?:passw(?:or)?d|passphrase|pwd|pass)["'\]]{0,2}\s*(?::\s*[A-Za-z&'\[\]| ]{1,20}=|:=|=>|==|=|:|,)\s*[brfu]?["'`]([^\s"'`]{6,80})["'`]"#,
    ),
    typed(
        "told-password",
        &["passw", "passphrase", "pwd"],
        r#"(?i)\b(?:password|passphrase|passwd|pwd)\s+(?:(?:is|of|to|with|was|=|:)\s+)?["'`]?([^\s"'`,;()<>]{8,64})"#,
    ),
    typed(
        "given-password",
        &["login", "log_in", "signin", "sign_in", "auth", "credential", "client", "connect"],
        r#"(?i)(?:login|log_in|sign_?in|auth|credentials?|client|connect)[a-z_]{0,12}(?:::new|\.new)?\(\s*&?["'][^"'\s]{1,64}["'](?:\.to_owned\(\)|\.into\(\))?\s*,\s*&?["']([^\s"']{8,80})["']"#,
    ),
];
