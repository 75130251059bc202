//! The table at the end: what became of the batch, and how long each hop between services took.

use hotline_proto::callback::v1::{CallbackCompleted, CallbackScheduled};
use hotline_proto::enterprise::v1::EnterpriseLegReceived;
use hotline_proto::intake::v1::{
    AppealAccepted, AppealAnswered, AppealMerged, AppealReferred, AppealRegistered, AppealRejected,
    AppealTransferred, AppealUrged, AppealWithdrawn,
};
use hotline_proto::routing::v1::{
    DepartmentLegDispatched, EnterpriseLegDispatched, LegAcknowledged, LegReplied, LegSigned, OrderArchived,
    OrderClosed, OrderDispatched, OrderEscalated, OrderOpened, OrderRedone, OrderSettled, ReplySentBack,
};
use hotline_proto::sla::v1::{ClockArmed, ClockBreached, ClockStopped};

use super::record::{Happened, Hop, Key, count, count_where, quantile};
use crate::cli::Global;
use crate::render;

/// Prints both tables.
///
/// # Errors
/// Nobody reads it any more.
pub fn print(global: &Global, all: &[Happened]) -> anyhow::Result<()> {
    let lines: Vec<_> = counts(all)
        .into_iter()
        .map(|(zh, en, count)| [global.say(zh, en).to_owned(), count])
        .collect();
    let header = [global.say("本次演示", "this batch"), global.say("件", "count")];
    render::out(render::table(&header, lines.iter().map(|line| line.as_slice())))?;
    let hops: Vec<_> = hops().iter().map(|hop| hop_row(hop, all)).collect();
    let header = [global.say("环节", "hop"), "n", "p50 ms", "p99 ms"];
    render::out(render::table(&header, hops.iter().map(|hop| hop.as_slice())))?;
    Ok(())
}

/// What became of the batch: Chinese name, English name, count.
pub fn counts(all: &[Happened]) -> Vec<(&'static str, &'static str, String)> {
    let text = |number: usize| number.to_string();
    let sign = |stopped: &serde_json::Value| {
        stopped["clock"]["obligation"] == "sign" && stopped["cancelled"] != true
    };
    let in_time = |stopped: &serde_json::Value| stopped["in_time"] == true;
    // A duty that fell away, because the appellant withdrew, was neither met nor missed.
    let signed = count_where::<ClockStopped>(all, sign);
    let signed_in_time = count_where::<ClockStopped>(all, |stopped| sign(stopped) && in_time(stopped));
    vec![
        ("登记", "registered", text(count::<AppealRegistered>(all))),
        ("直接解答", "answered at once", text(count::<AppealAnswered>(all))),
        ("不予受理", "rejected", text(count::<AppealRejected>(all))),
        (
            "转接紧急救助",
            "transferred",
            text(count::<AppealTransferred>(all)),
        ),
        ("并件", "merged", text(count::<AppealMerged>(all))),
        ("请示", "referred", text(count::<AppealReferred>(all))),
        ("受理", "accepted", text(count::<AppealAccepted>(all))),
        ("工单", "orders", text(count::<OrderOpened>(all))),
        ("派单次数", "dispatches", text(count::<OrderDispatched>(all))),
        (
            "部门派送",
            "department legs sent",
            text(count::<DepartmentLegDispatched>(all)),
        ),
        (
            "企服派送",
            "enterprise legs sent",
            text(count::<EnterpriseLegDispatched>(all)),
        ),
        (
            "企服接收",
            "enterprise legs received",
            text(count::<EnterpriseLegReceived>(all)),
        ),
        (
            "按时签收 / 签收",
            "signed in time / signed",
            format!("{signed_in_time} / {signed}"),
        ),
        ("答复", "replied", text(count::<LegReplied>(all))),
        ("答复发回", "replies sent back", text(count::<ReplySentBack>(all))),
        ("催办", "urged", text(count::<AppealUrged>(all))),
        ("撤回", "withdrawn", text(count::<AppealWithdrawn>(all))),
        ("办结", "settled", text(count::<OrderSettled>(all))),
        ("回访", "called back", text(count::<CallbackCompleted>(all))),
        ("重办", "redone", text(count::<OrderRedone>(all))),
        ("提级复核", "escalated", text(count::<OrderEscalated>(all))),
        ("结案", "closed", text(count::<OrderClosed>(all))),
        ("归档", "archived", text(count::<OrderArchived>(all))),
        ("时限启动", "clocks armed", text(count::<ClockArmed>(all))),
        (
            "时限按时",
            "clocks met",
            text(count_where::<ClockStopped>(all, in_time)),
        ),
        ("时限超时", "clocks breached", text(count::<ClockBreached>(all))),
    ]
}

/// From cause to effect, across services.
fn hops() -> Vec<Hop> {
    vec![
        Hop::new::<AppealAccepted, OrderOpened>(Key::Root),
        Hop::new::<DepartmentLegDispatched, ClockArmed>(Key::Leg),
        Hop::new::<EnterpriseLegDispatched, EnterpriseLegReceived>(Key::Leg),
        Hop::new::<EnterpriseLegReceived, LegAcknowledged>(Key::Leg),
        Hop::new::<LegSigned, ClockStopped>(Key::Leg),
        Hop::new::<OrderSettled, CallbackScheduled>(Key::Root),
    ]
}

fn hop_row(hop: &Hop, all: &[Happened]) -> [String; 4] {
    let durations = hop.durations_ms(all);
    let at = |share| quantile(&durations, share).map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"));
    [hop.name(), durations.len().to_string(), at(0.5), at(0.99)]
}
