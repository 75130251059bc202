//! How long a call may still take, and how that reaches the calls it makes itself.

use std::time::Duration;

use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, HeaderValue};

use crate::clock::Stopwatch;
use crate::config::Grpc;

/// The header that carries a deadline.
const GRPC_TIMEOUT: &str = "grpc-timeout";

/// Most digits that the protocol allows in it.
const DIGITS_MAX: usize = 8;

tokio::task_local! {
    /// The call that the current task serves.
    pub(crate) static SERVED: Served;
}

/// What a served call hands on to the calls it makes.
#[derive(Clone)]
pub(crate) struct Served {
    since: Stopwatch,
    limit: Duration,
    language: Option<HeaderValue>,
}

impl Served {
    /// A call with `headers` that began at `since`: it may take what it asks for, up to the settings' most.
    pub(crate) fn new(since: Stopwatch, headers: &HeaderMap, limits: &Grpc) -> Self {
        let asked = headers
            .get(GRPC_TIMEOUT)
            .and_then(|value| value.to_str().ok())
            .and_then(parse);
        let limit = asked.unwrap_or(Duration::from_millis(limits.deadline_default_ms));
        let limit = limit.min(Duration::from_millis(limits.deadline_max_ms));
        Self {
            since,
            limit,
            language: headers.get(ACCEPT_LANGUAGE).cloned(),
        }
    }

    /// Time the call has left.
    pub(crate) fn left(&self) -> Duration {
        self.limit.saturating_sub(self.since.elapsed())
    }
}

/// Time that a call made now with `headers` may take: what it asks for or the default, and no more than what is left of
/// the call being served.
pub(crate) fn limit_of(headers: &HeaderMap, limits: &Grpc) -> Duration {
    let limit = asked(headers).unwrap_or(Duration::from_millis(limits.deadline_default_ms));
    SERVED
        .try_with(Served::left)
        .map_or(limit, |left| left.min(limit))
}

fn asked(headers: &HeaderMap) -> Option<Duration> {
    headers.get(GRPC_TIMEOUT)?.to_str().ok().and_then(parse)
}

/// Writes the deadline and the language of the call being served into a new call's `headers`.
pub(crate) fn hand_on(limit: Duration, headers: &mut HeaderMap) {
    let millis = limit.as_millis().clamp(1, 99_999_999);
    if let Ok(value) = HeaderValue::try_from(format!("{millis}m")) {
        headers.insert(GRPC_TIMEOUT, value);
    }
    let language = SERVED.try_with(|served| served.language.clone()).ok().flatten();
    if let Some(language) = language
        && !headers.contains_key(ACCEPT_LANGUAGE)
    {
        headers.insert(ACCEPT_LANGUAGE, language);
    }
}

/// Reads `<digits><unit>`; nothing where it is malformed, so that the default applies.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > DIGITS_MAX || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount * 3_600)),
        "M" => Some(Duration::from_secs(amount * 60)),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served_for(header: Option<&str>) -> Duration {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(GRPC_TIMEOUT, header.parse().expect("a value"));
        }
        Served::new(Stopwatch::start(), &headers, &Grpc::default()).limit
    }

    #[test]
    fn a_call_may_take_what_it_asks_for_up_to_the_most() {
        for (header, limit) in [
            (None, Duration::from_secs(10)),
            (Some("250m"), Duration::from_millis(250)),
            (Some("3S"), Duration::from_secs(3)),
            (Some("7u"), Duration::from_micros(7)),
            (Some("2H"), Duration::from_secs(60)),
            (Some("123456789m"), Duration::from_secs(10)),
            (Some("-1S"), Duration::from_secs(10)),
            (Some("S"), Duration::from_secs(10)),
            (Some("1x"), Duration::from_secs(10)),
        ] {
            assert_eq!(served_for(header), limit, "{header:?}");
        }
    }

    #[tokio::test]
    async fn a_call_hands_its_deadline_and_language_on() {
        let mut asked = HeaderMap::new();
        asked.insert(GRPC_TIMEOUT, HeaderValue::from_static("200m"));
        asked.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        let limits = Grpc::default();
        let served = Served::new(Stopwatch::start(), &asked, &limits);
        let made = SERVED
            .scope(served, async {
                let mut headers = HeaderMap::new();
                hand_on(limit_of(&headers, &limits), &mut headers);
                headers
            })
            .await;
        let left = parse(made[GRPC_TIMEOUT].to_str().expect("text")).expect("a time-out");
        assert!(left <= Duration::from_millis(200), "{left:?}");
        assert_eq!(made[ACCEPT_LANGUAGE], "en");
    }
}
