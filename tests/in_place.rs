//! Tests files that are replaced in place: their metadata, permissions, and temporary files.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use program::*;

/// This includes the mode bits that a change of the owner clears.
#[test]
fn replaced_files_keep_their_owner_group_and_mode() {
    for (mode, owner, group) in [
        (0o600, 0, 0),
        (0o640, 1, 2),
        (0o2750, 3, 4),
        (0o6711, 65534, 5),
        (0o444, 0, 7),
        (0o1777, 9, 0),
        (0o400, 0, 0),
    ] {
        if !is_root() && (owner, group) != (0, 0) {
            continue;
        }
        let folder = folder(&[("a.json", SECRET), ("b.json", PAYLOAD)]);
        let at = |name: &str| folder.path().join(name);
        if is_root() {
            std::os::unix::fs::chown(at("a.json"), Some(owner), Some(group)).unwrap();
        }
        fs::set_permissions(at("a.json"), Permissions::from_mode(mode)).unwrap();
        symlink("a.json", at("link")).unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for name in ["a.json", "b.json"] {
            File::open(at(name)).unwrap().set_modified(old).unwrap();
        }
        let before = at("a.json").metadata().unwrap();
        for name in ["link", "b.json"] {
            let (code, stdout, stderr) = run(&folder, &["redact", "--in-place", name]);
            assert_eq!((code, &*stdout, &*stderr), (Some(0), "", ""));
        }
        assert!(read(&folder, "a.json").contains("FACADE"));
        let after = at("a.json").metadata().unwrap();
        let kept = |file: &fs::Metadata| (file.mode(), file.uid(), file.gid());
        assert_eq!(kept(&after), kept(&before));
        assert_ne!(after.ino(), before.ino());
        assert!(
            after.modified().unwrap() > old,
            "backups must see the change"
        );
        assert_eq!(at("b.json").metadata().unwrap().modified().unwrap(), old);
        assert_eq!(names(&folder), ["a.json", "b.json", "link"]);
    }
}

/// Sets an access control list with the permissions of the owner, user 1234, the group and others,
/// and the mask. Returns `None` if the file system does not support lists.
#[cfg(target_os = "linux")]
fn set_list(path: &Path, name: &str, [owner, user, group, mask, others]: [u16; 5]) -> Option<()> {
    const NOBODY: u32 = u32::MAX;
    let mut list = 2u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in [
        (0x01u16, owner, NOBODY),
        (0x02, user, 1234),
        (0x04, group, NOBODY),
        (0x10, mask, NOBODY),
        (0x20, others, NOBODY),
    ] {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    rustix::fs::setxattr(path, name, &list, rustix::fs::XattrFlags::empty()).ok()
}

#[cfg(target_os = "linux")]
fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 1000];
    let length = rustix::fs::getxattr(path, name, &mut value[..]).ok()?;
    value.truncate(length);
    Some(value)
}

/// If only the mode were kept, the group would get permissions that the list grants to somebody
/// else.
#[cfg(target_os = "linux")]
#[test]
fn replaced_files_keep_their_access_control_list() {
    const LIST: &str = "system.posix_acl_access";
    const DEFAULT: &str = "system.posix_acl_default";
    let folder = folder(&[("list.json", SECRET), ("plain.json", SECRET)]);
    let at = |name: &str| folder.path().join(name);
    if set_list(&at("list.json"), LIST, [6, 4, 0, 4, 0]).is_none() {
        return;
    }
    // User 1234 may read new files of this folder, but not `plain.json`.
    set_list(folder.path(), DEFAULT, [7, 7, 5, 7, 5]).unwrap();
    fs::set_permissions(at("plain.json"), Permissions::from_mode(0o640)).unwrap();
    for (name, value) in [("user.origin", &b"tests"[..]), ("user.empty", b"")] {
        let none = rustix::fs::XattrFlags::empty();
        rustix::fs::setxattr(at("list.json"), name, value, none).unwrap();
    }
    let kept = |name: &str| {
        let path = at(name);
        let attributes = [LIST, "user.origin", "user.empty"].map(|name| attribute(&path, name));
        (path.metadata().unwrap().mode(), attributes)
    };
    let before = [kept("list.json"), kept("plain.json")];
    assert!(before[0].1.iter().all(Option::is_some) && before[1].1[0].is_none());
    assert_eq!(run(&folder, &["redact", "--in-place", "."]).0, Some(0));
    assert!(read(&folder, "list.json").contains("FACADE"));
    assert!(read(&folder, "plain.json").contains("FACADE"));
    assert_eq!([kept("list.json"), kept("plain.json")], before);
}

