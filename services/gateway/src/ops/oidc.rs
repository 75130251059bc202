//! Signing in through the city's identity provider: the way there, and the account that comes back.
//!
//! Invariant: nobody comes in by a name that the provider gave to somebody else before; the first who comes by it is
//! linked to the account.

use chrono::TimeDelta;
use hotline_bus::{Fault, Tx};

use super::sign_in::own;
use super::{Happening, Outcome, People, Visitor, note, retry};
use crate::domain::{next_page, username};
use crate::secrets::{Token, digest};
use crate::store::{self, Account, Flow};

/// How sessions are signed in that begin here.
pub const BY_PROVIDER: &str = "oidc";

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
    /// to nobody and now is to them. Nobody is made an account for. Wrong passwords, which anybody may try, keep nobody
    /// out here.
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
        let found = match store::by_subject(tx.sql(), subject).await? {
            Some(account) => Some(account),
            None => named(&mut tx, visitor, subject, name).await?,
        };
        let outcome = match found.filter(|account| !account.locked) {
            Some(account) => self.admit(&mut tx, visitor, &account, BY_PROVIDER, next).await?,
            None => {
                note(&mut tx, refused(visitor)).await?;
                Outcome::Wrong
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Writes down that somebody came back from the provider with what proves nothing.
    ///
    /// # Errors
    /// The database.
    pub async fn not_vouched(&self, visitor: &Visitor) -> Result<(), Fault> {
        let mut tx = self.bus.begin().await?;
        note(&mut tx, refused(visitor)).await?;
        tx.commit().await
    }
}

/// The open account called `name` that is linked to nobody; it is linked to `subject`.
async fn named(
    tx: &mut Tx,
    visitor: &Visitor,
    subject: &str,
    name: Option<&str>,
) -> Result<Option<Account>, Fault> {
    let Some(name) = name.and_then(|name| username(name).ok()) else {
        return Ok(None);
    };
    let found = store::by_name(tx.sql(), &name).await?;
    let found = found.filter(|account| account.oidc_subject.is_none() && !account.locked);
    if let Some(account) = &found {
        store::link_subject(tx.sql(), account.id, subject).await?;
        note(tx, own("provider_linked", account, visitor, "")).await?;
    }
    Ok(found)
}

/// A failure at the provider counts against no address: nobody can guess there.
fn refused(visitor: &Visitor) -> Happening<'static> {
    Happening {
        kind: "sign_in_failed",
        account: None,
        actor: "",
        address: Some(visitor.address),
        detail: BY_PROVIDER,
    }
}
