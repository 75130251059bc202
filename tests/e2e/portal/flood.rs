//! More at once than there is room for: some are told to wait, agents work on, and what was accepted is kept.

use std::sync::Arc;

use anyhow::{Result, ensure};
use hotline_proto::intake::v1::ListAppealsRequest;
use hotline_tests::support::{Browser, Callers, Options, Platform, clocks, tell};
use tonic::codegen::http::{Method, StatusCode};

use super::visitor::filled;
use crate::MONDAY;

#[tokio::test]
async fn a_flood_is_told_to_wait_and_what_was_accepted_is_kept() -> Result<()> {
    let options = Options::standing_at(&clocks::setting(MONDAY)?)
        .with("HOTLINE_GATEWAY__TRUSTED_PROXIES", "[\"127.0.0.1\"]")
        .with("HOTLINE_SERVICES__PORTAL__CONCURRENCY_MAX", "4");
    let platform = Platform::start(options).await?;
    let callers = Callers::of(&platform)?;
    let browser = Browser::at(&platform)?;
    // One telephone: five at once, then it must wait; whoever comes from elsewhere with it, too.
    let mut kept = 0;
    for round in 0..7 {
        let mut person = browser.another();
        person
            .always
            .push(("x-forwarded-for", format!("203.0.113.{round}")));
        let check = filled(&person, "/portal", &[]).await?;
        let page = person.post(&check, "", &[]).await?;
        match page.status {
            StatusCode::OK => kept += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                ensure!(
                    page.retry_after().is_some_and(|wait| wait > 300),
                    "{:?}",
                    page.headers
                );
            }
            other => anyhow::bail!("{other}: {}", page.html),
        }
    }
    ensure!(kept == 5, "{kept} with one telephone");
    // Ten times what there is room for, from many addresses, while an agent works on.
    let browser = Arc::new(browser);
    let flood: Vec<_> = (0..400)
        .map(|_| {
            let browser = Arc::clone(&browser);
            tokio::spawn(async move { browser.another().send(Method::GET, "/portal/report", "").await })
        })
        .collect();
    let mut slowest = std::time::Duration::ZERO;
    for _ in 0..10 {
        let since = std::time::Instant::now();
        callers
            .agent
            .intake()
            .list_appeals(ListAppealsRequest::default())
            .await?;
        slowest = slowest.max(since.elapsed());
    }
    let (mut served, mut told) = (0, 0);
    for page in flood {
        let page = page.await??;
        match page.status {
            StatusCode::OK => served += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                ensure!(page.retry_after().is_some(), "{:?}", page.headers);
                told += 1;
            }
            other => anyhow::bail!("{other}: {}", page.html),
        }
    }
    tell(format_args!(
        "{served} served, {told} told to wait; the slowest call of an agent took {slowest:?}"
    ));
    ensure!(served > 0 && told > 0, "{served} served, {told} told to wait");
    ensure!(
        slowest < std::time::Duration::from_secs(1),
        "an agent waited {slowest:?}"
    );
    let all = callers
        .agent
        .intake()
        .list_appeals(ListAppealsRequest::default())
        .await?;
    ensure!(
        all.into_inner().appeals.len() == kept,
        "every accepted appeal is kept"
    );
    Ok(())
}
