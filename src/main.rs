//! The program: parses the command line and runs one mode.

fn main() {}
