//! Money is never spent beyond its limit.

use std::sync::Arc;
use std::time::Duration;

use llm::testserver::{Scenario, Script};
use llm::{Budget, Chat, Endpoint, Price, PriceTable, TokenCounter};
use proptest::prelude::*;
use tokio::task::JoinSet;

use crate::support::{MODEL, QUICK, ask, chat, endpoint, endpoint_for, request, serve};

#[derive(Debug, Clone)]
enum End {
    Settle { share_percent: u64 },
    Release,
    Drop,
}

fn ends() -> impl Strategy<Value = End> {
    prop_oneof![
        (0..=100_u64).prop_map(|share_percent| End::Settle { share_percent }),
        Just(End::Release),
        Just(End::Drop)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Eight threads reserve and settle as they like; at no moment is more promised than there is.
    #[test]
    fn any_number_of_threads_stays_within_the_limit(
        limit in 0..5_000_u64,
        wishes in prop::collection::vec((0..900_u64, ends()), 1..200),
    ) {
        let budget = Budget::of_micro_usd(limit);
        let wishes = Arc::new(wishes);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (budget, wishes) = (budget.clone(), Arc::clone(&wishes));
                scope.spawn(move || {
                    for (wish, end) in wishes.iter().skip(thread).step_by(8) {
                        let Ok(reservation) = budget.reserve(*wish) else { continue };
                        // Two looks are not one moment, so only each by itself is certain.
                        assert!(budget.spent() <= limit && budget.reserved() <= limit);
                        match end {
                            End::Settle { share_percent } => reservation.settle(wish * share_percent / 100),
                            End::Release => reservation.release(),
                            End::Drop => drop(reservation),
                        }
                    }
                });
            }
        });
        prop_assert!(budget.spent() <= limit);
        prop_assert_eq!(budget.reserved(), 0);
        prop_assert_eq!(budget.left(), limit - budget.spent());
    }

    /// One thread: what is refused would have passed the limit, and nothing else is.
    #[test]
    fn a_reservation_is_refused_only_where_it_does_not_fit(limit in 0..1_000_u64, wishes in prop::collection::vec(0..500_u64, 1..20)) {
        let budget = Budget::of_micro_usd(limit);
        let mut held = Vec::new();
        for wish in wishes {
            let left = budget.left();
            match budget.reserve(wish) {
                Ok(reservation) => {
                    prop_assert!(wish <= left);
                    held.push(reservation);
                }
                Err(refused) => {
                    prop_assert!(wish > left);
                    prop_assert_eq!((refused.wanted, refused.left), (wish, left));
                }
            }
        }
        let reserved: u64 = held.iter().map(llm::Reservation::amount).sum();
        prop_assert_eq!(budget.reserved(), reserved);
    }
}

fn worst_case() -> u64 {
    let price = PriceTable::published().price(MODEL).expect("it has a price");
    let input = TokenCounter::for_model(MODEL).at_most(&request());
    price.worst_case(input, u64::from(request().max_output_tokens))
}

#[tokio::test]
async fn many_tasks_stop_asking_when_the_next_question_may_not_fit() {
    let server = serve(Script::default().with_latency(Duration::from_millis(5)));
    let chat = chat(endpoint(&server));
    let limit = worst_case() * 4;
    let budget = Budget::of_micro_usd(limit);
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (chat, budget) = (chat.clone(), budget.clone());
        tasks.spawn(async move { chat.ask(&request(), 0, &budget).await });
    }
    let asked = tasks.join_all().await;
    let paid: u64 = asked.iter().flatten().map(|reply| reply.cost_micro_usd.expect("a price")).sum();
    assert_eq!((budget.spent(), budget.reserved()), (paid, 0));
    assert!(paid <= limit && paid > 0);
    let refused = asked.iter().filter_map(|asked| asked.as_ref().err());
    assert!(refused.clone().all(|error| error.code() == "budget_exceeded" && error.n_tries == 0));
    assert_eq!(server.n_requests() + refused.count(), 100, "what is refused is not sent");
    assert!(server.most_parallel() <= 4, "four worst cases fit at once");
    assert!(budget.left() < worst_case(), "nobody is refused what may still come free");
}

