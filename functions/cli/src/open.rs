//! `doctown SOURCE`: builds a docpack and opens it, or opens one that exists.

use std::path::Path;

use runtime::config::Config;

use crate::args::{Cli, OpenArgs};
use crate::failure::Failure;
use crate::shorthand::is_pack;
use crate::{build, view};

/// Views a docpack without any configuration; builds everything else first.
pub(crate) fn open(
    args: &OpenArgs,
    cli: &Cli,
    configuration: impl FnOnce() -> Result<Config, Failure>,
) -> Result<(), Failure> {
    let source = &args.build.source;
    if is_pack(source) && !Path::new(source).is_dir() {
        return view::view(Path::new(source), &args.page, cli);
    }
    let config = configuration()?;
    let _telemetry = runtime::telemetry::start(&config.log, &config.telemetry);
    // A page that cannot be shown is reported before the work, not after it.
    view::check_site(&args.page)?;
    let pack = build::build_pack(&args.build, &config, cli)?;
    view::view(&pack, &args.page, cli)
}
