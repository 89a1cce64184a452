package org.ntk4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Settings;
import org.ntk4j.tensorflow.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ntk doctor}: what the program finds on this machine, what is missing, and how to get it. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Shows what ntk4j finds on this machine: Java, TensorFlow, devices, memory, data.")
final class DoctorVerb implements Runnable {

    private final Console console;

    @Mixin
    private MachineOptions machine;

    DoctorVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        machine.apply();
        Settings settings = Settings.ofProcess();
        Machine here = Machine.here();
        line("ntk4j", Machine.ntk4j());
        line("Java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor") + ", "
                + System.getProperty("java.home"));
        line("shell", ModuleLayer.boot().findModule("jdk.jshell").isPresent()
                ? "yes" : "no: this Java lacks jdk.jshell; install a JDK, not a JRE");
        line("system", here.system());
        line("processor", here.cpu() + ", " + settings.threads() + " of " + here.cores() + " cores used");
        line("memory", gigabytes(here.memory()) + ", of it " + gigabytes(Runtime.getRuntime().maxMemory()) + " for Java's heap, "
                + gigabytes(settings.memory()) + " for kernels");
        String trouble = "";
        try {
            line("TensorFlow", Devices.version() + " (its Java library " + Machine.versions().get("tensorflow-java") + ")");
            devices(Devices.list(settings));
        } catch (LinkageError | RuntimeException e) {
            trouble = "TensorFlow does not load: " + e.getMessage();
            line("TensorFlow", "does not load: " + e.getMessage());
        }
        try {
            // One product, so that the native library is really loaded.
            double one = openblas.cblas_ddot(1, new double[] {1}, 1, new double[] {1}, 1);
            line("OpenBLAS", openblas.OPENBLAS_VERSION.strip().replaceFirst("^OpenBLAS ", "")
                    + (one == 1 ? "" : ", which computes 1 × 1 = " + one));
        } catch (LinkageError e) {
            trouble = "OpenBLAS does not load: " + e.getMessage();
            line("OpenBLAS", "does not load: " + e.getMessage());
        }
        Path data = settings.data();
        line("data folder", data.toAbsolutePath() + (Files.isDirectory(data) ? "" : " (not there yet)"));
        DataVerb.table(data).rows().forEach(row -> line("  " + row.get(0), row.get(1)));
        line("results", settings.out().toAbsolutePath());
        if (!trouble.isEmpty()) {
            throw Failure.run(trouble);
        }
    }

    private void devices(List<Devices.Device> devices) {
        devices.forEach(device -> line("  " + device.name(),
                device.type() + (device.memory() > 0 ? ", " + gigabytes(device.memory()) : "")));
        if (devices.stream().noneMatch(device -> device.name().startsWith("gpu"))) {
            line("  gpu", Devices.NO_GPU);
        }
    }

    private void line(String what, Object text) {
        console.print(String.format(Locale.ROOT, "%-24s %s", what, text).stripTrailing());
        console.out().flush();
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
