//! Asks the process of this machine whether it can work, for images that hold no other program that could.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use crate::config::HostConfig;
use crate::host::StartError;
use crate::host::process::{EXIT_FAILED, EXIT_USAGE, refuse};

const ARGUMENT: &str = "--health";
/// For each of connecting, writing and reading.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Of the answer no more is read than its first line needs.
const MAX_STATUS_BYTES: u64 = 64;

/// Returns the end of this process when it was only to ask another's health at the port of these settings.
pub(super) fn asked(host: &HostConfig) -> Option<ExitCode> {
    (std::env::args().nth(1)? == ARGUMENT).then(|| {
        let Some(address) = host.listen else {
            let error =
                StartError::new("no_port", "no port to ask").with_help("set PORT, as for the process");
            return refuse(&error, EXIT_USAGE);
        };
        match status(address) {
            Ok(200) => ExitCode::SUCCESS,
            Ok(status) => refuse(&StartError::new("not_ready", format!("health is {status}")), EXIT_FAILED),
            Err(error) => refuse(&StartError::new("no_answer", error.to_string()), EXIT_FAILED),
        }
    })
}

/// Returns the status of `GET /health`: 204 while the process starts, 200 once it can work, 503 while it ends.
fn status(listens_at: SocketAddr) -> io::Result<u16> {
    let mut stream = TcpStream::connect_timeout(&reachable(listens_at), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = Vec::new();
    stream.take(MAX_STATUS_BYTES).read_to_end(&mut line)?;
    let line = String::from_utf8_lossy(&line);
    let mut words = line.split_ascii_whitespace();
    let status = words.next().filter(|word| word.starts_with("HTTP/1.")).and_then(|_| words.next());
    status
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP"))
}

/// A process that listens everywhere is asked at home.
fn reachable(listens_at: SocketAddr) -> SocketAddr {
    let home = match listens_at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(home, listens_at.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::Arc;

    use super::*;
    use crate::host::http::{Door, Readiness, listen};

    struct House(Readiness);

    impl Door for House {
        fn readiness(&self) -> Readiness {
            self.0
        }

        async fn metrics(&self) -> String {
            String::new()
        }

        async fn run(&self, _body: &str) -> axum::response::Response {
            crate::host::http::problem(axum::http::StatusCode::NOT_FOUND, "no_stage", "nothing runs here")
        }
    }

    fn free_address(ip: &str) -> SocketAddr {
        let listener = TcpListener::bind((ip, 0)).expect("a port is free");
        listener.local_addr().expect("a bound port has an address")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn tells_starting_ready_and_draining_apart() {
        for (readiness, expected) in
            [(Readiness::Starting, 204), (Readiness::Ready, 200), (Readiness::Draining, 503)]
        {
            let address = free_address("0.0.0.0");
            let server = listen(Arc::new(House(readiness)), address).await.expect("the port is free");
            let told = tokio::task::spawn_blocking(move || status(address)).await.expect("asking ends");
            assert_eq!(told.expect("the server answers"), expected);
            server.stop().await;
        }
    }

    #[test]
    fn what_does_not_listen_or_speak_http_is_an_error() {
        assert!(status(free_address("127.0.0.1")).is_err());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a bound port has an address");
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("someone connects");
            stream.write_all(b"SSH-2.0-x 200\r\n").expect("the other side reads");
        });
        assert!(status(address).is_err());
        serving.join().expect("the server ends");
    }
}
