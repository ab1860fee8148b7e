//! `doctown submit`: makes a job for the workers.

use pipeline::{BuildRequest, Coordinator, JobFamily, NewJob, PinnedEmbedder, Tenant};
use runtime::cloud::CloudPorts;
use runtime::config::Config;
use runtime::host::local::{Run, choose_run};
use source::spec::SourceSpec;

use crate::args::SubmitArgs;
use crate::cloud::{TIME_LIMIT, block_on, coordinator, read_state, unusable};
use crate::failure::{self, Exit, Failure};
use crate::output::{data, json};
use crate::setting;

/// Makes a job, or finds the one of the same build that is not over.
pub(crate) fn submit(args: &SubmitArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let source_config = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(&args.source, &source_config).map_err(|error| failure::of_source(&error))?;
    let mut options = args.options.to_options()?;
    options.approve = args.approve;
    if let Some(prose) = &mut options.prose {
        prose.budget_micro_usd = args.budget;
    }
    let request = BuildRequest { source: spec.canonical(&source_config), options };
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let embedder = announced(&coordinator, &request).await?;
        let tool = pipeline::tool(embedder.as_ref());
        let family = JobFamily::derive(&request.source, &request.options, &tool);
        let fingerprint = spec.fingerprint();
        let run = choose_run(&coordinator, &Tenant::local(), &family, fingerprint).await;
        let Run { job, is_resumed, .. } = run.map_err(|error| unusable(&error))?;
        if is_resumed {
            return read_state(&coordinator, &job).await;
        }
        let new = NewJob {
            tenant: Tenant::local(),
            owner: args.owner.clone(),
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
    match as_json {
        true => json("submit", &state),
        false => data(state.job.as_str()),
    }
    Ok(())
}

/// Finds what the workers compute vectors with; a job is pinned to it.
pub(super) async fn announced(
    coordinator: &Coordinator<CloudPorts>,
    request: &BuildRequest,
) -> Result<Option<PinnedEmbedder>, Failure> {
    if !request.options.embeddings {
        return Ok(None);
    }
    let found = coordinator.announced(&Tenant::local(), request.options.precision).await;
    match found.map_err(|error| unusable(&error))? {
        Some(announced) => Ok(Some(announced.embedder)),
        None => {
            Err(Failure::new(Exit::Failed, "no_embedder", "no embed worker was ever started on this store")
                .with_help("start one, or submit with `--no-embeddings`"))
        }
    }
}
