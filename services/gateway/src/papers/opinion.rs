//! The written opinion of an order (书面办理意见), which its appellant may ask for.

use hotline_proto::routing::v1::{GetWrittenOpinionRequest, GetWrittenOpinionResponse};
use maud::Markup;
use tonic::Status;

use super::reader::Reader;
use super::sheet::{Place, Sheet, page};
use crate::page::instant;

/// To whom it goes where the platform keeps the name sealed: whoever hands it over writes the name in.
const APPELLANT: &str = "诉求人";

/// The opinion of an order, as the reader may read it.
///
/// # Errors
/// There is none, or not for this reader.
pub async fn read(reader: &Reader, order: String) -> Result<Markup, Status> {
    let request = reader.ask(GetWrittenOpinionRequest { order })?;
    let opinion = reader.routing()?.get_written_opinion(request).await?.into_inner();
    let back = format!("/desk/orders/{}", opinion.order_number);
    let place = Place {
        lang: reader.lang,
        back: &back,
    };
    Ok(sheet(&place, opinion))
}

/// The opinion as a page.
pub fn sheet(place: &Place<'_>, opinion: GetWrittenOpinionResponse) -> Markup {
    let addressee = match opinion.addressee.as_str() {
        "" => APPELLANT,
        name => name,
    };
    let sheet = Sheet {
        title: "书面办理意见".to_owned(),
        number: opinion.document_number.clone(),
        addressee: addressee.to_owned(),
        facts: vec![("工单编号", opinion.order_number), ("事项", opinion.title)],
        text: opinion.opinion,
        basis: opinion.legal_basis,
        signed: opinion.unit_name,
        at: instant(opinion.issued_at.as_ref()),
    };
    page(place, &opinion.document_number, &sheet.markup())
}
