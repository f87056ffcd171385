//! The folder in which everything is kept, or nothing when the system lives in memory.

use std::{
    fs::{File, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use cloud::{ExposeSecret, Vault};
use tempfile::NamedTempFile;

use crate::{Error, Result};

/// Written into a folder when it is made; nothing is ever deleted from a folder without it.
const MARKER: &str = "abservice-data";
/// The key of the vault, in base64.
const VAULT_KEY: &str = "vault.key";

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

    /// The vault whose key is kept with the data that it seals.
    pub(crate) fn vault(&self) -> Result<Vault> {
        let Some(folder) = &self.folder else { return Ok(Vault::in_memory()) };
        let path = folder.join(VAULT_KEY);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                write_vault_key(folder, &path)?;
                std::fs::read_to_string(&path)?
            }
            read => read?,
        };
        // Never replaced: whatever it sealed would be lost.
        let key = BASE64_STANDARD.decode(text.trim()).ok().and_then(|bytes| <Box<[u8; 32]>>::try_from(bytes).ok());
        key.map(|key| Vault::with_key(key.into())).ok_or(Error::VaultKey(path))
    }
}

/// Whole or not at all, and readable by its owner only, as a temporary file is.
fn write_vault_key(folder: &Path, path: &Path) -> Result<()> {
    let mut file = NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", BASE64_STANDARD.encode(Vault::new_key().expose_secret()))?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|failed| failed.error)?;
    Ok(())
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

    #[tokio::test]
    async fn the_key_of_the_vault_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::folder(folder.path(), false).unwrap();
        let sealed = data.vault().unwrap().seal("test", b"secret").await.unwrap();
        assert_eq!(data.vault().unwrap().open("test", &sealed).await.unwrap().expose_secret(), b"secret");
        let path = data.path(VAULT_KEY).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let mut names: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [MARKER, VAULT_KEY]);

        std::fs::write(&path, "cut of").unwrap();
        assert!(matches!(data.vault(), Err(Error::VaultKey(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "cut of");
    }
}
