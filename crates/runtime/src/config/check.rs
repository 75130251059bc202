//! What is wrong with settings that were read, all of it at once.

use std::fmt;

use super::Settings;

/// Most partitions: a topology of 256 consumers a service is still created within seconds.
const PARTITIONS_MAX: u16 = 256;

/// One thing wrong with a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as in the file: `database.pool_max`.
    pub key: &'static str,
    /// What to do, in Chinese.
    pub zh: &'static str,
    /// What to do, in English.
    pub en: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{} / {}", self.key, self.zh, self.en)
    }
}

impl Settings {
    /// Everything wrong with these settings; empty when they can be run with.
    pub fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut demand = |holds: bool, key, zh, en| {
            if !holds {
                found.push(Problem { key, zh, en });
            }
        };
        demand(
            is_name(&self.city),
            "city",
            "只能用小写字母、数字和连字符",
            "use lower case letters, digits and hyphens",
        );
        self.check_stores(&mut demand);
        self.check_servers(&mut demand);
        self.gateway.check(&mut demand);
        demand(
            (0.0..=1.0).contains(&self.telemetry.trace_ratio),
            "telemetry.trace_ratio",
            "取值 0 到 1",
            "give a number from 0 to 1",
        );
        demand(
            self.telemetry.otlp_endpoint.is_empty() || is_http(&self.telemetry.otlp_endpoint),
            "telemetry.otlp_endpoint",
            "应为 http://主机:端口",
            "give http://host:port",
        );
        found
    }

    fn check_stores(&self, demand: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
        let Self { database, nats, .. } = self;
        demand(
            database.url.is_empty()
                || database.url.starts_with("postgres://")
                || database.url.starts_with("postgresql://"),
            "database.url",
            "应以 postgres:// 开头",
            "must begin with postgres://",
        );
        demand(
            (1..=200).contains(&database.pool_max),
            "database.pool_max",
            "取值 1 到 200",
            "give 1 to 200",
        );
        demand(
            database.acquire_timeout_ms > 0,
            "database.acquire_timeout_ms",
            "须大于 0",
            "must be above 0",
        );
        demand(
            database.lock_timeout_ms <= database.statement_timeout_ms,
            "database.lock_timeout_ms",
            "不得大于 statement_timeout_ms",
            "must not exceed statement_timeout_ms",
        );
        for (key, url) in [("nats.url", &nats.url), ("nats.admin_url", &nats.admin_url)] {
            demand(
                url.is_empty() || url.starts_with("nats://") || url.starts_with("tls://"),
                key,
                "应以 nats:// 开头",
                "must begin with nats://",
            );
        }
        demand(
            (1..=PARTITIONS_MAX).contains(&nats.partitions),
            "nats.partitions",
            "取值 1 到 256",
            "give 1 to 256",
        );
        demand(
            is_token(&nats.stream),
            "nats.stream",
            "只能用字母、数字、_ 和 -",
            "use letters, digits, _ and -",
        );
        demand(
            nats.subject_prefix.split('.').all(is_token),
            "nats.subject_prefix",
            "应为以点分隔的词",
            "give tokens separated by dots",
        );
    }

    fn check_servers(&self, demand: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
        let Self { grpc, http, .. } = self;
        demand(
            grpc.listen != http.listen || grpc.listen.port() == 0,
            "http.listen",
            "不得与 grpc.listen 相同",
            "must differ from grpc.listen",
        );
        demand(
            grpc.deadline_default_ms > 0 && grpc.deadline_default_ms <= grpc.deadline_max_ms,
            "grpc.deadline_default_ms",
            "须大于 0 且不超过 deadline_max_ms",
            "must be above 0 and at most deadline_max_ms",
        );
        demand(
            grpc.concurrency_max > 0,
            "grpc.concurrency_max",
            "须大于 0",
            "must be above 0",
        );
        demand(
            grpc.message_max_bytes >= 1_024,
            "grpc.message_max_bytes",
            "至少 1024",
            "give at least 1024",
        );
        demand(
            self.peers.values().all(|url| is_http(url)),
            "peers",
            "每个值应为 http://主机:端口",
            "every value must be http://host:port",
        );
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_http(url: &str) -> bool {
    url.parse::<http::Uri>()
        .is_ok_and(|uri| uri.scheme_str() == Some("http") && uri.authority().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_can_be_run_with() {
        assert_eq!(Settings::default().check(), Vec::new());
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let mut settings = Settings {
            city: "../etc".into(),
            ..Settings::default()
        };
        settings.nats.partitions = 0;
        settings.database.pool_max = 0;
        settings.database.url = "mysql://x".into();
        settings.grpc.deadline_default_ms = 0;
        settings.http.listen = settings.grpc.listen;
        settings.peers.insert("intake".into(), "localhost".into());
        settings.telemetry.trace_ratio = 2.0;
        let keys: Vec<_> = settings.check().into_iter().map(|problem| problem.key).collect();
        assert_eq!(
            keys,
            [
                "city",
                "database.url",
                "database.pool_max",
                "nats.partitions",
                "http.listen",
                "grpc.deadline_default_ms",
                "peers",
                "telemetry.trace_ratio"
            ]
        );
    }
}
