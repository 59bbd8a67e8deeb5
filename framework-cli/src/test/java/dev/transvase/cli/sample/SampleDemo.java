package dev.transvase.cli.sample;

import dev.transvase.cli.demo.Demo;
import dev.transvase.cli.demo.DemoOptions;
import dev.transvase.cli.process.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A demo that runs one command and says what it was given. With a folder it also runs the job {@code numbers.json} there,
 * and ends it when it has made the file {@code following}.
 */
public final class SampleDemo implements Demo {

    @Override
    public int run(DemoOptions options) {
        options.out().println("keep " + options.keep());
        options.out().println("loaded by " + getClass().getClassLoader().getName());
        return options.transvase().run(List.of("version"))
                + options.workFolder().map(folder -> follow(options, folder)).orElse(7);
    }

    private static int follow(DemoOptions options, Path folder) {
        Shell.Background job = options.transvase()
                .start(List.of("run", folder.resolve("numbers.json").toString()), options.err());
        try {
            while (!Files.exists(folder.resolve("following"))) {
                OptionalInt ended = job.await(Duration.ofMillis(10));
                if (ended.isPresent()) {
                    return ended.getAsInt();
                }
            }
            return job.terminate() + job.terminate() + job.await(Duration.ZERO).orElseThrow() + 20;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
