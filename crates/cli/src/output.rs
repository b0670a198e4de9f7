//! The output folder: written aside, then moved into place as a whole.
//!
//! A folder that does not exist yet appears in one rename. In a folder that exists, only files whose bytes differ are
//! replaced, one rename each, and what was there before is put back if any of them fails: files of the user's own, the
//! folder itself and the times of unchanged files stay as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use underpin_base::Diagnostic;

use crate::codes;
use crate::exit::Failure;
use crate::interrupt::{self, TemporaryFolder};
use crate::model_file::{Held, MODEL_FILE};

/// The files of a design: path inside the folder, with `/` between its parts, and bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The file that every output folder holds, and by which it is recognised.
pub(crate) const EVIDENCE: &str = "evidence.json";

/// The first key of that file.
pub(crate) const MADE_BY: &str = "made_by";

/// What `underpin model --out` writes: a design may be written beside it.
const MODEL_ONLY: [&str; 2] = [MODEL_FILE, "schema"];

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files that are new or have other bytes than before.
    pub(crate) changed: usize,
    /// Files that were there with the same bytes.
    pub(crate) unchanged: usize,
    /// Files of an earlier design that this one does not have.
    pub(crate) removed: usize,
}

/// Whether a folder was written by Underpin.
pub(crate) fn is_ours(folder: &Path) -> bool {
    evidence(folder).is_some()
}

/// The evidence that lies in an output folder of ours.
pub(crate) fn evidence(folder: &Path) -> Option<serde_json::Value> {
    let value: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join(EVIDENCE)).ok()?).ok()?;
    value.get(MADE_BY)?.as_str()?.starts_with("underpin").then_some(value)
}

/// The files that an earlier run wrote there.
fn earlier_files(folder: &Path) -> BTreeSet<String> {
    let Some(evidence) = evidence(folder) else { return BTreeSet::new() };
    let files = evidence.get("files").and_then(serde_json::Value::as_array);
    files
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        // The file may have been edited: nothing outside of the folder is ever taken for ours.
        .filter(|name| name.split('/').all(|part| !part.is_empty() && part != ".." && part != "."))
        .collect()
}

/// Refuses a place that cannot or must not be written, before any work is done.
pub(crate) fn check(folder: &Path, force: bool) -> Result<(), Failure> {
    let shown = folder.display();
    match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => takes_files(folder),
        Err(error) => Err(not_written(folder, &error)),
        Ok(metadata) if !metadata.is_dir() => Err(Failure::environment(
            Diagnostic::error(
                codes::OUTPUT_IS_A_FILE,
                format!("`{shown}` is a file, so no design can be written there"),
            )
            .help("give another folder with --out"),
        )),
        // Root may write there all the same; whoever took the right away meant it.
        Ok(metadata) if metadata.permissions().readonly() => {
            Err(not_written(folder, &io::Error::from(io::ErrorKind::PermissionDenied)))
        }
        Ok(_) => {
            let mut entries = fs::read_dir(folder).map_err(|error| not_written(folder, &error))?;
            let only_model = entries.all(|entry| {
                entry.is_ok_and(|it| MODEL_ONLY.iter().any(|name| it.file_name() == *name))
            });
            if force || only_model || is_ours(folder) {
                return takes_files(folder);
            }
            Err(Failure::usage(
                Diagnostic::error(
                    codes::OUTPUT_NOT_OURS,
                    format!(
                        "the folder `{shown}` holds files that underpin did not write, so nothing is written there"
                    ),
                )
                .help("give another folder with --out, or --force to write between the files that are there"),
            ))
        }
    }
}

/// Tries to make something in the folder, or in the first one above it that exists: to learn after a minute of proving
/// that nothing can be written would be late.
fn takes_files(folder: &Path) -> Result<(), Failure> {
    let tried = || -> io::Result<()> {
        let absolute = std::path::absolute(folder)?;
        let existing = absolute.ancestors().find(|above| above.symlink_metadata().is_ok());
        TemporaryFolder::inside(existing.ok_or(io::ErrorKind::NotFound)?).map(drop)
    };
    tried().map_err(|error| not_written(folder, &error))
}

/// Writes the files into the folder: all of them, or none. Files of an earlier design that are not among them go.
pub(crate) fn write(folder: &Path, files: &Files) -> Result<Written, Failure> {
    write_all(folder, files, &earlier_files(folder)).map_err(|error| not_written(folder, &error))
}

