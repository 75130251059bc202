//! What administrators of security do: make accounts, give roles, issue links, lock.
//!
//! Invariant: nobody changes their own account, and one administrator of security always stays open.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_policy::refusal::Code;
use hotline_runtime::{Caller, page};
use uuid::Uuid;

use super::{Happening, People, note, retry};
use crate::domain::refusals::{
    ACCOUNT_LOCKED, ACCOUNT_UNKNOWN, DIVISION_UNKNOWN, LAST_SECURITY_ADMIN, OIDC_SUBJECT_TAKEN, OWN_ACCOUNT,
    REASON_INVALID, UNIT_UNKNOWN, USERNAME_TAKEN, VERSION_STALE,
};
use crate::domain::{Draft, Named, account_number, subject_of, username};
use crate::secrets::Token;
use crate::store::{self, Account, Entry, Filter};

/// Life of a one-time link.
const LINK_LIFE: TimeDelta = TimeDelta::hours(24);

/// Longest reason, characters.
const REASON_MAX: usize = 200;

/// Role of those who manage accounts.
const MANAGER: &str = "security_admin";

/// Username of the first account.
const FIRST: &str = "security";

/// A link that works once: the path to open, and its end.
#[derive(Clone, Debug)]
pub struct Link {
    /// Path, `/link/…`.
    pub path: String,
    /// End.
    pub expires_at: DateTime<Utc>,
}

impl People {
    /// Makes an account and its first link.
    ///
    /// # Errors
    /// The draft is not in order, the username is taken, or the database.
    pub async fn create(&self, actor: &Caller, name: &str, draft: Draft) -> Result<(Account, Link), Fault> {
        let name = username(name)?;
        let draft = self.placed(draft.checked()?)?;
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let account = store::insert(tx.sql(), &name, &draft, now).await.map_err(taken)?;
        let link = link(&mut tx, account.id).await?;
        let roles = account.roles.join(",");
        note(&mut tx, did("account_created", &account, actor, &roles)).await?;
        tx.commit().await?;
        Ok((account, link))
    }

    /// The account that a request names.
    ///
    /// # Errors
    /// `account.unknown`, or the database.
    pub async fn account(&self, named: &str) -> Result<Account, Fault> {
        let mut sql = self.bus.pool().acquire().await?;
        let found = match account_number(named)? {
            Named::Number(number) => store::by_number(&mut sql, number).await?,
            Named::Username(name) => store::by_name(&mut sql, &name).await?,
        };
        Ok(found.ok_or_else(|| Refusal::new(&ACCOUNT_UNKNOWN).field("account_id"))?)
    }

    /// A page of accounts by username, and the token of the next; empty at the end.
    ///
    /// # Errors
    /// A page that is none, or the database.
    pub async fn accounts(
        &self,
        filter: &Filter,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Account>, String), Fault> {
        let size = page::size(size)?;
        let key = (&filter.query, &filter.role, &filter.unit, filter.locked);
        let after: Option<String> = page::decode(token, &key)?;
        let mut rows = store::list(self.bus.pool(), filter, &after.unwrap_or_default(), size + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| page::encode(&row.username, &key));
        Ok((rows, next.unwrap_or_default()))
    }

    /// A page of what happened, the latest first, and the token of the next.
    ///
    /// # Errors
    /// As [`People::accounts`].
    pub async fn happenings(
        &self,
        account: Option<i64>,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Entry>, String), Fault> {
        let size = page::size(size)?;
        let before: Option<Uuid> = page::decode(token, &account)?;
        let mut rows = store::entries(self.bus.pool(), account, before, size + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| page::encode(&row.id, &account));
        Ok((rows, next.unwrap_or_default()))
    }

    /// Changes an account; its sessions end when its rights change.
    ///
    /// # Errors
    /// `account.own`, `account.version_stale`, `account.last_security_admin`, a draft not in order, or the database.
    pub async fn change(
        &self,
        actor: &Caller,
        named: &str,
        version: i32,
        draft: Draft,
    ) -> Result<Account, Fault> {
        let draft = self.placed(draft.checked()?)?;
        let (mut tx, account) = self.held(actor, named).await?;
        if account.version != version {
            return Err(Refusal::new(&VERSION_STALE).field("version").into());
        }
        if !draft.roles.iter().any(|role| role == MANAGER) {
            spare_last(&mut tx, &account).await?;
        }
        let changed = store::update(tx.sql(), account.id, &draft).await.map_err(taken)?;
        let rights = draft.differs_in_rights(&account.draft());
        if rights {
            store::end_all(tx.sql(), account.id, None).await?;
        }
        let roles = changed.roles.join(",");
        note(&mut tx, did("account_changed", &account, actor, &roles)).await?;
        tx.commit().await?;
        self.forget_sessions(account.id);
        Ok(changed)
    }

    /// Issues a link in place of those of before; `reset` forgets the second factor.
    ///
    /// # Errors
    /// `account.own`, `account.locked`, or the database.
    pub async fn issue_link(&self, actor: &Caller, named: &str, reset: bool) -> Result<Link, Fault> {
        let (mut tx, account) = self.held(actor, named).await?;
        if account.locked {
            return Err(Refusal::new(&ACCOUNT_LOCKED).into());
        }
        if reset {
            store::save_factor(tx.sql(), account.id, None).await?;
            store::end_all(tx.sql(), account.id, None).await?;
        }
        let link = link(&mut tx, account.id).await?;
        let detail = if reset { "second factor forgotten" } else { "" };
        note(&mut tx, did("link_issued", &account, actor, detail)).await?;
        tx.commit().await?;
        self.forget_sessions(account.id);
        Ok(link)
    }

