//! Waiting for something to become true, within a limit: the only way in which these tests let time pass.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Longest wait for what ordinarily takes milliseconds; a busy machine may be slow.
pub const SOON: Duration = Duration::from_secs(30);

/// Looks until `look` finds something, at most [`SOON`].
///
/// # Errors
/// An error of `look`, or nothing found in time; the message says what was waited for.
pub async fn until<T, F>(what: &str, look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    until_within(SOON, what, look).await
}

/// As [`until`], with a limit of its own.
///
/// # Errors
/// As [`until`].
pub async fn until_within<T, F>(limit: Duration, what: &str, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let since = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        anyhow::ensure!(
            since.elapsed() < limit,
            "not within {} s: {what}",
            limit.as_secs()
        );
        tokio::time::sleep(PAUSE).await;
    }
}
