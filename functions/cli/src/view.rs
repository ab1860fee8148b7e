//! `doctown view`: a pack in the explorer, from this machine and for this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use runtime::host::Signals;
use tokio::net::TcpListener;
use trigger::view::{PAGE, View};

use crate::args::{Cli, ViewArgs};
use crate::failure::{Exit, Failure};
use crate::output::{self, talk};
use crate::reading::block_on;
use crate::serve::port_taken;
use crate::{desktop, verified};

/// How long an answer that was begun may take once it is told to stop.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) fn view(args: &ViewArgs, cli: &Cli) -> Result<(), Failure> {
    let pack = verified::verify(&args.pack, verified::open(&args.pack)?)?;
    let id = pack.id;
    let shown = View::new(pack.file, pack.file_name, id, args.site.clone()).ok_or_else(|| {
        Failure::new(Exit::Failed, "site_not_built", "the website is not in this program").with_help(
            "run `scripts/website` and compile the program again, or name a build with `--site website/build`",
        )
    })?;
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
            talk("Ctrl-C stops");
        }
        if !args.no_open && runtime::config::has_desktop() {
            desktop::open(&url);
        }
        let served = trigger::view::view(shown, listener, async move { signals.next().await }, GRACE).await;
        served.map_err(|error| port_taken(address, &error))
    })
}
