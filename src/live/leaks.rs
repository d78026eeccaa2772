//! Whether a password was published somewhere (SECURITY.md PW-03): asked of a file on this node, and
//! of a service that learns five digits of its SHA-1. Both are optional.

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Seek as _, SeekFrom, Write};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::crypto::leak::{self, BUCKETS, ENTRY_BYTES, HEAD_BYTES, LeakKey, MAGIC};
use crate::crypto::secret::Secret;
use crate::live::outbound::Outbound;

/// How long somebody who chooses a password waits for the service.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most that is read of a service's answer, in bytes.
const MOST: usize = 1024 * 1024;

/// Where published passwords are looked for.
#[derive(Default)]
pub struct Leaks {
    file: Option<Arc<LeakFile>>,
    range: Option<Range>,
}

/// A service that answers by the first five digits of a SHA-1 (k-anonymity).
pub struct Range {
    /// The way out.
    pub outbound: Outbound,
    /// The address that the digits are put behind.
    pub url: Url,
    /// What holds while it does not answer.
    pub otherwise: Otherwise,
}

/// What holds while a service does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// The password is taken, and a warning logged.
    Allow,
    /// No password is taken.
    Refuse,
}

/// What is known of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it may be used.
    No,
    /// It was published.
    Yes,
    /// Nobody could be asked.
    Unasked,
}

impl Leaks {
    /// Looks in `file` and asks `range`, where they are there.
    pub fn new(file: Option<LeakFile>, range: Option<Range>) -> Self {
        Self { file: file.map(Arc::new), range }
    }

    /// What is known of `password`.
    pub async fn ask(&self, password: &Secret) -> Known {
        let key = LeakKey::of(password);
        if let Some(file) = &self.file {
            let file = Arc::clone(file);
            let looked = tokio::task::spawn_blocking(move || file.holds(&key)).await;
            match looked.map_err(io::Error::other).and_then(|found| found) {
                Ok(true) => return Known::Yes,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "the file of published passwords is not readable");
                }
            }
        }
        match &self.range {
            Some(range) => range.ask(&key).await,
            None => Known::No,
        }
    }
}

impl Range {
    async fn ask(&self, key: &LeakKey) -> Known {
        let (told, kept) = key.split();
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{told}", self.url.path().trim_end_matches('/')));
        let padded = [("add-padding", "true")];
        let answer = tokio::time::timeout(PATIENCE, self.outbound.text(&url, &padded, MOST)).await;
        let why = match answer {
            Ok(Ok(answer)) => {
                return if leak::names(&answer, &kept) { Known::Yes } else { Known::No };
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not answer in time".to_owned(),
        };
        tracing::warn!(error = why, "the service of published passwords did not answer");
        match self.otherwise {
            Otherwise::Allow => Known::No,
            Otherwise::Refuse => Known::Unasked,
        }
    }
}

/// A file of published passwords, read where it lies: it may be larger than memory.
pub struct LeakFile {
    file: File,
    entries: u64,
}

impl LeakFile {
    /// The file at `path`.
    ///
    /// # Errors
    /// Where it is not readable or not such a file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut magic = [0; MAGIC.len()];
        file.read_exact_at(&mut magic, 0)?;
        let entries = offset(&file, BUCKETS)?;
        let wanted = entries.checked_mul(ENTRY_BYTES as u64).map(|bytes| bytes + HEAD_BYTES as u64);
        if magic != MAGIC || wanted != Some(file.metadata()?.len()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it was not made by portcullis password-filter build, or it is cut short",
            ));
        }
        Ok(Self { file, entries })
    }

    /// Whether `key` is in it.
    ///
    /// # Errors
    /// Where the disk does not answer.
    pub fn holds(&self, key: &LeakKey) -> io::Result<bool> {
        let from = offset(&self.file, key.bucket())?;
        let to = offset(&self.file, key.bucket() + 1)?;
        if from > to || to > self.entries {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its table is damaged"));
        }
        let length = usize::try_from(to - from).map_err(io::Error::other)?;
        let mut bucket = vec![0; length * ENTRY_BYTES];
        self.file.read_exact_at(&mut bucket, HEAD_BYTES as u64 + from * ENTRY_BYTES as u64)?;
        Ok(leak::holds(&bucket, key))
    }
}

