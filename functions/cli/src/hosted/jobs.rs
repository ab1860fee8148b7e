//! Jobs of an account on a hosted Doctown: `submit`, `status`, `events`, `approve`, `cancel` and `retry`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pipeline::{Clock, Envelope, Event, JobId, Phase, Tags};
use runtime::SystemClock;
use runtime::config::Config;
use serde::Deserialize;
use serde_json::{Value, json};
use source::spec::SourceSpec;
use trigger::wire::{Job, JobEstimate, JobSummary, SubmittedJob};

use crate::args::{ApproveArgs, Cli, StatusArgs, SubmitArgs};
use crate::build;
use crate::events;
use crate::failure::{self, Exit, Failure};
use crate::hosted::client::AskError;
use crate::hosted::{Client, packs};
use crate::output::{self, about_usd, data, exact, size, talk, thousands};
use crate::progress::Progress;
use crate::setting;

/// Between two looks at a job that is followed.
const POLL: Duration = Duration::from_secs(1);
const PAGE_EVENTS: &str = "1000";
/// How long a server may give no answer while a job is followed: a restart takes less.
const MAX_SILENCE: Duration = Duration::from_secs(120);

/// What to do when a job waits for its cost to be approved.
#[derive(Debug, Clone, Copy)]
enum OnApproval {
    /// Go on waiting: somebody else approves it.
    Wait,
    Stop,
    /// Approve it, up to this many millionths of a US dollar.
    Approve(Option<u64>),
}

/// Submits a repository, and follows the job if that is asked for.
pub(crate) fn submit(args: &SubmitArgs, client: &Client, config: &Config, cli: &Cli) -> Result<(), Failure> {
    if args.owner.is_some() {
        let message =
            format!("`--owner` is for jobs in a bucket; on `{}` a job is your account's", client.server());
        return Err(Failure::new(Exit::Usage, "owner_not_taken", message).with_help("leave it out"));
    }
    let mut options = args.options.to_options()?;
    options.source = args.with_source;
    options.approve = args.approve;
    if let Some(prose) = &mut options.prose {
        prose.budget_micro_usd = args.budget;
    }
    let tags = args.tags.iter().cloned().collect::<BTreeMap<_, _>>();
    let tags = Tags::try_from(tags)
        .map_err(|error| Failure::new(Exit::Usage, "tags_malformed", error.to_string()))?;
    let repo_url = readable_there(&args.source, client, config)?;
    let body = json!({"repo_url": repo_url, "options": options, "tags": tags});
    let SubmittedJob { job, estimate, .. } = send(client, &body).map_err(|error| client.failure(error))?;
    let page = client.server().page(&["jobs", &job.job_id]);
    if cli.quiet == 0 {
        talk(&format!("job {}: {page}", job.job_id));
        if !job.is_over {
            talk(&told(&estimate));
        }
    }
    if args.wait {
        let on_approval = if args.yes { OnApproval::Approve(args.budget) } else { OnApproval::Stop };
        let job = follow(client, &job.job_id, on_approval, cli)?;
        return ended("submit", client, &job, cli);
    }
    match cli.json {
        true => {
            let server = client.server().to_string();
            output::json(
                "submit",
                &json!({"server": server, "job": job, "estimate": estimate, "page": page}),
            );
        }
        false => data(&job.job_id),
    }
    if cli.quiet == 0 && !job.is_over {
        talk(&format!("follow it with `doctown status {} --wait`", job.job_id));
    }
    Ok(())
}

/// Sends a request for a job; if the answer is lost, the same request again gets the same job.
fn send(client: &Client, body: &Value) -> Result<SubmittedJob, AskError> {
    let key = format!("cli-{}-{}", std::process::id(), SystemClock.now().0);
    let send = || client.post_with(&["jobs"], body, &[("idempotency-key", &key)]);
    match send() {
        Err(error @ AskError::Unreachable { .. }) => {
            tracing::debug!("the request for a job is sent once more: {error:?}");
            std::thread::sleep(POLL);
            send()
        }
        answer => answer,
    }
}

/// Refuses a folder or file of this machine, which another machine cannot read.
fn readable_there(source: &str, client: &Client, config: &Config) -> Result<String, Failure> {
    let source_config = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(source, &source_config).ok();
    let Some(path) = spec.as_ref().and_then(SourceSpec::local_path) else { return Ok(source.to_owned()) };
    if client.server().is_loopback() {
        // The server's own folder is another one than ours.
        return Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string());
    }
    let message = format!("`{source}` is on this machine, where `{}` cannot read it", client.server());
    Err(Failure::new(Exit::InputRefused, "local_path_not_allowed", message).with_help(format!(
        "push it to a git host and name its address, or build it here with `doctown build {source}`"
    )))
}

