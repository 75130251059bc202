//! The register's gRPC service: request, use case, answer.

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{Desk as PolicyDesk, Lang, Refusal};
use hotline_proto::intake::v1 as proto;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_runtime::{Caller, page, status};
use prost::Message as _;
use tonic::{Request, Response, Status};

use crate::contract;
use crate::domain::text::{self, Lines};
use crate::domain::{Authority, Command, refusals};
use crate::ops::{By, Intake, Search, Seen, Urging, id_of};

/// Fewest characters of a reason to show personal data.
const REASON_MIN: usize = 4;

/// Answers the calls of the register.
pub struct Desk {
    intake: Arc<Intake>,
}

/// An answer to a call.
type Answer<T> = Result<Response<T>, Status>;

/// Who called, in which language, and what.
struct Call<T> {
    by: By,
    desk: PolicyDesk,
    lang: Lang,
    body: T,
}

impl<T> Call<T> {
    fn of(request: Request<T>) -> Result<Self, Status> {
        let caller = Caller::of(&request)?;
        let authority = if caller.has("team_leader") {
            Authority::Leader
        } else {
            Authority::Desk
        };
        let desk = if caller.has("enterprise_desk") {
            PolicyDesk::Enterprise
        } else {
            PolicyDesk::Hotline
        };
        let by = By {
            actor: caller.subject.clone(),
            authority,
        };
        let lang = status::lang_of(&request);
        Ok(Self {
            by,
            desk,
            lang,
            body: request.into_inner(),
        })
    }
}

fn one(seen: &Seen) -> proto::Appeal {
    contract::appeal(&seen.appeal, &seen.masked)
}

fn note(field: &str, raw: &str) -> Result<String, Refusal> {
    text::required(field, raw, Lines::Many, text::NOTE_MAX)
}

fn optional_note(field: &str, raw: &str) -> Result<String, Refusal> {
    text::optional(field, raw, Lines::Many, text::NOTE_MAX)
}

/// Answers a command: `$command` is made of the request `$body`, and `$response` of the appeal afterwards.
macro_rules! command {
    ($self:ident, $request:ident, $response:ident, |$body:ident| $command:expr) => {{
        let call = Call::of($request)?;
        let (lang, $body) = (call.lang, call.body);
        let done = async {
            let id = id_of(&$body.appeal_id, "appeal_id")?;
            $self.intake.act(id, $body.version, &call.by, $command).await
        };
        let seen = done.await.map_err(|fault: Fault| fault.into_status(lang))?;
        Ok(Response::new(proto::$response {
            appeal: Some(one(&seen)),
        }))
    }};
}

impl Desk {
    /// The calls of this register.
    #[must_use]
    pub fn new(intake: Arc<Intake>) -> Self {
        Self { intake }
    }

    async fn register(
        &self,
        call: Call<proto::RegisterAppealRequest>,
    ) -> Result<proto::RegisterAppealResponse, Fault> {
        let request = call.body.encode_to_vec();
        let received = contract::Received {
            now: self.intake.bus().now(),
            desk: call.desk,
        };
        let draft = contract::draft(call.body, self.intake.city(), received)?;
        let registered = self.intake.register(draft, &request, &call.by).await?;
        Ok(proto::RegisterAppealResponse {
            appeal: Some(one(&registered.seen)),
            tracking_code: registered.tracking_code,
            replayed: registered.replayed,
        })
    }

    async fn merge(&self, call: Call<proto::MergeAppealRequest>) -> Result<Seen, Fault> {
        let id = id_of(&call.body.appeal_id, "appeal_id")?;
        let into = id_of(&call.body.into_appeal_id, "into_appeal_id")?;
        self.intake.merge(id, call.body.version, &call.by, into).await
    }

    async fn urge(&self, call: Call<proto::UrgeAppealRequest>) -> Result<Seen, Fault> {
        let body = &call.body;
        let urging = Urging {
            appeal_id: id_of(&body.appeal_id, "appeal_id")?,
            request_key: text::required(
                "idempotency_key",
                &body.idempotency_key,
                Lines::One,
                text::KEY_MAX,
            )?,
            note: optional_note("note", &body.note)?,
            request: body.encode_to_vec(),
        };
        self.intake.urge(&urging, &call.by).await
    }

    async fn list(&self, request: proto::ListAppealsRequest) -> Result<proto::ListAppealsResponse, Fault> {
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

    async fn track(&self, request: proto::TrackAppealRequest) -> Result<proto::TrackAppealResponse, Fault> {
        let tracked = self
            .intake
            .track(request.number.trim(), &request.tracking_code)
            .await?;
        Ok(proto::TrackAppealResponse {
            number: tracked.number,
            state: contract::state(tracked.state).into(),
            title: tracked.title,
            entries: tracked
                .entries
                .into_iter()
                .filter_map(contract::public_entry)
                .collect(),
        })
    }

    async fn reveal(
        &self,
        call: Call<proto::RevealAppellantRequest>,
    ) -> Result<proto::RevealAppellantResponse, Fault> {
        let id = id_of(&call.body.appeal_id, "appeal_id")?;
        let reason = note("reason", &call.body.reason)?;
        if reason.chars().count() < REASON_MIN {
            return Err(Refusal::new(&refusals::REVEAL_REASON).field("reason").into());
        }
        let revealed = self.intake.reveal(id, &reason, &call.by).await?;
        Ok(contract::revealed_person(&revealed.case, &revealed.person))
    }
}

#[tonic::async_trait]
impl IntakeService for Desk {
    async fn register_appeal(
        &self,
        request: Request<proto::RegisterAppealRequest>,
    ) -> Answer<proto::RegisterAppealResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        self.register(call)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }

