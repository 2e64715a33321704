//! Runs the engine beside the loop.
