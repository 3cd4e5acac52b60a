//! The guest's users, read from /etc/passwd and /etc/group.
//!
//! The C library's look-ups would load modules at run time, which a static program cannot.

use crate::os::spawn::Ids;
use std::fs;

const ROOT_HOME: &str = "/root";
const FALLBACK_SHELL: &str = "/bin/sh";

/// One user, as a process needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    pub home: String,
    pub shell: String,
    pub groups: Vec<u32>,
}

impl Account {
    /// Finds a user by name or number; the empty name is root, which also exists where no file says so.
    pub fn find(user: &str) -> Option<Account> {
        let passwd = fs::read("/etc/passwd").unwrap_or_default();
        let wanted = if user.is_empty() { "root" } else { user };
        let mut account = in_passwd(&String::from_utf8_lossy(&passwd), wanted)?;
        if account.uid != 0 {
            let group = fs::read("/etc/group").unwrap_or_default();
            account.groups = in_group(&String::from_utf8_lossy(&group), &account);
        }
        Some(account)
    }

    /// The numbers to change to; `None` for root, which the agent is already.
    pub fn ids(&self) -> Option<Ids> {
        if self.uid == 0 && self.gid == 0 {
            return None;
        }
        Some(Ids { uid: self.uid, gid: self.gid, groups: self.groups.clone() })
    }
}

fn in_passwd(passwd: &str, wanted: &str) -> Option<Account> {
    let accounts = || passwd.lines().filter_map(passwd_line);
    let by_name = accounts().find(|account| account.name == wanted);
    let number = wanted.parse::<u32>().ok();
    let found = by_name.or_else(|| accounts().find(|account| Some(account.uid) == number));
    if found.is_none() && (wanted == "root" || number == Some(0)) {
        return Some(Account {
            name: "root".into(),
            uid: 0,
            gid: 0,
            home: ROOT_HOME.into(),
            shell: FALLBACK_SHELL.into(),
            groups: Vec::new(),
        });
    }
    found
}

fn passwd_line(line: &str) -> Option<Account> {
    let fields: Vec<&str> = line.split(':').collect();
    if fields.len() < 7 {
        return None;
    }
    let shell = if fields[6].is_empty() { FALLBACK_SHELL } else { fields[6] };
    Some(Account {
        name: fields[0].into(),
        uid: fields[2].parse().ok()?,
        gid: fields[3].parse().ok()?,
        home: if fields[5].is_empty() { "/".into() } else { fields[5].into() },
        shell: shell.into(),
        groups: Vec::new(),
    })
}

/// The account's own group, and all those that list it as a member.
fn in_group(group: &str, account: &Account) -> Vec<u32> {
    let mut groups = vec![account.gid];
    for line in group.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if fields.len() < 4 || !fields[3].split(',').any(|member| member == account.name) {
            continue;
        }
        if let Ok(gid) = fields[2].parse() {
            if !groups.contains(&gid) {
                groups.push(gid);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str =
        "root:x:0:0:root:/root:/bin/bash\nbroken\nann:x:1000:1001::/home/ann:\n1002:x:7:7::/:/bin/sh\n";

    #[test]
    fn a_user_is_found_by_name_before_number() {
        assert_eq!(in_passwd(PASSWD, "ann").unwrap().uid, 1000);
        assert_eq!(in_passwd(PASSWD, "1000").unwrap().name, "ann");
        assert_eq!(in_passwd(PASSWD, "1002").unwrap().uid, 7);
        assert_eq!(in_passwd(PASSWD, "bob"), None);
    }

    #[test]
    fn an_empty_shell_is_the_default_one() {
        assert_eq!(in_passwd(PASSWD, "ann").unwrap().shell, "/bin/sh");
    }

    #[test]
    fn root_exists_without_a_passwd_file() {
        assert_eq!(in_passwd("", "root").unwrap().home, "/root");
        assert_eq!(in_passwd("", "0").unwrap().uid, 0);
    }

    #[test]
    fn groups_are_the_own_one_and_the_listed_ones_once() {
        let ann = in_passwd(PASSWD, "ann").unwrap();
        let group = "docker:x:99:bob,ann\nsudo:x:27:annie\nann:x:1001:ann\nbad:x:y:ann\n";
        assert_eq!(in_group(group, &ann), [1001, 99]);
    }
}
