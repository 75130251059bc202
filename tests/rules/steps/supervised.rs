//! Supervision as it is seen: cases, documents, cards, the ledger, material, and what the policy says on them.

use anyhow::{Context, Result, bail, ensure};
use cucumber::then;
use hotline_proto::sla::v1::{
    CaseState, ExportLedgerRequest, GetMaterialRequest, GetSupervisionRulesRequest, ListCardsRequest,
    ListCasesRequest, SupervisionCase,
};

use crate::world::Rules;

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
