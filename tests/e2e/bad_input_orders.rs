//! Requests about orders, legs, clocks, call-backs and figures that can never be right, or that come in the wrong
//! state, from the wrong unit or too late: each is refused by its field with a stable reason, and changes nothing.

use anyhow::{Context, Result, ensure};
use hotline_proto::analytics::v1::GetTotalsRequest;
use hotline_proto::bus::v1::ReadRequest;
use hotline_proto::callback::v1::{CompleteCallbackRequest, GetCallbackRequest, ListCallbacksRequest};
use hotline_proto::common::v1::LegKind;
use hotline_proto::enterprise::v1::{GetEnterpriseLegRequest, UrgeDepartmentRequest};
use hotline_proto::routing::v1::{
    ClaimOrderRequest, CloseOrderRequest, DispatchOrderRequest, GetOrderRequest, ListOrdersRequest, Order,
    RecordContactRequest, Reply, ReplyLegRequest, ReviewReplyRequest, SignLegRequest,
};
use hotline_proto::sla::v1::{ExplainClocksRequest, ImportCalendarRequest, ListClocksRequest};
use hotline_tests::support::steps::{full_reply, leg_id, order_id};
use hotline_tests::support::{Callers, appeals, clocks, journal, wait};
use tonic::Code;

use crate::bad_input::Table;
use crate::on_monday;

/// Takes a part out of a reply.
type Clear = fn(&mut Reply);

/// An identifier that nothing has.
const NOWHERE: &str = "0199b0a0-0000-7000-8000-000000000000";

#[tokio::test]
async fn a_wrong_request_about_an_order_is_refused_by_its_field_and_changes_nothing() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let pool = callers.open(appeals::question("in the pool")).await?;
    let claimed = callers.open(appeals::question("claimed")).await?;
    let claimed = callers.claim(&order_id(&claimed)).await?;
    let signed = callers.open(appeals::enterprise_question("signed")).await?;
    let signed = callers.dispatch(&order_id(&signed), "", &[]).await?;
    let lead = clocks::legs(&signed, LegKind::Lead)[0].clone();
    callers.sign(&order_id(&signed), &lead).await?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let before = journal::heads(&callers.operator).await?;
    let orders = [
        callers.order(&order_id(&pool)).await?,
        claimed,
        callers.order(&order_id(&signed)).await?,
    ];

    let mut table = Table::default();
    dispatching(&callers, &orders, &mut table).await;
    working(&callers, &orders[2], &mut table).await?;
    replying(&callers, &orders[2], &mut table).await?;
    asking_others(&callers, &orders[2], &mut table).await?;
    table.end()?;
    for order in orders {
        ensure!(
            callers.order(&order_id(&order)).await? == order,
            "an order changed: {order:?}"
        );
    }
    ensure!(
        journal::heads(&callers.operator).await? == before,
        "something was published"
    );
    Ok(())
}

async fn dispatching(callers: &Callers, [pool, claimed, signed]: &[Order; 3], table: &mut Table) {
    let mut routing = callers.dispatcher.routing();
    let claim = |order: &str, version| ClaimOrderRequest {
        order_id: order.to_owned(),
        version,
    };
    table.row(
        "no order",
        routing.claim_order(claim(NOWHERE, 0)).await,
        (Code::NotFound, "order.not_found", "order_id"),
    );
    let expected = (Code::InvalidArgument, "id.invalid", "order_id");
    table.row(
        "no identifier",
        routing.claim_order(claim("7", 0)).await,
        expected,
    );
    let expected = (Code::Aborted, "order.stale", "version");
    table.row(
        "stale",
        routing.claim_order(claim(&order_id(pool), 99)).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "value.unknown", "version");
    table.row(
        "negative version",
        routing.claim_order(claim(&order_id(pool), -1)).await,
        expected,
    );
    let answer = routing.claim_order(claim(&order_id(claimed), 0)).await;
    table.row("claimed", answer, (Code::FailedPrecondition, "order.claimed", ""));
    let answer = routing.claim_order(claim(&order_id(signed), 0)).await;
    table.row(
        "sent out already",
        answer,
        (Code::FailedPrecondition, "order.state", "order_id"),
    );
    let dispatch = |lead: &str, others: &[&str]| DispatchOrderRequest {
        order_id: order_id(claimed),
        lead_unit_id: lead.to_owned(),
        co_handler_unit_ids: others.iter().map(|unit| (*unit).to_owned()).collect(),
        ..Default::default()
    };
    let expected = (Code::InvalidArgument, "unit.unknown", "lead_unit_id");
    table.row(
        "unknown lead",
        routing.dispatch_order(dispatch("xz-nobody", &[])).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "unit.unknown", "co_handler_unit_ids");
    table.row(
        "unknown co-handler",
        routing.dispatch_order(dispatch("xz-tax", &["xz-nobody"])).await,
        expected,
    );
    let expected = (
        Code::InvalidArgument,
        "dispatch.unit_twice",
        "co_handler_unit_ids",
    );
    table.row(
        "unit twice",
        routing.dispatch_order(dispatch("xz-tax", &["xz-tax"])).await,
        expected,
    );
    let mut basis = dispatch("xz-tax", &[]);
    basis.basis = "反\u{202e}向".into();
    let expected = (Code::InvalidArgument, "text.unprintable", "basis");
    table.row(
        "direction override",
        routing.dispatch_order(basis).await,
        expected,
    );
    let close = |outcome: &str, reason: &str| CloseOrderRequest {
        order_id: order_id(signed),
        version: 0,
        outcome: outcome.to_owned(),
        reason: reason.to_owned(),
    };
    let mut reviewer = callers.reviewer.routing();
    let expected = (Code::InvalidArgument, "value.unknown", "outcome");
    table.row(
        "unknown outcome",
        reviewer.close_order(close("satisfied", "好")).await,
        expected,
    );
    let answer = reviewer.close_order(close("final", "终结")).await;
    table.row(
        "close too early",
        answer,
        (Code::FailedPrecondition, "order.state 12(5)", "order_id"),
    );
    let list = ListOrdersRequest {
        state: 99,
        ..Default::default()
    };
    let expected = (Code::InvalidArgument, "value.unknown", "state");
    table.row("unknown state", routing.list_orders(list).await, expected);
    let list = ListOrdersRequest {
        page_token: "x".into(),
        ..Default::default()
    };
    let expected = (Code::InvalidArgument, "page.token_invalid", "page_token");
    table.row("page token", routing.list_orders(list).await, expected);
}

