//! Tests the destinations of reports: links, pipes and devices, and that no report overwrites a
//! file that is read.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::process::Command;

use program::*;

#[test]
fn named_links_are_followed_and_kept() {
    let folder = folder(&[("a.json", PAYLOAD), ("file", OLD), ("inner/x", "")]);
    let at = |name: &str| folder.path().join(name);
    fs::set_permissions(at("file"), Permissions::from_mode(0o640)).unwrap();
    for (target, link) in [
        ("file", "to-file"),
        ("to-file", "to-link"),
        ("inner/new", "dangling"),
        ("../dangling", "inner/up"),
        ("inner", "to-folder"),
        ("loop", "loop"),
        ("nowhere/new", "to-nowhere"),
    ] {
        symlink(target, at(link)).unwrap();
    }
    for (link, file) in [
        ("to-file", "file"),
        ("to-link", "file"),
        ("dangling", "inner/new"),
        ("inner/up", "inner/new"),
        ("to-folder/other", "inner/other"),
    ] {
        if file == "file" {
            fs::write(at(file), OLD).unwrap();
        }
        let output = format!("json={link}");
        assert_eq!(
            run(&folder, &["validate", "--output", &output, "a.json"]).0,
            Some(0)
        );
        assert!(read(&folder, file).contains("\"payloads\""), "{link}");
        let is_link = at(link).symlink_metadata().unwrap().is_symlink();
        assert_eq!(is_link, !link.starts_with("to-folder"), "{link}");
    }
    assert_eq!(at("file").metadata().unwrap().mode() & 0o7777, 0o640);
    for (link, reason) in [
        ("to-folder", "is a directory"),
        ("loop", "too many levels of symbolic links"),
        ("to-nowhere", "no such file or directory"),
        ("inner", "is a directory"),
    ] {
        let output = format!("json={link}");
        let (code, _, stderr) = run(&folder, &["validate", "--output", &output, "a.json"]);
        let expected = format!("error: {link} can't be written: {reason}\n");
        assert_eq!((code, stderr), (Some(3), expected));
    }
    assert_eq!(names(&folder).len(), 9, "{:?}", names(&folder));
}

/// Anyone who may write to a shared folder could redirect a report by a link with its name.
#[test]
fn links_of_other_users_in_shared_folders_are_not_followed() {
    if !is_root() {
        return;
    }
    let folder = folder(&[("a.json", PAYLOAD), ("victim", OLD), ("all/keep", "")]);
    let at = |name: &str| folder.path().join(name);
    fs::set_permissions(at("all"), Permissions::from_mode(0o1777)).unwrap();
    std::os::unix::fs::chown(at("all"), Some(1), Some(1)).unwrap();
    for (target, link) in [("../victim", "all/report"), ("../new", "all/dangling")] {
        symlink(target, at(link)).unwrap();
        std::os::unix::fs::lchown(at(link), Some(1234), Some(1234)).unwrap();
        let output = format!("json={link}");
        let (code, _, stderr) = run(&folder, &["validate", "--output", &output, "a.json"]);
        let reason = "it is another user's link in a folder that everyone may write to";
        let expected = format!("error: {link} can't be written: {reason}\n");
        assert_eq!((code, stderr), (Some(3), expected));
        // Links of the user and of the folder's owner are followed.
        for owner in [0, 1] {
            std::os::unix::fs::lchown(at(link), Some(owner), Some(owner)).unwrap();
            assert_eq!(
                run(&folder, &["validate", "--output", &output, "a.json"]).0,
                Some(0)
            );
        }
    }
}

#[test]
fn pipes_and_devices_are_written_to_and_kept() {
    let folder = folder(&[("a.json", PAYLOAD)]);
    let at = |name: &str| folder.path().join(name);
    symlink("/dev/null", at("null")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(at("fifo"))
            .status()
            .unwrap()
            .success()
    );
    symlink("fifo", at("to-fifo")).unwrap();
    let is_made = |name: &str, minor: &str| {
        let made = Command::new("mknod")
            .arg(at(name))
            .args(["c", "1", minor])
            .output();
        made.is_ok_and(|made| made.status.success())
    };
    // The test creates its own device, so that nothing is lost if the program replaces it.
    if is_made("own-null", "3") {
        let (code, ..) = run(
            &folder,
            &["validate", "--output", "json=own-null", "a.json"],
        );
        assert_eq!(code, Some(0));
        assert!(
            at("own-null")
                .symlink_metadata()
                .unwrap()
                .file_type()
                .is_char_device()
        );
    }
    let output = ["validate", "--output", "json=null", "a.json"];
    assert_eq!(run(&folder, &output).0, Some(0));
    for fifo in ["fifo", "to-fifo"] {
        let output = format!("json={fifo}");
        let child = mewshook(&folder, &["validate", "--output", &output, "a.json"])
            .spawn()
            .unwrap();
        assert!(
            fs::read_to_string(at("fifo"))
                .unwrap()
                .contains("\"payloads\"")
        );
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    }
    for (name, is_kept) in [
        ("null", at("null").symlink_metadata().unwrap().is_symlink()),
        (
            "to-fifo",
            at("to-fifo").symlink_metadata().unwrap().is_symlink(),
        ),
        (
            "fifo",
            at("fifo").symlink_metadata().unwrap().file_type().is_fifo(),
        ),
    ] {
        assert!(is_kept, "{name}");
    }
}

