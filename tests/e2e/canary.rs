//! Personal data unlike anything else, registered and taken through life, and then looked for everywhere: in a dump of
//! the database, in the broker's store, and in everything that was logged or sent to a collector of traces.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::intake::v1::{
    Appellant, ListAppealsRequest, RegisterAppealRequest, RevealAppellantRequest, UrgeAppealRequest,
    WithdrawAppealRequest,
};
use hotline_tests::support::steps::{full_reply, order_id};
use hotline_tests::support::{Callers, Options, Platform, appeals, clocks, journal, tell, wait};

use crate::MONDAY;
use crate::collector::Collector;

/// A name that is no word.
const NAME: &str = "澹台爨鬻";
/// A mobile number.
const TELEPHONE: &str = "15407391628";
/// The same as the register keeps it.
const TELEPHONE_DIGITS: &str = "5407391628";
/// An identity number with a fitting check character.
const IDENTITY: &str = "320302197907185716";
/// An address.
const ADDRESS: &str = "鼪鼬径柒拾叁号辛楼";
/// A place of an incident.
const PLACE: &str = "魍魉坊肆拾玖号门前";

/// What must not be found anywhere.
const CANARIES: [&str; 6] = [NAME, TELEPHONE, TELEPHONE_DIGITS, IDENTITY, ADDRESS, PLACE];

fn request(key: &str) -> RegisterAppealRequest {
    let mut request = appeals::of_enterprise(appeals::question(key));
    request.title = format!("{NAME}反映停车收费问题");
    request.content =
        format!("我是{NAME}，电话{TELEPHONE}，身份证{IDENTITY}，住{ADDRESS}，请核实停车场收费。");
    request.incident_place = PLACE.into();
    let enterprise = request
        .appellant
        .take()
        .and_then(|appellant| appellant.enterprise);
    request.appellant = Some(Appellant {
        name: NAME.into(),
        telephone: TELEPHONE.into(),
        identity_number: IDENTITY.into(),
        address: ADDRESS.into(),
        enterprise,
        ..Appellant::default()
    });
    request
}

#[tokio::test]
async fn personal_data_stands_in_clear_in_no_table_no_event_no_log_and_no_trace() -> Result<()> {
    let (collector, (name, endpoint)) = Collector::start().await?;
    // As talkative as an operator may make it while looking for a fault.
    let options = Options::standing_at(&clocks::setting(MONDAY)?)
        .with("HOTLINE_TELEMETRY__LOG_FILTER", "debug")
        .with(name, &endpoint);
    let mut platform = Platform::start(options).await?;
    let callers = Callers::of(&platform)?;
    lived_through(&callers).await?;
    refused_in_many_ways(&callers).await?;
    journal::settled(&callers.operator, wait::SOON).await?;
    platform.stop().await?;

    let dump = dump(&platform).await?;
    ensure!(
        dump.len() > 100_000,
        "a dump of {} bytes holds no platform",
        dump.len()
    );
    // A platform that stopped has sent all that it had.
    let traces = collector.bytes();
    let calls = collector.spans(|span| span.name.ends_with("/RegisterAppeal"));
    ensure!(
        calls.len() > 5 && traces.len() > 50_000,
        "{} registrations in {} bytes of traces",
        calls.len(),
        traces.len()
    );
    let mut found = leaks("pg_dump", &dump);
    found.extend(leaks("a trace", &traces));
    let mut read = dump.len() + traces.len();
    for path in files(&[
        platform.nats_store(),
        platform.log(),
        platform.dir().join("postgres/server.log"),
    ])? {
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        read += bytes.len();
        found.extend(leaks(&path.display().to_string(), &bytes));
    }
    tell(format_args!(
        "{read} bytes searched for {} canaries, each as text, hexadecimal and base 64",
        CANARIES.len()
    ));
    ensure!(found.is_empty(), "personal data in clear:\n{}", found.join("\n"));
    Ok(())
}

/// The whole life of an appeal whose appellant is told in every field that takes words.
async fn lived_through(callers: &Callers) -> Result<()> {
    let order = callers.open(request("canary")).await?;
    let id = order_id(&order);
    ensure!(
        !order.content.contains(TELEPHONE) && !order.content.contains(NAME),
        "{}",
        order.content
    );
    let order = callers.dispatch(&id, "", &[]).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    callers.sign(&id, &lead).await?;
    callers
        .contact(&id, &lead, &format!("已拨打{TELEPHONE}联系，证件号{IDENTITY}"))
        .await?;
    let urge = UrgeAppealRequest {
        appeal_id: id.clone(),
        idempotency_key: "canary urge".into(),
        note: format!("{NAME}又来电，请回{TELEPHONE}"),
    };
    callers.agent.intake().urge_appeal(urge).await?;
    let mut reply = full_reply(&format!("已致电{TELEPHONE}说明收费标准。"));
    reply.internal_text = format!("诉求人身份证{IDENTITY}，电话{TELEPHONE}");
    callers.reply(&id, &lead, reply).await?;
    callers.approve(&id, &lead).await?;
    callers.call_back(&id, 1, Satisfaction::Satisfied).await?;
    callers.archive(&id).await?;

    let reveal = RevealAppellantRequest {
        appeal_id: id.clone(),
        reason: format!("回拨{TELEPHONE}核实"),
    };
    let shown = callers
        .agent
        .intake()
        .reveal_appellant(reveal)
        .await?
        .into_inner();
    let person = shown.appellant.context("an appellant")?;
    ensure!(
        person.name == NAME && person.identity_number == IDENTITY && person.address == ADDRESS,
        "{person:?}"
    );
    ensure!(
        person.telephone.ends_with(TELEPHONE) && shown.incident_place == PLACE,
        "{person:?}"
    );
    let search = ListAppealsRequest {
        telephone: TELEPHONE.into(),
        ..Default::default()
    };
    let by_telephone = callers
        .agent
        .intake()
        .list_appeals(search)
        .await?
        .into_inner()
        .appeals;
    ensure!(
        by_telephone.len() == 1 && by_telephone[0].appeal_id == id,
        "{by_telephone:?}"
    );
    Ok(())
}