async fn working(callers: &Callers, order: &Order, table: &mut Table) -> Result<()> {
    let leg = leg_id(clocks::legs(order, LegKind::Lead)[0]);
    let sign = |leg: &str| SignLegRequest {
        order_id: order_id(order),
        leg_id: leg.to_owned(),
        version: 0,
    };
    let (mut own, mut other) = (
        callers.clerk(appeals::ALONE_UNIT)?.routing(),
        callers.clerk("xz-tax")?.routing(),
    );
    table.row(
        "signed already",
        own.sign_leg(sign(&leg)).await,
        (Code::FailedPrecondition, "leg.state 12(3)", "leg_id"),
    );
    table.row(
        "no such leg",
        own.sign_leg(sign(NOWHERE)).await,
        (Code::NotFound, "leg.not_found", "leg_id"),
    );
    table.row(
        "another unit",
        other.sign_leg(sign(&leg)).await,
        (Code::NotFound, "order.not_found", "order_id"),
    );
    let get = GetOrderRequest {
        order: order_id(order),
    };
    table.row(
        "another unit's order",
        other.get_order(get).await,
        (Code::NotFound, "order.not_found", "order"),
    );
    let list = ListOrdersRequest {
        unit_id: appeals::ALONE_UNIT.into(),
        ..Default::default()
    };
    let expected = (Code::PermissionDenied, "order.not_yours", "unit_id");
    table.row("another unit's list", other.list_orders(list).await, expected);
    let contact = |note: &str| RecordContactRequest {
        order_id: order_id(order),
        leg_id: leg.clone(),
        version: 0,
        note: note.to_owned(),
    };
    let expected = (Code::InvalidArgument, "text.missing", "note");
    table.row("no note", own.record_contact(contact(" ")).await, expected);
    let expected = (Code::InvalidArgument, "text.too_long", "note");
    table.row(
        "long note",
        own.record_contact(contact(&"长".repeat(2_001))).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "text.unprintable", "note");
    table.row(
        "control character",
        own.record_contact(contact("响\u{7}铃")).await,
        expected,
    );
    Ok(())
}

async fn replying(callers: &Callers, order: &Order, table: &mut Table) -> Result<()> {
    let leg = leg_id(clocks::legs(order, LegKind::Lead)[0]);
    let mut own = callers.clerk(appeals::ALONE_UNIT)?.routing();
    let ask = |reply: Option<Reply>| ReplyLegRequest {
        order_id: order_id(order),
        leg_id: leg.clone(),
        version: 0,
        reply,
    };
    let parts: [(&str, Clear); 7] = [
        ("reply.action", |reply| reply.action.clear()),
        ("reply.office", |reply| reply.office.clear()),
        ("reply.handler", |reply| reply.handler.clear()),
        ("reply.result", |reply| reply.result.clear()),
        ("reply.told", |reply| reply.told.clear()),
        ("reply.internal_text", |reply| reply.internal_text.clear()),
        ("reply.public_text", |reply| reply.public_text.clear()),
    ];
    for (field, clear) in parts {
        let mut reply = full_reply("已办理。");
        clear(&mut reply);
        let expected = (Code::InvalidArgument, "reply.incomplete 12(4)", field);
        table.row(field, own.reply_leg(ask(Some(reply))).await, expected);
    }
    let expected = (Code::InvalidArgument, "text.missing", "reply");
    table.row("no reply", own.reply_leg(ask(None)).await, expected);
    let vague = Reply {
        result: "maybe".into(),
        ..full_reply("已办理。")
    };
    let expected = (Code::InvalidArgument, "value.unknown", "reply.result");
    table.row("unknown result", own.reply_leg(ask(Some(vague))).await, expected);
    let long = full_reply(&"长".repeat(5_001));
    let expected = (Code::InvalidArgument, "text.too_long", "reply.public_text");
    table.row("long text", own.reply_leg(ask(Some(long))).await, expected);
    let review = |approved, faults: &[&str]| ReviewReplyRequest {
        order_id: order_id(order),
        leg_id: leg.clone(),
        version: 0,
        approved,
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        reason: "不具体".into(),
    };
    let mut reviewer = callers.reviewer.routing();
    let answer = reviewer.review_reply(review(true, &[])).await;
    table.row(
        "nothing to review",
        answer,
        (Code::FailedPrecondition, "leg.state 12(4)", "leg_id"),
    );
    let expected = (Code::InvalidArgument, "value.unknown", "faults");
    table.row(
        "unknown fault",
        reviewer.review_reply(review(false, &["ugly"])).await,
        expected,
    );
    Ok(())
}

