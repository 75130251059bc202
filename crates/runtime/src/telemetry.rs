//! Logs and traces: to the console always, to an OTLP collector where one is named; and W3C trace context in and out.
//!
//! Trace context is kept even where no collector is named, so that one appeal is one trace whoever collects it.

use anyhow::Context as _;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{LogFormat, Telemetry};

/// The header that carries trace context, in gRPC metadata and in message headers.
pub const TRACEPARENT: &str = "traceparent";

/// Keeps the exporter alive; dropping it sends what is left.
#[must_use = "traces end when this is dropped"]
pub struct Guard(SdkTracerProvider);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::debug!(%error, "the trace exporter did not stop cleanly");
        }
    }
}

/// Starts logging and tracing for this process. Needs a Tokio runtime when a collector is named.
///
/// # Errors
/// An invalid filter or collector address, or logging that was started before.
pub fn init(settings: &Telemetry) -> anyhow::Result<Guard> {
    let provider = provider(settings)?;
    let filter = EnvFilter::try_from_default_env()
        .or_else(|_| EnvFilter::try_new(&settings.log_filter))
        .context("telemetry.log_filter is no filter; write for example info,sqlx=warn")?;
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("hotline"));
    tracing_subscriber::registry()
        .with(console(settings.log_format))
        .with(traces)
        .with(filter)
        .try_init()
        .context("logging was started before")?;
    Ok(Guard(provider))
}

fn console(format: LogFormat) -> Box<dyn Layer<Registry> + Send + Sync> {
    // Standard error, so that what a command prints stays readable by programs.
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(true);
    match format {
        LogFormat::Pretty => layer.compact().boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    }
}

fn provider(settings: &Telemetry) -> anyhow::Result<SdkTracerProvider> {
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.trace_ratio)));
    let resource = Resource::builder()
        .with_service_name("hotline")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let builder = SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_resource(resource);
    if settings.otlp_endpoint.is_empty() {
        return Ok(builder.build());
    }
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&settings.otlp_endpoint)
        .build()
        .context("telemetry.otlp_endpoint is no collector address; write http://host:4317")?;
    Ok(builder.with_batch_exporter(exporter).build())
}

/// The W3C `traceparent` of the span that runs now; nothing outside any trace.
pub fn traceparent_of_current() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags().to_u8()
        )
    })
}

/// Hands the current trace context to `set`, as a header's name and value.
pub fn inject(set: &mut dyn FnMut(&str, &str)) {
    if let Some(traceparent) = traceparent_of_current() {
        set(TRACEPARENT, &traceparent);
    }
}

/// The trace identifier of the current span; empty outside a trace.
pub fn trace_id_of_current() -> String {
    traceparent_of_current()
        .and_then(|parent| parent.split('-').nth(1).map(str::to_owned))
        .unwrap_or_default()
}

/// A span named `name` that continues the trace of `traceparent`; a trace of its own where that is absent or no
/// trace context.
pub fn span_with_parent(name: &str, traceparent: Option<&str>) -> Span {
    let span = tracing::info_span!("work", otel.name = name, trace_id = tracing::field::Empty);
    adopt(&span, traceparent);
    span
}

/// Makes `span` a child of `traceparent` and records its trace id for the logs.
pub(crate) fn adopt(span: &Span, traceparent: Option<&str>) {
    if let Some(parent) = traceparent.and_then(parse) {
        // Fails only where no exporter layer is installed (tests): there is then no trace to continue.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    let context = span.context();
    let own = context.span();
    let own = own.span_context();
    if own.is_valid() {
        span.record("trace_id", tracing::field::display(own.trace_id()));
    }
}

/// Reads `00-<trace>-<span>-<flags>`; later versions are read by their first four fields, as the standard asks.
fn parse(traceparent: &str) -> Option<SpanContext> {
    let mut fields = traceparent.trim().split('-');
    let (version, trace, span, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let shaped = version.len() == 2 && trace.len() == 32 && span.len() == 16 && flags.len() == 2;
    if !shaped || version == "ff" || (version == "00" && fields.next().is_some()) {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn with_tracer(check: impl FnOnce()) {
        let provider = provider(&Telemetry::default()).expect("builds");
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), check);
    }

    #[test]
    fn a_span_continues_its_parents_trace() {
        with_tracer(|| {
            span_with_parent("apply", Some(PARENT)).in_scope(|| {
                let own = traceparent_of_current().expect("in a trace");
                assert!(own.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{own}");
                assert!(own.ends_with("-01") && own != PARENT, "{own}");
            });
        });
    }

    #[test]
    fn a_span_without_a_parent_starts_a_trace() {
        with_tracer(|| {
            for absent in [
                None,
                Some("junk"),
                Some("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            ] {
                span_with_parent("apply", absent).in_scope(|| {
                    let mut seen = None;
                    inject(&mut |name, value| seen = Some((name.to_owned(), value.to_owned())));
                    let (name, value) = seen.expect("in a trace");
                    assert_eq!((name.as_str(), value.len()), (TRACEPARENT, PARENT.len()));
                });
            }
        });
    }

    #[test]
    fn malformed_trace_context_is_ignored() {
        for bad in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            &format!("{PARENT}-x"),
            &PARENT[..50],
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert!(parse(&PARENT.replacen("00", "01", 1)).is_some());
    }
}
