package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Graphs on the command line and in experiments: what is refused, with status 2 and one line, before anything is written. */
class GraphCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("x.csv"), "1,0,0,1,1,1\n1,2,3,4,nan,nan\n");
        Files.writeString(folder.resolve("e.csv"), "example,tail,head,weight\n0,0,1,1\n0,1,0,-1\n");
        Files.writeString(folder.resolve("plain.csv"), "0,0,1,1\n1,1,0,0.5\n");
    }

    private Program.Result kernel(String network, String... more) throws IOException {
        Files.writeString(folder.resolve("net.yaml"), network);
        List<String> args = new ArrayList<>(List.of("kernel", folder + "/net.yaml", "--x", folder + "/x.csv", "--out", folder + "/k"));
        Arrays.stream(more).map(a -> a.replace("@", folder + "/")).forEach(args::add);
        return Program.ntk(args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2                                    | network.0.aggregate: the \
            inputs have no graph to aggregate over; give one with --edges
            [{aggregate: {normalize: mean}}, globalSumPool]    | --shape 3,2 --edges @e.csv                     | network.0.aggregate: \
            example 0 has an edge from node 1 to node 0 of weight -1.0; normalize: mean needs weights from 0
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2,1 --edges @plain.csv               | graphs belong to inputs \
            of [nodes, channels], and these are of 3×2×1
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2 --edges @none.csv                  | none.csv: there is no \
            such file
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2 --edges2 @e.csv                    | --edges2: these are the \
            graphs of --x2, which is not given
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2 --edges @plain.csv --x2 @x.csv     | --edges2 is missing: \
            --edges gives graphs to --x, and --x2 needs them as well
            [{aggregate: {}}, globalSumPool]                   | --shape 3,2 --edges2 @plain.csv --x2 @x.csv    | --edges is missing: \
            --edges2 gives graphs to --x2
            [globalSumPool, {aggregate: {}}]                   | --shape 3,2 --edges @plain.csv                 | aggregate on an input of \
            2, which has no positions
            [{slice: {to: [2]}}, {aggregate: {}}, globalSumPool] | --shape 3,2 --edges @plain.csv               | aggregate behind slice, \
            which changes the positions
            [{residual: {layers: [{aggregate: {}}]}}, globalSumPool] | --shape 3,2 --edges @plain.csv           | use selfLoops: true
            [{resize: {size: [2], method: linear}}, globalSumPool] | --shape 3,2                                | resize makes the value \
            depend on how much padding there is
            """)
    void should_be_refused(String network, String options, String told) throws IOException {
        Program.Result result = kernel(network, options.split(" "));
        assertThat(result.status()).as(result.err().toString()).isEqualTo(2);
        assertThat(result.err().stream().filter(l -> l.startsWith("ntk: ") || l.contains(told)).toList()).singleElement().asString()
                .contains(told);
        assertThat(folder.resolve("k/ntk.csv")).doesNotExist();
    }

    @Test
    void should_be_noted_where_nothing_reads_them() throws IOException {
        Program.Result result = kernel("[{dense: {units: 1}}, relu, globalSumPool]", "--shape", "3,2", "--edges", "@plain.csv");
        assertThat(result.status()).isZero();
        assertThat(result.err()).anyMatch(l -> l.contains("bag of nodes"));
    }

    @Test
    void an_edge_at_padding_should_have_its_place() throws IOException {
        Files.writeString(folder.resolve("p.csv"), "0,0,1,1\n1,0,2,1\n");
        assertThat(kernel("[{aggregate: {}}, globalSumPool]", "--shape", "3,2", "--edges", "@p.csv").err())
                .anyMatch(l -> l.contains("p.csv:2:3: head: node 2 of example 1 is padding"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            data: phrases\\nnetwork: [{aggregate: {}}, globalSumPool]                                        | aggregate: the inputs have \
            no graph
            seed: 0\\nnetwork: [{aggregate: {}}, globalSumPool]                                              | aggregate on an input of \
            28×28×1, which has 2 axes of space
            seed: 0\\nnetwork: [{dense: {units: 2}}, expNormalized]                                          | 2:10: network: \
            expNormalized maps kernels
            network: {cnn: {activation: expNormalized}}\\ntrain: {}\\nkernels: [ntk.infinite]      | 1:10: network: expNormalized maps \
            kernels
            seed: 0\\nnetwork: {gntk: {}}                                                                    | gntk on an input of \
            28×28×1, which has 2 axes of space
            network: {gntk: {}}\\ndata: {name: graphs, task: tree}                                 | 'tree' is not known; allowed: cycle, \
            bipartite
            network: {gntk: {}}\\ndata: {name: graphs, folder: none}                               | none: there is no such file
            """)
    void should_be_refused_in_an_experiment(String yaml, String told) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), yaml.replace("\\n", "\n"));
        Program.Result result = Program.ntk("check", file.toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).anyMatch(l -> l.contains(told));
    }

    @Test
    void kernels_alone_should_need_no_finite_network() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"),
                "data: {train: 20, test: 20}\nnetwork: [flatten, {dense: {units: 2}}, expNormalized, {dense: {units: 10}}]\nkernels: "
                + "[ntk.infinite, nngp.infinite]\n");
        Program.Result result = Program.ntk("run", file.toString(), "--out", folder + "/out");
        assertThat(result.status()).as(result.err().toString()).isZero();
        assertThat(result.err()).anyMatch(l -> l.startsWith("there is no finite network"));
    }
}
