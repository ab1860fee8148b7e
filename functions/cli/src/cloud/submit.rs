//! `doctown submit`: makes a job for the workers, and says by its size what it comes to.

use std::collections::BTreeMap;

use pipeline::{
    BuildOptions, BuildRequest, Coordinator, JobFamily, NewJob, PinnedEmbedder, StateDocument, Tags, Tenant,
};
use runtime::cloud::CloudPorts;
use runtime::config::Config;
use runtime::host::local::{Run, choose_run};
use serde::Serialize;
use source::config::SourceConfig;
use source::failure::SourceError;
use source::spec::SourceSpec;
use trigger::wire::JobEstimate;
use writing::{SizeEstimate, Terms};

use crate::args::{Cli, SubmitArgs};
use crate::cloud::{TIME_LIMIT, block_on, coordinator, read_state, unusable};
use crate::failure::{self, Exit, Failure};
use crate::output::{data, json, size, talk, thousands};
use crate::{prose, setting};

/// Owner of a job in a bucket where none is named.
const DEFAULT_OWNER: &str = "local";

/// What `--json` tells of a job that was made.
#[derive(Debug, Serialize)]
struct Submitted {
    #[serde(flatten)]
    state: StateDocument,
    /// By the source's size alone, in the form of the API; null where it could not be looked at.
    first_estimate: Option<JobEstimate>,
}

/// Makes a job, or finds the one of the same build that is not over.
pub(crate) fn submit(args: &SubmitArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let source_config = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(&args.source, &source_config).map_err(|error| failure::of_source(&error))?;
    let mut options = args.options.to_options()?;
    options.source = args.with_source;
    options.approve = args.approve || (options.prose.is_some() && !args.yes);
    if let Some(prose) = &mut options.prose {
        prose.budget_micro_usd = args.budget;
    }
    let terms = prose::terms(config, options.prose.as_ref())?;
    let tags = args.tags.iter().cloned().collect::<BTreeMap<_, _>>();
    let tags = Tags::try_from(tags)
        .map_err(|error| Failure::new(Exit::Usage, "tags_malformed", error.to_string()))?;
    let source = spec.canonical(&source_config);
    let request = BuildRequest { source, options: options.clone(), tags, installed: None };
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let embedder = announced(&coordinator, &request).await?;
        let tool = pipeline::tool(embedder.as_ref());
        let family = JobFamily::derive(&Tenant::local(), &request.source, &request.options, &tool);
        let fingerprint = spec.fingerprint();
        let run = choose_run(&coordinator, &Tenant::local(), &family, fingerprint).await;
        let Run { job, is_resumed, .. } = run.map_err(|error| unusable(&error))?;
        if is_resumed {
            return read_state(&coordinator, &job).await;
        }
        let new = NewJob {
            tenant: Tenant::local(),
            owner: args.owner.clone().unwrap_or_else(|| DEFAULT_OWNER.to_owned()),
            queue_group: pipeline::QueueGroup::default(),
            trace_id: job.trace_id(),
            job,
            source_fingerprint: fingerprint,
            parent: None,
            stage_versions: pipeline::release_versions(),
            embedder,
            request,
            time_limit: TIME_LIMIT,
        };
        coordinator.submit(new).await.map_err(|error| unusable(&error))
    })?;
    if !cli.json {
        data(state.job.as_str());
    }
    // The job is made: whether the source can be read from here says nothing of the workers.
    let sized = by_size(&spec, &options, &source_config, terms.as_ref());
    if cli.quiet == 0 {
        match &sized {
            Ok(sized) => talk(&told(sized, &options)),
            Err(error) => talk(&format!("no first estimate: {error}")),
        }
        if options.approve {
            talk(&format!(
                "the job will wait for approval of its exact estimate: doctown approve {}",
                state.job
            ));
        }
    }
    if cli.json {
        json("submit", &Submitted { state, first_estimate: sized.ok().map(JobEstimate::from) });
    }
    Ok(())
}

