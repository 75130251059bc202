//! Answers the calls about good and bad reviews.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_proto::callback::v1 as proto;
use hotline_runtime::page;
use tonic::{Request, Status};
use uuid::Uuid;

use super::read::{identifier, reference, unknown, words};
use super::{Call, Desk};
use crate::contract;
use crate::domain::refusals::TEXT_MISSING;
use crate::domain::review::{Review, State, Step};

/// The review, and what is done to it.
type Asked = Result<(Uuid, Step), Refusal>;

pub(super) fn verify(asked: proto::VerifyReviewRequest) -> Asked {
    let step = Step::Verify(asked.founded, words(&asked.words, "words")?);
    Ok((identifier(&asked.review_id, "review_id")?, step))
}

pub(super) fn rectify(asked: proto::RectifyReviewRequest) -> Asked {
    let step = Step::Rectify(words(&asked.words, "words")?);
    Ok((identifier(&asked.review_id, "review_id")?, step))
}

pub(super) fn confirm(asked: proto::ConfirmRectificationRequest) -> Asked {
    let step = Step::Confirm(asked.confirmed, words(&asked.words, "words")?);
    Ok((identifier(&asked.review_id, "review_id")?, step))
}

fn need(text: &str, field: &str) -> Result<String, Refusal> {
    let text = reference(text, field)?;
    if text.is_empty() {
        return Err(Refusal::new(&TEXT_MISSING).field(field));
    }
    Ok(text)
}

fn recorded(asked: &proto::RecordReviewRequest) -> Result<Review, Refusal> {
    let satisfaction = contract::satisfaction(asked.satisfaction());
    Ok(Review {
        id: Uuid::nil(),
        source: reference(&asked.source, "source")?,
        reference: reference(&asked.source_reference, "source_reference")?,
        unit: need(&asked.unit_id, "unit_id")?,
        subject: need(&asked.subject, "subject")?,
        satisfaction: satisfaction.ok_or_else(|| unknown("satisfaction", "1-5"))?,
        words: words(&asked.words, "words")?,
        state: State::Good,
        verification: Default::default(),
        rectification: Default::default(),
        remark: String::new(),
        at: chrono::DateTime::UNIX_EPOCH,
    })
}

impl Desk {
    pub(super) async fn record(
        &self,
        request: Request<proto::RecordReviewRequest>,
    ) -> Result<proto::Review, Status> {
        let call = Call::from(&request)?;
        let done = async {
            let review = recorded(&request.into_inner())?;
            self.callbacks.record_review(review).await
        };
        let review = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(contract::review(&review))
    }

    pub(super) async fn step<T>(
        &self,
        request: Request<T>,
        read: fn(T) -> Asked,
    ) -> Result<proto::Review, Status> {
        let call = Call::from(&request)?;
        let done = async {
            let (id, step) = read(request.into_inner())?;
            let unit = call.unit.as_deref();
            self.callbacks.step_review(id, &step, &call.actor, unit).await
        };
        let review = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(contract::review(&review))
    }

    /// A unit's staff see the reviews of their unit, whatever they ask for.
    pub(super) async fn reviews(
        &self,
        request: Request<proto::ListReviewsRequest>,
    ) -> Result<proto::ListReviewsResponse, Status> {
        let call = Call::from(&request)?;
        let done = async {
            let asked = request.into_inner();
            let own = call.unit.clone();
            let unit = own.or_else(|| Some(asked.unit_id.clone()).filter(|unit| !unit.is_empty()));
            let state = contract::review_state(asked.state()).map(State::as_str);
            let size = page::size(asked.page_size)?;
            self.callbacks
                .list_reviews(unit.as_deref(), state, size, &asked.page_token)
                .await
        };
        let (found, next_page_token) = done.await.map_err(|fault: Fault| fault.into_status(call.lang))?;
        Ok(proto::ListReviewsResponse {
            reviews: found.iter().map(contract::review).collect(),
            next_page_token,
        })
    }
}