    async fn accept_appeal(
        &self,
        request: Request<proto::AcceptAppealRequest>,
    ) -> Answer<proto::AcceptAppealResponse> {
        command!(self, request, AcceptAppealResponse, |body| Command::Accept)
    }

    async fn reject_appeal(
        &self,
        request: Request<proto::RejectAppealRequest>,
    ) -> Answer<proto::RejectAppealResponse> {
        command!(self, request, RejectAppealResponse, |body| Command::Reject {
            code: text::required("code", &body.code, Lines::One, text::KEY_MAX)?,
            explanation: note("explanation", &body.explanation)?,
            guidance: optional_note("guidance", &body.guidance)?,
        })
    }

    async fn refer_appeal(
        &self,
        request: Request<proto::ReferAppealRequest>,
    ) -> Answer<proto::ReferAppealResponse> {
        command!(self, request, ReferAppealResponse, |body| Command::Refer {
            question: note("question", &body.question)?
        })
    }

    async fn answer_appeal(
        &self,
        request: Request<proto::AnswerAppealRequest>,
    ) -> Answer<proto::AnswerAppealResponse> {
        command!(self, request, AnswerAppealResponse, |body| Command::Answer {
            answer: text::required("answer", &body.answer, Lines::Many, text::ANSWER_MAX)?,
            basis: text::required("basis", &body.basis, Lines::One, text::KEY_MAX)?,
        })
    }

    async fn transfer_appeal(
        &self,
        request: Request<proto::TransferAppealRequest>,
    ) -> Answer<proto::TransferAppealResponse> {
        command!(self, request, TransferAppealResponse, |body| Command::Transfer {
            target: text::required("target", &body.target, Lines::One, text::KEY_MAX)?,
            note: note("note", &body.note)?,
        })
    }

    async fn merge_appeal(
        &self,
        request: Request<proto::MergeAppealRequest>,
    ) -> Answer<proto::MergeAppealResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        let seen = self.merge(call).await.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(proto::MergeAppealResponse {
            appeal: Some(one(&seen)),
        }))
    }

    async fn unmerge_appeal(
        &self,
        request: Request<proto::UnmergeAppealRequest>,
    ) -> Answer<proto::UnmergeAppealResponse> {
        command!(self, request, UnmergeAppealResponse, |body| Command::Unmerge)
    }

    async fn withdraw_appeal(
        &self,
        request: Request<proto::WithdrawAppealRequest>,
    ) -> Answer<proto::WithdrawAppealResponse> {
        command!(self, request, WithdrawAppealResponse, |body| Command::Withdraw {
            reason: optional_note("reason", &body.reason)?
        })
    }

    async fn urge_appeal(
        &self,
        request: Request<proto::UrgeAppealRequest>,
    ) -> Answer<proto::UrgeAppealResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        let seen = self.urge(call).await.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(proto::UrgeAppealResponse {
            appeal: Some(one(&seen)),
        }))
    }

    async fn get_appeal(
        &self,
        request: Request<proto::GetAppealRequest>,
    ) -> Answer<proto::GetAppealResponse> {
        let call = Call::of(request)?;
        let seen = self.intake.get(&call.body.appeal).await;
        let seen = seen.map_err(|fault| fault.into_status(call.lang))?;
        Ok(Response::new(proto::GetAppealResponse {
            appeal: Some(one(&seen)),
        }))
    }

    async fn list_appeals(
        &self,
        request: Request<proto::ListAppealsRequest>,
    ) -> Answer<proto::ListAppealsResponse> {
        let call = Call::of(request)?;
        self.list(call.body)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(call.lang))
    }

    async fn get_timeline(
        &self,
        request: Request<proto::GetTimelineRequest>,
    ) -> Answer<proto::GetTimelineResponse> {
        let call = Call::of(request)?;
        let entries = self.intake.timeline(&call.body.appeal).await;
        let entries = entries.map_err(|fault| fault.into_status(call.lang))?;
        let entries = entries.into_iter().map(contract::entry).collect();
        Ok(Response::new(proto::GetTimelineResponse { entries }))
    }

    async fn track_appeal(
        &self,
        request: Request<proto::TrackAppealRequest>,
    ) -> Answer<proto::TrackAppealResponse> {
        let lang = status::lang_of(&request);
        self.track(request.into_inner())
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }

    async fn reveal_appellant(
        &self,
        request: Request<proto::RevealAppellantRequest>,
    ) -> Answer<proto::RevealAppellantResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        self.reveal(call)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }
}
