//! `/v1/jobs/{job_id}/events`: a stream, or a page.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;

use crate::app::{App, StreamPlace};
use crate::caller::Caller;
use crate::codes;
use crate::contract::MAX_EVENTS;
use crate::failure::{Answered, Failure};
use crate::feeds::{Followed, Known, Told};
use crate::http::door::job_id;
use crate::http::read::Query;
use crate::wire::{EventPage, StreamedEvent};

const DEFAULT_EVENTS: u32 = 200;
const KEEPALIVE: Duration = Duration::from_secs(15);
/// What a browser waits before it comes back.
const RECONNECT: Duration = Duration::from_secs(2);

/// Text of events that a stream takes out of a step at once, so that a client that reads slowly holds no step.
const MAX_PART_BYTES: usize = 128 << 10;

/// A place in the stream: the next event to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    step: u32,
    event: u32,
}

/// The cursor of an event; what follows it begins behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EventCursor(Place);

impl fmt::Display for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.step, self.0.event)
    }
}

impl FromStr for EventCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (step, event) = text.split_once('.').ok_or(())?;
        let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => digits.parse::<u32>().ok().filter(|number| *number < u32::MAX),
            false => None,
        };
        let (step, event) = number(step).zip(number(event)).ok_or(())?;
        Ok(Self(Place { step, event }))
    }
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(job): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Answered {
    let job = job_id(&job)?;
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_EVENTS, DEFAULT_EVENTS)?;
    let after = match headers.get("last-event-id") {
        Some(value) if !value.is_empty() => {
            let cursor = value.to_str().ok().and_then(|text| text.parse().ok());
            let refused =
                || Failure::field(codes::INVALID_CURSOR, "Last-Event-ID", "it is no cursor of this job");
            Some(cursor.ok_or_else(refused)?)
        }
        _ => query.cursor::<EventCursor>("after")?,
    };
    let owner = caller.owner_of(&app, &job).await?;
    let followed = app.feeds().follow(&app, &owner, &job).await?;
    let from = begin(&app, &followed, after).await?;
    match wants_stream(&headers) {
        true => stream(&app, caller, followed, from).await,
        false => page(&app, &followed, from, after, limit).await.map(IntoResponse::into_response),
    }
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|line| line.split(',')).any(|kind| {
        kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/event-stream")
    })
}

/// Finds where to begin; a cursor of an event that does not exist is refused.
async fn begin(app: &App, followed: &Followed, after: Option<EventCursor>) -> Answered<Place> {
    let Some(EventCursor(at)) = after else { return Ok(Place::default()) };
    let refused = || Failure::field(codes::INVALID_CURSOR, "after", "the job has no such event");
    if at.step >= followed.known().n_steps {
        return Err(refused());
    }
    let step = app.feeds().step(app, followed, at.step).await?;
    if at.event as usize >= step.len() {
        return Err(refused());
    }
    Ok(Place { step: at.step, event: at.event + 1 })
}

async fn page(
    app: &App,
    followed: &Arc<Followed>,
    from: Place,
    after: Option<EventCursor>,
    limit: u32,
) -> Answered<Json<EventPage>> {
    followed.linger();
    let known = followed.known();
    let (mut place, mut events) = (from, Vec::new());
    let mut last = after;
    while place.step < known.n_steps && events.len() < limit as usize {
        let step = app.feeds().step(app, followed, place.step).await?;
        while let Some(told) = step.get(place.event as usize).filter(|_| events.len() < limit as usize) {
            let cursor = EventCursor(place);
            events.push(StreamedEvent { cursor: cursor.to_string(), event: told.envelope()? });
            last = Some(cursor);
            place.event += 1;
        }
        if place.event as usize >= step.len() {
            place = Place { step: place.step + 1, event: 0 };
        }
    }
    let is_over = known.is_over && place.step >= known.n_steps;
    Ok(Json(EventPage { events, next: last.map(|cursor| cursor.to_string()), is_over }))
}

