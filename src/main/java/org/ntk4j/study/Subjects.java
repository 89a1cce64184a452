package org.ntk4j.study;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The names of what is compared, one everywhere: YAML, DSL, CSV. */
public final class Subjects {

    /** The finite network. */
    public static final String NETWORK = "network";
    /** The network linearised at initialisation. */
    public static final String LINEARIZED = "linearized";
    /** Infinitely many trained infinitely wide networks. */
    public static final String ENSEMBLE = "ensemble";
    /** The targets. */
    public static final String LABELS = "labels";
    /** Θ_0. */
    public static final String NTK_INIT = "ntk.init";
    /** Θ_T. */
    public static final String NTK_TRAINED = "ntk.trained";
    /** Θ_∞. */
    public static final String NTK_INFINITE = "ntk.infinite";
    /** K_∞. */
    public static final String NNGP_INFINITE = "nngp.infinite";

    /** The four kernels. */
    public static final List<String> KERNELS = List.of(NTK_INIT, NTK_TRAINED, NTK_INFINITE, NNGP_INFINITE);

    private static final Map<String, String> REGRESSIONS = Map.of(
            NTK_INIT, "regression.init", NTK_TRAINED, "regression.trained", NTK_INFINITE, "regression.infinite", NNGP_INFINITE,
                    "regression.nngp");

    /** Everything that can stand in a pair of {@code compare}. */
    public static final List<String> ALL = List.of(NETWORK, LINEARIZED, "regression.init", "regression.trained", "regression.infinite",
            "regression.nngp", ENSEMBLE, NTK_INIT, NTK_TRAINED, NTK_INFINITE, NNGP_INFINITE, LABELS);

    private static final Map<String, String> SYMBOLS = Map.of(
            NETWORK, "NN_T", LINEARIZED, "NN_lin", "regression.init", "f_0", "regression.trained", "f_T", "regression.infinite", "f_∞",
            "regression.nngp", "f_NNGP", NTK_INIT, "Θ_0", NTK_TRAINED, "Θ_T", NTK_INFINITE, "Θ_∞", NNGP_INFINITE, "K_∞");

    private Subjects() {
    }

    /** The regression with a kernel. */
    public static String regression(String kernel) {
        return Objects.requireNonNull(REGRESSIONS.get(kernel), kernel);
    }

    /** The symbol of the papers: {@code Θ_∞}. */
    public static String symbol(String subject) {
        return SYMBOLS.getOrDefault(subject, subject);
    }
}
