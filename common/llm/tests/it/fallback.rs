//! Models that stand in for one another.

use llm::testserver::{Scenario, Script};
use llm::{Budget, Chat, ChatReply, Endpoint};

use crate::support::{QUICK, chat, request, serve};

fn models(server: &llm::testserver::TestServer) -> Chat {
    let models = ["gpt-4o-mini", "gpt-4o", "gpt-4.1"];
    chat(Endpoint::new(&server.base_url(), models).expect("a URL").with_retry(QUICK))
}

fn is_whole(reply: &ChatReply) -> bool {
    reply.answer().is_ok()
}

#[tokio::test]
async fn the_next_model_answers_where_one_cannot() {
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
        let walk = models(&server).ask_in_turn(&request(), 0, &Budget::unlimited(), is_whole).await;
        assert_eq!(walk.accepted().map(|(model_idx, _)| model_idx), Some(1), "{code}");
        assert_eq!((walk.asked.len(), server.n_requests()), (2, n_requests + 1), "{code}");
        let first =
            walk.asked[0].result.as_ref().map_err(Clone::clone).and_then(|reply| reply.answer().map(drop));
        assert_eq!(first.expect_err("the first model cannot").code(), code);
    }
}

#[tokio::test]
async fn an_unknown_model_is_asked_once() {
    let server = serve(Script::default().for_model("gpt-4o-mini", Scenario::ModelUnknown));
    let chat = models(&server);
    for _ in 0..3 {
        let walk = chat.ask_in_turn(&request(), 0, &Budget::unlimited(), is_whole).await;
        assert!(walk.is_accepted);
    }
    assert!(chat.is_unknown(0) && !chat.is_unknown(1));
    assert_eq!(server.n_requests(), 4);
}

#[tokio::test]
async fn the_walk_ends_where_another_model_cannot_help() {
    for scenario in [Scenario::Unauthorised, Scenario::PaymentRequired, Scenario::QuotaExhausted] {
        let server = serve(Script::default().usually(scenario.clone()));
        let walk = models(&server).ask_in_turn(&request(), 0, &Budget::unlimited(), is_whole).await;
        assert_eq!((walk.asked.len(), server.n_requests(), walk.is_accepted), (1, 1, false), "{scenario:?}");
    }
    let server = serve(Script::default());
    let walk = models(&server).ask_in_turn(&request(), 0, &Budget::of_micro_usd(1), is_whole).await;
    assert_eq!(walk.error().expect("one micro-USD is not enough").code(), "budget_exceeded");
    assert_eq!((walk.asked.len(), server.n_requests()), (1, 0));
}

#[tokio::test]
async fn where_no_model_helps_all_their_answers_are_told() {
    let server = serve(Script::default());
    let walk = models(&server).ask_in_turn(&request(), 1, &Budget::unlimited(), |_| false).await;
    assert!(walk.accepted().is_none());
    let asked: Vec<usize> = walk.asked.iter().map(|asked| asked.model_idx).collect();
    assert_eq!(asked, [1, 2]);
}

#[tokio::test]
async fn a_model_that_the_endpoint_does_not_list_is_unknown() {
    let server = serve(Script::default());
    let asked = models(&server).ask(&request(), 9, &Budget::unlimited()).await;
    assert_eq!(asked.expect_err("there are three").code(), "llm_model_unknown");
}
