package org.ntk4j.spark;

import org.apache.spark.launcher.JavaModuleOptions;

/** What Java must be started with for Spark to run in it: one option a line, for the launcher. */
public final class JvmOptions {

    private JvmOptions() {
    }

    /** Prints them. */
    public static void main(String[] args) {
        for (String option : JavaModuleOptions.defaultModuleOptionArray()) {
            System.out.println(option);
        }
    }
}
