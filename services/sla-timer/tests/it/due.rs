//! Orders by what is due first, and the clocks of a page of orders: whole, in order, and by whom they may be seen.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hotline_proto::common::v1::{AppealType, LegKind};
use hotline_proto::routing::v1::OrderOpened;
use hotline_proto::sla::v1::sla_timer_service_server::SlaTimerService;
use hotline_proto::sla::v1::{
    Clock, ClockState, ListClocksRequest, ListDueClocksRequest, ListOpenClocksRequest,
};
use hotline_runtime::Caller;
use hotline_sla_timer::Desk;
use sqlx::Connection;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::house::{House, facts, leg_sent};

/// What fills the columns of clocks that were armed before there were such columns.
const MIGRATION: &str = include_str!("../../migrations/0110_due.sql");

fn by<T>(caller: &Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Arc::new(caller.clone()));
    request
}

fn dispatcher() -> Caller {
    Caller::new("u-1", &["dispatcher"])
}

fn clerk(unit: &str) -> Caller {
    Caller::new("u-2", &["unit_clerk"]).of_unit(unit)
}

fn desk(house: &House) -> Desk {
    let sla = Arc::clone(house.sla());
    Desk { sla }
}

/// Orders in the pool and with two units, of several kinds and places; some of their clocks have run out.
async fn filled() -> House {
    let house = House::at("2026-11-03 10:00").await;
    let kinds = [AppealType::Help, AppealType::Complaint, AppealType::Consult];
    for n in 0..24_usize {
        let mut told = facts(house.sla().bus.new_id());
        told.r#type = kinds[n % kinds.len()].into();
        told.division = if n % 4 == 0 {
            "320303007".into()
        } else {
            "320302".into()
        };
        if n % 5 == 0 {
            told.labels.push("enterprise".into());
        }
        let opened = OrderOpened {
            facts: Some(told.clone()),
        };
        house.hear(opened).await.expect("heard");
        house.clock.advance(Duration::from_secs(600));
        if n % 2 == 0 {
            let mut sent = leg_sent(&told, LegKind::Lead);
            if n % 6 == 0 {
                sent.leg.as_mut().expect("a leg").unit_id = "xz-water".into();
            }
            house.hear(sent).await.expect("heard");
        }
    }
    house.clock.advance(Duration::from_secs(26 * 3_600));
    let ran_out = "UPDATE clock SET state = 3, next_at = NULL WHERE state = 1 AND due_at < $1";
    let now = house.sla().bus.now();
    let query = sqlx::query(ran_out).bind(now);
    let changed = query.execute(house.sla().bus.pool()).await.expect("they run out");
    assert!(changed.rows_affected() > 5, "{changed:?}");
    house
}

fn due_of(clock: &Clock) -> (i64, i32, String) {
    let facts = clock.facts.clone().expect("facts");
    let at = facts.due_at.expect("a due time");
    (at.seconds, at.nanos, facts.clock_id)
}

fn order_of(clock: &Clock) -> String {
    clock.order.clone().expect("an order").order_id
}

/// Every open clock, by ListClocks.
async fn open(house: &House) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for state in [ClockState::Armed, ClockState::Breached] {
        let mut request = ListClocksRequest {
            state: state.into(),
            page_size: 200,
            ..Default::default()
        };
        loop {
            let page = desk(house)
                .list_clocks(by(&dispatcher(), request.clone()))
                .await
                .expect("a page")
                .into_inner();
            clocks.extend(page.clocks);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
    }
    clocks
}

/// Every page of a list of what is due.
async fn due(house: &House, caller: &Caller, mut request: ListDueClocksRequest) -> Vec<Clock> {
    let mut clocks = Vec::new();
    request.page_size = 5;
    loop {
        let page = desk(house)
            .list_due_clocks(by(caller, request.clone()))
            .await
            .expect("a page")
            .into_inner();
        assert!(page.clocks.len() <= 5);
        clocks.extend(page.clocks);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return clocks;
        }
    }
}

/// What the list must be: of each order the nearest of the clocks that pass, worst first.
fn nearest(clocks: &[Clock], passes: impl Fn(&Clock) -> bool) -> Vec<(i64, i32, String)> {
    let mut first = BTreeMap::new();
    for clock in clocks.iter().filter(|clock| passes(clock)) {
        let known = first.entry(order_of(clock)).or_insert_with(|| due_of(clock));
        let key = due_of(clock);
        if key < *known {
            *known = key;
        }
    }
    let mut found: Vec<_> = first.into_values().collect();
    found.sort();
    found
}

fn owed_by(clock: &Clock, unit: &str) -> bool {
    clock.facts.as_ref().is_some_and(|facts| facts.unit_id == unit)
}

fn is(clock: &Clock, obligation: &str) -> bool {
    clock
        .facts
        .as_ref()
        .is_some_and(|facts| facts.obligation == obligation)
}

