//! Where the output goes, and what happens where it cannot.

use std::fs;
use std::path::Path;

use crate::{USER, underpin};
use underpin_testkit::{Binary, Ran, files_of, temp_dir_with};

fn design(folder: &Path) -> Binary {
    underpin().args(["design", "docs", "--no-verify"]).current_dir(folder)
}

#[track_caller]
fn refused(ran: Ran, exit: i32, code: &str) -> Ran {
    let ran = ran.expect_code(exit);
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
    ran
}

#[test]
fn the_output_path_is_a_file() {
    let folder = temp_dir_with(&[("docs/a.md", USER), ("out", "mine")]);
    refused(design(folder.path()).args(["--out", "out"]).run(), 3, "I020");
    assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap(), "mine");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone_unless_forced() {
    let folder = temp_dir_with(&[("docs/a.md", USER), ("out/notes.txt", "mine")]);
    refused(design(folder.path()).args(["--out", "out"]).run(), 2, "I021");
    assert_eq!(files_of(&folder.path().join("out")).len(), 1);
    let _ = design(folder.path()).args(["--out", "out", "--force"]).run().expect_code(0);
    assert_eq!(fs::read_to_string(folder.path().join("out/notes.txt")).unwrap(), "mine");
    assert!(folder.path().join("out/schema.sql").exists());
}

#[test]
fn input_inside_of_the_output_folder_is_refused() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    refused(design(folder.path()).args(["--out", "."]).run(), 2, "I023");
}

#[test]
fn a_second_run_changes_nothing_and_a_third_only_what_the_input_changed() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let out = folder.path().join("persistence");
    let _ = design(folder.path()).run().expect_code(0);
    let before = files_of(&out);
    let written = fs::metadata(out.join("schema.sql")).unwrap().modified().unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();

    let ran = design(folder.path()).run().expect_code(0);
    assert!(ran.stdout.contains("0 files new or changed"), "{}", ran.stdout);
    assert_eq!(fs::metadata(out.join("schema.sql")).unwrap().modified().unwrap(), written);

    // A comment at the end of the document changes the model file's places and no table.
    fs::write(folder.path().join("docs/a.md"), USER.replace("email", "mail")).unwrap();
    let _ = design(folder.path()).run().expect_code(0);
    let mut after = files_of(&out);
    assert_eq!(after.remove("notes.txt").unwrap(), b"mine");
    assert_ne!(after["schema.sql"], before["schema.sql"]);
    assert_eq!(after["schema/underpin.schema.json"], before["schema/underpin.schema.json"]);
}

/// Nothing can be made there, not even by root; what is there to be proven would take long.
#[cfg(target_os = "linux")]
#[test]
fn a_place_that_takes_no_files_is_refused_before_any_work() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let ran = underpin()
        .args(["design", "docs", "--out", "/proc/persistence", "--verbose"])
        .current_dir(folder.path())
        .run();
    let ran = refused(ran, 3, "I022");
    assert!(!ran.stderr.contains("read:"), "{}", ran.stderr);
}

/// The private server's disk is full: it is no evidence on anything, and the old output stays.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_too_small_for_the_server() {
    let Some(tiny) = Tiny::mounted("12m") else { return };
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let design = || underpin().args(["design", "docs"]).current_dir(folder.path());
    let _ = design().arg("--no-verify").run().expect_code(0);
    let before = files_of(folder.path());
    let ran = refused(design().env("TMPDIR", tiny.0.path()).run(), 3, "I030");
    assert!(ran.stderr.contains("free some space"), "{}", ran.stderr);
    assert_eq!(files_of(folder.path()), before);
    assert_eq!(fs::read_dir(tiny.0.path()).unwrap().count(), 0, "nothing is left");
}

#[cfg(unix)]
#[test]
fn a_read_only_output_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let out = folder.path().join("persistence");
    let _ = design(folder.path()).run().expect_code(0);
    let before = files_of(&out);
    fs::write(folder.path().join("docs/a.md"), USER.replace("email", "mail")).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let ran = refused(design(folder.path()).run(), 3, "I022");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(ran.stderr.contains("permission denied"), "{}", ran.stderr);
    assert_eq!(files_of(&out), before);
}

/// A file system of a given size, mounted for one test. Only root may mount; `None` where we may not.
#[cfg(target_os = "linux")]
struct Tiny(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Tiny {
    fn mounted(size: &str) -> Option<Self> {
        // Its path is short, since a socket's is; open, since a server may run under another account.
        let place = tempfile::Builder::new().prefix("up").tempdir_in("/tmp").unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size},mode=0755"), "tmpfs"])
            .arg(place.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(place))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Tiny {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    use std::fmt::Write as _;

    let Some(tiny) = Tiny::mounted("64k") else {
        // Who may not mount still learns that a full device is reported: the same error, from the system itself.
        let error = fs::write("/dev/full", "x").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        return;
    };
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let out = tiny.0.path().join("out");
    // Small enough for the schema file, the rest is what the design adds.
    let mut large = String::new();
    for table in 0..60 {
        write!(large, "\n{}", USER.replace("User", &format!("Thing{table}"))).unwrap();
    }
    fs::write(folder.path().join("docs/a.md"), large).unwrap();
    let ran = refused(design(folder.path()).arg("--out").arg(&out).run(), 3, "I022");
    assert!(ran.stderr.contains("free some space"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(tiny.0.path()).unwrap().count(), 0, "nothing is left");

    // What was there before stays, whole.
    fs::create_dir(&out).unwrap();
    let evidence = r#"{"made_by":"underpin 0.0.0","files":["schema.sql","evidence.json"]}"#;
    fs::write(out.join("evidence.json"), evidence).unwrap();
    fs::write(out.join("schema.sql"), "old").unwrap();
    let before = files_of(tiny.0.path());
    refused(design(folder.path()).arg("--out").arg(&out).run(), 3, "I022");
    assert_eq!(files_of(tiny.0.path()), before);
}
