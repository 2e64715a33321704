//! The tables, version by version, and how an older file becomes a newer one.

use std::path::Path;

use rusqlite::Connection;

use crate::store::error::StoreError;
use crate::store::verdict;

/// One step from one version of the tables to the next: what the tables become, and what then fills them.
type Step<'a> = (&'a str, Option<Fill>);

type Fill = fn(&Connection) -> Result<(), StoreError>;

/// All of them; the number of steps taken is the file's `user_version`. A step that was released is never changed:
/// `tests/data/store` keeps a file of each version.
const STEPS: &[Step<'static>] = &[
    (include_str!("schema-1.sql"), None),
    (include_str!("schema-2.sql"), None),
    (include_str!("schema-3.sql"), Some(verdict::fill_stands)),
];

/// Brings the tables to this program's version. Before an older file is changed, a copy of it is put beside it.
///
/// # Errors
/// The file is of a newer program, or a step does not run; the file is then as it was.
pub(super) fn migrate(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate_by(db, path, STEPS)
}

fn migrate_by(db: &mut Connection, path: &Path, steps: &[Step<'_>]) -> Result<(), StoreError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if version(db)? == known {
        return Ok(());
    }
    // Another program may be at it at the same moment: who comes second finds nothing left to do.
    let taken = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = version(&taken)?;
    let Some(missing) = steps.get(found as usize..) else {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known });
    };
    if found > 0 && !missing.is_empty() {
        copy(path, found)?;
    }
    for (tables, fill) in missing {
        taken.execute_batch(tables)?;
        if let Some(fill) = fill {
            fill(&taken)?;
        }
    }
    taken.pragma_update(None, "user_version", known)?;
    taken.commit()?;
    Ok(())
}

/// Returns whether the tables are of this program's version.
pub(super) fn is_current(db: &Connection) -> rusqlite::Result<bool> {
    Ok(version(db)? as usize == STEPS.len())
}

fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Copies the file as it is to `NAME.of-version-VERSION`, by a connection of its own, which reads what is in the log too.
fn copy(path: &Path, version: u32) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".of-version-{version}"));
    let source = Connection::open(path)?;
    source.backup(rusqlite::MAIN_DB, &name, None::<fn(rusqlite::backup::Progress)>)?;
    super::file::make_private(Path::new(&name));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(db: &Connection) -> Vec<String> {
        let mut rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn an_older_file_is_copied_before_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut db = Connection::open(&path).unwrap();
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        migrate_by(&mut db, &path, &[("CREATE TABLE a(x); INSERT INTO a VALUES (7)", None)]).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "a new file needs no copy");

        let steps: [Step<'_>; 2] = [("", None), ("CREATE TABLE b(x)", None)];
        migrate_by(&mut db, &path, &steps).unwrap();
        migrate_by(&mut db, &path, &steps).unwrap();
        assert_eq!(names(&db), ["a", "b"]);
        let copy = Connection::open(folder.path().join("a.db.of-version-1")).unwrap();
        assert_eq!(names(&copy), ["a"]);
        assert_eq!(copy.query_row("SELECT x FROM a", [], |row| row.get(0)), Ok(7));
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut db = Connection::open(&path).unwrap();
        migrate_by(&mut db, &path, &[("CREATE TABLE a(x)", None)]).unwrap();
        assert!(migrate_by(&mut db, &path, &[("", None), ("CREATE TABLE b(x); nonsense", None)]).is_err());
        assert_eq!((names(&db), version(&db)), (vec!["a".to_owned()], Ok(1)));
    }

    #[test]
    fn a_newer_file_is_refused_with_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut db = Connection::open(&path).unwrap();
        db.pragma_update(None, "user_version", 9).unwrap();
        let told = migrate(&mut db, &path).unwrap_err().to_string();
        assert!(told.contains("newer dissent (version 9 of its tables, this one knows 3)"), "{told}");
        assert!(names(&db).is_empty());
    }
}
