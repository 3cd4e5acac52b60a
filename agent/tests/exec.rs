//! Commands, as a host sees them.

mod support;

use banger_agent::wire::frame::FrameType;
use banger_agent::wire::request::{ExecRequest, Request};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use support::*;

#[test]
fn output_and_errors_come_apart_and_the_status_verbatim() {
    let agent = Agent::start();
    let finished = agent.session().run(shell("printf 'a\\0b'; printf oops >&2; exit 42"));
    assert_eq!(finished, Finished { exit: [0, 42], output: b"a\0b".to_vec(), errors: b"oops".to_vec() });
}

#[test]
fn every_status_arrives() {
    let agent = Agent::start();
    let mut host = agent.session();
    for status in 0..=255u8 {
        assert_eq!(host.run(shell(&format!("exit {}", status))).exit, [0, status]);
    }
}

#[test]
fn an_end_by_signal_is_told_as_such() {
    let agent = Agent::start();
    let mut host = agent.session();
    for signal in [1u8, 2, 9, 13, 15] {
        assert_eq!(host.run(shell(&format!("kill -{} $$", signal))).exit, [1, signal]);
    }
}

#[test]
fn signals_go_to_the_whole_process_group() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&Request::Exec(shell("sleep 600 & echo ready; wait")));
    assert_eq!(host.frame().payload, b"ready\n");
    host.send(id, FrameType::Signal, &[15]);
    // The background sleep holds the pipe open: if it lived, it would not matter to EXIT, but to the group.
    assert_eq!(host.finish(id).exit, [1, 15]);
}

#[test]
fn commands_start_with_default_signals_and_few_descriptors() {
    let agent = Agent::start();
    let finished = agent.session().run(command(&["cat", "/proc/self/status"]));
    let status = String::from_utf8(finished.output).unwrap();
    // The C library keeps signals 32 and 33 to itself: they stay as the test's own parent left them.
    const KEPT: u64 = 0x1_8000_0000;
    for field in ["SigBlk:", "SigIgn:", "SigCgt:"] {
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        assert_eq!(u64::from_str_radix(line.trim(), 16).unwrap() & !KEPT, 0, "{}{}", field, line);
    }
    let script = "for fd in /proc/self/fd/*; do echo ${fd##*/}; done";
    // The test's parent may hand descriptors down to all; the agent must add none.
    let inherited = Command::new("/bin/sh").args(["-c", script]).output().unwrap().stdout;
    let found = agent.session().run(shell(script)).output;
    assert_eq!(String::from_utf8(found), String::from_utf8(inherited));
}

#[test]
fn stdin_is_passed_on_to_its_end() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["cat"])));
    host.send(id, FrameType::Data, b"one ");
    host.send(id, FrameType::Data, b"two");
    host.send(id, FrameType::Eof, &[]);
    assert_eq!(host.finish(id).output, b"one two");
}

#[test]
fn without_stdin_a_command_reads_the_end_of_file() {
    let agent = Agent::start();
    assert_eq!(agent.session().run(command(&["cat"])), Finished { exit: [0, 0], output: vec![], errors: vec![] });
}

#[test]
fn the_environment_is_small_and_can_be_set() {
    let agent = Agent::start();
    let mut request = command(&["env"]);
    request.environment = vec![b"LANG=x".to_vec(), b"EXTRA=a=b".to_vec()];
    let output = String::from_utf8(agent.session().run(request).output).unwrap();
    let mut names: Vec<&str> = output.lines().collect();
    names.sort_unstable();
    assert_eq!(names[0], "EXTRA=a=b");
    assert!(names.contains(&"HOME=/root") || names.iter().any(|name| name.starts_with("HOME=")));
    assert!(names.contains(&"LANG=x"), "{}", output);
    assert_eq!(names.len(), 7, "{}", output);
}

