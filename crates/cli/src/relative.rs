//! One path seen from a folder.

use std::path::{Component, Path, PathBuf};

/// `path` seen from `folder`, without asking the file system: `docs` from `out/shop` is `../../docs`. Where there is no
/// way from one to the other (two drives of Windows), the path itself, made absolute.
pub(crate) fn seen_from(folder: &Path, path: &Path) -> std::io::Result<PathBuf> {
    let (folder, path) =
        (normal(&std::path::absolute(folder)?), normal(&std::path::absolute(path)?));
    let mut above = folder.components().peekable();
    let mut below = path.components().peekable();
    if above.peek() != below.peek() {
        return Ok(path);
    }
    while above.peek().is_some() && above.peek() == below.peek() {
        above.next();
        below.next();
    }
    let seen: PathBuf = above.map(|_| Component::ParentDir).chain(below).collect();
    Ok(if seen.as_os_str().is_empty() { PathBuf::from(".") } else { seen })
}

/// Without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                normal.push(component);
            }
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_goes_up_and_down_again() {
        let seen = |folder, path| seen_from(Path::new(folder), Path::new(path)).unwrap();
        assert_eq!(seen("/a/out/shop", "/a/docs"), PathBuf::from("../../docs"));
        assert_eq!(seen("/a/out", "/a/out/x.md"), PathBuf::from("x.md"));
        assert_eq!(seen("/a/docs/out", "/a/docs"), PathBuf::from(".."));
        assert_eq!(seen("a", "./b/../c"), PathBuf::from("../c"));
        assert_eq!(seen("/a", "/a/."), PathBuf::from("."));
    }
}
