//! Looking an appeal up by number and code, and its page.
//!
//! Invariant: a wrong number and a wrong code are answered alike, however often.

use axum::Form;
use axum::extract::{Path, Query};
use chrono::TimeDelta;
use hotline_proto::callback::v1::ListCallbacksRequest;
use hotline_proto::enterprise::v1::GetEnterpriseLegRequest;
use hotline_proto::intake::v1::{TrackAppealRequest, TrackAppealResponse};
use hotline_proto::routing::v1::GetOrderRequest;
use hotline_proto::sla::v1::ListClocksRequest;
use http::StatusCode;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use tonic::{Code, Status};

use super::check::Problem;
use super::field::{Line, Row, TEXT, form, next};
use super::layout::{errors, frame, titled};
use super::matter;
use super::progress::Known;
use super::stop::{Answer, Stop};
use super::store::{self, Key, Table};
use super::visit::{Fields, Visit};

/// Most characters of a number or code that are looked at.
const INPUT_MAX: usize = 40;
/// Clocks and call-backs of one order that are looked at.
const ROWS: i32 = 50;

/// What opens an appeal in this browser.
#[derive(Serialize, Deserialize)]
pub struct Pass {
    code: String,
}

/// What a link may bring.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Number, from a receipt.
    number: String,
    /// What was just done.
    done: String,
}

/// The question for number and code.
pub async fn ask(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let number: String = asked.number.chars().take(INPUT_MAX).collect();
    Ok(visit.page(StatusCode::OK, &question(&visit, &number, &[])))
}

