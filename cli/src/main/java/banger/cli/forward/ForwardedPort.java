package banger.cli.forward;

import banger.cli.daemon.Daemon;
import banger.cli.daemon.DaemonConnection;
import banger.cli.exec.GuestStream;
import banger.cli.exec.StreamOutcome;
import banger.cli.session.CliFailure;
import banger.cli.session.Output;
import banger.wire.rpc.Methods;
import banger.wire.rpc.SshMessages.Connect;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** A port that listens: each of its connections has a thread, a connection to the daemon and one in the guest. */
public final class ForwardedPort {
    /** Of all ports together: below what the daemon and a guest's agent serve at once, which are others' too. */
    private static final Semaphore FREE = new Semaphore(128);

    private static final int BACKLOG = 128;
    /** After a connection that could not be taken, such as for lack of file descriptors. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Forward forward;
    private final ServerSocket server;
    private final String vm;
    private final Daemon daemon;
    private final Output output;

    private ForwardedPort(Forward forward, ServerSocket server, String vm, Daemon daemon, Output output) {
        this.forward = forward;
        this.server = server;
        this.vm = vm;
        this.daemon = daemon;
        this.output = output;
    }

    /** Listens from here on. @throws CliFailure where it cannot, such as when the port is in use */
    public static ForwardedPort bind(Forward forward, String vm, Daemon daemon, Output output) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName(forward.bind()), forward.hostPort()), BACKLOG);
            return new ForwardedPort(forward, server, vm, daemon, output);
        } catch (UnknownHostException e) {
            server.close();
            throw new CliFailure("no address \"" + forward.bind() + "\" on this host", null);
        } catch (BindException e) {
            server.close();
            throw new CliFailure(
                    "cannot listen on " + forward.bind() + ":" + forward.hostPort() + ": " + e.getMessage(),
                    "another port, or 0:" + forward.guestPort() + " for a free one");
        }
    }

    public String address() {
        String bind = forward.bind();
        return (bind.indexOf(':') >= 0 ? "[" + bind + "]" : bind) + ":" + server.getLocalPort();
    }

    public int guestPort() {
        return forward.guestPort();
    }

    /** Takes connections, in threads that do not keep the program alive. */
    public void serve() {
        Thread.ofVirtual().name("accept-" + server.getLocalPort()).start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                FREE.acquire();
                acceptOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptOne() throws InterruptedException {
        try {
            Socket client = server.accept();
            Thread.ofVirtual().name("forward-" + server.getLocalPort()).start(() -> {
                try {
                    join(client);
                } finally {
                    FREE.release();
                }
            });
        } catch (IOException e) {
            FREE.release();
            tell("a connection could not be taken: " + e.getMessage());
            Thread.sleep(PAUSE);
        }
    }

    /** One connection's whole life; what goes wrong is told, and ends this one only. */
    private void join(Socket client) {
        try (client;
                DaemonConnection connection = daemon.connect()) {
            client.setTcpNoDelay(true);
            StreamOpened opened = connection.call(Methods.VM_CONNECT, new Connect(vm, "", forward.guestPort()));
            GuestStream stream = new GuestStream(connection.frameReader(), connection.frameWriter(), opened.channel());
            stream.whenEnded(() -> endOutput(client));
            stream.forward(client.getInputStream());
            StreamOutcome outcome = stream.run(client.getOutputStream(), client.getOutputStream());
            if (outcome instanceof StreamOutcome.Broken(String reason)) {
                tell(reason);
            }
        } catch (CliFailure e) {
            tell(e.text());
        } catch (IOException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    private static void endOutput(Socket client) {
        try {
            client.shutdownOutput();
        } catch (IOException e) {
            // The client has gone; its input ends as well, and that is told to the guest.
        }
    }

    private void tell(String reason) {
        output.note("banger: " + address() + ": " + reason);
    }
}
