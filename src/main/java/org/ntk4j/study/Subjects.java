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
    /** The network expanded at initialisation to second order in its weights. */
    public static final String QUADRATIC = "quadratic";
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

    private static final Map<String, String> PROJECTIONS = Map.of(
            NTK_INIT, "projection.init", NTK_TRAINED, "projection.trained", NTK_INFINITE, "projection.infinite", NNGP_INFINITE,
                    "projection.nngp");

    /** The network's change summed up along its path of kernels. */
    public static final String PATH = "path";
    /** Regression with the kernel averaged over seeds. */
    public static final String AVERAGED = "regression.averaged";

    /** Everything that can stand in a pair of {@code compare}. */
    public static final List<String> ALL = List.of(NETWORK, LINEARIZED, QUADRATIC, "regression.init", "regression.trained",
            "regression.infinite", "regression.nngp", "projection.init",
            "projection.trained", "projection.infinite", "projection.nngp", PATH, AVERAGED, ENSEMBLE,
                    NTK_INIT, NTK_TRAINED, NTK_INFINITE, NNGP_INFINITE, LABELS);

    private static final Map<String, String> SYMBOLS = Map.ofEntries(Map.entry(NETWORK, "NN_T"), Map.entry(LINEARIZED, "NN_lin"),
            Map.entry(QUADRATIC, "NN_quad"),
            Map.entry("regression.init", "f_0"),
            Map.entry("regression.trained", "f_T"), Map.entry("regression.infinite", "f_∞"), Map.entry("regression.nngp", "f_NNGP"),
                    Map.entry("projection.init", "P_0"),
            Map.entry("projection.trained", "P_T"), Map.entry("projection.infinite", "P_∞"), Map.entry("projection.nngp", "P_NNGP"),
                    Map.entry(PATH, "path"), Map.entry(AVERAGED, "f_avg"),
            Map.entry(NTK_INIT, "Θ_0"), Map.entry(NTK_TRAINED, "Θ_T"), Map.entry(NTK_INFINITE, "Θ_∞"), Map.entry(NNGP_INFINITE, "K_∞"));

    private Subjects() {
    }

    /** The regression with a kernel. */
    public static String regression(String kernel) {
        return Objects.requireNonNull(REGRESSIONS.get(kernel), kernel);
    }

    /** The minimum-norm function of a kernel that takes the network's own values on the training set. */
    public static String projection(String kernel) {
        return Objects.requireNonNull(PROJECTIONS.get(kernel), kernel);
    }

    /** The symbol of the papers: {@code Θ_∞}. */
    public static String symbol(String subject) {
        return SYMBOLS.getOrDefault(subject, subject);
    }
}
