//! Logs to standard error, for people or for machines, and traces to a collector.

use std::io::IsTerminal;

use pipeline::Message;
use pipeline::port::{QueueName, Received};
use tracing::Span;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{LogConfig, LogFormat, TelemetryConfig};

/// Keeps what is not yet sent; dropped at the end of the process, it sends it.
#[must_use = "traces that were not sent are lost with it"]
pub struct Telemetry {
    #[cfg(feature = "aws")]
    traces: Option<otel::Traces>,
}

/// Sends this process's log lines to standard error, and its traces to the collector if there is one.
///
/// Only the first call of a process has an effect. Must be called outside a runtime.
pub fn start(log: &LogConfig, telemetry: &TelemetryConfig) -> Telemetry {
    // A directive that cannot be read is left out; the others still hold.
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let colour = log.colour && std::io::stderr().is_terminal();
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(colour).with_target(false).with_filter(filter).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let registry = tracing_subscriber::registry().with(lines);
    start_with(registry, telemetry)
}

#[cfg(not(feature = "aws"))]
fn start_with<R: SubscriberInitExt>(registry: R, _telemetry: &TelemetryConfig) -> Telemetry {
    // Refused when a log is set up already, which then stays.
    let _ = registry.try_init();
    Telemetry {}
}

#[cfg(feature = "aws")]
fn start_with<R>(registry: R, telemetry: &TelemetryConfig) -> Telemetry
where
    R: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a> + Send + Sync + 'static,
{
    let traces = telemetry.otlp_url.as_deref().and_then(otel::Traces::to);
    let _ = registry.with(traces.as_ref().map(otel::Traces::layer)).try_init();
    Telemetry { traces }
}

#[cfg(feature = "aws")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = &self.traces {
            traces.flush();
        }
    }
}

/// Makes the span of one message, as a child of whoever sent it.
pub(crate) fn message_span(queue: QueueName, received: &Received) -> Span {
    let span = tracing::info_span!(
        "message",
        messaging.system = "aws_sqs",
        messaging.operation.type = "process",
        messaging.destination.name = %queue,
        receive_count = received.receive_count,
        trace_id = tracing::field::Empty,
    );
    if let Ok(message) = Message::parse(&received.body) {
        span.record("trace_id", message.trace_id.as_str());
        #[cfg(feature = "aws")]
        if let Some(traceparent) = &message.traceparent {
            otel::set_parent(&span, traceparent);
        }
    }
    span
}

/// Returns the current span's place in its trace, where traces are exported.
pub(crate) fn traceparent() -> Option<String> {
    #[cfg(feature = "aws")]
    return otel::traceparent();
    #[cfg(not(feature = "aws"))]
    None
}

#[cfg(feature = "aws")]
mod otel {
    use std::collections::HashMap;

    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing::level_filters::LevelFilter;
    use tracing_opentelemetry::OpenTelemetrySpanExt;
    use tracing_subscriber::Layer;
    use tracing_subscriber::registry::LookupSpan;

    const SERVICE: &str = "doctown";
    const HEADER: &str = "traceparent";

    /// Spans on their way to a collector, in batches, from a thread of their own.
    pub(super) struct Traces(SdkTracerProvider);

    impl Traces {
        /// `None` when no exporter can be made; logs then say why.
        pub(super) fn to(base_url: &str) -> Option<Self> {
            // Fails when another part of the process chose a provider first, which serves as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let url = format!("{}/v1/traces", base_url.trim_end_matches('/'));
            let exporter = SpanExporter::builder()
                .with_http()
                .with_protocol(Protocol::HttpBinary)
                .with_endpoint(url)
                .build();
            let exporter = exporter.inspect_err(|error| eprintln_once(&error.to_string())).ok()?;
            let resource = Resource::builder().with_service_name(SERVICE).build();
            Some(Self(
                SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build(),
            ))
        }

        pub(super) fn layer<R>(&self) -> impl Layer<R> + Send + Sync + use<R>
        where
            R: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
        {
            let tracer = self.0.tracer(SERVICE);
            tracing_opentelemetry::layer().with_tracer(tracer).with_filter(LevelFilter::INFO)
        }

        pub(super) fn flush(&self) {
            let _ = self.0.shutdown();
        }
    }

    /// The log is not up yet when this is wanted.
    fn eprintln_once(reason: &str) {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "traces are not exported: {reason}");
    }

    pub(super) fn set_parent(span: &tracing::Span, traceparent: &str) {
        let headers = HashMap::from([(HEADER.to_owned(), traceparent.to_owned())]);
        // Refused only where nothing is traced.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&headers));
    }

    pub(super) fn traceparent() -> Option<String> {
        let mut headers = HashMap::new();
        TraceContextPropagator::new().inject_context(&tracing::Span::current().context(), &mut headers);
        headers.remove(HEADER)
    }
}
