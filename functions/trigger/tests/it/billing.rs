//! Plans from outside: what is sold, what is paid, and what follows.

use accounts::Scope;
use billing::testserver::{Delivery, TestServer};
use serde_json::{Value, json};

use crate::client::{Answer, ask};
use crate::people::{People, Shown};

const HOUR_MS: u64 = 3_600_000;

impl People {
    fn stripe(&self) -> &TestServer {
        self.world.stripe.as_ref().expect("it sells plans")
    }

    fn webhook(&self) -> String {
        format!("http://{}/v1/stripe/webhook", self.world.address())
    }

    fn deliver(&self) -> usize {
        let events = self.stripe().take_events();
        for event in &events {
            assert_eq!(event.send(&self.webhook()).unwrap(), 204, "{event:?}");
        }
        events.len()
    }

    fn billing(&self, shown: &Shown) -> Value {
        let answer = self.send("GET", "/v1/me/billing", shown, &Value::Null);
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()
    }

    fn checkout(&self, shown: &Shown, price: &str) -> Answer {
        self.send("POST", "/v1/me/billing/checkout", shown, &json!({"price": price}))
    }

    fn buy(&self, shown: &Shown, price: &str) -> String {
        let answer = self.checkout(shown, price).json();
        self.stripe().pay(answer["url"].as_str().expect("an address"))
    }

