package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Tab offers in the shell of this program, and what it tells. */
class CompletionTest {

    private static Session session;

    @BeforeAll
    static void open() {
        session = new Session(Prelude.ntk4j(), Interrupt.none());
        for (String line : List.of("var net = mlp()", "var images = cnn()", "var list = network(\"[relu]\")", "int relu = 3;")) {
            Piece piece = new StatementReader(Lines.of(line), "", session::analysis).next().orElseThrow();
            session.run((Statement) piece, later -> true);
        }
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static List<String> offered(String code) {
        return new TabChoice(session).names(code, new int[1]).stream().map(TabChoice::name).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "net.                                | width depth activation   | heads channels filter blocks wait notify",
        "net.depth(2).                       | width depth activation   | heads channels filter",
        "var k = 2 + net .depth( 2 )¶  .     | width depth ntk          | heads channels",
        "images.                             | channels filter readout  | width heads",
        "mlp().wStd(sqrt(2)).                | width init monteCarlo    | heads channels notifyAll",
        "transformer().                      | heads blocks feedForward | channels widen filter",
        "Experiment.cnn().depth(2).          | channels train compare   | width heads",
        "list.                               | ntk nngp init            | width depth heads",
        "net.ntk(inputs(new double[1][1])).  | get distanceTo spectrum  | wait notify",
    })
    void should_offer_the_options_that_a_network_has(String code, String there, String absent) {
        assertThat(offered(code.strip().replace('¶', '\n'))).contains(there.split(" ")).doesNotContain(absent.split(" "));
    }

    @Test
    void should_offer_what_fits_between_brackets() {
        TabChoice offer = new TabChoice(session);
        assertThat(offer.arguments("net.activation(")).contains("relu()", "erf(", "abs()", "tanh()").doesNotContain("sqrt(", "mlp()");
        assertThat(offer.arguments("net.depth(")).contains("relu").hasSizeLessThan(10);
        assertThat(offer.arguments("net.ntk(")).contains("inputs(");
    }

    @Test
    void should_offer_own_names_where_none_has_begun() {
        assertThat(offered("var k = ")).contains("net", "images").hasSizeLessThan(20);
        assertThat(offered("var k = transf")).contains("transformer");
        assertThat(offered("java.util.function.")).contains("Function");
    }

    @Test
    void should_tell_signatures_and_what_they_mean() {
        Signatures signatures = new Signatures(session);
        assertThat(signatures.of("net.ntk(")).containsExactly("Kernel Network.ntk(Inputs x)", "Kernel Network.ntk(Inputs x, Inputs x2)");
        assertThat(signatures.of("inputs(new double[][] {{1, 2}}, ")).contains("Inputs Ntk.inputs(double[][] rows, int... shape)");
        assertThat(signatures.documented("net.depth(")).containsExactly(
                "Network Network.depth(int count)" + System.lineSeparator() + "  How many hidden layers.");
        assertThat(signatures.about("mlp")).singleElement().asString().contains("Network Ntk.mlp()", "width 512");
        assertThat(signatures.about("Network.depth(3)")).singleElement().asString().contains("How many hidden layers.");
        assertThat(signatures.about("net.ntk")).anySatisfy(said -> assertThat(said).contains("Θ_∞ of inputs with themselves."));
        assertThat(signatures.about("Network")).singleElement().asString().contains("finite or infinite width");
        assertThat(signatures.about("nothingLikeThis")).isEmpty();
    }

    @Test
    void should_find_a_comment_for_every_factory() {
        Signatures signatures = new Signatures(session);
        List<String> names = offered("Ntk.").stream().filter(name -> !name.equals("class")).distinct().toList();
        assertThat(names).hasSizeGreaterThan(60);
        assertThat(names).allSatisfy(name -> assertThat(signatures.about("Ntk." + name)).isNotEmpty()
                .noneSatisfy(said -> assertThat(said).contains("(not documented)")));
    }

    @Test
    void should_write_javadoc_as_plain_text() {
        assertThat(JavadocText.of("""
                 The {@code mlp}, see {@link Network#ntk(Inputs, Inputs)} or {@link #nngp the other}: 1 &lt; 2.

                 <p>More of <b>it</b>.
                 <ul>
                 <li>one
                 <li>two
                 </ul>
                 @param x  the inputs,
                           one a row
                 @return a kernel
                 @throws Failure after Ctrl-C
                """).lines()).containsExactly("The mlp, see Network.ntk(Inputs, Inputs) or the other: 1 < 2.", "More of it.",
                "- one", "- two", "x: the inputs, one a row", "returns a kernel", "throws Failure after Ctrl-C");
    }
}
