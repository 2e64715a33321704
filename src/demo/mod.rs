//! The embedded demo models: a server on a loopback port that speaks the wires that real providers speak.