/// Estimates as the API does when it takes a job.
fn by_size(
    spec: &SourceSpec,
    options: &BuildOptions,
    config: &SourceConfig,
    terms: Option<&Terms>,
) -> Result<SizeEstimate, SourceError> {
    let limits = stage_ingest::source_limits(options);
    let look = source::look(spec, options.git_ref.as_deref(), &limits, config)?;
    Ok(writing::by_size(look.size_bytes, terms))
}

/// Tells a first estimate in words.
fn told(sized: &SizeEstimate, options: &BuildOptions) -> String {
    let (Some(n_bytes), Some(n_symbols)) = (sized.source_bytes, sized.n_symbols) else {
        return "no first estimate: the host does not report the size".to_owned();
    };
    let source = format!(
        "estimated from the size: {} of source, about {} symbols (half to twice as many)",
        size(n_bytes),
        thousands(n_symbols)
    );
    match (&options.prose, &sized.writing.model) {
        (None, _) => source,
        (Some(_), Some(_)) => format!("{source}\n{}", prose::told(&sized.writing)),
        (Some(prose), None) => {
            format!("{source}\n{}: no cost estimate, no model server is configured here", prose.models[0])
        }
    }
}

/// Finds what the workers compute vectors with; a job is pinned to it.
pub(super) async fn announced(
    coordinator: &Coordinator<CloudPorts>,
    request: &BuildRequest,
) -> Result<Option<PinnedEmbedder>, Failure> {
    if !request.options.embeddings {
        return Ok(None);
    }
    let found = coordinator.announced(&request.options).await;
    match found.map_err(|error| unusable(&error))? {
        Some(announced) => Ok(Some(announced.embedder)),
        None => {
            Err(Failure::new(Exit::Failed, "no_embedder", "no embed worker has been started on this store")
                .with_help("start a worker with a model, or submit with `--no-embeddings`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use pipeline::ProseOptions;

    use super::*;

    /// A folder of 90,000 bytes, and what is estimated of it with these settings.
    fn estimated(model: Option<&str>, set: &[(&str, &str)]) -> (SizeEstimate, String) {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("a.py"), "x = 1\n".repeat(15_000)).expect("files can be written");
        let home = [("DOCTOWN_HOME", "/d")];
        let config = Config::from_pairs(home.iter().chain(set).copied()).expect("they are settings");
        let source_config = setting::source_config(&config.source).expect("no token is set");
        let path = folder.path().to_str().expect("temporary paths are UTF-8");
        let spec = SourceSpec::parse(path, &source_config).expect("a folder is a source");
        let prose = model.map(ProseOptions::of_model);
        let terms = prose::terms(&config, prose.as_ref()).expect("there is no template");
        let options = BuildOptions { prose, ..BuildOptions::default() };
        let sized = by_size(&spec, &options, &source_config, terms.as_ref()).expect("the folder is there");
        let told = told(&sized, &options);
        (sized, told)
    }

    #[test]
    fn a_folders_size_gives_its_symbols() {
        let (sized, told) = estimated(None, &[]);
        assert_eq!((sized.source_bytes, sized.n_symbols), (Some(90_000), Some(180)));
        assert_eq!(
            told,
            "estimated from the size: 90.0 kB of source, about 180 symbols (half to twice as many)"
        );
    }

    #[test]
    fn what_a_model_will_cost_is_told_where_one_is_known() {
        let server = [("DOCTOWN_LLM_BASE_URL", "https://llm.example/v1")];
        let (sized, told) = estimated(Some("gpt-4o-mini"), &server);
        assert_eq!(told.lines().skip(1).collect::<Vec<_>>().join("\n"), prose::told(&sized.writing));
        let wire = JobEstimate::from(sized);
        assert_eq!((wire.n_symbols, wire.model.as_deref()), (Some(180), Some("gpt-4o-mini")));
        assert!(wire.expected_micro_usd > 0 && wire.cost_micro_usd > wire.expected_micro_usd);
        let (_, told) = estimated(Some("gpt-4o-mini"), &[]);
        assert!(
            told.ends_with("gpt-4o-mini: no cost estimate, no model server is configured here"),
            "{told}"
        );
    }
}
