//! The demo: a batch of appeals, taken through life over gRPC by people with tokens of their roles.

mod board;
mod callback;
mod cast;
mod dispatch;
mod enterprise;
mod life;
mod lines;
mod record;
mod register;
mod sheet;
mod summary;
mod unit;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use hotline_runtime::{Clock, Tokens};

use board::Board;
use cast::Cast;
pub use cast::clerk_of;
use lines::Lines;
use sheet::Row;

use crate::cli::Global;
use crate::client::Client;

/// Appeals in people's hands at once.
const CONCURRENCY: usize = 16;

/// Everything on the stage.
struct Stage {
    cast: Cast,
    lines: Lines,
    board: Board,
    clock: Clock,
    /// Names this batch, in every idempotency key.
    run: String,
    pace: Duration,
}

impl Stage {
    /// Lets people watch.
    async fn pause(&self) {
        if !self.pace.is_zero() {
            tokio::time::sleep(self.pace).await;
        }
    }
}

/// An appeal of the batch, registered.
struct Case<'a> {
    row: &'a Row,
    /// Its place in the batch, from 0: what people say is taken in turn.
    turn: usize,
    id: String,
    number: String,
}

/// What the demo leaves for the end.
pub struct Played {
    /// What went another way than its script.
    pub failures: Vec<String>,
    /// Number of an order that is worth a look.
    pub example: String,
    batch: Batch,
}

/// What belongs to this batch in the journals.
struct Batch {
    from: std::collections::HashMap<&'static str, Vec<(i32, i64)>>,
    roots: HashSet<String>,
}

/// Plays the whole batch of `dir` on a running platform.
///
/// # Errors
/// Files that cannot be read, or a register that refuses an appeal.
pub async fn play(
    global: &Global,
    client: &Client,
    tokens: &Arc<Tokens>,
    dir: &Path,
    pace: Duration,
) -> anyhow::Result<Played> {
    let rows = sheet::read(&dir.join("appeals.csv"))?;
    let clock = Clock::system();
    let stage = Stage {
        cast: Cast::new(client.clone(), tokens.clone())?,
        lines: Lines::read(&dir.join("replies.toml"))?,
        board: Board::new(global, rows.len()),
        run: format!("demo-{}", clock.new_id()),
        clock,
        pace,
    };
    let from = record::ends(&stage.cast.operator).await?;
    let cases = register::register_all(&stage, &rows).await?;
    let lives = cases.iter().filter(|case| becomes_order(case.row));
    let living = stream::iter(lives).for_each_concurrent(CONCURRENCY, async |case| {
        if let Err(error) = Box::pin(life::live(&stage, case)).await {
            stage.board.failed(&case.row.key, &error);
        }
        stage.board.finished();
    });
    living.await;
    Ok(Played {
        failures: stage.board.close(),
        example: example(&cases),
        batch: Batch {
            from,
            roots: cases.into_iter().map(|case| case.id).collect(),
        },
    })
}

/// Whether an order follows: accepted at once, or by the shift leader.
fn becomes_order(row: &Row) -> bool {
    row.script.is_accepted_at_once() || row.script == sheet::Script::Refer
}

/// An enterprise's order that several units handled, or the first at hand.
fn example(cases: &[Case<'_>]) -> String {
    let telling = |case: &&Case<'_>| case.row.is_enterprise() && case.row.script == sheet::Script::CoHandle;
    cases
        .iter()
        .find(telling)
        .or(cases.first())
        .map_or_else(String::new, |case| case.number.clone())
}

impl Played {
    /// Prints what the journals recorded of the batch.
    ///
    /// # Errors
    /// A service that does not answer, or nobody reads it any more.
    pub async fn print(&self, global: &Global, client: &Client) -> anyhow::Result<()> {
        let all = record::since(client, &self.batch.from, &self.batch.roots).await?;
        summary::print(global, &all)
    }
}
