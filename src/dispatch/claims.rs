//! Who is asked in which column of a turn: one model must not answer twice in it, as that would count as two votes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::ids::{Column, ModelId};

/// The models that are taken, each with its column; all clones share them.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Mutex<HashMap<ModelId, Column>>>);

impl Claims {
    /// Takes a model for a column; returns the other column that has taken it, if one has.
    pub fn take(&self, id: &ModelId, column: Column) -> Option<Column> {
        let owner = *self.taken().entry(id.clone()).or_insert(column);
        (owner != column).then_some(owner)
    }

    /// Lets go of all that a column has taken.
    pub fn release(&self, column: Column) {
        self.taken().retain(|_, owner| *owner != column);
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<ModelId, Column>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
