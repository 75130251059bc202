//! The parts of forms: label, hint, error and control, tied together for readers of the screen.

use maud::{Markup, PreEscaped, html};

use super::check::Problem;
use super::visit::{TOKEN, TRAP, Visit};

/// A form that posts to `action`, with its token and its trap.
pub fn form(visit: &Visit, action: &str, inner: &Markup) -> Markup {
    html! {
        form method="post" action=(visit.at(action)) novalidate autocomplete="on" {
            input type="hidden" name=(TOKEN) value=(visit.token());
            div class="trap" aria-hidden="true" {
                label { "Website " input type="text" name=(TRAP) tabindex="-1" autocomplete="off"; }
            }
            (inner)
        }
    }
}

/// A control with its label, hint and error.
pub struct Row<'a> {
    /// Name and identifier of the control.
    pub name: &'a str,
    /// What it asks.
    pub label: &'a str,
    /// How to answer; may be empty.
    pub hint: &'a str,
    /// What is in it.
    pub value: &'a str,
    /// What is wrong on the page.
    pub problems: &'a [Problem],
}

impl Row<'_> {
    fn wrong(&self) -> Option<&str> {
        let mut all = self.problems.iter();
        all.find(|problem| problem.field == self.name)
            .map(|problem| problem.text.as_str())
    }

    fn described(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let wrong = self.wrong().map(|_| format!("{}-error", self.name));
        let all: Vec<String> = hint.into_iter().chain(wrong).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn around(&self, control: &Markup) -> Markup {
        let class = if self.wrong().is_some() {
            "row wrong"
        } else {
            "row"
        };
        html! {
            div class=(class) {
                label for=(self.name) { (self.label) }
                (self.notes())
                (control)
            }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            @if !self.hint.is_empty() { p class="hint" id={ (self.name) "-hint" } { (self.hint) } }
            @if let Some(text) = self.wrong() { p class="error" id={ (self.name) "-error" } { (text) } }
        }
    }

    /// One line of text.
    pub fn line(&self, more: Line<'_>) -> Markup {
        let invalid = self.wrong().map(|_| "true");
        self.around(&html! {
            input id=(self.name) name=(self.name) type=(more.kind) value=(self.value) class=(more.class)
                autocomplete=(more.fills) maxlength=[more.max] inputmode=[more.keys] max=[more.latest]
                aria-describedby=[self.described()] aria-invalid=[invalid];
        })
    }

    /// Several lines of text.
    pub fn lines(&self, rows: u8, max: usize) -> Markup {
        let invalid = self.wrong().map(|_| "true");
        // A line break right after the tag is not part of the text; one more keeps a text that begins with one.
        self.around(&html! {
            textarea id=(self.name) name=(self.name) rows=(rows) maxlength=(max) data-count=(max)
                aria-describedby=[self.described()] aria-invalid=[invalid] { (PreEscaped("\n")) (self.value) }
        })
    }

    /// One of a few.
    pub fn radios(&self, options: &[Choice<'_>], heading: Heading) -> Markup {
        let class = if self.wrong().is_some() {
            "row wrong"
        } else {
            "row"
        };
        html! {
            div class=(class) {
                fieldset aria-describedby=[self.described()] {
                    legend {
                        @match heading {
                            Heading::Page => h1 { (self.label) },
                            Heading::None => span { (self.label) },
                        }
                    }
                    (self.notes())
                    @for (place, option) in options.iter().enumerate() {
                        @let id = if place == 0 { self.name.to_owned() } else { format!("{}-{place}", self.name) };
                        div class="choice" {
                            input type="radio" id=(id) name=(self.name) value=(option.value)
                                checked[option.value == self.value];
                            label for=(id) {
                                span { (option.label) }
                                @if !option.hint.is_empty() { span class="hint" { (option.hint) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Yes, or not.
    pub fn tick(&self) -> Markup {
        let class = if self.wrong().is_some() {
            "row wrong"
        } else {
            "row"
        };
        html! {
            div class=(class) {
                div class="choice" {
                    input type="checkbox" id=(self.name) name=(self.name) value="yes" checked[self.value == "yes"]
                        aria-describedby=[self.described()];
                    label for=(self.name) {
                        span { (self.label) }
                    }
                }
                (self.notes())
            }
        }
    }

    /// One of many, in groups; a group without a name stands by itself.
    pub fn select(&self, groups: &[Group<'_>], nothing: &str) -> Markup {
        let invalid = self.wrong().map(|_| "true");
        self.around(&html! {
            select id=(self.name) name=(self.name) aria-describedby=[self.described()] aria-invalid=[invalid] {
                option value="" { (nothing) }
                @for group in groups {
                    @if group.name.is_empty() { (self.options(group)) }
                    @else { optgroup label=(group.name) data-group=(group.code) { (self.options(group)) } }
                }
            }
        })
    }

    fn options(&self, group: &Group<'_>) -> Markup {
        html! {
            @for (code, name) in &group.options {
                option value=(code) selected[*code == self.value] { (name) }
            }
        }
    }
}

/// What a line of text is.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Type of the input.
    pub kind: &'a str,
    /// How wide it looks.
    pub class: &'a str,
    /// What a browser may fill in.
    pub fills: &'a str,
    /// Most characters.
    pub max: Option<usize>,
    /// Keyboard of a phone.
    pub keys: Option<&'a str>,
    /// Latest date.
    pub latest: Option<&'a str>,
}

/// Plain text.
pub const TEXT: Line<'_> = Line {
    kind: "text",
    class: "full",
    fills: "off",
    max: None,
    keys: None,
    latest: None,
};

/// Whether a question is the heading of its page.
#[derive(Clone, Copy)]
pub enum Heading {
    /// It is.
    Page,
    /// The page has another.
    None,
}

/// An option of a few.
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
    /// What it means; may be empty.
    pub hint: &'a str,
}

/// Options that belong together.
pub struct Group<'a> {
    /// Code that a script narrows by.
    pub code: &'a str,
    /// Name; empty for none.
    pub name: &'a str,
    /// Code and name of each.
    pub options: Vec<(&'a str, &'a str)>,
}

/// The button that goes on.
pub fn next(visit: &Visit, zh: &str, en: &str) -> Markup {
    html! { p class="go" { button type="submit" class="button" { (visit.t(zh, en)) } } }
}
