//! Records what an appellant adds to an open appeal.

use hotline_bus::Fault;
use uuid::Uuid;

use super::act::{By, key_reused, lock_one};
use super::{Intake, Seen};
use crate::domain::{Command, State};
use crate::seal;
use crate::store::{self, Supplement};

/// What the digest of a supplement is made under.
const DIGEST_KIND: &str = "supplement";

/// A supplement as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplementing {
    /// Appeal.
    pub appeal_id: Uuid,
    /// Names the request for ever.
    pub request_key: String,
    /// What is added.
    pub text: String,
    /// The request as it came.
    pub request: Vec<u8>,
}

impl Intake {
    /// Records that the appellant adds something; the same request again changes nothing. What is added to an appeal
    /// that was joined to another is told there.
    ///
    /// # Errors
    /// An appeal that is not there or not open; a key that was used for something else.
    pub async fn supplement(&self, adding: Supplementing, by: &By) -> Result<Seen, Fault> {
        let mut tx = self.bus.begin().await?;
        let mut record = lock_one(&mut tx, adding.appeal_id).await?;
        if let State::Merged { into, .. } = record.appeal.state {
            record = lock_one(&mut tx, into).await?;
        }
        let id = record.appeal.case.id;
        if let Some((appeal_id, digest)) = store::supplement_of_key(tx.sql(), &adding.request_key).await? {
            let same = seal::is_digest(&self.vault, &digest, DIGEST_KIND, &adding.request);
            return if same && appeal_id == id {
                self.see(record)
            } else {
                Err(key_reused())
            };
        }
        let supplement = Supplement {
            id: tx.new_id(),
            appeal_id: id,
            request_digest: seal::digest(&self.vault, DIGEST_KIND, &adding.request),
            request_key: adding.request_key,
            actor: by.actor.clone(),
        };
        let now = tx.now();
        if !store::insert_supplement(tx.sql(), &supplement, now).await? {
            return Err(key_reused());
        }
        let command = Command::Supplement {
            supplement_id: supplement.id,
            text: adding.text,
        };
        self.finish(tx, record, 0, by, command).await
    }
}
