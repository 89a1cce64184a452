package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.files.NpyMatrix;

/** Kernels in scripts that the memory does not hold. */
class ScriptKernelFilesTest {

    @TempDir
    Path folder;

    private static final String SCRIPT = """
            double[] v = new java.util.Random(1).doubles(2 * 2340).toArray();
            var x = Inputs.of(v, 2340, Shape.of(2));
            var k = mlp().depth(1).ntk(x);
            k.file().isPresent() + " " + k.get(3, 2339) + " " + k.row(7)[1200] + " " + k.block(5, 7, 90, 93).get(1, 2) + " " + k.trace()
            """;

    private Program.Result run(String memory) throws IOException {
        Path script = Files.writeString(folder.resolve("k.jsh"), SCRIPT);
        Program.Result result = Program.ntk("run", script.toString(), "--out", folder + "/out", "--memory", memory, "--threads", "2");
        assertThat(result.status()).as(result.err().toString()).isZero();
        return result;
    }

    @Test
    void should_stay_in_files_that_numpy_opens_and_be_the_same_kernels() throws IOException {
        String inMemory = run("1g").out();
        assertThat(inMemory).contains("false ");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(run("64m").out()).isEqualTo(inMemory.replace("false", "true"));
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder.resolve("out"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertThat(files).extracting(f -> f.getFileName().toString()).containsExactly("ntk.npy");
        assertThat(files).extracting(Path::getParent).containsOnly(files.get(0).getParent());
        assertThat(files.get(0).getParent().getParent()).isEqualTo(folder.resolve("out/kernels"));
        assertThat(NpyMatrix.open(files.get(0).resolveSibling("ntk.npy")).get(3, 2339))
                .isEqualTo(Double.parseDouble(inMemory.split(" ")[1].strip()));
        assertThat(run("64m").out()).as("the same call, the same files").isEqualTo(inMemory.replace("false", "true"));
        try (Stream<Path> all = Files.list(folder.resolve("out/kernels"))) {
            assertThat(all).hasSize(1);
        }
    }
}
