package org.ntk4j.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** What Java must be started with for Spark to run in it: one option a line, for the launcher. */
public final class JvmOptions {

    private static final Pattern OPENS = Pattern.compile("--add-opens=([^/]+)/([^=]+)=.*");

    private JvmOptions() {
    }

    /** Prints them. */
    public static void main(String[] args) {
        Stream.of(JavaModuleOptions.defaultModuleOptionArray()).filter(JvmOptions::isKnown).forEach(System.out::println);
    }

    /** Java would complain of a package that this version of it does not have. */
    private static boolean isKnown(String option) {
        Matcher opens = OPENS.matcher(option);
        return !opens.matches() || ModuleLayer.boot().findModule(opens.group(1)).map(m -> m.getPackages().contains(opens.group(2)))
                .orElse(true);
    }
}
