//! A Stripe on this machine: customers, prices, checkout and portal with pages, subscriptions, invoices, refunds,
//! disputes and a meter. It signs its events and delivers them, or keeps them for a test to deliver in any order.

mod http;
mod pages;
mod state;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::signature::sign;
use http::{Answer, Request};
use state::{State, now_s, text};

/// The key that this Stripe takes.
pub const KEY: &str = "sk_test_doctown";
/// Signs its events.
pub const WEBHOOK_SECRET: &str = "whsec_test_doctown";
/// The prices that it has from its beginning, as the setting names them.
pub const PRICES: &str = "creator=price_creator,team=price_team";

/// An event on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub kind: String,
    pub body: Vec<u8>,
}

impl Delivery {
    /// Writes the signature that goes with it now.
    pub fn signature(&self) -> String {
        sign(WEBHOOK_SECRET, now_s(), &self.body)
    }

    /// Delivers it to a webhook, and returns the status of the answer.
    pub fn send(&self, webhook_url: &str) -> io::Result<u16> {
        http::deliver(webhook_url, &self.signature(), &self.body)
    }
}

/// A running Stripe; it stops when it is dropped.
pub struct TestServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl TestServer {
    /// Listens on a free port of the loopback address.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let mut state = State { url: format!("http://{address}"), ..State::default() };
        state.add_price("price_creator", 1_900, "month");
        state.add_price("price_team", 9_900, "month");
        let (state, is_over) = (Arc::new(Mutex::new(state)), Arc::new(AtomicBool::new(false)));
        let (shared, over) = (Arc::clone(&state), Arc::clone(&is_over));
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), state) = (stream, Arc::clone(&shared)) else { continue };
                // A client that hangs up early is no fault of this server.
                std::thread::spawn(move || drop(serve(&stream, &state)));
            }
        });
        Ok(Self { address, state, is_over, threads: vec![accepting] })
    }

    /// Returns the address that takes the place of `https://api.stripe.com`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Delivers events to this webhook as soon as they happen, and again until they are taken.
    pub fn deliver_to(&mut self, webhook_url: &str) {
        let (webhook_url, state) = (webhook_url.to_owned(), Arc::clone(&self.state));
        let is_over = Arc::clone(&self.is_over);
        self.threads.push(std::thread::spawn(move || {
            while !is_over.load(Ordering::SeqCst) {
                // Not in the head of the loop: the state must be free while the webhook asks for it.
                let waiting = std::mem::take(&mut lock(&state).waiting);
                for delivery in waiting {
                    if !matches!(delivery.send(&webhook_url), Ok(200..=299)) {
                        lock(&state).waiting.push(delivery);
                    }
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }));
    }

    /// Takes the events that were not delivered.
    pub fn take_events(&self) -> Vec<Delivery> {
        std::mem::take(&mut self.state().waiting)
    }

    /// Pays on the page of a checkout, as a person does, and returns the subscription.
    pub fn pay(&self, checkout_url: &str) -> String {
        let session = checkout_url.rsplit('/').next().unwrap_or_default();
        let mut state = self.state();
        state.pay(session).expect("the session exists");
        text(&state.sessions[session], "subscription")
    }

    /// Does to a subscription what a person, Stripe or a bank does: `cancel`, `keep`, `end-period`, `fail-renewal`,
    /// `pay-late`, `give-up`, `refund`, `dispute`, `win`, `lose`.
    pub fn act(&self, subscription: &str, action: &str) {
        self.state().act(subscription, action, "");
    }

    /// Puts a subscription on another price.
    pub fn change(&self, subscription: &str, price: &str) {
        self.state().act(subscription, "change", price);
    }

    /// Returns a subscription's status.
    pub fn status(&self, subscription: &str) -> String {
        text(&self.state().subscriptions[subscription], "status")
    }

    /// Returns the identifiers that the meter counted.
    pub fn metered(&self) -> Vec<String> {
        self.state().meter_events.keys().cloned().collect()
    }

    /// Returns the number of requests to the API so far.
    pub fn n_requests(&self) -> u64 {
        self.state().n_requests
    }

    /// Answers so many requests with 500.
    pub fn fail(&self, n_requests: u32) {
        self.state().n_failing = n_requests;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
        for thread in self.threads.drain(..) {
            // A panic there has shown itself as a failed request already.
            drop(thread.join());
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let request = http::read(stream)?;
    let answer = match request.path.strip_prefix("/v1/") {
        Some(path) => api(&mut lock(state), path, &request),
        None => page(&mut lock(state), &request),
    };
    answer.write(stream)
}

fn refused(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({"error": {"type": "invalid_request_error", "code": code, "message": message}}),
    )
}

fn absent(what: &str) -> Answer {
    refused(404, "resource_missing", &format!("No such {what}"))
}

fn list(items: Vec<Value>) -> Answer {
    Answer::json(200, &json!({"object": "list", "has_more": false, "data": items}))
}

fn one(found: Option<&Value>, what: &str) -> Answer {
    found.map_or_else(|| absent(what), |it| Answer::json(200, it))
}

fn api(state: &mut State, path: &str, request: &Request) -> Answer {
    state.n_requests += 1;
    if state.n_failing > 0 {
        state.n_failing -= 1;
        return refused(500, "api_error", "Stripe is down");
    }
    if request.authorization != format!("Bearer {KEY}") {
        return refused(401, "", "Invalid API Key provided");
    }
    let parts: Vec<&str> = path.split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["customers"]) => {
            let kept = request.idempotency_key.as_ref().and_then(|key| state.made.get(key));
            if let Some(made) = kept {
                return Answer::json(200, made);
            }
            let id = state.id("cus");
            let customer = json!({
                "id": id, "object": "customer", "name": request.field("name"), "email": request.field("email"),
                "metadata": {"account": request.field("metadata[account]")},
            });
            state.customers.insert(id, customer.clone());
            if let Some(key) = &request.idempotency_key {
                state.made.insert(key.clone(), customer.clone());
            }
            Answer::json(200, &customer)
        }
        ("GET", ["customers", id]) => one(state.customers.get(*id), "customer"),
        ("GET", ["prices", id]) => one(state.prices.get(*id), "price"),
        ("POST", ["checkout", "sessions"]) => {
            let (customer, price) = (request.field("customer"), request.field("line_items[0][price]"));
            if !state.customers.contains_key(customer) {
                return absent("customer");
            }
            if !state.prices.contains_key(price) {
                return absent("price");
            }
            let id = state.id("cs");
            let session = json!({
                "id": id, "object": "checkout.session", "url": format!("{}/checkout/{id}", state.url),
                "status": "open", "customer": customer, "price": price,
                "client_reference_id": request.field("client_reference_id"),
                "account": request.field("subscription_data[metadata][account]"),
                "success_url": request.field("success_url"), "cancel_url": request.field("cancel_url"),
            });
            state.sessions.insert(id, session.clone());
            Answer::json(200, &session)
        }
        ("POST", ["billing_portal", "sessions"]) => {
            if !state.customers.contains_key(request.field("customer")) {
                return absent("customer");
            }
            let id = state.id("bps");
            let portal = json!({
                "id": id, "object": "billing_portal.session", "url": format!("{}/portal/{id}", state.url),
                "customer": request.field("customer"), "return_url": request.field("return_url"),
            });
            state.portals.insert(id, portal.clone());
            Answer::json(200, &portal)
        }
        ("GET", ["subscriptions"]) => {
            let found = state.subscriptions_of(request.field("customer"));
            let whole = found.into_iter().map(|(_, it)| {
                let mut it = it.clone();
                if let Some(invoice) = state.invoices.get(&text(&it, "latest_invoice")) {
                    it["latest_invoice"] = invoice.clone();
                }
                it
            });
            list(whole.collect())
        }
        ("DELETE", ["subscriptions", id]) => {
            if !state.subscriptions.contains_key(*id) {
                return absent("subscription");
            }
            state.act(id, "give-up", "");
            one(state.subscriptions.get(*id), "subscription")
        }
        ("GET", [what @ ("invoices" | "charges")]) => {
            let objects = if *what == "charges" { &state.charges } else { &state.invoices };
            let of_customer = objects.values().filter(|it| it["customer"] == request.field("customer"));
            list(of_customer.cloned().collect())
        }
        ("GET", ["charges", id]) => one(state.charges.get(*id), "charge"),
        ("GET", ["disputes"]) => {
            let of_charge = state.disputes.values().filter(|it| it["charge"] == request.field("charge"));
            list(of_charge.cloned().collect())
        }
        ("POST", ["billing", "meter_events"]) => {
            let identifier = request.field("identifier").to_owned();
            if state.meter_events.contains_key(&identifier) {
                let message = format!("An event already exists with identifier {identifier}.");
                return refused(400, "", &message);
            }
            let event = json!({
                "object": "billing.meter_event", "identifier": identifier,
                "event_name": request.field("event_name"),
                "payload": {"stripe_customer_id": request.field("payload[stripe_customer_id]")},
            });
            state.meter_events.insert(identifier, event.clone());
            Answer::json(200, &event)
        }
        _ => absent("path"),
    }
}

fn page(state: &mut State, request: &Request) -> Answer {
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    let shown = match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["checkout", id]) => pages::checkout(state, id).map(Answer::page),
        ("POST", ["checkout", id, "pay"]) => state.pay(id).map(|address| Answer::lead(&address)),
        ("POST", ["checkout", id, "decline"]) => Some(Answer::lead(&format!("/checkout/{id}"))),
        ("GET", ["portal", id]) => pages::portal(state, id).map(Answer::page),
        ("POST", ["portal", id, subscription, action, of @ ..])
            if state.subscriptions.contains_key(*subscription) =>
        {
            state.act(subscription, action, of.first().copied().unwrap_or_default());
            Some(Answer::lead(&format!("/portal/{id}")))
        }
        ("GET", ["invoices", id, ..]) => {
            state.invoices.get(*id).map(|it| Answer::page(format!("Invoice {}", text(it, "number"))))
        }
        _ => None,
    };
    shown.unwrap_or_else(|| absent("page"))
}
