//! The page that asks who somebody is: as much as the city's rules ask, and no more.

use hotline_policy::IdentityField;
use maud::{Markup, html};

use crate::portal::check::{NAME_MAX, Problem};
use crate::portal::demand::Demand;
use crate::portal::draft::{Draft, Step};
use crate::portal::field::{Line, Row, TEXT, next};
use crate::portal::visit::Visit;

/// The page's questions.
pub fn inner(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let rules = visit.rules();
    let demand = Demand::of(draft, &rules);
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let tick = |held| if held { "yes" } else { "" };
    let label = |field, zh: &str, en: &str| {
        let more = if demand.needs(field) {
            ""
        } else {
            visit.t("（选填）", " (optional)")
        };
        format!("{}{more}", visit.t(zh, en))
    };
    let name = label(IdentityField::Name, "姓名", "Name");
    let telephone = label(IdentityField::Telephone, "联系电话", "Telephone");
    let identity = label(IdentityField::IdNumber, "身份证号码", "Identity number");
    let basis = demand.article();
    html! {
        h1 { (super::title(visit, Step::Contact)) }
        p { (visit.t("办理单位会与您联系核实情况。个人信息加密保存，仅用于办理本次诉求",
            "The unit will contact you. Your data is kept encrypted and used for this matter only"))
            (visit.t(&basis[0], &basis[1])) (visit.t("。", ".")) }
        (row("name", &name, "", &draft.name).line(Line { max: Some(NAME_MAX), fills: "name", class: "half", ..TEXT }))
        (row("telephone", &telephone,
            visit.t("手机或带区号的座机，例如 138 1234 5678、0516-8371 2345", "Mobile, or landline with area code"),
            &draft.telephone)
            .line(Line { kind: "tel", fills: "tel", max: Some(20), keys: Some("tel"), class: "half", ..TEXT }))
        @if demand.needs(IdentityField::IdNumber) {
            (row("identity_number", &identity, "", &draft.identity_number)
                .line(Line { max: Some(18), class: "half", ..TEXT }))
        }
        @if demand.anonymous {
            (row("anonymous", visit.t("匿名反映（不登记姓名）", "Do not register my name"),
                visit.t("匿名事项无法回访；需要答复的请留下电话。", "Without a telephone we cannot call you back."),
                tick(draft.anonymous)).tick())
        }
        @if demand.confidential {
            (row("confidential", visit.t("对承办单位保密我的身份", "Keep my identity from the unit"), "",
                tick(draft.confidential)).tick())
        }
        (next(visit, "下一步", "Continue"))
    }
}
