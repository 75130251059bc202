//! Documents to print: the written opinion and supervision's documents, each for whoever may read it and nobody else.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hotline_proto::routing::v1::{IssueWrittenOpinionRequest, RequestWrittenOpinionRequest};
use hotline_proto::sla::v1::{IssueInstrumentRequest, OpenCaseRequest};
use hotline_runtime::Caller;
use hotline_tests::support::steps::{leg_id, order_id, unit_of};
use hotline_tests::support::{Browser, Page, Platform, appeals};
use tonic::codegen::http::StatusCode;

use crate::on_monday;

/// What the opinion says.
const WORDS: &str = "经查，多收部分已责令退还。\n<b>另</b>已公示标准。";

async fn paper(platform: &Platform, path: &str, caller: &Caller) -> Result<Page> {
    let token = platform.tokens().issue(caller, Duration::from_secs(600))?;
    let mut browser = Browser::at(platform)?;
    browser.always.push(("authorization", format!("Bearer {token}")));
    browser.get(path).await
}

fn clerk(unit: &str) -> Caller {
    Caller::new(format!("u-{unit}"), &["unit_clerk"]).of_unit(unit)
}

/// Nobody's identifier.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A reader whom the paper at `path`, of the matter `id`, is not for is told the same as of a matter that is not there.
async fn is_closed(platform: &Platform, path: &str, id: &str, caller: &Caller) -> Result<()> {
    let foreign = paper(platform, path, caller).await?;
    let absent = paper(platform, &path.replace(id, NOBODY), caller).await?;
    ensure!(
        foreign.status == StatusCode::NOT_FOUND && foreign.html.replace(id, NOBODY) == absent.html,
        "{}",
        foreign.html
    );
    Ok(())
}

#[tokio::test]
async fn a_written_opinion_is_a_sheet_for_whoever_may_read_the_order() -> Result<()> {
    let (platform, people) = on_monday().await?;
    let order = people.open(appeals::enterprise_question("on-paper")).await?;
    let id = order_id(&order);
    let path = format!("/papers/orders/{id}/opinion");
    let agent = Caller::new("u-agent", &["agent"]);
    let early = paper(&platform, &path, &agent).await?;
    ensure!(
        early.status == StatusCode::CONFLICT && early.html.contains("书面办理意见"),
        "{}",
        early.html
    );

    let order = people.dispatch(&id, appeals::ALONE_UNIT, &[]).await?;
    let order = people.handle(&order).await?;
    let lead = order.legs.first().context("a leg")?;
    let wish = RequestWrittenOpinionRequest {
        order_id: id.clone(),
        note: "来人领取".into(),
        ..Default::default()
    };
    people.agent.routing().request_written_opinion(wish).await?;
    let issue = IssueWrittenOpinionRequest {
        order_id: id.clone(),
        leg_id: leg_id(lead),
        opinion: WORDS.into(),
        ..Default::default()
    };
    let unit = unit_of(lead);
    people
        .clerk(&unit)?
        .routing()
        .issue_written_opinion(issue)
        .await?;

    for reader in [&agent, &clerk(&unit)] {
        let page = paper(&platform, &path, reader).await?;
        page.has("<h1>书面办理意见</h1>")?
            .has("书面办理意见〔2026〕")?
            .has("<p class=\"addressee\">徐州示例机械有限公司：</p>")?
            .has("<p class=\"text\">经查，多收部分已责令退还。</p><p class=\"text\">&lt;b&gt;另")?
            .has("<p>2026年3月2日</p>")?
            .has("（盖章）")?;
    }
    is_closed(&platform, &path, &id, &clerk("xz-power")).await?;
    let analyst = paper(&platform, &path, &Caller::new("u-analyst", &["analyst"])).await?;
    ensure!(analyst.status == StatusCode::FORBIDDEN, "{}", analyst.html);
    let stranger = Browser::at(&platform)?.get(&path).await?;
    ensure!(stranger.path == "/sign-in", "{}", stranger.path);
    Ok(())
}

#[tokio::test]
async fn a_document_of_supervision_is_a_sheet_for_its_unit_and_the_material_for_the_supervisors() -> Result<()>
{
    let (platform, people) = on_monday().await?;
    let unit = "xz-water";
    let open = OpenCaseRequest {
        idempotency_key: "case-on-paper".into(),
        city: "xuzhou".into(),
        unit_id: unit.into(),
        class: "overdue".into(),
        title: "供水抢修迟缓".into(),
        reason: "逾期未办结".into(),
        ..Default::default()
    };
    let case = people
        .supervisor
        .supervision()
        .open_case(open)
        .await?
        .into_inner();
    let case = case.case.context("a case")?;
    let issue = IssueInstrumentRequest {
        case_id: case.case_id.clone(),
        code: "supervision_slip".into(),
        reason: "限期整改".into(),
        ..Default::default()
    };
    let issued = people
        .supervisor
        .supervision()
        .issue_instrument(issue)
        .await?
        .into_inner();
    let issued = issued.case.context("a case")?;
    let slip = issued.instruments.last().context("a document")?;
    let one = format!(
        "/papers/cases/{}/instruments/{}",
        case.case_id, slip.instrument_id
    );
    let supervisor = Caller::new("u-supervisor", &["supervisor"]);
    for reader in [&supervisor, &clerk(unit)] {
        let page = paper(&platform, &one, reader).await?;
        page.has("<h1>督办单</h1>")?
            .has(&slip.number)?
            .has("class=\"addressee\">")?
            .has("供水抢修迟缓")?
            .has("徐州市12345政务服务便民热线<span class=\"seal\">")?;
    }
    let absent = format!("/papers/cases/{}/instruments/none", case.case_id);
    ensure!(paper(&platform, &absent, &supervisor).await?.status == StatusCode::NOT_FOUND);
    is_closed(&platform, &one, &case.case_id, &clerk("xz-power")).await?;

    let all = format!("/papers/cases/{}/material", case.case_id);
    let page = paper(&platform, &all, &supervisor).await?;
    page.has("<h1>督办材料</h1>")?
        .has("<h2>目录</h2>")?
        .has("立案说明")?
        .has(&slip.number)?;
    let own = paper(&platform, &all, &clerk(unit)).await?;
    ensure!(
        own.status == StatusCode::FORBIDDEN,
        "the material is the supervisors': {}",
        own.html
    );
    Ok(())
}
