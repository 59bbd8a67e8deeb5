package dev.transvase.cli.demo;

/**
 * What {@code transvase demo} runs. Found through {@code META-INF/services/dev.transvase.cli.demo.Demo} in the jars of the
 * distribution's {@code demo/lib}, which see the jars of its {@code lib} as well. Needs a public constructor without
 * arguments.
 */
public interface Demo {

    /**
     * Runs the demo to its end. Called once, on the main thread.
     *
     * @return the exit code
     */
    int run(DemoOptions options);
}
