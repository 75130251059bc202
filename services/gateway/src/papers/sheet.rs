//! A sheet as official documents are set (GB/T 9704): heading, number, addressee, paragraphs, who signs, date, room for the seal.

use chrono::{DateTime, Utc};
use hotline_policy::Lang;
use hotline_worktime::local_time;
use maud::{DOCTYPE, Markup, html};

use crate::page::say;

/// Where a paper is shown: the language around it, and where its reader goes back to.
pub struct Place<'p> {
    /// Language of what is not printed.
    pub lang: Lang,
    /// A path of this site.
    pub back: &'p str,
}

/// One document.
#[derive(Default)]
pub struct Sheet {
    /// What kind of document it is.
    pub title: String,
    /// Its number.
    pub number: String,
    /// To whom it goes; empty for nobody in particular.
    pub addressee: String,
    /// What is told of the matter before the text: a name and a value each.
    pub facts: Vec<(&'static str, String)>,
    /// Its text; each line is a paragraph.
    pub text: String,
    /// What it rests on; empty where nothing is named.
    pub basis: String,
    /// Who signs and seals it; empty for a copy that nobody signs.
    pub signed: String,
    /// Its date.
    pub at: Option<DateTime<Utc>>,
}

/// A whole page around sheets.
pub fn page(place: &Place<'_>, title: &str, sheets: &Markup) -> Markup {
    let lang = place.lang;
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href="/papers/paper.css";
                link rel="icon" href="data:,";
                script src="/papers/paper.js" defer {}
            }
            body {
                nav class="bar" lang=(say(lang, "zh-CN", "en")) aria-label=(say(lang, "打印", "Print")) {
                    a href=(place.back) { (say(lang, "返回", "Back")) }
                    button type="button" hidden data-print { (say(lang, "打印", "Print")) }
                    span { (say(lang, "A4 纵向；请用浏览器的打印命令，也可另存为 PDF", "A4 upright; print with the browser, or save as PDF")) }
                }
                main { (sheets) }
            }
        }
    }
}

impl Sheet {
    /// The sheet.
    pub fn markup(&self) -> Markup {
        html! {
            article class="sheet" {
                h1 { (self.title) }
                @if !self.number.is_empty() { p class="number" { (self.number) } }
                @if !self.addressee.is_empty() { p class="addressee" { (self.addressee) "：" } }
                @if !self.facts.is_empty() {
                    dl { @for (name, value) in &self.facts { div { dt { (name) "：" } dd { (value) } } } }
                }
                (paragraphs(&self.text))
                @if !self.basis.is_empty() { p class="text" { "依据：" (self.basis) } }
                (self.foot())
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            @if !self.signed.is_empty() {
                footer class="signed" {
                    p { (self.signed) span class="seal" { "（盖章）" } }
                    @if let Some(at) = self.at { p { (day(at)) } }
                }
            }
        }
    }
}

/// Each line that is not empty as a paragraph.
pub fn paragraphs(text: &str) -> Markup {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    html! { @for line in lines { p class="text" { (line) } } }
}

/// A date as documents write it: 2026年3月2日.
pub fn day(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y年%-m月%-d日").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_headed_addressed_signed_and_dated_and_shows_texts_as_they_are() {
        let sheet = Sheet {
            title: "督办单".into(),
            number: "徐热督〔2026〕1号".into(),
            addressee: "市城市管理局".into(),
            text: "一行<script>\n\n 二行".into(),
            signed: "徐州市12345".into(),
            at: "2026-03-02T16:30:00Z".parse().ok(),
            ..Sheet::default()
        };
        let html = sheet.markup().into_string();
        for part in [
            "<h1>督办单</h1>",
            "class=\"addressee\">市城市管理局：</p>",
            "<p class=\"text\">一行&lt;script&gt;</p><p class=\"text\">二行</p>",
            "徐州市12345<span class=\"seal\">",
            "<p>2026年3月3日</p>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("依据"), "nothing is named that is not there");
    }
}
