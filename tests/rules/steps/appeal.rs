//! An appeal from its registration to its disposition.

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{then, when};
use hotline_proto::common::v1::Enterprise;
use hotline_proto::intake::v1::{
    AcceptAppealRequest, AnswerAppealRequest, Appellant, MergeAppealRequest, ReferAppealRequest,
    RegisterAppealRequest, RejectAppealRequest, TransferAppealRequest, UnmergeAppealRequest,
    UrgeAppealRequest, WithdrawAppealRequest,
};
use hotline_tests::support::clocks;
use hotline_tests::support::steps::full_reply;

use super::requests::attachments;
use crate::defaults;
use crate::table::Fields;
use crate::words;
use crate::world::Rules;

/// The note that holds the evidence of the mark shown at the last registration; empty when none was.
pub const MARK_SHOWN: &str = "登记时的来电标记";

/// Reads a registration: the table's fields over an ordinary matter of the city.
fn registration(world: &Rules, name: &str, step: &Step) -> Result<RegisterAppealRequest> {
    let mut fields = Fields::of(step)?;
    let mut request = defaults::registration(&world.stage()?.city, name)?;
    if let Some(kind) = fields.read("类型", words::appeal_type)? {
        request.r#type = kind.into();
    }
    if let Some(channel) = fields.read("渠道", words::channel)? {
        request.channel = channel.into();
    }
    if let Some(urgency) = fields.read("紧急程度", words::urgency)? {
        request.urgency = urgency.into();
    }
    let texts = [
        ("编号", &mut request.idempotency_key),
        ("类目", &mut request.category),
        ("区划", &mut request.division),
        ("标题", &mut request.title),
        ("内容", &mut request.content),
        ("地点", &mut request.incident_place),
        ("来源平台", &mut request.source),
        ("来源编号", &mut request.source_reference),
        ("热线号码", &mut request.line),
        ("座席", &mut request.seat),
    ];
    for (field, place) in texts {
        if let Some(text) = fields.take(field) {
            *place = text;
        }
    }
    request.sensitive = fields.read("敏感", words::flag)?.unwrap_or(request.sensitive);
    if let Some(labels) = fields.take("标签") {
        request.labels = labels.split('、').map(str::to_owned).collect();
    }
    if let Some(at) = fields.read("发生时间", clocks::timestamp)? {
        request.incident_time = Some(at);
    }
    request.raised_at = fields.read("提出时间", clocks::timestamp)?;
    request.appellant = Some(appellant(&mut fields, request.appellant.unwrap_or_default())?);
    fields.end()?;
    Ok(request)
}

fn appellant(fields: &mut Fields, mut appellant: Appellant) -> Result<Appellant> {
    let texts = [
        ("姓名", &mut appellant.name),
        ("电话", &mut appellant.telephone),
        ("身份证号", &mut appellant.identity_number),
        ("地址", &mut appellant.address),
    ];
    for (field, place) in texts {
        if let Some(text) = fields.take(field) {
            *place = text;
        }
    }
    let (name, credit_code) = (fields.take("企业"), fields.take("信用代码"));
    if name.is_some() || credit_code.is_some() {
        appellant.enterprise = Some(Enterprise {
            name: name.unwrap_or_default(),
            credit_code: credit_code.unwrap_or_default(),
        });
    }
    appellant.anonymous = fields.read("匿名", words::flag)?.unwrap_or_default();
    appellant.confidential = fields.read("保密", words::flag)?.unwrap_or_default();
    if appellant.anonymous {
        appellant.name.clear();
    }
    Ok(appellant)
}

#[when(regex = r#"^(坐席|班长|企服专员|系统)登记(并受理)?(?:诉求|"([^"]+)"诉求)$"#)]
async fn registers(world: &mut Rules, role: String, accept: String, name: String, step: &Step) -> Result<()> {
    let mut request = registration(world, &name, step)?;
    request.accept = !accept.is_empty();
    let person = world.stage()?.person(&role)?;
    let answer = person.intake().register_appeal(request).await;
    if let Some(answer) = world.settle(answer).await? {
        let answer = answer.into_inner();
        let mark = answer.caller_mark.as_ref();
        let mark = mark.map_or(String::new(), |mark| mark.evidence.clone());
        world.notes.insert(MARK_SHOWN.to_owned(), mark);
        world.remember(&name, answer)?;
    }
    Ok(())
}

