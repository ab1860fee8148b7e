//! Billing against a Stripe on this machine: any order, any repetition, any moment at which a process ends.

use accounts::{Accounts, Person, User};
use doctown_billing::testserver::{Delivery, KEY, PRICES, TestServer, WEBHOOK_SECRET};
use doctown_billing::{Billing, BillingError, BillingSettings, Meter, SignatureError, end_before_removal};
use secrecy::SecretString;

const BACK: &str = "https://doctown.example/settings";
const DAY: u64 = 24 * 3_600_000;

struct World {
    stripe: TestServer,
    accounts: Accounts,
    billing: Billing,
    folder: tempfile::TempDir,
    host: tokio::runtime::Runtime,
    now: u64,
}

impl World {
    fn start() -> Self {
        let stripe = TestServer::start().unwrap();
        let host =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = database::address_of(&folder.path().join("accounts.sqlite"));
        let accounts = host.block_on(Accounts::open(&file)).unwrap();
        let billing = Billing::new(settings(&stripe), accounts.clone()).unwrap();
        let now =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
        Self { stripe, accounts, billing, folder, host, now }
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.host.block_on(work)
    }

    fn person(&self, github_id: u64) -> User {
        let login = format!("person-{github_id}");
        let person = Person { github_id, login, avatar_url: None, email: None };
        self.block_on(self.accounts.sign_in(&person, self.now)).unwrap()
    }

    fn checkout(&self, user: &User, price: &str) -> Result<String, BillingError> {
        self.block_on(self.billing.checkout(user, price, BACK, self.now))
    }

    /// Has somebody buy at a price, and returns the subscription.
    fn buy(&self, user: &User, price: &str) -> String {
        self.stripe.pay(&self.checkout(user, price).unwrap())
    }

    fn receive(&self, event: &Delivery) -> Result<(), BillingError> {
        self.block_on(self.billing.receive(&event.body, &event.signature(), self.now))
    }

    fn deliver_all(&self) {
        for event in self.stripe.take_events() {
            self.receive(&event).unwrap();
        }
    }

    fn plan(&self, user: &User) -> String {
        self.block_on(self.accounts.user(&user.id)).unwrap().unwrap().plan
    }

    fn catch_up(&self, now: u64) {
        self.block_on(self.billing.catch_up(now)).unwrap();
    }

    /// Writes down all that is kept of an account's billing, without ids that Stripe chose.
    fn kept(&self, user: &User) -> String {
        let subscriptions = self.block_on(self.accounts.subscriptions(&user.id)).unwrap();
        let payments = self.block_on(self.accounts.payments(&user.id)).unwrap();
        let mut shown: Vec<String> = subscriptions
            .iter()
            .map(|it| format!("{} {} {} {:?}", it.price, it.status, it.cancel_at_period_end, it.amount))
            .chain(payments.iter().map(|it| {
                let dispute = it.dispute.as_ref().map(|dispute| dispute.status.as_str());
                format!("{} {} {dispute:?}", it.amount, it.amount_refunded)
            }))
            .collect();
        shown.sort();
        format!("{} {shown:?}", self.plan(user))
    }

    fn n_open_events(&self) -> usize {
        self.block_on(self.accounts.open_events(0, 1_000)).unwrap().len()
    }
}

fn settings(stripe: &TestServer) -> BillingSettings {
    BillingSettings {
        url: stripe.url(),
        key: SecretString::from(KEY),
        webhook_secrets: vec![SecretString::from("whsec_older"), SecretString::from(WEBHOOK_SECRET)],
        prices: PRICES.parse().unwrap(),
        meter: Some(Meter { event_name: "jobs".to_owned(), price: None }),
    }
}

/// Every order of so many things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for shorter in orders(n - 1) {
        for at in 0..n {
            let mut order = shorter.clone();
            order.insert(at, n - 1);
            all.push(order);
        }
    }
    all
}

