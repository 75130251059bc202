//! What the desk does with a difficult, repeated or urgent appeal: specialists, earlier appeals, ways of transfer.

use anyhow::{Context, Result, ensure};
use cucumber::{then, when};
use hotline_policy::TransferWay;
use hotline_proto::intake::v1::{
    self as proto, AnswerAppealRequest, EarlierAppeal, ListEarlierAppealsRequest, RejectAppealRequest,
    SubmitToSpecialistRequest, TransferAppealRequest,
};

use crate::world::Rules;

#[when(regex = r#"^坐席以"([^"]+)"方式转接"([^"]*)"[,,]说明"([^"]*)"$"#)]
async fn transfers_by(world: &mut Rules, way: String, target: String, note: String) -> Result<()> {
    let place = TransferWay::ALL.iter().position(|known| known.zh() == way);
    let place = place.with_context(|| format!("没有“{way}”这种方式"))?;
    let request = TransferAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        target,
        note,
        way: i32::try_from(place + 1)?,
    };
    let answer = world.callers()?.agent.intake().transfer_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^坐席不予受理[,,]理由"([^"]*)"[,,]说明"([^"]*)"[,,]原诉求"([^"]*)"$"#)]
async fn rejects_repeat(world: &mut Rules, code: String, explanation: String, earlier: String) -> Result<()> {
    let request = RejectAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        code,
        explanation,
        guidance: String::new(),
        earlier_appeal: world.matter_named(&earlier)?.number.clone(),
    };
    let answer = world.callers()?.agent.intake().reject_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^坐席直接解答"([^"]*)"[,,]依据"([^"]*)"[,,]不注明出处$"#)]
async fn answers_without_source(world: &mut Rules, answer: String, basis: String) -> Result<()> {
    let request = AnswerAppealRequest {
        appeal_id: world.id()?,
        version: 0,
        answer,
        basis,
        reference: String::new(),
    };
    let answer = world.callers()?.agent.intake().answer_appeal(request).await;
    world.settle(answer).await.map(drop)
}

#[when(regex = r#"^坐席提交专岗审核"([^"]*)"$"#)]
async fn submits(world: &mut Rules, question: String) -> Result<()> {
    let request = SubmitToSpecialistRequest {
        appeal_id: world.id()?,
        version: 0,
        question,
    };
    let answer = world
        .callers()?
        .agent
        .intake()
        .submit_to_specialist(request)
        .await;
    world.settle(answer).await.map(drop)
}

async fn candidates(world: &Rules) -> Result<Vec<EarlierAppeal>> {
    let request = ListEarlierAppealsRequest {
        appeal_id: world.id()?,
    };
    let answer = world
        .callers()?
        .agent
        .intake()
        .list_earlier_appeals(request)
        .await?;
    Ok(answer.into_inner().candidates)
}

fn told(candidates: &[EarlierAppeal]) -> String {
    let one = |candidate: &EarlierAppeal| {
        let title = candidate
            .appeal
            .as_ref()
            .map_or("", |appeal| appeal.title.as_str());
        let answered = if candidate.answered {
            "已答复"
        } else {
            "未答复"
        };
        format!("{title} 相似{} {answered}", candidate.likeness)
    };
    candidates.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[then(regex = r#"^此前诉求首先列出"([^"]+)"[,,]相似度(不低于|低于)(\d+)[,,](已答复|未答复)$"#)]
async fn offers_first(
    world: &mut Rules,
    name: String,
    how: String,
    likeness: i32,
    answered: String,
) -> Result<()> {
    let candidates = candidates(world).await?;
    let expected = world.matter_named(&name)?.id.clone();
    let first = candidates.first().context("没有列出此前诉求")?;
    let same = first
        .appeal
        .as_ref()
        .is_some_and(|appeal| appeal.appeal_id == expected);
    let alike = (first.likeness >= likeness) == (how == "不低于");
    let replied = first.answered == (answered == "已答复");
    ensure!(same && alike && replied, "此前诉求是:\n{}", told(&candidates));
    Ok(())
}

#[then(regex = r"^此前诉求列出(\d+)件$")]
async fn offers(world: &mut Rules, count: usize) -> Result<()> {
    let candidates = candidates(world).await?;
    ensure!(candidates.len() == count, "此前诉求是:\n{}", told(&candidates));
    Ok(())
}

#[then("没有生成工单")]
async fn has_no_order(world: &mut Rules) -> Result<()> {
    let id = world.id()?;
    let order = world.callers()?.find_order(&id).await?;
    ensure!(order.is_none(), "生成了工单");
    Ok(())
}

#[then(regex = r"^诉求台账共有(\d+)件$")]
async fn register_holds(world: &mut Rules, count: usize) -> Result<()> {
    let request = proto::ListAppealsRequest {
        page_size: 200,
        ..Default::default()
    };
    let answer = world.callers()?.agent.intake().list_appeals(request).await?;
    let found = answer.into_inner().appeals.len();
    ensure!(found == count, "诉求台账共有{found}件");
    Ok(())
}
