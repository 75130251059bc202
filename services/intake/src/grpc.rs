//! The register's gRPC service: request, use case, answer.

mod ask;
mod call;
mod marks;

use std::sync::Arc;

use hotline_bus::Fault;
use hotline_policy::{Desk as PolicyDesk, Lang, Post, Refusal};
use hotline_proto::intake::v1 as proto;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_runtime::{Caller, status};
use prost::Message as _;
use tonic::{Request, Response, Status};

use crate::contract;
use crate::domain::text::{self, Lines};
use crate::domain::{Asker, Authority, Command};
use crate::ops::{By, Intake, Seen, Urging, id_of};

pub use call::CallDesk;

/// Roles that decide on what nobody was asked about yet.
const DESK_ROLES: &[&str] = &["agent", "team_leader", "enterprise_desk", "service"];

/// Answers the calls of the register.
pub struct Desk {
    intake: Arc<Intake>,
}

/// An answer to a call.
type Answer<T> = Result<Response<T>, Status>;

/// Who called, in which language, and what.
struct Call<T> {
    by: By,
    /// As whom, where personal data is asked for.
    asker: Asker,
    desk: PolicyDesk,
    lang: Lang,
    body: T,
}

impl<T> Call<T> {
    fn of(request: Request<T>) -> Result<Self, Status> {
        let caller = Caller::of(&request)?;
        let held = |post: &&Post| caller.has(post.as_str());
        let authority = Authority {
            desk: DESK_ROLES.iter().any(|role| caller.has(role)),
            posts: Post::ALL.iter().filter(held).copied().collect(),
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
            asker: ask::asker(caller),
            by,
            desk,
            lang,
            body: request.into_inner(),
        })
    }
}

