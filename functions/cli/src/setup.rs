//! `doctown setup`: finds the embedding model and its runtime, and says how to get what is missing.
//! Builds need neither unless they ask for the model.

use std::path::{Path, PathBuf};

use embed::{CopyError, EmbedError, NeededFile};
use runtime::config::Config;
use serde::Serialize;

use crate::args::{PrecisionArg, SetupArgs};
use crate::failure::{Exit, Failure};
use crate::output;

/// A file that a build with vectors reads.
#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    /// Where it lies with the right digest.
    path: Option<PathBuf>,
    problem: Option<String>,
}

pub(crate) fn setup(args: &SetupArgs, config: &Config, json: bool) -> Result<(), Failure> {
    let precision = args.precision.map_or(config.embed.precision, PrecisionArg::to_precision);
    let precision = stage_embed::precision_of(precision);
    if let Some(folder) = &args.offline {
        embed::copy_model(folder, &config.embed.model_folder, precision)
            .map_err(|error| copy_failure(&error, folder))?;
    }
    let files = stage_embed::model_files(&config.embed).needed(precision).map_err(|error| failure(&error))?;
    print(&files, json);
    let broken = files.into_iter().find_map(|file| file.found.err());
    broken.map_or(Ok(()), |error| Err(failure(&error)))
}

fn print(files: &[NeededFile], json: bool) {
    let line = |file: &NeededFile| Line {
        name: file.name,
        path: file.found.as_ref().ok().cloned(),
        problem: file.found.as_ref().err().map(problem),
    };
    let lines: Vec<Line> = files.iter().map(line).collect();
    if json {
        return output::json("setup", &lines);
    }
    let row = |line: &Line| match &line.path {
        Some(path) => vec!["ok".to_owned(), line.name.to_owned(), path.display().to_string()],
        None => vec!["FAIL".to_owned(), line.name.to_owned(), line.problem.clone().unwrap_or_default()],
    };
    output::data(&output::table(&["", "file", "found"], &lines.iter().map(row).collect::<Vec<_>>()));
}

/// Says in a few words what the failure says in full.
fn problem(error: &EmbedError) -> String {
    match error {
        EmbedError::ModelMissing { .. } => "missing".to_owned(),
        EmbedError::ModelHashMismatch { path, .. } => format!("{} has a wrong digest", path.display()),
        other => other.to_string(),
    }
}

fn failure(error: &EmbedError) -> Failure {
    let message = match error {
        EmbedError::ModelMissing { path } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            format!(
                "`{name}` is missing: it is neither in `{}` nor in a package installed with this program",
                path.parent().unwrap_or(Path::new("")).display()
            )
        }
        EmbedError::ModelHashMismatch { path, expected, found } => {
            format!("`{}` is {found}, expected {expected}", path.display())
        }
        other => other.to_string(),
    };
    let help = format!("{}; only `--embedder minilm` needs the model", stage_embed::mend_help(error));
    Failure::new(Exit::Failed, error.code(), message).with_help(help)
}

fn copy_failure(error: &CopyError, folder: &Path) -> Failure {
    match error {
        CopyError::Model(error) => failure(error),
        CopyError::NotFound { .. } => {
            let help = format!(
                "put the wheel `doctown-model` {} and the wheel `onnxruntime` of this machine's kind into `{}`",
                env!("CARGO_PKG_VERSION"),
                folder.display()
            );
            Failure::new(Exit::Failed, error.code(), error.to_string()).with_help(help)
        }
        CopyError::Unwritable { .. } => Failure::new(Exit::Failed, error.code(), error.to_string())
            .with_help("set DOCTOWN_HOME to a folder that may be written"),
        CopyError::Unreadable { .. } | CopyError::TooManyFiles { .. } => {
            Failure::new(Exit::InputRefused, error.code(), error.to_string())
                .with_help("name the folder that holds the files or their packages")
        }
    }
}
