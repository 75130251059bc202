//! Sequence numbers of appeals, from one sequence of the database, a block at a time: no round trip an appeal.
//!
//! Invariant: no number is given twice, whatever processes run; a stop leaves the rest of its block unused.

use std::ops::Range;

use hotline_bus::Fault;
use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::store;

/// Numbers of a block: enough for a full group, few enough to leave gaps that nobody minds.
const BLOCK: i64 = 64;

/// The numbers of this process.
pub(super) struct Numbers {
    pool: PgPool,
    left: Mutex<Range<i64>>,
}

impl Numbers {
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            left: Mutex::new(0..0),
        }
    }

    /// A number that nobody has.
    pub(super) async fn next(&self) -> Result<i64, Fault> {
        let mut left = self.left.lock().await;
        if let Some(number) = left.next() {
            return Ok(number);
        }
        let block = store::next_block(&self.pool).await?;
        let first = (block - 1) * BLOCK + 1;
        *left = first + 1..first + BLOCK;
        Ok(first)
    }
}
