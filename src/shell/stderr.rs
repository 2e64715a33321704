//! Standard error while the screen is ours: kept aside, so that no library can smear a frame, and moved to a log.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Read, Seek};
use std::path::{Path, PathBuf};

/// Standard error, kept aside; it is put back when this is dropped.
///
/// It is kept in a file without a name, and the log is written only where something came: a run in which nothing goes
/// wrong leaves nothing behind.
#[derive(Debug)]
pub struct Aside {
    #[cfg(unix)]
    usual: std::os::fd::OwnedFd,
    kept: fs::File,
    log: PathBuf,
}

impl Aside {
    /// Moves standard error aside, for `log`; `None` where it is no terminal, as a person has sent it elsewhere then.
    ///
    /// # Errors
    /// When no file can be had for it.
    #[cfg(unix)]
    pub fn start(log: &Path) -> io::Result<Option<Self>> {
        use std::os::fd::AsFd;
        let stderr = io::stderr();
        if !stderr.is_terminal() {
            return Ok(None);
        }
        let name = std::env::temp_dir().join(format!("dissent-{}.log", uuid::Uuid::now_v7()));
        let kept = crate::shell::away::create(&name)?;
        fs::remove_file(&name)?;
        let usual = stderr.as_fd().try_clone_to_owned()?;
        rustix::stdio::dup2_stderr(&kept)?;
        Ok(Some(Self { usual, kept, log: log.to_owned() }))
    }

    /// Leaves standard error where it is: it cannot be moved here.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(unix))]
    pub fn start(_: &Path) -> io::Result<Option<Self>> {
        Ok(None)
    }

    /// Puts standard error back where it was; may be called again, and from a panic.
    pub fn put_back(&self) {
        // Without a standard error there is nobody to tell.
        #[cfg(unix)]
        let _ = rustix::stdio::dup2_stderr(&self.usual);
    }

    /// Puts standard error back and moves what was kept to the log; returns the log's path where anything was.
    ///
    /// # Errors
    /// When the log can't be written.
    pub fn end(&self) -> io::Result<Option<&Path>> {
        self.put_back();
        let mut kept = &self.kept;
        kept.rewind()?;
        let mut text = Vec::new();
        kept.read_to_end(&mut text)?;
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut log = OpenOptions::new().append(true).create(true).open(&self.log)?;
        io::Write::write_all(&mut log, &text)?;
        self.kept.set_len(0)?;
        Ok(Some(&self.log))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.put_back();
    }
}
