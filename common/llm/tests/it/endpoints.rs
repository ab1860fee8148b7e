//! What a user types, and what is never shown of it.

use llm::testserver::Script;
use llm::{Api, ChatRequest, Endpoint, InvalidEndpoint, PriceTable, Url};

use crate::support::{MODEL, QUICK, ask, chat, serve};

#[test]
fn an_address_is_checked_once() {
    let refused = ["", "api.openai.com/v1", "ftp://host/v1", "http://", "unix:/run/x"];
    for url in refused {
        assert!(matches!(Endpoint::new(url, [MODEL]), Err(InvalidEndpoint::Url { .. })), "{url}");
    }
    for url in ["https://user:pass@host/v1", "https://host/v1?key=1", "https://host/v1#a"] {
        assert_eq!(Endpoint::new(url, [MODEL]).expect_err("it has extras"), InvalidEndpoint::UrlWithExtras);
    }
    let error = Endpoint::new("ftp://user:hunter2@host/v1?key=hunter3", [MODEL]).expect_err("no URL of ours");
    assert!(!error.to_string().contains("hunter"), "{error}");
    assert_eq!(Endpoint::new("http://h/v1", [""; 0]).expect_err("no model"), InvalidEndpoint::NoModel);
}

#[test]
fn the_kind_and_the_place_follow_from_the_address() {
    let endpoint = |url| Endpoint::new(url, [MODEL]).expect("a URL");
    assert_eq!(endpoint("https://api.openai.com/v1").api, Api::OpenAi);
    assert_eq!(endpoint("http://127.0.0.1:8000/v1").api, Api::Compatible);
    let local = ["http://127.0.0.1:1/v1", "http://localhost:11434/v1", "http://[::1]:8080/v1"];
    assert!(local.iter().all(|url| endpoint(url).is_local()));
    assert!(!endpoint("https://api.openai.com/v1").is_local());
}

#[test]
fn neither_key_nor_prompt_is_printed() {
    let endpoint = Endpoint::new("https://host/v1", [MODEL]).expect("a URL").with_key("sk-very-secret");
    assert!(!format!("{endpoint:?}").contains("sk-very-secret"));
    assert!(!format!("{:?}", chat(endpoint)).contains("sk-very-secret"));
    let request = ChatRequest::new("be brief", "the secret plan", 5);
    let shown = format!("{request:?}");
    assert!(!shown.contains("plan") && !shown.contains("brief"), "{shown}");
}

#[test]
fn a_key_that_no_header_can_carry_is_refused() {
    let endpoint = Endpoint::new("https://host/v1", [MODEL]).expect("a URL").with_key("two\nlines");
    let refused = llm::Chat::new(endpoint, PriceTable::published());
    assert_eq!(refused.err(), Some(InvalidEndpoint::Key));
}

#[tokio::test]
async fn https_goes_through_tls() {
    let server = serve(Script::default());
    let base = server.base_url().replace("http://", "https://");
    let secure = Endpoint::new(&base, [MODEL]).expect("a URL").with_retry(QUICK);
    let error = ask(&chat(secure)).await.expect_err("the server does not speak TLS");
    assert_eq!((error.code(), error.may_have_cost), ("llm_unavailable", false), "{error}");
    let in_the_clear = server.requests().iter().any(|request| request.path.contains("completions"));
    assert!(!in_the_clear);
}

#[tokio::test]
async fn a_proxy_is_used_where_it_is_given() {
    let proxy = serve(Script::default());
    let url = Url::parse(&proxy.base_url()).expect("a URL");
    let far = Endpoint::new("http://models.invalid/v1", [MODEL]).expect("a URL").with_proxy(url);
    ask(&chat(far)).await.expect("the proxy answers by itself");
    assert_eq!(proxy.requests()[0].path, "http://models.invalid/v1/chat/completions");
}