#[test]
fn all_orders_of_five_events_each_twice_lead_to_one_state() {
    let world = World::start();
    let mut states = std::collections::BTreeSet::new();
    let orders = orders(5);
    assert_eq!(orders.len(), 120);
    for (n, order) in orders.iter().enumerate() {
        let user = world.person(n as u64 + 1);
        let subscription = world.buy(&user, "price_creator");
        world.stripe.change(&subscription, "price_team");
        let mut events = world.stripe.take_events();
        events.truncate(5);
        let kinds: std::collections::BTreeSet<&str> = events.iter().map(|it| it.kind.as_str()).collect();
        assert_eq!((events.len(), kinds.len()), (5, 4), "{kinds:?}");
        // Each twice: the whole order, then backwards.
        for at in order.iter().chain(order.iter().rev()) {
            world.receive(&events[*at]).unwrap();
        }
        states.insert(world.kept(&user));
    }
    assert_eq!(states.len(), 1, "{states:?}");
    let state = states.first().unwrap();
    let subscription = "price_team active false Some(9900)";
    assert!(state.starts_with("team [") && state.contains(subscription), "{state}");
    assert_eq!(world.n_open_events(), 0);
}

#[test]
fn events_that_arrive_while_stripe_goes_on_lead_to_the_same_state_in_every_order() {
    let world = World::start();
    let mut states = std::collections::BTreeSet::new();
    for (n, order) in orders(5).iter().enumerate() {
        let user = world.person(n as u64 + 1);
        let subscription = world.buy(&user, "price_creator");
        let mut known = world.stripe.take_events();
        let actions = ["fail-renewal", "pay-late", "cancel", "dispute", "win"];
        // After each thing that happens one of the events so far arrives, whichever it is.
        for (action, at) in actions.iter().zip(order) {
            world.stripe.act(&subscription, action);
            known.extend(world.stripe.take_events());
            world.receive(&known[*at]).unwrap();
        }
        for event in known.iter().rev() {
            world.receive(event).unwrap();
            world.receive(event).unwrap();
        }
        states.insert(world.kept(&user));
    }
    assert_eq!(states.len(), 1, "{states:?}");
    assert!(states.first().unwrap().starts_with("creator"), "{states:?}");
}

#[test]
fn an_event_is_taken_only_from_stripe() {
    let world = World::start();
    let user = world.person(1);
    world.buy(&user, "price_team");
    let event = world.stripe.take_events().remove(0);
    let refused = |body: &[u8], signature: &str, now: u64| match world
        .block_on(world.billing.receive(body, signature, now))
    {
        Err(BillingError::Signature(error)) => error,
        other => panic!("{other:?}"),
    };
    let mut changed = event.body.clone();
    changed[10] ^= 1;
    assert_eq!(refused(&changed, &event.signature(), world.now), SignatureError::Mismatch);
    assert_eq!(refused(&event.body, "", world.now), SignatureError::Header);
    assert_eq!(refused(&event.body, &event.signature(), world.now + 400_000), SignatureError::Time);
    assert_eq!((world.plan(&user).as_str(), world.n_open_events()), ("free", 0));
    world.receive(&event).unwrap();
    assert_eq!(world.plan(&user), "team");
}

#[test]
fn a_plan_follows_what_happens_to_its_subscription() {
    let world = World::start();
    let user = world.person(1);
    let subscription = world.buy(&user, "price_creator");
    assert_eq!(world.plan(&user), "free", "that somebody came back from paying proves nothing");
    world.deliver_all();
    assert_eq!(world.plan(&user), "creator");
    assert!(matches!(world.checkout(&user, "price_team"), Err(BillingError::Subscribed)));
    assert!(matches!(world.checkout(&user, "price_x"), Err(BillingError::NoSuchPrice(_))));
    let act = |action: &str, plan: &str| {
        match action {
            "upgrade" => world.stripe.change(&subscription, "price_team"),
            "downgrade" => world.stripe.change(&subscription, "price_creator"),
            action => world.stripe.act(&subscription, action),
        }
        world.deliver_all();
        assert_eq!(world.plan(&user), plan, "{action}");
    };
    act("upgrade", "team");
    act("downgrade", "creator");
    act("fail-renewal", "creator");
    act("pay-late", "creator");
    act("refund", "creator");
    act("dispute", "free");
    act("win", "creator");
    act("cancel", "creator");
    let kept = &world.block_on(world.accounts.subscriptions(&user.id)).unwrap()[0];
    assert!(kept.cancel_at_period_end && kept.ends_at.is_some());
    act("keep", "creator");
    act("cancel", "creator");
    act("end-period", "free");
    let refunded: u64 =
        world.block_on(world.accounts.payments(&user.id)).unwrap().iter().map(|it| it.amount_refunded).sum();
    assert!(refunded > 0);
    // Who ended it can begin again.
    let again = world.buy(&user, "price_team");
    world.deliver_all();
    assert_eq!(world.plan(&user), "team");
    world.stripe.act(&again, "dispute");
    world.deliver_all();
    world.stripe.act(&again, "lose");
    world.deliver_all();
    assert_eq!(world.plan(&user), "free");
}