#[tokio::test]
async fn who_has_no_money_waits_for_those_that_settle() {
    let server = serve(Script::default().with_latency(Duration::from_millis(20)));
    let chat = chat(endpoint(&server));
    // Two fit at once, and each costs a fraction of its worst case, so all are answered in the end.
    let budget = Budget::of_micro_usd(worst_case() * 2);
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let (chat, budget) = (chat.clone(), budget.clone());
        tasks.spawn(async move { chat.ask(&request(), 0, &budget).await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    let refused =
        budget.reserve_when_free(budget.left() + 1).await.expect_err("it is more than what is left");
    assert_eq!((refused.wanted, refused.left), (budget.left() + 1, budget.left()));
    budget.charge(u64::MAX);
    assert_eq!(budget.left(), 0);
}

#[tokio::test]
async fn lost_attempts_count_with_their_worst_case_and_refused_ones_with_nothing() {
    let cases = [
        (Scenario::ResetMidBody, 1),
        (Scenario::Closed, 1),
        (Scenario::NotJson, 1),
        (Scenario::ServerError, 0),
        (Scenario::RateLimited(llm::testserver::Wait::Untold), 0),
    ];
    for (scenario, n_charged) in cases {
        let server = serve(Script::default().then([scenario.clone()]));
        let chat = chat(endpoint(&server));
        let budget = Budget::of_micro_usd(worst_case() * 10);
        let reply = chat.ask(&request(), 0, &budget).await.expect("the second attempt is answered");
        let cost = reply.cost_micro_usd.expect("a price");
        assert_eq!(budget.spent(), cost + n_charged * worst_case(), "{scenario:?}");
    }
}

#[tokio::test]
async fn each_attempt_that_ran_out_of_time_counts_too() {
    let scenario = Scenario::Slow(Duration::from_secs(60));
    let server = serve(Script::default().usually(scenario.clone()));
    let budget = Budget::of_micro_usd(worst_case() * 10);
    let asked = chat(endpoint_for(&server, &scenario)).ask(&request(), 0, &budget).await;
    assert_eq!(asked.expect_err("the server takes a minute").n_tries, 3);
    assert_eq!((budget.spent(), budget.reserved()), (3 * worst_case(), 0));
}

#[tokio::test]
async fn a_question_that_is_given_up_counts_as_asked() {
    let server = serve(Script::default().usually(Scenario::Slow(Duration::from_secs(60))));
    let chat = chat(endpoint(&server));
    let budget = Budget::of_micro_usd(worst_case() * 10);
    let asked = tokio::time::timeout(Duration::from_millis(200), chat.ask(&request(), 0, &budget)).await;
    assert!(asked.is_err(), "the server takes a minute");
    assert_eq!((budget.spent(), budget.reserved()), (worst_case(), 0));
}

#[tokio::test]
async fn a_budget_needs_a_price() {
    let server = serve(Script::default());
    // Not on this machine as far as anybody can tell, so not free.
    let far = Endpoint::new("http://models.internal:9/v1", ["unheard-of"]).expect("a URL").with_retry(QUICK);
    let asked = chat(far.clone()).ask(&request(), 0, &Budget::of_micro_usd(1_000_000)).await;
    assert_eq!(asked.expect_err("nobody knows what it costs").code(), "llm_price_unknown");
    let table = PriceTable::published().with_price("unheard-of", Price::per_million(100, 100, 100));
    let priced = Chat::new(far, table).expect("usable");
    assert_eq!(priced.price(0), Some(Price::per_million(100, 100, 100)));

    let local = Endpoint::new(&server.base_url(), ["unheard-of"]).expect("a URL");
    let asked = chat(local).ask(&request(), 0, &Budget::of_micro_usd(0)).await;
    assert_eq!(asked.expect("this machine asks for nothing").cost_micro_usd, Some(0));
}

#[tokio::test]
async fn the_cost_is_that_of_the_counted_tokens() {
    let server = serve(Script::default());
    let reply = ask(&chat(endpoint(&server))).await.expect("an answer");
    let usage = reply.usage.expect("the server counts");
    let micro_usd = (usage.input_tokens * 150_000 + usage.output_tokens * 600_000).div_ceil(1_000_000);
    assert_eq!(reply.cost_micro_usd, Some(micro_usd));
    assert!(micro_usd <= worst_case());
}
