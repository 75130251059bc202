//! What visitors of the portals do in these tests, page by page, and what staff do meanwhile.

use anyhow::{Context, Result, ensure};
use hotline_proto::callback::v1::CallbackState;
use hotline_proto::intake::v1::Appeal;
use hotline_proto::routing::v1::OrderState;
use hotline_tests::support::clocks;
use hotline_tests::support::{Browser, Callers, Options, Page, Platform};
use tonic::codegen::http::StatusCode;

use crate::MONDAY;

/// What a resident fills in, page by page, unless a test says otherwise.
const ANSWERS: [(&str, &[(&str, &str)]); 8] = [
    ("files", &[("next", "yes")]),
    ("similar", &[("follow", "")]),
    ("kind", &[("kind", "help")]),
    ("field", &[("group", "market")]),
    ("matter", &[("category", "market.price")]),
    (
        "words",
        &[
            ("title", "停车场收费标准与公示不一致"),
            ("content", "公示每小时三元，实际收五元，请核实。"),
            ("day", "2026-03-01"),
        ],
    ),
    (
        "place",
        &[
            ("area", "320302"),
            ("town", "320302006"),
            ("place", "环城路示例商场地下停车场"),
        ],
    ),
    ("contact", &[("name", "许知远"), ("telephone", "154 0516 0001")]),
];

/// An installation on a Monday morning that lets one address do as much as these tests do.
pub async fn on_a_quiet_monday() -> Result<(Platform, Callers)> {
    let options = Options::standing_at(&clocks::setting(MONDAY)?)
        .with("HOTLINE_SERVICES__PORTAL__ADDRESS_BURST", "500")
        .with("HOTLINE_SERVICES__PORTAL__TELEPHONE_BURST", "50");
    let platform = Platform::start(options).await?;
    let callers = Callers::of(&platform)?;
    Ok((platform, callers))
}

/// Fills in every page up to the check, answers of `own` instead of the usual ones.
pub async fn filled(browser: &Browser, base: &str, own: &[(&str, &[(&str, &str)])]) -> Result<Page> {
    let start = browser.get(&format!("{base}/report")).await?;
    let mut page = browser.post(&start, &format!("{base}/report"), &[]).await?;
    for _ in 0..12 {
        let step = page.path.rsplit('/').next().unwrap_or_default().to_owned();
        if step == "check" {
            return Ok(page);
        }
        let named = |(name, _): &&(&str, &[(&str, &str)])| *name == step;
        let fields = own.iter().find(named).or_else(|| ANSWERS.iter().find(named));
        let (_, fields) = fields.with_context(|| format!("no answer for {}", page.path))?;
        page = browser.post(&page, "", fields).await?;
        ensure!(
            page.status == StatusCode::OK,
            "{step}: {}\n{}",
            page.status,
            page.html
        );
    }
    anyhow::bail!("the pages do not end: {}", page.path)
}

/// Number and code of a receipt.
pub fn receipt(page: &Page) -> Result<(String, String)> {
    let number = page.between("<dd class=\"num\">", "<").context("a number")?;
    let code = page.between("<dd class=\"num code\">", "<").context("a code")?;
    Ok((number.to_owned(), code.replace(' ', "")))
}

/// Opens an appeal by number and code.
pub async fn track(browser: &Browser, base: &str, number: &str, code: &str) -> Result<Page> {
    let ask = browser.get(&format!("{base}/track")).await?;
    browser
        .post(&ask, "", &[("number", number), ("code", code)])
        .await
}

/// An appeal as staff see it.
pub async fn registered(callers: &Callers, number: &str) -> Result<Appeal> {
    callers.appeal(number).await
}

/// Takes a registered appeal to its reply.
pub async fn settled(callers: &Callers, id: &str) -> Result<()> {
    callers.accept(id).await?;
    callers.wait_order(id, OrderState::PreReview).await?;
    let order = callers.dispatch(id, "", &[]).await?;
    callers.handle(&order).await?;
    callers.wait_callback(id, 1, CallbackState::Scheduled).await?;
    Ok(())
}
