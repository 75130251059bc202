//! The steps of an appeal's life up to its settling as clerks take them, one function a step.

use anyhow::{Context, Result};
use hotline_proto::common::v1::LegKind;
use hotline_proto::intake::v1::{
    AcceptAppealRequest, Appeal, AppealState, GetAppealRequest, RegisterAppealRequest, RegisterAppealResponse,
};
use hotline_proto::routing::v1::{
    ClaimOrderRequest, DispatchOrderRequest, GetOrderRequest, Leg, Order, OrderState, RecordContactRequest,
    Reply, ReplyLegRequest, ReviewReplyRequest, SignLegRequest,
};
use tonic::Code;

use super::callers::Callers;
use super::clocks::legs;
use super::wait::until;

/// Identifier of a leg.
pub fn leg_id(leg: &Leg) -> String {
    leg.facts
        .as_ref()
        .map(|facts| facts.leg_id.clone())
        .unwrap_or_default()
}

/// Unit of a leg.
pub fn unit_of(leg: &Leg) -> String {
    leg.facts
        .as_ref()
        .map(|facts| facts.unit_id.clone())
        .unwrap_or_default()
}

/// Identifier of an order, which is its appeal's.
pub fn order_id(order: &Order) -> String {
    order
        .facts
        .as_ref()
        .map(|facts| facts.order_id.clone())
        .unwrap_or_default()
}

/// When a reply says that it was handled: New Year 2020, before the start of every test's clock.
const HANDLED_AT: prost_types::Timestamp = prost_types::Timestamp {
    seconds: 1_577_836_800,
    nanos: 0,
};

/// A reply with every part that the policy requires.
pub fn full_reply(public_text: &str) -> Reply {
    Reply {
        action: "现场核查并约谈经营者".into(),
        office: "价格监督科".into(),
        handler: "科员".into(),
        result: "solved".into(),
        legal_basis: "《中华人民共和国价格法》".into(),
        told: "电话告知".into(),
        internal_text: "核查属实，已责令改正。".into(),
        public_text: public_text.into(),
        handled_at: Some(HANDLED_AT),
        contact: "价格监督科值班电话".into(),
        told_by: "telephone".into(),
        ..Reply::default()
    }
}

impl Callers {
    /// Registers an appeal.
    ///
    /// # Errors
    /// It is refused.
    pub async fn register(&self, request: RegisterAppealRequest) -> Result<RegisterAppealResponse> {
        Ok(self.agent.intake().register_appeal(request).await?.into_inner())
    }

    /// Registers an appeal, accepts it in the same step, and waits for its order.
    ///
    /// # Errors
    /// It is refused, or no order comes.
    pub async fn open(&self, request: RegisterAppealRequest) -> Result<Order> {
        let registered = self
            .register(RegisterAppealRequest {
                accept: true,
                ..request
            })
            .await?;
        let appeal = registered.appeal.context("a registration gives the appeal")?;
        self.wait_order(&appeal.appeal_id, OrderState::PreReview).await
    }

    /// Accepts an appeal.
    ///
    /// # Errors
    /// It is refused.
    pub async fn accept(&self, appeal_id: &str) -> Result<Appeal> {
        let request = AcceptAppealRequest {
            appeal_id: appeal_id.to_owned(),
            version: 0,
        };
        self.agent
            .intake()
            .accept_appeal(request)
            .await?
            .into_inner()
            .appeal
            .context("an appeal")
    }

    /// Reads an appeal.
    ///
    /// # Errors
    /// It is not there.
    pub async fn appeal(&self, appeal: &str) -> Result<Appeal> {
        let request = GetAppealRequest {
            appeal: appeal.to_owned(),
        };
        self.agent
            .intake()
            .get_appeal(request)
            .await?
            .into_inner()
            .appeal
            .context("an appeal")
    }

    /// Waits until an appeal stands so.
    ///
    /// # Errors
    /// It does not in time.
    pub async fn wait_appeal(&self, appeal: &str, state: AppealState) -> Result<Appeal> {
        until(&format!("appeal {appeal} is {}", state.as_str_name()), || async {
            Ok(Some(self.appeal(appeal).await?).filter(|appeal| appeal.state() == state))
        })
        .await
    }

