//! `doctown export`: the explorer and a pack as one file that opens from disk.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use docpack::Digest;
use serde::Serialize;
use trigger::page::{MAX_PACK_BYTES, Page, PageError};

use crate::args::{Cli, ExportArgs};
use crate::failure::{Exit, Failure};
use crate::output::{self, size, talk};
use crate::shorthand::PACK_ENDING;
use crate::target;
use crate::verified::{self, VerifiedPack};

/// What ends a page's name in the place of a pack's ending.
const PAGE_ENDING: &str = ".html";
/// The page of this release has about 300 kB.
const MAX_TEMPLATE_BYTES: u64 = 64_000_000;
const WEBSITE_COMMAND: &str =
    "run `scripts/website` and compile the program again, or name a built page with `--template FILE`";

/// What `--json` tells of a page.
#[derive(Debug, Serialize)]
struct Exported {
    path: PathBuf,
    size_bytes: u64,
    docpack_id: Digest,
}

pub(crate) fn export(args: &ExportArgs, cli: &Cli) -> Result<(), Failure> {
    let file = verified::open(&args.pack)?;
    let page = page(args.template.as_deref())?;
    if file.size_bytes() > MAX_PACK_BYTES {
        return Err(too_large(&args.pack, file.size_bytes()));
    }
    let is_stdout = args.output.as_deref() == Some(Path::new("-"));
    if is_stdout && cli.json {
        return Err(Failure::new(Exit::Usage, "output_unusable", "`-o -` and `--json` both write to stdout")
            .with_help("leave out one of them"));
    }
    if is_stdout {
        let pack = verified::verify(&args.pack, file)?;
        let mut out = io::stdout().lock();
        write_page(&page, &args.pack, &pack, &mut out, end_quietly)?;
        return out.flush().map_err(|error| end_quietly(&error));
    }
    let output = args.output.clone().unwrap_or_else(|| page_name(&args.pack));
    target::check(&output, Some(&args.pack), "is the pack itself")?;
    let pack = verified::verify(&args.pack, file)?;
    let size_bytes = target::write_with(&output, |out| {
        write_page(&page, &args.pack, &pack, out, |error| target::unwritable(&output, error))
    })?;
    tell(cli, Exported { path: output, size_bytes, docpack_id: pack.id });
    Ok(())
}

/// The page to put the pack into: that of the program, or another build of it.
fn page(template: Option<&Path>) -> Result<Page, Failure> {
    let Some(path) = template else {
        return Page::embedded().ok_or_else(|| {
            Failure::new(Exit::Failed, "page_not_built", "the explorer's page is not in this program")
                .with_help(WEBSITE_COMMAND)
        });
    };
    let unusable = |what: String| {
        Failure::new(Exit::Usage, "template_unusable", format!("`{}` {what}", path.display()))
            .with_help("`npm run build:export` in `website/` writes one: dist/export.html")
    };
    let size_bytes =
        std::fs::metadata(path).map_err(|error| unusable(format!("cannot be read: {error}")))?.len();
    if size_bytes > MAX_TEMPLATE_BYTES {
        return Err(unusable(format!("has {}, the limit is {}", size(size_bytes), size(MAX_TEMPLATE_BYTES))));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unusable(format!("cannot be read: {error}")))?;
    Page::parse(&text)
        .ok_or_else(|| unusable("is not an explorer page: it has no place for a pack".to_owned()))
}

/// Writes the page, and makes sure that what was written is what was verified.
fn write_page(
    page: &Page,
    path: &Path,
    pack: &VerifiedPack,
    out: &mut impl Write,
    unwritable: impl Fn(&io::Error) -> Failure,
) -> Result<u64, Failure> {
    let written = page.clone().about(&pack.words).write(&pack.file_name, &mut pack.file.reader(), out);
    let n_bytes = written.map_err(|error| match error {
        PageError::Pack(error) => crate::inspect::unreadable(path, &error),
        PageError::Output(error) => unwritable(&error),
    })?;
    if pack.file.is_unchanged() { Ok(n_bytes) } else { Err(verified::changed(path)) }
}

/// A reader that went away wants no more, as with every other command.
fn end_quietly(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    target::unwritable(Path::new("-"), error)
}

/// The pack's name with another ending, here.
fn page_name(pack: &Path) -> PathBuf {
    let name = pack.file_name().unwrap_or_default().to_string_lossy().into_owned();
    PathBuf::from(format!("{}{PAGE_ENDING}", name.strip_suffix(PACK_ENDING).unwrap_or(&name)))
}

fn too_large(path: &Path, size_bytes: u64) -> Failure {
    let message = format!(
        "`{}` has {}, the limit for one HTML file is {}",
        path.display(),
        size(size_bytes),
        size(MAX_PACK_BYTES)
    );
    Failure::new(Exit::InputRefused, "page_too_large", message)
        .with_help("`doctown view PACK` opens it; a pack built with `--no-embeddings` is smaller")
}

fn tell(cli: &Cli, exported: Exported) {
    if cli.json {
        return output::json("export", &exported);
    }
    let path = exported.path.display().to_string();
    if cli.quiet == 0 {
        talk(&format!("{path}  {}, works offline", size(exported.size_bytes)));
    }
    output::data(&path);
}
