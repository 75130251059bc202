//! The names of people: who learns whose, and that nothing else is told.

use hotline_proto::gateway::v1::{ListNamesRequest, ListNamesResponse, LockAccountRequest, PersonName};

use crate::browser::Browser;
use crate::stage::Stage;

const LIST_NAMES: &str = "hotline.gateway.v1.DirectoryService/ListNames";

async fn ask(browser: &mut Browser, ids: &[&str]) -> Result<Vec<PersonName>, i32> {
    let request = ListNamesRequest {
        account_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    let told: ListNamesResponse = browser.call(LIST_NAMES, &request).await?;
    Ok(told.people)
}

fn called(asked: &str, of_unit: bool) -> PersonName {
    let (unit_id, unit_name) = if of_unit {
        ("xz-education", "市教育局")
    } else {
        ("", "")
    };
    PersonName {
        account_id: asked.into(),
        name: "张三".into(),
        unit_id: unit_id.into(),
        unit_name: unit_name.into(),
    }
}

#[tokio::test]
async fn the_platforms_people_learn_every_name_and_a_units_people_those_of_their_unit() {
    let stage = Stage::open().await;
    let (dispatcher, mut platform) = stage.signed_in("zhang.san", "dispatcher").await;
    let (clerk, mut unit) = stage.signed_in("li.si", "unit_clerk").await;
    let (left, _) = stage.account("wang.wu", "reviewer").await;
    let lock = LockAccountRequest {
        account_id: left.id.clone(),
        reason: "离岗".into(),
    };
    stage.accounts().lock_account(lock).await.expect("locks");

    let asked: [&str; 7] = [
        &dispatcher.id,
        &clerk.id,
        &left.id,
        "li.si",
        "u-999999",
        "sla-timer",
        "'; drop table account",
    ];
    let mut all = vec![
        called(&dispatcher.id, false),
        called(&clerk.id, true),
        called(&left.id, false),
        called("li.si", true),
    ];
    all.sort_by(|one, other| one.account_id.cmp(&other.account_id));
    assert_eq!(ask(&mut platform, &asked).await, Ok(all));
    let mut own = vec![called("li.si", true), called(&clerk.id, true)];
    own.sort_by(|one, other| one.account_id.cmp(&other.account_id));
    assert_eq!(ask(&mut unit, &asked).await, Ok(own));

    let most: Vec<String> = (0..101).map(|number| format!("u-{number}")).collect();
    let most: Vec<&str> = most.iter().map(String::as_str).collect();
    assert_eq!(ask(&mut platform, &most).await, Err(3));
    assert_eq!(ask(&mut platform, &[]).await, Err(3));
    assert_eq!(ask(&mut platform, &most[1..]).await, Ok(Vec::new()));
    assert_eq!(ask(&mut stage.browser(), &asked).await, Err(16));
}
