//! What a file that takes the place of another keeps of it: owner, group and mode, and on Linux its
//! access control list, its `user` attributes and its label by `SELinux`. Not its times: backups must
//! see the change.
//!
//! The list has to be kept even where nobody asked for it: where a file has one, the mode shows the
//! most that it grants, so that the mode alone would let the group in.

use std::fs::File;
use std::io;
use std::path::Path;

/// What a file has besides its content.
#[derive(Debug)]
pub(super) struct Attributes {
    #[cfg(unix)]
    owner: u32,
    #[cfg(unix)]
    group: u32,
    #[cfg(unix)]
    mode: u32,
    #[cfg(target_os = "linux")]
    extended: Vec<(Vec<u8>, Vec<u8>)>,
    #[cfg(not(unix))]
    permissions: std::fs::Permissions,
}

#[cfg(unix)]
impl Attributes {
    /// Reads those of a file, which is not a link.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let file = path.symlink_metadata()?;
        Ok(Self {
            owner: file.uid(),
            group: file.gid(),
            mode: file.mode() & 0o7777,
            #[cfg(target_os = "linux")]
            extended: extended::of(path)?,
        })
    }

    /// Gives them to a file that nobody else can open yet.
    ///
    /// # Errors
    /// One of them can't be given.
    pub(super) fn give(&self, file: &File) -> io::Result<()> {
        use std::fs::Permissions;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let failed = |error: io::Error| {
            let reason = mewshook::input::describe(&error);
            io::Error::other(format!(
                "its owner, group and permissions can't be kept: {reason}"
            ))
        };
        let new = file.metadata()?;
        let owner = Some(self.owner).filter(|owner| *owner != new.uid());
        let group = Some(self.group).filter(|group| *group != new.gid());
        if owner.is_some() || group.is_some() {
            fchown(file, owner, group).map_err(failed)?;
        }
        #[cfg(target_os = "linux")]
        extended::give(&self.extended, file).map_err(failed)?;
        // Last, since a change of the owner clears the bits that mean `run as this one`.
        let mode = Permissions::from_mode(self.mode);
        file.set_permissions(mode).map_err(failed)?;
        let new = file.metadata()?;
        if (new.uid(), new.gid(), new.mode() & 0o7777) != (self.owner, self.group, self.mode) {
            return Err(failed(io::Error::other("the file system refuses them")));
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
mod extended {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr, lgetxattr, llistxattr};
    use rustix::io::Errno;

    const LIST: &[u8] = b"system.posix_acl_access";
    /// What decides, beside owner, group and mode, who may open a file.
    const ACCESS: [&[u8]; 4] = [
        LIST,
        b"system.nfs4_acl",
        b"system.richacl",
        b"security.selinux",
    ];

    /// The most that Linux lets an attribute, or the list of their names, have.
    const LARGEST: usize = 1 << 16;

    /// Whether an attribute goes with the file: others are of the system's own making, such as a
    /// hash of the content.
    fn is_kept(name: &[u8]) -> bool {
        name.starts_with(b"user.") || ACCESS.contains(&name)
    }

    pub(super) fn of(path: &Path) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut names = vec![0; LARGEST];
        let length = match llistxattr(path, &mut names[..]) {
            // A file system without attributes.
            Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(Vec::new()),
            length => length?,
        };
        let names = names[..length].split(|byte| *byte == 0);
        let mut found = Vec::new();
        for name in names.filter(|name| is_kept(name)) {
            let mut value = vec![0; LARGEST];
            let length = lgetxattr(path, name, &mut value[..])?;
            value.truncate(length);
            found.push((name.to_vec(), value));
        }
        Ok(found)
    }

    pub(super) fn give(attributes: &[(Vec<u8>, Vec<u8>)], file: &File) -> io::Result<()> {
        // The folder may have given the new file a list that the old one has not.
        if !attributes.iter().any(|(name, _)| name == LIST) {
            match fremovexattr(file, LIST) {
                Ok(()) | Err(Errno::NODATA | Errno::NOTSUP | Errno::NOSYS) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for (name, value) in attributes {
            let mut known = vec![0; value.len() + 1];
            let length = fgetxattr(file, &name[..], &mut known[..]);
            if length.is_ok_and(|length| known[..length] == value[..]) {
                continue;
            }
            fsetxattr(file, &name[..], value, XattrFlags::empty())?;
        }
        Ok(())
    }
}

#[cfg(not(unix))]
impl Attributes {
    /// Reads those of a file, which is not a link.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let permissions = path.symlink_metadata()?.permissions();
        Ok(Self { permissions })
    }

    /// Gives them to a file.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn give(&self, file: &File) -> io::Result<()> {
        file.set_permissions(self.permissions.clone())
    }
}
