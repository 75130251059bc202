//! Who sends messages and makes automatic calls for us: one interface, whatever stands behind it.

mod http_client;
mod inbound;
pub mod sign;

use std::fmt;

use anyhow::Context;
use serde::{Deserialize, Serialize};

pub use http_client::HttpProvider;
pub use inbound::{Gate, routes};

/// The settings of the provider, `[services.callback.provider]`; off while `url` is empty.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderSettings {
    /// Where messages are posted, `https://host/path`; empty: no provider, a person sends them.
    pub url: String,
    /// File with the secret that signs requests both ways, at least 16 bytes.
    pub secret_file: String,
    /// Longest wait for an answer, milliseconds.
    pub timeout_ms: u64,
    /// Sends of one message before a person takes over.
    pub tries_max: u32,
    /// Pause after the first failed send, seconds; doubled after each.
    pub backoff_s: u32,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            url: String::new(),
            secret_file: String::new(),
            timeout_ms: 10_000,
            tries_max: 6,
            backoff_s: 30,
        }
    }
}

impl ProviderSettings {
    /// The secret.
    ///
    /// # Errors
    /// The file cannot be read, or is too short.
    pub fn secret(&self) -> anyhow::Result<Vec<u8>> {
        let path = &self.secret_file;
        let text = std::fs::read(path)
            .with_context(|| format!("services.callback.provider.secret_file = {path}"))?;
        let secret = text.trim_ascii().to_vec();
        anyhow::ensure!(
            secret.len() >= 16,
            "services.callback.provider.secret_file = {path}: shorter than 16 bytes"
        );
        Ok(secret)
    }
}

/// A message to be sent, or a call to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound {
    /// Names the message for ever: the same name is sent once, however often it is posted.
    pub message_id: String,
    /// "sms" or "automatic".
    pub way: String,
    /// Telephone number in E.164.
    pub to: String,
    /// What is written or said.
    pub text: String,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("message_id", &self.message_id)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

/// Why a message was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It may be taken later.
    Later(String),
    /// It never will be.
    Never(String),
}

/// Sends messages and makes automatic calls.
#[tonic::async_trait]
pub trait Provider: Send + Sync {
    /// Hands a message over. Returning `Ok` means that the provider has it for good.
    ///
    /// # Errors
    /// It was not taken.
    async fn send(&self, message: &Outbound) -> Result<(), NotTaken>;
}

/// Tells the number of an appellant.
#[tonic::async_trait]
pub trait Numbers: Send + Sync {
    /// The telephone number of the appellant of an order; `None` when none is known.
    ///
    /// # Errors
    /// The register does not answer.
    async fn of(&self, order: uuid::Uuid) -> anyhow::Result<Option<String>>;
}
