//! The matrix over gRPC, generated from the contract: every command about an order or an appeal that has ended, by every
//! role that may call it; every command of a unit about another unit's leg, and about the enterprise leg. Each is refused
//! with code and remedy, and nothing changes. A new command is covered as soon as the contract has it.
//!
//! What each command is told in each state is the services' own matrix (`src/domain/tests/matrix.rs`).

use anyhow::{Context, Result, bail, ensure};
use hotline_proto::FILE_DESCRIPTOR_SET;
use hotline_proto::common::v1::LegKind;
use hotline_proto::intake::v1::WithdrawAppealRequest;
use hotline_proto::routing::v1::{Order, OrderState};
use hotline_runtime::Caller;
use hotline_tests::support::callers::person;
use hotline_tests::support::refused::Refused;
use hotline_tests::support::steps::{full_reply, leg_id, order_id};
use hotline_tests::support::{Callers, Person, Platform, appeals, clocks, journal, tell, wait};
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};

use crate::access::{Rule, rules};
use crate::on_monday;

/// Roles that stand for a unit.
const OF_UNIT: [&str; 3] = ["unit_clerk", "unit_section", "unit_leader"];

/// Commands that may be given to what has ended: they change nothing, or are for looking.
const HARMLESS: [&str; 2] = ["AcknowledgeLeg", "RevealAppellant"];

/// Commands that look at what they are given before they look at the appeal.
const EVIDENCE_FIRST: [&str; 2] = ["AttachFile", "MarkCaller"];

/// How a command is refused that came too late or from the wrong person.
const REFUSALS: [Code; 3] = [
    Code::FailedPrecondition,
    Code::PermissionDenied,
    Code::ResourceExhausted,
];

/// A unit without a leg in the order.
const FOREIGN: &str = "xz-tax";

/// A command of the contract: who may call it, and what it takes.
struct Command {
    rule: Rule,
    name: String,
    takes: MessageDescriptor,
}

/// What a command is about.
#[derive(Clone, Default)]
struct About {
    order: String,
    leg: String,
}

/// Every command of a service whose request has this field.
fn commands(service: &str, field: &str) -> Result<Vec<Command>> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
    let service = pool.get_service_by_name(service).context("the contract has it")?;
    let (rules, _) = rules()?;
    let mut found = Vec::new();
    for method in service.methods() {
        let path = format!("/{}/{}", service.full_name(), method.name());
        let reads = ["Get", "List", "Suggest"];
        let is_command = !reads.iter().any(|word| method.name().starts_with(word));
        if !is_command || method.input().get_field_by_name(field).is_none() {
            continue;
        }
        let rule = rules.iter().find(|rule| rule.path == path).cloned();
        found.push(Command {
            rule: rule.with_context(|| path.clone())?,
            name: method.name().to_owned(),
            takes: method.input(),
        });
    }
    ensure!(!found.is_empty(), "the contract has no command about {field}");
    Ok(found)
}

/// A request with something sensible in every field.
fn request(command: &Command, about: &About) -> Result<DynamicMessage> {
    let mut message = DynamicMessage::new(command.takes.clone());
    for field in command.takes.fields() {
        if let Some(value) = specimen(&field, about).with_context(|| command.rule.path.clone())? {
            message.set_field(&field, value);
        }
    }
    Ok(message)
}

