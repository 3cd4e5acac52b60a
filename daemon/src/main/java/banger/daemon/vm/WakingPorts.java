package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The published ports of suspended VMs, listened on in their stead: who connects to one wakes the VM and is passed on to
 * it. Safe for any number of threads.
 */
final class WakingPorts {
    private static final System.Logger LOG = System.getLogger(WakingPorts.class.getName());
    private static final int BACKLOG = 16;
    private static final int CONNECT_BOUND_MILLIS = 10_000;
    private static final Duration LEAVE_BOUND = Duration.ofSeconds(5);

    /** One VM's, with what listens on them. */
    private record Held(List<PublishedPort> ports, List<Listener> listeners) {}

    private record Listener(ServerSocket socket, Thread thread) {
        /** A port is only free when the thread that waits on it has left it. */
        void close() {
            WakingPorts.close(socket);
            try {
                thread.join(LEAVE_BOUND);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final Map<UUID, Held> held = new ConcurrentHashMap<>();
    private volatile Consumer<Vm> wake = vm -> {};

    /** @param work what resumes a VM, and closes its ports here */
    void onConnection(Consumer<Vm> work) {
        wake = work;
    }

    /** Listens on those whose number is chosen. One that is taken by now is left alone, and the VM sleeps on. */
    synchronized void open(Vm vm, List<PublishedPort> ports) {
        var listeners = new ArrayList<Listener>();
        for (PublishedPort port : ports) {
            if (port.hostPort() == 0) {
                continue;
            }
            try {
                listeners.add(listener(vm, port));
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "vm {0} is not woken by port {1}: {2}",
                        vm.name(),
                        Integer.toString(port.hostPort()),
                        e.getMessage());
            }
        }
        held.put(vm.id(), new Held(ports, listeners));
    }

    private Listener listener(Vm vm, PublishedPort port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(address(port), port.hostPort()), BACKLOG);
        } catch (IOException e) {
            close(socket);
            throw e;
        }
        return new Listener(
                socket, Thread.ofVirtual().name("waking-" + vm.name()).start(() -> listen(vm, port, socket)));
    }

    /** Lets go of the VM's ports, which are free then, and returns them; those of its shape where none were open. */
    synchronized List<PublishedPort> close(Vm vm) {
        Held gone = held.remove(vm.id());
        if (gone == null) {
            return vm.spec().publish();
        }
        gone.listeners().forEach(Listener::close);
        return gone.ports();
    }

    private void listen(Vm vm, PublishedPort port, ServerSocket socket) {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().name("woken-" + vm.name()).start(() -> pass(vm, port, client));
            }
        } catch (IOException e) {
            // It has been closed: the VM runs again, or is gone.
            close(socket);
        }
    }

    private void pass(Vm vm, PublishedPort port, Socket client) {
        try (client;
                var guest = new Socket()) {
            wake.accept(vm);
            InetAddress own = address(port);
            InetAddress there = own.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own;
            guest.connect(new InetSocketAddress(there, port.hostPort()), CONNECT_BOUND_MILLIS);
            Thread back = Thread.ofVirtual().name("woken-back-" + vm.name()).start(() -> copy(guest, client));
            copy(client, guest);
            back.join();
        } catch (IOException | Problem e) {
            LOG.log(System.Logger.Level.WARNING, "a connection to vm {0} is lost: {1}", vm.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until one side ends: the other is told so. */
    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static InetAddress address(PublishedPort port) {
        return InetAddress.ofLiteral(port.hostAddress());
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