    fn plan_of(&self, shown: &Shown) -> String {
        self.send("GET", "/v1/me", shown, &Value::Null).json()["plan"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_plan_is_bought_upgraded_and_ended_and_only_stripe_s_word_counts() {
    let people = People::start_with_billing();
    let ada = people.person(1);
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    let session = people.session(&ada, 0);
    let before = people.billing(&session);
    assert_eq!((&before["plan"], &before["is_customer"]), (&json!("free"), &json!(false)));
    assert_eq!(before["offers"][0]["plan"], "creator");
    assert_eq!(
        (&before["offers"][1]["amount"], &before["offers"][1]["period"]),
        (&json!(9_900), &json!("month"))
    );
    assert_eq!(before["offers"][1]["limits"]["jobs_per_month"], 500);
    assert_eq!(people.checkout(&session, "price_x").problem(), "invalid_field");

    let subscription = people.buy(&session, "price_creator");
    assert_eq!(people.plan_of(&session), "free");
    let events = people.stripe().take_events();
    let forged = |event: &Delivery, signature: &str| {
        let headers = [("stripe-signature", signature), ("content-type", "application/json")];
        ask(people.world.address(), "POST", "/v1/stripe/webhook", &headers, &event.body)
    };
    for event in &events {
        assert_eq!(forged(event, "").problem(), "invalid_signature");
        let other = event.signature().replace("v1=", "v1=00");
        assert_eq!(forged(event, &other).problem(), "invalid_signature");
    }
    assert_eq!(people.plan_of(&session), "free");
    for event in events.iter().rev().chain(&events) {
        assert_eq!(forged(event, &event.signature()).status, 204);
    }
    assert_eq!(people.plan_of(&session), "creator");
    assert_eq!(people.checkout(&session, "price_team").problem(), "already_subscribed");

    let bought = people.billing(&session);
    assert_eq!(bought["subscriptions"][0]["status"], "active");
    assert_eq!(bought["invoices"][0]["status"], "paid");
    assert!(bought["invoices"][0]["page_url"].as_str().unwrap().starts_with("http://"));
    let portal = people.send("POST", "/v1/me/billing/portal", &session, &Value::Null).json();
    assert!(portal["url"].as_str().unwrap().contains("/portal/"), "{portal}");

    people.stripe().change(&subscription, "price_team");
    people.deliver();
    assert_eq!(people.plan_of(&session), "team");
    people.stripe().act(&subscription, "cancel");
    people.deliver();
    assert_eq!(people.plan_of(&session), "team");
    let ends_at = people.billing(&session)["subscriptions"][0]["ends_at"].clone();
    assert!(ends_at.is_string(), "{ends_at}");
    people.stripe().act(&subscription, "end-period");
    people.deliver();
    assert_eq!(people.plan_of(&session), "free");
    let me = people.send("GET", "/v1/me", &session, &Value::Null).json();
    assert_eq!(me["limits"]["api_keys"], 2);
}

#[test]
fn a_smaller_plan_keeps_what_is_there_and_refuses_what_is_new() {
    let people = People::start_with_billing();
    let (ada, bob) = (people.person(1), people.person(2));
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    let session = people.session(&ada, 0);
    let subscription = people.buy(&session, "price_team");
    people.deliver();
    let keys: Vec<_> = (0..5).map(|_| people.key(&ada, &[Scope::JobsRead]).0).collect();
    let added = people.accounts.add_member(&ada.id, &bob.login, 25, people.now);
    people.world.block_on(added).unwrap().unwrap();
    people.stripe().act(&subscription, "give-up");
    people.deliver();
    assert_eq!(people.plan_of(&session), "free");
    for key in &keys {
        assert_eq!(people.send("GET", "/v1/jobs", key, &Value::Null).status, 200, "the key still works");
    }
    let members = people.send("GET", "/v1/me/members", &session, &Value::Null).json();
    assert_eq!(members["items"].as_array().unwrap().len(), 1);
    let new_key = json!({"name": "ci", "scopes": ["jobs:read"]});
    assert_eq!(people.send("POST", "/v1/me/keys", &session, &new_key).problem(), "too_many_keys");
    people.person(3);
    let member = json!({"login": "person-3"});
    assert_eq!(people.send("POST", "/v1/me/members", &session, &member).problem(), "too_many_members");
}

#[test]
fn what_was_paid_while_no_server_ran_counts_after_the_start() {
    let mut people = People::start_with_billing();
    let ada = people.person(1);
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    let session = people.session(&ada, 0);
    let page = people.checkout(&session, "price_team").json()["url"].as_str().unwrap().to_owned();
    people.world.halt();
    people.stripe().pay(&page);
    let event = people.stripe().take_events().remove(0);
    // The event was kept, and then the server was killed: nothing more was done for it.
    let kept = people.accounts.customer(&ada.id);
    let customer = people.world.block_on(kept).unwrap().unwrap().customer;
    let event = accounts::StripeEvent {
        id: event.id,
        kind: event.kind,
        created: people.now,
        customer: Some(customer),
        charge: None,
    };
    assert!(people.world.block_on(people.accounts.keep_event(&event, people.now)).unwrap());
    people.world.go(true);
    for _ in 0..100 {
        if people.plan_of(&session) == "team" {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the plan is not the one that was paid for");
}

#[test]
fn a_deleted_account_pays_no_more() {
    let people = People::start_with_billing();
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    let subscription = people.buy(&session, "price_team");
    people.deliver();
    people.stripe().fail(1_000);
    assert_eq!(people.send("DELETE", "/v1/me", &session, &Value::Null).problem(), "billing_unavailable");
    people.stripe().fail(0);
    assert_eq!(people.send("GET", "/v1/me", &session, &Value::Null).status, 200, "it is still there");
    assert_eq!(people.send("DELETE", "/v1/me", &session, &Value::Null).status, 204);
    assert_eq!(people.stripe().status(&subscription), "canceled");
    assert!(people.deliver() > 0);
}

#[test]
fn a_counted_job_is_told_to_the_meter() {
    let people = People::start_with_billing();
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    people.buy(&session, "price_team");
    let charged = people.accounts.charge(&ada.id, 500, "an earlier job", people.now - HOUR_MS);
    people.world.block_on(charged).unwrap();
    for _ in 0..100 {
        if people.stripe().metered().len() == 1 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the meter was told nothing");
}

#[test]
fn a_server_that_sells_nothing_says_so() {
    let people = People::start();
    let session = people.session(&people.person(1), 0);
    let billing = people.send("GET", "/v1/me/billing", &session, &Value::Null);
    assert_eq!((billing.status, billing.problem().as_str()), (404, "no_billing"));
    assert_eq!(people.checkout(&session, "price_team").problem(), "no_billing");
    assert_eq!(
        people.send("POST", "/v1/stripe/webhook", &Shown::Nothing, &Value::Null).problem(),
        "no_billing"
    );
}
