//! Files that go with their tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A place that no other test uses.
pub fn place(what: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{what}-{}-{number}", std::process::id()))
}

/// A file that goes when this does.
pub struct TempFile(PathBuf);

impl TempFile {
    /// One that holds `text`.
    pub fn of(text: &str) -> Self {
        let file = Self(place("file"));
        file.write(text);
        file
    }

    /// Replaces what it holds.
    pub fn write(&self, text: &str) {
        std::fs::write(&self.0, text).unwrap();
    }

    /// Where it is.
    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
