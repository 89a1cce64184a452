import static org.ntk4j.Ntk.inputs;
import static org.ntk4j.Ntk.mlp;
import static org.ntk4j.Ntk.seed;

/** Both faces of a network, from a program of its own. */
public final class Consumer {

    public static void main(String[] args) {
        double[][] x = {{1, 0}, {0.5, 0.8}};
        System.out.println(mlp().depth(2).wStd(Math.sqrt(2)).ntk(inputs(x)).get(0, 1));
        System.out.println(mlp().width(8).init(seed(0)).ntk(inputs(x)).rows());
    }
}
