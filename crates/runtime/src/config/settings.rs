//! Every setting of an installation, with its unit and its default; unknown keys are refused.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use chrono::{DateTime, Utc};
use figment::value::Value;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Gateway;

/// All settings of one installation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Folder name under `deploy_dir/cities` whose policy, units and catalogue apply. Default `xuzhou`.
    pub city: String,
    /// Numbers that a city's document demands and its text at hand has lost, each `<policy>.<name>=<limit>`, such as
    /// `nanchang-2022.provincial_limit=15 natural days`; also in `policy.local.toml` beside the policy. Default empty.
    pub policy_set: Vec<String>,
    /// Folder with `cities/` and `calendars/`. Default `deploy`.
    pub deploy_dir: PathBuf,
    /// Folder for what this process keeps by itself: keys, private servers. Default `.hotline`.
    pub data_dir: PathBuf,
    /// PostgreSQL.
    pub database: Database,
    /// NATS.
    pub nats: Nats,
    /// The gRPC server and clients.
    pub grpc: Grpc,
    /// The HTTP server for probes and metrics.
    pub http: Http,
    /// The door for people.
    pub gateway: Gateway,
    /// Service name to `http://host:port` of the process that runs it; a service not listed is in this process.
    /// Default empty.
    pub peers: BTreeMap<String, String>,
    /// Logs and traces.
    pub telemetry: Telemetry,
    /// Keys.
    pub keys: Keys,
    /// Time.
    pub clock: ClockSettings,
    /// A table for each service, read by the service itself. Default empty.
    pub services: BTreeMap<String, Value>,
}

/// PostgreSQL 15 or newer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// Administrator's URL, `postgres://user:password@host:port/name`; roles and schemas are made with it. Empty: a
    /// private server is started. Also `DATABASE_URL`. Default empty.
    pub url: String,
    /// Connections at most, for each service. Default 6.
    pub pool_max: u32,
    /// Longest wait for a connection, milliseconds. Default 5000.
    pub acquire_timeout_ms: u64,
    /// Longest statement, milliseconds. Default 30000.
    pub statement_timeout_ms: u64,
    /// Longest wait for a lock, milliseconds. Default 10000.
    pub lock_timeout_ms: u64,
    /// Longest idle time inside a transaction, milliseconds. Default 30000.
    pub idle_in_transaction_timeout_ms: u64,
}

/// NATS 2.12 or newer with JetStream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nats {
    /// URL with the services' user, `nats://user:password@host:port`. Empty: a private server is started. Also
    /// `NATS_URL`. Default empty.
    pub url: String,
    /// URL with the administrator's user, for the topology controller alone. Empty: as `url`. Default empty.
    pub admin_url: String,
    /// Name of the one stream. Default `EVT`.
    pub stream: String,
    /// First tokens of every subject, `<prefix>.p<partition>.<full name>`. Default `evt`.
    pub subject_prefix: String,
    /// Partitions of the event log, 1 to 256; fixed once installed. Default 4.
    pub partitions: u16,
    /// Disk that a private server's stream may take, MiB. Default 2048.
    pub store_max_mib: u64,
    /// Copies that the broker keeps of the stream: 1, or 3 in a cluster. Default 1.
    pub replicas: u8,
}

/// The gRPC server, and the channels to other processes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grpc {
    /// Address to listen on. Default `127.0.0.1:12345`.
    pub listen: SocketAddr,
    /// Deadline of a call that names none, milliseconds. Default 10000.
    pub deadline_default_ms: u64,
    /// Longest deadline that a caller may ask for, milliseconds. Default 60000.
    pub deadline_max_ms: u64,
    /// Largest request body, bytes. Default 4194304.
    pub message_max_bytes: usize,
    /// Calls served at once; more are refused with RESOURCE_EXHAUSTED. Default 1024.
    pub concurrency_max: usize,
    /// Streams at once on one connection. Default 256.
    pub connection_streams_max: u32,
    /// HTTP/2 ping interval, server and client, milliseconds. Default 20000.
    pub keepalive_interval_ms: u64,
    /// Longest wait for a ping's answer, milliseconds. Default 10000.
    pub keepalive_timeout_ms: u64,
    /// Longest wait for a connection to another process, milliseconds. Default 2000.
    pub connect_timeout_ms: u64,
    /// Longest drain after a stop was asked for, milliseconds. Default 15000.
    pub drain_max_ms: u64,
}

