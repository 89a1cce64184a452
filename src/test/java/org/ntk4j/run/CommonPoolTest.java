package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Ntk;
import org.ntk4j.files.Npy;

/** Java's common pool has as many threads as there are cores, whatever {@code --threads} says: nothing is computed there. */
class CommonPoolTest {

    @TempDir
    Path folder;

    private static final String AND = "--and";

    /** A process that does what it is asked for, one command after the other, and then says which threads it has. */
    static final class Listing {

        private Listing() {
        }

        public static void main(String[] args) {
            int status = 0;
            int from = 0;
            for (int to = 0; to <= args.length; to++) {
                if (to == args.length || args[to].equals(AND)) {
                    Program.Result result = Program.ntk(Arrays.copyOfRange(args, from, to));
                    System.out.println(result);
                    status = Math.max(status, result.status());
                    from = to + 1;
                }
            }
            Ntk.phaseDiagram(Ntk.relu(), new double[] {1, 2, 3}, new double[] {0, 0.5, 1});
            Thread.getAllStackTraces().keySet().forEach(thread -> System.out.println("thread " + thread.getName()));
            System.exit(status);
        }
    }

    private List<String> threads(List<String> commands) throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder builder = Program.builder(commands.toArray(String[]::new)).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.command().replaceAll(part -> part.equals(Main.class.getName()) ? Listing.class.getName() : part);
        // On one core there would be no common pool.
        builder.command().add(1, "-XX:ActiveProcessorCount=4");
        Process process = builder.start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return Files.readAllLines(log).stream().filter(line -> line.startsWith("thread ")).toList();
    }

    private void assertThatNoneIsOfTheCommonPool(List<String> threads) {
        assertThat(threads).contains("thread main").noneMatch(thread -> thread.contains("commonPool"));
    }

    @Test
    void kernels_should_not_be_computed_on_the_common_pool() throws Exception {
        Path x = folder.resolve("x.npy");
        Npy.write(x, new Random(1).doubles(300 * 27).toArray(), 300, 3, 3, 3);
        List<String> commands = new ArrayList<>();
        for (String network : List.of("mlp: {depth: 1}", "[{conv: {channels: 2}}, relu, globalAvgPool]",
                "[selfAttention, globalAvgPool, {dense: {units: 1}}]")) {
            Path yaml = Files.writeString(folder.resolve("network" + commands.size() + ".yaml"), network);
            commands.addAll(commands.isEmpty() ? List.of() : List.of(AND));
            commands.addAll(List.of("kernel", yaml.toString(), "--x", x.toString(), "--out", folder + "/out", "--threads", "1"));
        }
        assertThatNoneIsOfTheCommonPool(threads(commands));
    }

    @Test
    void a_study_should_not_be_computed_on_the_common_pool() throws Exception {
        Path yaml = Files.writeString(folder.resolve("study.yaml"), "data: {name: stripes, channels: 1, train: 20, test: 8}\n"
                + "network: {mlp: {width: 16, depth: 2}}\ntrain: {until: {maxSteps: 2}}\n");
        assertThatNoneIsOfTheCommonPool(threads(List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "1")));
    }
}
