package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real launcher and the real program in a project whose build is a stub: it counts how often it is called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final String STUB = "echo \"built with $*\" >> builds; cp library.jar target/library.jar; cp stub.jar target/ntk4j.jar;"
            + " cp classpath target/classpath; cp classpath target/classpath-gpu";

    @TempDir
    Path temporary;

    private Path project;

    @BeforeEach
    void makeProject() throws IOException {
        project = temporary.resolve("a project with spaces");
        Files.createDirectories(project.resolve("scripts"));
        Files.createDirectories(project.resolve("src/main/java"));
        for (String script : List.of("ntk", "jdk")) {
            Files.copy(Path.of("scripts", script), project.resolve("scripts").resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(project.resolve("src/main/java/A.java"), "class A {}");
        Path jar = project.resolve("stub.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream empty = new JarOutputStream(out)) {
            empty.finish();
        }
        Files.copy(jar, project.resolve("library.jar"));
        Files.writeString(project.resolve("classpath"), project.resolve("library.jar") + ":" + System.getProperty("java.class.path"));
        build(STUB);
    }

    private void build(String commands) throws IOException {
        Path wrapper = project.resolve("mvnw");
        Files.writeString(wrapper, "#!/bin/sh\nset -e\n" + commands + "\n");
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }

    private record Result(int status, String out, String err) {
    }

    private Process start(String program, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program);
        builder.command().addAll(Arrays.asList(args));
        builder.directory(temporary.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static Result end(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }

    private Result ntk(String... args) throws IOException, InterruptedException {
        return end(start(project.resolve("scripts/ntk").toString(), args));
    }

    private long builds() throws IOException {
        return Files.readAllLines(project.resolve("builds")).size();
    }

    private static void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void should_say_that_too_few_files_may_be_open() throws Exception {
        Result result = end(start("bash", "-c", "ulimit -n 20; exec \"$0\" --version", project.resolve("scripts/ntk").toString()));
        assertThat(result.status).isEqualTo(1);
        assertThat(result.err).contains("at most 20 files may be open at once (ulimit -n)").hasLineCount(1);
    }

    @Test
    void should_build_once_and_again_when_something_changed() throws Exception {
        Result first = ntk("--version");
        assertThat(first.err()).startsWith("ntk: building").hasLineCount(1);
        assertThat(first.out()).startsWith("ntk4j ");
        assertThat(first.status()).isZero();
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("a project with spaces/scripts/ntk"));
        Result second = end(start(link.toString(), "run", "--help"));
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("Usage: ntk run");
        assertThat(builds()).isEqualTo(1);
        age(project.resolve("src/main/java/A.java"), 10);
        assertThat(ntk("--version").err()).contains("building");
        assertThat(builds()).isEqualTo(2);
        age(project.resolve("src/main/java/A.java"), -100);
        Files.delete(project.resolve("library.jar"));
        build("echo again >> builds; cp stub.jar target/ntk4j.jar; cp stub.jar library.jar");
        assertThat(ntk("rnu").status()).isEqualTo(2);
        assertThat(builds()).isEqualTo(3);
        assertThat(Files.exists(project.resolve("target/.building"))).isFalse();
    }

    @Test
    void should_build_again_where_an_older_Java_has_built() throws Exception {
        boolean isNew = Runtime.version().feature() >= 22;
        assertThat(ntk("--version").status()).isZero();
        age(Files.createDirectories(project.resolve("src/main/java22")), -100);
        try (OutputStream out = Files.newOutputStream(project.resolve("stub.jar")); JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry("META-INF/versions/22/A.class"));
        }
        age(project.resolve("src/main"), -100);
        assertThat(ntk("--version").err().contains("building")).isEqualTo(isNew);
        assertThat(ntk("--version").err()).isEmpty();
        assertThat(builds()).isEqualTo(isNew ? 2 : 1);
    }

    @Test
    void should_build_once_where_two_start_at_once() throws Exception {
        build("sleep 0.5; " + STUB);
        Process one = start(project.resolve("scripts/ntk").toString(), "--version");
        Process two = start(project.resolve("scripts/ntk").toString(), "--version");
        assertThat(List.of(end(one), end(two))).allSatisfy(result -> {
            assertThat(result.status()).isZero();
            assertThat(result.out()).startsWith("ntk4j ");
        });
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void should_build_again_after_a_build_that_was_killed() throws Exception {
        Files.createDirectories(project.resolve("target/.building"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(project.resolve("target/.building/pid"), gone.pid() + "\n");
        assertThat(ntk("--version").status()).isZero();
    }

    @Test
    void should_show_why_a_build_failed() throws Exception {
        build("echo 'no network'; exit 1");
        Result result = ntk("--version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("no network").contains("the build failed").contains("build.log");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void should_build_for_gpus_on_request() throws Exception {
        boolean served = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        Result result = ntk("shell", "--gpu", "--help");
        assertThat(result.status()).isEqualTo(served ? 0 : 2);
        if (served) {
            assertThat(Files.readString(project.resolve("builds"))).contains("-Pgpu");
        }
    }

    @Test
    void should_fetch_spark_on_request_and_only_then() throws Exception {
        assertThat(ntk("--version").status()).isZero();
        assertThat(Files.readString(project.resolve("builds"))).doesNotContain("spark");
        Result result = ntk("kernel", "--spark", "local[2]", "--help");
        assertThat(Files.readString(project.resolve("builds"))).contains("-Pspark");
        // The stub builds no jar with Spark.
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("for Spark another 220 MB").contains("the build failed");
    }

    @Test
    void should_end_quietly_where_nobody_reads_on() throws Exception {
        ntk("--version");
        Result result = end(start("bash", "-c", "set -o pipefail; \"$0\" explain --schema | head -1",
                project.resolve("scripts/ntk").toString()));
        assertThat(result.out()).isEqualToIgnoringNewLines("{");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    /** Needs the right to be somebody else; the folder belongs to who runs the tests. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @EnabledOnOs(OS.LINUX)
    void should_not_wait_for_a_lock_that_another_user_may_not_take(boolean taken) throws Exception {
        assumeThat(Path.of("/usr/bin/setpriv")).exists();
        List<String> nobody = List.of("--reuid=65534", "--regid=65534", "--clear-groups");
        assumeThat(end(start("/usr/bin/setpriv", with(nobody, "true"))).status()).as("another user can be had").isZero();
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(project.resolve("target"));
        if (taken) {
            Files.createDirectories(project.resolve("target/.building"));
            Files.writeString(project.resolve("target/.building/pid"), ProcessHandle.current().pid() + "\n");
        }
        Result result = end(start("/usr/bin/setpriv", with(nobody, project.resolve("scripts/ntk").toString(), "--version")));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("cannot be made in " + project.resolve("target").toRealPath(), "Permission denied")
                .hasLineCount(1);
    }

    private static String[] with(List<String> options, String... command) {
        return Stream.concat(options.stream(), Arrays.stream(command)).toArray(String[]::new);
    }

    /** A file in the place of the lock stands for every reason for which it cannot be taken: to root nothing is forbidden. */
    @Test
    void should_say_that_it_cannot_build_where_the_lock_cannot_be_taken() throws Exception {
        Files.createDirectories(project.resolve("target"));
        Files.createFile(project.resolve("target/.building"));
        Result result = ntk("--version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("cannot be made in " + project.resolve("target").toRealPath()).hasLineCount(1);
    }

    @Test
    void should_end_a_build_with_the_start_that_began_it() throws Exception {
        build("echo $$ > builder; exec sleep 60");
        Process start = start(project.resolve("scripts/ntk").toString(), "--version");
        Path pid = project.resolve("builder");
        for (int i = 0; i < 200 && !Files.exists(pid); i++) {
            Thread.sleep(50);
        }
        Thread.sleep(200);
        ProcessHandle builder = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        start.toHandle().destroy();
        assertThat(end(start).status()).isEqualTo(143);
        assertThat(builder.isAlive()).isFalse();
        assertThat(Files.exists(project.resolve("target/.building"))).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void should_leave_nothing_behind_where_outputs_are_closed() throws Exception {
        ntk("--version");
        for (String closed : List.of(">&- 2>&-", "2>&-", ">&-", "<&- >&- 2>&-")) {
            String mark = "ntk-test-" + UUID.randomUUID();
            ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec \"$0\" --version " + closed,
                    project.resolve("scripts/ntk").toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("NTK_TEST_MARK", mark);
            // What cannot be written is a failure, as on a full disk; messages may be lost.
            assertThat(end(builder.start()).status()).as(closed).isEqualTo(closed.equals("2>&-") ? 0 : 1);
            assertThat(gone(mark)).as("processes left after " + closed).isTrue();
        }
    }

    /** True once no process has this in its environment. */
    private static boolean gone(String mark) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (ProcessHandle.allProcesses().noneMatch(process -> environment(process.pid()).contains(mark))) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    private static String environment(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void should_not_show_what_java_and_tensorflow_say_at_each_start() throws Exception {
        ntk("--version");
        Path script = Files.writeString(temporary.resolve("a.jsh"),
                "mlp().init(seed(0)).ntk(inputs(new double[][] {{1, 0}, {0, 1}})).rows()\n");
        ProcessBuilder builder = new ProcessBuilder(project.resolve("scripts/ntk").toString(), "run", script.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Dsomething=else");
        builder.environment().put("LC_ALL", "ar_EG.UTF-8");
        Result result = end(builder.start());
        assertThat(result.out()).isEqualTo("2\n");
        assertThat(result.err().lines().filter(line -> !line.contains("setlocale")))
                .containsExactly("Picked up JAVA_TOOL_OPTIONS: -Dsomething=else");
        assertThat(result.status()).isZero();
    }

    @Test
    void should_refuse_a_folder_that_is_no_jdk() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(project.resolve("scripts/ntk").toString(), "--version");
        builder.environment().put("JAVA_HOME", temporary.toString());
        Result result = end(builder.start());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("JAVA_HOME is " + temporary);
    }
}
