package banger.cli.command;

/** What {@code banger} and its groups of commands print without further words: the commands by task. */
public final class QuickReference {
    private static final String ALL = """
            banger keeps persistent Linux microVMs for development.

            Begin
              banger image bootstrap             make the base image, once
              banger vm run [PATH] [-- COMMAND]  a VM with this git repository in it, and a shell or COMMAND
              banger vm create [--name NAME]     a VM

            Work
              banger vm exec -it VM bash -l      a shell in it
              banger vm exec VM COMMAND...       run a command in it
              banger vm workspace prepare VM     put this git repository into it, or what has changed
              banger vm workspace export VM      bring the work home, as a patch or a branch
              banger vm ssh VM                   log in with the host's ssh
              banger vm cp SRC VM:DST            copy files to it, or VM:SRC DST from it

            Look
              banger ps                          every VM
              banger vm show|logs|stats VM       one of them
              banger operation list              what the daemon is doing

            End
              banger vm stop|delete VM...        shut down; delete with its disks

            More: banger vm, banger ssh-config, banger image, banger kernel, banger template, banger operation,
            banger network, banger config, banger daemon, banger doctor, banger version, banger completion SHELL.
            Each command explains itself with --help.
            """;

    private static final String VM = """
            Create
              banger vm create [--name NAME] [--image IMAGE] [--vcpu N] [--memory 1G] [--disk 8G]
                               [--publish 8080:80] [--network user|bridge|none] [--autostart] [--detach]
              banger vm run [PATH] [--rm] [-- COMMAND]   create, prepare a git repository, run a command or a shell

            Work
              banger vm exec [-i] [-t] VM COMMAND...     run a command
              banger vm exec -it VM bash -l              open a shell
              banger vm workspace prepare VM [PATH]      put a git repository into it, or what has changed
              banger vm workspace export VM --patch FILE | --branch NAME    bring the work home
              banger vm workspace show VM                which repository it holds, and whether it is stale
              git fetch banger::VM                       a VM's workspace as a remote of git
              banger vm ssh VM [-A] [-- COMMAND]         the same with the host's ssh
              banger vm cp SRC VM:DST | VM:SRC DST       copy files and folders
              banger vm port-forward VM 8080:80...       forward ports until Ctrl-C
              banger vm proxy VM                         for ssh's ProxyCommand (banger ssh-config)

            Look
              banger vm list                             every VM (banger ps)
              banger vm show VM                          one VM
              banger vm logs [-f] VM                     its console
              banger vm ports VM                         its published ports
              banger vm stats VM                         what it uses

            Change
              banger vm set VM --kernel KERNEL           boot another kernel from its next start on
              banger vm set VM --autostart on|off        start it again after each reboot of the host

            Pause and resume
              banger vm stop VM... | --all               shut down
              banger vm start VM... | --all              start again
              banger vm restart VM... | --all            both
              banger vm kill VM... | --all               turn off at once
              banger vm suspend VM...                    freeze to disk, with processes and unsaved memory
              banger vm resume VM...                     go on from there, as exec, ssh and run do by themselves

            Copy
              banger vm fork VM [NAME...]                running copies, with processes and unsaved memory
              banger vm snapshot create VM NAME          keep a point to go back to
              banger vm snapshot list VM                 which there are
              banger vm snapshot restore VM NAME         go back; what came since is lost
              banger vm snapshot delete VM NAME          forget it

            End
              banger vm delete VM... | --all             delete, disks and all

            A VM is given by its name, its id, or the beginning of either. Details: banger vm COMMAND --help.
            """;

    private static final String WORKSPACE = """
            A workspace is a git repository of the host inside a VM
              banger vm workspace prepare VM [PATH]      put it there; again: send what has changed
              banger vm workspace show VM                what was prepared, and whether it is stale
              banger vm workspace export VM --patch FILE     the work as mails for git am
              banger vm workspace export VM --branch NAME    the commits as a new branch
              git fetch banger::VM                       the same with git itself, also push

            Details: banger vm workspace COMMAND --help.
            """;

    private static final String SNAPSHOT = """
            A snapshot is a point in a VM's life: its disks, and its memory where it ran
              banger vm snapshot create VM NAME          keep one
              banger vm snapshot list VM                 which there are
              banger vm snapshot restore VM NAME         go back; what came since is lost
              banger vm snapshot delete VM NAME          forget it

            Details: banger vm snapshot COMMAND --help.
            """;

