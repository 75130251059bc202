//! What is asked over gRPC, by whom, and what is refused.

use std::collections::HashSet;
use std::sync::Arc;

use hotline_proto::common::v1::LegKind;
use hotline_proto::sla::v1::sla_timer_service_server::SlaTimerService;
use hotline_proto::sla::v1::{
    Clock, ClockState, ClocksChanged, ExplainClocksRequest, GetClockTotalsRequest, GetClockTotalsResponse,
    ImportCalendarRequest, ListClocksRequest,
};
use hotline_runtime::Caller;
use hotline_sla_timer::{Desk, REFUSALS};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::house::{House, leg_sent, year_text};

fn as_caller<T>(message: T, caller: &Caller) -> Request<T> {
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
    Desk {
        sla: Arc::clone(house.sla()),
    }
}

/// Every page of a list.
async fn all(house: &House, mut request: ListClocksRequest, caller: &Caller) -> Vec<Clock> {
    let mut clocks = Vec::new();
    loop {
        let answer = desk(house)
            .list_clocks(as_caller(request.clone(), caller))
            .await
            .expect("a page")
            .into_inner();
        clocks.extend(answer.clocks);
        if answer.next_page_token.is_empty() {
            return clocks;
        }
        request.page_token = answer.next_page_token;
    }
}

fn due_of(clock: &Clock) -> (i64, String) {
    let facts = clock.facts.clone().expect("facts");
    (facts.due_at.expect("a due time").seconds, facts.clock_id)
}

#[tokio::test]
async fn a_list_pages_through_every_filter_soonest_due_first() {
    let house = House::at("2026-11-03 10:00").await;
    let mut last = String::new();
    for _ in 0..8 {
        last = house.dispatch().await.order_id;
    }
    let armed = i32::from(ClockState::Armed);
    let filters = [
        (
            ListClocksRequest {
                page_size: 3,
                ..Default::default()
            },
            40,
        ),
        (
            ListClocksRequest {
                page_size: 7,
                state: armed,
                ..Default::default()
            },
            40,
        ),
        (
            ListClocksRequest {
                page_size: 200,
                state: ClockState::Met.into(),
                ..Default::default()
            },
            0,
        ),
        (
            ListClocksRequest {
                page_size: 4,
                unit_id: "xz-urban".into(),
                ..Default::default()
            },
            40,
        ),
        (
            ListClocksRequest {
                page_size: 4,
                unit_id: "nobody".into(),
                ..Default::default()
            },
            0,
        ),
        (
            ListClocksRequest {
                page_size: 2,
                order_id: last.clone(),
                ..Default::default()
            },
            5,
        ),
        (
            ListClocksRequest {
                order_id: last,
                unit_id: "xz-urban".into(),
                state: armed,
                ..Default::default()
            },
            5,
        ),
    ];
    for (request, count) in filters {
        let clocks = all(&house, request.clone(), &dispatcher()).await;
        assert_eq!(clocks.len(), count, "{request:?}");
        assert!(clocks.is_sorted_by_key(|clock| due_of(clock).0), "{request:?}");
        assert_eq!(clocks.iter().map(due_of).collect::<HashSet<_>>().len(), count);
    }
}

#[tokio::test]
async fn a_units_staff_see_the_clocks_of_their_own_unit() {
    let house = House::at("2026-11-03 10:00").await;
    let facts_of_order = house.dispatch().await;
    let mut other = leg_sent(&facts_of_order, LegKind::CoHandle);
    other.leg.as_mut().expect("a leg").unit_id = "xz-water".into();
    house.hear(other).await.expect("heard");
    let request = ListClocksRequest {
        order_id: facts_of_order.order_id.clone(),
        ..Default::default()
    };
    let seen = all(&house, request.clone(), &clerk("xz-water")).await;
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|clock| {
        clock
            .facts
            .as_ref()
            .is_some_and(|facts| facts.unit_id == "xz-water")
    }));
    assert_eq!(all(&house, request, &dispatcher()).await.len(), 10);
    let explain = ExplainClocksRequest {
        order_id: facts_of_order.order_id,
    };
    let told = desk(&house)
        .explain_clocks(as_caller(explain, &clerk("xz-water")))
        .await
        .expect("told")
        .into_inner();
    assert_eq!(told.explanations.len(), 5);
}

#[tokio::test]
async fn every_clock_explains_itself_in_both_languages() {
    let house = House::at("2026-09-30 16:50").await;
    let order_id = house.dispatch().await.order_id;
    let request = as_caller(ExplainClocksRequest { order_id }, &dispatcher());
    let told = desk(&house)
        .explain_clocks(request)
        .await
        .expect("told")
        .into_inner()
        .explanations;
    let sign = told.iter().find(|one| {
        one.clock
            .as_ref()
            .and_then(|clock| clock.facts.as_ref())
            .is_some_and(|facts| facts.obligation == "sign")
    });
    let sign = sign.expect("the sign clock");
    assert!(
        sign.text.contains("签收") && sign.text.contains("12(3)") && sign.text.contains("国庆"),
        "{}",
        sign.text
    );
    assert!(
        sign.text_en.contains("1 working hour") && sign.text_en.contains("2026-10-08 09:20"),
        "{}",
        sign.text_en
    );
}

async fn totals(house: &House) -> GetClockTotalsResponse {
    let request = as_caller(GetClockTotalsRequest {}, &dispatcher());
    let counted = desk(house).get_clock_totals(request).await.expect("counted");
    counted.into_inner()
}

