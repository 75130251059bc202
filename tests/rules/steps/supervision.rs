//! Supervision as it is done: cases, documents, coordination, accountability, visits, notices.

use anyhow::{Context, Result};
use cucumber::when;
use hotline_proto::sla::v1::{
    CloseCaseRequest, CoordinateRequest, DecideMeasuresRequest, DecideReplyRequest, FindPlatformDelayRequest,
    GetCaseRequest, HandOverRequest, IssueBulletinRequest, IssueInstrumentRequest, ListCasesRequest,
    MeasureDraft, OpenAccountabilityRequest, OpenCaseRequest, OpenVerificationRequest,
    RecordExemptionRequest, RecordVerificationRequest, RecordVisitRequest, ReplyInstrumentRequest,
    SupervisionCase, SupervisionInstrument,
};
use hotline_tests::support::callers::Person;

use crate::world::Rules;

/// Names that a step joins.
fn names(text: &str) -> Vec<String> {
    text.split('、')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Rules {
    /// A unit by its name; 承办单位 is the order's lead.
    pub(super) async fn who(&self, name: &str) -> Result<String> {
        if name == "承办单位" {
            return Ok(hotline_tests::support::steps::unit_of(&self.leg("").await?));
        }
        self.stage()?.unit(name)
    }

    pub(super) fn watcher(&self) -> Result<Person> {
        self.stage()?.person("督查员")
    }

    /// The case that is spoken of: the one opened or named last, else the newest of the order.
    pub(super) async fn case(&self) -> Result<SupervisionCase> {
        if let Some(id) = self.notes.get("case") {
            let request = GetCaseRequest { case: id.clone() };
            let found = self.watcher()?.supervision().get_case(request).await?;
            return found.into_inner().case.context("an answer has its case");
        }
        let found = self.cases().await?.into_iter().next();
        found.context("没有督办事项")
    }

    /// The cases of the order, newest first.
    pub(super) async fn cases(&self) -> Result<Vec<SupervisionCase>> {
        let request = ListCasesRequest {
            order: self.id()?,
            ..ListCasesRequest::default()
        };
        Ok(self
            .watcher()?
            .supervision()
            .list_cases(request)
            .await?
            .into_inner()
            .cases)
    }

    fn hold(&mut self, case: Option<SupervisionCase>) {
        if let Some(case) = case {
            self.notes.insert("case".to_owned(), case.case_id);
        }
    }

    pub(super) async fn instrument(&self, name: &str) -> Result<SupervisionInstrument> {
        let case = self.case().await?;
        let told: Vec<_> = case.instruments.iter().map(|known| known.name.clone()).collect();
        let named = |known: &SupervisionInstrument| known.name == name || known.code == name;
        let found = case.instruments.into_iter().rev().find(named);
        found.with_context(|| format!("没有文书“{name}”,有:{}", told.join("、")))
    }
}

#[when(
    regex = r#"^督查员(不涉工单)?立项督办"([^"]+)"[,,]类别"([^"]+)"(?:[,,]来源"([^"]+)")?[,,]事由"([^"]*)"$"#
)]
async fn opens(
    world: &mut Rules,
    apart: String,
    unit: String,
    class: String,
    source: String,
    reason: String,
) -> Result<()> {
    let city = world.stage()?.city.id.clone();
    let order = if apart.is_empty() {
        world.id()?
    } else {
        String::new()
    };
    let request = OpenCaseRequest {
        city,
        order,
        unit_id: world.who(&unit).await?,
        class,
        source,
        title: "督办事项".into(),
        reason,
        ..OpenCaseRequest::default()
    };
    let answer = world.watcher()?.supervision().open_case(request).await;
    if let Some(answer) = world.settle(answer).await? {
        world.hold(answer.into_inner().case);
    }
    Ok(())
}

#[when(regex = r#"^说到类别"([^"]+)"的督办事项$"#)]
async fn speaks_of(world: &mut Rules, class: String) -> Result<()> {
    let cases = world.cases().await?;
    let told: Vec<_> = cases.iter().map(|case| case.class.clone()).collect();
    let found = cases
        .into_iter()
        .find(|case| case.class == class || case.class_name == class);
    let found = found.with_context(|| format!("没有“{class}”的督办事项,有:{}", told.join("、")))?;
    world.hold(Some(found));
    Ok(())
}

