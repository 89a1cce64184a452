package org.ntk4j.layer;

import java.util.List;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;

/**
 * How the scale of the weights is divided between the draw, the forward pass and the learning rates. With n the fan-in of the readout,
 * {@code meanField} (Mei, Montanari and Nguyen 2018) and {@code muP} (Yang and Hu 2021) give 1/√n times the function of {@code ntk} and
 * learn with n times its rates: both are, in the words of {@code abc}-parameterizations, the same network, one with weights of deviation 1,
 * the other with weights that carry their scale. So they train like {@code ntk} with outputScale 1/√n, at n times the rate.
 */
public enum Parameterization {
    /** W standard normal, wStd/√fanIn in the forward pass (Jacot et al. 2018). */
    NTK("ntk", false, false, false),
    /** W of deviation wStd/√fanIn, no factor in the forward pass. */
    STANDARD("standard", true, false, false),
    /** W standard normal, all rates times n. */
    MEAN_FIELD("meanField", false, true, false),
    /** The readout of such a network: wStd/fanIn in the forward pass. */
    MEAN_FIELD_READOUT("meanField", false, true, true),
    /** W of deviation wStd/√fanIn, rates times n wStd²/fanIn. */
    MU_P("muP", true, true, false),
    /** The readout of such a network: W of deviation wStd/fanIn. */
    MU_P_READOUT("muP", true, true, true);

    private final String word;
    private final boolean drawn;
    private final boolean byWidth;
    private final boolean readout;

    Parameterization(String word, boolean drawn, boolean byWidth, boolean readout) {
        this.word = word;
        this.drawn = drawn;
        this.byWidth = byWidth;
        this.readout = readout;
    }

    /** Their names in the grammar. */
    public static List<String> words() {
        return Stream.of(values()).map(p -> p.word).distinct().toList();
    }

    /** The parameterization with this name in the grammar. */
    public static Parameterization of(String word) {
        return Stream.of(values()).filter(p -> p.word.equals(word)).findFirst()
                .orElseThrow(() -> Failure.input("parameterization '" + word + "' is not known; allowed: " + String.join(", ", words())));
    }

    /** This parameterization in the last layer with weights. */
    Parameterization asReadout() {
        return this == MEAN_FIELD ? MEAN_FIELD_READOUT : this == MU_P ? MU_P_READOUT : this;
    }

    /** Whether learning rates are multiplied by the width. */
    boolean byWidth() {
        return byWidth;
    }

    /** The factor of the weights in the forward pass. */
    double scale(double wStd, int fanIn) {
        return drawn ? 1 : own(wStd / Math.sqrt(fanIn), fanIn);
    }

    /** The deviation of the weights' draw. */
    double deviation(double wStd, int fanIn) {
        return drawn ? own(wStd / Math.sqrt(fanIn), fanIn) : 1;
    }

    /** The factor of the bias in the forward pass. */
    double biasScale(double bStd, int fanIn) {
        return drawn ? 1 : own(bStd, fanIn);
    }

    /** The deviation of the bias's draw. */
    double biasDeviation(double bStd, int fanIn) {
        return drawn ? own(bStd, fanIn) : 1;
    }

    private double own(double value, int fanIn) {
        return readout ? value / Math.sqrt(fanIn) : value;
    }

    /** What users are told about kernels in this parameterization. */
    List<String> notes() {
        return byWidth
                ? List.of("parameterization " + word + ": all tangent kernels, and K_∞, are given in ntk normalisation, the finite "
                + "network's with its layers' learning rates; its function at "
                + "initialisation is 1/√(fan-in of the readout) of that in ntk") : List.of();
    }

    /** Its name in the grammar. */
    @Override
    public String toString() {
        return word;
    }
}
