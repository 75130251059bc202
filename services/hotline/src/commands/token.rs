//! `hotline token`: issues a token from the installation's key.

use std::process::ExitCode;

use hotline_runtime::{Caller, Tokens};

use crate::cli::{Global, TokenArgs};
use crate::{render, roles};

/// Prints a token.
///
/// # Errors
/// A role that no method knows, or a key that cannot be read or made.
pub fn run(global: &Global, args: &TokenArgs) -> anyhow::Result<ExitCode> {
    roles::check(&args.roles)?;
    let settings = global.settings()?;
    let names: Vec<&str> = args.roles.iter().map(String::as_str).collect();
    let mut caller = Caller::new(args.subject.clone(), &names);
    caller.unit.clone_from(&args.unit);
    caller.division.clone_from(&args.division);
    let token = Tokens::open(&settings.keys_dir())?.issue(&caller, args.ttl)?;
    if global.json {
        let told = serde_json::json!({
            "token": token, "subject": args.subject, "roles": args.roles, "unit": args.unit,
            "division": args.division, "ttl_s": args.ttl.as_secs(),
        });
        render::out_json(&told)?;
    } else {
        render::out(token)?;
    }
    Ok(ExitCode::SUCCESS)
}
