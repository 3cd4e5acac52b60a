package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.util.random.RandomGenerator;

/** Makes up names for VMs, such as {@code brave-otter}, that no stored VM has. */
public final class NameGenerator {
    private static final int DRAWS = 20;
    private static final int MAX_SUFFIX = 9_999;

    private final RandomGenerator random;
    private final VmStore store;

    public NameGenerator(RandomGenerator random, VmStore store) {
        this.random = random;
        this.store = store;
    }

    /** A free name. It is not reserved: where another takes it first, inserting the VM fails, and this makes another. */
    public String next() {
        String name = draw();
        for (int i = 1; i < DRAWS && isTaken(name); i++) {
            name = draw();
        }
        return isTaken(name) ? numbered(name) : name;
    }

    private String numbered(String name) {
        for (int suffix = 2; suffix <= MAX_SUFFIX; suffix++) {
            String candidate = name + "-" + suffix;
            if (!isTaken(candidate)) {
                return candidate;
            }
        }
        throw new Problem(
                Problem.Kind.RESOURCE_EXHAUSTED,
                "no free name found: \"" + name + "-2\" to \"" + name + "-" + MAX_SUFFIX + "\" are all taken",
                "choose one: banger vm create NAME");
    }

    private String draw() {
        return pick(NameWords.ADJECTIVES) + "-" + pick(NameWords.NOUNS);
    }

    private String pick(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private boolean isTaken(String name) {
        return store.findByName(name).isPresent();
    }
}
