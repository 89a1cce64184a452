package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.files.Npy;

/** {@code ntk kernel} as a process of its own that is killed, and its promises about memory and threads. */
@DisabledOnOs(OS.WINDOWS)
class KernelProcessTest {

    @TempDir
    private static Path common;

    @TempDir
    Path folder;

    /** What nothing stopped or killed: those that were stopped or killed are compared with it. */
    @BeforeAll
    static void computeWhole() throws IOException {
        Path x = inputs(common.resolve("x.npy"), COUNT, SHAPE);
        Program.Result whole = Program.ntk("kernel", network(common, SLOW).toString(), "--x", x.toString(), "--out", common + "/whole",
                "--checkpoint", "--threads", "1");
        assertThat(whole.status()).as(whole.err().toString()).isZero();
    }

    private Path inputs(String name, int count, int... shape) {
        return inputs(folder.resolve(name), count, shape);
    }

    private static Path inputs(Path file, int count, int... shape) {
        int size = 1;
        int[] all = new int[shape.length + 1];
        all[0] = count;
        for (int i = 0; i < shape.length; i++) {
            all[i + 1] = shape[i];
            size *= shape[i];
        }
        Npy.write(file, new Random(count).doubles((long) count * size).map(v -> 2 * v - 1).toArray(), all);
        return file;
    }

    private Path network(String yaml) throws IOException {
        return network(folder, yaml);
    }

    private static Path network(Path folder, String yaml) throws IOException {
        return Files.writeString(folder.resolve("network.yaml"), yaml);
    }

