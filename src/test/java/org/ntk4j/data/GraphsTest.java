package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Cases;
import org.ntk4j.Golden;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.inference.Regression;
import org.ntk4j.network.Network;
import org.ntk4j.positions.Edges;
import org.ntk4j.shape.Shape;

/** Graphs from a folder, from the generator, from arrays and from a file of edges. */
class GraphsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        file("TOY_A.txt", "1, 2\n2, 1\n2, 3\n3,2\n4, 5\n");
        file("TOY_graph_indicator.txt", "1\n1\n1\n2\n2\n3\n4\n");
        file("TOY_graph_labels.txt", "1\n-1\n1\n-1\n");
        file("TOY_node_labels.txt", "0\n1\n0\n7\n7\n0\n1\n");
        file("TOY_node_attributes.txt", "0.5, 1\n1,1\n2, 3\n0,0\n1,2\n4,4\n1,0\n");
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void should_read_the_format_of_tu_dortmund() {
        Dataset data = Dataset.graphs(folder).train(2).test(2).normalize("none");
        assertThat(data.shape()).isEqualTo(Shape.of(3, 5));
        assertThat(data.classNames()).containsExactly("-1", "1");
        for (Split split : List.of(data.train(), data.test())) {
            for (int i = 0; i < 2; i++) {
                Edges edges = split.inputs().graphs().orElseThrow().of(i);
                double[] row = split.inputs().row(i);
                switch (split.indices()[i]) {
                    case 0 -> {
                        assertThat(row).containsExactly(1, 0, 0, 0.5, 1, 0, 1, 0, 1, 1, 1, 0, 0, 2, 3);
                        assertThat(edges.tails()).containsExactly(0, 1, 1, 2);
                        assertThat(edges.heads()).containsExactly(1, 0, 2, 1);
                        assertThat(split.labels()[i]).isEqualTo(1);
                    }
                    case 1 -> {
                        assertThat(row).startsWith(0, 0, 1, 0, 0, 0, 0, 1, 1, 2).endsWith(Double.NaN);
                        assertThat(edges.tails()).containsExactly(0);
                        assertThat(split.labels()[i]).isZero();
                    }
                    default -> assertThat(edges.count()).isZero();
                }
            }
        }
    }

    @Test
    void should_take_1_where_nodes_have_no_values() throws IOException {
        Files.delete(folder.resolve("TOY_node_labels.txt"));
        Files.delete(folder.resolve("TOY_node_attributes.txt"));
        assertThat(Dataset.graphs(folder.resolve("TOY_A.txt")).train(2).test(2).train().inputs().shape()).isEqualTo(Shape.of(3, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            TOY_A.txt               | 1, 2\\n2, 9\\n             | TOY_A.txt:2:2: 9.0 is not a node; allowed: whole numbers from 1 to 7
            TOY_A.txt               | 1, 2\\n2\\n                | TOY_A.txt:2: the line has 1 number; 2 are needed
            TOY_A.txt               | 1, 4\\n                   | TOY_A.txt:1: an edge from a node of graph 1 to one of graph 2; both must \
            be in one graph
            TOY_A.txt               | 1; 2\\n                   | TOY_A.txt:1
            TOY_graph_indicator.txt | 1\\n1\\n1\\n2\\n2\\n3\\n5\\n   | TOY_graph_indicator.txt:7: 5.0 is not a graph; allowed: whole \
            numbers from 1 to 4
            TOY_graph_indicator.txt | 1\\n1\\n1\\n2\\n2\\n2\\n4\\n   | graph 3 has no nodes
            TOY_graph_labels.txt    | 1\\n1\\n1\\n1\\n              | at least two different labels are needed
            TOY_node_labels.txt     | 1\\n1\\n                    | 2 lines for 7 nodes; one each is needed
            TOY_node_attributes.txt | x\\n1\\n1\\n1\\n1\\n1\\n1\\n     | TOY_node_attributes.txt:1:1: 'x' is not a finite number
            OTHER_A.txt             | 1, 2\\n                   | one file of edges, DS_A.txt, is needed
            """)
    void should_name_what_is_wrong_with_a_folder(String name, String text, String told) throws IOException {
        file(name, text.replace("\\n", "\n"));
        assertThatThrownBy(() -> Dataset.graphs(folder).train(2).test(2).train())
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(Failure.INPUT))
                .hasMessageContaining(told);
    }

    @Test
    void should_say_what_is_missing() throws IOException {
        Files.delete(folder.resolve("TOY_graph_labels.txt"));
        assertThatThrownBy(() -> Dataset.graphs(folder).train()).hasMessageContaining("TOY_graph_labels.txt: there is no such file");
        assertThatThrownBy(() -> Dataset.graphs(folder.resolve("none")).train()).hasMessageContaining("there is no such file");
    }

    /** The label of a generated graph is a matter of its edges, and of nothing else. */
    @Test
    void should_be_generated_as_they_say() {
        for (String task : List.of("cycle", "bipartite")) {
            Sample data = Dataset.graphs().task(task).train(300).test(200).load();
            double[] sizes = new double[2];
            for (int i = 0; i < 300; i++) {
                Inputs x = data.train().inputs();
                int example = i;
                int nodes = (int) java.util.stream.IntStream.range(0, 12).filter(p -> x.isReal(example, p)).count();
                Edges edges = x.graphs().orElseThrow().of(i);
                boolean tree = edges.count() / 2 == nodes - 1;
                int label = data.train().labels()[i];
                assertThat(nodes).isBetween(6, 12);
                assertThat(task.equals("cycle") ? !tree : colourable(edges, 12)).as("%s %d", task, i).isEqualTo(label == 1);
                sizes[label] += nodes / 150.0;
            }
            assertThat(Math.abs(sizes[0] - sizes[1])).isLessThan(1);
            assertThat(accuracy(data, "gntk: {blocks: 0}")).as("a bag of nodes").isBetween(0.4, 0.6);
            assertThat(accuracy(data, "[{dense: {units: 1, wStd: 1.4, bStd: 0.3}}, relu, globalSumPool, {dense: {units: 1}}]"))
                    .as("a bag of nodes").isBetween(0.4, 0.6);
            assertThat(accuracy(data, "gntk: {}")).as("a graph network").isGreaterThan(0.9);
        }
    }

    private static double accuracy(Sample data, String definition) {
        Network network = Network.parse(definition);
        Inputs train = data.train().inputs();
        return data.test().accuracy(Regression.of(network.ntk(train)).ridge(1e-4).fit(data.train().targets())
                .predict(network.ntk(data.test().inputs(), train)));
    }

    private static boolean colourable(Edges edges, int nodes) {
        int[] colour = new int[nodes];
        Arrays.fill(colour, -1);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int e = 0; e < edges.count(); e++) {
                int tail = edges.tails()[e];
                int head = edges.heads()[e];
                if (colour[tail] < 0 && colour[head] < 0 && Arrays.stream(colour).allMatch(c -> c < 0)) {
                    colour[tail] = 0;
                    changed = true;
                }
                if (colour[tail] >= 0 && colour[head] < 0) {
                    colour[head] = 1 - colour[tail];
                    changed = true;
                }
                if (colour[tail] >= 0 && colour[tail] == colour[head]) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void should_be_taken_from_arrays() {
        Inputs x = Ntk.graphs(new double[][][] {{{1, 0}, {0, 1}}, {{1, 1}}}, new double[][][] {{{0, 2}, {0, 0}}, {{0}}});
        assertThat(x.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(x.isReal(1, 1)).isFalse();
        assertThat(x.graphs().orElseThrow().of(0).matrix(2)).containsExactly(0, 2, 0, 0);
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {{{1}}}, new double[][][] {{{0, 1}, {1, 0}}}))
                .hasMessageContaining("example 0 has 1 node and an adjacency matrix of 2 × 2; 1 × 1 is needed");
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {{{1}, {1, 2}}}, new double[][][] {{{0, 1}, {1, 0}}}))
                .hasMessageContaining("node 1 of example 0 has 2 values; 1");
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {{{Double.NaN}}}, new double[][][] {{{0}}}))
                .hasMessageContaining("leave the node out");
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {{{1}}}, new double[][][] {{{Double.POSITIVE_INFINITY}}}))
                .hasMessageContaining("a finite number is needed");
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {}, new double[][][] {})).hasMessageContaining("at least one");
        assertThatThrownBy(() -> Ntk.graphs(new double[][][] {{}}, new double[][][] {{}})).hasMessageContaining("example 0 has no nodes");
    }

    @Test
    void a_shortcut_should_be_what_it_says() {
        Golden golden = Golden.all("kernels").stream().filter(g -> g.name().equals("aggregate-gntk")).findFirst().orElseThrow();
        Network gntk = Ntk.gntk().depth(2).width(8).jumpingKnowledge(true);
        assertThat(Golden.error(gntk.ntk(golden.inputs("x1"), golden.inputs("x2")).toArray(), golden.matrix("ntk"))).isLessThan(1e-10);
        assertThat(gntk.toYaml()).isInstanceOfSatisfying(Map.class, map -> assertThat(map).containsOnlyKeys("gntk"));
        assertThatThrownBy(() -> gntk.ntk(Cases.inputs(1, 2, 3))).hasMessageContaining("gntk on an input of 3, which has no nodes");
        assertThatThrownBy(() -> gntk.ntk(Cases.inputs(1, 2, 3, 3, 1))).hasMessageContaining("2 axes of space");
        assertThatThrownBy(() -> gntk.readout("max")).hasMessageContaining("allowed: sum, mean");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            0,0,1,2\\n1,1,0,-1\\n                      |
            example,tail,head,weight\\n0,0,1,2\\n\\n    |
            Example, Tail, Head, Weight\\r\\n0,0,1,2\\r\\n |
            tail,head,weight\\n                        | e.csv:1:4: the line has 3 values; example,tail,head,weight are needed
            0,0,1\\n                                   | e.csv:1:4: the line has 3 values; example,tail,head,weight are needed
            0,0,1,1,1\\n                               | e.csv:1:5: the line has 5 values
            0,0,1,1\\n2,0,1,1\\n                       | e.csv:2:1: example: '2' is not an example; allowed: whole numbers from 0 to 1
            0,0,3,1\\n                                 | e.csv:1:3: head: '3' is not a node; allowed: whole numbers from 0 to 2
            0,-1,1,1\\n                                | e.csv:1:2: tail: '-1' is not a node
            0,0.5,1,1\\n                               | e.csv:1:2: tail: '0.5' is not a node
            0,0,1,nan\\n                               | e.csv:1:4: weight: 'nan' is not a finite number
            1,2,1,1\\n                                 | e.csv:1:2: tail: node 2 of example 1 is padding, which has no edges
            0,0,1,1\\n\\n0,0,1,1\\n                    | e.csv:2:1: the line is empty
            """)
    void edges_should_be_read_from_a_file(String text, String told) throws IOException {
        file("e.csv", text.replace("\\r", "\r").replace("\\n", "\n"));
        double[] values = Cases.normal(1, 12);
        Arrays.fill(values, 10, 12, Double.NaN);
        Inputs x = Inputs.of(values, 2, Shape.of(3, 2));
        if (told == null) {
            assertThat(EdgeFile.read(folder.resolve("e.csv"), x).graphs().orElseThrow().of(0).matrix(3))
                    .containsExactly(0, 2, 0, 0, 0, 0, 0, 0, 0);
        } else {
            assertThatThrownBy(() -> EdgeFile.read(folder.resolve("e.csv"), x)).isInstanceOf(Failure.class).hasMessageContaining(told);
        }
    }
}
