package dev.transvase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndOfJvmTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void passesOnWhatAJobSaysUntilItHasCome() {
        EndOfJvm end = EndOfJvm.watch(err);
        PrintStream job = end.quietAtTheEnd(err);
        job.println("before é");
        end.come();
        job.println("error: the server is gone");
        end.forget();
        assertThat(end.hasCome()).isTrue();
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains("before é", "Stopping the servers")
                .doesNotContain("gone");
    }
}
