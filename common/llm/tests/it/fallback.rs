//! Models that stand in for one another.

use llm::testserver::{Scenario, Script};
use llm::{Budget, Chat, Endpoint};

use crate::support::{QUICK, chat, request, serve};

fn models(server: &llm::testserver::TestServer) -> Chat {
    let models = ["gpt-4o-mini", "gpt-4o", "gpt-4.1"];
    chat(Endpoint::new(&server.base_url(), models).expect("a URL").with_retry(QUICK))
}

#[tokio::test]
async fn what_one_model_cannot_another_may() {
    let cases = [
        (Scenario::ModelUnknown, 1, "llm_model_unknown"),
        (Scenario::NotJson, 3, "llm_bad_reply"),
        (Scenario::ServerError, 3, "llm_unavailable"),
        (Scenario::ContextTooLong, 1, "llm_context_too_long"),
        (Scenario::Refusal, 1, "llm_refused"),
        (Scenario::Empty, 1, "llm_empty_reply"),
    ];
    for (scenario, n_requests, code) in cases {
        let server = serve(Script::default().for_model("gpt-4o-mini", scenario));
        let (chat, budget) = (models(&server), Budget::unlimited());
        let first = chat.ask(&request(), 0, &budget).await.and_then(|reply| reply.answer().map(drop));
        let error = first.expect_err("the first model cannot");
        assert_eq!((error.code(), error.kind.wants_other_model()), (code, true));
        chat.ask(&request(), 1, &budget).await.expect("the second model answers");
        assert_eq!(server.n_requests(), n_requests + 1, "{code}");
        assert_eq!((chat.is_unknown(0), chat.is_unknown(1)), (code == "llm_model_unknown", false));
    }
}

#[tokio::test]
async fn nothing_is_asked_of_another_model_where_it_cannot_help() {
    for scenario in [Scenario::Unauthorised, Scenario::PaymentRequired, Scenario::QuotaExhausted] {
        let server = serve(Script::default().usually(scenario.clone()));
        let asked = models(&server).ask(&request(), 0, &Budget::unlimited()).await;
        assert!(!asked.expect_err("nobody may ask").kind.wants_other_model(), "{scenario:?}");
    }
}

#[tokio::test]
async fn a_model_that_the_endpoint_does_not_list_is_unknown() {
    let server = serve(Script::default());
    let asked = models(&server).ask(&request(), 9, &Budget::unlimited()).await;
    assert_eq!(asked.expect_err("there are three").code(), "llm_model_unknown");
}
