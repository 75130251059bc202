//! An ordinary matter of a city, for scenarios that say only what they are about.

use anyhow::{Context, Result};
use hotline_policy::{City, Desk, Level, Matter};
use hotline_proto::common::v1::{AppealType, Channel};
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};

/// Where and about what: a category that one unit handles alone, in a division below the city's own where there is one.
fn place(city: &City) -> Result<(String, String)> {
    let order = |level: Level| match level {
        Level::Town => 0,
        Level::County => 1,
        _ => 2,
    };
    let division = city.divisions.iter().min_by_key(|division| order(division.level));
    let division = division.context("a city has divisions")?.code.clone();
    let alone = |code: &str| {
        let matter = Matter::new(hotline_policy::AppealType::Help, Desk::Hotline, code, &division);
        let sent = city.dispatch(&matter);
        sent.is_some_and(|sent| sent.co_handlers.is_empty() && !sent.lead.is_territorial())
    };
    let leaf = |code: &str| {
        let mut others = city.catalogue.categories();
        !others.any(|other| other.parent() == Some(code))
    };
    let known = || city.catalogue.categories().map(|category| category.code.as_str());
    let pricing = known().find(|code| *code == "market.price" && alone(code));
    let category = pricing
        .or_else(|| known().find(|code| leaf(code) && alone(code)))
        .or_else(|| known().find(|code| leaf(code)));
    Ok((category.context("a city has categories")?.to_owned(), division))
}

/// A registration by telephone of somebody who asks for help; `name` keeps several apart.
///
/// # Errors
/// The city has no division or no category.
pub fn registration(city: &City, name: &str) -> Result<RegisterAppealRequest> {
    let (category, division) = place(city)?;
    Ok(RegisterAppealRequest {
        idempotency_key: format!("scenario {name}"),
        r#type: AppealType::Help.into(),
        channel: Channel::Telephone.into(),
        category,
        division,
        title: format!("停车场收费标准与公示不一致{name}"),
        content: "商场停车场公示每小时三元,实际按五元收取,请核实并说明应按哪个标准。".into(),
        incident_place: "环城路示例商场地下停车场".into(),
        appellant: Some(Appellant {
            name: "许知远".into(),
            telephone: "15405160001".into(),
            ..Appellant::default()
        }),
        ..RegisterAppealRequest::default()
    })
}