#[test]
fn the_path_of_the_request_is_searched() {
    let agent = Agent::start();
    let tool = agent.path("tool");
    fs::write(&tool, "#!/bin/sh\necho found\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let mut request = command(&["tool"]);
    request.environment = vec![format!("PATH=/nowhere:{}", agent.folder.display()).into_bytes()];
    assert_eq!(agent.session().run(request).output, b"found\n");
}

#[test]
fn what_cannot_start_is_refused_with_its_reason() {
    let agent = Agent::start();
    fs::write(agent.path("plain"), "no program").unwrap();
    fs::write(agent.path("odd"), "no program").unwrap();
    fs::set_permissions(agent.path("odd"), fs::Permissions::from_mode(0o755)).unwrap();
    let plain = agent.path("plain").display().to_string();
    let odd = agent.path("odd").display().to_string();
    let with = |change: fn(&mut ExecRequest)| {
        let mut request = command(&["true"]);
        change(&mut request);
        request
    };
    let cases = [
        (command(&["no-such-command"]), 3),
        (command(&["/no/such/command"]), 3),
        (command(&[&plain]), 4),
        (command(&[&odd]), 4),
        (command(&["/"]), 4),
        (with(|request| request.directory = b"/no/such/folder".to_vec()), 6),
        (with(|request| request.user = "no-such-user".into()), 5),
    ];
    let mut host = agent.session();
    for (request, code) in cases {
        let name = format!("{:?}", request);
        assert_eq!(host.ask(&Request::Exec(request)).code(), code, "{}", name);
    }
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn a_command_runs_as_the_user_and_in_the_folder_it_was_given() {
    let agent = Agent::start();
    let mut request = shell("id -u; pwd");
    request.directory = b"/usr".to_vec();
    request.user = "65534".into();
    assert_eq!(agent.session().run(request).output, b"65534\n/usr\n");
}

#[test]
fn a_daemon_that_keeps_the_pipe_does_not_keep_the_channel() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&Request::Exec(shell("(trap '' HUP; sleep 600) & echo $!")));
    let finished = host.finish(id);
    assert_eq!(finished.exit, [0, 0]);
    let pid = String::from_utf8(finished.output).unwrap();
    host.run(command(&["kill", "-9", pid.trim()]));
}

#[test]
fn close_hangs_the_process_group_up() {
    let agent = Agent::start();
    let mut host = agent.session();
    let mark = agent.path("hup");
    let id = host.opened(&Request::Exec(marks_hangup(&mark)));
    assert_eq!(host.frame().payload, b"ready\n");
    host.send(id, FrameType::Close, &[]);
    assert_eq!(text_of(&mark), "hup\n");
    // Nothing more came on the closed channel.
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn the_host_s_leaving_hangs_the_process_group_up() {
    let agent = Agent::start();
    let mark = agent.path("hup");
    let mut host = agent.session();
    host.opened(&Request::Exec(marks_hangup(&mark)));
    assert_eq!(host.frame().payload, b"ready\n");
    drop(host);
    assert_eq!(text_of(&mark), "hup\n");
    assert_eq!(agent.session().run(command(&["true"])).exit, [0, 0]);
}

/// A folder with a mise of our own that tells how it was called and then does what the real one does: SIGPIPE stays
/// ignored.
fn folder_with_mise(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("banger-mise-{}-{}", name, std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("mise");
    fs::write(
        &program,
        "#!/bin/sh\n[ \"$1 $2\" = 'exec --' ] || exit 99\nshift 2\ntrap '' PIPE\nMISE=yes exec \"$@\"\n",
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn through_mise(folder: &std::path::Path, script: &str) -> ExecRequest {
    let path = format!("PATH={}:/usr/bin:/bin", folder.display());
    ExecRequest { mise: true, environment: vec![path.into_bytes()], ..shell(script) }
}

#[test]
fn a_command_runs_through_mise_where_the_guest_has_it() {
    let agent = Agent::start();
    let mut host = agent.session();
    let folder = folder_with_mise("wrap");
    assert_eq!(host.run(through_mise(&folder, "echo $MISE")).output, b"yes\n");
    for status in 0..=255u8 {
        assert_eq!(host.run(through_mise(&folder, &format!("exit {}", status))).exit, [0, status]);
    }
    for signal in [1u8, 2, 9, 13, 15] {
        assert_eq!(host.run(through_mise(&folder, &format!("kill -{} $$", signal))).exit, [1, signal]);
    }
    // Its signals and descriptors are those of a command that mise has nothing to do with.
    // The shell reads its own: dash blocks all signals until a command that it starts is executing, and that command
    // would see it.
    let state = "while read -r line; do case $line in Sig[BI]*) echo $line;; esac; done </proc/self/status
                 for fd in /proc/self/fd/*; do echo ${fd##*/}; done";
    let wrapped = host.run(through_mise(&folder, state)).output;
    assert_eq!(wrapped, host.run(shell(state)).output);
    assert!(wrapped.starts_with(b"SigBlk:"));
    let missing = ExecRequest { arguments: vec![b"no-such-command".to_vec()], ..through_mise(&folder, "") };
    assert_eq!(host.run(missing).exit, [0, 127]);
    let plain = ExecRequest { mise: false, ..through_mise(&folder, "echo $MISE") };
    assert_eq!(host.run(plain).output, b"\n");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn without_mise_a_command_runs_plainly() {
    let agent = Agent::start();
    let mut host = agent.session();
    let nowhere = std::path::Path::new("/nowhere");
    let finished = host.run(through_mise(nowhere, "printf 'a\\0b'; exit 7"));
    assert_eq!((finished.exit, finished.output), ([0, 7], b"a\0b".to_vec()));
}
