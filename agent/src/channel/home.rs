//! The home of root, which is on the work disk: what the host puts there must not get onto another, from which images
//! are made.

use std::fs;
use std::path::Path;

const HOME: &str = "/root";

/// Whether a file of that path can be put in place where its path says: below the home no link may lead out of it, and
/// nothing else may lie in the way. Other paths are not asked about.
pub fn admits(path: &Path) -> bool {
    let home = Path::new(HOME);
    !path.starts_with(home) || stays_below(path, home)
}

fn stays_below(path: &Path, home: &Path) -> bool {
    let parent = path.ancestors().skip(1).find(|folder| fs::symlink_metadata(folder).is_ok());
    let real = parent.and_then(|folder| fs::canonicalize(folder).ok());
    let taken = fs::symlink_metadata(path).map_or(false, |found| found.is_dir());
    match (real, fs::canonicalize(home)) {
        (Some(real), Ok(home)) => real.starts_with(home) && real.is_dir() && !taken,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    fn home(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("banger-home-{}-{}", name, std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("root/.config")).unwrap();
        fs::create_dir_all(folder.join("opt")).unwrap();
        folder
    }

    #[test]
    fn a_file_below_the_home_is_admitted_also_in_a_folder_that_is_missing() {
        let folder = home("plain");
        let root = folder.join("root");
        assert!(stays_below(&root.join(".config/auth.json"), &root));
        assert!(stays_below(&root.join(".local/share/tool/auth.json"), &root));
        symlink("/root/.config/auth.json", root.join(".config/auth.json")).unwrap();
        assert!(stays_below(&root.join(".config/auth.json"), &root), "rename takes the link's own place");
        symlink(root.join(".config"), root.join(".inside")).unwrap();
        assert!(stays_below(&root.join(".inside/auth.json"), &root));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_link_that_leads_out_of_the_home_is_not_followed() {
        let folder = home("links");
        let root = folder.join("root");
        symlink(folder.join("opt"), root.join(".claude")).unwrap();
        symlink("../opt", root.join(".local")).unwrap();
        symlink("/no/such/folder", root.join(".pi")).unwrap();
        for path in [".claude/.credentials.json", ".local/share/opencode/auth.json", ".pi/agent/auth.json"] {
            assert!(!stays_below(&root.join(path), &root), "{}", path);
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_lies_in_the_way_keeps_a_file_out() {
        let folder = home("way");
        let root = folder.join("root");
        fs::write(root.join(".claude"), "").unwrap();
        fs::create_dir_all(root.join(".pi/auth.json")).unwrap();
        assert!(!stays_below(&root.join(".claude/.credentials.json"), &root));
        assert!(!stays_below(&root.join(".pi/auth.json"), &root));
        fs::remove_dir_all(folder).unwrap();
    }
}
