package banger.daemon.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NameGeneratorTest {
    @Test
    void oneSeedAlwaysGivesTheSameNames() {
        NameGenerator one = generator(7, name -> false);
        NameGenerator other = generator(7, name -> false);
        for (int i = 0; i < 20; i++) {
            assertEquals(one.next(), other.next());
        }
    }

    @Test
    void namesDiffer() {
        NameGenerator generator = generator(7, name -> false);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            names.add(generator.next());
        }
        assertTrue(names.size() > 90, () -> "only " + names.size() + " different names of 100");
    }

    @Test
    void aTakenNameIsPassedOver() {
        String first = generator(7, name -> false).next();
        assertTrue(!generator(7, first::equals).next().equals(first));
    }

    @Test
    void anUnluckyDrawGetsTheNextFreeNumber() {
        Predicate<String> plainOrTwo = name -> !name.matches(".*-\\d+") || name.endsWith("-2");
        assertTrue(generator(7, plainOrTwo).next().matches("[a-z]+-[a-z]+-3"));
    }

    @Test
    void whereEverythingIsTakenItSaysSo() {
        Problem problem = assertThrows(Problem.class, generator(7, name -> true)::next);
        assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, problem.kind());
    }

    @Test
    void everyWordIsUniqueAndMakesAName() {
        for (String[] words : List.of(NameWords.ADJECTIVES, NameWords.NOUNS)) {
            assertTrue(words.length >= 100, () -> "only " + words.length + " words");
            assertEquals(words.length, Set.of(words).size());
            for (String word : words) {
                VmName.check(word);
            }
        }
    }

    private static NameGenerator generator(long seed, Predicate<String> taken) {
        return new NameGenerator(new Random(seed), new NamesOnly(taken));
    }

    /** A store that knows nothing but which names are taken. */
    private record NamesOnly(Predicate<String> taken) implements VmStore {
        @Override
        public Optional<Vm> findByName(String exactName) {
            return taken.test(exactName) ? Optional.of(named(exactName)) : Optional.empty();
        }

        private static Vm named(String name) {
            VmSpec spec = new VmSpec(1, 1, 1, NetworkMode.NONE, List.of());
            var epoch = java.time.Instant.EPOCH;
            UUID id = new UUID(0, 0);
            return new Vm(id, name, id, spec, VmState.STOPPED, "", null, null, null, epoch, epoch);
        }

        @Override
        public void insert(Vm vm) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Vm vm) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setWorkspace(UUID id, @Nullable String json) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Vm> find(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Vm resolve(String reference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Vm> list() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Vm> pooled() {
            throw new UnsupportedOperationException();
        }
    }
}
