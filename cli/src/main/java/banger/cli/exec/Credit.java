package banger.cli.exec;

import banger.wire.frame.Frame;

/** How many bytes we may still send on a channel; who has none waits until the other end grants more. */
final class Credit {
    private long available = Frame.INITIAL_CREDIT_BYTES;

    /** Takes between one and {@code most} bytes, waiting for the first. */
    synchronized int take(int most) throws InterruptedException {
        while (available == 0) {
            wait();
        }
        int taken = (int) Math.min(most, available);
        available -= taken;
        return taken;
    }

    /** Adds what the other end granted, or gives back what was taken and not used. */
    synchronized void add(long bytes) {
        available += bytes;
        notifyAll();
    }
}