/// Refusals must not repeat what they refuse, neither to the caller nor into the log.
async fn refused_in_many_ways(callers: &Callers) -> Result<()> {
    let mut told = String::new();
    let mut intake = callers.agent.intake();
    let changes: [fn(&mut RegisterAppealRequest); 5] = [
        |request| request.category = "no.such".into(),
        |request| {
            request
                .appellant
                .get_or_insert_default()
                .telephone
                .push_str("999999")
        },
        |request| {
            request
                .appellant
                .get_or_insert_default()
                .identity_number
                .push('1')
        },
        |request| request.title = "长".repeat(99) + NAME,
        |request| request.content.push('\u{202e}'),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut wrong = request(&format!("canary {number}"));
        change(&mut wrong);
        let status = intake.register_appeal(wrong).await.err().context("refused")?;
        told.push_str(&format!("{status:?}"));
    }
    let again = RegisterAppealRequest {
        title: "另一件事".into(),
        ..request("canary")
    };
    let status = intake
        .register_appeal(again)
        .await
        .err()
        .context("a used key is refused")?;
    told.push_str(&format!("{status:?}"));
    let open = callers
        .register(request("withdrawn canary"))
        .await?
        .appeal
        .context("an appeal")?
        .appeal_id;
    let withdraw = WithdrawAppealRequest {
        appeal_id: open,
        version: 0,
        reason: format!("{NAME}({TELEPHONE})不再需要"),
    };
    intake.withdraw_appeal(withdraw).await?;
    let leaks = leaks("an answer to a caller", told.as_bytes());
    ensure!(leaks.is_empty(), "{leaks:?}");
    Ok(())
}

/// A plain dump of every schema.
async fn dump(platform: &Platform) -> Result<Vec<u8>> {
    let program = postgres_program("pg_dump")?;
    let mut command = tokio::process::Command::new(program);
    command
        .arg("--inserts")
        .arg("--dbname")
        .arg(platform.database_url())
        .kill_on_drop(true);
    let output = command.output().await.context("run pg_dump")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output.stdout)
}

/// A program of the newest PostgreSQL of this machine.
fn postgres_program(name: &str) -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<_> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(
        std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|path| path.is_file()),
    );
    found
        .into_iter()
        .next()
        .with_context(|| format!("no {name} on this machine"))
}

/// Every file in these places.
fn files(places: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for place in places {
        for entry in walkdir::WalkDir::new(place) {
            let entry = entry.with_context(|| place.display().to_string())?;
            if entry.file_type().is_file() {
                found.push(entry.into_path());
            }
        }
    }
    ensure!(found.len() >= 3, "nothing to search: {found:?}");
    Ok(found)
}

/// The canaries in `bytes`, however they are written, each with the place in which they stand.
fn leaks(place: &str, bytes: &[u8]) -> Vec<String> {
    let forms = CANARIES.into_iter().flat_map(|canary| {
        [
            (canary, "text", canary.as_bytes().to_vec()),
            (canary, "hexadecimal", hex(canary.as_bytes()).into_bytes()),
        ]
        .into_iter()
        .chain(
            base64_cores(canary.as_bytes())
                .into_iter()
                .map(move |core| (canary, "base 64", core)),
        )
    });
    let mut found = Vec::new();
    for (canary, form, needle) in forms {
        if let Some(at) = bytes.windows(needle.len()).position(|window| window == needle) {
            let around = &bytes[at.saturating_sub(120)..bytes.len().min(at + 60)];
            found.push(format!(
                "{canary} as {form} in {place}: …{}…",
                String::from_utf8_lossy(around)
            ));
        }
    }
    found
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What base 64 makes of `bytes` wherever they begin in a longer text: their inner characters at each of the three
/// alignments.
fn base64_cores(bytes: &[u8]) -> Vec<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let cores = (0..3_usize).map(|skip| {
        let whole = bytes.get(skip..).unwrap_or_default().chunks_exact(3);
        let four = |three: &[u8]| {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize])
        };
        whole.flat_map(four).collect::<Vec<u8>>()
    });
    cores.filter(|core| core.len() >= 8).collect()
}

#[test]
fn a_canary_is_found_in_every_form() {
    let text = format!("x{NAME}y");
    assert_eq!(leaks("here", text.as_bytes()).len(), 1);
    assert_eq!(
        leaks("here", hex(TELEPHONE.as_bytes()).as_bytes()).len(),
        2,
        "the number and its digits"
    );
    for before in ["", "a", "ab"] {
        let core = base64_cores(format!("{before}{ADDRESS}").as_bytes()).swap_remove(0);
        assert_eq!(leaks("here", &core).len(), 1, "{before:?}");
    }
    assert!(leaks("here", "无关的文字 15400000000".as_bytes()).is_empty());
}
