//! The page of a matter: five steps, who holds it, what comes next, what was done, and what its appellant may do.

use chrono::{DateTime, Utc};
use hotline_proto::enterprise::v1::{EnterpriseLeg, Progress};
use hotline_proto::intake::v1::{AppealState, TimelineEntry};
use hotline_proto::routing::v1::{Leg, LegState};
use hotline_worktime::local_time;
use maud::{Markup, html};

pub use crate::page::instant;

use super::field::form;
use super::layout::{back, wide};
use super::places;
use super::progress::{Holder, Known, Next, StepState};
use super::visit::{Side, Visit};

/// Local date and minute.
pub fn minute(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Where an appeal stands, in plain words.
pub fn state_words(visit: &Visit, state: AppealState) -> &str {
    match state {
        AppealState::Unspecified => "",
        AppealState::Registered => visit.t("等待受理", "waits to be accepted"),
        AppealState::Referred | AppealState::WithSpecialist => {
            visit.t("正在核实是否属于受理范围", "the scope is being checked")
        }
        AppealState::Rejected => visit.t("不予受理", "not taken on"),
        AppealState::Answered => visit.t("已解答", "answered"),
        AppealState::Transferred => visit.t("已转接", "handed over"),
        AppealState::Merged => visit.t("已并入同一事项办理", "handled together with another"),
        AppealState::Accepted => visit.t("已受理，等待派单", "accepted, waits for dispatch"),
        AppealState::InProgress => visit.t("办理中", "being handled"),
        AppealState::Settled => visit.t("已答复，等待您的评价", "answered, waits for your rating"),
        AppealState::Closed | AppealState::Archived => visit.t("已结案", "closed"),
        AppealState::Withdrawn => visit.t("已撤回", "withdrawn"),
    }
}

/// The page; `done` says what was just done.
pub fn page(visit: &Visit, known: &Known, done: &str) -> Markup {
    let appeal = &known.appeal;
    let city = &visit.portal.city;
    let title = visit.t("办理进度", "Progress");
    let main = html! {
        (back(visit, "/track"))
        @if let Some(words) = done_words(visit, done) { div class="done" role="status" { p { (words) } } }
        h1 { (appeal.title) }
        p class="hint" {
            (visit.t("编号 ", "No. ")) span class="num" { (appeal.number) }
            @if let Some(at) = instant(appeal.registered_at.as_ref()) {
                " · " (visit.t("登记于 ", "registered ")) (minute(at))
            }
            br;
            (places::category_name(city, &appeal.category)) " · " (city.divisions.full_name(&appeal.division))
        }
        @if appeal.joined {
            div class="note" { p { (visit.t("您的诉求与他人反映的是同一件事，正在一并办理，结果同步告知您。",
                "Your matter is handled together with another about the same thing.")) } }
        }
        @if known.ordinary() { (steps(visit, known)) (now(visit, known)) }
        @else { div class="panel" { h2 { (state_words(visit, appeal.state())) } } }
        (deeds(visit, known))
        @if let Some(leg) = &known.leg { (lanes(visit, known, leg)) }
        (history(visit, &appeal.entries))
        (form(visit, &format!("/track/{}/leave", appeal.number), &html! {
            p { button type="submit" class="link" { (visit.t("在这台设备上退出查询", "Forget this matter on this device")) } }
        }))
    };
    wide(visit, title, &main)
}

fn done_words<'v>(visit: &'v Visit, done: &str) -> Option<&'v str> {
    match done {
        "urge" => Some(visit.t("已记录您的催办，承办单位会看到。", "Your urge is recorded.")),
        "supplement" => Some(visit.t("已收到您的补充说明。", "What you added is recorded.")),
        "withdraw" => Some(visit.t("已按您的意愿撤回。", "Withdrawn as you wished.")),
        "evaluate" => Some(visit.t("感谢您的评价。", "Thank you for your rating.")),
        _ => None,
    }
}