/// The HTTP server for `/healthz`, `/readyz` and `/metrics`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address to listen on. Default `127.0.0.1:12380`.
    pub listen: SocketAddr,
    /// Longest single check of a probe, milliseconds. Default 2000.
    pub probe_timeout_ms: u64,
}

/// Logs and traces.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// `tracing` filter; `RUST_LOG` beats it. Default `info,sqlx=warn,async_nats=warn`.
    pub log_filter: String,
    /// `pretty` for people, `json` for collectors. Default `pretty`.
    pub log_format: LogFormat,
    /// OTLP collector (gRPC), `http://host:4317`; empty: traces are propagated but not sent. Default empty.
    pub otlp_endpoint: String,
    /// Share of new traces that is kept, 0 to 1. Default 1.
    pub trace_ratio: f64,
}

/// Form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line an event.
    Pretty,
    /// One JSON object an event.
    Json,
}

/// Where keys are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Folder of the installation's keys, shared by all its processes. Default `<data_dir>/keys`.
    pub dir: Option<PathBuf>,
}

/// Which clock the services take.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClockSettings {
    /// Start of a virtual clock, RFC 3339 in quotes; absent: the machine's clock. Default absent.
    pub start: Option<DateTime<Utc>>,
}

impl Settings {
    /// Folder of the installation's keys.
    pub fn keys_dir(&self) -> PathBuf {
        self.keys
            .dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("keys"))
    }

    /// The own settings of `service` (`[services.<name>]`), or its defaults.
    ///
    /// # Errors
    /// An unknown key or a value of the wrong type in that table.
    pub fn service<T: DeserializeOwned + Default>(&self, service: &str) -> anyhow::Result<T> {
        match self.services.get(service) {
            None => Ok(T::default()),
            Some(table) => table
                .deserialize()
                .with_context(|| format!("settings of services.{service}")),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            city: "xuzhou".into(),
            policy_set: Vec::new(),
            deploy_dir: "deploy".into(),
            data_dir: ".hotline".into(),
            database: Database::default(),
            nats: Nats::default(),
            grpc: Grpc::default(),
            http: Http::default(),
            gateway: Gateway::default(),
            peers: BTreeMap::new(),
            telemetry: Telemetry::default(),
            keys: Keys::default(),
            clock: ClockSettings::default(),
            services: BTreeMap::new(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: String::new(),
            pool_max: 6,
            acquire_timeout_ms: 5_000,
            statement_timeout_ms: 30_000,
            lock_timeout_ms: 10_000,
            idle_in_transaction_timeout_ms: 30_000,
        }
    }
}

impl Default for Nats {
    fn default() -> Self {
        Self {
            url: String::new(),
            admin_url: String::new(),
            stream: "EVT".into(),
            subject_prefix: "evt".into(),
            partitions: 4,
            store_max_mib: 2_048,
            replicas: 1,
        }
    }
}

impl Default for Grpc {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 12345)),
            deadline_default_ms: 10_000,
            deadline_max_ms: 60_000,
            message_max_bytes: 4 * 1024 * 1024,
            concurrency_max: 1_024,
            connection_streams_max: 256,
            keepalive_interval_ms: 20_000,
            keepalive_timeout_ms: 10_000,
            connect_timeout_ms: 2_000,
            drain_max_ms: 15_000,
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 12380)),
            probe_timeout_ms: 2_000,
        }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log_filter: "info,sqlx=warn,async_nats=warn".into(),
            log_format: LogFormat::Pretty,
            otlp_endpoint: String::new(),
            trace_ratio: 1.0,
        }
    }
}
