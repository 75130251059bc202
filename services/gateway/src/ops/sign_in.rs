//! Signing in: a password, a code, a one-time link; each failure counts against the account and the address.
//!
//! Invariant: an unknown username, a wrong password, a locked and a waiting account get one answer after one time.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_runtime::config::SecondFactor;

use super::oidc::BY_PROVIDER;
use super::{Happening, People, QUIET, note, retry};
use crate::domain::refusals::PASSWORD_USED;
use crate::domain::{ACCOUNT, ADDRESS, check_password, next_page, username};
use crate::secrets::{self, Token, digest};
use crate::store::{self, Account, Half};

/// Life of a first half.
const HALF_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Longest text kept of what a browser calls itself, characters.
const AGENT_MAX: usize = 200;

/// Who stands at the door.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Network address.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
    /// Token of the session that the browser had, which ends at sign-in.
    pub old: Option<String>,
}

/// A session that was made.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The session's token, for the cookie.
    pub token: String,
    /// Where to go.
    pub next: String,
    /// Recovery codes to show, once; empty where none were made.
    pub codes: Vec<String>,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Signed in.
    Entered(Entered),
    /// The first half is done; the token of it, for a cookie.
    Half(String),
    /// Not right.
    Wrong,
    /// The first half, or the link, is no longer good.
    Gone,
    /// The address must wait until then.
    Waits(DateTime<Utc>),
}

