//! A year's arrangement comes while orders are handled.

use chrono::{DateTime, Utc};
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_proto::routing::v1::{self, ExtensionDecided};
use hotline_proto::sla::v1::CalendarImported;
use hotline_routing::Desk;
use hotline_runtime::testing;
use prost::{Message, Name};

use crate::house::{HOUSING, House, asked, clerk, dispatcher, house, reviewer, routing_on};

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// The arrangement of 2026 with Monday, 9 March, off.
fn imported() -> CalendarImported {
    let path = testing::workspace_dir().join("deploy/calendars/2026.toml");
    let text = std::fs::read_to_string(path).expect("the year is shipped");
    CalendarImported {
        version: 1,
        year: 2026,
        toml: format!("{text}\n[[festival]]\nname = \"停工\"\nholidays = [2026-03-09]\n"),
        actor: "u-operator".into(),
    }
}

async fn due(desk: &Desk, id: uuid::Uuid) -> DateTime<Utc> {
    let order = v1::GetOrderRequest {
        order: id.to_string(),
    };
    let order = desk.get_order(asked(&reviewer(), order)).await.expect("found");
    let leg = order.into_inner().order.expect("an order").legs.remove(0);
    let due = leg.due_at.expect("a due time");
    DateTime::from_timestamp(due.seconds, 0).expect("an instant")
}

async fn extensions(house: &House) -> Vec<ExtensionDecided> {
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT payload FROM outbox WHERE type = $1 ORDER BY id, place")
            .bind(ExtensionDecided::full_name())
            .fetch_all(house.bus.pool())
            .await
            .expect("the outbox");
    let read = |row: &Vec<u8>| ExtensionDecided::decode(row.as_slice()).expect("it decodes");
    rows.iter().map(read).collect()
}

#[tokio::test]
async fn a_calendar_that_came_moves_the_leg_and_what_may_be_asked_of_it() {
    let house = house().await;
    let id = house.sent(&[]).await;
    let (order_id, leg_id) = (id.to_string(), house.leg(id, HOUSING).await);
    let unit = clerk(HOUSING);
    let sign = v1::SignLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
    };
    house.desk.sign_leg(asked(&unit, sign)).await.expect("signed");
    assert_eq!(due(&house.desk, id).await, instant("2026-03-09T09:30:00Z"));

    house.hear(imported()).await;
    house.hear(imported()).await;
    assert_eq!(due(&house.desk, id).await, instant("2026-03-10T09:30:00Z"));
    // A process that starts after it, and one that did not hear of it itself.
    let other = routing_on(&house.bus);
    assert!(other.refresh().await.expect("read") && !other.refresh().await.expect("read"));
    assert_eq!(due(&Desk::new(other), id).await, instant("2026-03-10T09:30:00Z"));

    // By the calendar before it would be too late.
    house.clock.advance_to(instant("2026-03-10T09:00:00Z"));
    let ask = v1::RequestExtensionRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        reason: "待鉴定".into(),
        amount: "1 working day".into(),
        ..v1::RequestExtensionRequest::default()
    };
    house
        .desk
        .request_extension(asked(&unit, ask))
        .await
        .expect("asked");
    let grant = v1::DecideExtensionRequest {
        order_id,
        leg_id,
        version: 0,
        granted: true,
        reason: "属实".into(),
    };
    house
        .desk
        .decide_extension(asked(&dispatcher(), grant))
        .await
        .expect("granted");
    assert_eq!(due(&house.desk, id).await, instant("2026-03-11T09:30:00Z"));
    let told = extensions(&house).await;
    assert_eq!(told.iter().map(|told| told.calendar).collect::<Vec<_>>(), [1]);
}
