//! The answer "a rule says no": a stable code, the words for it, and the article it rests on.
//!
//! A refusal is not a fault: it changes nothing, is never retried, and reads the same in every service.

use std::fmt;

use crate::rules::Source;

/// The language that a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Simplified Chinese, the language of the desks.
    #[default]
    Zh,
    /// English, for operators and integrators.
    En,
}

/// What sort of "no" a code is; it alone decides the gRPC status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A value that could never be right (a bad enum, a telephone that is none).
    Invalid,
    /// A command in the wrong state.
    Precondition,
    /// Nothing has this name.
    NotFound,
    /// The caller may not.
    Denied,
    /// A stale version, or a change that lost against another.
    Conflict,
    /// Already there, with other content.
    Exists,
    /// A bound is used up.
    Exhausted,
}

/// One reason to refuse, as a constant: `order.not_signed` and its words.
///
/// Every code has a line in `docs/errors.md`, made from these fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable name, `noun.reason`; never renamed once released.
    pub id: &'static str,
    /// What sort of "no".
    pub kind: Kind,
    /// What is wrong, in Chinese, without a full stop.
    pub zh: &'static str,
    /// What is wrong, in English, lower case, without a full stop.
    pub en: &'static str,
    /// What to do about it, in Chinese.
    pub remedy_zh: &'static str,
    /// What to do about it, in English.
    pub remedy_en: &'static str,
}

impl Code {
    /// What is wrong, in `lang`.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// What to do about it, in `lang`.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.remedy_zh,
            Lang::En => self.remedy_en,
        }
    }
}

/// A rule that said no to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub code: &'static Code,
    /// The field of the request that is at fault (`appeal.title`), where one is.
    pub field: Option<String>,
    /// The article that the rule comes from (`12(3)`), where a regulation says it.
    pub article: Option<String>,
    /// The particulars (`leg 7f3… is returned`); never personal data; empty when there are none.
    pub detail: String,
    /// What is wrong besides, in the order of the request; each without others of its own.
    pub others: Vec<Refusal>,
}

impl Refusal {
    /// A refusal for `code`, without particulars.
    #[must_use]
    pub fn new(code: &'static Code) -> Self {
        Self {
            code,
            field: None,
            article: None,
            detail: String::new(),
            others: Vec::new(),
        }
    }

    /// One refusal that tells of everything wrong; `None` when nothing is.
    #[must_use]
    pub fn of_all(wrong: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut wrong = wrong.into_iter();
        let mut first = wrong.next()?;
        for mut other in wrong {
            let nested = std::mem::take(&mut other.others);
            first.others.push(other);
            first.others.extend(nested);
        }
        Some(first)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the article that says so; what the operator set stands in none, and is no article.
    #[must_use]
    pub fn article(mut self, article: impl Into<String>) -> Self {
        let article = article.into();
        let of_a_document = !article.is_empty() && article != Source::Operator.as_str();
        self.article = of_a_document.then_some(article);
        self
    }

    /// Adds the particulars.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The whole message in `lang`: what, which field, particulars, article, remedy; then the others, a line each.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut text = self.own_text(lang);
        for other in &self.others {
            text.push('\n');
            text.push_str(&other.own_text(lang));
        }
        text
    }

    fn own_text(&self, lang: Lang) -> String {
        let (colon, basis, stop) = match lang {
            Lang::Zh => (":", ",依据:", "。"),
            Lang::En => (": ", ", article ", "; "),
        };
        let mut text = String::from(self.code.text(lang));
        match (&self.field, lang) {
            (Some(field), Lang::Zh) => text = format!("{text}({field})"),
            (Some(field), Lang::En) => text = format!("{text} ({field})"),
            (None, _) => {}
        }
        if !self.detail.is_empty() {
            text = format!("{text}{colon}{}", self.detail);
        }
        if let Some(article) = &self.article {
            text = format!("{text}{basis}{article}");
        }
        let remedy = self.code.remedy(lang);
        if remedy.is_empty() {
            text
        } else {
            format!("{text}{stop}{remedy}")
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id, self.text(Lang::En))
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    static NOT_SIGNED: Code = Code {
        id: "order.not_signed",
        kind: Kind::Precondition,
        zh: "工单尚未签收",
        en: "order is not signed",
        remedy_zh: "请先签收",
        remedy_en: "sign it first",
    };

    #[test]
    fn a_refusal_reads_in_both_languages() {
        let refusal = Refusal::new(&NOT_SIGNED)
            .field("leg")
            .article("12(3)")
            .detail("leg 7");
        assert_eq!(
            refusal.text(Lang::Zh),
            "工单尚未签收(leg):leg 7,依据:12(3)。请先签收"
        );
        assert_eq!(
            refusal.text(Lang::En),
            "order is not signed (leg): leg 7, article 12(3); sign it first"
        );
        assert!(refusal.to_string().starts_with("order.not_signed: "));
    }

    #[test]
    fn what_the_operator_set_is_told_without_an_article() {
        for none in ["", "operator"] {
            assert_eq!(Refusal::new(&NOT_SIGNED).article(none), Refusal::new(&NOT_SIGNED));
        }
    }

    #[test]
    fn several_refusals_are_told_as_one() {
        let title = || Refusal::new(&NOT_SIGNED).field("title");
        let all = Refusal::of_all([title().field("leg"), title(), title().detail("x")])
            .expect("something is wrong");
        assert_eq!((all.field.as_deref(), all.others.len()), (Some("leg"), 2));
        assert_eq!(all.text(Lang::En).lines().count(), 3);
        assert_eq!(Refusal::of_all([]), None);
    }

    #[test]
    fn a_bare_refusal_says_what_and_the_remedy() {
        assert_eq!(Refusal::new(&NOT_SIGNED).text(Lang::Zh), "工单尚未签收。请先签收");
    }
}
