//! Sessions that are alive: who calls, by the cookie's token, and their end.
//!
//! Invariant: a session that was ended here is refused at once; one that was ended by another process, within seconds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_runtime::{Caller, Stopwatch};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Happening, People, note, retry};
use crate::domain::refusals::SESSION_UNKNOWN;
use crate::domain::subject_of;
use crate::secrets::digest;
use crate::store;

/// How long a session that was found alive is believed.
const BELIEVED: TimeDelta = TimeDelta::seconds(5);

/// How fine the time of the last call is kept.
const SEEN_STEP: TimeDelta = TimeDelta::seconds(60);

/// Life of a caller's token, and how long one is used.
const TOKEN_TTL: Duration = Duration::from_secs(120);
const TOKEN_USED: Duration = Duration::from_secs(60);

/// Most sessions remembered.
const KNOWN_MAX: usize = 20_000;

/// Pause between two looks at whether a stream's session is alive.
const LOOK_PAUSE: Duration = Duration::from_secs(15);

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Session.
    pub session: Uuid,
    /// Account.
    pub account: i64,
    /// Who calls.
    pub caller: Caller,
    /// How the session was signed in.
    pub method: String,
    /// Last call, to the minute.
    pub seen_at: DateTime<Utc>,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
    /// The caller's token.
    pub token: String,
    issued: Stopwatch,
    checked_at: DateTime<Utc>,
}

/// What this process remembers of sessions.
#[derive(Default)]
pub struct Sessions {
    known: Mutex<HashMap<Vec<u8>, Arc<Signed>>>,
    ended: Notify,
}

impl Sessions {
    fn get(&self, hash: &[u8]) -> Option<Arc<Signed>> {
        self.lock().get(hash).cloned()
    }

    fn put(&self, hash: Vec<u8>, signed: Arc<Signed>) {
        let mut known = self.lock();
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(hash, signed);
    }

    /// Forgets the sessions of an account, and tells its streams to look.
    pub fn forget(&self, account: i64) {
        self.lock().retain(|_, signed| signed.account != account);
        self.ended.notify_waiters();
    }

    fn drop_token(&self, hash: &[u8]) {
        self.lock().remove(hash);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, Arc<Signed>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl People {
    /// Who has the session of this token; nobody where it ended. `active`: the call counts against idleness.
    ///
    /// # Errors
    /// The database, or a token that cannot be issued.
    pub async fn who(&self, token: &str, active: bool) -> Result<Option<Arc<Signed>>, Fault> {
        let hash = digest(token);
        let now = self.bus.now();
        let known = self.sessions.get(&hash);
        let fresh = known.as_ref().filter(|signed| {
            now - signed.checked_at < BELIEVED
                && now < self.limits.ends(signed.seen_at, signed.expires_at)
                && signed.issued.elapsed() < TOKEN_USED
        });
        let signed = match fresh {
            Some(signed) => Arc::clone(signed),
            None => match store::live(self.bus.pool(), &hash, now, self.limits.idle).await? {
                Some(live) => Arc::new(self.signed(live, known.as_deref(), now)?),
                None => {
                    self.sessions.drop_token(&hash);
                    return Ok(None);
                }
            },
        };
        let signed = self.touched(signed, active, now).await?;
        self.sessions.put(hash, Arc::clone(&signed));
        Ok(Some(signed))
    }

    /// Notes a call that counts, a minute apart.
    async fn touched(
        &self,
        signed: Arc<Signed>,
        active: bool,
        now: DateTime<Utc>,
    ) -> Result<Arc<Signed>, Fault> {
        if !active || now - signed.seen_at < SEEN_STEP {
            return Ok(signed);
        }
        store::seen(self.bus.pool(), signed.session, now).await?;
        Ok(Arc::new(Signed {
            seen_at: now,
            ..(*signed).clone()
        }))
    }

    fn signed(&self, live: store::Live, known: Option<&Signed>, now: DateTime<Utc>) -> Result<Signed, Fault> {
        let caller = Caller {
            subject: subject_of(live.account_id),
            name: Some(live.name),
            roles: live.roles,
            unit: live.unit,
            division: live.division,
            address: Some(live.address),
        };
        let kept = known.filter(|known| known.caller == caller && known.issued.elapsed() < TOKEN_USED);
        let (token, issued) = match kept {
            Some(known) => (known.token.clone(), known.issued),
            None => (
                self.tokens.issue(&caller, TOKEN_TTL).map_err(retry)?,
                Stopwatch::start(),
            ),
        };
        Ok(Signed {
            session: live.id,
            account: live.account_id,
            caller,
            method: live.method,
            seen_at: live.seen_at,
            expires_at: live.expires_at,
            token,
            issued,
            checked_at: now,
        })
    }

    /// When a session ends if nothing more is heard.
    pub fn ends(&self, signed: &Signed) -> DateTime<Utc> {
        self.limits.ends(signed.seen_at, signed.expires_at)
    }

    /// As [`People::ends`], of a session in a list.
    pub fn row_ends(&self, row: &store::Row) -> DateTime<Utc> {
        self.limits.ends(row.seen_at, row.expires_at)
    }

    /// Waits until a session is no longer alive.
    pub async fn over(&self, session: Uuid) {
        loop {
            let ended = self.sessions.ended.notified();
            tokio::select! {
                () = ended => {}
                () = tokio::time::sleep(LOOK_PAUSE) => {}
            }
            let looked = store::alive(self.bus.pool(), session, self.bus.now(), self.limits.idle).await;
            match looked {
                Ok(true) => {}
                Ok(false) => return,
                // A database that is away for a while ends no stream.
                Err(error) => tracing::debug!(%error, "cannot look whether a session is alive"),
            }
        }
    }

    /// The sessions of an account, the latest sign-in first.
    ///
    /// # Errors
    /// The database.
    pub async fn sessions_of(&self, account: i64) -> Result<Vec<store::Row>, Fault> {
        Ok(store::of_account(self.bus.pool(), account, self.bus.now(), self.limits.idle).await?)
    }

    /// Ends one session of an account, or all but `kept`; how many.
    ///
    /// # Errors
    /// `session.unknown`, or the database.
    pub async fn end_sessions(
        &self,
        actor: &str,
        account: i64,
        one: Option<Uuid>,
        kept: Option<Uuid>,
    ) -> Result<u64, Fault> {
        let mut tx = self.bus.begin().await?;
        let ended = match one {
            Some(one) if store::end(tx.sql(), account, one).await? => 1,
            Some(_) => return Err(Refusal::new(&SESSION_UNKNOWN).field("session_id").into()),
            None => store::end_all(tx.sql(), account, kept).await?,
        };
        let what = Happening {
            kind: "sessions_ended",
            account: Some(account),
            actor,
            address: None,
            detail: "",
        };
        note(&mut tx, what).await?;
        tx.commit().await?;
        self.sessions.forget(account);
        Ok(ended)
    }

    /// Ends the session of a person who leaves.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(&self, signed: &Signed) -> Result<(), Fault> {
        let mut tx = self.bus.begin().await?;
        store::end(tx.sql(), signed.account, signed.session).await?;
        let what = Happening {
            kind: "signed_out",
            account: Some(signed.account),
            actor: "",
            address: None,
            detail: "",
        };
        note(&mut tx, what).await?;
        tx.commit().await?;
        self.sessions.forget(signed.account);
        Ok(())
    }

    /// Forgets what is remembered of an account's sessions.
    pub(super) fn forget_sessions(&self, account: i64) {
        self.sessions.forget(account);
    }
}
