//! Who uploads or downloads: the bearer of a token of this installation.

use hotline_runtime::Caller;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use tonic::Status;

use crate::Door;

/// Who calls.
///
/// # Errors
/// UNAUTHENTICATED for nobody.
pub async fn of(door: &Door, headers: &HeaderMap, _changing: bool) -> Result<Caller, Status> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let verified = token.and_then(|(_, token)| door.runtime.tokens.verify(token.trim()).ok());
    verified
        .map(|caller| (*caller).clone())
        .ok_or_else(|| Status::unauthenticated("请先登录 / sign in first"))
}