    private static List<Path> tiles(Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("tiles"))) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(out.resolve("tiles"))) {
            return all.filter(p -> p.toString().endsWith(".tiles")).toList();
        }
    }

    private static void same(Path a, Path b) throws IOException {
        for (String name : List.of("ntk.csv", "nngp.csv", "ntk.npy", "nngp.npy")) {
            assertThat(Files.mismatch(a.resolve(name), b.resolve(name))).as(name).isEqualTo(-1);
        }
    }

    /** Kills the command again and again, each time once it has written a tile more; then lets it end. */
    private String killed(int kills, long extraMillis, Path out, String... args) throws Exception {
        Path log = folder.resolve("log");
        Random random = new Random(1);
        for (int i = 0; i < kills; i++) {
            int before = tiles(out).size();
            Process process = Program.start(log, args);
            try {
                for (int wait = 0; wait < 6000 && process.isAlive() && tiles(out).size() <= before; wait++) {
                    Thread.sleep(10);
                }
                Thread.sleep(extraMillis == 0 ? 0 : random.nextLong(extraMillis));
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor()).as("killed in the middle: %s", Files.readString(log)).isNotZero();
        }
        Process last = Program.start(log, args);
        assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }

    private Path check(int kills, long extraMillis, int count, int... shape) throws Exception {
        Path network = network(SLOW);
        Path x = inputs("x.npy", count, shape);
        Path out = folder.resolve("killed");
        String said = killed(kills, extraMillis, out, "kernel", network.toString(), "--x", x.toString(), "--out", out.toString(),
                "--checkpoint",
                "--threads", "2");
        assertThat(said).contains("continuing with the ");
        assertThat(Npy.read(out.resolve("ntk.npy")).shape()).containsExactly(count, count);
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("ntk.csv", "nngp.csv", "ntk.npy", "nngp.npy");
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--checkpoint", "--resume"})
    void should_leave_no_tiles_behind(String keep) throws Exception {
        Path out = folder.resolve("out");
        Program.Result result = Program.ntk("kernel", network("mlp: {depth: 1}").toString(), "--x", inputs("x.npy", 5, 4).toString(),
                "--out", out.toString(), keep);
        assertThat(result.status()).as(result.err().toString()).isZero();
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("ntk.csv", "nngp.csv", "ntk.npy", "nngp.npy");
        }
    }

    /** Quadrature makes tiles slow, so that a kill finds the process at work. */
    private static final String SLOW = "cnn: {depth: 2, channels: 4, activation: elu, readout: flatten}";
    private static final int COUNT = 80;
    private static final int[] SHAPE = {6, 6, 1};

    @Test
    void should_go_on_after_a_kill_and_end_with_the_same_bytes() throws Exception {
        same(check(1, 0, COUNT, SHAPE), common.resolve("whole"));
    }

    @Test
    @Tag("slow")
    void should_go_on_after_many_kills_at_random_moments() throws Exception {
        Path out = check(6, 400, 127, 12, 12, 1);
        Program.Result whole = Program.ntk("kernel", folder + "/network.yaml", "--x", folder + "/x.npy", "--out", folder + "/whole",
                "--checkpoint", "--threads", "1");
        assertThat(whole.status()).as(whole.err().toString()).isZero();
        same(out, folder.resolve("whole"));
    }

    @Test
    void should_go_on_after_ctrl_c() throws Exception {
        Path status = Path.of("/proc/self/status");
        // A shell starts what it puts into the background so, and processes take it over from the one that starts them.
        assumeFalse(Files.isReadable(status)
                && Files.readAllLines(status).stream().anyMatch(line -> line.matches("SigIgn:\\s*[0-9a-f]*[2367abef]")),
                "SIGINT is ignored here");
        Path network = network(SLOW);
        Path x = inputs("x.npy", COUNT, SHAPE);
        Path out = folder.resolve("out");
        Path log = folder.resolve("log");
        String[] args = {"kernel", network.toString(), "--x", x.toString(), "--out", out.toString(), "--checkpoint", "--threads", "1"};
        Process process = Program.start(log, args);
        try {
            for (int wait = 0; wait < 6000 && process.isAlive() && tiles(out).isEmpty(); wait++) {
                Thread.sleep(10);
            }
            assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor()).isZero();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(130);
        assertThat(log).content().contains("the same command goes on from there").doesNotContain("\tat ");
        Program.Result rest = Program.ntk(args);
        assertThat(rest.status()).isZero();
        assertThat(rest.err()).anyMatch(l -> l.startsWith("continuing with the "));
        same(out, common.resolve("whole"));
    }

    /** A limit on the size of files stands for a full disk. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void should_go_on_after_the_disk_was_full() throws Exception {
        Path network = network(SLOW);
        Path x = inputs("x.npy", 40, 6, 6, 1);
        Path out = folder.resolve("full");
        Path log = folder.resolve("log");
        String[] args = {"kernel", network.toString(), "--x", x.toString(), "--out", out.toString(), "--checkpoint", "--threads", "1"};
        ProcessBuilder limited = Program.builder(args).redirectErrorStream(true);
        limited.command().add(1, "-XX:-UsePerfData");
        limited.command().addAll(0, List.of("bash", "-c", "ulimit -f 16; exec \"$@\" | cat", "bash"));
        Process process = limited.redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(log).content().contains("cannot be written (File too large)").doesNotContain("\tat ");
        assertThat(Program.ntk(args).status()).isZero();
        args[5] = folder + "/whole";
        assertThat(Program.ntk(args).status()).isZero();
        same(out, folder.resolve("whole"));
    }

    /** The kernel of a study takes more than a minute here, so that its tiles are kept unasked. */
    @Test
    @Tag("slow")
    void should_go_on_with_the_kernel_of_a_killed_study() throws Exception {
        Path study = Files.writeString(folder.resolve("long.yaml"), """
                data: {name: mnist-sample, train: 200, test: 10}
                network: {cnn: {depth: 4, channels: 4, activation: tanh, readout: flatten}}
                kernels: [ntk.infinite]
                """);
        Path out = folder.resolve("out");
        Path log = folder.resolve("log");
        for (String resume : List.of("", "--resume")) {
            String[] args = {"run", study.toString(), "--out", out.toString(), "--threads", "2", resume};
            Process process = Program.start(log, resume.isEmpty() ? Arrays.copyOf(args, args.length - 1) : args);
            try {
                String said = resume.isEmpty() ? "finished tiles are kept in" : "continuing with the ";
                for (int wait = 0; wait < 9000 && process.isAlive() && !Files.readString(log).contains(said); wait++) {
                    Thread.sleep(10);
                }
                Thread.sleep(resume.isEmpty() ? 3000 : 0);
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            process.waitFor();
        }
        assertThat(log).content().containsPattern("continuing with the \\d+ of \\d+ tiles in " + Pattern.quote(out.toString()))
                .doesNotContain("nothing to resume");
    }

    @Test
    void should_say_who_holds_the_folder_and_not_mind_a_lock_of_the_dead() throws Exception {
        Path network = network(SLOW);
        // Minutes of work: the first one must not have ended before the second asks.
        Path x = inputs("x.npy", 800, 8, 8, 1);
        Path out = folder.resolve("out");
        Process first = Program.start(folder.resolve("first.log"), "kernel", network.toString(), "--x", x.toString(), "--out",
                out.toString(), "--checkpoint",
                "--threads", "1");
        try {
            for (int wait = 0; wait < 6000 && !Files.exists(out.resolve(".lock.holder")); wait++) {
                Thread.sleep(10);
            }
            Program.Result second = Program.ntk("kernel", network.toString(), "--x", x.toString(), "--out", out.toString());
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.err()).singleElement().asString().contains(out.toString()).contains("process " + first.pid() + " on ")
                    .contains(" since 20");
        } finally {
            first.destroyForcibly();
        }
        first.waitFor();
        assertThat(out.resolve(".lock")).exists();
        Path small = inputs("small.npy", 3, 8, 8, 1);
        assertThat(Program.ntk("kernel", network.toString(), "--x", small.toString(), "--out", out.toString()).status()).isZero();
        assertThat(out.resolve(".lock")).doesNotExist();
    }

    @Test
    void should_fail_before_the_work_where_nothing_can_be_written() throws Exception {
        Path network = network(SLOW);
        Path x = inputs("x.npy", 3, 8, 8, 1);
        Path closed = Files.createDirectory(folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(Program.ntk("kernel", network.toString(), "--x", x.toString(), "--out", file + "/out").status()).isEqualTo(2);
        assumeThat(Files.isWritable(closed)).as("this user may write everywhere").isFalse();
        Program.Result result = Program.ntk("kernel", network.toString(), "--x", x.toString(), "--out", closed.toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).singleElement().asString().contains("cannot be written there (no permission)").contains("--out");
    }

    @Test
    void should_name_the_smallest_memory_that_works_and_work_with_it() throws Exception {
        Path network = network("[{parallel: {merge: concat, branches: [[{conv: {channels: 2}}, relu], [{conv: {channels: 2}}, relu]]}}, "
                + "layerNorm, {dense: {units: 2}}, relu, globalAvgPool]");
        Path x = inputs("x.npy", 2, 24, 24, 1);
        String[] args = {"kernel", network.toString(), "--x", x.toString(), "--out", folder.resolve("out").toString(), "--threads", "2",
                "--memory",
            "64m"};
        Program.Result tiny = Program.ntk(args);
        assertThat(tiny.status()).isEqualTo(2);
        assertThat(tiny.err()).singleElement().asString().contains("64 MiB are allowed").containsPattern("use --memory \\d+m");
        String least = tiny.err().get(0).replaceFirst(".*--memory (\\d+m).*", "$1");
        args[args.length - 1] = least;
        Program.Result enough = Program.ntk(args);
        assertThat(enough.status()).as(enough.err().toString()).isZero();
        args[args.length - 1] = Integer.parseInt(least.replace("m", "")) - 2 + "m";
        assertThat(Program.ntk(args).status()).isEqualTo(2);
    }

    @Test
    void should_write_a_kernel_to_a_file_that_the_memory_does_not_hold() throws Exception {
        Path network = network("mlp: {depth: 1}");
        Path x = inputs("x.npy", 2340, 2);
        Program.Result files = Program.ntk("kernel", network.toString(), "--x", x.toString(), "--x2", x.toString(), "--out",
                folder + "/files", "--memory",
                "64m", "--get", "ntk");
        assertThat(files.status()).as(files.err().toString()).isZero();
        assertThat(files.err()).anyMatch(line -> line.contains("the kernels in files"));
        Npy npy = Npy.read(folder.resolve("files/ntk.npy"));
        assertThat(npy.shape()).containsExactly(2340, 2340);
        try (Stream<String> lines = Files.lines(folder.resolve("files/ntk.csv"))) {
            List<String> rows = lines.toList();
            assertThat(rows).hasSize(2340);
            for (int i : new int[] {0, 127, 128, 1234, 2339}) {
                assertThat(Stream.of(rows.get(i).split(",")).mapToDouble(Double::parseDouble).toArray())
                        .isEqualTo(Arrays.copyOfRange(npy.values(), i * 2340, (i + 1) * 2340));
            }
        }
        try (Stream<Path> left = Files.list(folder.resolve("files"))) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("ntk.csv", "ntk.npy");
        }
    }
}
