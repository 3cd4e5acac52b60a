package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Ordered work whose steps each know how to undo themselves: a failure undoes in reverse what was begun. Where an undo
 * fails, what came before that step stays as it is, as it accounts for what is left.
 */
final class Steps {
    private record Step(String name, Runnable action, Runnable undo) {}

    private final List<Step> steps = new ArrayList<>();

    /** @param undo also right where the action failed half-way, and idempotent */
    Steps then(String name, Runnable action, Runnable undo) {
        steps.add(new Step(name, action, undo));
        return this;
    }

    /** @throws Problem with the failed step, its cause and what was cleaned up */
    void run() {
        Deque<Step> begun = new ArrayDeque<>();
        for (Step step : steps) {
            begun.push(step);
            try {
                step.action.run();
            } catch (RuntimeException e) {
                throw failure(step, e, undo(begun));
            }
        }
    }

    /** Returns what was not undone and why; empty where all was. */
    private static String undo(Deque<Step> begun) {
        for (Step step : begun) {
            try {
                step.undo.run();
            } catch (RuntimeException e) {
                return "; undoing \"" + step.name + "\" failed: " + e.getMessage();
            }
        }
        return "";
    }

    private static Problem failure(Step step, RuntimeException cause, String left) {
        if (cause instanceof Problem problem) {
            return left.isEmpty()
                    ? problem
                    : new Problem(problem.kind(), problem.getMessage() + left, problem.hint(), problem);
        }
        return new Problem(Problem.Kind.FAILED, step.name + " failed: " + cause + left, "banger daemon logs", cause);
    }
}
