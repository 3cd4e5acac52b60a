package banger.daemon.vm;

import banger.daemon.frozen.FrozenMachine;
import java.nio.file.Path;

/**
 * A frozen machine with its disks, from which VMs are made.
 *
 * @param disks the folder in which its disks lie, which are never written
 * @param diskBytes the size of its root and work disk
 */
public record FrozenVm(FrozenMachine machine, Path disks, long diskBytes) {}
