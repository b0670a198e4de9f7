//! Help, wrong use, completions, and streams that go away.

use std::process::Stdio;

use crate::{USER, underpin};
use underpin_testkit::temp_dir_with;

#[test]
fn help_names_every_command_with_an_example() {
    let help = underpin().arg("--help").run().expect_code(0).stdout;
    for command in ["design", "model", "check", "verify", "doctor", "completions"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} in\n{help}");
        let own = underpin().args([command, "--help"]).run().expect_code(0).stdout;
        assert!(own.contains("Example: underpin"), "{own}");
    }
    let version = underpin().arg("--version").run().expect_code(0).stdout;
    assert_eq!(version, format!("underpin {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_use_ends_with_2() {
    for arguments in [&["nonsense"][..], &[], &["design", "--format", "xml"], &["verify", "a", "b"]]
    {
        let ran = underpin().args(arguments).run().expect_code(2);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert!(ran.stderr.contains("--help"), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn completions_are_scripts_of_their_shell() {
    for (shell, word) in
        [("bash", "complete -F"), ("zsh", "#compdef underpin"), ("fish", "complete -c")]
    {
        let script = underpin().args(["completions", shell]).run().expect_code(0).stdout;
        assert!(script.contains(word), "{shell}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let folder = temp_dir_with(&[("a.md", USER)]);
    let mut child = underpin()
        .args(["model", "--format", "json"])
        .arg(folder.path())
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_one() {
    let folder = temp_dir_with(&[("a.md", USER)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = underpin()
        .args(["model", "--format", "json"])
        .arg(folder.path())
        .into_command()
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("I022"));
}

#[test]
fn nothing_is_coloured_where_no_terminal_is() {
    let folder = temp_dir_with(&[("a.md", "| Field | Type |\n| --- | --- |\n| x | y |\n")]);
    for arguments in [&["model", "."][..], &["check", "."], &["design", ".", "--no-verify"]] {
        let ran = underpin().args(arguments).current_dir(folder.path()).run();
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains('\x1b'), "{ran:?}");
    }
}
