//! The second factor: a code of an authenticator or a recovery code completes the first half of a sign-in.

use hotline_bus::{Fault, Tx};

use super::sign_in::{failed, may_try, own};
use super::{Entered, Outcome, People, Signed, Visitor, retry};
use crate::secrets::{self, digest, recovery_digest};
use crate::store::{self, Account, Half};

/// Most codes tried on one first half.
const TRIES_MAX: i32 = 5;

/// What a person sees who gives the second half.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Name to sign in with.
    pub username: String,
    /// Secret and picture of a new authenticator; absent where one is set up already.
    pub new: Option<(String, String)>,
}

impl People {
    /// What to show for a first half; nothing when it is gone.
    ///
    /// # Errors
    /// The database.
    pub async fn setup(&self, half: &str) -> Result<Option<Setup>, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let Some(half) = store::try_half(&mut sql, &digest(half), self.bus.now(), false).await? else {
            return Ok(None);
        };
        let Some(account) = store::by_number(&mut sql, half.account_id).await? else {
            return Ok(None);
        };
        let new = match &half.factor {
            Some(sealed) => Some(self.shown(&account, sealed).map_err(retry)?),
            None => None,
        };
        Ok(Some(Setup {
            username: account.username,
            new,
        }))
    }

    fn shown(&self, account: &Account, sealed: &[u8]) -> anyhow::Result<(String, String)> {
        let secret = secrets::open_factor(&self.vault, account.id, sealed)?;
        let url = secrets::factor_url(&secret, &account.username, "12345")?;
        Ok((secret, secrets::picture(&url)?))
    }

    /// A new authenticator's secret, sealed.
    pub(super) fn sealed_factor(&self, account: i64) -> Result<Vec<u8>, Fault> {
        let secret = secrets::new_factor().map_err(retry)?;
        Ok(secrets::seal_factor(&self.vault, account, &secret))
    }

    /// Completes a sign-in with a code.
    ///
    /// # Errors
    /// The database.
    pub async fn complete(&self, visitor: &Visitor, token: &str, code: &str) -> Result<Outcome, Fault> {
        let hash = digest(token);
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        if let Some(until) = store::address_waits(tx.sql(), &visitor.address.to_string(), now).await? {
            return Ok(Outcome::Waits(until));
        }
        let Some(half) = store::try_half(tx.sql(), &hash, now, true).await? else {
            return Ok(Outcome::Gone);
        };
        let account = store::lock_by_number(tx.sql(), half.account_id).await?;
        let Some(account) = account.filter(|account| may_try(account, now) && half.tries <= TRIES_MAX) else {
            store::take_half(tx.sql(), &hash).await?;
            tx.commit().await?;
            return Ok(Outcome::Gone);
        };
        let outcome = match self.accepted(&mut tx, &account, &half, code).await? {
            None => {
                failed(&mut tx, visitor, Some(&account), "code").await?;
                Outcome::Wrong
            }
            Some(codes) => {
                if half.factor.is_some() {
                    super::note(&mut tx, own("second_factor_set", &account, visitor, "")).await?;
                }
                store::take_half(tx.sql(), &hash).await?;
                Outcome::Entered(Entered {
                    token: self.session(&mut tx, visitor, &account, "code").await?,
                    next: half.next,
                    codes,
                })
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Whether a code is right, used up with it: recovery codes to show where an authenticator was set up just now.
    async fn accepted(
        &self,
        tx: &mut Tx,
        account: &Account,
        half: &Half,
        code: &str,
    ) -> Result<Option<Vec<String>>, Fault> {
        let Some(sealed) = half.factor.as_ref().or(account.factor.as_ref()) else {
            return Ok(None);
        };
        let secret = secrets::open_factor(&self.vault, account.id, sealed).map_err(retry)?;
        let step = secrets::step_of(&secret, code, tx.now().timestamp()).map_err(retry)?;
        let Some(new) = &half.factor else {
            let by_code = match step {
                Some(step) => store::save_step(tx.sql(), account.id, step).await?,
                None => {
                    let hash = recovery_digest(account.id, code);
                    store::take_recovery_code(tx.sql(), account.id, &hash).await?
                }
            };
            return Ok(by_code.then(Vec::new));
        };
        let Some(step) = step else { return Ok(None) };
        let codes = secrets::recovery_codes().map_err(retry)?;
        let hashes: Vec<_> = codes
            .iter()
            .map(|code| recovery_digest(account.id, code))
            .collect();
        store::save_factor(tx.sql(), account.id, Some(new)).await?;
        store::save_step(tx.sql(), account.id, step).await?;
        store::replace_recovery_codes(tx.sql(), account.id, &hashes).await?;
        Ok(Some(codes))
    }

    /// Begins to set up a new authenticator, after one's password: the token of a first half. Nothing: it is wrong.
    ///
    /// # Errors
    /// The database.
    pub async fn begin_setup(
        &self,
        visitor: &Visitor,
        signed: &Signed,
        password: &str,
    ) -> Result<Option<String>, Fault> {
        let Some(account) = self.proved(visitor, signed.account, password).await? else {
            return Ok(None);
        };
        let factor = self.sealed_factor(account.id)?;
        let mut tx = self.bus.begin().await?;
        let token = self
            .half(&mut tx, &account, "password", "/account", Some(factor))
            .await?;
        tx.commit().await?;
        Ok(Some(token))
    }
}
