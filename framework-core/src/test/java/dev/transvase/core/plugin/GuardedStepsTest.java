package dev.transvase.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Position;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A plugin's code is called in its own class loader, and what it throws is named as its defect, whichever method it is. */
class GuardedStepsTest {

    private static final URLClassLoader LOADER =
            new URLClassLoader(new URL[0], GuardedStepsTest.class.getClassLoader());
    private static final InstalledPlugin PLUGIN =
            new InstalledPlugin("acme", "1", Path.of("acme"), List.of(), List.of(), LOADER);
    private static final Split SPLIT = Split.of("s", 0, new byte[0], "");

    @AfterAll
    static void closeLoader() throws Exception {
        LOADER.close();
    }

    /** What the plugin throws; knows which of its methods was called, and in which class loader. */
    private static final class Called extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Method method;
        private final transient ClassLoader loader = Thread.currentThread().getContextClassLoader();

        Called(Method method) {
            super(method.toString());
            this.method = method;
        }
    }

    private static <T> T plugins(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A plugin's object, all methods of which throw. */
    private static <T> T failing(Class<T> type) {
        return plugins(type, (proxy, method, arguments) -> {
            throw new Called(method);
        });
    }

    /** A plugin's object, the methods of which give this. */
    private static <T> T giving(Class<T> type, Object given) {
        return plugins(type, (proxy, method, arguments) -> given);
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfAReader() {
        return eachMethod(Reader.class, new GuardedReader(PLUGIN, failing(Reader.class)));
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfASplitReader() {
        Reader reader = giving(Reader.class, failing(SplitReader.class));
        return eachMethod(SplitReader.class, new GuardedReader(PLUGIN, reader).open(SPLIT, null, Position.START));
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfAChangeCapture() {
        Reader reader = giving(Reader.class, Optional.of(failing(ChangeCapture.class)));
        return eachMethod(
                ChangeCapture.class,
                new GuardedReader(PLUGIN, reader).changeCapture().orElseThrow());
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfAWriter() {
        return eachMethod(Writer.class, new GuardedWriter(PLUGIN, failing(Writer.class)));
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfAChannelWriter() {
        Writer writer = giving(Writer.class, failing(ChannelWriter.class));
        return eachMethod(ChannelWriter.class, new GuardedWriter(PLUGIN, writer).open(null));
    }

    @TestFactory
    Stream<DynamicTest> eachMethodOfAWritersPositions() {
        Writer writer = giving(Writer.class, Optional.of(failing(Writer.Positions.class)));
        return eachMethod(
                Writer.Positions.class,
                new GuardedWriter(PLUGIN, writer).positions().orElseThrow());
    }

    private static <T> Stream<DynamicTest> eachMethod(Class<T> type, T guarded) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(method ->
                        DynamicTest.dynamicTest(method.toString(), () -> assertReachesThePlugin(guarded, method)));
    }

    private static void assertReachesThePlugin(Object guarded, Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(GuardedStepsTest::argument)
                .toArray();
        assertThat(catchThrowable(() -> method.invoke(guarded, arguments)))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.INTERNAL);
                    assertThat(e).hasMessageStartingWith("plugin acme 1 failed while ");
                    assertThat(e.getCause()).isInstanceOfSatisfying(Called.class, called -> {
                        assertThat(called.method.getName()).isEqualTo(method.getName());
                        assertThat(called.method.getParameterTypes()).isEqualTo(method.getParameterTypes());
                        assertThat(called.loader).isSameAs(LOADER);
                    });
                });
    }

    private static Object argument(Class<?> type) {
        if (type == int.class) {
            return 1;
        }
        return type == Split.class ? SPLIT : null;
    }
}
