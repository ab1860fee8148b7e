//! The addresses that RunPod gives as templates.
//!
//! Their shape is RunPod's own affair: names are replaced, parameters are appended, nothing is parsed.

use reqwest::Url;

use crate::config::RunpodSettings;
use crate::host::runpod::{PROTOCOL_VERSION, RunpodError};
use crate::http::percent_encoded;

const TAKE: &str = "/job-take/";
const TAKE_BATCH: &str = "/job-take-batch/";
const STOP: &str = "/job-stop/";

/// Makes the address of every request.
pub(super) struct Templates {
    take: String,
    done: String,
    stream: Option<String>,
    ping: Option<String>,
    worker_id: String,
    gpu_type_id: Option<String>,
}

impl Templates {
    /// Refuses what would not be an address, so that no later request has to.
    pub(super) fn new(settings: &RunpodSettings) -> Result<Self, RunpodError> {
        let templates = Self {
            take: settings.take_url.clone(),
            done: settings.done_url.clone(),
            stream: settings.stream_url.clone(),
            ping: settings.ping.as_ref().map(|ping| ping.url.clone()),
            worker_id: settings.worker_id.clone(),
            gpu_type_id: settings.gpu_type_id.clone(),
        };
        check("RUNPOD_WEBHOOK_GET_JOB", &templates.take(1, false))?;
        check("RUNPOD_WEBHOOK_POST_OUTPUT", &templates.done("job", false))?;
        if let Some(stream) = templates.stream("job") {
            check("RUNPOD_WEBHOOK_POST_STREAM", &stream)?;
        }
        if let Some(ping) = templates.ping(&[]) {
            check("RUNPOD_WEBHOOK_PING", &ping)?;
        }
        Ok(templates)
    }

    /// Tells whether several jobs can be taken at once.
    pub(super) fn can_batch(&self) -> bool {
        self.take.contains(TAKE)
    }

    /// Asks for at most `n_free` jobs.
    pub(super) fn take(&self, n_free: usize, is_busy: bool) -> String {
        let busy = if is_busy { "1" } else { "0" };
        if n_free > 1 && self.can_batch() {
            let url = self.of_worker(&self.take.replacen(TAKE, TAKE_BATCH, 1));
            let url = with_parameter(url, "batch_size", &n_free.to_string());
            return with_parameter(url, "job_in_progress", busy);
        }
        with_parameter(self.of_worker(&self.take), "job_in_progress", busy)
    }

    /// Asks which jobs to stop; `None` where the address of a take does not tell where.
    pub(super) fn stop(&self) -> Option<String> {
        self.can_batch().then(|| self.of_worker(&self.take.replacen(TAKE, STOP, 1)))
    }

    /// Takes a result, and progress before it.
    pub(super) fn done(&self, job_id: &str, is_stream: bool) -> String {
        let url = self.replaced(&self.done, job_id);
        with_parameter(url, "isStream", if is_stream { "true" } else { "false" })
    }

    /// Takes a piece of a result; the parameter is `false` there too.
    pub(super) fn stream(&self, job_id: &str) -> Option<String> {
        let template = self.stream.as_deref()?;
        Some(with_parameter(self.replaced(template, job_id), "isStream", "false"))
    }

    /// Says that the worker lives and has these jobs.
    pub(super) fn ping(&self, job_ids: &[String]) -> Option<String> {
        let mut url = self.of_worker(self.ping.as_deref()?);
        if !job_ids.is_empty() {
            url = with_parameter(url, "job_id", &job_ids.join(","));
        }
        Some(with_parameter(url, "runpod_version", PROTOCOL_VERSION))
    }

    /// Says that the worker is unfit.
    pub(super) fn unhealthy(&self, check: &str, reason: &str) -> Option<String> {
        let mut url = self.of_worker(self.ping.as_deref()?);
        for (name, value) in [("status", "unhealthy"), ("check", check), ("reason", reason)] {
            url = with_parameter(url, name, value);
        }
        Some(with_parameter(url, "runpod_version", PROTOCOL_VERSION))
    }

    fn of_worker(&self, template: &str) -> String {
        self.replaced(template, &self.worker_id)
    }

    /// Replaces names in one pass, so that no value is read as a template again.
    fn replaced(&self, template: &str, id: &str) -> String {
        let names = [
            ("$RUNPOD_GPU_TYPE_ID", self.gpu_type_id.as_deref()),
            ("$RUNPOD_POD_ID", Some(self.worker_id.as_str())),
            ("$ID", Some(id)),
        ];
        let mut url = String::with_capacity(template.len() + id.len());
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            url.push_str(&rest[..at]);
            rest = &rest[at..];
            let known = names.iter().find(|(name, value)| value.is_some() && rest.starts_with(name));
            match known {
                Some((name, value)) => {
                    url.push_str(&percent_encoded(value.unwrap_or_default()));
                    rest = &rest[name.len()..];
                }
                None => {
                    url.push('$');
                    rest = &rest[1..];
                }
            }
        }
        url + rest
    }
}

/// Appends a parameter by whatever the address still lacks for it.
fn with_parameter(url: String, name: &str, value: &str) -> String {
    let joint = match url.chars().last() {
        Some('?' | '&') => "",
        _ if url.contains('?') => "&",
        _ => "?",
    };
    format!("{url}{joint}{name}={}", percent_encoded(value))
}

fn check(name: &'static str, url: &str) -> Result<(), RunpodError> {
    let unusable = |reason: String| RunpodError::Unusable { name, reason };
    let parsed = Url::parse(url).map_err(|error| unusable(error.to_string()))?;
    match parsed.scheme() {
        "http" | "https" => Ok(()),
        scheme => Err(unusable(format!("`{scheme}` is neither http nor https"))),
    }
}