#[test]
fn what_was_bought_is_asked_again_only_after_a_while_or_an_event() {
    let world = World::start();
    let user = world.person(1);
    let subscription = world.buy(&user, "price_creator");
    let shown = |now: u64| world.block_on(world.billing.bought(&user.id, now)).unwrap();
    let first = shown(world.now);
    assert_eq!((first.subscriptions.len(), first.invoices.len(), first.is_current), (1, 1, true));
    assert_eq!(world.plan(&user), "creator", "a page that shows the plan looks at Stripe");
    let n_requests = world.stripe.n_requests();
    assert_eq!(shown(world.now + 1_000), first);
    assert_eq!(world.stripe.n_requests(), n_requests);
    world.stripe.take_events();
    world.stripe.change(&subscription, "price_team");
    for event in world.stripe.take_events() {
        world.block_on(world.billing.receive(&event.body, &event.signature(), world.now + 2_000)).unwrap();
    }
    assert_eq!(shown(world.now + 3_000).invoices.len(), 2);
    world.stripe.fail(1_000);
    let stale = shown(world.now + 20_000);
    assert_eq!((stale.is_current, stale.subscriptions.len(), stale.invoices.len()), (false, 1, 0));
}

#[test]
fn a_renewal_that_is_never_paid_ends_the_plan_after_a_week_without_any_event() {
    let world = World::start();
    let user = world.person(1);
    let subscription = world.buy(&user, "price_team");
    world.stripe.act(&subscription, "fail-renewal");
    world.deliver_all();
    for (days, plan) in [(1, "team"), (6, "team"), (8, "free")] {
        world.catch_up(world.now + days * DAY);
        assert_eq!(world.plan(&user), plan, "{days}");
    }
    world.stripe.act(&subscription, "give-up");
    world.deliver_all();
    assert_eq!(world.plan(&user), "free");
}

#[test]
fn what_the_operator_gave_stays_whatever_becomes_of_a_subscription() {
    let world = World::start();
    let user = world.person(1);
    world.block_on(world.accounts.set_plan(&user.id, "team")).unwrap();
    world.catch_up(world.now);
    assert_eq!(world.plan(&user), "team", "without any subscription");
    let subscription = world.buy(&user, "price_creator");
    world.deliver_all();
    assert_eq!(world.plan(&user), "team");
    world.stripe.act(&subscription, "give-up");
    world.deliver_all();
    assert_eq!(world.plan(&user), "team");
}

#[test]
fn an_event_that_was_kept_before_the_process_ended_is_done_by_the_next() {
    let world = World::start();
    let user = world.person(1);
    world.buy(&user, "price_team");
    let events = world.stripe.take_events();
    // Stripe answers nothing while the event is taken in; then the process is gone.
    world.stripe.fail(2);
    world.receive(&events[0]).unwrap();
    assert_eq!((world.plan(&user).as_str(), world.n_open_events()), ("free", 1));
    let next = Billing::new(settings(&world.stripe), world.accounts.clone()).unwrap();
    world.block_on(next.catch_up(world.now)).unwrap();
    assert_eq!((world.plan(&user).as_str(), world.n_open_events()), ("team", 0));
    // The event that comes again changes nothing and asks nothing.
    let n_requests = world.stripe.n_requests();
    world.receive(&events[0]).unwrap();
    assert_eq!(world.stripe.n_requests(), n_requests);
}

