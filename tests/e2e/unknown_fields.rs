//! Requests with fields that the contract does not know: refused by every method, wherever the field stands, and
//! nothing changes; read over only for the installation's own processes, one of which may be newer.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use hotline_proto::FILE_DESCRIPTOR_SET;
use hotline_proto::intake::v1::GetAppealRequest;
use hotline_runtime::Caller;
use hotline_tests::support::callers::person;
use hotline_tests::support::{Person, appeals, journal, wait};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Response, Status};

use crate::access::rules;
use crate::bad_input::Table;
use crate::on_monday;

/// Field 9999 with the number 1, as it stands in the bytes of a message.
const UNKNOWN: [u8; 4] = [0xf8, 0xf0, 0x04, 1];

const REGISTER: &str = "/hotline.intake.v1.IntakeService/RegisterAppeal";

/// The number of the appellant in a registration.
const APPELLANT: u32 = 12;

/// Sends these bytes as the request of a method.
async fn send(
    pool: &DescriptorPool,
    person: &Person,
    path: &str,
    bytes: &[u8],
) -> Result<Response<()>, Status> {
    let fault = |error: &dyn std::fmt::Display| Status::internal(error.to_string());
    let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let service = pool.get_service_by_name(service);
    let method = service.and_then(|service| service.methods().find(|known| known.name() == method));
    let takes = method.ok_or_else(|| fault(&"no such method"))?.input();
    // It keeps what it does not know and writes it again.
    let message = DynamicMessage::decode(takes, bytes).map_err(|error| fault(&error))?;
    let mut grpc = tonic::client::Grpc::new(person.wire());
    grpc.ready().await.map_err(|error| fault(&error))?;
    let path = PathAndQuery::try_from(path).map_err(|error| fault(&error))?;
    let codec = tonic_prost::ProstCodec::<DynamicMessage, ()>::default();
    grpc.unary(Request::new(message), path, codec).await
}

/// A message with the unknown field behind what it holds.
fn and_unknown(message: &impl Message) -> Vec<u8> {
    [message.encode_to_vec(), UNKNOWN.to_vec()].concat()
}

/// A registration whose appellant has the unknown field.
fn nested() -> Vec<u8> {
    let mut request = appeals::question("nested unknown");
    let appellant = and_unknown(&request.appellant.take().unwrap_or_default());
    let mut bytes = request.encode_to_vec();
    prost::encoding::encode_key(APPELLANT, prost::encoding::WireType::LengthDelimited, &mut bytes);
    prost::encoding::encode_varint(appellant.len() as u64, &mut bytes);
    bytes.extend(appellant);
    bytes
}

#[tokio::test]
async fn a_field_that_the_contract_does_not_know_is_refused_by_every_method_and_changes_nothing() -> Result<()>
{
    let (platform, callers) = on_monday().await?;
    let good = callers
        .register(appeals::question("known"))
        .await?
        .appeal
        .context("an appeal")?;
    journal::settled(&callers.operator, wait::SOON).await?;
    let before = journal::heads(&callers.operator).await?;

    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
    let mut table = Table::default();
    let mut people = BTreeMap::new();
    let (rules, _silent) = rules()?;
    let mut asked = 0;
    for rule in &rules {
        let role = rule.roles.iter().find(|role| *role != "service");
        let Some(role) = role.map(String::as_str).or(rule.public.then_some("agent")) else {
            continue;
        };
        if !people.contains_key(role) {
            let caller = Caller::new(format!("u-{role}"), &[role]).of_unit("xz-market");
            people.insert(role.to_owned(), person(&platform, &caller)?);
        }
        let person = people.get(role).context("just put there")?;
        let expected = (Code::InvalidArgument, "request.field_unknown", "9999");
        table.row(
            &rule.path,
            send(&pool, person, &rule.path, &UNKNOWN).await,
            expected,
        );
        asked += 1;
    }
    ensure!(asked > 130, "only {asked} methods are for people");
    let expected = (Code::InvalidArgument, "request.field_unknown", "appellant.9999");
    let answer = send(&pool, &callers.agent, REGISTER, &nested()).await;
    table.row("in the appellant", answer, expected);
    table.end()?;

    let get = GetAppealRequest {
        appeal: good.appeal_id.clone(),
    };
    let path = "/hotline.intake.v1.IntakeService/GetAppeal";
    let newer = send(&pool, &callers.service, path, &and_unknown(&get)).await;
    ensure!(
        newer.is_ok(),
        "a newer process of the installation is not understood: {newer:?}"
    );
    ensure!(
        callers.appeal(&good.appeal_id).await? == good,
        "the appeal changed"
    );
    ensure!(
        journal::heads(&callers.operator).await? == before,
        "something was published"
    );
    Ok(())
}
