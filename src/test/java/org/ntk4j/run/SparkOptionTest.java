package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
