//! What is another unit's answers as what is nowhere: every method that names an order, a leg or an appeal, from the contract.

use anyhow::{Context, Result, ensure};
use hotline_proto::FILE_DESCRIPTOR_SET;
use hotline_proto::common::v1::LegKind;
use hotline_runtime::Caller;
use hotline_tests::support::callers::person;
use hotline_tests::support::refused::Refused;
use hotline_tests::support::steps::{leg_id, order_id};
use hotline_tests::support::{Person, appeals, clocks, tell};
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MethodDescriptor, Value};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};

use crate::access::rules;
use crate::on_monday;

/// An identifier that nothing has.
const NOWHERE: &str = "01900000-0000-7000-8000-00000000dead";

/// A unit that has nothing to do with the order.
const FOREIGN: &str = "xz-tax";

/// Roles of a unit's staff.
const UNIT_ROLES: [&str; 3] = ["unit_clerk", "unit_section", "unit_leader"];

/// What the request names.
#[derive(Clone, Copy)]
struct Named<'a> {
    order: &'a str,
    leg: &'a str,
}

/// A request of the method that names what it can, with some words everywhere else; nothing where it names no order.
fn request(method: &MethodDescriptor, named: Named<'_>) -> Option<DynamicMessage> {
    let mut message = DynamicMessage::new(method.input());
    let mut names = false;
    for field in method.input().fields() {
        if field.kind() != Kind::String || field.is_list() {
            continue;
        }
        let value = match field.name() {
            "order_id" | "order" | "appeal_id" | "appeal" => {
                names = true;
                named.order
            }
            "leg_id" => named.leg,
            name if name.ends_with("_id") || name.ends_with("token") => continue,
            _ => "说明",
        };
        message.set_field(&field, Value::String(value.to_owned()));
    }
    names.then_some(message)
}

async fn call(person: &Person, method: &MethodDescriptor, message: DynamicMessage) -> Result<(), Status> {
    let mut grpc = tonic::client::Grpc::new(person.wire());
    grpc.ready()
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = PathAndQuery::try_from(path).map_err(|error| Status::internal(error.to_string()))?;
    let codec = tonic_prost::ProstCodec::<DynamicMessage, ()>::default();
    grpc.unary(Request::new(message), path, codec).await.map(drop)
}

/// What a caller can tell from an answer.
fn told(answer: &Result<(), Status>) -> (Code, String, Vec<String>) {
    match answer {
        Ok(()) => (Code::Ok, String::new(), Vec::new()),
        Err(status) => {
            let refused = Refused::of(status);
            (refused.code, refused.reason, refused.fields)
        }
    }
}

#[tokio::test]
async fn what_is_another_units_answers_as_what_is_nowhere() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let order = callers.open(appeals::alone("existence")).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    let (id, legs) = (order_id(&order), clocks::legs(&order, LegKind::Lead));
    let leg = leg_id(legs.first().context("a lead leg")?);
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
    let (there, nowhere) = (
        Named {
            order: &id,
            leg: &leg,
        },
        Named {
            order: NOWHERE,
            leg: NOWHERE,
        },
    );
    let (mut wrong, mut asked, mut own_told) = (Vec::new(), 0_u32, 0_u32);
    for role in UNIT_ROLES {
        let of = |unit: &str| {
            person(
                &platform,
                &Caller::new(format!("u-{role}"), &[role]).of_unit(unit),
            )
        };
        let (foreign, own) = (of(FOREIGN)?, of(appeals::ALONE_UNIT)?);
        for rule in rules()?.0.iter().filter(|rule| rule.roles.contains(role)) {
            let (service, method) = rule
                .path
                .trim_start_matches('/')
                .split_once('/')
                .context("a path")?;
            let service = pool.get_service_by_name(service).context("a service")?;
            let method = service
                .methods()
                .find(|known| known.name() == method)
                .context("a method")?;
            let (Some(real), Some(made_up)) = (request(&method, there), request(&method, nowhere)) else {
                continue;
            };
            let of_another = told(&call(&foreign, &method, real.clone()).await);
            let of_nobody = told(&call(&foreign, &method, made_up).await);
            if of_another != of_nobody {
                wrong.push(format!(
                    "{role} on {}: {of_another:?}, nowhere: {of_nobody:?}",
                    rule.path
                ));
            }
            asked += 1;
            // The same request of the order's own unit is looked at.
            let (_, reason, _) = told(&call(&own, &method, real).await);
            own_told += u32::from(reason != "order.not_found");
        }
    }
    tell(format_args!("{asked} methods and roles"));
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    ensure!(
        asked > 40 && own_told == asked,
        "of {asked} only {own_told} were looked at for the own unit"
    );
    Ok(())
}