    /// Locks an account: sessions and links end.
    ///
    /// # Errors
    /// `account.own`, `account.reason_invalid`, `account.last_security_admin`, or the database.
    pub async fn lock(&self, actor: &Caller, named: &str, reason: &str) -> Result<Account, Fault> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_MAX || reason.chars().any(char::is_control) {
            return Err(Refusal::new(&REASON_INVALID).field("reason").into());
        }
        let (mut tx, account) = self.held(actor, named).await?;
        spare_last(&mut tx, &account).await?;
        let locked = store::save_locked(tx.sql(), account.id, true).await?;
        store::drop_links(tx.sql(), account.id).await?;
        store::end_all(tx.sql(), account.id, None).await?;
        note(&mut tx, did("account_locked", &account, actor, reason)).await?;
        tx.commit().await?;
        self.forget_sessions(account.id);
        Ok(locked)
    }

    /// Unlocks an account, also one that waits.
    ///
    /// # Errors
    /// `account.own`, or the database.
    pub async fn unlock(&self, actor: &Caller, named: &str) -> Result<Account, Fault> {
        let (mut tx, account) = self.held(actor, named).await?;
        let unlocked = store::save_locked(tx.sql(), account.id, false).await?;
        note(&mut tx, did("account_unlocked", &account, actor, "")).await?;
        tx.commit().await?;
        Ok(unlocked)
    }

    /// The first administrator of security and a fresh link, while none ever signed in; nothing afterwards.
    ///
    /// # Errors
    /// The database.
    pub async fn first(&self) -> Result<Option<(Account, Link)>, Fault> {
        let mut tx = self.bus.begin().await?;
        if !store::nobody_ever_signed_in(tx.sql()).await? {
            return Ok(None);
        }
        let now = tx.now();
        let account = match store::by_name(tx.sql(), FIRST).await? {
            Some(account) if account.roles == [MANAGER] => account,
            // Somebody else took the name: others were made by the command line, and can be again.
            Some(_) => return Ok(None),
            None => {
                let draft = Draft {
                    name: "安全管理员".to_owned(),
                    roles: vec![MANAGER.to_owned()],
                    ..Draft::default()
                };
                store::insert(tx.sql(), FIRST, &draft, now).await?
            }
        };
        let link = link(&mut tx, account.id).await?;
        note(
            &mut tx,
            did("link_issued", &account, &Caller::service(), "first start"),
        )
        .await?;
        tx.commit().await?;
        Ok(Some((account, link)))
    }

    /// An account under lock, which is not the actor's own.
    async fn held(&self, actor: &Caller, named: &str) -> Result<(Tx, Account), Fault> {
        let account = self.account(named).await?;
        if actor.subject == subject_of(account.id) {
            return Err(Refusal::new(&OWN_ACCOUNT).into());
        }
        let mut tx = self.bus.begin().await?;
        let account = store::lock_by_number(tx.sql(), account.id).await?;
        let account = account.ok_or_else(|| Refusal::new(&ACCOUNT_UNKNOWN).field("account_id"))?;
        Ok((tx, account))
    }

    /// The draft, if the city has its unit and its division.
    fn placed(&self, draft: Draft) -> Result<Draft, Refusal> {
        let missing = |code: &'static Code, field| Err(Refusal::new(code).field(field));
        if draft
            .unit
            .as_ref()
            .is_some_and(|unit| self.city.units.get(unit).is_none())
        {
            return missing(&UNIT_UNKNOWN, "unit_id");
        }
        let division = draft.division.as_ref();
        if division.is_some_and(|code| self.city.divisions.get(code).is_none()) {
            return missing(&DIVISION_UNKNOWN, "division");
        }
        Ok(draft)
    }
}

/// A fresh link; those of before end.
async fn link(tx: &mut Tx, account: i64) -> Result<Link, Fault> {
    let token = Token::fresh().map_err(retry)?;
    let now = tx.now();
    let expires_at = now + LINK_LIFE;
    store::drop_links(tx.sql(), account).await?;
    store::insert_link(tx.sql(), &token.hash, account, now, expires_at).await?;
    Ok(Link {
        path: format!("/link/{}", token.text),
        expires_at,
    })
}

/// Refuses to take away the last open administrator of security.
async fn spare_last(tx: &mut Tx, account: &Account) -> Result<(), Fault> {
    let manages = account.roles.iter().any(|role| role == MANAGER) && !account.locked;
    if manages && store::others_in_role(tx.sql(), MANAGER, account.id).await? == 0 {
        return Err(Refusal::new(&LAST_SECURITY_ADMIN).into());
    }
    Ok(())
}

/// A violated constraint in words.
fn taken(error: sqlx::Error) -> Fault {
    let constraint = match &error {
        sqlx::Error::Database(database) => database.constraint().map(str::to_owned),
        _ => None,
    };
    match constraint.as_deref() {
        Some("account_username_key") => Refusal::new(&USERNAME_TAKEN).field("username").into(),
        Some("account_oidc_subject_key") => Refusal::new(&OIDC_SUBJECT_TAKEN).field("oidc_subject").into(),
        _ => error.into(),
    }
}

/// Something that an administrator did to an account.
fn did<'a>(kind: &'static str, account: &Account, actor: &'a Caller, detail: &'a str) -> Happening<'a> {
    Happening {
        kind,
        account: Some(account.id),
        actor: &actor.subject,
        address: None,
        detail,
    }
}
