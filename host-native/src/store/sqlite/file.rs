//! The file: held by one process, on a local disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::store::{StoreError, StoreResult};

/// The operating system's lock beside the file; gone with the process, however it ends.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process has it.
    pub(super) fn take(path: &Path) -> StoreResult<Self> {
        let lock = beside(path, ".lock");
        let failed = |source| StoreError::File { path: lock.clone(), source };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock);
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// Returns whether the last process left a write-ahead log: a clean close removes it.
pub(super) fn is_unclean(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|it| it.len() > 0)
}

/// Removes a database that nobody has open.
///
/// # Errors
/// [`StoreError::File`].
pub(super) fn remove(path: &Path) -> StoreResult<()> {
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                return Err(StoreError::File { path, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Refuses a disk that is shared over a network, where that can be found out (fault S9).
///
/// # Errors
/// [`StoreError::NetworkDisk`].
pub(super) fn refuse_network_disk(path: &Path) -> StoreResult<()> {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(parent) = parent.canonicalize() else { return Ok(()) };
    // only Linux has this file
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    match file_system(&mounts, &parent) {
        Some(kind) if is_network(kind) => {
            Err(StoreError::NetworkDisk { path: path.to_owned(), kind: kind.to_owned() })
        }
        _ => Ok(()),
    }
}

fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        let (Some(point), Some(kind)) = (words.next(), words.next()) else { continue };
        let point = point.replace("\\040", " ");
        if path.starts_with(&point) && found.is_none_or(|(length, _)| point.len() >= length) {
            found = Some((point.len(), kind));
        }
    }
    found.map(|(_, kind)| kind)
}

fn is_network(kind: &str) -> bool {
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"]
        .contains(&kind)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_decides() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/x /data nfs4 rw 0 0\n/dev/vdb /data/fast\\040disk xfs rw 0 0\n";
        let of = |path: &str| file_system(mounts, Path::new(path)).unwrap();
        assert_eq!(of("/home"), "ext4");
        assert_eq!(of("/data/a"), "nfs4");
        assert_eq!(of("/data/fast disk/a"), "xfs");
        assert_eq!(of("/database"), "ext4");
        assert!(is_network("nfs4") && !is_network("xfs"));
    }
}
