//! What the services of one process share beyond the runtime's own means.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Means = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// One value of each type; cheap to clone. For crates above this one, whose means it cannot name.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Means>>);

impl Shared {
    /// The process's value of this type; the first who asks makes it.
    pub fn get_or_make<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut means = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = means.get(&TypeId::of::<T>()).cloned();
        if let Some(known) = known.and_then(|known| known.downcast().ok()) {
            return known;
        }
        let made = Arc::new(make());
        means.insert(TypeId::of::<T>(), made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn who_asks_later_gets_what_the_first_made() {
        let shared = Shared::default();
        let first = shared.clone().get_or_make(|| 1_u8);
        assert_eq!((*first, *shared.get_or_make(|| 2_u8)), (1, 1));
        assert_eq!(*shared.get_or_make(|| 3_u16), 3, "another type, another value");
    }
}
