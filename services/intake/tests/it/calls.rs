//! Telephone calls: reported by an exchange, opened by the agent whose seat it is, registered from.

use hotline_proto::intake::v1::call_service_server::CallService;
use hotline_proto::intake::v1::{self as proto, CallReportKind, CallState};
use tonic::Code::{InvalidArgument, NotFound};

use crate::support::{House, appellant, by, house, refused, request};

const NUMBER: &str = "13998765432";
const HOUR: u64 = 60 * 60;

fn report(reference: &str, kind: CallReportKind) -> proto::ReportCallRequest {
    proto::ReportCallRequest {
        adapter: "test-cti".into(),
        reference: reference.into(),
        kind: kind.into(),
        seat: "8001".into(),
        telephone: NUMBER.into(),
        ..Default::default()
    }
}

impl House {
    async fn sit(&self, role: &'static str, seat: &str) -> String {
        let request = proto::TakeSeatRequest { seat: seat.into() };
        let answer = self.calls.take_seat(by(&[role], request)).await;
        answer.expect("a seat").into_inner().left
    }

    async fn report(&self, request: proto::ReportCallRequest) -> proto::ReportCallResponse {
        let answer = self.calls.report_call(by(&["service"], request)).await;
        answer.expect("reported").into_inner()
    }

    async fn opened(&self, role: &'static str, call_id: &str) -> Result<proto::Call, tonic::Status> {
        let request = proto::GetCallRequest {
            call_id: call_id.into(),
        };
        let answer = self.calls.get_call(by(&[role], request)).await?;
        Ok(answer.into_inner().call.expect("a call"))
    }

    async fn told(&self, kind: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE type = 'hotline.intake.v1.' || $1")
            .bind(kind)
            .fetch_one(self.bus.pool())
            .await
            .expect("a count")
    }
}

#[tokio::test]
async fn a_call_rings_at_its_seat_and_only_its_agent_sees_the_number_and_not_for_ever() {
    let h = house().await;
    assert_eq!(h.sit("agent", "8001").await, "");
    let rang = h.report(report("c-1", CallReportKind::Ringing)).await;
    assert_eq!((rang.agent.as_str(), rang.replayed), ("u-agent", false));
    let call = h.opened("agent", &rang.call_id).await.expect("opens");
    assert_eq!(
        (call.telephone.as_str(), call.state(), call.masked_number.as_str()),
        ("+8613998765432", CallState::Ringing, "139****5432")
    );
    h.opened("agent", &rang.call_id).await.expect("opens");
    assert_eq!(h.told("CallerShown").await, 1, "recorded the first time");
    let overseen = h.opened("team_leader", &rang.call_id).await.expect("opens");
    assert_eq!(
        (overseen.telephone.as_str(), overseen.masked_number.as_str()),
        ("", "139****5432")
    );
    let strangers = h.opened("enterprise_desk", &rang.call_id).await;
    refused(strangers, NotFound, "call.not_found", "call_id", "");
    let listed = h
        .calls
        .list_calls(by(&["agent"], proto::ListCallsRequest {}))
        .await;
    let listed = listed.expect("a list").into_inner().calls;
    assert_eq!((listed.len(), listed[0].telephone.as_str()), (1, ""));
    h.advance(12 * HOUR);
    let old = h.opened("agent", &rang.call_id).await.expect("opens");
    assert_eq!(old.telephone, "", "its time is over");
}

#[tokio::test]
async fn reports_come_twice_and_in_any_order_and_each_kind_counts_once() {
    let h = house().await;
    let kinds = [
        CallReportKind::Ended,
        CallReportKind::Ringing,
        CallReportKind::Answered,
        CallReportKind::Ended,
        CallReportKind::Answered,
    ];
    let mut replayed = Vec::new();
    for kind in kinds {
        replayed.push(h.report(report("c-1", kind)).await.replayed);
    }
    assert_eq!(replayed, [false, true, false, true, true]);
    for event in ["CallRinging", "CallAnswered", "CallEnded"] {
        assert_eq!(h.told(event).await, 1, "{event}");
    }
    assert_eq!(h.count("SELECT count(*) FROM call").await, 1);
    let bad = proto::ReportCallRequest {
        adapter: "Übel".into(),
        ..report("c-2", CallReportKind::Ringing)
    };
    let answer = h.calls.report_call(by(&["service"], bad)).await;
    refused(answer, InvalidArgument, "call.adapter", "adapter", "");
    let answer = h
        .calls
        .report_call(by(&["service"], report("c-2", CallReportKind::RecordingReady)))
        .await;
    refused(answer, InvalidArgument, "text.required", "recording", "");
}

