//! The attributes that a file keeps when it is replaced: owner, group and mode, and on Linux its access
//! control list, its `user` attributes and its `SELinux` label. Not its times: backups must see the
//! change.
//!
//! If a file has an access control list, the group bits of its mode are the maximum that the list
//! grants. Without the list, the mode would grant that to the group. So either both are kept or
//! neither.

use std::fs::File;
use std::io;
use std::path::Path;

/// The attributes of a file.
#[derive(Debug)]
pub struct Attributes {
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
    /// Reads the attributes of a file, which is not a link.
    pub fn of(path: &Path) -> io::Result<Self> {
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

    /// Sets the attributes of a file that only its owner can open yet.
    ///
    /// # Errors
    /// One of them can't be set.
    pub fn apply(&self, file: &File) -> io::Result<()> {
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
        extended::apply(&self.extended, file).map_err(failed)?;
        // Last, since a change of the owner clears the set-user-id and set-group-id bits.
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

    const ACCESS_LIST: &[u8] = b"system.posix_acl_access";
    /// The attributes that decide, besides owner, group and mode, who may open a file.
    const ACCESS: [&[u8]; 4] = [
        ACCESS_LIST,
        b"system.nfs4_acl",
        b"system.richacl",
        b"security.selinux",
    ];

    /// The maximum size of an attribute, and of the list of their names, in bytes.
    const LARGEST: usize = 1 << 16;

    /// Returns `true` if an attribute is kept. The system makes others itself, such as a hash of the
    /// content.
    fn is_kept(name: &[u8]) -> bool {
        name.starts_with(b"user.") || ACCESS.contains(&name)
    }

    pub fn of(path: &Path) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
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

    pub fn apply(attributes: &[(Vec<u8>, Vec<u8>)], file: &File) -> io::Result<()> {
        // The new file may have inherited a list from its folder.
        if !attributes.iter().any(|(name, _)| name == ACCESS_LIST) {
            match fremovexattr(file, ACCESS_LIST) {
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
    /// Reads the attributes of a file, which is not a link.
    pub fn of(path: &Path) -> io::Result<Self> {
        let permissions = path.symlink_metadata()?.permissions();
        Ok(Self { permissions })
    }

    /// Sets the attributes of a file.
    ///
    /// # Errors
    /// The system refuses.
    pub fn apply(&self, file: &File) -> io::Result<()> {
        file.set_permissions(self.permissions.clone())
    }
}
