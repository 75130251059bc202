//! Who plays: a client for each role, with a token of that role; the clerks of each unit with their unit. They are called
//! as the demo's accounts are, so that the desks show their names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::bail;
use hotline_runtime::{Caller, Stopwatch, Tokens};

use crate::client::Client;

/// First and longest pause between two looks at something that is awaited.
const LOOK_MIN: Duration = Duration::from_millis(5);
const LOOK_MAX: Duration = Duration::from_millis(80);

/// Longest wait for the effect of an event.
pub const EFFECT_MAX: Duration = Duration::from_secs(30);

/// Everybody who acts in the demo.
pub struct Cast {
    base: Client,
    tokens: Arc<Tokens>,
    clerks: Mutex<HashMap<String, Client>>,
    /// Takes calls.
    pub agent: Client,
    /// Leads the shift: decides what was referred.
    pub leader: Client,
    /// Sits at the enterprise desk.
    pub enterprise_desk: Client,
    /// Sends orders out.
    pub dispatcher: Client,
    /// Reviews replies and judges bad answers.
    pub reviewer: Client,
    /// Calls appellants back.
    pub caller: Client,
    /// Reads everything.
    pub operator: Client,
}

impl Cast {
    /// Issues everybody's token.
    ///
    /// # Errors
    /// A token cannot be issued.
    pub fn new(base: Client, tokens: Arc<Tokens>) -> anyhow::Result<Self> {
        let person = |name: &str, role: &str| base.on_behalf(&tokens, &Caller::new(name, &[role]));
        Ok(Self {
            agent: person("demo-agent", "agent")?,
            leader: person("demo-team-leader", "team_leader")?,
            enterprise_desk: person("demo-enterprise-desk", "enterprise_desk")?,
            dispatcher: person("demo-dispatcher", "dispatcher")?,
            reviewer: person("demo-reviewer", "reviewer")?,
            caller: person("demo-callback-agent", "callback_agent")?,
            operator: person("demo-operator", "operator")?,
            clerks: Mutex::default(),
            base,
            tokens,
        })
    }

    /// The clerk of a unit.
    ///
    /// # Errors
    /// A token cannot be issued.
    pub fn clerk(&self, unit: &str) -> anyhow::Result<Client> {
        let mut clerks = self.clerks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(clerk) = clerks.get(unit) {
            return Ok(clerk.clone());
        }
        let caller = Caller::new(clerk_of(unit), &["unit_clerk"]).of_unit(unit);
        let clerk = self.base.on_behalf(&self.tokens, &caller)?;
        clerks.insert(unit.to_owned(), clerk.clone());
        Ok(clerk)
    }
}

/// What the clerk of a unit is called in calls, and signs in as.
pub fn clerk_of(unit: &str) -> String {
    format!("clerk-{unit}")
}

/// Looks again and again until `look` finds something.
///
/// # Errors
/// Nothing is found within [`EFFECT_MAX`], or `look` fails.
pub async fn until<T>(
    what: &str,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let since = Stopwatch::start();
    let mut pause = LOOK_MIN;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if since.elapsed() > EFFECT_MAX {
            bail!(
                "等待超时:{what} / {what} did not happen within {} s",
                EFFECT_MAX.as_secs()
            );
        }
        tokio::time::sleep(pause).await;
        pause = LOOK_MAX.min(pause * 2);
    }
}
