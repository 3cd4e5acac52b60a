package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.config.ConfigQuestion;
import banger.daemon.doctor.Doctor;
import banger.daemon.doctor.Leftovers;
import banger.daemon.doctor.Surroundings;
import banger.daemon.os.DaemonLock;
import banger.daemon.os.DaemonLog;
import banger.daemon.os.Environment;
import banger.daemon.os.FaultOrder;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostCertificates;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.ProcessExit;
import banger.daemon.os.SocketAccess;
import banger.daemon.problem.Problem;
import banger.daemon.rpc.RpcServer;
import banger.daemon.state.Database;
import banger.wire.Build;
import banger.wire.rpc.DaemonMessages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code bangerd}: serves until it is told to stop, or answers one question about this host. */
public final class Main {
    private static final System.Logger LOG = System.getLogger(Main.class.getName());
    private static final int EXIT_FAILURE = 1;
    private static final int EXIT_USAGE = 2;
    private static final int KILLED = 128 + 9;

    private static final String USAGE = """
            usage: bangerd [serve]         serve until SIGTERM; banger starts it by itself
                   bangerd doctor [--json] check this host
                   bangerd config ...      what banger config answers
                   bangerd verify          print what banger has on this host that nobody accounts for
            """;

    private Main() {}

    public static void main(String[] args) {
        try {
            System.exit(run(List.of(args)));
        } catch (DaemonLock.Taken e) {
            System.exit(failed(e, "banger daemon status", DaemonMessages.EXIT_ANOTHER_RUNS));
        } catch (Problem e) {
            // Of a diagnosis 1 would say that all works.
            System.exit(failed(e, e.hint(), List.of(args).indexOf("doctor") == 0 ? Doctor.FAILED : EXIT_FAILURE));
        }
    }

    private static int failed(RuntimeException why, @Nullable String hint, int status) {
        System.err.println("bangerd: " + why.getMessage());
        if (hint != null) {
            System.err.println("  try: " + hint);
        }
        return status;
    }

    private static int run(List<String> args) {
        HostPaths paths = HostPaths.ofThisProcess();
        return switch (args.isEmpty() ? "serve" : args.getFirst()) {
            case "serve" -> {
                serve(paths);
                // A training run has its AOT cache made by the JVM's own end.
                if (!Environment.ofThisProcess().containsKey("BANGERD_TRAIN")) {
                    ProcessExit.now(0);
                }
                yield 0;
            }
            case "doctor" -> doctor(paths, args.subList(1, args.size()));
            case "config" -> {
                List<String> words = args.subList(1, args.size());
                System.out.print(ConfigQuestion.answer(words, paths.configFile(), certificates()));
                yield 0;
            }
            case "verify" -> Leftovers.of(paths).run(System.out);
            case "--help", "-h", "help" -> {
                System.out.print(USAGE);
                yield 0;
            }
            default -> {
                System.err.println("bangerd: unknown command \"" + args.getFirst() + "\"");
                System.err.println("  try: bangerd --help");
                yield EXIT_USAGE;
            }
        };
    }

    private static int doctor(HostPaths paths, List<String> options) {
        for (String option : options) {
            if (!option.equals("--json")) {
                System.err.println("bangerd doctor: unknown option \"" + option + "\"");
                System.err.println("  try: bangerd doctor --json");
                return EXIT_USAGE;
            }
        }
        Kvm kvm = Drivers.kvm();
        var here = Surroundings.of(
                paths,
                certificates(),
                Environment.ofThisProcess(),
                kvm,
                Drivers.diagnosed(paths, () -> kvm),
                Distribution.agent());
        return Doctor.of(here).run(System.out, !options.isEmpty());
    }

    private static @Nullable Path certificates() {
        return HostCertificates.ofThisHost().given(Environment.ofThisProcess());
    }

    private static void serve(HostPaths paths) {
        FaultOrder.of(Environment.ofThisProcess(), Main::die).ifPresent(FaultPoint::arm);
        Config config = ConfigFile.load(paths.configFile(), certificates());
        SocketAccess access = SocketAccess.of(Environment.ofThisProcess());
        paths.prepare();
        access.open(paths);
        try (DaemonLock lock = DaemonLock.take(paths.daemonLock());
                DaemonLog log = DaemonLog.open(paths.daemonLog());
                Database database = Database.open(paths.database())) {
            var stopped = new CountDownLatch(1);
            new Assembly(paths, config, database, Drivers::kvm, stopped::countDown)
                    .serve(access, server -> serveUntil(stopped, server));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "cannot write " + paths.daemonLog() + ": " + e.getMessage(),
                    "banger doctor",
                    e);
        }
    }

    /** As by SIGKILL: no shutdown hook runs. */
    private static void die() {
        java.lang.Runtime.getRuntime().halt(KILLED);
    }

    private static void serveUntil(CountDownLatch stopped, RpcServer server) {
        Thread main = Thread.currentThread();
        // SIGTERM and SIGINT end the daemon as daemon.stop does; VMs go on.
        java.lang.Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopped.countDown();
                            server.close();
                        },
                        "shutdown"));
        Thread.ofPlatform().name("rpc-accept").daemon().start(server::serve);
        LOG.log(
                System.Logger.Level.INFO,
                "bangerd {0} serves, pid {1}",
                Build.current().id(),
                Long.toString(ProcessHandle.current().pid()));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            main.interrupt();
        }
        LOG.log(System.Logger.Level.INFO, "bangerd ends; vms go on");
    }
}
