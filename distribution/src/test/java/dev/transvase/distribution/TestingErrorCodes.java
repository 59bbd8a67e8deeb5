package dev.transvase.distribution;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The constants of error codes in the jars of an archive. */
final class TestingErrorCodes {

    static final String ERROR_CODE = "dev.transvase.spi.error.ErrorCode";

    private static final String OURS = "dev/transvase/";
    private static final String HOLDER = "Errors.class";

    private TestingErrorCodes() {}

    /**
     * A constant.
     *
     * @param holder the class that it is in
     * @param field its name
     * @param code the code that it stands for
     * @param type {@code USER}, {@code EXTERNAL} or {@code INTERNAL}
     */
    record Constant(String holder, String field, String code, String type) {}

    /** The jars that hold classes of Transvase, each once, although several plugins bring it. */
    static List<Path> jars(Path home) throws IOException {
        Map<String, Path> jars = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    if (jar.stream().anyMatch(entry -> entry.getName().startsWith(OURS))) {
                        jars.put(file.getFileName().toString(), file);
                    }
                }
            }
        }
        return List.copyOf(jars.values());
    }

    /** The constants of all classes whose names end in {@code Errors}. */
    static List<Constant> in(List<Path> jars) throws IOException, ReflectiveOperationException {
        List<URL> urls = new ArrayList<>();
        Set<String> holders = new TreeSet<>();
        for (Path file : jars) {
            urls.add(file.toUri().toURL());
            try (JarFile jar = new JarFile(file.toFile())) {
                jar.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith(OURS) && name.endsWith(HOLDER))
                        .map(name -> name.substring(0, name.length() - ".class".length()))
                        .forEach(name -> holders.add(name.replace('/', '.')));
            }
        }
        List<Constant> constants = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (String holder : holders) {
                // Not initialized unless it has codes: other classes may need what is in no jar of ours.
                for (Field field : Class.forName(holder, false, loader).getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers())
                            && field.getType().getName().equals(ERROR_CODE)) {
                        constants.add(constant(holder, field));
                    }
                }
            }
        }
        return constants;
    }

    private static Constant constant(String holder, Field field) throws ReflectiveOperationException {
        field.setAccessible(true);
        Object code = field.get(null);
        return new Constant(
                holder,
                field.getName(),
                (String) code.getClass().getMethod("name").invoke(code),
                code.getClass().getMethod("type").invoke(code).toString());
    }
}
