//! Files from outside: real pictures and documents, who may see them, and files that are something else.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hotline_runtime::Caller;
use hotline_tests::support::steps::order_id;
use hotline_tests::support::{Browser, Options, Page, Platform, appeals, callers, clocks};
use tonic::codegen::http::StatusCode;

use crate::MONDAY;

/// A whole PNG of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\xa6\x83\x9d\xd0\0\0\0\0IEND\xaeB`\x82";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A browser that sends the token of a caller.
fn as_caller(browser: &Browser, platform: &Platform, caller: &Caller) -> Result<Browser> {
    let token = platform.tokens().issue(caller, Duration::from_secs(600))?;
    let mut own = browser.another();
    own.always.push(("authorization", format!("Bearer {token}")));
    own.always.push(("accept-language", "en".to_owned()));
    Ok(own)
}

fn json(page: &Page) -> Result<serde_json::Value> {
    serde_json::from_str(&page.html).with_context(|| format!("{}: {}", page.status, page.html))
}

#[tokio::test]
async fn who_may_see_an_appeal_may_see_its_files_and_nobody_else_learns_that_there_are_any() -> Result<()> {
    let platform = Platform::start(Options::standing_at(&clocks::setting(MONDAY)?)).await?;
    let people = callers::Callers::of(&platform)?;
    let door = Browser::at(&platform)?;
    let order = people.open(appeals::lamps("with-files")).await?;
    let order = people
        .dispatch(&order_id(&order), appeals::LAMPS_UNIT, &[])
        .await?;
    let id = order_id(&order);
    let agent = as_caller(&door, &platform, &Caller::new("u-agent", &["agent"]))?;
    let address =
        format!("/files?appeal={id}&name=..%2F..%2Fetc%2F%E8%B7%AF%E7%81%AF.PNG&from_appellant=true");
    let sent = agent.upload(&address, PNG, "image/png").await?;
    ensure!(sent.status == StatusCode::CREATED, "{}", sent.html);
    let told = json(&sent)?;
    ensure!(
        told["name"] == "路灯.png" && told["media_type"] == "image/png",
        "{told}"
    );
    let file = format!("/files/{}", told["file_id"].as_str().context("an id")?);

    let clerk = |unit: &str| Caller::new(format!("u-{unit}"), &["unit_clerk"]).of_unit(unit);
    let own = as_caller(&door, &platform, &clerk(appeals::LAMPS_UNIT))?
        .get(&file)
        .await?;
    ensure!(own.status == StatusCode::OK && own.headers["content-length"] == PNG.len().to_string().as_str());
    let header = |page: &Page, name: &str| {
        page.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("")
            .to_owned()
    };
    ensure!(
        header(&own, "content-disposition").starts_with("attachment;"),
        "downloaded, not shown"
    );
    ensure!(
        header(&own, "x-content-type-options") == "nosniff"
            && header(&own, "content-security-policy").contains("sandbox")
    );
    let shown = agent.get(&format!("{file}?inline=true")).await?;
    ensure!(
        header(&shown, "content-disposition").starts_with("inline;")
            && header(&shown, "content-type") == "image/png"
    );

    let nothing = agent.get("/files/00000000-0000-4000-8000-000000000000").await?;
    for stranger in [clerk("xz-power"), Caller::new("u-9", &["analyst"])] {
        let refused = as_caller(&door, &platform, &stranger)?.get(&file).await?;
        ensure!(
            refused.status == StatusCode::NOT_FOUND && refused.html == nothing.html,
            "{}",
            refused.html
        );
        let sent = as_caller(&door, &platform, &stranger)?
            .upload(&address, PNG, "image/png")
            .await?;
        ensure!(sent.status == StatusCode::NOT_FOUND, "{}", sent.html);
    }
    ensure!(door.get(&file).await?.status == StatusCode::UNAUTHORIZED);

    let appeal = people.appeal(&id).await?;
    ensure!(
        appeal.files.len() == 1 && appeal.files[0].from_appellant,
        "{appeal:?}"
    );
    // What waits for its appeal is its uploader's alone, until it is put with one.
    let loose = agent.upload("/files?name=a.pdf", PDF, "application/pdf").await?;
    let loose = json(&loose)?["file_id"].as_str().context("an id")?.to_owned();
    let other = as_caller(&door, &platform, &Caller::new("u-other", &["agent"]))?;
    ensure!(other.get(&format!("/files/{loose}")).await?.status == StatusCode::NOT_FOUND);
    let put = format!("/files/{loose}/appeal/{id}");
    ensure!(other.upload(&put, b"", "").await?.status == StatusCode::NOT_FOUND);
    ensure!(agent.upload(&put, b"", "").await?.status == StatusCode::OK);
    ensure!(other.get(&format!("/files/{loose}")).await?.status == StatusCode::OK);
    ensure!(people.appeal(&id).await?.files.len() == 2);
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_too_large_or_something_else_is_refused_and_nothing_of_it_is_kept() -> Result<()> {
    let options =
        Options::standing_at(&clocks::setting(MONDAY)?).with("HOTLINE_GATEWAY__FILES__MAX_MIB", "1");
    let platform = Platform::start(options).await?;
    let door = Browser::at(&platform)?;
    let agent = as_caller(&door, &platform, &Caller::new("u-agent", &["agent"]))?;
    let large: Vec<u8> = PNG
        .iter()
        .copied()
        .chain(std::iter::repeat_n(0, 1024 * 1024))
        .collect();
    let joined = |parts: &[&[u8]]| parts.concat();
    let page = b"<html><script>alert(1)</script></html>";
    let cases: [(&str, Vec<u8>, &str, &str); 9] = [
        ("a.png", large, "image/png", "upload.size"),
        ("a.png", Vec::new(), "image/png", "upload.size"),
        ("a.html", page.to_vec(), "text/html", "upload.type"),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            "image/svg+xml",
            "upload.type",
        ),
        ("a.exe", b"MZ\x90\0\x03\0\0\0".repeat(40), "", "upload.type"),
        ("a.jpg", PNG.to_vec(), "image/jpeg", "upload.mismatch"),
        ("a.png", PNG.to_vec(), "application/pdf", "upload.mismatch"),
        (
            "a.png",
            joined(&[PNG, b"PK\x05\x06", &[0; 18]]),
            "image/png",
            "upload.unsound",
        ),
        ("a.pdf", joined(&[PDF, page]), "application/pdf", "upload.unsound"),
    ];
    for (name, bytes, kind, code) in cases {
        let refused = agent.upload(&format!("/files?name={name}"), &bytes, kind).await?;
        let told = json(&refused)?;
        ensure!(
            refused.status.is_client_error() && told["code"] == code,
            "{name} {kind}: {told}"
        );
    }
    let form = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"b.png\"\r\ncontent-type: image/png\r\n\r\n";
    let form = joined(&[form, PNG, b"\r\n--x--\r\n"]);
    let sent = agent
        .upload("/files", &form, "multipart/form-data; boundary=x")
        .await?;
    ensure!(
        sent.status == StatusCode::CREATED && json(&sent)?["name"] == "b.png",
        "{}",
        sent.html
    );
    let kept: Vec<_> = walkdir::WalkDir::new(platform.data_dir().join("files"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .collect();
    ensure!(kept.len() == 1, "{kept:?}");
    Ok(())
}
