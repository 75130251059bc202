//! What can go wrong in a handler or a command: a rule said no, the environment failed, or the event is poison.

use hotline_policy::refusal::{Lang, Refusal};

/// Why a command or an event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A rule says no; never retried.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The environment failed; the same again may succeed.
    #[error("retry: {0:#}")]
    Retry(anyhow::Error),
    /// This will never succeed; an event is set aside, a command is a defect.
    #[error("poison: {0:#}")]
    Poison(anyhow::Error),
}

impl Fault {
    /// A failure of the environment, in words.
    pub fn retry(message: impl Into<String>) -> Self {
        Self::Retry(anyhow::Error::msg(message.into()))
    }

    /// A failure for good, in words.
    pub fn poison(message: impl Into<String>) -> Self {
        Self::Poison(anyhow::Error::msg(message.into()))
    }

    /// The answer to a gRPC caller: a refusal with its details, `UNAVAILABLE` to try again, or `INTERNAL`.
    pub fn into_status(self, lang: Lang) -> tonic::Status {
        match self {
            Self::Refused(refusal) => hotline_runtime::status::refuse(&refusal, lang),
            Self::Retry(error) => {
                tracing::warn!(error = format!("{error:#}"), "a command must be tried again");
                tonic::Status::unavailable("暂时无法处理，请重试 / try again")
            }
            Self::Poison(error) => hotline_runtime::status::internal(&error),
        }
    }
}

impl From<sqlx::Error> for Fault {
    /// Violated constraints and undecodable rows are defects; everything else is the environment.
    fn from(error: sqlx::Error) -> Self {
        let defect = match &error {
            sqlx::Error::Database(database) => !transient(database.code().as_deref()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => true,
            _ => false,
        };
        if defect {
            Self::Poison(error.into())
        } else {
            Self::Retry(error.into())
        }
    }
}

/// SQLSTATE classes that pass by themselves: connection, resources, intervention, system, rollback, lock not available.
fn transient(code: Option<&str>) -> bool {
    let Some(code) = code else { return true };
    matches!(code.get(..2), Some("08" | "53" | "57" | "58" | "40" | "55"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_tried_again() {
        assert!(matches!(Fault::from(sqlx::Error::PoolTimedOut), Fault::Retry(_)));
        assert!(transient(Some("40001")) && transient(Some("57P01")));
    }

    #[test]
    fn a_violated_constraint_is_never_tried_again() {
        assert!(!transient(Some("23505")));
        assert!(matches!(Fault::from(sqlx::Error::RowNotFound), Fault::Poison(_)));
    }
}
