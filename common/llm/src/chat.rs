//! Asking one question.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_openai::Client;
use serde_json::value::RawValue;
use tokio::time::Instant;
use tracing::{Instrument, warn};

use crate::audit::CallRecord;
use crate::budget::{Budget, BudgetExceeded, Reservation};
use crate::endpoint::{Address, Endpoint, InvalidEndpoint};
use crate::failure::{ChatError, ErrorKind};
use crate::line::{Line, Repeat};
use crate::prices::{Price, PriceTable};
use crate::reply::ChatReply;
use crate::request::{self, ChatRequest};
use crate::tokens::TokenCounter;
use crate::transport::{self, Limits, MAX_REPLY_BYTES};
use crate::{body, spans};

/// A part of a prompt this long in an error's message is no coincidence.
const TELLING_CHARS: usize = 24;

/// One endpoint to ask; clones share its places, its breaker and what is known of it.
#[derive(Clone)]
pub struct Chat {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) prices: PriceTable,
    pub(crate) line: Arc<Line>,
    pub(crate) http: reqwest::Client,
    models: Vec<Model>,
}

struct Model {
    name: String,
    client: Client<Address>,
    price: Option<Price>,
    /// The server said that it has no such model.
    is_unknown: AtomicBool,
}

impl Chat {
    /// Prepares to ask; nothing is sent.
    pub fn new(endpoint: Endpoint, prices: PriceTable) -> Result<Self, InvalidEndpoint> {
        let http = transport::http(&endpoint)?;
        let line = Arc::new(Line::new(&endpoint));
        Self::of_parts(endpoint, prices, line, http)
    }

    /// Prepares to ask other models of the same endpoint, by the same connections and in the same line.
    pub fn with_models<M: Into<String>>(
        &self,
        models: impl IntoIterator<Item = M>,
        prices: PriceTable,
    ) -> Result<Self, InvalidEndpoint> {
        let Shared { endpoint, line, http, .. } = &*self.shared;
        Self::of_parts(endpoint.clone().with_models(models)?, prices, Arc::clone(line), http.clone())
    }

    fn of_parts(
        endpoint: Endpoint,
        prices: PriceTable,
        line: Arc<Line>,
        http: reqwest::Client,
    ) -> Result<Self, InvalidEndpoint> {
        let limits = Limits { max_bytes: MAX_REPLY_BYTES, is_json: true };
        let models = endpoint.models().iter().map(|name| {
            let key = endpoint.key.clone().unwrap_or_default();
            let client = transport::client(&http, endpoint.address(name)?, limits, key);
            let local = endpoint.is_local().then(|| prices.local());
            let price = prices.price(name).or(local);
            Ok(Model { name: name.clone(), client, price, is_unknown: AtomicBool::new(false) })
        });
        let models = models.collect::<Result<_, InvalidEndpoint>>()?;
        Ok(Self { shared: Arc::new(Shared { endpoint, prices, line, http, models }) })
    }

    pub fn endpoint(&self) -> &Endpoint {
        &self.shared.endpoint
    }

    pub fn prices(&self) -> &PriceTable {
        &self.shared.prices
    }

    /// Returns the price of the n-th model; a model of this machine is free.
    pub fn price(&self, model_idx: usize) -> Option<Price> {
        self.shared.models.get(model_idx)?.price
    }

    /// Returns the error after which nothing is asked for a minute: a wrong key, no money, a wrong address.
    pub fn gone(&self) -> Option<ChatError> {
        self.shared.line.gone()
    }

    /// Returns how many questions may be under way now; fewer after rate limits.
    pub fn parallel_limit(&self) -> usize {
        self.shared.line.parallel_limit()
    }

    /// Tells whether the endpoint is left alone for a while because it mostly fails.
    pub fn is_left_alone(&self) -> bool {
        self.shared.line.is_left_alone()
    }

    /// Tells whether the server said that it has no such model.
    pub fn is_unknown(&self, model_idx: usize) -> bool {
        self.shared.models.get(model_idx).is_none_or(|model| model.is_unknown.load(Ordering::Relaxed))
    }

    /// Asks the n-th model, at most three times, and never for more than the budget has.
    ///
    /// Before each attempt its worst case is reserved, which may have to wait for others to settle; afterwards
    /// what it cost is settled. An attempt that
    /// the provider may charge for although it brought nothing counts with its worst case.
    /// An `Ok` is any chat completion: [`ChatReply::answer`] says whether it is an answer.
    pub async fn ask(
        &self,
        request: &ChatRequest,
        model_idx: usize,
        budget: &Budget,
    ) -> Result<ChatReply, ChatError> {
        let model = self.model(model_idx)?;
        let span = spans::chat(&self.shared.endpoint, &model.name, request);
        let asked = self.ask_model(model, request, budget).instrument(span.clone()).await;
        spans::note(&span, &asked);
        asked
    }

    /// Returns the digest of all that a reply depends on: server, model, parameters, schema and texts.
    ///
    /// Replies may be kept under it. Whoever keeps them for several tenants adds the tenant.
    pub fn digest(&self, request: &ChatRequest, model_idx: usize) -> Result<String, ChatError> {
        let model = self.model(model_idx)?;
        let body = body::write(&self.shared.endpoint, &model.name, request)?;
        Ok(request::digest([self.shared.endpoint.base_url().as_str(), model.name.as_str(), body.get()]))
    }