#[tokio::test]
async fn no_event_and_no_table_holds_the_number_of_a_caller() {
    let h = house().await;
    h.sit("agent", "8001").await;
    let rang = h.report(report("c-1", CallReportKind::Ringing)).await;
    h.report(report("c-1", CallReportKind::Answered)).await;
    let again = h.report(report("c-2", CallReportKind::Ringing)).await;
    h.opened("agent", &rang.call_id).await.expect("opens");
    let held = h
        .count(
            "SELECT (SELECT count(*) FROM outbox WHERE encode(payload, 'escape') LIKE '%998765432%') \
                  + (SELECT count(*) FROM call c WHERE c::text LIKE '%998765432%')",
        )
        .await;
    assert_eq!(held, 0);
    assert_ne!(rang.call_id, again.call_id);
    let callers = h.count("SELECT count(DISTINCT caller_reference) FROM call").await;
    assert_eq!(callers, 1, "the calls of one number are told to be of one");
}

#[tokio::test]
async fn an_appeal_from_a_call_has_its_number_without_typing_and_the_timeline_says_it() {
    let h = house().await;
    h.sit("agent", "8001").await;
    let rang = h.report(report("c-1", CallReportKind::Ringing)).await;
    let mut request = request("k-1");
    request.call_id.clone_from(&rang.call_id);
    appellant(&mut request).telephone.clear();
    let appeal = h.register(request.clone()).await.expect("registered");
    let appeal = appeal.appeal.expect("an appeal");
    assert_eq!(appeal.call_id, rang.call_id);
    assert_eq!(
        appeal.appellant.as_ref().expect("an appellant").telephone,
        "139****5432"
    );
    assert!(h.register(request.clone()).await.expect("registered").replayed);
    h.report(proto::ReportCallRequest {
        recording: "rec-77".into(),
        recording_seconds: 192,
        ..report("c-1", CallReportKind::RecordingReady)
    })
    .await;
    let texts: Vec<_> = h
        .timeline(&appeal.appeal_id)
        .await
        .into_iter()
        .map(|entry| entry.text_en)
        .collect();
    assert!(texts[0].ends_with("the number came with the call"), "{texts:?}");
    assert_eq!(
        texts.last().map(String::as_str),
        Some("the recording can be played: 3 min 12 s")
    );
    let call = h.opened("agent", &rang.call_id).await.expect("opens");
    assert_eq!(
        (call.appeals.len(), call.appeals[0].number.as_str()),
        (1, appeal.number.as_str())
    );
    request.idempotency_key = "k-2".into();
    request.call_id = uuid::Uuid::nil().to_string();
    refused(
        h.register(request).await,
        NotFound,
        "call.not_found",
        "call_id",
        "",
    );
}

#[tokio::test]
async fn a_seat_has_one_agent_and_an_agent_one_seat() {
    let h = house().await;
    h.sit("agent", "8001").await;
    h.sit("agent", "8002").await;
    assert_eq!(h.sit("enterprise_desk", "8002").await, "u-agent");
    let nobody = h.report(report("c-1", CallReportKind::Ringing)).await;
    assert_eq!(nobody.agent, "", "8001 is empty");
    let seats = h
        .calls
        .list_seats(by(&["supervisor"], proto::ListSeatsRequest {}))
        .await;
    let seats = seats.expect("a list").into_inner().seats;
    let seated: Vec<_> = seats
        .iter()
        .map(|one| (one.seat.as_str(), one.agent.as_str()))
        .collect();
    assert_eq!(seated, [("8002", "u-enterprise_desk")]);
    let leave = || by(&["enterprise_desk"], proto::LeaveSeatRequest {});
    let left = h.calls.leave_seat(leave()).await.expect("left").into_inner();
    let none = h.calls.leave_seat(leave()).await.expect("left").into_inner();
    assert_eq!((left.seat.as_str(), none.seat.as_str()), ("8002", ""));
}
