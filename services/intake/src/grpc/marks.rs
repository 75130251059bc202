//! The list of callers who harass the hotline: requests and answers.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_proto::intake::v1 as proto;
use uuid::Uuid;

use super::{Call, Desk, note};
use crate::contract;
use crate::domain::text::{self, Lines};
use crate::domain::{Verdict, refusals};
use crate::ops::{Marking, id_of};

/// Most recordings and orders that one mark names.
const REFERENCES_MAX: usize = 20;

impl Desk {
    pub(super) async fn mark(
        &self,
        call: Call<proto::MarkCallerRequest>,
    ) -> Result<proto::CallerMark, Fault> {
        let body = &call.body;
        let wrong = || Refusal::new(&refusals::MARK_REFERENCES).field("references");
        if body.references.is_empty() || body.references.len() > REFERENCES_MAX {
            return Err(wrong().into());
        }
        let one = |raw: &String| text::required("references", raw, Lines::One, text::KEY_MAX);
        let marking = Marking {
            appeal_id: id_of(&body.appeal_id, "appeal_id")?,
            evidence: note("evidence", &body.evidence)?,
            references: body.references.iter().map(one).collect::<Result<_, _>>()?,
        };
        let mark = self.intake.mark_caller(marking, &call.by).await?;
        Ok(contract::mark(&mark, self.intake.bus().now()))
    }

    pub(super) async fn review(
        &self,
        call: Call<proto::ReviewCallerMarkRequest>,
    ) -> Result<proto::CallerMark, Fault> {
        let verdict = if call.body.confirm {
            Verdict::Confirm
        } else {
            Verdict::Refuse
        };
        self.decide(&call.body.mark_id, verdict, &call.body.note, &call)
            .await
    }

    pub(super) async fn lift(
        &self,
        call: Call<proto::LiftCallerMarkRequest>,
    ) -> Result<proto::CallerMark, Fault> {
        self.decide(&call.body.mark_id, Verdict::Lift, &call.body.note, &call)
            .await
    }

    async fn decide<T>(
        &self,
        mark: &str,
        verdict: Verdict,
        reason: &str,
        call: &Call<T>,
    ) -> Result<proto::CallerMark, Fault> {
        let unknown = || Refusal::new(&refusals::MARK_NOT_FOUND).field("mark_id");
        let id: Uuid = mark.parse().map_err(|_| unknown())?;
        let note = note("note", reason)?;
        let mark = self.intake.decide_mark(id, verdict, note, &call.by).await?;
        Ok(contract::mark(&mark, self.intake.bus().now()))
    }

    pub(super) async fn marks(
        &self,
        request: &proto::ListCallerMarksRequest,
    ) -> Result<Vec<proto::CallerMark>, Fault> {
        let state = contract::any_mark_state(request.state)?;
        let (marks, now) = (self.intake.marks(state).await?, self.intake.bus().now());
        Ok(marks.iter().map(|mark| contract::mark(mark, now)).collect())
    }
}