/// Tells a first estimate in words.
fn told(estimate: &JobEstimate) -> String {
    let (Some(n_bytes), Some(n_symbols)) = (estimate.source_bytes, estimate.n_symbols) else {
        return "no first estimate: the host does not report the size".to_owned();
    };
    let mut text = format!(
        "estimated from the size: {} of source, about {} symbols (half to twice as many)",
        size(n_bytes),
        thousands(n_symbols)
    );
    if estimate.model.is_some() {
        text.push('\n');
        text.push_str(&cost_of(estimate));
    }
    text
}

fn cost_of(estimate: &JobEstimate) -> String {
    let model = estimate.model.as_deref().unwrap_or("no model");
    match &estimate.prices_as_of {
        Some(day) => format!(
            "{model}: about {} USD, {} USD at most (prices as of {day})",
            about_usd(estimate.expected_micro_usd),
            about_usd(estimate.cost_micro_usd)
        ),
        None => format!("{model}: its price is unknown"),
    }
}

/// A page of events; what this program does not know in them is left alone.
#[derive(Debug, Deserialize)]
struct Page {
    events: Vec<PagedEvent>,
    next: Option<String>,
    is_over: bool,
}

#[derive(Debug, Deserialize)]
struct PagedEvent {
    event: Value,
}

fn page(client: &Client, job: &str, after: Option<&str>) -> Result<Page, AskError> {
    let mut query = vec![("limit", PAGE_EVENTS)];
    query.extend(after.map(|after| ("after", after)));
    client.get(&["jobs", job, "events"], &query)
}

/// Shows the progress of a job until it is over, and returns it.
fn follow(client: &Client, job: &str, on_approval: OnApproval, cli: &Cli) -> Result<Job, Failure> {
    let progress = Progress::new(build::show(cli));
    let followed = follow_with(client, job, on_approval, &progress);
    progress.finish();
    followed
}

fn follow_with(
    client: &Client,
    job: &str,
    on_approval: OnApproval,
    progress: &Progress,
) -> Result<Job, Failure> {
    let (mut after, mut silent_since): (Option<String>, Option<Instant>) = (None, None);
    loop {
        let page = match page(client, job, after.as_deref()) {
            Ok(page) => page,
            Err(error) => {
                let silent = silent_since.get_or_insert_with(Instant::now).elapsed();
                if !error.is_transient() || silent > MAX_SILENCE {
                    let help = format!("the job goes on; follow it with `doctown status {job} --wait`");
                    let is_transient = error.is_transient();
                    let failure = client.failure(error);
                    return Err(if is_transient { failure.with_help(help) } else { failure });
                }
                if silent < POLL {
                    progress.wait(&format!("`{}` gives no answer; trying again", client.server()));
                }
                std::thread::sleep(POLL);
                continue;
            }
        };
        silent_since = None;
        let mut waits_for_approval = false;
        for PagedEvent { event } in &page.events {
            let Ok(envelope) = serde_json::from_value::<Envelope>(event.clone()) else { continue };
            if let Event::JobPhaseChanged(changed) = &envelope.event {
                waits_for_approval = changed.to == Phase::AwaitingApproval;
            }
            progress.on_event(&envelope);
        }
        let is_last_page = page.events.len() < 1_000;
        after = page.next.or(after);
        if page.is_over {
            return client.get(&["jobs", job], &[]).map_err(|error| client.failure(error));
        }
        if waits_for_approval && is_last_page {
            settle_cost(client, job, on_approval)?;
        }
        if is_last_page {
            std::thread::sleep(POLL);
        }
    }
}

/// Approves the cost of a job, or stops following it.
fn settle_cost(client: &Client, job: &str, on_approval: OnApproval) -> Result<(), Failure> {
    let found: Job = client.get(&["jobs", job], &[]).map_err(|error| client.failure(error))?;
    let Some(estimate) = found.estimate.filter(|_| found.summary.phase == Phase::AwaitingApproval) else {
        return Ok(());
    };
    match on_approval {
        OnApproval::Wait => Ok(()),
        OnApproval::Approve(limit) => {
            let body = json!({"limit_micro_usd": limit, "estimate_digest": estimate.digest});
            client
                .post::<Value>(&["jobs", job, "approve"], &body)
                .map(|_| ())
                .map_err(|error| client.failure(error))
        }
        OnApproval::Stop => {
            let message = format!("job {job} waits until its cost is approved\n{}", cost_of(&estimate));
            Err(Failure::new(Exit::Budget, "approval_needed", message).with_help(format!(
                "approve it with `doctown approve {job}`, then `doctown status {job} --wait`"
            )))
        }
    }
}

