//! Signing in through the city's identity provider: the way there, and the account that comes back.

use chrono::TimeDelta;
use hotline_bus::Fault;

use super::sign_in::{failed, may_try};
use super::{Outcome, People, Visitor, retry};
use crate::domain::{next_page, username};
use crate::secrets::{Token, digest};
use crate::store::{self, Flow};

/// Longest stay at the provider.
const FLOW_LIFE: TimeDelta = TimeDelta::minutes(10);

impl People {
    /// Remembers a way to the provider; the token of it, for a cookie.
    ///
    /// # Errors
    /// The database.
    pub async fn leave(&self, state: &str, nonce: &str, verifier: &str, next: &str) -> Result<String, Fault> {
        let token = Token::fresh().map_err(retry)?;
        let flow = Flow {
            state: state.to_owned(),
            nonce: nonce.to_owned(),
            verifier: verifier.to_owned(),
            next: next_page(next).to_owned(),
            expires_at: self.bus.now() + FLOW_LIFE,
        };
        let mut sql = self.bus.pool().acquire().await?;
        store::insert_flow(&mut sql, &token.hash, &flow).await?;
        Ok(token.text)
    }

    /// The way that a browser comes back by, used up.
    ///
    /// # Errors
    /// The database.
    pub async fn back(&self, token: &str) -> Result<Option<Flow>, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        Ok(store::take_flow(&mut sql, &digest(token), self.bus.now()).await?)
    }

    /// Signs in whom the provider vouches for: the account linked to `subject`, or the one called `name` that is linked
    /// to nobody. Nobody is made an account for.
    ///
    /// # Errors
    /// The database.
    pub async fn enter_vouched(
        &self,
        visitor: &Visitor,
        subject: &str,
        name: Option<&str>,
        next: &str,
    ) -> Result<Outcome, Fault> {
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let mut found = store::by_subject(tx.sql(), subject).await?;
        if found.is_none()
            && let Some(name) = name.and_then(|name| username(name).ok())
        {
            let named = store::by_name(tx.sql(), &name).await?;
            found = named.filter(|account| account.oidc_subject.is_none());
        }
        let outcome = match found.filter(|account| may_try(account, now)) {
            Some(account) => self.admit(&mut tx, visitor, &account, "oidc", next).await?,
            None => {
                failed(&mut tx, visitor, None, "oidc").await?;
                Outcome::Wrong
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }
}
