//! The directory of member units and the head of the policy, as the platform tells them.

use anyhow::{Result, bail, ensure};
use cucumber::then;
use hotline_proto::intake::v1::GetIntakeGuideRequest;
use hotline_proto::routing::v1::{ListUnitsRequest, MemberUnit};

use crate::world::Rules;

async fn units(world: &Rules) -> Result<Vec<MemberUnit>> {
    let dispatcher = &world.callers()?.dispatcher;
    let answer = dispatcher.routing().list_units(ListUnitsRequest {}).await?;
    Ok(answer.into_inner().units)
}

async fn unit(world: &Rules, name: &str) -> Result<MemberUnit> {
    let id = world.stage()?.unit(name)?;
    let found = units(world).await?.into_iter().find(|unit| unit.unit_id == id);
    found.ok_or_else(|| anyhow::anyhow!("名录里没有“{name}”"))
}

fn flag(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

/// What the directory says of a unit under a name that people use.
fn field(unit: &MemberUnit, all: &[MemberUnit], name: &str) -> Result<String> {
    let named = |id: &str| {
        let found = all.iter().find(|other| other.unit_id == id);
        found.map(|other| other.name.clone()).unwrap_or_default()
    };
    let team = || {
        let team = unit.team.as_ref()?;
        Some(format!("{}、{}、{}", team.accept, team.handle, team.feedback))
    };
    Ok(match name {
        "名称" => unit.name.clone(),
        "类别" => unit.kind.clone(),
        "层级" => unit.level.clone(),
        "区划" => unit.division.clone(),
        "上级" => named(&unit.parent_id),
        "主要负责人" => unit.principal.clone(),
        "分管领导" => unit.leader.clone(),
        "业务处室" => unit.section.clone(),
        "责任人" => unit.responsible.clone(),
        "值班" => unit.off_hours.clone(),
        "受理转办员" => unit.clerks.join("、"),
        "专班" => team().unwrap_or_default(),
        "政策专员" => unit.specialists.join("、"),
        "监管部门" => named(&unit.oversight_unit_id),
        "垂管" => flag(unit.vertical),
        "涉企" => flag(unit.enterprise_related),
        "热线主管部门" => unit.hotline_authority.clone(),
        "服务清单" => unit.services.join("、"),
        _ => bail!("名录没有“{name}”一栏"),
    })
}

fn holding<'u>(all: &'u [MemberUnit], name: &str, value: &str) -> Result<Vec<&'u MemberUnit>> {
    let mut found = Vec::new();
    for unit in all {
        if field(unit, all, name)? == value {
            found.push(unit);
        }
    }
    Ok(found)
}

#[then(regex = r#"^单位"([^"]+)"的"([^"]+)"(为|包含)"([^"]*)"$"#)]
async fn a_unit_says(
    world: &mut Rules,
    name: String,
    column: String,
    how: String,
    words: String,
) -> Result<()> {
    let all = units(world).await?;
    let told = field(&unit(world, &name).await?, &all, &column)?;
    let right = if how == "为" {
        told == words
    } else {
        told.contains(&words)
    };
    ensure!(right, "“{name}”的{column}是“{told}”");
    Ok(())
}

#[then(regex = r#"^名录中"([^"]+)"为"([^"]+)"的单位(至少)?有 ?(\d+) ?个$"#)]
async fn so_many(
    world: &mut Rules,
    column: String,
    value: String,
    least: String,
    number: usize,
) -> Result<()> {
    let all = units(world).await?;
    let found = holding(&all, &column, &value)?.len();
    let right = found == number || (!least.is_empty() && found > number);
    ensure!(right, "{column}为{value}的单位有 {found} 个");
    Ok(())
}

/// All units, or those of one kind, fill in these columns.
#[then(regex = r#"^名录中(?:"([^"]+)"为"([^"]+)"的)?每个单位都有"([^"]+)"$"#)]
async fn each_has(world: &mut Rules, column: String, value: String, columns: String) -> Result<()> {
    let all = units(world).await?;
    let asked = if column.is_empty() {
        all.iter().collect()
    } else {
        holding(&all, &column, &value)?
    };
    ensure!(!asked.is_empty(), "名录里没有这样的单位");
    for unit in asked {
        for column in columns.split('、') {
            ensure!(
                !field(unit, &all, column)?.is_empty(),
                "“{}”没有{column}",
                unit.name
            );
        }
    }
    Ok(())
}

/// Of several entries in one column, separated by 、.
#[then(regex = r#"^单位"([^"]+)"有 ?(\d+) ?名(政策专员|受理转办员)$"#)]
async fn so_many_posts(world: &mut Rules, name: String, number: usize, column: String) -> Result<()> {
    let unit = unit(world, &name).await?;
    let found = if column == "政策专员" {
        unit.specialists
    } else {
        unit.clerks
    }
    .len();
    ensure!(found == number, "“{name}”有 {found} 名{column}");
    Ok(())
}

#[then(regex = r#"^现行政策的"(编号|名称|文号|施行日期|上位文件|上位政策)"为"([^"]*)"$"#)]
async fn the_policy_is(world: &mut Rules, column: String, words: String) -> Result<()> {
    let agent = &world.callers()?.agent;
    let guide = agent.intake().get_intake_guide(GetIntakeGuideRequest {}).await?;
    let guide = guide.into_inner();
    let told = match column.as_str() {
        "编号" => guide.policy_id,
        "名称" => guide.title,
        "文号" => guide.document,
        "施行日期" => guide.effective_from,
        "上位文件" => guide.rests_on.join("、"),
        _ => guide.parents.join("、"),
    };
    ensure!(told == words, "现行政策的{column}是“{told}”");
    Ok(())
}