#[test]
fn standard_output_is_written_to_by_its_name() {
    let folder = folder(&[("a.json", PAYLOAD)]);
    let at = |name: &str| folder.path().join(name);
    symlink("/proc/self/fd/1", at("stdout")).unwrap();
    symlink("stdout", at("to-stdout")).unwrap();
    for link in ["stdout", "to-stdout"] {
        let output = format!("json={link}");
        let arguments = ["validate", "--quiet", "--output", &output, "a.json"];
        // A pipe.
        let (code, stdout, _) = run(&folder, &arguments);
        assert_eq!(code, Some(0));
        let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        // A regular file, to which the output is appended.
        let file = File::create(at("printed")).unwrap();
        let mut command = mewshook(&folder, &arguments);
        assert!(command.stdout(file).status().unwrap().success());
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&read(&folder, "printed")).unwrap(),
            report
        );
        let file = File::options().append(true).open(at("printed")).unwrap();
        let mut command = mewshook(&folder, &["validate", "--output", &output, "a.json"]);
        assert!(command.stdout(file).status().unwrap().success());
        let printed = read(&folder, "printed");
        assert_eq!(
            printed.matches("\"version\":1,\"payloads\"").count(),
            2,
            "{printed}"
        );
        assert!(printed.contains("1 payload checked: 1 valid"), "{printed}");
        // A file that has been deleted.
        let mut file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(at("gone"))
            .unwrap();
        fs::remove_file(at("gone")).unwrap();
        let mut command = mewshook(&folder, &arguments);
        assert!(
            command
                .stdout(file.try_clone().unwrap())
                .status()
                .unwrap()
                .success()
        );
        std::io::Seek::rewind(&mut file).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(text.contains("\"payloads\""), "{text}");
        assert!(!at("gone (deleted)").exists() && !at("gone").exists());
    }
    for link in ["stdout", "to-stdout"] {
        assert!(at(link).symlink_metadata().unwrap().is_symlink(), "{link}");
    }
}

/// A report to `/dev/fd/3` goes to the caller's descriptor, and not to another report.
#[test]
fn descriptor_numbers_are_those_of_the_caller() {
    let folder = folder(&[("a.json", PAYLOAD)]);
    let binary = env!("CARGO_BIN_EXE_mewshook");
    let script =
        format!("{binary} validate --output sarif=a.sarif --output json=/dev/fd/3 a.json 3>three");
    let status = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output();
    assert!(status.unwrap().status.success());
    assert!(read(&folder, "three").contains("\"payloads\""));
    assert!(read(&folder, "a.sarif").contains("\"runs\""));
    // This descriptor is not open.
    let (code, _, stderr) = run(
        &folder,
        &[
            "validate",
            "--output",
            "sarif=b.sarif",
            "--output",
            "json=/dev/fd/99",
            "a.json",
        ],
    );
    assert_eq!(code, Some(3));
    assert_eq!(
        stderr,
        "error: /dev/fd/99 can't be written: no such file or directory\n"
    );
    assert_eq!(names(&folder), ["a.json", "a.sarif", "three"]);
}

#[test]
fn a_report_never_goes_to_a_file_that_is_read() {
    let files = [
        ("set/a.json", PAYLOAD),
        ("set/mewshook.toml", "strict = true\n"),
        ("other.toml", "strict = true\n"),
        ("list", "set/a.json\n"),
        ("in.json", PAYLOAD),
    ];
    let folder = folder(&files);
    let at = |name: &str| folder.path().join(name);
    for (file, link) in [
        ("set/a.json", "input"),
        ("set/mewshook.toml", "toml"),
        ("list", "list-2"),
        ("in.json", "stdin"),
    ] {
        fs::hard_link(at(file), at(&format!("{link}.hard"))).unwrap();
        symlink(file, at(&format!("{link}.link"))).unwrap();
    }
    symlink("/proc/self/fd/0", at("fd")).unwrap();
    for (arguments, outputs, role) in [
        (
            &["set"][..],
            &[
                "set/a.json",
                "set/../set/a.json",
                "input.hard",
                "input.link",
            ][..],
            "an input",
        ),
        (&["set/a.json"], &["set/a.json", "input.hard"], "an input"),
        (&["input.hard"], &["set/a.json"], "an input"),
        (
            &["-"],
            &["in.json", "stdin.hard", "stdin.link", "fd", "/dev/stdin"],
            "an input",
        ),
        (&["set"], &["in.json", "fd"], "standard input"),
        (
            &["set"],
            &["set/mewshook.toml", "toml.hard", "toml.link"],
            "the configuration",
        ),
        (
            &["--config", "other.toml", "set"],
            &["other.toml", "./other.toml"],
            "the configuration",
        ),
        (
            &["--files-from", "list"],
            &["list", "list-2.hard", "list-2.link"],
            "the list of --files-from",
        ),
    ] {
        for output in outputs {
            let option = format!("sarif={output}");
            let mut command = mewshook(&folder, &["validate", "--output", &option]);
            let stdin = File::open(at("in.json")).unwrap();
            let (code, stdout, stderr) =
                outcome(command.args(arguments).stdin(stdin).output().unwrap());
            let expected =
                format!("error: {output} is also {role}: write the report to another file\n");
            assert_eq!(
                (code, &*stdout, stderr),
                (Some(2), "", expected),
                "{arguments:?}"
            );
        }
    }
    for (name, text) in files {
        assert_eq!(read(&folder, name), text, "{name}");
    }
}

