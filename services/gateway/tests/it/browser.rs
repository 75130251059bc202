//! A browser as far as the gateway can tell: cookies, forms, the headers that pages of the site send.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use prost::Message;

/// An answer, read whole.
#[derive(Debug)]
pub struct Page {
    /// Status.
    pub status: u16,
    /// Where it leads; empty where it stays.
    pub location: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Text.
    pub body: String,
    /// Bytes.
    pub bytes: Bytes,
}

impl Page {
    /// What follows `before` up to a quote or a tag.
    pub fn after(&self, before: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split(['"', '<']).next().unwrap_or_default().to_owned()
    }
}

/// A browser.
pub struct Browser {
    /// Cookies by name.
    pub cookies: BTreeMap<String, String>,
    /// Headers sent with every request.
    pub extra: Vec<(String, String)>,
    addr: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Browser {
    /// One without cookies.
    pub fn new(addr: SocketAddr) -> Self {
        Self {
            cookies: BTreeMap::new(),
            extra: Vec::new(),
            addr,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Bytes) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.addr))
            .header(HOST, self.addr.to_string());
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body)).expect("a request");
        let (head, body) = self
            .client
            .request(request)
            .await
            .expect("an answer")
            .into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        for line in head.headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("text");
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = head.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        Page {
            status: head.status.as_u16(),
            location: location.unwrap_or_default().to_owned(),
            headers: head.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(
            Method::GET,
            path,
            &[("sec-fetch-site", "same-origin")],
            Bytes::new(),
        )
        .await
    }

    /// Sends a form that a page of the site showed: its hidden field comes along.
    pub async fn post(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(page).await;
        let proof = shown.after("name=\"form\" value=\"");
        let mut all = vec![("form", proof.as_str())];
        all.extend_from_slice(fields);
        self.post_as(action, "same-origin", &all).await
    }

    /// Sends a form from a page of `site` (`same-origin`, `cross-site`).
    pub async fn post_as(&mut self, action: &str, site: &str, fields: &[(&str, &str)]) -> Page {
        let encode = |text: &str| -> String {
            text.bytes()
                .map(|byte| {
                    if byte.is_ascii_alphanumeric() {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect()
        };
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let headers = [
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
            ("sec-fetch-site", site),
        ];
        self.send(Method::POST, action, &headers, body.join("&").into())
            .await
    }

    /// Opens a one-time link and sets a password.
    pub async fn set_password(&mut self, link: &str, password: &str) -> Page {
        self.post(link, link, &[("password", password), ("again", password)])
            .await
    }

    /// Signs in with a password.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Page {
        let fields = [("username", username), ("password", password)];
        self.post("/sign-in", "/sign-in", &fields).await
    }

    /// A call as a page of the site makes it: the message, or the number of the gRPC status.
    pub async fn call<T: Message + Default>(
        &mut self,
        method: &str,
        request: &impl Message,
    ) -> Result<T, i32> {
        let origin = format!("http://{}", self.addr);
        let headers = [
            ("x-hotline-csrf", "1"),
            (ORIGIN.as_str(), origin.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.call_with(method, request, &headers).await
    }

    /// A call with headers of one's own.
    pub async fn call_with<T: Message + Default>(
        &mut self,
        method: &str,
        request: &impl Message,
        headers: &[(&str, &str)],
    ) -> Result<T, i32> {
        let mut all = vec![(CONTENT_TYPE.as_str(), "application/grpc-web+proto")];
        all.extend_from_slice(headers);
        let mut body = BytesMut::new();
        body.put_u8(0);
        body.put_u32(u32::try_from(request.encoded_len()).expect("short"));
        body.put_slice(&request.encode_to_vec());
        let path = format!("/rpc/{method}");
        let page = self.send(Method::POST, &path, &all, body.freeze()).await;
        assert_eq!(page.status, 200, "{method}: {}", page.body);
        if let Some(status) = page.headers.get("grpc-status")
            && status != "0"
        {
            return Err(status.to_str().expect("text").parse().expect("a number"));
        }
        let (mut message, mut rest) = (Vec::new(), &page.bytes[..]);
        while let [kind, a, b, c, d, more @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let (frame, after) = more.split_at(length);
            rest = after;
            if *kind == 0 {
                message = frame.to_vec();
                continue;
            }
            let trailers = String::from_utf8_lossy(frame).into_owned();
            let (_, status) = trailers.split_once("grpc-status:").expect("a status");
            let status: i32 = status
                .trim_start()
                .split(['\r', '\n'])
                .next()
                .expect("a line")
                .parse()
                .expect("a number");
            if status != 0 {
                return Err(status);
            }
        }
        Ok(T::decode(message.as_slice()).expect("a message"))
    }
}

impl Browser {
    /// Signs in although somebody is signed in: the form of another tab.
    pub async fn post_again(&mut self, username: &str, password: &str) -> Page {
        let fields = [("username", username), ("password", password)];
        self.post("/account", "/sign-in", &fields).await
    }
}