#[test]
fn a_payment_that_no_event_told_of_is_found_minutes_later() {
    let world = World::start();
    let user = world.person(1);
    world.buy(&user, "price_team");
    // As a page that shows the plan does, before anybody paid.
    world.stripe.take_events();
    world.catch_up(world.now + 11 * 60_000);
    assert_eq!(world.plan(&user), "team");
}

#[test]
fn a_customer_that_a_backup_does_not_know_is_found_by_its_account() {
    let world = World::start();
    let user = world.person(1);
    let before = world.folder.path().join("before.sqlite");
    let older = world.block_on(Accounts::open(&database::address_of(&before))).unwrap();
    let mut backup = Vec::new();
    world.block_on(world.accounts.backup(&mut backup)).unwrap();
    world.block_on(older.restore(&backup[..])).unwrap();
    world.buy(&user, "price_team");
    let restored = Billing::new(settings(&world.stripe), older.clone()).unwrap();
    for event in world.stripe.take_events() {
        world.block_on(restored.receive(&event.body, &event.signature(), world.now)).unwrap();
    }
    assert_eq!(world.block_on(older.user(&user.id)).unwrap().unwrap().plan, "team");
    assert_eq!(world.plan(&user), "free", "the other database was told nothing");
}

#[test]
fn a_job_is_metered_once_however_often_it_is_told() {
    let world = World::start();
    let user = world.person(1);
    world.buy(&user, "price_creator");
    for job in ["one", "two"] {
        world.block_on(world.accounts.charge(&user.id, 100, job, world.now)).unwrap();
    }
    assert_eq!(world.block_on(world.billing.meter(world.now)).unwrap(), 0, "a job may still be taken back");
    world.block_on(world.accounts.uncharge(&user.id, "two")).unwrap();
    let later = world.now + 61_000;
    assert_eq!(world.block_on(world.billing.meter(later)).unwrap(), 1);
    assert_eq!(world.block_on(world.billing.meter(later)).unwrap(), 0);
    // Told, and then the process ended before it was noted.
    let address = database::address_of(&world.folder.path().join("accounts.sqlite"));
    world.block_on(async {
        let pool = database::connect(&address).await.unwrap();
        sqlx::query("UPDATE account_usage_entries SET metered_at = NULL").execute(&pool).await.unwrap();
    });
    assert_eq!(world.block_on(world.billing.meter(later)).unwrap(), 1);
    assert_eq!(world.stripe.metered().len(), 1);
}

#[test]
fn an_account_goes_only_after_its_subscription_ended() {
    let world = World::start();
    let user = world.person(1);
    let subscription = world.buy(&user, "price_creator");
    world.deliver_all();
    let off = world.block_on(end_before_removal(None, &world.accounts, &user.id));
    assert!(matches!(off, Err(BillingError::Off)), "{off:?}");
    world.stripe.fail(2);
    let down = world.block_on(end_before_removal(Some(&world.billing), &world.accounts, &user.id));
    assert!(matches!(down, Err(BillingError::Stripe(_))), "{down:?}");
    assert_eq!(world.stripe.status(&subscription), "active");
    for _ in 0..2 {
        world.block_on(end_before_removal(Some(&world.billing), &world.accounts, &user.id)).unwrap();
    }
    assert_eq!(world.stripe.status(&subscription), "canceled");
    world.block_on(world.accounts.delete_user(&user.id)).unwrap();
    // The end of the subscription is told when the account is gone.
    world.deliver_all();
    assert_eq!(world.n_open_events(), 0);
    let mut backup = Vec::new();
    world.block_on(world.accounts.backup(&mut backup)).unwrap();
    let text = String::from_utf8(backup).unwrap();
    assert!(!text.contains("cus_") && !text.contains(&user.id), "{text}");
}
