//! Who uploads or downloads: the account of the session, or the bearer of a token of this installation.

use hotline_policy::Refusal;
use hotline_runtime::{Caller, status};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use tonic::{Code, Status};

use crate::Door;
use crate::cookie::Cookie;
use crate::domain::refusals::{PAGE_FOREIGN, SESSION_MISSING};
use crate::page::lang_of;
use crate::rpc::CSRF;

/// Who calls. With a session's cookie, a call that changes something must come from a page of ours: it carries the header
/// that a foreign page cannot send.
///
/// # Errors
/// UNAUTHENTICATED for nobody, PERMISSION_DENIED for a page of another site.
pub async fn of(door: &Door, headers: &HeaderMap, changing: bool) -> Result<Caller, Status> {
    let lang = lang_of(headers);
    if let Some(token) = Cookie::Session.of(headers, door.settings().is_https()) {
        let site = headers.get("sec-fetch-site");
        let foreign = site.is_some_and(|site| site != "same-origin");
        if changing && (foreign || !headers.contains_key(CSRF)) {
            return Err(status::refuse_as(
                Code::PermissionDenied,
                &Refusal::new(&PAGE_FOREIGN),
                lang,
            ));
        }
        let who = door.people.who(token, true).await;
        if let Some(signed) = who.map_err(|fault| fault.into_status(lang))? {
            return Ok(signed.caller.clone());
        }
    }
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let verified = token.and_then(|(_, token)| door.runtime.tokens.verify(token.trim()).ok());
    verified
        .map(|caller| (*caller).clone())
        .ok_or_else(|| status::refuse_as(Code::Unauthenticated, &Refusal::new(&SESSION_MISSING), lang))
}
