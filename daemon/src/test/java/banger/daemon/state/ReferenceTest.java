package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import banger.daemon.problem.Problem.Kind;
import banger.daemon.state.Reference.Candidate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final Candidate BETA = candidate("beda0000-0000-4000-8000-000000000000", "alpha");
    private static final Candidate NAMED_LIKE_ITS_ID = candidate("00000000-0000-4000-8000-000000000001", "beta");
    private static final Candidate LONGER = candidate("00000000-0000-4000-8000-000000000002", "beta-sandbox");
    private static final Candidate NAMED_AS_AN_ID =
            candidate("00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000001");

    @Test
    void anExactNameWinsOverEveryPrefix() {
        assertEquals(NAMED_LIKE_ITS_ID.id(), resolve("beta", LONGER, BETA, NAMED_LIKE_ITS_ID));
    }

    @Test
    void anExactNameWinsOverAnExactId() {
        String both = NAMED_AS_AN_ID.name();
        assertEquals(NAMED_AS_AN_ID.id(), resolve(both, NAMED_LIKE_ITS_ID, NAMED_AS_AN_ID));
    }

    @Test
    void anExactIdMayBeTypedInCapitals() {
        assertEquals(BETA.id(), resolve(BETA.id().toString().toUpperCase(), BETA, LONGER));
    }

    @Test
    void oneThatFitsByNameAndByIdIsStillOne() {
        Candidate twice = candidate("be000000-0000-4000-8000-000000000009", "beta");
        assertEquals(twice.id(), resolve("be", twice));
    }

    @Test
    void twoThatFitAreListed() {
        Problem problem = assertThrows(Problem.class, () -> resolve("bet", LONGER, NAMED_LIKE_ITS_ID));
        assertEquals(Kind.AMBIGUOUS, problem.kind());
        assertEquals("\"bet\" fits 2 vms: beta-sandbox, beta", problem.getMessage());
    }

    @Test
    void aNameAndAnotherOnesIdThatShareAPrefixAreAmbiguous() {
        assertEquals(
                Kind.AMBIGUOUS,
                assertThrows(Problem.class, () -> resolve("be", BETA, LONGER)).kind());
    }

    @Test
    void aLongListIsCut() {
        Candidate[] many = IntStream.range(0, 30)
                .mapToObj(i -> new Candidate(UUID.randomUUID(), "vm-" + i))
                .toArray(Candidate[]::new);
        Problem problem = assertThrows(Problem.class, () -> resolve("vm-", many));
        assertTrue(problem.getMessage().startsWith("\"vm-\" fits 30 vms: vm-0, vm-1"), problem.getMessage());
        assertTrue(problem.getMessage().endsWith("vm-9, …"), problem.getMessage());
    }

    @Test
    void nothingTypedMeansNothing() {
        assertEquals(
                Kind.INVALID_ARGUMENT,
                assertThrows(Problem.class, () -> resolve("", BETA)).kind());
    }

    @Test
    void whatIsNotFoundIsQuotedSafelyAndShortly() {
        Problem problem = assertThrows(Problem.class, () -> resolve("\u001b[2J" + "x".repeat(10_000), BETA));
        assertEquals(Kind.NOT_FOUND, problem.kind());
        assertTrue(problem.getMessage().length() < 200, problem.getMessage());
        assertEquals(-1, problem.getMessage().indexOf('\u001b'));
        assertEquals("banger vm list", problem.hint());
    }

    private static UUID resolve(String text, Candidate... candidates) {
        return new Reference("vm", text).among(List.of(candidates));
    }

    private static Candidate candidate(String id, String name) {
        return new Candidate(UUID.fromString(id), name);
    }
}
