package banger.daemon.workspace;

import banger.daemon.problem.Problem;

/** Checks names of branches that are yet to be. */
final class NewBranch {
    private NewBranch() {}

    /** @throws Problem where git would not take the name, or the host has a branch of that name */
    static void check(Repository repository, String branch) {
        if (branch.startsWith("-")
                || repository
                                .git("check-ref-format", "refs/heads/" + branch)
                                .run()
                                .status()
                        != 0) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + GuestWork.readable(branch) + "\" is no name for a branch",
                    "git help check-ref-format");
        }
        if (repository
                        .git("show-ref", "--verify", "-q", "refs/heads/" + branch)
                        .run()
                        .status()
                == 0) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    repository.top() + " has a branch " + branch + " already, which is never overwritten",
                    "choose another name");
        }
    }

    static void check(Repository repository, String branch, WorkspaceMode mode) {
        if (mode == WorkspaceMode.FULL_COPY) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "mode full_copy keeps the host's HEAD and begins no branch",
                    "use --mode shallow or full, or git switch -c in the guest");
        }
        check(repository, branch);
    }
}
