//! Views that people keep: their own, and nobody else's.

use hotline_bus::{Bus, Fault};
use hotline_policy::Refusal;
use hotline_vault::redact;
use uuid::Uuid;

use crate::domain::{check_view, desk_refusals as refusals};
use crate::store::{self, VIEWS_MAX, View};

/// The views of an account, of one list or of every one.
///
/// # Errors
/// The database.
pub async fn views(bus: &Bus, account: &str, list: &str) -> Result<Vec<View>, Fault> {
    Ok(store::views(bus.pool(), account, list).await?)
}

/// Keeps a view or changes it; one of a list is the default at most.
///
/// # Errors
/// A part that is wrong, a number of a person in the query, a name that is taken, a view that is not the account's, one
/// too many.
pub async fn save_view(bus: &Bus, account: &str, mut view: View) -> Result<View, Fault> {
    check_view(&view.list, &view.name, &view.query)?;
    if redact::redact(&view.query).1 {
        return Err(refused(&refusals::VIEW_PERSONAL, "view.query"));
    }
    let mut tx = bus.begin().await?;
    view.saved_at = tx.now();
    view.name = view.name.trim().to_owned();
    let before = store::count_views(tx.sql(), account).await?;
    let saved = if view.id.is_nil() {
        view.id = tx.new_id();
        let saved = store::upsert_view(tx.sql(), account, &view).await?;
        if saved.id == view.id && before >= VIEWS_MAX {
            return Err(refused(&refusals::VIEW_MANY, "view"));
        }
        saved
    } else {
        let saved = store::update_view(tx.sql(), account, &view).await;
        saved
            .map_err(taken)?
            .ok_or_else(|| refused(&refusals::VIEW_NOT_FOUND, "view.view_id"))?
    };
    if saved.is_default {
        store::only_default(tx.sql(), account, &saved).await?;
    }
    tx.commit().await?;
    Ok(saved)
}

/// Forgets a view of the account.
///
/// # Errors
/// The database.
pub async fn delete_view(bus: &Bus, account: &str, id: Uuid) -> Result<(), Fault> {
    Ok(store::delete_view(bus.pool(), account, id).await?)
}

fn refused(code: &'static hotline_policy::Code, field: &str) -> Fault {
    Refusal::new(code).field(field).into()
}

/// A name that another view has is a refusal and no fault.
fn taken(error: sqlx::Error) -> Fault {
    let is_taken = error
        .as_database_error()
        .is_some_and(|error| error.is_unique_violation());
    if is_taken {
        refused(&refusals::VIEW_TAKEN, "view.name")
    } else {
        error.into()
    }
}
