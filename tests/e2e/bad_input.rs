//! Requests to the register that can never be right: each is refused by its field with a stable reason, and changes
//! nothing anywhere.

use std::fmt::Debug;

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::{AppealType, Enterprise};
use hotline_proto::intake::v1::{
    AcceptAppealRequest, Appellant, GetAppealRequest, ListAppealsRequest, RegisterAppealRequest,
    RevealAppellantRequest,
};
use hotline_tests::support::refused::Refused;
use hotline_tests::support::{Callers, appeals, clocks, journal, tell, wait};
use tonic::{Code, Response, Status};

use crate::on_monday;

/// Collects every answer that is not the expected refusal, so that one run tells all of them.
#[derive(Default)]
pub struct Table {
    cases: u32,
    wrong: Vec<String>,
}

impl Table {
    /// Checks code, reason and field of one refusal, and the article behind it: `leg.state 12(3)`; none where only the
    /// reason stands there, any reason and article where that is empty.
    pub fn row<T: Debug>(
        &mut self,
        name: &str,
        answer: Result<Response<T>, Status>,
        (code, reason, field): (Code, &str, &str),
    ) {
        self.cases += 1;
        let status = match answer {
            Ok(response) => {
                return self
                    .wrong
                    .push(format!("{name}: accepted: {:?}", response.into_inner()));
            }
            Err(status) => status,
        };
        let found = Refused::of(&status);
        let (reason, article) = reason.split_once(' ').unwrap_or((reason, ""));
        let same_reason = if reason.is_empty() {
            !found.reason.is_empty()
        } else {
            (found.reason.as_str(), found.article.as_str()) == (reason, article)
        };
        if found.code != code || !same_reason || found.field != field || found.remedy.is_empty() {
            self.wrong.push(format!(
                "{name}: {found:?}, expected {code:?} {reason:?} by {article:?} on {field:?}; {}",
                status.message()
            ));
        }
    }

    /// Fails with everything that was wrong.
    pub fn end(self) -> Result<()> {
        tell(format_args!("{} refusals checked", self.cases));
        ensure!(
            self.wrong.is_empty(),
            "{} of {} wrong:\n{}",
            self.wrong.len(),
            self.cases,
            self.wrong.join("\n")
        );
        Ok(())
    }
}

/// A change of a request that makes it wrong.
type Change = Box<dyn Fn(&mut RegisterAppealRequest)>;

/// How a wrong request is refused: canonical code, reason and article, field.
type Expected = (Code, &'static str, &'static str);

fn person(request: &mut RegisterAppealRequest) -> &mut Appellant {
    request.appellant.get_or_insert_default()
}

fn of(
    name: &'static str,
    expected: Expected,
    change: impl Fn(&mut RegisterAppealRequest) + 'static,
) -> (&'static str, Expected, Change) {
    (name, expected, Box::new(change))
}