fn specimen(field: &FieldDescriptor, about: &About) -> Result<Option<Value>> {
    let text = |text: &str| Some(Value::String(text.to_owned()));
    let texts = |words: &[&str]| {
        let words = words.iter().map(|word| Value::String((*word).to_owned()));
        Some(Value::List(words.collect()))
    };
    Ok(match (field.name(), field.kind()) {
        ("order_id" | "appeal_id", _) => text(&about.order),
        ("leg_id", _) => text(&about.leg),
        ("unit_id" | "body_unit_id" | "lead_unit_id", _) => text("xz-water"),
        ("unit_ids", _) => texts(&["xz-water"]),
        ("participant_unit_ids", _) => texts(&["xz-water", "xz-tax"]),
        ("faults", _) => texts(&["not_complete"]),
        ("ways", _) => texts(&["text"]),
        ("amount", _) => text("1 working day"),
        ("outcome", _) => text("final"),
        ("code", _) => text("other"),
        ("target", _) => text("110"),
        ("into_appeal_id", _) => text(&about.order),
        ("basis", _) if field.parent_message().name() == "AnswerAppealRequest" => text("agent"),
        ("reply", _) => {
            let mut reply = DynamicMessage::new(field.kind().as_message().context("a message")?.clone());
            reply.transcode_from(&full_reply("经核查情况属实"))?;
            Some(Value::Message(reply))
        }
        ("agreed" | "approved" | "granted" | "passed" | "sealed", _) => Some(Value::Bool(true)),
        ("disposition" | "limit" | "limit_basis" | "proposed_unit_id" | "earlier_appeal" | "call_id", _) => {
            None
        }
        ("reason", _) if field.parent_message().name() == "RevealAppellantRequest" => text("核实诉求情况"),
        (_, Kind::String) if field.is_list() => None,
        (_, Kind::String) => text("测试"),
        (_, Kind::Enum(_)) => Some(Value::EnumNumber(1)),
        (_, Kind::Int64 | Kind::Bool | Kind::Message(_)) => None,
        (name, kind) => bail!("no specimen for {name}: {kind:?}"),
    })
}

async fn call(person: &Person, command: &Command, about: &About) -> Result<Result<(), Status>> {
    let message = request(command, about)?;
    let mut grpc = tonic::client::Grpc::new(person.wire());
    let ready = grpc.ready().await;
    ready.map_err(|error| anyhow::anyhow!(error.to_string()))?;
    let path = PathAndQuery::try_from(command.rule.path.as_str())?;
    let codec = tonic_prost::ProstCodec::<DynamicMessage, ()>::default();
    Ok(grpc.unary(Request::new(message), path, codec).await.map(drop))
}

/// Somebody with this role; of this unit where the role stands for one.
fn holder(platform: &Platform, role: &str, unit: &str) -> Result<Person> {
    let caller = match role {
        "service" => Caller::service(),
        role if OF_UNIT.contains(&role) => Caller::new(format!("u-{role}"), &[role]).of_unit(unit),
        role => Caller::new(format!("u-{role}"), &[role]),
    };
    person(platform, &caller)
}

