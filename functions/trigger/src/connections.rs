//! Connections: each has so long to say what it wants.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Sleep;
use tower_service::Service;

/// Until the headers of a request are there; a connection that is kept open has as long until its next request.
/// Longer than the 60 s after which load balancers close what is idle: else theirs meet a server that just hung up.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(75);
/// Until a client takes anything of what is sent to it: what is held for one that stopped reading is let go.
const STALL_TIMEOUT: Duration = Duration::from_secs(120);
/// After a connection could not be taken because the process has too many files open.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers until `stop` comes, then lets what was begun end within `grace`.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    header_timeout: Duration,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> io::Result<()> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_timeout);
    let (closing, _) = watch::channel(false);
    let mut open = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((stream, peer)) => {
                    open.spawn(answer(http.clone(), stream, peer, router.clone(), closing.subscribe()));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!("no connection could be taken: {error}");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = open.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    closing.send_replace(true);
    let _ = tokio::time::timeout(grace, async { while open.join_next().await.is_some() {} }).await;
    // What is still open is cut, and waited for: nobody holds the store when this returns.
    open.shutdown().await;
    Ok(())
}

/// Answers the requests of one connection, and ends it behind the one it is at when the server closes.
async fn answer(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let closed = async {
        // The sender lives as long as this task, so an error cannot come.
        let _ = closing.wait_for(|closing| *closing).await;
    };
    let stream = TokioIo::new(Impatient::new(stream, STALL_TIMEOUT));
    let mut connection = std::pin::pin!(http.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closed => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}

/// A connection that ends when its client takes nothing for so long.
struct Impatient<S> {
    stream: S,
    stall_timeout: Duration,
    /// Set while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    fn new(stream: S, stall_timeout: Duration) -> Self {
        Self { stream, stall_timeout, stalled: None }
    }

    /// Passes on what a write came to, and ends the wait for one that comes to nothing.
    fn wrote<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall_timeout = self.stall_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall_timeout)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.wrote(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Takes so many writes, and nothing after them.
    struct Socket(Arc<AtomicUsize>);

    impl AsyncWrite for Socket {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            match self.0.load(Ordering::SeqCst) {
                0 => Poll::Pending,
                n => {
                    self.0.store(n - 1, Ordering::SeqCst);
                    Poll::Ready(Ok(bytes.len()))
                }
            }
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_hung_up_on_and_one_that_takes_a_little_is_not() {
        let n_taken = Arc::new(AtomicUsize::new(2));
        let mut stream = Impatient::new(Socket(Arc::clone(&n_taken)), Duration::from_millis(20));
        let write = async |stream: &mut Impatient<Socket>| {
            std::future::poll_fn(|context| Pin::new(&mut *stream).poll_write(context, b"data")).await
        };
        assert_eq!(write(&mut stream).await.ok(), Some(4));
        assert_eq!(write(&mut stream).await.ok(), Some(4));
        let ended = write(&mut stream).await;
        assert_eq!(ended.err().map(|error| error.kind()), Some(io::ErrorKind::TimedOut));
        n_taken.store(1, Ordering::SeqCst);
        assert_eq!(write(&mut stream).await.ok(), Some(4));
        assert!(stream.stalled.is_none());
    }
}