/// Looks an appeal up.
pub async fn open(visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    visit
        .portal
        .limits
        .looks
        .take(&visit.address)
        .map_err(Stop::busy)?;
    let text = |name: &str| -> String {
        let raw = fields.get(name).map_or("", String::as_str);
        raw.chars()
            .filter(|character| !character.is_whitespace())
            .take(INPUT_MAX)
            .collect()
    };
    let (number, code) = (text("number"), text("code"));
    match look(&visit, &number, &code).await {
        Ok(_) => {
            allow(&visit, &number, &code).await?;
            Ok(visit.go(&format!("/track/{number}")))
        }
        Err(status) if status.code() == Code::NotFound => {
            let problem = Problem {
                page: String::new(),
                field: "number".to_owned(),
                text: visit
                    .t(
                        "编号或查询码不正确，请核对回执或短信",
                        "The number or the code is wrong; check your receipt",
                    )
                    .to_owned(),
            };
            let page = question(&visit, &number, &[problem]);
            Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(status) => Err(status.into()),
    }
}

/// The page of an appeal that this browser has opened.
pub async fn show(visit: Visit, Path(number): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let Some(known) = known(&visit, &number).await? else {
        return Ok(visit.go("/track"));
    };
    Ok(visit.page(StatusCode::OK, &matter::page(&visit, &known, &asked.done)))
}

/// Forgets an appeal in this browser.
pub async fn leave(visit: Visit, Path(number): Path<String>, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    store::remove(&visit.portal.pool, &key(&visit, &number)).await?;
    Ok(visit.go("/track"))
}

fn key(visit: &Visit, number: &str) -> Key {
    Key {
        table: Table::Pass,
        owner: visit.owner(),
        name: number.to_owned(),
    }
}

/// Opens an appeal in this browser for a while.
///
/// # Errors
/// The database.
pub async fn allow(visit: &Visit, number: &str, code: &str) -> Result<(), Stop> {
    let portal = &visit.portal;
    let life = TimeDelta::minutes(i64::from(portal.settings.pass_minutes));
    let pass = Pass {
        code: code.to_owned(),
    };
    let (key, now) = (key(visit, number), portal.now());
    Ok(store::save(&portal.pool, &portal.runtime.vault, &key, &pass, (now, life)).await?)
}

async fn look(visit: &Visit, number: &str, code: &str) -> Result<TrackAppealResponse, Status> {
    let asked = TrackAppealRequest {
        number: number.to_owned(),
        tracking_code: code.to_owned(),
    };
    let services = &visit.portal.services;
    let request = services
        .ask(visit, asked)
        .map_err(|error| Status::unavailable(error.to_string()))?;
    Ok(services.intake.clone().track_appeal(request).await?.into_inner())
}

/// Everything that is known of an appeal that this browser has opened; nothing where it has not, or no longer.
///
/// # Errors
/// The register does not answer.
pub async fn known(visit: &Visit, number: &str) -> Result<Option<Known>, Stop> {
    let portal = &visit.portal;
    let (key, now) = (key(visit, number), portal.now());
    let pass: Option<Pass> = store::load(&portal.pool, &portal.runtime.vault, &key, now).await?;
    let Some(pass) = pass else {
        return Ok(None);
    };
    match look(visit, number, &pass.code).await {
        Ok(appeal) => Ok(Some(gather(visit, appeal).await)),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// What the other services say; one that does not answer is left out.
async fn gather(visit: &Visit, appeal: TrackAppealResponse) -> Known {
    let services = &visit.portal.services;
    let order_id = appeal.order_id.clone();
    let order = async {
        let order = order_id.clone();
        let request = services.ask(visit, GetOrderRequest { order })?;
        anyhow::Ok(
            services
                .routing
                .clone()
                .get_order(request)
                .await?
                .into_inner()
                .order,
        )
    };
    let clocks = async {
        let asked = ListClocksRequest {
            order_id: order_id.clone(),
            page_size: ROWS,
            ..ListClocksRequest::default()
        };
        let request = services.ask(visit, asked)?;
        anyhow::Ok(
            services
                .sla
                .clone()
                .list_clocks(request)
                .await?
                .into_inner()
                .clocks,
        )
    };
    let callbacks = async {
        let asked = ListCallbacksRequest {
            order_id: order_id.clone(),
            page_size: ROWS,
            ..ListCallbacksRequest::default()
        };
        let request = services.ask(visit, asked)?;
        anyhow::Ok(
            services
                .callback
                .clone()
                .list_callbacks(request)
                .await?
                .into_inner()
                .callbacks,
        )
    };
    let leg = async {
        let order_id = order_id.clone();
        let request = services.ask(visit, GetEnterpriseLegRequest { order_id })?;
        anyhow::Ok(
            services
                .enterprise
                .clone()
                .get_enterprise_leg(request)
                .await?
                .into_inner()
                .leg,
        )
    };
    let mut known = Known {
        appeal,
        ..Known::default()
    };
    let lanes = matter::has_lanes(visit, &known);
    let leg = async { if lanes { leg.await } else { Ok(None) } };
    let (order, clocks, callbacks, leg) = tokio::join!(order, clocks, callbacks, leg);
    known.order = order.ok().flatten();
    known.clocks = clocks.unwrap_or_default();
    known.callbacks = callbacks.unwrap_or_default();
    known.leg = leg.ok().flatten();
    known
}

fn question(visit: &Visit, number: &str, problems: &[Problem]) -> Markup {
    let title = visit.t("查询办理进度", "Track your matter");
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let inner = html! {
        (row("number", visit.t("诉求编号", "Number"),
            visit.t("回执或短信上的 21 位数字", "21 digits on your receipt"), number)
            .line(Line { keys: Some("numeric"), max: Some(INPUT_MAX), class: "half num", ..TEXT }))
        (row("code", visit.t("查询码", "Code"),
            visit.t("登记时告知的 8 位字母和数字，不分大小写", "8 letters and digits, told at registration"), "")
            .line(Line { max: Some(INPUT_MAX), class: "short num", ..TEXT }))
        (next(visit, "查询", "Track"))
    };
    let main = html! {
        (errors(visit, problems))
        h1 { (title) }
        (form(visit, "/track", &inner))
        p class="hint" { (visit.t("忘记编号或查询码，请拨打 12345，由话务员核实身份后为您查询。",
            "Lost them? Call 12345; an agent will check who you are and look it up.")) }
    };
    frame(visit, &titled(visit, title, problems), &main)
}
