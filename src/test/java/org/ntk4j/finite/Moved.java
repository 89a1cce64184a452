package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.data.Inputs;

/** The outputs of a network with one tensor of weights moved, from one graph. */
public final class Moved {

    private Moved() {
    }

    public static List<double[][]> outputs(FiniteNetwork network, Inputs x, String name, List<double[]> values) {
        Map<String, double[]> weights = network.weights(x.shape());
        List<Map<String, double[]>> draws = new ArrayList<>();
        for (double[] v : values) {
            Map<String, double[]> all = new HashMap<>(weights);
            all.put(name, v);
            draws.add(all);
        }
        List<double[][]> outputs = new ArrayList<>();
        network.outputs(x, draws, outputs::add);
        return outputs;
    }
}