fn steps(visit: &Visit, known: &Known) -> Markup {
    html! {
        ol class="steps" aria-label=(visit.t("办理进度", "Progress")) {
            @for step in known.steps() {
                @let (class, word) = match step.state {
                    StepState::Done => ("done", visit.t("已完成", "done")),
                    StepState::Here => ("here", visit.t("当前", "now")),
                    StepState::Ahead => ("ahead", visit.t("未开始", "to come")),
                };
                li class=(class) aria-current=[(step.state == StepState::Here).then_some("step")] {
                    span class="mark" aria-hidden="true" {}
                    strong { (visit.t(step.words[0], step.words[1])) }
                    span class="unseen" { (word) }
                    @if let Some(at) = step.at { time { (local_time(at).format("%m-%d %H:%M")) } }
                }
            }
        }
    }
}

fn now(visit: &Visit, known: &Known) -> Markup {
    let next = known.next();
    html! {
        div class="panel two" {
            div {
                h2 { (visit.t("现在由谁办理", "Who holds it")) }
                p class="big" {
                    @match known.holder() {
                        Holder::Unit(name) => (name),
                        Holder::Platform => (visit.t("12345 热线平台", "The hotline")),
                        Holder::Nobody => (visit.t("已办结", "Finished")),
                    }
                }
                p class="hint" { (state_words(visit, known.appeal.state())) }
            }
            div {
                h2 { (visit.t("接下来", "What comes next")) }
                @match &next {
                    Some(next) => (expected(visit, next)),
                    None => p class="big" { (without_clock(visit, known.appeal.state())) },
                }
                @if let (Some(due), Some(next)) = (known.answer_due(), &next) {
                    @if next.obligation != "answer" {
                        p class="hint" { (visit.t("预计答复：", "Answer expected: ")) (minute(due)) (visit.t("前", "")) }
                    }
                }
            }
        }
    }
}

fn expected(visit: &Visit, next: &Next) -> Markup {
    let what = match next.obligation.as_str() {
        "sign" => visit.t("承办单位签收", "The unit signs for it"),
        "contact" => visit.t("承办单位与您联系", "The unit contacts you"),
        "answer" => visit.t("承办单位答复您", "The unit answers you"),
        _ => visit.t("办结", "It is settled"),
    };
    html! {
        p class="big" { (what) }
        p class="hint" {
            (visit.t("预计 ", "by ")) (minute(next.due)) (visit.t(" 前", ""))
            @if next.provisional { (visit.t("（暂定）", " (provisional)")) }
        }
        @if next.late {
            p class="late" { (visit.t("▲ 已超过承诺时间，平台正在督促办理。", "▲ This is late; the hotline is pressing for it.")) }
        }
    }
}

fn without_clock(visit: &Visit, state: AppealState) -> &str {
    match state {
        AppealState::Settled => visit.t("请您评价办理结果", "Please rate the result"),
        AppealState::Closed | AppealState::Archived => visit.t("没有待办事项", "Nothing more to do"),
        _ => visit.t("平台核实后派给承办单位", "The hotline checks it and sends it out"),
    }
}

fn deeds(visit: &Visit, known: &Known) -> Markup {
    let to = |deed: &str| visit.at(&format!("/track/{}/{deed}", known.appeal.number));
    html! {
        @if known.is_open() || known.to_evaluate().is_some() || known.has_opinion() {
            nav class="deeds" aria-label=(visit.t("您可以", "You can")) {
                @if known.to_evaluate().is_some() {
                    a class="button" href=(to("evaluate")) { (visit.t("评价办理结果", "Rate the result")) }
                }
                @if known.has_opinion() {
                    a class="second" href=(to("opinion")) { (visit.t("打印书面办理意见", "Print the written opinion")) }
                }
                @if known.is_open() {
                    a class="second" href=(to("supplement")) { (visit.t("补充说明", "Add something")) }
                    a class="second" href=(to("urge")) { (visit.t("催办", "Urge"))
                        @if known.appeal.urge_count > 0 { " (" (known.appeal.urge_count) ")" } }
                    a class="second" href=(to("withdraw")) { (visit.t("撤回", "Withdraw")) }
                }
            }
        }
    }
}

