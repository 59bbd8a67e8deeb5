package dev.transvase.core.plugin;

import java.util.function.Supplier;

/**
 * Calls into a plugin. While one runs, the thread's context class loader is the plugin's, so that libraries which look
 * things up there find the plugin's own.
 */
final class PluginCall {

    private PluginCall() {}

    /** Runs the call with this context class loader and gives back the one before. */
    static <T> T in(ClassLoader plugin, Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(plugin);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** What went wrong in one line, where the throwable may be anything a plugin's code throws. */
    static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
            return "its jars lack the class "
                    + String.valueOf(root.getMessage()).replace('/', '.');
        }
        return root.getMessage() == null
                ? root.getClass().getName()
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
