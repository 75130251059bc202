//! The supervision ledger on a real database: cases and their numbers, versions, lists, visibility, the export, and
//! what the passing of time opens.

use hotline_bus::Fault;
use hotline_policy::Lang;
use hotline_policy::rules::Bearer;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::OrderSettled;
use hotline_proto::sla::v1::{SupervisionClosed, SupervisionOpened};
use hotline_runtime::Caller;
use hotline_sla_timer::domain::supervision::{Card, Case, CaseState, Command, MeasureDraft, Why};
use hotline_sla_timer::ops::supervision::{
    CardFilter, CaseFilter, Opened, command, export, find, list_cards, list_cases, open_by_hand,
};
use hotline_sla_timer::store::supervision::{Kept, insert_card};

use crate::house::{House, leg_sent, local};

const UNIT: &str = "xz-water";

fn supervisor() -> Caller {
    Caller::new("u-supervisor", &["supervisor"])
}

fn clerk(unit: &str) -> Caller {
    Caller::new("u-clerk", &["unit_clerk"]).of_unit(unit)
}

/// A case of Xuzhou without an order.
fn asked(key: &str, unit: &str, title: &str) -> Opened {
    Opened {
        city: "xuzhou".into(),
        unit: unit.into(),
        class: "can_be_done".into(),
        title: title.into(),
        reason: "具备条件而不办".into(),
        request: key.into(),
        ..Opened::default()
    }
}

async fn open(house: &House, key: &str, unit: &str) -> Kept {
    let caller = supervisor();
    let opened = open_by_hand(house.sla(), asked(key, unit, key), &caller);
    opened.await.expect("it is opened")
}

async fn given(house: &House, kept: &Kept, version: i64, asked: &Command) -> Result<Kept, &'static str> {
    let caller = supervisor();
    let done = command(house.sla(), kept.case.id, version, asked, &caller);
    done.await.map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.code.id,
        other => panic!("{other}"),
    })
}

fn issue(code: &str) -> Command {
    Command::Issue {
        code: code.into(),
        unit: None,
        reason: "请抓紧".into(),
        body: None,
    }
}

fn close(outcome: &str) -> Command {
    Command::Close(outcome.into(), "已办".into())
}

#[tokio::test]
async fn the_same_request_opens_one_case_and_numbers_have_no_gaps() {
    let house = House::at("2026-11-03 10:00").await;
    let first = open(&house, "one", UNIT).await;
    let again = open(&house, "one", UNIT).await;
    assert_eq!(
        (first.case.id, &first.case.number),
        (again.case.id, &again.case.number)
    );
    let other = open_by_hand(house.sla(), asked("one", UNIT, "another"), &supervisor()).await;
    assert!(matches!(other, Err(Fault::Refused(refusal)) if refusal.code.id == "supervision.duplicate"));
    let second = open(&house, "two", UNIT).await;
    assert_eq!(first.case.number, "DB320300202600001");
    assert_eq!(second.case.number, "DB320300202600002");
    let slips: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|kept| kept.case.instruments.iter().map(|slip| slip.number.clone()))
        .collect();
    assert_eq!(slips, ["徐热督〔2026〕1号", "徐热督〔2026〕2号"]);
}

#[tokio::test]
async fn a_command_on_an_older_version_is_refused_and_changes_nothing() {
    let house = House::at("2026-11-03 10:00").await;
    let kept = open(&house, "one", UNIT).await;
    let after = given(&house, &kept, kept.case.version, &issue("urge_notice"))
        .await
        .expect("issued");
    assert_eq!(after.case.version, kept.case.version + 1);
    let stale = given(&house, &kept, kept.case.version, &issue("urge_notice")).await;
    assert_eq!(stale.err(), Some("supervision.stale"));
    let found = find(house.sla(), &kept.case.number, &supervisor())
        .await
        .expect("there");
    assert_eq!(found, after, "as it was written");
}

#[tokio::test]
async fn what_was_decided_is_kept_and_a_closed_case_takes_nothing_more() {
    let house = House::at("2026-11-03 10:00").await;
    let kept = open(&house, "one", UNIT).await;
    let raised = Command::Raise(vec!["delay".into()], "长期不办".into());
    given(&house, &kept, 0, &raised).await.expect("raised");
    assert_eq!(
        given(&house, &kept, 0, &raised).await.err(),
        Some("supervision.cause_stands")
    );
    assert_eq!(
        given(&house, &kept, 0, &close("withdrawn")).await.err(),
        Some("supervision.open_duty")
    );
    let measure = MeasureDraft {
        code: "notice".into(),
        holds: Bearer::Person,
        subject: "分管领导".into(),
    };
    let measured = Command::Measure(vec![measure], "情节较重".into());
    given(&house, &kept, 0, &measured).await.expect("measured");
    given(&house, &kept, 0, &close("accounted"))
        .await
        .expect("closed");
    assert_eq!(
        given(&house, &kept, 0, &issue("urge_notice")).await.err(),
        Some("supervision.closed")
    );
    let found = find(house.sla(), &kept.case.id.to_string(), &supervisor())
        .await
        .expect("there");
    assert_eq!(found.case.state, CaseState::Closed);
    assert_eq!((found.case.causes.len(), found.case.measures.len()), (1, 1));
    assert_eq!(
        house.count::<SupervisionOpened>().await,
        0,
        "no order: nobody else is told"
    );
}

