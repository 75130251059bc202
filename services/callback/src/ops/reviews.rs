//! Good and bad reviews of services: recorded, verified, put right, confirmed.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_runtime::page;
use uuid::Uuid;

use super::Callbacks;
use crate::domain::refusals::REVIEW_ABSENT;
use crate::domain::review::{Review, Step};
use crate::store::reviews;

impl Callbacks {
    /// Records a review; one that is there already, by its source and reference, is given back as it stands.
    ///
    /// # Errors
    /// A bad one without words; a fault of the database.
    pub async fn record_review(&self, mut review: Review) -> Result<Review, Fault> {
        let mut tx = self.bus.begin().await?;
        (review.id, review.at) = (tx.new_id(), tx.now());
        let review = review.recorded()?;
        if !reviews::insert(tx.sql(), &review).await? {
            let known = reviews::of_source(tx.sql(), &review.source, &review.reference).await?;
            return known.ok_or_else(|| Fault::retry("the review has just gone"));
        }
        tx.commit().await?;
        Ok(review)
    }

    /// Takes a review one step on.
    ///
    /// # Errors
    /// There is none, or it is not at this step; a fault of the database.
    pub async fn step_review(
        &self,
        id: Uuid,
        step: &Step,
        actor: &str,
        unit: Option<&str>,
    ) -> Result<Review, Fault> {
        let mut tx = self.bus.begin().await?;
        let found = reviews::lock(tx.sql(), id).await?;
        let found = found.ok_or_else(|| {
            Refusal::new(&REVIEW_ABSENT)
                .field("review_id")
                .detail(id.to_string())
        })?;
        let review = found.after(step, actor, unit)?;
        reviews::update(tx.sql(), &review).await?;
        tx.commit().await?;
        Ok(review)
    }

    /// A page of reviews, newest first, with the token of the next.
    ///
    /// # Errors
    /// A token of another list; a fault of the database.
    pub async fn list_reviews(
        &self,
        unit: Option<&str>,
        state: Option<&str>,
        size: usize,
        token: &str,
    ) -> Result<(Vec<Review>, String), Fault> {
        let mark = (unit.map(str::to_owned), state.map(str::to_owned));
        let before = page::decode::<(DateTime<Utc>, Uuid)>(token, &mark)?;
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut found = reviews::list(self.bus.pool(), unit, state, before, limit).await?;
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| more).map(|review| (review.at, review.id));
        let next = last.map(|key| page::encode(&key, &mark)).unwrap_or_default();
        Ok((found, next))
    }
}