/// Clocks, call-backs, the second send, figures and journals.
async fn asking_others(callers: &Callers, order: &Order, table: &mut Table) -> Result<()> {
    let (mut sla, mut clerk) = (callers.operator.sla(), callers.clerk("xz-tax")?.sla());
    let invalid = |reason, field| (Code::InvalidArgument, reason, field);
    let list = ListClocksRequest {
        order_id: "7".into(),
        ..Default::default()
    };
    table.row(
        "no identifier",
        sla.list_clocks(list).await,
        invalid("clock.id_invalid", "order_id"),
    );
    let list = ListClocksRequest {
        state: 99,
        ..Default::default()
    };
    table.row(
        "unknown state",
        sla.list_clocks(list).await,
        invalid("clock.state_invalid", "state"),
    );
    let list = ListClocksRequest {
        unit_id: appeals::ALONE_UNIT.into(),
        ..Default::default()
    };
    let expected = (Code::PermissionDenied, "clock.unit_denied", "unit_id");
    table.row("another unit's clocks", clerk.list_clocks(list).await, expected);
    let explain = ExplainClocksRequest {
        order_id: String::new(),
    };
    table.row(
        "no order",
        sla.explain_clocks(explain).await,
        invalid("clock.order_missing", "order_id"),
    );
    let import = ImportCalendarRequest {
        toml: "year = \"soon\"".into(),
    };
    table.row(
        "no calendar",
        sla.import_calendar(import).await,
        invalid("calendar.invalid", "toml"),
    );

    let mut callback = callers.callback.callback();
    let get = GetCallbackRequest {
        callback_id: "7".into(),
    };
    table.row(
        "no identifier",
        callback.get_callback(get).await,
        invalid("", "callback_id"),
    );
    let list = ListCallbacksRequest {
        state: 99,
        ..Default::default()
    };
    table.row(
        "unknown state",
        callback.list_callbacks(list).await,
        invalid("", "state"),
    );
    let complete = CompleteCallbackRequest {
        callback_id: NOWHERE.into(),
        satisfaction: 99,
        ..Default::default()
    };
    table.row(
        "unknown satisfaction",
        callback.complete_callback(complete).await,
        invalid("", "satisfaction"),
    );

    let mut enterprise = callers.enterprise.enterprise();
    let get = GetEnterpriseLegRequest {
        order_id: NOWHERE.into(),
    };
    let expected = (Code::NotFound, "enterprise.not_found", "order_id");
    table.row(
        "no second send",
        enterprise.get_enterprise_leg(get).await,
        expected,
    );
    let urge = |note: &str| UrgeDepartmentRequest {
        order_id: order_id(order),
        version: 0,
        note: note.to_owned(),
    };
    let answer = enterprise.urge_department(urge("")).await;
    table.row("no words", answer, invalid("enterprise.note_required", "note"));
    let answer = enterprise.urge_department(urge("反\u{202e}向")).await;
    table.row(
        "direction override",
        answer,
        invalid("enterprise.note_character", "note"),
    );

    let mut analytics = callers.supervisor.analytics();
    let totals = GetTotalsRequest {
        dimension: 0,
        ..Default::default()
    };
    table.row(
        "no dimension",
        analytics.get_totals(totals).await,
        invalid("", "dimension"),
    );
    let totals = GetTotalsRequest {
        dimension: 1,
        from: "2026-13-01".into(),
        ..Default::default()
    };
    table.row("no day", analytics.get_totals(totals).await, invalid("", "from"));
    let read = ReadRequest {
        producer: "nobody".into(),
        ..Default::default()
    };
    let status = callers
        .operator
        .journal()
        .read(read)
        .await
        .err()
        .context("refused")?;
    ensure!(
        [Code::InvalidArgument, Code::NotFound].contains(&status.code()),
        "no such journal: {status:?}"
    );
    Ok(())
}