impl People {
    /// Signs in with a password.
    ///
    /// # Errors
    /// The database.
    pub async fn enter(
        &self,
        visitor: &Visitor,
        name: &str,
        password: &str,
        next: &str,
    ) -> Result<Outcome, Fault> {
        let now = self.bus.now();
        let mut sql = self.bus.pool().acquire().await?;
        let waits = store::address_waits(&mut sql, &visitor.address.to_string(), now).await?;
        if let Some(until) = waits {
            return Ok(Outcome::Waits(until));
        }
        let account = match username(name) {
            Ok(name) => store::by_name(&mut sql, &name).await?,
            Err(_) => None,
        };
        drop(sql);
        let hash = account
            .as_ref()
            .filter(|account| may_try(account, now))
            .and_then(|account| account.password.clone());
        let fits = secrets::verify_password(password, hash.clone())
            .await
            .map_err(retry)?;
        let mut tx = self.bus.begin().await?;
        let account = match account {
            Some(account) => store::lock_by_number(tx.sql(), account.id).await?,
            None => None,
        };
        // It is looked at again under the lock: others may have failed meanwhile.
        let good = account
            .as_ref()
            .is_some_and(|account| fits && may_try(account, now) && account.password == hash);
        let outcome = match account {
            Some(account) if good => self.admit(&mut tx, visitor, &account, "password", next).await?,
            account => {
                failed(&mut tx, visitor, account.as_ref(), "password").await?;
                Outcome::Wrong
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Whom a one-time link is for, while it works.
    ///
    /// # Errors
    /// The database.
    pub async fn link_account(&self, token: &str) -> Result<Option<Account>, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let now = self.bus.now();
        let Some(id) = store::link_account(&mut sql, &digest(token), now).await? else {
            return Ok(None);
        };
        let account = store::by_number(&mut sql, id).await?;
        Ok(account.filter(|account| !account.locked))
    }

    /// Sets a password with a one-time link and signs in.
    ///
    /// # Errors
    /// The password is not good enough, or the database.
    pub async fn enter_by_link(
        &self,
        visitor: &Visitor,
        token: &str,
        password: &str,
    ) -> Result<Outcome, Fault> {
        let Some(account) = self.link_account(token).await? else {
            return Ok(Outcome::Gone);
        };
        let hash = self.new_password(&account, password).await?;
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let taken = store::take_link(tx.sql(), &digest(token), now).await?;
        if taken != Some(account.id) {
            return Ok(Outcome::Gone);
        }
        store::save_password(tx.sql(), account.id, &hash, now).await?;
        store::drop_links(tx.sql(), account.id).await?;
        store::end_all(tx.sql(), account.id, None).await?;
        note(&mut tx, own("password_set", &account, visitor, "link")).await?;
        let outcome = self.admit(&mut tx, visitor, &account, "link", "").await?;
        tx.commit().await?;
        self.forget_sessions(account.id);
        Ok(outcome)
    }

    /// Changes one's own password; other sessions end. `false`: the old one is not right.
    ///
    /// # Errors
    /// The new password is not good enough, or the database.
    pub async fn change_password(
        &self,
        visitor: &Visitor,
        signed: &super::Signed,
        old: &str,
        new: &str,
    ) -> Result<bool, Fault> {
        let Some(account) = self.proved(visitor, signed.account, old).await? else {
            return Ok(false);
        };
        let hash = self.new_password(&account, new).await?;
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        store::save_password(tx.sql(), account.id, &hash, now).await?;
        store::drop_links(tx.sql(), account.id).await?;
        store::end_all(tx.sql(), account.id, Some(signed.session)).await?;
        note(&mut tx, own("password_set", &account, visitor, "own")).await?;
        tx.commit().await?;
        self.forget_sessions(account.id);
        Ok(true)
    }

    /// The account, if the password is its own; a wrong one counts as a failure.
    pub(super) async fn proved(
        &self,
        visitor: &Visitor,
        id: i64,
        password: &str,
    ) -> Result<Option<Account>, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let account = store::by_number(&mut sql, id).await?;
        drop(sql);
        let Some(account) = account.filter(|account| may_try(account, self.bus.now())) else {
            return Ok(None);
        };
        let fits = secrets::verify_password(password, account.password.clone())
            .await
            .map_err(retry)?;
        if fits {
            return Ok(Some(account));
        }
        let mut tx = self.bus.begin().await?;
        let locked = store::lock_by_number(tx.sql(), id).await?;
        failed(&mut tx, visitor, locked.as_ref(), "password").await?;
        tx.commit().await?;
        Ok(None)
    }

    /// The hash of a password that is good enough and new.
    async fn new_password(&self, account: &Account, password: &str) -> Result<String, Fault> {
        check_password(password, &account.username)?;
        let mut sql = self.bus.pool().acquire().await?;
        let recent = store::recent_passwords(&mut sql, account.id).await?;
        drop(sql);
        for hash in recent {
            if secrets::verify_password(password, Some(hash))
                .await
                .map_err(retry)?
            {
                return Err(Refusal::new(&PASSWORD_USED).field("password").into());
            }
        }
        secrets::hash_password(password).await.map_err(retry)
    }

    /// After the first proof: a session, or the first half of one where a code is needed.
    pub(super) async fn admit(
        &self,
        tx: &mut Tx,
        visitor: &Visitor,
        account: &Account,
        method: &str,
        next: &str,
    ) -> Result<Outcome, Fault> {
        let by_provider = method == BY_PROVIDER;
        let needed = account.factor.is_some() || self.settings.second_factor == SecondFactor::Required;
        if by_provider || !needed {
            let token = self.session(tx, visitor, account, method).await?;
            return Ok(Outcome::Entered(Entered {
                token,
                next: next_page(next).to_owned(),
                codes: Vec::new(),
            }));
        }
        let setup = match account.factor {
            Some(_) => None,
            None => Some(self.sealed_factor(account.id)?),
        };
        self.half(tx, account, method, next, setup)
            .await
            .map(Outcome::Half)
    }

    /// A first half; with a secret where an authenticator is to be set up.
    pub(super) async fn half(
        &self,
        tx: &mut Tx,
        account: &Account,
        method: &str,
        next: &str,
        factor: Option<Vec<u8>>,
    ) -> Result<String, Fault> {
        let token = Token::fresh().map_err(retry)?;
        let half = Half {
            account_id: account.id,
            method: method.to_owned(),
            next: next_page(next).to_owned(),
            tries: 0,
            factor,
            expires_at: tx.now() + HALF_LIFE,
        };
        store::insert_half(tx.sql(), &token.hash, &half).await?;
        Ok(token.text)
    }

    /// A new session in place of the one that the browser had.
    pub(super) async fn session(
        &self,
        tx: &mut Tx,
        visitor: &Visitor,
        account: &Account,
        method: &str,
    ) -> Result<String, Fault> {
        if let Some(old) = &visitor.old {
            let now = tx.now();
            let live = store::live(tx.sql(), &digest(old), now, self.limits.idle).await?;
            if let Some(live) = live {
                store::end(tx.sql(), live.account_id, live.id).await?;
                self.forget_sessions(live.account_id);
            }
        }
        let token = Token::fresh().map_err(retry)?;
        let agent: String = visitor
            .agent
            .chars()
            .filter(|c| !c.is_control())
            .take(AGENT_MAX)
            .collect();
        let new = store::NewSession {
            id: tx.new_id(),
            hash: &token.hash,
            account: account.id,
            method,
            address: &visitor.address.to_string(),
            agent: &agent,
            now: tx.now(),
            expires_at: tx.now() + self.limits.most,
        };
        store::insert_session(tx.sql(), &new).await?;
        let now = tx.now();
        store::save_signed_in(tx.sql(), account.id, now).await?;
        note(tx, own("signed_in", account, visitor, method)).await?;
        Ok(token.text)
    }
}

/// Whether an attempt at an account can succeed now.
pub(super) fn may_try(account: &Account, now: DateTime<Utc>) -> bool {
    !account.locked && account.waits_until.is_none_or(|until| until <= now)
}

/// Counts a failure against account and address. While an account waits, failures do not make it wait longer: a
/// stranger must not be able to keep somebody out.
pub(super) async fn failed(
    tx: &mut Tx,
    visitor: &Visitor,
    account: Option<&Account>,
    what: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    if let Some(account) = account.filter(|account| may_try(account, now)) {
        let failures = account.failures.saturating_add(1);
        let until = ACCOUNT.until(failures, now);
        store::save_failures(tx.sql(), account.id, failures, until).await?;
    }
    let address = visitor.address.to_string();
    let waits = |failures| ADDRESS.until(failures, now);
    store::address_failed(tx.sql(), &address, now, now - QUIET, waits).await?;
    let happening = Happening {
        kind: "sign_in_failed",
        account: account.map(|account| account.id),
        actor: "",
        address: Some(visitor.address),
        detail: what,
    };
    note(tx, happening).await
}

/// Something that a person did to their own account.
pub(super) fn own<'a>(
    kind: &'static str,
    account: &Account,
    visitor: &Visitor,
    detail: &'a str,
) -> Happening<'a> {
    Happening {
        kind,
        account: Some(account.id),
        actor: "",
        address: Some(visitor.address),
        detail,
    }
}
