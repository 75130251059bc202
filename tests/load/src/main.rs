//! Load benchmarks of the whole product: the release binary on private servers, each figure beside its floor.
//!
//! Every measure has a fresh PostgreSQL and a fresh nats-server, durable as an installation's own are. The CPU of the
//! hotline process, of all PostgreSQL processes and of nats-server is read from the kernel and told apart; that of this
//! program is left out. What each measure does is described at the head of its file.

mod appeals;
mod clocks;
mod desk;
mod floor;
mod hop;
mod life;
mod lists;
mod load;
mod memory;
mod orders;
mod owed;
mod pages;
mod quiet;
mod recompute;
mod report;
mod signs;
mod stats;
mod storm;
mod submit;
mod usage;
mod world;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::report::Report;

/// Measures the product and writes the figures into its performance page.
#[derive(Debug, Parser)]
#[command(name = "hotline-load")]
struct Args {
    /// A twentieth of the sizes: shows that everything works, and measures nothing.
    #[arg(long)]
    quick: bool,
    /// Sizes are divided by this; a page is written with 1 alone.
    #[arg(long, default_value_t = 1, conflicts_with = "quick", value_parser = clap::value_parser!(u64).range(1..=1_000))]
    divisor: u64,
    /// Only these measures.
    #[arg(long, value_delimiter = ',', value_enum)]
    only: Vec<Measure>,
    /// The release binary.
    #[arg(long, default_value = "target/release/hotline")]
    program: PathBuf,
    /// Folder for the private servers; made anew and removed.
    #[arg(long, default_value = "target/load")]
    dir: PathBuf,
    /// Page whose figures are replaced, between its markers.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// One measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Submit and accept.
    Submit,
    /// The whole life of an enterprise order.
    Life,
    /// Commit to applied.
    Hop,
    /// Clocks due at once, spread, and after a restart.
    Clocks,
    /// A million clocks after a change of the calendar.
    Recompute,
    /// Newest 25 of a million orders.
    Lists,
    /// Lists by time left, and first paint of the desks' lists in Chromium, on a million orders.
    Pages,
    /// Resident memory at rest.
    Memory,
}

/// What every measure is told.
pub struct Plan {
    /// The release binary.
    pub program: PathBuf,
    /// Folder for servers.
    pub dir: PathBuf,
    /// Sizes are divided by this.
    divisor: u64,
}

impl Plan {
    /// A size of the full run, or its share of a quick one.
    pub fn size(&self, full: u64) -> u64 {
        (full / self.divisor).max(1)
    }
}

/// A twentieth.
const QUICK_DIVISOR: u64 = 20;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    let plan = Plan {
        program: args.program,
        dir: args.dir,
        divisor: if args.quick { QUICK_DIVISOR } else { args.divisor },
    };
    anyhow::ensure!(
        plan.program.is_file(),
        "{} is not built; run cargo build --release --package hotline",
        plan.program.display()
    );
    let wanted = |measure| args.only.is_empty() || args.only.contains(&measure);
    let mut report = Report::new(plan.divisor);
    if wanted(Measure::Submit) {
        submit::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Life) {
        life::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Hop) {
        hop::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Clocks) {
        clocks::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Recompute) {
        recompute::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Lists) {
        lists::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Pages) {
        pages::measure(&plan, &mut report).await?;
    }
    if wanted(Measure::Memory) {
        memory::measure(&plan, &mut report).await?;
    }
    report.describe_machine(&plan).await?;
    match args.write {
        Some(page) => report.write_into(&page),
        None => report.print(),
    }
}