async fn stream(app: &App, caller: Caller, followed: Arc<Followed>, from: Place) -> Answered {
    if is_past_the_end(app, &followed, from).await? {
        // A browser that reconnects after the end is told to stop.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let Some(_place) = app.begin_stream() else {
        let failure = Failure::new(codes::TOO_MANY_STREAMS, "this process keeps no more of them open");
        return Err(failure.retry_after(10));
    };
    let known = followed.watch();
    let following = Following {
        app: app.clone(),
        caller,
        readmit_at: Instant::now() + app.settings().readmit_every,
        followed,
        known,
        at: from,
        part: VecDeque::new(),
        is_ended: false,
        _place,
    };
    let keepalive = KeepAlive::new().interval(KEEPALIVE).text("alive");
    let mut response: Response = Sse::new(told(following)).keep_alive(keepalive).into_response();
    // Proxies that gather an answer before they pass it on would hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

async fn is_past_the_end(app: &App, followed: &Followed, from: Place) -> Answered<bool> {
    let Known { n_steps, is_over, .. } = followed.known();
    if !is_over {
        return Ok(false);
    }
    let is_last = from.step + 1 == n_steps;
    let n_events = if is_last { app.feeds().step(app, followed, from.step).await?.len() } else { usize::MAX };
    Ok(from.step >= n_steps || from.event as usize >= n_events)
}

/// A stream and where it is.
struct Following {
    app: App,
    caller: Caller,
    /// When it is looked again whether the caller may still follow.
    readmit_at: Instant,
    followed: Arc<Followed>,
    known: watch::Receiver<Known>,
    at: Place,
    /// What comes next of the step.
    part: VecDeque<Told>,
    is_ended: bool,
    _place: StreamPlace,
}

fn told(following: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok(event), following))
    })
}

impl Following {
    /// Returns the next event once there is one; `None` after the last, or when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.is_ended || !self.readmit().await {
                return None;
            }
            let Some(told) = self.part.pop_front() else {
                self.take_part().await?;
                continue;
            };
            self.is_ended = told.type_name == "job.completed.v1";
            let event = Event::default()
                .id(EventCursor(self.at).to_string())
                .event(told.type_name)
                .retry(RECONNECT)
                .data(&told.json);
            self.at.event += 1;
            self.app.metrics().event_told();
            return Some(event);
        }
    }

    /// Takes the next events of the step, goes to the next step behind its last one, or waits for one.
    async fn take_part(&mut self) -> Option<()> {
        if self.at.step >= self.known.borrow().n_steps {
            return self.wait().await;
        }
        // A store that gives no answer ends the stream; the client comes back to where it was.
        let step = self.app.feeds().step(&self.app, &self.followed, self.at.step).await.ok()?;
        let rest = step.get(self.at.event as usize..).unwrap_or_default();
        if rest.is_empty() {
            self.at = Place { step: self.at.step + 1, event: 0 };
        }
        self.part = part(rest).into();
        Some(())
    }

    async fn wait(&mut self) -> Option<()> {
        tokio::select! {
            changed = self.known.changed() => changed.ok(),
            () = self.app.stopped() => None,
            () = tokio::time::sleep_until(self.readmit_at.into()) => Some(()),
        }
    }

    /// Reports whether the caller may still follow: a stream must not outlive a session or key for long.
    async fn readmit(&mut self) -> bool {
        if Instant::now() < self.readmit_at {
            return true;
        }
        self.readmit_at = Instant::now() + self.app.settings().readmit_every;
        self.caller.is_still_admitted(&self.app).await
    }
}

/// Copies events until they are long enough together; at least one.
fn part(rest: &[Told]) -> Vec<Told> {
    let mut n_bytes = 0;
    let fits = |told: &&Told| {
        let fits = n_bytes < MAX_PART_BYTES;
        n_bytes += told.json.len();
        fits
    };
    rest.iter().take_while(fits).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_others_are_refused() {
        let cursor = EventCursor(Place { step: 3, event: 17 });
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in
            ["", ".", "1", "1.", ".1", "a.1", "1.+1", "-1.1", "1.1.1", "4294967295.0", "99999999999.1"]
        {
            assert_eq!(text.parse::<EventCursor>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_slow_stream_holds_a_part_of_a_step() {
        let told = Told { type_name: "job.created.v1", json: "x".repeat(1_000).into() };
        let step = vec![told; 4_096];
        let taken = part(&step);
        assert_eq!(taken.iter().map(|told| told.json.len()).sum::<usize>(), 132_000);
        assert_eq!(part(&[Told { type_name: "job.created.v1", json: "x".repeat(1 << 20).into() }]).len(), 1);
    }
}