/// Gives every command by every role that passes `wanted`; tells what was not refused well.
async fn refusals(
    platform: &Platform,
    commands: &[Command],
    about: &About,
    unit: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<(Vec<(String, Refused)>, Vec<String>)> {
    let (mut refused, mut wrong) = (Vec::new(), Vec::new());
    for command in commands {
        for role in command.rule.roles.iter().filter(|role| wanted(role)) {
            let answer = call(&holder(platform, role, unit)?, command, about).await?;
            let at = format!("{} by {role} of {unit}", command.name);
            match answer {
                Ok(()) if HARMLESS.contains(&command.name.as_str()) => {}
                Ok(()) => wrong.push(format!("{at}: allowed")),
                Err(status) => {
                    let found = Refused::of(&status);
                    let fits = if unit == FOREIGN {
                        // What a unit has no part in does not exist for it.
                        let absent = ["order.not_found", "appeal.not_found"];
                        found.code == Code::NotFound && absent.contains(&found.reason.as_str())
                    } else if EVIDENCE_FIRST.contains(&command.name.as_str()) {
                        found.code == Code::InvalidArgument && !found.field.is_empty()
                    } else {
                        REFUSALS.contains(&found.code)
                    };
                    if !fits || found.reason.is_empty() || found.remedy.is_empty() {
                        wrong.push(format!("{at}: {found:?} {}", status.message()));
                    }
                    refused.push((command.name.clone(), found));
                }
            }
        }
    }
    Ok((refused, wrong))
}

/// An order whose only unit signed it, and what commands about it are about.
async fn signed(callers: &Callers, key: &str) -> Result<(Order, About)> {
    let order = callers.open(appeals::enterprise_question(key)).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    let order = callers.sign(&order_id(&order), &lead).await?;
    let about = About {
        order: order_id(&order),
        leg: leg_id(&lead),
    };
    Ok((order, about))
}

#[tokio::test]
async fn what_has_ended_takes_no_command_of_anybody_and_no_unit_touches_anothers_leg() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let (_, ended) = signed(&callers, "ended").await?;
    let withdraw = WithdrawAppealRequest {
        appeal_id: ended.order.clone(),
        reason: "已解决".into(),
        ..Default::default()
    };
    callers.agent.intake().withdraw_appeal(withdraw).await?;
    callers.wait_order(&ended.order, OrderState::Withdrawn).await?;
    let (order, going_on) = signed(&callers, "going on").await?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let before = journal::heads(&callers.operator).await?;
    let orders = [
        callers.order(&ended.order).await?,
        callers.order(&going_on.order).await?,
    ];

    let of_order = commands("hotline.routing.v1.RoutingService", "order_id")?;
    let of_appeal = commands("hotline.intake.v1.IntakeService", "appeal_id")?;
    let everybody = |_: &str| true;
    let a_unit = |role: &str| OF_UNIT.contains(&role);
    let (one, mut wrong) = refusals(&platform, &of_order, &ended, appeals::ALONE_UNIT, everybody).await?;
    let (two, more) = refusals(&platform, &of_appeal, &ended, appeals::ALONE_UNIT, everybody).await?;
    wrong.extend(more);
    let (three, more) = refusals(&platform, &of_order, &going_on, FOREIGN, a_unit).await?;
    wrong.extend(more);
    // The register's one method of units: what is not theirs is not there, and what is theirs is shown.
    let (four, more) = refusals(&platform, &of_appeal, &going_on, FOREIGN, a_unit).await?;
    wrong.extend(more);
    let reveal = of_appeal.iter().find(|command| command.name == "RevealAppellant");
    let own = holder(&platform, "unit_clerk", appeals::ALONE_UNIT)?;
    let shown = call(&own, reveal.context("the contract has it")?, &going_on).await?;
    ensure!(four.len() == OF_UNIT.len() && shown.is_ok(), "{four:?} {shown:?}");
    let second = About {
        leg: leg_id(clocks::legs(&order, LegKind::Enterprise)[0]),
        ..going_on.clone()
    };
    let (followed, more) = refusals(&platform, &of_order, &second, "xz-enterprise-platform", a_unit).await?;
    wrong.extend(more);
    for (name, found) in &followed {
        let handles = [
            "SignLeg",
            "RecordContact",
            "ReplyLeg",
            "RequestReturn",
            "RequestExtension",
            "DelegateLeg",
        ];
        let told = (found.reason.as_str(), found.article.as_str());
        if handles.contains(&name.as_str()) && told != ("leg.followed_only", "2") {
            wrong.push(format!("{name} on the enterprise leg: {found:?}"));
        }
    }
    let cells = [&one, &two, &three, &followed].map(Vec::len);
    tell(format_args!(
        "{cells:?} refusals of {} commands",
        of_order.len() + of_appeal.len()
    ));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    ensure!(
        cells.iter().all(|cells| *cells > 10),
        "too few were asked: {cells:?}"
    );
    for order in orders {
        ensure!(
            callers.order(&order_id(&order)).await? == order,
            "an order changed: {order:?}"
        );
    }
    journal::settled(&callers.operator, wait::SOON).await?;
    let mut after = journal::heads(&callers.operator).await?;
    // Whoever may look at an ended appeal's person leaves a record of it, and nothing else.
    after.retain(|(producer, _), _| producer != "intake");
    let mut before = before;
    before.retain(|(producer, _), _| producer != "intake");
    ensure!(after == before, "something was published");
    Ok(())
}
