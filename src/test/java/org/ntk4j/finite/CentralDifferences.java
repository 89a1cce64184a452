package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.Cases;
import org.ntk4j.data.Inputs;
import org.ntk4j.layer.Weights;

/** Tangent kernels from nothing but the function: each weight is moved up and down. */
public final class CentralDifferences {

    private static final double STEP = 1e-5;

    private CentralDifferences() {
    }

    /** The mean over outputs of {@code J Jᵀ}, J by central differences in all trained weights. */
    public static double[][] ntk(FiniteNetwork network, Inputs x) {
        Map<String, double[]> weights = new HashMap<>(network.weights(x.shape()));
        List<String> trained = network.layers(x.shape()).weights(x.shape()).stream().filter(Weights::trained).map(Weights::name).toList();
        int n = x.count();
        double[][] sums = new double[n][n];
        for (String name : trained) {
            double[] values = weights.get(name);
            List<double[]> moved = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                for (double step : new double[] {STEP, -STEP}) {
                    double[] other = values.clone();
                    other[i] += step;
                    moved.add(other);
                }
            }
            List<double[][]> f = Moved.outputs(network, x, name, moved);
            for (int i = 0; i < values.length; i++) {
                add(sums, f.get(2 * i), f.get(2 * i + 1));
            }
        }
        return sums;
    }

    private static void add(double[][] sums, double[][] up, double[][] down) {
        int k = up[0].length;
        for (int a = 0; a < sums.length; a++) {
            for (int b = 0; b < sums.length; b++) {
                for (int c = 0; c < k; c++) {
                    sums[a][b] += (up[a][c] - down[a][c]) * (up[b][c] - down[b][c]) / (4 * STEP * STEP * k);
                }
            }
        }
    }

    /** Sees to it that a network in float64 has the tangent kernel that its function has. */
    public static void check(FiniteNetwork network, Inputs x) {
        double[][] theta = network.ntk(x).toArray();
        double largest = 0;
        for (double[] row : theta) {
            for (double v : row) {
                largest = Math.max(largest, Math.abs(v));
            }
        }
        assertThat(Cases.difference(theta, ntk(network, x))).isLessThan(1e-6 * largest + 1e-9);
        assertThat(largest).as("so that there is something to compare").isPositive();
    }
}