fn one(seen: &Seen) -> proto::Appeal {
    contract::appeal(seen)
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
        mut call: Call<proto::RegisterAppealRequest>,
    ) -> Result<proto::RegisterAppealResponse, Fault> {
        let request = call.body.encode_to_vec();
        let call_id = call::fill_in(&self.intake, &mut call.body, &call.by).await?;
        let received = contract::Received {
            now: self.intake.bus().now(),
            desk: call.desk,
            call_id,
        };
        let draft = contract::draft(call.body, self.intake.city(), received)?;
        let registered = self.intake.register(draft, &request, &call.by).await?;
        Ok(proto::RegisterAppealResponse {
            appeal: Some(one(&registered.seen)),
            tracking_code: registered.tracking_code,
            replayed: registered.replayed,
            caller_mark: registered
                .caller_mark
                .map(|mark| contract::mark(&mark, received.now)),
        })
    }

    async fn reject(&self, call: Call<proto::RejectAppealRequest>) -> Result<Seen, Fault> {
        let body = &call.body;
        let id = id_of(&body.appeal_id, "appeal_id")?;
        let code = text::required("code", &body.code, Lines::One, text::KEY_MAX)?;
        let explanation = note("explanation", &body.explanation)?;
        let guidance = optional_note("guidance", &body.guidance)?;
        let earlier = text::optional("earlier_appeal", &body.earlier_appeal, Lines::One, text::KEY_MAX)?;
        let command = |earlier| Command::Reject {
            code,
            explanation,
            guidance,
            earlier,
        };
        if earlier.is_empty() {
            return self.intake.act(id, body.version, &call.by, command(None)).await;
        }
        let named = |found| command(Some(found));
        self.intake
            .reject_repeat((id, body.version), &call.by, &earlier, named)
            .await
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
        let call = Call::of(request)?;
        let lang = call.lang;
        let seen = self.reject(call).await.map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(proto::RejectAppealResponse {
            appeal: Some(one(&seen)),
        }))
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
            reference: text::optional("reference", &body.reference, Lines::One, text::PLACE_MAX)?,
        })
    }

    async fn transfer_appeal(
        &self,
        request: Request<proto::TransferAppealRequest>,
    ) -> Answer<proto::TransferAppealResponse> {
        command!(self, request, TransferAppealResponse, |body| Command::Transfer {
            target: text::required("target", &body.target, Lines::One, text::KEY_MAX)?,
            note: note("note", &body.note)?,
            way: contract::way(body.way)?,
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
        let appeal = self.whole(&call.body.appeal).await;
        let appeal = Some(appeal.map_err(|fault| fault.into_status(call.lang))?);
        Ok(Response::new(proto::GetAppealResponse { appeal }))
    }

    async fn attach_file(
        &self,
        request: Request<proto::AttachFileRequest>,
    ) -> Answer<proto::AttachFileResponse> {
        let call = Call::of(request)?;
        let replayed = self.attach(&call.body).await;
        let replayed = replayed.map_err(|fault| fault.into_status(call.lang))?;
        Ok(Response::new(proto::AttachFileResponse { replayed }))
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
        let inside = Caller::of(&request).is_ok_and(Caller::is_service);
        self.track(request.into_inner(), inside)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }

    async fn supplement_appeal(
        &self,
        request: Request<proto::SupplementAppealRequest>,
    ) -> Answer<proto::SupplementAppealResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        self.supplement(call)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }

    async fn list_similar_matters(
        &self,
        request: Request<proto::ListSimilarMattersRequest>,
    ) -> Answer<proto::ListSimilarMattersResponse> {
        let call = Call::of(request)?;
        self.similar(&call.body)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(call.lang))
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

    async fn submit_to_specialist(
        &self,
        request: Request<proto::SubmitToSpecialistRequest>,
    ) -> Answer<proto::SubmitToSpecialistResponse> {
        command!(self, request, SubmitToSpecialistResponse, |body| {
            Command::Submit {
                question: note("question", &body.question)?,
            }
        })
    }

    async fn get_intake_guide(
        &self,
        _request: Request<proto::GetIntakeGuideRequest>,
    ) -> Answer<proto::GetIntakeGuideResponse> {
        Ok(Response::new(contract::guide(
            self.intake.city(),
            self.intake.policy_now(),
        )))
    }

    async fn list_earlier_appeals(
        &self,
        request: Request<proto::ListEarlierAppealsRequest>,
    ) -> Answer<proto::ListEarlierAppealsResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        self.earlier(&call.body)
            .await
            .map(Response::new)
            .map_err(|fault| fault.into_status(lang))
    }

    async fn mark_caller(
        &self,
        request: Request<proto::MarkCallerRequest>,
    ) -> Answer<proto::MarkCallerResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        let mark = Some(self.mark(call).await.map_err(|fault| fault.into_status(lang))?);
        Ok(Response::new(proto::MarkCallerResponse { mark }))
    }

    async fn review_caller_mark(
        &self,
        request: Request<proto::ReviewCallerMarkRequest>,
    ) -> Answer<proto::ReviewCallerMarkResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        let mark = Some(self.review(call).await.map_err(|fault| fault.into_status(lang))?);
        Ok(Response::new(proto::ReviewCallerMarkResponse { mark }))
    }

    async fn lift_caller_mark(
        &self,
        request: Request<proto::LiftCallerMarkRequest>,
    ) -> Answer<proto::LiftCallerMarkResponse> {
        let call = Call::of(request)?;
        let lang = call.lang;
        let mark = Some(self.lift(call).await.map_err(|fault| fault.into_status(lang))?);
        Ok(Response::new(proto::LiftCallerMarkResponse { mark }))
    }

    async fn list_caller_marks(
        &self,
        request: Request<proto::ListCallerMarksRequest>,
    ) -> Answer<proto::ListCallerMarksResponse> {
        let call = Call::of(request)?;
        let marks = self.marks(&call.body).await;
        let marks = marks.map_err(|fault| fault.into_status(call.lang))?;
        Ok(Response::new(proto::ListCallerMarksResponse { marks }))
    }
}