fn offset(file: &File, bucket: usize) -> io::Result<u64> {
    let mut number = [0; 8];
    file.read_exact_at(&mut number, (MAGIC.len() + bucket * 8) as u64)?;
    Ok(u64::from_be_bytes(number))
}

/// Writes a file of the keys in `lines`, which must be sorted; how many there are. It reads and writes
/// as it goes, so that a list of any length can be taken.
///
/// # Errors
/// Where a line is no SHA-1 or out of order, or the disk is full.
pub fn build(lines: impl BufRead, path: &Path) -> io::Result<u64> {
    let mut writer = BufWriter::new(File::create(path)?);
    writer.write_all(&MAGIC)?;
    writer.write_all(&vec![0; HEAD_BYTES - MAGIC.len()])?;
    let mut begins = vec![0_u64; BUCKETS + 1];
    let (mut count, mut last) = (0_u64, None);
    for (number, line) in lines.lines().enumerate() {
        let line = line?;
        let bad = |what: &str| {
            let said = format!("line {}: {what}", number + 1);
            io::Error::new(io::ErrorKind::InvalidData, said)
        };
        let key = LeakKey::parse(line.trim_start_matches('\u{feff}'))
            .ok_or_else(|| bad("it does not begin with a SHA-1 in 40 hexadecimal digits"))?;
        let place = (key.bucket(), key.entry());
        match last {
            Some(before) if before > place => {
                return Err(bad("it is out of order; sort the list first (LC_ALL=C sort)"));
            }
            Some(before) if before == place => continue,
            _ => {}
        }
        writer.write_all(&key.entry())?;
        count += 1;
        last = Some(place);
        // For now how many the bucket holds.
        if let Some(held) = begins.get_mut(key.bucket() + 1) {
            *held += 1;
        }
    }
    let mut so_far = 0;
    for begin in &mut begins {
        so_far += *begin;
        *begin = so_far;
    }
    writer.seek(SeekFrom::Start(MAGIC.len() as u64))?;
    for begin in &begins {
        writer.write_all(&begin.to_be_bytes())?;
    }
    writer.into_inner()?.sync_all()?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn place(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("portcullis-leaks-{name}-{}", std::process::id()))
    }

    fn list(words: &[String]) -> String {
        let mut keys: Vec<String> = words
            .iter()
            .map(|word| {
                let (told, kept) = LeakKey::of(&Secret::new(word.clone())).split();
                format!("{told}{kept}:7")
            })
            .collect();
        keys.sort();
        keys.join("\r\n")
    }

    #[test]
    fn a_file_holds_what_it_was_built_from_and_nothing_else() {
        let path = place("built");
        let words: Vec<String> = (0..5_000).map(|n| format!("word {n}")).collect();
        assert_eq!(build(list(&words).as_bytes(), &path).unwrap(), 5_000);
        let file = LeakFile::open(&path).unwrap();
        let holds = |word: &str| file.holds(&LeakKey::of(&Secret::new(word.to_owned()))).unwrap();
        assert!(words.iter().all(|word| holds(word)));
        assert!((0..5_000).all(|n| !holds(&format!("other {n}"))));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_list_out_of_order_or_of_something_else_is_refused_by_its_line() {
        let path = place("refused");
        let list = list(&["one".to_owned(), "two".to_owned()]);
        let turned: Vec<&str> = list.lines().rev().collect();
        let error = build(turned.join("\n").as_bytes(), &path).unwrap_err();
        assert!(error.to_string().starts_with("line 2: it is out of order"), "{error}");
        let error = build(format!("{list}\npassword").as_bytes(), &path).unwrap_err();
        assert!(error.to_string().starts_with("line 3:"), "{error}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_file_cut_short_or_of_another_kind_is_not_opened() {
        let path = place("cut");
        build(list(&["one".to_owned(), "two".to_owned()]).as_bytes(), &path).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(LeakFile::open(&path).is_err());
        std::fs::write(&path, [b"NOTLEAKS".as_slice(), &whole[8..]].concat()).unwrap();
        assert!(LeakFile::open(&path).is_err());
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn an_empty_list_makes_an_empty_file() {
        let path = place("empty");
        assert_eq!(build(b"".as_slice(), &path).unwrap(), 0);
        let file = LeakFile::open(&path).unwrap();
        assert!(!file.holds(&LeakKey::of(&Secret::new("x".to_owned()))).unwrap());
        std::fs::remove_file(path).unwrap();
    }
}
