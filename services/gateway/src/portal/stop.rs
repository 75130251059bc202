//! Answers that end a visit early: not there, too much, not ours, out of order.

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, html};

use super::assets;

/// An answer instead of the page that was asked for.
pub struct Stop(Box<Response>);

/// What a handler gives.
pub type Answer = Result<Response, Stop>;

/// Seconds after which a service that did not answer is asked again.
const RETRY_S: u64 = 10;

impl Stop {
    /// There is no such page, or it belongs to another browser: both read the same.
    pub fn absent() -> Self {
        let words = ["没有这个页面", "There is no such page"];
        let more = [
            "链接可能已过期。填写中的内容在最后一次保存后保留24小时。",
            "The link may have expired. What you fill in is kept for 24 hours.",
        ];
        Self::plain(StatusCode::NOT_FOUND, words, more)
    }

    /// Too much at once.
    pub fn busy(retry_s: u64) -> Self {
        let words = ["现在访问的人较多", "Too many requests"];
        let more = [
            "请稍等片刻再试。您填写并保存过的内容不会丢失；紧急情况请直接拨打 110、119、120。",
            "Please try again in a moment. What you saved is not lost. In an emergency call 110, 119 or 120.",
        ];
        let mut stop = Self::plain(StatusCode::TOO_MANY_REQUESTS, words, more);
        stop.0
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(retry_s.max(1)));
        stop
    }

    /// A form that did not come from our own page, or an old one.
    pub fn foreign() -> Self {
        let words = ["这个表单已失效", "This form is no longer valid"];
        let more = [
            "请返回上一页，刷新后重新提交。请允许浏览器保存本网站的 Cookie。",
            "Go back, reload the page and send it again. Cookies of this site must be allowed.",
        ];
        Self::plain(StatusCode::FORBIDDEN, words, more)
    }

    /// An upload that broke off, or is larger than the form may be.
    pub fn broken() -> Self {
        let words = ["文件没有上传成功", "The file was not received"];
        let more = [
            "文件可能太大，或网络中断。请返回上一页，换一个较小的文件再试。",
            "It may be too large, or the connection broke. Go back and try a smaller one.",
        ];
        Self::plain(StatusCode::PAYLOAD_TOO_LARGE, words, more)
    }

    /// A part of the platform does not answer for now.
    pub fn later(error: impl std::fmt::Display) -> Self {
        tracing::warn!(error = %format_args!("{error:#}"), "the portal could not go on for now");
        let words = ["暂时无法办理", "Not available for now"];
        let more = [
            "系统正在恢复，请稍后再试。您填写的内容已保存，重新提交不会重复登记。",
            "Please try again shortly. What you filled in is saved; sending it again registers it once only.",
        ];
        let mut stop = Self::plain(StatusCode::SERVICE_UNAVAILABLE, words, more);
        stop.0
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(RETRY_S));
        stop
    }

    fn plain(status: StatusCode, words: [&str; 2], more: [&str; 2]) -> Self {
        let page: Markup = html! {
            (DOCTYPE)
            html lang="zh-CN" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (words[0]) " · 12345" }
                    link rel="stylesheet" href=(assets::css());
                    link rel="icon" href=(assets::icon());
                }
                body {
                    main id="main" class="page narrow" {
                        h1 { (words[0]) }
                        p { (more[0]) }
                        p lang="en" class="hint" { (words[1]) ". " (more[1]) }
                        p { a class="button" href="/portal/" { "返回首页 Home" } }
                    }
                }
            }
        };
        Self(Box::new((status, page).into_response()))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::later(error)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::later(error)
    }
}

impl From<tonic::Status> for Stop {
    fn from(status: tonic::Status) -> Self {
        match status.code() {
            tonic::Code::NotFound => Self::absent(),
            tonic::Code::ResourceExhausted => Self::busy(60),
            _ => Self::later(status),
        }
    }
}
