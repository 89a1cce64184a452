package org.ntk4j.study.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.LayerFeatures;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;

/**
 * What the layers have learnt, at the start, at the end and at recorded steps. The neural feature ansatz says that {@code W Wᵀ} of a layer
 * grows into the average outer product of the gradients at its input: {@code nfa/LAYER} is the correlation of the entries of both matrices,
 * {@code weightChange/LAYER} is {@code ‖W_t − W_0‖/‖W_0‖}. The leading eigenvectors of both, and of {@code (W_t − W_0)(W_t − W_0)ᵀ}, stand
 * in {@code features.csv}.
 */
public final class FeatureMeasures {

    private static final int LEADING = 3;
    /** For inputs of more values than this an eigendecomposition takes more than a few seconds. */
    private static final int MOST_INPUTS = 2048;

    private final Inputs x;
    private final Measures measures;
    private final Map<String, double[]> first = new LinkedHashMap<>();
    private final List<CellResult.Feature> features = new ArrayList<>();

    public FeatureMeasures(Inputs x, Measures measures) {
        this.x = x;
        this.measures = measures;
    }

    /** Looks at a network; the first one is that at the start. */
    public void add(FiniteNetwork network, int step) {
        for (LayerFeatures layer : LayerFeatures.of(network, x)) {
            double[] start = first.computeIfAbsent(layer.layer(), l -> layer.weights());
            double[] squared = layer.squared();
            Subject subject = Subject.NETWORK;
            measures.add(subject, Subject.NONE, SplitName.TRAIN, Step.of(step), Quantity.NFA.ofLayer(layer.layer()), correlation(squared,
                    layer.gradients()));
            eigen(layer, step, "weights", squared);
            eigen(layer, step, "gradients", layer.gradients());
            if (start != layer.weights()) {
                double[] change = new double[start.length];
                for (int i = 0; i < change.length; i++) {
                    change[i] = layer.weights()[i] - start[i];
                }
                measures.add(subject, Subject.NONE, SplitName.TRAIN, Step.of(step), Quantity.WEIGHT_CHANGE.ofLayer(layer.layer()),
                        norm(change) / norm(start));
                eigen(layer, step, "change", new LayerFeatures(layer.layer(), layer.shape(), layer.out(), change, new double[0]).squared());
            }
        }
    }

    public List<CellResult.Feature> features() {
        return List.copyOf(features);
    }

    private void eigen(LayerFeatures layer, int step, String matrix, double[] values) {
        if (layer.in() > MOST_INPUTS) {
            return;
        }
        SymmetricEigen eigen = SymmetricEigen.of(values, layer.in());
        int n = layer.in();
        for (int i = 0; i < Math.min(LEADING, n); i++) {
            int row = n - 1 - i;
            features.add(new CellResult.Feature(layer.layer(), step, matrix, i, eigen.values()[row], layer.shape().space(),
                    Arrays.copyOfRange(eigen.vectors(), row * n, (row + 1) * n)));
        }
    }

    /** Pearson's, over all entries. */
    public static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(0);
        double meanB = Arrays.stream(b).average().orElse(0);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double norm(double[] a) {
        double sum = 0;
        for (double value : a) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