/// The two lanes of one order: the department that handles it, and the enterprise platform that follows it.
fn lanes(visit: &Visit, known: &Known, leg: &EnterpriseLeg) -> Markup {
    html! {
        section class="panel two" aria-label=(visit.t("一单双送", "One order, two sends")) {
            div {
                h2 { (visit.t("承办部门", "Department")) }
                @match known.lead() {
                    Some(lead) => (department(visit, lead)),
                    None => p class="hint" { (visit.t("等待派单", "waits for dispatch")) },
                }
            }
            div {
                h2 { (visit.t("企业服务平台", "Enterprise platform")) }
                ul class="lane" {
                    (point(visit, "平台收到", "received", instant(leg.received_at.as_ref())))
                    li { strong { (progress_words(visit, leg.progress())) }
                        @if let Some(at) = instant(leg.progressed_at.as_ref()) { time { (minute(at)) } } }
                    @if leg.urge_count > 0 {
                        li { (visit.t("平台已督促 ", "pressed ")) (leg.urge_count) (visit.t(" 次", " times")) }
                    }
                }
            }
        }
    }
}

fn department(visit: &Visit, lead: &Leg) -> Markup {
    let approved = lead.state() == LegState::Approved;
    html! {
        p class="hint" { (lead.unit_name) }
        ul class="lane" {
            (point(visit, "已派送", "sent", instant(lead.dispatched_at.as_ref())))
            (point(visit, "已签收", "signed for", instant(lead.signed_at.as_ref())))
            (point(visit, "已与您联系", "spoke with you", instant(lead.contacted_at.as_ref())))
            (point(visit, "已提交答复", "replied", instant(lead.replied_at.as_ref())))
            @if approved { li { strong { (visit.t("答复已审核通过", "the reply is approved")) } } }
        }
    }
}

fn point(visit: &Visit, zh: &str, en: &str, at: Option<DateTime<Utc>>) -> Markup {
    html! {
        @if let Some(at) = at { li { strong { (visit.t(zh, en)) } time { (minute(at)) } } }
    }
}

fn progress_words(visit: &Visit, progress: Progress) -> &str {
    match progress {
        Progress::Unspecified => "",
        Progress::Received => visit.t("正在跟踪", "follows it"),
        Progress::Signed => visit.t("部门已签收", "the department signed"),
        Progress::Contacted => visit.t("部门已与企业联系", "the department spoke with you"),
        Progress::Replied => visit.t("部门已答复，审核中", "replied, under review"),
        Progress::Settled => visit.t("已办结", "settled"),
        Progress::Closed => visit.t("已结案", "closed"),
        Progress::Withdrawn => visit.t("已撤回", "withdrawn"),
        Progress::Returned => visit.t("重新派单", "to be sent out again"),
        Progress::Redo => visit.t("重新办理", "handled once more"),
    }
}

fn history(visit: &Visit, entries: &[TimelineEntry]) -> Markup {
    html! {
        section class="history" {
            h2 { (visit.t("办理过程", "What was done")) }
            ol reversed {
                @for entry in entries.iter().rev() {
                    li {
                        @if let Some(at) = instant(entry.at.as_ref()) { time { (minute(at)) } }
                        p class="text" { (visit.t(&entry.text, &entry.text_en)) }
                    }
                }
            }
        }
    }
}

/// Whether a portal shows the enterprise platform's lane.
pub fn has_lanes(visit: &Visit, known: &Known) -> bool {
    visit.side == Side::Enterprise && known.appeal.desk() == hotline_proto::common::v1::Desk::Enterprise
}
