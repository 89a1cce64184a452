package org.ntk4j.result;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Failure;

/** What is compared: functions, kernels, the targets. One name everywhere: YAML, DSL, CSV. */
public enum Subject {

    /** The finite network. */
    NETWORK("network", "NN_T"),
    /** The network linearised at initialisation. */
    LINEARIZED("linearized", "NN_lin"),
    /** The network expanded at initialisation to second order in its weights. */
    QUADRATIC("quadratic", "NN_quad"),
    /** Regression with Θ_0. */
    REGRESSION_INIT("regression.init", "f_0"),
    /** Regression with Θ_T. */
    REGRESSION_TRAINED("regression.trained", "f_T"),
    /** Regression with Θ_∞. */
    REGRESSION_INFINITE("regression.infinite", "f_∞"),
    /** Regression with K_∞: the mean of the NNGP posterior. */
    REGRESSION_NNGP("regression.nngp", "f_NNGP"),
    /** The minimum-norm function of Θ_0 that takes the network's own values on the training set. */
    PROJECTION_INIT("projection.init", "P_0"),
    /** The minimum-norm function of Θ_T that takes those values. */
    PROJECTION_TRAINED("projection.trained", "P_T"),
    /** The minimum-norm function of Θ_∞ that takes those values. */
    PROJECTION_INFINITE("projection.infinite", "P_∞"),
    /** The minimum-norm function of K_∞ that takes those values. */
    PROJECTION_NNGP("projection.nngp", "P_NNGP"),
    /** The network's change summed up along its path of kernels. */
    PATH("path", "path"),
    /** Regression with the kernel averaged over seeds. */
    AVERAGED("regression.averaged", "f_avg"),
    /** Infinitely many trained infinitely wide networks. */
    ENSEMBLE("ensemble", "ensemble"),
    /** Θ_0. */
    NTK_INIT("ntk.init", "Θ_0"),
    /** Θ_T. */
    NTK_TRAINED("ntk.trained", "Θ_T"),
    /** Θ_∞. */
    NTK_INFINITE("ntk.infinite", "Θ_∞"),
    /** K_∞. */
    NNGP_INFINITE("nngp.infinite", "K_∞"),
    /** The targets. */
    LABELS("labels", "labels"),
    /** As a reference: what is measured of the subject alone. */
    NONE("", "");

    /** The four kernels. */
    public static final List<Subject> KERNELS = List.of(NTK_INIT, NTK_TRAINED, NTK_INFINITE, NNGP_INFINITE);

    private final String word;
    private final String symbol;

    Subject(String word, String symbol) {
        this.word = word;
        this.symbol = symbol;
    }

    /** The words of all that can stand in a pair of {@code compare}. */
    public static List<String> words() {
        return Arrays.stream(values()).filter(s -> s != NONE).map(Subject::toString).toList();
    }

    /** What has this word, if anything has. */
    public static Optional<Subject> find(String word) {
        return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
    }

    /**
     * What has this word.
     *
     * @throws Failure if nothing has
     */
    public static Subject of(String word) {
        return find(word).orElseThrow(() -> Failure.input("subject '" + word + "' is not known; allowed: " + String.join(", ", words())));
    }

    /** Whether it is one of the four kernels. */
    public boolean isKernel() {
        return KERNELS.contains(this);
    }

    /** Whether it is the tangent kernel of a finite network. */
    public boolean isEmpirical() {
        return this == NTK_INIT || this == NTK_TRAINED;
    }

    /** The regression with this kernel. */
    public Subject regression() {
        return switch (this) {
            case NTK_INIT -> REGRESSION_INIT;
            case NTK_TRAINED -> REGRESSION_TRAINED;
            case NTK_INFINITE -> REGRESSION_INFINITE;
            case NNGP_INFINITE -> REGRESSION_NNGP;
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** The minimum-norm function of this kernel that takes the network's own values on the training set. */
    public Subject projection() {
        return switch (this) {
            case NTK_INIT -> PROJECTION_INIT;
            case NTK_TRAINED -> PROJECTION_TRAINED;
            case NTK_INFINITE -> PROJECTION_INFINITE;
            case NNGP_INFINITE -> PROJECTION_NNGP;
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** The symbol of the papers: {@code Θ_∞}. */
    public String symbol() {
        return symbol;
    }

    /** The word in YAML and CSV. */
    @Override
    public String toString() {
        return word;
    }
}
