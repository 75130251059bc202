//! Logs and traces: to the console always, to an OTLP collector where one is named; and W3C trace context in and out.
//!
//! Trace context is kept even where no collector is named, so that one appeal is one trace whoever collects it.
//!
//! An appeal's trace has the appeal's identifier. Everything that services do about it when they hear an event lies in that trace,
//! for as long as the appeal lives; a call stays in its caller's trace and is linked with the appeal's.

use std::io::IsTerminal as _;
use std::sync::OnceLock;

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
use uuid::Uuid;

use crate::config::{LogFormat, Telemetry};

/// The header that carries trace context, in gRPC metadata and in message headers.
pub const TRACEPARENT: &str = "traceparent";

/// The attribute of a span that names the appeal which it is about.
pub const ROOT: &str = "hotline.root";

/// Which share of the appeals is traced, once a process has started tracing; all of them before.
static RATIO: OnceLock<f64> = OnceLock::new();

/// Whether this process reports to a collector, once it has started tracing; it is supposed to before.
static COLLECTED: OnceLock<bool> = OnceLock::new();

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
    let collected = !settings.otlp_endpoint.is_empty();
    // What only a collector's reader would see costs a lock and a look at the clock whenever a task goes on.
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("hotline"))
        .with_location(collected)
        .with_threads(collected)
        .with_tracked_inactivity(collected)
        // The context of what runs is asked of its span; nothing here looks for it elsewhere.
        .with_context_activation(false);
    tracing_subscriber::registry()
        .with(console(settings.log_format))
        .with(traces)
        .with(filter)
        .try_init()
        .context("logging was started before")?;
    // A second start has failed above.
    let _ = RATIO.set(settings.trace_ratio);
    let _ = COLLECTED.set(collected);
    Ok(Guard(provider))
}

fn console(format: LogFormat) -> Box<dyn Layer<Registry> + Send + Sync> {
    // Standard error, so that what a command prints stays readable by programs.
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(true)
        .with_ansi(colours);
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
    span.is_valid().then(|| written(span))
}

/// The W3C `traceparent` of what runs now and is about the appeal `root`: that of its span, or else where the appeal's trace
/// begins.
pub fn traceparent_of(root: Uuid) -> String {
    traceparent_of_current().unwrap_or_else(|| written(&trace_of(root)))
}

fn written(span: &SpanContext) -> String {
    format!(
        "00-{}-{}-{:02x}",
        span.trace_id(),
        span.span_id(),
        span.trace_flags().to_u8()
    )
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

/// A span of `service` applying an event about the appeal `root`: in the appeal's trace, below what caused it where that lies
/// there as well, and linked with what caused it (`cause`, a `traceparent`) where that is a call in a trace of its own.
///
/// No span where no collector is named: nobody would read it, and [`traceparent_of`] tells its trace.
pub fn span_of_event(name: &str, service: &str, root: Uuid, cause: Option<&str>) -> Span {
    if COLLECTED.get() == Some(&false) {
        return Span::none();
    }
    let span = tracing::info_span!(
        "work",
        otel.name = name,
        otel.kind = "consumer",
        hotline.service = service,
        hotline.root = %root,
        trace_id = tracing::field::Empty
    );
    let (own, cause) = (trace_of(root), cause.and_then(parse));
    let (parent, link) = match cause {
        Some(cause) if cause.trace_id() == own.trace_id() => (cause, None),
        cause => (own, cause),
    };
    put_below(&span, parent);
    if let Some(link) = link {
        span.add_link(link);
    }
    tell_trace(&span);
    span
}

/// Says that `span` is about the appeal `root`, and links it with the appeal's trace.
pub(crate) fn tell_root(span: &Span, root: Uuid) {
    span.record(ROOT, tracing::field::display(root));
    span.add_link(trace_of(root));
}

/// Where the trace of an appeal begins. Nobody reports this span; that all know it without being told makes the appeal one trace.
fn trace_of(root: Uuid) -> SpanContext {
    let (_, low) = root.as_u64_pair();
    let flags = match is_traced(low, *RATIO.get().unwrap_or(&1.0)) {
        true => TraceFlags::SAMPLED,
        false => TraceFlags::default(),
    };
    let trace = TraceId::from_bytes(root.into_bytes());
    let span = SpanId::from_bytes(low.to_be_bytes());
    SpanContext::new(trace, span, flags, true, TraceState::default())
}

/// Whether an appeal is among the share that is traced, the same in every process: the last bits of an identifier are random.
fn is_traced(low: u64, ratio: f64) -> bool {
    let [.., a, b, c, d] = low.to_be_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) < ratio * 2_f64.powi(32)
}

/// Makes `span` a child of `traceparent` and records its trace id for the logs.
pub(crate) fn adopt(span: &Span, traceparent: Option<&str>) {
    if let Some(parent) = traceparent.and_then(parse) {
        put_below(span, parent);
    }
    tell_trace(span);
}

fn put_below(span: &Span, parent: SpanContext) {
    // Fails only where no exporter layer is installed (tests): there is then no trace to continue.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}

/// Records the span's trace id for the logs.
fn tell_trace(span: &Span) {
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
    fn what_is_heard_of_an_appeal_lies_in_its_own_trace() {
        with_tracer(|| {
            let root = Uuid::from_u128(0x0199_b0a0_0000_7000_8000_0000_0000_0001);
            let trace = root.simple().to_string();
            let mut cause = Some(PARENT.to_owned());
            for _ in 0..3 {
                let span = span_of_event("heard", "routing", root, cause.as_deref());
                let own = span.in_scope(traceparent_of_current).expect("in a trace");
                assert!(
                    own.starts_with(&format!("00-{trace}-")) && own.ends_with("-01"),
                    "{own}"
                );
                assert_ne!(cause.replace(own.clone()), Some(own));
            }
        });
    }

    #[test]
    fn outside_any_span_what_is_told_of_an_appeal_lies_in_its_trace() {
        let root = Uuid::from_u128(0x0199_b0a0_0000_7000_8000_0000_0000_0001);
        let told = traceparent_of(root);
        assert!(told.starts_with(&format!("00-{}-", root.simple())), "{told}");
        assert!(parse(&told).is_some(), "{told}");
    }

    #[test]
    fn an_appeal_is_traced_as_a_whole_or_not_at_all() {
        let share = |ratio| {
            (0..1_000_u64)
                .filter(|n| is_traced(n.wrapping_mul(0x9e37_79b9_7f4a_7c15), ratio))
                .count()
        };
        assert_eq!((share(0.0), share(1.0)), (0, 1_000));
        assert!((400..600).contains(&share(0.5)), "{}", share(0.5));
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
