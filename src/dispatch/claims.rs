//! Which stand-ins of a turn are taken: one model must not answer twice in it, as that would count as two votes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::ids::ModelId;

/// The stand-ins that are taken; all clones share them.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Mutex<HashSet<ModelId>>>);

impl Claims {
    /// Takes a stand-in, unless another call of the turn has; that holds until the end of the turn.
    pub(crate) fn take(&self, id: &ModelId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone())
    }
}