/// Every way in which a registration can be wrong.
fn registrations() -> Vec<(&'static str, Expected, Change)> {
    let invalid = |reason, field| (Code::InvalidArgument, reason, field);
    let missing = |reason, field| (Code::FailedPrecondition, reason, field);
    let mut rows = vec![
        of("no type", invalid("appeal.enum", "type"), |r| r.r#type = 0),
        of("unknown type", invalid("appeal.enum", "type"), |r| r.r#type = 99),
        of("no channel", invalid("appeal.enum", "channel"), |r| r.channel = 0),
        of("unknown channel", invalid("appeal.enum", "channel"), |r| {
            r.channel = 99
        }),
        of("unknown urgency", invalid("appeal.enum", "urgency"), |r| {
            r.urgency = 99
        }),
        of("unknown category", invalid("appeal.category", "category"), |r| {
            r.category = "no.such".into()
        }),
        of("unknown division", invalid("appeal.division", "division"), |r| {
            r.division = "999999".into()
        }),
        of("no title", invalid("text.required", "title"), |r| r.title.clear()),
        of("long title", invalid("text.too_long", "title"), |r| {
            r.title = "长".repeat(101)
        }),
        of("control character", invalid("text.character", "title"), |r| {
            r.title.push('\u{7}')
        }),
        of("no content", invalid("text.required", "content"), |r| {
            r.content = " \n ".into()
        }),
        of("long content", invalid("text.too_long", "content"), |r| {
            r.content = "长".repeat(10_001)
        }),
        of("direction override", invalid("text.character", "content"), |r| {
            r.content.push('\u{202e}')
        }),
        of("direction isolate", invalid("text.character", "content"), |r| {
            r.content.push('\u{2066}')
        }),
        of("long place", invalid("text.too_long", "incident_place"), |r| {
            r.incident_place = "长".repeat(201)
        }),
        of("no key", invalid("text.required", "idempotency_key"), |r| {
            r.idempotency_key.clear()
        }),
        of("long key", invalid("text.too_long", "idempotency_key"), |r| {
            r.idempotency_key = "k".repeat(129)
        }),
        of(
            "future incident",
            invalid("appeal.incident_time", "incident_time"),
            |r| {
                r.incident_time = clocks::timestamp("2026-03-03 00:00").ok();
            },
        ),
        of(
            "impossible incident",
            invalid("appeal.incident_time", "incident_time"),
            |r| {
                r.incident_time = Some(prost_types::Timestamp {
                    seconds: i64::MAX,
                    nanos: -1,
                });
            },
        ),
        of("many labels", invalid("appeal.labels", "labels"), |r| {
            r.labels = (0..17).map(|n| format!("l{n}")).collect()
        }),
        of("label alone", invalid("appeal.enterprise_label", "labels"), |r| {
            r.labels = vec!["enterprise".into()]
        }),
        of(
            "source alone",
            invalid("appeal.source", "source_reference"),
            |r| r.source = "province".into(),
        ),
    ];
    rows.extend([
        of("long name", invalid("text.too_long", "appellant.name"), |r| {
            person(r).name = "名".repeat(65)
        }),
        of(
            "telephone that is none",
            invalid("appellant.telephone", "appellant.telephone"),
            |r| {
                person(r).telephone = "1234".into();
            },
        ),
        of(
            "identity number that is none",
            invalid("appellant.identity_number", "appellant.identity_number"),
            |r| {
                person(r).identity_number = "110101199003070001".into();
            },
        ),
        of(
            "credit code that is none",
            invalid("appellant.credit_code", "appellant.enterprise.credit_code"),
            |r| {
                let credit_code = "91320301MADEM0011A".into();
                person(r).enterprise = Some(Enterprise {
                    name: "示例公司".into(),
                    credit_code,
                });
            },
        ),
        of(
            "enterprise without a name",
            invalid("text.required", "appellant.enterprise.name"),
            |r| {
                let credit_code = "91320301MADEM0011C".into();
                person(r).enterprise = Some(Enterprise {
                    name: String::new(),
                    credit_code,
                });
            },
        ),
        of(
            "no name",
            missing("appellant.identity_required 12(1)", "appellant.name"),
            |r| person(r).name.clear(),
        ),
        of(
            "no telephone",
            missing("appellant.identity_required 12(1)", "appellant.telephone"),
            |r| {
                person(r).telephone.clear();
            },
        ),
        of(
            "anonymous with a name",
            invalid("appellant.anonymous_name", "appellant.name"),
            |r| {
                person(r).anonymous = true;
            },
        ),
        of(
            "anonymous complaint",
            missing("appellant.anonymity 12(1)", "appellant.anonymous"),
            |r| {
                r.r#type = AppealType::Complaint.into();
                *person(r) = Appellant {
                    anonymous: true,
                    ..Appellant::default()
                };
            },
        ),
    ]);
    rows
}

#[tokio::test]
async fn a_wrong_request_to_the_register_is_refused_by_its_field_and_changes_nothing() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let mut request = appeals::question("good");
    request.source = "province".into();
    request.source_reference = "P-1".into();
    let good = callers
        .register(request.clone())
        .await?
        .appeal
        .context("an appeal")?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let before = journal::heads(&callers.operator).await?;
    let mut table = Table::default();
    for (name, expected, change) in registrations() {
        let mut wrong = appeals::question(&format!("bad {name}"));
        change(&mut wrong);
        table.row(
            name,
            callers.agent.intake().register_appeal(wrong).await,
            expected,
        );
    }
    commands(&callers, &good.appeal_id, &request, &mut table).await;
    table.end()?;
    ensure!(
        callers.appeal(&good.appeal_id).await? == good,
        "the appeal changed"
    );
    ensure!(
        journal::heads(&callers.operator).await? == before,
        "something was published"
    );

    let replayed = callers.register(request).await?;
    ensure!(
        replayed.replayed && replayed.appeal == Some(good),
        "the same request gives the same appeal: {replayed:?}"
    );
    Ok(())
}

async fn commands(callers: &Callers, id: &str, good: &RegisterAppealRequest, table: &mut Table) {
    let mut intake = callers.agent.intake();
    let other = RegisterAppealRequest {
        title: "另一件事".into(),
        ..good.clone()
    };
    let expected = (
        Code::AlreadyExists,
        "appeal.idempotency_key_reused",
        "idempotency_key",
    );
    table.row(
        "key with other content",
        intake.register_appeal(other).await,
        expected,
    );
    let taken = RegisterAppealRequest {
        idempotency_key: "another".into(),
        ..good.clone()
    };
    let expected = (Code::AlreadyExists, "appeal.source_taken", "source_reference");
    table.row("source taken", intake.register_appeal(taken).await, expected);
    let accept = |appeal_id: &str, version| AcceptAppealRequest {
        appeal_id: appeal_id.to_owned(),
        version,
    };
    let expected = (Code::Aborted, "appeal.stale_version", "version");
    table.row(
        "stale version",
        intake.accept_appeal(accept(id, 7)).await,
        expected,
    );
    let nowhere = "0199b0a0-0000-7000-8000-000000000000";
    let expected = (Code::NotFound, "appeal.not_found", "appeal_id");
    table.row(
        "no such appeal",
        intake.accept_appeal(accept(nowhere, 0)).await,
        expected,
    );
    let get = GetAppealRequest {
        appeal: "3203002603020100000".into(),
    };
    table.row(
        "no such number",
        intake.get_appeal(get).await,
        (Code::NotFound, "appeal.not_found", "appeal"),
    );
    let list = |change: fn(&mut ListAppealsRequest)| {
        let mut request = ListAppealsRequest::default();
        change(&mut request);
        request
    };
    let expected = (Code::InvalidArgument, "page.token_invalid", "page_token");
    table.row(
        "page token",
        intake.list_appeals(list(|r| r.page_token = "%%%".into())).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "page.size_invalid", "page_size");
    table.row(
        "page size",
        intake.list_appeals(list(|r| r.page_size = -1)).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "appellant.telephone", "telephone");
    table.row(
        "telephone filter",
        intake.list_appeals(list(|r| r.telephone = "12".into())).await,
        expected,
    );
    let expected = (Code::InvalidArgument, "appeal.enum", "state");
    table.row(
        "state filter",
        intake.list_appeals(list(|r| r.state = 99)).await,
        expected,
    );
    let reveal = RevealAppellantRequest {
        appeal_id: id.to_owned(),
        reason: "看".into(),
    };
    let expected = (Code::InvalidArgument, "appellant.reveal_reason", "reason");
    table.row(
        "reveal without a reason",
        intake.reveal_appellant(reveal).await,
        expected,
    );
}

#[tokio::test]
async fn a_request_larger_than_the_limit_is_refused_before_it_is_read() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let mut request = appeals::question("huge");
    request.content = "长".repeat(2_000_000);
    let status = callers
        .agent
        .intake()
        .register_appeal(request)
        .await
        .err()
        .context("refused")?;
    ensure!(
        [Code::OutOfRange, Code::ResourceExhausted].contains(&status.code()),
        "{status:?}"
    );
    ensure!(platform.probe("/healthz").await, "the product is not well");
    callers.register(appeals::question("ordinary")).await?;
    Ok(())
}