    /// Reads an order.
    ///
    /// # Errors
    /// It is not there.
    pub async fn order(&self, order: &str) -> Result<Order> {
        let request = GetOrderRequest {
            order: order.to_owned(),
        };
        self.operator
            .routing()
            .get_order(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Reads an order that may not be there yet.
    ///
    /// # Errors
    /// The call fails otherwise than by "not found".
    pub async fn find_order(&self, order: &str) -> Result<Option<Order>> {
        let request = GetOrderRequest {
            order: order.to_owned(),
        };
        match self.operator.routing().get_order(request).await {
            Ok(response) => Ok(response.into_inner().order),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(status.into()),
        }
    }

    /// Waits until an order stands so.
    ///
    /// # Errors
    /// It does not in time.
    pub async fn wait_order(&self, order: &str, state: OrderState) -> Result<Order> {
        self.wait_order_that(order, state.as_str_name(), |order| order.state() == state)
            .await
    }

    /// Waits until an order is as `fits` says.
    ///
    /// # Errors
    /// It is not in time.
    pub async fn wait_order_that(
        &self,
        order: &str,
        what: &str,
        fits: impl Fn(&Order) -> bool,
    ) -> Result<Order> {
        until(&format!("order {order}: {what}"), || async {
            Ok(self.find_order(order).await?.filter(|order| fits(order)))
        })
        .await
    }

    /// Takes an order from the pool.
    ///
    /// # Errors
    /// It is refused.
    pub async fn claim(&self, order_id: &str) -> Result<Order> {
        let request = ClaimOrderRequest {
            order_id: order_id.to_owned(),
            version: 0,
        };
        self.dispatcher
            .routing()
            .claim_order(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Takes an order from the pool and sends it where the catalogue says, or to `lead`.
    ///
    /// # Errors
    /// It is refused.
    pub async fn dispatch(&self, order_id: &str, lead: &str, co_handlers: &[&str]) -> Result<Order> {
        self.claim(order_id).await?;
        let request = DispatchOrderRequest {
            order_id: order_id.to_owned(),
            lead_unit_id: lead.to_owned(),
            co_handler_unit_ids: co_handlers.iter().map(|unit| (*unit).to_owned()).collect(),
            ..Default::default()
        };
        self.dispatcher
            .routing()
            .dispatch_order(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Signs for a leg.
    ///
    /// # Errors
    /// It is refused.
    pub async fn sign(&self, order_id: &str, leg: &Leg) -> Result<Order> {
        let request = SignLegRequest {
            order_id: order_id.to_owned(),
            leg_id: leg_id(leg),
            version: 0,
        };
        self.clerk(&unit_of(leg))?
            .routing()
            .sign_leg(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Speaks with the appellant.
    ///
    /// # Errors
    /// It is refused.
    pub async fn contact(&self, order_id: &str, leg: &Leg, note: &str) -> Result<Order> {
        let request = RecordContactRequest {
            order_id: order_id.to_owned(),
            leg_id: leg_id(leg),
            version: 0,
            note: note.to_owned(),
        };
        self.clerk(&unit_of(leg))?
            .routing()
            .record_contact(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Replies for a leg.
    ///
    /// # Errors
    /// It is refused.
    pub async fn reply(&self, order_id: &str, leg: &Leg, reply: Reply) -> Result<Order> {
        let request = ReplyLegRequest {
            order_id: order_id.to_owned(),
            leg_id: leg_id(leg),
            version: 0,
            reply: Some(reply),
        };
        self.clerk(&unit_of(leg))?
            .routing()
            .reply_leg(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Approves a leg's reply.
    ///
    /// # Errors
    /// It is refused.
    pub async fn approve(&self, order_id: &str, leg: &Leg) -> Result<Order> {
        let request = ReviewReplyRequest {
            order_id: order_id.to_owned(),
            leg_id: leg_id(leg),
            approved: true,
            ..Default::default()
        };
        self.reviewer
            .routing()
            .review_reply(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Sends a leg's reply back.
    ///
    /// # Errors
    /// It is refused.
    pub async fn send_back(&self, order_id: &str, leg: &Leg, fault: &str) -> Result<Order> {
        let request = ReviewReplyRequest {
            order_id: order_id.to_owned(),
            leg_id: leg_id(leg),
            faults: vec![fault.to_owned()],
            reason: "未说明整改期限".into(),
            ..Default::default()
        };
        self.reviewer
            .routing()
            .review_reply(request)
            .await?
            .into_inner()
            .order
            .context("an order")
    }

    /// Has every standing lead and co-handling leg of the present round sign, speak, reply and be approved.
    ///
    /// # Errors
    /// A step is refused.
    pub async fn handle(&self, order: &Order) -> Result<Order> {
        let id = order_id(order);
        let mut last = None;
        for kind in [LegKind::CoHandle, LegKind::Lead] {
            for leg in legs(order, kind) {
                self.sign(&id, leg).await?;
                self.contact(&id, leg, "已与诉求人联系并说明办理安排").await?;
                self.reply(&id, leg, full_reply("经核查情况属实，已责令改正，感谢监督。"))
                    .await?;
                last = Some(self.approve(&id, leg).await?);
            }
        }
        last.context("an order with legs to handle")
    }
}
