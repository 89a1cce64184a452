package org.ntk4j.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.ntk4j.Ntk;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** What the cases compute with: networks, and inputs of random values. */
final class BenchInputs {

    static final String ATTENTION_BLOCKS = "[{dense: {units: 1}}, {repeat: {times: 2, layers: [layerNorm, {selfAttention: {heads: "
            + "1, keyChannels: 1, valueChannels: 1, outChannels: 1}}, "
            + "layerNorm, {dense: {units: 1, wStd: 1.4142135623730951}}, relu, {dense: {units: 1}}]}}, globalAvgPool, {dense: {units: 1}}]";
    static final String FIVE_DENSE = "{mlp: {depth: 5, wStd: 1.4142135623730951, bStd: 0.1}}";

    static final String CONVNET_GP = "[{repeat: {times: 7, layers: [{conv: {channels: 1, filter: [7, 7], padding: same, wStd: 11.692, "
            + "bStd: 2.8036}}, relu]}}, flatten, {dense: {units: 1, wStd: 1.6703, bStd: 2.8036}}]";

    private BenchInputs() {
    }

    static Network wide() {
        return Ntk.mlp().width(2048).depth(2).wStd(Math.sqrt(2)).bStd(0.1);
    }

    static String convolutions(int depth, String readout) {
        String layer = "{conv: {channels: 1, padding: same, wStd: 1.4142135623730951}}, relu, ";
        return "[" + layer.repeat(depth) + readout + ", {dense: {units: 1}}]";
    }

    /** Strides are written as a convolution at every place, of which a slice keeps every second. */
    static String residualGroups() {
        String layers = "[{conv: {channels: 1, padding: same}}, ";
        for (int strides : new int[] {1, 2, 2}) {
            String thinned = strides == 1 ? "" : ", {slice: {step: [2, 2]}}";
            String block = "relu, {conv: {channels: 1, padding: same}}, relu, {conv: {channels: 1, padding: same}}";
            layers += "relu, {parallel: {merge: sum, branches: [[{conv: {channels: 1, filter: [1, 1], padding: same}}" + thinned
                    + "], [{conv: {channels: 1, padding: same}}" + thinned + ", relu, {conv: {channels: 1, padding: same}}]]}}, "
                    + ("{residual: {layers: [" + block + "]}}, ").repeat(4);
        }
        return layers + "{conv: {channels: 1, filter: [7, 7]}}, relu, flatten, {dense: {units: 1}}]";
    }

    static double[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        return DoubleStream.generate(random::nextGaussian).limit(count).toArray();
    }

    static Inputs images(int n) {
        return images(n, 784);
    }

    static Inputs images(int n, int... sizes) {
        Shape shape = Shape.of(sizes);
        return Inputs.of(gaussian(n * shape.size(), 0), n, shape);
    }

    static double[][] rows(double[] values, int width) {
        double[][] rows = new double[values.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
        return rows;
    }

    static Split split(Inputs x) {
        int[] labels = new int[x.count()];
        double[][] targets = new double[x.count()][10];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 10;
            Arrays.fill(targets[i], -0.1);
            targets[i][labels[i]] = 0.9;
        }
        return new Split(x, targets, labels, labels);
    }
}
