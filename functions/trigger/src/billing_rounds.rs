//! Does what Stripe's events left undone, looks at customers that are due, and tells the meter.
//!
//! A round begins when the process starts, so that what was paid while no process ran counts at once.

use crate::app::App;
use crate::http::door::now;

/// Works until the server stops. Does nothing on a server that sells nothing.
pub(crate) async fn run(app: App) {
    let Some(billing) = app.billing() else { return };
    loop {
        let now = now(&app).0;
        for done in [billing.catch_up(now).await, billing.meter(now).await.map(drop)] {
            if let Err(error) = done {
                tracing::warn!("a round of billing is repeated: {error}");
            }
        }
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(app.settings().billing_every) => {}
        }
    }
}
