//! The interactive loop: the only place with both a stream and a screen.
