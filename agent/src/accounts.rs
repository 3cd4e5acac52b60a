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
    /// Finds `USER` or `USER:GROUP`, each a name or a number; the empty name is root.
    ///
    /// A number needs no entry: then it is its own name, with group 0 and `/` for a home, as containers have it.
    pub fn find(user: &str) -> Option<Account> {
        let passwd = fs::read("/etc/passwd").unwrap_or_default();
        let group = fs::read("/etc/group").unwrap_or_default();
        find_in(&String::from_utf8_lossy(&passwd), &String::from_utf8_lossy(&group), user)
    }

    /// The numbers to change to; `None` for root, which the agent is already.
    pub fn ids(&self) -> Option<Ids> {
        if self.uid == 0 && self.gid == 0 {
            return None;
        }
        Some(Ids { uid: self.uid, gid: self.gid, groups: self.groups.clone() })
    }
}

fn find_in(passwd: &str, group: &str, user: &str) -> Option<Account> {
    let (wanted, own_group) = match user.split_once(':') {
        Some((name, own_group)) => (name, Some(own_group)),
        None => (user, None),
    };
    let mut account = in_passwd(passwd, if wanted.is_empty() { "root" } else { wanted })?;
    if let Some(own_group) = own_group {
        account.gid = group_id(group, own_group)?;
        account.groups = vec![account.gid];
    } else if account.uid != 0 {
        account.groups = in_group(group, &account);
    }
    Some(account)
}

fn group_id(group: &str, wanted: &str) -> Option<u32> {
    let mut named = group.lines().map(|line| line.split(':')).filter_map(|mut fields| match fields.next() {
        Some(name) if name == wanted => fields.nth(1)?.parse().ok(),
        _ => None,
    });
    named.next().or_else(|| number(wanted))
}

/// An id; the greatest number means "no id" to the kernel.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|id| *id != u32::MAX)
}

fn in_passwd(passwd: &str, wanted: &str) -> Option<Account> {
    let accounts = || passwd.lines().filter_map(passwd_line);
    let by_name = accounts().find(|account| account.name == wanted);
    let number = number(wanted);
    by_name.or_else(|| accounts().find(|account| Some(account.uid) == number)).or_else(|| match (wanted, number) {
        ("root", _) | (_, Some(0)) => Some(without_entry("root", 0, ROOT_HOME)),
        (_, Some(uid)) => Some(without_entry(wanted, uid, "/")),
        _ => None,
    })
}

fn without_entry(name: &str, uid: u32, home: &str) -> Account {
    Account { name: name.into(), uid, gid: 0, home: home.into(), shell: FALLBACK_SHELL.into(), groups: Vec::new() }
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
    fn a_number_needs_no_entry() {
        let nobody = in_passwd(PASSWD, "4711").unwrap();
        assert_eq!((nobody.uid, nobody.gid, nobody.home.as_str(), nobody.name.as_str()), (4711, 0, "/", "4711"));
        assert_eq!(in_passwd(PASSWD, "4294967295"), None);
        assert_eq!(in_passwd(PASSWD, "-1"), None);
    }

    #[test]
    fn a_group_may_stand_behind_the_user_and_is_the_only_one_then() {
        let group = "docker:x:99:ann\nwork:x:50:\n";
        let ann = |user| find_in(PASSWD, group, user).unwrap();
        assert_eq!((ann("ann").gid, ann("ann").groups), (1001, vec![1001, 99]));
        assert_eq!((ann("ann:work").gid, ann("ann:work").groups), (50, vec![50]));
        assert_eq!((ann("1000:7").gid, ann("1000:7").groups), (7, vec![7]));
        assert_eq!(find_in(PASSWD, group, "ann:nosuch"), None);
        assert_eq!(find_in(PASSWD, group, "ann:"), None);
        assert_eq!(find_in(PASSWD, group, "").unwrap().uid, 0);
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
