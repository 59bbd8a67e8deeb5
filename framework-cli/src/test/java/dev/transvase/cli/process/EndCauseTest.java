package dev.transvase.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EndCauseTest {

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, null, -1);
    }

    @Test
    void whoCalledExitIsBelowTheHooksWhateverTheyAreAt() {
        EndCause cause = new EndCause(
                Thread.currentThread(),
                List.of(
                        frame("java.util.IdentityHashMap$IdentityHashMapIterator", "hasNext"),
                        frame("java.lang.ApplicationShutdownHooks", "runHooks"),
                        frame("java.lang.Shutdown", "exit"),
                        frame("java.lang.System", "exit"),
                        frame("acme.Quitter", "close")));

        assertThat(cause).asString().contains(": acme.Quitter.close called System.exit");
    }
}
