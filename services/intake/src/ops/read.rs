//! Reads: one appeal, a list, the staff's timeline; personal data masked.

use std::cmp::Ordering;

use hotline_bus::Fault;

use super::{Intake, Seen, name_of, not_found};
use crate::domain::{Entry, StateName};
use crate::seal;
use crate::store::{self, Area, Filter, Key};

/// Digits of a county's code (GB/T 2260); streets and villages have more.
const COUNTY_LEN: usize = 6;

/// What a list is searched by, as it was asked; empty texts are any.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// State.
    pub state: Option<StateName>,
    /// Kind.
    pub appeal_type: Option<hotline_policy::AppealType>,
    /// Channel.
    pub channel: Option<hotline_policy::Channel>,
    /// Division code or a prefix of it.
    pub division: String,
    /// Category code.
    pub category: String,
    /// Telephone in its normal form.
    pub telephone: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The appeals, newest first.
    pub appeals: Vec<Seen>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Key>,
}

impl Intake {
    /// The appeal of this identifier or number.
    ///
    /// # Errors
    /// `appeal.not_found`.
    pub async fn get(&self, name: &str) -> Result<Seen, Fault> {
        let found = store::find(self.bus.pool(), name_of(name, "appeal")?).await?;
        self.see(found.ok_or_else(|| not_found("appeal"))?)
    }

    /// A page of at most `rows` appeals from just after `after`.
    ///
    /// # Errors
    /// The database.
    pub async fn list(&self, search: &Search, after: Option<Key>, rows: usize) -> Result<Page, Fault> {
        let area = self
            .area(&search.division)
            .filter(|_| !search.division.is_empty());
        if area.is_none() && !search.division.is_empty() {
            return Ok(Page {
                appeals: Vec::new(),
                next: None,
            });
        }
        let filter = self.filter(search, area);
        // One more than asked for tells whether there is a next page.
        let mut found = store::list(self.bus.pool(), &filter, after, rows + 1).await?;
        let more = found.len() > rows;
        found.truncate(rows);
        let last = found.last().map(|record| &record.appeal.case);
        let next = last.filter(|_| more).map(|case| Key {
            registered_at: case.registered_at,
            id: case.id,
        });
        let appeals = found
            .into_iter()
            .map(|record| self.see(record))
            .collect::<Result<_, _>>()?;
        Ok(Page { appeals, next })
    }

    /// A keyed mark of a list's filter, for its page tokens: a telephone in it can not be guessed back.
    #[must_use]
    pub fn mark_of(&self, filter: &[u8]) -> Vec<u8> {
        seal::digest(&self.vault, "list", filter)
    }

    fn filter(&self, search: &Search, area: Option<Area>) -> Filter {
        let telephones = self.telephone_indexes(&search.telephone);
        Filter {
            state: search.state,
            appeal_type: search.appeal_type.map(hotline_policy::AppealType::as_str),
            channel: search.channel.map(hotline_policy::Channel::as_str),
            area,
            category: (!search.category.is_empty()).then(|| search.category.clone()),
            telephones: (!telephones.is_empty()).then_some(telephones),
        }
    }

    /// The divisions whose codes begin so; `None` where the city has none.
    fn area(&self, beginning: &str) -> Option<Area> {
        let all = self.city.divisions.iter().map(|division| division.code.as_str());
        let codes: Vec<String> = all
            .filter(|code| code.starts_with(beginning))
            .map(str::to_owned)
            .collect();
        match beginning.len().cmp(&COUNTY_LEN) {
            _ if codes.is_empty() => None,
            Ordering::Less => Some(Area::Beginning(beginning.to_owned())),
            Ordering::Equal => Some(Area::County(beginning.to_owned())),
            Ordering::Greater => Some(Area::Exactly(codes)),
        }
    }

    /// The staff's timeline of an appeal, oldest first.
    ///
    /// # Errors
    /// `appeal.not_found`.
    pub async fn timeline(&self, name: &str) -> Result<Vec<Entry>, Fault> {
        let found = store::find(self.bus.pool(), name_of(name, "appeal")?).await?;
        let id = found.ok_or_else(|| not_found("appeal"))?.appeal.case.id;
        Ok(store::entries(self.bus.pool(), id).await?)
    }
}
