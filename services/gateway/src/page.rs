//! The frame of every page that is made here: language, title, style sheet, main part; and how instants are read.

use chrono::{DateTime, Utc};
use hotline_policy::Lang;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use maud::{DOCTYPE, Markup, html};
use prost_types::Timestamp;

/// One of two texts, by language.
pub fn say<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The instant of a message.
pub fn instant(at: Option<&Timestamp>) -> Option<DateTime<Utc>> {
    let at = at?;
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

/// The language that a browser asks for: Chinese unless English comes first.
pub fn lang_of(headers: &HeaderMap) -> Lang {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let english = asked.is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("en"));
    if english { Lang::En } else { Lang::Zh }
}

/// A whole page.
pub fn frame(lang: Lang, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(say(lang, "zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · " (say(lang, "12345 政务服务便民热线", "12345 hotline")) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
            }
            body {
                main id="main" { (main) }
            }
        }
    }
}
