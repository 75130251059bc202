//! Clocks: when they are due, by which article, how they stand and why.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_policy::Lang;
use hotline_proto::sla::v1::{ExplainClocksRequest, ImportCalendarRequest};
use hotline_tests::support::clocks;
use hotline_worktime::Limit;

use crate::words;
use crate::world::Rules;

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"时限到 (\d{4}-\d\d-\d\d \d\d:\d\d)(?:[,,]依据"([^"]*)")?$"#)]
async fn is_due(
    world: &mut Rules,
    unit: String,
    obligation: String,
    due: String,
    article: String,
) -> Result<()> {
    let clock = world.clock(&obligation, &unit).await?;
    let facts = clock.facts.clone().context("a clock has facts")?;
    let article = if article.is_empty() {
        facts.article
    } else {
        article
    };
    clocks::check_due(&clock, &due, &article)
}

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"期限为"([^"]+)"(?:[,,]依据"([^"]*)")?$"#)]
async fn is_limited(
    world: &mut Rules,
    unit: String,
    obligation: String,
    limit: String,
    article: String,
) -> Result<()> {
    let clock = world.clock(&obligation, &unit).await?;
    let facts = clock.facts.context("a clock has facts")?;
    let found = facts.limit.parse::<Limit>()?.zh();
    ensure!(found == limit, "“{obligation}”的期限是“{found}”");
    ensure!(
        article.is_empty() || facts.article == article,
        "“{obligation}”依据“{}”",
        facts.article
    );
    Ok(())
}

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"时限(?:状态)?为"([^"]+)"$"#)]
async fn stands(world: &mut Rules, unit: String, obligation: String, state: String) -> Result<()> {
    let (expected, clock) = (
        words::clock_state(&state)?,
        world.clock(&obligation, &unit).await?,
    );
    ensure!(
        clock.state() == expected,
        "“{obligation}”时限是“{}”",
        hotline_cli::words::clock_state(clock.state(), Lang::Zh)
    );
    Ok(())
}

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"时限(是|不是)暂定$"#)]
async fn is_provisional(
    world: &mut Rules,
    unit: String,
    obligation: String,
    provisional: String,
) -> Result<()> {
    let facts = world.clock(&obligation, &unit).await?.facts;
    let found = facts.context("a clock has facts")?.provisional;
    ensure!(found == (provisional == "是"), "“{obligation}”暂定:{found}");
    Ok(())
}

#[then(regex = r#"^(?:承办单位|"([^"]+)")的派送到期 (\d{4}-\d\d-\d\d \d\d:\d\d)$"#)]
async fn leg_is_due(world: &mut Rules, unit: String, due: String) -> Result<()> {
    let found = world.leg(&unit).await?.due_at.context("派送没有期限")?;
    let found = clocks::beijing(&found)?;
    ensure!(found == due, "派送到期 {found}");
    Ok(())
}

/// The step's text is the file of the year.
#[when(regex = r"^运维员导入放假安排$")]
async fn imports_a_year(world: &mut Rules, step: &Step) -> Result<()> {
    let toml = step.docstring.clone().context("这一步要有放假安排")?;
    let request = ImportCalendarRequest { toml };
    let answer = world.callers()?.operator.sla().import_calendar(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^没有(?:"([^"]+)"的)?"([^"]+)"时限$"#)]
async fn is_absent(world: &mut Rules, unit: String, obligation: String) -> Result<()> {
    let found = world.clock(&obligation, &unit).await;
    ensure!(found.is_err(), "有“{obligation}”时限:{found:?}");
    Ok(())
}

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"时限从 (\d{4}-\d\d-\d\d \d\d:\d\d) 起算$"#)]
async fn has_started(world: &mut Rules, unit: String, obligation: String, start: String) -> Result<()> {
    let clock = world.clock(&obligation, &unit).await?;
    let started = clock.facts.and_then(|facts| facts.started_at);
    let started = clocks::beijing(&started.context("a clock has a start")?)?;
    ensure!(started == start, "“{obligation}”从 {started} 起算");
    Ok(())
}

#[then(regex = r#"^(?:"([^"]+)"的)?"([^"]+)"时限的说明包含"([^"]*)"$"#)]
async fn is_explained(world: &mut Rules, unit: String, obligation: String, text: String) -> Result<()> {
    let clock = world.clock(&obligation, &unit).await?;
    let id = clock.facts.context("a clock has facts")?.clock_id;
    let request = ExplainClocksRequest {
        order_id: world.id()?,
    };
    let told = world.callers()?.operator.sla().explain_clocks(request).await?;
    let told = told.into_inner().explanations.into_iter().find(|told| {
        let facts = told.clock.as_ref().and_then(|clock| clock.facts.as_ref());
        facts.is_some_and(|facts| facts.clock_id == id)
    });
    let told = told.context("every clock is explained")?.text;
    ensure!(told.contains(&text), "说明是:{told}");
    Ok(())
}
