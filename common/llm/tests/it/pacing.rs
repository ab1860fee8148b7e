//! How many requests are under way, and when nobody asks at all.

use std::sync::Arc;
use std::time::Duration;

use llm::testserver::{Scenario, Script, TestServer, Wait};
use llm::{Chat, ChatError, ChatReply, ErrorKind, MAX_PARALLEL};
use pipeline::breaker::BreakerParams;
use tokio::task::JoinSet;

use crate::support::{QUICK, ask, chat, endpoint, serve};

async fn ask_many(chat: &Chat, n_questions: usize) -> Vec<Result<ChatReply, ChatError>> {
    let mut tasks = JoinSet::new();
    for _ in 0..n_questions {
        let chat = chat.clone();
        tasks.spawn(async move { ask(&chat).await });
    }
    tasks.join_all().await
}

fn slowly() -> Script {
    Script::default().with_latency(Duration::from_millis(20))
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let server = serve(slowly());
    let replies = ask_many(&chat(endpoint(&server)), 60).await;
    assert!(replies.iter().all(Result::is_ok));
    assert_eq!((server.n_requests(), server.most_parallel()), (60, MAX_PARALLEL));

    let server = serve(slowly());
    ask_many(&chat(endpoint(&server).with_parallel(3)), 12).await;
    assert_eq!(server.most_parallel(), 3);
}

#[tokio::test]
async fn rate_limits_halve_what_is_under_way_and_answers_bring_it_back() {
    let limits = vec![Scenario::RateLimited(Wait::Milliseconds(5)); 10];
    // So slow that all ten are under way before the first limit is told.
    let server = serve(Script::default().with_latency(Duration::from_millis(400)).then(limits));
    let chat = chat(endpoint(&server));
    let replies = ask_many(&chat, 10).await;
    assert!(replies.iter().all(Result::is_ok));
    assert_eq!(server.n_requests(), 20, "each was limited once");
    // Ten limits of one burst count as one, and ten answers give one place back.
    assert_eq!(chat.parallel_limit(), MAX_PARALLEL / 2 + 1);
    ask_many(&chat, 40).await;
    assert_eq!(chat.parallel_limit(), MAX_PARALLEL);
}

fn dead() -> (TestServer, Chat) {
    let server = serve(Script::default().usually(Scenario::ServerError));
    let breaker = BreakerParams { first_wait: Duration::from_secs(20), ..BreakerParams::default() };
    let mut endpoint = endpoint(&server);
    endpoint.breaker = breaker;
    (server, chat(endpoint))
}

#[tokio::test]
async fn a_dead_server_is_left_alone() {
    let (server, chat) = dead();
    let mut errors = Vec::new();
    for _ in 0..10 {
        errors.push(ask(&chat).await.expect_err("it is dead"));
    }
    assert!(chat.is_left_alone());
    // Eight attempts open the breaker; nothing is sent after them.
    assert_eq!(server.n_requests(), 8);
    assert!(errors.iter().all(|error| error.kind == ErrorKind::Unavailable));
    let last = errors.pop().expect("ten errors");
    assert_eq!(last.n_tries, 0);
    assert!(last.retry_after.is_some_and(|wait| wait <= Duration::from_secs(20)));
}

#[tokio::test]
async fn a_server_that_comes_back_is_asked_again() {
    let server = serve(Script::default().then(vec![Scenario::ServerError; 9]));
    let mut endpoint = endpoint(&server).with_retry(QUICK);
    endpoint.breaker.first_wait = Duration::from_millis(30);
    let chat = Arc::new(chat(endpoint));
    let replies = ask_many(&chat, 10).await;
    // Each had three attempts of which at most two could fail: nine errors for thirty attempts.
    let n_failed = replies.iter().filter(|reply| reply.is_err()).count();
    assert!(n_failed <= 3, "{n_failed} of 10 failed by 9 errors");
    assert!(!chat.is_left_alone());
    assert!(ask(&chat).await.is_ok());
}