#[test]
fn a_file_whose_owner_cannot_be_kept_is_not_replaced() {
    let folder = folder(&[("a.json", SECRET)]);
    let path = folder.path().join("a.json");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let Some(mut command) = as_nobody(mewshook(&folder, &["redact", "--in-place", "a.json"]))
    else {
        return;
    };
    let before = path.metadata().unwrap();
    let Ok(output) = command.output() else {
        // The user has no access to the program.
        return;
    };
    let expected = "error: a.json: the file can't be replaced: its owner, group and permissions can't be kept: operation not permitted\n";
    assert_eq!(outcome(output), (Some(3), String::new(), expected.into()));
    assert_eq!(read(&folder, "a.json"), SECRET);
    let after = path.metadata().unwrap();
    assert_eq!((after.ino(), after.mtime()), (before.ino(), before.mtime()));
    assert_eq!(names(&folder), ["a.json"]);
}

#[test]
fn links_in_a_folder_are_not_followed() {
    let folder = folder(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("set/own.json", SECRET),
        ("elsewhere/a.json", SECRET),
        ("elsewhere/sound.json", PAYLOAD),
    ]);
    let at = |name: &str| folder.path().join(name);
    symlink("../elsewhere/a.json", at("set/link.json")).unwrap();
    symlink("../elsewhere/sound.json", at("set/sound.json")).unwrap();
    let message =
        "--in-place does not follow links in folders: name the link, or the file that it leads to";
    let expected = format!("error: set/link.json: {message}\n");
    assert_eq!(
        run(&folder, &["redact", "--in-place", "set"]),
        (Some(3), String::new(), expected)
    );
    assert_eq!(read(&folder, "elsewhere/a.json"), SECRET);
    assert!(read(&folder, "set/own.json").contains("FACADE"));
    // The link is also named.
    assert_eq!(
        run(&folder, &["redact", "--in-place", "set", "set/link.json"]).0,
        Some(0)
    );
    assert!(read(&folder, "elsewhere/a.json").contains("FACADE"));
    assert!(at("set/link.json").symlink_metadata().unwrap().is_symlink());
    // A folder that is a link.
    fs::write(at("elsewhere/a.json"), SECRET).unwrap();
    fs::remove_file(at("set/link.json")).unwrap();
    symlink("../elsewhere", at("set/folder")).unwrap();
    let expected = format!("error: set/folder/a.json: {message}\n");
    assert_eq!(
        run(&folder, &["redact", "--in-place", "set"]),
        (Some(3), String::new(), expected)
    );
    assert_eq!(read(&folder, "elsewhere/a.json"), SECRET);
    assert_eq!(
        run(&folder, &["redact", "--in-place", "set/folder"]).0,
        Some(0)
    );
    assert!(read(&folder, "elsewhere/a.json").contains("FACADE"));
}

#[test]
fn hard_links_are_reported() {
    let folder = folder(&[("a.json", SECRET), ("set/keep", "")]);
    let at = |name: &str| folder.path().join(name);
    for name in ["set/b.json", "set/c.json"] {
        fs::hard_link(at("a.json"), at(name)).unwrap();
    }
    let (code, stdout, stderr) = run(&folder, &["redact", "--in-place", "set"]);
    let expected = "warning: set/b.json: 1 other name of this file (a hard link) still leads to its original contents\n";
    assert_eq!((code, &*stdout, &*stderr), (Some(0), "", expected));
    assert_eq!(read(&folder, "a.json"), SECRET);
    fs::hard_link(at("a.json"), at("d.json")).unwrap();
    let (code, stdout, stderr) = run(&folder, &["redact", "--in-place", "a.json", "d.json"]);
    assert_eq!((code, &*stdout, &*stderr), (Some(0), "", ""));
}

