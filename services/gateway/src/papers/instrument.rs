//! Documents of supervision: one that was issued, and the whole material of a case with its list.

use hotline_proto::sla::v1::{
    GetCaseRequest, GetMaterialRequest, GetMaterialResponse, SupervisionCase, SupervisionInstrument,
};
use hotline_runtime::status;
use hotline_worktime::local_time;
use maud::{Markup, html};
use tonic::Status;

use super::reader::Reader;
use super::sheet::{Place, Sheet, page, paragraphs};
use crate::page::{instant, say};

/// The article that stands for a limit of the operator's own.
const OPERATOR: &str = "operator";

/// A document of a case, to the unit that it went to.
///
/// # Errors
/// There is none, or not for this reader.
pub async fn one(reader: &Reader, case: String, id: &str) -> Result<Markup, Status> {
    let case = case_of(reader, case).await?;
    let found = case.instruments.iter().find(|one| one.instrument_id == id);
    let Some(found) = found else {
        let words = say(reader.lang, "没有这份文书", "there is no such document");
        return Err(Status::not_found(words));
    };
    let sheet = document(reader, found);
    let title = format!("{} {}", found.name, found.number);
    Ok(page(&place(reader, &back(&case)), &title, &sheet.markup()))
}

/// Every document of a case, with the list in front.
///
/// # Errors
/// There is none, or not for this reader.
pub async fn material(reader: &Reader, case: String) -> Result<Markup, Status> {
    let case = case_of(reader, case).await?;
    let request = reader.ask(GetMaterialRequest {
        case_id: case.case_id.clone(),
    })?;
    let material = reader.supervision()?.get_material(request).await?.into_inner();
    let title = format!("督办材料 {}", case.number);
    let sheets = html! {
        (cover(reader, &case, &material))
        @for document in &material.documents {
            article class="sheet" {
                h2 { (document.name) }
                @if let Some(at) = instant(document.at.as_ref()) {
                    p class="number" { (local_time(at).format("%Y-%m-%d %H:%M")) }
                }
                (paragraphs(&document.text))
            }
        }
    };
    Ok(page(&place(reader, &back(&case)), &title, &sheets))
}

async fn case_of(reader: &Reader, case: String) -> Result<SupervisionCase, Status> {
    let request = reader.ask(GetCaseRequest { case })?;
    let found = reader.supervision()?.get_case(request).await?.into_inner().case;
    found.ok_or_else(|| status::internal("a case without a case"))
}

fn back(case: &SupervisionCase) -> String {
    format!("/desk/supervision?tab=cases&case={}", case.case_id)
}

fn place<'p>(reader: &Reader, back: &'p str) -> Place<'p> {
    Place {
        lang: reader.lang,
        back,
    }
}

/// A document that was issued; its text mostly begins with the unit that it goes to, which stands above it here.
fn document(reader: &Reader, found: &SupervisionInstrument) -> Sheet {
    let unit = reader.unit(&found.unit_id);
    let addressed = found.text.strip_prefix(unit.as_str());
    let addressed = addressed.and_then(|text| text.strip_prefix([':', '：']));
    let signed = match found.signer.as_str() {
        "" => reader.platform(),
        signer => signer.to_owned(),
    };
    Sheet {
        title: found.name.clone(),
        number: found.number.clone(),
        addressee: unit,
        facts: Vec::new(),
        text: addressed.unwrap_or(&found.text).to_owned(),
        basis: if found.article == OPERATOR {
            String::new()
        } else {
            found.article.clone()
        },
        signed,
        at: instant(found.issued_at.as_ref()),
    }
}

/// The first sheet of the material: the case, its documents, and how its clocks ran.
fn cover(reader: &Reader, case: &SupervisionCase, material: &GetMaterialResponse) -> Markup {
    let facts = [
        ("工单", case.order_number.clone()),
        ("单位", reader.unit(&case.unit_id)),
        ("事项", case.title.clone()),
        ("依据", case.article.clone()),
    ];
    html! {
        article class="sheet" {
            h1 { "督办材料" }
            p class="number" { (case.number) }
            dl { @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                div { dt { (name) "：" } dd { (value) } }
            } }
            h2 { "目录" }
            ol { @for document in &material.documents { li { (document.name)
                @if let Some(at) = instant(document.at.as_ref()) { time { (local_time(at).format("%Y-%m-%d %H:%M")) } }
            } } }
            @if !material.clocks.is_empty() {
                h2 { "时限经过" }
                @for line in &material.clocks { p class="text" { (line) } }
            }
        }
    }
}
