//! `completions` and `man`: what the command line says of itself, on standard output or in a folder.

use std::fs;
use std::io::{self, Write};

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::Cli;
use crate::cli::manual::{CompletionsArgs, ManArgs, page, pages, write_completions};
use crate::headless::exit::Exit;
use crate::setup::Usage;

/// Prints what a shell needs to complete a command line.
pub(super) fn completions(args: CompletionsArgs) -> anyhow::Result<Exit> {
    write_completions(Cli::command(), args.shell, &mut io::stdout().lock())?;
    Ok(Exit::Answered)
}

/// Prints a manual page, or writes all of them into a folder.
pub(super) fn man(args: &ManArgs) -> anyhow::Result<Exit> {
    let Some(folder) = &args.all else {
        let page = page(Cli::command(), &args.command).map_err(|error| Usage(error.to_string()))?;
        io::stdout().lock().write_all(&page.roff)?;
        return Ok(Exit::Answered);
    };
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    for page in pages(Cli::command()) {
        let path = folder.join(&page.name);
        fs::write(&path, &page.roff).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(Exit::Answered)
}
