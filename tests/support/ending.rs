//! The steps after an order is settled: the call-back, the judgement, the archive.

use anyhow::{Context, Result};
use hotline_proto::callback::v1::{
    Callback, CallbackState, ClaimCallbackRequest, CompleteCallbackRequest, JudgeBadAnswerRequest,
    ListCallbacksRequest, Verdict,
};
use hotline_proto::common::v1::Satisfaction;
use hotline_proto::routing::v1::{ArchiveOrderRequest, Order, OrderState};

use super::callers::Callers;
use super::wait::until;

impl Callers {
    /// Waits for the call-back of an order's round in `state`.
    ///
    /// # Errors
    /// None comes in time.
    pub async fn wait_callback(&self, order_id: &str, round: i32, state: CallbackState) -> Result<Callback> {
        until(
            &format!("call-back of round {round} is {}", state.as_str_name()),
            || async {
                let found = self.callbacks(order_id).await?;
                Ok(found.into_iter().find(|callback| {
                    callback.state() == state
                        && callback.facts.as_ref().is_some_and(|facts| facts.round == round)
                }))
            },
        )
        .await
    }

    /// The call-backs of an order.
    ///
    /// # Errors
    /// The call fails.
    pub async fn callbacks(&self, order_id: &str) -> Result<Vec<Callback>> {
        let request = ListCallbacksRequest {
            order_id: order_id.to_owned(),
            ..Default::default()
        };
        Ok(self
            .callback
            .callback()
            .list_callbacks(request)
            .await?
            .into_inner()
            .callbacks)
    }

    /// Calls back and records the answer.
    ///
    /// # Errors
    /// It is refused, or no call-back comes.
    pub async fn call_back(
        &self,
        order_id: &str,
        round: i32,
        satisfaction: Satisfaction,
    ) -> Result<Callback> {
        let due = self
            .wait_callback(order_id, round, CallbackState::Scheduled)
            .await?;
        let claim = ClaimCallbackRequest {
            callback_id: due.callback_id.clone(),
            version: 0,
        };
        self.callback.callback().claim_callback(claim).await?;
        let bad = matches!(
            satisfaction,
            Satisfaction::Dissatisfied | Satisfaction::VeryDissatisfied
        );
        let request = CompleteCallbackRequest {
            callback_id: due.callback_id,
            version: 0,
            satisfaction: satisfaction.into(),
            solved: Some(!bad),
            contacted: Some(true),
            reason: if bad {
                "停车费仍按五元收取".into()
            } else {
                String::new()
            },
            ..CompleteCallbackRequest::default()
        };
        self.callback
            .callback()
            .complete_callback(request)
            .await?
            .into_inner()
            .callback
            .context("a call-back")
    }

    /// Judges a bad answer.
    ///
    /// # Errors
    /// It is refused.
    pub async fn judge(&self, callback_id: &str, verdict: Verdict) -> Result<Callback> {
        let request = JudgeBadAnswerRequest {
            callback_id: callback_id.to_owned(),
            version: 0,
            verdict: verdict.into(),
            reason: "现场复核照片与缴费记录".into(),
            ..JudgeBadAnswerRequest::default()
        };
        self.reviewer
            .callback()
            .judge_bad_answer(request)
            .await?
            .into_inner()
            .callback
            .context("a call-back")
    }

    /// Waits until an order is closed, and puts it into the archive.
    ///
    /// # Errors
    /// It is not closed in time, or it is refused.
    pub async fn archive(&self, order_id: &str) -> Result<Order> {
        self.wait_order(order_id, OrderState::Closed).await?;
        let request = ArchiveOrderRequest {
            order_id: order_id.to_owned(),
            version: 0,
        };
        self.reviewer
            .routing()
            .archive_order(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }
}
