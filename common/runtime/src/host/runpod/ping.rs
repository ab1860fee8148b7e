//! The heartbeat, on a thread of its own: a busy processor must not make the worker look dead.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{debug, warn};

use crate::config::{PingSettings, RunpodSettings};
use crate::host::runpod::RunpodError;
use crate::host::runpod::connection::Connection;
use crate::host::runpod::results::Teller;
use crate::host::runpod::templates::Templates;
use crate::host::runpod::worker::Parts;
use crate::http;

/// The server reads no more of a reason.
const MAX_REASON_CHARS: usize = 256;

/// The running thread. Dropped, it ends without another word.
pub(super) struct Heartbeat {
    end: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Heartbeat {
    /// Starts pinging at once, and watching the clock for the other connections.
    pub(super) fn start(parts: &Arc<Parts>) -> Result<Self, RunpodError> {
        let cannot_start = |error: std::io::Error| RunpodError::CannotStart { reason: error.to_string() };
        let (end, is_over) = oneshot::channel();
        let (has_ended, ended) = oneshot::channel();
        // Connections belong to the executor that made them, so this thread has its own.
        let connection = Connection::new(&parts.settings)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot_start)?;
        let parts = Arc::clone(parts);
        let beat = move || {
            runtime.block_on(beat(&parts, &connection, is_over));
            // Nobody listens when the worker was dropped.
            let _ = has_ended.send(());
        };
        std::thread::Builder::new().name("runpod-ping".to_owned()).spawn(beat).map_err(cannot_start)?;
        Ok(Self { end, ended })
    }

    /// Sends a last ping and ends.
    pub(super) async fn end(self) {
        let _ = self.end.send(());
        let _ = self.ended.await;
    }
}

async fn beat(parts: &Parts, connection: &Connection, is_over: oneshot::Receiver<()>) {
    let settings = &parts.settings;
    let ended = tokio::select! {
        ended = is_over => ended,
        () = pings(parts, connection) => return,
        () = parts.connection.watch_clock() => return,
    };
    if let (Ok(()), Some(_)) = (ended, &settings.ping) {
        let _ = ping(parts, connection, settings.waits.last_ping).await;
    }
}

/// Pings for ever; waits for ever where there is nothing to ping.
async fn pings(parts: &Parts, connection: &Connection) {
    let Some(PingSettings { interval, .. }) = parts.settings.ping else {
        return std::future::pending().await;
    };
    let mut was_heard = true;
    loop {
        let begun = Instant::now();
        let heard = ping(parts, connection, interval * 2).await;
        match &heard {
            Err(reason) if was_heard => warn!("pings do not arrive: {reason}"),
            Err(reason) => debug!("a ping did not arrive: {reason}"),
            Ok(()) => {}
        }
        was_heard = heard.is_ok();
        let wait = if was_heard { interval } else { interval.min(parts.settings.waits.failed_ping) };
        // A slow answer must not stretch the heartbeat, and a fast failure must not quicken it.
        tokio::time::sleep(wait.saturating_sub(begun.elapsed()).max(wait / 10)).await;
    }
}

async fn ping(parts: &Parts, connection: &Connection, timeout: Duration) -> Result<(), String> {
    let Some(url) = parts.templates.ping(&parts.claims.ids()) else { return Ok(()) };
    let response = connection.get(&url, timeout).send().await.map_err(http::reason)?;
    let status = response.status();
    http::discard(response).await;
    match status {
        status if status.is_success() => Ok(()),
        status => Err(format!("status {}", status.as_u16())),
    }
}

/// Tells the server that this worker failed a check of its fitness; the process should then exit with 1.
///
/// Best effort: it takes at most some seconds, and nothing where no pings are sent.
pub async fn report_unhealthy(settings: &RunpodSettings, check: &str, reason: &str) {
    let (Ok(templates), Ok(connection)) = (Templates::new(settings), Connection::new(settings)) else {
        return;
    };
    let reason: String = Teller::new(settings).hidden(reason).chars().take(MAX_REASON_CHARS).collect();
    let Some(url) = templates.unhealthy(check, &reason) else { return };
    if let Err(error) = connection.get(&url, settings.waits.last_ping).send().await {
        warn!("the server could not be told that this worker is unfit: {}", http::reason(error));
    }
}
