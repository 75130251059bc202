//! Starts the servers that tests share, prints their environment, and keeps them until standard input closes.
//!
//! `cargo run -p hotline-runtime --features testing --example test_servers -- [DIR]`

use std::io::{Read, Write};
use std::path::PathBuf;

use hotline_runtime::testing;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let named = std::env::args_os().nth(1).map(PathBuf::from);
    let dir = named.unwrap_or_else(|| testing::servers_dir().join("shared"));
    let servers = testing::start_servers(&dir).await;
    let mut out = std::io::stdout();
    for (name, value) in [
        (testing::DATABASE_VARIABLE, &servers.database_url),
        (testing::NATS_VARIABLE, &servers.nats_url),
        (testing::NATS_ADMIN_VARIABLE, &servers.nats_admin_url),
    ] {
        writeln!(out, "export {name}='{value}'")?;
    }
    out.flush()?;
    // Nothing is ever read: the caller's end of the pipe closes when the tests are over.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