#[when(regex = r#"^说到"([^"]+)"诉求$"#)]
async fn speaks_of(world: &mut Rules, name: String) -> Result<()> {
    world.speak_of(&name)
}

#[when(regex = r"^(坐席|班长|企服专员|督查员|领导|审核员)受理$")]
async fn accepts(world: &mut Rules, role: String) -> Result<()> {
    let request = AcceptAppealRequest {
        appeal_id: world.id()?,
        version: 0,
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .accept_appeal(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(
    regex = r#"^(坐席|班长|企服专员|督查员|领导|审核员)不予受理[,,]理由"([^"]*)"[,,]说明"([^"]*)"(?:[,,]指引"([^"]*)")?$"#
)]
async fn rejects(
    world: &mut Rules,
    role: String,
    code: String,
    explanation: String,
    guidance: String,
) -> Result<()> {
    let request = RejectAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        code,
        explanation,
        guidance,
        earlier_appeal: String::new(),
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .reject_appeal(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(坐席|班长|企服专员|督查员|领导|审核员)提请研判"([^"]*)"$"#)]
async fn refers(world: &mut Rules, role: String, question: String) -> Result<()> {
    let request = ReferAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        question,
    };
    let answer = world.stage()?.person(&role)?.intake().refer_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(
    regex = r#"^(坐席|班长|企服专员|审核员)直接解答"([^"]*)"(?:[,,]依据"([^"]*)")?(?:[,,]出处"([^"]*)")?$"#
)]
async fn answers(
    world: &mut Rules,
    role: String,
    answer: String,
    basis: String,
    source: String,
) -> Result<()> {
    let basis = if basis.is_empty() {
        "knowledge".to_owned()
    } else {
        basis
    };
    let request = AnswerAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        answer,
        reference: if !source.is_empty() {
            source
        } else if basis == "knowledge" {
            "知识库:常见问题".to_owned()
        } else {
            String::new()
        },
        basis,
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .answer_appeal(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^(坐席|班长|企服专员)一键转接"([^"]*)"(?:[,,]说明"([^"]*)")?$"#)]
async fn transfers(world: &mut Rules, role: String, target: String, note: String) -> Result<()> {
    let note = if note.is_empty() {
        "三方通话已接通,情况已转告".to_owned()
    } else {
        note
    };
    let request = TransferAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        target,
        note,
        way: 0,
    };
    let answer = world
        .stage()?
        .person(&role)?
        .intake()
        .transfer_appeal(request)
        .await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^坐席把"([^"]*)"诉求并入"([^"]*)"诉求$"#)]
async fn merges(world: &mut Rules, joined: String, into: String) -> Result<()> {
    let request = MergeAppealRequest {
        appeal_id: world.matter_named(&joined)?.id.clone(),
        version: 0,
        into_appeal_id: world.matter_named(&into)?.id.clone(),
    };
    let answer = world.callers()?.agent.intake().merge_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when("坐席拆开合并")]
async fn unmerges(world: &mut Rules) -> Result<()> {
    let request = UnmergeAppealRequest {
        appeal_id: world.id()?,
        version: 0,
    };
    let answer = world.callers()?.agent.intake().unmerge_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^诉求人催办(?:"([^"]*)")?$"#)]
async fn urges(world: &mut Rules, note: String) -> Result<()> {
    let now = world.stage()?.now();
    let request = UrgeAppealRequest {
        appeal_id: world.id()?,
        idempotency_key: format!("urge {now} {note}"),
        note,
    };
    let answer = world.callers()?.agent.intake().urge_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^诉求人撤回(?:"([^"]*)")?$"#)]
async fn withdraws(world: &mut Rules, reason: String) -> Result<()> {
    let request = WithdrawAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        reason,
    };
    let answer = world.callers()?.agent.intake().withdraw_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[then(regex = r#"^诉求状态为"([^"]*)"$"#)]
async fn appeal_stands(world: &mut Rules, state: String) -> Result<()> {
    let expected = words::appeal_state(&state)?;
    let appeal = world.callers()?.appeal(&world.id()?).await?;
    ensure!(
        appeal.state() == expected,
        "诉求是 {},不是{state}",
        appeal.state().as_str_name()
    );
    Ok(())
}

#[then(regex = r#"^诉求的"([^"]*)"(为|包含)"([^"]*)"$"#)]
async fn appeal_has(world: &mut Rules, field: String, how: String, expected: String) -> Result<()> {
    let appeal = world.callers()?.appeal(&world.id()?).await?;
    let appellant = appeal.appellant.clone().unwrap_or_default();
    let found = match field.as_str() {
        "类目" => appeal.category,
        "区划" => appeal.division,
        "标题" => appeal.title,
        "内容" => appeal.content,
        "标签" => appeal.labels.join("、"),
        "姓名" => appellant.name,
        "电话" => appellant.telephone,
        "身份证号" => appellant.identity_number,
        "企业" => appellant.enterprise.unwrap_or_default().name,
        "信用代码" => appellant.enterprise.unwrap_or_default().credit_code,
        "来源平台" => appeal.source,
        "来源编号" => appeal.source_reference,
        "不予受理理由" => appeal.reject_code,
        "处置说明" => appeal.disposition,
        "处置依据" => appeal.disposition_basis,
        "热线号码" => appeal.line,
        "座席" => appeal.seat,
        "受理人" => appeal.registered_by,
        "上报层级" => appeal.referral_level.to_string(),
        "受理范围" => appeal.scope,
        "决定岗位" => appeal.decider,
        "提出时间" => local(appeal.raised_at),
        "催办次数" => appeal.urge_count.to_string(),
        "此前诉求数" => appeal.earlier_appeals.to_string(),
        "政策" => appeal.policy_id,
        "政策版本" => appeal.policy_version,
        _ => return Err(anyhow::anyhow!("不认识的字段“{field}”")),
    };
    let holds = if how == "为" {
        found == expected
    } else {
        found.contains(&expected)
    };
    ensure!(holds, "诉求的{field}是“{found}”");
    Ok(())
}

/// Local date and minute; empty where there is none.
fn local(at: Option<prost_types::Timestamp>) -> String {
    let at = at.and_then(|at| chrono::DateTime::from_timestamp(at.seconds, 0));
    at.map_or(String::new(), |at| {
        hotline_worktime::local_time(at)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    })
}

/// A reply by the step's table over a complete one; an empty value leaves a part out.
///
/// # Errors
/// A field that is none.
pub fn reply(step: &Step) -> Result<hotline_proto::routing::v1::Reply> {
    let mut fields = Fields::of(step)?;
    let mut reply = full_reply("经核查情况属实,已责令改正,感谢您的监督。");
    let parts = [
        ("办理情况", &mut reply.action),
        ("承办处室", &mut reply.office),
        ("经办人", &mut reply.handler),
        ("办理结果", &mut reply.result),
        ("法律依据", &mut reply.legal_basis),
        ("告知方式", &mut reply.told),
        ("内部意见", &mut reply.internal_text),
        ("公开答复", &mut reply.public_text),
        ("告知途径", &mut reply.told_by),
        ("联系方式", &mut reply.contact),
        ("书面意见", &mut reply.opinion),
    ];
    for (field, place) in parts {
        if let Some(text) = fields.take(field) {
            *place = text;
        }
    }
    if let Some(at) = fields.take("办理时间") {
        reply.handled_at = if at.is_empty() {
            None
        } else {
            Some(clocks::timestamp(&at)?)
        };
    }
    reply.evidence = fields.take("佐证").map(attachments).unwrap_or_default();
    fields.end().context("答复")?;
    Ok(reply)
}