/// Writes the files into the folder: all of them, or none. All others stay.
pub(crate) fn write_some(folder: &Path, files: &Files) -> Result<Written, Failure> {
    write_all(folder, files, &BTreeSet::new()).map_err(|error| not_written(folder, &error))
}

/// Refuses to write over a model file that is not the one that was read.
pub(crate) fn is_unchanged(folder: &Path, held: Option<&Held>) -> Result<(), Failure> {
    let same = match held {
        Some(held) => held.is_unchanged(),
        None => !folder.join(MODEL_FILE).exists(),
    };
    if same {
        return Ok(());
    }
    let shown = folder.join(MODEL_FILE);
    Err(Failure::refused(
        Diagnostic::error(
            codes::MODEL_FILE_CHANGED,
            format!(
                "`{}` was changed by another program meanwhile; nothing was written",
                shown.display()
            ),
        )
        .help("run it again"),
    ))
}

fn write_all(folder: &Path, files: &Files, earlier: &BTreeSet<String>) -> io::Result<Written> {
    let folder = std::path::absolute(folder)?;
    let parent = folder.parent().ok_or(io::ErrorKind::NotFound)?;
    let missing: Vec<&Path> = parent.ancestors().take_while(|above| !above.exists()).collect();
    let written = fs::create_dir_all(parent).and_then(|()| {
        // Of two runs that write to one place, one waits for the other. Where the system cannot lock, nobody does.
        let _turn = fs::File::open(parent).and_then(|it| it.lock().map(|()| it));
        if folder.is_dir() {
            replace(&folder, files, earlier)
        } else {
            create(&folder, parent, files)
        }
    });
    if written.is_err() {
        // Folders above it that were made for it go again.
        for above in missing {
            let _ = fs::remove_dir(above);
        }
    }
    written
}

/// A new folder, in one rename.
fn create(folder: &Path, parent: &Path, files: &Files) -> io::Result<Written> {
    let aside = TemporaryFolder::inside(parent)?;
    let new = aside.path().join("new");
    stage(&new, &files.iter().collect::<Vec<_>>())?;
    let _commit = interrupt::commit();
    fs::rename(&new, folder)?;
    Ok(Written { changed: files.len(), unchanged: 0, removed: 0 })
}

/// Files of an existing folder, each in one rename, and all of them back where one fails.
fn replace(folder: &Path, files: &Files, earlier: &BTreeSet<String>) -> io::Result<Written> {
    let same = |name: &str, bytes: &[u8]| fs::read(folder.join(name)).is_ok_and(|old| old == bytes);
    let changed: BTreeMap<&String, &Vec<u8>> =
        files.iter().filter(|(name, bytes)| !same(name, bytes)).collect();
    let stale: Vec<String> = earlier
        .iter()
        .filter(|&name| !files.contains_key(name) && folder.join(name).is_file())
        .cloned()
        .collect();
    let written = Written {
        changed: changed.len(),
        unchanged: files.len() - changed.len(),
        removed: stale.len(),
    };
    if changed.is_empty() && stale.is_empty() {
        return Ok(written);
    }
    // Inside the folder, since only that is sure to lie on the same file system: it may be a mount of its own.
    let aside = TemporaryFolder::inside(folder)?;
    let (new, old) = (aside.path().join("new"), aside.path().join("old"));
    stage(&new, &changed.iter().map(|(&name, &bytes)| (name, bytes)).collect::<Vec<_>>())?;
    let _commit = interrupt::commit();
    let mut moves = Moves::default();
    let moved = || -> io::Result<()> {
        for name in changed.keys().copied().chain(&stale) {
            let place = folder.join(name);
            if place.symlink_metadata().is_ok() {
                moves.rename(&place, &old.join(name))?;
            }
            if changed.contains_key(name) {
                moves.rename(&new.join(name), &place)?;
            }
        }
        Ok(())
    };
    let mut moved = moved;
    if let Err(error) = moved() {
        moves.undo();
        return Err(error);
    }
    for name in &stale {
        remove_empty_folders(folder, &folder.join(name));
    }
    Ok(written)
}

