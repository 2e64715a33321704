//! Reads a file that is to go along with a question.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use crate::domain::attachment::{Attachment, MOST_IMAGE_BYTES};

/// Returns the file at `path`; a leading `~/` is the home folder.
///
/// # Errors
/// Says what is wrong with it, and what to do.
pub(crate) fn read(path: &str) -> Result<Attachment, String> {
    let place = place(path);
    let failed = |error: std::io::Error| format!("cannot read {path}: {error}");
    // A pipe or a device might never end, and the screen would wait for it.
    if !std::fs::metadata(&place).map_err(failed)?.is_file() {
        return Err(format!("cannot read {path}: it is no file"));
    }
    let mut bytes = Vec::new();
    // A byte more than the largest that is taken tells that it is too large.
    let most = u64::try_from(MOST_IMAGE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(&place).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(failed)?;
    let name = place.file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned());
    Attachment::read(&name, &bytes).map_err(|refusal| refusal.to_string())
}

fn place(path: &str) -> PathBuf {
    match path.strip_prefix("~/").zip(std::env::home_dir()) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_without_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.md");
        std::fs::write(&path, "some notes").unwrap();
        assert_eq!(&*read(path.to_str().unwrap()).unwrap().name, "notes.md");
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path().to_str().unwrap()).unwrap_err();
        assert!(error.ends_with("it is no file"), "{error}");
        assert!(read("/none/of/this").unwrap_err().starts_with("cannot read /none/of/this: "));
        assert!(read("/dev/zero").unwrap_err().ends_with("it is no file"));
    }
}
