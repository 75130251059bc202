//! Earlier appeals of the same appellant, for the agent who asks whether a matter was answered before (NC-11-7).

use hotline_bus::Fault;
use hotline_vault::Field;
use uuid::Uuid;

use super::{Intake, Seen, not_found};
use crate::domain::{Case, is_answered, likeness};
use crate::store::{self, Key, Name, Record};

/// Most candidates of an answer.
const CANDIDATES_MAX: usize = 20;

/// An earlier appeal of the same appellant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The appeal.
    pub seen: Seen,
    /// How alike the texts are, 0 to 100.
    pub likeness: i32,
    /// Same category.
    pub same_category: bool,
    /// Same place of the incident.
    pub same_place: bool,
    /// It was handled and answered.
    pub answered: bool,
}

impl Intake {
    /// The earlier appeals of the appellant of `id`, found by telephone and identity number, most alike first.
    ///
    /// # Errors
    /// `appeal.not_found`.
    pub async fn earlier(&self, id: Uuid) -> Result<Vec<Candidate>, Fault> {
        let pool = self.bus.pool();
        let found = store::find(pool, Name::Id(id)).await?;
        let record = found.ok_or_else(|| not_found("appeal_id"))?;
        let opened = self.open(&record)?;
        let own = Key {
            registered_at: record.appeal.case.registered_at,
            id,
        };
        let telephones = self.telephone_indexes(&opened.telephone);
        let identities = self.blind_indexes(Field::IdentityNumber, &opened.identity_number);
        if telephones.is_empty() && identities.is_empty() {
            return Ok(Vec::new());
        }
        let earlier = store::earlier(pool, own, &telephones, &identities).await?;
        let one = |earlier| self.candidate(&record.appeal.case, &opened.incident_place, earlier);
        let mut candidates: Vec<Candidate> = earlier.into_iter().map(one).collect::<Result<_, _>>()?;
        // A stable sort: among equals the newest stays first.
        candidates.sort_by_key(|candidate| {
            let same = i32::from(candidate.same_category) + i32::from(candidate.same_place);
            std::cmp::Reverse(candidate.likeness + 20 * same)
        });
        candidates.truncate(CANDIDATES_MAX);
        Ok(candidates)
    }

    fn candidate(&self, own: &Case, place: &str, earlier: Record) -> Result<Candidate, Fault> {
        let opened = self.open(&earlier)?;
        let case = &earlier.appeal.case;
        let text = |case: &Case| format!("{} {}", case.title, case.content);
        Ok(Candidate {
            likeness: likeness(&text(own), &text(case)),
            same_category: own.category == case.category,
            same_place: !place.is_empty() && place == opened.incident_place,
            answered: is_answered(&earlier.appeal.state),
            seen: self.see(earlier)?,
        })
    }
}