/// Renames that can be taken back.
#[derive(Debug, Default)]
struct Moves {
    done: Vec<(PathBuf, PathBuf)>,
    made: Vec<PathBuf>,
}

impl Moves {
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let parent = to.parent().ok_or(io::ErrorKind::NotFound)?;
        let mut missing: Vec<PathBuf> =
            parent.ancestors().take_while(|it| !it.exists()).map(Path::to_owned).collect();
        fs::create_dir_all(parent)?;
        missing.reverse();
        self.made.append(&mut missing);
        fs::rename(from, to)?;
        self.done.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn undo(self) {
        for (from, to) in self.done.into_iter().rev() {
            let _ = fs::rename(to, from);
        }
        for folder in self.made.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn remove_empty_folders(folder: &Path, file: &Path) {
    for above in file.ancestors().skip(1).take_while(|above| *above != folder) {
        if fs::remove_dir(above).is_err() {
            break;
        }
    }
}

/// So many files are on their way to the disk at a time.
const AT_ONCE: usize = 8;

/// Of more files than these the whole file system is asked once, where the system can do that: it may have other things to
/// write, and still takes less time than so many files one by one.
const MOST_BY_ONE: usize = 500;

/// Writes files below a folder and makes sure that the system has taken all of them: a full disk shows before anything is
/// moved. Whoever asks for that waits for the disk, and a file system writes together what is asked for meanwhile: one by
/// one, a thousand files take ten times as long.
fn stage(folder: &Path, files: &[(&String, &Vec<u8>)]) -> io::Result<()> {
    let at_once = cfg!(target_os = "linux") && files.len() > MOST_BY_ONE;
    let stage_some = |some: &[(&String, &Vec<u8>)]| {
        some.iter().try_for_each(|(name, bytes)| stage_one(&folder.join(name), bytes, !at_once))
    };
    let share = files.len().div_ceil(AT_ONCE).max(1);
    thread::scope(|scope| {
        let stages = files.chunks(share).map(|some| scope.spawn(move || stage_some(some)));
        let stages: Vec<_> = stages.collect();
        stages.into_iter().try_for_each(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    if at_once { taken_all(folder) } else { Ok(()) }
}

fn stage_one(path: &Path, bytes: &[u8], alone: bool) -> io::Result<()> {
    fs::create_dir_all(path.parent().ok_or(io::ErrorKind::NotFound)?)?;
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    if alone { file.sync_all() } else { Ok(()) }
}

/// That the file system of a folder has taken what was written to it.
#[cfg(target_os = "linux")]
fn taken_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs::File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn taken_all(_: &Path) -> io::Result<()> {
    Ok(())
}

fn not_written(folder: &Path, error: &io::Error) -> Failure {
    let shown = folder.display();
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, or give another folder with --out"
        }
        _ => "give a folder that can be written with --out",
    };
    Failure::environment(
        Diagnostic::error(
            codes::OUTPUT_NOT_WRITTEN,
            format!("the design could not be written to `{shown}`: {error}; what was there before is untouched"),
        )
        .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use underpin_testkit::{files_of, temp_dir};

    fn files(pairs: &[(&str, &str)]) -> Files {
        let mut files: Files = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| *name).collect();
        let evidence = serde_json::json!({ MADE_BY: "underpin 0", "files": names });
        files.insert(EVIDENCE.to_owned(), evidence.to_string().into_bytes());
        files
    }

    #[test]
    fn a_new_folder_appears_with_the_folders_above_it() {
        let place = temp_dir();
        let out = place.path().join("a/b/out");
        let files = files(&[("schema.sql", "1"), ("docs/x.md", "2")]);
        check(&out, false).unwrap();
        assert_eq!(write(&out, &files).unwrap().changed, 3);
        assert_eq!(files_of(&out), files);
        assert_eq!(
            fs::read_dir(place.path().join("a/b")).unwrap().count(),
            1,
            "nothing is left aside"
        );
    }

    #[test]
    fn many_files_are_on_the_disk_as_few_are() {
        let place = temp_dir();
        let out = place.path().join("out");
        let names: Vec<String> =
            (0..=MOST_BY_ONE).map(|at| format!("{}/{at}.md", at % 7)).collect();
        let pairs: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), it.as_str())).collect();
        let many = files(&pairs);
        assert_eq!(write(&out, &many).unwrap().changed, many.len());
        assert_eq!(files_of(&out), many);
        // One that cannot be written leaves all others as they were.
        let mut refused = many.clone();
        refused.insert("0/0.md/below.md".to_owned(), Vec::new());
        let failure = write(&out, &refused).unwrap_err();
        assert_eq!(failure.diagnostic.code, codes::OUTPUT_NOT_WRITTEN);
        assert_eq!(files_of(&out), many);
    }

