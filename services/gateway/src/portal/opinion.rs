//! The written opinion, for the appellant who asked for one: the same sheet as at the desks.

use axum::extract::Path;
use hotline_proto::routing::v1::GetWrittenOpinionRequest;
use http::StatusCode;

use super::stop::{Answer, Stop};
use super::track;
use super::visit::Visit;
use crate::papers::{Place, opinion_sheet};

/// The opinion on an appeal that this browser has opened, to print.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Answer {
    let Some(known) = track::known(&visit, &number).await? else {
        return Ok(visit.go("/track"));
    };
    if !known.has_opinion() {
        return Err(Stop::absent());
    }
    let services = &visit.portal.services;
    let order = known.appeal.order_id;
    let request = services.ask(&visit, GetWrittenOpinionRequest { order })?;
    let opinion = services.routing.clone().get_written_opinion(request).await?;
    let back = visit.at(&format!("/track/{number}"));
    let place = Place {
        lang: visit.lang,
        back: &back,
    };
    Ok(visit.page(StatusCode::OK, &opinion_sheet(&place, opinion.into_inner())))
}