#[tokio::test]
async fn lists_go_on_from_page_to_page_and_a_unit_sees_what_is_its_own() {
    let house = House::at("2026-11-03 10:00").await;
    for number in 0..5 {
        open(&house, &format!("water {number}"), UNIT).await;
        house.clock.advance(std::time::Duration::from_secs(60));
    }
    let other = open(&house, "tax", "xz-tax").await;
    given(&house, &other, 0, &close("withdrawn"))
        .await
        .expect("closed");
    let all = |filter: CaseFilter, size: usize, token: String, caller: Caller| {
        let sla = std::sync::Arc::clone(house.sla());
        async move {
            list_cases(&sla, filter, size, &token, &caller)
                .await
                .expect("listed")
        }
    };
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = all(CaseFilter::default(), 2, token, supervisor()).await;
        seen.extend(page.items.into_iter().map(|kept| kept.case.number));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let mut newest_first = seen.clone();
    newest_first.sort_by(|one, other| other.cmp(one));
    newest_first.dedup();
    assert_eq!((seen.len(), &seen), (6, &newest_first));
    let of_unit = all(CaseFilter::default(), 25, String::new(), clerk("xz-tax")).await;
    assert_eq!(of_unit.items.len(), 1);
    let state = Some(3);
    let closed = all(
        CaseFilter {
            state,
            ..CaseFilter::default()
        },
        25,
        String::new(),
        supervisor(),
    )
    .await;
    assert_eq!(closed.items.len(), 1);
    let unit = Some(UNIT.to_owned());
    let tax = clerk("xz-tax");
    let foreign = list_cases(
        house.sla(),
        CaseFilter {
            unit,
            ..CaseFilter::default()
        },
        25,
        "",
        &tax,
    );
    assert!(matches!(foreign.await, Err(Fault::Refused(_))));
    let hidden = find(house.sla(), &seen[1], &clerk("xz-tax")).await;
    assert!(matches!(hidden, Err(Fault::Refused(refusal)) if refusal.code.id == "supervision.absent"));
}

#[tokio::test]
async fn the_export_is_a_spreadsheet_of_what_the_filter_lets_through() {
    let house = House::at("2026-11-03 10:00").await;
    let all = CaseFilter::default();
    let empty = export(house.sla(), &all, Lang::Zh).await.expect("made");
    for number in 0..3 {
        open(&house, &format!("=cmd|{number}"), UNIT).await;
    }
    let full = export(house.sla(), &all, Lang::Zh).await.expect("made");
    let english = export(house.sla(), &all, Lang::En).await.expect("made");
    assert_ne!(
        full, english,
        "headings and states are in the language that is asked for"
    );
    let unit = Some("xz-tax".to_owned());
    let none = export(
        house.sla(),
        &CaseFilter {
            unit,
            ..CaseFilter::default()
        },
        Lang::Zh,
    )
    .await
    .expect("made");
    assert!(
        [&empty, &full, &none]
            .iter()
            .all(|bytes| bytes.starts_with(b"PK\x03\x04"))
    );
    assert!(full.len() > none.len() && none.len().abs_diff(empty.len()) < 64);
}

#[tokio::test]
async fn a_limit_that_passes_opens_one_case_and_the_settling_closes_it() {
    let mut house = House::at("2026-03-02 09:30").await;
    house.process.start_timer();
    house.process.start_supervisor();
    let order = house.dispatch().await;
    house.clock.advance_to(local("2026-03-12 17:31"));
    house.until::<SupervisionOpened>(1).await;
    // Urges of the limits that passed, the slip of three working days: one case for all of them.
    let slipped = async {
        loop {
            let listed = list_cases(house.sla(), CaseFilter::default(), 25, "", &supervisor())
                .await
                .expect("listed");
            let slips = |one: &Kept| {
                one.case
                    .instruments
                    .iter()
                    .any(|one| one.code == "supervision_slip")
            };
            if listed.items.iter().any(slips) {
                break listed;
            }
            tokio::task::yield_now().await;
        }
    };
    let slipped = tokio::time::timeout(std::time::Duration::from_secs(60), slipped).await;
    let listed = slipped.expect("a slip is issued");
    assert_eq!(listed.items.len(), 1);
    let case = &listed.items[0].case;
    assert_eq!((case.class.as_str(), case.unit.as_str()), ("overdue", "xz-urban"));
    assert!(case.why.zh.contains("2026-03-02 10:30"), "{}", case.why.zh);
    let codes: Vec<_> = case.instruments.iter().map(|one| one.code.as_str()).collect();
    assert!(
        codes.contains(&"urge_notice") && codes.contains(&"supervision_slip"),
        "{codes:?}"
    );
    cards_are_listed_by_order(&house, case).await;
    house
        .hear(leg_sent(&order, LegKind::CoHandle))
        .await
        .expect("it is heard");
    let settled = OrderSettled {
        facts: Some(order),
        ..OrderSettled::default()
    };
    house.hear(settled).await.expect("it is heard");
    assert_eq!(house.count::<SupervisionClosed>().await, 1);
}

/// A card of the case is listed by the case's order, and by no other.
async fn cards_are_listed_by_order(house: &House, case: &Case) {
    let order = case.order.as_ref().expect("it has an order").id;
    let card = Card {
        id: house.sla().bus.new_id(),
        case: case.id,
        order_number: case.number.clone(),
        unit: case.unit.clone(),
        colour: "yellow".into(),
        obligation: "answer".into(),
        issued_at: case.opened_at,
        article: "25".into(),
        why: Why::said("逾期"),
        series: 1,
        led_on: false,
    };
    let mut tx = house.sla().bus.begin().await.expect("a transaction");
    insert_card(tx.sql(), &card, false).await.expect("written");
    tx.commit().await.expect("committed");
    for (order, found) in [(order, vec![card]), (uuid::Uuid::nil(), Vec::new())] {
        let filter = CardFilter {
            order: Some(order),
            ..CardFilter::default()
        };
        let listed = list_cards(house.sla(), filter, 25, "", &supervisor()).await;
        assert_eq!(listed.expect("listed").items, found);
    }
}
