//! Bytes in bulk and flow control, as a host sees them.

mod support;

use banger_agent::wire::frame::FrameType;
use banger_agent::wire::request::Request;
use std::convert::TryInto;
use std::io::Write;
use std::sync::mpsc;
use std::thread;
use support::*;

#[test]
fn sixteen_megabytes_come_back_from_cat_byte_for_byte() {
    const TOTAL: usize = 16 << 20;
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["cat"])));
    let sent = Numbers(1).bytes(TOTAL);
    let (credit, granted) = mpsc::channel::<usize>();
    // One thread writes all frames: two would cut into each other's.
    let (mut writer, bytes) = (host.writer(), sent.clone());
    let writing = thread::spawn(move || {
        let mut allowed = WINDOW;
        for chunk in bytes.chunks(65_536) {
            while allowed < chunk.len() {
                allowed += granted.recv().unwrap();
            }
            allowed -= chunk.len();
            let grant = frame_bytes(id, FrameType::Credit, &(chunk.len() as u32).to_be_bytes());
            writer.write_all(&grant).unwrap();
            writer.write_all(&frame_bytes(id, FrameType::Data, chunk)).unwrap();
        }
        writer.write_all(&frame_bytes(id, FrameType::Eof, &[])).unwrap();
    });
    let mut back = Vec::with_capacity(TOTAL);
    loop {
        let frame = host.frame();
        match frame.kind {
            FrameType::Data => back.extend_from_slice(&frame.payload),
            FrameType::Credit => drop(credit.send(u32::from_be_bytes(frame.payload.try_into().unwrap()) as usize)),
            FrameType::Exit => break,
            _ => panic!("{:?}", frame),
        }
    }
    writing.join().unwrap();
    assert!(back == sent, "{} bytes came back, not the {} that were sent", back.len(), sent.len());
}

#[test]
fn output_stops_at_the_credit_and_goes_on_with_more() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&Request::Exec(command(&["head", "-c", "300000", "/dev/zero"])));
    assert_eq!(data_until(&mut host, WINDOW), WINDOW);
    // The session answers meanwhile: so the output has stopped, and nothing else has.
    let other = host.opened(&Request::Exec(command(&["true"])));
    assert_eq!(host.finish(other).exit, [0, 0]);
    host.credit(id, 10_000);
    assert_eq!(data_until(&mut host, 10_000), 10_000);
    host.credit(id, 1_000_000);
    let finished = host.finish(id);
    assert_eq!(finished.output.len(), 300_000 - WINDOW - 10_000);
}

fn data_until(host: &mut Host, total: usize) -> usize {
    let mut got = 0;
    while got < total {
        let frame = host.frame();
        assert_eq!(frame.kind, FrameType::Data);
        got += frame.payload.len();
    }
    got
}

#[test]
fn output_and_errors_share_the_credit() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&Request::Exec(shell("head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2")));
    let mut got = 0;
    while got < WINDOW {
        got += host.frame().payload.len();
    }
    assert_eq!(got, WINDOW);
    host.credit(id, 400_000);
    let finished = host.finish(id);
    assert_eq!(finished.output.len() + finished.errors.len() + got, 400_000);
}

#[test]
fn a_reader_that_does_not_read_gets_one_window_and_no_more_is_granted() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["sleep", "600"])));
    for _ in 0..4 {
        host.send(id, FrameType::Data, &[0; 65_536]);
    }
    // Some went into the pipe, and that much at most may come back as credit.
    host.send(id, FrameType::Signal, &[9]);
    let mut granted = 0;
    loop {
        let frame = host.frame();
        match frame.kind {
            FrameType::Credit => granted += u32::from_be_bytes(frame.payload.try_into().unwrap()) as usize,
            FrameType::Exit => break,
            _ => panic!("{:?}", frame),
        }
    }
    assert!(granted <= WINDOW, "{} bytes were granted", granted);
}

#[test]
fn input_that_nobody_reads_any_more_does_not_stall_the_host() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(shell("exec <&-; echo closed; sleep 600")));
    assert_eq!(host.frame().payload, b"closed\n");
    for _ in 0..64 {
        host.send(id, FrameType::Data, &[0; 65_536]);
        let frame = host.frame();
        assert_eq!((frame.kind, frame.payload), (FrameType::Credit, 65_536u32.to_be_bytes().to_vec()));
    }
    host.send(id, FrameType::Signal, &[9]);
    assert_eq!(host.finish(id).exit, [1, 9]);
}

#[test]
fn many_commands_at_once_keep_their_bytes_apart() {
    let agent = Agent::start();
    let mut host = agent.session();
    let script = |n: u32| format!("i=0; while [ $i -lt 50 ]; do echo {}; i=$((i+1)); done", n);
    let ids: Vec<u32> = (1..=20).map(|n| host.open(&Request::Exec(shell(&script(n))))).collect();
    let mut outputs = vec![Vec::new(); ids.len() + 1];
    let mut ended = 0;
    while ended < ids.len() {
        let frame = host.frame();
        match frame.kind {
            FrameType::Data => outputs[frame.channel as usize].extend_from_slice(&frame.payload),
            FrameType::Exit => ended += 1,
            FrameType::Opened => {}
            _ => panic!("{:?}", frame),
        }
    }
    for id in ids {
        assert_eq!(outputs[id as usize], format!("{}\n", id).repeat(50).into_bytes());
    }
}
