//! Many questions at once, through files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use llm::testserver::{BatchEnd, BatchScript, Order, Question, Script, TestServer};
use llm::{BatchId, BatchState, Batches, Budget, ChatRequest};
use serde_json::Value;

use crate::support::{MODEL, chat, endpoint, request, serve};

const SOON: Duration = Duration::from_millis(2);

fn questions(n_questions: usize) -> BTreeMap<String, ChatRequest> {
    let question = |n| {
        let mut asked = request();
        asked.user = format!("What is {n}?");
        (format!("q{n:03}"), asked)
    };
    (0..n_questions).map(question).collect()
}

fn names(questions: &BTreeMap<String, ChatRequest>) -> BTreeSet<String> {
    questions.keys().cloned().collect()
}

fn echo(script: BatchScript) -> TestServer {
    serve(Script::answering(|question: &Question| format!("To {}", question.user)).with_batch(script))
}

fn batches(server: &TestServer) -> Batches {
    Batches::new(&chat(endpoint(server)), 0).expect("the endpoint is usable")
}

#[tokio::test]
async fn answers_come_back_by_name_and_at_half_the_price() {
    let server = echo(BatchScript { n_polls: 2, ..BatchScript::default() });
    let (asked, batches, budget) = (questions(25), batches(&server), Budget::of_micro_usd(1_000_000));
    let (id, reservation) = batches.submit(&asked, &budget).await.expect("it is taken");
    assert_eq!(Some(budget.reserved()), batches.worst_case(&asked));
    let progress = batches.wait(&id, SOON).await.expect("it ends");
    assert_eq!((progress.state, progress.n_requests, progress.n_answered), (BatchState::Completed, 25, 25));
    let answers = batches.answers(&progress, &names(&asked)).await.expect("files are there");
    for (name, request) in &asked {
        let reply = answers.replies[name].as_ref().expect("an answer");
        assert_eq!(reply.answer(), Ok(format!("To {}", request.user).as_str()));
    }
    let usages = answers.replies.values().flatten().map(|reply| reply.usage.expect("the server counts"));
    let halves =
        usages.map(|usage| (usage.input_tokens * 75_000 + usage.output_tokens * 300_000).div_ceil(1_000_000));
    assert_eq!(answers.cost_micro_usd, Some(halves.sum()));
    reservation.settle(answers.cost_micro_usd.expect("a price"));
    assert_eq!((budget.reserved(), Some(budget.spent())), (0, answers.cost_micro_usd));
}

