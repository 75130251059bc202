//! Rows of enterprise legs, and what they are in the domain.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{Enterprise, Facts, Leg, Matter, Satisfaction, Standing, State};

/// A query for whole legs, to be ended with a condition.
macro_rules! select {
    ($end:literal) => {
        concat!(
            "SELECT s.*, l.leg_id, l.unit, l.round AS sent_round, l.facts, l.enterprise_name, l.credit_code, l.title, \
             l.content FROM standing s JOIN leg l USING (order_id) ",
            $end
        )
    };
}
pub(super) use select;

/// What no list filters by.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Document {
    state: State,
    breaches: i32,
    satisfaction: Option<Satisfaction>,
}

impl Document {
    pub(super) fn of(standing: &Standing) -> Self {
        Self {
            state: standing.state.clone(),
            breaches: standing.breaches,
            satisfaction: standing.satisfaction,
        }
    }
}

/// Where a leg stands, and the platform's unit.
#[derive(Debug, FromRow)]
pub(super) struct StandingRow {
    document: Json<Document>,
    lead_unit: String,
    round: i32,
    urges: i32,
    evaluated_round: i32,
    version: i64,
    received_at: DateTime<Utc>,
    progressed_at: DateTime<Utc>,
    unit: String,
}

impl StandingRow {
    pub(super) fn into_standing(self) -> (Standing, String) {
        let Document {
            state,
            breaches,
            satisfaction,
        } = self.document.0;
        let standing = Standing {
            state,
            lead_unit: self.lead_unit,
            round: self.round,
            received_at: self.received_at,
            progressed_at: self.progressed_at,
            urges: self.urges,
            breaches,
            satisfaction,
            evaluated_round: self.evaluated_round,
            version: self.version,
        };
        (standing, self.unit)
    }
}

/// Where the leg of an order stands.
#[derive(Debug, FromRow)]
pub(super) struct OrderStandingRow {
    order_id: Uuid,
    #[sqlx(flatten)]
    standing: StandingRow,
}

impl OrderStandingRow {
    pub(super) fn into_standing(self) -> (Uuid, (Standing, String)) {
        (self.order_id, self.standing.into_standing())
    }
}

/// A whole leg.
#[derive(Debug, FromRow)]
pub(super) struct LegRow {
    leg_id: Uuid,
    sent_round: i32,
    facts: Json<Facts>,
    enterprise_name: Option<String>,
    credit_code: String,
    title: String,
    content: String,
    #[sqlx(flatten)]
    standing: StandingRow,
}

impl LegRow {
    pub(super) fn into_leg(self) -> Leg {
        let (standing, unit) = self.standing.into_standing();
        let credit_code = self.credit_code;
        let matter = Matter {
            facts: self.facts.0,
            leg: self.leg_id,
            unit,
            round: self.sent_round,
            enterprise: self.enterprise_name.map(|name| Enterprise { name, credit_code }),
            title: self.title,
            content: self.content,
        };
        Leg { matter, standing }
    }
}
