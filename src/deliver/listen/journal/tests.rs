//! Tests of journals, with threads that append at the same time.

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use super::*;

fn read_all(cursor: &mut Cursor) -> Vec<Line> {
    std::iter::from_fn(|| cursor.try_next_line().unwrap()).collect()
}

/// Appends records of several threads, and returns the line that each was said to be.
fn append_in_threads(journal: &Journal, size: usize) -> BTreeSet<(u64, String)> {
    let append = |thread: usize| {
        (0..50).map(move |number| {
            let record = format!("{{\"{thread}-{number}\":\"{}\"}}\n", "x".repeat(size));
            (journal.append(record.as_bytes()).unwrap(), record)
        })
    };
    thread::scope(|scope| {
        let threads = (0..16).map(|thread| scope.spawn(move || append(thread).collect()));
        let threads: Vec<thread::ScopedJoinHandle<'_, Vec<_>>> = threads.collect();
        let appended = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        appended.collect()
    })
}

#[test]
fn each_record_is_a_line_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ndjson");
    fs::write(&path, "{}\n{}\n").unwrap();
    let mut opened = Journal::open(&path, 2).unwrap();
    assert_eq!((opened.torn_line, opened.cursors.len()), (None, 2));
    let appended = append_in_threads(&opened.journal, 100);
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.split_inclusive('\n').enumerate().skip(2);
    let lines: BTreeSet<_> = lines
        .map(|(index, line)| (index as u64 + 1, line.to_owned()))
        .collect();
    assert!(lines == appended && lines.len() == 800);
    for cursor in &mut opened.cursors {
        let mut offset = 6;
        for (line, expected) in read_all(cursor).into_iter().zip(&appended) {
            let bytes = String::from_utf8(line.bytes.clone()).unwrap();
            assert_eq!((line.number, bytes), *expected);
            assert_eq!(line.offset, offset);
            offset += line.bytes.len() as u64;
        }
        assert_eq!(offset, text.len() as u64);
    }
}

#[test]
fn a_torn_line_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ndjson");
    fs::write(&path, "{}\n{\"a").unwrap();
    let opened = Journal::open(&path, 0).unwrap();
    assert_eq!(opened.torn_line, Some(2));
    assert_eq!(opened.journal.append(b"{}\n").unwrap(), 3);
    drop(opened);
    assert_eq!(fs::read_to_string(&path).unwrap(), "{}\n{\"a\n{}\n");
    assert_eq!(Journal::open(&path, 0).unwrap().torn_line, None);
}

#[test]
fn only_files_of_records_are_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| Journal::open(path, 1).map(|_| ()).unwrap_err().to_string();
    assert!(open(folder.path()).starts_with("not a regular file"));
    assert!(open(Path::new("/dev/null")).starts_with("not a regular file"));
    let path = folder.path().join("main.rs");
    fs::write(&path, "fn main() {}").unwrap();
    assert!(open(&path).starts_with("the file does not start with a record"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "fn main() {}");
    let path = folder.path().join("a.ndjson");
    let opened = Journal::open(&path, 1).unwrap();
    assert!(open(&path).starts_with("another process records"));
    drop(opened);
    Journal::open(&path, 1).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_recorded() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ndjson");
    let opened = Journal::open(&path, 1).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), opened.is_shared), (0o600, false));
    drop(opened);
    fs::write(&path, "{}\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Journal::open(&path, 1).unwrap().is_shared);
}

#[test]
fn a_spool_is_emptied_once_all_was_read() {
    let mut opened = Journal::spool(2).unwrap();
    let (journal, cursors) = (&opened.journal, &mut opened.cursors);
    let size = || journal.state().file.as_ref().unwrap().end();
    let first = append_in_threads(journal, 2000);
    let kept = size();
    assert!(kept > MAX_READ_SIZE);
    read_all(&mut cursors[0]);
    journal.append(b"{\"second\":1}\n").unwrap();
    assert!(size() > kept, "one cursor has not read anything");
    let lines = read_all(&mut cursors[1]);
    assert_eq!(lines.len(), first.len() + 1);
    assert_eq!(read_all(&mut cursors[0]).len(), 1);
    assert_eq!(journal.append(b"{\"third\":1}\n").unwrap(), 802);
    assert_eq!(size(), 12);
    for cursor in cursors {
        let line = cursor.try_next_line().unwrap().unwrap();
        assert_eq!((line.number, &*line.bytes), (802, &b"{\"third\":1}\n"[..]));
        assert_eq!(line.offset, kept + 13);
    }
}

#[test]
fn a_cursor_waits_for_records_until_the_journal_is_closed() {
    let mut opened = Journal::spool(1).unwrap();
    let mut cursor = opened.cursors.remove(0);
    thread::scope(|scope| {
        let lines = scope.spawn(move || {
            let next = || cursor.next_line().unwrap();
            std::iter::from_fn(next).count()
        });
        append_in_threads(&opened.journal, 10);
        opened.journal.close();
        assert_eq!(lines.join().unwrap(), 800);
    });
}
