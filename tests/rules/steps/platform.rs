//! A city's platform at a time, and time that passes.

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use cucumber::gherkin::Step;
use cucumber::{given, when};
use hotline_tests::support::clocks;
use hotline_worktime::{Limit, Unit};

use crate::stage::{self, Stage};
use crate::world::Rules;

/// Cities as scenarios call them, and their folders in `deploy/cities`.
const CITIES: &[(&str, &str)] = &[
    ("徐州", "xuzhou"),
    ("江苏", "jiangsu"),
    ("南昌", "nanchang"),
    ("扬州", "yangzhou"),
    ("如皋", "rugao"),
    ("峄城", "yicheng"),
];

/// How scenarios measure time.
const UNITS: &[(&str, Unit)] = &[
    ("分钟", Unit::Minute),
    ("小时", Unit::Hour),
    ("个工作分钟", Unit::WorkingMinute),
    ("个工作小时", Unit::WorkingHour),
    ("个工作日", Unit::WorkingDay),
    ("个自然日", Unit::NaturalDay),
    ("个月", Unit::Month),
];

/// The folder of a city.
///
/// # Errors
/// There is none.
pub fn city(name: &str) -> Result<&'static str> {
    let found = CITIES
        .iter()
        .find(|(zh, _)| *zh == name)
        .map(|(_, folder)| *folder);
    found.ok_or_else(|| anyhow::anyhow!("没有城市“{name}”"))
}

/// A limit in Chinese, "3个工作日".
///
/// # Errors
/// It is none.
pub fn limit(text: &str) -> Result<Limit> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let found = UNITS.iter().find(|(zh, _)| *zh == unit);
    let (_, unit) = found.ok_or_else(|| anyhow::anyhow!("“{text}”不是期限,应如“3个工作日”"))?;
    ensure!(!digits.is_empty(), "“{text}”没有数量");
    Ok(Limit::new(digits.parse()?, *unit))
}

#[given(regex = r"^(徐州|江苏|南昌|扬州|如皋|峄城)平台[,,]现在是 (\d{4}-\d\d-\d\d \d\d:\d\d)$")]
async fn a_platform(world: &mut Rules, name: String, now: String) -> Result<()> {
    world.open(city(&name)?, clocks::at(&now)?).await
}

/// The step's text is a file of the city's folder beside those of `deploy/cities`.
#[given(
    regex = r#"^(徐州|江苏|南昌|扬州|如皋|峄城)平台[,,]现在是 (\d{4}-\d\d-\d\d \d\d:\d\d)[,,]另有文件"([^"]+)"$"#
)]
async fn a_platform_with(
    world: &mut Rules,
    name: String,
    now: String,
    file: String,
    step: &Step,
) -> Result<()> {
    let text = step.docstring.as_deref().context("这一步要有文件的内容")?;
    let (city, now) = (city(&name)?, clocks::at(&now)?);
    let library = stage::library_with(city, &file, text.trim_start())?;
    world.take(Stage::open_with(city, now, library, stage::calendar()?).await?);
    Ok(())
}

#[when(regex = r"^时间到了 (\d{4}-\d\d-\d\d \d\d:\d\d)$")]
async fn the_time_is(world: &mut Rules, to: String) -> Result<()> {
    let to = clocks::at(&to)?;
    world.stage()?.advance_to(to).await
}

#[when(regex = r"^(\d+(?:分钟|小时|个工作分钟|个工作小时|个工作日|个自然日|个月))过去$")]
async fn time_passes(world: &mut Rules, by: String) -> Result<()> {
    let stage = world.stage()?;
    // A limit's last instant is in time: what has passed lies a second behind it.
    let end = stage.after(limit(&by)?)? + TimeDelta::seconds(1);
    stage.advance_to(end).await
}
