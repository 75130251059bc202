//! The appellant's own rating: it completes the call-back, and for an enterprise is told its platform, too.

use axum::Form;
use axum::extract::Path;
use hotline_proto::callback::v1::{Callback, CompleteCallbackRequest};
use hotline_proto::common::v1::Satisfaction;
use hotline_proto::enterprise::v1::EvaluateLegRequest;
use http::StatusCode;
use maud::{Markup, html};
use tonic::Status;

use super::check::{NOTE_MAX, Problem};
use super::field::{Choice, Heading, Row, form, next};
use super::layout::{back, errors, frame, titled};
use super::progress::Known;
use super::refused::{self, Refused};
use super::stop::Answer;
use super::track;
use super::visit::{Fields, Visit};

/// Levels, best first, as the contract counts them.
const LEVELS: [(Satisfaction, &str, [&str; 2]); 5] = [
    (Satisfaction::VerySatisfied, "1", ["非常满意", "Very satisfied"]),
    (Satisfaction::Satisfied, "2", ["满意", "Satisfied"]),
    (Satisfaction::Fair, "3", ["基本满意", "Fairly satisfied"]),
    (Satisfaction::Dissatisfied, "4", ["不满意", "Dissatisfied"]),
    (
        Satisfaction::VeryDissatisfied,
        "5",
        ["非常不满意", "Very dissatisfied"],
    ),
];

/// The questions.
pub async fn ask(visit: Visit, Path(number): Path<String>) -> Answer {
    let Some(known) = track::known(&visit, &number).await? else {
        return Ok(visit.go("/track"));
    };
    if known.to_evaluate().is_none() {
        return Ok(visit.go(&format!("/track/{number}")));
    }
    let page = page(&visit, &known, &Fields::new(), &[]);
    Ok(visit.page(StatusCode::OK, &page))
}

