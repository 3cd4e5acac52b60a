package banger.daemon.doctor;

import banger.daemon.problem.Problem;
import java.util.function.Supplier;

/** One named question to the host; it has an answer, whatever happens while looking. */
public record Check(String name, Supplier<Finding> look) {
    Finding run() {
        try {
            return look.get();
        } catch (Problem e) {
            return Finding.failure(e.getMessage(), e.hint());
        } catch (RuntimeException e) {
            return Finding.failure("this check itself failed: " + e, null);
        }
    }
}
