//! Managing accounts, in the name of an administrator of security.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{Lang, Refusal};
use hotline_proto::gateway::v1::account_service_server::AccountService;
use hotline_proto::gateway::v1::{
    Account, AccountEvent, AccountState, CreateAccountRequest, CreateAccountResponse, EndSessionsRequest,
    EndSessionsResponse, GetAccountRequest, GetAccountResponse, IssueLinkRequest, IssueLinkResponse,
    ListAccountEventsRequest, ListAccountEventsResponse, ListAccountsRequest, ListAccountsResponse,
    ListRolesRequest, ListRolesResponse, ListSessionsRequest, ListSessionsResponse, LockAccountRequest,
    LockAccountResponse, OneTimeLink, OpenFirstAccountRequest, OpenFirstAccountResponse, Role,
    UnlockAccountRequest, UnlockAccountResponse, UpdateAccountRequest, UpdateAccountResponse,
};
use hotline_runtime::{Caller, Clock, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{count, session, timestamp};
use crate::domain::refusals::{OWN_ACCOUNT, SESSION_UNKNOWN};
use crate::domain::{ADMINISTRATORS, Draft, ROLES, subject_of};
use crate::ops::{self, Filter, Link, People};

/// Answers administrators.
pub struct AccountDesk {
    /// Accounts and sessions.
    pub people: Arc<People>,
    /// The platform's clock.
    pub clock: Clock,
}

type Answer<T> = Result<Response<T>, Status>;

/// Runs a command and answers in the caller's language.
async fn answer<T>(lang: Lang, run: impl Future<Output = Result<T, Fault>>) -> Answer<T> {
    let done = run.await.map_err(|fault| fault.into_status(lang))?;
    Ok(Response::new(done))
}

#[tonic::async_trait]
impl AccountService for AccountDesk {
    async fn list_roles(&self, _: Request<ListRolesRequest>) -> Answer<ListRolesResponse> {
        let roles = ROLES.iter().map(|role| Role {
            id: role.id.to_owned(),
            name_zh: role.zh.to_owned(),
            name_en: role.en.to_owned(),
            administrator: ADMINISTRATORS.contains(&role.id),
            needs_unit: role.needs_unit,
        });
        Ok(Response::new(ListRolesResponse {
            roles: roles.collect(),
        }))
    }

    async fn create_account(&self, request: Request<CreateAccountRequest>) -> Answer<CreateAccountResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let asked = request.into_inner();
        answer(lang, async {
            let draft = Draft {
                name: asked.name,
                roles: asked.roles,
                unit: Some(asked.unit_id),
                division: Some(asked.division),
                oidc_subject: Some(asked.oidc_subject),
            };
            let (account, link) = self.people.create(&caller, &asked.username, draft).await?;
            Ok(CreateAccountResponse {
                account: Some(self.account(account)),
                link: Some(self.link(&link)),
            })
        })
        .await
    }

    async fn get_account(&self, request: Request<GetAccountRequest>) -> Answer<GetAccountResponse> {
        let lang = status::lang_of(&request);
        let named = request.into_inner().account_id;
        answer(lang, async {
            let account = self.people.account(&named).await?;
            Ok(GetAccountResponse {
                account: Some(self.account(account)),
            })
        })
        .await
    }

    async fn list_accounts(&self, request: Request<ListAccountsRequest>) -> Answer<ListAccountsResponse> {
        let lang = status::lang_of(&request);
        let asked = request.into_inner();
        answer(lang, async {
            let filter = Filter {
                locked: match asked.state() {
                    AccountState::Unspecified => None,
                    AccountState::Active => Some(false),
                    AccountState::Locked => Some(true),
                },
                query: asked.query,
                role: asked.role,
                unit: asked.unit_id,
            };
            let found = self.people.accounts(&filter, asked.page_size, &asked.page_token);
            let (rows, next_page_token) = found.await?;
            Ok(ListAccountsResponse {
                accounts: rows.into_iter().map(|row| self.account(row)).collect(),
                next_page_token,
            })
        })
        .await
    }

    async fn update_account(&self, request: Request<UpdateAccountRequest>) -> Answer<UpdateAccountResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let asked = request.into_inner();
        answer(lang, async {
            let draft = Draft {
                name: asked.name,
                roles: asked.roles,
                unit: Some(asked.unit_id),
                division: Some(asked.division),
                oidc_subject: Some(asked.oidc_subject),
            };
            let changed = self
                .people
                .change(&caller, &asked.account_id, asked.version, draft);
            Ok(UpdateAccountResponse {
                account: Some(self.account(changed.await?)),
            })
        })
        .await
    }

    async fn issue_link(&self, request: Request<IssueLinkRequest>) -> Answer<IssueLinkResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let asked = request.into_inner();
        answer(lang, async {
            let reset = asked.reset_second_factor;
            let link = self.people.issue_link(&caller, &asked.account_id, reset).await?;
            Ok(IssueLinkResponse {
                link: Some(self.link(&link)),
            })
        })
        .await
    }

    async fn lock_account(&self, request: Request<LockAccountRequest>) -> Answer<LockAccountResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let asked = request.into_inner();
        answer(lang, async {
            let locked = self
                .people
                .lock(&caller, &asked.account_id, &asked.reason)
                .await?;
            Ok(LockAccountResponse {
                account: Some(self.account(locked)),
            })
        })
        .await
    }

    async fn unlock_account(&self, request: Request<UnlockAccountRequest>) -> Answer<UnlockAccountResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let named = request.into_inner().account_id;
        answer(lang, async {
            let unlocked = self.people.unlock(&caller, &named).await?;
            Ok(UnlockAccountResponse {
                account: Some(self.account(unlocked)),
            })
        })
        .await
    }

    async fn list_sessions(&self, request: Request<ListSessionsRequest>) -> Answer<ListSessionsResponse> {
        let lang = status::lang_of(&request);
        let named = request.into_inner().account_id;
        answer(lang, async {
            let account = self.people.account(&named).await?;
            let rows = self.people.sessions_of(account.id).await?;
            Ok(ListSessionsResponse {
                sessions: rows.into_iter().map(|row| session(row, None)).collect(),
            })
        })
        .await
    }

    async fn end_sessions(&self, request: Request<EndSessionsRequest>) -> Answer<EndSessionsResponse> {
        let (lang, caller) = (status::lang_of(&request), Caller::of(&request)?.clone());
        let asked = request.into_inner();
        answer(lang, async {
            let account = self.people.account(&asked.account_id).await?;
            if caller.subject == subject_of(account.id) {
                return Err(Refusal::new(&OWN_ACCOUNT).into());
            }
            let one = session_id(&asked.session_id)?;
            let ended = self.people.end_sessions(&caller.subject, account.id, one, None);
            Ok(EndSessionsResponse {
                ended: count(ended.await?),
            })
        })
        .await
    }

    async fn list_account_events(
        &self,
        request: Request<ListAccountEventsRequest>,
    ) -> Answer<ListAccountEventsResponse> {
        let lang = status::lang_of(&request);
        let asked = request.into_inner();
        answer(lang, async {
            let account = match asked.account_id.as_str() {
                "" => None,
                named => Some(self.people.account(named).await?.id),
            };
            let found = self
                .people
                .happenings(account, asked.page_size, &asked.page_token);
            let (rows, next_page_token) = found.await?;
            Ok(ListAccountEventsResponse {
                events: rows.into_iter().map(event).collect(),
                next_page_token,
            })
        })
        .await
    }

    async fn open_first_account(
        &self,
        request: Request<OpenFirstAccountRequest>,
    ) -> Answer<OpenFirstAccountResponse> {
        let lang = status::lang_of(&request);
        answer(lang, async {
            let first = self.people.first().await?;
            Ok(match first {
                Some((account, link)) => OpenFirstAccountResponse {
                    username: account.username,
                    link: Some(self.link(&link)),
                },
                None => OpenFirstAccountResponse::default(),
            })
        })
        .await
    }
}

