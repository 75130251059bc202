//! Questions to the register: lists, tracking, disclosure, earlier appeals.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_proto::intake::v1 as proto;
use hotline_runtime::{Caller, page};
use prost::Message as _;

use super::{Call, Desk, note, one};
use crate::contract;
use crate::domain::text::{self, Lines};
use crate::domain::{Asker, refusals};
use crate::ops::{Search, Supplementing, id_of};

/// Fewest characters of a reason to show personal data.
const REASON_MIN: usize = 4;

/// Roles of the platform that are shown appellants; whoever has none of them asks for their unit.
const PLATFORM_ROLES: [&str; 4] = ["agent", "team_leader", "callback_agent", "enterprise_desk"];

/// Roles that may be shown who reported.
const CLEARED_ROLES: [&str; 2] = ["team_leader", "callback_agent"];

/// As whom a caller asks for personal data.
pub(super) fn asker(caller: &Caller) -> Asker {
    let has_any = |roles: &[&str]| roles.iter().any(|role| caller.has(role));
    if caller.is_service() {
        Asker::Installation
    } else if has_any(&PLATFORM_ROLES) {
        Asker::Platform {
            cleared: has_any(&CLEARED_ROLES),
        }
    } else {
        Asker::Unit(caller.unit.clone().unwrap_or_default())
    }
}

impl Desk {
    /// An appeal with its files.
    pub(super) async fn whole(&self, name: &str) -> Result<proto::Appeal, Fault> {
        let seen = self.intake.get(name).await?;
        let files = self.intake.files(seen.appeal.case.id).await?;
        Ok(proto::Appeal {
            files: files.iter().map(contract::file).collect(),
            ..one(&seen)
        })
    }

    /// Puts a file with an appeal; true where it was there already.
    pub(super) async fn attach(&self, request: &proto::AttachFileRequest) -> Result<bool, Fault> {
        let id = id_of(&request.appeal_id, "appeal_id")?;
        let file = contract::new_file(request, self.intake.bus().now())?;
        Ok(!self.intake.attach(id, file).await?)
    }

    pub(super) async fn list(
        &self,
        request: proto::ListAppealsRequest,
    ) -> Result<proto::ListAppealsResponse, Fault> {
        let rows = page::size(request.page_size)?;
        let word = |field: &str, raw: &str| text::optional(field, raw, Lines::One, text::KEY_MAX);
        let search = Search {
            state: contract::any_state(request.state)?,
            appeal_type: contract::any_type(request.r#type)?,
            channel: contract::any_channel(request.channel)?,
            division: word("division", &request.division)?,
            category: word("category", &request.category)?,
            telephone: contract::telephone("telephone", &request.telephone)?,
        };
        let token = request.page_token.clone();
        let filter = proto::ListAppealsRequest {
            page_token: String::new(),
            page_size: 0,
            ..request
        };
        let filter = self.intake.mark_of(&filter.encode_to_vec());
        let after = page::decode(&token, &filter)?;
        let found = self.intake.list(&search, after, rows).await?;
        Ok(proto::ListAppealsResponse {
            appeals: found.appeals.iter().map(one).collect(),
            next_page_token: found
                .next
                .map(|key| page::encode(&key, &filter))
                .unwrap_or_default(),
        })
    }

    pub(super) async fn track(
        &self,
        request: proto::TrackAppealRequest,
        inside: bool,
    ) -> Result<proto::TrackAppealResponse, Fault> {
        let tracked = self
            .intake
            .track(request.number.trim(), &request.tracking_code)
            .await?;
        let mut response = contract::tracked(tracked);
        if !inside {
            response.appeal_id.clear();
            response.order_id.clear();
        }
        Ok(response)
    }

    pub(super) async fn supplement(
        &self,
        call: Call<proto::SupplementAppealRequest>,
    ) -> Result<proto::SupplementAppealResponse, Fault> {
        let body = &call.body;
        let key = text::required(
            "idempotency_key",
            &body.idempotency_key,
            Lines::One,
            text::KEY_MAX,
        )?;
        let adding = Supplementing {
            appeal_id: id_of(&body.appeal_id, "appeal_id")?,
            request_key: key,
            text: note("text", &body.text)?,
            request: body.encode_to_vec(),
        };
        let seen = self.intake.supplement(adding, &call.by).await?;
        Ok(proto::SupplementAppealResponse {
            appeal: Some(one(&seen)),
        })
    }

    pub(super) async fn similar(
        &self,
        request: &proto::ListSimilarMattersRequest,
    ) -> Result<proto::ListSimilarMattersResponse, Fault> {
        let category = text::required("category", &request.category, Lines::One, text::KEY_MAX)?;
        let division = text::required("division", &request.division, Lines::One, text::KEY_MAX)?;
        let found = self.intake.similar(&category, &division).await?;
        Ok(proto::ListSimilarMattersResponse {
            matters: found
                .iter()
                .map(|one| contract::similar(one, &category))
                .collect(),
        })
    }

    pub(super) async fn reveal(
        &self,
        call: Call<proto::RevealAppellantRequest>,
    ) -> Result<proto::RevealAppellantResponse, Fault> {
        let id = id_of(&call.body.appeal_id, "appeal_id")?;
        let reason = note("reason", &call.body.reason)?;
        if reason.chars().count() < REASON_MIN {
            return Err(Refusal::new(&refusals::REVEAL_REASON).field("reason").into());
        }
        let revealed = self.intake.reveal(id, &reason, &call.by, &call.asker).await?;
        Ok(contract::revealed_person(&revealed.case, &revealed.person))
    }

    pub(super) async fn earlier(
        &self,
        request: &proto::ListEarlierAppealsRequest,
    ) -> Result<proto::ListEarlierAppealsResponse, Fault> {
        let found = self
            .intake
            .earlier(id_of(&request.appeal_id, "appeal_id")?)
            .await?;
        Ok(proto::ListEarlierAppealsResponse {
            candidates: found.iter().map(contract::candidate).collect(),
        })
    }
}
