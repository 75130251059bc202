//! `/files`: uploads, as a form or as they are, and downloads; who may see the appeal may see its files.
//!
//! Invariant: whoever may not see an appeal can not tell whether it has a file.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures::StreamExt as _;
use hotline_bus::Fault;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_proto::intake::v1::{AppealFile, AttachFileRequest, GetAppealRequest};
use hotline_proto::routing::v1::GetOrderRequest;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_runtime::{Caller, Openness};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::domain::media_of;
use crate::ops::{StoredFile, Upload, no_file};
use crate::{Door, page};

pub mod caller;

/// Life of the token by which a service is asked in a caller's name.
const TOKEN_TTL: Duration = Duration::from_secs(60);
/// What a form adds to a file: its boundaries and the names of its fields.
const FORM_ROOM: usize = 64 * 1024;
/// Between two sweeps of what nobody used.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// Policy of every file: it may do nothing, not even when it is opened by itself.
const SANDBOX: &str = "default-src 'none'; sandbox";
/// Who sent a file that came from the public portal.
const APPELLANT: &str = "appellant";

/// The calls by which an appeal is read: by the platform's roles, and by units.
const GET_APPEAL: &str = "/hotline.intake.v1.IntakeService/GetAppeal";
const GET_ORDER: &str = "/hotline.routing.v1.RoutingService/GetOrder";

/// The routes.
pub fn routes(max_bytes: u64) -> Router<Arc<Door>> {
    let limit = usize::try_from(max_bytes)
        .unwrap_or(usize::MAX)
        .saturating_add(FORM_ROOM);
    Router::new()
        .route("/files", post(upload))
        .route("/files/{id}", get(download))
        .route("/files/{id}/appeal/{appeal}", post(attach))
        .layer(DefaultBodyLimit::max(limit))
}

/// What an upload says in its address.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Appeal or order to put the file with at once; without one it waits for a day.
    appeal: Option<Uuid>,
    /// Name of the file, where the body is the file itself.
    #[serde(default)]
    name: String,
    /// The agent uploads what the appellant sent.
    #[serde(default)]
    from_appellant: bool,
}

/// How a download is wanted.
#[derive(Debug, Deserialize)]
struct Wanted {
    /// In the page, where the file is a picture.
    #[serde(default)]
    inline: bool,
}

/// What an upload answers.
#[derive(Debug, Serialize)]
struct Told {
    file_id: Uuid,
    name: String,
    media_type: String,
    size_bytes: i64,
    sha256: String,
}

impl From<&StoredFile> for Told {
    fn from(file: &StoredFile) -> Self {
        Self {
            file_id: file.id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
            sha256: file.sha256.clone(),
        }
    }
}

async fn upload(State(door): State<Arc<Door>>, Query(asked): Query<Asked>, request: Request) -> Response {
    let lang = page::lang_of(request.headers());
    let caller = match caller::of(&door, request.headers(), true).await {
        Ok(caller) => caller,
        Err(status) => return told(&status),
    };
    let Some(_place) = door.files.place() else {
        return busy();
    };
    // Apart from the connection, so that what was written of a file that broke off is removed all the same.
    let done = tokio::spawn(async move { uploaded(&door, asked, &caller, request).await });
    match done.await {
        Ok(Ok(file)) => (StatusCode::CREATED, axum::Json(Told::from(&file))).into_response(),
        Ok(Err(fault)) => told(&fault.into_status(lang)),
        Err(panic) => told(&hotline_runtime::status::internal(panic)),
    }
}

async fn uploaded(door: &Door, asked: Asked, caller: &Caller, request: Request) -> Result<StoredFile, Fault> {
    if let Some(appeal) = asked.appeal {
        demand_sight(door, caller, appeal).await?;
    }
    let upload = Upload {
        name: asked.name,
        declared: String::new(),
        uploaded_by: caller.subject.clone(),
        from_appellant: asked.from_appellant,
    };
    let mut file = received(door, upload, request).await?;
    if let Some(appeal) = asked.appeal {
        put_with(door, &file, appeal).await?;
        file.appeal_id = Some(appeal);
    }
    Ok(file)
}