/// Takes the answers.
pub async fn save(visit: Visit, Path(number): Path<String>, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let Some(known) = track::known(&visit, &number).await? else {
        return Ok(visit.go("/track"));
    };
    // Answered meanwhile, perhaps by the same press of a button: the page says how it stands.
    let Some(callback) = known.to_evaluate().cloned() else {
        return Ok(visit.go(&format!("/track/{number}?done=evaluate")));
    };
    visit.may_send()?;
    let problems = wrong(&visit, &fields);
    if !problems.is_empty() {
        let page = page(&visit, &known, &fields, &problems);
        return Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let done = complete(&visit, &callback, &fields).await;
    match done.map_err(|status| refused::read(&visit, status)) {
        Ok(()) | Err(Refused::KeyTaken) => {
            if known.leg.is_some() {
                tell_platform(&visit, &known, &fields).await;
            }
            Ok(visit.go(&format!("/track/{number}?done=evaluate")))
        }
        Err(Refused::Form(problems)) => {
            let page = page(&visit, &known, &fields, &problems);
            Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(Refused::Unknown(status)) => Err(status.into()),
    }
}

fn get<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", |text| text.trim())
}

fn level(fields: &Fields) -> Option<Satisfaction> {
    let given = get(fields, "satisfaction");
    let found = LEVELS.iter().find(|(_, value, _)| *value == given);
    found.map(|(level, _, _)| *level)
}

fn wrong(visit: &Visit, fields: &Fields) -> Vec<Problem> {
    let problem = |field: &str, zh: &str, en: &str| Problem {
        page: String::new(),
        field: field.to_owned(),
        text: visit.t(zh, en).to_owned(),
    };
    let mut problems = Vec::new();
    if level(fields).is_none() {
        problems.push(problem(
            "satisfaction",
            "请选择满意程度",
            "Say how satisfied you are",
        ));
    }
    for (field, zh, en) in [
        ("solved", "请选择问题是否解决", "Say whether it was solved"),
        (
            "contacted",
            "请选择承办单位是否与您联系",
            "Say whether the unit contacted you",
        ),
    ] {
        if !matches!(get(fields, field), "yes" | "no") {
            problems.push(problem(field, zh, en));
        }
    }
    problems
}

async fn complete(visit: &Visit, callback: &Callback, fields: &Fields) -> Result<(), Status> {
    let services = &visit.portal.services;
    let asked = CompleteCallbackRequest {
        callback_id: callback.callback_id.clone(),
        version: callback.version,
        satisfaction: level(fields).unwrap_or_default().into(),
        solved: Some(get(fields, "solved") == "yes"),
        contacted: Some(get(fields, "contacted") == "yes"),
        reason: get(fields, "reason").replace("\r\n", "\n"),
        suggestion: get(fields, "suggestion").replace("\r\n", "\n"),
        untruthful: get(fields, "untruthful") == "yes",
    };
    let request = services
        .ask(visit, asked)
        .map_err(|error| Status::unavailable(error.to_string()))?;
    services
        .callback
        .clone()
        .complete_callback(request)
        .await
        .map(drop)
}

/// The enterprise platform keeps the rating on its own leg, too. What cannot be told now is in the call-back.
async fn tell_platform(visit: &Visit, known: &Known, fields: &Fields) {
    let services = &visit.portal.services;
    let asked = EvaluateLegRequest {
        order_id: known.appeal.order_id.clone(),
        version: 0,
        satisfaction: level(fields).unwrap_or_default().into(),
        note: get(fields, "reason").replace("\r\n", "\n"),
    };
    let told = async {
        let request = services.ask(visit, asked)?;
        anyhow::Ok(services.enterprise.clone().evaluate_leg(request).await?)
    };
    if let Err(error) = told.await {
        tracing::info!(error = %format_args!("{error:#}"), "the enterprise platform did not take a rating");
    }
}

fn page(visit: &Visit, known: &Known, fields: &Fields, problems: &[Problem]) -> Markup {
    let number = &known.appeal.number;
    let title = visit.t("评价办理结果", "Rate the result");
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let levels: Vec<Choice<'_>> = LEVELS
        .iter()
        .map(|(_, value, [zh, en])| Choice {
            value,
            label: visit.t(zh, en),
            hint: "",
        })
        .collect();
    let yes_no = [("yes", ["是", "Yes"]), ("no", ["否", "No"])];
    let yes_no: Vec<Choice<'_>> = yes_no
        .iter()
        .map(|(value, [zh, en])| Choice {
            value,
            label: visit.t(zh, en),
            hint: "",
        })
        .collect();
    let reply = known
        .callbacks
        .last()
        .map_or("", |callback| callback.public_text.as_str());
    let inner = html! {
        (row("satisfaction", visit.t("您对办理结果满意吗？", "How satisfied are you?"), "", get(fields, "satisfaction"))
            .radios(&levels, Heading::None))
        (row("solved", visit.t("问题解决了吗？", "Was it solved?"), "", get(fields, "solved"))
            .radios(&yes_no, Heading::None))
        (row("contacted", visit.t("承办单位与您联系过吗？", "Did the unit contact you?"), "", get(fields, "contacted"))
            .radios(&yes_no, Heading::None))
        (row("untruthful", visit.t("答复内容与事实不符", "The reply is not true"), "", get(fields, "untruthful")).tick())
        (row("reason", visit.t("不满意的原因", "Reason"),
            visit.t("选择不满意时请填写，我们会据此核实、督促重新办理。", "Needed if you are dissatisfied."),
            get(fields, "reason")).lines(4, NOTE_MAX))
        (row("suggestion", visit.t("意见建议（选填）", "Suggestions (optional)"), "", get(fields, "suggestion"))
            .lines(3, NOTE_MAX))
        (next(visit, "提交评价", "Send"))
    };
    let main = html! {
        (back(visit, &format!("/track/{number}")))
        (errors(visit, problems))
        h1 { (title) }
        p class="hint" { (known.appeal.title) " · " span class="num" { (number) } }
        @if !reply.is_empty() {
            div class="panel" { h2 { (visit.t("承办单位的答复", "The unit's reply")) } p class="text" { (reply) } }
        }
        (form(visit, &format!("/track/{number}/evaluate"), &inner))
    };
    frame(visit, &titled(visit, title, problems), &main)
}
