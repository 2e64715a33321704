//! The program: parses the command line and runs one mode.

use std::process::ExitCode;

fn main() -> ExitCode {
    dissent::setup::start(std::env::args_os())
}
