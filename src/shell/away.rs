//! Errands for which the terminal is given back for a while: a stopped job, the person's own editor.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::shell::secrets::Secrets;
use crate::shell::signals::stop_job;
use crate::ui::effect::Effect;

/// What is done while the terminal is another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// The job is stopped until the person brings it back.
    Suspend,
    /// A text is edited in the person's own editor.
    Edit(String),
}

/// How an errand ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// The job goes on.
    Resumed,
    /// The text as the editor left it, or why there is none.
    Edited(Result<String, String>),
}

impl Errand {
    /// Returns the errand that an effect is, if it is one.
    pub fn of(effect: &Effect) -> Option<Self> {
        if let Effect::Edit(text) = effect {
            return Some(Self::Edit(text.clone()));
        }
        (*effect == Effect::Suspend).then_some(Self::Suspend)
    }

    /// Does the errand; call it with the terminal given back, and nobody reading from it.
    ///
    /// # Errors
    /// When the job can't be stopped.
    pub async fn run(self, secrets: &Secrets) -> io::Result<Back> {
        match self {
            Self::Suspend => stop_job().await.map(|()| Back::Resumed),
            Self::Edit(text) => {
                let editor = editor(|name| std::env::var(name).ok());
                let secrets = secrets.clone();
                let edited = tokio::task::spawn_blocking(move || edit(&editor, &text, &secrets)).await;
                Ok(Back::Edited(edited.unwrap_or_else(|_| Err("the editor could not be waited for".to_owned()))))
            }
        }
    }
}

/// Returns the command of the person's editor, arguments included: `VISUAL`, `EDITOR`, else what every system has.
fn editor(variable: impl Fn(&str) -> Option<String>) -> String {
    let typed = |name| variable(name).filter(|command| !command.trim().is_empty());
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    typed("VISUAL").or_else(|| typed("EDITOR")).unwrap_or_else(|| usual.to_owned())
}

/// Lets `editor` change `text`; returns it as it was left, without the line feed that editors put at the end of a file.
///
/// # Errors
/// Says what went wrong; the text itself is the caller's still.
fn edit(editor: &str, text: &str, secrets: &Secrets) -> Result<String, String> {
    let file = Draft::write(text).map_err(|error| format!("the editor was not started: no file for it: {error}"))?;
    let status =
        start(editor, &file.0, secrets).map_err(|error| format!("`{editor}` was not started: {error}; set EDITOR"))?;
    if !status.success() {
        return Err(format!("`{editor}` ended with {status}: the text is as it was"));
    }
    let edited = fs::read(&file.0).map_err(|error| format!("what `{editor}` wrote was not read: {error}"))?;
    let edited = String::from_utf8_lossy(&edited);
    Ok(edited.strip_suffix('\n').unwrap_or(&edited).to_owned())
}

/// Runs the editor on a file. A shell reads the command, as it does for git: it may hold arguments and quotes.
#[cfg(unix)]
fn start(editor: &str, file: &Path, secrets: &Secrets) -> io::Result<ExitStatus> {
    use std::os::fd::AsFd;
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("{editor} \"$1\"")).arg(editor).arg(file);
    // Our own standard error may be elsewhere.
    command.stderr(Stdio::from(io::stdout().as_fd().try_clone_to_owned()?));
    secrets.keep_from(&mut command);
    command.status()
}

#[cfg(not(unix))]
fn start(editor: &str, file: &Path, secrets: &Secrets) -> io::Result<ExitStatus> {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg(file).stderr(Stdio::inherit());
    secrets.keep_from(&mut command);
    command.status()
}

/// A file with a text that only its owner can read; removed when dropped.
struct Draft(PathBuf);

impl Draft {
    fn write(text: &str) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("dissent-{}.md", uuid::Uuid::now_v7()));
        let mut file = create(&path)?;
        let draft = Self(path);
        file.write_all(text.as_bytes())?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // A file that the editor took away is as good as removed.
        let _ = fs::remove_file(&self.0);
    }
}

/// Creates a new file that only its owner can read.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_editor_is_the_one_that_the_person_named() {
        let check = |variables: &[(&str, &str)], expected: &str| {
            let variables: std::collections::HashMap<_, _> = variables.iter().copied().collect();
            assert_eq!(editor(|name| variables.get(name).map(ToString::to_string)), expected);
        };
        check(&[("VISUAL", "code --wait"), ("EDITOR", "vim")], "code --wait");
        check(&[("VISUAL", " "), ("EDITOR", "vim")], "vim");
        check(&[], "vi");
    }

    #[test]
    fn a_text_comes_back_whole() {
        assert_eq!(edit("true", "one\ntwo", &Secrets::default()), Ok("one\ntwo".to_owned()));
        assert_eq!(
            edit("printf '%s\\n' 'three  four' >>", "one\n", &Secrets::default()),
            Ok("one\nthree  four".to_owned())
        );
    }

    #[test]
    fn an_editor_that_fails_says_so() {
        assert!(edit("exit 3;", "text", &Secrets::default()).unwrap_err().contains("exit status: 3"));
        let error = edit("no-such-editor-anywhere", "text", &Secrets::default()).unwrap_err();
        assert!(error.contains("no-such-editor-anywhere") && error.contains("127"), "{error}");
    }
}