#[tokio::test]
async fn orders_stand_by_their_nearest_duty_worst_first() {
    let house = filled().await;
    let clocks = open(&house).await;
    let duty = |clock: &Clock| !is(clock, "return_window");
    let plain = ListDueClocksRequest::default;
    type Passes<'a> = Box<dyn Fn(&Clock) -> bool + 'a>;
    let cases: [(ListDueClocksRequest, Passes<'_>); 8] = [
        (plain(), Box::new(duty)),
        (
            ListDueClocksRequest {
                platform: true,
                obligations: vec!["pre_review".into(); 2],
                ..plain()
            },
            Box::new(|clock| is(clock, "pre_review") && owed_by(clock, "")),
        ),
        (
            ListDueClocksRequest {
                platform: true,
                ..plain()
            },
            Box::new(|clock| owed_by(clock, "")),
        ),
        (
            ListDueClocksRequest {
                unit_id: "xz-urban".into(),
                ..plain()
            },
            Box::new(|clock| duty(clock) && owed_by(clock, "xz-urban")),
        ),
        (
            ListDueClocksRequest {
                state: ClockState::Breached.into(),
                ..plain()
            },
            Box::new(|clock| duty(clock) && clock.state() == ClockState::Breached),
        ),
        (
            ListDueClocksRequest {
                r#type: AppealType::Complaint.into(),
                division: "320303".into(),
                ..plain()
            },
            Box::new(|clock| {
                let order = clock.order.clone().expect("an order");
                duty(clock) && order.r#type() == AppealType::Complaint && order.division.starts_with("320303")
            }),
        ),
        (
            ListDueClocksRequest {
                enterprise: true,
                ..plain()
            },
            Box::new(|clock| duty(clock) && !clock.order.clone().expect("an order").labels.is_empty()),
        ),
        (
            ListDueClocksRequest {
                obligations: vec!["sign".into(), "contact".into()],
                ..plain()
            },
            Box::new(|clock| is(clock, "sign") || is(clock, "contact")),
        ),
    ];
    for (request, passes) in cases {
        let wanted = nearest(&clocks, passes);
        assert!(!wanted.is_empty(), "{request:?}");
        let found = due(&house, &dispatcher(), request.clone()).await;
        let found: Vec<_> = found.iter().map(due_of).collect();
        assert_eq!(found, wanted, "{request:?}");
    }
    // A unit's staff have their own list, whatever they ask.
    let own = due(&house, &clerk("xz-water"), plain()).await;
    let wanted = nearest(&clocks, |clock| duty(clock) && owed_by(clock, "xz-water"));
    assert_eq!(own.iter().map(due_of).collect::<Vec<_>>(), wanted);
    let other = ListDueClocksRequest {
        unit_id: "xz-urban".into(),
        ..plain()
    };
    let refused = desk(&house).list_due_clocks(by(&clerk("xz-water"), other)).await;
    assert_eq!(refused.expect_err("refused").code(), Code::PermissionDenied);
    for bad in [
        ListDueClocksRequest {
            obligations: vec!["nothing".into()],
            ..plain()
        },
        ListDueClocksRequest {
            state: ClockState::Met.into(),
            ..plain()
        },
        ListDueClocksRequest {
            division: "32%".into(),
            ..plain()
        },
        ListDueClocksRequest {
            r#type: 99,
            ..plain()
        },
    ] {
        let refused = desk(&house).list_due_clocks(by(&dispatcher(), bad)).await;
        assert_eq!(refused.expect_err("refused").code(), Code::InvalidArgument);
    }
}

#[tokio::test]
async fn a_page_of_orders_has_its_open_clocks_in_one_call() {
    let house = filled().await;
    let clocks = open(&house).await;
    let mut orders: Vec<String> = clocks.iter().map(order_of).collect();
    orders.sort();
    orders.dedup();
    let some = ListOpenClocksRequest {
        order_ids: orders[..9].to_vec(),
    };
    let passes = |clock: &&Clock| some.order_ids.contains(&order_of(clock));
    let mut wanted: Vec<_> = clocks.iter().filter(passes).map(due_of).collect();
    wanted.sort();
    let answer = desk(&house)
        .list_open_clocks(by(&dispatcher(), some.clone()))
        .await;
    let found: Vec<_> = answer
        .expect("clocks")
        .into_inner()
        .clocks
        .iter()
        .map(due_of)
        .collect();
    assert_eq!(found, wanted);
    let all = ListOpenClocksRequest {
        order_ids: orders.clone(),
    };
    let answer = desk(&house).list_open_clocks(by(&clerk("xz-water"), all)).await;
    let own = answer.expect("clocks").into_inner().clocks;
    let wanted = clocks.iter().filter(|clock| owed_by(clock, "xz-water")).count();
    assert!(own.len() == wanted && own.iter().all(|clock| owed_by(clock, "xz-water")));
    for bad in [vec![], vec![orders[0].clone(); 101], vec!["x".to_owned()]] {
        let request = by(&dispatcher(), ListOpenClocksRequest { order_ids: bad });
        let refused = desk(&house).list_open_clocks(request).await.expect_err("refused");
        let details = refused.get_error_details();
        let field = details
            .bad_request()
            .and_then(|request| request.field_violations.first());
        assert_eq!(field.map(|field| field.field.as_str()), Some("order_ids"));
    }
}

#[tokio::test]
async fn clocks_from_before_the_columns_have_them_after_the_migration() {
    let house = filled().await;
    let read = async || {
        let statement =
            "SELECT id::text, appeal_type, enterprise, division FROM clock WHERE state IN (1, 3) ORDER BY id";
        let query = sqlx::query_as::<_, (String, Option<String>, bool, String)>(statement);
        query.fetch_all(house.sla().bus.pool()).await.expect("rows")
    };
    let before = read().await;
    assert!(before.iter().any(|row| row.2) && before.iter().all(|row| row.1.is_some() && !row.3.is_empty()));
    let begin = MIGRATION.find("CREATE FUNCTION").expect("it fills");
    let end = MIGRATION.find("CREATE INDEX").expect("it ends");
    let forget = "UPDATE clock SET appeal_type = NULL, enterprise = false, division = ''; ";
    let statements = format!("SET search_path = sla; {forget}{}", &MIGRATION[begin..end]);
    let url = &house.test.runtime.settings.database.url;
    let mut owner = sqlx::PgConnection::connect(url)
        .await
        .expect("PostgreSQL answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements))
        .execute(&mut owner)
        .await
        .expect("it fills");
    assert_eq!(read().await, before);
}
