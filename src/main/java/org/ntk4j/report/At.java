package org.ntk4j.report;

/**
 * Which moment a row speaks of: the column {@code at} beside {@code step}, whose emptiness alone does not tell a function in the limit from
 * what has no moment.
 */
public final class At {

    /** Step 0. */
    public static final String START = "start";
    /** The network's last step. */
    public static final String TRAINED = "trained";
    /** Another step. */
    public static final String STEP = "step";
    /** Infinite time. */
    public static final String LIMIT = "limit";
    /** What has no moment, as an infinite kernel or a ridge. */
    public static final String NONE = "";

    private static final String RIDGE = "ridge";

    private At() {
    }

    /**
     * The moment of a number.
     *
     * @param step of its subject; empty in the limit and where there is none; {@code trained} where seeds ended at different ones
     * @param last the network's last step; empty without training
     */
    public static String of(String subject, String step, String metric, String last) {
        if (step.isEmpty()) {
            return isKernel(subject) || metric.equals(RIDGE) ? NONE : LIMIT;
        }
        if (step.equals("0")) {
            return START;
        }
        return step.equals(last) || step.equals(TRAINED) ? TRAINED : STEP;
    }

    /** The moment of a function. */
    public static String of(String subject, String step, String last) {
        return of(subject, step, "", last);
    }

    private static boolean isKernel(String subject) {
        return subject.startsWith("ntk.") || subject.startsWith("nngp.");
    }
}
