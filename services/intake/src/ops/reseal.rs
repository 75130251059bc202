//! After a rotation: what was sealed or indexed under an older key is put under the active one, in small steps.
//!
//! Invariant: an older key may be forgotten once this found nothing more in every process.

use hotline_bus::{Fault, Lease};
use hotline_vault::Field;

use super::{Intake, unopened};
use crate::seal;
use crate::store::{self, ActiveKeys};

/// Appellants of one transaction: it holds their locks for a few milliseconds.
const STEP_ROWS: i64 = 200;
/// Bytes of a sealed value's header: version, suite, key id.
const HEADER_LEN: usize = 6;

impl Intake {
    /// Puts everything under the active keys, once; several processes take turns by a lease.
    ///
    /// # Errors
    /// None: what fails is logged and tried again at the next start.
    pub async fn reseal_all(&self, mut lease: Lease) -> anyhow::Result<()> {
        if lease.held().await.is_none() {
            return Ok(());
        }
        match self.reseal_aged().await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "appellants are under the active keys"),
            Err(error) => tracing::error!(%error, "appellants stay under an older key until the next start"),
        }
        Ok(())
    }

    /// Reseals until nothing is under an older key; gives how many rows there were.
    ///
    /// # Errors
    /// A value that no key of the ring opens; the database.
    pub async fn reseal_aged(&self) -> Result<u64, Fault> {
        let keys = self.active_keys();
        let mut rows = 0;
        loop {
            let step = self.reseal_step(&keys).await?;
            if step == 0 || self.bus.shutdown().is_cancelled() {
                return Ok(rows);
            }
            rows += step;
        }
    }

    async fn reseal_step(&self, keys: &ActiveKeys) -> Result<u64, Fault> {
        let mut tx = self.bus.begin().await?;
        let aged = store::aged(tx.sql(), keys, STEP_ROWS).await?;
        let mut rows = 0;
        for one in &aged {
            let person =
                seal::reseal(&self.vault, one.appeal_id, &one.person).map_err(|error| unopened(&error))?;
            store::reseal(tx.sql(), one.appeal_id, &person).await?;
            rows += 1;
        }
        for (id, sealed) in store::aged_calls(tx.sql(), keys, STEP_ROWS).await? {
            let telephone = self
                .vault
                .open_sealed(Field::Telephone, id.as_bytes(), &sealed)
                .map_err(|error| unopened(&error))?;
            let telephone = self
                .vault
                .seal(Field::Telephone, id.as_bytes(), telephone.expose());
            store::reseal_call(tx.sql(), id, telephone.as_bytes()).await?;
            rows += 1;
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// How values under the active keys begin, seen on a value made for it.
    fn active_keys(&self) -> ActiveKeys {
        let sealed = self.vault.seal(Field::Content, &[], "").into_bytes();
        let index_key = self.vault.blind_index(Field::Telephone, "").key_id();
        ActiveKeys {
            seal_header: sealed.into_iter().take(HEADER_LEN).collect(),
            index_head: index_key.to_be_bytes().to_vec(),
            index_end: index_key.saturating_add(1).to_be_bytes().to_vec(),
        }
    }
}
