//! Files as people name them: read as far as is sensible and no longer than is sensible, whatever stands under the name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How long a file may take to be opened: a pipe to which nobody writes never is.
const OPENED: Duration = Duration::from_secs(3);

/// The limits of a setting: no person writes more by hand, and the program is about to start.
pub const SETTING: Limit = Limit { bytes: 4 << 20, time: Duration::from_secs(5) };

/// How much of a file is read, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most bytes.
    pub bytes: u64,
    /// The longest time from the first byte to the last, for what is no plain file.
    pub time: Duration,
}

/// Returns all that is in a file. A plain file is read at once; a pipe or a device may never begin or never end, so it is
/// read beside, and left alone when the time is over.
///
/// # Errors
/// Those of the system; `FileTooLarge` and `TimedOut` past the limits.
pub fn read(path: &Path, limit: Limit) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        return all_of(&mut File::open(path)?, limit.bytes);
    }
    let (tx, told) = channel();
    let (path, most) = (path.to_owned(), limit.bytes);
    std::thread::Builder::new().name("file".to_owned()).spawn(move || {
        let opened = File::open(path);
        // Nobody waits any more: then nothing is read.
        if tx.send(None).is_ok() {
            let _ = tx.send(Some(opened.and_then(|mut file| all_of(&mut file, most))));
        }
    })?;
    let late = |error, what: &str, time: Duration| match error {
        RecvTimeoutError::Timeout => {
            let what = format!("{what} within {} s: is it a pipe that nobody writes to?", time.as_secs());
            io::Error::new(ErrorKind::TimedOut, what)
        }
        RecvTimeoutError::Disconnected => io::Error::other("it could not be read"),
    };
    let opened = OPENED.min(limit.time);
    told.recv_timeout(opened).map_err(|error| late(error, "it could not be opened", opened))?;
    let read = told.recv_timeout(limit.time).map_err(|error| late(error, "it did not end", limit.time))?;
    read.unwrap_or_else(|| Ok(Vec::new()))
}

/// Returns all that comes of `input`.
///
/// # Errors
/// Those of `input`; `FileTooLarge` where more than `most` bytes come.
pub fn all_of(input: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // A byte more than is taken tells that there is too much.
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        let size = if most >= 1 << 20 { format!("{} MiB", most >> 20) } else { format!("{most} bytes") };
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is longer than {size}")));
    }
    Ok(bytes)
}

/// Returns the text of a file.
///
/// # Errors
/// Those of [`read`] and [`text`].
pub fn read_text(path: &Path, limit: Limit) -> io::Result<String> {
    text(read(path, limit)?)
}

/// Returns `bytes` as text, without the mark that some editors put at the start.
///
/// # Errors
/// `InvalidData` with what it is instead.
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    let not_text = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
    if let Some(what) = other_than_text(&bytes) {
        return Err(not_text(what));
    }
    let text = String::from_utf8(bytes).map_err(|_| not_text("it is not UTF-8: save it as UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// Returns what `bytes` are, where they are surely no text in UTF-8 or in one of its elders.
pub fn other_than_text(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        Some("it is UTF-16: save it as UTF-8")
    } else if bytes.contains(&0) {
        Some("it is no text, or UTF-16: save it as UTF-8")
    } else {
        None
    }
}

/// Writes a file that was not there; returns false, with nothing changed, where one is. It has all of its text or is not
/// there at all: a disk that is full leaves nothing half-written behind.
///
/// # Errors
/// When it can't be written.
pub fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    // A link that leads nowhere is something that is there, too.
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let name = path.file_name().map_or_else(Default::default, |name| name.to_string_lossy());
    let half = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = OpenOptions::new().write(true).create_new(true).open(&half).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        // Some disks say only now that they are full.
        file.sync_all()
    });
    // A link to the whole file appears at once, and never over one that somebody else wrote meanwhile.
    let linked = written.and_then(|()| fs::hard_link(&half, path).or_else(|_| without_links(path, text)));
    let removed = fs::remove_file(&half);
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
        Ok(()) => removed.map(|()| true),
    }
}

/// Writes a file where there are no links, and takes it away again where that fails.
fn without_links(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
        // What could not be written may not be removable either; the first error says more.
        let _ = fs::remove_file(path);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { bytes: 8, time: Duration::from_millis(20) };

    fn refused(path: &Path) -> String {
        read_text(path, LIMIT).unwrap_err().to_string()
    }

    #[test]
    #[cfg(unix)]
    fn what_never_begins_or_never_ends_is_refused_with_words() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(refused(&pipe).starts_with("it could not be opened within"), "{}", refused(&pipe));
        // Somebody has it open, and says nothing.
        let _writer = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        assert!(refused(&pipe).starts_with("it did not end within"), "{}", refused(&pipe));
        assert_eq!(refused(Path::new("/dev/zero")), "it is longer than 8 bytes");
        assert!(refused(folder.path()).contains("directory"), "{}", refused(folder.path()));
        let sparse = folder.path().join("sparse");
        File::create(&sparse).unwrap().set_len(5 << 30).unwrap();
        assert_eq!(refused(&sparse), "it is longer than 8 bytes");
        assert_eq!(read(Path::new("/dev/null"), LIMIT).unwrap(), b"");
    }

    #[test]
    fn a_text_is_what_can_be_read_as_utf_8() {
        let read = |bytes: &[u8]| text(bytes.to_vec()).map_err(|error| error.to_string());
        assert_eq!(read("é".as_bytes()), Ok("é".to_owned()));
        assert_eq!(read("\u{feff}a".as_bytes()), Ok("a".to_owned()));
        assert_eq!(read(b"\xff\xfea\0"), Err("it is UTF-16: save it as UTF-8".to_owned()));
        assert_eq!(read(b"a\0b\0"), Err("it is no text, or UTF-16: save it as UTF-8".to_owned()));
        assert_eq!(read(b"\xe9t\xe9"), Err("it is not UTF-8: save it as UTF-8".to_owned()));
    }

    #[test]
    fn a_new_file_has_all_of_its_text_or_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let names = || fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect::<Vec<_>>();
        assert!(write_new(&path, "text").unwrap());
        assert!(!write_new(&path, "other").unwrap());
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("text", vec!["a.toml".into()]));
        let nowhere = folder.path().join("none/b.toml");
        assert!(write_new(&nowhere, "text").is_err());
        assert_eq!(names().len(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_that_leads_nowhere_is_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        std::os::unix::fs::symlink(folder.path().join("gone"), &path).unwrap();
        assert!(!write_new(&path, "text").unwrap());
        assert!(!folder.path().join("gone").exists());
    }
}
