//! The regulations, executed: every feature of `tests/features` against the real services in this process, on a
//! PostgreSQL and a nats-server of the tests and on a clock that the scenario moves. `tests/features/README.md` lists
//! the steps; `docs/regulations.md` is what a whole run writes.

mod defaults;
mod options;
mod people;
mod place;
mod quiet;
mod report;
mod stage;
mod steps;
mod table;
mod words;
mod world;

use std::process::ExitCode;

use anyhow::Result;
use cucumber::{World, WriterExt};
use hotline_tests::support::tell;
use hotline_tests::workspace_root;

use options::Options;
use report::{Recorder, Requirements};
use world::{Rules, told};

/// Scenarios at once: they wait for the servers more than they compute.
const AT_ONCE: usize = 4;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::read();
    if options.lists() {
        return ExitCode::SUCCESS;
    }
    match run(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            tell(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs what is asked for; true when all of it passed and says what the project says of itself.
async fn run(options: Options) -> Result<bool> {
    let requirements = Requirements::read()?;
    let recorder = Recorder::default();
    let runner = Rules::cucumber()
        .with_writer(recorder.clone().assert_normalized())
        .max_concurrent_scenarios(options.at_once.unwrap_or(AT_ONCE))
        .after(|_, _, _, _, world| {
            Box::pin(async move {
                if let Some(refused) = world.and_then(Rules::close) {
                    panic!("最后一步被拒绝:{}", told(&refused));
                }
            })
        });
    let features = workspace_root().join("tests/features");
    let (whole, write) = (options.is_whole(), options.write);
    let wanted = options.filter();
    // Read by ourselves above: cucumber is given nothing that it could read otherwise.
    runner
        .with_default_cli()
        .filter_run(features, move |feature, _, scenario| wanted(feature, scenario))
        .await;
    stage::closed().await;
    let run = recorder.finish();
    run.tell_failures();
    let mut problems = run.problems(&requirements, whole);
    if whole {
        let page = report::page(&requirements, &run);
        tell(report::summary(&requirements, &run));
        problems.extend(report::keep(&run, &page, write)?);
    }
    problems.iter().for_each(tell);
    Ok(run.is_good() && problems.is_empty())
}
