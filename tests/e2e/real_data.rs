//! Real appeals: two files of citizens' messages imported by the command, and carried through life.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hotline_proto::intake::v1::{AppealState, ListAppealsRequest};
use hotline_tests::support::driver::{Driver, Goal, Patience};
use hotline_tests::support::{Callers, Options, Platform, journal, tell};
use hotline_tests::workspace_root;
use serde_json::Value;

/// Where the files lie, beside the workspace.
const FOLDER: &str = "../shared/data";

/// Appeals of each file that are taken to the archive; the rest are accepted and wait in the pool.
const DRIVEN: usize = 100;

/// Appeals driven at once.
const AT_ONCE: usize = 8;

/// Longest life of one of them on a busy machine.
const LIFE_MAX: Duration = Duration::from_secs(120);

/// Longest time for everybody to hear of all of it.
const HEARD_MAX: Duration = Duration::from_secs(120);

/// The file, where it is there.
fn file(name: &str) -> Result<Option<PathBuf>> {
    let path = workspace_root().join(FOLDER).join(name);
    if path.is_file() {
        return Ok(Some(path.canonicalize()?));
    }
    tell(format_args!("skipped: {} is not there", path.display()));
    Ok(None)
}

/// What became of the rows of a file.
struct Imported {
    new: u64,
    known: u64,
}

/// Imports a file; every row goes in, was in already, or is refused with a reason.
async fn import(platform: &Platform, path: &std::path::Path) -> Result<Imported> {
    // A link, so that what is written beside the file is written into the platform's folder.
    let link = platform.dir().join(path.file_name().context("a file name")?);
    if !link.exists() {
        std::os::unix::fs::symlink(path, &link)?;
    }
    let rows = csv::Reader::from_path(&link)?.into_records().count() as u64;
    let link = link.display().to_string();
    let map = "title=title,content=detail,time=time,source_reference=id";
    let args = [
        "import",
        "appeals",
        link.as_str(),
        "--map",
        map,
        "--type",
        "help",
        "--concurrency",
        "32",
    ];
    let count = |told: &Value, name: &str| told[name].as_u64().unwrap_or(u64::MAX);
    let (told, good) = platform.json(&args).await?;
    let (new, known, rejected) = (
        count(&told, "new"),
        count(&told, "known"),
        count(&told, "rejected"),
    );
    tell(format_args!("{link}: {rows} rows, {told}"));
    ensure!(
        count(&told, "lines") == rows && new + known + rejected == rows,
        "{told}"
    );
    ensure!(
        rejected * 20 <= rows,
        "more than one row of twenty is rejected: {told}"
    );
    ensure!(
        good == (rejected == 0),
        "the exit code says whether rows were rejected"
    );
    Ok(Imported { new, known })
}

/// The orders of the oldest appeals in the pool, at most so many.
async fn in_progress(callers: &Callers, count: usize) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let state = AppealState::InProgress.into();
        let request = ListAppealsRequest {
            page_size: 200,
            page_token,
            state,
            ..Default::default()
        };
        let page = callers.agent.intake().list_appeals(request).await?.into_inner();
        found.extend(page.appeals.into_iter().map(|appeal| appeal.appeal_id));
        page_token = page.next_page_token;
        if page_token.is_empty() || found.len() >= count {
            found.truncate(count);
            return Ok(found);
        }
    }
}

#[tokio::test]
async fn real_appeals_are_imported_once_carried_through_life_and_reconcile() -> Result<()> {
    let files = [file("appeals_unlabelled.csv")?, file("appeals_labelled_raw.csv")?];
    let [Some(unlabelled), Some(labelled)] = files else {
        return Ok(());
    };
    let platform = Platform::start(Options::default()).await?;
    let callers = Callers::of(&platform)?;
    let (first, second) = (
        import(&platform, &unlabelled).await?,
        import(&platform, &labelled).await?,
    );
    let again = import(&platform, &labelled).await?;
    ensure!(
        (again.new, again.known) == (0, second.new),
        "nothing is registered twice"
    );
    let imported = first.new + second.new;
    journal::settled(&callers.operator, HEARD_MAX).await?;

    let driven = in_progress(&callers, 2 * DRIVEN).await?;
    ensure!(driven.len() == 2 * DRIVEN, "only {} orders", driven.len());
    // A full house may tell a caller to try again; what counts is that nothing is lost and nothing done twice.
    let driver = Driver::new(&callers, Patience::Faults, LIFE_MAX);
    driver.drive_all(&driven, Goal::Archived, AT_ONCE).await?;
    journal::settled(&callers.operator, HEARD_MAX).await?;
    for id in &driven {
        let appeal = callers.appeal(id).await?;
        ensure!(
            appeal.state() == AppealState::Archived,
            "{} is {:?}",
            appeal.number,
            appeal.state()
        );
    }
    let (verdict, good) = platform.json(&["reconcile", "--wait", "60s"]).await?;
    tell(format_args!(
        "{imported} imported, {} archived; {}",
        driven.len(),
        verdict["counts"]
    ));
    ensure!(
        good && verdict["ok"] == true,
        "{verdict:#}\n{}",
        platform.log_tail()
    );
    ensure!(
        verdict["counts"]["orders"].as_u64() == Some(imported),
        "an order for each: {verdict:#}"
    );
    Ok(())
}
