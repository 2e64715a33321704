//! Where the file is, how it is opened, and what becomes of one that cannot be used.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::store::error::StoreError;
use crate::store::schema;

/// The name of the file.
pub const FILE_NAME: &str = "sessions.db";

/// How long another program may hold the file before it counts as locked: writing a batch takes milliseconds, a copy of a
/// large file before a change of its tables seconds.
const BUSY: Duration = Duration::from_secs(5);

/// The log beside the file is cut back to this once it has been taken over; without it, one long write leaves it long.
const LOG_BYTES: i64 = 16 << 20;

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Returns the store in a folder, which need not be there yet.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Returns where the file is, or will be.
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE_NAME)
    }

    /// Opens the file for reading and writing, and makes it where there is none.
    ///
    /// # Errors
    /// It cannot be opened, holds other things than ours, or is of a newer program. Nothing is changed then.
    pub fn open(&self) -> Result<Connection, StoreError> {
        make_folder(&self.folder)?;
        let path = self.path();
        if path.is_dir() {
            return Err(StoreError::Closed(format!("{} is a folder", path.display())));
        }
        // Made before SQLite does, so that it is private from its first byte; its log takes after it.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|error| at(&path, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(BUSY)?;
        check_contents(&db)?;
        db.pragma_update(None, "journal_mode", journal(&path))?;
        db.pragma_update(None, "synchronous", "normal")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        // What is deleted is written over, and not only forgotten.
        db.pragma_update(None, "secure_delete", true)?;
        schema::migrate(&mut db, &path)?;
        // Reads a page of each table that the start needs: what is broken there is found before anything is built on it.
        db.query_row("SELECT max(used_at), (SELECT max(at) FROM costs) FROM sessions", [], |_| Ok(()))?;
        Ok(db)
    }

    /// Opens the file where there is one, to look into it: nothing is made, and one that cannot be written is read.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn open_to_read(&self) -> Result<Connection, StoreError> {
        let path = self.path();
        if !path.exists() {
            return Err(StoreError::NotFound(format!("nothing is kept yet: there is no {}", path.display())));
        }
        match self.open() {
            Err(StoreError::Closed(why)) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let db = Connection::open_with_flags(&path, flags)?;
                db.busy_timeout(BUSY)?;
                check_contents(&db)?;
                // One of another version would have to be changed first.
                if schema::is_current(&db)? { Ok(db) } else { Err(StoreError::Closed(why)) }
            }
            opened => opened,
        }
    }

    /// Opens the file; a broken one is set aside under another name, and a new one made. Returns where the broken one
    /// is then.
    ///
    /// # Errors
    /// It cannot be opened for another reason, or not set aside.
    pub fn open_or_replace(&self) -> Result<(Connection, Option<PathBuf>), StoreError> {
        match self.open() {
            Err(StoreError::Broken(_)) => {}
            opened => return opened.map(|db| (db, None)),
        }
        // Of several programs that find the file broken at once, one sets it aside; the others find the new one.
        let lock = File::create(self.folder.join("setting-aside.lock"))?;
        lock.lock()?;
        match self.open() {
            Err(StoreError::Broken(_)) => {}
            opened => return opened.map(|db| (db, None)),
        }
        let aside = self.set_aside()?;
        Ok((self.open()?, Some(aside)))
    }

    /// Gives the file and its log other names; never one that is taken.
    fn set_aside(&self) -> io::Result<PathBuf> {
        let path = self.path();
        let stamp = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
        let names = (0..).map(|n| match n {
            0 => format!("broken-{stamp}"),
            n => format!("broken-{stamp}-{n}"),
        });
        let free = names.map(|name| with_ending(&path, &format!(".{name}"))).find(|name| !name.exists());
        let aside = free.unwrap_or_else(|| with_ending(&path, ".broken"));
        fs::rename(&path, &aside)?;
        for log in ["-wal", "-shm"] {
            match fs::rename(with_ending(&path, log), with_ending(&aside, log)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(aside)
    }

    /// Takes a session for this program alone, for as long as what is returned is kept: also a killed program lets go.
    /// `None` where another one has it.
    ///
    /// # Errors
    /// The mark cannot be written.
    pub fn take(&self, session: &str) -> Result<Option<File>, StoreError> {
        let folder = self.folder.join("open");
        make_folder(&folder)?;
        let mark = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(session))?;
        match mark.try_lock() {
            Ok(()) => Ok(Some(mark)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Removes the mark of a session that nobody has any more.
    pub fn let_go(&self, session: &str) {
        // One that stays behind is an empty file.
        let _ = fs::remove_file(self.folder.join("open").join(session));
    }
}

/// Refuses a file with tables that are not ours.
fn check_contents(db: &Connection) -> Result<(), StoreError> {
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let n_tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version == 0 && n_tables > 0 {
        return Err(StoreError::Broken("the file holds tables of another program".to_owned()));
    }
    Ok(())
}

/// Returns how changes are kept until they are in the file. The usual log needs memory that all readers share, which no
/// file system on a network has: there, each change is kept beside the file until it is done.
fn journal(path: &Path) -> &'static str {
    if is_on_network(path) { "truncate" } else { "wal" }
}

#[cfg(target_os = "linux")]
fn is_on_network(path: &Path) -> bool {
    // From statfs(2): NFS, SMB, SMB2, CIFS, AFS, CODA, 9P (also how virtual machines share folders), CEPH, FUSE (sshfs).
    const NETWORKS: [u64; 9] =
        [0x6969, 0x517b, 0xfe53_4d42, 0xff53_4d42, 0x5346_414f, 0x7375_7245, 0x0102_1997, 0x00c3_6400, 0x6573_5546];
    rustix::fs::statfs(path).is_ok_and(|found| NETWORKS.contains(&(found.f_type as u64 & 0xffff_ffff)))
}

#[cfg(not(target_os = "linux"))]
fn is_on_network(_: &Path) -> bool {
    false
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a folder that only its owner can look into; one that is there stays as it is.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| at(folder, &error))
}

/// Says where it went wrong.
fn at(path: &Path, error: &io::Error) -> StoreError {
    if error.kind() == io::ErrorKind::StorageFull {
        return StoreError::Full;
    }
    StoreError::Closed(format!("{}: {error}", path.display()))
}

/// Lets nobody but its owner read a file.
pub(super) fn make_private(path: &Path) {
    #[cfg(unix)]
    {
        // A file system without permissions has no others to keep out.
        let _ = fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = path;
}