/// Prints what became of a job: the address of its docpack, or why there is none.
fn ended(command: &str, client: &Client, job: &Job, cli: &Cli) -> Result<(), Failure> {
    let page = pack_page(client, &job.summary);
    if cli.json {
        let server = client.server().to_string();
        output::json(command, &json!({"server": server, "job": job, "page": page}));
    }
    if let Some(page) = &page {
        if !cli.json {
            data(page);
            if cli.quiet == 0 {
                let id: String =
                    job.summary.docpack_id.iter().flat_map(|id| id.chars().skip(7).take(12)).collect();
                talk(&format!("download it with `doctown pull {id}`"));
            }
        }
        return Ok(());
    }
    failed(job)?;
    let message = format!("job `{}` is {}", job.summary.job_id, job.summary.phase);
    Err(Failure::new(Exit::Failed, "job_ended", message))
}

/// Reports a job that failed, with the help of the server, which knows its own settings.
fn failed(job: &Job) -> Result<(), Failure> {
    match &job.error {
        Some(error) if job.summary.phase == Phase::Failed => {
            Err(failure::of_job(&error.code, &error.message).with_help(error.help.clone()))
        }
        _ => Ok(()),
    }
}

/// Returns the page of a job's docpack, once it has one.
fn pack_page(client: &Client, job: &JobSummary) -> Option<String> {
    let id = job.docpack_id.as_deref()?;
    Some(client.server().page(&["packs", id.strip_prefix("sha256:").unwrap_or(id)]))
}

/// Writes the phase of a job in one line, as for jobs of a store.
fn line(job: &JobSummary) -> String {
    format!("{} {} {}", job.job_id, job.phase, job.repo_url.as_deref().unwrap_or(&job.name))
}

/// Shows the progress of a job, and downloads its docpack if that is asked for.
pub(crate) fn status(args: &StatusArgs, job: &JobId, client: &Client, cli: &Cli) -> Result<(), Failure> {
    let job: Job = match args.wait {
        true => follow(client, job.as_str(), OnApproval::Wait, cli)?,
        false => client.get(&["jobs", job.as_str()], &[]).map_err(|error| client.failure(error))?,
    };
    if let (Some(output), Some(id)) = (&args.output, &job.summary.docpack_id) {
        crate::target::check(output, None, "")?;
        packs::download_to(client, id, output)?;
    }
    let page = pack_page(client, &job.summary);
    if cli.json {
        let server = client.server().to_string();
        output::json("status", &json!({"server": server, "job": job, "page": page}));
    } else {
        data(&line(&job.summary));
        if let Some(page) = page {
            data(&page);
        }
        if let (Phase::AwaitingApproval, Some(estimate)) = (job.summary.phase, &job.estimate) {
            data(&cost_of(estimate));
            data(&format!("approve it with `doctown approve {}`", job.summary.job_id));
        }
    }
    failed(&job)
}

/// Prints the events of a job so far.
pub(crate) fn events(job: &JobId, client: &Client, as_json: bool) -> Result<(), Failure> {
    let mut after: Option<String> = None;
    loop {
        let page = page(client, job.as_str(), after.as_deref()).map_err(|error| client.failure(error))?;
        for PagedEvent { event } in &page.events {
            match as_json {
                true => exact(&output::visible_json(&event.to_string())),
                false => data(&events::line_of(event)),
            }
        }
        if page.events.is_empty() || page.is_over || page.next.is_none() {
            return Ok(());
        }
        after = page.next;
    }
}

/// Approves the cost of a job's summaries.
pub(crate) fn approve(
    args: &ApproveArgs,
    job: &JobId,
    client: &Client,
    as_json: bool,
) -> Result<(), Failure> {
    let body = json!({"limit_micro_usd": args.budget, "estimate_digest": args.estimate});
    change("approve", job, client, &body, as_json)
}

/// Ends a job.
pub(crate) fn cancel(job: &JobId, client: &Client, as_json: bool) -> Result<(), Failure> {
    change("cancel", job, client, &json!({}), as_json)
}

fn change(
    command: &'static str,
    job: &JobId,
    client: &Client,
    body: &Value,
    as_json: bool,
) -> Result<(), Failure> {
    let job: Job =
        client.post(&["jobs", job.as_str(), command], body).map_err(|error| client.failure(error))?;
    match as_json {
        true => output::json(command, &json!({"server": client.server().to_string(), "job": job})),
        false => data(&line(&job.summary)),
    }
    Ok(())
}

/// Runs a finished job again; prints the new job.
pub(crate) fn retry(job: &JobId, client: &Client, as_json: bool) -> Result<(), Failure> {
    let answer = client.post(&["jobs", job.as_str(), "retry"], &json!({}));
    let SubmittedJob { job, .. } = answer.map_err(|error| client.failure(error))?;
    match as_json {
        true => output::json("retry", &json!({"server": client.server().to_string(), "job": job})),
        false => data(&job.job_id),
    }
    Ok(())
}