/// Puts ended clocks beside what the house has, `times` for each that runs.
async fn add_ended(house: &House, state: i16, times: i32) {
    sqlx::query(
        "INSERT INTO clock (order_id, id, state, generation, calendar, provisional, started_at, due_at, stopped_at, unit_id, \
                            obligation, within, article, reminders, facts) \
         SELECT order_id, gen_random_uuid(), $1, 1, calendar, provisional, started_at, due_at, due_at, unit_id, obligation, \
                within, article, reminders, facts FROM clock, generate_series(1, $2) WHERE state = 1",
    )
    .bind(state)
    .bind(times)
    .execute(house.sla().bus.pool())
    .await
    .expect("ended clocks");
}

#[tokio::test]
async fn totals_count_by_state() {
    let house = House::at("2026-11-03 10:00").await;
    house.dispatch().await;
    let first = totals(&house).await;
    assert_eq!((first.armed, first.met, first.signed_late), (5, 0, 0));
    add_ended(&house, 2, 3).await;
    add_ended(&house, 4, 2).await;
    let then = totals(&house).await;
    assert_eq!((then.armed, then.met, then.late, then.breached), (5, 15, 10, 0));
    assert_eq!((then.signed_in_time, then.signed_late), (3, 2));
}

/// Boards ask at every event: the whole past is not gone through each time, and what is open is as it is now.
#[tokio::test]
async fn many_ended_clocks_stand_for_a_while_and_open_ones_never_do() {
    let house = House::at("2026-11-03 10:00").await;
    house.dispatch().await;
    add_ended(&house, 2, 20_001).await;
    let first = totals(&house).await;
    assert_eq!((first.armed, first.met), (5, 100_005));
    add_ended(&house, 4, 1).await;
    house.dispatch().await;
    let then = totals(&house).await;
    assert_eq!((then.armed, then.met, then.late), (10, 100_005, 0));
}

fn refused(status: &Status, code: Code, reason: &str, field: &str) {
    let details = status.get_error_details();
    assert_eq!(status.code(), code, "{status}");
    assert_eq!(
        details.error_info().map(|info| info.reason.as_str()),
        Some(reason)
    );
    let named = details
        .bad_request()
        .map(|bad| bad.field_violations[0].field.clone());
    assert_eq!(named.as_deref().unwrap_or_default(), field, "{reason}");
}

#[tokio::test]
async fn bad_lists_are_refused_by_field() {
    let house = House::at("2026-11-03 10:00").await;
    let list = async |request: ListClocksRequest, caller: Caller| {
        desk(&house)
            .list_clocks(as_caller(request, &caller))
            .await
            .expect_err("refused")
    };
    let plain = ListClocksRequest::default;
    let no_id = list(
        ListClocksRequest {
            order_id: "17".into(),
            ..plain()
        },
        dispatcher(),
    )
    .await;
    refused(&no_id, Code::InvalidArgument, "clock.id_invalid", "order_id");
    let no_state = list(ListClocksRequest { state: 99, ..plain() }, dispatcher()).await;
    refused(&no_state, Code::InvalidArgument, "clock.state_invalid", "state");
    let no_size = list(
        ListClocksRequest {
            page_size: -1,
            ..plain()
        },
        dispatcher(),
    )
    .await;
    refused(&no_size, Code::InvalidArgument, "page.size_invalid", "page_size");
    let no_token = list(
        ListClocksRequest {
            page_token: "x".into(),
            ..plain()
        },
        dispatcher(),
    )
    .await;
    refused(
        &no_token,
        Code::InvalidArgument,
        "page.token_invalid",
        "page_token",
    );
    let not_own = list(
        ListClocksRequest {
            unit_id: "xz-water".into(),
            ..plain()
        },
        clerk("xz-urban"),
    )
    .await;
    refused(&not_own, Code::PermissionDenied, "clock.unit_denied", "unit_id");
    let no_unit = list(plain(), Caller::new("u-3", &["unit_leader"])).await;
    refused(&no_unit, Code::PermissionDenied, "clock.unit_missing", "");
    let explain = as_caller(ExplainClocksRequest::default(), &dispatcher());
    let no_order = desk(&house).explain_clocks(explain).await.expect_err("refused");
    refused(
        &no_order,
        Code::InvalidArgument,
        "clock.order_missing",
        "order_id",
    );
}

#[tokio::test]
async fn a_year_that_contradicts_itself_is_refused_and_changes_nothing() {
    let house = House::at("2026-11-03 10:00").await;
    let good = year_text(2026);
    let bad = [
        "year = ".to_owned(),
        good.replace("holidays = ", "holydays = "),
        good.replacen("year = 2026", "year = 1999", 1),
        good.replacen("year = 2026", "year = 2147483647", 1),
        "#".repeat(70_000),
    ];
    for toml in bad {
        let request = as_caller(ImportCalendarRequest { toml }, &Caller::new("u-9", &["operator"]));
        let status = desk(&house).import_calendar(request).await.expect_err("refused");
        refused(&status, Code::InvalidArgument, "calendar.invalid", "toml");
    }
    assert_eq!(house.sla().rules().version(), 0);
    assert_eq!(house.count::<ClocksChanged>().await, 0);
    let request = as_caller(
        ImportCalendarRequest { toml: good },
        &Caller::new("u-9", &["operator"]),
    );
    let taken = desk(&house)
        .import_calendar(request)
        .await
        .expect("taken")
        .into_inner();
    assert_eq!((taken.year, taken.examined), (2026, 0));
}

#[test]
fn every_refusal_has_words_and_a_name_of_its_own() {
    let ids: HashSet<_> = REFUSALS.iter().map(|code| code.id).collect();
    assert_eq!(ids.len(), REFUSALS.len());
    let whole = |code: &&hotline_policy::refusal::Code| {
        [code.zh, code.en, code.remedy_zh, code.remedy_en]
            .iter()
            .all(|words| !words.is_empty())
    };
    assert!(REFUSALS.iter().all(whole));
}