impl AccountDesk {
    fn account(&self, row: ops::Account) -> Account {
        let unit = row.unit.as_deref();
        let unit = unit.and_then(|unit| self.people.city().units.get(unit));
        let state = if row.locked {
            AccountState::Locked
        } else {
            AccountState::Active
        };
        Account {
            id: subject_of(row.id),
            username: row.username,
            name: row.name,
            roles: row.roles,
            unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            unit_id: row.unit.unwrap_or_default(),
            division: row.division.unwrap_or_default(),
            state: state.into(),
            has_password: row.password.is_some(),
            has_second_factor: row.factor.is_some(),
            oidc_subject: row.oidc_subject.unwrap_or_default(),
            waits_until: row
                .waits_until
                .filter(|until| *until > self.clock.now())
                .map(timestamp),
            last_sign_in_at: row.last_sign_in_at.map(timestamp),
            created_at: Some(timestamp(row.created_at)),
            version: row.version,
        }
    }

    fn link(&self, link: &Link) -> OneTimeLink {
        OneTimeLink {
            url: self.people.url(&link.path),
            expires_at: Some(timestamp(link.expires_at)),
        }
    }
}

fn event(row: ops::Entry) -> AccountEvent {
    AccountEvent {
        at: Some(timestamp(row.at)),
        kind: row.kind,
        account_id: row.account_id.map(subject_of).unwrap_or_default(),
        actor: row.actor,
        address: row.address,
        detail: row.detail,
    }
}

/// The session that a request names; none where it names none.
pub(super) fn session_id(text: &str) -> Result<Option<Uuid>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let id = text
        .parse()
        .map_err(|_| Refusal::new(&SESSION_UNKNOWN).field("session_id"))?;
    Ok(Some(id))
}