    private static final String SSH_CONFIG = """
            ssh, scp, rsync and editors reach every VM as NAME.banger
              banger ssh-config install          include banger's configuration in ~/.ssh/config
              banger ssh-config remove           take that line out again
              banger ssh-config print            what it says

            Details: banger ssh-config COMMAND --help.
            """;

    private static final String IMAGE = """
            Make
              banger image bootstrap [IMAGE]     make a base image and its kernel
              banger image build NAME -f RECIPE  make an image of another, by steps in a VM of it
              banger image commit VM NAME        make an image of a VM that does not run
              banger image import SOURCE         from a registry, an OCI layout, docker save or a rootfs tar
              banger image pull REFERENCE        one that was pushed to a registry
              banger image register NAME ...     of files of yours, which stay where they are
              banger image promote IMAGE         take a registered image's files into the store
              banger image warm [IMAGE]          make a template, so that VMs are restored and not booted

            Look
              banger image list                  every image
              banger image show IMAGE            one image and its layers
              banger image history IMAGE         how it came about
              banger image diff IMAGE            what its uppermost layer changes

            Share
              banger image push IMAGE REFERENCE  put an image with its kernel into a registry

            End
              banger image delete IMAGE...       delete images that no VM uses
              banger image prune                 remove files that no image needs

            Details: banger image COMMAND --help.
            """;

    private static final String TEMPLATE = """
            Make
              banger image warm [IMAGE]          boot the image, and freeze it

            Look
              banger template list               every template, and whether it is current

            End
              banger template delete TEMPLATE... delete templates; VMs restored from them go on
              banger template prune              delete the stale ones

            Details: banger template COMMAND --help.
            """;

    private static final String KERNEL = """
            Make
              banger kernel import --deb FILE    from a Debian package
              banger kernel import --xbps FILE   from a Void Linux package
              banger kernel import --vmlinux FILE --modules FOLDER

            Look
              banger kernel list                 every kernel, and who uses it
              banger kernel show KERNEL          one kernel

            Use
              banger kernel default [KERNEL]     what images without a kernel of their own get
              banger vm set VM --kernel KERNEL   what one VM boots

            End
              banger kernel delete KERNEL...     remove it; refused while it is used

            Details: banger kernel COMMAND --help.
            """;

    private static final String OPERATION = """
            Look
              banger operation list              under way, and ended lately
              banger operation watch ID          follow one until it ends

            End
              banger operation cancel ID         stop one and undo what it did

            Details: banger operation COMMAND --help.
            """;

    private static final String DAEMON = """
            Look
              banger daemon status               what runs, and where its files are
              banger daemon logs [-f]            its log

            Control (commands start the daemon by themselves; VMs run on without it)
              banger daemon start|stop|restart
              banger daemon install              let systemd keep it: a unit of yours, started when you log in
              sudo banger daemon install --system    a daemon of the host's, for members of the group banger
              banger daemon uninstall [--system] take the unit away again

            Details: banger daemon COMMAND --help.
            """;

    private static final String NETWORK = """
            VMs with --network bridge share a bridge of the host (the daemon needs CAP_NET_ADMIN)
              banger network show                the bridge, the VMs' addresses, the ready TAP devices
              banger network resolved            for systemd-resolved: the host knows NAME.banger

            Details: banger network COMMAND --help.
            """;

    private static final String CONFIG = """
            Settings are in a config.toml; config.example.toml has every key
              banger config show                 every setting as it holds now
              banger config path                 where they are read from
              banger config check                all that is wrong with them

            Details: banger config COMMAND --help.
            """;

    private QuickReference() {}

    /** The reference of a group, or of everything for the empty name. */
    public static String of(String group) {
        return switch (group) {
            case "vm" -> VM;
            case "vm snapshot" -> SNAPSHOT;
            case "vm workspace" -> WORKSPACE;
            case "ssh-config" -> SSH_CONFIG;
            case "template" -> TEMPLATE;
            case "image" -> IMAGE;
            case "kernel" -> KERNEL;
            case "operation" -> OPERATION;
            case "network" -> NETWORK;
            case "config" -> CONFIG;
            case "daemon" -> DAEMON;
            default -> ALL;
        };
    }
}
