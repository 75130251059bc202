//! A browser without script: it keeps cookies, follows redirects and sends the forms of pages as they stand.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tonic::codegen::Bytes;
use tonic::codegen::http::header::{CONTENT_TYPE, COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE};
use tonic::codegen::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};

use super::platform::Platform;

/// What stands between the parts of a form.
const BOUNDARY: &str = "a-boundary-that-no-text-has";

/// Most redirects in a row.
const HOPS_MAX: usize = 6;

/// What a browser got.
#[derive(Clone, Debug)]
pub struct Page {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Path of the page, after redirects.
    pub path: String,
    /// Text.
    pub html: String,
}

impl Page {
    /// The value of a control with this name.
    pub fn value(&self, name: &str) -> Option<String> {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&mark)?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    }

    /// The text between two marks.
    pub fn between(&self, from: &str, to: &str) -> Option<&str> {
        let (_, rest) = self.html.split_once(from)?;
        rest.split_once(to).map(|(text, _)| text)
    }

    /// Seconds to wait, where the page says so.
    pub fn retry_after(&self) -> Option<u64> {
        self.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
    }

    /// Fails unless the page has `text`.
    ///
    /// # Errors
    /// It has not; the page is shown.
    pub fn has(&self, text: &str) -> Result<&Self> {
        ensure!(
            self.html.contains(text),
            "{} lacks {text:?}:\n{}",
            self.path,
            self.html
        );
        Ok(self)
    }
}

/// One person's browser.
pub struct Browser {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Headers of every request.
    pub always: Vec<(&'static str, String)>,
}

impl Browser {
    /// A browser at the door of `platform`.
    ///
    /// # Errors
    /// The platform does not say where its gateway listens.
    pub fn at(platform: &Platform) -> Result<Self> {
        let text = std::fs::read_to_string(platform.data_dir().join(".run"))?;
        let run: serde_json::Value = serde_json::from_str(&text)?;
        let address = run["gateway"].as_str().context("the gateway runs")?.parse()?;
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address,
            cookies: Mutex::default(),
            always: Vec::new(),
        })
    }

    /// Another person's browser at the same door.
    #[must_use]
    pub fn another(&self) -> Self {
        Self {
            client: self.client.clone(),
            address: self.address,
            cookies: Mutex::default(),
            always: Vec::new(),
        }
    }

    /// Opens a page.
    ///
    /// # Errors
    /// The connection fails, or redirects do not end.
    pub async fn get(&self, path: &str) -> Result<Page> {
        let page = self.send(Method::GET, path, "").await?;
        self.follow(page).await
    }

    /// Sends the form of `page` with these fields to the path of the page, or to `action`.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn post(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let answer = self.post_once(page, action, fields).await?;
        self.follow(answer).await
    }

    /// As [`Browser::post`], without following a redirect.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn post_once(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let token = page.value("form").unwrap_or_default();
        let action = if action.is_empty() { &page.path } else { action };
        let own = std::iter::once(("form", token.as_str()));
        let fields = own.chain(fields.iter().copied());
        if page.html.contains("multipart/form-data") {
            let parts: String = fields.map(|(name, value)| part(name, "", value)).collect();
            return self.send_as(action, &parts).await;
        }
        let body: Vec<String> = fields
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        self.send(Method::POST, action, &body.join("&")).await
    }

    /// Sends a file with the form of `page`, and goes on.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn attach(&self, page: &Page, name: &str, bytes: &str) -> Result<Page> {
        let token = page.value("form").unwrap_or_default();
        let parts = format!("{}{}", part("form", "", &token), part("file", name, bytes));
        let answer = self.send_as(&page.path, &parts).await?;
        self.follow(answer).await
    }

    /// Sends a form in parts.
    async fn send_as(&self, path: &str, parts: &str) -> Result<Page> {
        let body = format!("{parts}--{BOUNDARY}--\r\n");
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send_bytes(Method::POST, path, body.as_bytes(), &media_type)
            .await
    }

    async fn follow(&self, mut page: Page) -> Result<Page> {
        for _ in 0..HOPS_MAX {
            if !page.status.is_redirection() {
                return Ok(page);
            }
            let target = page
                .headers
                .get(LOCATION)
                .context("a redirect names its target")?;
            let target = target.to_str()?.to_owned();
            page = self.send(Method::GET, &target, "").await?;
        }
        anyhow::bail!("redirects do not end: {}", page.path)
    }

    /// Sends bytes of this media type.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn upload(&self, path: &str, bytes: &[u8], media_type: &str) -> Result<Page> {
        self.send_bytes(Method::POST, path, bytes, media_type).await
    }

    /// Sends one request.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn send(&self, method: Method, path: &str, body: &str) -> Result<Page> {
        self.send_bytes(method, path, body.as_bytes(), "application/x-www-form-urlencoded")
            .await
    }

    async fn send_bytes(&self, method: Method, path: &str, body: &[u8], media_type: &str) -> Result<Page> {
        let cookies: Vec<String> = {
            let held = self.cookies.lock().expect("nobody panics with it");
            held.iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("http://{}{path}", self.address))
            .header(COOKIE, cookies.join("; "));
        if method == Method::POST {
            request = request
                .header(CONTENT_TYPE, media_type)
                .header("origin", format!("http://{}", self.address))
                .header("sec-fetch-site", "same-origin");
        }
        for (name, value) in &self.always {
            let value = HeaderValue::from_str(value)?;
            if let Some(headers) = request.headers_mut() {
                headers.insert(*name, value);
            }
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body)))?;
        let (parts, body) = self.client.request(request).await?.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                let mut held = self.cookies.lock().expect("nobody panics with it");
                held.insert(name.to_owned(), value.to_owned());
            }
        }
        let html = String::from_utf8_lossy(&body.collect().await?.to_bytes()).into_owned();
        Ok(Page {
            status: parts.status,
            headers: parts.headers,
            path: path.split('?').next().unwrap_or(path).to_owned(),
            html,
        })
    }
}

/// One part of a form in parts.
fn part(name: &str, file: &str, value: &str) -> String {
    let file = match file {
        "" => String::new(),
        file => format!("; filename=\"{file}\""),
    };
    format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
}

/// A value as a form carries it.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
