//! Workers that do the same thing again and again, and how long each time took.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hotline_runtime::Stopwatch;
use tokio::task::JoinSet;

use crate::stats::Sorted;

/// How a run went.
pub struct Run {
    /// How long each time took, milliseconds.
    pub took_ms: Sorted,
    /// From the first to the last, seconds.
    pub wall_s: f64,
}

/// Does `work(worker, n)` for each n below `count`, by so many workers that each begin the next when one is done.
///
/// # Errors
/// The first failure.
pub async fn closed<F, W>(workers: usize, count: u64, work: F) -> anyhow::Result<Run>
where
    F: Fn(usize, u64) -> W + Send + Sync + 'static,
    W: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (work, next) = (Arc::new(work), Arc::new(AtomicU64::new(0)));
    let since = Stopwatch::start();
    let mut tasks = JoinSet::new();
    for worker in 0..workers {
        let (work, next) = (Arc::clone(&work), Arc::clone(&next));
        tasks.spawn(async move {
            let mut took = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= count {
                    return anyhow::Ok(took);
                }
                let since = Stopwatch::start();
                work(worker, n).await?;
                took.push(millis(since.elapsed()));
            }
        });
    }
    let mut took = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        took.extend(ended??);
    }
    Ok(Run {
        took_ms: Sorted::new(took),
        wall_s: since.elapsed().as_secs_f64(),
    })
}

/// Begins `work(n)` for each n below `count` at a steady pace, whether or not those before have ended.
///
/// # Errors
/// The first failure.
pub async fn paced<F, W>(every: Duration, count: u64, work: F) -> anyhow::Result<Run>
where
    F: Fn(u64) -> W,
    W: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let since = Stopwatch::start();
    let mut ticks = tokio::time::interval(every);
    let mut tasks = JoinSet::new();
    for n in 0..count {
        ticks.tick().await;
        let work = work(n);
        tasks.spawn(async move {
            let since = Stopwatch::start();
            work.await?;
            anyhow::Ok(millis(since.elapsed()))
        });
    }
    let mut took = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        took.push(ended??);
    }
    Ok(Run {
        took_ms: Sorted::new(took),
        wall_s: since.elapsed().as_secs_f64(),
    })
}

/// A duration in milliseconds.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
