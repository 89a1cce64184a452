package org.ntk4j.rows;

/**
 * Java's vector instructions: whether this process was started with them. Where it was not, it is said once, and all works the same but
 * slower.
 */
final class VectorModule {

    static final boolean PRESENT = present();

    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {
    }

    private static boolean present() {
        boolean present = ModuleLayer.boot().findModule(NAME).isPresent();
        if (!present) {
            System.getLogger("org.ntk4j").log(System.Logger.Level.WARNING,
                    "ntk4j: Java's vector instructions are not there, so kernels at infinite width "
                    + "take several times as long, with the same values; start java with --add-modules " + NAME);
        }
        return present;
    }
}
