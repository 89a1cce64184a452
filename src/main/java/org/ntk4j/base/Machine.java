package org.ntk4j.base;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine and the versions that this process runs with.
 *
 * @param cpu    the processor's model; its architecture where the model cannot be read
 * @param cores  processors that this process may use
 * @param memory memory of the machine, or of the container, in bytes; 0 where it cannot be read
 * @param system the operating system with its version
 */
public record Machine(String cpu, int cores, long memory, String system) {

    /** The machine of this process. */
    public static Machine here() {
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getTotalMemorySize() : 0;
        return new Machine(processor(), Runtime.getRuntime().availableProcessors(), memory,
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    }

    /** The versions of ntk4j, Java, TensorFlow's Java library and OpenBLAS, by name, without loading a native library. */
    public static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("ntk4j", ntk4j());
        versions.put("java", System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")");
        versions.put("tensorflow-java", library("org.tensorflow", "tensorflow-core-api"));
        versions.put("openblas", library("org.bytedeco", "openblas"));
        return versions;
    }

    /** The version of ntk4j; {@code development} where it does not run from its jar. */
    public static String ntk4j() {
        String version = Failure.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String library(String group, String name) {
        String resource = "/META-INF/maven/" + group + "/" + name + "/pom.properties";
        try (var in = Machine.class.getResourceAsStream(resource)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String processor() {
        Path linux = Path.of("/proc/cpuinfo");
        try {
            if (Files.isReadable(linux)) {
                try (Stream<String> lines = Files.lines(linux)) {
                    return lines.filter(l -> l.startsWith("model name")).findFirst().map(l -> l.substring(l.indexOf(':') + 1).strip())
                            .orElse(System.getProperty("os.arch"));
                }
            }
            if (System.getProperty("os.name").startsWith("Mac")) {
                Process process = new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string").start();
                String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                process.waitFor(5, TimeUnit.SECONDS);
                return text.isEmpty() ? System.getProperty("os.arch") : text;
            }
        } catch (IOException e) {
            return System.getProperty("os.arch");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return System.getProperty("os.arch");
    }
}
