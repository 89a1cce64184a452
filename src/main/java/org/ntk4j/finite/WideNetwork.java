package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerList;
import org.ntk4j.layer.Linearity;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;

/**
 * A finite network that stands for an infinitely wide one: all widths of a definition multiplied alike.
 *
 * @param copies how often the channels of the inputs are repeated
 * @param words  its width, in words
 */
record WideNetwork(FiniteNetwork network, int copies, String words) {

    private static final int LEAST_OUTPUTS = 256;

    /**
     * That of an architecture on inputs of this shape.
     *
     * @param width       about that of its narrowest layer
     * @param manyOutputs whether its outputs are many that are all alike: the more, the better is their mean
     */
    static WideNetwork of(Architecture network, Shape in, int width, boolean manyOutputs, Seed seed, Settings settings) {
        try {
            return widened(network, in, width, manyOutputs, seed, settings);
        } catch (ArithmeticException e) {
            throw Failure.input("monteCarlo: networks of width " + width + " do not fit into any memory; use a smaller width");
        }
    }

    private static WideNetwork widened(Architecture network, Shape in, int width, boolean manyOutputs, Seed seed, Settings settings) {
        Serial layers = normalized(network.layers(in));
        layers.outputShape(in);
        int smallest = smallestWidth(layers, in);
        boolean asWritten = smallest == 0 || isStandard(layers);
        int factor = asWritten ? 1 : Math.max(1, Math.round((float) width / smallest));
        Serial wider = asWritten ? layers : layers.rebuilt(l -> l.widened(factor, width));
        // A stack of shared weights on the raw input is as wide as the input.
        int copies = startsWithWeights(layers) && fits(wider, in) ? 1 : factor;
        FiniteNetwork finite = FiniteNetwork.of(new LayerList(withReadout(wider, factor, manyOutputs, width)), seed)
                .precision(Precision.FLOAT64)
                .on(settings);
        checkSize(finite.layers(in), in.withChannels(in.channels() * copies), width, settings);
        String words = asWritten ? " of the widths as written"
                : " of width " + factor * smallest + (factor == 1 ? " (as written)" : " (all widths times " + factor + ")");
        return new WideNetwork(finite, copies, words);
    }

    /** The inputs as it takes them. */
    Inputs inputs(Inputs x) {
        if (copies == 1) {
            return x;
        }
        int c = x.shape().channels();
        double[] values = new double[Math.multiplyExact(x.values().length, copies)];
        for (int i = 0; i < x.values().length; i++) {
            for (int r = 0; r < copies; r++) {
                values[(i / c * copies + r) * c + i % c] = x.values()[i];
            }
        }
        return x.with(values, c * copies);
    }

    private static boolean fits(Serial layers, Shape in) {
        try {
            layers.outputShape(in);
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private static void checkSize(Serial layers, Shape in, int width, Settings settings) {
        long bytes = 8 * layers.weights(in).stream().mapToLong(Weights::size).sum();
        if (3 * bytes > settings.memory()) {
            throw Failure.input("memory: networks of width " + width + " need about " + (3 * bytes >> 20) + " MiB each and "
                    + (settings.memory() >> 20)
                    + " MiB are allowed; use a smaller width");
        }
    }

    /** The smallest width of the definition, the last layer's left aside; 0: there is none. */
    private static int smallestWidth(Serial layers, Shape in) {
        List<Weights> weights = new ArrayList<>(layers.weights(in).stream()
                .filter(w -> w.shape().size() > 1 && (w.name().endsWith("/W") || w.name().endsWith("/out"))).toList());
        if (layers.readout(outputs -> outputs).isPresent() && !weights.isEmpty()) {
            weights.remove(weights.size() - 1);
        }
        return weights.stream().mapToInt(w -> w.shape().get(w.shape().size() - 1)).min().orElse(0);
    }

    /** Kernels of {@code meanField} and {@code muP} are given in {@code ntk} normalisation: so are these networks. */
    private static Serial normalized(Serial layers) {
        String standard = Parameterization.STANDARD.toString();
        return layers.rebuilt(l -> standard.equals(l.options().get("parameterization")) ? l : l.parameterized(Parameterization.NTK));
    }

    private static boolean isStandard(Serial layers) {
        return layers.toYaml().toString().contains(Parameterization.STANDARD.toString());
    }

    /** Whether the inputs meet random weights before anything else can tell how many channels they have. */
    private static boolean startsWithWeights(Serial layers) {
        return layers.flat().layers().stream().map(Layer::linearity).filter(l -> l != Linearity.FIXED).findFirst()
                .orElse(Linearity.NONE) == Linearity.WEIGHTED;
    }

    /** A last dense layer has the outputs that it says, or many, all alike: more of them are a better mean. */
    private static Serial withReadout(Serial wider, int factor, boolean many, int width) {
        return wider.readout(outputs -> many ? Math.max(outputs / factor, Math.max(LEAST_OUTPUTS, width)) : outputs / factor).orElse(wider);
    }
}