#[tokio::test]
async fn the_file_has_a_line_for_each_question() {
    let server = echo(BatchScript::default());
    let (_, reservation) =
        batches(&server).submit(&questions(2), &Budget::unlimited()).await.expect("it is taken");
    reservation.release();
    let upload = &server.requests()[0];
    assert_eq!(upload.path, "/v1/files");
    let text = upload.text();
    assert!(text.contains("name=\"purpose\"") && text.contains("\r\nbatch\r\n"));
    let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["custom_id"], &lines[1]["url"]), (&"q001".into(), &"/v1/chat/completions".into()));
    assert_eq!(lines[1]["body"]["model"], MODEL);
    assert!(text.contains(&format!(r#""schema":{}"#, crate::support::SCHEMA)), "the schema keeps its order");
    let order = server.requests()[1].json();
    assert_eq!((&order["completion_window"], &order["input_file_id"]), (&"24h".into(), &"file-1".into()));
}

#[tokio::test]
async fn a_batch_is_found_again_by_its_id() {
    let server = echo(BatchScript { n_polls: 1, ..BatchScript::default() });
    let asked = questions(3);
    let kept = {
        let (id, reservation) =
            batches(&server).submit(&asked, &Budget::unlimited()).await.expect("it is taken");
        reservation.release();
        serde_json::to_string(&id).expect("an id can be kept")
    };
    let id: BatchId = serde_json::from_str(&kept).expect("and read again");
    let later = batches(&server);
    let progress = later.wait(&id, SOON).await.expect("it ends");
    let answers = later.answers(&progress, &names(&asked)).await.expect("files are there");
    assert!(answers.replies.values().all(Result::is_ok));
    let uploads = server.requests().iter().filter(|request| request.path == "/v1/files").count();
    assert_eq!(uploads, 1);
}

#[tokio::test]
async fn each_question_without_an_answer_says_why() {
    let some = |names: [&str; 1]| names.map(str::to_owned).into();
    for (end, state) in
        [(BatchEnd::Completed, BatchState::Completed), (BatchEnd::Expired, BatchState::Expired)]
    {
        let server =
            echo(BatchScript { fails: some(["q001"]), loses: some(["q002"]), end, ..BatchScript::default() });
        let (asked, batches) = (questions(4), batches(&server));
        let (id, reservation) = batches.submit(&asked, &Budget::unlimited()).await.expect("it is taken");
        reservation.release();
        let progress = batches.poll(&id).await.expect("it is over");
        assert_eq!((progress.state, progress.n_failed), (state, 1));
        let answers = batches.answers(&progress, &names(&asked)).await.expect("files are there");
        let code =
            |name: &str| answers.replies[name].as_ref().map_or_else(llm::ChatError::code, |_| "answer");
        let codes: Vec<&str> = asked.keys().map(|name| code(name)).collect();
        assert_eq!(codes, ["answer", "llm_context_too_long", "llm_batch_incomplete", "answer"]);
    }
}

#[tokio::test]
async fn a_refused_and_a_cancelled_batch_say_so() {
    let server = echo(BatchScript { end: BatchEnd::Failed, ..BatchScript::default() });
    let (asked, refused) = (questions(1), batches(&server));
    let (id, reservation) = refused.submit(&asked, &Budget::unlimited()).await.expect("it is taken");
    reservation.release();
    let progress = refused.poll(&id).await.expect("it is over");
    let error = refused.answers(&progress, &names(&asked)).await.expect_err("it failed");
    assert_eq!(error.code(), "llm_batch_failed");
    assert!(error.message.contains("not parseable"), "{error}");

    let server = echo(BatchScript { n_polls: 100, ..BatchScript::default() });
    let cancelled = batches(&server);
    let (id, reservation) = cancelled.submit(&asked, &Budget::unlimited()).await.expect("it is taken");
    reservation.release();
    assert_eq!(cancelled.poll(&id).await.expect("it runs").state, BatchState::Running);
    cancelled.cancel(&id).await.expect("it can be");
    let progress = cancelled.poll(&id).await.expect("it is over");
    assert_eq!(progress.state, BatchState::Cancelled);
    let answers = cancelled.answers(&progress, &names(&asked)).await.expect("there are no files");
    assert_eq!(answers.replies["q000"].as_ref().expect_err("cancelled").code(), "llm_batch_incomplete");
}

#[tokio::test]
async fn an_order_is_repeated_only_where_nothing_came_of_the_first() {
    let n_orders = |server: &TestServer| {
        let requests = server.requests();
        requests.iter().filter(|request| request.path == "/v1/batches").count()
    };
    let server = echo(BatchScript { orders: [Order::Busy, Order::Busy].into(), ..BatchScript::default() });
    let (_, reservation) =
        batches(&server).submit(&questions(1), &Budget::unlimited()).await.expect("at last");
    reservation.release();
    assert_eq!(n_orders(&server), 3);

    let server = echo(BatchScript { orders: [Order::Lost].into(), ..BatchScript::default() });
    let (batches, budget) = (batches(&server), Budget::of_micro_usd(1_000_000));
    let error = batches.submit(&questions(1), &budget).await.expect_err("nobody knows");
    assert_eq!((error.code(), error.may_have_cost, n_orders(&server)), ("llm_unavailable", true, 1));
    assert_eq!(Some(budget.spent()), batches.worst_case(&questions(1)));
}

#[tokio::test]
async fn what_cannot_be_paid_or_sent_is_not_started() {
    let server = echo(BatchScript::default());
    let batches = batches(&server);
    let refused = batches.submit(&questions(5), &Budget::of_micro_usd(1)).await;
    assert_eq!(refused.expect_err("one micro-USD is not enough").code(), "budget_exceeded");
    let refused = batches.submit(&BTreeMap::new(), &Budget::unlimited()).await;
    assert_eq!(refused.expect_err("nothing is asked").code(), "llm_bad_request");
    assert_eq!(server.n_requests(), 0);
    let unknown = batches.poll(&BatchId::kept("batch_9")).await.expect_err("there is no such batch");
    assert_eq!(unknown.status, Some(404));
}

#[tokio::test]
async fn a_batch_that_is_not_there_says_nothing_of_the_endpoint() {
    let server = echo(BatchScript::default());
    let chat = chat(endpoint(&server));
    let batches = Batches::new(&chat, 0).expect("the endpoint is usable");
    let error = batches.poll(&BatchId::kept("batch_of_yesterday")).await.expect_err("it is not known");
    assert_eq!((error.code(), chat.gone()), ("llm_batch_failed", None));
}
