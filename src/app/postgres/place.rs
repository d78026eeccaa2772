//! Where a private cluster lives, and as whom it runs.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::process::geteuid;

use super::PostgresError;

/// The longest path of a Unix socket that every system takes, in bytes.
const LONGEST_SOCKET: usize = 103;

/// The file name of PostgreSQL's socket.
const SOCKET: &str = ".s.PGSQL.5432";

/// Whom PostgreSQL runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The directories of one cluster. The lock is held as long as this lives.
#[derive(Debug)]
pub(super) struct Place {
    /// PostgreSQL's own data directory.
    pub(super) cluster: PathBuf,
    /// Where its socket is.
    pub(super) sockets: PathBuf,
    /// Where it logs.
    pub(super) log: PathBuf,
    /// Whom it runs as, where that is not ourselves: PostgreSQL refuses to be root.
    pub(super) account: Option<Account>,
    /// What the operator should know about it.
    pub(super) note: Option<String>,
    _lock: Lock,
}

impl Place {
    /// Takes `data` for this process and finds where its cluster is or shall be.
    pub(super) fn take(data: &Path) -> Result<Self, PostgresError> {
        if !data.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
            made.map_err(|error| PostgresError::io("cannot make", data, error))?;
        }
        let data = data.canonicalize().map_err(|e| PostgresError::io("cannot enter", data, e))?;
        let lock = lock(&data)?;
        let account = geteuid().is_root().then(|| owner(&data).unwrap_or_else(unprivileged));
        let home = home(&data, account)?;
        let sockets = sockets(&home, account)?;
        let note = (home != data).then(|| {
            format!(
                "the database of {} is in {}, because PostgreSQL may not run as root and its \
                 account cannot enter the directories above",
                data.display(),
                home.display()
            )
        });
        let (cluster, log) = (home.join("postgres"), data.join("postgres.log"));
        Ok(Self { cluster, sockets, log, account, note, _lock: lock })
    }

    /// The major version of the cluster, if there is one.
    pub(super) fn version(&self) -> Option<u32> {
        fs::read_to_string(self.cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
    }
}

/// The lock of a data directory, given back when this goes.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Closing the file would not do: a child that is just being started holds a copy of it until it
    /// runs its program, and the lock is one of all copies (flock(2)).
    fn drop(&mut self) {
        if let Err(error) = flock(&self.0, FlockOperation::Unlock) {
            tracing::warn!(%error, "the lock of the data directory is not given back");
        }
    }
}

/// Locks `data` against a second server, and leaves our process id for it to name.
fn lock(data: &Path) -> Result<Lock, PostgresError> {
    let path = data.join("lock");
    let io = |error| PostgresError::io("cannot lock", &path, error);
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        file.read_to_string(&mut pid).map_err(io)?;
        return Err(PostgresError::Running { data: data.to_owned(), pid: pid.trim().to_owned() });
    }
    file.set_len(0).map_err(io)?;
    file.rewind().map_err(io)?;
    writeln!(file, "{}", std::process::id()).map_err(io)?;
    Ok(Lock(file))
}

/// Whom the cluster in `data` belongs to, where there is one and that is not root.
fn owner(data: &Path) -> Option<Account> {
    let found = fs::metadata(data.join("postgres")).ok()?;
    (found.uid() != 0).then(|| Account { uid: found.uid(), gid: found.gid() })
}

/// The account `postgres`, or else `nobody`.
fn unprivileged() -> Account {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = |wanted: &str| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let (name, uid, gid) = (fields.next()?, fields.nth(1)?, fields.next()?);
            let account = || Some(Account { uid: uid.parse().ok()?, gid: gid.parse().ok()? });
            (name == wanted).then(account).flatten()
        })
    };
    named("postgres").or_else(|| named("nobody")).unwrap_or(Account { uid: 65_534, gid: 65_534 })
}

