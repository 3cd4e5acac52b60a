package banger.daemon.vm;

import java.util.Optional;

/** VMs that were restored ahead of need, which are nobody's until a creation takes one. Safe for any number of threads. */
interface Pool {
    /** There is none. */
    Pool NONE = (vm, template) -> Optional.empty();

    /** One that the VM could be, restored from that very template; whoever takes it owns it. */
    Optional<PooledVm> take(Vm vm, FrozenVm template);
}
