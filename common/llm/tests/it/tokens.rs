//! Counting before asking.

use llm::testserver::Script;
use llm::{ChatRequest, TextSizes, TokenCounter};

use crate::support::{ask, chat, endpoint, request, serve};

#[test]
fn openai_models_are_counted_and_others_estimated() {
    for model in
        ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai/gpt-4o", "gpt-3.5-turbo", "gpt-5-mini", "o3"]
    {
        assert!(!TokenCounter::for_model(model).is_estimate(), "{model}");
    }
    for model in ["llama3.2", "SmolLM2-135M-Instruct", "", "mistralai/Mistral-7B"] {
        assert!(TokenCounter::for_model(model).is_estimate(), "{model}");
    }
}

#[test]
fn counts_are_those_of_the_models_vocabulary() {
    let new = TokenCounter::for_model("gpt-4o-mini");
    let old = TokenCounter::for_model("gpt-4");
    // Published examples of both vocabularies.
    assert_eq!((new.count("hello world"), old.count("hello world")), (2, 2));
    assert_eq!((new.count("お誕生日おめでとう"), old.count("お誕生日おめでとう")), (8, 9));
    assert_eq!(new.count(""), 0);
    assert!(new.count("<|endoftext|>") > 1, "what looks like a special token is text");
}

#[test]
fn a_request_is_its_texts_and_what_wraps_them() {
    let counter = TokenCounter::for_model("gpt-4o-mini");
    let both = ChatRequest::new("hello world", "hello world", 10);
    assert_eq!(counter.count_request(&both), 2 * (4 + 2) + 3);
    assert_eq!(counter.count_request(&ChatRequest::new("", "hello world", 10)), 4 + 2 + 3);
    assert!(counter.at_most(&both) > counter.count_request(&both));
    let with_schema = request();
    let schema = counter.count(crate::support::SCHEMA);
    assert!(counter.at_most(&with_schema) > counter.count_request(&with_schema) + schema);
    let estimate = TokenCounter::for_model("llama3.2");
    assert!(estimate.at_most(&both) >= both.system.len() as u64 + both.user.len() as u64);
}

#[test]
fn what_was_counted_need_not_be_counted_again() {
    let (request, schema) = (request(), crate::support::SCHEMA);
    for model in ["gpt-4o-mini", "llama3.2"] {
        let counter = TokenCounter::for_model(model);
        let texts = [request.system.as_str(), &request.user, schema];
        let sizes = TextSizes {
            n_bytes: texts.iter().map(|text| text.len() as u64).sum(),
            n_tokens: texts.iter().map(|text| counter.count(text)).sum(),
            schema_tokens: counter.count(schema),
        };
        let whole = counter.at_most(&request);
        assert_eq!(counter.at_most_of(&sizes), whole, "{model}");
        let mut counted = request.clone().with_counted(counter, sizes);
        assert_eq!(counter.at_most(&counted), whole, "{model}");
        let of_another = TokenCounter::for_model("gpt-4").at_most(&counted);
        assert_eq!(
            of_another,
            TokenCounter::for_model("gpt-4").at_most(&request),
            "another vocabulary counts anew"
        );
        counted.user.push_str(" And why?");
        assert!(counter.at_most(&counted) > whole, "what was added is counted");
    }
}

#[tokio::test]
async fn the_server_counts_what_we_count() {
    let server = serve(Script::default());
    let reply = ask(&chat(endpoint(&server))).await.expect("an answer");
    let usage = reply.usage.expect("the server counts");
    let counter = TokenCounter::for_model("gpt-4o-mini");
    assert_eq!(usage.input_tokens, counter.count_request(&request()));
    assert_eq!(usage.output_tokens, counter.count(&reply.text));
}