    #[test]
    fn a_second_run_keeps_what_is_the_same_and_what_is_the_users() {
        let place = temp_dir();
        let out = place.path().join("out");
        write(&out, &files(&[("schema.sql", "1"), ("docs/old/x.md", "2"), ("same", "3")])).unwrap();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        let before = fs::metadata(out.join("same")).unwrap().modified().unwrap();
        check(&out, false).unwrap();
        let written = write(&out, &files(&[("schema.sql", "4"), ("same", "3")])).unwrap();
        assert_eq!(written, Written { changed: 2, unchanged: 1, removed: 1 });
        assert_eq!(fs::read_to_string(out.join("schema.sql")).unwrap(), "4");
        assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
        assert!(!out.join("docs").exists(), "the folder of a removed file goes too");
        assert_eq!(fs::metadata(out.join("same")).unwrap().modified().unwrap(), before);
    }

    #[test]
    fn a_failure_in_the_middle_puts_everything_back() {
        let place = temp_dir();
        let out = place.path().join("out");
        write(&out, &files(&[("a", "1"), ("z", "1")])).unwrap();
        // A folder of the user's stands where a file must go, and files stand before it.
        fs::remove_file(out.join("z")).unwrap();
        fs::write(out.join("y"), "a file").unwrap();
        let before = files_of(&out);
        let failure = write(&out, &files(&[("a", "2"), ("b/c", "2"), ("y/x", "2")])).unwrap_err();
        assert_eq!(failure.diagnostic.code, codes::OUTPUT_NOT_WRITTEN);
        assert_eq!(files_of(&out), before);
        assert!(!out.join("b").exists());
    }

    #[test]
    fn foreign_folders_and_files_are_refused() {
        let place = temp_dir();
        let file = place.path().join("notes.txt");
        fs::write(&file, "mine").unwrap();
        assert_eq!(check(place.path(), false).unwrap_err().diagnostic.code, codes::OUTPUT_NOT_OURS);
        assert_eq!(check(&file, true).unwrap_err().diagnostic.code, codes::OUTPUT_IS_A_FILE);
        check(place.path(), true).unwrap();
    }

    #[test]
    fn what_a_killed_run_left_aside_is_swept_and_what_a_living_one_uses_is_not() {
        let place = temp_dir();
        let out = place.path().join("out");
        let dead = place.path().join(".underpin-dead");
        fs::create_dir_all(dead.join("new")).unwrap();
        fs::write(dead.join(interrupt::LOCK), "").unwrap();
        let living = TemporaryFolder::inside(place.path()).unwrap();
        assert!(!dead.exists());
        write(&out, &files(&[("schema.sql", "1")])).unwrap();
        assert!(living.path().exists());
    }

    #[test]
    fn many_runs_into_one_folder_leave_one_whole_design() {
        let place = temp_dir();
        let out = place.path().join("a/out");
        thread::scope(|scope| {
            for run in 0..8_u32 {
                let out = &out;
                scope.spawn(move || {
                    let text = run.to_string();
                    for _ in 0..5 {
                        write(out, &files(&[("a", &text), ("b/c", &text), ("z", &text)])).unwrap();
                    }
                });
            }
        });
        let found = files_of(&out);
        assert_eq!((&found["a"], &found["b/c"]), (&found["z"], &found["z"]));
        assert_eq!(
            fs::read_dir(place.path().join("a")).unwrap().count(),
            1,
            "nothing is left aside"
        );
    }

    #[test]
    fn an_edited_list_of_files_names_nothing_outside() {
        let place = temp_dir();
        let evidence = r#"{"made_by":"underpin","files":["../x","/etc/passwd","a//b","ok"]}"#;
        fs::write(place.path().join(EVIDENCE), evidence).unwrap();
        assert_eq!(earlier_files(place.path()), BTreeSet::from(["ok".to_owned()]));
    }
}
