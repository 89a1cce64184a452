package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code --spark} where Spark is not there: it is named in one line, and nothing is computed instead. */
class SparkOptionTest {

    @TempDir
    private Path folder;

    private Program.Result kernel(String master) throws Exception {
        Path network = Files.writeString(folder.resolve("net.yaml"), "mlp: {width: 8}\n");
        Path x = Files.writeString(folder.resolve("x.csv"), "1,2\n3,4\n");
        return Program.ntk("kernel", network.toString(), "--x", x.toString(), "--out", folder.resolve("out").toString(), "--spark", master);
    }

    @Test
    void should_name_the_masters_that_there_are() throws Exception {
        for (String wrong : new String[] {"locl", "local[0]", "local-cluster[2,1]", "http://a:1", ""}) {
            Program.Result result = kernel(wrong);
            assertThat(result.status()).as(wrong).isEqualTo(2);
            assertThat(result.err()).singleElement().asString().contains("--spark: '" + wrong + "' is no master of Spark")
                    .contains("local-cluster[2,1,2048]");
        }
        assertThat(System.getProperty("ntk.spark")).isNull();
    }

    @Test
    void should_say_that_spark_is_missing_where_it_is() throws Exception {
        Program.Result result = kernel("local[2]");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).last().asString().contains("Spark is not on the class path");
        assertThat(Files.exists(folder.resolve("out/ntk.csv"))).isFalse();
    }

    private Program.Result kernelWith(String... more) throws Exception {
        Path network = Files.writeString(folder.resolve("net.yaml"), "mlp: {width: 8}\n");
        Path x = Files.writeString(folder.resolve("x.csv"), "1,2\n3,4\n");
        List<String> arguments = new ArrayList<>(List.of("kernel", network.toString(), "--x", x.toString(), "--out",
                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return Program.ntk(arguments.toArray(String[]::new));
    }

    @Test
    void should_plan_hours_and_dollars_without_spark() throws Exception {
        Program.Result plan = kernelWith("--dry-run", "--price", "0.5", "--spark", "local-cluster[3,4,2048]");
        assertThat(plan.status()).isZero();
        assertThat(plan.out()).contains("K_∞ and Θ_∞, 2 × 2: 1 tiles").contains("core-hours")
                .contains("GB; with --spark they go to " + folder.resolve("out/tiles") + ", where ").contains(" GB are free")
                .containsPattern("cores +hours +dollars").containsPattern("(?m)^ +12 ").containsPattern("(?m)^ *1000 ");
        assertThat(Files.exists(folder.resolve("out"))).isFalse();
        assertThat(kernelWith("--dry-run").out()).doesNotContain("dollars");
    }

    @Test
    void should_refuse_what_does_not_go_together() throws Exception {
        assertThat(kernelWith("--price", "1").err()).containsExactly("ntk: --price belongs to --dry-run, which is not given");
        assertThat(kernelWith("--dry-run", "--price", "-1").status()).isEqualTo(2);
        assertThat(kernelWith("--monte-carlo", "4", "--width", "8", "--spark", "local").err()).singleElement().asString()
                .contains("--spark: estimates of --monte-carlo are computed on this machine");
    }

    @Test
    void should_plan_studies_on_clusters() throws Exception {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                data: {name: mnist-sample, train: 20, test: 10}
                network: {mlp: {width: 8}}
                kernels: [ntk.infinite]
                sweep: {network.mlp.depth: [1, 2]}
                """);
        Program.Result plan = Program.ntk("run", study.toString(), "--dry-run", "--spark", "spark://host:7077", "--price", "0.04");
        assertThat(plan.status()).isZero();
        assertThat(plan.out()).contains("Spark      spark://host:7077: 2 cells, each whole on one core").contains("on 256 cores")
                .contains("dollars");
    }
}
