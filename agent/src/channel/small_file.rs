//! Small files of root's that the host gives a guest while nothing of it runs.

use crate::sys;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Gives a file its content and mode; missing parents are made.
///
/// A file of that kind which is there is written over, as making another and renaming it runs thrice the kernel's code,
/// all of it for the first time in a restored machine. So the old content can be lost halfway: nobody reads it
/// meanwhile, and the host says it again at each boot. It is not synced.
pub fn put(path: &str, content: &[u8], mode: u32) -> io::Result<()> {
    match there(path, mode) {
        Some(file) => fill(&file, content),
        None => replace(path, content, mode),
    }
}

/// The file, where it is root's, of that mode, and has no other name; a link is never followed.
fn there(path: &str, mode: u32) -> Option<File> {
    let file = OpenOptions::new().read(true).write(true).custom_flags(sys::O_NOFOLLOW | sys::O_NONBLOCK).open(path);
    let file = file.ok()?;
    let found = file.metadata().ok()?;
    let fits = found.is_file() && found.nlink() == 1 && found.mode() & 0o7777 == mode && found.uid() == 0;
    if fits && found.gid() == 0 {
        Some(file)
    } else {
        None
    }
}

fn fill(mut file: &File, content: &[u8]) -> io::Result<()> {
    let mut old = Vec::with_capacity(content.len() + 1);
    file.take(content.len() as u64 + 1).read_to_end(&mut old)?;
    if old == content {
        return Ok(());
    }
    file.write_all_at(content, 0)?;
    if old.len() > content.len() {
        file.set_len(content.len() as u64)?;
    }
    file.flush()
}

/// Whoever has the old one open keeps it.
fn replace(path: &str, content: &[u8], mode: u32) -> io::Result<()> {
    let aside = format!("{}.banger", path);
    let _ = fs::remove_file(&aside);
    let mut open = OpenOptions::new();
    open.write(true).create_new(true).mode(mode);
    let mut file = match open.open(&aside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Path::new(path).parent().map_or(Ok(()), fs::create_dir_all)?;
            open.open(&aside)?
        }
        opened => opened?,
    };
    file.write_all(content)?;
    fs::rename(&aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{symlink, PermissionsExt};
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("banger-small-file-{}-{}", name, std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn put_in(folder: &Path, name: &str, content: &str, mode: u32) {
        put(folder.join(name).to_str().unwrap(), content.as_bytes(), mode).unwrap();
    }

    #[test]
    fn a_file_that_is_there_is_written_over_whatever_its_length() {
        let folder = folder("over");
        put_in(&folder, "a", "middle", 0o600);
        let first = fs::metadata(folder.join("a")).unwrap().ino();
        for content in ["long enough", "short", "short", "", "again"] {
            put_in(&folder, "a", content, 0o600);
            assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), content);
        }
        assert_eq!(fs::metadata(folder.join("a")).unwrap().ino(), first);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn parents_are_made_and_the_mode_is_as_asked_for() {
        let folder = folder("mode");
        put_in(&folder, "x/y/a", "1", 0o600);
        put_in(&folder, "x/y/a", "2", 0o444);
        let made = folder.join("x/y/a");
        assert_eq!(fs::read_to_string(&made).unwrap(), "2");
        assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o7777, 0o444);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_another_name_leads_to_stays_as_it_is() {
        let folder = folder("links");
        fs::write(folder.join("hard"), "theirs").unwrap();
        fs::set_permissions(folder.join("hard"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::hard_link(folder.join("hard"), folder.join("a")).unwrap();
        symlink("hard", folder.join("b")).unwrap();
        put_in(&folder, "a", "ours", 0o600);
        put_in(&folder, "b", "ours", 0o600);
        assert_eq!(fs::read_to_string(folder.join("hard")).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "ours");
        assert!(fs::symlink_metadata(folder.join("b")).unwrap().is_file());
        fs::remove_dir_all(folder).unwrap();
    }
}