#[test]
fn keys_and_lists_are_not_replaced() {
    let folder = folder(&[
        ("a.json", SECRET),
        ("key.json", &SECRET.repeat(2)),
        ("list", "a.json\nlist\n"),
    ]);
    for (arguments, message) in [
        (
            &["--key-file", "key.json", "."][..],
            "key.json is the key, and can't be replaced",
        ),
        (
            &["--files-from", "list"],
            "list is the list of --files-from, and can't be replaced",
        ),
    ] {
        let (code, _, stderr) = outcome(
            mewshook(&folder, &["redact", "--in-place"])
                .args(arguments)
                .output()
                .unwrap(),
        );
        assert_eq!((code, stderr), (Some(2), format!("error: {message}\n")));
    }
    assert_eq!(read(&folder, "a.json"), SECRET);
}

#[test]
fn open_files_are_not_replaced() {
    let folder = folder(&[("a.json", SECRET)]);
    symlink("/proc/self/fd/0", folder.path().join("link")).unwrap();
    for path in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "link"] {
        let mut command = mewshook(&folder, &["redact", "--in-place", path]);
        let stdin = File::open(folder.path().join("a.json")).unwrap();
        let expected = format!("error: {path}: only a regular file can be replaced\n");
        assert_eq!(
            outcome(command.stdin(stdin).output().unwrap()),
            (Some(3), String::new(), expected)
        );
    }
    assert_eq!(read(&folder, "a.json"), SECRET);
}

/// If a run ends at any moment, the file is complete, either old or new. There is no other file
/// beside it, except for one hidden file after a kill between two system calls.
#[test]
fn an_interrupted_run_leaves_a_complete_file() {
    let old = SECRET.repeat(500);
    let folder = folder(&[("a.json", &old)]);
    let path = folder.path().join("a.json");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let key = folder.path().join("key");
    fs::write(&key, [7; 32]).unwrap();
    let arguments = ["redact", "--in-place", "--key-file", "key", "a.json"];
    let start = std::time::Instant::now();
    assert_eq!(run(&folder, &arguments).0, Some(0));
    let duration = start.elapsed();
    let new = read(&folder, "a.json");
    assert_ne!(old, new);
    let mut hidden = 0;
    for (number, signal) in ["-INT", "-TERM", "-KILL"]
        .iter()
        .cycle()
        .take(60)
        .enumerate()
    {
        fs::write(&path, &old).unwrap();
        let mut child = mewshook(&folder, &arguments).spawn().unwrap();
        thread::sleep(duration.mul_f64(f64::from(u32::try_from(number).unwrap()) / 50.0));
        let id = child.id().to_string();
        Command::new("kill").args([signal, &*id]).output().unwrap();
        child.wait().unwrap();
        let text = read(&folder, "a.json");
        assert!(text == old || text == new, "{signal}: a part of it");
        for name in names(&folder) {
            if name != "a.json" && name != "key" {
                assert!(name.starts_with(".mewshook-"), "{name}");
                assert_eq!(*signal, "-KILL", "others wait for a moment");
                let left = folder.path().join(name);
                assert_eq!(left.metadata().unwrap().mode() & 0o777, 0o600);
                fs::remove_file(left).unwrap();
                hidden += 1;
            }
        }
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    }
    assert!(hidden <= 3, "{hidden} hidden files of 60 runs");
}

/// Another program writes the file while it is read.
#[test]
fn a_file_that_changes_meanwhile_is_not_replaced() {
    let folder = folder(&[("a.json", &SECRET.repeat(30_000))]);
    let path = folder.path().join("a.json");
    let mut child = mewshook(&folder, &["redact", "--in-place", "a.json"])
        .spawn()
        .unwrap();
    // Write until the program has ended, however long it reads.
    let mut file = File::options().append(true).open(&path).unwrap();
    while child.try_wait().unwrap().is_none() {
        std::io::Write::write_all(&mut file, PAYLOAD.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
    let (code, _, stderr) = outcome(child.wait_with_output().unwrap());
    let expected = "error: a.json: the file changed while it was read, and was not replaced: run the command again\n";
    assert_eq!((code, &*stderr), (Some(3), expected));
    assert!(read(&folder, "a.json").ends_with(PAYLOAD));
    assert!(!read(&folder, "a.json").contains("FACADE"));
    assert_eq!(names(&folder), ["a.json"]);
}
