//! The folder in which everything is kept, or nothing when the system lives in memory.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Written into a folder when it is made; nothing is ever deleted from a folder without it.
const MARKER: &str = "abservice-data";

pub(crate) struct Data {
    folder: Option<PathBuf>,
    /// Locked as long as we run: two processes would hand out each other's messages.
    _lock: Option<File>,
}

impl Data {
    pub(crate) const fn memory() -> Self {
        Self { folder: None, _lock: None }
    }

    /// Opens the folder, makes it if absent, and empties it first if `fresh`.
    pub(crate) fn folder(path: &Path, fresh: bool) -> Result<Self> {
        let marker = path.join(MARKER);
        if path.exists() && !marker.exists() && path.read_dir()?.next().is_some() {
            return Err(Error::NotOurs(path.to_owned()));
        }
        std::fs::create_dir_all(path)?;
        let lock = File::options().create(true).append(true).open(&marker)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        if fresh {
            for entry in path.read_dir()? {
                let entry = entry?;
                if entry.file_name() == MARKER {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    std::fs::remove_dir_all(entry.path())?;
                } else {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(Self { folder: Some(path.to_owned()), _lock: Some(lock) })
    }

    /// A file or folder of this name, unless everything is in memory.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_of_ours_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let foreign = folder.path().join("letters");
        std::fs::create_dir(&foreign).unwrap();
        std::fs::write(foreign.join("dear.txt"), "…").unwrap();
        assert!(matches!(Data::folder(&foreign, true), Err(Error::NotOurs(_))));
        assert!(foreign.join("dear.txt").exists());

        let ours = folder.path().join("ours");
        let data = Data::folder(&ours, false).unwrap();
        std::fs::write(data.path("table.sqlite").unwrap(), "…").unwrap();
        assert!(matches!(Data::folder(&ours, true), Err(Error::InUse(_))));
        drop(data);
        let data = Data::folder(&ours, true).unwrap();
        assert!(!data.path("table.sqlite").unwrap().exists());
    }
}
