package banger.daemon.vm;

import org.jspecify.annotations.Nullable;

/**
 * Whether a driver can run VMs on this host.
 *
 * @param found with what it runs them, or why it cannot
 * @param fix what may help where it cannot, or null
 * @param warning what is amiss although it works, or null
 */
public record DriverFitness(
        boolean works,
        String found,
        @Nullable String fix,
        @Nullable String warning) {
    public static DriverFitness fit(String found, @Nullable String warning) {
        return new DriverFitness(true, found, null, warning);
    }

    public static DriverFitness unfit(String reason, @Nullable String fix) {
        return new DriverFitness(false, reason, fix, null);
    }
}
