//! A port that is open until it is told to close.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::routes::router;
use crate::sync;

/// Answers until `stop` comes, then lets what was begun end within `grace`.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let syncing = tokio::spawn(sync::run(app.clone()));
    let routes = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = app.clone();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
        stop.await;
        stopping.stop();
    });
    let graceless = async {
        app.stopped().await;
        tokio::time::sleep(grace).await;
    };
    let ended = tokio::select! {
        ended = async { server.await } => ended,
        () = graceless => Ok(()),
    };
    app.stop();
    let _ = syncing.await;
    ended
}
