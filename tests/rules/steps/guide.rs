//! The guide of the register: the lists of the city that registration obeys.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::then;
use hotline_policy::{
    AppealType, Channel, IdentityField, IdentityMode, LineMode, Post, RedirectKind, SeatKind, TransferWay,
};
use hotline_proto::intake::v1::{GetIntakeGuideRequest, GetIntakeGuideResponse};

use crate::table;
use crate::world::Rules;

/// One item of a list, a text by column.
type Item = BTreeMap<&'static str, String>;

async fn guide(world: &Rules) -> Result<GetIntakeGuideResponse> {
    let agent = world.stage()?.person("坐席")?;
    let answer = agent.intake().get_intake_guide(GetIntakeGuideRequest {}).await?;
    Ok(answer.into_inner())
}

fn item<const N: usize>(columns: [(&'static str, String); N]) -> Item {
    columns.into_iter().collect()
}

/// The Chinese word of a value of the contract, which numbers the words from 1.
fn zh<T: Copy>(all: &[T], value: i32, zh: impl Fn(T) -> &'static str) -> String {
    let place = usize::try_from(value - 1).ok();
    let word = place.and_then(|place| all.get(place));
    word.map_or(String::new(), |word| zh(*word).to_owned())
}

fn each<T: Copy>(all: &[T], values: &[i32], name: impl Fn(T) -> &'static str + Copy) -> String {
    let words: Vec<_> = values.iter().map(|value| zh(all, *value, name)).collect();
    words.join("、")
}

/// The Chinese name of a word of the policy.
fn named<T: std::str::FromStr>(word: &str, name: impl Fn(T) -> &'static str) -> String {
    word.parse()
        .map_or(word.to_owned(), |known| name(known).to_owned())
}

fn types(values: &[i32]) -> String {
    each(AppealType::ALL, values, AppealType::zh)
}

fn channel(value: i32) -> String {
    zh(Channel::ALL, value, Channel::zh)
}

fn flag(flag: bool) -> String {
    if flag { "是" } else { "否" }.to_owned()
}

fn fields(words: &[String]) -> String {
    let names: Vec<_> = words.iter().map(|word| named(word, IdentityField::zh)).collect();
    names.join("、")
}

/// The items of a section.
fn items(guide: GetIntakeGuideResponse, section: &str) -> Result<Vec<Item>> {
    Ok(match section {
        "受理范围" | "不予受理" | "实名事项" | "实名登记" | "类目" => {
            of_scope(guide, section)
        }
        "转接号码" | "渠道" | "来源平台" | "热线" | "座席" => of_doors(guide, section),
        _ => anyhow::bail!("受理指南没有“{section}”"),
    })
}

fn of_scope(guide: GetIntakeGuideResponse, section: &str) -> Vec<Item> {
    match section {
        "受理范围" => guide
            .accepts
            .into_iter()
            .map(|of| {
                item([
                    ("代码", of.code),
                    ("名称", of.name),
                    ("依据", of.article),
                    ("类型", types(&of.types)),
                ])
            })
            .collect(),
        "不予受理" => guide
            .rejects
            .into_iter()
            .map(|of| {
                let (words, go) = (("说明", of.words), ("去处", of.go));
                let repeat = ("指明原诉求", flag(of.repeat));
                item([
                    ("代码", of.code),
                    ("名称", of.name),
                    words,
                    go,
                    repeat,
                    ("依据", of.article),
                ])
            })
            .collect(),
        "实名事项" => guide
            .real_names
            .into_iter()
            .map(|of| {
                item([
                    ("名称", of.name),
                    ("须提供", fields(&of.requires)),
                    ("依据", of.article),
                ])
            })
            .collect(),
        "实名登记" => guide
            .identity
            .into_iter()
            .map(|of| {
                let mode = ("方式", named(&of.mode, IdentityMode::zh));
                item([
                    mode,
                    ("个人", fields(&of.person)),
                    ("企业", fields(&of.enterprise)),
                    ("依据", of.article),
                ])
            })
            .collect(),
        _ => guide
            .categories
            .into_iter()
            .map(|of| item([("代码", of.code), ("名称", of.name)]))
            .collect(),
    }
}

fn of_doors(guide: GetIntakeGuideResponse, section: &str) -> Vec<Item> {
    match section {
        "转接号码" => guide
            .redirects
            .into_iter()
            .map(|of| {
                let kind = ("类别", named(&of.kind, RedirectKind::zh));
                let ways = ("方式", each(TransferWay::ALL, &of.ways, TransferWay::zh));
                item([
                    ("号码", of.number),
                    ("名称", of.name),
                    kind,
                    ways,
                    ("依据", of.article),
                ])
            })
            .collect(),
        "渠道" => guide
            .channels
            .into_iter()
            .map(|of| {
                let known = ("渠道", channel(of.channel));
                item([known, ("名称", of.name), ("时间", of.hours), ("依据", of.article)])
            })
            .collect(),
        "来源平台" => guide
            .platforms
            .into_iter()
            .map(|of| {
                item([
                    ("代码", of.code),
                    ("名称", of.name),
                    ("渠道", channel(of.channel)),
                    ("依据", of.article),
                ])
            })
            .collect(),
        "热线" => guide
            .lines
            .into_iter()
            .map(|of| {
                let mode = ("方式", named(&of.mode, LineMode::zh));
                item([
                    ("号码", of.number),
                    ("名称", of.name),
                    mode,
                    ("去处", of.go),
                    ("依据", of.article),
                ])
            })
            .collect(),
        _ => guide
            .seats
            .into_iter()
            .map(|of| {
                let kind = ("类别", named(&of.kind, SeatKind::zh));
                item([
                    ("代码", of.code),
                    ("名称", of.name),
                    kind,
                    ("语音导航", of.menu),
                    ("依据", of.article),
                ])
            })
            .collect(),
    }
}

fn told(items: &[Item]) -> String {
    items
        .iter()
        .map(|item| format!("{item:?}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// True when the item has every cell of the row; a cell ending in … is a beginning.
fn fits(item: &Item, row: &BTreeMap<String, String>) -> Result<bool> {
    for (column, expected) in row {
        let found = item
            .get(column.as_str())
            .with_context(|| format!("没有“{column}”这一列"))?;
        let same = match expected.strip_suffix('…') {
            Some(beginning) => found.starts_with(beginning),
            None => found == expected,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

#[then(regex = r#"^受理指南的"([^"]+)"(只)?列有$"#)]
async fn guide_lists(world: &mut Rules, section: String, only: String, step: &Step) -> Result<()> {
    let items = items(guide(world).await?, &section)?;
    let rows = table::rows(step)?;
    for row in &rows {
        let mut found = false;
        for item in &items {
            found |= fits(item, row)?;
        }
        ensure!(found, "{section}没有{row:?};现有:\n{}", told(&items));
    }
    ensure!(
        only.is_empty() || rows.len() == items.len(),
        "{section}共有{}项:\n{}",
        items.len(),
        told(&items)
    );
    Ok(())
}

#[then(regex = r#"^受理指南的"([^"]+)"没有"([^"]+)"$"#)]
async fn guide_lacks(world: &mut Rules, section: String, word: String) -> Result<()> {
    let items = items(guide(world).await?, &section)?;
    let has = items.iter().any(|item| item.values().any(|value| *value == word));
    ensure!(!has, "{section}列有“{word}”");
    Ok(())
}

#[then(regex = r#"^上报层级依次为"([^"]+)"$"#)]
async fn levels_are(world: &mut Rules, expected: String) -> Result<()> {
    let levels = guide(world).await?.referral_levels;
    let names: Vec<_> = levels.iter().map(|word| named(word, Post::zh)).collect();
    ensure!(names.join("、") == expected, "上报层级是{}", names.join("、"));
    Ok(())
}
