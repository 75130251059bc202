//! The names of people, for whoever may know them.

use std::collections::BTreeSet;

use hotline_bus::Fault;
use hotline_policy::Refusal;

use super::People;
use crate::domain::desk_refusals::NAMES;
use crate::domain::{Named, Viewer, account_number, knows_name};
use crate::store::{self, Called};

/// Most accounts of one question.
const NAMES_MAX: usize = 100;

/// A name, beside what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As it was asked for.
    pub asked: String,
    /// Name shown to colleagues.
    pub name: String,
    /// Unit; none for the platform's own.
    pub unit: Option<String>,
}

impl People {
    /// The names of accounts that are asked for by id or username; whom `viewer` may not know of is left out.
    ///
    /// # Errors
    /// `desk.names`, or the database.
    pub async fn names(&self, viewer: &Viewer, asked: &[String]) -> Result<Vec<Name>, Fault> {
        if asked.is_empty() || asked.len() > NAMES_MAX {
            return Err(Refusal::new(&NAMES).field("account_ids").into());
        }
        let asked: BTreeSet<&String> = asked.iter().collect();
        let asked: Vec<(&String, Named)> = asked
            .into_iter()
            .filter_map(|text| Some((text, account_number(text).ok()?)))
            .collect();
        let (mut numbers, mut usernames) = (Vec::new(), Vec::new());
        for (_, named) in &asked {
            match named {
                Named::Number(number) => numbers.push(*number),
                Named::Username(name) => usernames.push(name.clone()),
            }
        }
        let found = store::called(self.bus.pool(), &numbers, &usernames).await?;
        let known: Vec<&Called> = found
            .iter()
            .filter(|one| knows_name(viewer, one.unit.as_deref().unwrap_or_default()))
            .collect();
        let names = asked.into_iter().filter_map(|(text, named)| {
            let is_it = |one: &&&Called| match &named {
                Named::Number(number) => one.id == *number,
                Named::Username(name) => one.username == *name,
            };
            let one = known.iter().find(is_it)?;
            Some(Name {
                asked: text.clone(),
                name: one.name.clone(),
                unit: one.unit.clone(),
            })
        });
        Ok(names.collect())
    }
}
