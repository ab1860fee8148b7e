//! A port that is open until it is told to close.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::billing_rounds;
use crate::connections;
use crate::http::hosts::Hosts;
use crate::notices;
use crate::pushes;
use crate::rechecks;
use crate::routes::router;
use crate::schedules;
use crate::sync;

/// Answers until `stop` comes, then lets what was begun end within `grace`.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> io::Result<()> {
    let syncing = tokio::spawn(sync::run(app.clone()));
    let rechecking = tokio::spawn(rechecks::run(app.clone()));
    let noticing = tokio::spawn(notices::run(app.clone()));
    let pushing = tokio::spawn(pushes::run(app.clone()));
    let scheduling = tokio::spawn(schedules::run(app.clone()));
    let billing = tokio::spawn(billing_rounds::run(app.clone()));
    let settings = app.settings();
    let hosts = Hosts::of(listener.local_addr()?, settings.n_trusted_proxies);
    let routes = router(app.clone(), hosts);
    let stopped = async {
        stop.await;
        app.stop();
    };
    let ended = connections::serve(listener, routes, settings.header_timeout, stopped, grace).await;
    app.stop();
    let _ = syncing.await;
    let _ = rechecking.await;
    let _ = noticing.await;
    let _ = pushing.await;
    let _ = scheduling.await;
    // What it asks Stripe can be asked again; the server stops without waiting for an answer.
    billing.abort();
    let _ = billing.await;
    // Connections that close by themselves do so later, and might take the files of the next process's away.
    let _ = tokio::time::timeout(grace, app.ledger().close()).await;
    ended
}
