//! `doctown view`: opens a pack in the explorer, on this machine only.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use runtime::host::Signals;
use tokio::net::TcpListener;
use trigger::view::{PAGE, View, has_site};

use crate::args::{Cli, PageArgs};
use crate::failure::{Exit, Failure};
use crate::output::{self, talk};
use crate::reading::block_on;
use crate::serve::port_taken;
use crate::{desktop, verified};

/// How long an answer that was begun may take once it is told to stop.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) fn view(path: &Path, args: &PageArgs, cli: &Cli) -> Result<(), Failure> {
    let pack = verified::verify(path, verified::open(path)?)?;
    let id = pack.id;
    let shown = View::new(pack.file, pack.file_name, id, args.site.clone()).ok_or_else(not_built)?;
    block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = TcpListener::bind(address).await.map_err(|error| port_taken(address, &error))?;
        let address = listener.local_addr().unwrap_or(address);
        // Before the address is told: whoever reads it may send a signal at once.
        let mut signals = Signals::listen();
        let url = format!("http://{address}{PAGE}");
        match cli.json {
            true => output::json("view", &serde_json::json!({"url": url, "docpack_id": id})),
            false => output::data(&url),
        }
        if cli.quiet == 0 {
            talk("press Ctrl-C to stop");
        }
        if !args.no_open && runtime::config::has_desktop() {
            desktop::open(&url);
        }
        let served = trigger::view::view(shown, listener, async move { signals.next().await }, GRACE).await;
        served.map_err(|error| port_taken(address, &error))
    })
}

/// Refuses where there is no website to show a docpack with.
pub(crate) fn check_site(args: &PageArgs) -> Result<(), Failure> {
    if has_site(args.site.clone()) { Ok(()) } else { Err(not_built()) }
}

fn not_built() -> Failure {
    Failure::new(Exit::Failed, "site_not_built", "the website is not in this program").with_help(
        "run `scripts/website` and compile the program again, or name a build with `--site website/build`",
    )
}