    /// Writes what an audit keeps of one call.
    pub fn record(
        &self,
        request: &ChatRequest,
        model_idx: usize,
        result: &Result<ChatReply, ChatError>,
    ) -> CallRecord {
        let model = self.shared.endpoint.models().get(model_idx).map_or("", String::as_str);
        CallRecord::new(&self.shared.endpoint, &self.shared.prices, model, request, result)
    }

    fn model(&self, model_idx: usize) -> Result<&Model, ChatError> {
        let models = &self.shared.models;
        let message = || format!("the endpoint has {} models", models.len());
        models.get(model_idx).ok_or_else(|| ChatError::new(ErrorKind::ModelUnknown, message()))
    }

    async fn ask_model(
        &self,
        model: &Model,
        request: &ChatRequest,
        budget: &Budget,
    ) -> Result<ChatReply, ChatError> {
        let body = body::write(&self.shared.endpoint, &model.name, request)?;
        let worst_case = model.worst_case(request, budget)?;
        let set_aside = || SetAside::of(budget, worst_case.unwrap_or(0));
        let attempt = |money: SetAside| model.attempt(&body, money.under_way());
        let called = self.shared.line.call_prepared(Repeat::Transient, set_aside, attempt).await;
        let lost_micro_usd = u64::from(called.n_charged).saturating_mul(worst_case.unwrap_or(0));
        if let Err(error) = &called.result {
            let is_unknown = error.kind == ErrorKind::ModelUnknown;
            model.is_unknown.fetch_or(is_unknown, Ordering::Relaxed);
        }
        let reply = called.result.map_err(|error| ChatError {
            uncertain_micro_usd: lost_micro_usd,
            ..without_prompt(error, request)
        })?;
        let uncertain_micro_usd = reply.uncertain_micro_usd.saturating_add(lost_micro_usd);
        Ok(ChatReply { n_tries: called.n_tries, uncertain_micro_usd, ..reply })
    }
}

impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat").field("endpoint", &self.shared.endpoint).finish_non_exhaustive()
    }
}

impl Model {
    /// Returns what one attempt can cost; `None` where nobody asks.
    fn worst_case(&self, request: &ChatRequest, budget: &Budget) -> Result<Option<u64>, ChatError> {
        let Some(price) = self.price else {
            let message = format!("`{}` has no price, so a budget cannot hold; give its price", self.name);
            let unknown = ChatError::new(ErrorKind::PriceUnknown, message);
            return if budget.limit().is_some() { Err(unknown) } else { Ok(None) };
        };
        let input = TokenCounter::for_model(&self.name).at_most(request);
        Ok(Some(price.worst_case(input, u64::from(request.max_output_tokens))))
    }

    /// Sends once, and settles.
    async fn attempt(&self, body: &RawValue, reservation: Reservation) -> Result<ChatReply, ChatError> {
        let started = Instant::now();
        let sent: Result<Box<RawValue>, _> = self.client.chat().create_byot(body).await;
        let read = sent.map_err(transport::unwrap).and_then(|json| ChatReply::read(json.get()));
        let reply = match read {
            Ok(reply) => reply,
            Err(error) => {
                give_back(reservation, &error);
                return Err(error);
            }
        };
        let cost = self.price.zip(reply.usage).map(|(price, usage)| price.cost(&usage));
        // A server that does not count may have used all that it could.
        let charged = cost.unwrap_or(reservation.amount());
        if charged > reservation.amount() {
            let worst_case = reservation.amount();
            warn!(
                cost_micro_usd = charged,
                worst_case, "a call cost more than its worst case of {worst_case}"
            );
        }
        let uncertain_micro_usd = if cost.is_some() { 0 } else { charged };
        reservation.settle(charged);
        Ok(ChatReply { latency: started.elapsed(), cost_micro_usd: cost, uncertain_micro_usd, ..reply })
    }
}

/// Money for a request that is not under way yet; dropped, it goes back whole.
struct SetAside(Option<Reservation>);

impl SetAside {
    async fn of(budget: &Budget, worst_case: u64) -> Result<Self, ChatError> {
        let reservation = budget.reserve_when_free(worst_case).await;
        let refused = |error: BudgetExceeded| ChatError::new(ErrorKind::BudgetExceeded, error.to_string());
        Ok(Self(Some(reservation.map_err(refused)?)))
    }

    fn under_way(mut self) -> Reservation {
        self.0.take().expect("it is taken once, by value")
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        if let Some(reservation) = self.0.take() {
            reservation.release();
        }
    }
}

pub(crate) fn give_back(reservation: Reservation, error: &ChatError) {
    if error.may_have_cost { drop(reservation) } else { reservation.release() }
}

/// Servers that check their input like to repeat it.
fn without_prompt(error: ChatError, request: &ChatRequest) -> ChatError {
    let letters: Vec<char> = error.message.chars().collect();
    let mut parts = letters.windows(TELLING_CHARS).map(|part| part.iter().collect::<String>());
    let repeats = parts.any(|part| request.user.contains(&part) || request.system.contains(&part));
    if !repeats {
        return error;
    }
    ChatError { message: "the server repeats the request, so its message is left out".to_owned(), ..error }
}