/// The file of a request: its first file's field where it is a form, its body otherwise.
async fn received(door: &Door, mut upload: Upload, request: Request) -> Result<StoredFile, Fault> {
    let declared = text_of(request.headers(), &CONTENT_TYPE);
    if !declared.starts_with("multipart/form-data") {
        upload.declared = declared;
        return door
            .files
            .receive(upload, request.into_body().into_data_stream())
            .await;
    }
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Fault::retry(error.to_string()))?;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Fault::retry(error.to_string()))?
    {
        if let Some(name) = field.file_name() {
            upload.name = name.to_owned();
            upload.declared = field.content_type().unwrap_or_default().to_owned();
            return door.files.receive(upload, Box::pin(field)).await;
        }
    }
    Err(no_file())
}

async fn attach(
    State(door): State<Arc<Door>>,
    Path((id, appeal)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Response {
    let attached = async {
        let caller = caller::of(&door, &headers, true).await?;
        let done = async {
            let file = door.files.find(id).await?;
            demand_own(&file, &caller)?;
            demand_sight(&door, &caller, appeal).await?;
            put_with(&door, &file, appeal).await?;
            Ok(file)
        };
        done.await
            .map_err(|fault: Fault| fault.into_status(page::lang_of(&headers)))
    };
    match attached.await {
        Ok(file) => axum::Json(Told::from(&file)).into_response(),
        Err(status) => told(&status),
    }
}

async fn download(
    State(door): State<Arc<Door>>,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let opened = async {
        let caller = caller::of(&door, &headers, false).await?;
        let found = async {
            let file = door.files.find(id).await?;
            match file.appeal_id {
                Some(appeal) => demand_sight(&door, &caller, appeal).await?,
                None => demand_own(&file, &caller)?,
            }
            let (same, bytes) = door.files.read(&file).await?;
            Ok((file, same, bytes))
        };
        found
            .await
            .map_err(|fault: Fault| fault.into_status(page::lang_of(&headers)))
    };
    let (file, same, bytes) = match opened.await {
        Ok(opened) => opened,
        Err(status) => return told(&status),
    };
    let media = media_of(&file.media_type).filter(|_| same);
    let inline = wanted.inline && media.is_some_and(|media| media.inline);
    // What no longer begins as it did is handed out as bytes and nothing else.
    let kind = media.map_or("application/octet-stream", |media| media.media_type);
    let mut response = Response::new(Body::from_stream(
        bytes.map(|piece| piece.map_err(std::io::Error::other)),
    ));
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
    answer.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    answer.insert(CONTENT_DISPOSITION, disposition(&file.name, inline));
    response
}

/// Only who uploaded a file that is with no appeal may see it.
fn demand_own(file: &StoredFile, caller: &Caller) -> Result<(), Fault> {
    let own = !file.uploaded_by.is_empty() && file.uploaded_by == caller.subject;
    own.then_some(()).ok_or_else(no_file)
}

/// Asks the services, in the caller's own name, whether they may see the appeal.
async fn demand_sight(door: &Door, caller: &Caller, appeal: Uuid) -> Result<(), Fault> {
    let may = |path: &str| match door.access.openness(path) {
        Openness::Roles(roles) => roles.iter().any(|role| caller.has(role)),
        Openness::Public | Openness::Closed => false,
    };
    let token = door
        .runtime
        .tokens
        .issue(caller, TOKEN_TTL)
        .map_err(Fault::Retry)?;
    let channel = |service: &str| door.runtime.peers.channel(service).map_err(Fault::Retry);
    let answered = if may(GET_APPEAL) {
        let request = GetAppealRequest {
            appeal: appeal.to_string(),
        };
        let mut intake = IntakeServiceClient::new(channel("intake")?);
        intake.get_appeal(in_name_of(&token, request)?).await.map(drop)
    } else if may(GET_ORDER) {
        let request = GetOrderRequest {
            order: appeal.to_string(),
        };
        let mut routing = RoutingServiceClient::new(channel("routing")?);
        routing.get_order(in_name_of(&token, request)?).await.map(drop)
    } else {
        return Err(no_file());
    };
    answered.map_err(|status| match status.code() {
        Code::NotFound | Code::PermissionDenied | Code::InvalidArgument => no_file(),
        _ => Fault::retry(format!("whether an appeal may be seen is not known: {status}")),
    })
}

fn in_name_of<T>(token: &str, body: T) -> Result<tonic::Request<T>, Fault> {
    let mut request = tonic::Request::new(body);
    let bearer = format!("Bearer {token}").parse();
    let mut bearer: tonic::metadata::MetadataValue<_> =
        bearer.map_err(|_| Fault::poison("a token that stands in no header"))?;
    bearer.set_sensitive(true);
    request.metadata_mut().insert("authorization", bearer);
    Ok(request)
}

/// Puts a received file with an appeal: in the register, with a line on its timeline, and here. The public portal calls
/// this after it has registered or found the appeal by number and code.
///
/// # Errors
/// The register refuses it: no such appeal, as many files as it may have, another appeal's file.
pub async fn put_with(door: &Door, file: &StoredFile, appeal: Uuid) -> Result<(), Fault> {
    if file.appeal_id.is_some_and(|with| with != appeal) {
        return Err(no_file());
    }
    let actor = match file.uploaded_by.as_str() {
        "" => APPELLANT,
        account => account,
    };
    let request = AttachFileRequest {
        appeal_id: appeal.to_string(),
        file: Some(AppealFile {
            file_id: file.id.to_string(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            from_appellant: file.from_appellant,
            ..AppealFile::default()
        }),
        actor: actor.to_owned(),
    };
    let channel = door.runtime.peers.channel("intake").map_err(Fault::Retry)?;
    let attached = IntakeServiceClient::new(channel).attach_file(request).await;
    attached.map_err(|status| match status.code() {
        Code::NotFound | Code::AlreadyExists => no_file(),
        Code::ResourceExhausted => Fault::Refused(hotline_policy::Refusal::new(
            &crate::domain::desk_refusals::FILE_MANY,
        )),
        _ => Fault::retry(format!("the register did not take the file: {status}")),
    })?;
    door.files.settle(file.id, appeal).await
}

/// `attachment` or `inline`, with the name in UTF-8 (RFC 6266).
fn disposition(name: &str, inline: bool) -> HeaderValue {
    let kind = if inline { "inline" } else { "attachment" };
    let mut text = format!("{kind}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

fn text_of(headers: &HeaderMap, name: &http::HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Removes uploads that nobody put with an appeal, once an hour until shutdown.
///
/// # Errors
/// None: what fails is tried again an hour later.
pub async fn tidy(door: Arc<Door>) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = door.runtime.shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
        match door.files.sweep().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "uploads that nobody used are removed"),
            Err(error) => tracing::warn!(%error, "uploads that nobody used stay for now"),
        }
    }
}

/// What a refusal reads like outside gRPC.
#[derive(Serialize)]
struct Refused {
    code: String,
    message: String,
}

fn told(status: &Status) -> Response {
    let details = status.get_error_details();
    let code = details
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default();
    let words = details.localized_message().map(|message| message.message.clone());
    let http = match (status.code(), code.as_str()) {
        (_, "upload.size") => StatusCode::PAYLOAD_TOO_LARGE,
        (_, "upload.type") => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        (Code::InvalidArgument, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (Code::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (Code::PermissionDenied, _) => StatusCode::FORBIDDEN,
        (Code::NotFound, _) => StatusCode::NOT_FOUND,
        (Code::ResourceExhausted, _) => StatusCode::CONFLICT,
        (Code::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let message = words.unwrap_or_else(|| status.message().to_owned());
    (http, axum::Json(Refused { code, message })).into_response()
}

fn busy() -> Response {
    let mut response = (
        StatusCode::TOO_MANY_REQUESTS,
        "上传过多,请稍后重试 / too many uploads at once",
    )
        .into_response();
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_the_header_as_bytes_alone() {
        let header = disposition("电梯 \"1\".png", true);
        assert_eq!(
            header.to_str().expect("text"),
            "inline; filename*=UTF-8''%E7%94%B5%E6%A2%AF%20%221%22.png"
        );
    }
}
