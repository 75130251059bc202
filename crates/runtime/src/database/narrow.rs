//! The second wall: connections of a role that sees the rows of one unit alone, for the calls of that unit's staff.
//!
//! A service asks the bus for a connection as always. In a call by somebody who works for a unit and has no role of the
//! platform's, the connection is one of these: its role is held to `hotline.units` by the policies of the tables, whatever
//! the service asks. The setting is made anew each time that a connection is taken, and by the transaction itself where
//! one begins, in the same round trip.
//!
//! Invariant: without the setting no row of a guarded table is seen.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};

use crate::audit;

/// Which units somebody of a unit sees beside their own.
pub type Below = Box<dyn Fn(&str) -> Vec<String> + Send + Sync>;

/// Longest code of a unit.
const CODE_MAX: usize = 64;

tokio::task_local! {
    /// A transaction begins, and makes the setting itself.
    static BEGINS: ();
}

/// The narrow connections of one service. Cheap to clone.
#[derive(Clone)]
pub struct Narrow {
    pool: PgPool,
    below: Arc<OnceLock<Below>>,
}

/// The narrow connections of every service of this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Walls(Arc<RwLock<HashMap<&'static str, Narrow>>>);

impl Walls {
    pub(crate) fn put(&self, schema: &'static str, narrow: Narrow) {
        let mut walls = self.0.write().unwrap_or_else(PoisonError::into_inner);
        walls.insert(schema, narrow);
    }

    /// The narrow connections of a service.
    pub fn of(&self, schema: &str) -> Option<Narrow> {
        let walls = self.0.read().unwrap_or_else(PoisonError::into_inner);
        walls.get(schema).cloned()
    }
}

impl Narrow {
    pub(super) fn new(pool: PgPool, below: Arc<OnceLock<Below>>) -> Self {
        Self { pool, below }
    }

    /// Lets the staff of a unit see the units that `below` names as well; the first word on it stands.
    pub fn widen(&self, below: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) {
        let _ = self.below.set(Box::new(below));
    }

    /// Whether the current call is by somebody who is held to a unit.
    pub fn applies() -> bool {
        audit::current().is_some_and(|call| call.caller.is_held_to_a_unit())
    }

    /// The pool; every connection taken from it is held to the current caller's units.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction that is held to the current caller's units; `begin` is `BEGIN` with what else it is to set.
    ///
    /// # Errors
    /// The database gives no connection in time.
    pub async fn begin(&self, begin: &str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let units = units(&self.below);
        let statement = AssertSqlSafe(format!("{begin}; SET LOCAL hotline.units = '{units}'"));
        BEGINS.scope((), self.pool.begin_with(statement)).await
    }
}

/// Holds a connection that is being taken to the current caller's units.
pub(super) async fn hold(sql: &mut PgConnection, below: &OnceLock<Below>) -> Result<(), sqlx::Error> {
    if BEGINS.try_with(|()| ()).is_ok() {
        return Ok(());
    }
    sqlx::query("SELECT set_config('hotline.units', $1, false)")
        .bind(units(below))
        .execute(sql)
        .await?;
    Ok(())
}

/// The codes of the units that the current caller sees, comma between; nothing without a call or a unit.
fn units(below: &OnceLock<Below>) -> String {
    let call = audit::current();
    let own = call.as_ref().and_then(|call| call.caller.unit.as_deref());
    let Some(own) = own else { return String::new() };
    let mut units = vec![own.to_owned()];
    if let Some(below) = below.get() {
        units.extend(below(own));
    }
    units.retain(|unit| is_code(unit));
    units.join(",")
}

/// Letters, digits, `-`, `_`, `.` and `:`: nothing that ends a list or a statement.
fn is_code(unit: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    !unit.is_empty() && unit.len() <= CODE_MAX && unit.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_cannot_end_the_list_or_the_statement() {
        assert!(is_code("xz-water") && is_code("320302.水务"));
        for bad in ["", "a,b", "a'b", "a;b", "a b", &"x".repeat(65)] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