#[when(regex = r#"^督查员发出"([^"]+)"(?:给"([^"]+)")?(?:[,,]以"([^"]+)"名义)?[,,]事由"([^"]*)"$"#)]
async fn issues(world: &mut Rules, code: String, unit: String, body: String, reason: String) -> Result<()> {
    let unit_id = if unit.is_empty() {
        String::new()
    } else {
        world.who(&unit).await?
    };
    let request = IssueInstrumentRequest {
        case_id: world.case().await?.case_id,
        code,
        unit_id,
        reason,
        body,
        version: 0,
    };
    let answer = world.watcher()?.supervision().issue_instrument(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"反馈"([^"]+)"[,,]内容"([^"]*)"$"#)]
async fn replies(world: &mut Rules, unit: String, name: String, text: String) -> Result<()> {
    let unit = world.who(&unit).await?;
    let clerk = world.callers()?.clerk(&unit)?;
    let request = ReplyInstrumentRequest {
        case_id: world.case().await?.case_id,
        instrument_id: world.instrument(&name).await?.instrument_id,
        text,
        attachments: vec!["整改照片".into()],
        version: 0,
    };
    let answer = clerk.supervision().reply_instrument(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员(认可|退回)"([^"]+)"的反馈(?:[,,]理由"([^"]*)")?$"#)]
async fn decides(world: &mut Rules, word: String, name: String, reason: String) -> Result<()> {
    let request = DecideReplyRequest {
        case_id: world.case().await?.case_id,
        instrument_id: world.instrument(&name).await?.instrument_id,
        accepted: word == "认可",
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().decide_reply(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"召集协调会[,,]参加"([^"]+)"(?:[,,]牵头"([^"]+)")?[,,]纪要"([^"]*)"$"#)]
async fn coordinates(
    world: &mut Rules,
    body: String,
    units: String,
    lead: String,
    minutes: String,
) -> Result<()> {
    let mut unit_ids = Vec::new();
    for unit in names(&units) {
        unit_ids.push(world.who(&unit).await?);
    }
    let lead_unit_id = if lead.is_empty() {
        String::new()
    } else {
        world.who(&lead).await?
    };
    let request = CoordinateRequest {
        case_id: world.case().await?.case_id,
        body,
        unit_ids,
        lead_unit_id,
        minutes,
        version: 0,
    };
    let answer = world.watcher()?.supervision().coordinate(request).await;
    world.settle(answer).await.map(drop)
}

#[when("督查员提起回访复核")]
async fn opens_verification(world: &mut Rules) -> Result<()> {
    let case_id = world.case().await?.case_id;
    let request = OpenVerificationRequest { case_id, version: 0 };
    let answer = world.watcher()?.supervision().open_verification(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^回访员复核[,,]结论"([^"]+)"[,,]说明"([^"]*)"$"#)]
async fn verifies(world: &mut Rules, outcome: String, note: String) -> Result<()> {
    let request = RecordVerificationRequest {
        case_id: world.case().await?.case_id,
        contacted: outcome == "compliant",
        solved: outcome == "compliant",
        outcome,
        note,
        version: 0,
    };
    let agent = world.stage()?.person("回访员")?;
    let answer = agent.supervision().record_verification(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员认定(系|非)平台原因[,,]理由"([^"]*)"$"#)]
async fn finds_delay(world: &mut Rules, word: String, reason: String) -> Result<()> {
    let request = FindPlatformDelayRequest {
        case_id: world.case().await?.case_id,
        caused: word == "系",
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().find_platform_delay(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员提出问责"([^"]+)"[,,]理由"([^"]*)"$"#)]
async fn accuses(world: &mut Rules, causes: String, reason: String) -> Result<()> {
    let request = OpenAccountabilityRequest {
        case_id: world.case().await?.case_id,
        causes: names(&causes),
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().open_accountability(request).await;
    world.settle(answer).await.map(drop)
}

/// Measures as `notice:unit:市教育局、admonition:person:分管领导`.
#[when(regex = r#"^督查员决定问责方式"([^"]+)"[,,]理由"([^"]*)"$"#)]
async fn measures(world: &mut Rules, drafts: String, reason: String) -> Result<()> {
    let draft = |text: &String| {
        let mut parts = text.splitn(3, ':').map(str::to_owned);
        MeasureDraft {
            code: parts.next().unwrap_or_default(),
            holds: parts.next().unwrap_or_default(),
            subject: parts.next().unwrap_or_default(),
        }
    };
    let request = DecideMeasuresRequest {
        case_id: world.case().await?.case_id,
        measures: names(&drafts).iter().map(draft).collect(),
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().decide_measures(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员认定容错"([^"]+)"[,,]条件"([^"]*)"[,,]理由"([^"]*)"$"#)]
async fn exempts(world: &mut Rules, code: String, found: String, reason: String) -> Result<()> {
    let request = RecordExemptionRequest {
        case_id: world.case().await?.case_id,
        code,
        found: names(&found),
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().record_exemption(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员移送"([^"]+)"(?:[,,]以"([^"]+)"名义)?[,,]理由"([^"]*)"$"#)]
async fn hands_over(world: &mut Rules, recipient: String, body: String, reason: String) -> Result<()> {
    let request = HandOverRequest {
        case_id: world.case().await?.case_id,
        recipient,
        body,
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().hand_over(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^督查员办结督办[,,]结果"([^"]+)"[,,]理由"([^"]*)"$"#)]
async fn closes(world: &mut Rules, outcome: String, reason: String) -> Result<()> {
    let request = CloseCaseRequest {
        case_id: world.case().await?.case_id,
        outcome,
        reason,
        version: 0,
    };
    let answer = world.watcher()?.supervision().close_case(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^"([^"]+)"暗访"([^"]+)"[,,]发现"([^"]*)"(?:[,,]移送"([^"]+)")?$"#)]
async fn visits(
    world: &mut Rules,
    body: String,
    unit: String,
    findings: String,
    recipient: String,
) -> Result<()> {
    let request = RecordVisitRequest {
        city: world.stage()?.city.id.clone(),
        body,
        unit_id: world.who(&unit).await?,
        findings,
        recipient,
    };
    let answer = world.watcher()?.supervision().record_visit(request).await;
    if let Some(answer) = world.settle(answer).await? {
        world.hold(answer.into_inner().case);
    }
    Ok(())
}

#[when(regex = r#"^督查员发布"([^"]+)"通报$"#)]
async fn issues_bulletin(world: &mut Rules, code: String) -> Result<()> {
    let now = world.stage()?.now();
    let request = IssueBulletinRequest {
        city: world.stage()?.city.id.clone(),
        code,
        until: Some(prost_types::Timestamp {
            seconds: now.timestamp(),
            nanos: 0,
        }),
    };
    let answer = world.watcher()?.supervision().issue_bulletin(request).await;
    if let Some(answer) = world.settle(answer).await? {
        let bulletin = answer.into_inner().bulletin.context("an answer has its notice")?;
        let told = format!(
            "{}\n依据:{}\n移交:{}",
            bulletin.text, bulletin.article, bulletin.recipient
        );
        world.notes.insert("bulletin".to_owned(), told);
    }
    Ok(())
}
