//! Supervision: cases, documents, cards, accountability, notices, and what the policy says on them.

use anyhow::{Context, Result, bail, ensure};
use cucumber::{then, when};
use hotline_proto::sla::v1::{
    CaseState, CloseCaseRequest, CoordinateRequest, DecideMeasuresRequest, DecideReplyRequest,
    ExportLedgerRequest, FindPlatformDelayRequest, GetCaseRequest, GetMaterialRequest,
    GetSupervisionRulesRequest, HandOverRequest, IssueBulletinRequest, IssueInstrumentRequest,
    ListCardsRequest, ListCasesRequest, MeasureDraft, OpenAccountabilityRequest, OpenCaseRequest,
    OpenVerificationRequest, RecordExemptionRequest, RecordVerificationRequest, RecordVisitRequest,
    ReplyInstrumentRequest, SupervisionCase, SupervisionInstrument,
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
    async fn who(&self, name: &str) -> Result<String> {
        if name == "承办单位" {
            return Ok(hotline_tests::support::steps::unit_of(&self.leg("").await?));
        }
        self.stage()?.unit(name)
    }

    fn watcher(&self) -> Result<Person> {
        self.stage()?.person("督查员")
    }

    /// The case that is spoken of: the one opened or named last, else the newest of the order.
    async fn case(&self) -> Result<SupervisionCase> {
        if let Some(id) = self.notes.get("case") {
            let request = GetCaseRequest { case: id.clone() };
            let found = self.watcher()?.supervision().get_case(request).await?;
            return found.into_inner().case.context("an answer has its case");
        }
        let found = self.cases().await?.into_iter().next();
        found.context("没有督办事项")
    }

    /// The cases of the order, newest first.
    async fn cases(&self) -> Result<Vec<SupervisionCase>> {
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

    async fn instrument(&self, name: &str) -> Result<SupervisionInstrument> {
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

#[then(regex = r#"^通报(不)?包含"([^"]*)"$"#)]
async fn bulletin_says(world: &mut Rules, not: String, words: String) -> Result<()> {
    let told = world.notes.get("bulletin").context("没有发布通报")?;
    ensure!(told.contains(&words) == not.is_empty(), "通报是:{told}");
    Ok(())
}

#[then(regex = r"^没有督办事项$")]
async fn none(world: &mut Rules) -> Result<()> {
    let cases = world.cases().await?;
    let told: Vec<_> = cases
        .iter()
        .map(|case| format!("{} {}", case.class, case.reason))
        .collect();
    ensure!(cases.is_empty(), "有督办事项:{}", told.join(";"));
    Ok(())
}

#[then(regex = r#"^没有类别"([^"]+)"的督办事项$"#)]
async fn none_of(world: &mut Rules, class: String) -> Result<()> {
    let cases = world.cases().await?;
    ensure!(
        cases.iter().all(|case| case.class != class),
        "有类别“{class}”的督办事项"
    );
    Ok(())
}

#[then(regex = r#"^督办事项已?发出"([^"]+)"(?:给"([^"]+)")?(?:[,,]依据"([^"]*)")?$"#)]
async fn was_issued(world: &mut Rules, name: String, unit: String, article: String) -> Result<()> {
    let found = world.instrument(&name).await?;
    if !unit.is_empty() {
        let unit = world.who(&unit).await?;
        ensure!(found.unit_id == unit, "发给了{},不是{unit}", found.unit_id);
    }
    ensure!(
        article.is_empty() || found.article == article,
        "依据是“{}”",
        found.article
    );
    ensure!(
        !found.number.contains('{') && !found.text.contains('{'),
        "文书未填写:{} {}",
        found.number,
        found.text
    );
    Ok(())
}

#[then(regex = r#"^督办事项没有"([^"]+)"$"#)]
async fn was_not_issued(world: &mut Rules, name: String) -> Result<()> {
    ensure!(world.instrument(&name).await.is_err(), "发出了“{name}”");
    Ok(())
}

#[then(regex = r#"^"([^"]+)"须在 (\S+ \S+) 前反馈$"#)]
async fn answer_due(world: &mut Rules, name: String, at: String) -> Result<()> {
    let found = world.instrument(&name).await?;
    let due = found.due_at.context("不要求反馈")?;
    let due = chrono::DateTime::from_timestamp(due.seconds, 0).context("an instant")?;
    let due = hotline_worktime::local_time(due)
        .format("%Y-%m-%d %H:%M")
        .to_string();
    ensure!(due == at, "须在 {due} 前反馈");
    Ok(())
}

#[then(regex = r#"^"([^"]+)"的(文号|正文|缘由|反馈|审核)包含"([^"]*)"$"#)]
async fn instrument_says(world: &mut Rules, name: String, part: String, words: String) -> Result<()> {
    let found = world.instrument(&name).await?;
    let told = match part.as_str() {
        "文号" => found.number,
        "正文" => found.text,
        "缘由" => found.why,
        "反馈" => format!("{} {}", found.reply, found.attachments.join("、")),
        _ => format!("{} {}", found.decision, found.decision_reason),
    };
    ensure!(told.contains(&words), "{part}是:{told}");
    Ok(())
}

/// What a case says, by the Chinese name of the field.
fn field(case: &SupervisionCase, name: &str) -> Result<String> {
    let join = |words: Vec<String>| words.join("、");
    Ok(match name {
        "类别" => format!("{} {}", case.class, case.class_name),
        "来源" => case.source.clone(),
        "单位" => case.unit_id.clone(),
        "依据" => case.article.clone(),
        "缘由" => case.why.clone(),
        "事由" => case.reason.clone(),
        "告知" => join(case.to.clone()),
        "状态" => match case.state() {
            CaseState::Open => "督办中".into(),
            CaseState::Listed => "挂牌督办".into(),
            CaseState::Closed => "已办结".into(),
            CaseState::Unspecified => String::new(),
        },
        "结果" => case.outcome.clone(),
        "平台原因" => format!(
            "{} {}",
            if case.platform_caused { "是" } else { "否" },
            case.platform_reason
        ),
        "问责情形" => join(
            case.causes
                .iter()
                .map(|known| format!("{} {} {}", known.code, known.article, known.name))
                .collect(),
        ),
        "问责方式" => join(
            case.measures
                .iter()
                .map(|known| format!("{}({})", known.name, known.subject))
                .collect(),
        ),
        "容错" => format!("{} {}", case.exemption, case.exemption_reason),
        "移送" => join(
            case.hand_overs
                .iter()
                .map(|known| format!("{} {} {}", known.name, known.article, known.documents.join(",")))
                .collect(),
        ),
        "复核" => {
            let due = if case.to_verify { "待复核" } else { "" };
            let last = case.verifications.last();
            format!(
                "{due} {}",
                last.map_or_else(String::new, |known| format!(
                    "{} {} {}",
                    known.outcome, known.article, known.note
                ))
            )
        }
        "牵头" => case
            .meetings
            .last()
            .map(|known| known.lead_unit_id.clone())
            .unwrap_or_default(),
        "协调" => case
            .meetings
            .last()
            .map(|known| format!("{} {} {}", known.body_name, known.article, known.minutes))
            .unwrap_or_default(),
        _ => bail!("督办事项没有“{name}”"),
    })
}

#[then(regex = r#"^督办事项的"([^"]+)"(不)?包含"([^"]*)"$"#)]
async fn case_says(world: &mut Rules, name: String, not: String, words: String) -> Result<()> {
    let told = field(&world.case().await?, &name)?;
    let unit = world.who(&words).await.unwrap_or_else(|_| words.clone());
    let has = told.contains(&words) || told.contains(&unit);
    ensure!(has == not.is_empty(), "“{name}”是:{told}");
    Ok(())
}

#[then(regex = r#"^"([^"]+)"有 (\d+) 张(黄|红)牌$"#)]
async fn has_cards(world: &mut Rules, unit: String, count: usize, colour: String) -> Result<()> {
    let cards = cards_of(world, &unit, &colour).await?;
    let told: Vec<_> = cards.iter().map(|card| card.why.clone()).collect();
    ensure!(
        cards.len() == count,
        "有 {} 张:{}",
        cards.len(),
        told.join("\n\n")
    );
    Ok(())
}

#[then(regex = r#"^"([^"]+)"的最近一张(黄|红)牌是连续第 (\d+) 张[,,]缘由包含"([^"]*)"$"#)]
async fn card_says(
    world: &mut Rules,
    unit: String,
    colour: String,
    series: i32,
    words: String,
) -> Result<()> {
    let cards = cards_of(world, &unit, &colour).await?;
    let card = cards.first().context("没有亮牌")?;
    ensure!(card.series == series, "是第 {} 张:{}", card.series, card.why);
    ensure!(card.why.contains(&words), "缘由是:{}", card.why);
    Ok(())
}

async fn cards_of(
    world: &Rules,
    unit: &str,
    colour: &str,
) -> Result<Vec<hotline_proto::sla::v1::SupervisionCard>> {
    let request = ListCardsRequest {
        unit_id: world.who(unit).await?,
        colour: if colour == "黄" {
            "yellow".into()
        } else {
            "red".into()
        },
        ..ListCardsRequest::default()
    };
    Ok(world
        .watcher()?
        .supervision()
        .list_cards(request)
        .await?
        .into_inner()
        .cards)
}

#[then(regex = r#"^督办台账(?:按类别"([^"]+)")?(?:按单位"([^"]+)")?有 (\d+) 件$"#)]
async fn ledger_has(world: &mut Rules, class: String, unit: String, count: usize) -> Result<()> {
    let unit_id = if unit.is_empty() {
        String::new()
    } else {
        world.who(&unit).await?
    };
    let request = ListCasesRequest {
        class,
        unit_id,
        ..ListCasesRequest::default()
    };
    let cases = world
        .watcher()?
        .supervision()
        .list_cases(request)
        .await?
        .into_inner()
        .cases;
    let told: Vec<_> = cases
        .iter()
        .map(|case| format!("{} {}", case.number, case.class))
        .collect();
    ensure!(cases.len() == count, "有 {} 件:{}", cases.len(), told.join(";"));
    Ok(())
}

#[then("导出的督办台账是电子表格")]
async fn exports(world: &mut Rules) -> Result<()> {
    let watcher = world.watcher()?;
    let mut pieces = watcher
        .supervision()
        .export_ledger(ExportLedgerRequest::default())
        .await?
        .into_inner();
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.message().await? {
        bytes.extend(piece.content);
    }
    ensure!(
        bytes.starts_with(b"PK") && bytes.len() > 2_000,
        "不是电子表格:{} 字节",
        bytes.len()
    );
    Ok(())
}

#[then(regex = r#"^督办材料包含"([^"]*)"$"#)]
async fn material_says(world: &mut Rules, words: String) -> Result<()> {
    let case_id = world.case().await?.case_id;
    let told = world
        .watcher()?
        .supervision()
        .get_material(GetMaterialRequest { case_id })
        .await?;
    let text = told.into_inner().text;
    ensure!(text.contains(&words), "材料是:{text}");
    Ok(())
}

#[then(regex = r#"^督办规则"([^"]+)"有"([^"]+)"(?:[,,]依据"([^"]*)")?(?:[,,]内容包含"([^"]*)")?$"#)]
async fn rules_say(
    world: &mut Rules,
    kind: String,
    name: String,
    article: String,
    words: String,
) -> Result<()> {
    let city = world.stage()?.city.id.clone();
    let request = GetSupervisionRulesRequest { city };
    let rules = world
        .watcher()?
        .supervision()
        .get_supervision_rules(request)
        .await?
        .into_inner()
        .rules;
    let of_kind: Vec<_> = rules.iter().filter(|rule| rule.kind == kind).collect();
    let told: Vec<_> = of_kind
        .iter()
        .map(|rule| format!("{} {} {}", rule.code, rule.name, rule.article))
        .collect();
    let found = of_kind.iter().find(|rule| rule.code == name || rule.name == name);
    let found = found.with_context(|| format!("没有“{name}”,有:{}", told.join(";")))?;
    ensure!(
        article.is_empty() || found.article == article,
        "依据是“{}”",
        found.article
    );
    let text = format!("{} {} {}", found.name, found.text, found.words.join("、"));
    ensure!(text.contains(&words), "内容是:{text}");
    Ok(())
}
