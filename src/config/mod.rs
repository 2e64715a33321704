//! Settings: as typed, then as meant.