#[test]
fn a_report_has_its_own_destination() {
    let folder = folder(&[("set/a.json", PAYLOAD)]);
    let at = |name: &str| folder.path().join(name);
    fs::hard_link(at("set/a.json"), at("input.hard")).unwrap();
    // Two reports, or a report and the output.
    symlink("new", at("new.link")).unwrap();
    for (arguments, message) in [
        (
            &["--output", "json=new", "--output", "sarif=new.link"][..],
            "two reports cannot both go to new.link",
        ),
        (
            &["--output", "json=out"],
            "out is also standard output: write the report to another file, or choose it with --format",
        ),
    ] {
        let out = File::create(at("out")).unwrap();
        let mut command = mewshook(&folder, &["validate", "set"]);
        let output = command.args(arguments).stdout(out).output().unwrap();
        assert_eq!(
            outcome(output),
            (Some(2), String::new(), format!("error: {message}\n"))
        );
    }
    // The GitHub summary is appended to.
    for (summary, arguments, message) in [
        (
            "set/a.json",
            &["--format", "github"][..],
            "set/a.json, which GITHUB_STEP_SUMMARY names, is also an input: write the report to another file",
        ),
        (
            "input.hard",
            &["--output", "github=new"],
            "input.hard, which GITHUB_STEP_SUMMARY names, is also an input: write the report to another file",
        ),
        (
            "new",
            &["--output", "github=new"],
            "two reports cannot both go to new",
        ),
    ] {
        let mut command = mewshook(&folder, &["validate", "set"]);
        let output = command
            .args(arguments)
            .env("GITHUB_STEP_SUMMARY", summary)
            .output()
            .unwrap();
        assert_eq!(
            outcome(output),
            (Some(2), String::new(), format!("error: {message}\n"))
        );
    }
    assert_eq!(read(&folder, "set/a.json"), PAYLOAD);
    assert!(!at("new").exists());
}

#[test]
fn only_regular_files_are_replaced_in_a_named_folder() {
    let folder = folder(&[("mine", OLD), ("outside", OLD)]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("out")).unwrap();
    let path = "out/general-ServiceOrderUpdated.json";
    let arguments = [
        "sample",
        "ServiceOrderUpdated",
        "--force",
        "--out-dir",
        "out",
    ];
    symlink("../outside", at(path)).unwrap();
    let expected =
        format!("error: {path} already exists, and --force replaces regular files only\n");
    assert_eq!(run(&folder, &arguments), (Some(3), String::new(), expected));
    assert_eq!(read(&folder, "outside"), OLD);
    fs::remove_file(at(path)).unwrap();
    fs::write(at(path), OLD).unwrap();
    fs::set_permissions(at(path), Permissions::from_mode(0o600)).unwrap();
    assert_eq!(run(&folder, &arguments).0, Some(0));
    assert!(read(&folder, path).contains("ServiceOrderUpdated"));
    assert_eq!(at(path).metadata().unwrap().mode() & 0o7777, 0o600);
    assert_eq!(fs::read_dir(at("out")).unwrap().count(), 1);
}

/// `-` is only standard input if it is an argument of its own.
#[test]
fn a_file_named_as_standard_input_is_a_file() {
    let folder = folder(&[("-", SECRET), ("list", "-\n"), ("a.json", PAYLOAD)]);
    for arguments in [
        &["--files-from", "list"][..],
        &["./-"],
        &["--glob", "-", "."],
    ] {
        let mut command = mewshook(&folder, &["validate", "--format", "short"]);
        let stdin = File::open(folder.path().join("a.json")).unwrap();
        let (code, stdout, stderr) =
            outcome(command.args(arguments).stdin(stdin).output().unwrap());
        assert_eq!((code, &*stderr), (Some(1), ""), "{arguments:?}");
        assert!(stdout.contains("-:1:1: error[unknown-kind]"), "{stdout}");
        let out = format!("json={}", folder.path().join("-").display());
        let mut command = mewshook(&folder, &["validate", "--output", &out]);
        let (code, _, stderr) = outcome(command.args(arguments).output().unwrap());
        assert_eq!(code, Some(2));
        assert!(stderr.contains(" is also an input: "), "{stderr}");
    }
    assert_eq!(read(&folder, "-"), SECRET);
}