/// The directory around the cluster: `data` itself, or another where `account` cannot come in.
fn home(data: &Path, account: Option<Account>) -> Result<PathBuf, PostgresError> {
    let Some(account) = account else { return Ok(data.to_owned()) };
    let pointer = data.join("database-is-in");
    if let Ok(path) = fs::read_to_string(&pointer) {
        return Ok(PathBuf::from(path.trim()));
    }
    if data.ancestors().skip(1).all(|directory| may_enter(directory, account)) {
        let open = fs::metadata(data).map(|m| m.permissions().mode() | 0o011);
        open.and_then(|mode| fs::set_permissions(data, Permissions::from_mode(mode)))
            .map_err(|error| PostgresError::io("cannot open", data, error))?;
        return Ok(data.to_owned());
    }
    // A name that is taken belongs to a data directory that was removed: its keys are gone.
    let names = (1..1_000).map(|n| format!("/var/lib/portcullis/{:016x}-{n}", fnv(data)));
    let Some(elsewhere) = names.map(PathBuf::from).find(|path| !path.exists()) else {
        return Err(PostgresError::io("cannot find room for", data, std::io::Error::other("full")));
    };
    make(&elsewhere, 0o711, None)?;
    fs::write(&pointer, format!("{}\n", elsewhere.display()))
        .map_err(|error| PostgresError::io("cannot write", &pointer, error))?;
    Ok(elsewhere)
}

/// The socket directory: `run` under `home`, or a short one of our own where that is too long.
fn sockets(home: &Path, account: Option<Account>) -> Result<PathBuf, PostgresError> {
    let here = home.join("run");
    if here.join(SOCKET).as_os_str().len() <= LONGEST_SOCKET {
        make(&here, 0o700, account)?;
        return Ok(here);
    }
    let ours = account.map_or_else(|| geteuid().as_raw(), |account| account.uid);
    // Anybody can make names in /tmp: a directory counts only when it is ours and closed.
    let sound = |path: &PathBuf| match fs::symlink_metadata(path) {
        Ok(found) => found.is_dir() && found.uid() == ours && found.mode() & 0o777 == 0o700,
        Err(_) => make(path, 0o700, account).is_ok(),
    };
    let mut names =
        (1..100).map(|n| PathBuf::from(format!("/tmp/portcullis-{:016x}-{n}", fnv(home))));
    let none = || std::io::Error::other("others have taken every name");
    names.find(sound).ok_or_else(|| PostgresError::io("cannot make a socket for", home, none()))
}

/// Makes a directory with that mode, and gives it to `account`.
pub(super) fn make(path: &Path, mode: u32, account: Option<Account>) -> Result<(), PostgresError> {
    let io = |error| PostgresError::io("cannot make", path, error);
    if let Some(parent) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o755).create(parent).map_err(io)?;
    }
    if !path.exists() {
        DirBuilder::new().mode(mode).create(path).map_err(io)?;
    }
    match account {
        Some(Account { uid, gid }) => chown(path, Some(uid), Some(gid)).map_err(io),
        None => Ok(()),
    }
}

/// Whether `account` may pass through `directory`.
fn may_enter(directory: &Path, account: Account) -> bool {
    let Ok(found) = fs::metadata(directory) else { return false };
    let bit = match (found.uid() == account.uid, found.gid() == account.gid) {
        (true, _) => 0o100,
        (false, true) => 0o010,
        (false, false) => 0o001,
    };
    found.mode() & bit != 0
}

/// FNV-1a of a path: a short name that stays the same.
fn fnv(path: &Path) -> u64 {
    path.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_given_back_is_free_though_a_child_still_holds_a_copy_of_its_file() {
        let data = std::env::temp_dir().join(format!("portcullis-lock-{}", std::process::id()));
        fs::create_dir_all(&data).unwrap();
        let held = lock(&data).unwrap();
        let copy = held.0.try_clone().unwrap();
        assert!(matches!(lock(&data), Err(PostgresError::Running { .. })));
        drop(held);
        lock(&data).unwrap();
        drop(copy);
        fs::remove_dir_all(data).unwrap();
    }
}
