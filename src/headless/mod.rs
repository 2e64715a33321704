//! The same house without windows.
