//! Refusals as a caller reads them: canonical code, stable reason, field, article.

use std::fmt::Debug;

use anyhow::{Result, bail, ensure};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

/// What a refusal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Canonical code.
    pub code: Code,
    /// Stable reason, such as `order.state`.
    pub reason: String,
    /// Field at fault; empty when none is.
    pub field: String,
    /// Every field at fault, the first in front.
    pub fields: Vec<String>,
    /// Article behind it; empty when none is.
    pub article: String,
    /// What to do.
    pub remedy: String,
    /// What is wrong, in the caller's language.
    pub text: String,
}

impl Refused {
    /// Reads a status.
    pub fn of(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info().cloned();
        let of_info = |key: &str| {
            info.as_ref()
                .and_then(|info| info.metadata.get(key))
                .cloned()
                .unwrap_or_default()
        };
        let violations = details
            .bad_request()
            .map(|bad| bad.field_violations.clone())
            .unwrap_or_default();
        Self {
            code: status.code(),
            reason: info.as_ref().map(|info| info.reason.clone()).unwrap_or_default(),
            field: violations
                .first()
                .map(|violation| violation.field.clone())
                .unwrap_or_default(),
            fields: violations
                .iter()
                .map(|violation| violation.field.clone())
                .collect(),
            article: of_info("article"),
            remedy: of_info("remedy"),
            text: details
                .localized_message()
                .map(|told| told.message.clone())
                .unwrap_or_default(),
        }
    }
}

/// Checks that a call was refused with this code and reason.
///
/// # Errors
/// It succeeded, or was refused otherwise.
pub fn expect<T: Debug>(answer: Result<Response<T>, Status>, code: Code, reason: &str) -> Result<Refused> {
    let status = match answer {
        Ok(response) => bail!("not refused as {reason}: {:?}", response.into_inner()),
        Err(status) => status,
    };
    let refused = Refused::of(&status);
    ensure!(
        (refused.code, refused.reason.as_str()) == (code, reason),
        "refused as {:?} {:?}, not as {code:?} {reason}: {}",
        refused.code,
        refused.reason,
        status.message()
    );
    Ok(refused)
}
