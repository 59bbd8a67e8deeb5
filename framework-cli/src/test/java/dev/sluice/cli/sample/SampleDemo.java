package dev.sluice.cli.sample;

import dev.sluice.cli.Demo;
import dev.sluice.cli.DemoOptions;
import java.util.List;

/** A demo that runs one command and says what it was given. */
public final class SampleDemo implements Demo {

    @Override
    public int run(DemoOptions options) {
        options.out().println("keep " + options.keep());
        options.out().println("loaded by " + getClass().getClassLoader().getName());
        return options.sluice().applyAsInt(List.of("version")) + 7;
    }
}
