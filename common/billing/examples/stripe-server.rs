//! The tests' Stripe as a process: prints its address, key, secret and prices as one line of JSON, and runs until its
//! standard input ends.
//!
//! `stripe-server WEBHOOK_URL` delivers its events there.

use std::io::{Read, Write};

use doctown_billing::testserver::{KEY, PRICES, TestServer, WEBHOOK_SECRET};

fn main() -> std::io::Result<()> {
    let mut server = TestServer::start()?;
    if let Some(webhook_url) = std::env::args().nth(1) {
        server.deliver_to(&webhook_url);
    }
    let told = serde_json::json!({
        "url": server.url(), "key": KEY, "webhook_secret": WEBHOOK_SECRET, "prices": PRICES,
    });
    writeln!(std::io::stdout(), "{told}")?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
