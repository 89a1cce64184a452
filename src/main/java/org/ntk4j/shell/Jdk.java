package org.ntk4j.shell;

import org.ntk4j.base.Failure;

/** The part of the JDK that scripts and the shell need. */
final class Jdk {

    private Jdk() {
    }

    /**
     * Does nothing on a JDK. To be called before a class of JShell is touched.
     *
     * @throws Failure on a JRE, which has no compiler
     */
    static void require() {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw Failure.run("a JDK is needed for scripts and the shell (17 or newer); " + System.getProperty("java.home")
                    + " is a JRE, without the module jdk.jshell. Install a JDK or point JAVA_HOME to one");
        }
    }
}
