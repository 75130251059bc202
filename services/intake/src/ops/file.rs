//! Files of appeals: put there once, told, and on the timeline.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use uuid::Uuid;

use super::tell::out;
use super::{Intake, not_found};
use crate::contract;
use crate::domain::{AppealFile, FILES_MAX, refusals};
use crate::seal;
use crate::store;

impl Intake {
    /// Puts a file with the appeal `id`; false where it is there already.
    ///
    /// # Errors
    /// `appeal.not_found`; `file.elsewhere` for a file of another appeal; `file.too_many`.
    pub async fn attach(&self, id: Uuid, mut file: AppealFile) -> Result<bool, Fault> {
        let mut tx = self.bus.begin().await?;
        let found = store::lock(tx.sql(), &[id]).await?.pop();
        let record = found.ok_or_else(|| not_found("appeal_id"))?;
        let person = self.open(&record)?;
        file.name = seal::conceal(&file.name, (&person).into()).0;
        file.attached_at = tx.now();
        match store::insert_file(tx.sql(), id, &file).await? {
            Some(with) if with == id => return Ok(false),
            Some(_) => {
                return Err(Refusal::new(&refusals::FILE_ELSEWHERE)
                    .field("file.file_id")
                    .into());
            }
            None => {}
        }
        // Counted after the insertion and under the lock of the appeal, so that two at once do not pass the bound.
        if store::count_files(tx.sql(), id).await? > FILES_MAX {
            let detail = format!("max {FILES_MAX}");
            return Err(Refusal::new(&refusals::FILES_MAX_REACHED)
                .field("appeal_id")
                .detail(detail)
                .into());
        }
        let event = contract::file_attached(&record.appeal.case, &file);
        let line = out(&mut tx, &self.book, id, &event)?;
        store::insert_lines(tx.sql(), &[(id, line, file.attached_at)]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The files of the appeal `id`, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn files(&self, id: Uuid) -> Result<Vec<AppealFile>, Fault> {
        Ok(store::files(self.bus.pool(), id).await?)
    }
}
