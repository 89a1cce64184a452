package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.data.Idx;
import org.ntk4j.files.Npy;

/**
 * Files that were damaged, by a seed: definitions, networks, tables, arrays, IDX files, images, scripts, finished cells and tiles. Whatever
 * is in them, the program ends with status 0, 1 or 2, in the user's words, soon, and writes no number that is none.
 */
@Tag("slow")
class FuzzedFilesTest {

    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 3500);
    private static final int FIRST = Integer.getInteger("fuzz.first", 0);
    private static final double MOST_SECONDS = 5;
    /** A round that has taken this many times as much is ended, and one that waits for minutes. */
    private static final int ENDLESS = 6;
    private static final int MOST_MINUTES = 5;
    private static final List<String> WORDS = List.of("null", "~", "1e400", "-1", "0", "nan", ".inf", "1.5", "{}", "[]", "'", "\"", ":",
            "- ", "\t", "&a", "*a",
            "!!int", "#", "true", "2147483648", "sqrt(2)", "1/0", "relu", "mlp", "dense", "conv", "units", "name", "train", ",", ";", "\n",
                    "\u0000", "é", "\uFEFF");
    private static final List<String> YAML = List.of("""
            name: a
            data: {name: csv, file: x.csv, columns: {label: 3}, train: 6, test: 2, normalize: standard}
            network: {mlp: {width: 4, depth: 1, activation: relu, bStd: 0.1}}
            kernels: [ntk.infinite]
            regression: {ridge: 1.0e-6}
            """, """
            data: {name: csv, file: x.csv, targets: {columns: [2]}, columns: {drop: [3]}, train: 6, test: 2, normalize: none}
            network: [{dense: {units: 3, wStd: 1.4}}, erf, {dense: {units: 1}}]
            kernels: [ntk.init, ntk.infinite]
            sweep: {regression.ridge: [0.1, 1], seed: [0, 1]}
            """, "{\"data\": {\"name\": \"stripes\", \"size\": 3, \"channels\": 2, \"train\": 8, \"test\": 4},\n"
                    + "\t\"network\": [\"flatten\", {\"dense\": {\"units\": 2}}],\n"
                    + "\t\"kernels\": [\"nngp.infinite\"]}\n");
    private static final List<String> NETWORKS = List.of("[{conv: {channels: 3, padding: same}}, relu, {residual: {layers: [relu, {conv: "
            + "{channels: 3, padding: same}}]}}, "
            + "globalAvgPool, {dense: {units: 1}}]", "network:\n  - dense: {units: 4, wStd: 1.5}\n  - {leakyRelu: {alpha: 0.1}}\n  - "
                    + "flatten\n  - dense: {units: 1}\n",
            "{cnn: {channels: 4, depth: 2, readout: gap}}");

    private static final List<String> SCRIPTS = List.of("""
            double[][] a = {{1, 0}, {0.5, 0.8}, {0.2, 0.1}};
            var net = mlp().width(8).depth(2).activation(relu()).wStd(sqrt(2));
            var k = net.ntk(inputs(a));
            k.get(0, 1)
            // a comment
            var f = Regression.of(k).ridge(1e-6).fit(new double[][] {{1}, {0}, {2}});
            f.predict(k)
            """, """
            int sum(int n) {
                return n < 2 ? n : n + sum(n - 1);
            }
            record Pair(String name, double value) { }
            var pairs = List.of(new Pair("a", 1.5), new Pair("b", sum(4)));
            for (var p : pairs) {
                System.out.println(p.name() + " " + p.value());
            }
            network("[{dense: {units: 3}}, erf, {dense: {units: 1}}]").nngp(inputs(new double[][] {{1, 2}, {2, 1}}))
            """);

    @TempDir
    private Path folder;
    private Path sweep;
    private Path failed;
    private Path kernel;
    private List<String> command;
    private Random random;
    private byte[] damage = new byte[0];

    @Test
    void end_soon_and_in_the_users_words() throws IOException {
        List<byte[]> images = List.of(image("png"), image("jpg"));
        prepareCells();
        prepareTiles();
        for (int round = FIRST; round < FIRST + ROUNDS; round++) {
            random = new Random(round);
            List<String> arguments = switch (round % 10) {
                case 0, 1 -> definition();
                case 7 -> script();
                case 8 -> cells();
                case 9 -> tiles();
                case 2 -> network();
                case 3 -> table();
                case 4 -> array();
                case 5 -> idx();
                default -> images(images);
            };
            long before = nanosOfProcessor();
            Program.Result result = within(MOST_SECONDS, round, arguments);
            // Of the processor, so that a busy machine does not count; the first rounds load classes.
            double seconds = (nanosOfProcessor() - before) / 1e9;
            String all = result.out() + "\n" + String.join("\n", result.err());
            assertThat(result.status()).as("round %d: %s", round, all).isIn(0, 1, 2);
            assertThat(all).as("round %d", round).doesNotContain("bug of ntk4j", "\tat ");
            // A script may throw what it likes, and names a class of Java that it does not find.
            assertThat(arguments.get(1).endsWith(".jsh") ? "" : all).as("round %d", round).doesNotContain("Exception", "java.lang");
            assertThat(round < FIRST + 20 ? 0 : seconds).as("seconds of round %d: %s%n%s%n%s", round, arguments,
                    new String(damage, StandardCharsets.ISO_8859_1), all).isLessThan(MOST_SECONDS);
            assertThat(result.status() == 0 || !result.err().isEmpty()).as("round %d says what is wrong", round).isTrue();
            if (arguments.contains("--checkpoint") && result.status() == 0) {
                assertThat(Files.mismatch(folder.resolve("out/ntk.csv"), kernel.resolve("ntk.csv"))).as("round %d: %s", round, all)
                        .isEqualTo(-1);
            }
            if (arguments.contains(sweep.toString())) {
                Path run = Program.run(folder.resolve("out"), "sweep");
                assertThat(Program.lines(run.resolve("results.csv"))).as("round %d: %s", round, all)
                        .isEqualTo(Program.lines(failed.resolve("results.csv")));
            }
            checkNumbers(round);
        }
    }

    /** Of all threads of this process. */
    private static long nanosOfProcessor() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Runs a command in a thread of its own: where it does not end it is told where it stands, and with which input. */
    private Program.Result within(double seconds, int round, List<String> arguments) {
        FutureTask<Program.Result> task = new FutureTask<>(() -> Program.ntk(arguments.toArray(String[]::new)));
        Thread thread = new Thread(task, "round " + round);
        thread.setDaemon(true);
        long before = nanosOfProcessor();
        long start = System.nanoTime();
        thread.start();
        while (true) {
            try {
                return task.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                boolean endless = nanosOfProcessor() - before > ENDLESS * seconds * 1e9 || System.nanoTime() - start > MOST_MINUTES * 60e9;
                assertThat(endless).as("round %d does not end: %s%n%s%nin %s", round, arguments,
                        new String(damage, StandardCharsets.ISO_8859_1), stacks()).isFalse();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("round " + round + ": " + arguments, e);
            }
        }
    }

    private static String stacks() {
        return Thread.getAllStackTraces().entrySet().stream().filter(e -> e.getValue().length > 0)
                .map(e -> e.getKey().getName() + Arrays.stream(e.getValue()).map(frame -> "%n    %s".formatted(frame))
                        .collect(Collectors.joining()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** A sweep of which one cell fails keeps the others for --resume. */
    private void prepareCells() throws IOException {
        sweep = Files.writeString(folder.resolve("sweep.yaml"),
                StudyTest.TINY + "report: false\nkernels: [ntk.infinite]\nsweep: {train.learningRate: [0.1, 1.0e+9, 0.2]}\n");
        Path out = folder.resolve("cells");
        Program.Result result = Program.ntk("run", sweep.toString(), "--out", out.toString(), "--threads", "1");
        assertThat(result.status()).as(result.err().toString()).isEqualTo(1);
        failed = Program.run(out, "sweep");
    }

    private List<String> cells() throws IOException {
        Program.copy(failed.getParent(), folder.resolve("out/sweep"));
        damageOne(folder.resolve("out/sweep"), "cells");
        return List.of("run", sweep.toString(), "--out", folder + "/out", "--threads", "1", "--resume");
    }

    /** A kernel of which some tiles are there, as after a kill. */
    private void prepareTiles() throws IOException {
        Path network = Files.writeString(folder.resolve("tiles.yaml"), "cnn: {depth: 1, channels: 4, activation: elu, readout: gap}");
        Path x = folder.resolve("tiles.npy");
        Npy.write(x, new Random(5).doubles(40 * 16).map(v -> 2 * v - 1).toArray(), 40, 4, 4, 1);
        kernel = folder.resolve("kernel");
        command = List.of("kernel", network.toString(), "--x", x.toString(), "--checkpoint", "--threads", "1");
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--out", kernel.toString()));
        assertThat(Program.ntk(whole.toArray(String[]::new)).status()).isZero();
        Path stopped = folder.resolve("stopped");
        List<String> again = new ArrayList<>(command);
        again.addAll(List.of("--out", stopped.toString()));
        Process process = Program.start(folder.resolve("tiles.log"), again.toArray(String[]::new));
        try {
            while (process.isAlive() && Program.files(stopped, ".tiles").isEmpty()) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
        process.onExit().join();
    }

    private List<String> tiles() throws IOException {
        Program.copy(folder.resolve("stopped"), folder.resolve("out"));
        damageOne(folder.resolve("out"), "tiles");
        List<String> resume = new ArrayList<>(command);
        resume.addAll(List.of("--resume", "--out", folder + "/out"));
        return resume;
    }

    private void damageOne(Path where, String part) throws IOException {
        List<Path> all = Program.files(where, "").stream().filter(f -> f.toString().contains("/" + part)).toList();
        if (!all.isEmpty()) {
            Path victim = all.get(random.nextInt(all.size()));
            Files.write(victim, damaged(Files.readAllBytes(victim)));
        }
    }

    private List<String> script() throws IOException {
        Path file = Files.write(folder.resolve("s.jsh"),
                damaged(SCRIPTS.get(random.nextInt(SCRIPTS.size())).getBytes(StandardCharsets.UTF_8)));
        return List.of("run", file.toString(), "--out", folder + "/out", "--threads", "1", "--memory", "512m");
    }

    private void checkNumbers(int round) throws IOException {
        Path out = folder.resolve("out");
        if (!Files.exists(out)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(out)) {
            all = files.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            if (file.toString().endsWith(".csv") && Files.isRegularFile(file)) {
                assertThat(Files.readString(file)).as("round %d: %s", round, file.getFileName()).doesNotContain("NaN", "Infinity");
            }
            Files.deleteIfExists(file);
        }
    }

    private List<String> definition() throws IOException {
        Files.writeString(folder.resolve("x.csv"), "1,2,a\n2,1,b\n3,5,a\n4,3,b\n5,9,a\n6,1,b\n7,2,a\n8,8,b\n9,4,a\n");
        Path file = Files.write(folder.resolve(random.nextInt(4) == 0 ? "a.json" : "a.yaml"),
                damaged(YAML.get(random.nextInt(YAML.size())).getBytes(StandardCharsets.UTF_8)));
        return random.nextBoolean() ? List.of("check", file.toString())
                : List.of("run", file.toString(), "--out", folder + "/out", "--threads", "1", "--memory", "512m");
    }

    private List<String> network() throws IOException {
        Path file = Files.write(folder.resolve("n.yaml"), damaged(NETWORKS.get(random.nextInt(NETWORKS.size()))
                .getBytes(StandardCharsets.UTF_8)));
        Path x = folder.resolve("n.npy");
        double[] values = random.doubles(2 * 48).toArray();
        Npy.write(x, values, 2, 48);
        return List.of("kernel", file.toString(), "--x", x.toString(), "--shape", "4,4,3", "--out", folder + "/out", "--memory", "512m");
    }

    private List<String> table() throws IOException {
        StringBuilder rows = new StringBuilder(random.nextBoolean() ? "a,b,kind\n" : "");
        for (int i = 0; i < 10; i++) {
            rows.append(i).append(',').append(random.nextGaussian()).append(',').append(i % 2)
                    .append(random.nextInt(5) == 0 ? "\r\n" : "\n");
        }
        byte[] bytes = damaged(rows.toString().getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("t.csv"), bytes);
        if (random.nextBoolean()) {
            Path net = Files.writeString(folder.resolve("n.yaml"), "[{dense: {units: 2}}, relu, {dense: {units: 1}}]");
            return List.of("kernel", net.toString(), "--x", file.toString(), "--out", folder + "/out", "--memory", "512m");
        }
        String more = List.of("", ", header: true", ", targets: {columns: [2]}", ", separator: ';'", ", decimal: ','",
                ", columns: {label: 1, drop: [2]}").get(random.nextInt(6));
        Path yaml = Files.writeString(folder.resolve("t.yaml"),
                "data: {name: csv, file: t.csv, test: 2" + more + "}\nnetwork: {mlp: {width: 4}}\nkernels: [ntk.infinite]\n");
        return List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "1", "--memory", "512m");
    }

    private List<String> array() throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, random.doubles(24).map(v -> random.nextInt(40) == 0 ? Math.scalb(v, 1000) : v - 0.5).toArray(),
                random.nextBoolean() ? new int[] {4, 6} : new int[] {2, 3, 4});
        Files.write(file, damaged(Files.readAllBytes(file)));
        Path net = Files.writeString(folder.resolve("n.yaml"), "[flatten, {dense: {units: 2}}, relu, {dense: {units: 1}}]");
        return List.of("kernel", net.toString(), "--x", file.toString(), "--out", folder + "/out", "--memory", "512m");
    }

    private List<String> idx() throws IOException {
        Path home = Files.createDirectories(folder.resolve("data/mnist"));
        List<String> names = List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte");
        for (int part = 0; part < 2; part++) {
            byte[] pixels = new byte[20 * 784];
            random.nextBytes(pixels);
            Idx.write(new Idx.Images(20, 28, 28, pixels), home.resolve(names.get(2 * part)));
            Idx.write(java.util.stream.IntStream.range(0, 20).map(i -> i % 10).toArray(), home.resolve(names.get(2 * part + 1)));
        }
        Path victim = home.resolve(names.get(random.nextInt(4)));
        Files.write(victim, damaged(Files.readAllBytes(victim)));
        Path yaml = Files.writeString(folder.resolve("i.yaml"),
                "data: {name: mnist, train: 4, test: 2}\nnetwork: {mlp: {width: 4}}\nkernels: [ntk.infinite]\n");
        return List.of("run", yaml.toString(), "--data", folder + "/data", "--out", folder + "/out", "--threads", "1", "--memory", "1g");
    }

    private List<String> images(List<byte[]> good) throws IOException {
        for (String label : List.of("a", "b")) {
            Path each = Files.createDirectories(folder.resolve("images/" + label));
            for (int i = 0; i < 3; i++) {
                byte[] bytes = good.get(random.nextInt(2));
                Files.write(each.resolve(i + ".png"), i == 1 ? damaged(bytes) : bytes);
            }
        }
        Path yaml = Files.writeString(folder.resolve("m.yaml"),
                "data: {name: images, folder: images, train: 3, test: 2, normalize: none}\nnetwork: {mlp: {width: 4}}\nkernels: "
                + "[ntk.infinite]\n");
        return random.nextBoolean() ? List.of("check", yaml.toString()) : List.of("run", yaml.toString(), "--out", folder + "/out");
    }

    private static byte[] image(String format) throws IOException {
        BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 36; i++) {
            image.setRGB(i % 6, i / 6, 0x30201 * i);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    /** Bytes changed, cut out, doubled; words put in. */
    private byte[] damaged(byte[] whole) throws IOException {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : whole) {
            bytes.add(b);
        }
        int times = random.nextInt(4);
        for (int t = 0; t < times && !bytes.isEmpty(); t++) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(5)) {
                case 0 -> bytes.set(at, (byte) random.nextInt(256));
                case 1 -> bytes.subList(at, Math.min(bytes.size(), at + 1 + random.nextInt(20))).clear();
                case 2 -> bytes.addAll(at, List.copyOf(bytes.subList(at, Math.min(bytes.size(), at + 1 + random.nextInt(40)))));
                case 3 -> bytes.subList(at, bytes.size()).clear();
                default -> {
                    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < word.length; i++) {
                        bytes.add(at + i, word[i]);
                    }
                }
            }
        }
        byte[] result = new byte[bytes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i);
        }
        damage = result;
        return Arrays.copyOf(result, result.length);
    }
}
