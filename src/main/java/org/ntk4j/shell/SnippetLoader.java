package org.ntk4j.shell;

import java.util.HashMap;
import java.util.Map;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;

/** Loads compiled snippets beside the classes of this program, so that objects are the same inside and outside of them. */
final class SnippetLoader implements LoaderDelegate {

    private static final class Classes extends ClassLoader {

        private final Map<String, byte[]> compiled = new HashMap<>();
        private final Stop stop;

        private Classes(ClassLoader parent, Stop stop) {
            super(parent);
            this.stop = stop;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = compiled.get(name);
            if (code == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] stoppable = Stoppable.of(code);
            return defineClass(name, stoppable, 0, stoppable.length);
        }
    }

    private final Classes classes;

    SnippetLoader(Stop stop) {
        classes = new Classes(SnippetLoader.class.getClassLoader(), stop);
    }

    static Stop stopOf(ClassLoader loader) {
        return ((Classes) loader).stop;
    }

    @Override
    public void load(ClassBytecodes[] compiled) {
        for (ClassBytecodes one : compiled) {
            classes.compiled.put(one.name().replace('/', '.'), one.bytecodes());
        }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] compiled) {
        load(compiled);
    }

    /** The class path is that of the program and does not grow. */
    @Override
    public void addToClasspath(String path) {
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        return classes.loadClass(name);
    }
}
